#include "report/listing.h"
#include "base/diag.h"
#include "report/json.h"
#include <string.h>

/* ---- for people ---- */

/* Tenths of a second: "12:34.5", minutes without limit. */
static void print_time(FILE *out, int width, int64_t frames, int rate)
{
    int64_t tenths = (frames * 10 + rate / 2) / rate;
    fprintf(out, "%*d:%02d.%d", width, (int)(tenths / 600), (int)(tenths / 10 % 60), (int)(tenths % 10));
}

/* "cat-cow.cow set 1 rep 2 right" */
static char *where(const struct routine *routine, const struct place *place)
{
    GString *text = g_string_new(NULL);
    if (place->step < 0) return g_string_free(text, FALSE);
    const struct step *step = &routine->steps[place->step];
    const char *move = place->move < 0 ? NULL : step->moves[place->move].name;
    g_string_append(text, step->name);
    if (move) g_string_append_printf(text, ".%s", move);
    if (place->set > 0) g_string_append_printf(text, " set %d", place->set);
    if (place->rep > 0) g_string_append_printf(text, " rep %d", place->rep);
    if (place->side != SIDE_NONE) g_string_append_printf(text, " %s", side_name(place->side));
    return g_string_free(text, FALSE);
}

/* Those that are heard: a step may be left out. */
static int steps_in(const struct timeline *timeline)
{
    const GArray *cues = timeline_cues(timeline);
    int steps = 0, last = PLACE_HEAD;
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->type == SPAN_WAKE || cue->place.step == last) continue; /* a wake belongs to no step */
        last = cue->place.step;
        steps += last >= 0;
    }
    return steps;
}

/* Enough for the longest names with a set, a repetition and a side. */
static int where_width(const struct routine *routine)
{
    gsize longest = 0;
    for (int i = 0; i < routine->n_steps; i++) {
        const struct step *step = &routine->steps[i];
        longest = MAX(longest, strlen(step->name));
        for (int j = 0; j < step->n_moves; j++)
            if (step->moves[j].name)
                longest = MAX(longest, strlen(step->name) + 1 + strlen(step->moves[j].name));
    }
    return (int)MIN(longest, 40) + (int)strlen(" set 1 rep 10 right");
}

static void print_row(FILE *out, const struct routine *routine, const struct cue *cue, int width, int rate)
{
    g_autofree char *place = where(routine, &cue->place);
    g_autofree char *text = diag_shown(cue->text ? cue->text : "", ROUTINE_TEXT);
    g_autoptr(GString) rest = g_string_new(NULL);
    const char *what = cue->type == CUE_SPEECH ? role_name(cue->role) : cue_type_name(cue->type);
    g_string_append_printf(rest, "%-11s  %-*s  %s", what, width, place, text);
    print_time(out, 4, cue->frame, rate);
    fprintf(out, "  %7.1f  %s\n", (double)cue->frames / rate, g_strchomp(rest->str));
}

/* Names (const char *) of the steps that the timeline lacks; to be unreffed. */
static GPtrArray *steps_left_out(const struct routine *routine, const struct timeline *timeline)
{
    g_autofree bool *heard = g_new0(bool, (gsize)routine->n_steps);
    const GArray *cues = timeline_cues(timeline);
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < cues->len; i++) {
        const int step = g_array_index(cues, struct cue, i).place.step;
        if (step >= 0) heard[step] = true;
    }
    for (int i = 0; i < routine->n_steps; i++)
        if (!heard[i]) g_ptr_array_add(names, (gpointer)routine->steps[i].name);
    return names;
}

static void print_left_out(FILE *out, const struct routine *routine, const struct timeline *timeline)
{
    g_autoptr(GPtrArray) names = steps_left_out(routine, timeline);
    for (guint i = 0; i < names->len; i++)
        fprintf(out, "%s%s", i == 0 ? "\nleft out: " : ", ", (const char *)names->pdata[i]);
}

