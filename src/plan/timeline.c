#include "plan/timeline.h"
#include "layout.h"
#include "plan/pace.h"

/* Cues: moving the rest of the array for each one would cost more than it frees. */
enum { FORGET_AT_ONCE = 256 };

struct timeline {
    struct timing timing;
    struct clip_ops ops;
    GArray *cues;
    int64_t end;
    int64_t quiet;   /* since when nothing has sounded */
    int64_t longest; /* of the cues that sound */
    bool finished;
};

void timing_from_settings(struct timing *timing, const struct settings *settings)
{
    int rate = settings->sound.rate;
    *timing = (struct timing){
        .rate = rate,
        .gap = pace_frames(settings, settings->pace.gap_ms),
        .sentence = pace_frames(settings, settings->pace.sentence_ms),
        .wake = duration_frames(settings->sound.wake_ms, rate, 100),
        .tick = (int64_t)settings->count.tick_s * rate,
    };
}

struct timeline *timeline_new(const struct timing *timing, const struct clip_ops *ops)
{
    struct timeline *timeline = g_new0(struct timeline, 1);
    timeline->timing = *timing;
    timeline->ops = *ops;
    timeline->cues = g_array_new(FALSE, FALSE, sizeof(struct cue));
    return timeline;
}

static struct cue *cue_at(const struct timeline *timeline, guint i)
{
    return &g_array_index(timeline->cues, struct cue, i);
}

static void let_go(const struct timeline *timeline, guint from, guint to)
{
    for (guint i = from; i < to; i++) layout_clear(&timeline->ops, cue_at(timeline, i));
}

void timeline_free(struct timeline *timeline)
{
    if (!timeline) return;
    let_go(timeline, 0, timeline->cues->len);
    g_array_unref(timeline->cues);
    g_free(timeline);
}

const struct timing *timeline_timing(const struct timeline *timeline)
{
    return &timeline->timing;
}

/* In its place from the end: only a wake may have to go before a span that is there already. */
static void insert(struct timeline *timeline, struct cue cue)
{
    guint at = timeline->cues->len;
    while (at > 0 && layout_compare(cue_at(timeline, at - 1), &cue) > 0) at--;
    g_array_insert_val(timeline->cues, at, cue);
}

/* Headphones that fell asleep in a silence are woken before the sound that ends it. */
static void wake_before(struct timeline *timeline, int64_t frame)
{
    const struct timing *timing = &timeline->timing;
    if (timing->wake == 0 || frame - timeline->quiet <= (int64_t)TIMELINE_SILENCE_S * timing->rate) return;
    int64_t begin = MAX(frame - timing->wake, timeline->quiet);
    insert(timeline, (struct cue){.type = SPAN_WAKE,
                                  .frame = begin,
                                  .frames = frame - begin,
                                  .place = {.step = -1, .move = -1}});
}

static void add_layout(struct timeline *timeline, const struct layout *layout)
{
    for (guint i = 0; i < layout->cues->len; i++) {
        const struct cue cue = g_array_index(layout->cues, struct cue, i);
        if (cue_sounds(cue.type)) {
            wake_before(timeline, cue.frame);
            timeline->quiet = MAX(timeline->quiet, cue.frame + cue.frames);
        }
        timeline->longest = MAX(timeline->longest, cue.frames);
        insert(timeline, cue);
    }
    g_array_unref(layout->cues);
    timeline->end = layout->end;
}

bool timeline_append(struct timeline *timeline, const struct line *line)
{
    struct layout layout = {.timing = &timeline->timing, .ops = &timeline->ops, .begin = timeline->end};
    layout.now = layout.busy = layout.begin;
    if (!layout_line(&layout, line)) return false;
    add_layout(timeline, &layout);
    timeline->finished = false;
    if (line->kind == LINE_SPAN && line->span == SPAN_WAKE) timeline->quiet = timeline->end;
    return true;
}

void timeline_finish(struct timeline *timeline)
{
    timeline->finished = true;
}

int64_t timeline_end(const struct timeline *timeline)
{
    return timeline->end;
}

int64_t timeline_final(const struct timeline *timeline)
{
    if (timeline->finished) return timeline->end;
    return MAX(timeline->quiet, timeline->end - timeline->timing.wake);
}

static void remove_from(struct timeline *timeline, int64_t frame)
{
    guint keep = timeline->cues->len;
    while (keep > 0 && cue_at(timeline, keep - 1)->frame >= frame) keep--;
    let_go(timeline, keep, timeline->cues->len);
    g_array_set_size(timeline->cues, keep);
    timeline->finished = false;
}

void timeline_cut(struct timeline *timeline, int64_t frame)
{
    remove_from(timeline, frame);
    for (guint i = 0; i < timeline->cues->len; i++) {
        struct cue *cue = cue_at(timeline, i);
        cue->frames = MIN(cue->frames, frame - cue->frame);
    }
    timeline->end = timeline->quiet = frame;
}

