#include "layout.h"

/* ---- cues ---- */

/* clang-format off */
static const char *const types[N_CUE_TYPES] = {
    [CUE_SPEECH] = "speech", [CUE_TICK] = "tick",       [CUE_GO] = "go",         [CUE_END] = "end",
    [CUE_CHIME] = "chime",   [CUE_IN] = "in",           [CUE_KEEP] = "keep",     [CUE_OUT] = "out",
    [SPAN_WAKE] = "wake",
    [SPAN_HOLD] = "hold",    [SPAN_PREPARE] = "prepare", [SPAN_REST] = "rest",    [SPAN_CHANGE] = "change",
    [SPAN_GAP] = "gap",      [SPAN_READY] = "ready",   [SPAN_ANSWER] = "answer",
};
static const char *const roles[N_ROLES] = {
    [ROLE_TITLE] = "title",     [ROLE_SETUP] = "setup",         [ROLE_INSTRUCTION] = "instruction",
    [ROLE_CUE] = "cue",         [ROLE_SIDE] = "side",           [ROLE_COUNT] = "count",
    [ROLE_HALFWAY] = "halfway", [ROLE_LEFT] = "left",           [ROLE_COUNTDOWN] = "countdown",
    [ROLE_REST] = "rest",       [ROLE_RELEASE] = "release",     [ROLE_CAUTION] = "caution",
    [ROLE_CLOSING] = "closing", [ROLE_PHRASE] = "phrase",       [ROLE_DOSE] = "dose",
    [ROLE_STEP] = "step",       [ROLE_DONE] = "done",           [ROLE_ATTENTION] = "attention",
    [ROLE_CHANGE] = "change",   [ROLE_QUESTION] = "question",
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

enum occasion cue_occasion(const struct cue *cue)
{
    static const enum occasion of_type[N_CUE_TYPES] = {
        [CUE_TICK] = OCCASION_TICK, [CUE_GO] = OCCASION_GO,     [CUE_END] = OCCASION_END,
        [CUE_IN] = OCCASION_IN,     [CUE_KEEP] = OCCASION_KEEP, [CUE_OUT] = OCCASION_OUT,
    };
    static const enum occasion of_role[N_ROLES] = {
        [ROLE_STEP] = OCCASION_STEP,     [ROLE_DONE] = OCCASION_DONE, [ROLE_ATTENTION] = OCCASION_ATTENTION,
        [ROLE_CHANGE] = OCCASION_CHANGE, [ROLE_REST] = OCCASION_REST,
    };
    return cue->type == CUE_CHIME ? of_role[cue->role] : of_type[cue->type];
}

/* ---- sounds and spans ---- */

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

static void drop(const struct clip_ops *ops, struct clip *clip)
{
    if (clip && ops->drop) ops->drop(ops->data, clip);
}

void layout_clear(const struct clip_ops *ops, struct cue *cue)
{
    g_clear_pointer(&cue->text, g_free);
    drop(ops, g_steal_pointer(&cue->clip));
}

/* Sounds that have no frames are off. */
static void add_cue(struct layout *layout, const struct cue *cue)
{
    if (cue->frame >= layout->now && (cue->frames > 0 || cue->type == SPAN_READY))
        g_array_append_val(layout->cues, *cue);
}

static void add_span(struct layout *layout, const struct line *line, enum cue_type type, int64_t frame,
                     int64_t frames)
{
    add_cue(layout, &(struct cue){.type = type, .frame = frame, .frames = frames, .place = line->place});
}

/* The whole sound, or what there is room for. */
static void add_sound(struct layout *layout, const struct line *line, enum cue_type type, enum role role,
                      int64_t frame, int64_t room)
{
    struct cue cue = {.type = type, .role = role, .frame = frame, .place = line->place};
    cue.frames = MIN(layout->timing->tone[cue_occasion(&cue)], room);
    add_cue(layout, &cue);
}

static void add_tone(struct layout *layout, const struct line *line, enum cue_type type, int64_t frame)
{
    add_sound(layout, line, type, ROLE_NONE, frame, INT64_MAX);
}

/* Takes the clip. */
static void add_spoken(struct layout *layout, const struct line *line, enum role role, int64_t frame,
                       const char *text, struct spoken *spoken)
{
    const struct cue cue = {
        .type = spoken->chime ? CUE_CHIME : CUE_SPEECH,
        .role = role,
        .frame = frame,
        .frames = spoken->frames,
        .place = line->place,
        .line = line->source,
        .text = g_strdup(text),
        .clip = g_steal_pointer(&spoken->clip),
    };
    g_array_append_val(layout->cues, cue);
}

static bool find(const struct layout *layout, const char *text, struct spoken *spoken)
{
    *spoken = (struct spoken){0};
    return layout->ops->find(layout->ops->data, text, spoken);
}

/* Between two sentences of an utterance that asks for no action. */
static int64_t half_gap(const struct layout *layout)
{
    return (layout->timing->gap + 1) / 2;
}

/* Between two sentences of a line, in which a listener does what the first one says. */
static int64_t gap_inside(const struct layout *layout, const struct line *line)
{
    bool acts = line->role == ROLE_SETUP || line->role == ROLE_INSTRUCTION || line->role == ROLE_RELEASE;
    return effort_wait(line->effort, acts ? layout->timing->sentence : half_gap(layout));
}

/* Another action may follow a setup and a release. */
static int64_t gap_after(const struct layout *layout, const struct line *line)
{
    if (line->role == ROLE_INSTRUCTION || line->role == ROLE_CUE) return line->settle;
    bool acts = line->role == ROLE_SETUP || line->role == ROLE_RELEASE;
    return effort_wait(line->effort,
                       acts ? MAX(layout->timing->gap, layout->timing->sentence) : layout->timing->gap);
}

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
        int64_t gap = last ? gap_after(layout, line) : gap_inside(layout, line);
        add_span(layout, line, SPAN_GAP, frame, gap);
        frame += gap;
    }
    layout->end = frame;
    return true;
}

