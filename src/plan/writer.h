/* One block of a script in the making: how its lines are written. For src/plan only. */
#ifndef PLAN_WRITER_H
#define PLAN_WRITER_H

#include "plan/script.h"

struct writer {
    const struct script *script;
    const struct step *step; /* NULL outside the steps */
    struct script_pos pos;
    GPtrArray *lines; /* struct line */
};

struct line *writer_line(struct writer *w, enum line_kind kind, struct place place);

/* Nothing if it has no frames, but for `ready`, which is a place to wait even so. */
void writer_span(struct writer *w, enum cue_type span, int64_t frames, struct place place);

/* Nothing if the session is brief and the role is one that it leaves out. */
void writer_speech(struct writer *w, enum role role, struct place place, int source, const char *text);

/* A text of the routine, nothing if it is absent. Its figures are those of `move`'s hold; may be NULL. */
void writer_text(struct writer *w, enum role role, const struct text *text, const struct move *move,
                 struct place place);
void writer_first_sentence(struct writer *w, enum role role, const struct text *text, const struct move *move,
                           struct place place);

/* A number in digits, as a field. */
void writer_figure(char figure[16], int value);

/* A phrase of the voice without fields. */
void writer_phrase(struct writer *w, enum role role, struct place place, enum phrase phrase);

/* A phrase with {n} as a word, to be freed. */
char *writer_counted_word(const struct voice *voice, enum phrase phrase, int n);

/* A move's hold with its prompts; `ready` with its phrase. */
void writer_hold(struct writer *w, const struct move *move, struct place place);

/* "Three", "two", "one" before the line's end, where `from` is 3. */
void writer_countdown(struct line *line, const struct script *script, int from);

#endif
