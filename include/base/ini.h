/* INI files, read whole and with nothing lost in silence. Keys begin in the first column; an indented line
 * continues the text above it; " ;" begins a comment, "\;" is a ';'. Every problem of form is reported with
 * its line. */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/auto.h"
#include "base/diag.h"

struct ini_entry {
    const char *key;
    /* Without comments and outer spaces; may be "". Continued lines are joined by one space, or by two if the
     * line ended in a number and a full stop. */
    char *value;
    int line; /* of the key */
    int cut;  /* the line where " ;" right behind a word ended the text: perhaps not meant as a comment; 0:
                 none */
};

struct ini_section {
    const char *name;
    int line;                        /* of its header */
    const struct ini_entry *entries; /* in file order */
    guint n_entries;
};

/* Duplicate sections and keys are reported and kept, so that both are checked (unless diags_full()). */
struct ini {
    char *path;         /* as given, for messages */
    GArray *sections;   /* struct ini_section, in file order */
    GArray *entries;    /* struct ini_entry, of all sections; a section has a slice of it */
    GStringChunk *keys; /* as inih read them */
    GBytes *text;       /* the file; names and values are pieces of it */
};

enum { INI_LIMIT = 8 << 20 }; /* bytes of a file */

/* Reads a regular file (anything else is refused at once, without waiting for the writer of a FIFO). Problems
 * go to `diags`. NULL if nothing can be read: the file is over INI_LIMIT, in UTF-16, or its lines end with
 * CR. Otherwise what could be read, so that all problems of a file are reported in one pass: check
 * diags_errors() before using it for anything else. */
struct ini *ini_read(const char *path, struct diags *diags);

/* The same from `size` bytes of memory, which are copied. `path` is for messages, and for paths that count
 * from the file's directory: it need not exist. */
struct ini *ini_from_text(const char *text, gsize size, const char *path, struct diags *diags);

void ini_free(struct ini *ini);
AUTO_DEFINE(ini)

/* A value as ini_read() takes it. The caller frees it. */
char *ini_escaped(const char *value);

/* The first of the name, or NULL. Borrowed. */
const struct ini_section *ini_section(const struct ini *ini, const char *name);
const struct ini_entry *ini_entry(const struct ini_section *section, const char *key);

#endif
