#include "speech/speech.h"
#include "base/sentence.h"
#include "ipc/child.h"
#include "ipc/speech_packets.h"
#include "plan/script.h"
#include "store.h"
#include <math.h>
#include <string.h>

enum {
    /* The next sentence is there when one is done; not more, so that a busy helper holds no work for an idle
     * one. */
    IN_FLIGHT = 3,
    START_MS = 8000,
    MORE_S = 2,      /* the helper itself gives up on a sentence so long before we do */
    MOST_LOSSES = 3, /* of one helper without a clip between them: they end all speech */
};

/* The loss of a helper that has been of no use for so long says nothing about the next. */
static const gint64 IDLE_US = 60 * G_TIME_SPAN_SECOND;

/* Typical of espeak-ng's voices; for a voice that cannot be measured. */
static const double TYPICAL_LUFS = -18;

/* Helpers that speak with one voice. */
struct pool {
    struct speech *speech;
    char *program;     /* of the helpers; NULL: there are none */
    const void *voice; /* the payload of USE */
    gsize voice_size;
    guint patience_s;     /* of a helper for a sentence */
    bool useless;         /* its voice cannot speak, or its helpers have been lost */
    GQueue waiting;       /* struct entry *, for a helper */
    struct entry measure; /* the phrase that the voice's loudness is measured with; in no store */
    bool asked, measured; /* for the loudness; it is known */
    double gain;
    GPtrArray *early; /* struct early *: what came before the gain was known */
};

struct worker {
    struct pool *pool;
    struct child *child; /* NULL: there is no more speech */
    GQueue asked;        /* struct entry *; answered in this order */
    bool ready;          /* the voice has been accepted */
    gint64 since;        /* the start, or the last answer */
    gint64 busy;         /* when the sentence that is due began, us */
    guint losses;        /* since the last clip */
};

