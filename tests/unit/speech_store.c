#include "speech/store.h"
#include <stdbool.h>
#include <string.h>

enum { BYTES = 100000, N_TEXTS = 16, AHEAD = 16 };

static struct clip *put(struct store *store, const char *text)
{
    struct clip *clip = clip_chime(7);
    clip->chime = false;
    store_put(store, store_add(store, text, 3), clip, BYTES);
    return clip;
}

static struct clip *fetch(struct store *store, const char *text)
{
    return store_fetch(store, store_find(store, text));
}

static void touch(struct store *store, const char *text)
{
    clip_unref(fetch(store, text));
}

/* A clip that arrives long before it is needed must not be gone when it is. */
static void test_pinned(void)
{
    struct store store;
    store_init(&store, 0, AHEAD);
    put(&store, "a");
    put(&store, "b");
    g_assert_nonnull(store_find(&store, "a"));
    touch(&store, "a");
    touch(&store, "b");
    g_assert_nonnull(store_find(&store, "b"));
    put(&store, "c");
    touch(&store, "c");
    g_assert_null(store_find(&store, "a"));
    g_assert_null(store_find(&store, "b"));
    store_finish(&store);
}

static void test_least_recent(void)
{
    struct store store;
    store_init(&store, 3 * BYTES + BYTES / 2, AHEAD);
    for (const char *text = "a\0b\0c\0"; *text; text += 2) {
        put(&store, text);
        touch(&store, text);
    }
    touch(&store, "a");
    put(&store, "d");
    touch(&store, "d");
    put(&store, "e");
    g_assert_null(store_find(&store, "b"));
    g_assert_nonnull(store_find(&store, "a"));
    g_assert_nonnull(store_find(&store, "c"));
    g_assert_cmpuint(store.bytes - store_find(&store, "e")->bytes, <=, store.budget);
    store_finish(&store);
}

/* What is asked for once more is needed once more. */
static void test_kept(void)
{
    struct store store;
    store_init(&store, 0, AHEAD);
    put(&store, "a");
    touch(&store, "a");
    store_keep(&store, store_find(&store, "a"));
    put(&store, "b");
    touch(&store, "b");
    put(&store, "c");
    g_assert_null(store_find(&store, "b"));
    touch(&store, "a");
    put(&store, "d");
    g_assert_null(store_find(&store, "a"));
    store_finish(&store);
}

/* Fetches all that there is and asks for the first that is not; true if it was all. */
static bool gather(struct store *store, char (*texts)[4], int n)
{
    struct clip *held[N_TEXTS];
    int got = 0;
    while (got < n && store_find(store, texts[got])) {
        held[got] = fetch(store, texts[got]);
        got++;
    }
    if (got < n) put(store, texts[got]);
    for (int i = 0; i < got; i++) clip_unref(held[i]);
    return got == n;
}

/* A line needs all of its clips at once. However little room there is, it gets them, one more at each try. */
static void test_together(void)
{
    struct store store;
    char texts[N_TEXTS][4];
    int tries = 1;
    store_init(&store, 0, AHEAD);
    for (int i = 0; i < N_TEXTS; i++) g_snprintf(texts[i], sizeof texts[i], "%d", i);
    while (!gather(&store, texts, N_TEXTS) && tries <= N_TEXTS + 1) tries++;
    g_assert_cmpint(tries, ==, N_TEXTS + 1);
    store_finish(&store);
}

static void test_held(void)
{
    struct store store;
    store_init(&store, BYTES + BYTES / 2, AHEAD);
    struct clip *a = put(&store, "a");
    struct clip *held = fetch(&store, "a");
    g_assert_true(held == a);
    for (const char *text = "b\0c\0d\0"; *text; text += 2) {
        put(&store, text);
        touch(&store, text);
    }
    g_assert_true(store_find(&store, "a")->clip == held);
    clip_unref(held);
    put(&store, "e");
    touch(&store, "e");
    put(&store, "f");
    touch(&store, "f");
    g_assert_null(store_find(&store, "a"));
    store_finish(&store);
}

static void test_chime_stays(void)
{
    struct store store;
    store_init(&store, 0, AHEAD);
    store_put(&store, store_add(&store, "bad", 9), clip_chime(5), 0);
    touch(&store, "bad");
    put(&store, "a");
    touch(&store, "a");
    put(&store, "b");
    touch(&store, "b");
    g_assert_cmpint(store_find(&store, "bad")->source, ==, 9);
    store_finish(&store);
}

/* What was asked for in advance and jumped over is never fetched, and must leave all the same. */
static void test_left_behind(void)
{
    struct store store;
    store_init(&store, 20 * BYTES, AHEAD);
    for (int jump = 0; jump < 600; jump++) {
        for (int i = 0; i < 8; i++) {
            char text[16];
            g_snprintf(text, sizeof text, "%d %d", jump, i);
            put(&store, text);
        }
        g_assert_cmpuint(store.bytes, <=, 21 * (BYTES + 1000));
    }
    g_assert_cmpuint(g_hash_table_size(store.entries), <=, 21);
    store_finish(&store);
}

/* A helper still holds an entry that has not been spoken. */
static void test_left_behind_unspoken(void)
{
    struct store store;
    store_init(&store, 0, 1);
    struct entry *first = store_add(&store, "first", 1);
    put(&store, "second");
    put(&store, "third");
    g_assert_true(store_find(&store, "first") == first);
    g_assert_nonnull(store_find(&store, "third"));
    store_put(&store, first, clip_chime(1), 0);
    store_finish(&store);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/pinned", test_pinned);
    g_test_add_func("/store/least-recent", test_least_recent);
    g_test_add_func("/store/held", test_held);
    g_test_add_func("/store/kept", test_kept);
    g_test_add_func("/store/together", test_together);
    g_test_add_func("/store/chime-stays", test_chime_stays);
    g_test_add_func("/store/left-behind", test_left_behind);
    g_test_add_func("/store/left-behind-unspoken", test_left_behind_unspoken);
    return g_test_run();
}
