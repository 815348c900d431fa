/* The history: a damaged file is refused, and what is read of one is text and numbers. Also the record that
 * the session sends to the program that writes. The first byte says which. */
#include "fuzz.h"
#include "history/query.h"

static void look_at_session(void *data, const struct history_session *session)
{
    g_assert_true(!session->title || g_utf8_validate(session->title, -1, NULL));
    ++*(int *)data;
}

static void look_at_step(void *data, const struct history_step *step)
{
    g_assert_true(!step->name || g_utf8_validate(step->name, -1, NULL));
    ++*(int *)data;
}

static void look_at_day(void *data, int64_t day, int sessions, int64_t seconds)
{
    *(int *)data += day != 0 && sessions != 0 && seconds != 0;
}

static void read_database(const uint8_t *data, size_t size)
{
    int n = 0;
    g_assert_true(g_file_set_contents_full("history.db", (const char *)data, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    AUTO(store) store = store_open_to_read("history.db", 0, NULL);
    if (store) {
        history_sessions(store, 100, look_at_session, &n, NULL);
        history_steps(store, 1, look_at_step, &n, NULL);
        history_days(store, 0, look_at_day, &n, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    if (*data == 'S') /* of "SQLite format 3" */
        read_database(data, size);
    else
        record_free(record_unpack(data + 1, size - 1));
    return 0;
}
