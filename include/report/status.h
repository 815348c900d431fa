/* Where a session is, as plain data: for the screen, the control socket and MPRIS. Pure functions. */
#ifndef REPORT_STATUS_H
#define REPORT_STATUS_H

#include "plan/script.h"
#include "plan/timeline.h"
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

enum status_state {
    STATUS_PLAYING,
    STATUS_PAUSED,
    STATUS_WAITING,
    STATUS_LOST,
    STATUS_OVER,
    N_STATUS_STATES
};

/* The microphone. */
enum listens { LISTENS_NO, LISTENS_FOR_WAKE, LISTENS_NOW };

struct status {
    enum status_state state;
    bool for_voice; /* it waits until enough has been spoken, and not for the user */
    const struct routine *routine;
    const GByteArray *out; /* the steps that are left out; borrowed from the script */
    struct place place;
    struct place restart;    /* of the move that is repeated, or gone on with after an interruption */
    int reps, sets;          /* 0 outside the steps */
    int64_t frame;           /* the position */
    bool stands;             /* it plays, but the position stands while something is said in between */
    int64_t step_frame;      /* where the step began */
    unsigned jumps;          /* to the beginning of a step, so far */
    bool asks;               /* a question is being asked, which next and previous answer */
    int64_t frames;          /* of the whole session; -1 until known */
    double position, length; /* seconds; length is an estimate while frames is -1 */
    double hold, hold_left;  /* seconds; hold is 0 outside holds */
    int units, units_left;   /* the breaths or times of the hold under way; 0: it is in seconds */
    enum cue_type phase;     /* CUE_IN, CUE_KEEP or CUE_OUT: where the rhythm is; else CUE_SPEECH */
    enum cue_type span;      /* hold, prepare, rest, change or ready; outside of these SPAN_GAP */
    double span_seconds, span_left;
    int level;     /* from the next repetition, set or step on, */
    int holds;     /* and the length of holds in percent, from then on */
    double volume; /* dB */
    unsigned late; /* times that the sound waited for words */
    enum listens listens;
    const char *text; /* being said, or NULL; borrowed from the timeline */
    enum role role;   /* of the text */
    bool unsaid;      /* a chime stands for it */
    bool speaking;    /* a word is being said: the text, or an answer while the position stands */
};

/* The place of the last cue or span that has begun at `frame`; PLACE_HEAD if there is none. */
struct place status_place(const struct timeline *timeline, int64_t frame);

/* The units of the hold are times, not breaths. */
bool status_in_times(const struct status *status);

/* The cue of such a type that `frame` is inside of: past its first frame and before its last; NULL if there
 * is none. */
const struct cue *status_inside(const struct timeline *timeline, int64_t frame, enum cue_type type);

/* Fills in what follows from the script, the timeline and the position: routine, place, reps, sets, frame,
 * position, the hold with its units and phase, the span, the text and how it is said. The rest, which only
 * the session knows, is zero. */
void status_look(struct status *status, const struct script *script, const struct timeline *timeline,
                 int64_t frame, struct place place);

/* --- as text: for people, for programs, and back --- */

/* One JSON object without a line's end; `status` NULL: no session. What does not apply is null. The caller
 * frees it. */
char *status_json(const struct status *status, const char *device);

/* Its members without the object's end, for a caller that adds some. */
void status_members(GString *json, const struct status *status, const char *device);

/* "key: value" lines of what applies. The caller frees it. */
char *status_fields(const struct status *status, const char *device);

/* The state of that name; STATUS_OVER if there is none. */
enum status_state status_state_named(const char *name);

/* Likewise; LISTENS_NO, also for NULL. */
enum listens listens_named(const char *name);

/* Prints the JSON of a status as "key: value" lines, with an empty line behind them. False if it is not a
 * JSON object. */
bool status_print(const char *json, FILE *out);

#endif