/* ---- prompts inside a span ---- */

struct slot {
    struct prompt *prompt;
    struct spoken *spoken; /* an element a sentence; NULL if they are not there */
    int64_t frames;        /* with the gaps between them */
    bool filled;
};

/* Gives back the clips that no cue has taken. */
static void clear_slot(const struct layout *layout, struct slot *slot)
{
    for (guint i = 0; slot->spoken && i < slot->prompt->sentences->len; i++)
        drop(layout->ops, slot->spoken[i].clip);
    g_clear_pointer(&slot->spoken, g_free);
}

static bool find_sentences(const struct layout *layout, struct slot *slot)
{
    const GPtrArray *sentences = slot->prompt->sentences;
    slot->spoken = g_new0(struct spoken, sentences->len + 1);
    for (guint i = 0; i < sentences->len; i++) {
        if (!find(layout, g_ptr_array_index(sentences, i), &slot->spoken[i])) {
            clear_slot(layout, slot);
            return false;
        }
        slot->frames += slot->spoken[i].frames + (i > 0 ? half_gap(layout) : 0);
    }
    return true;
}

static bool find_prompts(const struct layout *layout, struct slot *slots, guint n)
{
    for (guint i = 0; i < n; i++)
        if (!find_sentences(layout, &slots[i])) return false;
    return true;
}

/* Seconds of calm around each announcement of the time left. */
enum { CALM_S = 5 };

/* The frames that have to lie between two prompts. Answers come when they come. */
static int64_t calm_between(const struct layout *layout, const struct line *line, enum role a, enum role b)
{
    bool calm = (a == ROLE_LEFT || b == ROLE_LEFT) && a != ROLE_PHRASE && b != ROLE_PHRASE;
    return calm && line->kind == LINE_HOLD ? CALM_S * (int64_t)layout->timing->rate : 0;
}

/* What is being said ends first, and halfway is said once. What began before is said already: it is on the
 * timeline. */
