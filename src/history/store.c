#include "store_private.h"
#include "base/diag.h"
#include "base/name.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

G_DEFINE_QUARK(stretchvoice - history, history_error)

enum { SHOWN_PATH = 300 };
enum { TURN_US = 10000, TURN_TRIES = 1000 }; /* ten seconds, as for SQLite's own locks */

/* Script n leads from form n to form n + 1. Those that have been released are never changed. Times are
 * seconds since 1970, zones the seconds by which local time was ahead then; lists of steps have a name on
 * each line. */
static const char *const SCRIPTS[] = {
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT," /* never used again for another session */
    " routine TEXT NOT NULL,"                /* its name, without the language */
    " title TEXT NOT NULL, language TEXT NOT NULL, file TEXT NOT NULL,"
    " begun INTEGER NOT NULL, begun_zone INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, ended_zone INTEGER NOT NULL,"
    " seconds INTEGER NOT NULL," /* practised: pauses do not count */
    " holds_done INTEGER NOT NULL, holds INTEGER NOT NULL,"
    " level INTEGER NOT NULL,"
    " skipped TEXT NOT NULL, longer TEXT NOT NULL, easier TEXT NOT NULL,"
    " complete INTEGER NOT NULL,"
    " rating TEXT, pain INTEGER, note TEXT);" /* by the user, afterwards */
    "CREATE INDEX session_begun ON session (begun, begun_zone, seconds);"
    "CREATE INDEX session_routine ON session (routine, begun, begun_zone);"
    "CREATE TABLE step ("
    " session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL," /* in the routine, from 1 */
    " name TEXT NOT NULL, title TEXT NOT NULL,"
    " seconds INTEGER NOT NULL, holds_done INTEGER NOT NULL, holds INTEGER NOT NULL,"
    " level INTEGER NOT NULL,"
    " skipped INTEGER NOT NULL, longer INTEGER NOT NULL, easier INTEGER NOT NULL,"
    " PRIMARY KEY (session, number)) WITHOUT ROWID;",

    "CREATE TABLE routine ("
    " name TEXT NOT NULL PRIMARY KEY,"      /* without the language */
    " level INTEGER,"                       /* its own; NULL: the settings' */
    " judged INTEGER NOT NULL DEFAULT 0,"   /* the last session that the level has taken into account */
    " well INTEGER NOT NULL DEFAULT 0,"     /* sessions running that were done and not hard */
    " quiet INTEGER NOT NULL DEFAULT 0,"    /* sessions to come in which it does not rise */
    " risen INTEGER, risen_before INTEGER," /* when it has risen last, and the time before */
    " ask INTEGER NOT NULL DEFAULT 0,"      /* whether it hurt the day after */
    " proposed INTEGER,"                    /* a level; NULL: none */
    " caution INTEGER, closing INTEGER)"    /* when each was last said in full */
    " WITHOUT ROWID;"
    "CREATE TABLE left_out ("
    " routine TEXT NOT NULL, step TEXT NOT NULL," /* names */
    " until INTEGER,"                             /* NULL: for good */
    " PRIMARY KEY (routine, step)) WITHOUT ROWID;"
    /* --level has chosen it for this session only */
    "ALTER TABLE session ADD COLUMN level_given INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX session_order ON session (routine, id);",
};

char *store_path(const char *directory)
{
    g_autofree char *usual = directory ? NULL : directory_path(DIRECTORY_DATA);
    return g_build_filename(directory ? directory : usual, "history.db", NULL);
}

/* ---- other files beside it ---- */

/* "…/history-WHAT.db" of "…/history.db", with a number where there is such a file. */
static char *name_beside(const char *path, const char *what)
{
    g_autofree char *directory = g_path_get_dirname(path), *file = g_path_get_basename(path);
    g_autofree char *stem = g_strndup(file, strcspn(file, "."));
    for (int i = 1;; i++) {
        g_autofree char *number = i > 1 ? g_strdup_printf("-%d", i) : g_strdup("");
        g_autofree char *name = g_strdup_printf("%s-%s%s.db", stem, what, number);
        g_autofree char *other = g_build_filename(directory, name, NULL);
        if (!g_file_test(other, G_FILE_TEST_EXISTS)) return g_steal_pointer(&other);
    }
}

