#include "history/record.h"
#include "history/kept.h"
#include "store_private.h"
#include <string.h>

#define SESSION_FORM "(ssssxixixiiisssbbbs)"
#define STEP_FORM "(issxiiibbi)"
#define KEPT_FORM "(bixiixxbixx)"
#define RECORD_FORM "(" SESSION_FORM "a" STEP_FORM KEPT_FORM ")"

/* ---- the way to the other end ---- */

static GVariant *pack_session(const struct history_session *s)
{
    return g_variant_new(SESSION_FORM, s->routine, s->title, s->language, s->file, s->begun, s->begun_zone,
                         s->ended, s->ended_zone, s->seconds, s->holds_done, s->holds, s->level, s->skipped,
                         s->longer, s->easier, (gboolean)s->complete, (gboolean)s->level_given,
                         (gboolean)s->level_fitted, s->rating ? s->rating : "");
}

static GVariant *pack_kept(const struct history_record *record)
{
    const struct progress *k = &record->kept;
    return g_variant_new(KEPT_FORM, (gboolean)record->keeps, k->level, k->judged, k->well, k->quiet, k->risen,
                         k->risen_before, (gboolean)k->ask, k->proposed, k->caution, k->closing);
}

static GVariant *pack_step(const struct history_step *s)
{
    return g_variant_new(STEP_FORM, s->number, s->name, s->title, s->seconds, s->holds_done, s->holds,
                         s->level, (gboolean)s->skipped, (gboolean)s->easier, s->longer);
}

GBytes *record_pack(const struct history_record *record)
{
    GVariantBuilder steps;
    g_variant_builder_init(&steps, G_VARIANT_TYPE("a" STEP_FORM));
    for (guint i = 0; i < record->steps->len; i++)
        g_variant_builder_add_value(&steps, pack_step(&g_array_index(record->steps, struct history_step, i)));
    g_autoptr(GVariant) value = g_variant_ref_sink(
        g_variant_new("(@" SESSION_FORM "@a" STEP_FORM "@" KEPT_FORM ")", pack_session(&record->session),
                      g_variant_builder_end(&steps), pack_kept(record)));
    return g_variant_get_data_as_bytes(value);
}

static void unpack_session(GVariant *value, struct history_session *s)
{
    gboolean complete, given, fitted;
    gint64 begun, ended, seconds;
    g_variant_get(value, SESSION_FORM, &s->routine, &s->title, &s->language, &s->file, &begun, &s->begun_zone,
                  &ended, &s->ended_zone, &seconds, &s->holds_done, &s->holds, &s->level, &s->skipped,
                  &s->longer, &s->easier, &complete, &given, &fitted, &s->rating);
    if (!*s->rating) g_clear_pointer(&s->rating, g_free);
    s->level_given = given;
    s->level_fitted = fitted;
    s->begun = begun;
    s->ended = ended;
    s->seconds = seconds;
    s->complete = complete;
    s->pain = PAIN_NONE;
}

static void unpack_kept(GVariant *value, struct history_record *record)
{
    gboolean keeps, ask;
    gint64 judged, risen, risen_before, caution, closing;
    struct progress *k = &record->kept;
    g_variant_get(value, KEPT_FORM, &keeps, &k->level, &judged, &k->well, &k->quiet, &risen, &risen_before,
                  &ask, &k->proposed, &caution, &closing);
    record->keeps = keeps;
    k->judged = judged;
    k->risen = risen;
    k->risen_before = risen_before;
    k->ask = ask;
    k->caution = caution;
    k->closing = closing;
}

static void unpack_step(GVariant *value, struct history_step *s)
{
    gboolean skipped, easier;
    gint64 seconds;
    g_variant_get(value, STEP_FORM, &s->number, &s->name, &s->title, &seconds, &s->holds_done, &s->holds,
                  &s->level, &skipped, &easier, &s->longer);
    s->seconds = seconds;
    s->skipped = skipped;
    s->easier = easier;
}

static void clear_step(gpointer data)
{
    struct history_step *step = data;
    g_free(step->name);
    g_free(step->title);
}

struct history_record *record_unpack(const void *bytes, gsize size)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, size); /* aligned */
    g_autoptr(GVariant) value =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(RECORD_FORM), copy, FALSE));
    if (!g_variant_is_normal_form(value)) return NULL;
    struct history_record *record = g_new0(struct history_record, 1);
    record->steps = g_array_new(FALSE, TRUE, sizeof(struct history_step));
    g_array_set_clear_func(record->steps, clear_step);
    g_autoptr(GVariant) session = g_variant_get_child_value(value, 0),
                        steps = g_variant_get_child_value(value, 1),
                        kept = g_variant_get_child_value(value, 2);
    unpack_session(session, &record->session);
    unpack_kept(kept, record);
    g_array_set_size(record->steps, (guint)g_variant_n_children(steps));
    for (guint i = 0; i < record->steps->len; i++) {
        g_autoptr(GVariant) step = g_variant_get_child_value(steps, i);
        unpack_step(step, &g_array_index(record->steps, struct history_step, i));
    }
    return record;
}

