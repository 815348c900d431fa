/* From settings, voice and routine to a timeline that can be laid out: speech, tones, script and planner put
 * together, for a session that plays and for render, plan and captions.
 *
 * It is made in three steps, so that the helper programs start before the routine is read: score_init(),
 * score_speak(), score_write(). Main thread; score_wait() runs the default main context. */
#ifndef LIVE_SCORE_H
#define LIVE_SCORE_H

#include "live/fitting.h"
#include "live/today.h"
#include "mix/bed.h"
#include "mix/mixer.h"
#include "music/music.h"
#include "plan/planner.h"
#include "speech/speech.h"

#define LIVE_ERROR (live_error_quark())
GQuark live_error_quark(void);

enum live_error {
    LIVE_ERROR_SPEECH, /* no speech program can be started, or each has been lost */
    LIVE_ERROR_VOICE,  /* the voice cannot be used: `diags` has the problems */
    LIVE_ERROR_LENGTH, /* the session cannot be as short as was asked for: likewise */
};

struct score_options {
    guint helpers;       /* speech programs side by side: 1 live, one a core otherwise */
    guint ahead;         /* sentences asked for in advance */
    bool lengths_only;   /* samples are not kept */
    struct diags *diags; /* borrowed; warnings about sentences, errors about the voice */
    const int *cancel;   /* not 0: a wait fails with G_IO_ERROR_CANCELLED; may be NULL */
    /* A sentence became a chime, or music cannot be played: `diags` has the warning. May be NULL. */
    void (*failed)(void *data);
    void (*arrived)(void *data);                /* as speech_options.arrived, also of music; may be NULL */
    void (*note)(void *data, const char *line); /* what the music waits for; may be NULL */
    const char *seed;                           /* by which music is shuffled, a number; NULL: the date */
    int64_t until;                              /* real time at which it ends, in us; 0: no such time */
    const GByteArray *out;                      /* steps that are left out, and */
    const GPtrArray *opening;  /* what is said of it: see struct script. Either may be NULL */
    const struct today *today; /* what the history makes of it; NULL: it is as the settings say */
    void *data;
};

/* What is shuffled without --seed is so by the date, such as 20261231. `seed` is a number, or NULL. */
uint32_t score_seed(const char *seed);

struct score {
    struct score_options options;
    const struct settings *settings; /* these three are borrowed, and must live as long */
    const struct voice *voice;
    const struct routine *routine;
    struct speech *speech;
    bool stood_in; /* espeak-ng has said what the voice could not; a warning told so */
    bool unkept;   /* what it has said cannot be kept; likewise */
    struct tones tones;
    struct mixer mixer;
    struct script script;
    struct timing timing;
    struct planner_ops ops;
    struct planner *planner; /* NULL before score_write() */
    struct fitting *fitting; /* NULL until score_fits(), */
    struct fit_wish wish;    /* what is asked of it */
    bool fitted;             /* nothing is to be found any more */
    struct script natural;   /* as the session would be without a given length */
    struct music *music;     /* both NULL if there is none, */
    struct bed *bed;         /* or only lengths are wanted */
};

/* Starts the helper programs. False with LIVE_ERROR_SPEECH; score_finish() is due all the same. */
bool score_init(struct score *score, const struct score_options *options, GError **error);
void score_finish(struct score *score);

/* The helpers get this voice ready. */
void score_speak(struct score *score, const struct settings *settings, const struct voice *voice);

/* Makes the planner, and begins to decode music; after score_speak(). */
void score_write(struct score *score, const struct routine *routine);

/* Whether the session lasts as long as pace.duration or `until` says, if one does. If not, it is to be called
 * again when speech has arrived, and nothing is to be played before; or, with LIVE_ERROR_LENGTH, it cannot.
 */
bool score_fits(struct score *score, GError **error);

/* Waits until it does; fails as score_check(), or with LIVE_ERROR_LENGTH. */
bool score_fit(struct score *score, GError **error);

/* The level that a wished length may lead to: with progress.level = auto, no more than progress.most. */
int score_highest(const struct score *score);

/* For a session that plays: asks for more sentences in advance from now on. */
void score_look_ahead(struct score *score);

/* Enough is there to begin to play: music, and of a slow voice so much that it stays ahead. What is laid out
 * lasts longer then than the rest of what has been asked for takes to be spoken. If the device waits already
 * (`now`), music that is still to be measured comes in when it is. */
bool score_can_begin(struct score *score, bool now);

/* False once the wait was cancelled (G_IO_ERROR_CANCELLED), the voice cannot be used (LIVE_ERROR_VOICE), or
 * speech has been lost for good (LIVE_ERROR_SPEECH). */
bool score_check(struct score *score, GError **error);

/* Waits until speech has made something, or a little while; then as score_check(). */
bool score_wait(struct score *score, GError **error);

/* The same for music. */
bool score_wait_for_music(struct score *score, GError **error);

/* Waits until the speech program has accepted the voice; fails as score_check(). */
bool score_voice_ready(struct score *score, GError **error);

/* Lays the whole session out, speech and all; fails as score_check(). */
bool score_lay_out(struct score *score, GError **error);

/* The exact length of the session in frames, or -1 and an error as score_check(). Lays it out once on the
 * side and keeps nothing: what is spoken for it is spoken again later. `look` sees the timeline each time
 * that more of it is final. */
int64_t score_length(struct score *score, void (*look)(void *data, const struct timeline *timeline),
                     void *data, GError **error);

#endif
