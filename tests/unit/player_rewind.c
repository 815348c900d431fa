/* What was pulled and never heard, since the ring was flushed or the device was lost. */
#include "../lib/live.h"

static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go there and stay.\nhold = 20s\n";

/* A pause in which all has been said, and a question in it. */
static guint ask_in_a_pause(struct live *live)
{
    live_init_with(live, routine, NULL);
    begin_hold(live, 0, RATE);
    steer(live, COMMAND_PAUSE, 0);
    pull_all(live);
    give(live, COMMAND_WHERE, 0);
    return live->heard->len;
}

/* It is said from where it was heard, be that its very beginning; only its acknowledging sound is not
 * repeated. */
static void test_answer(void)
{
    static const int heard[] = {0, RATE / 2};
    for (guint i = 0; i < G_N_ELEMENTS(heard); i++) {
        struct live whole, cut;
        guint from = ask_in_a_pause(&whole);
        g_assert_cmpuint(ask_in_a_pause(&cut), ==, from);
        pull_all(&whole);
        pull(&cut, heard[i]);
        queue_in_vain(&cut, 10 * RATE);
        pull_all(&cut);
        g_assert_cmpuint(cut.heard->len, ==, whole.heard->len);
        from += 2 * (guint)ack_frames(&whole, OCCASION_ACK);
        for (; from < whole.heard->len; from++)
            g_assert_cmpint(g_array_index(cut.heard, int16_t, from), ==,
                            g_array_index(whole.heard, int16_t, from));
        live_finish(&whole);
        live_finish(&cut);
    }
}

/* A sound that acknowledges a command does not come when the command is long past. */
static void test_acknowledging_sound(void)
{
    struct live live;
    live_init_with(&live, routine, NULL);
    begin_hold(&live, 0, RATE);
    give(&live, COMMAND_QUIETER, 0);
    queue_in_vain(&live, 500);
    session_lost(live.session, true);
    session_lost(live.session, false);
    assert_wakes(&live, 0);
    live_finish(&live);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rewind/answer", test_answer);
    g_test_add_func("/rewind/acknowledging-sound", test_acknowledging_sound);
    return g_test_run();
}
