#include "ear.h"
#include "base/diag.h"
#include "file/paths.h"
#include "ipc/child.h"
#include "ipc/ear_packets.h"
#include "listeners.h"

#include <string.h>
#include <unistd.h>

enum {
    START_MS = 5000,  /* until it is ready; and longer than a microphone takes to open */
    SILENT_MS = 4000, /* between two signs of life while the microphone is open */
    WINDOW_MS = EAR_WINDOW_S * 1000 + START_MS,
    AGAIN_MS = 2000,
    STARTS = 3,       /* of a program that ends by itself */
    MOST_PACKETS = 8, /* in a second: it says one or two */
    SHOWN = 300,
};

/* What can be said. */
static const struct {
    enum phrase phrase;
    enum command_id command;
} spoken[] = {
    {PHRASE_LISTEN_PAUSE, COMMAND_PAUSE},   {PHRASE_LISTEN_GO_ON, COMMAND_RESUME},
    {PHRASE_LISTEN_NEXT, COMMAND_NEXT},     {PHRASE_LISTEN_BACK, COMMAND_PREVIOUS},
    {PHRASE_LISTEN_AGAIN, COMMAND_REPEAT},  {PHRASE_LISTEN_WHERE, COMMAND_WHERE},
    {PHRASE_LISTEN_LONGER, COMMAND_LONGER}, {PHRASE_LISTEN_SHORTER, COMMAND_SHORTER},
    {PHRASE_LISTEN_EASIER, COMMAND_EASIER}, {PHRASE_LISTEN_HARDER, COMMAND_HARDER},
    {PHRASE_LISTEN_LOUDER, COMMAND_LOUDER}, {PHRASE_LISTEN_QUIETER, COMMAND_QUIETER},
    {PHRASE_LISTEN_STOP, COMMAND_STOP},
};

/* A question about two of them: asked, and then listened for once more. */
enum question { QUESTION_NONE, QUESTION_DUE, QUESTION_ASKED, QUESTION_ANSWER };

struct ear {
    struct ear_options options;
    struct child *child; /* NULL: it has not been started, or has ended */
    uint32_t ring;       /* ring_resets() when it was started */
    int starts;
    guint again;   /* timer */
    bool wakes;    /* the microphone stays open */
    bool ready;    /* the helper has read its words */
    bool open;     /* the microphone */
    bool listens;  /* for a phrase, */
    bool shown;    /* and the session has been told */
    bool failed;   /* it has been said that the microphone cannot be used, */
    bool chosen;   /* and which one it is where there is a choice */
    int packets;   /* of the helper, */
    int64_t since; /* in the second that began then; us */
    enum question question;
    int first, second; /* rows of `spoken` */
};

/* ---- the helper ---- */

static void send_words(const struct ear *ear)
{
    const char *microphone = ear->options.settings->sound.microphone;
    g_autoptr(GString) text = g_string_new(microphone);
    g_string_append_c(text, '\n');
    for (gsize i = 0; i < G_N_ELEMENTS(spoken); i++) {
        g_auto(GStrv) ways = g_strsplit(ear->options.voice->phrases[spoken[i].phrase], ",", -1);
        for (char **way = ways; *way; way++) {
            g_autofree char *small = g_utf8_strdown(g_strstrip(*way), -1);
            if (*small) g_string_append_printf(text, "%zu %s\n", i, small);
        }
    }
    g_string_truncate(text, MIN(text->len, EAR_TEXT_MAX));
    const struct packet packet = {
        .kind = EAR_USE, .size = (uint32_t)text->len, .value = {[USE_WAKES] = ear->wakes}};
    child_send(ear->child, &packet, text->str);
}

static const struct child_ops child_ops;

static void start(struct ear *ear)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = paths_helper("stretchvoice-ear");
    const struct ring *ring = output_ring(ear->options.output);
    const struct child_options options = {
        .program = program, .extra_fd = ring_fd(ring), .limit = EAR_SAID_MAX, .ops = &child_ops, .data = ear};
    ear->child = child_new(&options, &error);
    ear->ring = ring_resets(ring);
    ear->ready = ear->open = false;
    if (error) listeners_note(ear->options.listeners, "it does not listen: %s", error->message);
    if (!ear->child) return;
    child_expect(ear->child, START_MS);
    send_words(ear);
}