void listing_table(FILE *out, const struct routine *routine, const struct timeline *timeline, int rate)
{
    const GArray *cues = timeline_cues(timeline);
    g_autofree char *title = diag_shown(routine->title, ROUTINE_TEXT);
    int width = where_width(routine), steps = steps_in(timeline);
    fprintf(out, "%s: %d step%s, ", title, steps, steps == 1 ? "" : "s");
    print_time(out, 1, timeline_end(timeline), rate);
    print_left_out(out, routine, timeline);
    fprintf(out, "\n\n%9s  %7s  %-11s  %-*s  %s\n", "time", "seconds", "what", width, "where", "text");
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        /* What repeats many times inside a hold or an utterance would bury the rest; `--json` has it. */
        bool minor =
            cue->type == CUE_TICK || (cue->type >= CUE_IN && cue->type <= CUE_OUT) || cue->type == SPAN_GAP;
        if (!minor) print_row(out, routine, cue, width, rate);
    }
}

/* ---- for programs ---- */

static void print_routine(FILE *out, GString *json, const struct routine *routine,
                          const struct timeline *timeline, int rate)
{
    const int64_t frames = timeline_end(timeline);
    g_autoptr(GPtrArray) left_out = steps_left_out(routine, timeline);
    json_text(json, "type", "routine");
    json_text(json, "name", routine->name);
    json_text(json, "title", routine->title);
    json_number(json, "rate", rate);
    json_number(json, "frames", frames);
    json_real(json, "seconds", (double)frames / rate);
    json_number(json, "steps", steps_in(timeline));
    if (left_out->len > 0) json_texts(json, "left_out", left_out);
    json_print(json, out);
}

static void text_if(GString *json, const char *name, const char *value)
{
    if (value) json_text(json, name, value);
}

static void number_if(GString *json, const char *name, int value)
{
    if (value > 0) json_number(json, name, value);
}

static void print_cue(FILE *out, GString *json, const struct routine *routine, const struct cue *cue)
{
    const struct place *place = &cue->place;
    const struct step *step = place->step < 0 ? NULL : &routine->steps[place->step];
    json_text(json, "type", cue_type_name(cue->type));
    json_number(json, "frame", cue->frame);
    json_number(json, "frames", cue->frames);
    text_if(json, "text", cue->text);
    text_if(json, "role", cue->type == CUE_CHIME && cue->text ? "sentence" : role_name(cue->role));
    text_if(json, "step", step ? step->name : NULL);
    text_if(json, "move", step && place->move >= 0 ? step->moves[place->move].name : NULL);
    number_if(json, "set", place->set);
    number_if(json, "rep", place->rep);
    text_if(json, "side", side_name(place->side));
    json_print(json, out);
}

void listing_json(FILE *out, const struct routine *routine, const struct timeline *timeline, int rate)
{
    g_autoptr(GString) json = g_string_new(NULL);
    const GArray *cues = timeline_cues(timeline);
    print_routine(out, json, routine, timeline, rate);
    for (guint i = 0; i < cues->len; i++) print_cue(out, json, routine, &g_array_index(cues, struct cue, i));
}

/* ---- captions ---- */

static int64_t rounded(int64_t frames, int units, int rate)
{
    return (frames * units + rate / 2) / rate;
}

/* "hh:mm:ss" and the milliseconds behind the format's own point. */
static void append_clock(GString *out, int64_t ms, char point)
{
    g_string_append_printf(out, "%02d:%02d:%02d%c%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                           (int)(ms / 1000 % 60), point, (int)(ms % 1000));
}

static void append_interval(GString *out, const struct cue *cue, int rate, char point)
{
    append_clock(out, rounded(cue->frame, 1000, rate), point);
    g_string_append(out, " --> ");
    append_clock(out, rounded(cue->frame + cue->frames, 1000, rate), point);
    g_string_append_c(out, '\n');
}

/* The formats know no escape for the arrow between two times, outside vtt's texts. */
static void append_without_arrow(GString *out, const char *text)
{
    for (const char *arrow; (arrow = strstr(text, "-->")); text = arrow + strlen("-->")) {
        g_string_append_len(out, text, arrow - text);
        g_string_append(out, "→");
    }
    g_string_append(out, text);
}

/* ---- vtt ---- */

static void vtt_begin(GString *out, const char *title)
{
    g_string_append(out, "WEBVTT - ");
    append_without_arrow(out, title);
    g_string_append(out, "\n\n");
}

static void vtt_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    (void)number;
    append_interval(out, cue, rate, '.');
    for (const char *p = cue->text; *p; p++) switch (*p) {
        case '&': g_string_append(out, "&amp;"); break;
        case '<': g_string_append(out, "&lt;"); break;
        case '>': g_string_append(out, "&gt;"); break;
        default: g_string_append_c(out, *p);
        }
    g_string_append(out, "\n\n");
}

