#include "picture.h"
#include "base/diag.h"

/* Horizontal places are in hundredths of a percent of the session. */
enum {
    WHOLE = 10000,
    LEAST_GAP = 10,    /* what is closer is drawn as one */
    LEAST_NAMED = 400, /* a narrower step has no room for its number */
    MOST_MINUTES = 8,  /* marked on the scale */
    STEPS_Y = 1,
    STEPS_HEIGHT = 24,
    HOLDS_Y = 25,
    HOLDS_HEIGHT = 24,
    SCALE_Y = 49,
    SCALE_MARK = 5,
    SCALE_TEXT = 68,
    HEIGHT = 72,
};

struct drawing {
    GString *out;
    const GArray *cues; /* struct cue */
    int64_t frames;     /* of the whole session */
};

static int place_of(const struct drawing *drawing, int64_t frame)
{
    return drawing->frames ? (int)(frame * WHOLE / drawing->frames) : 0;
}

/* An attribute with a percentage. */
static void append_percent(GString *out, const char *name, int place)
{
    g_string_append_printf(out, " %s=\"%d.%02d%%\"", name, place / 100, place % 100);
}

static void append_box(const struct drawing *drawing, int begin, int end, int y, int height, bool filled)
{
    g_string_append(drawing->out, "<rect");
    append_percent(drawing->out, "x", begin);
    append_percent(drawing->out, "width", end - begin);
    g_string_append_printf(drawing->out, " y=\"%d\" height=\"%d\" %s/>\n", y, height,
                           filled ? "fill=\"#000\"" : "fill=\"#fff\" stroke=\"#000\"");
}

static void append_label(const struct drawing *drawing, int place, int y, int number)
{
    g_string_append(drawing->out, "<text");
    append_percent(drawing->out, "x", place);
    g_string_append_printf(drawing->out, " y=\"%d\" text-anchor=\"%s\">%d</text>\n", y,
                           place ? "middle" : "start", number);
}

/* ---- steps, holds and minutes ---- */

static void append_step(const struct drawing *drawing, int step, int begin, int end)
{
    if (end - begin < LEAST_GAP) return;
    append_box(drawing, begin, end, STEPS_Y, STEPS_HEIGHT, false);
    if (end - begin >= LEAST_NAMED)
        append_label(drawing, (begin + end) / 2, STEPS_Y + STEPS_HEIGHT * 2 / 3, step + 1);
}

static void append_steps(const struct drawing *drawing)
{
    int step = PLACE_HEAD, begin = 0;
    for (guint i = 0; i < drawing->cues->len; i++) {
        const struct cue *cue = &g_array_index(drawing->cues, struct cue, i);
        if (cue->place.step == step || cue->type == SPAN_WAKE) continue;
        int end = place_of(drawing, cue->frame);
        if (step >= 0) append_step(drawing, step, begin, end);
        step = cue->place.step;
        begin = end;
    }
}

static void append_holds(const struct drawing *drawing)
{
    int begin = 0, end = -LEAST_GAP; /* of what is not drawn yet */
    append_box(drawing, 0, WHOLE, HOLDS_Y, HOLDS_HEIGHT, false);
    for (guint i = 0; i < drawing->cues->len; i++) {
        const struct cue *cue = &g_array_index(drawing->cues, struct cue, i);
        if (cue->type != SPAN_HOLD) continue;
        int from = place_of(drawing, cue->frame), to = place_of(drawing, cue->frame + cue->frames);
        if (from - end >= LEAST_GAP) {
            if (end > 0) append_box(drawing, begin, end, HOLDS_Y, HOLDS_HEIGHT, true);
            begin = from;
        }
        end = MAX(to, begin + 1);
    }
    if (end > 0) append_box(drawing, begin, end, HOLDS_Y, HOLDS_HEIGHT, true);
}

static void append_scale(const struct drawing *drawing, int rate)
{
    static const int every[] = {1, 2, 5, 10, 15, 30, 60, 120, 180, 360};
    const int64_t minute = (int64_t)rate * 60;
    gsize i = 0;
    while (i + 1 < G_N_ELEMENTS(every) && drawing->frames / minute > every[i] * MOST_MINUTES) i++;
    for (int64_t n = 0; n * minute <= drawing->frames; n += every[i]) {
        int place = place_of(drawing, n * minute);
        g_string_append(drawing->out, "<line stroke=\"#000\"");
        append_percent(drawing->out, "x1", place);
        append_percent(drawing->out, "x2", place);
        g_string_append_printf(drawing->out, " y1=\"%d\" y2=\"%d\"/>\n", SCALE_Y, SCALE_Y + SCALE_MARK);
        append_label(drawing, place, SCALE_TEXT, (int)n);
    }
}

char *picture_svg(const struct timeline *timeline, int rate, const char *title)
{
    const struct drawing drawing = {g_string_new(NULL), timeline_cues(timeline), timeline_end(timeline)};
    g_autofree char *shown = diag_shown(title, G_MAXSIZE);
    g_autofree char *escaped = g_markup_escape_text(shown, -1);
    g_string_append_printf(
        drawing.out, "<svg role=\"img\" width=\"100%%\" height=\"%d\" aria-label=\"%s\">\n", HEIGHT, escaped);
    append_steps(&drawing);
    append_holds(&drawing);
    append_scale(&drawing, rate);
    g_string_append(drawing.out, "</svg>\n");
    return g_string_free(drawing.out, FALSE);
}
