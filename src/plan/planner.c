#include "planner_private.h"

static void clear_made(gpointer data)
{
    line_free(((struct made *)data)->line);
}

struct planner *planner_new(const struct script *script, const struct timing *timing,
                            const struct planner_ops *ops, guint ahead)
{
    struct planner *planner = g_new0(struct planner, 1);
    planner->ops = *ops;
    planner->timeline = timeline_new(timing, &ops->clips);
    planner->made = g_array_new(FALSE, FALSE, sizeof(struct made));
    g_array_set_clear_func(planner->made, clear_made);
    planner->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
    planner->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
    planner->script = *script;
    planner->script.stretches = planner->stretches;
    planner->out = g_byte_array_new();
    g_byte_array_set_size(planner->out, (guint)script->routine->n_steps);
    for (int i = 0; i < script->routine->n_steps; i++) planner->out->data[i] = left_out(script->out, i);
    planner->script.out = planner->out;
    planner->ahead = ahead;
    planner->pos = SCRIPT_BEGIN;
    planner->unmade = -1;
    return planner;
}

void planner_free(struct planner *planner)
{
    if (!planner) return;
    line_free(planner->changed);
    g_array_unref(planner->made);
    g_array_unref(planner->marks);
    g_array_unref(planner->stretches);
    g_byte_array_unref(planner->out);
    timeline_free(planner->timeline);
    g_free(planner);
}

void planner_look_ahead(struct planner *planner, guint ahead)
{
    planner->ahead = ahead;
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
    return planner->over && planner->head == planner->made->len;
}

struct script_pos planner_pos(const struct planner *planner)
{
    return planner->pos;
}

double planner_estimate(struct planner *planner)
{
    if (planner->unmade < 0) planner->unmade = script_estimate_from(&planner->script, planner->pos);
    double total = planner->unmade;
    for (guint i = planner->head; i < planner->made->len; i++)
        total += script_estimate_line(&planner->script, made_at(planner, i)->line);
    return total;
}

double planner_time_to_step(struct planner *planner, int64_t frame, int step)
{
    const GArray *cues = timeline_cues(planner->timeline);
    int rate = planner->script.settings->sound.rate;
    for (guint i = timeline_first(planner->timeline, frame); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame > frame && cue->type != SPAN_WAKE && cue->place.step != step)
            return (double)(cue->frame - frame) / rate;
    }
    double seconds = (double)(timeline_end(planner->timeline) - frame) / rate;
    for (guint i = planner->head; i < planner->made->len; i++) {
        const struct line *line = made_at(planner, i)->line;
        if (line->place.step == step) seconds += script_estimate_line(&planner->script, line);
    }
    if (planner->over || planner->pos.step != step) return seconds;
    return seconds + script_estimate_from(&planner->script, planner->pos) -
           script_estimate_from(
               &planner->script,
               (struct script_pos){.step = step_after(planner->script.routine, planner->script.out, step)});
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

GPtrArray *planner_lines_of(const struct script *script, const struct origin *origin)
{
    GPtrArray *lines = lines_new();
    struct script present = *script;
    present.effort = origin->effort;
    if (origin->repeated)
        script_repeat(&present, origin->pos, origin->from, lines);
    else
        script_block(&present, origin->pos, lines);
    return lines;
}

/* The lines of the block that one of them comes from. */
GPtrArray *planner_make_lines(const struct planner *planner, const struct origin *origin)
{
    return planner_lines_of(&planner->script, origin);
}

/* Index of the first line behind the last set of a step; the number of lines if there is none. */
static guint step_end(const GPtrArray *lines)
{
    guint i = lines->len;
    while (i > 0 && ((const struct line *)lines->pdata[i - 1])->place.set == 0) i--;
    return i == 0 ? lines->len : i;
}

/* From the line `origin.index` on, and in that from its sentence `origin.sentence` on. */
void planner_add_block(struct planner *planner, struct origin origin)
{
    planner->script.effort = origin.effort;
    g_autoptr(GPtrArray) lines = planner_make_lines(planner, &origin);
    const guint end = step_end(lines);
    for (; origin.index < lines->len; origin.index++, origin.sentence = 0) {
        struct made made = {g_steal_pointer(&lines->pdata[origin.index]), origin, false};
        made.origin.pos.last |= origin.index >= end;
        if (origin.sentence > 0)
            g_ptr_array_remove_range(made.line->sentences, 0,
                                     MIN(origin.sentence, made.line->sentences->len));
        g_array_append_val(planner->made, made);
    }
    planner->pos = origin.pos;
    planner->over = !script_next(&planner->script, &planner->pos);
    planner->unmade = -1;
}

