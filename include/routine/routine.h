/* What the author wrote: plain data, checked, without pace or speech. Immutable once parsed. */
#ifndef ROUTINE_ROUTINE_H
#define ROUTINE_ROUTINE_H

#include "base/auto.h"
#include "base/duration.h"
#include "base/template.h"

enum {
    ROUTINE_STEPS = 10000,
    ROUTINE_MOVES = 100, /* a step */
    ROUTINE_HOLD_S = 3600,
    ROUTINE_ROUNDS = 3600, /* breaths or times a hold; an hour is checked by plan_check_length() */
    ROUTINE_SESSION_S = 86400,
    ROUTINE_TEXT = TEXT_LIMIT,
    ROUTINE_PRIORITY = 5, /* of a step that names none */
};

/* A template that has passed template_check(), or NULL, and its line. Borrowed from the routine's source. */
struct text {
    const char *template;
    int line;
};

enum { PREPARE_READY = -2 }; /* as long as the listener wants */

enum hold_kind { HOLD_SECONDS, HOLD_BREATHS, HOLD_TIMES, HOLD_READY };

struct hold {
    enum hold_kind kind;
    struct range range; /* seconds, breaths or times; unused for HOLD_READY */
    int line;
};

enum { MOST_PHASES = 4 };

/* The parts of a breath (in, kept, out, kept) or of a movement (out, stay, back), or a movement as a whole.
 */
struct phases {
    int n; /* 0: as the settings have it */
    int ms[MOST_PHASES];
};

struct sides {
    int n; /* 0: no sides */
    enum side side[2];
};

struct move {
    const char *name;              /* the part after the dot; NULL for the one move of a step without moves */
    struct text say, cue, release; /* say is never NULL; release is NULL where name is */
    struct hold hold;
    struct phases breath, tempo; /* for holds in breaths, and in times */
    struct sides sides;          /* its own; none if the step has sides */
    int settle_ms;               /* from the end of its text to go; -1: pace.settle */
    int after_ms;                /* rest after it; of a move with a name */
    int line;                    /* of the section */
};

struct step {
    const char *name;
    const char *title; /* never NULL */
    const char *prop;  /* may be NULL */
    struct text setup, again, release;
    struct range sets, reps; /* {1, 1} if absent */
    int priority;            /* 0-9: the lowest are left out first where time is short */
    struct sides sides;
    int rest_ms;    /* -1: pace.rest */
    int prepare_ms; /* -1: pace.prepare; or PREPARE_READY */
    int between_ms; /* rest before each repetition after the first */
    int after_ms;   /* rest after the step */
    struct move *moves;
    int n_moves; /* at least 1 */
    int line;
    const struct routine *home; /* the file that it stands in, and */
    int index;                  /* its place there, from 0; a session of several files keeps both */
    struct move own;            /* of a step without moves: `moves` is this one */
};

/* What is in a file is done. The program itself makes the others, whose steps have nothing but titles. */
enum routine_kind {
    ROUTINE_DONE,
    ROUTINE_MENU,     /* its steps are said one after the other, and one is chosen */
    ROUTINE_LIST,     /* they are only said */
    ROUTINE_QUESTION, /* its only step is a question, which is answered like a menu */
};

struct routine {
    enum routine_kind kind;
    char *name; /* the file's name without ".ini" */
    char *path;
    GBytes *source;     /* the file: everything that the author wrote is a piece of it */
    GStringChunk *made; /* names and titles that the author left out */
    const char *title;
    const char *language;       /* "en" if absent */
    const char *about;          /* may be NULL, as the next two */
    const char *author, *album; /* of rendered files */
    char **parts;               /* of the body, in small letters; may be NULL */
    int level_hint;             /* where most people begin; -1: not said */
    struct text caution, closing;
    struct text music; /* a relative path without "..", no template; NULL: none */
    struct step *steps;
    int n_steps;      /* at least 1 */
    GPtrArray *files; /* struct routine: those whose steps these are (select.h); NULL: it is a file */
};

/* Something is chosen in it, or answered. */
bool routine_is_menu(const struct routine *routine);

/* Index of the step, or move, of that name; -1 if there is none, or `name` is NULL. */
int routine_step(const struct routine *routine, const char *name);
int step_move(const struct step *step, const char *name);

void routine_free(struct routine *routine);
AUTO_DEFINE(routine)

#endif
