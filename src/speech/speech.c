#include "speech/speech.h"
#include "mix/loudness.h"
#include "plan/script.h"
#include "pool.h"
#include <math.h>
#include <string.h>

/* What espeak-ng's voices come near to, for a voice that cannot be measured. */
static const double TYPICAL_LUFS = -18;

/* A clip that came before the gain was known. */
struct early {
    struct entry *entry;
    struct answer answer;
    int16_t *samples;
};

struct speech {
    char *program;
    guint helpers;
    struct speech_options options;
    struct pool *pool;
    bool used;
    bool ready;
    char *problem;
    struct store store;
    struct entry measure; /* the phrase that tells the voice's loudness; in no store */
    bool measured;
    double gain;
    GArray *early; /* struct early */
    guint missing; /* entries without a clip */
    guint news;    /* counts what speech_wait() waits for */
    guint telling; /* source */
};

/* ---- news ---- */

static void tell(struct speech *speech)
{
    speech->news++;
    if (speech->used && speech->options.arrived) speech->options.arrived(speech->options.data);
}

static gboolean on_idle(gpointer data)
{
    struct speech *speech = data;
    speech->telling = 0;
    tell(speech);
    return G_SOURCE_REMOVE;
}

/* Callers are told from the main loop only, never from inside of what they call. */
static void tell_soon(struct speech *speech)
{
    if (speech->telling == 0) speech->telling = g_idle_add(on_idle, speech);
}

/* ---- clips ---- */

static void put_chime(void *data, struct entry *entry)
{
    struct speech *speech = data;
    store_put(entry, clip_chime(speech->options.chime), 0);
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
    store_put(entry, clip, bytes);
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

static void settle(struct speech *speech, struct entry *entry, const struct answer *answer)
{
    struct clip *clip = NULL;
    int64_t n = (int64_t)answer->n;
    if (answer->outcome == OUTCOME_SPOKEN)
        clip = clip_make(answer->samples, n, answer->rate, speech->options.rate, speech->gain);
    if (clip)
        put_clip(speech, entry, clip);
    else
        fail(speech, entry, answer->outcome == OUTCOME_SPOKEN ? OUTCOME_SILENT : answer->outcome);
}

/* ---- loudness: no clip is made before it is known, so that the order of answers cannot be heard ---- */

static void keep_early(struct speech *speech, struct entry *entry, const struct answer *answer)
{
    struct early early = {entry, *answer, g_memdup2(answer->samples, answer->n * sizeof *answer->samples)};
    early.answer.samples = early.samples;
    g_array_append_val(speech->early, early);
}

static void settle_early(struct speech *speech)
{
    for (guint i = 0; i < speech->early->len; i++) {
        struct early *early = &g_array_index(speech->early, struct early, i);
        settle(speech, early->entry, &early->answer);
    }
    g_array_set_size(speech->early, 0);
}

static void measure(struct speech *speech, const struct answer *answer)
{
    int64_t n = (int64_t)answer->n;
    speech->measured = true;
    if (answer->outcome == OUTCOME_SPOKEN)
        speech->gain = loudness_gain(answer->samples, n, answer->rate, speech->options.level);
    settle_early(speech);
}

/* ---- what the pool tells ---- */

static void on_answered(void *data, struct entry *entry, const struct answer *answer)
{
    struct speech *speech = data;
    if (entry == &speech->measure)
        measure(speech, answer);
    else if (speech->measured)
        settle(speech, entry, answer);
    else
        keep_early(speech, entry, answer);
    if (speech->measured) tell(speech);
}

/* Without speech everything becomes a chime, and the one who asks for the problem learns why. */
static void on_ready(void *data, const char *problem)
{
    struct speech *speech = data;
    bool known = speech->ready;
    speech->ready = true;
    if (problem && !speech->problem) {
        speech->problem = g_strdup(problem);
        g_array_set_size(speech->early, 0);
        if (speech->used) store_each_missing(&speech->store, put_chime, speech);
    }
    if (problem || !known) tell(speech);
}

static const struct pool_ops pool_ops = {on_ready, on_answered};

/* ---- sentences ---- */

/* Sentences are cut long before SPEECH_TEXT_MAX. */
static bool can_be_said(const struct speech *speech, const char *text)
{
    return !speech->problem && sentence_has_words(text) && strlen(text) <= SPEECH_TEXT_MAX;
}

static struct entry *ask(struct speech *speech, const char *text, int source)
{
    struct entry *entry = store_add(&speech->store, text, source);
    speech->missing++;
    if (can_be_said(speech, text)) {
        pool_ask(speech->pool, entry);
    } else {
        put_chime(speech, entry);
        tell_soon(speech);
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
    speech->measured = !can_be_said(speech, phrase);
    speech->measure.text = g_strdup(phrase);
    if (!speech->measured) pool_ask(speech->pool, &speech->measure);
}

static void forget_all(struct speech *speech)
{
    g_clear_handle_id(&speech->telling, g_source_remove);
    g_clear_pointer(&speech->measure.text, g_free);
    g_clear_pointer(&speech->problem, g_free);
    g_array_set_size(speech->early, 0);
    if (speech->used) store_finish(&speech->store);
    speech->used = speech->ready = false;
    speech->missing = 0;
}

/* A helper that has spoken with one voice would speak with another a little differently than a fresh one. */
static void start_anew(struct speech *speech, guint helpers)
{
    g_autoptr(GError) error = NULL;
    pool_free(speech->pool);
    forget_all(speech);
    speech->helpers = helpers;
    speech->pool = pool_new(speech->program, helpers, &pool_ops, speech, &error);
    if (!speech->pool) speech->problem = g_strdup(error->message);
}

void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options)
{
    guint helpers = options->helpers ? options->helpers : speech->helpers;
    const struct voice_parameters parameters = parameters_of(voice);
    if (speech->used || helpers != speech->helpers) start_anew(speech, helpers);
    speech->options = *options;
    speech->used = true;
    speech->ready = speech->problem != NULL;
    store_init(&speech->store, options->budget);
    if (speech->pool) pool_use(speech->pool, &parameters);
    begin_measuring(speech, voice->phrases[PHRASE_LOUDNESS]);
}

const char *speech_problem(const struct speech *speech)
{
    return speech->problem;
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
    *speech = (struct speech){.program = g_strdup(program), .helpers = helpers};
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
    forget_all(speech);
    g_array_unref(speech->early);
    g_free(speech->program);
    g_free(speech);
}

static gboolean on_timeout(gpointer data)
{
    *(guint *)data = 0;
    return G_SOURCE_REMOVE;
}

static bool is_expecting(const struct speech *speech)
{
    return speech->used && (!speech->ready || speech->missing > 0 || speech->telling != 0);
}

void speech_wait(struct speech *speech, int timeout_ms)
{
    guint news = speech->news;
    guint timer = 0;
    if (timeout_ms >= 0) timer = g_timeout_add((guint)timeout_ms, on_timeout, &timer);
    while (is_expecting(speech) && speech->news == news && (timer != 0 || timeout_ms < 0))
        g_main_context_iteration(NULL, TRUE);
    if (timer != 0) g_source_remove(timer);
}
