#include "base/sentence.h"
#include <string.h>

static void test_split(void)
{
    g_autoptr(GPtrArray) list = sentences_split("  One. Two!  \"Three?\" 2.5 is no end… Last");
    const char *const expected[] = {"One.", "Two!", "\"Three?\"", "2.5 is no end…", "Last"};
    g_assert_cmpuint(list->len, ==, G_N_ELEMENTS(expected));
    for (guint i = 0; i < list->len; i++) g_assert_cmpstr(g_ptr_array_index(list, i), ==, expected[i]);

    g_autoptr(GString) longer = g_string_new(NULL);
    while (longer->len < 2500) g_string_append(longer, "wörd ");
    g_autoptr(GPtrArray) parts = sentences_split(longer->str);
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
    g_autoptr(GPtrArray) pieces = sentences_split(endless);
    g_assert_cmpuint(pieces->len, ==, 4);
}

/* Sentences with a bar between them. */
static void test_abbreviations(void)
{
    static const char *const cases[] = {
        "Ask Dr. Lee or Mrs. Cole.|Then begin.",
        "Stay approx. 20 seconds, e.g. on a mat.|Then rest.",
        "Stay for 30 sec. on each side.|Stay for 30 sec.|Then the left.",
        "A mat, a roll, etc.|Then lie down.",
        "A mat, etc. is enough.|No.|No. 5 is a roll.|Say no.|Then go.",
        "Nimm z. B. eine Matte.|Ca. zwei Meter, d. h. genug Platz, Nr. 3 usw. auch.|Dann los.",
        "Nimm z.\u00a0B. eine Matte.|Halte 20 Sek.|Dann los.",
        "Take it (e.g. a mat).|Sit on the mat.|Go to the bed.|Look at Ed.|Then rest.",
        "A gas vs. a fluid.|Max. 5 times.|Tom is Max.|Then go.",
        "Take e.|z.|Dr.",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) sentences = g_strsplit(cases[i], "|", -1);
        g_autofree char *text = g_strjoinv(" ", sentences);
        g_autoptr(GPtrArray) split = sentences_split(text);
        g_ptr_array_add(split, NULL);
        g_autofree char *found = g_strjoinv("|", (char **)split->pdata);
        g_assert_cmpstr(found, ==, cases[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentence/split", test_split);
    g_test_add_func("/sentence/abbreviations", test_abbreviations);
    return g_test_run();
}
