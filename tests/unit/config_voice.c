#include "config/voice.h"
#include "player/command.h"
#include "../lib/problems.h"
#include <string.h>

static struct ini *ini_of(const char *text, struct diags *diags)
{
    return ini_from_text(text, strlen(text), "v.ini", diags);
}

/* Reads texts, the last one the profile and each one before it the base of the next. */
static struct voice *read_layers(const char *const *texts, struct diags *diags)
{
    struct voice *voice = voice_new("v", "v.ini");
    for (; *texts; texts++) {
        AUTO(ini) ini = ini_of(*texts, diags);
        voice_add(voice, ini, diags);
        if (!texts[1]) voice_settle(voice, ini, diags);
    }
    return voice;
}

static struct voice *read_text(const char *text, struct diags *diags)
{
    return read_layers((const char *const[]){text, NULL}, diags);
}

static void expect_text(char *text, const char *expected)
{
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

/* The shipped profiles are complete without any base, and the English in the program is theirs. */
static void test_shipped(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice) fallback = read_text("[voice]\nlanguage = en\n", diags);
    g_autoptr(GDir) voices = g_dir_open("voices", 0, NULL);
    for (const char *file; (file = g_dir_read_name(voices));) {
        g_autofree char *path = g_build_filename("voices", file, NULL);
        AUTO(ini) ini = ini_read(path, diags);
        AUTO(voice) voice = voice_from_ini(file, ini, diags);
        if (!voice_base(ini)) voice_report_lacking(voice, diags);
        expect_problems(diags, "");
        for (int p = 0; p < N_PHRASES && strcmp(file, "en.ini") == 0; p++)
            g_assert_cmpstr(voice->phrases[p], ==, fallback->phrases[p]);
    }
}

static int colons(const char *text)
{
    int n = 0;
    for (; (text = strchr(text, ':')); text++) n++;
    return n;
}

/* The phrase that says the keys has one for each command that has a key, or those of the program in English.
 */
static void test_keys(void)
{
    AUTO(diags) diags = diags_new();
    g_autofree char *english = command_keys();
    g_autoptr(GDir) voices = g_dir_open("voices", 0, NULL);
    for (const char *file; (file = g_dir_read_name(voices));) {
        g_autofree char *path = g_build_filename("voices", file, NULL);
        AUTO(ini) ini = ini_read(path, diags);
        AUTO(voice) voice = voice_from_ini(file, ini, diags);
        const char *keys = voice->phrases[PHRASE_KEYS];
        g_test_message("%s", file);
        if (!strstr(keys, "{keys}")) g_assert_cmpint(colons(keys), ==, colons(english));
    }
}

/* What is written as one text is the same voice. */
static void test_as_text(void)
{
    static const char text[] =
        "[voice]\nlanguage = de\nvoice = mb-de1\nvariant = f2\nrate = 99\npitch = 1\nrange = 2\n"
        "word-gap = 3\n[phrases]\nhalfway = A\\; b\nprops-join = \" \\; \"\nstep = {{{step}}}\n";
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text(text, diags);
    g_autofree char *flat = voice_ini(voice), *sources = voice_print_sources(voice);
    AUTO(ini) ini = ini_from_text(flat, strlen(flat), "/elsewhere", diags);
    AUTO(voice) copy = voice_from_ini("v", ini, diags);
    voice_take_sources(copy, sources);
    expect_problems(diags, "");
    g_autofree char *again = voice_ini(copy);
    g_assert_cmpstr(flat, ==, again);
    g_assert_cmpstr(copy->phrases[PHRASE_HALFWAY], ==, "A; b");
    g_assert_cmpstr(copy->phrases[PHRASE_PROPS_JOIN], ==, " ; ");
    g_assert_cmpstr(copy->voice, ==, "mb-de1");
    g_assert_cmpint(copy->word_gap, ==, 3);
    g_assert_true(g_str_has_suffix(voice_location(copy, "variant").path, "/v.ini"));
    g_assert_cmpint(voice_location(copy, "variant").line, ==, 4);
    voice_take_sources(copy, "nonsense\nvariant\tprofile\t0\t--voice\nx\ty\tz\tw\n");
    g_assert_cmpstr(voice_location(copy, "variant").path, ==, "--voice");
    g_assert_null(voice_location(copy, "variant").key);
}

