#include "../lib/live.h"

enum { STEP = 500 };

/* Plays a step, and checks what was foreseen: also from what has been pulled, and not been heard yet. */
static void play_step(struct live *live)
{
    uint64_t begin = 0, end = 0, now = heard_frames(live), begun = 0, ended = 0;
    struct status status;
    const bool words = session_words(live->session, now, &begin, &end);
    status_of(live, &status);
    const bool inside = words && begin <= now && now < end;
    if (!status.stands) g_assert_cmpint(status.speaking, ==, inside);
    if (pull(live, STEP) < STEP) return;
    const bool known = session_words(live->session, now, &begun, &ended);
    if (!words) g_assert_true(!known || begun > now + 2 * RATE); /* too far ahead to be laid out */
    if (!words) return;
    g_assert_true(known);
    if (begin > now)
        g_assert_cmpuint(begun, ==, begin);
    else
        g_assert_cmpuint(begun, <=, now);
    g_assert_cmpuint(ended, ==, end);
}

static void play_for(struct live *live, double seconds)
{
    for (uint64_t end = heard_frames(live) + (uint64_t)(seconds * RATE); heard_frames(live) < end;) {
        const uint64_t before = heard_frames(live);
        play_step(live);
        if (heard_frames(live) == before) return;
    }
}

static void test_each_word_is_foreseen(void)
{
    struct live live;
    live_init(&live, NULL);
    play_for(&live, 60);
    g_assert_cmpuint(heard_frames(&live), >=, 60 * RATE);
    live_finish(&live);
}

static void test_seconds_ahead(void)
{
    struct live live;
    uint64_t begin, end;
    live_init(&live, NULL);
    begin_hold(&live, 0, 0);
    play_for(&live, 4);
    g_assert_true(session_words(live.session, heard_frames(&live), &begin, &end));
    play_to(&live, position(&live) + (int64_t)(begin - heard_frames(&live)) - 2 * RATE);
    uint64_t again = 0;
    g_assert_true(session_words(live.session, heard_frames(&live), &again, &end));
    g_assert_cmpuint(again, ==, begin);
    live_finish(&live);
}

static void test_in_a_pause_only_what_is_said_in_it(void)
{
    struct live live;
    uint64_t begin, end;
    live_init(&live, NULL);
    begin_hold(&live, 0, RATE);
    steer(&live, COMMAND_PAUSE, RATE);
    pull(&live, STEP);
    g_assert_true(session_words(live.session, heard_frames(&live), &begin, &end));
    g_assert_cmpuint(begin, <, heard_frames(&live) + RATE);
    pull_all(&live);
    g_assert_false(session_words(live.session, heard_frames(&live), &begin, &end));
    live_finish(&live);
}

static void test_nothing_without_sound(void)
{
    struct live live;
    uint64_t begin, end;
    live_init(&live, NULL);
    pull(&live, RATE);
    session_lost(live.session, true);
    g_assert_false(session_words(live.session, 0, &begin, &end));
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/foreseen", test_each_word_is_foreseen);
    g_test_add_func("/words/ahead", test_seconds_ahead);
    g_test_add_func("/words/pause", test_in_a_pause_only_what_is_said_in_it);
    g_test_add_func("/words/lost", test_nothing_without_sound);
    return g_test_run();
}
