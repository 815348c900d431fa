#include "../lib/made.h"

static const char simple[] =
    "[routine]\ntitle = T\n"
    "[one]\nsay = Go there.\ncue = Again.\nhold = 20s\nsides = right, left\nreps = 2\nrelease = Come back.\n";

static const char mixed[] = "[routine]\ntitle = Mixed\ncaution = Slowly. Gently.\nclosing = Well. Done.\n"
                            "[bridge]\nsetup = Lie down. Bend the knees.\nsay = Lift. Hold {seconds} "
                            "seconds.\nhold = 5-10s\nreps = 3-5\nsets = 2-3\nrest = 15s\n"
                            "[breathing]\nprop = a mat\nreps = 2\n"
                            "[breathing.in]\nsay = Breathe to the {side}.\nhold = 3-4 breaths\nsides = left, "
                            "right\nrelease = Back. All the way.\n"
                            "[breathing.stay]\nsay = Stay, unsayable.\nhold = ready\n"
                            "[long]\nsay = Lie.\nhold = 1m30s\nsides = left\n";

#define RATE 48000

static const struct cue *first_with_role(const struct timeline *timeline, enum role role, guint n)
{
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->role == role && made_cue(timeline, i)->text && n-- == 0)
            return made_cue(timeline, i);
    return NULL;
}

static const struct cue *last_phrase(const struct timeline *timeline, int64_t before)
{
    const struct cue *phrase = NULL;
    for (guint i = 0; i < made_count(timeline) && made_cue(timeline, i)->frame < before; i++)
        if (made_cue(timeline, i)->role == ROLE_PHRASE) phrase = made_cue(timeline, i);
    return phrase;
}

/* Rules that hold on any timeline. */
static void check_rules(const struct timeline *timeline)
{
    int64_t spoken = 0, last = 0;
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        g_assert_cmpint(cue->frame, >=, last);
        last = cue->frame;
        g_assert_cmpint(cue->frame + cue->frames, <=, timeline_end(timeline));
        if (!cue->text) continue;
        g_assert_cmpint(cue->frame, >=, spoken);
        spoken = cue->frame + cue->frames;
    }
}

static void test_hold(void)
{
    AUTO(made) made = made_new(simple, NULL);
    const struct timeline *timeline = made_whole(made);
    check_rules(timeline);
    const struct cue *hold = made_nth(timeline, SPAN_HOLD, 0), *go = made_nth(timeline, CUE_GO, 0),
                     *end = made_nth(timeline, CUE_END, 0);
    g_assert_cmpint(hold->frames, ==, 20 * RATE);
    g_assert_cmpint(go->frame, ==, hold->frame);
    g_assert_cmpint(end->frame, ==, hold->frame + 20 * RATE);
    for (guint i = 0; i < 19; i++)
        g_assert_cmpint(made_nth(timeline, CUE_TICK, i)->frame, ==, hold->frame + (i + 1) * RATE);
    g_assert_cmpint(made_nth(timeline, CUE_TICK, 19)->frame, >, end->frame);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpint(first_with_role(timeline, ROLE_COUNTDOWN, i)->frame, ==,
                        hold->frame + (17 + i) * RATE);
    /* "Seconds left" at the same frame gives way to halfway. */
    g_assert_cmpint(first_with_role(timeline, ROLE_HALFWAY, 0)->frame, ==, hold->frame + 10 * RATE);
    g_assert_null(first_with_role(timeline, ROLE_LEFT, 0));
}

static void test_order(void)
{
    AUTO(made) made = made_new(simple, (const char *const[]){"sound.wake=0s", NULL});
    const struct timeline *timeline = made_whole(made);
    g_autoptr(GString) order = g_string_new(NULL);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->type == CUE_TICK || cue->type == SPAN_GAP || cue->role == ROLE_COUNTDOWN ||
            cue->role == ROLE_HALFWAY)
            continue;
        g_string_append_printf(order, "%s%s%s ", cue_type_name(cue->type), cue->role ? ":" : "",
                               cue->role ? role_name(cue->role) : "");
    }
    g_assert_cmpstr(
        order->str, ==,
        "speech:title speech:title speech:title speech:title speech:dose speech:phrase prepare "
        "chime:attention "
        "speech:side speech:instruction hold go end speech:count speech:cue hold go end "
        "speech:side change chime:change speech:instruction hold go end speech:count speech:cue hold go end "
        "speech:release chime:step speech:closing chime:done ");
}

