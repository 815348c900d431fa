/* A workout of another program, before it is a routine: titles, times and how often. Built by the readers of
 * files, which also say what cannot be carried over. */
#ifndef APP_OUTLINE_H
#define APP_OUTLINE_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>

struct outline_step {
    char *title;       /* any text */
    gint64 seconds;    /* of a hold; 0: not known */
    gint64 least;      /* a beginner's, if it is a range; 0: the same */
    gint64 times;      /* instead; 0: none */
    gint64 sets;       /* 0 or 1: one */
    gint64 rest_s;     /* between sets */
    gint64 after_s;    /* behind it */
    const char *sides; /* "right, left"; NULL: none */
    GPtrArray *moves;  /* struct outline_step, of a group that is repeated; NULL: none */
    gint64 reps;       /* of the group */
    gint64 between_s;  /* rest before each further round of the group */
};

struct outline {
    char *title;      /* NULL: the file has none */
    GPtrArray *steps; /* struct outline_step */
    GPtrArray *notes; /* char *: what was not carried over, a line each */
    GHashTable *told; /* those that have been noted */
};

enum { OUTLINE_STEPS = 1000, OUTLINE_MOVES = 100 };

struct outline *outline_new(void);
void outline_free(struct outline *outline);
AUTO_DEFINE(outline)

/* Appends a step, or a move of `group` unless that is NULL. A title that means a rest ("Rest", "Pause") has
 * no step: then the result is NULL, and the time is that behind the step before. Borrowed. */
struct outline_step *outline_add(struct outline *outline, struct outline_step *group, const char *title,
                                 gint64 seconds);

/* Appends a group. One that stays empty is left out. Borrowed. */
struct outline_step *outline_group(struct outline *outline, const char *title, gint64 reps);

/* Notes something that cannot be carried over, once. */
void outline_note(struct outline *outline, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The routine as it stands in a file. Values outside of what a routine may have are cut, and noted. The
 * caller frees it; NULL if there is no step. */
char *outline_ini(struct outline *outline, const char *name);

#endif
