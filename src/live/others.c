#include "live/others.h"
#include "base/name.h"
#include "file/paths.h"
#include "ipc/child.h"
#include "listeners.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    EARLY_MS = 300,    /* the way down takes 250 ms, and ends 50 ms before the words */
    HELD_MS = 400,     /* they stay down after words, */
    BRIDGED_MS = 2000, /* and in a gap that is shorter */
    SAME_MS = 20,      /* a plan that differs by less is the same */
    LEAVE_MS = 6000,   /* for the helper to undo what it did; it takes four seconds at the most */
    AGAIN_MS = 1000,
    STARTS = 3,
    RESTORE_MS = 10000,
    LOOK_MS = 3000,
};

#define NEVER (INT64_MIN / 2)

struct others {
    enum while_speaking wish;
    int rate;
    struct listeners *listeners;
    struct session *session;
    struct output *output;
    struct child *child; /* NULL: it has not been started, or has ended */
    guint again;         /* timer */
    int starts;
    uint64_t taken;     /* frames that were taken when last looked at, */
    int latency;        /* frames, between the ring and the ear */
    int64_t since;      /* and since when; microseconds, as are the next ones */
    int64_t begin, end; /* of the words that were under way or next when last looked at; INT64_MAX: none */
    int64_t last;       /* when the last words were heard */
    struct {
        int64_t down, up;
    } sent; /* NEVER: they are up */
};

/* ---- the helper ---- */

static bool on_packet(void *data, const struct packet *packet, const void *payload)
{
    const struct others *others = data;
    if (packet->kind == OTHERS_SAY) listeners_note(others->listeners, "%s", (const char *)payload);
    return packet->kind == OTHERS_SAY;
}

static void on_lost(void *data, enum child_loss loss);

static const struct child_ops child_ops = {on_packet, on_lost};

static struct child *start_program(const struct child_ops *ops, void *data, enum others_packet task,
                                   GError **error)
{
    g_autofree char *program = paths_helper("stretchvoice-others");
    const struct child_options options = {
        .program = program, .extra_fd = -1, .limit = OTHERS_SENTENCE_MAX, .ops = ops, .data = data};
    struct child *child = child_new(&options, error);
    if (child) child_send(child, &(struct packet){.kind = task}, "");
    return child;
}

static void start(struct others *others)
{
    g_autoptr(GError) error = NULL;
    enum others_packet task = others->wish == SPEAKING_PAUSE ? OTHERS_PAUSE : OTHERS_LOWER;
    others->child = start_program(&child_ops, others, task, &error);
    others->sent.down = others->sent.up = NEVER;
    others->starts++;
    if (error)
        listeners_note(others->listeners, "other programs' sound is left as it is: %s", error->message);
}

static gboolean start_again(gpointer data)
{
    struct others *others = data;
    others->again = 0;
    start(others);
    return G_SOURCE_REMOVE;
}

/* What it has left is undone by the next one. */
static void on_lost(void *data, enum child_loss loss)
{
    struct others *others = data;
    (void)loss;
    g_clear_pointer(&others->child, child_free);
    if (others->starts < STARTS) {
        others->again = g_timeout_add(AGAIN_MS, start_again, others);
        return;
    }
    others_restore_left();
    listeners_note(others->listeners, "other programs' sound is left as it is from now on: the program that "
                                      "changes it has ended again and again");
}

/* ---- lowering ---- */

#define MS(ms) ((int64_t)(ms)*G_TIME_SPAN_MILLISECOND)

static void send_plan(struct others *others, int64_t now, int64_t down, int64_t up)
{
    bool is_up = down == NEVER;
    down = is_up ? NEVER : MAX(down, now);
    if (is_up && others->sent.down == NEVER) return;
    int64_t before = others->sent.down == NEVER ? NEVER : MAX(others->sent.down, now);
    if (llabs(before - down) < MS(SAME_MS) && llabs(others->sent.up - up) < MS(SAME_MS)) return;
    others->sent.down = down;
    others->sent.up = up;
    struct packet packet = {.kind = is_up ? OTHERS_UP : OTHERS_DOWN};
    if (!is_up) {
        packet.value[DOWN_IN] = (int32_t)((down - now) / G_TIME_SPAN_MILLISECOND);
        packet.value[DOWN_FOR] = (int32_t)(MAX(up - down, 0) / G_TIME_SPAN_MILLISECOND);
    }
    child_send(others->child, &packet, "");
}

/* When a frame will be heard, or was. */
static int64_t time_of(const struct others *others, uint64_t frame)
{
    int64_t frames = (int64_t)(frame - others->taken) + others->latency;
    return others->since + frames * G_USEC_PER_SEC / others->rate;
}

/* The frame that is heard now: the last ones that were taken are heard, too, when no more are. */
static uint64_t heard_now(const struct others *others, int64_t now)
{
    int64_t run = MIN((now - others->since) * others->rate / G_USEC_PER_SEC, others->latency);
    return (uint64_t)MAX((int64_t)others->taken - others->latency + run, 0);
}

