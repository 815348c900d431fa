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
        planner_change_effort(made->planner, rest->frame + 1, (struct effort){100, 100});
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
    planner_change_effort(made->planner, nth(made, SPAN_HOLD, 0)->frame + 1, (struct effort){100, 100});
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
    g_assert_false(planner_settle(made->planner, hold.frame + 19 * RATE + RATE / 2));
    made->late = false;
    g_assert_true(planner_settle(made->planner, nth(made, SPAN_CHANGE, 0)->frame + 1));
    made_whole(made);
    g_assert_cmpint(nth(made, SPAN_HOLD, 0)->frames, ==, 20 * RATE);
    g_assert_cmpint(nth(made, SPAN_HOLD, 1)->frames, ==, 30 * RATE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/planner/effort-in-a-rest", test_effort_in_a_rest);
    g_test_add_func("/planner/effort-in-a-hold", test_effort_in_a_hold);
    g_test_add_func("/planner/stretched-too-late", test_stretched_too_late);
    return g_test_run();
}
