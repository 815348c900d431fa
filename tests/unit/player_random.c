/* Ten thousand commands at random moments of sessions of random routines: what is heard is true and in its
 * place. */
#include "../lib/said.h"

enum { COMMANDS = 10000 };

struct watch {
    struct live live;
    GArray *said;
    guint seen;    /* of them have been looked at */
    bool way_out;  /* a hold is over, and its release has not been said */
    int n_answers; /* that were heard */
    int n_times;   /* that were told */
};

/* ---- routines and settings ---- */

static const char *pick(GRand *random, const char *const *these)
{
    return these[g_rand_int_range(random, 0, (int)g_strv_length((char **)these))];
}

static void add_move(GRand *random, GString *text, int step, char move)
{
    static const char *const holds[] = {"5s",        "9s",          "12-20s",  "30s", "40-60s",
                                        "4 breaths", "5-7 breaths", "4 times", NULL};
    static const char *const releases[] = {"", "release = Come back.\n", "release = Let go. Come back.\n",
                                           NULL};
    g_string_append_printf(text, "[s%d.%c]\nsay = Go there. Stay for a while.\ncue = Again.\nhold = %s\n%s",
                           step, move, pick(random, holds), pick(random, releases));
}

static char *random_routine(GRand *random)
{
    static const char *const keys[] = {"",
                                       "sides = right, left\n",
                                       "reps = 3\n",
                                       "reps = 2\nbetween = 3s\n",
                                       "sets = 2\nrest = 12s\n",
                                       "sides = left, right\nreps = 1-3\n",
                                       NULL};
    GString *text = g_string_new("[routine]\ntitle = T\n");
    for (int step = 0; step < 6; step++) {
        g_string_append_printf(text, "[s%d]\nsetup = Sit down.\nrelease = Off with it.\n%s", step,
                               pick(random, keys));
        for (char move = 'a'; move <= 'a' + g_rand_int_range(random, 0, 2); move++)
            add_move(random, text, step, move);
    }
    return g_string_free(text, FALSE);
}

static void watch_init(struct watch *watch, GRand *random)
{
    static const char *const levels[] = {"pace.level=0", "pace.level=50", "pace.level=100", NULL};
    static const char *const counts[] = {"count.countdown=3", "count.countdown=0", "count.countdown=5", NULL};
    static const char *const halves[] = {"count.halfway=15s", "count.halfway=5s", "count.halfway=off", NULL};
    static const char *const gaps[] = {"pace.gap=0.6s", "pace.gap=0s", "pace.words=brief", "pace.prepare=0s",
                                       NULL};
    const char *const sets[] = {pick(random, levels), pick(random, counts), pick(random, halves),
                                pick(random, gaps), NULL};
    g_autofree char *routine = random_routine(random);
    *watch = (struct watch){.said = said_new()};
    live_init_with(&watch->live, routine, sets);
}

/* ---- what is heard ---- */

static bool has_release(const struct watch *watch, const struct place *place)
{
    const struct routine *routine = watch->live.made->routine;
    return place->step >= 0 && routine->steps[place->step].moves[MAX(0, place->move)].release.template;
}

static const struct cue *span_at(struct watch *watch, enum cue_type type, int64_t position)
{
    const struct timeline *timeline = planner_timeline(watch->live.made->planner);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->type == type && cue->frame <= position && position < cue->frame + cue->frames) return cue;
    }
    return NULL;
}

/* Frames that are left by these words, of the span that is meant; 0: no such words. `half` is as much as they
 * may be wrong by. */
static int64_t told(const struct said *said, enum cue_type *type, int64_t *half)
{
    static const char *const counted[] = {"One.", "Two.", "Three.", "Four.", "Five."};
    const int64_t unit = strstr(said->text, "breath") ? 5 * RATE : RATE;
    *half = said->role == ROLE_COUNTDOWN ? 0 : unit / 2;
    *type = strstr(said->text, "of rest") ? SPAN_REST : SPAN_HOLD;
    for (int i = 0; said->role == ROLE_COUNTDOWN && !said->stands && i < (int)G_N_ELEMENTS(counted); i++)
        if (g_str_equal(said->text, counted[i])) return (i + 1) * unit;
    if (!g_regex_match_simple("^[0-9]+ (seconds?|breaths?)( of rest)? left\\.$", said->text, 0, 0)) return 0;
    return g_ascii_strtoll(said->text, NULL, 10) * unit;
}

