#include "speech/speech.h"
#include "base/sentence.h"
#include "plan/script.h"
#include "pool.h"
#include "store.h"
#include <math.h>
#include <string.h>

/* Typical of espeak-ng's voices; for a voice that cannot be measured. */
static const double TYPICAL_LUFS = -18;

/* For a sentence, as long as all have been in the cache. */
static const double UNKNOWN_PACE_S = 2;

/* A voice: those who speak with it, and its loudness. */
struct speaker {
    struct pool pool;
    struct entry measure; /* the phrase that the loudness is measured with; in no store */
    bool asked, measured; /* for the loudness; it is known */
    double gain;
    GPtrArray *early; /* struct early *: what came before the gain was known */
};

struct speech {
    struct speech_options options;
    struct voice_parameters voice;
    struct program_parameters other;
    /* The second has helpers only for a voice of another program, or with recorded clips. What it cannot say
     * the first says. */
    struct speaker espeak, program;
    struct speaker *first; /* the one that is asked first */
    bool used, ready, lost;
    char *problem;
    struct store store;
    guint missing; /* entries without a clip */
    guint arrived; /* counts what speech_wait() waits for */
    guint idle;    /* source */
    guint n_helpers;
};

/* ---- notifying: from the main loop, as the contract says; the listener may free the speech in it ---- */

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

static void notify_later(struct speech *speech)
{
    if (speech->idle == 0) speech->idle = g_idle_add(on_idle, speech);
}

/* ---- clips ---- */

struct early {
    struct answer answer;
    char *why;
    int16_t samples[];
};

static void put(struct speech *speech, struct entry *entry, struct clip *clip, gsize bytes)
{
    store_put(&speech->store, entry, clip, bytes);
    speech->missing--;
}

static struct clip *without_samples(struct clip *clip)
{
    struct clip *length = clip_chime(clip->frames);
    length->chime = false;
    clip_unref(clip);
    return length;
}

static const char *reason(const struct speech *speech, const struct speaker *speaker, enum outcome outcome)
{
    static const char *const why[N_OUTCOMES] = {
        [OUTCOME_SPOKEN] = "the speech engine gave no sound", /* too little for a clip */
        [OUTCOME_CRASHED] = "the speech engine crashed on this sentence",
        [OUTCOME_SLOW] = "the speech engine took longer than 10 s",
        [OUTCOME_SILENT] = "the speech engine gave no sound",
        [OUTCOME_LONG] = "the speech engine gave more than 120 s",
        [OUTCOME_FAILED] = "the speech engine failed",
        [OUTCOME_MISSING] = "it is not recorded",
    };
    G_STATIC_ASSERT(SPEECH_PATIENCE_S == 10 && PROGRAM_PATIENCE_S == 30 && SPEECH_SECONDS == 120);
    bool program = speaker == &speech->program;
    return program && outcome == OUTCOME_SLOW ? "the speech engine took longer than 30 s" : why[outcome];
}

static void say(struct speaker *speaker, struct entry *entry);

/* A chime takes its place. */
static void fail(struct speech *speech, struct entry *entry, const char *why)
{
    const struct speech_options *options = &speech->options;
    put(speech, entry, clip_chime(options->chime), 0);
    if (options->failed) options->failed(options->data, entry->text, entry->source, why);
}

/* espeak-ng says it instead; without a word about it if it was only not recorded. */
static void stand_in(struct speech *speech, const struct answer *answer, const char *why)
{
    const struct speech_options *options = &speech->options;
    struct entry *entry = answer->entry;
    if (options->stood_in && answer->outcome != OUTCOME_MISSING)
        options->stood_in(options->data, entry->text, why);
    if (speech->espeak.pool.useless)
        fail(speech, entry, why);
    else
        say(&speech->espeak, entry);
}

static struct clip *make_clip(const struct speech *speech, const struct speaker *speaker,
                              const struct answer *answer)
{
    const struct speech_options *options = &speech->options;
    double gain = speaker->gain;
    if (answer->outcome != OUTCOME_SPOKEN) return NULL;
    if (answer->origin == ORIGIN_RECORDED) /* each by itself: they may have been recorded on several days */
        gain = loudness_gain(answer->samples, (int64_t)answer->n, answer->rate, options->level);
    return clip_make(answer->samples, (int64_t)answer->n, answer->rate, options->rate, gain,
                     options->ceiling);
}

