#include "history/query.h"
#include "store_private.h"

#define SESSION_COLUMNS                                                                                      \
    "id, routine, title, language, file, begun, begun_zone, ended, ended_zone, seconds, holds_done, holds, " \
    "level, skipped, longer, easier, complete, rating, pain, note, level_given"

/* Days that local time has begun. */
#define DAY "((begun + begun_zone) / 86400)"

static char *text(const struct query *query, int column)
{
    return (char *)query_text(query, column);
}

static int number(const struct query *query, int column)
{
    return (int)query_integer(query, column);
}

/* The texts are borrowed. */
static struct history_session session_in(const struct query *query)
{
    return (struct history_session){
        .id = query_integer(query, 0),
        .routine = text(query, 1),
        .title = text(query, 2),
        .language = text(query, 3),
        .file = text(query, 4),
        .begun = query_integer(query, 5),
        .begun_zone = number(query, 6),
        .ended = query_integer(query, 7),
        .ended_zone = number(query, 8),
        .seconds = query_integer(query, 9),
        .holds_done = number(query, 10),
        .holds = number(query, 11),
        .level = number(query, 12),
        .skipped = text(query, 13),
        .longer = text(query, 14),
        .easier = text(query, 15),
        .complete = query_integer(query, 16) != 0,
        .rating = text(query, 17),
        .pain = query_is_null(query, 18) ? PAIN_NONE : number(query, 18),
        .note = text(query, 19),
        .level_given = query_integer(query, 20) != 0,
    };
}

static bool each_of(struct query *query, void (*each)(void *data, const struct history_session *session),
                    void *data, GError **error)
{
    enum query_result result;
    while ((result = query_next(query, error)) == QUERY_ROW) {
        const struct history_session session = session_in(query);
        each(data, &session);
    }
    return result == QUERY_DONE;
}

bool history_sessions(struct store *store, int most,
                      void (*each)(void *data, const struct history_session *session), void *data,
                      GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      "SELECT " SESSION_COLUMNS " FROM session WHERE id IN"
                      " (SELECT id FROM session ORDER BY begun DESC, id DESC LIMIT ?) ORDER BY begun, id",
                      error);
    if (!query) return false;
    query_bind(query, 1, most > 0 ? most : -1);
    return each_of(query, each, data, error);
}

bool history_steps(struct store *store, int64_t session,
                   void (*each)(void *data, const struct history_step *step), void *data, GError **error)
{
    enum query_result result = QUERY_FAILED;
    AUTO(query)
    query = query_new(store->db,
                      "SELECT number, name, title, seconds, holds_done, holds, level, skipped, easier, longer"
                      " FROM step WHERE session = ? ORDER BY number",
                      error);
    if (!query) return false;
    query_bind(query, 1, session);
    while ((result = query_next(query, error)) == QUERY_ROW) {
        const struct history_step step = {
            .number = number(query, 0),
            .name = text(query, 1),
            .title = text(query, 2),
            .seconds = query_integer(query, 3),
            .holds_done = number(query, 4),
            .holds = number(query, 5),
            .level = number(query, 6),
            .skipped = number(query, 7) != 0,
            .easier = number(query, 8) != 0,
            .longer = number(query, 9),
        };
        each(data, &step);
    }
    return result == QUERY_DONE;
}

bool history_days(struct store *store, int64_t first,
                  void (*each)(void *data, int64_t day, int sessions, int64_t seconds), void *data,
                  GError **error)
{
    enum query_result result = QUERY_FAILED;
    AUTO(query)
    query = query_new(store->db,
                      "SELECT " DAY " AS day, count(*), sum(seconds) FROM session"
                      " WHERE begun >= ?1 * 86400 - 86400 AND " DAY " >= ?1 GROUP BY day ORDER BY day",
                      error);
    if (!query) return false;
    query_bind(query, 1, first);
    while ((result = query_next(query, error)) == QUERY_ROW)
        each(data, query_integer(query, 0), number(query, 1), query_integer(query, 2));
    return result == QUERY_DONE;
}

/* The names are few, and each has its last session in the index. */
bool history_last(struct store *store, const char *routine, int64_t *begun, int *zone)
{
    AUTO(query)
    query = query_new(store->db,
                      "WITH RECURSIVE names (name) AS (SELECT min(routine) FROM session UNION ALL"
                      " SELECT (SELECT min(routine) FROM session WHERE routine > name) FROM names"
                      "  WHERE name IS NOT NULL)"
                      " SELECT begun, begun_zone FROM session WHERE id IN"
                      " (SELECT (SELECT id FROM session WHERE routine = name ORDER BY begun DESC LIMIT 1)"
                      "  FROM names WHERE instr('+' || name || '+', '+' || ? || '+'))"
                      " ORDER BY begun DESC LIMIT 1",
                      NULL);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    if (query_next(query, NULL) != QUERY_ROW) return false;
    *begun = query_integer(query, 0);
    *zone = number(query, 1);
    return true;
}

/* ---- rating ---- */

bool history_rate(struct store *store, const char *rating, int pain, const char *note,
                  void (*each)(void *data, const struct history_session *session), void *data, GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      "UPDATE session SET rating = ?, pain = coalesce(?, pain), note = coalesce(?, note)"
                      " WHERE id = (SELECT max(id) FROM session)", /* the clock may have been wrong */
                      error);
    if (!query) return false;
    query_bind_text(query, 1, rating);
    if (pain != PAIN_NONE) query_bind(query, 2, pain);
    query_bind_text(query, 3, note);
    if (query_next(query, error) != QUERY_DONE) return false;
    AUTO(query)
    rated = query_new(store->db, "SELECT " SESSION_COLUMNS " FROM session ORDER BY id DESC LIMIT 1", error);
    return rated && each_of(rated, each, data, error);
}

/* ---- removing ---- */

static int forget(struct store *store, const char *sql, int64_t value, GError **error)
{
    if (!db_run(store->db, "PRAGMA secure_delete = ON", error)) return -1;
    AUTO(query) query = query_new(store->db, sql, error);
    if (!query) return -1;
    query_bind(query, 1, value);
    if (query_next(query, error) != QUERY_DONE) return -1;
    int n = db_changes(store->db);
    /* The journal still holds what was removed. While another program reads, it is emptied later. */
    db_run(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
    return n;
}

int history_forget(struct store *store, int64_t id, GError **error)
{
    return forget(store, "DELETE FROM session WHERE id = ?", id, error);
}

int history_forget_before(struct store *store, int64_t day, GError **error)
{
    return forget(store, "DELETE FROM session WHERE " DAY " < ?", day, error);
}
