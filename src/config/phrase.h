/* The one table of phrases: their keys in a profile, the fields they may have, and their English. */
#ifndef CONFIG_PHRASE_H
#define CONFIG_PHRASE_H

#include "config/voice.h"

enum { PHRASE_FIELDS = 3 };

struct phrase_row {
    const char *key;
    const char *english;                   /* as a profile would have it */
    const char *fields[PHRASE_FIELDS + 1]; /* NULL-terminated */
    bool counts;                           /* its singular is the next row */
    bool quoted;                           /* stands in double quotes, so that its outer blanks stay */
};

extern const struct phrase_row PHRASES[N_PHRASES];

/* -1 after a report that names the nearest one. */
int phrase_find(const char *key, const struct diag_location *place, struct diags *diags);

/* The phrase as it is used, from a value of a profile; NULL after a report of what is wrong with it. The
 * caller frees it. */
char *phrase_read(enum phrase phrase, const char *value, const struct diag_location *place,
                  struct diags *diags);

#endif
