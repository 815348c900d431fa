#include "planner_private.h"

struct planner *planner_new(const struct script *script, const struct timing *timing,
                            const struct planner_ops *ops, guint ahead)
{
    struct planner *planner = g_new0(struct planner, 1);
    planner->ops = *ops;
    planner->timeline = timeline_new(timing, &ops->clips);
    planner->lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    planner->origins = g_array_new(FALSE, FALSE, sizeof(struct origin));
    planner->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
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
    line_free(planner->stretched);
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

void planner_request(const struct planner_ops *ops, const struct line *line)
{
    for (guint i = 0; line->sentences && i < line->sentences->len; i++)
        ops->request(ops->clips.data, g_ptr_array_index(line->sentences, i), line->source);
    for (guint i = 0; line->prompts && i < line->prompts->len; i++)
        ops->request(ops->clips.data, g_array_index(line->prompts, struct prompt, i).text, 0);
}

void planner_make_lines(const struct planner *planner, const struct origin *origin, GPtrArray *lines)
{
    struct script script = planner->script;
    script.effort = origin->effort;
    if (origin->repeated)
        script_repeat(&script, origin->pos, origin->from, lines);
    else
        script_block(&script, origin->pos, lines);
}

void planner_add_block(struct planner *planner, struct origin origin)
{
    planner->script.effort = origin.effort;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)line_free);
    planner_make_lines(planner, &origin, lines);
    for (; origin.index < lines->len; origin.index++) {
        g_array_append_val(planner->origins, origin);
        g_ptr_array_add(planner->lines, g_ptr_array_index(lines, origin.index));
        lines->pdata[origin.index] = NULL;
    }
    planner->pos = origin.pos;
    planner->over = !script_next(&planner->script, &planner->pos);
}

void planner_drop_lines(struct planner *planner)
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

bool planner_make_more(struct planner *planner)
{
    if (planner->over) return false;
    forget_laid(planner);
    struct origin origin = {.pos = planner->pos, .effort = planner->script.effort};
    if (planner_begins_set(origin.pos)) origin.effort = planner->script.coming;
    planner_add_block(planner, origin);
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
        else if (!planner_make_more(planner))
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
