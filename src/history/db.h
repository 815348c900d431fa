/* SQLite as the rest of this directory sees it: the only file that includes its header is db.c. One thread.
 * Every error is a HISTORY_ERROR (store.h) whose message is what SQLite says. */
#ifndef HISTORY_DB_H
#define HISTORY_DB_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct db;

enum db_mode {
    DB_WRITE,  /* the file is made if there is none */
    DB_READ,   /* there must be one; others may write meanwhile */
    DB_FROZEN, /* the same, on a disk that cannot be written: nothing else writes */
};

struct db *db_open(const char *path, enum db_mode mode, GError **error);
void db_wait(struct db *db, int ms); /* for another program that has locked it: 10 s otherwise */
void db_free(struct db *db);         /* NULL is fine */
AUTO_DEFINE(db)

/* Runs statements that give no rows, or whose rows do not matter. */
bool db_run(struct db *db, const char *sql, GError **error);

/* The number in the first column of the first row; `usual` if there is no row, or after an error. */
int64_t db_number(struct db *db, const char *sql, int64_t usual, GError **error);

int64_t db_last_id(const struct db *db); /* of the row that was inserted last */
int db_changes(const struct db *db);     /* rows that the last statement has changed */

/* --- statements with values --- */

struct query;

/* NULL after an error. It ends before its database. */
struct query *query_new(struct db *db, const char *sql, GError **error);
void query_free(struct query *query);
AUTO_DEFINE(query)

/* Parameters count from 1, and are copied. A text may be NULL. */
void query_bind(struct query *query, int parameter, int64_t value);
void query_bind_text(struct query *query, int parameter, const char *text);

enum query_result { QUERY_ROW, QUERY_DONE, QUERY_FAILED };

/* The next row; QUERY_FAILED sets `error`. */
enum query_result query_next(struct query *query, GError **error);

/* Of the row; columns count from 0. The text is UTF-8, borrowed until the next row, and may be NULL. */
bool query_is_null(const struct query *query, int column);
int64_t query_integer(const struct query *query, int column);
const char *query_text(const struct query *query, int column);

#endif
