#include "plan/fit.h"
#include "layout.h"
#include "lengths.h"

enum {
    HALF = -EFFORT_WHOLE / 2, /* of waits: half of their setting */
    TWICE = EFFORT_WHOLE,
    LEVELS_TRIED = 10, /* beside the best one, for a smaller rest */
    DOUBT = 5,         /* estimates may be wrong by such a part of themselves: a fifth */
};

/* From all that pace.words has to the least. */
static const enum words FEWER_WORDS[] = {WORDS_AUTO, WORDS_KNOWN, WORDS_BRIEF};
enum { FEWEST = G_N_ELEMENTS(FEWER_WORDS) - 1 };

/* One way to make the session. */
struct shape {
    int level, sets, reps; /* levels */
    int waits;
    int words; /* index in FEWER_WORDS */
    int out;   /* how many steps of `order` are left out */
};

struct search {
    const struct fit_wish *wish;
    struct lengths *lengths;
    int *order; /* the steps that may be left out, the first one first */
    int n_order;
    GByteArray *out;
    bool too_short;
    int seconds; /* the session's length as it is said */
    struct shape now;
};

/* ---- which steps go ---- */

static bool is_end(const struct script *script, int step)
{
    return step_before(script->out, step) < 0 ||
           step_after(script->routine, script->out, step) == script->routine->n_steps;
}

/* Of what may go, adds the steps of a priority from the last to the first: of those between the ends, or the
 * ends. */
static void add_steps(struct search *s, int priority, bool ends)
{
    const struct script *script = s->wish->script;
    const int first = s->wish->from.step + 1;
    for (int i = step_before(script->out, script->routine->n_steps); i >= first;
         i = step_before(script->out, i))
        if (script->routine->steps[i].priority == priority && is_end(script, i) == ends)
            s->order[s->n_order++] = i;
}

static int highest_priority(const struct search *s)
{
    const struct script *script = s->wish->script;
    int highest = -1;
    for (int i = step_after(script->routine, script->out, s->wish->from.step); i < script->routine->n_steps;
         i = step_after(script->routine, script->out, i))
        highest = MAX(highest, script->routine->steps[i].priority);
    return highest;
}

/* The lowest priority goes first, and of equals the later. The first and the last step go only if all that is
 * left is more important. */
static void find_order(struct search *s)
{
    const int highest = highest_priority(s);
    s->order = g_new(int, (gsize)s->wish->script->routine->n_steps);
    for (int priority = 0; priority <= highest; priority++) {
        add_steps(s, priority, false);
        if (priority < highest) add_steps(s, priority, true);
    }
}

/* At least one step is played. */
static void keep_one(struct search *s)
{
    if (s->n_order > 0 && s->n_order == steps_heard(s->wish->script->routine, s->wish->script->out))
        s->n_order--;
}

/* ---- what is said about it ---- */

/* NULL: nothing. To be freed. */
static char *news_of(const struct search *s)
{
    const struct script *script = s->wish->script;
    const struct voice *voice = script->voice;
    if (s->too_short) return g_strdup(voice->phrases[PHRASE_AS_LONG]);
    if (s->now.out == 0) return NULL;
    g_autofree char *time = voice_time(voice, s->seconds),
                    *titles = script_titles_out(script->routine, voice, s->out, script->out);
    const struct field fields[] = {{"time", time}, {"titles", titles}};
    return voice_phrase(voice, PHRASE_WITHOUT, 0, fields, G_N_ELEMENTS(fields));
}

/* What is said at the start in any case, and that. To be unreffed. */
static GPtrArray *opening_of(const struct search *s)
{
    const GPtrArray *given = s->wish->script->opening;
    GPtrArray *opening = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; given && i < given->len; i++) g_ptr_array_add(opening, g_strdup(given->pdata[i]));
    char *news = news_of(s);
    if (news) g_ptr_array_add(opening, news);
    return opening;
}

/* ---- how long a shape takes ---- */

static struct effort effort_of(const struct search *s)
{
    return (struct effort){.level = s->now.level,
                           .hold = s->wish->script->effort.hold,
                           .sets = s->now.sets - s->now.level,
                           .reps = s->now.reps - s->now.level,
                           .waits = s->now.waits,
                           .words = FEWER_WORDS[s->now.words]};
}

static void mark_out(struct search *s)
{
    const struct script *script = s->wish->script;
    for (int i = 0; i < script->routine->n_steps; i++) s->out->data[i] = left_out(script->out, i);
    for (int i = 0; i < s->now.out; i++) s->out->data[s->order[i]] = true;
}

