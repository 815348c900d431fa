#include "words.h"

#include <stdbool.h>
#include <string.h>

enum { MOST_VARIANTS = 6 }; /* of a phrase: those of its words combined */

static const char *const PHONES[] = {"AA", "AE", "AH", "AO", "AW", "AY", "B",  "CH", "D",  "DH",
                                     "EH", "ER", "EY", "F",  "G",  "HH", "IH", "IY", "JH", "K",
                                     "L",  "M",  "N",  "NG", "OW", "OY", "P",  "R",  "S",  "SH",
                                     "T",  "TH", "UH", "UW", "V",  "W",  "Y",  "Z",  "ZH"};

/* ---- pronunciations ---- */

/* "next(2)" is another way to say "next". */
static void add_line(GHashTable *wanted, char *line)
{
    char *phones = strchr(line, ' ');
    if (!phones) return;
    *phones++ = '\0';
    char *variant = strchr(line, '(');
    if (variant && variant != line) *variant = '\0';
    GPtrArray *found = g_hash_table_lookup(wanted, line);
    if (found) g_ptr_array_add(found, g_strdup(g_strstrip(phones)));
}

static GHashTable *wanted_words(char **lines)
{
    GHashTable *wanted =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(*line, " ", -1);
        for (char **word = words; *word && *++word;)
            g_hash_table_replace(wanted, g_strdup(*word), g_ptr_array_new_with_free_func(g_free));
    }
    return wanted;
}

static gboolean look_up(GHashTable *wanted, const char *dictionary)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(dictionary, &text, NULL, NULL)) return FALSE;
    for (char *line = text, *end; line; line = end ? end + 1 : NULL) {
        end = strchr(line, '\n');
        if (end) *end = '\0';
        add_line(wanted, line);
    }
    return TRUE;
}

static void add_variants(GPtrArray **spoken, const GPtrArray *word)
{
    GPtrArray *longer = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < (*spoken)->len; i++)
        for (guint k = 0; k < word->len && longer->len < MOST_VARIANTS; k++)
            g_ptr_array_add(longer, g_strjoin(" ", (*spoken)->pdata[i], word->pdata[k], NULL));
    g_ptr_array_unref(*spoken);
    *spoken = longer;
}

static bool is_vowel(const char *phone)
{
    return *phone && strchr("AEIOU", *phone);
}

/* As in Britain: no R but before a vowel, and a rounded vowel in "on" and "stop". The dictionary is American.
 */
static char *british(const char *spoken)
{
    g_auto(GStrv) phones = g_strsplit(spoken, " ", -1);
    GString *text = g_string_new(NULL);
    const char *last = "";
    for (char **phone = phones; *phone; last = *phone++) {
        const char *next = phone[1] ? phone[1] : "", *said = *phone;
        if (!*said || (strcmp(said, "R") == 0 && is_vowel(last) && !is_vowel(next))) continue;
        if (strcmp(said, "ER") == 0 && !is_vowel(next)) said = "AH";
        if (strcmp(said, "AA") == 0 && strcmp(next, "R") != 0) said = "AO";
        g_string_append_printf(text, " %s", said);
    }
    return g_string_free(text, FALSE);
}

static void add_british(GPtrArray *spoken)
{
    for (guint i = 0, n = spoken->len; i < n; i++) {
        char *way = british(spoken->pdata[i]);
        if (g_ptr_array_find_with_equal_func(spoken, way, g_str_equal, NULL))
            g_free(way);
        else
            g_ptr_array_add(spoken, way);
    }
}

static void add_phrase(struct words *words, GHashTable *known, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", -1);
    if (!parts[0] || !parts[1]) return;
    GPtrArray *spoken = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(spoken, g_strdup(""));
    for (char **word = parts + 1; *word; word++) {
        const GPtrArray *ways = g_hash_table_lookup(known, *word);
        if (ways->len == 0)
            g_string_append_printf(words->unknown, "%s%s", words->unknown->len ? ", " : "", *word);
        add_variants(&spoken, ways);
    }
    const int command = (int)g_ascii_strtoll(parts[0], NULL, 10);
    if (spoken->len == 0) {
        g_ptr_array_unref(spoken);
        return;
    }
    add_british(spoken);
    g_array_append_val(words->commands, command);
    g_ptr_array_add(words->spoken, spoken);
}

struct words *words_new(const char *lines, const char *dictionary)
{
    g_auto(GStrv) list = g_strsplit(lines, "\n", -1);
    g_autoptr(GHashTable) known = wanted_words(list);
    if (!look_up(known, dictionary)) return NULL;
    struct words *words = g_new0(struct words, 1);
    words->commands = g_array_new(FALSE, FALSE, sizeof(int));
    words->spoken = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    words->unknown = g_string_new(NULL);
    for (char **line = list; *line; line++) add_phrase(words, known, *line);
    return words;
}

void words_free(struct words *words)
{
    if (!words) return;
    g_array_unref(words->commands);
    g_ptr_array_unref(words->spoken);
    g_string_free(words->unknown, TRUE);
    g_free(words);
}

/* ---- what pocketsphinx reads ---- */

char *words_dictionary(const struct words *words, gsize *size)
{
    GString *text = g_string_new("hey HH EY\ncoach K OW CH\n");
    for (gsize i = 0; i < G_N_ELEMENTS(PHONES); i++)
        g_string_append_printf(text, "p_%s %s\n", PHONES[i], PHONES[i]);
    for (guint i = 0; i < words->spoken->len; i++) {
        const GPtrArray *ways = words->spoken->pdata[i];
        for (guint k = 0; k < ways->len; k++) {
            g_autofree char *variant = k > 0 ? g_strdup_printf("(%u)", k + 1) : g_strdup("");
            g_string_append_printf(text, "c%u%s%s\n", i, variant, (const char *)ways->pdata[k]);
        }
    }
    *size = text->len;
    return g_string_free(text, FALSE);
}

static char *grammar_of(const char *rule)
{
    return g_strdup_printf("#JSGF V1.0;\ngrammar g;\npublic <g> = %s;\n", rule);
}

char *words_grammar(const struct words *words, int without)
{
    g_autoptr(GString) rule = g_string_new(NULL);
    for (guint i = 0; i < words->commands->len; i++)
        if (g_array_index(words->commands, int, i) != without)
            g_string_append_printf(rule, "%sc%u", rule->len > 0 ? " | " : "", i);
    return rule->len > 0 ? grammar_of(rule->str) : NULL;
}

char *words_wake_grammar(void)
{
    return grammar_of(WAKE);
}

char *words_any_grammar(void)
{
    g_autoptr(GString) rule = g_string_new("(");
    for (gsize i = 0; i < G_N_ELEMENTS(PHONES); i++)
        g_string_append_printf(rule, "%sp_%s", i > 0 ? " | " : "", PHONES[i]);
    g_string_append(rule, ")+");
    return grammar_of(rule->str);
}