/* Phrase by phrase and key by key; but a voice of another language or engine is none of the profile's. */
static void test_layers(void)
{
    static const char base[] =
        "[voice]\nlanguage = en\nvoice = en-us\nvariant = f3\nrate = 150\n[phrases]\nhalfway = Half.\n";
    AUTO(diags) diags = diags_new();
    AUTO(voice)
    low = read_layers((const char *const[]){base, "[voice]\nvariant = m3\n[phrases]\nready = Go.\n", NULL},
                      diags);
    g_assert_cmpstr(low->language, ==, "en");
    g_assert_cmpstr(low->voice, ==, "en-us");
    g_assert_cmpstr(low->variant, ==, "m3");
    g_assert_cmpint(low->rate, ==, 150);
    g_assert_cmpstr(low->phrases[PHRASE_HALFWAY], ==, "Half.");
    g_assert_cmpstr(low->phrases[PHRASE_READY], ==, "Go.");
    g_assert_cmpstr(low->phrases[PHRASE_CLOSING], ==, "Done.");
    AUTO(voice)
    british = read_layers((const char *const[]){base, "[voice]\nlanguage = en-gb\n", NULL}, diags);
    g_assert_cmpstr(british->voice, ==, "en-gb");
    g_assert_cmpstr(british->variant, ==, "f3");
    g_assert_cmpstr(voice_location(british, "voice").key, ==, "language");
    AUTO(voice) tone = read_layers((const char *const[]){base, "[voice]\nengine = tone\n", NULL}, diags);
    g_assert_cmpstr(tone->voice, ==, "en");
    g_assert_cmpstr(tone->variant, ==, "");
    g_assert_cmpint(tone->rate, ==, 150);
    AUTO(voice)
    empty = read_layers((const char *const[]){base, "[voice]\nlanguage =\nvariant =\n", NULL}, diags);
    g_assert_cmpstr(empty->variant, ==, "");
    expect_problems(diags, "v.ini:2: [voice] language: empty (''; such as en or en-gb)\n");
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
                      diags);
    expect_problems(diags, "");
    struct field n = {"n", "7"};
    expect_text(voice_phrase(voice, PHRASE_STEPS, 7, &n, 1), "7 {n}");
    expect_text(voice_phrase(voice, PHRASE_STEPS, 1, &n, 1), "7 {n}"); /* no English singular */
    expect_text(voice_phrase(voice, PHRASE_COUNTDOWN, 1, &n, 1), "7.");
    expect_text(voice_phrase(voice, PHRASE_PROPS_JOIN, 0, NULL, 0), ", ");
    expect_text(voice_number(voice, 1), "Uno");
    expect_text(voice_number(voice, 2), "Due {2}");
    expect_text(voice_number(voice, 3), "Tre");
    expect_text(voice_number(voice, 4), "4");
    expect_text(voice_number(voice, 0), "0");
    g_assert_true(voice->own[PHRASE_STEPS]);
    g_assert_false(voice->own[PHRASE_COUNT]);
}

static void expect_counted(const struct voice *voice, int n, const char *expected)
{
    expect_text(voice_counted(voice, PHRASE_STEPS, n), expected);
}

