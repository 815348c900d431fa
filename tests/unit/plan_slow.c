/* A voice that needs a second for a sentence, and a clock that is made up: it waits at first, and for no word
 * later. */
#include "../lib/made.h"

enum { TENTH = 10, AHEAD = 16, KEPT_S = 5 };

struct engine {
    struct made *made;
    GPtrArray *asked; /* char *, in order */
    guint spoken;     /* so many of them */
    double pace;      /* seconds a sentence */
    double worked;    /* on the next one, seconds */
};

static void work(struct engine *engine, double seconds)
{
    if (engine->spoken == engine->asked->len) return;
    engine->worked += seconds;
    if (engine->worked < engine->pace - 1e-6) return;
    engine->worked = 0;
    engine->spoken++;
}

static void ask(void *data, const char *text, int source)
{
    struct engine *engine = data;
    (void)source;
    if (!g_ptr_array_find_with_equal_func(engine->asked, text, g_str_equal, NULL))
        g_ptr_array_add(engine->asked, g_strdup(text));
}

static bool find(void *data, const char *text, struct spoken *spoken)
{
    struct engine *engine = data;
    guint at;
    ask(engine, text, 0);
    g_ptr_array_find_with_equal_func(engine->asked, text, g_str_equal, &at);
    g_hash_table_add(engine->made->asked, g_strdup(text));
    return at < engine->spoken && made_find(engine->made, text, spoken);
}

static void drop(void *data, struct clip *clip)
{
    made_drop(((struct engine *)data)->made, clip);
}

static double backlog(const struct engine *engine)
{
    return (engine->asked->len - engine->spoken) * engine->pace;
}

/* Seconds until it begins. */
static double wait(struct engine *engine, struct planner *planner)
{
    double seconds = 0;
    for (;; seconds += engine->pace) {
        planner_run(planner, INT64_MAX / 2);
        if (planner_lasts(planner, backlog(engine))) return seconds;
        work(engine, engine->pace);
    }
}

/* How often it waits for words, after it has begun. */
static int late(struct engine *engine, struct planner *planner, int rate)
{
    const struct timeline *timeline = planner_timeline(planner);
    int64_t position = 0;
    int times = 0;
    bool waits = false;
    for (; !planner_over(planner) || position < timeline_end(timeline); work(engine, 1.0 / TENTH)) {
        enum planner_state state = planner_run(planner, position + rate);
        bool dry = state == PLANNER_WAITING && timeline_final(timeline) < position + rate / TENTH;
        times += dry && !waits;
        waits = dry;
        if (!dry) position += rate / TENTH;
        planner_forget(planner, position - (int64_t)KEPT_S * rate);
    }
    return times;
}

static void play(const char *path, double pace, double *waited, int *times)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    AUTO(made) made = made_new(text, NULL);
    struct engine engine = {.made = made, .asked = g_ptr_array_new_with_free_func(g_free), .pace = pace};
    const struct planner_ops ops = {{&engine, find, drop}, ask, NULL};
    made->percent = 30; /* 67 ms a byte, as people speak */
    struct planner *planner = planner_new(&made->script, &made->timing, &ops, AHEAD);
    *waited = wait(&engine, planner);
    *times = late(&engine, planner, made->timing.rate);
    g_test_message("%s: %.1f s, then late %d times", path, *waited, *times);
    planner_free(planner);
    g_ptr_array_unref(engine.asked);
}

static void test_never_late(void)
{
    const char *const paths[] = {"config/routines/middle-back.ini", "config/routines/desk-break.ini",
                                 "config/routines/breathing.ini"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        double waited;
        int times;
        play(paths[i], 1, &waited, &times);
        g_assert_cmpfloat(waited, >, 1);
        g_assert_cmpfloat(waited, <, 30);
        g_assert_cmpint(times, ==, 0);
    }
}

/* The test can fail. */
static void test_too_slow(void)
{
    double waited;
    int times;
    play("config/routines/middle-back.ini", 8, &waited, &times);
    g_assert_cmpint(times, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slow/never-late", test_never_late);
    g_test_add_func("/slow/too-slow", test_too_slow);
    return g_test_run();
}
