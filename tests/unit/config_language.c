#include "config/language.h"
#include <dlfcn.h>
#include <glib.h>
#include <string.h>

static const char *const NAMES[N_PLURALS] = {"other", "one", "two", "few", "many"};

/* ---- by hand: what Unicode's chart says ---- */

static void expect(const char *tag, enum plural plural, const int *numbers, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_test_message("%s %d", tag, numbers[i]);
        g_assert_cmpstr(NAMES[language_plural(tag, numbers[i])], ==, NAMES[plural]);
    }
}

#define EXPECT(tag, plural, ...)                                                                             \
    expect(tag, plural, (const int[]){__VA_ARGS__}, G_N_ELEMENTS(((const int[]){__VA_ARGS__})))

static void test_samples(void)
{
    EXPECT("en", PLURAL_ONE, 1);
    EXPECT("en-gb", PLURAL_OTHER, 0, 2, 5, 11, 21, 101, 1000000);
    EXPECT("de", PLURAL_ONE, 1);
    EXPECT("fr", PLURAL_ONE, 0, 1);
    EXPECT("fr", PLURAL_OTHER, 2, 21, 100);
    EXPECT("fr", PLURAL_MANY, 1000000, 2000000);
    EXPECT("pt-br", PLURAL_ONE, 0, 1);
    EXPECT("pt-pt", PLURAL_OTHER, 0, 2);
    EXPECT("it", PLURAL_OTHER, 0, 2, 999999);
    EXPECT("es", PLURAL_MANY, 1000000);
    EXPECT("pl", PLURAL_ONE, 1);
    EXPECT("pl", PLURAL_FEW, 2, 3, 4, 22, 34, 102);
    EXPECT("pl", PLURAL_MANY, 0, 5, 11, 12, 13, 14, 20, 21, 25, 112);
    EXPECT("ru", PLURAL_ONE, 1, 21, 31, 101);
    EXPECT("ru", PLURAL_FEW, 2, 4, 22, 103);
    EXPECT("ru", PLURAL_MANY, 0, 5, 11, 14, 20, 111, 112);
    EXPECT("cs", PLURAL_FEW, 2, 3, 4);
    EXPECT("cs", PLURAL_OTHER, 0, 5, 22);
    EXPECT("sl", PLURAL_ONE, 1, 101);
    EXPECT("sl", PLURAL_TWO, 2, 102);
    EXPECT("sl", PLURAL_FEW, 3, 4, 103);
    EXPECT("ar", PLURAL_TWO, 2);
    EXPECT("ar", PLURAL_FEW, 3, 10, 103);
    EXPECT("ar", PLURAL_MANY, 11, 99, 111);
    EXPECT("ar", PLURAL_OTHER, 0, 100, 102, 200);
    EXPECT("he", PLURAL_TWO, 2);
    EXPECT("ja", PLURAL_OTHER, 0, 1, 2);
    EXPECT("cmn", PLURAL_OTHER, 1);
    EXPECT("xx", PLURAL_ONE, 1); /* not known */
    EXPECT("xx", PLURAL_OTHER, 0, 2);
}

/* ---- by ICU, which carries Unicode's data ---- */

enum { OLDEST = 72, NEWEST = 99 }; /* before 72 Hebrew and Maltese had other rules */

struct icu {
    void *(*open)(const char *locale, int *status);
    int (*select)(const void *rules, double number, guint16 *keyword, int capacity, int *status);
    void (*close)(void *rules);
};

static void *find_symbol(void *library, const char *name, int version)
{
    g_autofree char *symbol = g_strdup_printf("%s_%d", name, version);
    return dlsym(library, symbol);
}

static bool open_icu(struct icu *icu)
{
    for (int version = OLDEST; version <= NEWEST; version++) {
        g_autofree char *file = g_strdup_printf("libicui18n.so.%d", version);
        void *library = dlopen(file, RTLD_NOW);
        if (!library) continue;
        *(void **)&icu->open = find_symbol(library, "uplrules_open", version);
        *(void **)&icu->select = find_symbol(library, "uplrules_select", version);
        *(void **)&icu->close = find_symbol(library, "uplrules_close", version);
        return icu->open && icu->select && icu->close;
    }
    return false;
}

/* "zero" has no form of its own here. */
static void expect_the_same(const struct icu *icu, const char *locale, const char *tag)
{
    int status = 0;
    void *rules = icu->open(locale, &status);
    for (int n = 0; n <= 1000002; n += n < 1300 ? 1 : 997) {
        guint16 wide[16];
        char name[16] = "";
        int length = icu->select(rules, n, wide, G_N_ELEMENTS(wide), &status);
        for (int i = 0; i < length; i++) name[i] = (char)wide[i];
        const char *ours = NAMES[language_plural(tag, n)],
                   *theirs = strcmp(name, "zero") == 0 ? "other" : name;
        if (strcmp(ours, theirs) != 0) g_error("%s %d: %s, not %s", tag, n, ours, theirs);
    }
    icu->close(rules);
}