/* Each form by the rule of the language; a form that is not there is the plain one. */
static void test_plurals(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice)
    polish = read_text("[voice]\nlanguage = pl\n[phrases]\nsteps = {n} kroku\nsteps-one = {n} krok\n"
                       "steps-few = {n} kroki\nsteps-many = {n} kroków\n",
                       diags);
    expect_counted(polish, 1, "1 krok");
    expect_counted(polish, 2, "2 kroki");
    expect_counted(polish, 5, "5 kroków");
    expect_counted(polish, 12, "12 kroków");
    expect_counted(polish, 22, "22 kroki");
    AUTO(voice) half = read_text("[voice]\nlanguage = pl\n[phrases]\nsteps = {n} kroków\n", diags);
    expect_counted(half, 1, "1 kroków"); /* not the English singular */
    expect_counted(half, 2, "2 kroków");
    AUTO(voice)
    arabic = read_text("[voice]\nlanguage = ar\n[phrases]\nsteps = p {n}\nsteps-two = two\n", diags);
    expect_counted(arabic, 2, "two");
    expect_counted(arabic, 3, "p 3");
    AUTO(voice)
    japanese = read_text("[voice]\nlanguage = ja\n[phrases]\nsteps = {n} x\nsteps-one = no\n", diags);
    expect_counted(japanese, 1, "1 x");
    AUTO(voice)
    french = read_text("[voice]\nlanguage = fr\n[phrases]\nsteps = {n} pas\nsteps-one = {n} seul\n", diags);
    expect_counted(french, 0, "0 seul");
    expect_counted(french, 2, "2 pas");
    AUTO(voice)
    brazilian = read_text("[voice]\nlanguage = pt-br\n[phrases]\nsteps = {n} vezes\nsteps-one = uma "
                          "vez\nsteps-2 = duas vezes\n",
                          diags);
    expect_counted(brazilian, 2, "duas vezes");
    expect_counted(brazilian, 3, "3 vezes");
    expect_counted(brazilian, 12, "12 vezes");
    g_autofree char *flat_two = voice_ini(brazilian);
    AUTO(voice) copy_two = read_text(flat_two, diags);
    expect_counted(copy_two, 2, "duas vezes");
    g_autofree char *flat = voice_ini(polish);
    AUTO(voice) copy = read_text(flat, diags);
    expect_counted(copy, 4, "4 kroki");
    expect_problems(diags, "");
    AUTO(voice)
    wrong = read_text("[voice]\nlanguage = pl\n[phrases]\nsteps-few = {x}\nclosing-few = x\nsteps-lots = x\n",
                      diags);
    expect_problems(
        diags,
        "v.ini:4: [phrases] steps-few: unknown field ('{x}'; fields here: {n}; write {{ or }} for a brace)\n"
        "v.ini:5: [phrases] closing-few: unknown phrase ('closing-few'; voices/en.ini has them all; their "
        "forms end in -one, -two, -few, -many, -2)\n"
        "v.ini:6: [phrases] steps-lots: unknown phrase ('steps-lots'; voices/en.ini has them all; their "
        "forms end in -one, -two, -few, -many, -2)\n");
    expect_counted(wrong, 3, "3 steps");
}

/* Only the forms that a language has. */
static void test_lacking_forms(void)
{
    AUTO(diags) diags = diags_new();
    g_autoptr(GString) text = g_string_new("[voice]\nlanguage = pl\n[phrases]\n");
    for (int i = 0; i < N_PHRASES; i++) g_string_append_printf(text, "%s = x\n", PHRASES[i].key);
    AUTO(voice) polish = read_text(text->str, diags);
    voice_report_lacking(polish, diags);
    int forms = 0;
    for (int i = 0; i < N_PHRASES; i++) forms += 2 * PHRASES[i].counts;
    g_autofree char *line =
        g_strdup_printf("v.ini:3: [phrases] warning: lacks %d of %d phrases (steps-few, steps-many, "
                        "minutes-few, …; write them, or name a base that has them)\n",
                        forms, N_PHRASES + forms);
    expect_problems(diags, line);
    memcpy(strstr(text->str, "= pl"), "= ja", 4);
    *strstr(text->str, "steps-one") = ';';
    AUTO(voice) japanese = read_text(text->str, diags);
    voice_report_lacking(japanese, diags);
    expect_problems(diags, "");
}

