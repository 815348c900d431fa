#include "plan/pace.h"
#include "writer.h"

/* ---- prompts ---- */

static void free_prompt(gpointer data)
{
    g_free(((struct prompt *)data)->text);
}

static void add_prompt(struct line *line, enum role role, int64_t offset, char *text)
{
    if (!line->prompts) {
        line->prompts = g_array_new(FALSE, FALSE, sizeof(struct prompt));
        g_array_set_clear_func(line->prompts, free_prompt);
    }
    struct prompt prompt = {role, offset, text};
    g_array_append_val(line->prompts, prompt);
}

void writer_countdown(struct line *line, const struct script *script, int from)
{
    int rate = script->settings->sound.rate;
    for (int n = from; n > 0; n--)
        add_prompt(line, ROLE_COUNTDOWN, line->frames - (int64_t)n * rate,
                   writer_counted_word(script->voice, PHRASE_COUNTDOWN, n));
}

static char *left_text(const struct voice *voice, int seconds)
{
    bool minutes = seconds >= 60 && seconds % 60 == 0;
    return minutes ? writer_counted(voice, PHRASE_MINUTES_LEFT, seconds / 60)
                   : writer_counted(voice, PHRASE_SECONDS_LEFT, seconds);
}

/* Counted from the end, never said at go; above a minute only at whole minutes. */
static void add_seconds_left(struct line *line, const struct script *script, int seconds)
{
    int every = script->settings->count.announce_s, rate = script->settings->sound.rate;
    if (every == 0) return;
    for (int left = (seconds - 1) / every * every; left > 0; left -= every)
        if (left <= 60 || left % 60 == 0)
            add_prompt(line, ROLE_LEFT, (int64_t)(seconds - left) * rate, left_text(script->voice, left));
}

static void add_halfway(struct line *line, const struct script *script, int64_t offset)
{
    if (script->settings->count.halfway)
        add_prompt(line, ROLE_HALFWAY, offset, g_strdup(script->voice->phrases[PHRASE_HALFWAY]));
}

/* ---- holds ---- */

static void add_hold_seconds(struct writer *w, int seconds, struct place place)
{
    const struct settings *settings = w->script->settings;
    struct line *line = writer_line(w, LINE_HOLD, place);
    line->frames = (int64_t)seconds * settings->sound.rate;
    if (seconds >= settings->count.countdown + 2)
        writer_countdown(line, w->script, settings->count.countdown);
    add_halfway(line, w->script, line->frames / 2);
    add_seconds_left(line, w->script, seconds);
}

static void add_hold_breaths(struct writer *w, int breaths, struct place place)
{
    const struct settings *settings = w->script->settings;
    struct line *line = writer_line(w, LINE_BREATHS, place);
    line->breaths = breaths;
    line->frames = pace_breath_frames(settings, breaths);
    if (breaths % 2 == 0) add_halfway(line, w->script, pace_breath_frames(settings, breaths / 2));
}

static void add_ready(struct writer *w, struct place place)
{
    writer_phrase(w, ROLE_PHRASE, place, PHRASE_READY);
    writer_span(w, SPAN_READY, pace_frames(w->script->settings, w->script->settings->pace.prepare_ms), place);
}

void writer_hold(struct writer *w, const struct move *move, struct place place)
{
    switch (move->hold.kind) {
    case HOLD_SECONDS: add_hold_seconds(w, script_hold(w->script, move, place), place); break;
    case HOLD_BREATHS: add_hold_breaths(w, script_hold(w->script, move, place), place); break;
    case HOLD_READY: add_ready(w, place); break;
    }
}