void planner_drop_made(struct planner *planner)
{
    g_array_set_size(planner->made, 0);
    planner->head = 0;
}

/* A new effort takes effect with a repetition, or, so that two sides get the same, with a set. */
bool planner_takes_effort(const struct planner *planner, struct script_pos pos)
{
    const struct routine *routine = planner->script.routine;
    bool in_step = pos.step >= 0 && pos.step < routine->n_steps;
    bool two_sides = in_step && routine->steps[pos.step].sides.n > 1;
    return !two_sides || (pos.side == 0 && pos.rep == 0);
}

bool planner_make_more(struct planner *planner)
{
    if (planner->over) return false;
    g_array_remove_range(planner->made, 0, planner->head);
    planner->head = 0;
    bool new_effort = planner_takes_effort(planner, planner->pos);
    planner_add_block(
        planner, (struct origin){.pos = planner->pos,
                                 .effort = new_effort ? planner->script.coming : planner->script.effort});
    return true;
}

/* Keeps `ahead` sentences asked for; a wait or a hold counts as one. Line by line, though a block is made at
 * once: what is jumped to would wait until all of it has been spoken. */
static void refill(struct planner *planner)
{
    guint sentences = 0;
    for (guint i = 0; sentences < planner->ahead; i++) {
        while (planner->head + i >= planner->made->len)
            if (!planner_make_more(planner)) return;
        struct made *made = made_at(planner, planner->head + i);
        if (!made->asked) planner_request(&planner->ops, made->line);
        made->asked = true;
        sentences += made->line->sentences ? MAX(made->line->sentences->len, 1) : 1;
    }
}

/* Of the rest before a set or a repetition, words or silence: a new effort still counts there. */
static bool is_rest_before(const struct planner *planner, const struct made *made)
{
    const struct line *line = made->line;
    const struct script_pos pos = made->origin.pos;
    bool rest = line->role == ROLE_REST || (line->kind == LINE_SPAN && line->span == SPAN_REST),
         first = pos.set == 0 && pos.rep == 0;
    return rest && !first && line->place.set > 0 && line->place.move < 0 &&
           planner_takes_effort(planner, pos);
}

static bool is_hold(const struct line *line)
{
    return line->kind == LINE_HOLD || line->kind == LINE_ROUNDS;
}

/* Where one may begin: a hold, or a wait for the listener. */
bool planner_is_beginning(const struct line *line)
{
    return is_hold(line) || (line->kind == LINE_SPAN && line->span == SPAN_READY);
}

static bool lay_line(struct planner *planner)
{
    const struct made *made = made_at(planner, planner->head);
    const struct line *line = made->line;
    const struct mark mark = {
        .frame = timeline_end(planner->timeline),
        .hold = is_hold(line),
        .release = line->role == ROLE_RELEASE,
        .begins = planner_is_beginning(line),
        .words = line->kind == LINE_SPEECH,
        .rest = is_rest_before(planner, made),
        .origin = made->origin,
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
        if (planner->head == planner->made->len) {
            timeline_finish(planner->timeline);
            return PLANNER_OVER;
        }
        if (timeline_final(planner->timeline) > until) return PLANNER_AHEAD;
        if (!lay_line(planner)) return PLANNER_WAITING;
    }
}

bool planner_lasts(const struct planner *planner, double backlog)
{
    double laid = (double)timeline_final(planner->timeline) / planner->script.settings->sound.rate;
    return planner_over(planner) || laid >= backlog;
}

/* ---- what is on the timeline ---- */

/* Index of the first line that begins at `frame` or later. */
guint planner_first_mark(const struct planner *planner, int64_t frame)
{
    guint i = planner->marks->len;
    while (i > 0 && mark_at(planner, i - 1)->frame >= frame) i--;
    return i;
}