static void assert_true_when_heard(struct watch *watch, const struct said *said)
{
    enum cue_type type;
    int64_t half, left = told(said, &type, &half);
    if (left == 0) return;
    const struct cue *span = span_at(watch, type, said->position);
    if (!span) span = span_at(watch, SPAN_CHANGE, said->position);
    g_assert_nonnull(span);
    g_assert_cmpint(ABS(span->frame + span->frames - said->position - left), <=, half);
    watch->n_times++;
}

static void look(struct watch *watch)
{
    for (; watch->seen < watch->said->len; watch->seen++) {
        const struct said *said = said_at(watch->said, watch->seen);
        if (said->type == CUE_END) watch->way_out = has_release(watch, &said->place);
        if (!said->text) continue;
        if (said->role == ROLE_PHRASE) g_assert_false(watch->way_out);
        if (said->role == ROLE_PHRASE) watch->n_answers++;
        if (said->role == ROLE_RELEASE) watch->way_out = false;
        assert_true_when_heard(watch, said);
    }
}

/* ---- commands ---- */

static const enum command_id any[] = {
    COMMAND_WHERE,    COMMAND_WHERE,  COMMAND_WHERE,   COMMAND_LONGER, COMMAND_LONGER,  COMMAND_SHORTER,
    COMMAND_SHORTER,  COMMAND_EASIER, COMMAND_HARDER,  COMMAND_LOUDER, COMMAND_QUIETER, COMMAND_TOGGLE,
    COMMAND_RESUME,   COMMAND_RESUME, COMMAND_BEGIN,   COMMAND_COMING, COMMAND_COMING,  COMMAND_REPEAT,
    COMMAND_NEXT,     COMMAND_RESUME, COMMAND_RESUME,  COMMAND_RESUME, COMMAND_WHERE,   COMMAND_LONGER,
    COMMAND_RESUME,   COMMAND_WHERE,  COMMAND_SHORTER, COMMAND_HARDER, COMMAND_EASIER,  COMMAND_RESUME,
    COMMAND_PREVIOUS, COMMAND_WHERE,  COMMAND_RESUME,  COMMAND_FASTER, COMMAND_SLOWER,  COMMAND_FASTER,
    COMMAND_SLOWER,   COMMAND_AHEAD,  COMMAND_BACK,    COMMAND_WIDER,  COMMAND_FINER,   COMMAND_RESUME};

/* These leave the place, or stop in it: what was to come there does not come next. */
static bool leaves(enum command_id id)
{
    return id == COMMAND_TOGGLE || id == COMMAND_BEGIN || id == COMMAND_REPEAT || id == COMMAND_NEXT ||
           id == COMMAND_PREVIOUS || id == COMMAND_AHEAD || id == COMMAND_BACK;
}

/* Mostly one soon after the other, sometimes when a hold has come. */
static int wait_for(GRand *random)
{
    return g_rand_int_range(random, 1, (g_rand_int_range(random, 0, 4) == 0 ? 16 : 1) * RATE);
}

