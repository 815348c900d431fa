/* The lines of a block while it is being made: texts with their fields, waits and holds. For src/plan only.
 */
#ifndef PLAN_WRITE_H
#define PLAN_WRITE_H

#include "plan/script.h"

/* A block in the making. */
struct writer {
    const struct script *script;
    const struct step *step;   /* NULL outside the steps */
    struct step_counts counts; /* of the step */
    struct script_pos pos;
    GPtrArray *lines; /* struct line */
};

/* Nothing is written if the session is brief and the role is one that those who know the routine can do
 * without. */
void write_speech(struct writer *w, enum role role, struct place place, int source, const char *text);
void write_phrase(struct writer *w, enum role role, struct place place, enum phrase phrase);

/* A text of the routine, nothing if it is absent. Every number in it comes from the field that drives the
 * clock; those of the hold are `move`'s, which may be NULL. */
void write_text(struct writer *w, enum role role, const struct text *text, const struct move *move,
                struct place place);
void write_first_sentence(struct writer *w, enum role role, const struct text *text, const struct move *move,
                          struct place place);

/* NULL, and nothing written, if it has no frames; but `ready` is a place to wait even so. */
struct line *write_span(struct writer *w, enum cue_type span, int64_t frames, struct place place);

/* A wait of so many frames, as long as the effort makes it. */
struct line *write_wait(struct writer *w, enum cue_type span, int64_t frames, struct place place);

/* A phrase with {time}, if the wait of so many frames is long enough before the effort changes it. */
void write_timed(struct writer *w, enum role role, struct place place, enum phrase phrase, int64_t frames);

/* Time to get into position, as the step has it. */
void write_prepare(struct writer *w, struct place place);

/* A move's hold with its prompts; `ready` with its phrase. */
void write_hold(struct writer *w, const struct move *move, struct place place);

/* The end of something; `role` says of what. */
void write_chime(struct writer *w, enum role role, struct place place);

/* "8 seconds", to be freed; and a number in digits, as a field: returns `figure`. */
char *write_time(const struct writer *w, int64_t frames);
const char *write_digits(char figure[16], int value);

#endif
