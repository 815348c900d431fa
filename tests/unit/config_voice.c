#include "config/voice.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static void expect_problems(struct diags *diags, const char *expected)
{
    char *said = NULL;
    size_t length;
    FILE *out = open_memstream(&said, &length);
    diags_print(diags, out);
    fclose(out);
    g_assert_cmpstr(said, ==, expected);
    free(said);
}

/* Reads a text as a file v.ini in a directory of its own. */
static struct voice *read_text(const char *text, bool strict, struct diags *diags)
{
    g_autofree char *here = g_get_current_dir();
    g_autofree char *directory = g_dir_make_tmp("voice-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(directory), ==, 0);
    g_assert_true(g_file_set_contents("v.ini", text, -1, NULL));
    struct voice *voice = voice_read("v", "v.ini", strict, diags);
    g_unlink("v.ini");
    g_assert_cmpint(g_chdir(here), ==, 0);
    g_rmdir(directory);
    return voice;
}

static void expect_text(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* The shipped profiles are complete, and the English in the program is theirs. */
static void test_shipped(void)
{
    static const char *const names[] = {"en", "en-gb"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strdup_printf("voices/%s.ini", names[i]);
        AUTO(diags) diags = diags_new();
        AUTO(voice)
        voice = voice_read(names[i], path, true, diags),
        *fallback = read_text("[voice]\nlanguage = en\n", false, diags);
        expect_problems(diags, "");
        g_assert_cmpstr(voice->name, ==, names[i]);
        g_assert_cmpstr(voice->language, ==, names[i]);
        g_assert_cmpint(voice->rate, ==, 160);
        for (int p = 0; p < N_PHRASES; p++) {
            g_assert_cmpint(voice->lines[p], >, 0);
            g_assert_cmpstr(voice->phrases[p], ==, fallback->phrases[p]);
        }
    }
}

static void test_from_text(void)
{
    static const char right[] = "[voice]\nlanguage = de\nrate = 99\n", wrong[] = "[voice]\nrate = 99\n";
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = voice_from_text("v", right, strlen(right), "/none/v.ini", diags);
    expect_problems(diags, "");
    g_assert_cmpint(voice->rate, ==, 99);
    g_assert_cmpstr(voice->language, ==, "de");
    g_assert_cmpstr(voice->path, ==, "/none/v.ini");
    g_assert_null(voice_from_text("v", wrong, strlen(wrong), "/none/v.ini", diags));
    expect_problems(diags, "/none/v.ini:1: [voice] language: missing (such as en or en-gb)\n");
}

/* A row that the table has forgotten would have no key; a singular stands after its plural. */
static void test_table(void)
{
    for (int p = 0; p < N_PHRASES; p++) {
        g_assert_nonnull(PHRASES[p].key);
        g_autofree char *singular = g_strconcat(PHRASES[p].key, "-one", NULL);
        if (PHRASES[p].counts) g_assert_cmpstr(PHRASES[p + 1].key, ==, singular);
    }
}

static void test_phrases(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice)
    voice = read_text("[voice]\nlanguage = x\n[phrases]\nsteps = {n} {{n}}\nnumbers = Uno, Due {{2}} ,Tre\n",
                      false, diags);
    expect_problems(diags, "");
    struct field n = {"n", "7"};
    expect_text(voice_phrase(voice, PHRASE_STEPS, 7, &n, 1), "7 {n}");
    expect_text(voice_phrase(voice, PHRASE_STEPS, 1, &n, 1), "7 step");
    expect_text(voice_phrase(voice, PHRASE_COUNTDOWN, 1, &n, 1), "7.");
    expect_text(voice_phrase(voice, PHRASE_PROPS_JOIN, 0, NULL, 0), ", ");
    expect_text(voice_number(voice, 1), "Uno");
    expect_text(voice_number(voice, 2), "Due {2}");
    expect_text(voice_number(voice, 3), "Tre");
    expect_text(voice_number(voice, 4), "4");
    expect_text(voice_number(voice, 0), "0");
    g_assert_cmpint(voice->lines[PHRASE_STEPS], ==, 4);
    g_assert_cmpint(voice->lines[PHRASE_COUNT], ==, 0);
}

static void test_head(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text("[voice]\nlanguage = de\n", false, diags);
    g_assert_cmpstr(voice->engine, ==, "espeak");
    g_assert_cmpstr(voice->voice, ==, "de");
    g_assert_cmpint(voice_location(voice, "voice").line, ==, 2);
    g_assert_cmpstr(voice_location(voice, "voice").key, ==, "language");
    g_assert_cmpint(voice_location(voice, NULL).line, ==, 2);
    AUTO(voice)
    full = read_text(
        "[voice]\nengine = tone\nlanguage = de\nvoice = mb-de1\nvariant = Mr serious\nrate = 80\npitch = 0\n"
        "range = 99\nword-gap = 3\n",
        false, diags);
    expect_problems(diags, "");
    g_assert_cmpstr(full->engine, ==, "tone");
    g_assert_cmpstr(full->voice, ==, "mb-de1");
    g_assert_cmpstr(full->variant, ==, "Mr serious");
    g_assert_cmpint(voice_location(full, "voice").line, ==, 4);
    g_assert_cmpstr(voice_location(full, "voice").key, ==, "voice");
    g_assert_cmpint(voice_location(full, "variant").line, ==, 5);
    g_assert_null(voice_location(full, NULL).key);
    g_assert_cmpint(full->rate, ==, 80);
    g_assert_cmpint(full->pitch, ==, 0);
    g_assert_cmpint(full->range, ==, 99);
    g_assert_cmpint(full->word_gap, ==, 3);
}

static void test_settings(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text("[voice]\nlanguage = de\nrate = 100\npitch = 10\n", false, diags);
    AUTO(settings) settings = settings_new();
    voice_apply_settings(voice, settings);
    g_assert_cmpint(voice->rate, ==, 100);
    g_assert_cmpint(voice->pitch, ==, 10);
    settings->voice.rate = 200;
    settings->voice.pitch = 0;
    voice_apply_settings(voice, settings);
    g_assert_cmpint(voice->rate, ==, 200);
    g_assert_cmpint(voice->pitch, ==, 0);
}

static void test_missing(void)
{
    g_autofree char *shipped = NULL;
    g_assert_true(g_file_get_contents("voices/en.ini", &shipped, NULL, NULL));
    char *closing = strstr(shipped, "closing  = ");
    *closing = ';';
    AUTO(diags) diags = diags_new();
    AUTO(voice) lenient = read_text(shipped, false, diags);
    expect_problems(diags, "");
    AUTO(voice) strict = read_text(shipped, true, diags);
    expect_problems(diags, "v.ini:14: [phrases] closing: missing (in English 'Done.')\n");
    g_assert_cmpstr(strict->phrases[PHRASE_CLOSING], ==, "Done.");
    g_assert_cmpstr(lenient->phrases[PHRASE_CLOSING], ==, "Done.");
}

static void test_problems(void)
{
    AUTO(diags) diags = diags_new();
    g_assert_null(read_text(
        "[voice]\nengine = espaek\nvoice = ../x\nrte = 1\nrate = 500\n"
        "[phrase]\nx = 1\n"
        "[phrases]\nclosing =\nhalfway = {n}\ncuont = {n}\nnumbers = One,,Two\nready = {a|b}\nhello = x\n",
        false, diags));
    expect_problems(
        diags,
        "v.ini:1: [voice] language: missing (such as en or en-gb)\n"
        "v.ini:2: [voice] engine: unknown value ('espaek'; did you mean 'espeak'? One of espeak, module, "
        "command, tone)\n"
        "v.ini:3: [voice] voice: not a name ('../x'; letters, digits, '-', '_' and spaces)\n"
        "v.ini:4: [voice] rte: unknown key ('rte'; did you mean 'rate'? One of engine, voice, variant, "
        "language, rate, pitch, "
        "range, word-gap, command, speaks, module, config, package)\n"
        "v.ini:5: [voice] rate: out of range ('500'; 80 to 450)\n"
        "v.ini:6: [phrase] unknown section ('phrase'; did you mean 'phrases'? One of voice, phrases)\n"
        "v.ini:9: [phrases] closing: empty (''; in English 'Done.')\n"
        "v.ini:10: [phrases] halfway: unknown field ('{n}'; fields here: none; write {{ or }} for a brace)\n"
        "v.ini:11: [phrases] cuont: unknown phrase ('cuont'; did you mean 'count'?)\n"
        "v.ini:12: [phrases] numbers: an empty word in the list ('One,,Two'; such as One, Two, Three)\n"
        "v.ini:13: [phrases] ready: no sides here ('{a|b}'; {a|b} needs a step with sides)\n"
        "v.ini:14: [phrases] hello: unknown phrase ('hello'; voices/en.ini has them all)\n");
    AUTO(voice) salvaged = voice_salvage("en", "voices/en.ini", true, diags);
    g_assert_cmpstr(salvaged->voice, ==, "en-us");
    g_assert_cmpuint(diags_errors(diags), ==, 0);
    g_assert_null(voice_read("none", "/nonexistent/none.ini", true, diags));
    g_assert_cmpuint(diags_errors(diags), ==, 1);
}

static void test_long_phrase(void)
{
    g_autofree char *most = g_strnfill(TEXT_LIMIT, 'x'), *shown = g_strnfill(60, 'x');
    g_autofree char *right = g_strdup_printf("[voice]\nlanguage=x\n[phrases]\nclosing=%s\n", most);
    g_autofree char *wrong = g_strdup_printf("[voice]\nlanguage=x\n[phrases]\nclosing=x%s\n", most);
    g_autofree char *problem =
        g_strdup_printf("v.ini:4: [phrases] closing: text too long ('%s…'; at most 64 KiB)\n", shown);
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text(right, false, diags);
    expect_problems(diags, "");
    g_assert_cmpuint(strlen(voice->phrases[PHRASE_CLOSING]), ==, TEXT_LIMIT);
    g_assert_null(read_text(wrong, false, diags));
    expect_problems(diags, problem);
}

static void test_time(void)
{
    static const struct {
        int seconds;
        const char *text;
    } cases[] = {{1, "1 second"},    {20, "20 seconds"},   {60, "1 minute"},     {75, "75 seconds"},
                 {90, "90 seconds"}, {91, "1 minute 31"},  {100, "1 minute 40"}, {120, "2 minutes"},
                 {240, "4 minutes"}, {3600, "60 minutes"}, {0, "0 seconds"}};
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = voice_read("en", "voices/en.ini", true, diags);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = voice_time(voice, cases[i].seconds);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_language(void)
{
    g_assert_true(voice_same_language("en", "en"));
    g_assert_true(voice_same_language("en", "en-gb"));
    g_assert_true(voice_same_language("EN_us", "en-gb"));
    g_assert_false(voice_same_language("en", "de"));
    g_assert_false(voice_same_language("en", "eng"));
    g_assert_false(voice_same_language("", "en"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/voice/shipped", test_shipped);
    g_test_add_func("/voice/from-text", test_from_text);
    g_test_add_func("/voice/table", test_table);
    g_test_add_func("/voice/phrases", test_phrases);
    g_test_add_func("/voice/head", test_head);
    g_test_add_func("/voice/settings", test_settings);
    g_test_add_func("/voice/missing", test_missing);
    g_test_add_func("/voice/problems", test_problems);
    g_test_add_func("/voice/long phrase", test_long_phrase);
    g_test_add_func("/voice/time", test_time);
    g_test_add_func("/voice/language", test_language);
    return g_test_run();
}
