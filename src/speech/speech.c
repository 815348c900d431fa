#include "speech/speech.h"
#include "plan/script.h"
#include "pool.h"
#include <math.h>
#include <string.h>

/* Typical of espeak-ng's voices; for a voice that cannot be measured. */
static const double TYPICAL_LUFS = -18;

/* A clip that came before the gain was known. */
struct early {
    struct entry *entry;
    struct spoken_text spoken;
    int16_t *samples;
};

struct speech {
    struct speech_options options;
    struct pool *pool;
    bool used, ready, lost;
    char *problem;
    struct store store;
    struct entry measure; /* the phrase that the voice's loudness is measured with; in no store */
    bool measured;
    double gain;
    GArray *early; /* struct early */
    guint missing; /* entries without a clip */
    guint arrived; /* counts what speech_wait() waits for */
    guint idle;    /* source */
};

/* ---- notifying ---- */

static void notify(struct speech *speech)
{
    speech->arrived++;
    if (speech->used && speech->options.arrived) speech->options.arrived(speech->options.data);
}

static gboolean on_idle(gpointer data)
{
    struct speech *speech = data;
    speech->idle = 0;
    notify(speech);
    return G_SOURCE_REMOVE;
}

/* From the main loop, as the contract says. */
static void notify_later(struct speech *speech)
{
    if (speech->idle == 0) speech->idle = g_idle_add(on_idle, speech);
}

/* ---- clips ---- */

static void put_chime(struct speech *speech, struct entry *entry)
{
    store_put(&speech->store, entry, clip_chime(speech->options.chime), 0);
    speech->missing--;
}

static void put_clip(struct speech *speech, struct entry *entry, struct clip *clip)
{
    gsize bytes = (gsize)clip->frames * sizeof clip->samples[0];
    if (speech->options.lengths_only) {
        struct clip *length = clip_chime(clip->frames);
        length->chime = false;
        clip_unref(clip);
        clip = length;
        bytes = 0;
    }
    store_put(&speech->store, entry, clip, bytes);
    speech->missing--;
}

static void fail(struct speech *speech, struct entry *entry, enum outcome outcome)
{
    static const char *const why[N_OUTCOMES] = {
        [OUTCOME_CRASHED] = "the speech engine crashed on this sentence",
        [OUTCOME_SLOW] = "the speech engine took longer than 10 s",
        [OUTCOME_SILENT] = "the speech engine gave no sound",
        [OUTCOME_LONG] = "the speech engine gave more than 120 s",
    };
    G_STATIC_ASSERT(SPEECH_PATIENCE_S == 10 && SPEECH_SECONDS == 120);
    put_chime(speech, entry);
    if (speech->options.failed)
        speech->options.failed(speech->options.data, entry->text, entry->source, why[outcome]);
}

static void settle(struct speech *speech, struct entry *entry, const struct spoken_text *spoken)
{
    struct clip *clip = NULL;
    int64_t n = (int64_t)spoken->n;
    if (spoken->outcome == OUTCOME_SPOKEN)
        clip = clip_make(spoken->samples, n, spoken->rate, speech->options.rate, speech->gain);
    if (clip)
        put_clip(speech, entry, clip);
    else
        fail(speech, entry, spoken->outcome == OUTCOME_SPOKEN ? OUTCOME_SILENT : spoken->outcome);
}

/* ---- loudness: no clip is made before it is known, so that the order of answers cannot be heard ---- */

static void keep_early(struct speech *speech, struct entry *entry, const struct spoken_text *spoken)
{
    struct early early = {entry, *spoken, g_memdup2(spoken->samples, spoken->n * sizeof *spoken->samples)};
    early.spoken.samples = early.samples;
    g_array_append_val(speech->early, early);
}

static void settle_early(struct speech *speech)
{
    for (guint i = 0; i < speech->early->len; i++) {
        struct early *early = &g_array_index(speech->early, struct early, i);
        settle(speech, early->entry, &early->spoken);
    }
    g_array_set_size(speech->early, 0);
}

static void measure(struct speech *speech, const struct spoken_text *spoken)
{
    int64_t n = (int64_t)spoken->n;
    speech->measured = true;
    if (spoken->outcome == OUTCOME_SPOKEN)
        speech->gain = loudness_gain(spoken->samples, n, spoken->rate, speech->options.level);
    settle_early(speech);
}

/* ---- callbacks of the pool ---- */

static void on_answered(void *data, struct entry *entry, const struct spoken_text *spoken)
{
    struct speech *speech = data;
    if (entry == &speech->measure)
        measure(speech, spoken);
    else if (speech->measured)
        settle(speech, entry, spoken);
    else
        keep_early(speech, entry, spoken);
    if (speech->measured) notify(speech);
}

