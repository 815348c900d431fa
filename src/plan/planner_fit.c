/* What a session that is to end in time needs of the planner. */
#include "layout.h"
#include "planner_private.h"

/* What is under way at a frame. */
struct present {
    struct origin origin; /* of the first line that has not begun */
    int64_t laid;         /* frames until that begins */
    bool any;             /* there is such a line in a block that has been made */
    bool is_new;          /* a new effort counts for it */
};

/* The rest of the words that are under way before the mark `next` is made again too. */
static bool begin_within(const struct planner *planner, guint next, int64_t frame, struct present *present)
{
    int64_t begin = 0;
    const guint left = planner_sentences_left(planner, next, frame, &begin);
    g_autoptr(GPtrArray) lines = planner_make_lines(planner, &present->origin);
    if (left == 0 || present->origin.index >= lines->len) return false;
    const struct line *line = lines->pdata[present->origin.index];
    if (line->kind != LINE_SPEECH) return false;
    present->laid = begin - frame;
    present->origin.sentence = line->sentences->len - MIN(left, line->sentences->len);
    return true;
}

/* As planner_change_effort() goes on from there. */
static struct present present_at(const struct planner *planner, int64_t frame)
{
    const guint next = planner_first_mark(planner, frame);
    const bool laid = next < planner->marks->len, made = planner->head < planner->made->len;
    struct present present = {.any = next > 0 || laid || made,
                              .laid = planner_line_end(planner, next) - frame};
    if (next > 0) {
        present.origin = mark_at(planner, next - 1)->origin;
        present.is_new = mark_at(planner, next - 1)->rest;
        if (!begin_within(planner, next, frame, &present)) planner_step_on(planner, next, &present.origin);
    } else if (present.any) {
        present.origin = laid ? mark_at(planner, 0)->origin : made_at(planner, planner->head)->origin;
        present.is_new = planner_takes_effort(planner, present.origin.pos) &&
                         !(present.origin.repeated && present.origin.from.rep > 0);
    } else {
        present.origin = (struct origin){.pos = planner->pos, .effort = planner->script.effort};
    }
    return present;
}

static bool in_session(const struct planner *planner, struct script_pos pos)
{
    return pos.step <= planner->script.routine->n_steps;
}

/* The next block that takes a new effort, from a block on that may do so itself if `from` is not under way.
 */
static struct script_pos free_block(const struct planner *planner, const struct script *script,
                                    const struct present *present)
{
    struct script_pos pos = present->origin.pos;
    if (present->any && !script_next(script, &pos)) return pos;
    while (in_session(planner, pos) && !planner_takes_effort(planner, pos) && script_next(script, &pos))
        continue;
    return pos;
}

static struct script script_now(const struct script *script, const struct present *present)
{
    struct script now = *script;
    now.effort =
        present->is_new ? planner_effort_now(script->coming, present->origin.effort) : present->origin.effort;
    return now;
}

struct script_pos planner_first_free(const struct planner *planner, int64_t frame,
                                     const struct script *script)
{
    const struct present present = present_at(planner, frame);
    const struct script now = script_now(script ? script : &planner->script, &present);
    return free_block(planner, &now, &present);
}

/* From a line, or a sentence of it, on. */
static int64_t lines_length(const struct planner *planner, const GPtrArray *lines, guint from, guint sentence,
                            const struct clip_ops *ops)
{
    int64_t frames = 0;
    for (guint i = from; i < lines->len; i++, sentence = 0) {
        struct line *line = lines->pdata[i];
        if (sentence > 0) g_ptr_array_remove_range(line->sentences, 0, MIN(sentence, line->sentences->len));
        frames += layout_length(timeline_timing(planner->timeline), ops, line);
    }
    return frames;
}

static bool same_block(struct script_pos a, struct script_pos b)
{
    return a.step == b.step && a.set == b.set && a.side == b.side && a.rep == b.rep;
}

int64_t planner_length_before(const struct planner *planner, int64_t frame, const struct script *script,
                              const struct clip_ops *ops)
{
    const struct present present = present_at(planner, frame);
    const struct script now = script_now(script, &present);
    const struct script_pos end = free_block(planner, &now, &present);
    int64_t frames = present.laid;
    if (!present.any) return frames;
    struct origin origin = present.origin;
    origin.effort = now.effort;
    g_autoptr(GPtrArray) lines = planner_lines_of(&now, &origin);
    g_autoptr(GPtrArray) before = planner_make_lines(planner, &present.origin);
    const guint index = planner_follow(before, lines, origin.index, origin.sentence == 0);
    frames += lines_length(planner, lines, index, origin.sentence, ops);
    for (struct script_pos pos = origin.pos; script_next(&now, &pos) && !same_block(pos, end);) {
        g_autoptr(GPtrArray) more = lines_new();
        script_block(&now, pos, more);
        frames += lines_length(planner, more, 0, 0, ops);
    }
    return frames;
}

void planner_take_fit(struct planner *planner, int64_t frame, const struct script *script)
{
    const struct script_pos from = planner_first_free(planner, frame, NULL);
    planner->script.silence = script->silence;
    for (int i = MAX(0, from.step + 1); i < script->routine->n_steps; i++)
        planner_leave_out(planner, frame, i, left_out(script->out, i));
    planner_change_effort(planner, frame, script->coming);
}
