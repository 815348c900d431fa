/* What store.c shows the other files of this directory. */
#ifndef HISTORY_STORE_PRIVATE_H
#define HISTORY_STORE_PRIVATE_H

#include "db.h"
#include "history/store.h"
#include <sys/stat.h>

struct store {
    struct db *db;
    char *path;
    ino_t inode; /* of the file when it was opened */
    int opened; /* the file once more, or -1; closed after the database: closing it gives up SQLite's locks */
};

/* Brings a database to the form of the last of `n` scripts, each in a transaction of its own; user_version
 * counts those that have been run. Before a script is run on a database that is not new, a copy is put beside
 * `path`. HISTORY_NEWER if it has seen more than `n`. */
bool store_migrate(struct db *db, const char *path, const char *const *scripts, int n, GError **error);

#endif
