/* What a class hears: where it is, for those who come late, and the answers to the leader's commands. */
#include "../lib/said.h"

static const char routine[] =
    "[routine]\ntitle = T\n"
    "[cobra]\ntitle = Cobra\nsetup = Lie down. Rest your head. Breathe out. Wait.\n"
    "say = Rise.\nhold = 110s\n"
    "[bridge]\ntitle = Bridge\nsetup = Lie down.\nsay = Lift.\nhold = 8s\nreps = 4\n";

enum { SOON_S = 20 };

static void init(struct live *live, const char *const *sets)
{
    live_init_with(live, routine, sets);
    pull(live, RATE);
    planner_run(live->made->planner, INT64_MAX);
}

static void set_seconds(struct live *live, int64_t seconds)
{
    session_set_time(live->session, seconds * G_USEC_PER_SEC, seconds * G_USEC_PER_SEC);
}

/* The seconds until `text` is said; -1 if it is not in so many. */
static double said_after(struct live *live, const char *text, int seconds)
{
    g_autoptr(GArray) said = said_new();
    uint64_t from = heard_frames(live);
    said_pull(live, seconds * RATE, said);
    for (guint i = 0; i < said->len; i++)
        if (g_strcmp0(said_at(said, i)->text, text) == 0)
            return (double)(said_at(said, i)->out - from) / RATE;
    return -1;
}

/* Wherever it is. */
static void test_soon_from_everywhere(void)
{
    struct live live;
    init(&live, NULL);
    steer(&live, COMMAND_NEXT, 0);
    for (int64_t seconds = 100; seconds < 300; seconds += 40) {
        set_seconds(&live, seconds);
        give(&live, COMMAND_RECAP, 0);
        g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), >=, 0);
    }
    steer(&live, COMMAND_NEXT, 0);
    for (int64_t seconds = 300; seconds < 420; seconds += 40) {
        set_seconds(&live, seconds);
        give(&live, COMMAND_RECAP, 0);
        g_assert_cmpfloat(said_after(&live, "We are at step 2: Bridge.", SOON_S), >=, 0);
    }
    live_finish(&live);
}

static void test_once_in_half_a_minute(void)
{
    struct live live;
    init(&live, NULL);
    steer(&live, COMMAND_NEXT, 0);
    set_seconds(&live, 100);
    give(&live, COMMAND_RECAP, 0);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), >=, 0);
    set_seconds(&live, 129);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), <, 0);
    set_seconds(&live, 131);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), >=, 0);
    live_finish(&live);
}

/* No sound answers it: the leader has not asked. And there is nothing to say before the first step. */
static void test_it_interrupts_no_one(void)
{
    struct live live;
    init(&live, NULL);
    set_seconds(&live, 100);
    give(&live, COMMAND_RECAP, 0);
    g_assert_true(live.session->ack == SESSION_NO_SOUND);
    g_assert_null(session_take_answer(live.session));
    give(&live, COMMAND_NEXT, 0);
    pull(&live, RATE);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpuint(live.session->ack, <, heard_frames(&live));
    live_finish(&live);
}

static void test_in_a_pause(void)
{
    struct live live;
    init(&live, NULL);
    steer(&live, COMMAND_NEXT, 0);
    give(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    set_seconds(&live, 100);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), >=, 0);
    g_assert_true(live.session->paused);
    live_finish(&live);
}

/* Whether the answer to `where` is heard; it can be read in any case. */
static bool answers_aloud(const char *device, const char *answers)
{
    struct live live;
    init(&live, (const char *const[]){device, answers, NULL});
    steer(&live, COMMAND_NEXT, 0);
    planner_run(live.made->planner, INT64_MAX);
    play_to(&live, nth(&live, SPAN_HOLD, 0)->frame + RATE);
    g_free(session_take_answer(live.session));
    give(&live, COMMAND_WHERE, 0);
    g_autofree char *read = session_take_answer(live.session);
    g_assert_true(g_str_has_prefix(read, "Cobra."));
    bool aloud = said_after(&live, "Cobra.", 5) >= 0;
    set_seconds(&live, 100);
    give(&live, COMMAND_RECAP, 0);
    g_assert_cmpfloat(said_after(&live, "We are at step 1: Cobra.", SOON_S), >=, 0);
    live_finish(&live);
    return aloud;
}

static void test_answers(void)
{
    g_assert_true(answers_aloud("sound.device=fifo:/nowhere", "class.answers=yes"));
    g_assert_false(answers_aloud("sound.device=fifo:/nowhere", "class.answers=no"));
    g_assert_true(answers_aloud("sound.device=null", "class.answers=no")); /* there is no class */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recap/soon-from-everywhere", test_soon_from_everywhere);
    g_test_add_func("/recap/once-in-half-a-minute", test_once_in_half_a_minute);
    g_test_add_func("/recap/it-interrupts-no-one", test_it_interrupts_no_one);
    g_test_add_func("/recap/in-a-pause", test_in_a_pause);
    g_test_add_func("/recap/answers", test_answers);
    return g_test_run();
}
