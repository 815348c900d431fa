#include "ui/screen.h"
#include "base/diag.h"
#include "player/command.h"
#include <string.h>

static const struct step *step_of(const struct status *status)
{
    return status->place.step >= 0 ? &status->routine->steps[status->place.step] : NULL;
}

static const struct move *move_of(const struct status *status)
{
    const struct step *step = step_of(status);
    return step && status->place.move >= 0 ? &step->moves[status->place.move] : NULL;
}

/* ", right side, repetition 2 of 4, set 1 of 2, cow": what counts most first, since a narrow terminal cuts
 * the rest. */
static char *details(const struct status *status)
{
    GString *text = g_string_new(NULL);
    const struct move *move = move_of(status);
    const char *side = side_name(status->place.side);
    if (side) g_string_append_printf(text, ", %s side", side);
    if (status->reps > 1 && status->place.rep > 0)
        g_string_append_printf(text, ", repetition %d of %d", status->place.rep, status->reps);
    if (status->sets > 1 && status->place.set > 0)
        g_string_append_printf(text, ", set %d of %d", status->place.set, status->sets);
    if (move) g_string_append_printf(text, ", %s", move->name);
    return g_string_free(text, FALSE);
}

/* The title of the step behind this one; NULL behind the last. */
static char *next_title(const struct status *status)
{
    int next = status->place.step + 1;
    bool there_is = status->place.step != PLACE_CLOSING && next < status->routine->n_steps;
    return there_is ? diag_shown(status->routine->steps[next].title, 100) : NULL;
}

static char *where(const struct status *status)
{
    const struct step *step = step_of(status);
    if (!step) return g_strdup(status->place.step == PLACE_CLOSING ? "Closing" : "Beginning");
    g_autofree char *title = diag_shown(step->title, 100);
    return g_strdup_printf("Step %d of %d: %s", status->place.step + 1, status->routine->n_steps, title);
}

static char *in_ascii(char *text)
{
    char *ascii = g_str_to_ascii(text, NULL);
    g_free(text);
    return ascii;
}

char *screen_line(const struct status *status, bool ascii)
{
    g_autofree char *place = where(status), *detail = details(status);
    GString *line = g_string_new(NULL);
    switch (status->state) {
    case STATUS_PAUSED: g_string_append(line, "Paused. "); break;
    case STATUS_WAITING: g_string_append(line, "Waiting until you go on. "); break;
    case STATUS_LOST: g_string_append(line, "Sound lost, waiting for it. "); break;
    case STATUS_OVER: return g_string_free(g_string_append(line, "Over."), FALSE);
    default: break;
    }
    if (status->place.step == PLACE_HEAD) {
        g_autofree char *title = diag_shown(status->routine->title, 100);
        g_string_append_printf(line, "%s: ", title);
    }
    g_string_append_printf(line, "%s%s", place, detail);
    int hold = (int)(status->hold + 0.5);
    if (hold > 0) g_string_append_printf(line, ", hold of %d second%s", hold, hold == 1 ? "" : "s");
    if (status->unsaid) {
        g_autofree char *text = diag_shown(status->text, 300);
        g_string_append_printf(line, ". Not spoken: %s", text);
    }
    g_autofree char *next = next_title(status);
    if (next && status->place.set == 0) g_string_append_printf(line, ". Next: %s", next);
    char *text = g_string_free(line, FALSE);
    return ascii ? in_ascii(text) : text;
}

/* ---- drawing ---- */

static const char *emphasis(const struct screen_look *look, bool on)
{
    return !look->color ? "" : on ? "\033[1m" : "\033[0m";
}

static int cells_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* As much of a line as has room in so many cells. */
static char *cut_to(const char *line, int cells)
{
    const char *end = line;
    while (*end && (cells -= cells_of(g_utf8_get_char(end))) >= 0) end = g_utf8_next_char(end);
    return g_strndup(line, (gsize)(end - line));
}

/* Cut to the terminal's width, so that what is drawn over it next is as many lines as this. */
static void append_line(GString *text, const struct screen_look *look, bool strong, const char *line)
{
    g_autofree char *cut = cut_to(line, MAX(1, look->columns - 1));
    g_string_append_printf(text, "%s%s%s\n", strong ? emphasis(look, true) : "", cut,
                           strong ? emphasis(look, false) : "");
}

