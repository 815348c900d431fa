/* Whatever a file holds, it is read without harm, and what is said about it can be shown. */
#include "base/ini.h"
#include "plan/script.h"
#include "../lib/problems.h"
#include "routine/lint.h"
#include "routine/parse.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20240229, ROUNDS = 4000, MOST_BYTES = 3000 };

static void expect_showable(struct diags *diags, bool expected)
{
    char *said = problems_printed(diags);
    g_assert_cmpint(*said != '\0', ==, expected);
    g_assert_true(g_utf8_validate(said, -1, NULL));
    for (const char *p = said; *p; p = g_utf8_next_char(p))
        g_assert_true(*p == '\n' || !g_unichar_iscntrl(g_utf8_get_char(p)));
    free(said);
}

static void read_entries(const struct ini *ini)
{
    for (guint i = 0; ini && i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        g_assert_true(*section->name && g_utf8_validate(section->name, -1, NULL));
        for (guint j = 0; j < section->n_entries; j++) {
            const struct ini_entry *entry = &section->entries[j];
            g_assert_true(*entry->key && entry->line > section->line);
            g_assert_true(g_utf8_validate(entry->value, -1, NULL));
            g_assert_null(strpbrk(entry->value, "\n\r"));
        }
    }
}

/* Its warnings can be shown too, whether something is wrong or not. */
static void read_for_warnings(const char *data, gsize length)
{
    static const struct lint_voice voice = {.right = "right",
                                            .left = "left",
                                            .rate = 160,
                                            .sentence_s = 1.2,
                                            .sentences = {"Dr., approx., min.?, no.#", false}};
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(data, length, "r.ini", diags);
    AUTO(routine) routine = ini ? routine_from_ini(ini, diags) : NULL;
    if (routine) routine_lint(routine, ini, &voice, diags);
    expect_showable(diags, diags_errors(diags) + diags_warnings(diags) > 0);
}

/* A routine is there exactly when nothing is wrong. */
static void read_as_routine(const char *data, gsize length)
{
    AUTO(diags) diags = diags_new();
    g_assert_true(
        g_file_set_contents_full("r.ini", data, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    AUTO(routine) routine = routine_read("r.ini", diags);
    g_assert_cmpint(routine != NULL, ==, diags_errors(diags) == 0);
    AUTO(settings) settings = settings_new();
    AUTO(routine) salvaged = routine_salvage("r.ini", diags);
    if (salvaged) plan_check_length(salvaged, settings, diags);
    expect_showable(diags, diags_errors(diags) > 0);
    read_for_warnings(data, length);
}

static void read_as_ini(const char *data, gsize length)
{
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(data, length, "r.ini", diags);
    read_entries(ini);
    expect_showable(diags, diags_errors(diags) > 0);
}

static void read_both(const GString *data)
{
    read_as_ini(data->str, data->len);
    read_as_routine(data->str, data->len);
}

/* ---- noise ---- */

static void test_random(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) data = g_string_new(NULL);
        int bytes = g_rand_int_range(rand, 0, MOST_BYTES);
        for (int i = 0; i < bytes; i++) g_string_append_c(data, (char)g_rand_int_range(rand, 0, 256));
        read_as_ini(data->str, data->len);
    }
}

/* The bytes that mean something come far more often than by chance. */
static void test_marks(void)
{
    static const char marks[] = "[]=;#\\{}|.,- \t\n\n\n\r\0ab1s\xc3\xa9";
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) data = g_string_new(NULL);
        int bytes = g_rand_int_range(rand, 0, 200);
        for (int i = 0; i < bytes; i++)
            g_string_append_c(data, marks[g_rand_int_range(rand, 0, sizeof marks - 1)]);
        read_both(data);
    }
}

/* ---- mutations of a routine ---- */

static const char ROUTINE[] =
    "\xEF\xBB\xBF; c\n[routine]\ntitle = Middle back ; c\nlanguage = en\ncaution = Go\n  slowly \\; "
    "{title}.\n\n"
    "[cat-cow]\nprop = a towel\nsetup = {reps} {{x}}\nsets = 1-3\nreps\u00a0=\u200b 5-10\nsides = right, "
    "left\nrest = "
    "1m30s\n\n"
    "[cat-cow.cow]\nsay = Sink {seconds} {side|x} {a|b}.\nhold = 15-30s\nrelease = Caf\xc3\xa9.\n\n"
    "[cat-cow.cat]\r\nsay = Arch.\r\nhold = 8-10 breaths\r\n\n[last]\nsay =\n  # one\n\ttwo\nhold = ready\n";

static void mutate(GString *data, GRand *rand)
{
    gssize at = g_rand_int_range(rand, 0, (int)MAX(1, data->len)), n = g_rand_int_range(rand, 0, 40);
    gssize rest = (gssize)data->len - at;
    g_autofree char *piece = g_memdup2(data->str + at, (gsize)MIN(n, rest) + 1);
    switch (g_rand_int_range(rand, 0, 4)) {
    case 0: g_string_erase(data, at, MIN(n, rest)); break;
    case 1:
        g_string_insert_len(data, g_rand_int_range(rand, 0, (int)data->len + 1), piece, MIN(n, rest));
        break;
    case 2: data->str[at] = (char)g_rand_int_range(rand, 0, 256); break;
    default: g_string_insert_c(data, at, "[]=;\\{}|.\n \t-0"[g_rand_int_range(rand, 0, 14)]); break;
    }
}

static void test_mutations(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(GString) data = g_string_new_len(ROUTINE, sizeof ROUTINE - 1);
        for (int n = g_rand_int_range(rand, 0, 8); n > 0 && data->len; n--) mutate(data, rand);
        read_both(data);
    }
}

static void test_unchanged(void)
{
    AUTO(diags) diags = diags_new();
    g_assert_true(g_file_set_contents("r.ini", ROUTINE, -1, NULL));
    AUTO(routine) routine = routine_read("r.ini", diags);
    expect_showable(diags, false);
    g_assert_cmpint(routine->n_steps, ==, 2);
}

/* Cut anywhere, as by a full disk. */
static void test_truncated(void)
{
    for (gsize length = 0; length < sizeof ROUTINE; length++) {
        g_autoptr(GString) data = g_string_new_len(ROUTINE, (gssize)length);
        read_both(data);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *here = g_get_current_dir(), *directory = g_dir_make_tmp("robust-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(directory), ==, 0);
    g_test_add_func("/robust/random", test_random);
    g_test_add_func("/robust/marks", test_marks);
    g_test_add_func("/robust/unchanged", test_unchanged);
    g_test_add_func("/robust/mutations", test_mutations);
    g_test_add_func("/robust/truncated", test_truncated);
    int result = g_test_run();
    g_unlink("r.ini");
    g_assert_cmpint(g_chdir(here), ==, 0);
    g_rmdir(directory);
    return result;
}
