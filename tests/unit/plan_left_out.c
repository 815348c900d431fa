/* Steps that are left out: how the others are counted, and what is laid out without them. */
#include "../lib/made.h"

static const char HEAD[] = "[routine]\ntitle = T\ncaution = Slowly now.\n",
                  A[] = "[a]\nprop = a mat\nsay = Go there. And stay.\nhold = 20s\nafter = 12s\n",
                  B[] = "[b]\nprop = a chair\nsay = Bend.\nhold = 20s\nsides = right, left\nafter = 12s\n",
                  C[] = "[c]\nsay = Rise.\nhold = 20s\nafter = 12s\n";

static struct made *made_of(const char *a, const char *b, const char *c)
{
    g_autofree char *text = g_strconcat(HEAD, a, b, c, NULL);
    return made_new(text, NULL);
}

static GByteArray *flags(int n, int out)
{
    GByteArray *array = g_byte_array_new();
    g_byte_array_set_size(array, (guint)n);
    for (int i = 0; i < n; i++) array->data[i] = i == out;
    return array;
}

static void test_numbers(void)
{
    AUTO(made) made = made_of(A, B, C);
    const struct routine *routine = made->routine;
    g_autoptr(GByteArray) out = flags(3, 1);
    g_assert_cmpint(steps_heard(routine, NULL), ==, 3);
    g_assert_cmpint(steps_heard(routine, out), ==, 2);
    g_assert_cmpint(step_number(out, 0), ==, 1);
    g_assert_cmpint(step_number(out, 2), ==, 2);
    g_assert_cmpint(step_numbered(routine, out, 2), ==, 2);
    g_assert_cmpint(step_numbered(routine, out, 3), ==, -1);
    g_assert_cmpint(step_numbered(routine, out, 0), ==, -1);
    g_assert_cmpint(step_numbered(routine, NULL, 2), ==, 1);
    g_assert_cmpint(step_after(routine, out, -1), ==, 0);
    g_assert_cmpint(step_after(routine, out, 0), ==, 2);
    g_assert_cmpint(step_after(routine, out, 2), ==, 3);
    g_assert_cmpint(step_before(out, 2), ==, 0);
    g_assert_cmpint(step_before(out, 0), ==, -1);
}

/* Makes the planner again, with a step left out from the beginning. */
static void leave_out(struct made *made, int step)
{
    g_autoptr(GByteArray) out = flags(made->routine->n_steps, step);
    planner_free(made->planner);
    made->script.out = out;
    made->planner = planner_new(&made->script, &made->timing, &made->ops, 8);
    made->script.out = NULL;
}

static void assert_same(const struct timeline *one, const struct timeline *other)
{
    g_assert_cmpint(made_count(one), ==, made_count(other));
    for (guint i = 0; i < made_count(one); i++) {
        const struct cue *a = made_cue(one, i), *b = made_cue(other, i);
        g_assert_cmpint(a->type, ==, b->type);
        g_assert_cmpint(a->frame, ==, b->frame);
        g_assert_cmpint(a->frames, ==, b->frames);
        g_assert_cmpstr(a->text, ==, b->text);
    }
}

/* It is as if the step did not stand in the file: the numbers, the minutes, the props, and what comes next.
 */
static void test_from_the_beginning(void)
{
    const char *const pieces[] = {A, B, C};
    for (int out = 0; out < 3; out++) {
        AUTO(made) made = made_of(A, B, C);
        AUTO(made)
        shorter = made_of(out == 0 ? "" : pieces[0], out == 1 ? "" : pieces[1], out == 2 ? "" : pieces[2]);
        leave_out(made, out);
        assert_same(made_whole(made), made_whole(shorter));
        g_assert_cmpfloat(script_estimate(planner_script(made->planner)), ==,
                          script_estimate(planner_script(shorter->planner)));
    }
}

