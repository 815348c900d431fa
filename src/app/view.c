#include "view.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include <stdio.h>

static void on_key(void *data, char key)
{
    struct view *view = data;
    struct command command = {.id = command_by_key(key)};
    if (command.id != COMMAND_NONE) view->command(view->data, command);
}

static bool is_dumb(void)
{
    return g_strcmp0(g_getenv("TERM"), "dumb") == 0;
}

void view_begin(struct view *view)
{
    const struct options *options = view->options;
    struct terminal_use use = {
        .keys = true, .draw = !options->plain && !options->quiet && !is_dumb(), .key = on_key, .data = view};
    terminal_begin(&use);
    view->draw = use.draw;
    view->color = options_color(options, 1);
}

void view_end(struct view *view)
{
    terminal_end();
    g_clear_pointer(&view->shown, g_free);
}

/* Nothing is written that is there already: an idle session costs nothing. */
static void show(struct view *view, char *text)
{
    if (g_strcmp0(text, view->shown) == 0) {
        g_free(text);
        return;
    }
    g_free(view->shown);
    view->shown = text;
    if (view->draw) {
        terminal_draw(text);
    } else {
        puts(text);
        fflush(stdout);
    }
}

void view_show(struct view *view, const struct status *status, const char *device)
{
    if (view->options->quiet) return;
    struct screen_look look = {.color = view->color, .device = device};
    terminal_size(&look.columns, &look.rows);
    show(view, view->draw ? screen_draw(status, &look) : screen_line(status));
}

void view_note(struct view *view, const char *text)
{
    if (view->draw) {
        terminal_fresh();
        g_clear_pointer(&view->shown, g_free);
    }
    if (text) fprintf(stderr, "stretchvoice: %s\n", text);
}
