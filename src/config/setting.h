/* One key of an INI file whose values are simple: a row of a table, from which reader, messages, listings and
 * man page come. The settings and the head of a voice profile are two such tables. */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include "base/diag.h"
#include "base/ini.h"
#include <stdbool.h>

/* A word and the number it stands for; a list ends with a row without a name. */
struct choice {
    const char *name;
    int value;
};

struct setting;

/* How values of a kind are written. Those of strings are kept as they are, the others are numbers. */
struct kind {
    /* False if the text is nothing of the kind. */
    bool (*read)(const struct setting *setting, const char *text, double *number);
    char *(*print)(const struct setting *setting, double number);
    const char *name;          /* "a whole number"; NULL for choices, which are named one by one */
    const struct choice *word; /* a word that may stand instead, outside the range, or NULL */
    enum { STORE_INT, STORE_BOOL, STORE_DOUBLE, STORE_STRING } store;
};

struct setting {
    const char *section, *key;
    const struct kind *kind;
    gsize offset;           /* of the field in the struct that the table fills */
    const char *standard;   /* the default */
    const char *low, *high; /* the range, or NULL; read like any value */
    const struct choice *choices;
    const char *meaning; /* for the reader of a file or a manual */
};

extern const struct kind KIND_WHOLE, KIND_WHOLE_OR_EMPTY, KIND_PERCENT, KIND_DECIMAL, KIND_TIME, KIND_SECONDS,
    KIND_SECONDS_OR_OFF, KIND_CHOICE, KIND_YES_NO, KIND_WORD, KIND_TEXT, KIND_NAME,
    KIND_PROFILE; /* a name or a path */

/* Reads a value into the field of `target`; a problem is reported and leaves the field as it was. */
bool setting_read(const struct setting *setting, void *target, const char *text,
                  const struct diag_location *place, struct diags *diags);

/* The field's value as setting_read() takes it. The caller frees it. */
char *setting_print(const struct setting *setting, const void *target);

/* What a value may be: "0 to 100", "off, or 1s to 1h", "full or brief"; "" for strings. To be freed. */
char *setting_range(const struct setting *setting);

/* The row of a key; NULL after a report that names the nearest one, and all of the section. */
const struct setting *setting_find(const struct setting *table, gsize rows, const char *section,
                                   const char *key, const struct diag_location *place, struct diags *diags);

#endif