static void rename_with(const char *path, const char *other, const char *extension)
{
    g_autofree char *from = g_strconcat(path, extension, NULL), *to = g_strconcat(other, extension, NULL);
    (void)g_rename(from, to);
}

/* Whether it still has this name: another program may have set it aside. */
static bool is_at(int fd, const char *path)
{
    struct stat opened, there;
    return fstat(fd, &opened) == 0 && g_stat(path, &there) == 0 && opened.st_dev == there.st_dev &&
           opened.st_ino == there.st_ino;
}

/* `damaged` is the file that was found to be so. Returns a sentence, or NULL if another program has been
 * quicker. */
static char *set_aside(const char *path, int damaged, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *date = g_date_time_format(now, "damaged-%Y-%m-%d");
    g_autofree char *other = name_beside(path, date);
    if (flock(damaged, LOCK_EX) != 0 || !is_at(damaged, path)) return NULL;
    if (g_rename(path, other) != 0) {
        g_set_error(error, HISTORY_ERROR, HISTORY_READ_ONLY, "it is damaged, and cannot be renamed (%s)",
                    g_strerror(errno));
        return NULL;
    }
    rename_with(path, other, "-wal");
    rename_with(path, other, "-shm");
    g_autofree char *shown = diag_shown(path, SHOWN_PATH), *shown_other = diag_shown(other, SHOWN_PATH);
    return g_strdup_printf("the history '%s' was damaged: it is now '%s', and a new one begins", shown,
                           shown_other);
}

/* ---- forms ---- */

static bool back_up(struct db *db, const char *path, int version, GError **error)
{
    g_autofree char *what = g_strdup_printf("before-%d", version);
    g_autofree char *other = name_beside(path, what);
    AUTO(query) query = query_new(db, "VACUUM INTO ?", error);
    if (!query) return false;
    query_bind_text(query, 1, other);
    mode_t before = umask(077); /* as private as the history itself */
    bool done = query_next(query, error) == QUERY_DONE;
    umask(before);
    return done;
}

static int64_t version_of(struct db *db, GError **error)
{
    return db_number(db, "PRAGMA user_version", -1, error);
}

static bool is_newer(int64_t version, int n, GError **error)
{
    if (version > n)
        g_set_error(error, HISTORY_ERROR, HISTORY_NEWER,
                    "a later version of stretchvoice has changed its form, so it is left alone");
    return version > n;
}

/* Another program may have done it meanwhile: the form is looked at again inside of the transaction. */
static bool run_script(struct db *db, const char *script, int version, GError **error)
{
    g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", version);
    if (!db_run(db, "BEGIN IMMEDIATE", error)) return false;
    int64_t now = version_of(db, error);
    bool done = now >= version || (now >= 0 && db_run(db, script, error) && db_run(db, mark, error));
    if (done && db_run(db, "COMMIT", error)) return true;
    db_run(db, "ROLLBACK", NULL);
    return false;
}

bool store_migrate(struct db *db, const char *path, const char *const *scripts, int n, GError **error)
{
    int64_t version = version_of(db, error);
    if (version < 0 || is_newer(version, n, error)) return false;
    const bool is_new = version == 0;
    for (; version < n; version++) {
        if (!is_new && !back_up(db, path, (int)version + 1, error)) return false;
        if (!run_script(db, scripts[version], (int)version + 1, error)) return false;
    }
    return true;
}

/* ---- opening ---- */

static bool check(struct db *db, GError **error)
{
    AUTO(query) query = query_new(db, "PRAGMA quick_check(1)", error);
    if (!query || query_next(query, error) != QUERY_ROW) return false;
    const char *found = query_text(query, 0);
    if (g_strcmp0(found, "ok") == 0) return true;
    g_set_error(error, HISTORY_ERROR, HISTORY_DAMAGED, "%s", found);
    return false;
}

