/* Holds in breaths and times that are played and steered. */
#include "../lib/said.h"

static const char squats[] =
    "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 8 times\ntempo = 2-0-1\nrelease = Rest.\n",
                  breaths[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 4 breaths\nbreath = 1-2-1\n";

static void begin(struct live *live, const char *routine, int64_t into)
{
    live_init_with(live, routine, NULL);
    begin_hold(live, 0, into);
}

/* Round and phase change on the frame on which they begin. */
static void test_status(void)
{
    static const struct {
        const char *routine;
        int64_t frames;
        int left;
        enum cue_type phase;
    } cases[] = {
        {squats, 1, 8, CUE_OUT},         {squats, 2 * RATE - 1, 8, CUE_OUT},
        {squats, 2 * RATE, 8, CUE_IN},   {squats, 3 * RATE - 1, 8, CUE_IN},
        {squats, 3 * RATE, 7, CUE_OUT},  {squats, 24 * RATE - 2, 1, CUE_IN},
        {breaths, RATE, 4, CUE_KEEP},    {breaths, 3 * RATE, 4, CUE_OUT},
        {breaths, 12 * RATE, 1, CUE_IN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct live live;
        struct status status;
        begin(&live, cases[i].routine, cases[i].frames);
        status_of(&live, &status);
        g_assert_cmpint(status.units, ==, cases[i].routine == squats ? 8 : 4);
        g_assert_cmpint(status.units_left, ==, cases[i].left);
        g_assert_cmpint(status.phase, ==, cases[i].phase);
        g_assert_true(status_in_times(&status) == (cases[i].routine == squats));
        live_finish(&live);
    }
}

/* The beats under an answer have a tick instead of their number; the counting goes on right. */
static void test_where_in_times(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    begin(&live, squats, 5 * RATE + RATE / 2); /* in the second of eight */
    const struct cue hold = *nth(&live, SPAN_HOLD, 0);
    steer(&live, COMMAND_WHERE, 20000);
    said_until(&live, CUE_END, said);
    const struct said *left = said_words(said, "7 times left.");
    g_assert_cmpint(left->position, <, hold.frame + 6 * RATE);
    int64_t busy = 0;
    for (guint i = 0; i < said->len; i++) {
        const struct said *one = said_at(said, i);
        if (!one->text) continue;
        g_assert_cmpint(one->position, >=, busy);
        busy = one->position + one->frames;
    }
    guint beats = 0, ticks = 0;
    for (guint i = 0; i < said->len; i++) {
        const struct said *one = said_at(said, i);
        if (one->role != ROLE_COUNT && one->type != CUE_TICK) continue;
        g_assert_cmpint(one->position, ==, hold.frame + (int64_t)(2 + beats++) * 3 * RATE);
        ticks += one->type == CUE_TICK;
    }
    g_assert_cmpuint(beats, ==, 6);
    g_assert_cmpuint(ticks, ==, 1);
    said_words(said, "Eight.");
    live_finish(&live);
}

/* In the middle of a time it still counts as one; at its end the answer waits for the release. */
static void test_where_at_the_end(void)
{
    struct live live;
    g_autoptr(GArray) said = said_new();
    begin(&live, squats, 23 * RATE + RATE / 2);
    steer(&live, COMMAND_WHERE, 20000);
    said_until(&live, CUE_CHIME, said);
    g_assert_cmpuint(said_find(said, 0, "Rest."), <, said_find(said, 0, "a."));
    g_assert_cmpuint(said_find(said, 0, "1 time left."), ==, G_MAXUINT);
    live_finish(&live);
}

static const char both[] =
    "[routine]\ntitle = T\n[a]\nsides = right, left\n[a.lift]\nsay = Lift.\nhold = 2-6 times\n"
    "tempo = 1-0.5-1\nrelease = Rest.\n[a.breathe]\nsay = Breathe.\nhold = 2-4 breaths\nbreath = 1-1\n"
    "[a.jump]\nsay = Jump.\nhold = 5 times\ntempo = 1s\n";

/* Each beat of the hold has one sound: its number, or a tick. */
static void assert_beats(const struct timeline *timeline, const struct cue *hold, int64_t beat)
{
    int64_t next = hold->frame, end = hold->frame + hold->frames;
    g_assert_cmpint(hold->frames % beat, ==, 0);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->frame < hold->frame || cue->frame >= end) continue;
        if (cue->role != ROLE_COUNT && cue->type != CUE_TICK) continue;
        g_assert_cmpint(cue->frame, ==, next);
        next += beat;
    }
    g_assert_cmpint(next, ==, end);
}

static bool has_end(const struct timeline *timeline, const struct cue *hold)
{
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->type == CUE_END &&
            made_cue(timeline, i)->frame == hold->frame + hold->frames)
            return true;
    return false; /* it was left */
}

/* Whatever is asked, and whenever: words are whole, and each beat has its sound. */
static void test_any_commands(void)
{
    static const enum command_id ids[] = {COMMAND_WHERE,  COMMAND_LONGER, COMMAND_SHORTER, COMMAND_REPEAT,
                                          COMMAND_EASIER, COMMAND_HARDER, COMMAND_TOGGLE,  COMMAND_TOGGLE};
    g_autoptr(GRand) random = g_rand_new_with_seed(8);
    for (int session = 0; session < 12; session++) {
        struct live live;
        live_init_with(&live, both, (const char *const[]){"pace.prepare=0s", "pace.level=50", NULL});
        for (int i = 0; i < 150; i++) {
            const struct timeline *timeline = planner_timeline(live.made->planner);
            if (g_rand_int_range(random, 0, 3) == 0)
                give(&live, ids[g_rand_int_range(random, 0, G_N_ELEMENTS(ids))], 3);
            pull(&live, g_rand_int_range(random, 1, RATE));
            assert_no_overlap(&live);
            for (guint n = 0; made_nth(timeline, SPAN_HOLD, n); n++) {
                const struct cue *hold = made_nth(timeline, SPAN_HOLD, n);
                int64_t now = position(&live);
                if (hold->frame + hold->frames > now || !has_end(timeline, hold)) continue;
                int move = hold->place.move;
                if (move != 1 && hold->frame > now - 5 * RATE)
                    assert_beats(timeline, hold, move == 0 ? 5 * RATE / 2 : RATE);
            }
        }
        live_finish(&live);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rounds/status", test_status);
    g_test_add_func("/rounds/where", test_where_in_times);
    g_test_add_func("/rounds/where-at-the-end", test_where_at_the_end);
    g_test_add_func("/rounds/any-commands", test_any_commands);
    return g_test_run();
}