/* Of a session under way, what has been said at its start stays. */
static struct script script_with(const struct fit_wish *wish, struct effort effort, const GByteArray *out,
                                 const GPtrArray *opening, int seconds)
{
    struct script fitted = *wish->script;
    fitted.effort = fitted.coming = effort;
    fitted.out = out;
    if (wish->planner) return fitted;
    fitted.opening = opening;
    fitted.minutes = MAX(1, (seconds + 30) / 60);
    return fitted;
}

/* Lays all of it out, with the lengths that are known, and estimates of the others. */
static int64_t total(struct search *s)
{
    mark_out(s);
    g_autoptr(GPtrArray) opening = opening_of(s);
    const struct script script = script_with(s->wish, effort_of(s), s->out, opening, s->seconds);
    const struct clip_ops ops = {.data = s->lengths, .find = lengths_find};
    const struct planner *planner = s->wish->planner;
    struct script_pos pos = planner ? planner_first_free(planner, s->wish->now, &script) : s->wish->from;
    lengths_begin(s->lengths);
    int64_t frames = planner ? planner_length_before(planner, s->wish->now, &script, &ops) : 0;
    if (pos.step > script.routine->n_steps) return frames;
    do {
        g_autoptr(GPtrArray) lines = lines_new();
        script_block(&script, pos, lines);
        for (guint i = 0; i < lines->len; i++) {
            const struct line *line = lines->pdata[i];
            lengths_at(s->lengths, line->source);
            frames += layout_length(s->wish->timing, &ops, line);
        }
    } while (script_next(&script, &pos));
    return frames;
}

static bool fits(struct search *s)
{
    return total(s) <= s->wish->frames;
}

/* How much longer it is than so many frames. Where estimates could turn the answer, it is given again when
 * the lengths are known. */
static int64_t excess(struct search *s, int64_t wanted)
{
    const int64_t frames = total(s) - wanted;
    if (ABS(frames) < lengths_estimated(s->lengths) / DOUBT) lengths_miss(s->lengths);
    return frames;
}

/* With the least hold and the shortest waits. */
static bool least_fits(struct search *s)
{
    s->now.level = 0;
    s->now.waits = HALF;
    return excess(s, s->wish->frames) <= 0;
}

static bool most_is_too_short(struct search *s)
{
    s->now.level = s->wish->highest;
    s->now.waits = TWICE;
    return excess(s, s->wish->frames) < 0;
}

/* ---- searching ---- */

/* The largest value of a field for which `holds` is true, as it is for all below it; low - 1 if there is
 * none. */
static int largest(struct search *s, int *field, int low, int high, bool (*holds)(struct search *s))
{
    *field = high;
    if (low > high || holds(s)) return *field = high;
    *field = low;
    if (!holds(s)) return low - 1;
    while (high - low > 1) {
        *field = low + (high - low) / 2;
        if (holds(s))
            low = *field;
        else
            high = *field;
    }
    return *field = low;
}

/* No less of a field than is needed: true if some value of it fits. */
static bool reduce(struct search *s, int *field, int natural)
{
    const int found = largest(s, field, 0, natural, least_fits);
    *field = MAX(0, found);
    return found >= 0;
}

/* That one step fewer left out would be too much is to be known, not estimated. */
static void make_sure(struct search *s)
{
    if (s->now.out == 0) return;
    s->now.out--;
    total(s);
    lengths_miss(s->lengths);
    s->now.out++;
}

/* Few words, and then fewer steps; false if not even that is enough. Then as many words as there is time for:
 * a step may have been longer than what was missing. */
static bool shorten_words(struct search *s)
{
    s->now.words = FEWEST;
    while (!least_fits(s))
        if (++s->now.out > s->n_order) {
            s->now.out--;
            return false;
        }
    make_sure(s);
    for (s->now.words = 0; s->now.words < FEWEST && !least_fits(s);) s->now.words++;
    return true;
}

/* Fewer sets, fewer repetitions, few words, and fewer steps; false if not even that is enough. What a later
 * one has made needless is undone. */
static bool shorten(struct search *s)
{
    const struct shape natural = s->now;
    if (least_fits(s) || reduce(s, &s->now.sets, natural.sets)) return true;
    if (!reduce(s, &s->now.reps, natural.reps)) {
        if (!shorten_words(s)) return false;
        reduce(s, &s->now.reps, natural.reps);
    }
    reduce(s, &s->now.sets, natural.sets);
    return true;
}

