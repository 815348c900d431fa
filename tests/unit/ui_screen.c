/* How it looks is in tests/cases/screen; here is what holds for every size. */
#include "ui/screen.h"
#include <string.h>

static struct move moves[] = {{.name = (char[]){"cow"}}, {.name = (char[]){"cat"}}};
static struct step steps[] = {
    {.name = (char[]){"one"}, .title = (char[]){"First step"}, .moves = moves, .n_moves = 2},
    {.name = (char[]){"two"},
     .title = (char[]){"脊柱をゆっくりねじる体操の時間"},
     .moves = moves,
     .n_moves = 2}};
static const struct routine routine = {.title = (char[]){"Middle back"}, .steps = steps, .n_steps = 2};

static struct status status_in(int step)
{
    return (struct status){.routine = &routine,
                           .place = {.step = step, .set = 1, .rep = 2, .move = 0, .side = SIDE_RIGHT},
                           .reps = 4,
                           .sets = 2,
                           .frames = -1,
                           .position = 10,
                           .length = 100,
                           .hold = 20,
                           .hold_left = 5,
                           .span = SPAN_HOLD,
                           .span_seconds = 20,
                           .span_left = 5,
                           .text = "Breathe."};
}

static GStrv drawn(const struct status *status, struct screen_look look)
{
    const struct scene scene = {.details = (char[]){"right side"},
                                .cue = (char[]){"両足を前にまっすぐ伸ばします, and cafe\xcc\x81 breathe."},
                                .speed = 100,
                                .outline = {.whole = 100, .n = 2, .seconds = {50, 50}}};
    struct trail trail = {0};
    AUTO(voice) voice = voice_new("en", "");
    look.voice = voice;
    trail_note(&trail, status);
    GStrv rows = screen_draw(status, &scene, &trail, &look);
    trail_finish(&trail);
    return rows;
}

/* The cell behind the last that is written, at the columns to which it is set; -1 if it is set back. */
static int end_of(const char *row)
{
    int at = 0;
    while (*row) {
        if (*row == '\033') {
            char *end;
            long n = strtol(row + 2, &end, 10);
            if (*end == 'G') {
                if (n - 1 < at) return -1;
                at = (int)n - 1;
            }
            row = end + 1;
            continue;
        }
        gunichar c = g_utf8_get_char(row);
        at += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        row = g_utf8_next_char(row);
    }
    return at;
}

/* The last column stays free, and there are as many rows as the terminal has. */
static void test_sizes(void)
{
    for (int columns = 1; columns < 130; columns += columns < 20 ? 1 : 7) {
        for (int rows = 1; rows < 45; rows += rows < 20 ? 1 : 7) {
            const struct status status = status_in(rows % 2);
            const struct screen_look look = {.columns = columns,
                                             .rows = rows,
                                             .color = columns % 3 == 0,
                                             .ascii = columns % 5 == 0,
                                             .help = rows % 5 == 4,
                                             .keys = true,
                                             .note = columns % 2 == 0,
                                             .message = rows % 4 == 3 ? "An answer of several words." : NULL};
            g_auto(GStrv) lines = drawn(&status, look);
            g_assert_cmpuint(g_strv_length(lines), ==, (guint)rows);
            for (char **line = lines; *line; line++) {
                g_assert_cmpint(end_of(*line), >=, 0);
                g_assert_cmpint(end_of(*line), <=, MAX(1, columns - 1));
            }
        }
    }
}

static bool shows(GStrv rows, const char *part)
{
    g_autofree char *all = g_strjoinv("\n", rows);
    return strstr(all, part) != NULL;
}

/* What counts most is there also on the smallest. */
static void test_few_rows(void)
{
    for (int rows = 3; rows <= 13; rows++) {
        const struct status status = status_in(0);
        g_auto(GStrv) lines = drawn(&status, (struct screen_look){.columns = 80, .rows = rows, .keys = true});
        g_assert_true(shows(lines, "First step"));
        g_assert_true(shows(lines, " 5 s"));
        g_assert_true(shows(lines, "? all keys"));
    }
}

/* The last frames of a hold: no "-0". */
static void test_nothing_left(void)
{
    for (int rows = 10; rows <= 24; rows += 14) {
        struct status status = status_in(0);
        status.span_left = 0.005;
        const struct screen_look look = {.columns = 80, .rows = rows, .ascii = true};
        g_auto(GStrv) lines = drawn(&status, look);
        g_assert_false(shows(lines, "-0"));
        g_assert_true(rows > 10 || shows(lines, " 0 s"));
    }
}

static void test_without_colors(void)
{
    const struct status status = status_in(0);
    g_auto(GStrv) lines = drawn(&status, (struct screen_look){.columns = 80, .rows = 24});
    g_assert_false(shows(lines, "\033"));
}

/* What is left counts: behind a jump there is less of it, and the bar goes on. */
static void test_session_bar(void)
{
    int before = -1;
    for (int left = 90; left >= 0; left -= 30) {
        struct status status = status_in(0);
        status.length = status.position + left;
        g_auto(GStrv) lines = drawn(&status, (struct screen_look){.columns = 80, .rows = 24, .ascii = true});
        int filled = 0;
        for (const char *p = lines[21]; *p; p++) filled += *p == '#';
        g_assert_true(g_str_has_prefix(lines[21], "Session"));
        g_assert_cmpint(filled, >, before);
        before = filled;
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/screen/sizes", test_sizes);
    g_test_add_func("/screen/few-rows", test_few_rows);
    g_test_add_func("/screen/nothing-left", test_nothing_left);
    g_test_add_func("/screen/without-colors", test_without_colors);
    g_test_add_func("/screen/session-bar", test_session_bar);
    return g_test_run();
}
