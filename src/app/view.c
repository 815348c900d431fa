#include "view.h"
#include "base/diag.h"
#include "ui/outlet.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include <unistd.h>

static void on_key(void *data, char key)
{
    struct view *view = data;
    struct command command = {.id = command_by_key(key)};
    if (command.id == COMMAND_NONE) return;
    if (command.id == COMMAND_STOP && view->leave)
        view->leave(view->data);
    else if (view->live)
        live_command(view->live, command);
    else
        client_send(view->client, (const char *const[]){command_row(command.id)->name, NULL});
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

void view_show(struct view *view, const struct status *status, const char *device)
{
    if (view->options->quiet) return;
    struct screen_look look = {.color = view->color, .ascii = view->ascii, .device = device};
    terminal_size(&look.columns, &look.rows);
    g_autofree char *text = view->draw ? screen_draw(status, &look) : screen_line(status, view->ascii);
    if (g_strcmp0(text, view->shown) == 0) return;
    (view->draw ? terminal_draw : terminal_line)(text);
    g_free(view->shown);
    view->shown = g_steal_pointer(&text);
}

/* Standard error may be a pipe whose reader sleeps, also before the terminal has been taken. */
void view_note(void *data, const char *line)
{
    struct view *view = data;
    if (view->begun) {
        terminal_note(line);
        if (view->draw) g_clear_pointer(&view->shown, g_free);
    } else {
        AUTO(outlet) outlet = outlet_new(STDERR_FILENO, NULL, NULL);
        outlet_line(outlet, line);
    }
}

void view_answer(const struct view *view, const char *words)
{
    g_autofree char *line = diag_shown(words, TEXT_LIMIT);
    if (view->begun && !view->draw && !view->options->quiet) terminal_line(line);
}

static void on_status(void *data, const struct status *status)
{
    struct view *view = data;
    if (view->begun && live_has_started(view->live)) view_show(view, status, live_device(view->live));
}

static void on_answer(void *data, guint number, const char *words)
{
    (void)number;
    view_answer(data, words);
}

static void on_over(void *data, const GError *error)
{
    struct view *view = data;
    struct status status;
    (void)error;
    live_status(view->live, &status);
    on_status(view, &status);
}

void view_watch(struct view *view, struct live *live)
{
    view->live = live;
    live_listen(
        live,
        &(struct listener){
            .status = on_status, .note = view_note, .answer = on_answer, .over = on_over, .data = view});
}
