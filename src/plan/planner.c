#include "plan/planner.h"

/* Where a line comes from, so that it can be made again. */
struct origin {
    struct script_pos pos;
    struct effort effort;
    bool repeated; /* the block was made by script_repeat, from this place on: */
    struct place from;
    guint index; /* among the block's lines */
};

/* A line that is on the timeline. */
struct mark {
    int64_t frame; /* where it begins */
    bool rest;     /* of the rest before a set */
    struct origin origin;
};

struct planner {
    struct script script;
    struct planner_ops ops;
    struct timeline *timeline;
    GPtrArray *lines; /* made, and not laid out yet */
    GArray *origins;  /* struct origin, one a line */
    guint head;       /* index of the first of them; what is before has been laid out */
    guint asked;      /* index of the first whose words have not been asked for; not less than head */
    guint ahead;
    GArray *marks;         /* struct mark */
    GArray *stretches;     /* struct stretch */
    struct script_pos pos; /* the next block */
    bool over;             /* there is no next block */
    struct line *changed;  /* the hold that was changed last, as it is now; NULL: there is none */
    int64_t changed_begin; /* frame */
    bool pending;          /* it is to be laid out again */
    GPtrArray *late;       /* GPtrArray of char *: announcements for which there is no room */
};

static bool begins_set(struct script_pos pos)
{
    return pos.side == 0 && pos.rep == 0;
}

struct planner *planner_new(const struct script *script, const struct timing *timing,
                            const struct planner_ops *ops, guint ahead)
{
    struct planner *planner = g_new0(struct planner, 1);
    planner->ops = *ops;
    planner->timeline = timeline_new(timing, &ops->clips);
    planner->lines = lines_new();
    planner->origins = g_array_new(FALSE, FALSE, sizeof(struct origin));
    planner->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
    planner->late = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    planner->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
    planner->script = *script;
    planner->script.stretches = planner->stretches;
    planner->ahead = ahead;
    planner->pos = SCRIPT_BEGIN;
    return planner;
}

void planner_look_ahead(struct planner *planner, guint ahead)
{
    planner->ahead = ahead;
}

void planner_free(struct planner *planner)
{
    if (!planner) return;
    line_free(planner->changed);
    g_ptr_array_unref(planner->late);
    g_ptr_array_unref(planner->lines);
    g_array_unref(planner->origins);
    g_array_unref(planner->marks);
    g_array_unref(planner->stretches);
    timeline_free(planner->timeline);
    g_free(planner);
}

struct timeline *planner_timeline(struct planner *planner)
{
    return planner->timeline;
}

const struct script *planner_script(const struct planner *planner)
{
    return &planner->script;
}

bool planner_over(const struct planner *planner)
{
    return planner->over && planner->head == planner->lines->len;
}

struct script_pos planner_pos(const struct planner *planner)
{
    return planner->pos;
}

double planner_estimate_made(const struct planner *planner)
{
    double total = 0;
    for (guint i = planner->head; i < planner->lines->len; i++)
        total += script_estimate_line(&planner->script, g_ptr_array_index(planner->lines, i));
    return total;
}

/* ---- lines ---- */

static void request(const struct planner_ops *ops, const GPtrArray *sentences, int source)
{
    for (guint i = 0; i < sentences->len; i++)
        ops->request(ops->clips.data, g_ptr_array_index(sentences, i), source);
}

void planner_request(const struct planner_ops *ops, const struct line *line)
{
    if (line->sentences) request(ops, line->sentences, line->source);
    for (guint i = 0; line->prompts && i < line->prompts->len; i++)
        request(ops, g_array_index(line->prompts, struct prompt, i).sentences, 0);
}

static void make_lines(const struct planner *planner, const struct origin *origin, GPtrArray *lines)
{
    struct script script = planner->script;
    script.effort = origin->effort;
    if (origin->repeated)
        script_repeat(&script, origin->pos, origin->from, lines);
    else
        script_block(&script, origin->pos, lines);
}

static void add_block(struct planner *planner, struct origin origin)
{
    planner->script.effort = origin.effort;
    g_autoptr(GPtrArray) lines = lines_new();
    make_lines(planner, &origin, lines);
    for (; origin.index < lines->len; origin.index++) {
        g_array_append_val(planner->origins, origin);
        g_ptr_array_add(planner->lines, g_ptr_array_index(lines, origin.index));
        lines->pdata[origin.index] = NULL;
    }
    planner->pos = origin.pos;
    planner->over = !script_next(&planner->script, &planner->pos);
}

