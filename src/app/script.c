/* script: what is to be recorded for a routine. */
#include "load.h"
#include "subcommands.h"
#include "base/recorded.h"
#include "plan/script.h"
#include "report/json.h"

static void print_sentence(const struct loaded *loaded, const char *directory, const char *text)
{
    char id[SENTENCE_ID + 1];
    const char *language = loaded->voice->language;
    g_autofree char *file = directory ? recorded_find(directory, language, text) : NULL;
    if (loaded->options->missing && file) return;
    sentence_id(language, text, id);
    if (!loaded->options->json) {
        printf("%s  %s\n", id, text);
        return;
    }
    g_autoptr(GString) json = g_string_new(NULL);
    json_text(json, "id", id);
    json_text(json, "text", text);
    json_text(json, "file", file);
    json_print(json, stdout);
}

static int print_script(const struct loaded *loaded)
{
    const struct script script = script_of(loaded->routine, loaded->settings, loaded->voice);
    g_autofree char *directory = voice_clips(loaded->voice);
    g_autoptr(GPtrArray) sentences = script_sentences(&script);
    for (guint i = 0; i < sentences->len; i++) print_sentence(loaded, directory, sentences->pdata[i]);
    return print_end();
}

int subcommand_script(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_session(&loaded, load_names(options, 1));
    if (code == EXIT_DONE) code = print_script(&loaded);
    load_finish(&loaded);
    return code;
}
