#include "ui/screen.h"
#include "cells.h"
#include "figures.h"
#include "base/diag.h"
#include "player/command.h"
#include <math.h>
#include <string.h>

enum {
    FIGURE_ROWS = 14, /* of a terminal, from which on there are figures, */
    FIGURE_COLUMNS = 60,
    TALL_ROWS = 18,     /* of five rows instead of three */
    LIST_COLUMNS = 100, /* from which on the steps are listed */
    LABEL = 13,         /* cells before a bar */
    SHORTEST_BAR = 8,
    SENTENCE_LINES = 3,
};

/* What is left out where there are too few rows: the highest first. */
enum rank {
    RANK_STEP,
    RANK_STATE,
    RANK_KEYS,
    RANK_SENTENCE,
    RANK_DETAILS = RANK_SENTENCE + SENTENCE_LINES,
    RANK_SESSION,
    RANK_NEXT,
    RANK_FIGURE,
    RANK_LEVEL,
    RANK_TITLE,
    RANK_SPACE, /* empty */
};

enum style { STYLE_NONE, STYLE_STRONG, STYLE_FAINT, STYLE_STATE };

/* The left part of a screen in the making. */
struct sketch {
    const struct status *status;
    const struct scene *scene;
    const struct trail *trail;
    const struct screen_look *look;
    int columns;    /* of this part */
    GPtrArray *row; /* char * */
    GArray *rank;   /* enum rank of each */
    guint bottom;   /* rows from this one on stand at the bottom */
};

/* ---- texts ---- */

/* Without what could draw, and in ASCII if need be. To be freed. */
static char *shown(const struct screen_look *look, const char *text)
{
    char *clean = diag_shown(text, TEXT_LIMIT);
    if (!look->ascii) return clean;
    char *ascii = g_str_to_ascii(clean, NULL);
    g_free(clean);
    return ascii;
}

static const char *color_of(const struct status *status)
{
    bool plays = status->state == STATUS_PLAYING && !status->stands;
    if (status->state == STATUS_LOST) return "31";
    if (status->state == STATUS_PAUSED) return "33";
    return plays && status->span == SPAN_HOLD ? "32" : "36";
}

/* `text` is taken. */
static char *styled(const struct sketch *s, enum style style, char *text)
{
    const char *sgr[] = {"", "1", "2", color_of(s->status)};
    if (!s->look->color || style == STYLE_NONE || !*text) return text;
    char *all = g_strdup_printf("\033[%sm%s\033[0m", sgr[style], text);
    g_free(text);
    return all;
}

/* `text` is taken, and cut to the part's width. */
static void add_row(struct sketch *s, enum rank rank, enum style style, char *text)
{
    char *cut = cells_cut(text, s->columns, s->look->ascii);
    g_free(text);
    g_ptr_array_add(s->row, styled(s, style, cut));
    g_array_append_val(s->rank, rank);
}

static void add_space(struct sketch *s)
{
    add_row(s, RANK_SPACE, STYLE_NONE, g_strdup(""));
}

