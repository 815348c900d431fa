#include "history.h"
#include "file/paths.h"
#include "history/leaving.h"
#include "history/record.h"
#include "ipc/child.h"
#include "ipc/history_packets.h"
#include "report/tally.h"
#include <string.h>
#include <time.h>

enum {
    SETTLE_MS = 500,
    LIST_MOST = 4000, /* bytes of a list of steps */
    SAME_CLOCK_S = 2, /* that the beginning may seem to move by before the clock has been set */
};

struct history {
    const struct play_request *request;
    const struct today *today;
    struct planner *planner;
    struct listeners *listeners;
    struct tally tally;
    int level;              /* at the beginning */
    int64_t started, begun; /* microseconds of the clock that never jumps; seconds since 1970 */
    char *routine, *file;
    struct child *child; /* NULL: it has not been started, or is lost */
    enum rating rating;
    bool over;
    guint sent, taken; /* records */
};

/* ---- times ---- */

/* Microseconds. CLOCK_BOOTTIME is never set, and counts while the machine sleeps. */
static int64_t time_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int zone_at(int64_t seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds);
    return time ? (int)(g_date_time_get_utc_offset(time) / G_TIME_SPAN_SECOND) : 0;
}

/* A clock that has been set meanwhile is right now, and was wrong before. */
static void look_at_clock(struct history *history, struct history_session *session)
{
    int64_t now = time_of(CLOCK_REALTIME) / G_USEC_PER_SEC;
    int64_t begun = now - (time_of(CLOCK_BOOTTIME) - history->started) / G_USEC_PER_SEC;
    if (ABS(begun - history->begun) > SAME_CLOCK_S) history->begun = begun;
    session->begun = history->begun;
    session->ended = MAX(now, history->begun);
    session->begun_zone = zone_at(session->begun);
    session->ended_zone = zone_at(session->ended);
}

/* ---- records ---- */

static bool is_skipped(const struct tally_step *step)
{
    return step->skipped;
}

static bool is_longer(const struct tally_step *step)
{
    return step->longer > 0;
}

static bool is_easier(const struct tally_step *step)
{
    return step->easier;
}

/* The names of those steps, a line each. To be freed. */
static char *list_of(const struct tally *tally, bool (*wanted)(const struct tally_step *step))
{
    GString *list = g_string_new(NULL);
    for (int i = 0; i < tally->routine->n_steps && list->len < LIST_MOST; i++)
        if (wanted(&tally->steps[i]))
            g_string_append_printf(list, "%s%s", list->len ? "\n" : "", tally->routine->steps[i].name);
    return g_string_free(list, FALSE);
}

static int64_t seconds_of(const struct history *history, int64_t frames)
{
    int rate = history->request->settings->sound.rate;
    return (frames + rate / 2) / rate;
}

/* The names of the steps are borrowed. */
static GArray *changed_steps(const struct history *history)
{
    const struct tally *tally = &history->tally;
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct history_step));
    for (int i = 0; i < tally->routine->n_steps; i++) {
        const struct tally_step *from = &tally->steps[i];
        if (!from->entered || !from->changed) continue;
        const struct history_step step = {
            .number = i + 1,
            .name = (char *)tally->routine->steps[i].name,
            .title = (char *)tally->routine->steps[i].title,
            .seconds = seconds_of(history, from->frames),
            .holds_done = from->holds_done,
            .holds = from->holds,
            .level = from->level,
            .skipped = from->skipped,
            .easier = from->easier,
            .longer = from->longer,
        };
        g_array_append_val(steps, step);
    }
    return steps;
}

static void send_record(struct history *history, const struct history_record *record)
{
    g_autoptr(GBytes) bytes = record_pack(record);
    gsize size;
    const void *payload = g_bytes_get_data(bytes, &size);
    const struct packet packet = {.kind = HISTORY_RECORD, .size = (uint32_t)size};
    if (size > HISTORY_RECORD_MAX) return;
    child_send(history->child, &packet, payload);
    history->sent++;
}

static void note_down(struct history *history)
{
    static const char *const ratings[] = {NULL, "easy", "right", "hard"};
    struct tally *tally = &history->tally;
    const struct routine *routine = tally->routine;
    if (!history->child) return;
    g_autofree char *skipped = list_of(tally, is_skipped), *longer = list_of(tally, is_longer),
                    *easier = list_of(tally, is_easier);
    g_autoptr(GArray) steps = changed_steps(history);
    struct history_record record = {
        .session = {.routine = history->routine,
                    .title = (char *)routine->title,
                    .language = (char *)routine->language,
                    .file = history->file,
                    .seconds = seconds_of(history, tally->frames),
                    .level = history->level,
                    .level_given = history->today->by != LEVEL_BY_PROGRESS,
                    .level_fitted = history->today->by == LEVEL_BY_LENGTH,
                    .skipped = skipped,
                    .longer = longer,
                    .easier = easier,
                    .complete = tally->step == PLACE_CLOSING,
                    .rating = (char *)ratings[history->rating]},
        .steps = steps,
        .keeps = history->today->known,
        .kept = history->today->day.next,
    };
    look_at_clock(history, &record.session);
    if (record.session.complete && !history->today->closing_known) record.kept.closing = record.session.begun;
    tally_holds(tally, tally->coming, &record.session.holds_done, &record.session.holds);
    send_record(history, &record);
    tally_steps_taken(tally);
}