static void settle(struct speech *speech, struct speaker *speaker, const struct answer *answer)
{
    struct entry *entry = answer->entry;
    struct clip *clip = make_clip(speech, speaker, answer);
    const char *why = answer->why ? answer->why : reason(speech, speaker, answer->outcome);
    if (!clip && speaker == &speech->program)
        stand_in(speech, answer, why);
    else if (!clip)
        fail(speech, entry, why);
    else if (speech->options.lengths_only)
        put(speech, entry, without_samples(clip), 0);
    else
        put(speech, entry, clip, (gsize)clip->frames * sizeof clip->samples[0]);
}

/* No clip is made before the loudness is known, so that the order of answers cannot be heard. */
static void keep_early(struct speaker *speaker, const struct answer *answer)
{
    gsize bytes = answer->n * sizeof *answer->samples;
    struct early *early = g_malloc(sizeof *early + bytes);
    early->answer = *answer;
    early->answer.why = early->why = g_strdup(answer->why);
    early->answer.samples = bytes ? memcpy(early->samples, answer->samples, bytes) : early->samples;
    g_ptr_array_add(speaker->early, early);
}

static void free_early(gpointer data)
{
    g_free(((struct early *)data)->why);
    g_free(data);
}

static void give_up(struct speech *speech, bool lost, const char *why);

/* A program that cannot say its first sentence is a wrong profile; of espeak-ng only the loudness is not
 * known. */
static void measure(struct speech *speech, struct speaker *speaker, const struct answer *answer)
{
    speaker->measured = true;
    if (answer->outcome == OUTCOME_SPOKEN) {
        speaker->gain =
            loudness_gain(answer->samples, (int64_t)answer->n, answer->rate, speech->options.level);
    } else if (speaker == &speech->program) {
        const char *why = answer->why ? answer->why : reason(speech, speaker, answer->outcome);
        g_autofree char *problem =
            g_strdup_printf("%s\tthis program cannot speak (%s)", speech->other.engine, why);
        give_up(speech, false, problem);
        return;
    }
    for (guint i = 0; i < speaker->early->len; i++) {
        const struct early *early = speaker->early->pdata[i];
        settle(speech, speaker, &early->answer);
    }
    g_ptr_array_set_size(speaker->early, 0);
}

/* ---- asking ---- */

/* Sentences are cut long before SPEECH_TEXT_MAX. */
static bool can_be_said(const char *text)
{
    return sentence_has_words(text) && strlen(text) <= SPEECH_TEXT_MAX;
}

/* The loudness of the voice is measured first. */
static void say(struct speaker *speaker, struct entry *entry)
{
    if (!speaker->asked && speaker->measure.text) pool_say(&speaker->pool, &speaker->measure);
    speaker->asked = true;
    if (entry) pool_say(&speaker->pool, entry);
}

/* ---- events of the helpers ---- */

/* Missing clips stay missing: a chime would stand for sentences that were never tried. */
static void give_up(struct speech *speech, bool lost, const char *why)
{
    pool_stop(&speech->espeak.pool);
    pool_stop(&speech->program.pool);
    speech->problem = g_strdup(why);
    speech->lost = lost;
    speech->ready = true;
    notify(speech);
}

static struct speaker *speaker_of(struct speech *speech, const struct pool *pool)
{
    return pool == &speech->program.pool ? &speech->program : &speech->espeak;
}

/* What a jump has left behind is not spoken: what was jumped to would wait for it. */
static bool wants(void *data, struct entry *entry)
{
    struct speech *speech = data;
    bool measures = entry == &speech->espeak.measure || entry == &speech->program.measure;
    if (measures || !store_drop(&speech->store, entry)) return true;
    speech->missing--;
    notify_later(speech);
    return false;
}

static void on_ready(void *data, struct pool *pool)
{
    struct speech *speech = data;
    if (speaker_of(speech, pool) != speech->first || speech->ready) return;
    speech->ready = true;
    notify(speech);
}

