#include "plan/length.h"
#include "routine/parse.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_problems(struct diags *diags, const char *expected)
{
    char *said = NULL;
    size_t length;
    FILE *out = open_memstream(&said, &length);
    diags_print(diags, out);
    fclose(out);
    g_assert_cmpstr(said, ==, expected);
    free(said);
}

/* Reads a text as a file r.ini in a folder of its own. */
static struct routine *read_text(const char *text, struct diags *diags)
{
    g_autofree char *here = g_get_current_dir();
    g_autofree char *folder = g_dir_make_tmp("routine-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(folder), ==, 0);
    g_assert_true(g_file_set_contents("r.ini", text, -1, NULL));
    struct routine *routine = routine_read("r.ini", diags);
    g_unlink("r.ini");
    g_assert_cmpint(g_chdir(here), ==, 0);
    g_rmdir(folder);
    return routine;
}

static struct routine *read_right(const char *text)
{
    AUTO(diags) diags = diags_new();
    struct routine *routine = read_text(text, diags);
    expect_problems(diags, "");
    g_assert_nonnull(routine);
    return routine;
}

static void read_wrong(const char *text, const char *problems)
{
    AUTO(diags) diags = diags_new();
    g_assert_null(read_text(text, diags));
    expect_problems(diags, problems);
}

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
    g_autoptr(GDir) folder = g_dir_open("config/routines", 0, NULL);
    g_assert_nonnull(folder);
    AUTO(settings) settings = settings_new();
    for (const char *file; (file = g_dir_read_name(folder));) {
        g_autofree char *path = g_build_filename("config/routines", file, NULL);
        AUTO(diags) diags = diags_new();
        AUTO(routine) routine = routine_read(path, diags);
        if (routine) plan_check_length(routine, settings, diags);
        expect_problems(diags, "");
    }
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
    static const char NO_HOLD[] =
        "no hold ('%s'; whole seconds such as 20s, 20-30s or 1m30s; 8-10 breaths; ready)";
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
        {"8breaths", NULL},
        {"breaths", NULL},
        {"8.5 breaths", NULL},
        {"Ready", NULL},
        {"ready 5s", NULL},
        {"0s", "out of range ('0s'; 1s to 1h)"},
        {"1h1s", "out of range ('1h1s'; 1s to 1h)"},
        {"0-5s", "out of range ('0-5s'; 1s to 1h)"},
        {"99999h", "out of range ('99999h'; 1s to 1h)"},
        {"99999999999999999999999h", "out of range ('99999999999999999999999h'; 1s to 1h)"},
        {"30-20s", "the wrong way round ('30-20s'; the smaller end comes first)"},
        {"10-8 breaths", "the wrong way round ('10-8 breaths'; the smaller end comes first)"},
        {"3601 breaths", "out of range ('3601 breaths'; 1 to 3600 breaths)"},
        {"0 breaths", "out of range ('0 breaths'; 1 to 3600 breaths)"},
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

/* ---- limits ---- */

static GString *head(void)
{
    return g_string_new("[routine]\ntitle=x\n");
}

static void append_many(GString *out, const char *before, int n, const char *after)
{
    for (int i = 1; i <= n; i++) g_string_append_printf(out, "%s%d%s", before, i, after);
}

static void test_steps(void)
{
    g_autoptr(GString) text = head();
    append_many(text, "[s", ROUTINE_STEPS, "]\nsay=b\nhold=1s\n");
    AUTO(routine) r = read_right(text->str);
    g_assert_cmpint(r->n_steps, ==, ROUTINE_STEPS);
    g_string_append(text, "[more]\nsay=b\nhold=1s\n[even-more]\nx=1\n");
    read_wrong(text->str,
               "r.ini:30003: [more] too many steps ('more'; at most 10000)\n"
               "r.ini:30006: [even-more] say: missing (the full instruction; or moves, in sections "
               "such as [cat-cow.cow])\n"
               "r.ini:30006: [even-more] hold: missing (such as 20s, 20-30s, 8 breaths or ready)\n"
               "r.ini:30007: [even-more] x: no such key ('x'; one of title, prop, setup, sets, reps, "
               "sides, rest, release, say, cue, hold)\n");
}

/* Behind the limit, too, moves belong to steps, and texts have fields. */
static void test_moves_of_too_many_steps(void)
{
    g_autoptr(GString) text = head();
    append_many(text, "[s", ROUTINE_STEPS, "]\nsay=b\nhold=1s\n");
    g_string_append(text, "[a]\nsides=right, left\n[a.b]\nsay={side} {x}\nhold=1s\n[a.c]\nsay=b\nhold=long\n"
                          "[d]\nsetup={side}\n[d.e]\nsay=b\nhold=1s\n[s1.more]\nsay=b\nhold=1s\n");
    append_many(text, "[d.m", ROUTINE_MOVES, "]\nsay=b\nhold=1s\n");
    read_wrong(
        text->str,
        "r.ini:4: [s1] say: the step has moves, which carry this ('b'; such as [s1.more] on line 30016)\n"
        "r.ini:5: [s1] hold: the step has moves, which carry this ('1s'; such as [s1.more] on line 30016)\n"
        "r.ini:30003: [a] too many steps ('a'; at most 10000)\n"
        "r.ini:30006: [a.b] say: no such field here ('{x}'; fields here: {title}, {reps}, {sets}, {set}, "
        "{seconds}, {side}, {other}, {a|b}; a brace is written {{ or }})\n"
        "r.ini:30010: [a.c] hold: no hold ('long'; whole seconds such as 20s, 20-30s or 1m30s; 8-10 "
        "breaths; ready)\n"
        "r.ini:30012: [d] setup: no such field here ('{side}'; fields here: {title}, {reps}, {sets}; a "
        "brace is written {{ or }})\n"
        "r.ini:30316: [d.m100] too many moves ('d.m100'; at most 100 a step)\n");
}

static void test_checks_of_too_many_moves(void)
{
    g_autoptr(GString) text = head();
    g_string_append(text, "[a]\nsides=left\n");
    append_many(text, "[a.m", ROUTINE_MOVES, "]\nsay=b\nhold=1s\n");
    g_string_append(text, "[a.more]\nsay={side} {x}\nhold=1s\n[a.Even]\nhold=2h\nsides=left\n");
    read_wrong(
        text->str,
        "r.ini:305: [a.more] too many moves ('a.more'; at most 100 a step)\n"
        "r.ini:306: [a.more] say: no such field here ('{x}'; fields here: {title}, {reps}, {sets}, {set}, "
        "{seconds}, {side}, {other}, {a|b}; a brace is written {{ or }})\n"
        "r.ini:308: [a.Even] no name for a move ('Even'; lower-case letters, digits and '-')\n"
        "r.ini:308: [a.Even] say: missing (the full instruction)\n"
        "r.ini:309: [a.Even] hold: out of range ('2h'; 1s to 1h)\n"
        "r.ini:310: [a.Even] sides: the step has sides already ('left'; those of the step are on line 4; one "
        "of both)\n");
}

static void test_too_many_moves(void)
{
    g_autoptr(GString) text = head();
    g_string_append(text, "[a]\n");
    append_many(text, "[a.m", ROUTINE_MOVES, "]\nsay=b\nhold=1s\n");
    AUTO(routine) r = read_right(text->str);
    g_assert_cmpint(r->steps[0].n_moves, ==, ROUTINE_MOVES);
    g_string_append(text, "[a.more]\nsay=b\nhold=1s\n[a.even-more]\nsay=b\nhold=1s\n");
    read_wrong(text->str, "r.ini:304: [a.more] too many moves ('a.more'; at most 100 a step)\n");
}

static void test_long_texts(void)
{
    g_autofree char *most = g_strnfill(ROUTINE_TEXT, 'x');
    g_autofree char *right = g_strdup_printf("[routine]\ntitle=x\n[a]\nhold=1s\nsay=%s\n", most);
    g_autofree char *wrong = g_strdup_printf("[routine]\ntitle=x\n[a]\nhold=1s\nsay=%sx\n", most);
    AUTO(routine) r = read_right(right);
    g_assert_cmpuint(strlen(r->steps[0].moves[0].say.template), ==, ROUTINE_TEXT);
    g_autofree char *shown = g_strnfill(60, 'x');
    g_autofree char *problem =
        g_strdup_printf("r.ini:5: [a] say: over the limit of a text ('%s…'; 64 KiB)\n", shown);
    read_wrong(wrong, problem);
}

/* Names that inih would have cut at 49 bytes, and made one of. */
static void test_long_names(void)
{
    g_autofree char *name = g_strnfill(300, 'n');
    g_autofree char *text =
        g_strdup_printf("[routine]\ntitle=x\n[%s-a]\nsay=b\nhold=1s\n[%s-b]\nsay=b\nhold=1s\n", name, name);
    AUTO(routine) r = read_right(text);
    g_assert_cmpint(r->n_steps, ==, 2);
    g_assert_true(g_str_has_suffix(r->steps[1].name, "nn-b"));
}

/* However many there are, each is answered at once. */
static void test_many_orphans(void)
{
    g_autoptr(GString) text = head();
    append_many(text, "[s", 9000, "]\nsay=b\nhold=1s\n");
    append_many(text, "[t", 9000, ".m]\nsay=b\nhold=1s\n");
    AUTO(diags) diags = diags_new();
    g_assert_null(read_text(text->str, diags));
    g_assert_cmpuint(diags_errors(diags), ==, 1001);
}

/* ---- length ---- */

static void expect_length(const char *text, const char *setting, const char *problems)
{
    AUTO(routine) r = read_right(text);
    AUTO(settings) settings = settings_new();
    AUTO(diags) diags = diags_new();
    settings_set(settings, "sound.wake=0s", "", diags);
    settings_set(settings, "pace.gap=0s", "", diags);
    settings_set(settings, "pace.prepare=0s", "", diags);
    settings_set(settings, "pace.change-sides=0s", "", diags);
    settings_set(settings, setting, "", diags);
    plan_check_length(r, settings, diags);
    expect_problems(diags, problems);
}

static void test_length(void)
{
    static const char a_day[] =
        "[routine]\ntitle=x\n[a]\nsets=1-2\nreps=2-6\nsides=right,left\nrest=0s\nsay=b\nhold=1s-1h\n";
    /* What lies around speech is not counted: ten thousand steps may each have their time to get ready. */
    static const char *const fits[] = {"pace.gap=0s", "pace.gap=1s", "pace.prepare=10m", "sound.wake=5s"};
    for (gsize i = 0; i < G_N_ELEMENTS(fits); i++) expect_length(a_day, fits[i], "");
    expect_length(
        a_day, "pace.change-sides=10m",
        "r.ini:1: over the limit of a session ('24:20:00'; 24:00:00 of holds and waits, at the high end "
        "of every range)\n");
    expect_length(
        a_day, "pace.change-sides=0.001s",
        "r.ini:1: over the limit of a session ('24:00:01'; 24:00:00 of holds and waits, at the high end "
        "of every range)\n");
}

static void test_hold_over_an_hour(void)
{
    static const char text[] = "[routine]\ntitle=x\n[a]\nsay=b\nhold=1s-40m\n[b]\n[b.c]\nsay=b\nhold=1h\n[d]"
                               "\nsay=b\nhold=720 breaths\n";
    expect_length(text, "pace.hold=100%", "");
    expect_length(
        text, "pace.hold=150%",
        "r.ini:9: [b.c] hold: over the limit of a hold ('1:30:00'; 1:00:00, and pace.hold is 150%)\n");
    expect_length(
        text, "pace.hold=151%",
        "r.ini:5: [a] hold: over the limit of a hold ('1:00:24'; 1:00:00, and pace.hold is 151%)\n"
        "r.ini:9: [b.c] hold: over the limit of a hold ('1:30:36'; 1:00:00, and pace.hold is 151%)\n");
    expect_length(text, "pace.speed=50%",
                  "r.ini:12: [d] hold: over the limit of a hold ('2:00:00'; 1:00:00, and pace.breath is 5s, "
                  "pace.speed 50%)\n");
    expect_length(text, "pace.speed=200%", "");
    expect_length("[routine]\ntitle=x\n[d]\nsay=b\nhold=1-3600 breaths\n", "pace.breath=2s",
                  "r.ini:5: [d] hold: over the limit of a hold ('2:00:00'; 1:00:00, and pace.breath is 2s, "
                  "pace.speed 100%)\n");
}

static void test_length_of_breaths(void)
{
    static const char text[] = "[routine]\ntitle=x\n[a]\nsets=100\nrest=0s\nsay=b\nhold=180 breaths\n";
    expect_length(text, "pace.breath=4.8s", "");
    expect_length(text, "pace.breath=4.801s",
                  "r.ini:1: over the limit of a session ('24:00:18'; 24:00:00 of holds and waits, at the "
                  "high end of every range)\n");
    expect_length(text, "pace.speed=50",
                  "r.ini:1: over the limit of a session ('50:00:00'; 24:00:00 of holds and waits, at the "
                  "high end of every range)\n");
}

/* All limits at once: what is longest cannot overflow. */
static void test_longest(void)
{
    g_autoptr(GString) text = head();
    g_string_append(text, "[a]\nsets=100\nreps=1000\nsides=right,left\nrest=1h\n");
    append_many(text, "[a.m", ROUTINE_MOVES, "]\nsay=b\nhold=3600 breaths\n");
    AUTO(routine) r = read_right(text->str);
    AUTO(settings) settings = settings_new();
    AUTO(diags) diags = diags_new();
    settings_set(settings, "pace.breath=30s", "", diags);
    settings_set(settings, "pace.speed=50", "", diags);
    struct step *one = r->steps;
    r->steps = g_new(struct step, ROUTINE_STEPS);
    for (int i = 0; i < ROUTINE_STEPS; i++) r->steps[i] = *one;
    r->n_steps = ROUTINE_STEPS;
    plan_check_length(r, settings, diags);
    g_assert_cmpuint(diags_errors(diags), ==, 1 + ROUTINE_STEPS * ROUTINE_MOVES);
    g_free(r->steps);
    r->steps = one;
    r->n_steps = 1;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routine/hold over an hour", test_hold_over_an_hour);
    g_test_add_func("/routine/moves of too many steps", test_moves_of_too_many_steps);
    g_test_add_func("/routine/checks of too many moves", test_checks_of_too_many_moves);
    g_test_add_func("/routine/routine", test_routine);
    g_test_add_func("/routine/step", test_step);
    g_test_add_func("/routine/moves", test_moves);
    g_test_add_func("/routine/own-move", test_own_move);
    g_test_add_func("/routine/defaults", test_defaults);
    g_test_add_func("/routine/shipped", test_shipped);
    g_test_add_func("/routine/holds", test_holds);
    g_test_add_func("/routine/no-holds", test_no_holds);
    g_test_add_func("/routine/limit/steps", test_steps);
    g_test_add_func("/routine/limit/moves", test_too_many_moves);
    g_test_add_func("/routine/limit/texts", test_long_texts);
    g_test_add_func("/routine/limit/names", test_long_names);
    g_test_add_func("/routine/limit/orphans", test_many_orphans);
    g_test_add_func("/routine/length/seconds", test_length);
    g_test_add_func("/routine/length/breaths", test_length_of_breaths);
    g_test_add_func("/routine/length/longest", test_longest);
    return g_test_run();
}
