#include "db.h"
#include "history/store.h"
#include <sqlite3.h>

enum { BUSY_MS = 10000 };

struct db {
    sqlite3 *handle;
};

struct query {
    sqlite3 *handle;
    sqlite3_stmt *statement;
    GPtrArray *mended; /* char *: texts of this row that were not UTF-8 in a damaged file */
};

/* ---- errors ---- */

static enum history_error kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return HISTORY_DAMAGED;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return HISTORY_READ_ONLY;
    default: return HISTORY_FAILED;
    }
}

/* Always false. */
static bool fail(sqlite3 *handle, GError **error)
{
    int code = handle ? sqlite3_extended_errcode(handle) : SQLITE_NOMEM;
    g_set_error_literal(error, HISTORY_ERROR, (int)kind_of(code),
                        handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    return false;
}

/* ---- the file ---- */

/* A path may hold what means something in a URI. */
static char *frozen_uri(const char *path)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    return g_strdup_printf("file:%s?immutable=1", escaped);
}

struct db *db_open(const char *path, enum db_mode mode, GError **error)
{
    struct db *db = g_new0(struct db, 1);
    g_autofree char *name = mode == DB_FROZEN ? frozen_uri(path) : g_strdup(path);
    int flags = mode == DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (mode == DB_FROZEN) flags |= SQLITE_OPEN_URI;
    if (sqlite3_open_v2(name, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        fail(db->handle, error);
        db_free(db);
        return NULL;
    }
    db_wait(db, BUSY_MS);
    return db;
}

void db_wait(struct db *db, int ms)
{
    sqlite3_busy_timeout(db->handle, ms);
}

void db_free(struct db *db)
{
    if (!db) return;
    sqlite3_close_v2(db->handle);
    g_free(db);
}

bool db_run(struct db *db, const char *sql, GError **error)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || fail(db->handle, error);
}

int64_t db_number(struct db *db, const char *sql, int64_t usual, GError **error)
{
    AUTO(query) query = query_new(db, sql, error);
    return query && query_next(query, error) == QUERY_ROW ? query_integer(query, 0) : usual;
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int db_changes(const struct db *db)
{
    return sqlite3_changes(db->handle);
}

/* ---- statements ---- */

struct query *query_new(struct db *db, const char *sql, GError **error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail(db->handle, error);
        return NULL;
    }
    struct query *query = g_new0(struct query, 1);
    *query = (struct query){db->handle, statement, g_ptr_array_new_with_free_func(g_free)};
    return query;
}

void query_free(struct query *query)
{
    if (!query) return;
    sqlite3_finalize(query->statement);
    g_ptr_array_unref(query->mended);
    g_free(query);
}

void query_bind(struct query *query, int parameter, int64_t value)
{
    sqlite3_bind_int64(query->statement, parameter, value);
}

void query_bind_text(struct query *query, int parameter, const char *text)
{
    sqlite3_bind_text(query->statement, parameter, text, -1, SQLITE_TRANSIENT);
}

enum query_result query_next(struct query *query, GError **error)
{
    int code = sqlite3_step(query->statement);
    g_ptr_array_set_size(query->mended, 0);
    if (code == SQLITE_ROW) return QUERY_ROW;
    if (code == SQLITE_DONE) return QUERY_DONE;
    fail(query->handle, error);
    return QUERY_FAILED;
}

bool query_is_null(const struct query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int64_t query_integer(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

const char *query_text(const struct query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    if (!text || g_utf8_validate(text, -1, NULL)) return text;
    g_ptr_array_add(query->mended, g_utf8_make_valid(text, -1));
    return query->mended->pdata[query->mended->len - 1];
}
