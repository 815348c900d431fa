/* Speech: asks helper programs to speak sentences, turns what they give into clips, and keeps these in a
 * bounded store.
 *
 * A voice of espeak-ng is that of one helper (src/speech-helper); a voice of another program that of a second
 * (src/voice-helper), and espeak-ng says what that program cannot.
 *
 * Main program, main thread. The helper (src/speech-helper) can crash or hang without harm: a sentence that
 * it cannot say, or that takes over 10 s, becomes a chime and one warning. A helper that ends or hangs is
 * started again, and asked again; after three times without a clip in between, speech is lost for good. */
#ifndef SPEECH_SPEECH_H
#define SPEECH_SPEECH_H

#include "config/voice.h"
#include "mix/clip.h"
#include <gio/gio.h>

struct speech;

struct speech_options {
    int rate;                  /* of the clips, Hz */
    double level;              /* LUFS */
    double ceiling;            /* of each clip, dBTP */
    int64_t chime;             /* frames of the chime that stands for what cannot be said */
    gsize budget;              /* bytes of clips that are kept */
    guint ahead;               /* so many sentences that were asked for last stay until they are fetched */
    bool lengths_only;         /* for plan and captions: samples are not kept, only lengths */
    const char *voice_program; /* the helper for voices of other programs; this and the next are copied */
    const char *cache;         /* the directory of their clips */
    int64_t cache_bytes;       /* of these, at most; 0: none are kept */
    /* Called once for a sentence that became a chime: `source` is the line it came from. Must not free the
     * speech. */
    void (*failed)(void *data, const char *text, int source, const char *why);
    /* Called for a sentence that espeak-ng says in place of the voice's own program. As `failed`. */
    void (*stood_in)(void *data, const char *text, const char *why);
    /* Called for a sentence of the voice's own program that could not be kept in the cache. As `failed`. */
    void (*unkept)(void *data);
    /* Called when a clip has arrived (or failed), when speech_ready() has become true, and when
     * speech_problem() has appeared. Both are called from the main loop only, never from inside one of these
     * functions. */
    void (*arrived)(void *data);
    void *data;
};

/* Starts `helpers` programs, before anything else is known: `program` is their path. They read their voice
 * from speech_use(). */
struct speech *speech_new(const char *program, guint helpers, GError **error);
void speech_free(struct speech *speech); /* ends the helpers at once; NULL is fine */

/* Says which voice speaks, and begins to measure its loudness, without waiting; once. `options` and what is
 * needed of `voice` are copied. */
void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options);

/* Asks for a sentence; nothing happens if it is there or on its way. Sentences are spoken in the order of the
 * requests. */
void speech_request(struct speech *speech, const char *text, int source);

/* A new reference to the clip, or NULL if it is not there: not yet, or no longer (then it has been asked for
 * again), or never, because there is a speech_problem(). With lengths_only, the clip has frames but no
 * samples. */
struct clip *speech_find(struct speech *speech, const char *text);

/* Why no more sentence will be spoken, or NULL. If speech_lost() is true: one sentence, the helpers cannot be
 * started or have ended again and again. Otherwise the voice cannot be used: a line for each problem, with
 * what would be right; a line about a key of the profile ("voice", "variant") begins with the key and a tab.
 */
const char *speech_problem(const struct speech *speech);
bool speech_lost(const struct speech *speech);

/* True once a helper has accepted the voice, or there is a speech_problem(). */
bool speech_ready(const struct speech *speech);

/* How long what has been asked for and is not there yet will take, in seconds, at the pace of the sentences
 * that have been spoken; two seconds for each as long as there is none. */
double speech_backlog(const struct speech *speech);

/* Runs the default main context until something has arrived, or for `timeout_ms` at the most (-1: no limit);
 * returns at once if nothing is on its way. For subcommands without a main loop; who has one uses `arrived`.
 */
void speech_wait(struct speech *speech, int timeout_ms);

#endif