static void drop_lines(struct planner *planner)
{
    g_ptr_array_set_size(planner->lines, 0);
    g_array_set_size(planner->origins, 0);
    planner->head = planner->asked = 0;
}

static void forget_laid(struct planner *planner)
{
    g_ptr_array_remove_range(planner->lines, 0, planner->head);
    g_array_remove_range(planner->origins, 0, planner->head);
    planner->asked -= planner->head;
    planner->head = 0;
}

static bool make_more(struct planner *planner)
{
    if (planner->over) return false;
    forget_laid(planner);
    struct origin origin = {.pos = planner->pos, .effort = planner->script.effort};
    if (begins_set(origin.pos)) origin.effort = planner->script.coming;
    add_block(planner, origin);
    return true;
}

/* A wait or a hold counts as a sentence. */
static guint sentences_asked(const struct planner *planner)
{
    guint total = 0;
    for (guint i = planner->head; i < planner->asked; i++) {
        const struct line *line = g_ptr_array_index(planner->lines, i);
        total += line->sentences ? MAX(line->sentences->len, 1) : 1;
    }
    return total;
}

/* Keeps `ahead` sentences asked for. Line by line, though a block is made at once: what is jumped to would
 * wait until all of it has been spoken. */
static void refill(struct planner *planner)
{
    while (sentences_asked(planner) < planner->ahead) {
        if (planner->asked < planner->lines->len)
            planner_request(&planner->ops, g_ptr_array_index(planner->lines, planner->asked++));
        else if (!make_more(planner))
            return;
    }
}

static bool lay_line(struct planner *planner)
{
    const struct line *line = g_ptr_array_index(planner->lines, planner->head);
    struct mark mark = {
        .frame = timeline_end(planner->timeline),
        .rest = line->role == ROLE_REST || (line->kind == LINE_SPAN && line->span == SPAN_REST),
        .origin = g_array_index(planner->origins, struct origin, planner->head),
    };
    if (!timeline_append(planner->timeline, line)) return false;
    g_array_append_val(planner->marks, mark);
    planner->head++;
    return true;
}

enum planner_state planner_run(struct planner *planner, int64_t until)
{
    for (;;) {
        refill(planner);
        if (planner->head == planner->lines->len) {
            timeline_finish(planner->timeline);
            return PLANNER_OVER;
        }
        if (timeline_final(planner->timeline) > until) return PLANNER_AHEAD;
        if (!lay_line(planner)) return PLANNER_WAITING;
    }
}

/* ---- steering ---- */

static struct mark *mark_at(const struct planner *planner, guint i)
{
    return &g_array_index(planner->marks, struct mark, i);
}

/* Index of the first line that begins at `frame` or later. */
static guint first_mark(const struct planner *planner, int64_t frame)
{
    guint i = planner->marks->len;
    while (i > 0 && mark_at(planner, i - 1)->frame >= frame) i--;
    return i;
}

void planner_forget(struct planner *planner, int64_t frame)
{
    timeline_forget(planner->timeline, frame);
    guint past = first_mark(planner, frame);
    if (past > 1) g_array_remove_range(planner->marks, 0, past - 1);
}

bool planner_line(const struct planner *planner, int64_t frame, int64_t *begin, int64_t *end)
{
    guint next = first_mark(planner, frame + 1);
    if (next == 0) return false;
    *begin = mark_at(planner, next - 1)->frame;
    *end = next < planner->marks->len ? mark_at(planner, next)->frame : timeline_end(planner->timeline);
    return true;
}

/* What is before it is over, and nothing of it is made anew any more. */
static void cut(struct planner *planner, int64_t frame)
{
    timeline_cut(planner->timeline, frame);
    g_array_set_size(planner->marks, 0);
    drop_lines(planner);
    g_clear_pointer(&planner->changed, line_free);
    planner->pending = false;
}

void planner_jump(struct planner *planner, int64_t frame, struct script_pos pos)
{
    cut(planner, frame);
    g_array_set_size(planner->stretches, 0);
    planner->script.effort = planner->script.coming;
    planner->pos = pos;
    planner->over = pos.step > planner->script.routine->n_steps;
}

