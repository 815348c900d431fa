/* The real engine: its samples differ from one version to the next, so a test compares them with each other
 * only. */
#include "../lib/speaking.h"
#include <glib/gstdio.h>
#include <sys/personality.h>

static struct clip *clip_of(struct speaking *speaking, const char *text)
{
    struct clip *clip = speaking_clip(speaking, text);
    g_assert_false(clip->chime);
    return clip;
}

static int64_t frames_of(struct speaking *speaking, const char *text)
{
    struct clip *clip = clip_of(speaking, text);
    int64_t frames = clip->frames;
    clip_unref(clip);
    return frames;
}

/* ---- determinism ---- */

/* espeak-ng keeps state: in one process the same sentence comes out differently the second time. */
static void test_order(void)
{
    static const char text[] = "Breathe in, and lift your chest on 3 of 8.";
    struct speaking first, last;
    speaking_begin(&first, 1, "espeak", "en");
    speaking_begin(&last, 3, "espeak", "en");
    for (int i = 0; i < 50; i++) {
        g_autofree char *other = g_strdup_printf("Another sentence, number %d.", i * 37);
        speech_request(last.speech, other, 0);
    }
    struct clip *a = clip_of(&first, text);
    struct clip *b = clip_of(&last, text);
    assert_same_clip(a, b);
    clip_unref(a);
    clip_unref(b);
    speaking_end(&first);
    speaking_end(&last);
}

/* In Arabic numbers espeak-ng 1.51 reads outside its memory, and what lies there differed from start to
 * start. */
static void test_starts(void)
{
    static const char text[] = "9999 \xd9\x85\xd8\xb1\xd8\xa9";
    struct clip *first = NULL;
    const unsigned long before = (unsigned long)personality(0xffffffff);
    bool allowed = personality(before | ADDR_NO_RANDOMIZE) >= 0;
    personality(before);
    if (!allowed) {
        g_test_skip("this system does not let a program choose its addresses");
        return;
    }
    for (int i = 0; i < 4; i++) {
        struct speaking speaking;
        speaking_begin(&speaking, 1, "espeak", "ar");
        struct clip *clip = clip_of(&speaking, text);
        if (first)
            assert_same_clip(first, clip);
        else
            first = clip_ref(clip);
        clip_unref(clip);
        speaking_end(&speaking);
    }
    clip_unref(first);
}

/* ---- texts ---- */

static char *repeat(const char *part, int times)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < times; i++) g_string_append(text, part);
    return g_string_free(text, FALSE);
}

/* True if it became a chime. */
static bool say_dangerous(struct speaking *speaking, const char *part, int times)
{
    g_autofree char *text = repeat(part, times);
    speech_request(speaking->speech, text, 7);
    struct clip *clip = speaking_clip(speaking, text);
    bool chime = clip->chime;
    clip_unref(clip);
    return chime;
}

/* B10: these end espeak-ng 1.51; a later one may speak them. Either way the session goes on as if nothing had
 * been. */
static void test_crash(void)
{
    struct speaking speaking, undisturbed;
    speaking_begin(&speaking, 1, "espeak", "en");
    speaking_begin(&undisturbed, 1, "espeak", "en");
    guint chimes = say_dangerous(&speaking, "s'", 70);
    chimes += say_dangerous(&speaking, "a.b.c.", 84);
    g_assert_cmpuint(speaking.failures->len, ==, chimes);
    for (guint i = 0; i < chimes; i++) g_assert_nonnull(strstr(speaking.failures->pdata[i], "crashed"));
    struct clip *a = clip_of(&speaking, "And on we go.");
    struct clip *b = clip_of(&undisturbed, "And on we go.");
    assert_same_clip(a, b);
    clip_unref(a);
    clip_unref(b);
    speaking_end(&speaking);
    speaking_end(&undisturbed);
}

static void test_long(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "espeak", "en");
    g_assert_true(say_dangerous(&speaking, "hello again ", 1000));
    g_assert_cmpuint(speaking.failures->len, ==, 1);
    g_assert_nonnull(strstr(speaking.failures->pdata[0], "more than 120 s"));
    speaking_end(&speaking);
}

/* B14: nothing in a text is markup, and nothing a command. */
static void test_plain_text(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "espeak", "en");
    g_autofree char *directory = g_dir_make_tmp("speech-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(directory, "made", NULL);
    g_autofree char *command =
        g_strdup_printf("$(touch %s) `touch %s` <audio src=\"%s\"/>", file, file, file);
    clip_unref(clip_of(&speaking, command));
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    g_rmdir(directory);

    int64_t plain = frames_of(&speaking, "hello");
    g_assert_cmpint(frames_of(&speaking, "<emphasis>hello</emphasis>"), >, plain * 2);
    g_assert_cmpint(frames_of(&speaking, "[[h@l'oU]]"), >, plain);
    g_assert_cmpint(frames_of(&speaking, "hello <break time=\"90s\"/>"), <, (int64_t)30 * SPEAKING_RATE);
    g_assert_cmpuint(speaking.failures->len, ==, 0);
    speaking_end(&speaking);
}

