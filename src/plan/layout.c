#include "layout.h"

int layout_compare(const struct cue *a, const struct cue *b)
{
    if (a->frame != b->frame) return a->frame < b->frame ? -1 : 1;
    bool a_sounds = cue_sounds(a->type), b_sounds = cue_sounds(b->type);
    if (a_sounds != b_sounds) return a_sounds ? 1 : -1;
    return (a->type > b->type) - (a->type < b->type);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return layout_compare(a, b);
}

void layout_clear(const struct clip_ops *ops, struct cue *cue)
{
    g_clear_pointer(&cue->text, g_free);
    if (cue->clip && ops->drop) ops->drop(ops->data, cue->clip);
    cue->clip = NULL;
}

static void add(struct layout *layout, const struct line *line, enum cue_type type, int64_t frame,
                int64_t frames)
{
    if (frames == 0 && type != SPAN_READY) return;
    struct cue cue = {.type = type, .frame = frame, .frames = frames, .place = line->place};
    g_array_append_val(layout->cues, cue);
}

static void add_tone(struct layout *layout, const struct line *line, enum cue_type type, int64_t frame)
{
    add(layout, line, type, frame, layout->timing->tone[type]);
}

static void add_spoken(struct layout *layout, const struct line *line, enum role role, int64_t frame,
                       const char *text, const struct spoken *spoken)
{
    struct cue cue = {
        .type = spoken->chime ? CUE_CHIME : CUE_SPEECH,
        .role = role,
        .frame = frame,
        .frames = spoken->frames,
        .place = line->place,
        .line = line->source,
        .text = g_strdup(text),
        .clip = spoken->clip,
    };
    g_array_append_val(layout->cues, cue);
}

static bool find(const struct layout *layout, const char *text, struct spoken *spoken)
{
    *spoken = (struct spoken){0};
    return layout->ops->find(layout->ops->data, text, spoken);
}

static void drop(const struct layout *layout, const struct spoken *spoken)
{
    if (spoken->clip && layout->ops->drop) layout->ops->drop(layout->ops->data, spoken->clip);
}

/* ---- utterances ---- */

static bool lay_speech(struct layout *layout, const struct line *line)
{
    int64_t frame = layout->begin;
    for (guint i = 0; i < line->sentences->len; i++) {
        const char *text = g_ptr_array_index(line->sentences, i);
        struct spoken spoken;
        if (!find(layout, text, &spoken)) return false;
        add_spoken(layout, line, line->role, frame, text, &spoken);
        frame += spoken.frames;
        bool last = i + 1 == line->sentences->len;
        int64_t gap = last ? layout->timing->gap : (layout->timing->gap + 1) / 2;
        add(layout, line, SPAN_GAP, frame, gap);
        frame += gap;
    }
    layout->end = frame;
    return true;
}

/* ---- prompts inside a span ---- */

struct placing {
    const struct prompt *prompt;
    struct spoken spoken;
    bool placed;
};

static bool overlaps(const struct placing *a, const struct placing *b)
{
    return a->prompt->offset < b->prompt->offset + b->spoken.frames &&
           b->prompt->offset < a->prompt->offset + a->spoken.frames;
}

/* A prompt is said only if it ends before the span does and meets none of a higher rank. */
static bool has_room(const struct placing *placings, guint i, int64_t frames)
{
    const struct placing *p = &placings[i];
    if (p->prompt->offset + p->spoken.frames > frames) return false;
    for (guint j = 0; j < i; j++)
        if (placings[j].placed && overlaps(p, &placings[j])) return false;
    return true;
}

/* Counting out of step is worse than not counting: one word longer than its second drops them all. */
static bool countdown_fits(const struct placing *placings, guint n, int rate)
{
    for (guint i = 0; i < n; i++)
        if (placings[i].prompt->role == ROLE_COUNTDOWN && placings[i].spoken.frames > rate) return false;
    return true;
}