struct script_pos planner_pos_of(const struct planner *planner, struct place place)
{
    const struct routine *routine = planner->script.routine;
    if (place.step == PLACE_HEAD) return SCRIPT_BEGIN;
    if (place.step == PLACE_CLOSING) return (struct script_pos){.step = routine->n_steps};
    const struct sides *sides = &routine->steps[place.step].sides;
    int side = sides->n > 1 && sides->side[1] == place.side ? 1 : 0;
    return (struct script_pos){place.step, MAX(0, place.set - 1), side, MAX(0, place.rep - 1)};
}

void planner_repeat(struct planner *planner, int64_t frame, struct place place)
{
    struct origin origin = {.pos = planner_pos_of(planner, place),
                            .effort = planner_effort(planner, frame),
                            .repeated = true,
                            .from = place};
    cut(planner, frame);
    add_block(planner, origin);
}

/* The first line that has not begun at `frame`: the next one of the block under way, also where that has none
 * left, since what follows the block may be another one now. False if nothing has been made yet. */
static bool first_to_come(const struct planner *planner, guint next, struct origin *origin)
{
    bool laid = next < planner->marks->len, made = planner->head < planner->lines->len;
    if (next > 0) {
        *origin = mark_at(planner, next - 1)->origin;
        origin->index++;
        if (mark_at(planner, next - 1)->rest) origin->effort = planner->script.coming;
        return true;
    }
    if (laid)
        *origin = mark_at(planner, 0)->origin;
    else if (made)
        *origin = g_array_index(planner->origins, struct origin, planner->head);
    bool midway = origin->repeated && origin->from.rep > 0;
    if (begins_set(origin->pos) && !midway) origin->effort = planner->script.coming;
    return laid || made;
}

/* Makes the lines from the `next` mark on again, under what has changed since. */
static void make_again(struct planner *planner, guint next)
{
    struct origin origin = {0};
    if (!first_to_come(planner, next, &origin)) return;
    if (next < planner->marks->len) timeline_take_back(planner->timeline, mark_at(planner, next)->frame);
    g_array_set_size(planner->marks, next);
    drop_lines(planner);
    add_block(planner, origin);
}

void planner_change_effort(struct planner *planner, int64_t frame, struct effort effort)
{
    planner->script.coming = effort;
    make_again(planner, first_mark(planner, frame));
}

static bool is_hold(const struct line *line)
{
    return line->kind == LINE_HOLD || line->kind == LINE_BREATHS;
}

/* ---- a change inside a hold ---- */

/* Index of the hold that is under way at `frame`; -1 if there is none. */
static int hold_under_way(const struct planner *planner, int64_t frame)
{
    const struct cue *hold = timeline_hold(planner->timeline, frame);
    int i = (int)first_mark(planner, frame + 1) - 1;
    return hold && i >= 0 && mark_at(planner, (guint)i)->frame == hold->frame ? i : -1;
}

/* Takes the announcements of the changed hold that are not on the timeline: all, or those for which there is
 * no room. */
static void take_announcements(struct planner *planner, bool all, GPtrArray *taken)
{
    GArray *prompts = planner->changed ? planner->changed->prompts : NULL;
    for (guint i = 0; prompts && i < prompts->len;) {
        struct prompt *prompt = &g_array_index(prompts, struct prompt, i);
        bool takes = prompt->offset == PROMPT_LATE || (all && prompt->offset == PROMPT_NO_SLOT);
        if (takes) g_ptr_array_add(taken, g_ptr_array_ref(prompt->sentences));
        if (takes)
            g_array_remove_index(prompts, i);
        else
            i++;
    }
}

static bool has_waiting(const struct line *line)
{
    for (guint i = 0; line->prompts && i < line->prompts->len; i++)
        if (g_array_index(line->prompts, struct prompt, i).offset == PROMPT_NO_SLOT) return true;
    return false;
}

/* It is over: nothing is to be done about it any more. */
static void end_change(struct planner *planner)
{
    take_announcements(planner, true, planner->late);
    g_clear_pointer(&planner->changed, line_free);
    planner->pending = false;
}

static void keep_announcements(const struct line *from, struct line *line)
{
    for (guint i = 0; from->prompts && i < from->prompts->len; i++) {
        const struct prompt *prompt = &g_array_index(from->prompts, struct prompt, i);
        if (prompt->role == ROLE_PHRASE)
            line_prompt(line, ROLE_PHRASE, prompt->offset, g_ptr_array_ref(prompt->sentences));
    }
}

