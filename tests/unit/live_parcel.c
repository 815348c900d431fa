/* A session that is sent to another process: what arrives is what was packed. */
#include "../lib/made.h"
#include "live/parcel.h"

static const char routine[] = "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 5s\n";

static void give(struct made *made, enum occasion occasion, int64_t frames)
{
    struct cue_file *file = &made->settings->cues.file[occasion];
    g_autofree char *set = g_strdup_printf("cues.%s=/of the client/gong.wav", occasion_name(occasion));
    settings_set(made->settings, set, "--set", made->diags);
    *file = (struct cue_file){frames, g_new(int16_t, frames)};
    for (int64_t i = 0; i < frames; i++) file->samples[i] = (int16_t)(i * 7919);
}

static struct parcel *pack(struct made *made)
{
    struct parcel *parcel = parcel_new();
    const struct play_request request = {.settings = made->settings,
                                         .voice = made->voice,
                                         .routine = made->routine,
                                         .render_command = "render"};
    g_autoptr(GString) source = g_string_new(routine);
    g_assert_true(parcel_pack(parcel, &request, source, made->diags));
    return parcel;
}

static char *take(struct parcel *parcel, const char *name, const char *bytes, gsize size)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)bytes, size);
    return parcel_take_part(parcel, (const char *const[]){"part", name, base64, NULL});
}

/* All parts but the sounds, which a unit test may then send otherwise. */
static struct parcel *receive(const struct parcel *sent)
{
    static const char *const names[] = {
        [PARCEL_SETTINGS] = "settings",           [PARCEL_VOICE] = "voice",
        [PARCEL_VOICE_NAME] = "voice-name",       [PARCEL_VOICE_PATH] = "voice-path",
        [PARCEL_VOICE_SOURCES] = "voice-sources", [PARCEL_ROUTINE] = "routine",
        [PARCEL_ROUTINE_PATH] = "routine-path",
    };
    struct parcel *parcel = parcel_new();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_null(take(parcel, names[i], sent->part[i]->str, sent->part[i]->len));
    return parcel;
}

static void test_sounds_of_cues(void)
{
    AUTO(made) made = made_new(routine, NULL);
    give(made, OCCASION_TICK, 1);
    give(made, OCCASION_GO, 240000);
    give(made, OCCASION_GOING_ON, 12345);
    AUTO(parcel) sent = pack(made);
    AUTO(parcel) parcel = receive(sent);
    const GString *cues = sent->part[PARCEL_CUES];
    for (gsize at = 0; at < cues->len; at += 5000)
        g_assert_null(take(parcel, "cues", cues->str + at, MIN(5000, cues->len - at)));
    AUTO(diags) diags = diags_new();
    g_assert_true(parcel_open(parcel, diags));
    for (int i = 0; i < N_OCCASIONS; i++) {
        const struct cue_file *file = &made->settings->cues.file[i], *got = &parcel->settings->cues.file[i];
        g_assert_cmpstr(parcel->settings->cues.sound[i], ==, made->settings->cues.sound[i]);
        g_assert_cmpmem(got->samples, (gsize)got->frames * 2, file->samples, (gsize)file->frames * 2);
    }
}

/* From a client that is not ours, or is broken. */
static void test_sounds_that_are_not_whole(void)
{
    static const char *const wrong[] = {
        "go\n4\nabc", "go\n0\n",       "go\n-1\nxx", "go\n240001\nxx", "go",
        "go\n4",      "nosuch\n1\nxx", "\n\n",       "go\n1\nxxgo\n",  "go\n99999999999999999999\nxx",
    };
    AUTO(made) made = made_new(routine, NULL);
    AUTO(parcel) sent = pack(made);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        AUTO(parcel) parcel = receive(sent);
        AUTO(diags) diags = diags_new();
        g_assert_null(take(parcel, "cues", wrong[i], strlen(wrong[i])));
        g_assert_false(parcel_open(parcel, diags));
        g_assert_cmpuint(diags_errors(diags), ==, 1);
    }
}

/* A screen needs the rest, and gets no sound. */
static void test_no_sounds_for_a_screen(void)
{
    AUTO(made) made = made_new(routine, NULL);
    give(made, OCCASION_GO, 100);
    AUTO(parcel) sent = pack(made);
    AUTO(parcel) parcel = receive(sent);
    AUTO(diags) diags = diags_new();
    g_assert_true(parcel_open(parcel, diags));
    g_assert_null(parcel->settings->cues.file[OCCASION_GO].samples);
}

/* Numbers of steps, and sentences about them. */
static void test_left_out(void)
{
    AUTO(made)
    made = made_new("[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 5s\n[b]\nsay = Go.\nhold = 5s\n", NULL);
    AUTO(parcel) sent = pack(made);
    AUTO(parcel) parcel = receive(sent);
    AUTO(diags) diags = diags_new();
    g_string_assign(parcel->part[PARCEL_ROUTINE],
                    "[routine]\ntitle = T\n[a]\nsay = Go.\nhold = 5s\n[b]\nsay = Go.\nhold = 5s\n");
    g_assert_null(take(parcel, "out", "1", 1));
    g_assert_null(take(parcel, "opening", "One.\nTwo.", 9));
    g_assert_true(parcel_open(parcel, diags));
    g_assert_false(left_out(parcel->request.out, 0));
    g_assert_true(left_out(parcel->request.out, 1));
    g_assert_cmpuint(parcel->request.opening->len, ==, 2);
    g_assert_cmpstr(parcel->request.opening->pdata[1], ==, "Two.");
    AUTO(parcel) wrong = receive(sent);
    g_assert_null(take(wrong, "out", "2", 1));
    g_assert_false(parcel_open(wrong, diags));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parcel/sounds-of-cues", test_sounds_of_cues);
    g_test_add_func("/parcel/sounds-that-are-not-whole", test_sounds_that_are_not_whole);
    g_test_add_func("/parcel/no-sounds-for-a-screen", test_no_sounds_for_a_screen);
    g_test_add_func("/parcel/left-out", test_left_out);
    return g_test_run();
}