struct speech {
    struct speech_options options;
    struct voice_parameters voice;
    struct program_parameters other;
    struct pool espeak, program; /* the second has helpers only if the voice is that of another program */
    struct pool *speaker;        /* the one that has the voice; espeak-ng stands in for the other */
    bool used, ready, lost;
    char *problem;
    struct store store;
    guint missing; /* entries without a clip */
    double pace;   /* seconds that a helper takes for a sentence */
    guint arrived; /* counts what speech_wait() waits for */
    guint idle;    /* source */
    guint n_helpers;
    guint n_workers; /* n_helpers of espeak, and as many of the other program */
    struct worker workers[];
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

/* What a helper gave for a sentence; every field is checked. */
struct answer {
    struct entry *entry;
    enum outcome outcome;
    int rate; /* Hz */
    gsize n;
    const int16_t *samples; /* borrowed */
    const char *why;        /* it failed, if the helper knows that; borrowed */
};

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

static const char *reason(const struct pool *pool, enum outcome outcome)
{
    static const char *const why[N_OUTCOMES] = {
        [OUTCOME_SPOKEN] = "the speech engine gave no sound", /* too little for a clip */
        [OUTCOME_CRASHED] = "the speech engine crashed on this sentence",
        [OUTCOME_SLOW] = "the speech engine took longer than 10 s",
        [OUTCOME_SILENT] = "the speech engine gave no sound",
        [OUTCOME_LONG] = "the speech engine gave more than 120 s",
        [OUTCOME_FAILED] = "the speech engine failed",
    };
    G_STATIC_ASSERT(SPEECH_PATIENCE_S == 10 && PROGRAM_PATIENCE_S == 30 && SPEECH_SECONDS == 120);
    bool program = pool == &pool->speech->program;
    return program && outcome == OUTCOME_SLOW ? "the speech engine took longer than 30 s" : why[outcome];
}

static void say(struct pool *pool, struct entry *entry);

/* A chime takes its place. */
static void fail(struct speech *speech, struct entry *entry, const char *why)
{
    const struct speech_options *options = &speech->options;
    put(speech, entry, clip_chime(options->chime), 0);
    if (options->failed) options->failed(options->data, entry->text, entry->source, why);
}

/* espeak-ng says it instead. */
static void stand_in(struct speech *speech, struct entry *entry, const char *why)
{
    const struct speech_options *options = &speech->options;
    if (options->stood_in) options->stood_in(options->data, entry->text, why);
    if (speech->espeak.useless)
        fail(speech, entry, why);
    else
        say(&speech->espeak, entry);
}

static void settle(struct pool *pool, const struct answer *answer)
{
    struct speech *speech = pool->speech;
    const struct speech_options *options = &speech->options;
    struct entry *entry = answer->entry;
    struct clip *clip = NULL;
    const char *why = answer->why ? answer->why : reason(pool, answer->outcome);
    if (answer->outcome == OUTCOME_SPOKEN)
        clip = clip_make(answer->samples, (int64_t)answer->n, answer->rate, options->rate, pool->gain);
    if (!clip && pool == &speech->program)
        stand_in(speech, entry, why);
    else if (!clip)
        fail(speech, entry, why);
    else if (options->lengths_only)
        put(speech, entry, without_samples(clip), 0);
    else
        put(speech, entry, clip, (gsize)clip->frames * sizeof clip->samples[0]);
}

/* No clip is made before the loudness is known, so that the order of answers cannot be heard. */
static void keep_early(struct pool *pool, const struct answer *answer)
{
    gsize bytes = answer->n * sizeof *answer->samples;
    struct early *early = g_malloc(sizeof *early + bytes);
    early->answer = *answer;
    early->answer.why = early->why = g_strdup(answer->why);
    early->answer.samples = bytes ? memcpy(early->samples, answer->samples, bytes) : early->samples;
    g_ptr_array_add(pool->early, early);
}

static void free_early(gpointer data)
{
    g_free(((struct early *)data)->why);
    g_free(data);
}

static void give_up(struct speech *speech, bool lost, const char *why);

/* A program that cannot say its first sentence is a wrong profile; of espeak-ng only the loudness is not
 * known. */
static void measure(struct pool *pool, const struct answer *answer)
{
    struct speech *speech = pool->speech;
    pool->measured = true;
    if (answer->outcome == OUTCOME_SPOKEN) {
        pool->gain = loudness_gain(answer->samples, (int64_t)answer->n, answer->rate, speech->options.level);
    } else if (pool == &speech->program) {
        const char *why = answer->why ? answer->why : reason(pool, answer->outcome);
        g_autofree char *problem =
            g_strdup_printf("%s\tthis program cannot speak (%s)", speech->other.engine, why);
        give_up(speech, false, problem);
        return;
    }
    for (guint i = 0; i < pool->early->len; i++) {
        const struct early *early = pool->early->pdata[i];
        settle(pool, &early->answer);
    }
    g_ptr_array_set_size(pool->early, 0);
}

/* ---- asking the helpers ---- */

static struct worker *least_busy(const struct pool *pool)
{
    struct speech *speech = pool->speech;
    struct worker *best = NULL;
    for (guint i = 0; i < speech->n_workers; i++) {
        struct worker *worker = &speech->workers[i];
        if (worker->pool != pool || !worker->child) continue;
        if (!best || worker->asked.length < best->asked.length) best = worker;
    }
    return best && best->asked.length < IN_FLIGHT ? best : NULL;
}

/* An answer is due as long as anything is asked for. It is given IN_FLIGHT sentences at once, but each answer
 * begins the time anew. */
static void expect(struct worker *worker)
{
    bool due = worker->pool->speech->used && (!worker->ready || worker->asked.length > 0);
    child_expect(worker->child, !due            ? 0
                                : worker->ready ? (worker->pool->patience_s + MORE_S) * 1000
                                                : START_MS);
}

static void send(struct worker *worker, enum speech_kind kind, const void *data, gsize size)
{
    child_send(worker->child, &(struct packet){.kind = kind, .size = (uint32_t)size}, data);
    expect(worker);
}

static void send_voice(struct worker *worker)
{
    send(worker, SPEECH_USE, worker->pool->voice, worker->pool->voice_size);
}

/* What a jump has left behind is not spoken: what was jumped to would wait for it. */
static void hand_out(struct pool *pool)
{
    struct speech *speech = pool->speech;
    for (struct worker *worker; pool->waiting.length > 0 && (worker = least_busy(pool));) {
        struct entry *entry = g_queue_pop_head(&pool->waiting);
        if (entry != &pool->measure && store_drop(&speech->store, entry)) {
            speech->missing--;
            notify_later(speech);
            continue;
        }
        if (worker->asked.length == 0) worker->busy = g_get_monotonic_time();
        g_queue_push_tail(&worker->asked, entry);
        send(worker, SPEECH_SAY, entry->text, strlen(entry->text));
    }
}

/* Sentences are cut long before SPEECH_TEXT_MAX. */
static bool can_be_said(const char *text)
{
    return sentence_has_words(text) && strlen(text) <= SPEECH_TEXT_MAX;
}

/* The loudness of the voice is measured first. */
static void say(struct pool *pool, struct entry *entry)
{
    if (!pool->asked && pool->measure.text) g_queue_push_tail(&pool->waiting, &pool->measure);
    pool->asked = true;
    if (entry) g_queue_push_tail(&pool->waiting, entry);
    hand_out(pool);
}

/* ---- losing helpers ---- */

static void stop(struct speech *speech)
{
    g_queue_clear(&speech->espeak.waiting);
    g_queue_clear(&speech->program.waiting);
    for (guint i = 0; i < speech->n_workers; i++) {
        g_clear_pointer(&speech->workers[i].child, child_free);
        g_queue_clear(&speech->workers[i].asked);
    }
}

/* Missing clips stay missing: a chime would stand for sentences that were never tried. */
static void give_up(struct speech *speech, bool lost, const char *why)
{
    stop(speech);
    speech->problem = g_strdup(why);
    speech->lost = lost;
    speech->ready = true;
    notify(speech);
}

static const struct child_ops child_ops;

static bool start(struct worker *worker, GError **error)
{
    const struct child_options options = {
        .program = worker->pool->program,
        .extra_fd = -1,
        .limit = SPEECH_CLIP_MAX,
        .same_addresses = true, /* espeak-ng 1.51 reads outside its memory, in Arabic numbers */
        .ops = &child_ops,
        .data = worker,
    };
    worker->ready = false;
    worker->since = g_get_monotonic_time();
    worker->child = child_new(&options, error);
    if (worker->child && worker->pool->speech->used) send_voice(worker);
    return worker->child != NULL;
}

/* Of the voice, or of those that stand in for it: then what they were asked for becomes chimes. */
static void lose(struct pool *pool, bool lost, const char *why)
{
    struct speech *speech = pool->speech;
    pool->useless = true;
    if (pool == speech->speaker) {
        give_up(speech, lost, why);
        return;
    }
    for (struct entry *entry; (entry = g_queue_pop_head(&pool->waiting));)
        if (entry != &pool->measure) fail(speech, entry, why);
    notify(speech);
}

static void on_lost(void *data, enum child_loss loss)
{
    struct worker *worker = data;
    struct pool *pool = worker->pool;
    g_autoptr(GError) error = NULL;
    bool idle = worker->ready && worker->asked.length == 0;
    if (idle && g_get_monotonic_time() - worker->since > IDLE_US) worker->losses = 0;
    g_clear_pointer(&worker->child, child_free);
    while (worker->asked.length > 0) g_queue_push_head(&pool->waiting, g_queue_pop_tail(&worker->asked));
    if (++worker->losses < MOST_LOSSES && start(worker, &error))
        hand_out(pool);
    else if (error)
        lose(pool, true, error->message);
    else if (loss == CHILD_SILENT)
        lose(pool, true, "the speech program does not answer (can espeak-ng-data be read?)");
    else
        lose(pool, true, "the speech program ends again and again (is espeak-ng-data complete?)");
}

/* ---- answers ---- */

static bool on_ready(struct worker *worker, const struct packet *packet, const char *problem)
{
    struct pool *pool = worker->pool;
    struct speech *speech = pool->speech;
    if (!speech->used || packet->kind != SPEECH_READY || packet->size > SPEECH_TEXT_MAX) return false;
    worker->ready = true;
    expect(worker);
    if (problem[0]) {
        lose(pool, false, problem);
    } else if (pool == speech->speaker && !speech->ready) {
        speech->ready = true;
        notify(speech);
    }
    return true;
}

/* NULL if the packet breaks the rules. */
static struct entry *take_answer(struct worker *worker, const struct packet *packet, const void *payload,
                                 struct answer *answer)
{
    const int outcome = packet->value[CLIP_OUTCOME], rate = packet->value[CLIP_RATE];
    if (worker->asked.length == 0 || packet->kind != SPEECH_CLIP || outcome < 0 || outcome >= N_OUTCOMES ||
        rate < SPEECH_RATE_MIN || rate > SPEECH_RATE_MAX)
        return NULL;
    *answer = (struct answer){.outcome = (enum outcome)outcome, .rate = rate};
    if (outcome == OUTCOME_SPOKEN) {
        answer->samples = payload;
        answer->n = packet->size / sizeof *answer->samples;
        if (packet->size % sizeof *answer->samples != 0 || answer->n > (gsize)rate * SPEECH_SECONDS)
            return NULL;
    } else if (packet->size > 0) {
        if (packet->size > SPEECH_TEXT_MAX || !g_utf8_validate(payload, -1, NULL)) return NULL;
        answer->why = payload;
    }
    return answer->entry = g_queue_pop_head(&worker->asked);
}

/* The last few sentences count most. */
static void note_pace(struct worker *worker)
{
    struct speech *speech = worker->pool->speech;
    double took = (double)(worker->since - worker->busy) / G_USEC_PER_SEC;
    speech->pace = speech->pace > 0 ? (3 * speech->pace + took) / 4 : took;
    worker->busy = worker->since;
}

static bool on_clip(struct worker *worker, const struct packet *packet, const void *payload)
{
    struct pool *pool = worker->pool;
    struct answer answer;
    if (!take_answer(worker, packet, payload, &answer)) return false;
    worker->losses = 0;
    worker->since = g_get_monotonic_time();
    note_pace(worker);
    expect(worker);
    hand_out(pool); /* first, so that the helper speaks while this clip is made */
    if (answer.entry == &pool->measure)
        measure(pool, &answer);
    else if (pool->measured)
        settle(pool, &answer);
    else
        keep_early(pool, &answer);
    if (pool->measured && !pool->speech->problem) notify(pool->speech);
    return true;
}

static bool on_received(void *data, const struct packet *packet, const void *payload)
{
    struct worker *worker = data;
    return worker->ready ? on_clip(worker, packet, payload) : on_ready(worker, packet, payload);
}

static const struct child_ops child_ops = {on_received, on_lost};

/* ---- sentences ---- */

static struct entry *add(struct speech *speech, const char *text, int source)
{
    struct entry *entry = store_add(&speech->store, text, source);
    speech->missing++;
    if (!can_be_said(text)) {
        put(speech, entry, clip_chime(speech->options.chime), 0);
        notify_later(speech);
    } else if (!speech->problem) {
        say(speech->speaker, entry);
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

static void pool_init(struct pool *pool, struct speech *speech, const void *voice, gsize voice_size,
                      guint patience_s)
{
    *pool = (struct pool){.speech = speech,
                          .voice = voice,
                          .voice_size = voice_size,
                          .patience_s = patience_s,
                          .early = g_ptr_array_new_with_free_func(free_early)};
}

static void pool_finish(struct pool *pool)
{
    g_ptr_array_unref(pool->early);
    g_free(pool->measure.text);
    g_free(pool->program);
}

/* The helpers of one pool, from `first` on. */
static bool start_all(struct speech *speech, struct pool *pool, guint first, GError **error)
{
    for (guint i = first; i < first + speech->n_helpers; i++) {
        speech->workers[i].pool = pool;
        if (!start(&speech->workers[i], error)) return false;
    }
    return true;
}

struct speech *speech_new(const char *program, guint helpers, GError **error)
{
    struct speech *speech = g_malloc0(sizeof *speech + 2 * helpers * sizeof *speech->workers);
    pool_init(&speech->espeak, speech, &speech->voice, sizeof speech->voice, SPEECH_PATIENCE_S);
    pool_init(&speech->program, speech, &speech->other, sizeof speech->other, PROGRAM_PATIENCE_S);
    speech->espeak.program = g_strdup(program);
    speech->speaker = &speech->espeak;
    speech->n_helpers = helpers;
    speech->n_workers = 2 * helpers;
    for (guint i = 0; i < speech->n_workers; i++) speech->workers[i].pool = &speech->program;
    if (start_all(speech, &speech->espeak, 0, error)) return speech;
    speech_free(speech);
    return NULL;
}

void speech_free(struct speech *speech)
{
    if (!speech) return;
    stop(speech);
    g_clear_handle_id(&speech->idle, g_source_remove);
    if (speech->used) store_finish(&speech->store);
    pool_finish(&speech->espeak);
    pool_finish(&speech->program);
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
    *parameters = (struct program_parameters){.rate = voice->rate,
                                              .pitch = voice->pitch,
                                              .stays = strcmp(voice->speaks, "lines") == 0,
                                              .cache_bytes = options->cache_bytes};
    bool module = strcmp(voice->engine, "module") == 0;
    g_autofree char *directory =
        g_path_get_dirname(voice_location(voice, module ? "module" : "command").path);
    const char *cache = options->cache ? options->cache : "";
    gsize lengths[] = {
        g_strlcpy(parameters->engine, voice->engine, sizeof parameters->engine),
        g_strlcpy(parameters->voice, voice->voice_named ? voice->voice : "", sizeof parameters->voice),
        g_strlcpy(parameters->language, voice->language, sizeof parameters->language)};
    return g_strlcpy(parameters->command, module ? voice->module : voice->command,
                     sizeof parameters->command) < sizeof parameters->command &&
           g_strlcpy(parameters->config, voice->config, sizeof parameters->config) <
               sizeof parameters->config &&
           g_strlcpy(parameters->directory, directory, sizeof parameters->directory) <
               sizeof parameters->directory &&
           g_strlcpy(parameters->cache, cache, sizeof parameters->cache) < sizeof parameters->cache &&
           lengths[0] < sizeof parameters->engine && lengths[1] < sizeof parameters->voice &&
           lengths[2] < sizeof parameters->language;
}

static void use_program(struct speech *speech, const struct voice *voice,
                        const struct speech_options *options)
{
    g_autoptr(GError) error = NULL;
    speech->speaker = &speech->program;
    speech->program.program = g_strdup(options->voice_program);
    if (!describe_program(&speech->other, voice, options))
        give_up(speech, false, "engine\ta text of this voice is too long (at most 4,096 bytes)");
    else if (!start_all(speech, &speech->program, speech->n_helpers, &error))
        give_up(speech, true, error->message);
}

void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options)
{
    g_assert(!speech->used);
    const bool program = voice_is_program(voice);
    const char *phrase = voice->phrases[PHRASE_LOUDNESS];
    speech->options = *options;
    speech->used = true;
    store_init(&speech->store, options->budget, options->ahead);
    describe_espeak(&speech->voice, voice, !program);
    for (guint i = 0; i < speech->n_helpers; i++)
        if (speech->workers[i].child) send_voice(&speech->workers[i]);
    struct pool *const pools[] = {&speech->espeak, &speech->program};
    for (gsize i = 0; i < G_N_ELEMENTS(pools); i++) {
        pools[i]->gain = pow(10, (options->level - TYPICAL_LUFS) / 20);
        pools[i]->measured = !can_be_said(phrase);
        if (!pools[i]->measured) pools[i]->measure.text = g_strdup(phrase);
    }
    if (program && !speech->problem) use_program(speech, voice, options);
    speech->options.voice_program = speech->options.cache = NULL; /* only lent */
    if (speech->problem)
        notify_later(speech);
    else
        say(speech->speaker, NULL);
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
    return speech->pace > 0 ? speech->missing * speech->pace / MAX(speech->n_helpers, 1) : -1;
}

bool speech_ready(const struct speech *speech)
{
    return speech->ready;
}
