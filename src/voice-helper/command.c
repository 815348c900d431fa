/* engine = command: a process for each sentence, or one that stays, gets a line of JSON for each sentence,
 * and answers with the path of the finished file. */
#include "cache.h"
#include "engine.h"
#include "process.h"
#include "starts.h"
#include "base/program.h"
#include "base/read.h"
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 }; /* bytes */

static struct {
    const struct program_parameters *voice;
    char **words;
    bool text_in_words, file_in_words;
    char *place; /* the path of these files but for their number */
    guint number;
    char
        *file; /* in which the program puts its sound: one for each sentence, so that a late answer is none */
    struct process process;
    struct starts starts;
} state;

/* ---- the command's words ---- */

/* Where files on their way are: mostly in memory, and out of other users' reach. Removes those of programs
 * that have been killed. NULL if there is no such place. */
static char *find_place(const struct program_parameters *voice)
{
    const char *const directories[] = {g_get_user_runtime_dir(), voice->cache};
    for (gsize i = 0; i < G_N_ELEMENTS(directories); i++) {
        struct stat info;
        if (stat(directories[i], &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) continue;
        if (access(directories[i], W_OK | X_OK) != 0) continue;
        cache_tidy(directories[i]);
        return g_strdup_printf("%s/" CACHE_PREFIX "%d", directories[i], (int)getpid());
    }
    g_autofree char *made = g_dir_make_tmp("stretchvoice-XXXXXX", NULL);
    return made ? g_build_filename(made, "out", NULL) : NULL;
}

/* Before each sentence. */
static void name_file(void)
{
    g_free(state.file);
    state.file = g_strdup_printf("%s-%u.wav", state.place, state.number++);
    unlink(state.file); /* what another program of the same number has left */
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
    if (found) return NULL;
    if (strchr(name, '/') && g_file_test(name, G_FILE_TEST_EXISTS))
        return g_strdup_printf("command\tnot a program ('%s'; %s)", name,
                               g_file_test(name, G_FILE_TEST_IS_DIR) ? "a directory"
                                                                     : "chmod +x makes it one");
    g_autofree char *install = program_install(name, state.voice->package);
    return g_strdup_printf("command\tno such program ('%s'; %s, or name its path)", name,
                           install ? install : "install it");
}

static char *use(const struct program_parameters *voice)
{
    g_autofree char *problem = program_words(voice->command, &state.words);
    if (problem) return g_strconcat("command\t", problem, NULL);
    state.voice = voice;
    state.text_in_words = is_in(state.words, "{text}");
    state.file_in_words = is_in(state.words, "{out}");
    state.place = find_place(voice);
    if (!state.place) return g_strdup("command\tthere is no directory for its sound (can /tmp be written?)");
    name_file();
    return no_program(state.words[0]);
}

/* One pass: a text that holds "{out}" stays as it is. A text that begins with '-' must not become an option.
 */
static char *fill(const char *word, const char *text)
{
    g_autofree char *said = g_strconcat(*text == '-' ? " " : "", text, NULL);
    const struct {
        const char *name, *value;
    } fields[] = {{"{text}", said}, {"{out}", state.file}, {"{voice}", state.voice->voice}};
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

/* The program itself stays as it is: no text names one. */
static char **fill_all(const char *text)
{
    GStrv words = g_new0(char *, g_strv_length(state.words) + 1);
    words[0] = g_strdup(state.words[0]);
    for (guint i = 1; state.words[i]; i++) words[i] = fill(state.words[i], text);
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
    if (!process_start(&process, words, why)) return OUTCOME_FAILED;
    enum wait_result result =
        process_talk(&process, line, state.text_in_words ? 0 : strlen(line), true, NULL, NULL, deadline);
    enum outcome outcome = take_result(&process, result, deadline, sound, why);
    process_end(&process);
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
    name_file();
    enum outcome outcome = (state.voice->stays ? say_to_it : say_once)(text, deadline, sound, why);
    unlink(state.file);
    return outcome;
}

const struct engine engine_command = {"command", use, files, say};