/* ---- srt ---- */

/* The format has no tags, but players look for them in angle brackets and in braces. An invisible word joiner
 * behind the bracket makes a name that is not a tag's. */
static void srt_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_without_arrow(text, cue->text);
    g_string_append_printf(out, "%u\n", number);
    append_interval(out, cue, rate, ',');
    for (const char *at = text->str; *at; at++) {
        g_string_append_c(out, *at);
        if (strchr("<{\\", *at)) g_string_append(out, "\u2060");
    }
    g_string_append(out, "\n\n");
}

/* ---- lrc ---- */

/* A reader ends the title at its first bracket. */
static void lrc_begin(GString *out, const char *title)
{
    g_autofree char *plain = g_strdup(title);
    g_strdelimit(plain, "[", '(');
    g_strdelimit(plain, "]", ')');
    g_string_append_printf(out, "[ti:%s]\n", plain);
}

/* An invisible word joiner keeps a text's own bracket from being read as the beginning of a second time. */
static void lrc_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    (void)number;
    int64_t cs = rounded(cue->frame, 100, rate);
    g_string_append_printf(out, "[%02d:%02d.%02d]%s%s\n", (int)(cs / 6000), (int)(cs / 100 % 60),
                           (int)(cs % 100), *cue->text == '[' ? "\u2060" : "", cue->text);
}

/* ---- a file of them ---- */

static const char *const names[] = {"vtt", "srt", "lrc", NULL};

static const struct format {
    void (*begin)(GString *out, const char *title); /* or NULL */
    void (*caption)(GString *out, guint number, const struct cue *cue, int rate);
} formats[] = {{vtt_begin, vtt_caption}, {NULL, srt_caption}, {lrc_begin, lrc_caption}};

const char *const *captions_formats(void)
{
    return names;
}

struct captions {
    const struct format *format;
    GString *text;
    guint number; /* of the last one */
    int rate;
    int64_t looked; /* what is before this frame has been added */
};

struct captions *captions_new(const char *format, const char *title, int rate)
{
    const struct format *f = formats;
    for (const char *const *name = names; *name && strcmp(*name, format) != 0; name++) f++;
    if (f == formats + G_N_ELEMENTS(formats)) return NULL;
    struct captions *captions = g_new0(struct captions, 1);
    *captions = (struct captions){.format = f, .text = g_string_new(NULL), .rate = rate};
    if (f->begin) f->begin(captions->text, title);
    return captions;
}

void captions_free(struct captions *captions)
{
    if (!captions) return;
    g_string_free(captions->text, TRUE);
    g_free(captions);
}

void captions_look(struct captions *captions, const struct timeline *timeline)
{
    const GArray *cues = timeline_cues(timeline);
    int64_t final = timeline_final(timeline);
    for (guint i = timeline_first(timeline, captions->looked); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame >= final) break;
        if (cue->text && cue->frame >= captions->looked)
            captions->format->caption(captions->text, ++captions->number, cue, captions->rate);
    }
    captions->looked = MAX(captions->looked, final);
}

const char *captions_so_far(const struct captions *captions)
{
    return captions->text->str;
}

char *captions_text(const char *format, const char *title, const struct timeline *timeline, int rate)
{
    struct captions *captions = captions_new(format, title, rate);
    if (!captions) return NULL;
    captions_look(captions, timeline);
    char *text = g_strdup(captions->text->str);
    captions_free(captions);
    return text;
}