void planner_forget(struct planner *planner, int64_t frame)
{
    timeline_forget(planner->timeline, frame);
    guint past = planner_first_mark(planner, frame);
    if (past > 1) g_array_remove_range(planner->marks, 0, past - 1);
}

/* Where the line before the mark `next` ends. */
int64_t planner_line_end(const struct planner *planner, guint next)
{
    return next < planner->marks->len ? mark_at(planner, next)->frame : timeline_end(planner->timeline);
}

/* The end of the last word before `frame`; `least` if that is later. */
static int64_t words_end(const struct planner *planner, int64_t least, int64_t frame)
{
    const GArray *cues = timeline_cues(planner->timeline);
    for (guint i = timeline_first(planner->timeline, least); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->text && cue->frame < frame) least = MAX(least, cue->frame + cue->frames);
    }
    return least;
}

/* The end of the releases that follow a hold: the first of them is, or would be, the mark `next`. */
static int64_t release_end(const struct planner *planner, guint next)
{
    int64_t hold_end = planner_line_end(planner, next);
    while (next < planner->marks->len && mark_at(planner, next)->release) next++;
    bool more = next == planner->marks->len && planner->head < planner->made->len &&
                made_at(planner, planner->head)->line->role == ROLE_RELEASE;
    return more ? INT64_MAX : words_end(planner, hold_end, planner_line_end(planner, next));
}

int64_t planner_break(const struct planner *planner, int64_t frame)
{
    bool begun = timeline_hold(planner->timeline, frame) != NULL; /* also on its first frame */
    guint next = planner_first_mark(planner, frame + begun);
    if (next > 0 && mark_at(planner, next - 1)->hold) return release_end(planner, next);
    return timeline_quiet(planner->timeline, frame);
}

struct script planner_script_at(const struct planner *planner, int64_t frame)
{
    struct script script = planner->script;
    guint next = planner_first_mark(planner, frame + 1);
    if (next > 0 && frame < timeline_end(planner->timeline))
        script.effort = mark_at(planner, next - 1)->origin.effort;
    else if (planner->head < planner->made->len)
        script.effort = made_at(planner, planner->head)->origin.effort;
    return script;
}

/* Blocks. No user means a hold behind so many, and making thousands would hold up the sound. */
enum { FARTHEST = 100 };

bool planner_next_hold(struct planner *planner, int64_t frame, struct place *place)
{
    const GArray *cues = timeline_cues(planner->timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        *place = cue->place;
        if (cue->type == SPAN_HOLD && cue->frame + cue->frames > frame) return true;
    }
    int blocks = 0;
    do {
        for (guint i = planner->head; i < planner->made->len; i++) {
            const struct line *line = made_at(planner, i)->line;
            *place = line->place;
            if (is_hold(line)) return true;
        }
    } while (blocks++ < FARTHEST && planner_make_more(planner));
    return false;
}

/* The sentences of the line before the mark `next` that begin at `frame` or later; *begin is where. */
guint planner_sentences_left(const struct planner *planner, guint next, int64_t frame, int64_t *begin)
{
    const GArray *cues = timeline_cues(planner->timeline);
    int64_t end = planner_line_end(planner, next);
    guint left = 0;
    for (guint i = timeline_first(planner->timeline, frame); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (!cue->text || cue->frame < frame || cue->frame >= end) continue;
        if (left++ == 0) *begin = cue->frame;
    }
    return left;
}

/* ---- changes of what is to come ---- */

/* The line before the mark `next` is under way. Takes back what is still to be said of it; false if that is
 * nothing. */
static bool take_back_sentences(struct planner *planner, guint next, int64_t frame, struct origin *origin)
{
    int64_t begin = 0;
    guint left = planner_sentences_left(planner, next, frame, &begin);
    g_autoptr(GPtrArray) lines = planner_make_lines(planner, origin);
    if (left == 0 || origin->index >= lines->len) return false;
    const struct line *line = g_ptr_array_index(lines, origin->index);
    if (line->kind != LINE_SPEECH) return false;
    timeline_take_back(planner->timeline, begin);
    origin->sentence = line->sentences->len - MIN(left, line->sentences->len);
    return true;
}

struct effort planner_effort_now(struct effort coming, struct effort before)
{
    coming.words = before.words;
    return coming;
}