static void test_head(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text("[voice]\nlanguage = de\n", diags);
    g_assert_cmpstr(voice->engine, ==, "espeak");
    g_assert_cmpstr(voice->voice, ==, "de");
    g_assert_cmpint(voice_location(voice, "voice").line, ==, 2);
    g_assert_cmpstr(voice_location(voice, "voice").key, ==, "language");
    g_assert_cmpint(voice_location(voice, NULL).line, ==, 2);
    AUTO(voice)
    full = read_text(
        "[voice]\nengine = tone\nlanguage = de\nvoice = mb-de1\nvariant = Mr serious\nrate = 80\npitch = 0\n"
        "range = 99\nword-gap = 3\n",
        diags);
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

/* A voice has its own abbreviations, or those of the English one. */
static void test_sentences(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice)
    german = read_text("[voice]\nlanguage = de\nabbreviations = z. B., ca.\nordinals = yes\n", diags);
    AUTO(voice) english = read_text("[voice]\nlanguage = en\n", diags);
    g_autoptr(GPtrArray) one = voice_sentences(german, "Nimm z. B. das 2. Kissen.");
    g_autoptr(GPtrArray) several = voice_sentences(english, "Nimm z. B. das 2. Kissen.");
    g_autoptr(GPtrArray) approximate = voice_sentences(english, "Stay approx. 5 seconds.");
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_cmpuint(several->len, ==, 4);
    g_assert_cmpuint(approximate->len, ==, 1);
    expect_problems(diags, "");
}

static void test_settings(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text("[voice]\nlanguage = de\nrate = 100\npitch = 10\n", diags);
    AUTO(settings) settings = settings_new();
    voice_apply_settings(voice, settings);
    g_assert_cmpint(voice->rate, ==, 100);
    g_assert_cmpint(voice->pitch, ==, 10);
    settings->voice.rate = 200;
    settings->voice.pitch = 0;
    settings_set(settings, "voice.range=7", "--set voice.range", diags);
    settings_set(settings, "voice.word-gap=9", "--set voice.word-gap", diags);
    settings_set(settings, "voice.variant=f2", "--set voice.variant", diags);
    voice_apply_settings(voice, settings);
    g_assert_cmpint(voice->rate, ==, 200);
    g_assert_cmpint(voice->pitch, ==, 0);
    g_assert_cmpint(voice->range, ==, 7);
    g_assert_cmpint(voice->word_gap, ==, 9);
    g_assert_cmpstr(voice->variant, ==, "f2");
    g_assert_cmpstr(voice_location(voice, "variant").path, ==, "--set voice.variant");
    voice_set(voice, "variant", "../x", &(struct diag_location){.path = "--voice"}, diags);
    expect_problems(diags, "--voice: not a name ('../x'; letters, digits, '-', '_' and spaces)\n");
    g_assert_cmpstr(voice->variant, ==, "f2");
}

static void test_lacking(void)
{
    g_autofree char *shipped = NULL;
    g_assert_true(g_file_get_contents("voices/en.ini", &shipped, NULL, NULL));
    strstr(shipped, "\nclosing ")[1] = ';';
    int line = 1;
    for (const char *at = shipped; at < strstr(shipped, "[phrases]"); at++) line += *at == '\n';
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text(shipped, diags);
    g_assert_cmpstr(voice->phrases[PHRASE_CLOSING], ==, "Done.");
    expect_problems(diags, "");
    voice_report_lacking(voice, diags);
    g_autofree char *one =
        g_strdup_printf("v.ini:%d: [phrases] warning: lacks 1 of %d phrases (closing; write them, or name "
                        "a base that has them)\n",
                        line, N_PHRASES);
    expect_problems(diags, one);
    g_assert_true(voice_has_phrases(voice));
    voice_disown(voice);
    g_assert_false(voice_has_phrases(voice));
    voice_report_lacking(voice, diags);
    g_autofree char *all =
        g_strdup_printf("v.ini:%d: [phrases] warning: lacks %d of %d phrases (%s, %s, %s, …; write them, or "
                        "name a base that has them)\n",
                        line, N_PHRASES, N_PHRASES, PHRASES[0].key, PHRASES[1].key, PHRASES[2].key);
    expect_problems(diags, all);
}

