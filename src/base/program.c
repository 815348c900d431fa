#include "base/program.h"
#include <stdbool.h>
#include <string.h>

static const char *const MODULE_DIRECTORIES[] = {
    "/usr/lib/speech-dispatcher-modules",           "/usr/libexec/speech-dispatcher-modules",
    "/usr/lib64/speech-dispatcher-modules",         "/usr/local/lib/speech-dispatcher-modules",
    "/usr/local/libexec/speech-dispatcher-modules",
};

/* Those of Debian. */
static const char *const PACKAGES[][2] = {
    {"espeak-ng", "espeak-ng"},
    {"flite", "flite"},
    {"text2wave", "festival"},
    {"RHVoice-test", "rhvoice"},
    {"pico2wave", "libttspico-utils"},
    {"sd_espeak-ng", "speech-dispatcher-espeak-ng"},
    {"sd_festival", "speech-dispatcher-festival"},
    {"sd_flite", "speech-dispatcher-flite"},
    {"sd_pico", "speech-dispatcher-pico"},
    {"snapserver", "snapserver"},
};

/* Takes the path. */
static char *if_it_runs(char *path)
{
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
        return path;
    g_free(path);
    return NULL;
}

char *program_find(const char *name, const char *directory)
{
    if (strchr(name, '/')) return if_it_runs(g_canonicalize_filename(name, directory));
    return g_find_program_in_path(name);
}

char *program_find_module(const char *name, const char *directory)
{
    if (strchr(name, '/')) return if_it_runs(g_canonicalize_filename(name, directory));
    for (gsize i = 0; i < G_N_ELEMENTS(MODULE_DIRECTORIES); i++) {
        char *path = if_it_runs(g_build_filename(MODULE_DIRECTORIES[i], name, NULL));
        if (path) return path;
    }
    return NULL;
}

char *program_install(const char *name, const char *package)
{
    for (gsize i = 0; !*package && i < G_N_ELEMENTS(PACKAGES); i++)
        if (strcmp(PACKAGES[i][0], name) == 0) package = PACKAGES[i][1];
    return *package ? g_strdup_printf("apt install %s", package) : NULL;
}

char *program_words(const char *command, char ***words)
{
    g_autoptr(GError) error = NULL;
    if (g_shell_parse_argv(command, NULL, words, &error)) return NULL;
    bool open = g_error_matches(error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING);
    return g_strdup_printf("not a command ('%s'; %s)", command,
                           open ? "a quote is not closed" : "write a program and its arguments");
}
