/* How much is said of a session: in full, briefly, and of one that is known by now. */
#include "../lib/made.h"

static const char routine[] =
    "[routine]\ntitle = Back\ncaution = Stop if it hurts. Ask a doctor first. Go slowly.\n"
    "closing = That was it. Drink something. See you tomorrow.\n"
    "[bridge]\ntitle = Bridge\nprop = a mat\nsetup = Lie down. Bend the knees.\nsay = Lift. Hold {seconds} "
    "seconds.\n"
    "hold = 20s\nsides = left, right\nsets = 2\nrest = 15s\nagain = Lie down again. Bend them.\n"
    "release = Come down. Rest a little.\n";

/* The sentences of lines, without prompts. */
static void add_lines(GString *all, const GPtrArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        for (guint j = 0; line->sentences && j < line->sentences->len; j++)
            g_string_append_printf(all, "%s%s", all->len ? " " : "", (char *)line->sentences->pdata[j]);
    }
}

static char *said(const struct script *script)
{
    GString *all = g_string_new(NULL);
    struct script_pos pos = SCRIPT_BEGIN;
    do {
        g_autoptr(GPtrArray) lines = lines_new();
        script_block(script, pos, lines);
        add_lines(all, lines);
    } while (script_next(script, &pos));
    return g_string_free(all, FALSE);
}

static void expect(struct script script, enum words words, bool known_ends, const char *expected)
{
    script.words = words;
    script.caution_known = script.closing_known = known_ends;
    g_autofree char *found = said(&script);
    g_assert_cmpstr(found, ==, expected);
}

static void test_words(void)
{
    AUTO(made) made = made_new(routine, NULL);
    g_assert_cmpint(made->script.words, ==, WORDS_FULL); /* what auto is without a history */
    expect(made->script, WORDS_FULL, false,
           "Back. 1 step, about 3 minutes. You will need: a mat. Stop if it hurts. Ask a doctor first. Go "
           "slowly. 1 of 1. Bridge. Both sides, 2 sets, 20 seconds each. Lie down. Bend the knees. 8 seconds "
           "to get there. Left side. Lift. Hold 20 seconds. Now the right side. Lift. Hold 20 seconds. Rest, "
           "15 seconds. Then set 2 of 2. Lie down again. Bend them. 8 seconds to get there. Left side. Lift. "
           "Now the right side. Lift. Come down. Rest a little. That was it. Drink something. See you "
           "tomorrow.");
    expect(made->script, WORDS_KNOWN, true,
           "Back. 1 step, about 3 minutes. Go slowly. 1 of 1. Bridge. Both sides, 2 sets, 20 seconds each. "
           "Lie down. Left side. Lift. Now the right side. Lift. Lie down again. Left side. Lift. Now the "
           "right side. Lift. Come down. Rest a little. See you tomorrow.");
    expect(made->script, WORDS_BRIEF, false,
           "Back. 1 step, about 3 minutes. Stop if it hurts. Ask a doctor first. Go slowly. 1 of 1. Bridge. "
           "Left side. Lift. Now the right side. Lift. Left side. Lift. Now the right side. Lift. Come down. "
           "Rest a little.");
}

/* Where a session has to be as short as it can, only the first sentence of a setup is still said, unless the
 * step is near. Where brief words were asked for, it is not. */
static void check_shortest(const char *prepare, bool expected)
{
    g_autofree char *text = g_strconcat(
        "[routine]\ntitle = Back\n[bridge]\nsetup = Lie down. Bend the knees.\nsay = Lift.\nhold = 20s\n"
        "sets = 2\nagain = Lie down again. Bend them.\n",
        prepare, NULL);
    AUTO(made) made = made_new(text, NULL);
    struct script asked = made->script, shortest = made->script;
    asked.words = shortest.effort.words = shortest.coming.words = WORDS_BRIEF;
    g_autofree char *less = said(&asked), *more = said(&shortest);
    g_assert_null(strstr(less, "Lie down"));
    g_assert_cmpint(!!strstr(more, "Lie down."), ==, expected);
    g_assert_cmpint(!!strstr(more, "Lie down again."), ==, expected);
    g_assert_null(strstr(more, "Bend"));
    g_assert_null(strstr(more, "to get there"));
    g_assert_cmpint(script_estimate(&shortest) > script_estimate(&asked), ==, expected);
}