static void on_ready(void *data)
{
    struct speech *speech = data;
    if (speech->ready) return;
    speech->ready = true;
    notify(speech);
}

/* Missing clips stay missing: a chime would stand for sentences that were never tried. */
static void on_failed(void *data, bool lost, const char *why)
{
    struct speech *speech = data;
    speech->problem = g_strdup(why);
    speech->lost = lost;
    speech->ready = true;
    notify(speech);
}

static const struct pool_ops pool_ops = {on_ready, on_failed, on_answered};

/* ---- sentences ---- */

/* Sentences are cut long before SPEECH_TEXT_MAX. */
static bool can_be_said(const char *text)
{
    return sentence_has_words(text) && strlen(text) <= SPEECH_TEXT_MAX;
}

static struct entry *ask(struct speech *speech, const char *text, int source)
{
    struct entry *entry = store_add(&speech->store, text, source);
    speech->missing++;
    if (can_be_said(text)) {
        if (!speech->problem) pool_ask(speech->pool, entry);
    } else {
        put_chime(speech, entry);
        notify_later(speech);
    }
    return entry;
}

void speech_request(struct speech *speech, const char *text, int source)
{
    g_assert(speech->used);
    struct entry *entry = store_find(&speech->store, text);
    if (entry)
        store_keep(&speech->store, entry);
    else
        ask(speech, text, source);
}

struct clip *speech_find(struct speech *speech, const char *text)
{
    g_assert(speech->used);
    struct entry *entry = store_find(&speech->store, text);
    if (!entry) entry = ask(speech, text, 0);
    return entry->clip ? store_fetch(&speech->store, entry) : NULL;
}

/* ---- the voice ---- */

static struct voice_parameters parameters_of(const struct voice *voice)
{
    struct voice_parameters parameters = {
        .rate = voice->rate, .pitch = voice->pitch, .range = voice->range, .word_gap = voice->word_gap};
    g_strlcpy(parameters.engine, voice->engine, sizeof parameters.engine);
    g_strlcpy(parameters.voice, voice->voice, sizeof parameters.voice);
    g_strlcpy(parameters.variant, voice->variant, sizeof parameters.variant);
    return parameters;
}

static void begin_measuring(struct speech *speech, const char *phrase)
{
    speech->gain = pow(10, (speech->options.level - TYPICAL_LUFS) / 20);
    speech->measured = !can_be_said(phrase);
    speech->measure.text = g_strdup(phrase);
    if (!speech->measured && !speech->problem) pool_ask(speech->pool, &speech->measure);
}

void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options)
{
    g_assert(!speech->used);
    const struct voice_parameters parameters = parameters_of(voice);
    speech->options = *options;
    speech->used = true;
    store_init(&speech->store, options->budget, options->ahead);
    pool_use(speech->pool, &parameters);
    begin_measuring(speech, voice->phrases[PHRASE_LOUDNESS]);
    if (speech->problem) notify_later(speech);
}

const char *speech_problem(const struct speech *speech)
{
    return speech->problem;
}

bool speech_lost(const struct speech *speech)
{
    return speech->lost;
}

bool speech_ready(const struct speech *speech)
{
    return speech->ready;
}

/* ---- life ---- */

static void free_early(gpointer data)
{
    g_free(((struct early *)data)->samples);
}

struct speech *speech_new(const char *program, guint helpers, GError **error)
{
    struct speech *speech = g_new0(struct speech, 1);
    speech->early = g_array_new(FALSE, FALSE, sizeof(struct early));
    g_array_set_clear_func(speech->early, free_early);
    speech->pool = pool_new(program, helpers, &pool_ops, speech, error);
    if (!speech->pool) g_clear_pointer(&speech, speech_free);
    return speech;
}

void speech_free(struct speech *speech)
{
    if (!speech) return;
    pool_free(speech->pool);
    g_clear_handle_id(&speech->idle, g_source_remove);
    if (speech->used) store_finish(&speech->store);
    g_array_unref(speech->early);
    g_free(speech->measure.text);
    g_free(speech->problem);
    g_free(speech);
}

static gboolean on_timeout(gpointer data)
{
    *(guint *)data = 0;
    return G_SOURCE_REMOVE;
}

static bool is_expecting(const struct speech *speech)
{
    if (speech->idle != 0) return true;
    return speech->used && !speech->problem && (!speech->ready || speech->missing > 0);
}

void speech_wait(struct speech *speech, int timeout_ms)
{
    const guint arrived = speech->arrived;
    guint timer = 0;
    if (timeout_ms >= 0) timer = g_timeout_add((guint)timeout_ms, on_timeout, &timer);
    while (is_expecting(speech) && speech->arrived == arrived && (timer != 0 || timeout_ms < 0))
        g_main_context_iteration(NULL, TRUE);
    if (timer != 0) g_source_remove(timer);
}
