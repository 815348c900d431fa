/* What counts as practised, in sessions that are played and steered with made-up speech. */
#include "../lib/live.h"
#include "report/tally.h"

static const char TEXT[] = "[routine]\ntitle = T\ncaution = Careful.\nclosing = Done.\n"
                           "[a]\nsay = One.\nhold = 10s\nsides = left, right\n"
                           "[b]\nsay = Two.\nhold = 10-20s\nreps = 2\n"
                           "[c]\nsay = Three.\nhold = 10s\n"
                           "[d]\nsay = Four.\nhold = ready\n";

struct practice {
    struct live live;
    struct tally tally;
};

static struct script script_now(struct practice *practice)
{
    return planner_script_at(practice->live.made->planner, position(&practice->live));
}

static void practice_init(struct practice *practice)
{
    live_init_with(&practice->live, TEXT, NULL);
    const struct script script = script_now(practice);
    tally_init(&practice->tally, &script);
}

static void practice_finish(struct practice *practice)
{
    tally_finish(&practice->tally);
    live_finish(&practice->live);
}

static void look(struct practice *practice)
{
    const struct script script = script_now(practice);
    tally_heard(&practice->tally, &script, planner_timeline(practice->live.made->planner),
                position(&practice->live));
}

/* Until the step is under way, and `seconds` of a hold in it are over; in unequal pieces. */
static void practise_to(struct practice *practice, int step, double seconds)
{
    struct status status;
    int frames = 1000;
    do {
        g_assert_cmpint(pull(&practice->live, frames), >, 0);
        frames = frames % 30000 + 777;
        look(practice);
        status_of(&practice->live, &status);
    } while (status.place.step != step || status.hold == 0 || status.hold - status.hold_left < seconds);
}

static void command(struct practice *practice, enum command_id id)
{
    struct live *live = &practice->live;
    session_rewind(live->session, heard_frames(live));
    look(practice);
    session_command(live->session, (struct command){.id = id, .part = PART_STEP});
    struct status status;
    const struct script script = script_now(practice);
    status_of(live, &status);
    tally_moved(&practice->tally, &script, &status);
    look(practice);
}

static void play_out(struct practice *practice)
{
    while (!session_over(practice->live.session))
        if (pull(&practice->live, 20000) == 0)
            command(practice, COMMAND_RESUME);
        else
            look(practice);
    look(practice);
}

static void expect_holds(const struct practice *practice, int done, int all)
{
    int is_done, are;
    tally_holds(&practice->tally, practice->tally.coming, &is_done, &are);
    g_assert_cmpint(is_done, ==, done);
    g_assert_cmpint(are, ==, all);
}

static void test_whole(void)
{
    struct practice p;
    practice_init(&p);
    expect_holds(&p, 0, 5);
    play_out(&p);
    expect_holds(&p, 5, 5);
    g_assert_cmpint(p.tally.step, ==, PLACE_CLOSING);
    g_assert_cmpint(p.tally.frames, ==, position(&p.live));
    int64_t steps = 0;
    for (int i = 0; i < 4; i++) {
        g_assert_true(p.tally.steps[i].entered && !p.tally.steps[i].skipped && !p.tally.steps[i].easier);
        steps += p.tally.steps[i].frames;
    }
    g_assert_cmpint(steps, <, p.tally.frames);
    practice_finish(&p);
}

/* A hold counts at its end, and only once. */
static void test_next_leaves_out(void)
{
    struct practice p;
    practice_init(&p);
    practise_to(&p, 1, 8);
    expect_holds(&p, 2, 5);
    command(&p, COMMAND_NEXT);
    practise_to(&p, 2, 1);
    expect_holds(&p, 2, 5);
    g_assert_true(p.tally.step_ended && p.tally.steps[1].skipped && !p.tally.steps[0].skipped);
    command(&p, COMMAND_PREVIOUS); /* to its beginning, */
    command(&p, COMMAND_PREVIOUS); /* and to the step before */
    practise_to(&p, 1, 1);
    g_assert_false(p.tally.steps[1].skipped);
    play_out(&p);
    expect_holds(&p, 5, 5);
    practice_finish(&p);
}

/* Several at once: steps in which nothing is heard are left out too. */
static void test_many_next(void)
{
    struct practice p;
    practice_init(&p);
    practise_to(&p, 0, 1);
    for (int i = 0; i < 3; i++) command(&p, COMMAND_NEXT);
    play_out(&p);
    for (int i = 0; i < 3; i++) g_assert_true(p.tally.steps[i].skipped);
    g_assert_true(p.tally.steps[1].entered && !p.tally.steps[3].skipped);
    expect_holds(&p, 0, 5);
    practice_finish(&p);
}

static void test_repeat_counts_once(void)
{
    struct practice p;
    practice_init(&p);
    practise_to(&p, 0, 5);
    command(&p, COMMAND_REPEAT);
    practise_to(&p, 1, 1);
    expect_holds(&p, 2, 5);
    practice_finish(&p);
}

static void test_changes(void)
{
    struct practice p;
    practice_init(&p);
    practise_to(&p, 0, 2);
    command(&p, COMMAND_LONGER);
    practise_to(&p, 1, 2);
    command(&p, COMMAND_EASIER);
    practise_to(&p, 2, 2);
    g_assert_cmpint(p.tally.steps[0].longer, ==, LONGER_S);
    g_assert_false(p.tally.steps[0].easier);
    g_assert_true(p.tally.steps[1].easier);
    g_assert_cmpint(p.tally.steps[2].longer, ==, 0);
    practice_finish(&p);
}

/* What has been written down is not written again, but for what changes. */
static void test_taken(void)
{
    struct practice p;
    practice_init(&p);
    practise_to(&p, 1, 1);
    g_assert_true(p.tally.step_ended && p.tally.steps[0].changed && p.tally.steps[1].changed);
    tally_steps_taken(&p.tally);
    practise_to(&p, 1, 2);
    g_assert_false(p.tally.step_ended || p.tally.steps[0].changed);
    g_assert_true(p.tally.steps[1].changed);
    practice_finish(&p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tally/whole", test_whole);
    g_test_add_func("/tally/next-leaves-out", test_next_leaves_out);
    g_test_add_func("/tally/many-next", test_many_next);
    g_test_add_func("/tally/repeat-counts-once", test_repeat_counts_once);
    g_test_add_func("/tally/changes", test_changes);
    g_test_add_func("/tally/taken", test_taken);
    return g_test_run();
}