void timeline_take_back(struct timeline *timeline, int64_t frame)
{
    remove_from(timeline, frame);
    int64_t quiet = 0; /* from what is there: forgotten cues ended before what was known already */
    for (guint i = timeline->cues->len; i-- > 0;) {
        struct cue *cue = cue_at(timeline, i);
        int64_t end = cue->frame + cue->frames;
        bool first_wake = cue->type == SPAN_WAKE && i == 0;
        if (cue_sounds(cue->type) || first_wake) quiet = MAX(quiet, end);
        /* The wake before the first sound that is taken back comes again with whatever sounds instead. */
        if (cue->type == SPAN_WAKE && !first_wake && end >= frame) {
            layout_clear(&timeline->ops, cue);
            g_array_remove_index(timeline->cues, i);
        }
    }
    timeline->end = frame;
    timeline->quiet = MIN(quiet, frame);
}

/* ---- holds under way ---- */

/* The one that is under way at `now`, also on its first frame. */
static struct cue *hold_at(const struct timeline *timeline, int64_t now)
{
    for (guint i = timeline->cues->len; i-- > 0;) {
        struct cue *cue = cue_at(timeline, i);
        if (cue->type == SPAN_HOLD && cue->frame <= now) return cue->frame + cue->frames > now ? cue : NULL;
    }
    return NULL;
}

const struct cue *timeline_hold(const struct timeline *timeline, int64_t now)
{
    return hold_at(timeline, now);
}

/* When what is being said at `now` ends, and what is announced in the hold; `now` if there is neither. */
static int64_t said_until(const struct timeline *timeline, int64_t now, const struct cue *hold)
{
    int64_t end = now;
    for (guint i = timeline_first(timeline, now); i < timeline->cues->len; i++) {
        const struct cue *cue = cue_at(timeline, i);
        /* Inside a hold, nothing else has this role. */
        bool announced = hold && cue->role == ROLE_PHRASE && cue->frame >= hold->frame &&
                         cue->frame < hold->frame + hold->frames;
        if (cue->text && (cue->frame < now || announced)) end = MAX(end, cue->frame + cue->frames);
    }
    return end;
}

int64_t timeline_spoken(const struct timeline *timeline, int64_t now)
{
    return said_until(timeline, now, hold_at(timeline, now));
}

int64_t timeline_quiet(const struct timeline *timeline, int64_t frame)
{
    int64_t quiet = frame;
    for (guint i = timeline_first(timeline, frame); i < timeline->cues->len; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (cue->frame >= quiet) break;
        if (cue_sounds(cue->type) && cue->type != CUE_TICK) quiet = MAX(quiet, cue->frame + cue->frames);
    }
    return quiet;
}

void timeline_hush(struct timeline *timeline, int64_t frame)
{
    for (guint i = timeline_first(timeline, frame); i < timeline->cues->len; i++) {
        struct cue *cue = cue_at(timeline, i);
        if (cue->frame >= frame) break;
        if (cue->text) cue->frames = MIN(cue->frames, frame - cue->frame);
    }
}

/* Whether it has been said, or begun, from `begin` to before `now`. */
static bool was_said(const struct timeline *timeline, enum role role, int64_t begin, int64_t now)
{
    for (guint i = timeline->cues->len; i-- > 0 && cue_at(timeline, i)->frame >= begin;)
        if (cue_at(timeline, i)->role == role && cue_at(timeline, i)->frame < now) return true;
    return false;
}

bool timeline_relay(struct timeline *timeline, int64_t begin, int64_t now, const struct line *line)
{
    struct layout layout = {
        .timing = &timeline->timing,
        .ops = &timeline->ops,
        .begin = begin,
        .now = now,
        .busy = said_until(timeline, now, NULL),
        .halved = was_said(timeline, ROLE_HALFWAY, begin, now),
    };
    if (!layout_line(&layout, line)) return false;
    timeline_take_back(timeline, now);
    struct cue *hold = hold_at(timeline, now);
    if (hold) hold->frames = line->frames;
    timeline->longest = MAX(timeline->longest, line->frames);
    add_layout(timeline, &layout);
    return true;
}

void timeline_forget(struct timeline *timeline, int64_t frame)
{
    guint first = timeline_first(timeline, frame);
    if (first < FORGET_AT_ONCE) return;
    let_go(timeline, 0, first);
    g_array_remove_range(timeline->cues, 0, first);
}

const GArray *timeline_cues(const struct timeline *timeline)
{
    return timeline->cues;
}

guint timeline_first(const struct timeline *timeline, int64_t frame)
{
    guint low = 0, high = timeline->cues->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (cue_at(timeline, middle)->frame + timeline->longest > frame)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