/* When the words end that are not two seconds apart. */
static int64_t bridge(const struct others *others, uint64_t end)
{
    const uint64_t gap = (uint64_t)others->rate * BRIDGED_MS / 1000;
    uint64_t begin, next;
    while (session_words(others->session, end, &begin, &next) && begin < end + gap && next > end) end = next;
    return time_of(others, end);
}

static void plan(struct others *others, int64_t now)
{
    uint64_t begin = 0, end = 0;
    if (others->begin <= now) others->last = MAX(others->last, MIN(others->end, now));
    bool words = session_words(others->session, heard_now(others, now), &begin, &end);
    others->begin = words ? time_of(others, begin) : INT64_MAX;
    others->end = words ? time_of(others, end) : NEVER;
    int64_t up = words ? bridge(others, end) + MS(HELD_MS) : NEVER;
    int64_t held = others->last + MS(HELD_MS);
    if (words && (others->begin <= now || others->begin - others->last < MS(BRIDGED_MS)))
        send_plan(others, now, now, up);
    else if (now < held)
        send_plan(others, now, now, held);
    else if (words)
        send_plan(others, now, others->begin - MS(EARLY_MS), up);
    else
        send_plan(others, now, NEVER, NEVER);
}

static void on_status(void *data, const struct status *status)
{
    struct others *others = data;
    if (!others->child || others->wish != SPEAKING_LOWER) return;
    int64_t now = g_get_monotonic_time();
    if (status->state == STATUS_LOST) {
        send_plan(others, now, NEVER, NEVER);
        return;
    }
    uint64_t taken = ring_taken(output_ring(others->output));
    if (taken != others->taken || others->since == 0) others->since = now;
    others->taken = taken;
    others->latency = output_latency(others->output);
    plan(others, now);
}

/* ---- from beginning to end ---- */

static void on_started(void *data)
{
    struct others *others = data;
    if (others->wish == SPEAKING_PAUSE) start(others);
}

struct others *others_new(struct listeners *listeners, const struct settings *settings,
                          struct session *session, struct output *output)
{
    if (settings->others.while_speaking == SPEAKING_LEAVE) return NULL;
    struct others *others = g_new0(struct others, 1);
    others->wish = (enum while_speaking)settings->others.while_speaking;
    others->listeners = listeners;
    others->session = session;
    others->output = output;
    others->rate = settings->sound.rate;
    others->begin = INT64_MAX;
    others->last = NEVER;
    listeners_add(listeners, &(struct listener){.started = on_started, .status = on_status, .data = others});
    if (others->wish == SPEAKING_LOWER)
        start(others); /* so that it has looked around before the first words */
    return others;
}

void others_free(struct others *others)
{
    if (!others) return;
    g_clear_handle_id(&others->again, g_source_remove);
    if (others->child)
        child_leave(others->child, LEAVE_MS);
    else
        others_restore_left(); /* it was lost, and what it had lowered may still be so */
    g_free(others);
}

/* ---- what a session has left that was killed ---- */

/* Where there is a journal, and no process that has it. */
static bool has_left(void)
{
    g_autofree char *directory = directory_path(DIRECTORY_STATE);
    g_autofree char *journal = g_build_filename(directory, "others.ini", NULL),
                    *lock = g_build_filename(directory, "others.lock", NULL);
    if (access(journal, F_OK) != 0) return false;
    int fd = open(lock, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool is_free = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0) close(fd);
    return is_free;
}

void others_restore_left(void)
{
    struct child *child = has_left() ? start_program(NULL, NULL, OTHERS_RESTORE, NULL) : NULL;
    if (child) child_leave(child, LEAVE_MS);
}

enum restored_result others_restore(int *streams, int *players, char **said, GError **error)
{
    const char *payload;
    gint64 deadline = g_get_monotonic_time() + MS(RESTORE_MS);
    struct child *child = start_program(NULL, NULL, OTHERS_RESTORE, error);
    if (!child) return RESTORED_NO_SERVER;
    const struct packet *packet = child_wait(child, deadline, &payload, NULL);
    if (packet && packet->kind == OTHERS_SAY) {
        *said = g_strdup(payload);
        packet = child_wait(child, deadline, &payload, NULL);
    }
    enum restored_result result = RESTORED_NO_SERVER;
    if (packet && packet->kind == OTHERS_RESTORED) {
        result = (enum restored_result)packet->value[RESTORED_RESULT];
        *streams = packet->value[RESTORED_STREAMS];
        *players = packet->value[RESTORED_PLAYERS];
    }
    child_free(child);
    return result;
}

/* ---- before a session ---- */

bool others_have_call(void)
{
    const char *payload;
    struct child *child = start_program(NULL, NULL, OTHERS_LOOK, NULL);
    if (!child) return false;
    const struct packet *packet = child_wait(child, g_get_monotonic_time() + MS(LOOK_MS), &payload, NULL);
    bool call = packet && packet->kind == OTHERS_CALL && packet->value[0] == 1;
    child_free(child);
    return call;
}
