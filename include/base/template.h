/* Texts with fields: "{side}", "{a|b}" (a on the right side, b on the left), "{{" and "}}" for braces.
 * One engine for the routines' texts and the voices' phrases. Pure functions. */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include "base/diag.h"
#include <glib.h>
#include <stdbool.h>

enum { TEXT_LIMIT = 64 << 10 }; /* bytes a text may have */

enum side { SIDE_NONE, SIDE_RIGHT, SIDE_LEFT };

struct field {
    const char *name;
    const char *value;
};

/* Reports every unmatched brace and every field that is not in `names` (NULL-terminated); {a|b} needs
 * `sided`. True if there are none. */
bool template_check(const char *text, const char *const *names, bool sided,
                    const struct diag_location *location, struct diags *diags);

/* A text that has passed template_check(), with its fields filled in. A field without a value is left out.
 * The caller frees it. */
char *template_fill(const char *text, const struct field *fields, gsize n_fields, enum side side);

/* The same for a text without fields, in place. Returns `text`. */
char *template_unescape(char *text);

#endif
