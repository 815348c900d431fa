/* The file of the history, an SQLite database: opened, brought to the present form, set aside where it is
 * damaged. Calls wait for the disk, so a program that plays leaves them to stretchvoice-history. */
#ifndef HISTORY_STORE_H
#define HISTORY_STORE_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>

#define HISTORY_ERROR (history_error_quark())
GQuark history_error_quark(void);

enum history_error {
    HISTORY_NONE,      /* there is no file yet */
    HISTORY_DAMAGED,   /* it is no database, or a broken one */
    HISTORY_NEWER,     /* a later version of this program has changed its form */
    HISTORY_READ_ONLY, /* it cannot be opened, or not be written */
    HISTORY_FAILED,    /* a full disk, and whatever else goes wrong */
};

struct store;

/* "history.db" in a directory for data; NULL is the usual one. To be freed. */
char *store_path(const char *directory);

/* For writing. A directory and a file that are missing are made. An older form is brought to the present one,
 * after a copy has been put beside it ("history-before-2.db"). A file that is damaged gets another name
 * ("history-damaged-2026-11-30.db"), a new one begins, and `*said` becomes a sentence about it (to be freed;
 * otherwise it is left alone). `thorough` reads all of it to find damage, in time that grows with its size.
 */
struct store *store_open(const char *path, bool thorough, char **said, GError **error);

/* For reading, which changes nothing; also on a disk that cannot be written. HISTORY_NONE without a file. A
 * program that has locked it is waited for up to `wait_ms`. */
enum { STORE_PATIENT_MS = 10000 };
struct store *store_open_to_read(const char *path, int wait_ms, GError **error);

/* False once the file has been removed, or set aside by another program: what is written goes nowhere. */
bool store_is_current(const struct store *store);

void store_free(struct store *store); /* NULL is fine */
AUTO_DEFINE(store)

#endif
