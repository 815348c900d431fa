/* Keys of INI files: a table of rows, from which come the reader and its messages, and for settings also
 * listings, completions and the man page. Routines, settings and voice profiles are read by such tables. */
#ifndef BASE_KEY_H
#define BASE_KEY_H

#include "base/diag.h"
#include "base/ini.h"
#include <stdbool.h>

/* A word and the number it stands for. A list ends with a row without a name. */
struct choice {
    const char *name;
    int value;
};

/* A text to be read; entry->value may be changed in place. Kinds that do not copy it keep pieces of it. */
struct value {
    const struct ini_entry *entry;
    const struct diag_location *location;
    struct diags *diags;
};

struct key;

/* What reading a value found: KEY_REPORTED has a message of its own, the others get the usual one. */
enum key_result { KEY_OK, KEY_MALFORMED, KEY_OUT_OF_RANGE, KEY_REVERSED, KEY_REPORTED };

/* How the values of a kind are written and stored. */
struct kind {
    enum key_store { STORE_OWN, STORE_INT, STORE_BOOL, STORE_DOUBLE, STORE_STRING } store;
    const char *name; /* "a whole number", for "not a whole number"; NULL for choices */
    const char *form; /* what is right, where the row has no range: "write 3 or 5-10"; beside choices, what is
                         right too */

    /* Numbers without a reader of their own. */
    gsize decimals;             /* at most, after a point */
    const char *unit;           /* written after the number, or NULL */
    int unit_ms;                /* of a time; 0: it is not a time */
    const struct choice *words; /* that are also right, outside the range, or NULL */
    bool yes_no;                /* "yes" is understood as the default, "no" as "off" */

    /* Other kinds: fills the field (STORE_OWN) or checks the text (STORE_STRING). */
    enum key_result (*read)(const struct key *key, const struct value *value, void *field);
    bool empty_is_right;
    void (*suppose)(void *field); /* what to assume where a value was meant and not read, or NULL */
};

struct key {
    const char *section; /* NULL: of any */
    const char *name;    /* NULL: the end of the table */
    const struct kind *kind;
    gsize offset;           /* of the field in the struct that the table fills */
    const char *standard;   /* the default, or NULL */
    const char *low, *high; /* the range, or NULL; read like any value */
    const struct choice *choices;
    const char *meaning; /* for the reader of a file or a manual, or NULL */
};

/* int or double, from `low` to `high` */
extern const struct kind KIND_WHOLE, KIND_MEGABYTES, KIND_PERCENT, KIND_DECIMAL, KIND_TIME /* ms */,
    KIND_SECONDS;
/* the same, and the word "" (-1), "off" (0), or one of "auto" (-1) and "off" (0) */
extern const struct kind KIND_WHOLE_OR_EMPTY, KIND_SECONDS_OR_OFF, KIND_SECONDS_AUTO_OR_OFF;
extern const struct kind KIND_CHOICE /* int */, KIND_YES_NO /* bool */, KIND_WORD /* char * */;
/* char *, owned by the struct; a text, a name for a speech engine, the name or path of a profile, the path of
 * a file or directory, a language */
extern const struct kind KIND_TEXT, KIND_NAME, KIND_PATH, KIND_FILE, KIND_LANGUAGE;
/* struct range, each end from `low` to `high` */
extern const struct kind KIND_COUNT;

/* Fills all fields with their defaults. Strings in `target` must be NULL or owned by it. */
void keys_default(const struct key *keys, void *target);

/* Reads an entry of a section into `target`. Returns its row, or NULL after a report. The field is then
 * unchanged, or as the kind supposes. */
const struct key *keys_read(const struct key *keys, void *target, const char *section,
                            const struct value *value);

/* Reads all entries of a section. */
void keys_read_section(const struct key *keys, void *target, const struct ini *ini,
                       const struct ini_section *section, struct diags *diags);

/* The field's value as keys_read() takes it. Not for STORE_OWN. The caller frees it. */
char *key_print(const struct key *key, const void *target);

/* What a value may be: "0 to 100", "off, or 1s to 1h", "full or brief"; "" for strings. The caller frees it.
 */
char *key_range(const struct key *key);

#endif
