#include "history/kept.h"
#include "store_private.h"
#include <string.h>

enum { DAY_S = 24 * 60 * 60, PAIN_MOST = 5 };

static const int64_t MOMENT_MOST = INT64_C(1) << 40;

/* ---- reading ---- */

static int64_t integer_or(const struct query *query, int column, int64_t usual)
{
    return query_is_null(query, column) ? usual : query_integer(query, column);
}

/* What another program may have written is brought into its range. */
static int level_in(const struct query *query, int column)
{
    return (int)CLAMP(integer_or(query, column, LEVEL_NONE), LEVEL_NONE, LEVEL_MOST);
}

static int64_t moment_in(const struct query *query, int column)
{
    return CLAMP(integer_or(query, column, 0), 0, MOMENT_MOST);
}

static int zone_in(const struct query *query, int column)
{
    return (int)CLAMP(query_integer(query, column), -DAY_S, DAY_S);
}

static int count_in(const struct query *query, int column)
{
    return (int)CLAMP(query_integer(query, column), 0, G_MAXINT / 2);
}

bool kept_read(struct store *store, const char *routine, struct progress *kept, GError **error)
{
    *kept = progress_none();
    AUTO(query)
    query =
        query_new(store->db,
                  "SELECT level, judged, well, quiet, risen, risen_before, ask, proposed, caution, closing"
                  " FROM routine WHERE name = ?",
                  error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    const enum query_result result = query_next(query, error);
    if (result != QUERY_ROW) return result == QUERY_DONE;
    *kept = (struct progress){.level = level_in(query, 0),
                              .judged = query_integer(query, 1),
                              .well = count_in(query, 2),
                              .quiet = count_in(query, 3),
                              .risen = moment_in(query, 4),
                              .risen_before = moment_in(query, 5),
                              .ask = query_integer(query, 6) != 0,
                              .proposed = level_in(query, 7),
                              .caution = moment_in(query, 8),
                              .closing = moment_in(query, 9)};
    return true;
}

static struct practised session_in(const struct query *query)
{
    const int64_t done = query_integer(query, 3), holds = query_integer(query, 4),
                  by = query_integer(query, 8);
    const bool complete = query_integer(query, 5) != 0;
    return (struct practised){
        .id = query_integer(query, 0),
        .begun = moment_in(query, 1),
        .zone = zone_in(query, 2),
        .done = holds > 0 ? 10.0 * (double)done >= 9.0 * (double)holds : complete,
        .hard = g_strcmp0(query_text(query, 6), "hard") == 0,
        .hurt = query_integer(query, 7) > PAIN_MOST,
        .by = by >= LEVEL_BY_PROGRESS && by <= LEVEL_BY_LENGTH ? (enum level_by)by : LEVEL_BY_OPTION,
        .level = level_in(query, 9),
    };
}

/* Since the level was judged last, the last of them first. */
static bool read_recent(struct store *store, const char *routine, const struct progress *kept,
                        struct progress_facts *facts, struct practised *recent, GError **error)
{
    enum query_result result = QUERY_FAILED;
    AUTO(query)
    query =
        query_new(store->db,
                  "SELECT id, begun, begun_zone, holds_done, holds, complete, rating, pain,"
                  " level_given, level FROM session WHERE routine = ? AND id > ? ORDER BY id DESC LIMIT ?",
                  error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    query_bind(query, 2, kept->judged);
    query_bind(query, 3, KEPT_RECENT);
    while ((result = query_next(query, error)) == QUERY_ROW)
        recent[KEPT_RECENT - ++facts->n_recent] = session_in(query);
    memmove(recent, recent + KEPT_RECENT - facts->n_recent, (size_t)facts->n_recent * sizeof *recent);
    facts->recent = recent;
    return result == QUERY_DONE;
}

/* The last session before those. What a wrong clock has put into the future does not count. */
static bool read_last(struct store *store, const char *routine, struct progress_facts *facts, GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      "SELECT begun, begun_zone FROM session WHERE routine = ? AND begun <= ? AND id < ?"
                      " ORDER BY begun DESC LIMIT 1",
                      error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    query_bind(query, 2, facts->now + DAY_S);
    query_bind(query, 3, facts->n_recent > 0 ? facts->recent[0].id : INT64_MAX);
    const enum query_result result = query_next(query, error);
    if (result != QUERY_ROW) return result == QUERY_DONE;
    facts->last = moment_in(query, 0);
    facts->last_zone = zone_in(query, 1);
    return true;
}

/* No more than matter are looked for. Most routines are done once a day, so few rows are read. */
static bool read_days(struct store *store, const char *routine, struct progress_facts *facts, GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      "SELECT count(*) FROM (SELECT DISTINCT (begun + begun_zone) / 86400 FROM session"
                      " WHERE routine = ? LIMIT ?)",
                      error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    query_bind(query, 2, PROGRESS_DAYS);
    if (query_next(query, error) != QUERY_ROW) return false;
    facts->days = (int)query_integer(query, 0);
    return true;
}

bool kept_facts(struct store *store, const char *routine, const struct progress *kept,
                struct progress_facts *facts, struct practised *recent, GError **error)
{
    return read_recent(store, routine, kept, facts, recent, error) &&
           read_last(store, routine, facts, error) && read_days(store, routine, facts, error);
}

bool kept_routines(struct store *store, void (*each)(void *data, const char *routine), void *data,
                   GError **error)
{
    enum query_result result = QUERY_FAILED;
    AUTO(query)
    query =
        query_new(store->db, "SELECT name FROM routine UNION SELECT DISTINCT routine FROM session", error);
    if (!query) return false;
    while ((result = query_next(query, error)) == QUERY_ROW) each(data, query_text(query, 0));
    return result == QUERY_DONE;
}

/* ---- writing ---- */

static void bind_or_null(struct query *query, int parameter, int64_t value, int64_t none)
{
    if (value != none) query_bind(query, parameter, value);
}

bool kept_write(struct store *store, const char *routine, const struct progress *kept, GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      "INSERT OR REPLACE INTO routine (name, level, judged, well, quiet, risen, risen_before,"
                      " ask, proposed, caution, closing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    bind_or_null(query, 2, kept->level, LEVEL_NONE);
    query_bind(query, 3, kept->judged);
    query_bind(query, 4, kept->well);
    query_bind(query, 5, kept->quiet);
    bind_or_null(query, 6, kept->risen, 0);
    bind_or_null(query, 7, kept->risen_before, 0);
    query_bind(query, 8, kept->ask);
    bind_or_null(query, 9, kept->proposed, LEVEL_NONE);
    bind_or_null(query, 10, kept->caution, 0);
    bind_or_null(query, 11, kept->closing, 0);
    return query_next(query, error) == QUERY_DONE;
}

static bool set_level(struct store *store, const char *routine, int level, GError **error)
{
    struct progress kept;
    AUTO(query)
    query = query_new(store->db, "SELECT coalesce(max(id), 0) FROM session WHERE routine = ?", error);
    if (!query) return false;
    query_bind_text(query, 1, routine);
    if (query_next(query, error) != QUERY_ROW || !kept_read(store, routine, &kept, error)) return false;
    progress_set(&kept, level, query_integer(query, 0));
    return kept_write(store, routine, &kept, error);
}

bool kept_set_level(struct store *store, const char *routine, int level, GError **error)
{
    if (!db_run(store->db, "BEGIN IMMEDIATE", error)) return false;
    if (set_level(store, routine, level, error) && db_run(store->db, "COMMIT", error)) return true;
    db_run(store->db, "ROLLBACK", NULL);
    return false;
}