static void test_opening(void)
{
    AUTO(made) made = made_of(A, B, C);
    g_autoptr(GPtrArray) opening = g_ptr_array_new();
    g_ptr_array_add(opening, (gpointer) "Ten minutes today, without b.");
    planner_free(made->planner);
    double plain = script_estimate(&made->script);
    made->script.opening = opening;
    g_assert_cmpfloat(script_estimate(&made->script), >, plain);
    made->planner = planner_new(&made->script, &made->timing, &made->ops, 8);
    const struct cue *said = made_nth(made_whole(made), CUE_SPEECH, 2); /* behind the title */
    g_assert_cmpstr(said->text, ==, "Ten minutes today, without b.");
    g_assert_cmpint(said->role, ==, ROLE_PHRASE);
}

/* ---- while it plays ---- */

/* What is begun stays, and no hold of the others is lost; both sides, or neither. */
static void assert_without(const struct timeline *timeline, int out, int64_t frame, bool begun)
{
    int holds[3] = {0};
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (cue->type == SPAN_HOLD) holds[cue->place.step]++;
        if (cue->frame < frame || begun) continue;
        g_assert_cmpint(cue->place.step, !=, out);
        g_assert_cmpstr(cue->text, !=, "Next: b.");
    }
    g_assert_cmpint(holds[0], ==, 1);
    g_assert_cmpint(holds[1], ==, begun ? 2 : 0);
    g_assert_cmpint(holds[2], ==, 1);
}

static int step_at(const struct timeline *timeline, int64_t frame)
{
    int step = PLACE_HEAD;
    for (guint i = 0; i < made_count(timeline) && made_cue(timeline, i)->frame < frame; i++)
        if (made_cue(timeline, i)->type != SPAN_WAKE) step = made_cue(timeline, i)->place.step;
    return step;
}

static int rests_of(const struct timeline *timeline)
{
    int rests = 0;
    while (made_nth(timeline, SPAN_REST, (guint)rests)) rests++;
    return rests;
}

/* The lines that are there from `frame` on, one text after the other. */
static char *rest_of(const struct timeline *timeline, int64_t frame)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->frame >= frame)
            g_string_append_printf(text, "%d %s\n", made_cue(timeline, i)->type,
                                   made_cue(timeline, i)->text ? made_cue(timeline, i)->text : "");
    return g_string_free(text, FALSE);
}

/* At every moment of the session: just behind the beginning of every cue. */
static void test_while_it_plays(void)
{
    AUTO(made) reference = made_of(A, B, C);
    const guint n = made_count(made_whole(reference));
    for (guint i = 0; i < n; i++) {
        AUTO(made) made = made_of(A, B, C);
        const int64_t frame = made_cue(made_whole(reference), i)->frame + 1;
        planner_run(made->planner, frame);
        const int step = step_at(planner_timeline(made->planner), frame);
        planner_leave_out(made->planner, frame, 1, true);
        const bool begun = step == 1 || step == 2 || step == PLACE_CLOSING;
        assert_without(made_whole(made), 1, frame, begun);
    }
}

/* Where a step ends, the title of the next one is said. That is gone when there is none, and there again;
 * the rest that follows it stays. */
static void test_the_title_of_the_last(void)
{
    AUTO(made) reference = made_of(A, B, C);
    const guint n = made_count(made_whole(reference));
    for (guint i = 0; i < n; i++) {
        const int64_t frame = made_cue(planner_timeline(reference->planner), i)->frame + 1;
        if (step_at(planner_timeline(reference->planner), frame) != 1) continue;
        AUTO(made) made = made_of(A, B, C);
        planner_run(made->planner, frame);
        planner_leave_out(made->planner, frame, 2, true);
        g_autofree char *without = rest_of(made_whole(made), frame);
        g_assert_null(strstr(without, "Next: c."));
        g_assert_cmpint(rests_of(planner_timeline(made->planner)), ==, 2);
        planner_leave_out(made->planner, frame, 2, false);
        g_assert_cmpint(rests_of(made_whole(made)), ==, 3);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/left-out/numbers", test_numbers);
    g_test_add_func("/left-out/from-the-beginning", test_from_the_beginning);
    g_test_add_func("/left-out/opening", test_opening);
    g_test_add_func("/left-out/while-it-plays", test_while_it_plays);
    g_test_add_func("/left-out/title", test_the_title_of_the_last);
    return g_test_run();
}
