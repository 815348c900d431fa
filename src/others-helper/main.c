/* stretchvoice-others: what is done to the sound of other programs while a session speaks, and its undoing.
 * What may hang on the way to the sound server or to a media player does so in here. */
#include "ipc/helper.h"
#include "ipc/others_packets.h"
#include "ipc/packets.h"
#include "players.h"
#include "streams.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    END_S = 4,       /* what has not been undone then stays in the journal */
    LOCK_MS = 200,   /* between two looks whether another process has the journal */
    LOCK_LOOKS = 15, /* to restore; one that is ending just now takes less */
};

struct others {
    enum others_packet task;
    struct packet_reader reader;
    struct journal journal;
    bool opened;
    int looks;
    struct streams *streams; /* NULL: they are left alone */
    struct players *players; /* NULL: likewise */
    unsigned resumed;
    int64_t down_at, up_at; /* microseconds, monotonic; 0: nothing is asked for */
    guint down, up;         /* timers */
    bool ending;
};

static void say(void *data, const char *sentence)
{
    const struct packet packet = {.kind = OTHERS_SAY,
                                  .size = (uint32_t)MIN(strlen(sentence), OTHERS_SENTENCE_MAX)};
    (void)data;
    packet_send(STDIN_FILENO, &packet, sentence, MSG_DONTWAIT);
}

/* ---- the end ---- */

static void answer(const struct others *others, enum restored_result result)
{
    const struct packet packet = {
        .kind = OTHERS_RESTORED,
        .value = {[RESTORED_RESULT] = result,
                  [RESTORED_STREAMS] = others->streams ? (int32_t)streams_restored(others->streams) : 0,
                  [RESTORED_PLAYERS] = (int32_t)others->resumed}};
    packet_send(STDIN_FILENO, &packet, "", MSG_DONTWAIT);
}

static bool has_left(const struct others *others, const char *kind)
{
    g_auto(GStrv) groups = journal_groups(&others->journal, kind);
    return *groups != NULL;
}

static void on_settled(void *data, bool undone)
{
    const struct others *others = data;
    bool taken = others->streams && streams_are_taken(others->streams);
    enum restored_result result = undone ? RESTORED_ALL : taken ? RESTORED_LATER : RESTORED_NO_SERVER;
    if (others->task == OTHERS_RESTORE) answer(others, result);
    helper_end();
}

/* Undoes all. The parent may have ended, or been killed. */
static void end(struct others *others)
{
    if (others->ending) return;
    others->ending = true;
    alarm(END_S);
    if (!others->opened) helper_end();
    g_clear_handle_id(&others->down, g_source_remove);
    g_clear_handle_id(&others->up, g_source_remove);
    if (others->players) others->resumed += players_resume(others->players);
    journal_save(&others->journal); /* an empty one goes */
    if (others->streams)
        streams_end(others->streams);
    else
        on_settled(others, !has_left(others, JOURNAL_PLAYER));
}

static gboolean on_signal(gpointer data)
{
    end(data);
    return G_SOURCE_CONTINUE;
}

/* ---- down and up ---- */

static gboolean go_down(gpointer data)
{
    struct others *others = data;
    others->down = 0;
    streams_lower(others->streams);
    return G_SOURCE_REMOVE;
}

static gboolean go_up(gpointer data)
{
    struct others *others = data;
    others->up = 0;
    g_clear_handle_id(&others->down, g_source_remove);
    streams_raise(others->streams);
    return G_SOURCE_REMOVE;
}

/* What was last asked for, also before the journal was free. */
static void obey(struct others *others)
{
    const int64_t now = g_get_monotonic_time(), in = MAX(0, others->down_at - now) / 1000,
                  left = (others->up_at - now) / 1000;
    g_clear_handle_id(&others->down, g_source_remove);
    g_clear_handle_id(&others->up, g_source_remove);
    if (!others->streams || left < 0) return;
    if (in > 0) streams_raise(others->streams);
    if (in > 0)
        others->down = g_timeout_add((guint)in, go_down, others);
    else
        streams_lower(others->streams);
    others->up = g_timeout_add((guint)left, go_up, others);
}

