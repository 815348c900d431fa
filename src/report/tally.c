#include "report/tally.h"

static guint hash_place(gconstpointer data)
{
    const struct place *place = data;
    guint hash = (guint)place->step;
    hash = hash * 31 + (guint)place->set;
    hash = hash * 31 + (guint)place->rep;
    hash = hash * 31 + (guint)place->move;
    return hash * 31 + (guint)place->side;
}

static gboolean same_place(gconstpointer a, gconstpointer b)
{
    return place_equal(*(const struct place *)a, *(const struct place *)b);
}

void tally_init(struct tally *tally, const struct script *script)
{
    *tally = (struct tally){
        .routine = script->routine, .out = script->out, .step = PLACE_HEAD, .coming = script->coming};
    tally->steps = g_new0(struct tally_step, script->routine->n_steps);
    tally->held = g_hash_table_new_full(hash_place, same_place, g_free, NULL);
}

void tally_finish(struct tally *tally)
{
    g_free(tally->steps);
    if (tally->held) g_hash_table_unref(tally->held);
}

/* ---- holds ---- */

static int sides_of(const struct sides *sides)
{
    return MAX(1, sides->n);
}

static int planned(const struct step *step, struct effort effort)
{
    int holds = 0;
    for (int i = 0; i < step->n_moves; i++)
        if (step->moves[i].hold.kind != HOLD_READY) holds += sides_of(&step->moves[i].sides);
    return holds * sides_of(&step->sides) * effort_sets(effort, step) * effort_reps(effort, step);
}

static void count_hold(struct tally *tally, struct place place)
{
    if (place.step < 0 || !g_hash_table_add(tally->held, g_memdup2(&place, sizeof place))) return;
    struct tally_step *step = &tally->steps[place.step];
    step->holds_done++;
    step->changed = true;
}

void tally_holds(const struct tally *tally, struct effort effort, int *done, int *all)
{
    *done = *all = 0;
    for (int i = 0; i < tally->routine->n_steps; i++) {
        const struct tally_step *step = &tally->steps[i];
        bool heard = step->entered || !left_out(tally->out, i);
        int holds = step->entered ? step->holds : heard ? planned(&tally->routine->steps[i], effort) : 0;
        *done += step->holds_done;
        *all += MAX(holds, step->holds_done);
    }
}

/* ---- steps ---- */

/* Those between two steps have been left out, and so has what was left too early for a later one. */
static void mark_skipped(struct tally *tally, int from, int to)
{
    struct tally_step *left = &tally->steps[from];
    left->skipped = left->holds_done < left->holds;
    for (int i = from + 1; i < to; i++) {
        struct tally_step *step = &tally->steps[i];
        if (!step->entered) *step = (struct tally_step){.skipped = !left_out(tally->out, i)};
    }
}

static void look_at_step(struct tally *tally, const struct script *script)
{
    if (tally->step < 0) return;
    struct tally_step *step = &tally->steps[tally->step];
    step->level = script->effort.level;
    step->holds = MAX(step->holds_done, planned(&tally->routine->steps[tally->step], script->effort));
}

static void enter(struct tally *tally, const struct script *script, int step)
{
    int before = tally->step, n_steps = tally->routine->n_steps;
    int to = step == PLACE_CLOSING ? n_steps : step;
    tally->step = step;
    if (before >= 0) {
        tally->step_ended = true;
        if (to > before) mark_skipped(tally, before, to);
    }
    if (step < 0) return;
    tally->steps[step].entered = tally->steps[step].changed = true;
    tally->steps[step].skipped = false;
    look_at_step(tally, script);
}

/* ---- changes ---- */

static bool is_easier(struct effort now, struct effort before)
{
    return now.level < before.level || now.hold < before.hold;
}

static void note_changes(struct tally *tally, const struct script *script)
{
    int here = CLAMP(tally->step, 0, tally->routine->n_steps - 1);
    if (tally->step != PLACE_CLOSING && is_easier(script->coming, tally->coming))
        tally->steps[here].easier = tally->steps[here].changed = true;
    tally->coming = script->coming;
    tally->out = script->out;
    for (guint i = 0; script->stretches && i < script->stretches->len; i++) {
        const struct stretch *stretch = &g_array_index(script->stretches, struct stretch, i);
        struct tally_step *step = stretch->place.step >= 0 ? &tally->steps[stretch->place.step] : NULL;
        if (!step || stretch->by <= step->longer) continue;
        step->longer = stretch->by;
        step->changed = true;
    }
}

/* ---- what is heard ---- */

static void hear(struct tally *tally, int64_t frames)
{
    tally->frames += frames;
    if (tally->step < 0) return;
    tally->steps[tally->step].frames += frames;
    tally->steps[tally->step].changed = true;
}

/* Cues come in the order of their frames, so holds are counted in a second look: theirs is the end. */
static void count_holds(struct tally *tally, const struct timeline *timeline, int64_t position)
{
    const GArray *cues = timeline_cues(timeline);
    for (guint i = timeline_first(timeline, tally->position); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        int64_t end = cue->frame + cue->frames;
        if (cue->frame > position) break;
        if (cue->type == SPAN_HOLD && end > tally->position && end <= position) count_hold(tally, cue->place);
    }
}

static void follow_steps(struct tally *tally, const struct script *script, const struct timeline *timeline,
                         int64_t position)
{
    const GArray *cues = timeline_cues(timeline);
    int64_t since = tally->position;
    for (guint i = timeline_first(timeline, since); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame >= position) break;
        if (cue->frame < tally->position || cue->type == SPAN_WAKE || cue->place.step == tally->step)
            continue;
        hear(tally, cue->frame - since);
        since = cue->frame;
        enter(tally, script, cue->place.step);
    }
    hear(tally, position - since);
}

void tally_heard(struct tally *tally, const struct script *script, const struct timeline *timeline,
                 int64_t position)
{
    note_changes(tally, script);
    if (position <= tally->position) return;
    look_at_step(tally, script);
    count_holds(tally, timeline, position);
    follow_steps(tally, script, timeline, position);
    tally->position = position;
}

void tally_moved(struct tally *tally, const struct script *script, const struct status *status)
{
    tally->position = status->frame;
    if (status->place.step != tally->step) enter(tally, script, status->place.step);
}

void tally_steps_taken(struct tally *tally)
{
    for (int i = 0; i < tally->routine->n_steps; i++) tally->steps[i].changed = false;
    tally->step_ended = false;
}