void planner_step_on(const struct planner *planner, guint next, struct origin *origin)
{
    bool laid = next < planner->marks->len, made = planner->head < planner->made->len;
    guint sentence = laid   ? mark_at(planner, next)->origin.sentence
                     : made ? made_at(planner, planner->head)->origin.sentence
                            : 0;
    origin->index += sentence == 0;
    origin->sentence = sentence;
}

/* Makes the lines from the `next` mark on again, under what has changed since: they begin with what is left
 * to be said of the line under way, and then with the next line of its block, even if it has none left, since
 * another block may follow it now. */
static void make_again(struct planner *planner, guint next, int64_t frame)
{
    bool laid = next < planner->marks->len, made = planner->head < planner->made->len, within = false;
    struct origin origin;
    bool is_new; /* so that a new effort holds */
    if (next > 0) {
        origin = mark_at(planner, next - 1)->origin;
        is_new = mark_at(planner, next - 1)->rest;
    } else if (laid || made) {
        origin = laid ? mark_at(planner, 0)->origin : made_at(planner, planner->head)->origin;
        is_new = planner_takes_effort(planner, origin.pos) && !(origin.repeated && origin.from.rep > 0);
    } else {
        return;
    }
    if (is_new) origin.effort = planner_effort_now(planner->script.coming, origin.effort);
    if (next > 0) within = take_back_sentences(planner, next, frame, &origin);
    if (next > 0 && !within) planner_step_on(planner, next, &origin);
    if (laid && !within) timeline_take_back(planner->timeline, mark_at(planner, next)->frame);
    g_array_set_size(planner->marks, next);
    planner_drop_made(planner);
    planner_add_block(planner, origin);
}

/* ---- a block that changes while it is under way ---- */

static bool same_line(const struct line *a, const struct line *b)
{
    return a->kind == b->kind && a->role == b->role && a->span == b->span && a->source == b->source &&
           place_equal(a->place, b->place);
}

/* Where the line of `before` is in `after`: the n-th of those that are the same; -1: it is gone. */
static int find_line(const GPtrArray *before, const GPtrArray *after, guint index)
{
    const struct line *line = before->pdata[index];
    guint n = 0;
    for (guint i = 0; i <= index; i++) n += same_line(before->pdata[i], line);
    for (guint i = 0; i < after->len; i++)
        if (same_line(after->pdata[i], line) && --n == 0) return (int)i;
    return -1;
}

/* For a line that is gone, the one before it stands. */
guint planner_follow(const GPtrArray *before, const GPtrArray *after, guint index, bool to_come)
{
    if (index < to_come || index - to_come >= before->len) return index;
    int found = -1;
    for (guint i = index - to_come + 1; i > 0 && found < 0; i--) found = find_line(before, after, i - 1);
    return found < 0 ? index : (guint)found + to_come;
}

/* Where the line comes from that is under way before the mark `next`, or else the first that comes; NULL if
 * neither is made. */
static struct origin *present_origin(const struct planner *planner, guint next)
{
    if (next > 0) return &mark_at(planner, next - 1)->origin;
    if (planner->marks->len > 0) return &mark_at(planner, 0)->origin;
    return planner->head < planner->made->len ? &made_at(planner, planner->head)->origin : NULL;
}

static GPtrArray *present_lines(const struct planner *planner, guint next)
{
    const struct origin *origin = present_origin(planner, next);
    return origin ? planner_make_lines(planner, origin) : lines_new();
}

/* The script has changed since `before` was made of it: what comes is made again. */
static void change(struct planner *planner, int64_t frame, guint next, const GPtrArray *before)
{
    struct origin *origin = present_origin(planner, next);
    g_autoptr(GPtrArray) after = present_lines(planner, next);
    planner->unmade = -1;
    if (origin) origin->index = planner_follow(before, after, origin->index, next == 0);
    make_again(planner, next, frame);
}

void planner_change_effort(struct planner *planner, int64_t frame, struct effort effort)
{
    guint next = planner_first_mark(planner, frame);
    g_autoptr(GPtrArray) before = present_lines(planner, next);
    planner->script.coming = effort;
    change(planner, frame, next, before);
}