/* To its end, or up to so many commands; returns how many there were. */
static int steer_one(struct watch *watch, GRand *random, int commands)
{
    struct live *live = &watch->live;
    int n = 0;
    while (n < commands && planner_run(live->made->planner, position(live)) != PLANNER_OVER) {
        live->made->late = g_rand_int_range(random, 0, 8) == 0;
        said_pull(live, wait_for(random), watch->said);
        look(watch);
        assert_no_overlap(live);
        enum command_id id = any[g_rand_int_range(random, 0, G_N_ELEMENTS(any))];
        if (leaves(id)) watch->way_out = false;
        enum part part = g_rand_int_range(random, 0, 3) ? PART_STEP : g_rand_int_range(random, 0, N_PARTS);
        queue_in_vain(live, g_rand_int_range(random, 0, 30000));
        session_command(live->session,
                        (struct command){.id = id, .given = part != PART_STEP, .part = part, .value = 10});
        int64_t at = position(live);
        g_assert_true(at >= 0 && at <= timeline_end(session_timeline(live->session)));
        live->let_go = heard_frames(live);
        g_array_set_size(live->heard, 0);
        n++;
    }
    live->made->late = false;
    return n;
}

/* No answer stands between the end of a hold and the way out of it, and each time that is told is true. */
static void test_true_and_in_place(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    int n_answers = 0, n_times = 0, n_sessions = 0;
    for (int n = 0; n < COMMANDS; n_sessions++) {
        struct watch watch;
        watch_init(&watch, random);
        n += steer_one(&watch, random, MIN(400, COMMANDS - n));
        n_answers += watch.n_answers, n_times += watch.n_times;
        g_array_unref(watch.said);
        live_finish(&watch.live);
    }
    g_test_message("%d sessions, %d answers, %d times", n_sessions, n_answers, n_times);
    g_assert_cmpint(n_answers, >, 1000);
    g_assert_cmpint(n_times, >, 300);
}

/* ---- sides ---- */

static const char sided[] = "[routine]\ntitle = T\n[a]\nsides = right, left\nreps = 2\nsets = 2\nrest = 12s\n"
                            "say = Go there.\ncue = Again.\nhold = 12-20s\n[b]\nsides = right, left\n"
                            "[b.x]\nsay = Up.\nhold = 4-6 breaths\n[b.y]\nsay = Down.\nhold = 9-30s\n";

static const struct cue *hold_of(struct live *live, struct place place)
{
    const struct cue *hold;
    for (guint n = 0; (hold = made_nth(planner_timeline(live->made->planner), SPAN_HOLD, n)); n++)
        if (place_equal(hold->place, place)) return hold;
    return NULL;
}

static int assert_same_sides(struct live *live)
{
    const struct cue *right;
    int pairs = 0;
    for (guint n = 0; (right = made_nth(planner_timeline(live->made->planner), SPAN_HOLD, n)); n++) {
        if (right->place.side != SIDE_RIGHT) continue;
        struct place place = right->place;
        place.side = SIDE_LEFT;
        const struct cue *left = hold_of(live, place);
        g_assert_nonnull(left);
        g_assert_cmpint(left->frames, ==, right->frames);
        pairs++;
    }
    return pairs;
}

/* Whatever is made longer, shorter, easier or harder on the first side. */
static void test_both_sides_get_the_same(void)
{
    static const enum command_id ids[] = {COMMAND_LONGER, COMMAND_SHORTER, COMMAND_SHORTER,
                                          COMMAND_EASIER, COMMAND_HARDER,  COMMAND_WHERE};
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    for (int session = 0; session < 30; session++) {
        struct live live;
        live_init_with(&live, sided, (const char *const[]){"pace.level=50", "pace.prepare=0s", NULL});
        while (pull(&live, g_rand_int_range(random, 1, 9 * RATE)) > 0) {
            struct place hold;
            enum command_id id = ids[g_rand_int_range(random, 0, G_N_ELEMENTS(ids))];
            bool changes = id == COMMAND_LONGER || id == COMMAND_SHORTER;
            if (!changes ||
                (planner_next_hold(live.made->planner, position(&live), &hold) && hold.side == SIDE_RIGHT))
                give(&live, id, g_rand_int_range(random, 1, 12));
        }
        g_assert_cmpint(assert_same_sides(&live), ==, 6);
        live_finish(&live);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/random/true-and-in-place", test_true_and_in_place);
    g_test_add_func("/random/both-sides-get-the-same", test_both_sides_get_the_same);
    return g_test_run();
}
