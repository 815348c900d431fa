/* The planner steered, without a session around it. */
#include "../lib/made.h"

#define RATE 48000

static const char sets[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20-30s\nsets = 2\nrest = 12s\n";
static const char sided[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\nsides = right, left\n";

static const struct cue *nth(const struct made *made, enum cue_type type, guint n)
{
    const struct cue *cue = made_nth(planner_timeline(made->planner), type, n);
    g_assert_nonnull(cue);
    return cue;
}

static const struct cue *with_role(const struct made *made, enum role role)
{
    const struct timeline *timeline = planner_timeline(made->planner);
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->role == role) return made_cue(timeline, i);
    g_assert_not_reached();
}

/* A rest belongs to the set that follows: what is changed in it counts there, while its announcement is said
 * as well as in its silence. */
static void test_effort_in_a_rest(void)
{
    for (int in_silence = 0; in_silence < 2; in_silence++) {
        AUTO(made) made = made_new(sets, NULL);
        made_whole(made);
        const struct cue *rest = in_silence ? nth(made, SPAN_REST, 0) : with_role(made, ROLE_REST);
        planner_change_effort(made->planner, rest->frame + 1, (struct effort){.level = 100, .hold = 100});
        made_whole(made);
        g_assert_cmpint(nth(made, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
        g_assert_cmpint(nth(made, SPAN_HOLD, 1)->frames, ==, 30 * RATE);
    }
}

/* In a hold it counts from the next set on, too. */
static void test_effort_in_a_hold(void)
{
    AUTO(made) made = made_new(sets, NULL);
    made_whole(made);
    planner_change_effort(made->planner, nth(made, SPAN_HOLD, 0)->frame + 1,
                          (struct effort){.level = 100, .hold = 100});
    made_whole(made);
    g_assert_cmpint(nth(made, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(made, SPAN_HOLD, 1)->frames, ==, 30 * RATE);
}

/* Its words come so late that it has ended: it stays as it was, and the other side gets what was asked for.
 */
static void test_stretched_too_late(void)
{
    AUTO(made) made = made_new(sided, NULL);
    made_whole(made);
    const struct cue hold = *nth(made, SPAN_HOLD, 0);
    made->late = true;
    planner_stretch(made->planner, hold.frame + 19 * RATE, hold.place, 10);
    int64_t now = hold.frame + 19 * RATE + RATE / 2;
    planner_relay(made->planner, now);
    g_assert_true(planner_is_changing(made->planner));
    made->late = false;
    now = nth(made, SPAN_CHANGE, 0)->frame + 1;
    planner_relay(made->planner, now);
    g_assert_false(planner_is_changing(made->planner));
    made_whole(made);
    g_assert_cmpint(nth(made, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(made, SPAN_HOLD, 1)->frames, ==, 30 * RATE);
}

/* Not a block at once: what is jumped to would wait until all of it has been spoken. */
static void test_asks_a_little_ahead(void)
{
    static const char lines[] =
        "[routine]\ntitle = T\n[a]\nreps = 12\n[a.down]\nsay = Down. Lower.\nhold = 10s\n"
        "[a.up]\nsay = Up. Higher. Even higher than before.\nhold = 10s\nrelease = Done.\n";
    AUTO(made) made = made_new(lines, NULL);
    made->late = true;
    planner_run(made->planner, 0);
    g_assert_true(g_hash_table_contains(made->asked, "T."));
    g_assert_false(g_hash_table_contains(made->asked, "Done."));
    made->late = false;
    for (int64_t until = 0; !g_hash_table_contains(made->asked, "Done."); until += RATE)
        g_assert_cmpint(planner_run(made->planner, until), ==, PLANNER_AHEAD);
    g_assert_false(planner_over(made->planner));
}

/* Far behind what has been made. What is made for it is spoken in its time. */
static void test_next_hold(void)
{
    g_autoptr(GString) text = g_string_new("[routine]\ntitle = T\n");
    for (int i = 0; i < 30; i++) g_string_append_printf(text, "[w%d]\nsay = Wait.\nhold = ready\n", i);
    g_string_append(text, "[a]\nsay = Go.\nhold = 20s\n");
    AUTO(made) made = made_new(text->str, NULL);
    struct place place;
    g_assert_true(planner_next_hold(made->planner, 0, &place));
    g_assert_cmpint(place.step, ==, 30);
    g_assert_cmpint(g_hash_table_size(made->asked), ==, 0);
    const struct timeline *timeline = made_whole(made);
    g_assert_nonnull(made_nth(timeline, SPAN_HOLD, 0));
    g_assert_false(planner_next_hold(made->planner, timeline_end(timeline), &place));
}

/* Not in thousands of blocks: that would hold up the sound. */
static void test_no_hold(void)
{
    AUTO(made) made = made_new("[routine]\ntitle = T\n[a]\nsay = Go.\nhold = ready\nreps = 1000\n", NULL);
    struct place place;
    g_assert_false(planner_next_hold(made->planner, 0, &place));
    struct script_pos next = planner_pos(made->planner);
    g_assert_cmpint(next.step, ==, 0);
    g_assert_cmpint(next.rep, <, 200);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/planner/effort-in-a-rest", test_effort_in_a_rest);
    g_test_add_func("/planner/effort-in-a-hold", test_effort_in_a_hold);
    g_test_add_func("/planner/stretched-too-late", test_stretched_too_late);
    g_test_add_func("/planner/asks-a-little-ahead", test_asks_a_little_ahead);
    g_test_add_func("/planner/next-hold", test_next_hold);
    g_test_add_func("/planner/no-hold", test_no_hold);
    return g_test_run();
}
