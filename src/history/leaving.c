#include "history/leaving.h"
#include "store_private.h"

bool leaving_write(struct store *store, const struct left_step *left, GError **error)
{
    AUTO(query)
    query = query_new(store->db,
                      left->out ? "INSERT OR REPLACE INTO left_out (routine, step, until) VALUES (?, ?, ?)"
                                : "DELETE FROM left_out WHERE routine = ? AND step = ?",
                      error);
    if (!query) return false;
    query_bind_text(query, 1, left->routine);
    query_bind_text(query, 2, left->step);
    if (left->out && left->until > 0) query_bind(query, 3, left->until);
    return query_next(query, error) == QUERY_DONE;
}

bool leaving_read(struct store *store, const char *routine, int64_t now,
                  void (*each)(void *data, const struct left_step *left), void *data, GError **error)
{
    enum query_result result = QUERY_FAILED;
    AUTO(query)
    query = query_new(store->db,
                      "SELECT routine, step, coalesce(until, 0) FROM left_out"
                      " WHERE (?1 IS NULL OR routine = ?1) AND (until IS NULL OR until > ?2)"
                      " ORDER BY routine, step",
                      error);
    if (!query) return false;
    if (routine) query_bind_text(query, 1, routine);
    query_bind(query, 2, now);
    while ((result = query_next(query, error)) == QUERY_ROW) {
        const struct left_step left = {.routine = (char *)query_text(query, 0),
                                       .step = (char *)query_text(query, 1),
                                       .out = true,
                                       .until = query_integer(query, 2)};
        each(data, &left);
    }
    return result == QUERY_DONE;
}

#define FORM "(ssbx)"

GBytes *leaving_pack(const struct left_step *left)
{
    g_autoptr(GVariant) value = g_variant_ref_sink(
        g_variant_new(FORM, left->routine, left->step, (gboolean)left->out, (gint64)left->until));
    return g_variant_get_data_as_bytes(value);
}

struct left_step *leaving_unpack(const void *bytes, gsize size)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, size);
    g_autoptr(GVariant) value =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(FORM), copy, FALSE));
    if (!g_variant_is_normal_form(value)) return NULL;
    struct left_step *left = g_new0(struct left_step, 1);
    gboolean out;
    gint64 until;
    g_variant_get(value, FORM, &left->routine, &left->step, &out, &until);
    left->out = out;
    left->until = until;
    return left;
}

void leaving_free(struct left_step *left)
{
    if (!left) return;
    g_free(left->routine);
    g_free(left->step);
    g_free(left);
}
