/* Waiting for a voice that has not spoken enough yet. */
#include "../lib/live.h"

static enum status_state state_of(struct live *live, bool for_voice)
{
    struct status status;
    status_of(live, &status);
    g_assert_cmpint(status.for_voice, ==, for_voice);
    g_assert_cmpint(status.frame, ==, 0);
    return status.state;
}

static void init(struct live *live)
{
    live_init(live, NULL);
    session_await_voice(live->session, true);
}

static void test_waits(void)
{
    struct live live;
    init(&live);
    for (int i = 0; i < 3; i++) {
        struct status status;
        g_assert_cmpint(pull(&live, 5000), ==, 0);
        g_assert_true(session_resting(live.session));
        g_assert_cmpint(state_of(&live, true), ==, STATUS_WAITING);
        status_of(&live, &status);
        g_assert_true(status.stands && !status.speaking);
        guint from = (guint)heard_frames(&live);
        session_remind(live.session);
        const int frames = (int)live.made->tones.tone[OCCASION_WAIT].frames;
        g_assert_cmpint(pull_all(&live), ==, frames); /* without noise: no headphones fall asleep */
        g_assert_cmpint(peak_of(&live, from, (guint)frames), >, 500);
    }
    live_finish(&live);
}

/* What is heard then is what would have been heard from the beginning. */
static void assert_begins(struct live *live)
{
    enum { FRAMES = 10 * RATE };
    struct live other;
    guint from = (guint)heard_frames(live);
    live_init(&other, NULL);
    g_assert_cmpint(pull(live, FRAMES), ==, FRAMES);
    g_assert_cmpint(pull(&other, FRAMES), ==, FRAMES);
    g_assert_cmpmem(&g_array_index(live->heard, int16_t, 2 * from), (gsize)FRAMES * 4, other.heard->data,
                    (gsize)FRAMES * 4);
    g_assert_cmpint(position(live), ==, FRAMES);
    live_finish(&other);
}

/* The sound ends with the wait: what of it is queued is not heard, and nothing of it lies over the words. */
static void test_ends_at_once(void)
{
    for (int whole = 0; whole < 2; whole++) {
        struct live live;
        init(&live);
        session_remind(live.session);
        g_assert_cmpint(pull(&live, 3000), ==, 3000);
        if (whole)
            pull_all(&live);
        else
            queue_in_vain(&live, 2000);
        session_await_voice(live.session, false);
        assert_begins(&live);
        live_finish(&live);
    }
}

/* A pause is a pause, also before the beginning, and it is not reminded of the voice then. */
static void test_paused(void)
{
    struct live live;
    init(&live);
    steer(&live, COMMAND_PAUSE, 0);
    pull_all(&live);
    g_assert_cmpint(state_of(&live, false), ==, STATUS_PAUSED);
    session_remind(live.session);
    g_assert_cmpint(pull(&live, 5000), ==, 0);
    session_await_voice(live.session, false);
    g_assert_cmpint(pull(&live, 5000), ==, 0);
    steer(&live, COMMAND_RESUME, 0);
    g_assert_cmpint(pull(&live, 3 * RATE), ==, 3 * RATE);
    g_assert_cmpint(position(&live), >, RATE);
    live_finish(&live);
}

static void test_resumed(void)
{
    struct live live;
    init(&live);
    steer(&live, COMMAND_TOGGLE, 0);
    steer(&live, COMMAND_TOGGLE, 0);
    pull_all(&live);
    g_assert_cmpint(state_of(&live, true), ==, STATUS_WAITING);
    live_finish(&live);
}

/* It is not the user who is waited for. */
static void test_where(void)
{
    struct live live;
    init(&live);
    steer(&live, COMMAND_WHERE, 0);
    pull_all(&live);
    g_autofree char *answer = session_take_answer(live.session);
    g_assert_nonnull(answer);
    g_assert_null(strstr(answer, "press play"));
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/voice/waits", test_waits);
    g_test_add_func("/voice/ends-at-once", test_ends_at_once);
    g_test_add_func("/voice/paused", test_paused);
    g_test_add_func("/voice/resumed", test_resumed);
    g_test_add_func("/voice/where", test_where);
    return g_test_run();
}