static void test_problems(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(voice)
    voice = read_text(
        "[voice]\nengine = espaek\nvoice = ../x\nrte = 1\nrate = 500\n"
        "[phrase]\nx = 1\n"
        "[phrases]\nclosing =\nhalfway = {n}\ncuont = {n}\nnumbers = One,,Two\nready = {a|b}\nhello = x\n",
        diags);
    expect_problems(
        diags,
        "v.ini:1: [voice] language: missing (such as en or en-gb)\n"
        "v.ini:2: [voice] engine: unknown value ('espaek'; did you mean 'espeak'? One of espeak, module, "
        "command, tone)\n"
        "v.ini:3: [voice] voice: not a name ('../x'; letters, digits, '-', '_' and spaces)\n"
        "v.ini:4: [voice] rte: unknown key ('rte'; did you mean 'rate'? One of base, engine, voice, "
        "variant, language, rate, pitch, "
        "range, word-gap, abbreviations, ordinals, command, speaks, module, config, clips, package)\n"
        "v.ini:5: [voice] rate: out of range ('500'; 80 to 450)\n"
        "v.ini:6: [phrase] unknown section ('phrase'; did you mean 'phrases'? One of voice, phrases)\n"
        "v.ini:9: [phrases] closing: empty (''; in English 'Done.')\n"
        "v.ini:10: [phrases] halfway: unknown field ('{n}'; fields here: none; write {{ or }} for a brace)\n"
        "v.ini:11: [phrases] cuont: unknown phrase ('cuont'; did you mean 'count'?)\n"
        "v.ini:12: [phrases] numbers: an empty word in the list ('One,,Two'; such as One, Two, Three)\n"
        "v.ini:13: [phrases] ready: no sides here ('{a|b}'; {a|b} needs a step with sides)\n"
        "v.ini:14: [phrases] hello: unknown phrase ('hello'; voices/en.ini has them all; their forms end in "
        "-one, -two, -few, -many, -2)\n");
    g_assert_cmpstr(voice->phrases[PHRASE_CLOSING], ==, "Done.");
}

static void test_long_phrase(void)
{
    g_autofree char *most = g_strnfill(TEXT_LIMIT, 'x'), *shown = g_strnfill(60, 'x');
    g_autofree char *right = g_strdup_printf("[voice]\nlanguage=x\n[phrases]\nclosing=%s\n", most);
    g_autofree char *wrong = g_strdup_printf("[voice]\nlanguage=x\n[phrases]\nclosing=x%s\n", most);
    g_autofree char *problem =
        g_strdup_printf("v.ini:4: [phrases] closing: text too long ('%s…'; at most 64 KiB)\n", shown);
    AUTO(diags) diags = diags_new();
    AUTO(voice) voice = read_text(right, diags);
    expect_problems(diags, "");
    g_assert_cmpuint(strlen(voice->phrases[PHRASE_CLOSING]), ==, TEXT_LIMIT);
    AUTO(voice) longer = read_text(wrong, diags);
    expect_problems(diags, problem);
    g_assert_cmpstr(longer->phrases[PHRASE_CLOSING], ==, "Done.");
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
    AUTO(voice) voice = read_text("[voice]\nlanguage = en\n", diags);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = voice_time(voice, cases[i].seconds);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/voice/shipped", test_shipped);
    g_test_add_func("/voice/keys", test_keys);
    g_test_add_func("/voice/as text", test_as_text);
    g_test_add_func("/voice/layers", test_layers);
    g_test_add_func("/voice/table", test_table);
    g_test_add_func("/voice/phrases", test_phrases);
    g_test_add_func("/voice/plurals", test_plurals);
    g_test_add_func("/voice/lacking forms", test_lacking_forms);
    g_test_add_func("/voice/head", test_head);
    g_test_add_func("/voice/sentences", test_sentences);
    g_test_add_func("/voice/settings", test_settings);
    g_test_add_func("/voice/lacking", test_lacking);
    g_test_add_func("/voice/problems", test_problems);
    g_test_add_func("/voice/long phrase", test_long_phrase);
    g_test_add_func("/voice/time", test_time);
    return g_test_run();
}
