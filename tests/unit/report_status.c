#include "../lib/live.h"
#include "report/status.h"
#include <string.h>

static struct move moves[] = {{.name = (char *)"cat"}, {.name = (char *)"cow"}};
static struct step steps[] = {{.name = (char *)"bend"},
                              {.name = (char *)"cat-cow", .moves = moves, .n_moves = 2}};
static const struct routine routine = {
    .name = (char *)"back", .title = (char *)"Back", .steps = steps, .n_steps = G_N_ELEMENTS(steps)};

static struct status playing(void)
{
    return (struct status){
        .state = STATUS_PAUSED,
        .routine = &routine,
        .place = {.step = 1, .set = 1, .rep = 3, .move = 1, .side = SIDE_RIGHT},
        .reps = 8,
        .sets = 2,
        .frame = 591964,
        .frames = -1,
        .position = 12.332583333333334,
        .length = 600.1,
        .hold = 30,
        .hold_left = 29.999979166666666,
        .level = -1,
        .volume = -4.1,
        .text = "Breathe",
    };
}

static void numbers_have_three_decimals(void)
{
    const struct status status = playing();
    g_autofree char *json = status_json(&status, "null");
    g_assert_cmpstr(
        json, ==,
        "{\"state\":\"paused\",\"routine\":\"back\",\"title\":\"Back\",\"step\":\"cat-cow\",\"move\":\"cow\","
        "\"side\":\"right\",\"rep\":3,\"reps\":8,\"set\":1,\"sets\":2,\"frame\":591964,\"frames\":null,"
        "\"position\":12.333,\"length\":600.100,\"hold_left\":30.000,\"level\":-1,\"volume\":-4.100,"
        "\"late\":null,\"device\":\"null\"}");
}

static void as_lines(void)
{
    const struct status status = playing();
    g_autofree char *lines = status_fields(&status, NULL);
    g_assert_nonnull(
        strstr(lines, "position: 12.3\nlength: 600.1\nhold_left: 30\nlevel: -1\nvolume: -4.1\n"));
}

static char *printed(const char *json, bool expected)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    g_assert_cmpint(status_print(json, out), ==, expected);
    fclose(out);
    return text;
}

static void printed_for_people(void)
{
    g_autofree char *good = printed("{\"state\":\"playing\",\"side\":null,\"frame\":1,\"position\":12.345,"
                                    "\"volume\":-0.04,\"frames\":2,\"list\":[1]}",
                                    true);
    g_assert_cmpstr(good, ==, "state: playing\nposition: 12.3\nvolume: 0\n\n");
    g_autofree char *escape = printed("{\"device\":\"\\u001b[2J\"}", true);
    g_assert_null(strchr(escape, 0x1B));
    g_autofree char *none = printed("no", false);
    g_assert_cmpstr(none, ==, "");
}

static struct status at(struct live *live, int64_t frame)
{
    struct status status;
    play_to(live, frame);
    status_of(live, &status);
    return status;
}

static void what_is_under_way(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 5 * RATE);
    struct status status = at(&live, position(&live));
    g_assert_cmpint(status.span, ==, SPAN_HOLD);
    g_assert_cmpfloat(status.span_seconds, ==, 20);
    g_assert_cmpfloat(status.span_left, ==, 15);
    g_assert_cmpint(status.units, ==, 0);
    const struct cue *halfway = role_in(&live, nth(&live, SPAN_HOLD, 0), ROLE_HALFWAY);
    int64_t word = halfway->frame + 1, silence = halfway->frame + halfway->frames;
    status = at(&live, word);
    g_assert_true(status.speaking);
    g_assert_cmpint(status.role, ==, ROLE_HALFWAY);
    status = at(&live, silence);
    g_assert_false(status.speaking);
    g_assert_null(status.text);
    live_finish(&live);
}

/* The rhythm is known between its sounds too. */
static void breaths_left(void)
{
    struct live live;
    live_init(&live, NULL);
    begin_hold(&live, 0, 0);
    for (int i = 0; i < 2; i++) give(&live, COMMAND_NEXT, 0);
    give(&live, COMMAND_PREVIOUS, 0);
    planner_run(live.made->planner, INT64_MAX);
    int64_t begin = nth(&live, CUE_IN, 0)->frame, breath = (int64_t)5 * RATE;
    struct status status = at(&live, begin + 1);
    g_assert_cmpint(status.units, ==, 4);
    g_assert_cmpint(status.units_left, ==, 4);
    g_assert_cmpint(status.phase, ==, CUE_IN);
    status = at(&live, begin + breath - 1);
    g_assert_cmpint(status.units_left, ==, 4);
    g_assert_cmpint(status.phase, ==, CUE_OUT);
    status = at(&live, begin + breath + 1);
    g_assert_cmpint(status.units_left, ==, 3);
    status = at(&live, begin + 4 * breath - 2);
    g_assert_cmpint(status.units_left, ==, 1);
    live_finish(&live);
}

/* In a pause, only while its answer is said. */
static void speaking_in_a_pause(void)
{
    struct live live;
    struct status status;
    live_init(&live, NULL);
    begin_hold(&live, 0, 5 * RATE);
    give(&live, COMMAND_PAUSE, 0);
    assert_pulled(&live, 0.5);
    status_of(&live, &status);
    g_assert_true(status.speaking);
    pull_all(&live);
    status_of(&live, &status);
    g_assert_false(status.speaking);
    live_finish(&live);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report_status/three_decimals", numbers_have_three_decimals);
    g_test_add_func("/report_status/lines", as_lines);
    g_test_add_func("/report_status/printed", printed_for_people);
    g_test_add_func("/report_status/under_way", what_is_under_way);
    g_test_add_func("/report_status/breaths_left", breaths_left);
    g_test_add_func("/report_status/speaking_in_a_pause", speaking_in_a_pause);
    return g_test_run();
}