static void test_icu(void)
{
    static const char tags[] = "af am an ar as az be bg bn bs ca cs cy da de el en en-gb eo es et eu fa fi "
                               "fo fr ga gd gu haw he hi hr hu hy ia id io "
                               "is it ja jbo ka kk kl kn ko ku ky lb lt lv mk ml mr ms mt my nb ne nl no om "
                               "or pa pap pl ps pt pt-br pt-pt ro ru sd "
                               "si sk sl smj sq sr sv sw ta te th ti tk tn tr ug uk ur uz vi yue zh";
    struct icu icu;
    if (!open_icu(&icu)) {
        g_test_skip("ICU is not installed");
        return;
    }
    g_auto(GStrv) list = g_strsplit(tags, " ", -1);
    for (char **tag = list; *tag; tag++) {
        g_autofree char *locale = g_strdelimit(g_strdup(*tag), "-", '_');
        expect_the_same(&icu, locale, *tag);
    }
}

/* ---- tags ---- */

static void expect_spoken(const char *tag, const char *expected)
{
    g_autofree char *spoken = language_spoken(tag);
    g_assert_cmpstr(spoken, ==, expected);
}

static void test_spoken(void)
{
    expect_spoken("de", "de");
    expect_spoken("DE_AT", "de");
    expect_spoken("fr-be", "fr-be");
    expect_spoken("en-gb-x-rp", "en-gb-x-rp");
    expect_spoken("zh-hant-tw", "zh");
    expect_spoken("xx", NULL);
    expect_spoken("xx-de", NULL);
    expect_spoken("", NULL);
    expect_spoken("de en", NULL);
}

static void test_stem(void)
{
    static const struct {
        const char *name;
        size_t stem;
    } cases[] = {{"neck.de", 4}, {"neck.pt-br", 4}, {"neck", 4},    {"neck.v2", 7},
                 {"neck.", 5},   {".de", 3},        {"a.de.fr", 4}, {"", 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpuint(language_stem(cases[i].name), ==, cases[i].stem);
}

static void test_locale(void)
{
    static const char *const cases[][2] = {
        {"de_AT.UTF-8", "de-at"}, {"pt_BR", "pt-br"}, {"de@euro", "de"}, {"C", "en"},
        {"C.UTF-8", "en"},        {"POSIX", "en"},    {"", "en"},        {"../x", "en"},
        {"de/../x", "en"},        {"en-GB", "en-gb"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *tag = language_of_locale(cases[i][0]);
        g_assert_cmpstr(tag, ==, cases[i][1]);
    }
}

/* ---- espeak-ng's own list ---- */

/* Each voice names its languages in lines such as "language en-gb 2". */
static int expect_all_spoken(const char *directory)
{
    int n = 0;
    g_autoptr(GDir) files = g_dir_open(directory, 0, NULL);
    for (const char *file; files && (file = g_dir_read_name(files));) {
        g_autofree char *path = g_build_filename(directory, file, NULL), *text = NULL;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) n += expect_all_spoken(path);
        if (!g_file_get_contents(path, &text, NULL, NULL)) continue;
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++) {
            g_auto(GStrv) words = g_strsplit_set(*line, " \t\r", -1);
            if (g_strcmp0(words[0], "language") != 0 || !words[1]) continue;
            g_autofree char *tag = g_ascii_strdown(words[1], -1);
            expect_spoken(tag, tag);
            n++;
        }
    }
    return n;
}

static void test_espeak(void)
{
    static const char *const places[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
                                         "/usr/lib", "/usr/share"};
    int n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *directory = g_build_filename(places[i], "espeak-ng-data", "lang", NULL);
        n += expect_all_spoken(directory);
    }
    if (!n) g_test_skip("no data of espeak-ng in the usual places");
}

static void test_same(void)
{
    g_assert_true(language_same("en", "en"));
    g_assert_true(language_same("en", "en-gb"));
    g_assert_true(language_same("EN_us", "en-gb"));
    g_assert_false(language_same("en", "de"));
    g_assert_false(language_same("en", "eng"));
    g_assert_false(language_same("", "en"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/samples", test_samples);
    g_test_add_func("/language/icu", test_icu);
    g_test_add_func("/language/spoken", test_spoken);
    g_test_add_func("/language/espeak", test_espeak);
    g_test_add_func("/language/same", test_same);
    g_test_add_func("/language/stem", test_stem);
    g_test_add_func("/language/locale", test_locale);
    return g_test_run();
}
