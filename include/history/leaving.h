/* The steps that the user leaves out of a routine, for a time or for good. Names are those of the routine,
 * without the language, and of the step. Moments are seconds since 1970; 0 is for good. Each returns false
 * after an error. */
#ifndef HISTORY_LEAVING_H
#define HISTORY_LEAVING_H

#include "history/store.h"
#include <stdint.h>

struct left_step {
    char *routine, *step;
    bool out;      /* false: it is played again */
    int64_t until; /* the moment from which it is played again */
};

bool leaving_write(struct store *store, const struct left_step *left, GError **error);

/* Those that are left out at a moment, of a routine or (NULL) of all, in order of their names. The texts are
 * borrowed. */
bool leaving_read(struct store *store, const char *routine, int64_t now,
                  void (*each)(void *data, const struct left_step *left), void *data, GError **error);

/* Bytes for the program that writes, and back; NULL if that is none. */
GBytes *leaving_pack(const struct left_step *left);
struct left_step *leaving_unpack(const void *bytes, gsize size);
void leaving_free(struct left_step *left); /* one that was unpacked; NULL is fine */

#endif
