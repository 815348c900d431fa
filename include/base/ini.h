/* INI files, read whole and without a silent change.
 *
 * Our own reader keeps the texts, joins continued lines, strips comments and reports every problem of form
 * with its exact line. inih says which section an entry counts for, but only ever sees two short, safe lines
 * that the reader has for it: some builds cut lines at 200 bytes, merge long section names, take ':' for
 * '=' and lose what follows a NUL. */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/auto.h"
#include "base/diag.h"

struct ini_entry {
    char *key;
    char *value; /* comments and outer blanks gone, continued lines joined by one space; may be "" */
    int line;    /* of the key */
};

struct ini_section {
    char *name;
    int line;                        /* of its header */
    const struct ini_entry *entries; /* in file order */
    guint n_entries;
};

/* What stands twice is reported, and stands here twice too, so that the problems in both are found. */
struct ini {
    char *path;       /* as given, for messages */
    GArray *sections; /* struct ini_section, in file order */
    GArray *entries;  /* struct ini_entry, of all sections; these have slices of it */
    char *text;       /* the file; names, keys and values are pieces of it */
};

enum { INI_LIMIT = 8 << 20 }; /* bytes a file may have */

/* Reads a regular file (anything else is refused at once, without waiting on a FIFO). Problems go to `diags`.
 * NULL only if the file cannot be read at all: it is over INI_LIMIT, or in UTF-16, or its lines end with CR.
 * Otherwise what could be read, so that all problems of a file can be reported in one pass: whoever uses it
 * for more than that must look at diags_errors() first. */
struct ini *ini_read(const char *path, struct diags *diags);

/* The same from `size` bytes of memory, which are copied. `path` is for messages, and for paths that count
 * from the file's directory: it need not exist. */
struct ini *ini_from_text(const char *text, gsize size, const char *path, struct diags *diags);

void ini_free(struct ini *ini);
AUTO_DEFINE(ini)

/* The first of the name, NULL if there is none. Borrowed. */
const struct ini_section *ini_section(const struct ini *ini, const char *name);
const struct ini_entry *ini_entry(const struct ini_section *section, const char *key);

#endif
