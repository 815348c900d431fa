#include "ui/screen.h"
#include "cells.h"
#include "figures.h"
#include "words.h"
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

/* The same of a text that is taken. */
static char *taken(const struct screen_look *look, char *text)
{
    char *clean = shown(look, text);
    g_free(text);
    return clean;
}

/* A phrase without fields. To be freed. */
static char *phrase(const struct sketch *s, enum phrase phrase)
{
    return shown(s->look, s->look->voice->phrases[phrase]);
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

static void remove_row(struct sketch *s, guint at)
{
    g_ptr_array_remove_index(s->row, at);
    g_array_remove_index(s->rank, at);
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
    const struct voice *voice = s->look->voice;
    add_row(s, RANK_TITLE, STYLE_NONE, shown(s->look, status->routine->title));
    if (step_at(status, at))
        add_row(s, RANK_STEP, STYLE_STRONG, taken(s->look, words_step(voice, PHRASE_SHOW_STEP, status, at)));
    else
        add_row(s, RANK_STEP, STYLE_STRONG,
                phrase(s, at == PLACE_HEAD ? PHRASE_SHOW_INTRODUCTION : PHRASE_SHOW_CLOSING));
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
    int left = (int)ceil(status->span_left - 0.01); /* a double may be -0, and print a minus */
    return left < 100 ? g_strdup_printf("%d", MAX(left, 0)) : clock_text(left);
}

static bool has_figure(const struct sketch *s)
{
    return s->look->rows >= FIGURE_ROWS && s->look->columns >= FIGURE_COLUMNS;
}

/* The same with its unit, where there is no figure. */
static char *amount_left(const struct sketch *s)
{
    const struct status *status = s->status;
    g_autofree char *number = count_left(status);
    if (!number || has_figure(s)) return g_strdup("");
    enum phrase units = status_in_times(status) ? PHRASE_DOSE_TIMES : PHRASE_DOSE_BREATHS;
    if (status->units > 0) return taken(s->look, voice_counted(s->look->voice, units, status->units_left));
    return g_strdup_printf("%s%s", number, status->span_left > 99 ? "" : " s");
}

/* A phrase that counts what stands beside it as a figure. */
static char *counted_beside(const struct sketch *s, enum phrase phrase, int n)
{
    return taken(s->look, voice_phrase(s->look->voice, phrase, n, NULL, 0));
}

/* Beside the figure. */
static char *caption_of(const struct sketch *s)
{
    const struct status *status = s->status;
    int seconds = (int)ceil(status->span_left - 0.01);
    switch (status->span) {
    case SPAN_HOLD:
        if (status_in_times(status)) return counted_beside(s, PHRASE_SHOW_TIMES_LEFT, status->units_left);
        if (status->units > 0) return counted_beside(s, PHRASE_SHOW_BREATHS_LEFT, status->units_left);
        return status->span_left > 99 ? phrase(s, PHRASE_SHOW_LEFT)
                                      : counted_beside(s, PHRASE_SHOW_SECONDS_LEFT, seconds);
    case SPAN_PREPARE: return phrase(s, PHRASE_SHOW_TO_PREPARE);
    case SPAN_CHANGE: return phrase(s, PHRASE_SHOW_TO_CHANGE);
    case SPAN_ANSWER: return phrase(s, PHRASE_SHOW_TO_ANSWER);
    default: return phrase(s, PHRASE_SHOW_TO_REST);
    }
}

static enum phrase hold_label(const struct sketch *s)
{
    static const enum phrase breath[] = {
        [CUE_IN] = PHRASE_SHOW_IN, [CUE_KEEP] = PHRASE_SHOW_KEEP, [CUE_OUT] = PHRASE_SHOW_OUT};
    static const enum phrase time[] = {
        [CUE_IN] = PHRASE_SHOW_BACK, [CUE_KEEP] = PHRASE_SHOW_STAY, [CUE_OUT] = PHRASE_SHOW_AWAY};
    enum cue_type phase = s->status->phase;
    if (s->status->units == 0 || phase < CUE_IN || phase > CUE_OUT) return PHRASE_SHOW_HOLD;
    return status_in_times(s->status) ? time[phase] : breath[phase];
}

static char *label_of(const struct sketch *s)
{
    static const enum phrase labels[N_CUE_TYPES] = {[SPAN_PREPARE] = PHRASE_SHOW_PREPARE,
                                                    [SPAN_CHANGE] = PHRASE_SHOW_CHANGE,
                                                    [SPAN_REST] = PHRASE_SHOW_REST,
                                                    [SPAN_ANSWER] = PHRASE_SHOW_ANSWER,
                                                    [SPAN_READY] = PHRASE_SHOW_READY};
    enum cue_type span = s->status->span;
    if (s->status->stands || (span != SPAN_HOLD && !labels[span])) return phrase(s, PHRASE_SHOW_LISTEN);
    return phrase(s, span == SPAN_HOLD ? hold_label(s) : labels[span]);
}

/* In the place of the label and the bar; NULL while it plays. To be freed. */
static char *standing(const struct sketch *s)
{
    static const enum phrase states[N_STATUS_STATES] = {[STATUS_PAUSED] = PHRASE_SHOW_PAUSED,
                                                        [STATUS_WAITING] = PHRASE_SHOW_WAITING,
                                                        [STATUS_LOST] = PHRASE_SHOW_LOST};
    enum phrase state = states[s->status->state];
    if (!state) return NULL;
    if (s->status->for_voice) return phrase(s, PHRASE_SHOW_VOICE);
    g_autofree char *word = phrase(s, state), *key = phrase(s, PHRASE_SHOW_GOES_ON);
    bool keys = s->look->keys && s->status->state != STATUS_LOST;
    return g_strdup_printf("%s%s%s", word, keys ? "  " : "", keys ? key : "");
}

/* Empty rows where nothing is counted, so that nothing below them moves. */
static void add_figure(struct sketch *s)
{
    if (!has_figure(s)) return;
    int rows = s->look->rows >= TALL_ROWS ? 5 : 3;
    g_autofree char *number = count_left(s->status);
    g_auto(GStrv) lines = number ? figures_draw(number, rows, s->look->ascii) : NULL;
    for (int i = 0; i < rows; i++) {
        g_autofree char *caption = i == rows - 1 && lines ? caption_of(s) : g_strdup("");
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
    int pad = MAX(LABEL - cells_of(label), 1);
    g_autofree char *padded = *label ? g_strdup_printf("%s%*s", label, pad, "") : g_strdup("");
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
    g_autofree char *words = standing(s), *left = amount_left(s), *label = label_of(s);
    g_autofree char *number = count_left(status);
    double part = status->span_seconds > 0 ? 1 - status->span_left / status->span_seconds : 0;
    char *line;
    if (words)
        line = g_strdup_printf("%s%s%s", words, *left ? "  " : "", left);
    else if (number && !status->stands)
        line = bar_line(s, label, part, left);
    else
        line = g_steal_pointer(&label);
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
    int next = step_after(s->status->routine, s->status->out, s->status->place.step);
    bool closing = s->status->place.step == PLACE_CLOSING;
    const struct step *step = closing ? NULL : step_at(s->status, next);
    const char *title =
        step ? step->title
             : s->look->voice->phrases[closing ? PHRASE_SHOW_NEXT_END : PHRASE_SHOW_NEXT_CLOSING];
    g_autofree char *words = taken(s->look, words_with(s->look->voice, PHRASE_SHOW_NEXT, "title", title));
    int seconds = step ? seconds_of(s->scene, next) : 0;
    g_autofree char *minutes = minutes_text(seconds);
    add_row(s, RANK_NEXT, STYLE_NONE,
            g_strdup_printf("%s%s%s", words, seconds > 0 ? ", " : "", seconds > 0 ? minutes : ""));
}

/* ---- the session ---- */

/* "~12:30 left, ends ~18:42" */
static char *session_text(const struct sketch *s, double left)
{
    const struct voice *voice = s->look->voice;
    const char *about = s->status->frames < 0 ? "~" : "";
    g_autofree char *time = clock_text(left), *shortly = g_strconcat(about, time, NULL);
    char *text = words_with(voice, PHRASE_SHOW_TIME_LEFT, "time", shortly);
    if (s->look->clock < 0) return taken(s->look, text);
    int end = (int)((s->look->clock + left + 30) / 60) % (24 * 60);
    g_autofree char *clock = g_strdup_printf("%s%d:%02d", about, end / 60, end % 60), *first = text;
    g_autofree char *ends = words_with(voice, PHRASE_SHOW_ENDS, "clock", clock);
    return taken(s->look, g_strdup_printf("%s, %s", first, ends));
}

/* Where it is in the whole routine, also after jumps: what is left, of all. */
static void add_session(struct sketch *s)
{
    const struct status *status = s->status;
    double left = MAX(0, status->length - status->position), whole = s->scene->outline.whole;
    bool wide = s->look->columns >= FIGURE_COLUMNS;
    g_autofree char *text = session_text(s, left);
    g_autofree char *label = wide ? phrase(s, PHRASE_SHOW_SESSION) : g_strdup("");
    if (whole <= 0) whole = status->length;
    add_row(s, RANK_SESSION, STYLE_NONE, bar_line(s, label, whole > 0 ? 1 - left / whole : 0, text));
}

static void add_level(struct sketch *s)
{
    const struct status *status = s->status;
    const struct voice *voice = s->look->voice;
    g_autofree char *level = words_number(voice, PHRASE_SHOW_LEVEL, status->level),
                    *holds = words_number(voice, PHRASE_SHOW_HOLDS, status->holds),
                    *pace = words_number(voice, PHRASE_SHOW_PACE, s->scene->speed),
                    *db = g_strdup_printf("%g", status->volume),
                    *volume = words_with(voice, PHRASE_SHOW_VOLUME, "n", db);
    bool scaled = status->holds != 100;
    const char *device = s->scene->device ? s->scene->device : "";
    static const enum phrase listens[] = {
        [LISTENS_FOR_WAKE] = PHRASE_SHOW_WAKE, [LISTENS_NOW] = PHRASE_SHOW_HEARS};
    g_autofree char *ear = status->listens == LISTENS_NO ? g_strdup("") : phrase(s, listens[status->listens]);
    char *line =
        g_strdup_printf("%s%s%s%s%s   %s   %s%s%s", ear, *ear ? "   " : "", level, scaled ? "   " : "",
                        scaled ? holds : "", pace, volume, *device ? "   " : "", device);
    add_row(s, RANK_LEVEL, STYLE_NONE, taken(s->look, line));
}

/* As many as fit, and always the one that leads to all. */
static char *keys_line(const struct sketch *s)
{
    static const enum phrase keys[] = {PHRASE_SHOW_KEY_LEAVE, PHRASE_SHOW_KEY_PAUSE, PHRASE_SHOW_KEY_NEXT,
                                       PHRASE_SHOW_KEY_BACK, PHRASE_SHOW_KEY_WHERE};
    g_autofree char *all = phrase(s, PHRASE_SHOW_KEY_ALL);
    GString *line = g_string_new(NULL);
    for (gsize i = s->look->leaves ? 0 : 1; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *key = phrase(s, keys[i]);
        if (cells_of(line->str) + cells_of(key) + (int)strlen("  ") + cells_of(all) <= s->columns)
            g_string_append_printf(line, "%s  ", key);
    }
    g_string_append(line, all);
    return g_string_free(line, FALSE);
}

/* A message of one row or two: its number of rows. */
static guint add_message(struct sketch *s)
{
    const char *message = s->look->message;
    g_autofree char *text = shown(s->look, message ? message : "");
    g_auto(GStrv) lines = cells_wrap(text, s->columns, 2, s->look->ascii);
    for (char **line = lines; *line; line++) add_row(s, RANK_KEYS, STYLE_STRONG, g_strdup(*line));
    return g_strv_length(lines);
}

/* An answer takes the place of the keys, and if it is long, that of the row above them too. A note, which
 * stays longer, takes only the row above. */
static void add_last_rows(struct sketch *s)
{
    guint level = s->row->len;
    add_level(s);
    guint n = add_message(s);
    bool covered = s->look->note ? n > 0 : n > 1;
    if (covered) remove_row(s, level);
    if (n == 0 || s->look->note)
        add_row(s, RANK_KEYS, STYLE_NONE, s->look->keys ? keys_line(s) : g_strdup(""));
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
    const bool out = left_out(s->status->out, i);
    const char *sign = i == at                 ? ">"
                       : out                   ? "-"
                       : !past                 ? " "
                       : mark == TRAIL_SKIPPED ? "-"
                       : s->look->ascii        ? "x"
                                               : "✓";
    g_autofree char *clean = shown(s->look, step->title), *minutes = minutes_text(seconds_of(s->scene, i));
    g_autofree char *number = g_strdup_printf("%d", step_number(s->status->out, i));
    g_autofree char *begin = g_strdup_printf("%s %2s  ", sign, out ? "" : number);
    int room = cells - cells_of(begin) - 8; /* "  60 min" */
    g_autofree char *title = cells_cut(clean, room, s->look->ascii);
    char *line = g_strdup_printf("%s%s%*s%8s", begin, title, room - cells_of(title), "",
                                 seconds_of(s->scene, i) > 0 && !out ? minutes : "");
    return styled(s, i == at ? STYLE_STRONG : past || out ? STYLE_FAINT : STYLE_NONE, line);
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
        remove_row(s, worst);
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

static char *menu_keys(const struct sketch *s)
{
    char *const *phrases = s->look->voice->phrases;
    return taken(s->look, g_strjoin("  ", phrases[PHRASE_SHOW_KEY_BEGIN], phrases[PHRASE_SHOW_KEY_NEXT],
                                    phrases[PHRASE_SHOW_KEY_BACK], phrases[PHRASE_SHOW_KEY_LEAVE], NULL));
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
    guint n = add_message(s);
    if (n == 0 || s->look->note)
        add_row(s, RANK_KEYS, STYLE_NONE, s->look->keys ? menu_keys(s) : g_strdup(""));
}

/* A key with what it does, or, `brief`, in a word. */
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

static bool has_room(const struct sketch *s, const GPtrArray *texts, int rows)
{
    int widest = 0;
    for (guint i = 0; i < texts->len; i++) widest = MAX(widest, cells_of(g_ptr_array_index(texts, i)));
    return (int)texts->len <= rows && widest <= s->columns;
}

static void sketch_keys(struct sketch *s)
{
    int room = MAX(1, s->look->rows - 2);
    g_autoptr(GPtrArray) texts = key_texts(s->look, false);
    if (!has_room(s, texts, room)) {
        g_ptr_array_unref(texts);
        texts = key_texts(s->look, true);
    }
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
    bool menu = routine_is_menu(status->routine);
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

static char *spent(const struct voice *voice, double seconds)
{
    int s = (int)(seconds + 0.5);
    if (s < 60) return voice_counted(voice, PHRASE_TIME_SECONDS, s);
    return voice_counted(voice, PHRASE_TIME_MINUTES, (s + 30) / 60);
}

char *screen_last(const struct status *status, const struct trail *trail, const struct voice *voice,
                  bool interrupted, bool ascii)
{
    const struct screen_look look = {.ascii = ascii};
    const struct step *step = interrupted ? step_at(status, status->place.step) : NULL;
    int n = MAX(steps_heard(status->routine, status->out), trail_done(trail));
    g_autofree char *time = spent(voice, status->position), *done = g_strdup_printf("%d", trail_done(trail)),
                    *steps = g_strdup_printf("%d", n),
                    *resume = step ? words_with(voice, PHRASE_SHOW_RESUME, "title", step->title) : NULL;
    const struct field fields[] = {
        {"title", status->routine->title}, {"time", time}, {"done", done}, {"steps", steps}};
    g_autofree char *all = voice_phrase(voice, PHRASE_SHOW_DONE, n, fields, G_N_ELEMENTS(fields));
    return taken(&look, g_strconcat(all, resume ? "; " : "", resume ? resume : "", ".", NULL));
}