bool planner_effort_begins(const struct planner *planner, int64_t frame, struct script_pos *pos)
{
    guint next = planner_first_mark(planner, frame);
    if (next > 0 && mark_at(planner, next - 1)->rest) {
        *pos = mark_at(planner, next - 1)->origin.pos;
        return true;
    }
    *pos = planner->pos;
    bool more = !planner->over;
    while (more && !planner_takes_effort(planner, *pos)) more = script_next(&planner->script, pos);
    return more && pos->step < planner->script.routine->n_steps;
}

/* ---- steps that are left out ---- */

void planner_leave_out(struct planner *planner, int64_t frame, int step, bool out)
{
    if (left_out(planner->out, step) == out) return;
    guint next = planner_first_mark(planner, frame);
    g_autoptr(GPtrArray) before = present_lines(planner, next);
    planner->out->data[step] = out;
    planner->script.out = planner->out;
    change(planner, frame, next, before);
}

/* ---- changes inside a hold ---- */

/* The mark of the hold that is under way at `frame`; NULL if there is none. */
static const struct mark *hold_under_way(const struct planner *planner, int64_t frame)
{
    const struct cue *hold = timeline_hold(planner->timeline, frame);
    guint next = planner_first_mark(planner, frame + 1);
    if (!hold || next == 0) return NULL;
    const struct mark *mark = mark_at(planner, next - 1);
    return mark->frame == hold->frame ? mark : NULL;
}

/* Makes the hold under way at `frame` again, with its announcements, to be laid out by planner_relay(). False
 * if there is none. */
static bool change_hold(struct planner *planner, int64_t frame)
{
    const struct mark *mark = hold_under_way(planner, frame);
    if (!mark || planner->changed_begin != mark->frame) planner_end_change(planner);
    if (!mark) return false;
    g_autoptr(GPtrArray) lines = planner_make_lines(planner, &mark->origin);
    struct line *line = g_steal_pointer(&lines->pdata[mark->origin.index]);
    const GArray *prompts = planner->changed ? planner->changed->prompts : NULL;
    for (guint i = 0; prompts && i < prompts->len; i++) {
        const struct prompt *prompt = &g_array_index(prompts, struct prompt, i);
        if (prompt->role == ROLE_PHRASE)
            line_prompt(line, ROLE_PHRASE, prompt->offset, g_ptr_array_ref(prompt->sentences));
    }
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
        make_again(planner, planner_first_mark(planner, frame), frame);
}

void planner_speak_again(struct planner *planner, int64_t frame, int percent)
{
    planner->script.rate = percent;
    planner->unmade = -1;
    for (guint i = planner->head; i < planner->made->len; i++) made_at(planner, i)->asked = false;
    if (change_hold(planner, frame))
        planner_request(&planner->ops, planner->changed);
    else
        make_again(planner, planner_first_mark(planner, frame), frame);
}

bool planner_announce(struct planner *planner, int64_t frame, int64_t at, const char *text)
{
    if (!change_hold(planner, frame)) return false;
    g_autoptr(GPtrArray) sentence = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(sentence, g_strdup(text));
    line_prompt(planner->changed, ROLE_PHRASE, at - planner->changed_begin, g_steal_pointer(&sentence));
    planner_request(&planner->ops, planner->changed);
    return true;
}

void planner_withdraw(struct planner *planner, int64_t frame)
{
    GArray *prompts = planner->changed ? planner->changed->prompts : NULL;
    for (guint i = prompts ? prompts->len : 0; i-- > 0;) {
        const struct prompt *prompt = &g_array_index(prompts, struct prompt, i);
        if (prompt->role != ROLE_PHRASE || planner->changed_begin + prompt->offset < frame) continue;
        g_array_remove_index(prompts, i);
        planner->pending = true;
    }
}

void planner_relay(struct planner *planner, int64_t frame)
{
    if (!planner->pending) return;
    const struct mark *mark = hold_under_way(planner, frame);
    guint next = planner_first_mark(planner, frame);
    if (mark && mark->frame == planner->changed_begin) {
        if (!timeline_relay(planner->timeline, mark->frame, frame, planner->changed)) return;
        next = planner_first_mark(planner, frame + 1);
        g_array_set_size(planner->marks, next);
    } else {
        planner_end_change(planner); /* it ended before; on the other side it will be as was asked for */
    }
    make_again(planner, next, frame);
    planner->pending = false;
}

bool planner_is_changing(const struct planner *planner)
{
    return planner->pending;
}
