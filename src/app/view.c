#include "view.h"
#include "base/diag.h"
#include "ui/outlet.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_MS = 4000, /* that an answer stays on the screen, */
    NOTE_MS = 10000,  /* and a note */
    TICK_S = 20,      /* between two looks at the clock, while nothing else happens */
};

/* ---- drawing ---- */

static int seconds_since_midnight(void)
{
    time_t now = time(NULL);
    struct tm local;
    return localtime_r(&now, &local) ? local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec : -1;
}

static void redraw(void *data)
{
    const struct view *view = data;
    if (!view->known || !view->draw) return;
    struct screen_look look = {.color = view->color,
                               .ascii = view->ascii,
                               .keys = view->keys,
                               .help = view->help,
                               .leaves = view->leave != NULL,
                               .clock = seconds_since_midnight(),
                               .message = view->message,
                               .note = view->note,
                               .voice = view->voice};
    terminal_size(&look.columns, &look.rows);
    g_auto(GStrv) rows = screen_draw(&view->status, &view->scene, &view->trail, &look);
    terminal_draw((const char *const *)rows);
}

static gboolean tick(gpointer data)
{
    redraw(data);
    return G_SOURCE_CONTINUE;
}

static gboolean fade(gpointer data)
{
    struct view *view = data;
    view->fading = 0;
    g_clear_pointer(&view->message, g_free);
    redraw(view);
    return G_SOURCE_REMOVE;
}

static void show_message(struct view *view, const char *words, bool note)
{
    guint ms = note ? NOTE_MS : ANSWER_MS;
    g_clear_handle_id(&view->fading, g_source_remove);
    g_free(view->message);
    view->message = g_strdup(words);
    view->note = note;
    view->fading = g_timeout_add(ms, fade, view);
    redraw(view);
}

/* ---- lines ---- */

/* `lines` is taken, and may be NULL. */
static void print_lines(const struct view *view, char *lines)
{
    bool shown = lines && !view->draw && !view->options->quiet;
    g_autofree char *ascii = shown && view->ascii ? g_str_to_ascii(lines, NULL) : NULL;
    bool gone = shown && !terminal_line(ascii ? ascii : lines);
    g_free(lines);
    if (gone && view->leave) view->leave(view->data);
}

/* ---- keys ---- */

void view_give(const struct view *view, enum command_id id)
{
    if (view->live)
        live_command(view->live, (struct command){.id = id});
    else
        client_send(view->client, (const char *const[]){command_row(id)->name, NULL});
}

/* Where nothing is drawn they are said, and the answer is a line. */
static void show_keys(struct view *view)
{
    view->help = view->draw;
    redraw(view);
    if (!view->draw) view_give(view, COMMAND_SAY_KEYS);
}

/* Enter chooses in a menu, as it does everywhere. */
static enum command_id command_of(const struct view *view, char key)
{
    bool menu = view->known && routine_is_menu(view->status.routine);
    return menu && key == '\n' ? COMMAND_TOGGLE : command_by_key(key);
}

static void on_key(void *data, char key)
{
    struct view *view = data;
    enum command_id id = command_of(view, key);
    if (view->help) {
        view->help = false;
        redraw(view);
    } else if (key == '?') {
        show_keys(view);
    } else if (id == COMMAND_STOP && view->leave) {
        view->leave(view->data);
    } else if (id != COMMAND_NONE) {
        view_give(view, id);
    }
}

/* ---- from beginning to end ---- */

void view_begin(struct view *view)
{
    const struct options *options = view->options;
    struct terminal_use use = {.keys = true,
                               .draw = !options->plain && !options->quiet && terminal_is_capable(),
                               .key = on_key,
                               .redraw = redraw,
                               .data = view};
    terminal_begin(&use);
    view->begun = true;
    view->keys = use.keys;
    view->draw = use.draw;
    view->color = options_color(options, STDOUT_FILENO);
    view->ascii = !terminal_is_utf8();
    view->plain.words = options->words;
    view->plain.voice = view->voice;
    if (view->draw) view->ticking = g_timeout_add_seconds(TICK_S, tick, view);
}

void view_end(struct view *view, enum view_end how)
{
    g_autofree char *last = NULL;
    g_clear_handle_id(&view->fading, g_source_remove);
    g_clear_handle_id(&view->ticking, g_source_remove);
    view->status.state = STATUS_OVER;
    if (view->known && !view->draw)
        print_lines(view, plain_status(&view->plain, &view->status, &view->scene));
    if (view->known && !view->options->quiet && how != VIEW_LEFT)
        last = screen_last(&view->status, &view->trail, view->voice, how == VIEW_INTERRUPTED, view->ascii);
    terminal_end(last);
    view->begun = view->known = false;
    scene_finish(&view->scene);
    trail_finish(&view->trail);
    plain_finish(&view->plain);
    g_clear_pointer(&view->message, g_free);
}

/* ---- what the session says ---- */

void view_show(struct view *view, const struct status *status, struct scene *scene)
{
    if (!scene->text) scene->text = g_strdup(status->text);
    scene_finish(&view->scene);
    view->scene = *scene;
    view->status = *status;
    view->status.text = view->scene.text;
    view->known = true;
    trail_note(&view->trail, status);
    if (view->draw)
        redraw(view);
    else
        print_lines(view, plain_status(&view->plain, status, scene));
}

/* "stretchvoice: " is for those who read it among other things. */
static void show_note(struct view *view, const char *line)
{
    static const char name[] = "stretchvoice: ";
    show_message(view, g_str_has_prefix(line, name) ? line + strlen(name) : line, true);
}

/* Standard error may be a pipe whose reader sleeps, also before the terminal has been taken. */
void view_note(void *data, const char *line)
{
    struct view *view = data;
    if (view->begun) {
        terminal_note(line);
        show_note(view, line);
    } else {
        AUTO(outlet) outlet = outlet_new(STDERR_FILENO, NULL, NULL);
        outlet_line(outlet, line);
    }
}

void view_news(void *data, const char *line)
{
    struct view *view = data;
    if (view->begun && view->draw && isatty(STDERR_FILENO))
        show_note(view, line);
    else
        view_note(view, line);
}

void view_left_at(struct view *view, const char *title)
{
    if (!title || !view->keys || view->options->quiet) return;
    g_autofree char *shown = diag_shown(title, 60);
    g_autofree char *line =
        g_strdup_printf("stretchvoice: last time you stopped at %s; --resume goes on there", shown);
    view_news(view, line);
}

void view_answer(struct view *view, const char *words)
{
    if (!view->begun) return;
    show_message(view, words, false);
    if (!view->draw) print_lines(view, plain_answer(&view->plain, words));
}

static void on_status(void *data, const struct status *status)
{
    struct view *view = data;
    if (!view->begun || !live_has_started(view->live)) return;
    struct scene scene;
    live_scene(view->live, status, &scene);
    view_show(view, status, &scene);
}

static void on_answer(void *data, guint number, const char *words)
{
    (void)number;
    view_answer(data, words);
}

void view_sentence(void *data, const char *sentence)
{
    const struct view *view = data;
    if (view->begun) print_lines(view, plain_sentence(&view->plain, sentence));
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
    live_listen(live, &(struct listener){.status = on_status,
                                         .note = view_note,
                                         .news = view_news,
                                         .sentence = view_sentence,
                                         .answer = on_answer,
                                         .over = on_over,
                                         .data = view});
}
