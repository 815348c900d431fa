#include "control/protocol.h"
#include <string.h>

/* ---- commands ---- */

static void expect_words(const char *line, const char *joined)
{
    const char *problem = NULL;
    g_auto(GStrv) words = protocol_words(line, &problem);
    g_assert_nonnull(words);
    g_autofree char *all = g_strjoinv("|", words);
    g_assert_cmpstr(all, ==, joined);
}

static void words_are_quoted_as_a_shell_would(void)
{
    expect_words("pause", "pause");
    expect_words("  longer \t 30s  ", "longer|30s");
    expect_words("play 'two words' \"and \\\"three\\\" more\" it\\'s",
                 "play|two words|and \"three\" more|it's");
    expect_words("echo ''", "echo|");
    expect_words("echo a'b'\"c\"", "echo|abc");
}

/* Nothing is expanded, and nothing is run. */
static void nothing_else_of_a_shell(void)
{
    expect_words("echo $HOME `id` $(id) * ~ ; reboot", "echo|$HOME|`id`|$(id)|*|~|;|reboot");
}

static void expect_no_words(const char *line, const char *problem)
{
    const char *found = NULL;
    g_assert_null(protocol_words(line, &found));
    g_assert_cmpstr(found, ==, problem);
}

static void lines_without_a_command(void)
{
    expect_no_words("", "no command");
    expect_no_words("   ", "no command");
    expect_no_words("# nothing", "no command");
    expect_no_words("echo 'half", "a quote or backslash is left open");
    expect_no_words("echo \"half", "a quote or backslash is left open");
    expect_no_words("echo half\\", "a quote or backslash is left open");
}

static void plain_words_stay_plain(void)
{
    const char *const words[] = {"volume", "-6", "/a/b.ini", "it's", "", "two words", "ü", NULL};
    const char *problem;
    g_autofree char *line = protocol_command(words, &problem);
    g_assert_null(problem);
    g_assert_cmpstr(line, ==, "volume -6 /a/b.ini 'it'\\''s' '' 'two words' 'ü'\n");
}

static void expect_no_line(const char *word, const char *expected)
{
    const char *problem = NULL;
    g_assert_null(protocol_command((const char *const[]){word, NULL}, &problem));
    g_assert_cmpstr(problem, ==, expected);
}

static void what_cannot_be_said_in_a_line(void)
{
    const char *problem;
    g_autofree char *longest = g_strnfill(CONTROL_LINE, 'x');
    g_autofree char *longer = g_strnfill(CONTROL_LINE + 1, 'x');
    g_autofree char *line = protocol_command((const char *const[]){longest, NULL}, &problem);
    g_assert_cmpuint(strlen(line), ==, CONTROL_LINE + 1);
    expect_no_line(longer, "more than 4096 bytes");
    expect_no_line("two\nlines", "a line break");
    expect_no_line("bell\a", "a control character");
    expect_no_line("\xFF", "invalid UTF-8");
    expect_no_line(NULL, "no word");
}

/* ---- answers ---- */

static void answers_are_lines(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    protocol_field(out, "step", "Cobra: the second");
    protocol_field(out, "side", "");
    protocol_ok(out);
    protocol_error(out, 5, "no session");
    g_assert_cmpstr(out->str, ==, "step: Cobra: the second\nside: \nOK\nERR 5 no session\n");
}

static void values_cannot_forge_lines(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    protocol_field(out, "title", "a\nOK\r\nb");
    protocol_field(out, "bytes", "\x1B[2J \xFF ü");
    protocol_error(out, 1, "b\nOK");
    g_assert_cmpstr(out->str, ==, "title: a OK  b\nbytes: ?[2J ? ü\nERR 1 b OK\n");
}

static void long_values_are_cut(void)
{
    g_autofree char *value = g_strnfill(3 * CONTROL_VALUE, 'x');
    g_autoptr(GString) out = g_string_new(NULL);
    protocol_field(out, "long", value);
    g_assert_cmpuint(out->len, ==, strlen("long: ") + CONTROL_VALUE + strlen("…\n"));
    g_assert_cmpuint(out->len, <, CONTROL_RESPONSE_LINE);
    g_assert_true(g_str_has_suffix(out->str, "x…\n"));
}

static void expect_read(const char *text, enum response_kind kind, int code, const char *key,
                        const char *value)
{
    struct response_line answer;
    g_autofree char *line = g_strdup(text);
    g_assert_true(protocol_read(line, &answer));
    g_assert_cmpint(answer.kind, ==, kind);
    g_assert_cmpint(answer.code, ==, code);
    g_assert_cmpstr(answer.key, ==, key);
    g_assert_cmpstr(answer.value, ==, value);
}

static void answers_are_read_back(void)
{
    expect_read("OK", RESPONSE_OK, 0, NULL, NULL);
    expect_read("ERR 5 no session", RESPONSE_ERROR, 5, NULL, "no session");
    expect_read("ERR 1", RESPONSE_ERROR, 1, NULL, "");
    expect_read("step: Cobra: the second", RESPONSE_FIELD, 0, "step", "Cobra: the second");
    expect_read("side: ", RESPONSE_FIELD, 0, "side", "");
    expect_read("side:", RESPONSE_FIELD, 0, "side", "");
}

