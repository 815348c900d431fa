#include "prompt.h"

/* A hold shorter than so many countdowns would be little but countdown. */
enum { COUNTDOWNS_A_HOLD = 3 };

/* In holds of these lengths, as many prompts as a listener can bear; a countdown is one. */
enum { CALM_FROM_S = 15, CALM_TO_S = 60, CALM_PROMPTS = 4 };

void prompt_add(struct line *line, enum role role, int64_t offset, char *text)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(sentences, text);
    line_prompt(line, role, offset, sentences);
}

static char *countdown_word(const struct voice *voice, int n)
{
    g_autofree char *word = voice_number(voice, n);
    return voice_phrase(voice, PHRASE_COUNTDOWN, n, &(struct field){"n", word}, 1);
}

void prompt_countdown(struct line *line, const struct script *script, int from)
{
    for (int n = from; n > 0; n--)
        prompt_add(line, ROLE_COUNTDOWN, line->frames - (int64_t)n * script->settings->sound.rate,
                   countdown_word(script->voice, n));
}

static bool has_halfway(const struct line *line, const struct script *script)
{
    int64_t least = script->settings->count.halfway_s;
    return least > 0 && line->frames >= least * script->settings->sound.rate;
}

void prompt_halfway(struct line *line, const struct script *script, int64_t offset)
{
    if (has_halfway(line, script))
        prompt_add(line, ROLE_HALFWAY, offset, g_strdup(script->voice->phrases[PHRASE_HALFWAY]));
}

/* Seconds between two announcements of the time left; 0: none. */
static int announce_every(const struct script *script, int seconds)
{
    int every = script->settings->count.announce_s;
    return every != ANNOUNCE_AUTO ? every : seconds < 60 ? 10 : seconds < 180 ? 20 : 60;
}

/* From the end on, so that the last ones find room first; above a minute only at whole minutes. */
static void add_seconds_left(struct line *line, const struct script *script, int seconds)
{
    int every = announce_every(script, seconds), rate = script->settings->sound.rate;
    for (int left = every; left > 0 && left < seconds; left += every) {
        bool minutes = left >= 60;
        if (minutes && left % 60 != 0) continue;
        prompt_add(line, ROLE_LEFT, (int64_t)(seconds - left) * rate,
                   minutes ? script_counted(script->voice, PHRASE_MINUTES_LEFT, left / 60)
                           : script_counted(script->voice, PHRASE_SECONDS_LEFT, left));
    }
}

void prompt_hold(struct line *line, const struct script *script, int seconds)
{
    int from = script->settings->count.countdown;
    bool counts_down = from > 0 && seconds >= COUNTDOWNS_A_HOLD * from;
    bool calm =
        script->settings->count.announce_s == ANNOUNCE_AUTO && seconds >= CALM_FROM_S && seconds <= CALM_TO_S;
    if (counts_down) prompt_countdown(line, script, from);
    prompt_halfway(line, script, line->frames / 2);
    add_seconds_left(line, script, seconds);
    if (calm) line->most_left = CALM_PROMPTS - counts_down - has_halfway(line, script);
}
