#include "view.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include <stdio.h>
#include <unistd.h>

static void on_key(void *data, char key)
{
    struct view *view = data;
    struct command command = {.id = command_by_key(key)};
    if (command.id != COMMAND_NONE) view->command(view->data, command);
}

void view_begin(struct view *view)
{
    const struct options *options = view->options;
    struct terminal_use use = {.keys = true,
                               .draw = !options->plain && !options->quiet && terminal_is_capable(),
                               .key = on_key,
                               .data = view};
    terminal_begin(&use);
    view->begun = true;
    view->keys = use.keys;
    view->draw = use.draw;
    view->color = options_color(options, STDOUT_FILENO);
    view->ascii = !terminal_is_utf8();
}

void view_end(struct view *view)
{
    terminal_end();
    view->begun = false;
    g_clear_pointer(&view->shown, g_free);
}

/* Nothing is written that is there already: an idle session costs nothing. */
void view_show(struct view *view, const struct status *status, const char *device)
{
    if (view->options->quiet) return;
    struct screen_look look = {.color = view->color, .ascii = view->ascii, .device = device};
    terminal_size(&look.columns, &look.rows);
    g_autofree char *text = view->draw ? screen_draw(status, &look) : screen_line(status);
    if (g_strcmp0(text, view->shown) == 0) return;
    (view->draw ? terminal_draw : terminal_line)(text);
    g_free(view->shown);
    view->shown = g_steal_pointer(&text);
}

void view_note(struct view *view, const char *line)
{
    if (!view->begun) {
        fprintf(stderr, "%s\n", line);
        return;
    }
    terminal_note(line);
    if (view->draw) g_clear_pointer(&view->shown, g_free);
}
