#include "plan/planner.h"

struct planner {
    struct script script;
    struct planner_ops ops;
    struct timeline *timeline;
    GPtrArray *lines; /* made, and not laid out yet */
    guint head;       /* index of the first of them; what is before has been laid out */
    guint ahead;
    struct script_pos pos; /* the next block */
    bool over;             /* there is no next block */
};

struct planner *planner_new(const struct script *script, const struct timing *timing, const struct planner_ops *ops, guint ahead)
{
    struct planner *planner = g_new0(struct planner, 1);
    planner->script = *script;
    planner->ops = *ops;
    planner->timeline = timeline_new(timing, &ops->clips);
    planner->lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    planner->ahead = ahead;
    planner->pos = SCRIPT_BEGIN;
    return planner;
}

void planner_free(struct planner *planner)
{
    if (!planner) return;
    g_ptr_array_unref(planner->lines);
    timeline_free(planner->timeline);
    g_free(planner);
}

static struct script_pos pos_of(const struct routine *routine, struct place place)
{
    if (place.step == PLACE_HEAD) return SCRIPT_BEGIN;
    if (place.step == PLACE_CLOSING) return (struct script_pos){.step = routine->n_steps};
    const struct sides *sides = &routine->steps[place.step].sides;
    int side = sides->n > 1 && sides->side[1] == place.side ? 1 : 0;
    return (struct script_pos){place.step, MAX(0, place.set - 1), side, MAX(0, place.rep - 1)};
}

struct script_pos planner_pos(const struct planner *planner)
{
    if (planner->head == planner->lines->len) return planner->pos;
    const struct line *line = g_ptr_array_index(planner->lines, planner->head);
    return pos_of(planner->script.routine, line->place);
}

bool planner_over(const struct planner *planner)
{
    return planner->over && planner->head == planner->lines->len;
}

struct timeline *planner_timeline(struct planner *planner)
{
    return planner->timeline;
}

/* Asks for all that a line may have to say. */
static void request(struct planner *planner, const struct line *line)
{
    void *data = planner->ops.clips.data;
    for (guint i = 0; line->sentences && i < line->sentences->len; i++)
        planner->ops.request(data, g_ptr_array_index(line->sentences, i), line->source);
    for (guint i = 0; line->prompts && i < line->prompts->len; i++)
        planner->ops.request(data, g_array_index(line->prompts, struct prompt, i).text, 0);
}

static void request_from(struct planner *planner, guint from)
{
    for (guint i = from; i < planner->lines->len; i++) request(planner, g_ptr_array_index(planner->lines, i));
}

/* Keeps at least `ahead` lines asked for, so that speech is made while others are laid out and played. */
static void refill(struct planner *planner)
{
    if (planner->lines->len - planner->head >= planner->ahead || planner->over) return;
    if (planner->head > 0) g_ptr_array_remove_range(planner->lines, 0, planner->head);
    planner->head = 0;
    while (planner->lines->len < planner->ahead && !planner->over) {
        guint before = planner->lines->len;
        script_block(&planner->script, planner->pos, planner->lines);
        request_from(planner, before);
        planner->over = !script_next(&planner->script, &planner->pos);
    }
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
        if (!timeline_append(planner->timeline, g_ptr_array_index(planner->lines, planner->head))) return PLANNER_WAITING;
        planner->head++;
    }
}

static void cut(struct planner *planner, int64_t frame)
{
    timeline_cut(planner->timeline, frame);
    g_ptr_array_set_size(planner->lines, 0);
    planner->head = 0;
}

void planner_jump(struct planner *planner, int64_t frame, struct script_pos pos)
{
    cut(planner, frame);
    planner->pos = pos;
    planner->over = pos.step > planner->script.routine->n_steps;
}

void planner_repeat(struct planner *planner, int64_t frame, struct place place)
{
    struct script_pos pos = pos_of(planner->script.routine, place);
    planner_jump(planner, frame, pos);
    script_repeat(&planner->script, pos, place, planner->lines);
    request_from(planner, 0);
    planner->over = !script_next(&planner->script, &planner->pos);
}