void history_session_clear(struct history_session *session)
{
    char *texts[] = {session->routine, session->title,  session->language, session->file, session->skipped,
                     session->longer,  session->easier, session->rating,   session->note};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
    memset(session, 0, sizeof *session);
}

void record_free(struct history_record *record)
{
    if (!record) return;
    history_session_clear(&record->session);
    g_array_unref(record->steps);
    g_free(record);
}

/* ---- writing ---- */

/* enum level_by, as the column has it. */
static int level_by(const struct history_session *s)
{
    return s->level_fitted ? LEVEL_BY_LENGTH : s->level_given ? LEVEL_BY_OPTION : LEVEL_BY_PROGRESS;
}

/* The parameters have the order of the columns; number 17 is the session's id. */
static const char INSERT_SESSION[] =
    "INSERT INTO session (routine, title, language, file, begun, begun_zone, ended, ended_zone, seconds,"
    " holds_done, holds, level, skipped, longer, easier, complete, id, level_given, rating)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, nullif(?17, 0), ?18,"
    " ?19)";
/* One that the user has forgotten meanwhile stays so. */
static const char UPDATE_SESSION[] =
    "UPDATE session SET routine = ?1, title = ?2, language = ?3, file = ?4, begun = ?5, begun_zone = ?6,"
    " ended = ?7, ended_zone = ?8, seconds = ?9, holds_done = ?10, holds = ?11, level = ?12, skipped = ?13,"
    " longer = ?14, easier = ?15, complete = ?16, level_given = ?18, rating = coalesce(?19, rating)"
    " WHERE id = ?17";
static const char REPLACE_STEP[] =
    "INSERT OR REPLACE INTO step (number, name, title, seconds, holds_done, holds, level, skipped, easier,"
    " longer, session) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

static bool run(struct query *query, GError **error)
{
    return query_next(query, error) == QUERY_DONE;
}

static void bind_session(struct query *query, const struct history_session *s)
{
    const char *const names[] = {s->routine, s->title, s->language, s->file};
    const int64_t numbers[] = {s->begun,   s->begun_zone, s->ended, s->ended_zone,
                               s->seconds, s->holds_done, s->holds, s->level};
    const char *const lists[] = {s->skipped, s->longer, s->easier};
    int parameter = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) query_bind_text(query, parameter++, names[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) query_bind(query, parameter++, numbers[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) query_bind_text(query, parameter++, lists[i]);
    query_bind(query, parameter++, s->complete);
    query_bind(query, parameter++, s->id);
    query_bind(query, parameter++, level_by(s));
    query_bind_text(query, parameter, s->rating);
}

static bool write_step(struct db *db, const struct history_step *s, int64_t session, GError **error)
{
    AUTO(query) query = query_new(db, REPLACE_STEP, error);
    if (!query) return false;
    const int64_t numbers[] = {s->seconds, s->holds_done, s->holds,  s->level,
                               s->skipped, s->easier,     s->longer, session};
    query_bind(query, 1, s->number);
    query_bind_text(query, 2, s->name);
    query_bind_text(query, 3, s->title);
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) query_bind(query, 4 + (int)i, numbers[i]);
    return run(query, error);
}

/* `*id` becomes that of the row. */
static bool write_rows(struct db *db, const struct history_record *record, guint from, int64_t *id,
                       GError **error)
{
    bool is_new = record->session.id == 0;
    AUTO(query) query = query_new(db, is_new ? INSERT_SESSION : UPDATE_SESSION, error);
    if (!query) return false;
    bind_session(query, &record->session);
    if (!run(query, error)) return false;
    *id = is_new ? db_last_id(db) : record->session.id;
    if (db_changes(db) == 0) return true;
    for (guint i = from; i < record->steps->len; i++)
        if (!write_step(db, &g_array_index(record->steps, struct history_step, i), *id, error)) return false;
    return true;
}

/* What else is kept of the routine may have been set meanwhile, so later only the closing is written. */
static bool write_kept(struct store *store, const struct history_record *record, GError **error)
{
    const struct history_session *session = &record->session;
    struct progress kept = record->kept;
    if (!record->keeps || (session->id != 0 && !session->complete)) return true;
    if (session->id != 0 && !kept_read(store, session->routine, &kept, error)) return false;
    kept.closing = record->kept.closing;
    return kept_write(store, session->routine, &kept, error);
}

bool record_write(struct store *store, struct history_record *record, guint from, GError **error)
{
    int64_t id = 0;
    if (!db_run(store->db, "BEGIN IMMEDIATE", error)) return false;
    if (write_rows(store->db, record, from, &id, error) && write_kept(store, record, error) &&
        db_run(store->db, "COMMIT", error)) {
        record->session.id = id;
        return true;
    }
    db_run(store->db, "ROLLBACK", NULL);
    return false;
}
