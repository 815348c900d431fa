#include "../lib/read.h"
#include "plan/script.h"

/* ---- the model ---- */

static const char FULL[] = "[routine]\n"
                           "title = Middle {{back}}\n"
                           "language = en-gb\n"
                           "about = a line\n"
                           "caution = Slowly with {title}.\n"
                           "closing = Good.\n"
                           "[cat-cow]\n"
                           "prop = a towel\n"
                           "setup = Kneel. {title} {reps} {sets} {side} {other} {a|b}\n"
                           "sets = 1-3\n"
                           "reps = 5-10\n"
                           "sides = left, right\n"
                           "rest = 1m30s\n"
                           "release = Rest.\n"
                           "[cat-cow.cow]\n"
                           "say = Sink {seconds} {set} {side}.\n"
                           "cue = Cow.\n"
                           "hold = 15-30s\n"
                           "release = Back {other}.\n"
                           "[plain]\n"
                           "title = Plain one\n"
                           "setup = {seconds}\n"
                           "say = Stay\n"
                           "  for {seconds}.\n"
                           "hold = 1m\n"
                           "[cat-cow.cat]\n"
                           "say = Arch {breaths}.\n"
                           "hold = 8-10 breaths\n"
                           "[lone]\n"
                           "sides = right\n"
                           "say = {a|b}\n"
                           "hold = ready\n"
                           "release = Out.\n"
                           "[tilts]\n"
                           "[tilts.tilt]\n"
                           "say = To the {side}.\n"
                           "hold = 1 breath\n"
                           "sides = right,left\n";

static void test_routine(void)
{
    AUTO(routine) r = read_right(FULL);
    g_assert_cmpstr(r->name, ==, "r");
    g_assert_cmpstr(r->path, ==, "r.ini");
    g_assert_cmpstr(r->title, ==, "Middle {back}");
    g_assert_cmpstr(r->language, ==, "en-gb");
    g_assert_cmpstr(r->about, ==, "a line");
    g_assert_cmpstr(r->caution.template, ==, "Slowly with {title}.");
    g_assert_cmpint(r->caution.line, ==, 5);
    g_assert_cmpstr(r->closing.template, ==, "Good.");
    g_assert_cmpint(r->n_steps, ==, 4);
}

static void test_step(void)
{
    AUTO(routine) r = read_right(FULL);
    const struct step *step = &r->steps[0];
    g_assert_cmpstr(step->name, ==, "cat-cow");
    g_assert_cmpstr(step->title, ==, "cat cow");
    g_assert_cmpstr(step->prop, ==, "a towel");
    g_assert_cmpint(step->setup.line, ==, 9);
    g_assert_cmpint(step->sets.low, ==, 1);
    g_assert_cmpint(step->sets.high, ==, 3);
    g_assert_cmpint(step->reps.low, ==, 5);
    g_assert_cmpint(step->reps.high, ==, 10);
    g_assert_cmpint(step->sides.n, ==, 2);
    g_assert_cmpint(step->sides.side[0], ==, SIDE_LEFT);
    g_assert_cmpint(step->sides.side[1], ==, SIDE_RIGHT);
    g_assert_cmpint(step->rest_ms, ==, 90000);
    g_assert_cmpint(step->line, ==, 7);
    g_assert_cmpint(step->n_moves, ==, 2);
}

static void test_moves(void)
{
    AUTO(routine) r = read_right(FULL);
    const struct move *cow = &r->steps[0].moves[0], *cat = &r->steps[0].moves[1],
                      *tilt = &r->steps[3].moves[0];
    g_assert_cmpstr(cow->name, ==, "cow");
    g_assert_cmpstr(cow->say.template, ==, "Sink {seconds} {set} {side}.");
    g_assert_cmpstr(cow->cue.template, ==, "Cow.");
    g_assert_cmpstr(cow->release.template, ==, "Back {other}.");
    g_assert_cmpint(cow->hold.kind, ==, HOLD_SECONDS);
    g_assert_cmpint(cow->hold.range.low, ==, 15);
    g_assert_cmpint(cow->hold.range.high, ==, 30);
    g_assert_cmpint(cow->line, ==, 15);
    g_assert_cmpstr(cat->name, ==, "cat");
    g_assert_null(cat->cue.template);
    g_assert_cmpint(cat->hold.kind, ==, HOLD_BREATHS);
    g_assert_cmpint(cat->hold.range.high, ==, 10);
    g_assert_cmpint(tilt->sides.n, ==, 2);
    g_assert_cmpint(tilt->hold.range.low, ==, 1);
}

