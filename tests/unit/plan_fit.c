/* Sessions of a given length, over random routines: exact, within every bound, and no more left out than
 * needed. What must be left out, and in which order, is stated here once more, by other means. */
#include "../lib/live.h"
#include "plan/fit.h"

enum { ROUTINES = 200, REFITTED = 40, STEPS = 7, WORDS_A_MINUTE = 150 };

/* So many times as much as usual, as FIT_TIMES says. */
static int times(int usual)
{
    const char *text = g_getenv("FIT_TIMES");
    return usual * (text ? MAX(1, atoi(text)) : 1);
}

/* ---- random routines ---- */

static const char *range_text(char text[32], int low, int most)
{
    const int from = g_test_rand_int_range(low, most), to = g_test_rand_int_range(from, most + 1);
    g_snprintf(text, 32, from == to ? "%d" : "%d-%d", from, to);
    return text;
}

static bool chance(int percent)
{
    return g_test_rand_int_range(0, 100) < percent;
}

static void add_step(GString *out, int number)
{
    char range[32];
    g_string_append_printf(out, "[step-%d]\ntitle = Title %d\n", number, number * 7919);
    if (chance(40)) g_string_append_printf(out, "priority = %d\n", g_test_rand_int_range(0, 10));
    if (chance(60)) g_string_append(out, "setup = Come down to the floor. Stretch out.\n");
    if (chance(30)) g_string_append_printf(out, "sets = %s\n", range_text(range, 1, 4));
    if (chance(30)) g_string_append_printf(out, "reps = %s\nbetween = 3s\n", range_text(range, 1, 4));
    if (chance(50)) g_string_append(out, "sides = right, left\n");
    if (chance(30)) g_string_append(out, "prepare = 12s\n");
    if (chance(20)) g_string_append(out, "after = 10s\n");
    const int kind = g_test_rand_int_range(0, 4);
    g_string_append(out, kind == 3 ? "say = Move. Do it {times} times.\n" : "say = Hold on, hold on.\n");
    if (kind < 2)
        g_string_append_printf(out, "hold = %ss\n", range_text(range, 1, 60));
    else
        g_string_append_printf(out, "hold = %s %s\n", range_text(range, 1, 12),
                               kind == 2 ? "breaths" : "times");
}

static struct routine *random_routine(struct diags *diags)
{
    g_autoptr(GString) text = g_string_new("[routine]\ntitle = Random\ncaution = Go slowly.\n");
    const int steps = g_test_rand_int_range(1, STEPS + 1);
    for (int i = 0; i < steps; i++) add_step(text, i + 1);
    struct routine *routine = routine_from_text(text->str, text->len, "random.ini", diags);
    diags_print(diags, stderr);
    g_assert_nonnull(routine);
    return routine;
}

/* ---- a session of which all lengths are made up ---- */

struct trial {
    struct made *made; /* settings, voice, timing and clips of a routine of its own */
    struct routine *routine;
    struct script script;
    struct fit_wish wish;
};

/* As it is estimated, but for up to a tenth. */
static int64_t frames_of(const char *text)
{
    const double estimate = ((double)strlen(text) + 4.5) * 60 / (WORDS_A_MINUTE * 6.5),
                 off = (double)(g_str_hash(text) % 201) / 1000 - 0.1;
    return (int64_t)(estimate * (1 + off) * RATE);
}

static bool find_any(void *data, const char *text, struct spoken *spoken)
{
    (void)data;
    *spoken = (struct spoken){.frames = frames_of(text)};
    return true;
}

static void ask_nothing(void *data, const char *text, int source)
{
    (void)data;
    (void)text;
    (void)source;
}

/* As the ordinary planner lays it out. */
static struct planner *laid_out(const struct trial *trial, const struct script *script)
{
    const struct planner_ops ops = {{.find = find_any}, ask_nothing, NULL};
    struct planner *planner = planner_new(script, &trial->made->timing, &ops, 8);
    g_assert_cmpint(planner_run(planner, INT64_MAX), ==, PLANNER_OVER);
    return planner;
}

static int64_t length_of(const struct trial *trial, const struct script *script)
{
    AUTO(planner) planner = laid_out(trial, script);
    return timeline_end(planner_timeline(planner));
}