/* No more of a field than is needed: true if some value of it is enough, and not too much. */
static bool increase(struct search *s, int *field)
{
    const int natural = *field, most = MAX(natural, s->wish->highest),
              found = largest(s, field, natural, most, most_is_too_short);
    *field = MIN(found + 1, most);
    if (found < most && least_fits(s)) return true;
    *field = MAX(natural, found);
    return false;
}

/* More sets, or more repetitions; false if that is still too short. */
static bool lengthen(struct search *s)
{
    return !most_is_too_short(s) || increase(s, &s->now.sets) || increase(s, &s->now.reps) ||
           !most_is_too_short(s);
}

static int64_t rest_with(struct search *s, int waits)
{
    s->now.waits = waits;
    return s->wish->frames - total(s);
}

/* The longest waits that fit in what a level leaves, or the least; returns what remains. It falls almost in a
 * straight line as they grow, which leads to them in a few steps; where it does not, halves do. */
static int64_t fill_waits(struct search *s)
{
    enum { STRAIGHT = 6 };
    int low = HALF, high = TWICE;
    int64_t above = rest_with(s, high), below = above;
    if (above >= 0 || (below = rest_with(s, low)) < 0) return below;
    for (int steps = 0; high - low > 1; steps++) {
        const double part = steps < STRAIGHT ? (double)below / (double)(below - above) : 0.5;
        const int waits = CLAMP(low + (int)(part * (high - low)), low + 1, high - 1);
        const int64_t rest = rest_with(s, waits);
        if (rest >= 0)
            low = waits, below = rest;
        else
            high = waits, above = rest;
    }
    s->now.waits = low;
    return below;
}

/* The highest level that fits with the waits as they are set, then waits. Where these cannot take up the rest
 * to within a second, a lower level may. */
static void fill(struct search *s)
{
    s->now.waits = 0;
    s->now.level = MAX(0, largest(s, &s->now.level, 0, s->wish->highest, fits));
    int64_t rest = fill_waits(s);
    struct shape best = s->now;
    for (int i = 0; i < LEVELS_TRIED && rest >= s->wish->timing->rate && s->now.level > 0; i++) {
        s->now.level--;
        const int64_t other = fill_waits(s);
        if (other < 0 || other >= rest) continue;
        rest = other;
        best = s->now;
    }
    s->now = best;
}

/* The least number of seconds that could be asked for: how long that is, is said, and takes time itself. */
static int find_least(struct search *s)
{
    const int rate = s->wish->timing->rate;
    s->seconds = MAX(1, (int)(total(s) / rate) - 5);
    while (excess(s, (int64_t)s->seconds * rate) > 0) s->seconds++;
    return s->seconds;
}

/* ---- the whole ---- */

static enum fit_result find(struct search *s)
{
    const struct script *script = s->wish->script;
    s->now = (struct shape){.sets = script->effort.level, .reps = script->effort.level};
    if (!shorten(s)) return FIT_TOO_LONG;
    const bool shortened = s->now.out > 0;
    s->too_short = !lengthen(s) && !shortened;
    if (s->too_short) return FIT_TOO_SHORT;
    fill(s);
    return FIT_EXACT;
}

void fit_find(const struct fit_wish *wish, struct lengths *lengths, struct fit *fit)
{
    struct search s = {.wish = wish, .lengths = lengths, .seconds = wish->seconds};
    s.out = g_byte_array_new();
    g_byte_array_set_size(s.out, (guint)wish->script->routine->n_steps);
    lengths_forget_missed(lengths);
    find_order(&s);
    keep_one(&s);
    *fit = (struct fit){.result = find(&s)};
    if (fit->result == FIT_TOO_LONG) fit->least = find_least(&s);
    if (fit->result == FIT_TOO_SHORT) s.seconds = (int)(total(&s) / wish->timing->rate);
    fit->frames = total(&s);
    lengths_miss(lengths);
    fit->silence = MAX(0, wish->frames - fit->frames);
    if (fit->result != FIT_EXACT) fit->silence = 0;
    fit->frames += fit->silence;
    fit->effort = effort_of(&s);
    mark_out(&s);
    fit->opening = opening_of(&s);
    fit->left_out = s.now.out;
    fit->seconds = s.seconds;
    fit->out = s.out;
    g_free(s.order);
}

struct script fit_script(const struct fit_wish *wish, const struct fit *fit)
{
    struct script script = script_with(wish, fit->effort, fit->out, fit->opening, fit->seconds);
    script.silence = fit->silence;
    return script;
}

void fit_finish(struct fit *fit)
{
    g_clear_pointer(&fit->out, g_byte_array_unref);
    g_clear_pointer(&fit->opening, g_ptr_array_unref);
    *fit = (struct fit){0};
}
