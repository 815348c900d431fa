/* How much a routine may have, and how long it may be. */
#include "../lib/read.h"
#include "plan/script.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

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
    read_wrong(
        text->str,
        "r.ini:30003: [more] too many steps ('more'; at most 10000)\n"
        "r.ini:30006: [even-more] say: missing (the full instruction; or moves, in sections "
        "such as [cat-cow.cow])\n"
        "r.ini:30006: [even-more] hold: missing (such as 20s, 20-30s, 8 breaths, 8 times or ready)\n"
        "r.ini:30007: [even-more] x: unknown key ('x'; one of title, prop, priority, setup, sets, reps, "
        "sides, rest, between, prepare, again, after, release, say, cue, hold, breath, tempo, settle)\n");
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
        "r.ini:4: [s1] say: belongs in the moves of the step ('b'; such as [s1.more] on line 30016)\n"
        "r.ini:5: [s1] hold: belongs in the moves of the step ('1s'; such as [s1.more] on line 30016)\n"
        "r.ini:30003: [a] too many steps ('a'; at most 10000)\n"
        "r.ini:30006: [a.b] say: unknown field ('{x}'; fields here: {title}, {reps}, {sets}, {set}, "
        "{seconds}, {time}, {side}, {other}, {a|b}; write {{ or }} for a brace)\n"
        "r.ini:30010: [a.c] hold: not a hold ('long'; write 20s, 20-30s, 8 breaths, 8 times or ready)\n"
        "r.ini:30012: [d] setup: unknown field ('{side}'; fields here: {title}, {reps}, {sets}; write {{ or "
        "}} for a brace)\n"
        "r.ini:30316: [d.m100] too many moves ('d.m100'; at most 100 a step)\n");
}

static void test_checks_of_too_many_moves(void)
{
    g_autoptr(GString) text = head();
    g_string_append(text, "[a]\nsides=left\n");
    append_many(text, "[a.m", ROUTINE_MOVES, "]\nsay=b\nhold=1s\n");
    g_string_append(text, "[a.more]\nsay={side} {x}\nhold=1s\n[a.Even]\nhold=2h\nsides=left\n");
    read_wrong(text->str,
               "r.ini:305: [a.more] too many moves ('a.more'; at most 100 a step)\n"
               "r.ini:306: [a.more] say: unknown field ('{x}'; fields here: {title}, {reps}, {sets}, {set}, "
               "{seconds}, {time}, {side}, {other}, {a|b}; write {{ or }} for a brace)\n"
               "r.ini:308: [a.Even] not a move name ('Even'; lower-case letters, digits and '-')\n"
               "r.ini:308: [a.Even] say: missing (the full instruction)\n"
               "r.ini:309: [a.Even] hold: out of range ('2h'; 1s to 1h)\n"
               "r.ini:310: [a.Even] sides: the step also has sides ('left'; those of the step are on line 4; "
               "keep one)\n");
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
        g_strdup_printf("r.ini:5: [a] say: text too long ('%s…'; at most 64 KiB)\n", shown);
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
        "r.ini:1: over the limit of a session ('24h20m'; at most 24h of holds and waits, at the high end "
        "of every range)\n");
    expect_length(
        a_day, "pace.change-sides=0.001s",
        "r.ini:1: over the limit of a session ('24h1s'; at most 24h of holds and waits, at the high end "
        "of every range)\n");
}

static void test_hold_over_an_hour(void)
{
    static const char text[] = "[routine]\ntitle=x\n[a]\nsay=b\nhold=1s-40m\n[b]\n[b.c]\nsay=b\nhold=1h\n[d]"
                               "\nsay=b\nhold=720 breaths\n";
    expect_length(text, "pace.hold=100%", "");
    expect_length(text, "pace.hold=150%",
                  "r.ini:9: [b.c] hold: over the limit of a hold ('1h30m'; at most 1h; it follows from "
                  "pace.hold = 150%)\n");
    expect_length(text, "pace.hold=151%",
                  "r.ini:5: [a] hold: over the limit of a hold ('1h24s'; at most 1h; it follows from "
                  "pace.hold = 151%)\n"
                  "r.ini:9: [b.c] hold: over the limit of a hold ('1h30m36s'; at most 1h; it follows from "
                  "pace.hold = 151%)\n");
    expect_length(text, "pace.speed=50%",
                  "r.ini:12: [d] hold: over the limit of a hold ('2h'; at most 1h; it follows from "
                  "pace.breath = 5s and pace.speed = 50%)\n");
    expect_length(text, "pace.speed=200%", "");
    expect_length("[routine]\ntitle=x\n[d]\nsay=b\nhold=1-3600 breaths\n", "pace.breath=2s",
                  "r.ini:5: [d] hold: over the limit of a hold ('2h'; at most 1h; it follows from "
                  "pace.breath = 2s and pace.speed = 100%)\n");
}

static void test_length_of_breaths(void)
{
    static const char text[] = "[routine]\ntitle=x\n[a]\nsets=100\nrest=0s\nsay=b\nhold=180 breaths\n";
    expect_length(text, "pace.breath=4.8s", "");
    expect_length(text, "pace.breath=4.801s",
                  "r.ini:1: over the limit of a session ('24h18s'; at most 24h of holds and waits, at the "
                  "high end of every range)\n");
    expect_length(text, "pace.speed=50",
                  "r.ini:1: over the limit of a session ('50h'; at most 24h of holds and waits, at the "
                  "high end of every range)\n");
}