static void test_gaps(void)
{
    AUTO(made) made = made_new(mixed, NULL);
    const struct timeline *timeline = made_whole(made);
    check_rules(timeline);
    const struct cue *first = first_with_role(timeline, ROLE_CAUTION, 0),
                     *second = first_with_role(timeline, ROLE_CAUTION, 1);
    g_assert_cmpstr(first->text, ==, "Slowly.");
    g_assert_cmpint(second->frame, ==, first->frame + first->frames + RATE * 3 / 10);
    const struct cue *instruction = first_with_role(timeline, ROLE_INSTRUCTION, 1);
    g_assert_cmpstr(instruction->text, ==, "Hold 5 seconds.");
    g_assert_cmpint(made_nth(timeline, CUE_GO, 0)->frame, ==,
                    instruction->frame + instruction->frames + RATE * 15 / 10);
}

static void test_breaths(void)
{
    AUTO(made)
    made =
        made_new(mixed, (const char *const[]){"pace.level=100", "pace.speed=150%", "count.halfway=1s", NULL});
    const struct timeline *timeline = made_whole(made);
    const struct cue *in = made_nth(timeline, CUE_IN, 0), *out = made_nth(timeline, CUE_OUT, 0);
    int64_t begin = in->frame;
    g_assert_cmpint(out->frame, ==, begin + 64000); /* 5 s ÷ 1.5 × 0.4 */
    g_assert_cmpint(made_nth(timeline, CUE_IN, 1)->frame, ==, begin + 160000);
    g_assert_cmpint(made_nth(timeline, CUE_IN, 3)->frame, ==, begin + 480000);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        bool inside = cue->frame > begin && cue->frame < begin + 640000;
        if (!inside) continue;
        g_assert_true(cue->type != CUE_TICK && cue->role != ROLE_COUNTDOWN);
        g_assert_true(cue->role != ROLE_HALFWAY); /* of four breaths, "Two more breaths." says it */
    }
    g_assert_cmpint(in->place.side, ==, SIDE_LEFT);
}

static void test_ready(void)
{
    AUTO(made) made = made_new(mixed, NULL);
    const struct timeline *timeline = made_whole(made);
    const struct cue *ready = made_nth(timeline, SPAN_READY, 0),
                     *phrase = last_phrase(timeline, ready->frame);
    g_assert_cmpint(ready->frames, ==, 8 * RATE);
    g_assert_cmpstr(phrase->text, ==, made->voice->phrases[PHRASE_READY]);
    g_assert_cmpint(ready->frame, ==, phrase->frame + phrase->frames + RATE * 6 / 10);
    /* What cannot be said is a chime that keeps its words. */
    const struct cue *chime = first_with_role(timeline, ROLE_INSTRUCTION, 4);
    g_assert_cmpint(chime->type, ==, CUE_CHIME);
    g_assert_nonnull(strstr(chime->text, "unsayable"));
}

static void test_rest(void)
{
    AUTO(made) made = made_new(mixed, NULL);
    const struct timeline *timeline = made_whole(made);
    const struct cue *rest = made_nth(timeline, SPAN_REST, 0),
                     *phrase = first_with_role(timeline, ROLE_REST, 0);
    g_assert_cmpint(rest->frames, ==, 15 * RATE);
    g_assert_cmpstr(phrase->text, ==, "Rest, 15 seconds.");
    g_assert_cmpstr(first_with_role(timeline, ROLE_REST, 1)->text, ==, "Then set 2 of 2.");
    const struct cue *last = first_with_role(timeline, ROLE_REST, 2);
    g_assert_cmpstr(last->text, ==, "Set 2 of 2 in 5 seconds.");
    g_assert_cmpint(last->frame, ==, rest->frame + 10 * RATE);
    g_assert_null(first_with_role(timeline, ROLE_REST, 3));
    g_assert_cmpint(rest->place.set, ==, 2);
}

static void test_seconds_left(void)
{
    AUTO(made) made = made_new(mixed, (const char *const[]){"count.halfway=no", "count.announce=10s", NULL});
    const struct timeline *timeline = made_whole(made);
    int64_t hold = 0;
    guint first = 0;
    for (guint i = 0; made_nth(timeline, SPAN_HOLD, i); i++) hold = made_nth(timeline, SPAN_HOLD, i)->frame;
    while (first_with_role(timeline, ROLE_LEFT, first)->frame < hold) first++; /* of breaths */
    /* 90 s: at 60 (one minute), 50, 40, 30, 20, 10 left; 80 and 70 are not whole minutes. */
    for (int i = 0; i < 6; i++)
        g_assert_cmpint(first_with_role(timeline, ROLE_LEFT, first + (guint)i)->frame, ==,
                        hold + (30 + 10 * i) * RATE);
    g_assert_null(first_with_role(timeline, ROLE_LEFT, first + 6));
    g_assert_cmpstr(first_with_role(timeline, ROLE_LEFT, first)->text, ==, "1 minute left.");
}