static void on_answered(void *data, struct pool *pool, const struct answer *answer)
{
    struct speech *speech = data;
    struct speaker *speaker = speaker_of(speech, pool);
    if (answer->origin == ORIGIN_UNKEPT && speech->options.unkept)
        speech->options.unkept(speech->options.data);
    if (answer->entry == &speaker->measure)
        measure(speech, speaker, answer);
    else if (speaker->measured)
        settle(speech, speaker, answer);
    else
        keep_early(speaker, answer);
    if (speaker->measured && !speech->problem) notify(speech);
}

/* A voice that could speak, but whose helpers cannot be kept: espeak-ng says the rest. */
static void leave_program(struct speech *speech)
{
    static const char why[] = "its helper program ends again and again";
    speech->first = &speech->espeak;
    for (struct entry *entry; (entry = g_queue_pop_head(&speech->program.pool.waiting));)
        stand_in(speech, &(struct answer){.entry = entry, .outcome = OUTCOME_FAILED}, why);
    notify(speech);
}

/* Of those that stand in: what they were asked for becomes chimes. */
static void on_useless(void *data, struct pool *pool, bool lost, const char *why)
{
    struct speech *speech = data;
    if (pool == &speech->program.pool && lost && speech->program.measured) {
        leave_program(speech);
        return;
    }
    if (pool == &speech->first->pool) {
        give_up(speech, lost, why);
        return;
    }
    for (struct entry *entry; (entry = g_queue_pop_head(&pool->waiting));)
        if (entry != &speech->espeak.measure) fail(speech, entry, why);
    notify(speech);
}

static const struct pool_ops pool_ops = {wants, on_ready, on_answered, on_useless};

/* ---- sentences ---- */