/* A hold's own breath and tempo count. */
static void test_length_of_rounds(void)
{
    static const char text[] =
        "[routine]\ntitle=x\n[a]\nsay=b\nhold=200-400 breaths\nbreath=4-4-2\n[c]\nsay=d\nhold=1200 times\n";
    expect_length(text, "pace.speed=100",
                  "r.ini:5: [a] hold: over the limit of a hold ('1h6m40s'; at most 1h; it follows from its "
                  "own breath and pace.speed = 100%)\n");
    expect_length(text, "pace.speed=120", "");
    expect_length(
        text, "pace.tempo=4s",
        "r.ini:5: [a] hold: over the limit of a hold ('1h6m40s'; at most 1h; it follows from its own "
        "breath and pace.speed = 100%)\nr.ini:9: [c] hold: over the limit of a hold ('1h20m'; at most 1h; it "
        "follows from pace.tempo = 4s and pace.speed = 100%)\n");
}

/* Waits that the routine asks for count; those of the settings do not. */
static void test_length_of_waits(void)
{
    static const char over[] =
        "r.ini:1: over the limit of a session ('24h1s'; at most 24h of holds and waits, at "
        "the high end of every range)\n";
    /* 1,000 s of holds, 999 times 85 s between them, and what is left of a day. */
#define HELD "[routine]\ntitle=x\n[a]\nreps=1000\nsay=b\nhold=1s\nbetween=85s\n"
    expect_length(HELD "prepare=6m40s\nafter=85s\n", "pace.prepare=10m", "");
    expect_length(HELD "prepare=6m41s\nafter=85s\n", "pace.prepare=0s", over);
    expect_length(HELD "prepare=6m40s\nafter=86s\n", "pace.prepare=0s", over);
#undef HELD
    /* The way into position, 100 times, and as many rests after a move, and times before it. */
#define SETS                                                                                                 \
    "[routine]\ntitle=x\n[a]\nsets=100\nrest=4m21s\nprepare=4m\nagain=x\n[a.b]\nsay=b\nhold=1s\nsettle="     \
    "4m\nafter="
    expect_length(SETS "2m4s\n", "pace.prepare=0s", "");
    expect_length(
        SETS "2m5s\n", "pace.prepare=0s",
        "r.ini:1: over the limit of a session ('24h39s'; at most 24h of holds and waits, at the high end of "
        "every range)\n");
#undef SETS
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

/* ---- hostile files ---- */

enum { MISTAKES_MIB = 24, MISTAKES_S = 20 };

#ifndef __SANITIZE_ADDRESS__
static gsize address_space(void)
{
    g_autofree char *statm = NULL;
    g_assert_true(g_file_get_contents("/proc/self/statm", &statm, NULL, NULL));
    return strtoul(statm, NULL, 10) * (gsize)sysconf(_SC_PAGESIZE);
}
#endif

/* In a child with no more memory than for the text, a copy of it and a few MiB. */
static void read_mistakes(const GString *text)
{
    AUTO(diags) diags = diags_new();
    alarm(MISTAKES_S);
#ifndef __SANITIZE_ADDRESS__
    struct rlimit limit = {address_space() + ((gsize)MISTAKES_MIB << 20), RLIM_INFINITY};
    if (setrlimit(RLIMIT_AS, &limit) < 0) _exit(2);
#endif
    AUTO(routine) routine = routine_from_text(text->str, text->len, "r.ini", diags);
    FILE *nowhere = fopen("/dev/null", "w");
    guint errors = diags_errors(diags);
    if (nowhere) diags_print(diags, nowhere);
    _exit(routine || errors < DIAGS_KEPT || errors > 3 * DIAGS_KEPT ? 3 : 0);
}

/* Every line of 8 MiB is wrong: the file is not read beyond its first 1,000 problems. */
static void test_mistakes(void)
{
    static const char *const lines[] = {"[a]\n", "[a\n", "x\n", "=\n", "x=\n", "a=b\n", "\xff\n", " x\n\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GString) text = head();
        gsize length = strlen(lines[i]), n = (INI_LIMIT - text->len) / length;
        for (gsize k = 0; k < n; k++) g_string_append_len(text, lines[i], (gssize)length);
        g_test_message("%s", lines[i]);
        pid_t pid = fork();
        if (pid == 0) read_mistakes(text);
        int status;
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_cmpint(status, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routine/hold over an hour", test_hold_over_an_hour);
    g_test_add_func("/routine/moves of too many steps", test_moves_of_too_many_steps);
    g_test_add_func("/routine/checks of too many moves", test_checks_of_too_many_moves);
    g_test_add_func("/routine/limit/steps", test_steps);
    g_test_add_func("/routine/limit/moves", test_too_many_moves);
    g_test_add_func("/routine/limit/texts", test_long_texts);
    g_test_add_func("/routine/limit/names", test_long_names);
    g_test_add_func("/routine/limit/mistakes", test_mistakes);
    g_test_add_func("/routine/limit/orphans", test_many_orphans);
    g_test_add_func("/routine/length/seconds", test_length);
    g_test_add_func("/routine/length/breaths", test_length_of_breaths);
    g_test_add_func("/routine/length/rounds", test_length_of_rounds);
    g_test_add_func("/routine/length/waits", test_length_of_waits);
    g_test_add_func("/routine/length/longest", test_longest);
    return g_test_run();
}