static void test_short_holds(void)
{
    AUTO(made)
    made = made_new("[routine]\ntitle = T\n[a]\nsay = A.\nhold = 8s\n[b]\nsay = B.\nhold = 9s\n"
                    "[c]\nsay = C.\nhold = 14s\n[d]\nsay = D.\nhold = 15s\n",
                    NULL);
    const struct timeline *timeline = made_whole(made);
    const struct cue *nine = made_nth(timeline, SPAN_HOLD, 1), *fifteen = made_nth(timeline, SPAN_HOLD, 3);
    g_assert_cmpint(first_with_role(timeline, ROLE_COUNTDOWN, 0)->frame, ==, nine->frame + 6 * RATE);
    g_assert_cmpint(first_with_role(timeline, ROLE_HALFWAY, 0)->frame, ==, fifteen->frame + 15 * RATE / 2);
}

static void test_long_countdown_word(void)
{
    /* "Countdown of three." is over a second at 20 ms a byte only from 51 bytes on: at a count of 3 with long
     * numbers. */
    AUTO(made) made = made_new(simple, NULL);
    g_free(made->voice->phrases[PHRASE_COUNTDOWN]);
    made->voice->phrases[PHRASE_COUNTDOWN] =
        g_strdup("{n} is the number of the seconds that are left in this hold.");
    const struct timeline *timeline = made_whole(made);
    g_assert_null(first_with_role(timeline, ROLE_COUNTDOWN, 0));
    g_assert_nonnull(first_with_role(timeline, ROLE_HALFWAY, 0));
}

static void test_wake(void)
{
    AUTO(made) made = made_new(simple, NULL);
    const struct timeline *timeline = made_whole(made);
    const struct cue *begin = made_nth(timeline, SPAN_WAKE, 0),
                     *prepare = made_nth(timeline, SPAN_PREPARE, 0);
    g_assert_cmpint(begin->frame, ==, 0);
    g_assert_cmpint(begin->frames, ==, RATE);
    const struct cue *wake = made_nth(timeline, SPAN_WAKE, 1);
    g_assert_cmpint(wake->frame, ==, prepare->frame + prepare->frames - 2 * RATE); /* before its note */
    /* Every silence over 4 s, and no other, ends in one. */
    int64_t quiet = RATE;
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (!cue_sounds(cue->type)) continue;
        bool woken = i > 0;
        for (guint j = 0; j < made_count(timeline); j++) {
            const struct cue *other = made_cue(timeline, j);
            if (other->type == SPAN_WAKE && other->frame + other->frames == cue->frame) woken = true;
        }
        if (cue->frame - quiet > 4 * RATE) g_assert_true(woken);
        quiet = MAX(quiet, cue->frame + cue->frames);
    }
}

static void test_brief(void)
{
    AUTO(made) made = made_new(mixed, (const char *const[]){"pace.words=brief", NULL});
    const struct timeline *timeline = made_whole(made);
    for (guint i = 0; i < made_count(timeline); i++) {
        enum role role = made_cue(timeline, i)->text ? made_cue(timeline, i)->role : ROLE_NONE;
        g_assert_true(role != ROLE_SETUP && role != ROLE_INSTRUCTION && role != ROLE_REST &&
                      role != ROLE_CLOSING && role != ROLE_DOSE);
    }
    const struct cue *rest = made_nth(timeline, SPAN_REST, 0);
    guint note = 0;
    while (made_cue(timeline, note)->frame < rest->frame + 10 * RATE) note++;
    g_assert_cmpint(made_cue(timeline, note)->frame, ==, rest->frame + 10 * RATE);
    g_assert_cmpint(cue_occasion(made_cue(timeline, note)), ==, OCCASION_ATTENTION);
    g_assert_nonnull(first_with_role(timeline, ROLE_CAUTION, 0));
    g_assert_nonnull(first_with_role(timeline, ROLE_CUE, 0));
    g_assert_nonnull(made_nth(timeline, SPAN_READY, 0));
}

/* Frames of all cues on each side, from the side's phrase to the next change. */
static void test_equal_sides(void)
{
    AUTO(made) made = made_new(simple, (const char *const[]){"pace.level=37", "pace.hold=130%", NULL});
    const struct timeline *timeline = made_whole(made);
    g_autoptr(GString) right = g_string_new(NULL);
    g_autoptr(GString) left = g_string_new(NULL);
    int64_t begin[3] = {0};
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        enum side side = cue->place.side;
        if (side == SIDE_NONE || cue->role == ROLE_SIDE || cue->role == ROLE_CHANGE ||
            cue->type == SPAN_CHANGE || cue->type == SPAN_GAP)
            continue;
        if (begin[side] == 0) begin[side] = cue->frame;
        g_string_append_printf(side == SIDE_RIGHT ? right : left,
                               "%d/%d@%" G_GINT64_FORMAT "+%" G_GINT64_FORMAT "\n", cue->type, cue->role,
                               cue->frame - begin[side], cue->frames);
    }
    g_assert_cmpstr(right->str, ==, left->str);
    g_assert_cmpuint(right->len, >, 100);
}