static gboolean start_again(gpointer data)
{
    struct ear *ear = data;
    ear->again = 0;
    start(ear);
    return G_SOURCE_REMOVE;
}

/* The session hears of it at the next flush. */
static void close_up(struct ear *ear)
{
    ear->listens = false;
    if (ear->shown) output_flush(ear->options.output);
}

static void end(struct ear *ear)
{
    g_clear_pointer(&ear->child, child_free);
    ear->ready = ear->open = false;
    ear->question = QUESTION_NONE;
    close_up(ear);
}

static void end_for_a_while(struct ear *ear)
{
    end(ear);
    if (!ear->again) ear->again = g_timeout_add(AGAIN_MS, start_again, ear);
}

static void on_lost(void *data, enum child_loss loss)
{
    struct ear *ear = data;
    (void)loss;
    if (++ear->starts < STARTS) {
        end_for_a_while(ear);
        return;
    }
    end(ear);
    listeners_note(ear->options.listeners,
                   "it does not listen any more: the program that listens has ended or hung again and again");
}

/* ---- what it says ---- */

static bool is_flood(struct ear *ear)
{
    const int64_t now = g_get_monotonic_time();
    if (now - ear->since > G_USEC_PER_SEC) {
        ear->since = now;
        ear->packets = 0;
    }
    return ++ear->packets > MOST_PACKETS;
}

static bool get_ready(struct ear *ear, const char *unknown)
{
    g_autofree char *shown = diag_shown(unknown, SHOWN);
    ear->ready = true;
    child_expect(ear->child, ear->wakes ? START_MS : 0);
    if (*shown)
        listeners_note(ear->options.listeners,
                       "it does not listen for words that the model does not have: %s", shown);
    return true;
}

static bool miss(struct ear *ear, const char *what)
{
    g_autofree char *shown = diag_shown(what, SHOWN);
    listeners_note(ear->options.listeners, "listen.mode: %s", shown);
    end(ear);
    return true;
}

static bool fail(struct ear *ear, const char *why)
{
    g_autofree char *shown = diag_shown(why, SHOWN);
    if (!ear->failed) listeners_news(ear->options.listeners, "it does not listen: %s", shown);
    ear->failed = true;
    if (ear->wakes) {
        end_for_a_while(ear);
    } else {
        ear->open = false;
        child_expect(ear->child, 0);
        close_up(ear);
    }
    return true;
}

static bool open_up(struct ear *ear, const struct packet *packet, const char *name)
{
    g_autofree char *shown = diag_shown(name, SHOWN);
    struct listeners *listeners = ear->options.listeners;
    if (!ear->ready || ear->open) return false;
    ear->open = true;
    child_expect(ear->child, ear->wakes ? SILENT_MS : WINDOW_MS);
    if (ear->failed) listeners_news(listeners, "it listens again");
    ear->failed = false;
    if (!ear->chosen && packet->value[OPENED_CHOICE] == CHOICE_OTHER)
        listeners_note(
            listeners,
            "it listens with '%s': the headset's own microphone would turn its sound to telephone quality",
            shown);
    if (!ear->chosen && packet->value[OPENED_CHOICE] == CHOICE_HEADSET)
        listeners_note(listeners,
                       "it listens with the headset's own microphone, which turns its sound to telephone "
                       "quality: another one is better (sound.microphone)");
    ear->chosen = true;
    return true;
}

static bool wake_up(struct ear *ear)
{
    if (!ear->wakes || !ear->open || ear->listens) return false;
    ear->listens = true;
    ear->question = QUESTION_NONE;
    output_flush(ear->options.output);
    return true;
}

/* Its microphone is closed, but for the wake words. */
static void stop_listening(struct ear *ear)
{
    if (!ear->wakes) {
        ear->open = false;
        child_expect(ear->child, 0);
    }
    close_up(ear);
}

static bool is_row(int row)
{
    return row >= 0 && row < (int)G_N_ELEMENTS(spoken);
}

