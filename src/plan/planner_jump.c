/* Where the planner is led: jumps, repeats, and what is left out. */
#include "planner_private.h"

/* It is over: nothing is to be done about it any more. */
void planner_end_change(struct planner *planner)
{
    g_clear_pointer(&planner->changed, line_free);
    planner->pending = false;
}

/* What is before it is over, and nothing of it is made anew any more. */
static void cut(struct planner *planner, int64_t frame)
{
    timeline_cut(planner->timeline, frame);
    g_array_set_size(planner->marks, 0);
    planner_drop_made(planner);
    planner_end_change(planner);
}

void planner_jump(struct planner *planner, int64_t frame, struct script_pos pos)
{
    cut(planner, frame);
    g_array_set_size(planner->stretches, 0);
    planner->script.effort = planner->script.coming;
    planner->pos = pos;
    planner->over = pos.step > planner->script.routine->n_steps;
    planner->unmade = -1;
}

void planner_rewrite(struct planner *planner, const struct script *script)
{
    const struct script_pos first = planner->marks->len > 0 ? mark_at(planner, 0)->origin.pos
                                    : planner->head < planner->made->len
                                        ? made_at(planner, planner->head)->origin.pos
                                        : planner->pos;
    planner->script = *script;
    planner->script.stretches = planner->stretches;
    for (guint i = 0; i < planner->out->len; i++) planner->out->data[i] = left_out(script->out, (int)i);
    planner->script.out = planner->out;
    planner_jump(planner, 0, first);
}

struct script_pos planner_pos_of(const struct routine *routine, struct place place)
{
    if (place.step == PLACE_HEAD) return SCRIPT_BEGIN;
    if (place.step == PLACE_CLOSING) return (struct script_pos){.step = routine->n_steps};
    const struct sides *sides = &routine->steps[place.step].sides;
    int side = sides->n > 1 && sides->side[1] == place.side ? 1 : 0;
    return (struct script_pos){
        .step = place.step, .set = MAX(0, place.set - 1), .side = side, .rep = MAX(0, place.rep - 1)};
}

void planner_repeat(struct planner *planner, int64_t frame, struct place place, bool setup)
{
    const struct script script = planner_script_at(planner, frame);
    struct script_pos pos = planner_pos_of(script.routine, place);
    pos.setup = setup;
    cut(planner, frame);
    planner_add_block(planner,
                      (struct origin){.pos = pos, .effort = script.effort, .repeated = true, .from = place});
}

/* Index of the next beginning among what is made, in step `step`, or of the next words as well, in any step.
 * Negative if there is none. */
static int next_made(struct planner *planner, int step, bool words)
{
    for (guint i = planner->head;; i++) {
        while (i == planner->made->len) { /* a block may have no lines */
            guint before = planner->head;
            if (!planner_make_more(planner)) return -1;
            i -= before; /* what was laid out is gone from the array */
        }
        const struct made *made = made_at(planner, i);
        if (!words && made->origin.pos.step != step) return -1;
        if (planner_is_beginning(made->line) || (words && made->line->kind == LINE_SPEECH)) return (int)i;
    }
}

/* The step of what is under way before the mark `next`. Behind a jump there is no mark yet, and the lines
 * that are made are the first. */
static int step_under_way(const struct planner *planner, guint next)
{
    if (next > 0) return mark_at(planner, next - 1)->origin.pos.step;
    if (planner->head < planner->made->len) return made_at(planner, planner->head)->origin.pos.step;
    return planner->pos.step;
}

/* From the mark `next` on. */
static int64_t skip(struct planner *planner, guint next, int64_t frame, bool words)
{
    int step = step_under_way(planner, next);
    for (; next < planner->marks->len; next++) {
        const struct mark *mark = mark_at(planner, next);
        if (!words && mark->origin.pos.step != step) return -1;
        if (mark->begins || (words && mark->words)) return mark->frame;
    }
    int index = next_made(planner, step, words);
    if (index < 0) return -1;
    timeline_cut(planner->timeline, frame);
    g_array_set_size(planner->marks, 0);
    planner_end_change(planner);
    planner->head = (guint)index;
    return frame;
}

int64_t planner_skip_to_hold(struct planner *planner, int64_t frame)
{
    return skip(planner, planner_first_mark(planner, frame), frame, false);
}

/* A jump has led to a line that is not laid out yet. Leaves out its first sentence; false if it has no other,
 * and is left out whole. */
static bool leave_out_sentence(struct planner *planner)
{
    struct made *made = made_at(planner, planner->head);
    if (made->line->kind != LINE_SPEECH || made->line->sentences->len < 2) {
        planner->head++;
        return false;
    }
    g_ptr_array_remove_index(made->line->sentences, 0);
    made->origin.sentence++;
    return true;
}

int64_t planner_next_sentence(struct planner *planner, int64_t frame)
{
    int64_t begin;
    guint next = planner_first_mark(planner, frame + 1);
    bool landed = planner->marks->len == 0 && planner->head < planner->made->len;
    if (landed && leave_out_sentence(planner)) return frame;
    bool words = next > 0 && mark_at(planner, next - 1)->words;
    if (words && planner_sentences_left(planner, next, frame + 1, &begin) > 0) return begin;
    return skip(planner, next, frame, true);
}

/* Whether it belongs to the rest that comes before a block. */
static bool is_resting(const struct line *line)
{
    return line->role == ROLE_REST || (line->kind == LINE_SPAN && line->span == SPAN_REST);
}

void planner_enter(struct planner *planner, int64_t frame, struct script_pos pos)
{
    const struct script script = planner_script_at(planner, frame);
    struct origin origin = {.pos = pos,
                            .effort = planner_takes_effort(planner, pos) ? script.coming : script.effort};
    const struct step *step = &script.routine->steps[pos.step];
    origin.repeated = pos.set == 0 && pos.side == 0 && pos.rep == 0; /* without the step's head */
    origin.from = (struct place){.step = pos.step, .set = 1, .rep = 1, .move = step->moves[0].name ? 0 : -1};
    if (step->sides.n > 0) origin.from.side = step->sides.side[0];
    g_autoptr(GPtrArray) lines = planner_make_lines(planner, &origin);
    while (origin.index < lines->len && is_resting(g_ptr_array_index(lines, origin.index))) origin.index++;
    cut(planner, frame);
    planner_add_block(planner, origin);
}