static void test_own_move(void)
{
    AUTO(routine) r = read_right(FULL);
    const struct step *plain = &r->steps[1], *lone = &r->steps[2];
    g_assert_cmpstr(plain->title, ==, "Plain one");
    g_assert_null(plain->prop);
    g_assert_cmpint(plain->sets.low, ==, 1);
    g_assert_cmpint(plain->reps.high, ==, 1);
    g_assert_cmpint(plain->rest_ms, ==, -1);
    g_assert_cmpint(plain->n_moves, ==, 1);
    g_assert_null(plain->moves[0].name);
    g_assert_cmpstr(plain->moves[0].say.template, ==, "Stay for {seconds}.");
    g_assert_cmpint(plain->moves[0].say.line, ==, 23);
    g_assert_cmpint(plain->moves[0].line, ==, 20);
    g_assert_cmpint(lone->moves[0].hold.kind, ==, HOLD_READY);
    g_assert_cmpstr(lone->release.template, ==, "Out.");
    g_assert_null(lone->moves[0].release.template);
    g_assert_cmpint(lone->sides.n, ==, 1);
}

static void test_defaults(void)
{
    AUTO(routine) r = read_right("[routine]\ntitle=x\n[a]\nsay=b\nhold=1s\n");
    g_assert_cmpstr(r->language, ==, "en");
    g_assert_null(r->about);
    g_assert_null(r->caution.template);
    g_assert_null(r->closing.template);
}

static void test_shipped(void)
{
    g_autoptr(GDir) directory = g_dir_open("config/routines", 0, NULL);
    g_assert_nonnull(directory);
    AUTO(settings) settings = settings_new();
    for (const char *file; (file = g_dir_read_name(directory));) {
        g_autofree char *path = g_build_filename("config/routines", file, NULL);
        AUTO(diags) diags = diags_new();
        AUTO(routine) routine = routine_read(path, diags);
        if (routine) plan_check_length(routine, settings, diags);
        expect_problems(diags, "");
    }
}

static void test_from_text(void)
{
    static const char right[] = "[routine]\ntitle=x\n[a]\nsay=b\nhold=1s\n", wrong[] = "[routine]\n[a]\n";
    AUTO(diags) diags = diags_new();
    AUTO(routine) r = routine_from_text(right, strlen(right), "/none/morning.ini", diags);
    expect_problems(diags, "");
    g_assert_cmpstr(r->name, ==, "morning");
    g_assert_cmpstr(r->path, ==, "/none/morning.ini");
    g_assert_cmpstr(r->steps[0].own.say.template, ==, "b");
    g_assert_null(routine_from_text(wrong, strlen(wrong), "/none/morning.ini", diags));
    expect_problems(
        diags, "/none/morning.ini:1: [routine] title: missing (the routine's title)\n"
               "/none/morning.ini:2: [a] say: missing (the full instruction; or moves, in sections such "
               "as [cat-cow.cow])\n"
               "/none/morning.ini:2: [a] hold: missing (such as 20s, 20-30s, 8 breaths, 8 times or ready)\n");
}

/* ---- holds ---- */

static char *with_hold(const char *hold)
{
    return g_strdup_printf("[routine]\ntitle=x\n[a]\nsay=b\nhold=%s\n", hold);
}

