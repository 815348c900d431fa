/* Speech: asks helper programs to speak sentences, turns what they give into clips, and keeps these in a
 * bounded store.
 *
 * Main program, main thread. The helper (src/speech/server.c) can crash or hang without harm: a sentence that
 * it cannot say, or that takes over 10 s, becomes a chime and one warning; a helper that dies is started
 * again and what it had been asked is asked once more. */
#ifndef SPEECH_SPEECH_H
#define SPEECH_SPEECH_H

#include "config/voice.h"
#include "mix/clip.h"
#include <gio/gio.h>

struct speech;

struct speech_options {
    int rate;      /* of the clips, Hz */
    double level;  /* LUFS */
    int64_t chime; /* frames of the chime that stands for what cannot be said */
    /* Helper programs that speak side by side: 1 live, one a core for render; 0: as speech_new() has it. */
    guint helpers;
    gsize budget;      /* bytes of clips that are kept though nobody holds them */
    bool lengths_only; /* for plan and captions: samples are not kept, only lengths */
    /* Called once for a sentence that became a chime: `source` is the line it came from. Must not free the
     * speech. */
    void (*failed)(void *data, const char *text, int source, const char *why);
    /* Called when a clip has arrived (or failed), and when speech_ready() has become true. Both are called
     * from the main loop only, never from inside of one of these functions. */
    void (*arrived)(void *data);
    void *data;
};

/* Starts the helper programs, before anything else is known: `program` is their path. They read their voice
 * from speech_use(). */
struct speech *speech_new(const char *program, guint helpers, GError **error);
void speech_free(struct speech *speech); /* ends the helpers at once; NULL is fine */

/* Says which voice speaks, and begins to measure its loudness; nothing is waited for. `options` is copied,
 * and so is what is needed of `voice`. Called again, everything begins anew: what was asked for and what was
 * found is forgotten. */
void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options);

/* Asks for a sentence; nothing happens if it is there or on its way. Sentences are spoken in the order of
 * asking. */
void speech_request(struct speech *speech, const char *text, int source);

/* A new reference to the clip, or NULL if it is not there (yet, or no longer: then it has been asked for
 * again). With lengths_only, the clip has frames but no samples. */
struct clip *speech_find(struct speech *speech, const char *text);

/* The voice cannot be used at all (it does not exist, espeak-ng has no data): what is wrong, with what would
 * be right, or NULL. A line for each problem; where it is about a key of the profile ("voice", "variant"),
 * the key and a tab stand before it. Known once the helper has answered: speech_ready() says so. */
const char *speech_problem(const struct speech *speech);
bool speech_ready(const struct speech *speech);

/* Runs the default main context until something has arrived, or for `timeout_ms` at the most (-1: for ever);
 * returns at once if nothing is on its way. For subcommands without a main loop of their own. */
void speech_wait(struct speech *speech, int timeout_ms);

#endif