/* ---- the beginning ---- */

static const struct streams_ops streams_ops = {on_settled, say};

static void begin(struct others *others)
{
    if (others->task == OTHERS_LOWER || has_left(others, JOURNAL_STREAM))
        others->streams = streams_new(&others->journal, &streams_ops, others);
    if (others->up_at > 0) obey(others);
    if (others->task == OTHERS_PAUSE || has_left(others, JOURNAL_PLAYER)) {
        alarm(END_S); /* a frozen bus must not keep the journal from the next session */
        others->players = players_new(&others->journal);
        others->resumed = players_resume(others->players);
    }
    if (others->task == OTHERS_PAUSE && !players_pause(others->players))
        say(others, "the message bus does not answer, so media players are left as they are");
    alarm(0);
    if (others->task == OTHERS_RESTORE) end(others);
}

/* Without a journal nothing is changed. */
static gboolean look_for_journal(gpointer data)
{
    struct others *others = data;
    g_autofree char *problem = NULL;
    enum journal_state state = journal_open(&others->journal, &problem);
    bool restore = others->task == OTHERS_RESTORE;
    if (problem) say(others, problem);
    if (state == JOURNAL_OPEN) {
        others->opened = true;
        begin(others);
    } else if (state == JOURNAL_BUSY && (!restore || ++others->looks < LOCK_LOOKS)) {
        return G_SOURCE_CONTINUE;
    } else if (restore) {
        answer(others, state == JOURNAL_BUSY ? RESTORED_LATER : RESTORED_UNUSABLE);
        helper_end();
    }
    return G_SOURCE_REMOVE;
}

/* ---- packets ---- */

static void on_call(void *data, bool call)
{
    (void)data;
    packet_send(STDIN_FILENO, &(struct packet){.kind = OTHERS_CALL, .value = {call}}, "", MSG_DONTWAIT);
}

static void on_packet(struct others *others, const struct packet *packet)
{
    int32_t in = packet->value[DOWN_IN], duration = packet->value[DOWN_FOR];
    switch ((enum others_packet)packet->kind) {
    case OTHERS_LOWER:
    case OTHERS_PAUSE:
    case OTHERS_RESTORE:
        others->task = (enum others_packet)packet->kind;
        if (look_for_journal(others)) g_timeout_add(LOCK_MS, look_for_journal, others);
        return;
    case OTHERS_DOWN:
        if (in < 0 || duration < 0) return;
        others->down_at = g_get_monotonic_time() + in * G_TIME_SPAN_MILLISECOND;
        others->up_at = others->down_at + duration * G_TIME_SPAN_MILLISECOND;
        obey(others);
        return;
    case OTHERS_UP:
        others->up_at = 0;
        g_clear_handle_id(&others->up, g_source_remove);
        if (others->streams) go_up(others);
        return;
    case OTHERS_LOOK: streams_find_call(on_call, NULL); return;
    case OTHERS_CALL:
    case OTHERS_SAY:
    case OTHERS_RESTORED: return;
    }
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    struct others *others = data;
    (void)condition;
    enum packet_state state = packet_read(&others->reader, fd, MSG_DONTWAIT);
    if (state == PACKET_WHOLE && !others->ending) on_packet(others, &others->reader.packet);
    if (state != PACKET_END) return G_SOURCE_CONTINUE;
    if (others->task != OTHERS_RESTORE) end(others);
    return G_SOURCE_REMOVE;
}

/* It outlives a parent that is killed, for as long as it takes to undo what it did. */
int main(int argc, char **argv)
{
    struct others others = {.task = OTHERS_RESTORED};
    helper_begin_lasting(argc, argv, "stretchvoice-others");
    g_unix_signal_add(SIGTERM, on_signal, &others);
    g_unix_signal_add(SIGINT, on_signal, &others);
    g_unix_signal_add(SIGHUP, on_signal, &others);
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, &others);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
    helper_end();
}
