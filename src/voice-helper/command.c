/* engine = command: a process for each sentence, or one that stays, gets a line of JSON for each sentence,
 * and answers with the path of the finished file. */
#include "engine.h"
#include "process.h"
#include "starts.h"
#include "base/program.h"
#include "base/read.h"
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 }; /* bytes */

static struct {
    const struct program_parameters *voice;
    char **words;
    bool text_in_words, file_in_words;
    char *file; /* in which the program puts its sound */
    struct process process;
    struct starts starts;
} state;

/* ---- the command's words ---- */

/* Among the clips, where another program removes it if this one is killed. NULL if there is no place. */
static char *place_file(const struct program_parameters *voice)
{
    g_autofree char *name = g_strdup_printf(".out-%d.wav", (int)getpid());
    g_autofree char *other = voice->cache[0] ? NULL : g_dir_make_tmp("stretchvoice-XXXXXX", NULL);
    const char *directory = voice->cache[0] ? voice->cache : other;
    return directory ? g_build_filename(directory, name, NULL) : NULL;
}

static bool is_in(char **words, const char *field)
{
    for (char **word = words; *word; word++)
        if (strstr(*word, field)) return true;
    return false;
}

static char *no_program(const char *name)
{
    g_autofree char *found = program_find(name, state.voice->directory);
    if (g_file_test(name, G_FILE_TEST_IS_DIR))
        return g_strdup_printf("command\tnot a program ('%s'; a directory)", name);
    return found ? NULL
                 : g_strdup_printf("command\tno such program ('%s'; install it, or name its path)", name);
}

static char *use(const struct program_parameters *voice)
{
    g_autoptr(GError) error = NULL;
    if (!g_shell_parse_argv(voice->command, NULL, &state.words, &error))
        return g_strdup_printf("command\tnot a command ('%s'; %s)", voice->command,
                               g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING)
                                   ? "a quote is not closed"
                                   : "write a program and its arguments");
    state.voice = voice;
    state.text_in_words = is_in(state.words, "{text}");
    state.file_in_words = is_in(state.words, "{out}");
    state.file = place_file(voice);
    if (!state.file) return g_strdup("command\tthere is no directory for its sound (can /tmp be written?)");
    return no_program(state.words[0]);
}

/* One pass: a text that holds "{out}" stays as it is. */
static char *fill(const char *word, const char *text)
{
    const struct {
        const char *name, *value;
    } fields[] = {{"{text}", text}, {"{out}", state.file}, {"{voice}", state.voice->voice}};
    GString *filled = g_string_new(NULL);
    while (*word) {
        gsize i = 0;
        while (i < G_N_ELEMENTS(fields) && !g_str_has_prefix(word, fields[i].name)) i++;
        if (i == G_N_ELEMENTS(fields)) {
            g_string_append_c(filled, *word++);
        } else {
            g_string_append(filled, fields[i].value);
            word += strlen(fields[i].name);
        }
    }
    return g_string_free(filled, FALSE);
}

static char **fill_all(const char *text)
{
    GStrv words = g_new0(char *, g_strv_length(state.words) + 1);
    for (guint i = 0; state.words[i]; i++) words[i] = fill(state.words[i], text);
    return words;
}

static void files(GPtrArray *paths)
{
    char *program = program_find(state.words[0], state.voice->directory);
    if (program) g_ptr_array_add(paths, program);
    for (char **word = state.words + 1; *word; word++) g_ptr_array_add(paths, fill(*word, ""));
}

/* ---- what it has made ---- */

static enum outcome decode_file(struct sound *sound, char **why)
{
    gsize size;
    g_autofree char *data = read_file(state.file, FILE_MAX, &size, why);
    unlink(state.file);
    if (!data || !sound_decode(sound, data, size, why)) return OUTCOME_FAILED;
    return sound_judge(sound);
}

static enum outcome failed_wait(enum wait_result result, const struct process *process, char **why)
{
    if (result == WAIT_TIMEOUT) return OUTCOME_SLOW;
    *why = process_complaint(process, result == WAIT_FULL ? "it gave too much" : "it ended");
    return OUTCOME_FAILED;
}

/* ---- a process for each sentence ---- */

static enum outcome take_result(struct process *process, enum wait_result result, gint64 deadline,
                                struct sound *sound, char **why)
{
    if (result != WAIT_ENDED) return failed_wait(result, process, why);
    if (!process_succeeded(process, deadline, why)) return OUTCOME_FAILED;
    if (state.file_in_words) return decode_file(sound, why);
    if (!sound_decode(sound, process->output->data, process->output->len, why)) return OUTCOME_FAILED;
    return sound_judge(sound);
}

static enum outcome say_once(const char *text, gint64 deadline, struct sound *sound, char **why)
{
    g_auto(GStrv) words = fill_all(text);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    struct process process;
    unlink(state.file);
    if (!process_start(&process, words, why)) return OUTCOME_FAILED;
    enum wait_result result =
        process_talk(&process, line, state.text_in_words ? 0 : strlen(line), true, NULL, NULL, deadline);
    enum outcome outcome = take_result(&process, result, deadline, sound, why);
    process_end(&process);
    unlink(state.file);
    return outcome;
}

/* ---- a process that stays ---- */

static char *request(const char *text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "text");
    json_builder_add_string_value(builder, text);
    json_builder_set_member_name(builder, "output_file");
    json_builder_add_string_value(builder, state.file);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *object = json_to_string(root, FALSE);
    return g_strconcat(object, "\n", NULL);
}

/* Takes whole lines. Those that are not the file's path are the program's chatter. */
static bool has_answered(GByteArray *output, void *data)
{
    (void)data;
    for (guint8 *end; output->len && (end = memchr(output->data, '\n', output->len));) {
        guint length = (guint)(end - output->data);
        g_autofree char *line = g_strndup((const char *)output->data, length);
        g_byte_array_remove_range(output, 0, length + 1);
        if (strcmp(g_strstrip(line), state.file) == 0) return true;
    }
    return false;
}

static enum outcome ask(const char *text, gint64 deadline, struct sound *sound, char **why)
{
    g_autofree char *line = request(text);
    unlink(state.file);
    g_string_truncate(state.process.complaint, 0);
    enum wait_result result =
        process_talk(&state.process, line, strlen(line), false, has_answered, NULL, deadline);
    if (result == WAIT_DONE) return decode_file(sound, why);
    enum outcome outcome = failed_wait(result, &state.process, why);
    process_end(&state.process);
    return outcome;
}

/* One that has died since the last sentence is started again. */
static enum outcome say_to_it(const char *text, gint64 deadline, struct sound *sound, char **why)
{
    for (bool was_there = state.process.pid > 0;; was_there = false) {
        if (state.process.pid == 0) {
            g_auto(GStrv) words = fill_all("");
            if (!starts_allow(&state.starts, why) || !process_start(&state.process, words, why))
                return OUTCOME_FAILED;
        }
        g_clear_pointer(why, g_free);
        enum outcome outcome = ask(text, deadline, sound, why);
        if (!was_there || outcome != OUTCOME_FAILED || state.process.pid > 0) return outcome;
    }
}

static enum outcome say(const char *text, struct sound *sound, char **why)
{
    gint64 deadline = g_get_monotonic_time() + PROGRAM_PATIENCE_S * G_TIME_SPAN_SECOND;
    return (state.voice->stays ? say_to_it : say_once)(text, deadline, sound, why);
}

const struct engine engine_command = {"command", use, files, say};