/* A word in another alphabet needs the dictionary of its language, which the child has to load. */
static void test_other_alphabets(void)
{
    static const char *const voices[] = {"en", "de", "ru"};
    for (gsize i = 0; i < G_N_ELEMENTS(voices); i++) {
        struct speaking speaking;
        speaking_begin(&speaking, 1, "espeak", voices[i]);
        clip_unref(clip_of(&speaking, "Das Workout-Team."));
        clip_unref(clip_of(&speaking, "\xce\xb3\xce\xb9\xcf\x8c\xce\xb3\xce\xba\xce\xb1, 1."));
        clip_unref(clip_of(&speaking, "\xe0\xa4\xaf\xe0\xa5\x8b\xe0\xa4\x97, 1."));
        clip_unref(clip_of(&speaking, "\xd0\xb9\xd0\xbe\xd0\xb3\xd0\xb0, 1."));
        g_assert_cmpuint(speaking.failures->len, ==, 0);
        speaking_end(&speaking);
    }
}

/* ---- voices ---- */

static void use_voice(struct speaking *speaking, const char *name, const char *variant, int rate)
{
    speaking_start(speaking, 1);
    struct voice voice = speaking_voice("espeak", name);
    struct speech_options options = speaking_options(speaking);
    voice.variant = (char *)variant;
    voice.rate = rate;
    speech_use(speaking->speech, &voice, &options);
    while (!speech_ready(speaking->speech)) speech_wait(speaking->speech, SPEAKING_WAIT_MS);
}

static void test_voices(void)
{
    static const struct {
        const char *voice, *variant, *problem;
    } rows[] = {
        {"en", "", NULL},
        {"EN-us", "f3", NULL},
        {"nosuchvoice", "", "no such voice ('nosuchvoice'; "},
        {"en-ux", "", "no such voice ('en-ux'; did you mean 'en-us'?)"},
        {"en+f3", "", "no such voice ('en+f3'"},
        {"mb-en1", "", "no such voice ('mb-en1'"},
        {"../en", "", "no such voice ('../en'"},
        {"", "", "no such voice (''"},
        {"en", "nosuch", "no such variant ('nosuch'; "},
        {"en", "f33", "no such variant ('f33'; did you mean 'f3'?)"},
        {"en", "../../lang/gmw/de", "no such variant ("},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct speaking speaking;
        use_voice(&speaking, rows[i].voice, rows[i].variant, 175);
        const char *problem = speech_problem(speaking.speech);
        g_assert_cmpint(problem != NULL, ==, rows[i].problem != NULL);
        if (problem) g_assert_nonnull(strstr(problem, rows[i].problem));
        speaking_end(&speaking);
    }
}

static int64_t frames_at(int rate)
{
    struct speaking speaking;
    use_voice(&speaking, "en", "", rate);
    int64_t frames = frames_of(&speaking, "Breathe in, breathe out, and let your shoulders sink.");
    speaking_end(&speaking);
    return frames;
}

/* From 450 on espeak-ng on its own would become slower. */
static void test_rate(void)
{
    g_assert_cmpint(frames_at(80), >, frames_at(160));
    g_assert_cmpint(frames_at(160), >, frames_at(449));
    g_assert_cmpint(frames_at(449), ==, frames_at(450));
}

/* ---- data ---- */

static char *problem_with_data(const char *const *files)
{
    g_autofree char *directory = g_dir_make_tmp("speech-XXXXXX", NULL);
    g_autofree char *data = g_build_filename(directory, "espeak-ng-data", NULL);
    g_mkdir(data, 0700);
    for (int i = 0; files[i]; i++) {
        g_autofree char *path = g_build_filename(data, files[i], NULL);
        g_assert_true(g_file_set_contents(path, "", 0, NULL));
    }
    g_setenv("ESPEAK_DATA_PATH", directory, TRUE);
    struct speaking speaking;
    use_voice(&speaking, "en", "", 175);
    char *problem = g_strdup(speech_problem(speaking.speech));
    speaking_end(&speaking);
    g_unsetenv("ESPEAK_DATA_PATH");
    for (int i = 0; files[i]; i++) {
        g_autofree char *path = g_build_filename(data, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(data);
    g_rmdir(directory);
    return problem;
}

static void test_no_data(void)
{
    static const char *const none[] = {NULL};
    g_autofree char *missing = problem_with_data(none);
    g_assert_nonnull(strstr(missing, "espeak-ng-data"));
}

/* espeak-ng may not survive reading these. */
static void test_empty_data(void)
{
    static const char *const empty[] = {"phontab", "phonindex", "phondata", "intonations", NULL};
    g_autofree char *damaged = problem_with_data(empty);
    g_assert_nonnull(damaged);
    g_assert_nonnull(strstr(damaged, "espeak-ng"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/espeak/order", test_order);
    g_test_add_func("/espeak/starts", test_starts);
    g_test_add_func("/espeak/crash", test_crash);
    g_test_add_func("/espeak/long", test_long);
    g_test_add_func("/espeak/plain-text", test_plain_text);
    g_test_add_func("/espeak/other-alphabets", test_other_alphabets);
    g_test_add_func("/espeak/voices", test_voices);
    g_test_add_func("/espeak/rate", test_rate);
    g_test_add_func("/espeak/no-data", test_no_data);
    g_test_add_func("/espeak/empty-data", test_empty_data);
    return g_test_run();
}
