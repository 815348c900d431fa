/* From names on the command line to a timeline that is ready to be laid out: what every subcommand that knows
 * a session begins with.
 *
 * The steps can be taken one by one, so that `play` can start both helper programs before it reads the
 * routine. Each prints its own problems and returns the exit code, EXIT_DONE if all is well. */
#ifndef APP_PREPARE_H
#define APP_PREPARE_H

#include "interrupt.h"
#include "options.h"
#include "mix/mixer.h"
#include "plan/planner.h"
#include "speech/speech.h"

struct prepared {
    const struct options *options;
    struct interrupt interrupt;
    FILE *messages; /* where problems are told; standard error */
    struct diags *diags;
    struct settings *settings;
    struct routine *routine;
    struct voice *voice;
    struct speech *speech;
    struct tones tones;
    struct mixer mixer;
    struct script script;
    struct timing timing;
    struct planner_ops ops;
    struct planner *planner;
    guint ahead;
    void (*arrived)(void *data); /* told when a clip has arrived; may be NULL */
    void (*said)(void *data);    /* told when a line has gone to `messages` in mid-session; may be NULL */
    void *data;
    int problems; /* sentences that became chimes */
};

/* How a subcommand wants its speech. */
struct preparing {
    guint helpers;     /* speech programs side by side */
    guint ahead;       /* sentences that are asked for in advance */
    bool lengths_only; /* no samples are kept */
};

void prepare_init(struct prepared *prepared, const struct options *options);
void prepare_finish(struct prepared *prepared);

int prepare_settings(struct prepared *prepared);

/* The same without the report. `read` is settings_read, or settings_salvage. */
void prepare_read_settings(struct prepared *prepared,
                           void (*read)(struct settings *settings, const char *path, struct diags *diags));

int prepare_speech(struct prepared *prepared, guint helpers); /* starts the helper programs */

/* Reads the routine, and finds the voice that suits it. Unless `preparing` is NULL, the helper programs of
 * prepare_speech() begin with it. */
int prepare_routine(struct prepared *prepared, const char *name, const struct preparing *preparing);
int prepare_planner(struct prepared *prepared, const struct preparing *preparing);

/* Whether a session could begin, as far as files tell: before another one is stopped for it. What is wrong is
 * printed. */
int prepare_try(const struct options *options, const char *name, FILE *messages);

/* All of them. */
int prepare_all(struct prepared *prepared, const char *name, const struct preparing *preparing);

/* Waits until speech has made something, or a little while. EXIT_SIGNAL + n if a signal has come. */
int prepare_wait(struct prepared *prepared);

/* Waits until the speech program has accepted the voice. EXIT_INVALID and one line if it does not; or a
 * signal. */
int prepare_voice_ready(struct prepared *prepared);

/* Lays the whole session out, speech and all; or a signal. */
int prepare_whole(struct prepared *prepared);

/* The exact length of the session, by laying it out once on the side and keeping nothing; what is spoken for
 * it is spoken again later. */
int prepare_length(struct prepared *prepared, int64_t *frames);

/* Prints the problems so far; EXIT_INVALID if there is an error among them. */
int prepare_report(struct prepared *prepared);

#endif
