#include "prompt.h"

/* A hold shorter than so many countdowns would be little but countdown. */
enum { COUNTDOWNS_A_HOLD = 3 };

/* In holds of these lengths, as many prompts as a listener can bear; a countdown is one. */
enum { CALM_FROM_S = 15, CALM_TO_S = 60, CALM_PROMPTS = 4 };

struct prompt *prompt_add(struct line *line, enum role role, int64_t offset, char *text)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(sentences, text);
    return line_prompt(line, role, offset, sentences);
}

/* A phrase with {n} as a word. */
static char *number_phrase(const struct voice *voice, enum phrase phrase, int n)
{
    g_autofree char *word = voice_number(voice, n);
    return voice_phrase(voice, phrase, n, &(struct field){"n", word}, 1);
}

void prompt_countdown(struct line *line, const struct script *script, int from)
{
    for (int n = from; n > 0; n--)
        prompt_add(line, ROLE_COUNTDOWN, line->frames - (int64_t)n * script->settings->sound.rate,
                   number_phrase(script->voice, PHRASE_COUNTDOWN, n));
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
                   minutes ? voice_counted(script->voice, PHRASE_MINUTES_LEFT, left / 60)
                           : voice_counted(script->voice, PHRASE_SECONDS_LEFT, left));
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

/* ---- breaths and times ---- */

enum {
    GUIDED_BREATHS = 2,    /* the first ones are put into words, */
    COUNTED_BREATH = 4,    /* every fourth is counted, */
    ANNOUNCED_BREATHS = 2, /* and the last ones are announced */
};

enum { WORDS_MS = 1500, CALM_WORDS_MS = 2500 }; /* for "Two more breaths.", before the next round */

/* Says a text in a phase, behind the sound that leads it, if it ends before the round does. */
static void add_in_phase(struct line *line, enum role role, int round, int phase, int64_t behind,
                         const char *text)
{
    int64_t end = rhythm_frame(&line->rhythm, round + 1, 0);
    struct prompt *prompt =
        prompt_add(line, role, rhythm_frame(&line->rhythm, round, phase) + behind, g_strdup(text));
    prompt->room = end - prompt->offset;
}

/* At the end of a round, so that it is about the next ones: not long before them, and under the sound of the
 * phase, or behind the number, if there is time. */
static void add_what_is_left(struct line *line, int round, const char *text)
{
    const struct rhythm *rhythm = &line->rhythm;
    int last = rhythm->n - 1;
    int64_t phase = rhythm_frame(rhythm, round + 1, 0) - rhythm_frame(rhythm, round, last),
            words = duration_frames(WORDS_MS, rhythm->rate, 100),
            calm = duration_frames(CALM_WORDS_MS, rhythm->rate, 100);
    bool sounds = rhythm->cue[last] != N_CUE_TYPES;
    int64_t behind = sounds ? MAX(phase - words, 0) : MAX(phase / 2, phase - calm);
    add_in_phase(line, ROLE_LEFT, round, last, behind, text);
}

/* Who wants no countdown and no announcement wants none here. */
static bool tells_what_is_left(const struct script *script)
{
    return script->settings->count.countdown > 0 || script->settings->count.announce_s != 0;
}

/* What each phase of the first breaths is, on its frame, if it ends with it. */
static void add_breath_words(struct line *line, const struct voice *voice, int round)
{
    static const enum phrase words[N_CUE_TYPES] = {
        [CUE_IN] = PHRASE_BREATHE_IN, [CUE_KEEP] = PHRASE_BREATHE_KEEP, [CUE_OUT] = PHRASE_BREATHE_OUT};
    const struct rhythm *rhythm = &line->rhythm;
    for (int phase = 0; phase < rhythm->n; phase++) {
        int64_t begin = rhythm_frame(rhythm, round, phase), end = rhythm_frame(rhythm, round, phase + 1);
        const char *text = voice->phrases[words[rhythm->cue[phase]]];
        prompt_add(line, ROLE_CUE, begin, g_strdup(text))->room = end - begin;
    }
}

static struct prompt *add_number(struct line *line, const struct script *script, int round)
{
    int64_t begin = rhythm_frame(&line->rhythm, round, 0), end = rhythm_frame(&line->rhythm, round + 1, 0);
    struct prompt *prompt =
        prompt_add(line, ROLE_COUNT, begin, number_phrase(script->voice, PHRASE_NUMBER, round + 1));
    prompt->room = (end - begin) / 2;
    return prompt;
}

/* Neither a number nor "halfway" follows on the announcement of the last breaths: they would seem to say
 * something else. */
void prompt_breaths(struct line *line, const struct script *script)
{
    const struct voice *voice = script->voice;
    const bool announced = tells_what_is_left(script);
    int n = line->rounds, half = (n + 1) / 2; /* the first breath that begins when half of them are over */
    if (has_halfway(line, script) && half < n - (announced ? ANNOUNCED_BREATHS + 1 : 1))
        add_in_phase(line, ROLE_HALFWAY, half, MIN(1, line->rhythm.n - 1), 0, voice->phrases[PHRASE_HALFWAY]);
    for (int round = 0; round < MIN(n, GUIDED_BREATHS); round++) add_breath_words(line, voice, round);
    if (!announced) return;
    for (int round = COUNTED_BREATH - 1; round < n - ANNOUNCED_BREATHS; round += COUNTED_BREATH)
        add_number(line, script, round);
    if (n > 1) add_what_is_left(line, n - 2, voice->phrases[PHRASE_LAST_BREATH]);
    if (n > 2) add_what_is_left(line, n - 3, voice->phrases[PHRASE_TWO_BREATHS]);
}

/* Every number of so many; beyond, those of whole tens: long numbers say little, and take long to make. */
enum { MOST_NUMBERS = 100 };

static void add_beat(struct line *line, const struct script *script, int round)
{
    int n = round + 1;
    struct prompt *prompt = add_number(line, script, round);
    prompt->beat = true;
    if (n > MOST_NUMBERS && n % 10 != 0) g_ptr_array_set_size(prompt->sentences, 0);
}

void prompt_times(struct line *line, const struct script *script)
{
    for (int i = 0; i < line->rounds; i++) add_beat(line, script, i);
    if (line->rounds > 1 && tells_what_is_left(script))
        add_what_is_left(line, line->rounds - 2, script->voice->phrases[PHRASE_COUNT_LAST]);
}
