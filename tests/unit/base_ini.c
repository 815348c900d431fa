#include "base/ini.h"
#include "../lib/problems.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "[section 1] key 2 = value;" and so on. */
static char *dump(const struct ini *ini)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; ini && i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        g_string_append_printf(out, "[%s %d]", section->name, section->line);
        for (guint j = 0; j < section->n_entries; j++) {
            const struct ini_entry *entry = &section->entries[j];
            g_string_append_printf(out, " %s %d = <%s>", entry->key, entry->line, entry->value);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void expect_bytes(const char *data, gsize length, const char *content, const char *problems)
{
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(data, length, "f", diags);
    g_autofree char *dumped = dump(ini);
    char *said = problems_printed(diags);
    g_assert_cmpstr(dumped, ==, content);
    g_assert_cmpstr(said, ==, problems);
    free(said);
}

static void expect(const char *data, const char *content, const char *problems)
{
    g_test_message("%s", data);
    expect_bytes(data, strlen(data), content, problems);
}

static void test_plain(void)
{
    expect("", "", "");
    expect("\n\n", "", "");
    expect("[a]\nk = v\n[b]\n\nk=w", "[a 1] k 2 = <v>\n[b 3] k 5 = <w>\n", "");
    expect("[a]\r\nk = v\r\n", "[a 1] k 2 = <v>\n", "");
    expect("\xEF\xBB\xBF[a]\nk = v\n", "[a 1] k 2 = <v>\n", "");
    expect("[ spaced out ]\n", "[spaced out 1]\n", "");
    expect("[a]\nk =\nl = \n", "[a 1] k 2 = <> l 3 = <>\n", "");
    expect("[a]\nk = x = y\n", "[a 1] k 2 = <x = y>\n", "");
    expect("[a]\ntime 10:30 = x\n", "[a 1] time 10:30 2 = <x>\n", "");
    expect("[a]\nk: v = x\n", "[a 1] k: v 2 = <x>\n", "");
    expect("[a]\nk\t=\tv\tw \t\n", "[a 1] k 2 = <v w>\n", "");
    expect("[a]\nk = caf\xc3\xa9\n", "[a 1] k 2 = <caf\xc3\xa9>\n", "");
    expect("[a]\nk = \"quoted ; text\"\n", "[a 1] k 2 = <\"quoted>\n", "");
}

static void test_comments(void)
{
    expect("; c\n# c\n[a] ; c\nk = v ; c\n;k = w\n#k = w\n", "[a 3] k 4 = <v>\n", "");
    expect("[a]\nk = v;w\nl = v\t;w\nm = ; c\nn = x # y\n",
           "[a 1] k 2 = <v;w> l 3 = <v> m 4 = <> n 5 = <x # y>\n", "");
    expect("[a]\nk = a \\; b ; c\nl = \\;\nm = a\\\\;b\nn = c:\\dir\\\n",
           "[a 1] k 2 = <a ; b> l 3 = <;> m 4 = <a\\;b> n 5 = <c:\\dir\\>\n", "");
    expect("[a]\nk ; c = v\n", "[a 1]\n", "f:2: [a] a line without '=' ('k'; write key = value)\n");
}

static void test_continued(void)
{
    expect("[a]\nk = one\n  two ; c\n\tthree\nl = x\n", "[a 1] k 2 = <one two three> l 5 = <x>\n", "");
    expect("[a]\nk =\n  one\n  two\n", "[a 1] k 2 = <one two>\n", "");
    expect("[a]\nk = ; c\n  one\n", "[a 1] k 2 = <one>\n", "");
    expect("[a]\nk = one\n  # two\n  ; c\n\t;c\n; c\n# c\n  three\n", "[a 1] k 2 = <one # two three>\n", "");
    expect("[a]\nk = up to 20.\n and on.\n  3.\r\n\tx\n", "[a 1] k 2 = <up to 20.  and on. 3.  x>\n", "");
    expect("[a]\nk = 20.\n", "[a 1] k 2 = <20.>\n", "");
    expect("[a]\nk = one\n  [b]\n  l = two\n", "[a 1] k 2 = <one [b] l = two>\n", "");
    expect("[a]\nk = one\n  \\; two \\;three\n", "[a 1] k 2 = <one ; two ;three>\n", "");
    expect("[a]\r\nk = one\r\n  two\r\n", "[a 1] k 2 = <one two>\n", "");
    expect("[a]\nk = one\n\n  two\n", "[a 1] k 2 = <one>\n",
           "f:4: [a] an indented line with no text to continue ('two'; keys begin in the first column)\n");
    expect("[a]\nk = one\n \t \n  two\n", "[a 1] k 2 = <one>\n",
           "f:4: [a] an indented line with no text to continue ('two'; keys begin in the first column)\n");
    expect("[a]\n  k = v\n", "[a 1]\n",
           "f:2: [a] an indented line with no text to continue ('k = v'; keys begin in the first column)\n");
    expect("  x\n", "",
           "f:1: an indented line with no text to continue ('x'; keys begin in the first column)\n");
    expect("[a]\n\n   ; c\n", "[a 1]\n", "");
    expect("[a]\nbad\n  more\n  more\n", "[a 1]\n",
           "f:2: [a] a line without '=' ('bad'; write key = value)\n");
}

static void test_form(void)
{
    expect("[a\nk = v\n", "[a 1] k 2 = <v>\n", "f:1: no ']' after a section's name ('[a'; write [name])\n");
    expect("[a;b ;c]\n", "[a;b 1]\n", "f:1: no ']' after a section's name ('[a;b'; write [name])\n");
    expect("[a] junk ; c\nk = v\n", "[a 1] k 2 = <v>\n",
           "f:1: text after ']' (' junk'; a comment begins with a space and a ';')\n");
    expect("[a]]\n", "[a 1]\n", "f:1: text after ']' (']'; a comment begins with a space and a ';')\n");
    expect("[x]\n[ ]\nk = v\nk = v\n[a]\n", "[x 1]\n[a 5]\n",
           "f:2: a section without a name ('[]'; write [name])\n");
    expect("k = v\n[a]\n", "[a 2]\n", "f:1: k: a key before the first section ('k'; put [name] above it)\n");
    expect("[a]\nk v\n = v\n=v\n", "[a 1]\n",
           "f:2: [a] a line without '=' ('k v'; write key = value)\n"
           "f:4: [a] no key before '=' ('=v'; write key = value)\n");
}

/* B18: both lines are told. */
static void test_twice(void)
{
    expect("[a]\nk = 1\nl = 1\nk = 2\nk = 3\n[b]\nk = 4\n",
           "[a 1] k 2 = <1> l 3 = <1> k 4 = <2> k 5 = <3>\n[b 6] k 7 = <4>\n",
           "f:4: [a] k: duplicate key ('k'; first on line 2)\nf:5: [a] k: duplicate key ('k'; first on line "
           "2)\n");
    expect("[a]\nk = 1\n[b]\n[a]\nk = 1\n", "[a 1] k 2 = <1>\n[b 3]\n[a 4] k 5 = <1>\n",
           "f:4: [a] duplicate section ('a'; first on line 1)\n");
}

/* Long sections are looked through in another way than short ones. */
static void test_twice_in_many(void)
{
    for (int n = 1; n < 100; n += 7) {
        g_autoptr(GString) data = g_string_new("[a]\n");
        for (int i = 0; i < n; i++) g_string_append_printf(data, "k%d = v\n", i);
        g_string_append(data, "k0 = w\n");
        g_autofree char *problem =
            g_strdup_printf("f:%d: [a] k0: duplicate key ('k0'; first on line 2)\n", n + 2);
        AUTO(diags) diags = diags_new();
        AUTO(ini) ini = ini_from_text(data->str, data->len, "f", diags);
        char *said = problems_printed(diags);
        g_assert_nonnull(ini);
        g_assert_cmpstr(said, ==, problem);
        free(said);
    }
}

/* B16: what is no text is told, on its line. */
static void test_bytes(void)
{
    static const char nul[] = "[a]\nk = x\0y\nl = v\n";
    expect_bytes(nul, sizeof nul - 1, "[a 1] k 2 = <x?y> l 3 = <v>\n",
                 "f:2: [a] a NUL byte ('k = x?y'; UTF-8 without control characters)\n");
    expect("[a]\nk = x\ry\nl = v\n", "[a 1] k 2 = <x?y> l 3 = <v>\n",
           "f:2: [a] a CR inside the line ('k = x?y'; UTF-8 without control characters)\n");
    expect("[a]\n; \x1b[2J\n# \x7f\nk = \xc2\x85\n", "[a 1] k 4 = <?\?>\n",
           "f:2: [a] a control character ('; ?[2J'; UTF-8 without control characters)\n"
           "f:3: [a] a control character ('# ?'; UTF-8 without control characters)\n"
           "f:4: [a] a control character ('k = ?\?'; UTF-8 without control characters)\n");
    expect("[a]\nk = caf\xe9\nl = \xc0\x80 \xed\xa0\x80\n  \xff\n",
           "[a 1] k 2 = <caf?> l 3 = <?\? ?\?\? ?>\n",
           "f:2: [a] invalid UTF-8 ('k = caf?'; UTF-8 without control characters)\n"
           "f:3: [a] invalid UTF-8 ('l = ?\? ?\?\?'; UTF-8 without control characters)\n"
           "f:4: [a] invalid UTF-8 ('  ?'; UTF-8 without control characters)\n");
    expect("[a]\nk = \xc2", "[a 1] k 2 = <?>\n",
           "f:2: [a] invalid UTF-8 ('k = ?'; UTF-8 without control characters)\n");
    expect("[a\x01\nk\xff\n", "[a? 1]\n",
           "f:1: a control character ('[a?'; UTF-8 without control characters)\n"
           "f:2: [a?] invalid UTF-8 ('k?'; UTF-8 without control characters)\n");
}

/* B16: neither is text of another kind read in silence. */
static void test_other_encodings(void)
{
    static const char little[] = "\xff\xfe[\0a\0]\0\n\0", big[] = "\xfe\xff\0[\0a\0]\0\n",
                      bare[] = "[\0a\0]\0\n\0";
    expect_bytes(little, sizeof little - 1, "", "f:1: text in UTF-16 (save it as UTF-8)\n");
    expect_bytes(big, sizeof big - 1, "", "f:1: text in UTF-16 (save it as UTF-8)\n");
    expect_bytes(bare, sizeof bare - 1, "", "f:1: text in UTF-16 (save it as UTF-8)\n");
    expect("[a]\rk = v\r", "", "f:1: lines end with CR (save the file with LF or CRLF)\n");
}

/* B16: inih cuts lines at 200 bytes, and reads what is left as a line of its own. */
static void test_long_lines(void)
{
    static const char *const tails[] = {"plain", " blank", "[b]", "a=b", "x;y", "#y"};
    for (gsize i = 0; i < G_N_ELEMENTS(tails); i++)
        for (gsize length = 185; length < 215; length++) {
            g_autofree char *head = g_strnfill(length, 'x');
            g_autofree char *data = g_strdup_printf("[s]\nk = %s%s\nl = v\n", head, tails[i]);
            g_autofree char *content = g_strdup_printf("[s 1] k 2 = <%s%s> l 3 = <v>\n", head, tails[i]);
            expect(data, content, "");
        }
}

/* inih keeps 49 bytes of a name. */
static void test_long_names(void)
{
    g_autofree char *name = g_strnfill(5000, 'n');
    g_autofree char *data =
        g_strdup_printf("[%sa]\n%sa = 1\n  more\n%sb = 2\n[%sb]\n", name, name, name, name);
    g_autofree char *content =
        g_strdup_printf("[%sa 1] %sa 2 = <1 more> %sb 4 = <2>\n[%sb 5]\n", name, name, name, name);
    expect(data, content, "");
}

static void test_large(void)
{
    GString *data = g_string_new("[a]\nk =\n");
    for (int i = 0; i < 200000; i++) g_string_append(data, " word\n");
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text(data->str, data->len, "f", diags);
    const struct ini_entry *entry = ini_entry(ini_section(ini, "a"), "k");
    g_assert_cmpuint(strlen(entry->value), ==, 200000 * 5 - 1);
    g_assert_cmpuint(diags_errors(diags), ==, 0);
    g_string_free(data, TRUE);
}

static void test_look_up(void)
{
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text("[a]\nk=1\n[b]\nk=2\n", 16, "f", diags);
    g_assert_cmpstr(ini_entry(ini_section(ini, "b"), "k")->value, ==, "2");
    g_assert_null(ini_section(ini, "c"));
    g_assert_null(ini_entry(ini_section(ini, "b"), "l"));
}

/* ---- other builds of inih ---- */

/* Some packages let these be set; they stand for the builds of others. */
extern bool ini_use_stack __attribute__((weak)), ini_allow_multiline __attribute__((weak)),
    ini_allow_inline_comments __attribute__((weak)), ini_stop_on_first_error __attribute__((weak)),
    ini_allow_no_value __attribute__((weak)), ini_allow_bom __attribute__((weak));
extern int ini_max_line __attribute__((weak));

static void test_all(void)
{
    test_plain();
    test_comments();
    test_continued();
    test_form();
    test_twice();
    test_bytes();
    test_long_lines();
    test_long_names();
}

static void test_other_builds(void)
{
    if (!&ini_max_line) {
        g_test_skip("this inih cannot be set otherwise");
        return;
    }
    bool *const options[] = {&ini_use_stack,           &ini_allow_multiline, &ini_allow_inline_comments,
                             &ini_stop_on_first_error, &ini_allow_no_value,  &ini_allow_bom};
    for (gsize i = 0; i < G_N_ELEMENTS(options); i++) {
        *options[i] = !*options[i];
        test_all();
        *options[i] = !*options[i];
    }
    ini_max_line = 40;
    test_all();
    ini_max_line = 200;
}

/* ---- files ---- */

static void expect_refused(const char *path, const char *why)
{
    AUTO(diags) diags = diags_new();
    g_assert_null(ini_read(path, diags));
    char *said = problems_printed(diags);
    g_autofree char *expected = g_strdup_printf("%s%s\n", path, why);
    g_assert_cmpstr(said, ==, expected);
    free(said);
}

static void test_files(void)
{
    g_autofree char *directory = g_dir_make_tmp("ini-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "a.ini", NULL);
    g_assert_true(g_file_set_contents(path, "[a]\nk = v\n", -1, NULL));
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_read(path, diags);
    g_assert_cmpstr(ini_entry(ini_section(ini, "a"), "k")->value, ==, "v");
    g_assert_cmpstr(ini->path, ==, path);

    g_assert_cmpint(truncate(path, INI_LIMIT + 1), ==, 0);
    expect_refused(path, ":1: file too large ('8388609 bytes'; at most 8 MiB)");
    g_unlink(path);
    expect_refused(path, ": cannot be read (No such file or directory)");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    expect_refused(path, ": not a regular file (a FIFO)");
    g_unlink(path);
    g_assert_cmpint(symlink(path, path), ==, 0);
    g_autofree char *loop = g_strdup_printf(": cannot be read (%s)", g_strerror(ELOOP));
    expect_refused(path, loop);
    g_unlink(path);
    expect_refused(directory, ": not a regular file (a directory)");
    expect_refused("/dev/zero", ": not a regular file (a device)");
    g_rmdir(directory);
}

/* No-break spaces, dashes and what is invisible, around names and values. In a text they stay. */
static void test_look_alikes(void)
{
    expect("\u200b[cat\u2011cow]\u00a0\n\u200bhold\u00a0=\u00a0 20s\u00a0\ufeff\n",
           "[cat-cow 1] hold 2 = <20s>\n", "");
    expect("[a\u2013b\u00ad]\nho\u200bld = x\u00a0; c\n", "[a-b 1] hold 2 = <x>\n", "");
    expect("[a]\nk = one\n\u00a0\u00a0two\u00a0\u2013\u200bx\n\u00a0\nl = y\n",
           "[a 1] k 2 = <one two\u00a0\u2013\u200bx> l 5 = <y>\n", "");
    expect("[a]\nk = x\n\u200bk = y\n", "[a 1] k 2 = <x> k 3 = <y>\n",
           "f:3: [a] k: duplicate key ('k'; first on line 2)\n");
    expect("[a]\nk \uff1d x\n", "[a 1]\n",
           "f:2: [a] a line without '=' ('k \uff1d x' with U+FF1D, a fullwidth equals sign; write key = "
           "value)\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ini/plain", test_plain);
    g_test_add_func("/ini/comments", test_comments);
    g_test_add_func("/ini/continued", test_continued);
    g_test_add_func("/ini/form", test_form);
    g_test_add_func("/ini/twice", test_twice);
    g_test_add_func("/ini/twice-in-many", test_twice_in_many);
    g_test_add_func("/ini/bytes", test_bytes);
    g_test_add_func("/ini/other-encodings", test_other_encodings);
    g_test_add_func("/ini/long-lines", test_long_lines);
    g_test_add_func("/ini/long-names", test_long_names);
    g_test_add_func("/ini/other-builds", test_other_builds);
    g_test_add_func("/ini/large", test_large);
    g_test_add_func("/ini/look-up", test_look_up);
    g_test_add_func("/ini/files", test_files);
    g_test_add_func("/ini/look-alikes", test_look_alikes);
    return g_test_run();
}