/* The cache is small, since the check reads the whole file. */
static const char OPENING[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -256"; /* KiB */

/* The form comes first: one that is not known may need to be left alone in ways that are not known either. */
static bool prepare(struct db *db, const char *path, bool thorough, GError **error)
{
    int64_t version = version_of(db, error);
    return version >= 0 && !is_newer(version, G_N_ELEMENTS(SCRIPTS), error) && db_run(db, OPENING, error) &&
           (!thorough || check(db, error)) && store_migrate(db, path, SCRIPTS, G_N_ELEMENTS(SCRIPTS), error);
}

static struct store *store_of(struct db *db, const char *path)
{
    struct store *store = g_new0(struct store, 1);
    struct stat file;
    store->db = db;
    store->path = g_strdup(path);
    store->opened = -1;
    if (g_stat(path, &file) == 0) store->inode = file.st_ino;
    return store;
}

bool store_is_current(const struct store *store)
{
    struct stat file;
    return g_stat(store->path, &file) == 0 && file.st_ino == store->inode;
}

static struct store *try_open(const char *path, bool thorough, GError **error)
{
    AUTO(db) db = db_open(path, DB_WRITE, error);
    return db && prepare(db, path, thorough, error) ? store_of(g_steal_pointer(&db), path) : NULL;
}

/* Where two programs make the same file at once, SQLite refuses the journal mode to one of them without
 * waiting, and one sees the form that the other has half made. So they take turns; not for ever, since one
 * may be stopped. */
static void take_turn(int fd)
{
    for (int i = 0; i < TURN_TRIES && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; i++)
        g_usleep(TURN_US);
}

struct store *store_open(const char *path, bool thorough, char **said, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *directory = g_path_get_dirname(path);
    if (g_mkdir_with_parents(directory, 0700) != 0) {
        g_set_error(error, HISTORY_ERROR, HISTORY_READ_ONLY, "%s", g_strerror(errno));
        return NULL;
    }
    /* Only the user may read it. It may turn out to be damaged. */
    int before = open(path, O_RDONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
    if (before >= 0) take_turn(before);
    struct store *store = try_open(path, thorough, &problem);
    if (g_error_matches(problem, HISTORY_ERROR, HISTORY_DAMAGED) && before >= 0) {
        g_clear_error(&problem);
        char *sentence = set_aside(path, before, &problem);
        if (sentence) *said = sentence;
        if (!problem) store = try_open(path, thorough, &problem);
    }
    if (before >= 0) flock(before, LOCK_UN);
    if (store)
        store->opened = before;
    else if (before >= 0)
        close(before);
    if (problem) g_propagate_error(error, g_steal_pointer(&problem));
    return store;
}

/* ---- reading ---- */

static struct store *try_read(const char *path, enum db_mode mode, int wait_ms, GError **error)
{
    AUTO(db) db = db_open(path, mode, error);
    if (db) db_wait(db, wait_ms);
    int64_t version = db ? version_of(db, error) : -1;
    if (version < 0 || is_newer(version, G_N_ELEMENTS(SCRIPTS), error)) return NULL;
    if (version == G_N_ELEMENTS(SCRIPTS)) return store_of(g_steal_pointer(&db), path);
    g_set_error(error, HISTORY_ERROR, HISTORY_NONE, "an earlier version of stretchvoice has made it");
    return NULL;
}

/* SQLite reads its journal through a file that it may have to make beside it: on a disk where it cannot, and
 * so nothing else writes, the file alone is read. */
struct store *store_open_to_read(const char *path, int wait_ms, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, HISTORY_ERROR, HISTORY_NONE, "there is no history yet");
        return NULL;
    }
    struct store *store = try_read(path, DB_READ, wait_ms, &problem);
    if (g_error_matches(problem, HISTORY_ERROR, HISTORY_READ_ONLY)) {
        g_clear_error(&problem);
        store = try_read(path, DB_FROZEN, wait_ms, &problem);
    }
    if (problem) g_propagate_error(error, g_steal_pointer(&problem));
    return store;
}

void store_free(struct store *store)
{
    if (!store) return;
    db_free(store->db);
    if (store->opened >= 0) close(store->opened);
    g_free(store->path);
    g_free(store);
}