/* Makes the hold under way at `frame` again, to be laid out by planner_relay(). False if there is none. */
static bool change_hold(struct planner *planner, int64_t frame)
{
    int i = hold_under_way(planner, frame);
    bool again = i >= 0 && planner->changed && planner->changed_begin == mark_at(planner, (guint)i)->frame;
    if (!again) end_change(planner);
    if (i < 0) return false;
    const struct mark *mark = mark_at(planner, (guint)i);
    g_autoptr(GPtrArray) lines = lines_new();
    make_lines(planner, &mark->origin, lines);
    struct line *line = g_ptr_array_steal_index(lines, mark->origin.index);
    if (again) keep_announcements(planner->changed, line);
    line_free(planner->changed);
    planner->changed = line;
    planner->changed_begin = mark->frame;
    planner->pending = true;
    return true;
}

void planner_stretch(struct planner *planner, int64_t frame, struct place place, int by)
{
    const struct stretch stretch = {place, by};
    g_array_append_val(planner->stretches, stretch);
    if (change_hold(planner, frame))
        planner_request(&planner->ops, planner->changed);
    else
        make_again(planner, first_mark(planner, frame));
}

bool planner_announce(struct planner *planner, int64_t frame, GPtrArray *sentences)
{
    if (!change_hold(planner, frame)) return false;
    request(&planner->ops, sentences,
            0); /* before what has been said already, in case that is to be spoken again */
    line_prompt(planner->changed, ROLE_PHRASE, PROMPT_NO_SLOT, g_ptr_array_ref(sentences));
    planner_request(&planner->ops, planner->changed);
    return true;
}

bool planner_relay(struct planner *planner, int64_t frame, int64_t earliest)
{
    if (!planner->pending) return true;
    int i = hold_under_way(planner, frame);
    bool under_way = i >= 0 && mark_at(planner, (guint)i)->frame == planner->changed_begin;
    if (under_way &&
        !timeline_relay(planner->timeline, planner->changed_begin, frame, earliest, planner->changed))
        return false;
    if (under_way)
        g_array_set_size(planner->marks, (guint)i + 1);
    else
        end_change(planner); /* it ended before; on the other side it will be as was asked for */
    make_again(planner, under_way ? (guint)i + 1 : first_mark(planner, frame));
    take_announcements(planner, false, planner->late);
    planner->pending = planner->changed && has_waiting(planner->changed);
    return !planner->pending;
}

bool planner_is_changing(const struct planner *planner)
{
    return planner->pending;
}

GPtrArray *planner_take_announcements(struct planner *planner, bool all)
{
    take_announcements(planner, all, planner->late);
    GPtrArray *taken = g_steal_pointer(&planner->late);
    planner->late = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    return taken;
}

struct effort planner_effort(const struct planner *planner, int64_t frame)
{
    guint next = first_mark(planner, frame + 1);
    bool laid = next > 0 && frame < timeline_end(planner->timeline);
    bool made = planner->head < planner->lines->len;
    if (laid) return mark_at(planner, next - 1)->origin.effort;
    if (made) return g_array_index(planner->origins, struct origin, planner->head).effort;
    return planner->script.effort;
}

struct script planner_script_at(const struct planner *planner, int64_t frame)
{
    struct script script = planner->script;
    script.effort = planner_effort(planner, frame);
    return script;
}

/* Blocks. No user means a hold behind so many, and making thousands would hold up the sound. */
enum { FARTHEST = 100 };

/* Among the lines that are not laid out; more are made until there is one. */
static bool hold_to_come(struct planner *planner, struct place *place)
{
    int blocks = 0;
    do {
        for (guint i = planner->head; i < planner->lines->len; i++) {
            const struct line *line = g_ptr_array_index(planner->lines, i);
            *place = line->place;
            if (is_hold(line)) return true;
        }
    } while (blocks++ < FARTHEST && make_more(planner));
    return false;
}

bool planner_next_hold(struct planner *planner, int64_t frame, struct place *place)
{
    const GArray *cues = timeline_cues(planner->timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        *place = cue->place;
        if (cue->type == SPAN_HOLD && cue->frame + cue->frames > frame) return true;
    }
    return hold_to_come(planner, place);
}