/* ---- steps that are left out ---- */

void history_leave_out(struct history *history, const struct leaving *leaving)
{
    if (!history || !history->child) return;
    const struct step *step = &history->tally.routine->steps[leaving->step];
    g_autofree char *routine = today_name(step->home);
    const struct left_step left = {.routine = routine,
                                   .step = (char *)step->home->steps[step->index].name,
                                   .out = leaving->out,
                                   .until = leaving->until};
    g_autoptr(GBytes) bytes = leaving_pack(&left);
    gsize size;
    const void *payload = g_bytes_get_data(bytes, &size);
    const struct packet packet = {.kind = HISTORY_LEAVE_OUT, .size = (uint32_t)size};
    if (size > HISTORY_RECORD_MAX) return;
    child_send(history->child, &packet, payload);
    history->sent++;
}

/* ---- the program that writes ---- */

static bool on_packet(void *data, const struct packet *packet, const void *payload)
{
    struct history *history = data;
    if (packet->kind == HISTORY_TAKEN)
        history->taken++;
    else if (packet->kind == HISTORY_SAY)
        listeners_note(history->listeners, "%s", (const char *)payload);
    else
        return false;
    return true;
}

static void on_lost(void *data, enum child_loss loss)
{
    struct history *history = data;
    (void)loss;
    child_free(g_steal_pointer(&history->child));
    listeners_note(history->listeners,
                   "the program that writes the history has ended: the rest of this session "
                   "is not remembered");
}

static const struct child_ops OPS = {on_packet, on_lost};

void history_start(struct history *history)
{
    if (!history || history->child) return;
    g_autoptr(GError) error = NULL;
    g_autofree char *program = paths_helper("stretchvoice-history"),
                    *path = store_path(history->request->data_directory);
    const struct child_options options = {
        .program = program, .extra_fd = -1, .limit = HISTORY_SENTENCE_MAX, .ops = &OPS, .data = history};
    history->child = child_new(&options, &error);
    if (!history->child) {
        listeners_note(history->listeners, "this session is not remembered: %s", error->message);
        return;
    }
    const struct packet packet = {.kind = HISTORY_OPEN, .size = (uint32_t)strlen(path)};
    child_send(history->child, &packet, path);
}

/* ---- the session ---- */

static struct script script_at(const struct history *history, int64_t position)
{
    return planner_script_at(history->planner, position);
}

struct history *history_new(const struct play_request *request, const struct today *today,
                            struct planner *planner, struct listeners *listeners)
{
    const struct routine *routine = request->routine;
    if (!request->settings->history.keep || routine->kind != ROUTINE_DONE) return NULL;
    struct history *history = g_new0(struct history, 1);
    *history =
        (struct history){.request = request, .today = today, .planner = planner, .listeners = listeners};
    const struct script script = script_at(history, 0);
    tally_init(&history->tally, &script);
    history->started = time_of(CLOCK_BOOTTIME);
    history->begun = time_of(CLOCK_REALTIME) / G_USEC_PER_SEC;
    history->routine = today_name(routine);
    history->file = g_canonicalize_filename(routine->path, NULL);
    return history;
}

void history_written(struct history *history)
{
    if (!history) return;
    const struct script script = script_at(history, 0);
    history->level = script.coming.level;
    history->tally.coming = script.coming;
}

/* Takes in what has been heard; `led`: the last of it was not heard, but led to. */
static void take_in(struct history *history, const struct session *session, uint64_t heard, bool led)
{
    struct status status;
    if (!history || history->over) return;
    session_status(session, heard, &status);
    const struct script script = script_at(history, status.frame);
    if (led) tally_moved(&history->tally, &script, &status);
    tally_heard(&history->tally, &script, planner_timeline(history->planner), status.frame);
    if (history->tally.step_ended) note_down(history);
}

void history_heard(struct history *history, const struct session *session, uint64_t heard)
{
    take_in(history, session, heard, false);
}

void history_moved(struct history *history, const struct session *session, uint64_t heard)
{
    take_in(history, session, heard, true);
}

static bool has_practised(const struct tally *tally)
{
    return tally->step >= 0 || tally->step == PLACE_CLOSING;
}

void history_over(struct history *history, enum rating rating)
{
    if (!history || history->over) return;
    history->rating = rating;
    if (has_practised(&history->tally)) note_down(history);
    history->over = true;
}

/* The helper ends by itself, when the connection has ended and all is written. */
void history_free(struct history *history)
{
    if (!history) return;
    history_over(history, RATING_NONE);
    child_forget(history->child);
    tally_finish(&history->tally);
    g_free(history->routine);
    g_free(history->file);
    g_free(history);
}

void history_settle(struct history *history)
{
    gint64 deadline = g_get_monotonic_time() + SETTLE_MS * G_TIME_SPAN_MILLISECOND;
    const char *payload;
    history_over(history, RATING_NONE);
    while (history && history->child && history->taken < history->sent) {
        const struct packet *packet = child_wait(history->child, deadline, &payload, NULL);
        if (!packet || !on_packet(history, packet, payload)) return;
    }
}
