#include "remind.h"
#include "load.h"
#include "menu.h"
#include "play.h"
#include "control/client.h"
#include "control/notification.h"
#include "history/query.h"
#include "history/store.h"
#include "live/others.h"

enum { OPEN_MS = 2000, ANSWER_MS = 10000 };

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

/* One turn of asking. */
struct asking {
    const struct options *options;
    const char *name;
    const struct view *view;           /* of the session that asks; NULL: the notification alone asks */
    struct notification *notification; /* NULL: none is shown */
    GMainLoop *loop;
    guint timer;
    int wait_s, waited; /* for an answer */
    enum answer answer;
    bool failed; /* there are no notifications */
    int code;
};

/* load_finish() is due in any case. */
static int load(struct loaded *loaded, const struct options *options, const char *name)
{
    load_init(loaded, options);
    int code = load_settings(loaded);
    if (code != EXIT_DONE) return code;
    load_voice(loaded, (struct names){&name, 1});
    return load_routine(loaded);
}

/* ---- not now ---- */

/* A session of this user, also in a daemon. */
static bool session_runs(const struct options *options)
{
    AUTO(client) client = client_open(options->socket, OPEN_MS, NULL);
    if (!client) return false;
    AUTO(response) status = client_ask(client, (const char *const[]){"status", NULL}, ANSWER_MS, NULL);
    return !status || status->code != EXIT_NO_SESSION;
}

/* Whether it has been practised meanwhile. */
static bool was_begun(const char *routine, int64_t since)
{
    int64_t begun;
    int zone;
    g_autofree char *path = store_path(NULL);
    AUTO(store) store = store_open_to_read(path, STORE_PATIENT_MS, NULL);
    return store && history_last(store, routine, &begun, &zone) && begun >= since;
}

/* ---- what the user answers ---- */

static void end(struct asking *asking, enum answer answer)
{
    if (asking->answer == ANSWER_NONE) asking->answer = answer;
    if (asking->view)
        view_give(asking->view, answer == ANSWER_YES ? COMMAND_RESUME : COMMAND_STOP);
    else
        g_main_loop_quit(asking->loop);
}

static void on_pressed(void *data)
{
    end(data, ANSWER_YES);
}

static void on_dismissed(void *data)
{
    end(data, ANSWER_NO);
}

/* A question that is asked aloud goes on without it. */
static void on_failed(void *data)
{
    struct asking *asking = data;
    asking->failed = true;
    if (!asking->view) end(asking, ANSWER_NO);
}

static const struct notification_ops notification_ops = {on_pressed, on_dismissed, on_failed};

/* ---- asking aloud ---- */

/* Goes away by itself. */
static gboolean wait_aloud(gpointer data)
{
    struct asking *asking = data;
    const struct view *view = asking->view;
    enum status_state state = view->status.state;
    bool waits =
        view->known && ((state == STATUS_WAITING && !view->status.for_voice) || state == STATUS_PAUSED);
    asking->waited = waits ? asking->waited + 1 : 0;
    if (asking->waited < asking->wait_s) return G_SOURCE_CONTINUE;
    asking->timer = 0;
    view_give(view, COMMAND_STOP);
    return G_SOURCE_REMOVE;
}

static void on_asked(void *data, const struct view *view, const char *words)
{
    struct asking *asking = data;
    asking->view = view;
    asking->timer = g_timeout_add_seconds(1, wait_aloud, asking);
    asking->notification =
        notification_new(words, view->voice->phrases[PHRASE_SHOW_START], &notification_ops, asking);
}

static void on_over(void *data)
{
    struct asking *asking = data;
    g_clear_handle_id(&asking->timer, g_source_remove);
    g_clear_pointer(&asking->notification, notification_free);
    asking->view = NULL;
}

static int ask_aloud(struct asking *asking)
{
    struct question question = {.asked = on_asked, .over = on_over, .data = asking};
    int code = play_routines(asking->options, (struct names){&asking->name, 1}, &question);
    bool ran_out = asking->waited >= asking->wait_s;
    if (question.accepted)
        asking->answer = ANSWER_YES;
    else if (code != EXIT_DONE || !ran_out)
        asking->answer = ANSWER_NO;
    return code;
}

/* ---- asking by a notification ---- */