static void nonsense_is_not_read(void)
{
    const char *const lines[] = {"",
                                 "OK then",
                                 "ERR",
                                 "ERR ",
                                 "ERR x",
                                 "ERR 0 fine",
                                 "ERR 256 much",
                                 "ERR -1 less",
                                 "ERR 99999999999 more",
                                 "no colon",
                                 ": no key"};
    struct response_line answer;
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *line = g_strdup(lines[i]);
        g_test_message("%s", line);
        g_assert_false(protocol_read(line, &answer));
    }
}

/* ---- random bytes ---- */

enum { ROUNDS = 20000, SEED = 1848 };

/* Mostly of what has a meaning. */
static char random_byte(GRand *rand)
{
    static const char likely[] = "'\"\\ \t#:OKER015$;-";
    return g_rand_boolean(rand) ? likely[g_rand_int_range(rand, 0, sizeof likely - 1)]
                                : (char)g_rand_int_range(rand, 1, 256);
}

static char *random_text(GRand *rand)
{
    gsize size = (gsize)g_rand_int_range(rand, 0, 40);
    char *text = g_malloc0(size + 1);
    for (gsize i = 0; i < size; i++) text[i] = random_byte(rand);
    return text;
}

static void any_line_has_words_or_a_problem(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    for (int i = 0; i < ROUNDS; i++) {
        g_autofree char *line = random_text(rand);
        const char *problem = NULL;
        g_auto(GStrv) words = protocol_words(line, &problem);
        g_assert_true((words && words[0]) != (problem != NULL));
    }
}

static void any_line_is_an_answer_or_not(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    guint fields = 0, errors = 0;
    for (int i = 0; i < ROUNDS; i++) {
        g_autofree char *text = random_text(rand), *line = g_strconcat(i % 2 ? "ERR " : "", text, NULL);
        struct response_line answer;
        if (!protocol_read(line, &answer)) continue;
        fields += answer.kind == RESPONSE_FIELD;
        errors += answer.kind == RESPONSE_ERROR;
        g_assert_true(answer.kind == RESPONSE_OK || answer.value);
    }
    g_assert_cmpuint(fields, >, 100);
    g_assert_cmpuint(errors, >, 10);
}

/* What can be said arrives as it was meant. */
static void any_words_survive_the_line(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    guint said = 0;
    for (int i = 0; i < ROUNDS; i++) {
        g_autofree char *first = random_text(rand), *second = random_text(rand);
        const char *problem;
        g_autofree char *line = protocol_command((const char *const[]){first, second, NULL}, &problem);
        if (!line) continue;
        g_assert_true(g_str_has_suffix(line, "\n"));
        line[strlen(line) - 1] = '\0';
        g_assert_null(strchr(line, '\n'));
        g_auto(GStrv) words = protocol_words(line, &problem);
        g_assert_cmpuint(g_strv_length(words), ==, 2);
        g_assert_cmpstr(words[0], ==, first);
        g_assert_cmpstr(words[1], ==, second);
        said++;
    }
    g_assert_cmpuint(said, >, 100);
}

static void any_value_is_read_back_from_one_line(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
    for (int i = 0; i < ROUNDS; i++) {
        g_autofree char *value = random_text(rand);
        g_autoptr(GString) out = g_string_new(NULL);
        protocol_field(out, "key", value);
        g_assert_true(strchr(out->str, '\n') == out->str + out->len - 1);
        g_assert_true(g_utf8_validate(out->str, -1, NULL));
        g_string_truncate(out, out->len - 1);
        struct response_line answer;
        g_assert_true(protocol_read(out->str, &answer));
        g_assert_cmpstr(answer.key, ==, "key");
        g_assert_cmpuint(strlen(answer.value), ==, strlen(value));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/control_protocol/words", words_are_quoted_as_a_shell_would);
    g_test_add_func("/control_protocol/no_shell", nothing_else_of_a_shell);
    g_test_add_func("/control_protocol/no_words", lines_without_a_command);
    g_test_add_func("/control_protocol/plain", plain_words_stay_plain);
    g_test_add_func("/control_protocol/unsayable", what_cannot_be_said_in_a_line);
    g_test_add_func("/control_protocol/answers", answers_are_lines);
    g_test_add_func("/control_protocol/forged", values_cannot_forge_lines);
    g_test_add_func("/control_protocol/cut", long_values_are_cut);
    g_test_add_func("/control_protocol/read", answers_are_read_back);
    g_test_add_func("/control_protocol/nonsense", nonsense_is_not_read);
    g_test_add_func("/control_protocol/fuzz/words", any_line_has_words_or_a_problem);
    g_test_add_func("/control_protocol/fuzz/answers", any_line_is_an_answer_or_not);
    g_test_add_func("/control_protocol/fuzz/commands", any_words_survive_the_line);
    g_test_add_func("/control_protocol/fuzz/values", any_value_is_read_back_from_one_line);
    return g_test_run();
}
