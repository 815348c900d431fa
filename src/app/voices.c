#include "print.h"
#include "subcommands.h"
#include "base/name.h"
#include "config/voice.h"
#include "file/paths.h"
#include "report/json.h"

/* One profile; `voice` is NULL where its file has problems. */
struct row {
    char *name;
    const char *path;
    struct voice *voice;
    char *speaker; /* as the engine names it: the voice, perhaps a variant */
};

static char *speaker_of(const struct voice *voice)
{
    return g_strconcat(voice->voice, *voice->variant ? "+" : "", voice->variant, NULL);
}

/* False, after a complaint, if the file cannot be read at all. */
static bool row_init(struct row *row, const char *path)
{
    AUTO(diags) problems = diags_new();
    *row = (struct row){.path = path, .name = name_of(path)};
    row->voice = voice_salvage(row->name, path, false, problems);
    bool there = row->voice != NULL;
    if (diags_errors(problems) > 0) g_clear_pointer(&row->voice, voice_free);
    if (row->voice) row->speaker = speaker_of(row->voice);
    if (!there) diags_print(problems, stderr);
    return there;
}

static void row_finish(struct row *row)
{
    voice_free(row->voice);
    g_free(row->name);
    g_free(row->speaker);
}

static void print_json(const struct row *row)
{
    g_autoptr(GString) json = g_string_new(NULL);
    json_text(json, "name", row->name);
    json_text(json, "language", row->voice ? row->voice->language : NULL);
    json_text(json, "engine", row->voice ? row->voice->engine : NULL);
    json_text(json, "voice", row->speaker);
    json_text(json, "file", row->path);
    json_print(json, stdout);
}

static void print_row(const struct row *row)
{
    g_autofree char *name = diag_shown(row->name, 80);
    g_autofree char *path = diag_shown(row->path, 4096);
    if (row->voice)
        printf("%-12s  %-8s  %-8s  %-20s  %s\n", name, row->voice->language, row->voice->engine, row->speaker,
               path);
    else
        printf("%-12s  has problems; 'stretchvoice check' tells which  %s\n", name, path);
}

int subcommand_voices(const struct options *options)
{
    g_autoptr(GPtrArray) paths = paths_list("voices");
    for (guint i = 0; i < paths->len; i++) {
        struct row row;
        if (row_init(&row, g_ptr_array_index(paths, i))) (options->json ? print_json : print_row)(&row);
        row_finish(&row);
    }
    return print_end();
}