static struct entry *add(struct speech *speech, const char *text, int source)
{
    struct entry *entry = store_add(&speech->store, text, source);
    speech->missing++;
    if (!can_be_said(text)) {
        put(speech, entry, clip_chime(speech->options.chime), 0);
        notify_later(speech);
    } else if (!speech->problem) {
        say(speech->first, entry);
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
        add(speech, text, source);
}

struct clip *speech_find(struct speech *speech, const char *text)
{
    g_assert(speech->used);
    struct entry *entry = store_find(&speech->store, text);
    if (!entry)
        entry = add(speech, text, 0);
    else if (!entry->clip)
        store_keep(&speech->store, entry);
    return entry->clip ? store_fetch(&speech->store, entry) : NULL;
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
    g_clear_handle_id(&timer, g_source_remove);
}

/* ---- life ---- */

static void speaker_init(struct speaker *speaker, struct speech *speech, const void *voice, gsize voice_size,
                         guint patience_s)
{
    pool_init(&speaker->pool, &pool_ops, speech, voice, voice_size, patience_s);
    speaker->early = g_ptr_array_new_with_free_func(free_early);
}

static void speaker_finish(struct speaker *speaker)
{
    pool_finish(&speaker->pool);
    g_ptr_array_unref(speaker->early);
    g_free(speaker->measure.text);
}

struct speech *speech_new(const char *program, guint helpers, GError **error)
{
    struct speech *speech = g_new0(struct speech, 1);
    speaker_init(&speech->espeak, speech, &speech->voice, sizeof speech->voice, SPEECH_PATIENCE_S);
    speaker_init(&speech->program, speech, &speech->other, sizeof speech->other, PROGRAM_PATIENCE_S);
    speech->espeak.pool.same_addresses = true; /* 1.51 reads outside its memory, in Arabic numbers */
    speech->first = &speech->espeak;
    speech->n_helpers = helpers;
    if (pool_start(&speech->espeak.pool, program, helpers, error)) return speech;
    speech_free(speech);
    return NULL;
}

void speech_free(struct speech *speech)
{
    if (!speech) return;
    speaker_finish(&speech->espeak);
    speaker_finish(&speech->program);
    g_clear_handle_id(&speech->idle, g_source_remove);
    if (speech->used) store_finish(&speech->store);
    g_free(speech->problem);
    g_free(speech);
}

static void describe_espeak(struct voice_parameters *parameters, const struct voice *voice, bool speaks)
{
    *parameters = (struct voice_parameters){
        .rate = voice->rate, .pitch = voice->pitch, .range = voice->range, .word_gap = voice->word_gap};
    g_strlcpy(parameters->engine, speaks ? voice->engine : "espeak", sizeof parameters->engine);
    g_strlcpy(parameters->voice, speaks ? voice->voice : voice->language, sizeof parameters->voice);
    g_strlcpy(parameters->variant, speaks ? voice->variant : "", sizeof parameters->variant);
}

/* False if a text of the profile is too long for a packet. */
static bool describe_program(struct program_parameters *parameters, const struct voice *voice,
                             const struct speech_options *options)
{
    const bool module = strcmp(voice->engine, "module") == 0;
    const struct diag_location place = voice_location(voice, module ? "module" : "command");
    g_autofree char *directory = g_path_get_dirname(place.path), *clips = voice_clips(voice);
    *parameters = (struct program_parameters){.rate = voice->rate,
                                              .pitch = voice->pitch,
                                              .stays = strcmp(voice->speaks, "lines") == 0,
                                              .cache_bytes = options->cache_bytes};
#define TEXT(field) parameters->field, sizeof parameters->field
    const struct {
        char *to;
        gsize size;
        const char *from;
    } texts[] = {{TEXT(engine), voice_is_program(voice) ? voice->engine : ""},
                 {TEXT(command), module ? voice->module : voice->command},
                 {TEXT(config), voice->config},
                 {TEXT(voice), voice->voice_named ? voice->voice : ""},
                 {TEXT(language), voice->language},
                 {TEXT(package), voice->package},
                 {TEXT(directory), directory},
                 {TEXT(clips), clips ? clips : ""},
                 {TEXT(cache), options->cache ? options->cache : ""}};
#undef TEXT
    bool fits = true;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        fits &= g_strlcpy(texts[i].to, texts[i].from, texts[i].size) < texts[i].size;
    return fits;
}

static void use_program(struct speech *speech, const struct voice *voice,
                        const struct speech_options *options)
{
    g_autoptr(GError) error = NULL;
    speech->first = &speech->program;
    speech->program.pool.used = true;
    if (!describe_program(&speech->other, voice, options))
        give_up(speech, false, "engine\ta text of this voice is too long (at most 4,096 bytes)");
    else if (!pool_start(&speech->program.pool, options->voice_program, speech->n_helpers, &error))
        give_up(speech, true, error->message);
}

/* Recorded clips alone need no measuring: each has a gain of its own. */
static void prepare_speaker(struct speech *speech, struct speaker *speaker, const char *phrase)
{
    speaker->gain = pow(10, (speech->options.level - TYPICAL_LUFS) / 20);
    speaker->measured = !can_be_said(phrase) || (speaker == &speech->program && !speech->other.engine[0]);
    if (!speaker->measured) speaker->measure.text = g_strdup(phrase);
}

void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options)
{
    g_assert(!speech->used);
    const bool program = voice_is_program(voice);
    speech->options = *options;
    speech->used = true;
    store_init(&speech->store, options->budget, options->ahead);
    describe_espeak(&speech->voice, voice, !program);
    pool_use(&speech->espeak.pool);
    if ((program || *voice->clips) && !speech->problem) use_program(speech, voice, options);
    speech->options.voice_program = speech->options.cache = NULL; /* only lent */
    prepare_speaker(speech, &speech->espeak, voice->phrases[PHRASE_LOUDNESS]);
    prepare_speaker(speech, &speech->program, voice->phrases[PHRASE_LOUDNESS]);
    if (speech->problem)
        notify_later(speech);
    else
        say(speech->first, NULL);
}

const char *speech_problem(const struct speech *speech)
{
    return speech->problem;
}

bool speech_lost(const struct speech *speech)
{
    return speech->lost;
}

double speech_backlog(const struct speech *speech)
{
    double pace = speech->first->pool.pace;
    return speech->missing * (pace > 0 ? pace : UNKNOWN_PACE_S) / MAX(speech->n_helpers, 1);
}

bool speech_ready(const struct speech *speech)
{
    return speech->ready;
}
