#include "base/sentence.h"
#include <string.h>

static void test_split(void)
{
    g_autoptr(GPtrArray) list = sentences_split("  One. Two!  \"Three?\" 2.5 is no end… Last", NULL);
    const char *const expected[] = {"One.", "Two!", "\"Three?\"", "2.5 is no end…", "Last"};
    g_assert_cmpuint(list->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < list->len; i++) g_assert_cmpstr(g_ptr_array_index(list, i), ==, expected[i]);

    g_autoptr(GString) longer = g_string_new(NULL);
    while (longer->len < 2500) g_string_append(longer, "wörd ");
    g_autoptr(GPtrArray) parts = sentences_split(longer->str, NULL);
    g_assert_cmpuint(parts->len, ==, 3);
    gsize total = 0;
    for (guint i = 0; i < parts->len; i++) {
        const char *part = g_ptr_array_index(parts, i);
        g_assert_cmpuint(strlen(part), <=, 1000);
        g_assert_true(g_utf8_validate(part, -1, NULL));
        total += strlen(part) + 1;
    }
    g_assert_cmpuint(total, ==, longer->len); /* not a word is lost: each part and the space behind it */

    g_autofree char *endless = g_strnfill(3001, 'x');
    g_autoptr(GPtrArray) pieces = sentences_split(endless, NULL);
    g_assert_cmpuint(pieces->len, ==, 4);
}

/* Sentences with a bar between them. `between` is what the text has in place of the bar. */
static void expect_split(const struct sentence_rules *rules, const char *between, const char *expected)
{
    g_auto(GStrv) sentences = g_strsplit(expected, "|", -1);
    g_autofree char *text = g_strjoinv(between, sentences);
    g_autoptr(GPtrArray) split = sentences_split(text, rules);
    g_ptr_array_add(split, NULL);
    g_autofree char *found = g_strjoinv("|", (char **)split->pdata);
    g_assert_cmpstr(found, ==, expected);
}

static void test_abbreviations(void)
{
    static const struct sentence_rules english = {
        "Mrs., Dr., approx., vs., e.g., no.#, max.#, Fig.#,min.?, sec.?, etc.?", false};
    static const char *const cases[] = {
        "Ask Dr. Lee or Mrs. Cole.|Then begin.",
        "Stay approx. 20 seconds, e.g. on a mat.|Then rest.",
        "Stay for 30 sec. on each side.|Stay for 30 sec.|Then the left.",
        "A mat, a roll, etc.|Then lie down.",
        "A mat, etc. is enough.|No.|No. 5 is a roll, see fig. 7.|Say no.|Then go.",
        "Take it (e.g. a mat).|Sit on the mat.|Go to the bed.|Look at Ed.|Then rest.",
        "A gas vs. a fluid.|Max. 5 times.|Tom is Max.|Then go.",
        "Take e.|Dr.",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) expect_split(&english, " ", cases[i]);
    static const struct sentence_rules german = {"z. B., z.B., d. h., ca., Nr.#, Sek.?, usw.?", true};
    expect_split(&german, " ",
                 "Nimm z. B. eine Matte.|Ca. zwei Meter, d. h. genug Platz, Nr. 3 usw. auch.|Dann los.");
    expect_split(&german, " ", "Nimm z.\u00a0B. eine Matte.|Halte 20 Sek.|Dann los.");
    static const struct sentence_rules polish = {"np., śr., tzw.", true};
    expect_split(&polish, " ", "Weź np. matę, śr. dużą.|Śr. dwie.");
    static const struct sentence_rules odd = {" , ,?,#, .,..", false};
    expect_split(&odd, " ", "Sit.|Rest.");
    expect_split(NULL, " ", "Ask Dr.|Lee.");
}

/* A number's full stop. */
static void test_numbers(void)
{
    static const struct sentence_rules plain = {"", false}, ordinals = {"", true};
    expect_split(&plain, " ", "Count to 20.|Then rest.|Go to 3. and stay.|Up to 7. 8 is enough.|Hold 5.");
    expect_split(&plain, " ", "Count to 20.|\"Then rest.\"|Until 3.|Élan.|Bis 5.");
    expect_split(&ordinals, " ", "Am 3. Tag.|Das 2. Bein strecken.|Zähle bis 20.");
    expect_split(&ordinals, " ", "Zähle bis 20!|Dann los.");
    expect_split(&ordinals, "  ", "Zähle bis 20.|Dann los.|bis 3.|und zurück."); /* where lines ended */
    expect_split(&plain, "  ", "Count to 20.|and rest.|Hold 5.");
}

/* Scripts that write no space behind a stop. */
static void test_scripts(void)
{
    expect_split(NULL, "", "坐直。|吸气！|准备好了吗？|好。");
    expect_split(NULL, "", "「座って。」|息を吸って！？|はい｡");
    expect_split(NULL, "", "سیدھے بیٹھیں۔|سانس لیں۔");
    expect_split(NULL, "", "Նստեք։|Շնչեք։");
    expect_split(NULL, "", "ተቀመጡ።|ተንፍሱ።");
    expect_split(NULL, " ", "सीधे बैठें।|साँस लें।|坐直。|好。");
    g_assert_true(sentence_is_over("好。"));
    g_assert_true(sentence_is_over("Ready?"));
    g_assert_false(sentence_is_over("Ready"));
    g_assert_false(sentence_is_over(""));
}

static void test_begun(void)
{
    static const char *const cases[][2] = {{"duas vezes", "Duas vezes"},
                                           {"über", "Über"},
                                           {"2 sets", "2 sets"},
                                           {"Both", "Both"},
                                           {"é", "É"},
                                           {"", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *begun = sentence_begun(cases[i][0]);
        g_assert_cmpstr(begun, ==, cases[i][1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentence/split", test_split);
    g_test_add_func("/sentence/abbreviations", test_abbreviations);
    g_test_add_func("/sentence/numbers", test_numbers);
    g_test_add_func("/sentence/scripts", test_scripts);
    g_test_add_func("/sentence/begun", test_begun);
    return g_test_run();
}
