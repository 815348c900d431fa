/* Texts with fields: "{side}", "{a|b}" (a on the right side, b on the left), "{{" and "}}" for braces.
 * One engine for the routines' texts and the voices' phrases. Pure functions. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include <glib.h>
#include <stdbool.h>

enum side { SIDE_NONE, SIDE_RIGHT, SIDE_LEFT };

struct field {
    const char *name;
    const char *value;
};

/* NULL if every brace of the text is well-formed and every field is in `names` (NULL-terminated); {a|b} needs
 * `sided`. Otherwise what is wrong, in the diagnostics' form: "no such field ('{reps}'; ...)"; to be
 * freed. */
char *template_problem(const char *text, const char *const *names, bool sided);

/* The text with its fields filled in; the text has passed template_problem. A field without a value becomes
 * nothing. The caller frees it. */
char *template_fill(const char *text, const struct field *fields, gsize n_fields, enum side side);

#endif
