#include "report/scene.h"
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
        .role = ROLE_CUE,
        .speaking = true,
        .jumps = 3,
        .units = 8,
        .units_left = 4,
        .phase = CUE_OUT,
        .span = SPAN_HOLD,
        .holds = 90,
    };
}

static bool read_back(const char *json, struct status *status)
{
    struct scene scene;
    bool read = scene_read(json, &routine, status, &scene);
    status->text = NULL;
    scene_finish(&scene);
    return read;
}

static const struct scene written = {.device = (char *)"Headset",
                                     .cue = (char *)"Round your back.",
                                     .details = (char *)"right side",
                                     .count = (char *)"repetition 3 of 8",
                                     .speed = 80,
                                     .outline = {.whole = 700.5, .first = 0, .n = 2, .seconds = {300, 400}}};

static void what_was_written_is_read(void)
{
    struct status status = playing(), read;
    struct scene scene;
    g_autofree char *json = scene_json(&written, &status);
    g_assert_true(scene_read(json, &routine, &read, &scene));
    g_assert_cmpint(read.state, ==, STATUS_PAUSED);
    g_assert_true(place_equal(read.place, status.place));
    g_assert_cmpint(read.reps, ==, 8);
    g_assert_cmpint(read.jumps, ==, 3);
    g_assert_cmpint(read.frame, ==, 591964);
    g_assert_cmpint(read.frames, ==, -1);
    g_assert_cmpfloat_with_epsilon(read.position, 12.333, 1e-9);
    g_assert_cmpfloat(read.hold, ==, 30);
    g_assert_cmpint(read.units_left, ==, 4);
    g_assert_cmpint(read.phase, ==, CUE_OUT);
    g_assert_cmpint(read.span, ==, SPAN_HOLD);
    g_assert_cmpint(read.holds, ==, 90);
    g_assert_cmpfloat(read.volume, ==, -4.1);
    g_assert_cmpstr(read.text, ==, "Breathe");
    g_assert_cmpint(read.role, ==, ROLE_CUE);
    g_assert_true(read.speaking);
    scene_finish(&scene);
}

static void a_scene_is_read(void)
{
    struct status status = playing(), read;
    struct scene scene;
    g_autofree char *json = scene_json(&written, &status);
    g_assert_true(scene_read(json, &routine, &read, &scene));
    g_assert_cmpstr(scene.device, ==, "Headset");
    g_assert_cmpstr(scene.cue, ==, "Round your back.");
    g_assert_cmpstr(scene.details, ==, "right side");
    g_assert_cmpstr(scene.count, ==, "repetition 3 of 8");
    g_assert_cmpint(scene.speed, ==, 80);
    g_assert_cmpfloat(scene.outline.whole, ==, 700.5);
    g_assert_cmpint(scene.outline.n, ==, 2);
    g_assert_cmpint(scene.outline.seconds[1], ==, 400);
    scene_finish(&scene);
}

/* No more steps than there are, whatever is written. */
static void an_outline_of_another_process_is_bounded(void)
{
    static const char *const texts[] = {"",    "x",    "0", "0 1 2 3 4 5", "-5 1", "1 99999999999999999999 7",
                                        "9 1", "0 1 x"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct status read;
        struct scene scene;
        g_autofree char *json = g_strdup_printf("{\"steps\":\"%s\"}", texts[i]);
        g_assert_true(scene_read(json, &routine, &read, &scene));
        g_assert_cmpint(scene.outline.first, >=, 0);
        g_assert_cmpint(scene.outline.first + scene.outline.n, <=, routine.n_steps);
        scene_finish(&scene);
    }
}

static void outside_the_steps(void)
{
    struct status status = playing(), read;
    status.place = (struct place){.step = PLACE_CLOSING, .move = -1};
    g_autofree char *json = scene_json(&written, &status);
    g_assert_true(read_back(json, &read));
    g_assert_cmpint(read.place.step, ==, PLACE_CLOSING);
}

/* The other process may be another program, or broken. */
static void numbers_of_another_process_are_checked(void)
{
    static const char *const names[] = {
        "rep",        "reps",         "set",       "sets",   "frame",    "frames",  "position", "hold",
        "hold_left",  "length",       "level",     "volume", "unsaid",   "outside", "jumps",    "units",
        "units_left", "span_seconds", "span_left", "holds",  "speaking", "speed",   "whole"};
    static const char *const values[] = {"1e40",   "-1e40", "1e999", "-1e999", "9223372036854775807",
                                         "\"12\"", "[1]"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        for (guint j = 0; j < G_N_ELEMENTS(values); j++) {
            struct status read;
            g_autofree char *json = g_strdup_printf("{\"state\":\"playing\",\"%s\":%s}", names[i], values[j]);
            g_test_message("%s", json);
            g_assert_false(read_back(json, &read));
        }
}

static void what_is_not_a_status(void)
{
    struct status read;
    g_assert_false(read_back("", &read));
    g_assert_false(read_back("[]", &read));
    g_assert_false(read_back("{\"state\":", &read));
    g_assert_false(read_back("{\"position\":nan}", &read));
    g_assert_true(read_back("{\"state\":[],\"step\":7,\"move\":{},\"position\":null}", &read));
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report_scene/read_back", what_was_written_is_read);
    g_test_add_func("/report_scene/scene", a_scene_is_read);
    g_test_add_func("/report_scene/outline", an_outline_of_another_process_is_bounded);
    g_test_add_func("/report_scene/outside", outside_the_steps);
    g_test_add_func("/report_scene/checked", numbers_of_another_process_are_checked);
    g_test_add_func("/report_scene/no_status", what_is_not_a_status);
    return g_test_run();
}
