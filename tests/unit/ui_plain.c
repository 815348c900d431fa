#include "ui/plain.h"

static struct move moves[] = {{.name = NULL}};
static struct step steps[] = {
    {.name = (char[]){"one"}, .title = (char[]){"Bend"}, .moves = moves, .n_moves = 1},
    {.name = (char[]){"two"}, .title = (char[]){"Turn"}, .moves = moves, .n_moves = 1}};
static const struct routine routine = {.title = (char[]){"Back"}, .steps = steps, .n_steps = 2};

static const struct status head = {.routine = &routine, .place = {.step = PLACE_HEAD}, .span = SPAN_GAP};

static struct status in(int step, enum side side, int set)
{
    struct status status = head;
    status.place = (struct place){.step = step, .side = side, .set = set, .move = -1};
    return status;
}

static struct status quiet(struct status status)
{
    status.span = SPAN_PREPARE;
    return status;
}

static struct status spoken(struct status status, const char *text)
{
    status.text = text;
    status.speaking = true;
    return status;
}

/* What is printed at that status, NULL: nothing. */
static void prints(struct plain *plain, struct status status, const char *details, const char *expected)
{
    const struct scene scene = {.details = (char *)details};
    g_autofree char *lines = plain_status(plain, &status, &scene);
    g_assert_cmpstr(lines, ==, expected);
}

static void test_changes(void)
{
    AUTO(voice) voice = voice_new("en", "");
    struct plain plain = {.voice = voice};
    prints(&plain, spoken(head, "Back. 2 steps."), NULL, "Back: 2 steps");
    prints(&plain, spoken(in(0, SIDE_NONE, 0), "1 of 2."), NULL, NULL);
    prints(&plain, in(0, SIDE_NONE, 0), NULL, NULL); /* between two sentences */
    prints(&plain, quiet(in(0, SIDE_NONE, 0)), NULL, "Step 1 of 2: Bend");
    prints(&plain, quiet(in(0, SIDE_NONE, 0)), NULL, NULL);
    prints(&plain, spoken(in(0, SIDE_RIGHT, 1), "Right side."), "right side, set 1 of 2", NULL);
    prints(&plain, quiet(in(0, SIDE_RIGHT, 1)), "right side, set 1 of 2", "Bend: right side, set 1 of 2");
    prints(&plain, quiet(in(0, SIDE_RIGHT, 2)), "right side, set 2 of 2", "Bend: right side, set 2 of 2");
    prints(&plain, in(PLACE_CLOSING, SIDE_NONE, 0), NULL, NULL);
    struct status over = in(PLACE_CLOSING, SIDE_NONE, 0);
    over.state = STATUS_OVER;
    prints(&plain, over, NULL, "Closing words");
    plain_finish(&plain);
}

static void answered(struct plain *plain, const char *words, const char *expected)
{
    g_autofree char *line = plain_answer(plain, words);
    g_assert_cmpstr(line, ==, expected);
}

/* The answer to a jump says what the line of the step says. */
static void test_answers(void)
{
    AUTO(voice) voice = voice_new("en", "");
    struct plain plain = {.voice = voice};
    prints(&plain, quiet(in(0, SIDE_NONE, 0)), NULL, "Back: 2 steps\nStep 1 of 2: Bend");
    answered(&plain, "1 minute left.", NULL);
    prints(&plain, spoken(quiet(in(0, SIDE_NONE, 0)), "1 minute left."), NULL, NULL);
    prints(&plain, quiet(in(0, SIDE_NONE, 0)), NULL, "1 minute left.");
    answered(&plain, "2 of 2. Turn.", NULL);
    struct status landed = in(1, SIDE_NONE, 0);
    landed.jumps = 1;
    prints(&plain, spoken(landed, "2 of 2."), NULL, NULL);
    prints(&plain, quiet(landed), NULL, "Step 2 of 2: Turn");
    plain_finish(&plain);
}

static void test_states(void)
{
    AUTO(voice) voice = voice_new("en", "");
    struct plain plain = {.voice = voice};
    struct status waiting = in(0, SIDE_NONE, 1), unsaid = quiet(in(0, SIDE_NONE, 1));
    prints(&plain, quiet(in(0, SIDE_NONE, 1)), NULL, "Back: 2 steps\nStep 1 of 2: Bend");
    waiting.state = STATUS_WAITING;
    prints(&plain, waiting, NULL, "Waiting: space goes on");
    prints(&plain, waiting, NULL, NULL);
    unsaid.text = "Xyz.";
    unsaid.unsaid = true;
    prints(&plain, unsaid, NULL, "Not spoken: Xyz.");
    prints(&plain, unsaid, NULL, NULL);
    plain_finish(&plain);
}

/* Each sentence and each answer at once, and nothing that says the same. */
static void test_words(void)
{
    AUTO(voice) voice = voice_new("en", "");
    struct plain plain = {.words = true, .voice = voice};
    prints(&plain, head, NULL, NULL);
    g_autofree char *sentence = plain_sentence(&plain, "Sit.");
    g_assert_cmpstr(sentence, ==, "Sit.");
    prints(&plain, quiet(in(0, SIDE_RIGHT, 1)), "right side", NULL);
    answered(&plain, "Louder.", "Louder.");
    plain_finish(&plain);
    g_assert_null(plain_sentence(&(struct plain){0}, "Sit."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plain/changes", test_changes);
    g_test_add_func("/plain/answers", test_answers);
    g_test_add_func("/plain/states", test_states);
    g_test_add_func("/plain/words", test_words);
    return g_test_run();
}
