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

static bool read_back(const char *json, struct status *status)
{
    g_autofree char *device = NULL, *text = NULL;
    bool read = status_read(json, &routine, status, &device, &text);
    status->text = NULL;
    return read;
}

static void what_was_written_is_read(void)
{
    struct status status = playing(), read;
    g_autofree char *device = NULL, *text = NULL, *json = status_screen_json(&status, "null");
    g_assert_true(status_read(json, &routine, &read, &device, &text));
    g_assert_cmpint(read.state, ==, STATUS_PAUSED);
    g_assert_cmpint(read.place.step, ==, 1);
    g_assert_cmpint(read.place.move, ==, 1);
    g_assert_cmpint(read.place.side, ==, SIDE_RIGHT);
    g_assert_cmpint(read.place.rep, ==, 3);
    g_assert_cmpint(read.reps, ==, 8);
    g_assert_cmpint(read.frame, ==, 591964);
    g_assert_cmpint(read.frames, ==, -1);
    g_assert_cmpfloat_with_epsilon(read.position, 12.333, 1e-9);
    g_assert_cmpfloat(read.hold, ==, 30);
    g_assert_cmpfloat(read.volume, ==, -4.1);
    g_assert_cmpstr(read.text, ==, "Breathe");
    g_assert_cmpstr(device, ==, "null");
}

static void outside_the_steps(void)
{
    struct status status = playing(), read;
    status.place = (struct place){.step = PLACE_CLOSING, .move = -1};
    g_autofree char *json = status_screen_json(&status, NULL);
    g_assert_true(read_back(json, &read));
    g_assert_cmpint(read.place.step, ==, PLACE_CLOSING);
}

/* The other process may be another program, or broken. */
static void numbers_of_another_process_are_checked(void)
{
    static const char *const names[] = {"rep",    "reps",     "set",    "sets",      "frame",
                                        "frames", "position", "hold",   "hold_left", "length",
                                        "level",  "volume",   "unsaid", "outside"};
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

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report_status/three_decimals", numbers_have_three_decimals);
    g_test_add_func("/report_status/lines", as_lines);
    g_test_add_func("/report_status/read_back", what_was_written_is_read);
    g_test_add_func("/report_status/outside", outside_the_steps);
    g_test_add_func("/report_status/checked", numbers_of_another_process_are_checked);
    g_test_add_func("/report_status/no_status", what_is_not_a_status);
    g_test_add_func("/report_status/printed", printed_for_people);
    return g_test_run();
}
