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
                           .text = "Breathe."};
}

static int rows_of(const char *text)
{
    int rows = 0;
    for (; *text; text++) rows += *text == '\n';
    return rows;
}

static char *drawn(int step, int columns, int rows)
{
    const struct status status = status_in(step);
    return screen_draw(&status, &(struct screen_look){.columns = columns, .rows = rows, .device = "pulse"});
}

static void shows(const char *text, const char *part)
{
    if (!strstr(text, part)) g_error("no '%s' in\n%s", part, text);
}

static void test_drawing(void)
{
    g_autofree char *text = drawn(0, 80, 24);
    g_assert_cmpint(rows_of(text), ==, 8);
    shows(text, "Middle back\nStep 1 of 2: First step\nright side, repetition 2 of 4, set 1 of 2, cow\n");
    shows(text, "5 s left\n");
    shows(text, "~1:30 left\n");
    shows(text, "Breathe.\nNext: 脊柱をゆっくりねじる体操の時間\n");
}

/* What is drawn over it must be as many rows: no line may go on in the next one. */
static void test_wide_letters(void)
{
    for (int columns = 8; columns < 40; columns++) {
        g_autofree char *text = drawn(1, columns, 24);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++) {
            int cells = 0;
            for (const char *p = *line; *p; p = g_utf8_next_char(p))
                cells += 1 + g_unichar_iswide(g_utf8_get_char(p));
            g_assert_cmpint(cells, <, columns);
        }
    }
}

static void test_few_rows(void)
{
    for (int rows = 3; rows <= 12; rows++) {
        g_autofree char *text = drawn(0, 80, rows);
        g_assert_cmpint(rows_of(text), ==, MIN(rows - 1, 8));
        shows(text, "First step");
        shows(text, "5 s left");
    }
}

static char *line_of(struct place place)
{
    struct status status = status_in(0);
    status.place = place;
    status.hold = place.rep > 0 ? 20 : 0;
    return screen_line(&status, false);
}

/* The routine at its beginning, what comes next at a step's, and no more than needs be in between. */
static void test_lines(void)
{
    g_autofree char *head = line_of((struct place){.step = PLACE_HEAD, .move = -1}),
                    *entry = line_of((struct place){.step = 0, .move = -1}),
                    *hold =
                        line_of((struct place){.step = 0, .set = 1, .rep = 1, .move = 0, .side = SIDE_LEFT});
    g_assert_cmpstr(head, ==, "Middle back: Beginning. Next: First step");
    g_assert_cmpstr(entry, ==, "Step 1 of 2: First step. Next: 脊柱をゆっくりねじる体操の時間");
    g_assert_true(g_str_has_prefix(
        hold, "Step 1 of 2: First step, left side, repetition 1 of 4, set 1 of 2, cow, hold of 20 s"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/screen/drawing", test_drawing);
    g_test_add_func("/screen/wide-letters", test_wide_letters);
    g_test_add_func("/screen/few-rows", test_few_rows);
    g_test_add_func("/screen/lines", test_lines);
    return g_test_run();
}
