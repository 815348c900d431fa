/* Draws a session as a terminal gets it:  screen ROUTINE COLUMNS ROWS CLOCK MESSAGE [FLAG...]
 *
 * Its standard input is what another process sends a screen: an object on each line, of which the last is
 * drawn. The flags are color, ascii, keys, help, leaves and note; "menu" makes the routine one; "last" and
 * "interrupted" print the line that stays, and "plain" what is printed instead of a screen. */
#include "base/diag.h"
#include "routine/parse.h"
#include "ui/plain.h"
#include "ui/screen.h"
#include <stdlib.h>
#include <string.h>

static struct status status;
static struct scene scene;
static struct trail trail;
static struct voice *voice;

static bool has(char **flags, const char *flag)
{
    return g_strv_contains((const char *const *)flags, flag);
}

static void print(char *text)
{
    if (text) puts(text);
    g_free(text);
}

/* Each status from standard input; with `plain`, its lines. */
static void take_statuses(const struct routine *routine, struct plain *plain)
{
    char *line = NULL;
    size_t size;
    while (getline(&line, &size, stdin) > 0) {
        scene_finish(&scene);
        if (!scene_read(line, routine, &status, &scene)) g_error("no status: %s", line);
        trail_note(&trail, &status);
        if (plain) print(plain_status(plain, &status, &scene));
    }
    free(line);
}

static void draw(char **argv, char **flags)
{
    const struct screen_look look = {.columns = atoi(argv[2]),
                                     .rows = atoi(argv[3]),
                                     .clock = atoi(argv[4]),
                                     .message = *argv[5] ? argv[5] : NULL,
                                     .color = has(flags, "color"),
                                     .ascii = has(flags, "ascii"),
                                     .keys = has(flags, "keys"),
                                     .help = has(flags, "help"),
                                     .leaves = has(flags, "leaves"),
                                     .note = has(flags, "note"),
                                     .voice = voice};
    g_auto(GStrv) rows = screen_draw(&status, &scene, &trail, &look);
    for (int i = 0; rows[i]; i++) printf("\033[%d;1H%s", i + 1, rows[i]);
}

/* The shipped profile of the language. */
static struct voice *voice_for(const char *language, struct diags *diags)
{
    g_autofree char *path = g_strdup_printf("voices/%s.ini", language);
    AUTO(ini) ini = ini_read(path, diags);
    return ini ? voice_from_ini(language, ini, diags) : voice_new(language, path);
}

int main(int argc, char **argv)
{
    g_assert_cmpint(argc, >=, 6);
    char **flags = argv + 6;
    AUTO(diags) diags = diags_new();
    AUTO(routine) routine = routine_read(argv[1], diags);
    diags_print(diags, stderr);
    if (!routine) return EXIT_FAILURE;
    if (has(flags, "menu")) routine->kind = ROUTINE_MENU;
    voice = voice_for(routine->language, diags);
    struct plain plain = {.voice = voice};
    take_statuses(routine, has(flags, "plain") ? &plain : NULL);
    bool interrupted = has(flags, "interrupted");
    if (interrupted || has(flags, "last"))
        print(screen_last(&status, &trail, voice, interrupted, has(flags, "ascii")));
    else if (!has(flags, "plain"))
        draw(argv, flags);
    scene_finish(&scene);
    trail_finish(&trail);
    plain_finish(&plain);
    voice_free(voice);
    return EXIT_SUCCESS;
}
