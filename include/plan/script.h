/* The routine after level, pace, sides, reps and sets are chosen: lines to say, to wait and to hold, in
 * order, with no lengths of speech yet. Pure functions from data to data.
 *
 * It is made block by block, a block being one repetition on one side with what comes before its first and
 * after its last, so that a session of a day needs no more memory than one of a minute, and a new level can
 * hold from the next set. */
#ifndef PLAN_SCRIPT_H
#define PLAN_SCRIPT_H

#include "base/diag.h"
#include "plan/pace.h"

enum line_kind {
    LINE_SPEECH,
    LINE_SPAN,   /* may have prompts: that a rest is about to end */
    LINE_HOLD,   /* a hold in seconds: go, ticks, prompts, end */
    LINE_ROUNDS, /* a hold in breaths or times: what leads each phase, prompts, end */
    LINE_CHIME,
};

/* Something that is said inside a span if there is room. An announcement (ROLE_PHRASE) answers a command
 * while the hold is under way. */
struct prompt {
    enum role role;
    int64_t offset;       /* frames from the span's begin */
    int64_t room;         /* frames that it may take; 0: to the end of the span */
    bool beat;            /* if it is not said, a tick sounds */
    GPtrArray *sentences; /* char *; none: only that tick */
};

struct line {
    enum line_kind kind;
    enum cue_type span; /* of LINE_SPAN */
    enum role role;     /* of LINE_SPEECH and LINE_CHIME */
    struct place place;
    int source;           /* line in the routine's file of its text; 0 for a phrase */
    int64_t frames;       /* of spans and holds */
    int64_t settle;       /* of an instruction or a cue: the silence behind it */
    int64_t led;          /* of LINE_SPAN: so long before its end a soft note sounds; 0: none does */
    int rounds;           /* of LINE_ROUNDS */
    struct rhythm rhythm; /* of one of them */
    GPtrArray *sentences; /* char *, of LINE_SPEECH */
    GArray *prompts;      /* struct prompt in order of rank, or NULL */
    int most_left;        /* of LINE_HOLD: how many of them may say the seconds left; 0: any */
    struct effort effort; /* in force: it makes the silences between sentences longer or shorter */
};

/* A block: step -1 is the session's head, n_steps its closing, n_steps + 1 the end. set, side and rep count
 * from 0. */
struct script_pos {
    int step, set, side, rep;
    bool last;  /* of its step, whatever the effort: the end of the step has begun */
    bool back;  /* one has come back here: the step is not introduced as the next one */
    bool setup; /* what is said again begins with the setup */
};

static const struct script_pos SCRIPT_BEGIN = {.step = -1};

/* Appends the block's lines (struct line *, freed with line_free) to `lines`. */
void script_block(const struct script *script, struct script_pos pos, GPtrArray *lines);

/* The move of that block said again in all words: its instruction, hold and release, and what follows them in
 * the block. */
void script_repeat(const struct script *script, struct script_pos pos, struct place from, GPtrArray *lines);

/* What is said before a hold that was interrupted goes on: its side, the move's cue, the time that is left
 * (NULL: none), and a countdown of pace.lead-in. `place` is in a step. */
void script_lead_in(const struct script *script, struct place place, const char *left, GPtrArray *lines);

/* On to the next block, past the steps that are left out; false at the end. */
bool script_next(const struct script *script, struct script_pos *pos);

/* Every sentence (char *) that the routine can need at any level, and then those of the program's phrases
 * that hold no number, each once, in the order of hearing. */
GPtrArray *script_sentences(const struct script *script);

/* About how long the session takes, in seconds, from the texts alone: nothing is spoken for it, and a routine
 * of 10,000 steps costs milliseconds. */
double script_estimate(const struct script *script);

/* The same for one line, one step, and from a block on. */
double script_estimate_line(const struct script *script, const struct line *line);
double script_estimate_step(const struct script *script, int step);
double script_estimate_from(const struct script *script, struct script_pos pos);

/* At the high end of every range and under these settings, no hold may last longer than ROUTINE_HOLD_S, which
 * is reported at its line, and holds, rests, changes of side and the waits of the routine's own keys together
 * not longer than ROUTINE_SESSION_S, which is reported at the routine's line 1. Speech and what the settings
 * put around it are not counted: getting ready for 10,000 steps is most of a day. */
void plan_check_length(const struct routine *routine, const struct settings *settings, struct diags *diags);

/* Single lines. Free them with line_free(). */
struct line *line_new(enum line_kind kind, struct place place);
struct line *line_speech(enum role role, struct place place, GPtrArray *sentences); /* which is taken */
struct line *line_span(enum cue_type span, int64_t frames, struct place place);
void line_free(struct line *line); /* NULL is fine */

/* An empty array that owns its lines. */
GPtrArray *lines_new(void);

/* Adds a prompt, behind those of its rank or a higher one: countdown, announcements, numbers of times,
 * halfway, what is left. `sentences` is taken. The prompt is borrowed until the next one is added. */
struct prompt *line_prompt(struct line *line, enum role role, int64_t offset, GPtrArray *sentences);

/* How long a hold is at the script's effort, as it is said: "20 seconds", "8 breaths", "10 times". It is no
 * `ready`. The caller frees it. */
char *script_length(const struct script *script, const struct move *move);

/* A phrase of the voice about a step, with its title and number. The caller frees it. */
char *script_title(const struct script *script, int step, enum phrase phrase);

/* "Cobra, Bridge and Hips": the titles of the steps that are left out, without those that `known` (NULL:
 * none) has left out already. NULL if there are none. The caller frees it. */
char *script_titles_out(const struct routine *routine, const struct voice *voice, const GByteArray *out,
                        const GByteArray *known);

#endif