/* Unsure, it asks once. */
static bool hear(struct ear *ear, const struct packet *packet)
{
    const int row = packet->value[HEARD_COMMAND], other = packet->value[HEARD_OTHER];
    const bool sure = packet->value[HEARD_SURE] == 1, again = ear->question == QUESTION_ANSWER;
    if (!ear->listens || !is_row(row)) return false;
    ear->question = QUESTION_NONE;
    if (!sure && !again && is_row(other)) {
        ear->question = QUESTION_DUE;
        ear->first = row;
        ear->second = other;
    }
    stop_listening(ear);
    if (sure) live_command(ear->options.live, (struct command){.id = spoken[row].command});
    return true;
}

static bool hear_nothing(struct ear *ear)
{
    if (!ear->listens) return false;
    ear->question = QUESTION_NONE;
    stop_listening(ear);
    return true;
}

static bool on_packet(void *data, const struct packet *packet, const void *payload)
{
    struct ear *ear = data;
    if (is_flood(ear)) return false;
    switch (packet->kind) {
    case EAR_READY: return get_ready(ear, payload);
    case EAR_MISSING: return miss(ear, payload);
    case EAR_OPENED: return open_up(ear, packet, payload);
    case EAR_FAILED: return fail(ear, payload);
    case EAR_WOKEN: return wake_up(ear);
    case EAR_HEARD: return hear(ear, packet);
    case EAR_NOTHING: return hear_nothing(ear);
    case EAR_ALIVE:
        if (ear->wakes && ear->open) child_expect(ear->child, SILENT_MS);
        return ear->open;
    default: return false;
    }
}

static const struct child_ops child_ops = {on_packet, on_lost};

/* ---- the session ---- */

bool ear_listen(struct ear *ear)
{
    if (!ear || !ear->ready) return false;
    if (ear->listens) return true;
    ear->listens = ear->shown = true;
    if (!ear->wakes) child_expect(ear->child, WINDOW_MS);
    child_send(ear->child, &(struct packet){.kind = EAR_LISTEN}, "");
    return true;
}

void ear_apply(struct ear *ear)
{
    if (!ear || ear->shown == ear->listens) return;
    ear->shown = ear->listens;
    session_listen(ear->options.session, ear->listens);
    if (ear->listens || ear->question != QUESTION_DUE) return;
    ear->question = QUESTION_ASKED;
    session_ask(ear->options.session, spoken[ear->first].phrase, spoken[ear->second].phrase);
}

bool ear_is_open(const struct ear *ear)
{
    return ear && ear->open;
}

/* A ring that has been made anew is another one; and once a question has been asked, its answer is listened
 * for. */
static void on_status(void *data, const struct status *status)
{
    struct ear *ear = data;
    if (ear->child && ear->ready && ring_resets(output_ring(ear->options.output)) != ear->ring) {
        end(ear);
        start(ear);
    }
    if (ear->question != QUESTION_ASKED || status->speaking || !session_answered(ear->options.session))
        return;
    ear->question = QUESTION_ANSWER;
    live_command(ear->options.live, (struct command){.id = COMMAND_LISTEN});
}

/* ---- from beginning to end ---- */

/* Why it cannot listen; NULL if it can. To be freed. */
static char *problem(const struct ear_options *options)
{
    g_autofree char *program = paths_helper("stretchvoice-ear");
    if (!g_str_equal(options->voice->language, "en") && !g_str_has_prefix(options->voice->language, "en-"))
        return g_strdup_printf("there is no model for the language '%s' (only for en)",
                               options->voice->language);
    if (access(program, X_OK) != 0)
        return g_strdup(
            "stretchvoice was built without libpocketsphinx-dev or libspeexdsp-dev, and cannot listen");
    return NULL;
}

struct ear *ear_new(const struct ear_options *options)
{
    const int mode = options->settings->listen.mode;
    if (mode == LISTEN_OFF || g_str_has_prefix(options->settings->sound.device, "null:fast")) return NULL;
    g_autofree char *why = problem(options);
    if (why) {
        listeners_note(options->listeners, "listen.mode: %s", why);
        return NULL;
    }
    struct ear *ear = g_new0(struct ear, 1);
    *ear = (struct ear){.options = *options, .wakes = mode == LISTEN_WAKE};
    listeners_add(options->listeners, &(struct listener){.status = on_status, .data = ear});
    start(ear);
    return ear;
}

void ear_free(struct ear *ear)
{
    if (!ear) return;
    g_clear_handle_id(&ear->again, g_source_remove);
    child_free(ear->child);
    g_free(ear);
}
