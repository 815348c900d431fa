#include "print.h"
#include "subcommands.h"
#include "base/diag.h"
#include "file/paths.h"
#include "report/json.h"
#include "sound/output.h"

static void print_json(const GPtrArray *names, int fallback)
{
    g_autoptr(GString) json = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++) {
        json_text(json, "name", g_ptr_array_index(names, i));
        json_bool(json, "default", (int)i == fallback);
        json_print(json, stdout);
    }
}

static void print_table(const GPtrArray *names, int fallback)
{
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *name = diag_shown(g_ptr_array_index(names, i), 500);
        printf("%-7s  %s\n", (int)i == fallback ? "default" : "", name);
    }
}

int subcommand_devices(const struct options *options)
{
    int fallback;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = output_list(program, &fallback, &error);
    if (!names) {
        fprintf(stderr, "stretchvoice: the audio outputs cannot be listed: %s\n", error->message);
        return EXIT_FAILED;
    }
    (options->json ? print_json : print_table)(names, fallback);
    return print_end();
}