/* Until nothing is missed any more. */
static void fit_with(const struct fit_wish *wish, struct fit *fit, int64_t (*frames)(const char *text))
{
    AUTO(lengths) lengths = lengths_new(RATE, WORDS_A_MINUTE);
    const char *text;
    int source;
    fit_find(wish, lengths, fit);
    while (lengths_missed(lengths, 0, &text, &source)) {
        for (guint i = 0; lengths_missed(lengths, i, &text, &source); i++)
            lengths_know(lengths, text, frames(text));
        fit_finish(fit);
        fit_find(wish, lengths, fit);
    }
}

static void fit_whole(const struct fit_wish *wish, struct fit *fit)
{
    fit_with(wish, fit, frames_of);
}

/* ---- what has to hold ---- */

/* The step that goes next, by looking at all that are left; -1: none may. */
static int next_to_go(const struct trial *trial, const GByteArray *out)
{
    const int last = trial->routine->n_steps - 1;
    int least = -1, left = 0;
    bool more_important = false;
    for (int i = 0; i <= last; i++) {
        if (out->data[i]) continue;
        left++;
        const int priority = trial->routine->steps[i].priority,
                  lowest = least < 0 ? 10 : trial->routine->steps[least].priority;
        const bool end = i == 0 || i == last, least_is_end = least == 0 || least == last;
        if (priority < lowest || (priority == lowest && (least_is_end || !end))) least = i;
        if (priority == lowest && end && least == i && !least_is_end) least = i;
    }
    for (int i = 0; i <= last; i++)
        more_important |=
            !out->data[i] && trial->routine->steps[i].priority > trial->routine->steps[least].priority;
    const bool end = least == 0 || least == last;
    return left < 2 || (end && !more_important) ? -1 : least;
}

/* Everything is at its least, with so many steps left out, in the order that is right. */
static struct script least_with(const struct trial *trial, GByteArray *out, int count, GPtrArray *opening,
                                const struct fit *fit)
{
    struct script script = fit_script(&trial->wish, fit);
    g_byte_array_set_size(out, (guint)trial->routine->n_steps);
    memset(out->data, 0, out->len);
    for (int i = 0; i < count; i++) {
        const int step = next_to_go(trial, out);
        if (step >= 0) out->data[step] = 1;
    }
    script.effort = (struct effort){.hold = 100, .waits = -EFFORT_WHOLE / 2, .words = WORDS_BRIEF};
    script.coming = script.effort;
    script.silence = 0;
    script.out = out;
    script.opening = opening;
    return script;
}

/* Words are no fewer than they have to be. */
static void check_words(const struct trial *trial, const struct fit *fit)
{
    struct script script = fit_script(&trial->wish, fit);
    if (fit->result != FIT_EXACT || fit->effort.words == WORDS_AUTO) return;
    script.effort = (struct effort){.hold = 100,
                                    .waits = -EFFORT_WHOLE / 2,
                                    .words = fit->effort.words == WORDS_BRIEF ? WORDS_KNOWN : WORDS_AUTO};
    script.coming = script.effort;
    script.silence = 0;
    g_assert_cmpint(length_of(trial, &script), >, trial->wish.frames);
}

static void check_order(const struct trial *trial, const struct fit *fit)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    least_with(trial, out, fit->left_out, none, fit);
    for (int i = 0; i < trial->routine->n_steps; i++) g_assert_cmpint(out->data[i], ==, fit->out->data[i]);
    if (fit->left_out == 0) return;
    /* One step fewer would not have done, even if nothing were said about the others. */
    const struct script before = least_with(trial, out, fit->left_out - 1, none, fit);
    const int64_t slack = fit->left_out > 1 ? 10 * RATE : 0; /* for those words */
    g_assert_cmpint(length_of(trial, &before), >, trial->wish.frames - slack);
}

static const struct move *move_at(const struct trial *trial, struct place place)
{
    return &trial->routine->steps[place.step].moves[MAX(0, place.move)];
}

static void check_hold(const struct trial *trial, const struct cue *cue)
{
    const struct move *move = move_at(trial, cue->place);
    const struct rhythm rhythm = pace_rhythm(trial->made->settings, move);
    const int64_t low = move->hold.kind == HOLD_SECONDS ? (int64_t)move->hold.range.low * RATE
                                                        : rhythm_frame(&rhythm, move->hold.range.low, 0),
                  high = move->hold.kind == HOLD_SECONDS ? (int64_t)move->hold.range.high * RATE
                                                         : rhythm_frame(&rhythm, move->hold.range.high, 0);
    g_assert_cmpint(cue->frames, >=, low);
    g_assert_cmpint(cue->frames, <=, high);
    if (move->hold.kind == HOLD_SECONDS) g_assert_cmpint(cue->frames % RATE, ==, 0);
}