/* "1:05", "1:02:03" */
static char *clock_text(double seconds)
{
    int s = (int)MAX(0, seconds + 0.5);
    if (s < 3600) return g_strdup_printf("%d:%02d", s / 60, s % 60);
    return g_strdup_printf("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

static char *minutes_text(int seconds)
{
    return g_strdup_printf("%d min", MAX(1, (seconds + 30) / 60));
}

/* ---- where ---- */

static const struct step *step_at(const struct status *status, int step)
{
    return step >= 0 && step < status->routine->n_steps ? &status->routine->steps[step] : NULL;
}

static void add_place(struct sketch *s)
{
    const struct status *status = s->status;
    int at = status->place.step;
    const struct step *step = step_at(status, at);
    g_autofree char *title = shown(s->look, step ? step->title : "");
    add_row(s, RANK_TITLE, STYLE_NONE, shown(s->look, status->routine->title));
    if (step)
        add_row(s, RANK_STEP, STYLE_STRONG,
                g_strdup_printf("Step %d of %d: %s", at + 1, status->routine->n_steps, title));
    else
        add_row(s, RANK_STEP, STYLE_STRONG, g_strdup(at == PLACE_HEAD ? "Introduction" : "Closing words"));
}

static void add_details(struct sketch *s)
{
    const char *details = s->scene->details, *count = s->scene->count;
    g_autofree char *both = g_strjoin(details && count ? ", " : "", details ? details : "", count, NULL);
    add_row(s, *both ? RANK_DETAILS : RANK_SPACE, STYLE_NONE, shown(s->look, both));
}

/* ---- the state, its figure and its bar ---- */

/* The time, the breaths or the times that are left, NULL where nothing is counted; to be freed. */
static char *count_left(const struct status *status)
{
    if (status->span == SPAN_GAP || status->span == SPAN_READY || status->span_seconds <= 0) return NULL;
    if (status->units > 0) return g_strdup_printf("%d", status->units_left);
    double left = ceil(status->span_left - 0.01);
    return left < 100 ? g_strdup_printf("%.0f", left) : clock_text(left);
}

static const char *unit_of(const struct status *status)
{
    bool one = status->units_left == 1;
    if (status_in_times(status)) return one ? "time" : "times";
    if (status->units > 0) return one ? "breath" : "breaths";
    return status->span_left > 99 ? "" : "s";
}

/* Beside the figure. */
static const char *caption_of(const struct status *status)
{
    switch (status->span) {
    case SPAN_HOLD:
        if (status_in_times(status)) return status->units_left == 1 ? "time left" : "times left";
        if (status->units > 0) return status->units_left == 1 ? "breath left" : "breaths left";
        return status->span_left > 99 ? "left" : "seconds left";
    case SPAN_PREPARE: return "to get ready";
    case SPAN_CHANGE: return "to change sides";
    default: return "to rest";
    }
}

static const char *hold_label(const struct sketch *s)
{
    static const char *const breath[] = {
        [CUE_IN] = "Breathe in", [CUE_KEEP] = "Keep", [CUE_OUT] = "Breathe out"};
    static const char *const time[] = {[CUE_IN] = "Back", [CUE_KEEP] = "Stay", [CUE_OUT] = "Out"};
    enum cue_type phase = s->status->phase;
    if (s->status->units == 0 || phase < CUE_IN || phase > CUE_OUT) return "Hold";
    return status_in_times(s->status) ? time[phase] : breath[phase];
}

static const char *label_of(const struct sketch *s)
{
    static const char *const labels[N_CUE_TYPES] = {[SPAN_PREPARE] = "Get ready",
                                                    [SPAN_CHANGE] = "Change sides",
                                                    [SPAN_REST] = "Rest",
                                                    [SPAN_READY] = "When ready"};
    enum cue_type span = s->status->span;
    if (s->status->stands) return "Listen";
    if (span == SPAN_HOLD) return hold_label(s);
    return labels[span] ? labels[span] : "Listen";
}

/* In the place of the label and the bar; NULL while it plays. */
static const char *standing(const struct sketch *s)
{
    bool keys = s->look->keys;
    switch (s->status->state) {
    case STATUS_PAUSED: return keys ? "PAUSED  space goes on" : "PAUSED";
    case STATUS_WAITING: return keys ? "WAITING  space goes on" : "WAITING until you go on";
    case STATUS_LOST: return "SOUND LOST  waiting for it";
    default: return NULL;
    }
}

static bool has_figure(const struct sketch *s)
{
    return s->look->rows >= FIGURE_ROWS && s->look->columns >= FIGURE_COLUMNS;
}

/* Empty rows where nothing is counted, so that nothing below them moves. */
static void add_figure(struct sketch *s)
{
    if (!has_figure(s)) return;
    int rows = s->look->rows >= TALL_ROWS ? 5 : 3;
    g_autofree char *number = count_left(s->status);
    g_auto(GStrv) lines = number ? figures_draw(number, rows, s->look->ascii) : NULL;
    for (int i = 0; i < rows; i++) {
        const char *caption = i == rows - 1 && lines ? caption_of(s->status) : "";
        char *line = lines ? g_strdup_printf("  %s   %s", lines[i], caption) : g_strdup("");
        add_row(s, RANK_FIGURE, STYLE_STATE, g_strchomp(line));
    }
}

static void append_bar(GString *line, const struct screen_look *look, double part, int cells)
{
    int full = (int)(CLAMP(part, 0, 1) * cells + 0.5);
    for (int i = 0; i < cells; i++)
        g_string_append(line, i < full ? (look->ascii ? "#" : "━") : look->ascii ? "." : "·");
}

/* A bar as wide as there is room, between a label and a text. Where there is little, the label goes first,
 * then the text behind a comma, then the bar. */
static char *bar_line(const struct sketch *s, const char *label, double part, const char *text)
{
    GString *line = g_string_new(NULL);
    g_autofree char *padded = *label ? g_strdup_printf("%-*s", LABEL, label) : g_strdup("");
    int text_cells = cells_of(text) + (*text ? 1 : 0);
    int room = s->columns - cells_of(padded) - text_cells;
    g_string_append(line, padded);
    if (room >= SHORTEST_BAR) append_bar(line, s->look, part, room);
    g_string_append_printf(line, "%s%s", *text && room >= SHORTEST_BAR ? " " : "", text);
    return g_string_free(line, FALSE);
}

static void add_state(struct sketch *s)
{
    const struct status *status = s->status;
    const char *words = standing(s);
    g_autofree char *number = count_left(status);
    g_autofree char *left =
        number && !has_figure(s) ? g_strdup_printf("%s %s", number, unit_of(status)) : g_strdup("");
    double part = status->span_seconds > 0 ? 1 - status->span_left / status->span_seconds : 0;
    char *line;
    if (words)
        line = g_strdup_printf("%s%s%s", words, *left ? "  " : "", left);
    else if (number && !status->stands)
        line = bar_line(s, label_of(s), part, g_strchomp(left));
    else
        line = g_strdup(label_of(s));
    add_row(s, RANK_STATE, STYLE_STATE, line);
}

/* ---- words ---- */

/* The cue through the whole hold; else what is said, or was said last. */
static void add_sentence(struct sketch *s)
{
    const struct trail *trail = s->trail;
    bool cue = s->scene->cue && *s->scene->cue;
    bool faint = !cue && trail->over && !trail->unsaid;
    const char *text = cue ? s->scene->cue : trail->sentence ? trail->sentence : "";
    g_autofree char *said = shown(s->look, text);
    g_auto(GStrv) lines = cells_wrap(said, s->columns, SENTENCE_LINES, s->look->ascii);
    guint n = g_strv_length(lines);
    for (guint i = 0; i < SENTENCE_LINES; i++)
        add_row(s, i < n ? RANK_SENTENCE + i : RANK_SPACE, faint ? STYLE_FAINT : STYLE_NONE,
                g_strdup(i < n ? lines[i] : ""));
}

static int seconds_of(const struct scene *scene, int step)
{
    int i = step - scene->outline.first;
    return i >= 0 && i < scene->outline.n ? scene->outline.seconds[i] : 0;
}

static void add_next(struct sketch *s)
{
    int next = s->status->place.step + 1;
    bool closing = s->status->place.step == PLACE_CLOSING;
    const struct step *step = closing ? NULL : step_at(s->status, next);
    g_autofree char *title = shown(s->look, step ? step->title : closing ? "the end" : "closing words");
    int seconds = step ? seconds_of(s->scene, next) : 0;
    g_autofree char *minutes = minutes_text(seconds);
    add_row(s, RANK_NEXT, STYLE_NONE,
            g_strdup_printf("Next: %s%s%s", title, seconds > 0 ? ", " : "", seconds > 0 ? minutes : ""));
}

/* ---- the session ---- */

/* Where it is in the whole routine, also after jumps: what is left, of all. */
static void add_session(struct sketch *s)
{
    const struct status *status = s->status;
    double left = MAX(0, status->length - status->position), whole = s->scene->outline.whole;
    const char *about = status->frames < 0 ? "~" : "";
    bool wide = s->look->columns >= FIGURE_COLUMNS;
    g_autofree char *time = clock_text(left);
    int end = (int)((s->look->clock + left + 30) / 60) % (24 * 60);
    g_autofree char *ends =
        s->look->clock < 0 ? g_strdup("") : g_strdup_printf(", ends %s%d:%02d", about, end / 60, end % 60);
    g_autofree char *text = g_strdup_printf("%s%s left%s", about, time, ends);
    if (whole <= 0) whole = status->length;
    add_row(s, RANK_SESSION, STYLE_NONE,
            bar_line(s, wide ? "Session" : "", whole > 0 ? 1 - left / whole : 0, text));
}

static void add_level(struct sketch *s)
{
    const struct status *status = s->status;
    GString *line = g_string_new(NULL);
    g_string_printf(line, "Level %d", status->level);
    if (status->holds != 100) g_string_append_printf(line, "   holds %d %%", status->holds);
    g_string_append_printf(line, "   pace %d %%   volume %g dB", s->scene->speed, status->volume);
    g_autofree char *device = shown(s->look, s->scene->device ? s->scene->device : "");
    if (*device) g_string_append_printf(line, "   %s", device);
    add_row(s, RANK_LEVEL, STYLE_NONE, g_string_free(line, FALSE));
}

/* As many as fit, and always the one that leads to all. */
static char *keys_line(const struct screen_look *look, int columns)
{
    static const char *const keys[] = {"q leaves", "space pause", "n next", "p back", "w where"};
    static const char all[] = "? all keys";
    GString *line = g_string_new(NULL);
    for (gsize i = look->leaves ? 0 : 1; i < G_N_ELEMENTS(keys); i++)
        if ((int)(line->len + strlen(keys[i]) + strlen("  ") + strlen(all)) <= columns)
            g_string_append_printf(line, "%s  ", keys[i]);
    g_string_append(line, all);
    return g_string_free(line, FALSE);
}

/* A message takes the place of the keys, and a long one that of the row above them too. */
static void add_last_rows(struct sketch *s)
{
    const char *message = s->look->message;
    g_autofree char *text = shown(s->look, message ? message : "");
    g_auto(GStrv) lines = cells_wrap(text, s->columns, 2, s->look->ascii);
    guint n = g_strv_length(lines);
    if (n == 2)
        add_row(s, RANK_KEYS, STYLE_STRONG, g_strdup(lines[0]));
    else
        add_level(s);
    if (n > 0)
        add_row(s, RANK_KEYS, STYLE_STRONG, g_strdup(lines[n - 1]));
    else
        add_row(s, RANK_KEYS, STYLE_NONE, s->look->keys ? keys_line(s->look, s->columns) : g_strdup(""));
}

/* ---- the steps ---- */

/* Done, now and next, in the terminal's upper rows; those around the present one where there are more. */
static char *list_row(const struct sketch *s, int cells, int first, int row)
{
    int at = s->status->place.step, i = first + row;
    const struct step *step = step_at(s->status, i);
    if (!step) return g_strdup("");
    bool past = at == PLACE_CLOSING || i < at;
    enum trail_mark mark = past ? trail_mark(s->trail, i) : TRAIL_AHEAD;
    const char *sign = i == at ? ">" : !past ? " " : mark == TRAIL_SKIPPED ? "-" : s->look->ascii ? "x" : "✓";
    g_autofree char *clean = shown(s->look, step->title), *minutes = minutes_text(seconds_of(s->scene, i));
    g_autofree char *begin = g_strdup_printf("%s %2d  ", sign, i + 1);
    int room = cells - cells_of(begin) - 8; /* "  60 min" */
    g_autofree char *title = cells_cut(clean, room, s->look->ascii);
    char *line = g_strdup_printf("%s%s%*s%8s", begin, title, room - cells_of(title), "",
                                 seconds_of(s->scene, i) > 0 ? minutes : "");
    return styled(s, i == at ? STYLE_STRONG : past ? STYLE_FAINT : STYLE_NONE, line);
}

static int first_listed(const struct sketch *s, int rows)
{
    int n_steps = s->status->routine->n_steps, at = s->status->place.step;
    if (at == PLACE_CLOSING) at = n_steps - 1;
    return CLAMP(at - rows / 2, 0, MAX(0, n_steps - rows));
}

/* ---- all of it ---- */

/* Leaves out what ranks lowest, and what is last of that. */
static void fit(struct sketch *s)
{
    while (s->row->len > (guint)MAX(1, s->look->rows)) {
        guint worst = 0;
        for (guint i = 0; i < s->rank->len; i++)
            if (g_array_index(s->rank, enum rank, i) >= g_array_index(s->rank, enum rank, worst)) worst = i;
        g_ptr_array_remove_index(s->row, worst);
        g_array_remove_index(s->rank, worst);
        if (worst < s->bottom) s->bottom--;
    }
}

static void sketch_session(struct sketch *s)
{
    add_place(s);
    add_details(s);
    add_space(s);
    add_figure(s);
    add_state(s);
    add_space(s);
    add_sentence(s);
    add_space(s);
    add_next(s);
    s->bottom = s->row->len;
    add_session(s);
    add_last_rows(s);
}

/* As many titles as there is room for, around the one that has been said last. */
static void sketch_menu(struct sketch *s)
{
    const struct routine *routine = s->status->routine;
    int at = s->status->place.step, rows = CLAMP(s->look->rows - 4, 1, routine->n_steps);
    add_row(s, RANK_TITLE, STYLE_NONE, shown(s->look, routine->title));
    add_space(s);
    for (int i = first_listed(s, rows), end = i + rows; i < end; i++) {
        g_autofree char *title = shown(s->look, routine->steps[i].title);
        add_row(s, i == at ? RANK_STEP : RANK_LEVEL, i == at ? STYLE_STRONG : STYLE_NONE,
                g_strdup_printf("%s %s", i == at ? ">" : " ", title));
    }
    s->bottom = s->row->len;
    g_autofree char *message = shown(s->look, s->look->message ? s->look->message : "");
    const char *keys = s->look->keys ? "space begins  n next  p back  q leaves" : "";
    add_row(s, RANK_KEYS, *message ? STYLE_STRONG : STYLE_NONE, g_strdup(*message ? message : keys));
}

/* A key with what it does; in few words where there are too few rows for one each. */
static GPtrArray *key_texts(const struct screen_look *look, bool brief)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    for (enum command_id id = COMMAND_NONE + 1; id < N_COMMANDS; id++) {
        const struct command_row *row = command_row(id);
        const char *text = brief ? row->name : row->help;
        if (id == COMMAND_STOP && look->leaves) text = brief ? "leave" : "Leave; the session goes on";
        const char *key = command_key_name(id);
        if (*key) g_ptr_array_add(texts, g_strdup_printf("%-*s %s", brief ? 0 : 6, key, text));
    }
    return texts;
}

static void sketch_keys(struct sketch *s)
{
    int room = MAX(1, s->look->rows - 2);
    g_autoptr(GPtrArray) texts = key_texts(s->look, N_COMMANDS > room);
    int n = (int)texts->len, rows = MIN(n, room), across = (n + rows - 1) / rows,
        width = across > 1 ? s->columns / across : s->columns;
    add_row(s, RANK_TITLE, STYLE_STRONG, g_strdup("Keys"));
    for (int y = 0; y < rows; y++) {
        GString *line = g_string_new(NULL);
        for (int i = y; i < n; i += rows)
            g_string_append_printf(line, "%-*.*s", width, width - (across > 1), (char *)texts->pdata[i]);
        add_row(s, RANK_STATE, STYLE_NONE, g_strchomp(g_string_free(line, FALSE)));
    }
    s->bottom = s->row->len;
    add_row(s, RANK_STEP, STYLE_NONE, g_strdup("any key returns"));
}

/* The part's rows, set into those of the terminal, with the list beside them. */
static GStrv spread(const struct sketch *s, int list)
{
    g_autoptr(GStrvBuilder) rows = g_strv_builder_new();
    int n = (int)s->row->len, gap = s->look->rows - n, listed = s->look->rows - 2;
    for (int i = 0; i < s->look->rows; i++) {
        int at = i < (int)s->bottom ? i : i - gap;
        const char *row = at >= (int)s->bottom || at == i ? g_ptr_array_index(s->row, (guint)at) : "";
        g_autofree char *step =
            list > 0 && i < listed ? list_row(s, list, first_listed(s, listed), i) : g_strdup("");
        g_autofree char *both = g_strdup_printf("%s\033[%dG%s", row, s->columns + 3, step);
        g_strv_builder_add(rows, *step ? both : row);
    }
    return g_strv_builder_end(rows);
}

GStrv screen_draw(const struct status *status, const struct scene *scene, const struct trail *trail,
                  const struct screen_look *look)
{
    struct sketch s = {.status = status, .scene = scene, .trail = trail, .look = look};
    bool menu = status->routine->kind == ROUTINE_MENU;
    int list =
        look->columns >= LIST_COLUMNS && !look->help && !menu ? CLAMP(look->columns * 3 / 8, 36, 48) : 0;
    s.columns = MAX(1, look->columns - 1 - (list > 0 ? list + 2 : 0));
    s.row = g_ptr_array_new_with_free_func(g_free);
    s.rank = g_array_new(FALSE, FALSE, sizeof(enum rank));
    (look->help ? sketch_keys : menu ? sketch_menu : sketch_session)(&s);
    fit(&s);
    GStrv rows = spread(&s, list);
    g_ptr_array_unref(s.row);
    g_array_unref(s.rank);
    return rows;
}

/* ---- the last line ---- */

static char *spent(double seconds)
{
    int s = (int)(seconds + 0.5), minutes = (s + 30) / 60;
    if (s < 60) return g_strdup_printf("%d second%s", s, s == 1 ? "" : "s");
    return g_strdup_printf("%d minute%s", minutes, minutes == 1 ? "" : "s");
}

char *screen_last(const struct status *status, const struct trail *trail, bool interrupted, bool ascii)
{
    const struct screen_look look = {.ascii = ascii};
    const struct step *step = interrupted ? step_at(status, status->place.step) : NULL;
    g_autofree char *title = shown(&look, status->routine->title), *time = spent(status->position);
    g_autofree char *at = step ? shown(&look, step->title) : g_strdup("");
    int n = status->routine->n_steps;
    return g_strdup_printf("%s: %s, %d of %d step%s%s%s.", title, time, trail_done(trail), n,
                           n == 1 ? "" : "s", step ? "; --resume goes on at " : "", at);
}
