#include "until.h"

enum {
    MISSED_US = 300000,        /* the session may miss its time by so much before it is fitted anew */
    APART_US = G_USEC_PER_SEC, /* from one time that it is fitted to the next */
};

struct until {
    struct score *score;
    struct session *session;
    struct fitting *fitting;
    struct script
        script;      /* the planner's, while it is being fitted, with what was left out in the beginning */
    GByteArray *out; /* of the script */
    struct fit_wish wish;
    struct effort effort; /* as it was fitted last; another one is the user's */
    int highest;          /* level that the user wants */
    int64_t end;          /* position at which the session ends as it was fitted last */
    int64_t next;         /* monotonic time from which it may be fitted again */
    int64_t off;          /* frames by which it is longer than it should be, since it cannot be shorter */
    int64_t ahead;        /* frames that were pulled and have not been heard */
    int rate;             /* of speech, percent: that of the lengths */
    bool changed, busy;
};

struct until *until_new(struct score *score, struct session *session)
{
    if (score->options.until == 0) return NULL;
    struct until *until = g_new0(struct until, 1);
    until->score = score;
    until->session = session;
    until->out = g_byte_array_new();
    g_byte_array_set_size(until->out, (guint)score->routine->n_steps);
    until->highest = score_highest(score);
    return until;
}

void until_free(struct until *until)
{
    if (!until) return;
    fitting_free(until->fitting);
    g_byte_array_unref(until->out);
    g_free(until);
}

void until_command(struct until *until)
{
    if (until) until->changed = true, until->busy = false;
}

/* Harder or easier than it was fitted: no harder level than this is chosen from now on. */
static void look_at_effort(struct until *until, const struct script *script)
{
    if (script->coming.level < until->effort.level) until->highest = script->coming.level;
    if (script->coming.level > until->effort.level)
        until->highest = MAX(until->highest, script->coming.level);
}

/* Steps that come later may be played after all, if they were only left out for the time. */
static void take_script(struct until *until, struct script_pos from)
{
    const struct script *script = planner_script(until->score->planner), *natural = &until->score->natural;
    for (int i = 0; i < script->routine->n_steps; i++)
        until->out->data[i] = left_out(i > from.step ? natural->out : script->out, i);
    until->script = *script;
    until->script.out = until->out;
    until->script.silence = 0;
    until->script.effort = until->script.coming = natural->effort;
    until->script.effort.level = until->script.coming.level = MIN(natural->effort.level, until->highest);
}

/* Negative once the time has passed. */
static int64_t frames_left(const struct until *until)
{
    const int64_t us = until->score->options.until - g_get_real_time();
    return us / 1000 * until->score->timing.rate / 1000;
}

/* At another rate, all sentences have other lengths. */
static void renew_fitting(struct until *until, int rate)
{
    const struct score *score = until->score;
    if (until->fitting && until->rate == rate) return;
    fitting_free(until->fitting);
    until->fitting = fitting_new(&score->speech, &score->timing, score->voice->rate * rate / 100);
    until->rate = rate;
}

static void begin(struct until *until)
{
    const struct planner *planner = until->score->planner;
    renew_fitting(until, planner_script(planner)->rate);
    const int64_t now = session_position(until->session);
    look_at_effort(until, planner_script(planner));
    const struct script_pos from = planner_first_free(planner, now, NULL);
    take_script(until, from);
    until->wish = (struct fit_wish){
        .script = &until->script,
        .timing = &until->score->timing,
        .from = from,
        .frames = frames_left(until) - until->ahead,
        .seconds = 60,
        .highest = until->highest,
        .planner = planner,
        .now = now,
    };
    until->changed = false;
    until->busy = true;
    fitting_begin(until->fitting, &until->wish);
}

/* Says which steps are left out from now on, and were not before. */
static void tell_left_out(const struct until *until, const GByteArray *out)
{
    const struct score *score = until->score;
    g_autofree char *titles =
        script_titles_out(score->routine, score->voice, out, planner_script(score->planner)->out);
    const struct field field = {"titles", titles};
    g_autofree char *words = titles ? voice_phrase(score->voice, PHRASE_WITHOUT_TODAY, 0, &field, 1) : NULL;
    if (words) session_tell(until->session, words);
}

/* It has been found, for a position that has gone on since: what is played until the first block that changes
 * is the same. */
static void take(struct until *until)
{
    struct planner *planner = until->score->planner;
    const struct fit *fit = fitting_found(until->fitting);
    const struct script script = fitting_script(until->fitting);
    const int64_t now = session_position(until->session);
    const struct script_pos from = planner_first_free(planner, now, NULL);
    until->busy = false;
    if (from.step != until->wish.from.step || from.set != until->wish.from.set ||
        from.rep != until->wish.from.rep) {
        until->changed = true;
        return;
    }
    tell_left_out(until, script.out);
    planner_take_fit(planner, now, &script);
    until->effort = fit->effort;
    until->end = until->wish.now + fit->frames;
    until->off = fit->frames - until->wish.frames;
}

/* The session would end at another time. One that is as short as it can be is left as it is, unless there is
 * time for more. */
static bool misses(const struct until *until)
{
    const int64_t rate = until->score->timing.rate, missed = MISSED_US / 1000 * rate / 1000,
                  frames = until->end - session_position(until->session) + until->ahead,
                  late = frames - frames_left(until);
    return until->off > 0 ? late < -missed : ABS(late - until->off) > missed;
}

/* As it was fitted before it began. */
static void look_at_first(struct until *until)
{
    until->effort = planner_script(until->score->planner)->coming;
    until->end = fitting_found(until->score->fitting)->frames;
    until->off = until->end - until->score->wish.frames;
}

bool until_begin(struct until *until)
{
    if (!until || !until->score->fitted || until->end != 0) return true;
    if (until->score->fitting) {
        look_at_first(until);
        return true;
    }
    if (!until->busy) {
        until->effort = planner_script(until->score->planner)->coming;
        begin(until);
    }
    if (fitting_run(until->fitting)) take(until);
    return until->end != 0;
}

void until_look(struct until *until, const struct status *status)
{
    if (!until || until->end == 0 || status->state != STATUS_PLAYING || status->stands) return;
    if (!session_changes_done(until->session)) return;
    until->ahead = session_position(until->session) - status->frame;
    if (!until->busy && g_get_monotonic_time() >= until->next && (until->changed || misses(until))) {
        until->next = g_get_monotonic_time() + APART_US;
        begin(until);
    }
    if (until->busy && fitting_run(until->fitting)) take(until);
}