static void check_wait(const struct trial *trial, const struct cue *cue)
{
    const struct settings *settings = trial->made->settings;
    const struct step *step = &trial->routine->steps[cue->place.step];
    const int64_t wait = cue->type == SPAN_PREPARE  ? pace_prepare_frames(settings, step)
                         : cue->type == SPAN_CHANGE ? pace_frames(settings, settings->pace.change_ms)
                                                    : 0;
    if (wait == 0) return;
    g_assert_cmpint(cue->frames, >=, wait / 2);
    g_assert_cmpint(cue->frames, <=, wait * 2);
}

/* Each hold of the one side is as long as that of the other. */
static void check_sides(const struct timeline *timeline)
{
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->type != SPAN_HOLD || cue->place.side == SIDE_NONE) continue;
        struct place other = cue->place;
        other.side = cue->place.side == SIDE_RIGHT ? SIDE_LEFT : SIDE_RIGHT;
        bool found = false;
        for (guint j = 0; j < made_count(timeline); j++) {
            const struct cue *hold = made_cue(timeline, j);
            if (hold->type != SPAN_HOLD || !place_equal(hold->place, other)) continue;
            g_assert_cmpint(hold->frames, ==, cue->frames);
            found = true;
        }
        g_assert_true(found);
    }
}

static void check_bounds(const struct trial *trial, const struct script *script)
{
    AUTO(planner) planner = laid_out(trial, script);
    const struct timeline *timeline = planner_timeline(planner);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->place.step < 0) continue;
        const struct step *step = &trial->routine->steps[cue->place.step];
        g_assert_cmpint(cue->place.set, <=, step->sets.high);
        g_assert_cmpint(cue->place.rep, <=, step->reps.high);
        if (cue->type == SPAN_HOLD) check_hold(trial, cue);
        check_wait(trial, cue);
    }
    check_sides(timeline);
}

/* No way to make it at random is shorter than the shortest, or longer than the longest. */
static void check_extreme(const struct trial *trial, const struct fit *fit)
{
    struct script script = fit_script(&trial->wish, fit);
    const int sign = fit->result == FIT_TOO_LONG ? -1 : 1;
    const int64_t extreme = length_of(trial, &script);
    g_assert_cmpint(extreme, ==, fit->frames);
    for (int i = 0; i < 3; i++) {
        script.effort = (struct effort){.level = g_test_rand_int_range(0, 101),
                                        .hold = 100,
                                        .waits = g_test_rand_int_range(-EFFORT_WHOLE / 2, EFFORT_WHOLE + 1),
                                        .words = chance(50) ? fit->effort.words : WORDS_BRIEF};
        script.coming = script.effort;
        const int64_t other = length_of(trial, &script);
        if (sign > 0 && other > trial->wish.frames) continue; /* another set would be too much */
        g_assert_cmpint(sign * other, <=, sign * extreme + RATE);
    }
}

static void check_least(const struct trial *trial, int least)
{
    struct fit fit;
    struct trial at_least = *trial;
    at_least.wish.seconds = least;
    at_least.wish.frames = (int64_t)least * RATE;
    fit_whole(&at_least.wish, &fit);
    const struct script script = fit_script(&at_least.wish, &fit);
    g_assert_cmpint(fit.result, ==, FIT_EXACT);
    g_assert_cmpint(length_of(trial, &script), ==, at_least.wish.frames);
    fit_finish(&fit);
    at_least.wish.seconds--;
    at_least.wish.frames -= RATE;
    fit_whole(&at_least.wish, &fit);
    g_assert_cmpint(fit.result, ==, FIT_TOO_LONG);
    fit_finish(&fit);
}

/* A second or more of silence is left only where nothing could fill it: such as waits that are not there. */
static void check_silence(const struct trial *trial, const struct fit *fit)
{
    struct script script = fit_script(&trial->wish, fit);
    if (fit->silence < RATE) return;
    script.silence = 0;
    script.effort.sets += script.effort.level - 100;
    script.effort.reps += script.effort.level - 100;
    script.effort.level = 100;
    script.effort.waits = EFFORT_WHOLE;
    script.coming = script.effort;
    if (length_of(trial, &script) >= trial->wish.frames) g_assert_cmpint(fit->silence, <, 3 * RATE);
}

