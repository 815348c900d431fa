/* What is only said: the list of routines, and the keys. A session without a screen, a socket or keys. */
#include "aloud.h"
#include "print.h"
#include "live/service.h"
#include "ui/outlet.h"
#include <unistd.h>

struct aloud {
    struct loaded *loaded;
    struct live *live;
    GMainLoop *loop;
    int code;
};

static void on_note(void *data, const char *line)
{
    (void)data;
    AUTO(outlet) outlet = outlet_new(STDERR_FILENO, NULL, NULL);
    outlet_line(outlet, line);
}

static void on_over(void *data, const GError *error)
{
    struct aloud *aloud = data;
    bool interrupted = g_error_matches(error, LIVE_ERROR, LIVE_ERROR_INTERRUPTED);
    aloud->code = interrupted ? EXIT_SIGNAL + aloud->loaded->interrupt.signal : (int)service_code(error);
    if (aloud->code == EXIT_FAILED || aloud->code == EXIT_NO_OUTPUT) print_error(error);
    g_main_loop_quit(aloud->loop);
}

static void on_signal(void *data)
{
    live_interrupt(((struct aloud *)data)->live);
}

int aloud_say(struct loaded *loaded, struct menu *menu)
{
    g_autoptr(GError) error = NULL;
    struct aloud aloud = {.loaded = loaded};
    menu->request.quiet = loaded->options->quiet;
    menu->request.verbose = loaded->options->verbose;
    aloud.live = live_new(&menu->request, &error);
    if (!aloud.live) return load_complain(loaded, error);
    aloud.loop = g_main_loop_new(NULL, FALSE);
    loaded->interrupt.came = on_signal;
    loaded->interrupt.data = &aloud;
    live_listen(aloud.live, &(struct listener){.note = on_note, .over = on_over, .data = &aloud});
    live_speak(aloud.live);
    live_begin(aloud.live);
    g_main_loop_run(aloud.loop);
    loaded->interrupt.came = NULL;
    live_free(aloud.live);
    g_main_loop_unref(aloud.loop);
    return aloud.code;
}

int aloud_say_keys(const struct options *options)
{
    struct loaded loaded;
    struct menu menu;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE) {
        bool made = menu_init_keys(&menu, loaded.settings, loaded.diags);
        code = made ? aloud_say(&loaded, &menu) : load_report(&loaded);
        menu_finish(&menu);
    }
    load_finish(&loaded);
    return code;
}