static bool is_busy(const struct layout *layout, const struct prompt *prompt)
{
    bool gives_way = prompt->role != ROLE_COUNTDOWN && prompt->role != ROLE_PHRASE;
    int64_t frame = layout->begin + prompt->offset;
    if (prompt->role == ROLE_HALFWAY && layout->halved && frame >= layout->now) return true;
    return gives_way && frame >= layout->now && frame < layout->busy;
}

/* A prompt is said only if it ends before the span does and meets none of a higher rank, nor what is being
 * said. */
static bool has_room(const struct layout *layout, const struct slot *slots, guint i, const struct line *line)
{
    const struct prompt *prompt = slots[i].prompt;
    int64_t begin = prompt->offset, end = begin + slots[i].frames;
    int lefts = 0;
    if (begin < 0 || end > line->frames || is_busy(layout, prompt)) return false;
    if (prompt->sentences->len == 0) return false;
    if (prompt->room > 0 && slots[i].frames > prompt->room) return false;
    if (prompt->role == ROLE_LEFT && begin <= calm_between(layout, line, ROLE_LEFT, ROLE_LEFT)) return false;
    for (guint j = 0; j < i; j++) {
        const struct prompt *other = slots[j].prompt;
        int64_t calm = calm_between(layout, line, prompt->role, other->role);
        if (!slots[j].filled) continue;
        if (begin < other->offset + slots[j].frames + calm && other->offset < end + calm) return false;
        lefts += other->role == ROLE_LEFT;
    }
    return prompt->role != ROLE_LEFT || line->most_left == 0 || lefts < line->most_left;
}

static void add_prompt(struct layout *layout, const struct line *line, const struct slot *slot)
{
    int64_t frame = layout->begin + slot->prompt->offset;
    for (guint i = 0; i < slot->prompt->sentences->len; i++) {
        const char *text = g_ptr_array_index(slot->prompt->sentences, i);
        if (frame >= layout->now) add_spoken(layout, line, slot->prompt->role, frame, text, &slot->spoken[i]);
        frame += slot->spoken[i].frames + half_gap(layout);
    }
}

static void fill_slots(struct layout *layout, const struct line *line, struct slot *slots, guint n)
{
    /* Counting out of step is worse than not counting: one word longer than its second drops them all. */
    bool counts_down = true;
    for (guint i = 0; i < n; i++)
        if (slots[i].prompt->role == ROLE_COUNTDOWN && slots[i].frames > layout->timing->rate)
            counts_down = false;
    for (guint i = 0; i < n; i++) {
        struct slot *slot = &slots[i];
        enum role role = slot->prompt->role;
        slot->filled = (counts_down || role != ROLE_COUNTDOWN) && has_room(layout, slots, i, line);
        if (slot->filled)
            add_prompt(layout, line, slot);
        else if (slot->prompt->beat)
            add_tone(layout, line, CUE_TICK, layout->begin + slot->prompt->offset);
    }
}

static bool lay_prompts(struct layout *layout, const struct line *line)
{
    guint n = line->prompts ? line->prompts->len : 0;
    g_autofree struct slot *slots = g_new0(struct slot, n + 1);
    for (guint i = 0; i < n; i++) slots[i].prompt = &g_array_index(line->prompts, struct prompt, i);
    bool found = find_prompts(layout, slots, n);
    if (found) fill_slots(layout, line, slots, n);
    for (guint i = 0; i < n; i++) clear_slot(layout, &slots[i]);
    return found;
}

/* ---- lines ---- */

static void lay_ticks(struct layout *layout, const struct line *line)
{
    int64_t every = layout->timing->tick;
    add_tone(layout, line, CUE_GO, layout->begin);
    for (int64_t at = every; every > 0 && at < line->frames; at += every)
        add_tone(layout, line, CUE_TICK, layout->begin + at);
}

