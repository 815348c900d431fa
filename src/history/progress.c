#include "history/progress.h"
#include "history/calendar.h"
#include <glib.h>

enum {
    RISE = 5,
    DROP = 10,
    RUNNING = 2,               /* sessions that go well before a rise */
    WEEK_S = 7 * 24 * 60 * 60, /* in which it rises twice at most */
    QUIET = 2,                 /* sessions without a rise after it hurt */
    AWAY_DAYS = 8,
    LONG_AWAY_DAYS = 22,
    FORGOTTEN_DAYS = 21, /* then all is said again */
    REMINDED_DAYS = 14,  /* so often caution and closing are said in full */
    DAY_S = 24 * 60 * 60,
};

struct moment {
    int64_t at;
    int zone;
};

static int64_t days_between(struct moment before, struct moment after)
{
    return calendar_day(after.at, after.zone) - calendar_day(before.at, before.zone);
}

/* ---- the sessions so far ---- */

static int away_drop(struct moment last, struct moment now)
{
    int64_t days = last.at == 0 ? 0 : days_between(last, now);
    return days >= LONG_AWAY_DAYS ? 2 * DROP : days >= AWAY_DAYS ? DROP : 0;
}

struct judgement {
    struct moment last; /* session */
    int hard, away;     /* by which the level drops */
};

static int level_before(const struct progress *kept, const struct progress_facts *facts)
{
    return MIN(kept->level == LEVEL_NONE ? facts->level : kept->level, facts->most);
}

static bool was_too_much(const struct practised *session)
{
    return session->hurt || (session->hard && session->by != LEVEL_BY_OPTION);
}

static void judge_one(struct judgement *judgement, struct progress *next, const struct practised *session,
                      int level)
{
    if (was_too_much(session)) {
        next->well = 0;
        next->ask = true;
        judgement->hard += DROP;
    } else if (session->by == LEVEL_BY_PROGRESS ||
               (session->by == LEVEL_BY_LENGTH && session->level >= level)) {
        next->well = session->done ? next->well + 1 : 0;
    }
}

/* The time before a session whose level was chosen otherwise has not been taken into account yet. A clock may
 * have been wrong: a session of the future says nothing about when the last one was, and one that seems to
 * lie before the others does not either. */
static struct judgement judge(struct progress *next, const struct progress_facts *facts)
{
    struct judgement judgement = {.last = {facts->last, facts->last_zone}};
    const int level = level_before(next, facts);
    for (int i = 0; i < facts->n_recent; i++) {
        const struct practised *session = &facts->recent[i];
        const struct moment begun = {session->begun, session->zone};
        const bool is_known = begun.at <= facts->now + DAY_S;
        judge_one(&judgement, next, session, level);
        if (session->by != LEVEL_BY_PROGRESS && is_known) judgement.away += away_drop(judgement.last, begun);
        if (is_known && begun.at > judgement.last.at) judgement.last = begun;
        next->judged = session->id;
    }
    judgement.away += away_drop(judgement.last, (struct moment){facts->now, facts->zone});
    return judgement;
}

/* ---- the level ---- */

static bool is_within_week(int64_t moment, int64_t now)
{
    return moment != 0 && ABS(now - moment) < WEEK_S;
}

static bool may_rise(const struct progress *kept, const struct progress *next, int64_t now)
{
    return next->well >= RUNNING && kept->quiet == 0 && !is_within_week(kept->risen_before, now);
}

static int change(struct progress *next, const struct progress_facts *facts, int level, int by)
{
    next->well = 0;
    return CLAMP(level + by, 0, facts->most);
}

/* Without `proposes`, what has been found is in force and kept. */
static void take(struct progress_day *day, const struct progress_facts *facts, int before, int after)
{
    if (after == before) {
        day->change = CHANGE_NONE;
    } else if (facts->proposes) {
        day->change = CHANGE_PROPOSED;
        day->next.proposed = after;
    } else {
        day->level = day->next.level = after;
    }
}

/* A question comes before a rise: its answer may be that there should be none. */
static void follow(struct progress_day *day, const struct progress *kept, const struct progress_facts *facts,
                   const struct judgement *judgement)
{
    struct progress *next = &day->next;
    const int before = day->level, drop = judgement->hard + judgement->away;
    int after = before;
    next->quiet = MAX(0, kept->quiet - 1);
    if (drop > 0) {
        day->change = judgement->hard > 0 ? CHANGE_HARD : CHANGE_AWAY;
        after = change(next, facts, before, -drop);
    } else if (!day->ask && may_rise(kept, next, facts->now) && before < facts->most) {
        day->change = CHANGE_LONGER;
        after = change(next, facts, before, RISE);
        next->risen_before = kept->risen;
        next->risen = facts->now;
        next->ask = !facts->proposes;
    }
    take(day, facts, before, after);
}

/* It is asked on another day than that of the session. */
static bool is_to_ask(const struct progress *next, const struct progress_facts *facts, struct moment last)
{
    const struct moment now = {facts->now, facts->zone};
    return next->ask && !facts->proposes && (last.at == 0 || days_between(last, now) != 0);
}

/* ---- the words ---- */

static bool is_due(int64_t said, const struct progress_facts *facts)
{
    const struct moment then = {said, facts->zone}, now = {facts->now, facts->zone};
    return said == 0 || ABS(days_between(then, now)) >= REMINDED_DAYS;
}

static void choose_words(struct progress_day *day, const struct progress *kept,
                         const struct progress_facts *facts, struct moment last)
{
    const struct moment now = {facts->now, facts->zone};
    day->in_full = facts->days < PROGRESS_DAYS || last.at == 0 || days_between(last, now) >= FORGOTTEN_DAYS;
    day->caution_in_full = is_due(kept->caution, facts);
    day->closing_in_full = is_due(kept->closing, facts);
}

/* ---- all of it ---- */

struct progress progress_none(void)
{
    return (struct progress){.level = LEVEL_NONE, .proposed = LEVEL_NONE};
}

struct progress_day progress_day(const struct progress *kept, const struct progress_facts *facts)
{
    struct progress_day day = {.level = facts->level, .next = *kept};
    struct progress judged = *kept;
    const struct judgement judgement = judge(&judged, facts);
    choose_words(&day, kept, facts, judgement.last);
    if (facts->fixed) return day;
    day.level = level_before(kept, facts);
    day.next = judged;
    day.ask = is_to_ask(&judged, facts, judgement.last);
    follow(&day, kept, facts, &judgement);
    return day;
}

void progress_answer(struct progress_day *day, bool hurt)
{
    day->ask = day->next.ask = false;
    if (!hurt) return;
    day->level = day->next.level = MAX(0, day->level - DROP);
    day->next.quiet = QUIET;
    day->next.well = 0;
}

void progress_set(struct progress *progress, int level, int64_t last)
{
    progress->level = level;
    progress->judged = MAX(last, progress->judged);
    progress->well = 0;
    progress->ask = false;
    progress->proposed = LEVEL_NONE;
}