static void check_fit(const struct trial *trial)
{
    struct fit fit;
    fit_whole(&trial->wish, &fit);
    const struct script script = fit_script(&trial->wish, &fit);
    check_order(trial, &fit);
    check_words(trial, &fit);
    check_bounds(trial, &script);
    check_silence(trial, &fit);
    if (fit.result == FIT_EXACT)
        g_assert_cmpint(length_of(trial, &script), ==, trial->wish.frames);
    else
        check_extreme(trial, &fit);
    if (fit.result == FIT_TOO_LONG) check_least(trial, fit.least);
    fit_finish(&fit);
}

static void test_random(void)
{
    AUTO(made) made = made_new("[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 5s\n", NULL);
    for (int i = 0, n = times(ROUTINES); i < n; i++) {
        AUTO(routine) routine = random_routine(made->diags);
        struct trial trial = {.made = made, .routine = routine};
        trial.script = script_of(routine, made->settings, made->voice);
        trial.script.effort.level = trial.script.coming.level =
            chance(50) ? 0 : g_test_rand_int_range(0, 101);
        const int seconds = g_test_rand_int_range(5, chance(50) ? 200 : 2000);
        trial.wish = (struct fit_wish){.script = &trial.script,
                                       .timing = &made->timing,
                                       .from = SCRIPT_BEGIN,
                                       .frames = (int64_t)seconds * RATE,
                                       .seconds = seconds,
                                       .highest = 100};
        check_fit(&trial);
    }
}

/* ---- what is left of a session ---- */

static void wish_for_rest(struct live *live, struct fit_wish *wish, struct script *script, int64_t frames)
{
    struct planner *planner = live->made->planner;
    *script = *planner_script(planner);
    *wish = (struct fit_wish){.script = script,
                              .timing = &live->made->timing,
                              .now = session_position(live->session),
                              .from = planner_first_free(planner, session_position(live->session), NULL),
                              .frames = frames,
                              .seconds = 60,
                              .highest = 100,
                              .planner = planner};
}

/* As tests/lib/made.h makes it. */
static int64_t made_frames(const char *text)
{
    return (int64_t)strlen(text) * RATE / 50;
}

static int64_t made_length(const struct made *made)
{
    AUTO(planner) planner = planner_new(&made->script, &made->timing, &made->ops, 8);
    g_assert_cmpint(planner_run(planner, INT64_MAX), ==, PLANNER_OVER);
    return timeline_end(planner_timeline(planner));
}

/* Plays to somewhere, fits the rest, and plays that: it lasts so long, and no side differs from the other. */
static void refit(struct live *live)
{
    const int64_t all = made_length(live->made);
    const int64_t at = (int64_t)(g_test_rand_double_range(0, 0.9) * (double)all);
    struct fit_wish wish;
    struct script script;
    struct fit fit;
    play_to(live, at);
    const bool jumps = chance(30);
    if (jumps) give(live, COMMAND_NEXT, 1);
    wish_for_rest(live, &wish, &script, (int64_t)(g_test_rand_double_range(0.5, 1.5) * (double)(all - at)));
    fit_with(&wish, &fit, made_frames);
    const struct script fitted = fit_script(&wish, &fit);
    planner_take_fit(live->made->planner, wish.now, &fitted);
    const int64_t begin = position(live);
    pull_all(live);
    g_assert_cmpint(position(live) - begin, ==, fit.frames);
    if (fit.result == FIT_EXACT) g_assert_cmpint(fit.frames, ==, wish.frames);
    if (!jumps) check_sides(planner_timeline(live->made->planner)); /* what is jumped over is cut short */
    fit_finish(&fit);
}

static void test_rest(void)
{
    for (int i = 0, n = times(REFITTED); i < n; i++) {
        g_autoptr(GString) text = g_string_new("[routine]\ntitle = Random\n");
        for (int step = 1; step <= 4; step++) add_step(text, step);
        struct live live;
        live_init_with(&live, text->str, (const char *const[]){"count.countdown=0", NULL});
        refit(&live);
        live_finish(&live);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fit/random", test_random);
    g_test_add_func("/fit/rest", test_rest);
    return g_test_run();
}