static void test_shortest(void)
{
    check_shortest("", true);
    check_shortest("prepare = 20s\n", true);
    check_shortest("prepare = 5s\n", true);
    check_shortest("prepare = ready\n", true);
    check_shortest("prepare = 4s\n", false);
    check_shortest("prepare = 0s\n", false);
}

/* A session that has to be short says less, but its caution in full. */
static void test_short_of_time(void)
{
    AUTO(made) made = made_new(routine, NULL);
    made->script.effort.words = made->script.coming.words = WORDS_KNOWN;
    expect(made->script, WORDS_FULL, false,
           "Back. 1 step, about 3 minutes. Stop if it hurts. Ask a doctor first. Go slowly. 1 of 1. Bridge. "
           "Both sides, 2 sets, 20 seconds each. Lie down. Left side. Lift. Now the right side. Lift. Lie "
           "down again. Left side. Lift. Now the right side. Lift. Come down. Rest a little. See you "
           "tomorrow.");
    g_autofree char *known = said(&made->script);
    expect(made->script, WORDS_KNOWN, false, known);
    made->script.effort.words = made->script.coming.words = WORDS_BRIEF;
    g_autofree char *brief = said(&made->script);
    g_assert_cmpint(strlen(brief), <, strlen(known));
    made->script.effort.words = made->script.coming.words = WORDS_KNOWN;
    expect(made->script, WORDS_BRIEF, false,
           "Back. 1 step, about 3 minutes. Stop if it hurts. Ask a doctor first. Go slowly. 1 of 1. Bridge. "
           "Left side. Lift. Now the right side. Lift. Left side. Lift. Now the right side. Lift. Come down. "
           "Rest a little.");
}

/* What is said again is said in all words, whichever the session's are. */
static void test_repeat(void)
{
    static const enum words words[] = {WORDS_FULL, WORDS_KNOWN, WORDS_BRIEF};
    AUTO(made) made = made_new(routine, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        struct script script = made->script;
        g_autoptr(GString) all = g_string_new(NULL);
        g_autoptr(GPtrArray) lines = lines_new();
        script.words = words[i];
        script.caution_known = true;
        const struct place place = {.step = 0, .set = 2, .rep = 1, .side = SIDE_LEFT, .move = -1};
        script_repeat(&script, (struct script_pos){.set = 1, .setup = true}, place, lines);
        add_lines(all, lines);
        g_assert_cmpstr(all->str, ==,
                        "Lie down. Bend the knees. 8 seconds to get there. Lift. Hold 20 seconds.");
        g_ptr_array_set_size(lines, 0);
        g_string_truncate(all, 0);
        script_repeat(&script, SCRIPT_BEGIN, (struct place){.step = PLACE_HEAD, .move = -1}, lines);
        add_lines(all, lines);
        g_assert_nonnull(strstr(all->str, "Stop if it hurts. Ask a doctor first. Go slowly."));
    }
}

/* It is estimated as it is said. */
static void test_estimate(void)
{
    AUTO(made) made = made_new(routine, NULL);
    struct script known = made->script, brief = made->script;
    known.words = WORDS_KNOWN;
    brief.words = WORDS_BRIEF;
    double full = script_estimate(&made->script), less = script_estimate(&known);
    g_assert_true(script_estimate(&brief) < less && less < full);
    known.caution_known = true;
    double without = script_estimate(&known);
    known.closing_known = true;
    g_assert_true(script_estimate(&known) < without && without < less);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/said", test_words);
    g_test_add_func("/words/short-of-time", test_short_of_time);
    g_test_add_func("/words/shortest", test_shortest);
    g_test_add_func("/words/repeat", test_repeat);
    g_test_add_func("/words/estimate", test_estimate);
    return g_test_run();
}
