/* All routines that are found by name. */
#ifndef APP_CATALOG_H
#define APP_CATALOG_H

#include "config/settings.h"
#include "routine/routine.h"
#include <stdbool.h>

struct catalog_entry {
    const char *name, *path;
    const GPtrArray *languages;    /* char *, of all its files, this one's among them */
    const struct routine *routine; /* NULL: it has problems */
    double seconds;                /* about; negative: not known, since no voice is found for it */
    guint warnings;                /* that 'check' has for it */
};

/* Reads one after the other, in the order of their names; of a routine in several languages the file that the
 * listener hears. A file or directory that cannot be read at all is
 * reported on standard error. */
void catalog_each(const struct settings *settings,
                  void (*found)(void *data, const struct catalog_entry *entry), void *data);

/* True if the routine is for this part of the body, however it is spelled; of NULL, for all. */
bool catalog_is_for(const struct catalog_entry *entry, const char *part);

#endif
