#include "layout.h"

/* ---- cues ---- */

/* clang-format off */
static const char *const types[N_CUE_TYPES] = {
    [CUE_SPEECH] = "speech", [CUE_TICK] = "tick",       [CUE_GO] = "go",         [CUE_END] = "end",
    [CUE_CHIME] = "chime",   [CUE_IN] = "in",           [CUE_OUT] = "out",       [SPAN_WAKE] = "wake",
    [SPAN_HOLD] = "hold",    [SPAN_PREPARE] = "prepare", [SPAN_REST] = "rest",    [SPAN_CHANGE] = "change",
    [SPAN_GAP] = "gap",      [SPAN_READY] = "ready",
};
static const char *const roles[N_ROLES] = {
    [ROLE_TITLE] = "title",     [ROLE_SETUP] = "setup",         [ROLE_INSTRUCTION] = "instruction",
    [ROLE_CUE] = "cue",         [ROLE_SIDE] = "side",           [ROLE_COUNT] = "count",
    [ROLE_HALFWAY] = "halfway", [ROLE_LEFT] = "left",           [ROLE_COUNTDOWN] = "countdown",
    [ROLE_REST] = "rest",       [ROLE_RELEASE] = "release",     [ROLE_CAUTION] = "caution",
    [ROLE_CLOSING] = "closing", [ROLE_PHRASE] = "phrase",
};
/* clang-format on */

const char *cue_type_name(enum cue_type type)
{
    return types[type];
}

const char *role_name(enum role role)
{
    return roles[role];
}

const char *side_name(enum side side)
{
    return side == SIDE_NONE ? NULL : side == SIDE_RIGHT ? "right" : "left";
}

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
    if (frame < layout->now || (frames == 0 && type != SPAN_READY)) return;
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

/* Between two sentences of an utterance. */
static int64_t half_gap(const struct layout *layout)
{
    return (layout->timing->gap + 1) / 2;
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
        int64_t gap = last ? layout->timing->gap : half_gap(layout);
        add(layout, line, SPAN_GAP, frame, gap);
        frame += gap;
    }
    layout->end = frame;
    return true;
}

/* ---- prompts inside a span ---- */

struct slot {
    struct prompt *prompt;
    struct spoken *spoken; /* one a sentence; NULL if they are not there */
    int64_t frames;        /* with the gaps between them */
    bool filled;
};

static void drop_sentences(const struct layout *layout, struct slot *p, guint n)
{
    while (p->spoken && n-- > 0) drop(layout, &p->spoken[n]);
    g_clear_pointer(&p->spoken, g_free);
}

static bool find_sentences(const struct layout *layout, struct slot *p)
{
    const GPtrArray *sentences = p->prompt->sentences;
    p->spoken = g_new(struct spoken, sentences->len + 1);
    for (guint i = 0; i < sentences->len; i++) {
        if (!find(layout, g_ptr_array_index(sentences, i), &p->spoken[i])) {
            drop_sentences(layout, p, i);
            return false;
        }
        p->frames += p->spoken[i].frames + (i > 0 ? half_gap(layout) : 0);
    }
    return true;
}

/* False if a prompt of the script is not there. Of announcements, the first that is not there makes the ones
 * behind it wait. */
static bool find_prompts(const struct layout *layout, struct slot *slots, guint n)
{
    bool waits = false;
    for (guint i = 0; i < n; i++) {
        bool waiting = slots[i].prompt->offset == PROMPT_NO_SLOT;
        if ((waiting && waits) || slots[i].prompt->offset == PROMPT_LATE) continue;
        if (find_sentences(layout, &slots[i])) continue;
        if (!waiting) return false;
        waits = true;
    }
    return true;
}

static bool overlaps(const struct slot *a, const struct slot *b)
{
    return a->prompt->offset < b->prompt->offset + b->frames &&
           b->prompt->offset < a->prompt->offset + a->frames;
}

/* A prompt is said only if it ends before the span does and meets none of a higher rank, nor what is being
 * said. */
static bool has_room(const struct layout *layout, const struct slot *slots, guint i, int64_t frames)
{
    const struct slot *p = &slots[i];
    bool gives_way = p->prompt->role != ROLE_COUNTDOWN && p->prompt->role != ROLE_PHRASE;
    if (p->prompt->offset + p->frames > frames) return false;
    if (gives_way && layout->begin + p->prompt->offset < MAX(layout->now, layout->busy)) return false;
    for (guint j = 0; j < i; j++)
        if (slots[j].filled && overlaps(p, &slots[j])) return false;
    return true;
}

/* Counting out of step is worse than not counting: one word longer than its second drops them all. */
static bool countdown_fits(const struct slot *slots, guint n, int rate)
{
    for (guint i = 0; i < n; i++)
        if (slots[i].prompt->role == ROLE_COUNTDOWN && slots[i].frames > rate) return false;
    return true;
}

/* Announcements end before the countdown begins: the offset of its first word, or of the span's end. */
static int64_t announcement_limit(const struct slot *slots, guint n, int64_t frames)
{
    for (guint i = 0; i < n; i++)
        if (slots[i].prompt->role == ROLE_COUNTDOWN && slots[i].filled)
            frames = MIN(frames, slots[i].prompt->offset);
    return frames;
}

/* One after the other, as soon as there is time. */
static void find_slot(struct layout *layout, struct slot *p, int64_t limit)
{
    int64_t offset = layout->earliest - layout->begin;
    bool fits = offset + p->frames <= limit;
    p->prompt->offset = fits ? offset : PROMPT_LATE;
    if (fits) layout->earliest += p->frames;
}

static void add_prompt(struct layout *layout, const struct line *line, const struct slot *p)
{
    int64_t frame = layout->begin + p->prompt->offset;
    for (guint i = 0; i < p->prompt->sentences->len; i++) {
        const char *text = g_ptr_array_index(p->prompt->sentences, i);
        if (frame >= layout->now)
            add_spoken(layout, line, p->prompt->role, frame, text, &p->spoken[i]);
        else
            drop(layout, &p->spoken[i]);
        frame += p->spoken[i].frames + half_gap(layout);
    }
}

static void fill_slots(struct layout *layout, const struct line *line, struct slot *slots, guint n)
{
    bool countdown = countdown_fits(slots, n, layout->timing->rate);
    for (guint i = 0; i < n; i++) {
        struct slot *p = &slots[i];
        if (!p->spoken) continue;
        if (p->prompt->offset == PROMPT_NO_SLOT)
            find_slot(layout, p, announcement_limit(slots, i, line->frames));
        p->filled = p->prompt->offset >= 0 && (countdown || p->prompt->role != ROLE_COUNTDOWN) &&
                    has_room(layout, slots, i, line->frames);
        if (p->filled)
            add_prompt(layout, line, p);
        else
            drop_sentences(layout, p, p->prompt->sentences->len);
        if (!p->filled && p->prompt->role == ROLE_PHRASE) p->prompt->offset = PROMPT_LATE;
    }
}

static bool lay_prompts(struct layout *layout, const struct line *line)
{
    guint n = line->prompts ? line->prompts->len : 0;
    g_autofree struct slot *slots = g_new0(struct slot, n + 1);
    for (guint i = 0; i < n; i++) slots[i].prompt = &g_array_index(line->prompts, struct prompt, i);
    bool found = find_prompts(layout, slots, n);
    if (found) fill_slots(layout, line, slots, n);
    for (guint i = 0; i < n; i++) {
        if (!found) drop_sentences(layout, &slots[i], slots[i].prompt->sentences->len);
        g_free(slots[i].spoken);
    }
    return found;
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