static char *print(const struct timeline *timeline)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        g_string_append_printf(text, "%d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", cue->type,
                               cue->frame, cue->frames, cue->text ? cue->text : "");
    }
    return g_string_free(text, FALSE);
}

/* What is final stays, and speech that comes late changes nothing. */
static void test_streamed(void)
{
    AUTO(made) whole = made_new(mixed, NULL);
    AUTO(made) streamed = made_new(mixed, NULL);
    GRand *random = g_rand_new_with_seed(7);
    struct timeline *timeline = planner_timeline(streamed->planner);
    int64_t until = 0;
    enum planner_state state;
    do {
        streamed->late = g_rand_boolean(random);
        state = planner_run(streamed->planner, until);
        int64_t final = timeline_final(timeline);
        for (guint i = 0; i < made_count(timeline); i++)
            g_assert_cmpint(made_cue(timeline, i)->frame, <=, timeline_end(timeline));
        if (state != PLANNER_OVER) g_assert_cmpint(final, <=, timeline_end(timeline));
        until += g_rand_int_range(random, 1, 3 * RATE);
    } while (state != PLANNER_OVER);
    g_autofree char *a = print(made_whole(whole)), *b = print(timeline);
    g_assert_cmpstr(a, ==, b);
    g_rand_free(random);
}

static void test_cut(void)
{
    AUTO(made) made = made_new(simple, NULL);
    struct timeline *timeline = planner_timeline(made->planner);
    made_whole(made);
    planner_jump(made->planner, 5 * RATE, (struct script_pos){.step = 1});
    g_assert_cmpint(timeline_end(timeline), ==, 5 * RATE);
    g_assert_cmpint(planner_run(made->planner, INT64_MAX), ==, PLANNER_OVER);
    check_rules(timeline);
    const struct cue *closing = first_with_role(timeline, ROLE_CLOSING, 0);
    g_assert_cmpint(closing->frame, ==, 5 * RATE);
}

static void test_repeat(void)
{
    AUTO(made) made = made_new(simple, NULL);
    struct timeline *timeline = planner_timeline(made->planner);
    made_whole(made);
    struct place place = made_nth(timeline, SPAN_HOLD, 3)->place; /* left, second repetition */
    int64_t frame = made_nth(timeline, SPAN_HOLD, 3)->frame + RATE;
    planner_repeat(made->planner, frame, place, false);
    planner_run(made->planner, INT64_MAX);
    check_rules(timeline);
    const struct cue *again = made_nth(timeline, SPAN_HOLD, 4);
    g_assert_cmpint(again->place.side, ==, SIDE_LEFT);
    g_assert_cmpint(again->place.rep, ==, 2);
    g_assert_cmpint(again->frames, ==, 20 * RATE);
    g_assert_null(made_nth(timeline, SPAN_HOLD, 5));
    const struct cue *said = first_with_role(timeline, ROLE_INSTRUCTION, 2);
    g_assert_cmpint(said->frame, ==, frame);
}

/* "You will need" names each prop once, as it is written first. */
static void test_props(void)
{
    static const char routine[] =
        "[routine]\ntitle = T\n[a]\nprop = a Mat\nsay = A.\nhold = 5s\n[b]\nprop = a wall\nsay = B.\nhold = "
        "5s\n"
        "[c]\nprop = A mat\nsay = C.\nhold = 5s\n[d]\nprop = A WALL\nsay = D.\nhold = 5s\n";
    AUTO(made) made = made_new(routine, NULL);
    g_assert_cmpstr(first_with_role(made_whole(made), ROLE_PHRASE, 0)->text, ==,
                    "You will need: a Mat, a wall.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timeline/hold", test_hold);
    g_test_add_func("/timeline/order", test_order);
    g_test_add_func("/timeline/gaps", test_gaps);
    g_test_add_func("/timeline/breaths", test_breaths);
    g_test_add_func("/timeline/ready", test_ready);
    g_test_add_func("/timeline/rest", test_rest);
    g_test_add_func("/timeline/seconds-left", test_seconds_left);
    g_test_add_func("/timeline/short-holds", test_short_holds);
    g_test_add_func("/timeline/long-countdown-word", test_long_countdown_word);
    g_test_add_func("/timeline/wake", test_wake);
    g_test_add_func("/timeline/brief", test_brief);
    g_test_add_func("/timeline/equal-sides", test_equal_sides);
    g_test_add_func("/timeline/streamed", test_streamed);
    g_test_add_func("/timeline/cut", test_cut);
    g_test_add_func("/timeline/repeat", test_repeat);
    g_test_add_func("/timeline/props", test_props);
    return g_test_run();
}