static void test_holds(void)
{
    static const struct {
        const char *text;
        struct hold hold;
    } cases[] = {
        {"20s", {HOLD_SECONDS, {20, 20}, 5}},
        {"20-30s", {HOLD_SECONDS, {20, 30}, 5}},
        {"30s-1m", {HOLD_SECONDS, {30, 60}, 5}},
        {"1-2m", {HOLD_SECONDS, {60, 120}, 5}},
        {"1m30s", {HOLD_SECONDS, {90, 90}, 5}},
        {"1h", {HOLD_SECONDS, {3600, 3600}, 5}},
        {"1s", {HOLD_SECONDS, {1, 1}, 5}},
        {"8 breaths", {HOLD_BREATHS, {8, 8}, 5}},
        {"8-10 breaths", {HOLD_BREATHS, {8, 10}, 5}},
        {"1 breath", {HOLD_BREATHS, {1, 1}, 5}},
        {"3600  breaths", {HOLD_BREATHS, {3600, 3600}, 5}},
        {"8 – 10breaths", {HOLD_BREATHS, {8, 10}, 5}},
        {"20 – 30 sec", {HOLD_SECONDS, {20, 30}, 5}},
        {"8-12 times", {HOLD_TIMES, {8, 12}, 5}},
        {"1 time", {HOLD_TIMES, {1, 1}, 5}},
        {"ready", {HOLD_READY, {0, 0}, 5}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = with_hold(cases[i].text);
        AUTO(routine) r = read_right(text);
        const struct hold *hold = &r->steps[0].moves[0].hold;
        g_assert_cmpint(hold->kind, ==, cases[i].hold.kind);
        g_assert_cmpint(hold->range.low, ==, cases[i].hold.range.low);
        g_assert_cmpint(hold->range.high, ==, cases[i].hold.range.high);
        g_assert_cmpint(hold->line, ==, cases[i].hold.line);
    }
}

static void test_no_holds(void)
{
    static const char NO_HOLD[] = "not a hold ('%s'; write 20s, 20-30s, 8 breaths, 8 times or ready)";
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"20", NULL},
        {"0.5s", NULL},
        {"-5s", NULL},
        {"nan", NULL},
        {"inf", NULL},
        {"1e308s", NULL},
        {"20s 30s", NULL},
        {"8 breathes", NULL},
        {"breaths", NULL},
        {"8.5 breaths", NULL},
        {"Ready", NULL},
        {"ready 5s", NULL},
        {"0s", "out of range ('0s'; 1s to 1h)"},
        {"1h1s", "out of range ('1h1s'; 1s to 1h)"},
        {"0-5s", "out of range ('0-5s'; 1s to 1h)"},
        {"99999h", "out of range ('99999h'; 1s to 1h)"},
        {"99999999999999999999999h", "out of range ('99999999999999999999999h'; 1s to 1h)"},
        {"30-20s", "a reversed range ('30-20s'; the smaller number comes first)"},
        {"10-8 breaths", "a reversed range ('10-8 breaths'; the smaller number comes first)"},
        {"3601 breaths", "out of range ('3601 breaths'; 1 to 3600 breaths)"},
        {"0 breaths", "out of range ('0 breaths'; 1 to 3600 breaths)"},
        {"12-8 times", "a reversed range ('12-8 times'; the smaller number comes first)"},
        {"3601 times", "out of range ('3601 times'; 1 to 3600 times)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = with_hold(cases[i].text);
        g_autoptr(GString) expected = g_string_new(cases[i].problem ? cases[i].problem : NO_HOLD);
        g_string_replace(expected, "%s", cases[i].text, 0);
        g_string_prepend(expected, "r.ini:5: [a] hold: ");
        g_string_append_c(expected, '\n');
        read_wrong(text, expected->str);
    }
}

static void expect_phases(const struct phases *phases, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < phases->n; i++) g_string_append_printf(text, "%s%d", i > 0 ? "-" : "", phases->ms[i]);
    g_assert_cmpstr(text->str, ==, expected);
}

static void test_phases(void)
{
    static const struct {
        const char *key, *text, *ms;
    } cases[] = {
        {"tempo", "3s", "3000"},
        {"tempo", "1.5 sec", "1500"},
        {"tempo", "2-1-3", "2000-1000-3000"},
        {"tempo", "2 – 0 – 2 s", "2000-0-2000"},
        {"breath", "4-6", "4000-6000"},
        {"breath", "4-7-8", "4000-7000-8000"},
        {"breath", "4 - 0.5 - 4 - 4", "4000-500-4000-4000"},
        {"breath", "1-1", "1000-1000"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            "[routine]\ntitle = T\n[a]\nsay = b\nhold = 8 times\n%s = %s\n", cases[i].key, cases[i].text);
        AUTO(routine) r = read_right(text);
        const struct move *move = &r->steps[0].moves[0];
        bool tempo = strcmp(cases[i].key, "tempo") == 0;
        expect_phases(tempo ? &move->tempo : &move->breath, cases[i].ms);
        expect_phases(tempo ? &move->breath : &move->tempo, "");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routine/routine", test_routine);
    g_test_add_func("/routine/step", test_step);
    g_test_add_func("/routine/moves", test_moves);
    g_test_add_func("/routine/own-move", test_own_move);
    g_test_add_func("/routine/defaults", test_defaults);
    g_test_add_func("/routine/shipped", test_shipped);
    g_test_add_func("/routine/from-text", test_from_text);
    g_test_add_func("/routine/holds", test_holds);
    g_test_add_func("/routine/no-holds", test_no_holds);
    g_test_add_func("/routine/phases", test_phases);
    return g_test_run();
}