static void place_prompts(struct layout *layout, const struct line *line, struct placing *placings, guint n)
{
    bool countdown = countdown_fits(placings, n, layout->timing->rate);
    for (guint i = 0; i < n; i++) {
        struct placing *p = &placings[i];
        p->placed = (countdown || p->prompt->role != ROLE_COUNTDOWN) && has_room(placings, i, line->frames);
        if (p->placed)
            add_spoken(layout, line, p->prompt->role, layout->begin + p->prompt->offset, p->prompt->text,
                       &p->spoken);
        else
            drop(layout, &p->spoken);
    }
}

static bool lay_prompts(struct layout *layout, const struct line *line)
{
    guint n = line->prompts ? line->prompts->len : 0;
    g_autofree struct placing *placings = g_new0(struct placing, n + 1);
    for (guint i = 0; i < n; i++) {
        placings[i].prompt = &g_array_index(line->prompts, struct prompt, i);
        if (find(layout, placings[i].prompt->text, &placings[i].spoken)) continue;
        while (i-- > 0) drop(layout, &placings[i].spoken);
        return false;
    }
    place_prompts(layout, line, placings, n);
    return true;
}

/* ---- spans and holds ---- */

static bool lay_span(struct layout *layout, const struct line *line)
{
    add(layout, line, line->span, layout->begin, line->frames);
    layout->end = layout->begin + line->frames;
    return lay_prompts(layout, line);
}

static bool lay_end(struct layout *layout, const struct line *line)
{
    int64_t end = layout->begin + line->frames;
    add_tone(layout, line, CUE_END, end);
    layout->end = end + layout->timing->tone[CUE_END];
    return lay_prompts(layout, line);
}

static bool lay_hold(struct layout *layout, const struct line *line)
{
    add(layout, line, SPAN_HOLD, layout->begin, line->frames);
    add_tone(layout, line, CUE_GO, layout->begin);
    int64_t every = layout->timing->tick;
    for (int64_t at = every; every > 0 && at < line->frames; at += every)
        add_tone(layout, line, CUE_TICK, layout->begin + at);
    return lay_end(layout, line);
}

/* Tenths of a breath to frames, so that in (4 tenths) and out (6) need no rounding of their own. */
static int64_t breath_tenths(const struct timing *timing, int64_t tenths)
{
    return duration_frames(tenths * timing->breath_ms, timing->rate, timing->speed * 10);
}

static bool lay_breaths(struct layout *layout, const struct line *line)
{
    add(layout, line, SPAN_HOLD, layout->begin, line->frames);
    for (int64_t i = 0; i < line->breaths; i++) {
        add_tone(layout, line, CUE_IN, layout->begin + breath_tenths(layout->timing, 10 * i));
        add_tone(layout, line, CUE_OUT, layout->begin + breath_tenths(layout->timing, 10 * i + 4));
    }
    return lay_end(layout, line);
}

static bool lay_chime(struct layout *layout, const struct line *line)
{
    add_tone(layout, line, CUE_CHIME, layout->begin);
    layout->end = layout->begin + layout->timing->tone[CUE_CHIME];
    return true;
}

bool layout_line(struct layout *layout, const struct line *line)
{
    static bool (*const lay[])(struct layout *, const struct line *) = {
        [LINE_SPEECH] = lay_speech,   [LINE_SPAN] = lay_span,   [LINE_HOLD] = lay_hold,
        [LINE_BREATHS] = lay_breaths, [LINE_CHIME] = lay_chime,
    };
    layout->cues = g_array_new(FALSE, FALSE, sizeof(struct cue));
    if (lay[line->kind](layout, line)) {
        g_array_sort(layout->cues, compare);
        return true;
    }
    for (guint i = 0; i < layout->cues->len; i++)
        layout_clear(layout->ops, &g_array_index(layout->cues, struct cue, i));
    g_array_unref(layout->cues);
    layout->cues = NULL;
    return false;
}