static gboolean give_up(gpointer data)
{
    struct asking *asking = data;
    asking->timer = 0;
    g_main_loop_quit(asking->loop);
    return G_SOURCE_REMOVE;
}

static void on_signal(void *data)
{
    struct asking *asking = data;
    g_main_loop_quit(asking->loop);
}

static void show(struct asking *asking, struct loaded *loaded)
{
    g_autofree char *words = menu_question(loaded->voice, loaded->routine, loaded->settings);
    loaded->interrupt.came = on_signal;
    loaded->interrupt.data = asking;
    asking->loop = g_main_loop_new(NULL, FALSE);
    asking->timer = g_timeout_add_seconds((guint)asking->wait_s, give_up, asking);
    asking->notification =
        notification_new(words, loaded->voice->phrases[PHRASE_SHOW_START], &notification_ops, asking);
    g_main_loop_run(asking->loop);
    on_over(asking);
    g_main_loop_unref(asking->loop);
}

static int ask_silently(struct asking *asking)
{
    struct loaded loaded;
    int code = load(&loaded, asking->options, asking->name);
    if (code == EXIT_DONE) show(asking, &loaded);
    if (loaded.interrupt.signal) code = EXIT_SIGNAL + loaded.interrupt.signal;
    load_finish(&loaded);
    if (code != EXIT_DONE) asking->answer = ANSWER_NO;
    if (asking->failed) {
        fputs("stretchvoice: nothing shows notifications on the session bus; --say asks aloud\n", stderr);
        return EXIT_FAILED;
    }
    if (asking->answer == ANSWER_YES)
        return play_routines(asking->options, (struct names){&asking->name, 1}, NULL);
    return code;
}

static int play_at_once(struct asking *asking)
{
    asking->answer = ANSWER_YES;
    return play_routines(asking->options, (struct names){&asking->name, 1}, NULL);
}

/* ---- once, and once more ---- */

struct reminding {
    const struct options *options;
    const char *name;
    enum reminder_way way;
    char *routine; /* its name in the history */
    int again_s, wait_s;
    int64_t since; /* seconds since 1970 */
};

static void note(const struct reminding *reminding, const char *line)
{
    if (!reminding->options->quiet) fprintf(stderr, "stretchvoice: %s\n", line);
}

/* True if another turn may follow. */
static bool take_turn(const struct reminding *reminding, int *code)
{
    static int (*const ways[N_REMINDER_WAYS])(struct asking *) = {
        [REMINDER_SAY] = ask_aloud, [REMINDER_PLAY] = play_at_once, [REMINDER_NOTIFY] = ask_silently};
    struct asking asking = {
        .options = reminding->options, .name = reminding->name, .wait_s = reminding->wait_s};
    *code = EXIT_DONE;
    if (session_runs(reminding->options)) {
        note(reminding, "a session is running, so there is no reminder");
        return false;
    }
    if (others_have_call()) {
        note(reminding, "another program plays or records a call, so there is no reminder now");
        return true;
    }
    *code = ways[reminding->way](&asking);
    return asking.answer == ANSWER_NONE;
}

static gboolean stop_waiting(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
}

/* Time in which the computer sleeps does not count. A signal ends the program. */
static void wait_for(int seconds)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_timeout_add_seconds((guint)seconds, stop_waiting, loop);
    g_main_loop_run(loop);
}

static int remind(struct reminding *reminding)
{
    int code = EXIT_DONE;
    reminding->since = g_get_real_time() / G_USEC_PER_SEC;
    if (!take_turn(reminding, &code) || reminding->again_s == 0) return code;
    wait_for(reminding->again_s);
    if (!was_begun(reminding->routine, reminding->since)) take_turn(reminding, &code);
    return code;
}

int remind_now(const struct options *options, const char *name, enum reminder_way way)
{
    struct reminding reminding = {.options = options, .name = name, .way = way};
    struct loaded loaded;
    int code = load(&loaded, options, name);
    if (code == EXIT_DONE) {
        reminding.routine = g_strdup(loaded.routine->name);
        reminding.again_s = loaded.settings->remind.again_s;
        reminding.wait_s =
            way == REMINDER_NOTIFY && reminding.again_s ? reminding.again_s : loaded.settings->remind.wait_s;
    }
    load_finish(&loaded);
    if (code == EXIT_DONE) code = remind(&reminding);
    g_free(reminding.routine);
    return code;
}
