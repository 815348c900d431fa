#include "app/play.h"
#include "ui/screen.h"
#include "ui/terminal.h"

static void on_key(void *data, char key)
{
    struct order order = {.command = command_by_key(key)};
    if (order.command != COMMAND_NONE) play_command(data, order);
}

void play_show_begin(struct play *play)
{
    const struct options *options = play->prepared.options;
    struct terminal_use use = {.keys = true, .draw = !options->plain && !options->quiet, .key = on_key, .data = play};
    terminal_begin(&use);
    play->draw = use.draw;
    play->color = options_color(options, 1);
}

/* Nothing is written that is there already: an idle session costs nothing. */
static void show(struct play *play, char *text)
{
    if (g_strcmp0(text, play->shown) == 0) {
        g_free(text);
        return;
    }
    g_free(play->shown);
    play->shown = text;
    if (play->draw) {
        terminal_draw(text);
    } else {
        puts(text);
        fflush(stdout);
    }
}

void play_show(struct play *play)
{
    if (play->prepared.options->quiet || !play->started) return;
    struct status status;
    session_status(play->session, ring_taken(output_ring(play->output)), &status);
    const struct screen_look look = {terminal_columns(), play->color, output_device(play->output)};
    show(play, play->draw ? screen_draw(&status, &look) : screen_line(&status));
}

void play_show_end(struct play *play)
{
    terminal_end();
    g_clear_pointer(&play->shown, g_free);
}

void play_show_fresh(void *data)
{
    struct play *play = data;
    if (!play->draw) return;
    terminal_fresh();
    g_clear_pointer(&play->shown, g_free);
}

void play_note(struct play *play, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    play_show_fresh(play);
    fprintf(stderr, "stretchvoice: %s\n", text);
}