static void lay_rounds(struct layout *layout, const struct line *line)
{
    const struct rhythm *rhythm = &line->rhythm;
    for (int round = 0; round < line->rounds; round++)
        for (int phase = 0; phase < rhythm->n; phase++) {
            int64_t begin = rhythm_frame(rhythm, round, phase), end = rhythm_frame(rhythm, round, phase + 1);
            if (rhythm->cue[phase] != N_CUE_TYPES)
                add_sound(layout, line, rhythm->cue[phase], ROLE_NONE, layout->begin + begin, end - begin);
        }
}

static bool lay_hold(struct layout *layout, const struct line *line)
{
    int64_t end = layout->begin + line->frames;
    add_span(layout, line, SPAN_HOLD, layout->begin, line->frames);
    if (line->kind == LINE_HOLD)
        lay_ticks(layout, line);
    else
        lay_rounds(layout, line);
    add_tone(layout, line, CUE_END, end);
    layout->end = end + layout->timing->tone[OCCASION_END];
    return lay_prompts(layout, line);
}

/* Rests and changes of side begin with a sound; what leads to the end of one is the same for all. */
static bool lay_span(struct layout *layout, const struct line *line)
{
    layout->end = layout->begin + line->frames;
    add_span(layout, line, line->span, layout->begin, line->frames);
    if (line->span == SPAN_CHANGE || line->span == SPAN_REST)
        add_sound(layout, line, CUE_CHIME, line->span == SPAN_CHANGE ? ROLE_CHANGE : ROLE_REST, layout->begin,
                  line->frames);
    if (line->led > 0) add_sound(layout, line, CUE_CHIME, ROLE_ATTENTION, layout->end - line->led, line->led);
    return lay_prompts(layout, line);
}

static bool lay_chime(struct layout *layout, const struct line *line)
{
    const struct cue chime = {.type = CUE_CHIME, .role = line->role};
    layout->end = layout->begin + layout->timing->tone[cue_occasion(&chime)];
    add_sound(layout, line, CUE_CHIME, line->role, layout->begin, INT64_MAX);
    return true;
}

static bool lay(struct layout *layout, const struct line *line)
{
    switch (line->kind) {
    case LINE_SPEECH: return lay_speech(layout, line);
    case LINE_SPAN: return lay_span(layout, line);
    case LINE_HOLD:
    case LINE_ROUNDS: return lay_hold(layout, line);
    case LINE_CHIME: return lay_chime(layout, line);
    }
    g_assert_not_reached();
}

bool layout_line(struct layout *layout, const struct line *line)
{
    layout->cues = g_array_new(FALSE, FALSE, sizeof(struct cue));
    if (lay(layout, line)) {
        g_array_sort(layout->cues, compare);
        return true;
    }
    for (guint i = 0; i < layout->cues->len; i++)
        layout_clear(layout->ops, &g_array_index(layout->cues, struct cue, i));
    g_clear_pointer(&layout->cues, g_array_unref);
    return false;
}

/* ---- lengths ---- */

static int64_t speech_length(struct layout *layout, const struct line *line)
{
    const guint n = line->sentences->len;
    int64_t frames = n > 0 ? gap_after(layout, line) + (n - 1) * gap_inside(layout, line) : 0;
    for (guint i = 0; i < n; i++) {
        struct spoken spoken;
        find(layout, g_ptr_array_index(line->sentences, i), &spoken);
        frames += spoken.frames;
    }
    return frames;
}

int64_t layout_length(const struct timing *timing, const struct clip_ops *ops, const struct line *line)
{
    struct layout layout = {.timing = timing, .ops = ops};
    const struct cue chime = {.type = CUE_CHIME, .role = line->role};
    switch (line->kind) {
    case LINE_SPEECH: return speech_length(&layout, line);
    case LINE_SPAN: return line->frames;
    case LINE_HOLD:
    case LINE_ROUNDS: return line->frames + timing->tone[OCCASION_END];
    case LINE_CHIME: return timing->tone[cue_occasion(&chime)];
    }
    g_assert_not_reached();
}