static void append_bar(GString *text, const struct screen_look *look, const char *name, double part,
                       const char *left)
{
    int width = CLAMP(look->columns - 32, 8, 40), full = (int)(CLAMP(part, 0, 1) * width + 0.5);
    GString *line = g_string_new(NULL);
    g_string_append_printf(line, "%-8s ", name);
    for (int i = 0; i < width; i++)
        g_string_append(line, i < full ? (look->ascii ? "#" : "━") : look->ascii ? "." : "·");
    g_string_append_printf(line, " %s", left);
    append_line(text, look, false, line->str);
    g_string_free(line, TRUE);
}

static void append_hold(GString *text, const struct status *status, const struct screen_look *look)
{
    if (status->hold <= 0) {
        append_line(text, look, false, "");
        return;
    }
    g_autofree char *left = g_strdup_printf("%.0f s left", status->hold_left + 0.49);
    append_bar(text, look, "hold", 1 - status->hold_left / status->hold, left);
}

static void append_session(GString *text, const struct status *status, const struct screen_look *look)
{
    int left = (int)MAX(0, status->length - status->position + 0.5);
    g_autofree char *shown =
        g_strdup_printf("%s%d:%02d left", status->frames < 0 ? "~" : "", left / 60, left % 60);
    append_bar(text, look, "session", status->length > 0 ? status->position / status->length : 0, shown);
}

static void append_next(GString *text, const struct status *status, const struct screen_look *look)
{
    g_autofree char *title = next_title(status);
    g_autofree char *line = g_strdup_printf("Next: %s", title ? title : "the end");
    append_line(text, look, false, line);
}

/* All keys, from the one table of commands. */
static char *keys(void)
{
    GString *text = g_string_new(NULL);
    for (enum command_id id = 1; id < N_COMMANDS; id++) {
        char key = command_row(id)->key;
        if (!key) continue;
        if (text->len > 0) g_string_append_c(text, ' ');
        if (key == ' ')
            g_string_append(text, "space");
        else
            g_string_append_c(text, key);
    }
    return g_string_free(text, FALSE);
}

static void append_state(GString *text, const struct status *status, const struct screen_look *look)
{
    static const char *const words[] = {
        [STATUS_PLAYING] = "",
        [STATUS_PAUSED] = "paused: space goes on",
        [STATUS_WAITING] = "waiting: space goes on",
        [STATUS_LOST] = "sound lost, waiting for it",
        [STATUS_OVER] = "over",
    };
    g_autofree char *known = keys();
    g_autofree char *device = look->device ? diag_shown(look->device, 40) : g_strdup("");
    g_autofree char *line =
        g_strdup_printf("%s%s%s  [%g dB]  %s", words[status->state],
                        *words[status->state] && *device ? "  " : "", device, status->volume, known);
    append_line(text, look, false, line);
}

/* What is left out first where there are too few rows: what is empty, and then in this order. */
enum { ROW_TITLE, ROW_PLACE, ROW_DETAILS, ROW_HOLD, ROW_SESSION, ROW_SAID, ROW_NEXT, ROW_STATE, N_ROWS };

static const int dispensable[] = {ROW_NEXT, ROW_SAID, ROW_STATE, ROW_TITLE, ROW_DETAILS, ROW_SESSION};

static char *fit_rows(char *text, int rows)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", N_ROWS + 1);
    bool kept[N_ROWS];
    int left = N_ROWS;
    for (int i = 0; i < N_ROWS; i++) {
        kept[i] = *lines[i] || rows > N_ROWS;
        left -= !kept[i];
    }
    for (gsize i = 0; i < G_N_ELEMENTS(dispensable) && left >= rows; i++) {
        left -= kept[dispensable[i]];
        kept[dispensable[i]] = false;
    }
    GString *fitting = g_string_new(NULL);
    for (int i = 0; i < N_ROWS; i++)
        if (kept[i]) g_string_append_printf(fitting, "%s\n", lines[i]);
    g_free(text);
    return g_string_free(fitting, FALSE);
}

char *screen_draw(const struct status *status, const struct screen_look *look)
{
    GString *text = g_string_new(NULL);
    g_autofree char *title = diag_shown(status->routine->title, 100), *place = where(status),
                    *detail = details(status);
    g_autofree char *said = status->text ? diag_shown(status->text, 400) : g_strdup("");
    append_line(text, look, true, title);
    append_line(text, look, true, place);
    append_line(text, look, false, *detail ? detail + 2 : "");
    append_hold(text, status, look);
    append_session(text, status, look);
    append_line(text, look, false, said);
    append_next(text, status, look);
    append_state(text, status, look);
    char *lines = fit_rows(g_string_free(text, FALSE), look->rows);
    return look->ascii ? in_ascii(lines) : lines;
}
