/* Where there is just room enough, to the frame. */
#include "../lib/made.h"
#include "plan/layout.h"

#define RATE 48000

static const char plain[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 20s\n";

static void say(struct made *made, struct line *line, enum role role, int64_t offset, const char *text)
{
    line_prompt(line, role, offset, sentences_split(text, NULL));
    made_request(made, text, 0);
}

/* The frames of the prompts that are said in a hold, in order. */
static GArray *said_in(struct made *made, struct line *line)
{
    struct layout layout = {.timing = &made->timing, .ops = &made->ops.clips};
    g_assert_true(layout_line(&layout, line));
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < layout.cues->len; i++) {
        struct cue *cue = &g_array_index(layout.cues, struct cue, i);
        if (cue->text) g_array_append_val(frames, cue->frame);
        layout_clear(&made->ops.clips, cue);
    }
    g_array_unref(layout.cues);
    g_array_unref(line->prompts);
    return frames;
}

static struct line ten_seconds(void)
{
    return (struct line){
        .kind = LINE_HOLD,
        .frames = 10 * RATE,
    };
}

/* "Almost." takes 7 fiftieths of a second. */
static const int64_t WORD = 7 * RATE / 50;

static void test_up_to_the_end(void)
{
    static const struct {
        int64_t offset;
        guint said;
    } cases[] = {{10 * RATE - WORD, 1}, {10 * RATE - WORD + 1, 0}};
    AUTO(made) made = made_new(plain, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct line line = ten_seconds();
        say(made, &line, ROLE_HALFWAY, cases[i].offset, "Almost.");
        g_autoptr(GArray) said = said_in(made, &line);
        g_assert_cmpuint(said->len, ==, cases[i].said);
    }
}

/* The lower in rank may begin where the higher one ends, or end where that begins. */
static void test_touching(void)
{
    static const struct {
        int64_t offset; /* of the lower one; the higher one's is 5 s */
        guint said;
    } cases[] = {
        {5 * RATE + WORD, 2}, {5 * RATE + WORD - 1, 1}, {5 * RATE - WORD, 2}, {5 * RATE - WORD + 1, 1}};
    AUTO(made) made = made_new(plain, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct line line = ten_seconds();
        say(made, &line, ROLE_PHRASE, 5 * RATE, "Almost.");
        say(made, &line, ROLE_HALFWAY, cases[i].offset, "Almost.");
        g_autoptr(GArray) said = said_in(made, &line);
        g_assert_cmpuint(said->len, ==, cases[i].said);
        if (said->len == 1) g_assert_cmpint(g_array_index(said, int64_t, 0), ==, 5 * RATE);
    }
}

/* The time left has five seconds of calm on both sides, and after go. */
static void test_calm(void)
{
    static const struct {
        int64_t offset; /* of the time left; halfway is said at 20 s */
        guint said;
    } cases[] = {{25 * RATE + WORD, 2},     {25 * RATE + WORD - 1, 1}, {15 * RATE - WORD, 2},
                 {15 * RATE - WORD + 1, 1}, {5 * RATE + 1, 2},         {5 * RATE, 1}};
    AUTO(made) made = made_new(plain, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct line line = {.kind = LINE_HOLD, .frames = 40 * RATE};
        say(made, &line, ROLE_HALFWAY, 20 * RATE, "Almost.");
        say(made, &line, ROLE_LEFT, cases[i].offset, "Almost.");
        g_autoptr(GArray) said = said_in(made, &line);
        g_assert_cmpuint(said->len, ==, cases[i].said);
    }
}

/* The first in rank are said, as many as the line takes. */
static void test_most_left(void)
{
    static const guint said_of[] = {3, 1, 2, 3};
    AUTO(made) made = made_new(plain, NULL);
    for (int most = 0; most < 4; most++) {
        struct line line = {.kind = LINE_HOLD, .frames = 40 * RATE, .most_left = most};
        for (int at = 30; at > 0; at -= 10) say(made, &line, ROLE_LEFT, at * RATE, "Almost.");
        g_autoptr(GArray) said = said_in(made, &line);
        g_assert_cmpuint(said->len, ==, said_of[most]);
        g_assert_cmpint(g_array_index(said, int64_t, said->len - 1), ==, 30 * RATE);
    }
}

/* Headphones fall asleep in more than four seconds, not in four. */
static void test_silence_that_needs_no_waking(void)
{
    for (int more = 0; more < 2; more++) {
        AUTO(made) made = made_new(plain, NULL);
        struct timeline *timeline = planner_timeline(made->planner);
        const struct line silence = {.kind = LINE_SPAN, .span = SPAN_GAP, .frames = 4 * RATE + more};
        const struct line chime = {.kind = LINE_CHIME};
        g_assert_true(timeline_append(timeline, &chime));
        g_assert_true(timeline_append(timeline, &silence));
        g_assert_true(timeline_append(timeline, &chime));
        bool woken = made_nth(timeline, SPAN_WAKE, 0) != NULL;
        g_assert_cmpint(woken, ==, more);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/layout/up-to-the-end", test_up_to_the_end);
    g_test_add_func("/layout/touching", test_touching);
    g_test_add_func("/layout/calm", test_calm);
    g_test_add_func("/layout/most-left", test_most_left);
    g_test_add_func("/layout/silence-that-needs-no-waking", test_silence_that_needs_no_waking);
    return g_test_run();
}
