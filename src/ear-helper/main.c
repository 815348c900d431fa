/* stretchvoice-ear: listens for words, for the program that started it. It keeps nothing and writes nothing;
 * the microphone is open only as long as that program wants it to be. */
#include "echo.h"
#include "hearing.h"
#include "ipc/ear_packets.h"
#include "ipc/helper.h"
#include "ipc/packets.h"
#include "ipc/ring_watch.h"
#include "microphone.h"
#include "sources.h"
#include "words.h"

#include <glib.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RING_FD = 3,      /* CHILD_EXTRA_FD of ipc/child.h, which is the main program's */
    PIECE = 4096,     /* frames at once */
    SILENT_MS = 2000, /* a microphone that gives nothing for so long is gone */
};

#define MODEL EAR_MODELS "/en-us/en-us"
#define DICTIONARY EAR_MODELS "/en-us/cmudict-en-us.dict"

struct ear {
    struct packet_reader reader;
    struct ring_watch *watch; /* NULL: nothing of ours is heard */
    struct words *words;
    struct hearing *hearing;
    struct microphone *microphone; /* NULL: it is closed */
    struct echo *echo;             /* NULL: none has been open yet */
    char *wanted;                  /* its name, or "" */
    bool wakes;
    gint64 heartbeat_at, input_at; /* the last heartbeat sent, the last input read; monotonic time, us */
};

/* ---- to the main program ---- */

static void say(enum ear_packet kind, const char *text, int first, int second, int third)
{
    const struct packet packet = {
        .kind = kind, .size = (uint32_t)MIN(strlen(text), EAR_SAID_MAX), .value = {first, second, third}};
    if (!packet_send(STDIN_FILENO, &packet, text, 0)) helper_end();
}

/* ---- the microphone ---- */

static void close_microphone(struct ear *ear)
{
    hearing_stop(ear->hearing);
    g_clear_pointer(&ear->microphone, microphone_close);
}

static void fail(struct ear *ear, const char *why)
{
    close_microphone(ear);
    say(EAR_FAILED, why, 0, 0, 0);
}

/* What has been played before it was opened is no echo. */
static void forget_played(struct ear *ear)
{
    int16_t stereo[2 * PIECE];
    while (ear->watch && ring_watch_take(ear->watch, stereo, PIECE) == PIECE) continue;
}

static bool open_microphone(struct ear *ear)
{
    char name[MICROPHONE_NAME], source[SOURCE_NAME], shown[SOURCE_NAME];
    enum choice_of choice = CHOICE_USUAL;
    if (ear->microphone) return true;
    if (!*ear->wanted) choice = sources_choose(source, shown);
    if (choice == CHOICE_OTHER) setenv("PULSE_SOURCE", source, true);
    ear->microphone = microphone_open(ear->wanted, name);
    if (!ear->microphone) {
        fail(ear, name);
        return false;
    }
    const int rate = microphone_rate(ear->microphone);
    if (!ear->echo) ear->echo = echo_new(ear->watch ? ring_watch_rate(ear->watch) : rate);
    echo_begin(ear->echo, rate);
    ear->heartbeat_at = ear->input_at = g_get_monotonic_time();
    forget_played(ear);
    say(EAR_OPENED, choice == CHOICE_OTHER ? shown : name, choice, 0, 0);
    return true;
}

/* ---- what is heard ---- */

static void rest(struct ear *ear)
{
    if (ear->wakes)
        hearing_spot(ear->hearing);
    else
        close_microphone(ear);
}

static void on_left(void *data, const int16_t *samples, int frames)
{
    struct ear *ear = data;
    const struct hearing_result result = hearing_feed(ear->hearing, samples, frames, EAR_WINDOW_S);
    switch (result.heard) {
    case HEARD_WAKE: say(EAR_WOKEN, "", 0, 0, 0); break;
    case HEARD_PHRASE:
    case HEARD_UNSURE: say(EAR_HEARD, "", result.command, result.other, result.heard == HEARD_PHRASE); break;
    case HEARD_NOTHING: say(EAR_NOTHING, "", 0, 0, 0); break;
    case HEARD_NOTHING_YET: break;
    }
}

static void take_played(struct ear *ear)
{
    int16_t stereo[2 * PIECE];
    for (uint32_t n; ear->watch && (n = ring_watch_take(ear->watch, stereo, PIECE)) > 0;)
        echo_played(ear->echo, stereo, (int)n);
}

static void send_heartbeat(struct ear *ear, gint64 now)
{
    if (now - ear->heartbeat_at < EAR_ALIVE_MS * G_TIME_SPAN_MILLISECOND) return;
    ear->heartbeat_at = now;
    say(EAR_ALIVE, "", 0, 0, 0);
}

static void hear(struct ear *ear)
{
    int16_t samples[PIECE];
    const gint64 now = g_get_monotonic_time();
    take_played(ear);
    const int n = microphone_read(ear->microphone, samples, PIECE);
    if (n < 0 || now - ear->input_at > SILENT_MS * G_TIME_SPAN_MILLISECOND) {
        fail(ear, "the microphone is gone");
        return;
    }
    if (n == 0) return;
    ear->input_at = now;
    send_heartbeat(ear, now);
    echo_heard(ear->echo, samples, n, on_left, ear);
    if (!hearing_is_busy(ear->hearing)) rest(ear);
}

/* ---- what the main program says ---- */

static bool read_packet(struct ear *ear)
{
    switch (packet_read(&ear->reader, STDIN_FILENO, 0)) {
    case PACKET_WHOLE: return true;
    case PACKET_PARTIAL: return false;
    case PACKET_END: break;
    }
    helper_end();
}

static void use(struct ear *ear)
{
    const char *end = strchr(ear->reader.payload, '\n');
    if (ear->reader.packet.kind != EAR_USE || !end) helper_end();
    ear->wakes = ear->reader.packet.value[USE_WAKES] == 1;
    ear->wanted = g_strndup(ear->reader.payload, (gsize)(end - ear->reader.payload));
    ear->words = words_new(end + 1, DICTIONARY);
    ear->hearing = ear->words ? hearing_new(MODEL, ear->words) : NULL;
    if (!ear->hearing) {
        say(EAR_MISSING, "the package pocketsphinx-en-us is not installed", 0, 0, 0);
        helper_end();
    }
    say(EAR_READY, ear->words->unknown->str, 0, 0, 0);
}

static void obey(struct ear *ear)
{
    if (!read_packet(ear)) return;
    if (ear->reader.packet.kind != EAR_LISTEN) helper_end();
    if (open_microphone(ear)) hearing_listen(ear->hearing, EAR_WINDOW_S);
}

static void set_environment(void)
{
    setenv("JACK_NO_START_SERVER", "1", true);
    setenv("PA_ALSA_PLUGHW", "1", false);
    unsetenv("PULSE_LATENCY_MSEC");
    setenv("PULSE_PROP_OVERRIDE_application.name", "stretchvoice", false);
}

int main(int argc, char **argv)
{
    struct ear ear = {.reader.limit = EAR_TEXT_MAX};
    struct pollfd parent = {.fd = STDIN_FILENO, .events = POLLIN};
    helper_begin(argc, argv, "stretchvoice-ear");
    set_environment();
    while (!read_packet(&ear)) continue;
    ear.watch = ring_watch_new(RING_FD);
    use(&ear);
    if (ear.wakes && open_microphone(&ear)) hearing_spot(ear.hearing);
    for (;;) {
        if (poll(&parent, 1, ear.microphone ? MICROPHONE_LOOK_MS : -1) > 0)
            obey(&ear);
        else if (ear.microphone)
            hear(&ear);
    }
}
