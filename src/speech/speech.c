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
    SENTENCE_MS = (SPEECH_PATIENCE_S + 2) * 1000, /* the helper itself gives up on a sentence before that */
    MOST_LOSSES = 3, /* of one helper without a clip between them: they end all speech */
};

/* The loss of a helper that has been of no use for so long says nothing about the next. */
static const gint64 IDLE_US = 60 * G_TIME_SPAN_SECOND;

/* Typical of espeak-ng's voices; for a voice that cannot be measured. */
static const double TYPICAL_LUFS = -18;

struct worker {
    struct speech *speech;
    struct child *child; /* NULL: there is no more speech */
    GQueue asked;        /* struct entry *; answered in this order */
    bool ready;          /* the voice has been accepted */
    gint64 since;        /* the start, or the last answer */
    guint losses;        /* since the last clip */
};

struct speech {
    char *program;
    struct speech_options options;
    struct voice_parameters voice;
    bool used, ready, lost;
    char *problem;
    struct store store;
    GQueue waiting;       /* struct entry *, for a helper */
    struct entry measure; /* the phrase that the voice's loudness is measured with; in no store */
    bool measured;
    double gain;
    GPtrArray *early; /* struct early *: what came before the gain was known */
    guint missing;    /* entries without a clip */
    guint arrived;    /* counts what speech_wait() waits for */
    guint idle;       /* source */
    guint n_workers;
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
};

struct early {
    struct answer answer;
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

static void settle(struct speech *speech, const struct answer *answer)
{
    static const char *const why[N_OUTCOMES] = {
        [OUTCOME_SPOKEN] = "the speech engine gave no sound", /* too little for a clip */
        [OUTCOME_CRASHED] = "the speech engine crashed on this sentence",
        [OUTCOME_SLOW] = "the speech engine took longer than 10 s",
        [OUTCOME_SILENT] = "the speech engine gave no sound",
        [OUTCOME_LONG] = "the speech engine gave more than 120 s",
    };
    G_STATIC_ASSERT(SPEECH_PATIENCE_S == 10 && SPEECH_SECONDS == 120);
    const struct speech_options *options = &speech->options;
    struct entry *entry = answer->entry;
    struct clip *clip = NULL;
    if (answer->outcome == OUTCOME_SPOKEN)
        clip = clip_make(answer->samples, (int64_t)answer->n, answer->rate, options->rate, speech->gain);
    if (!clip) {
        put(speech, entry, clip_chime(options->chime), 0);
        if (options->failed) options->failed(options->data, entry->text, entry->source, why[answer->outcome]);
    } else if (options->lengths_only) {
        put(speech, entry, without_samples(clip), 0);
    } else {
        put(speech, entry, clip, (gsize)clip->frames * sizeof clip->samples[0]);
    }
}

/* No clip is made before the loudness is known, so that the order of answers cannot be heard. */
static void keep_early(struct speech *speech, const struct answer *answer)
{
    gsize bytes = answer->n * sizeof *answer->samples;
    struct early *early = g_malloc(sizeof *early + bytes);
    early->answer = *answer;
    early->answer.samples = memcpy(early->samples, answer->samples, bytes);
    g_ptr_array_add(speech->early, early);
}

static void measure(struct speech *speech, const struct answer *answer)
{
    speech->measured = true;
    if (answer->outcome == OUTCOME_SPOKEN)
        speech->gain =
            loudness_gain(answer->samples, (int64_t)answer->n, answer->rate, speech->options.level);
    for (guint i = 0; i < speech->early->len; i++) {
        const struct early *early = speech->early->pdata[i];
        settle(speech, &early->answer);
    }
    g_ptr_array_set_size(speech->early, 0);
}

/* ---- asking the helpers ---- */

static struct worker *least_busy(struct speech *speech)
{
    struct worker *best = NULL;
    for (guint i = 0; i < speech->n_workers; i++) {
        struct worker *worker = &speech->workers[i];
        if (worker->child && (!best || worker->asked.length < best->asked.length)) best = worker;
    }
    return best && best->asked.length < IN_FLIGHT ? best : NULL;
}

/* An answer is due as long as anything is asked for. */
static void expect(struct worker *worker)
{
    bool due = worker->speech->used && (!worker->ready || worker->asked.length > 0);
    child_expect(worker->child, !due ? 0 : worker->ready ? SENTENCE_MS : START_MS);
}

static void send(struct worker *worker, enum speech_kind kind, const void *data, gsize size)
{
    child_send(worker->child, &(struct packet){.kind = kind, .size = (uint32_t)size}, data);
    expect(worker);
}

static void send_voice(struct worker *worker)
{
    send(worker, SPEECH_USE, &worker->speech->voice, sizeof worker->speech->voice);
}

/* What a jump has left behind is not spoken: what was jumped to would wait for it. */
static void hand_out(struct speech *speech)
{
    for (struct worker *worker; speech->waiting.length > 0 && (worker = least_busy(speech));) {
        struct entry *entry = g_queue_pop_head(&speech->waiting);
        if (store_drop(&speech->store, entry)) {
            speech->missing--;
            notify_later(speech);
            continue;
        }
        g_queue_push_tail(&worker->asked, entry);
        send(worker, SPEECH_SAY, entry->text, strlen(entry->text));
    }
}

/* Sentences are cut long before SPEECH_TEXT_MAX. */
static bool can_be_said(const char *text)
{
    return sentence_has_words(text) && strlen(text) <= SPEECH_TEXT_MAX;
}

static void say(struct speech *speech, struct entry *entry)
{
    g_queue_push_tail(&speech->waiting, entry);
    hand_out(speech);
}

/* ---- losing helpers ---- */

static void stop(struct speech *speech)
{
    g_queue_clear(&speech->waiting);
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
        .program = worker->speech->program,
        .extra_fd = -1,
        .limit = SPEECH_CLIP_MAX,
        .same_addresses = true, /* espeak-ng 1.51 reads outside its memory, in Arabic numbers */
        .ops = &child_ops,
        .data = worker,
    };
    worker->ready = false;
    worker->since = g_get_monotonic_time();
    worker->child = child_new(&options, error);
    if (worker->child && worker->speech->used) send_voice(worker);
    return worker->child != NULL;
}

static void on_lost(void *data, enum child_loss loss)
{
    struct worker *worker = data;
    struct speech *speech = worker->speech;
    g_autoptr(GError) error = NULL;
    bool idle = worker->ready && worker->asked.length == 0;
    if (idle && g_get_monotonic_time() - worker->since > IDLE_US) worker->losses = 0;
    g_clear_pointer(&worker->child, child_free);
    while (worker->asked.length > 0) g_queue_push_head(&speech->waiting, g_queue_pop_tail(&worker->asked));
    if (++worker->losses < MOST_LOSSES && start(worker, &error))
        hand_out(speech);
    else if (error)
        give_up(speech, true, error->message);
    else if (loss == CHILD_SILENT)
        give_up(speech, true, "the speech program does not answer (can espeak-ng-data be read?)");
    else
        give_up(speech, true, "the speech program ends again and again (is espeak-ng-data complete?)");
}

/* ---- answers ---- */

static bool on_ready(struct worker *worker, const struct packet *packet, const char *problem)
{
    struct speech *speech = worker->speech;
    if (!speech->used || packet->kind != SPEECH_READY || packet->size > SPEECH_TEXT_MAX) return false;
    worker->ready = true;
    expect(worker);
    if (problem[0]) {
        give_up(speech, false, problem);
    } else if (!speech->ready) {
        speech->ready = true;
        notify(speech);
    }
    return true;
}

static bool on_clip(struct worker *worker, const struct packet *packet, const int16_t *samples)
{
    const int outcome = packet->value[CLIP_OUTCOME], rate = packet->value[CLIP_RATE];
    const gsize n = packet->size / sizeof *samples;
    if (worker->asked.length == 0 || packet->kind != SPEECH_CLIP || packet->size % sizeof *samples != 0 ||
        outcome < 0 || outcome >= N_OUTCOMES || rate < SPEECH_RATE_MIN || rate > SPEECH_RATE_MAX ||
        n > (gsize)rate * SPEECH_SECONDS)
        return false;
    struct speech *speech = worker->speech;
    struct entry *entry = g_queue_pop_head(&worker->asked);
    const struct answer answer = {entry, (enum outcome)outcome, rate, n, samples};
    worker->losses = 0;
    worker->since = g_get_monotonic_time();
    expect(worker);
    hand_out(speech); /* first, so that the helper speaks while this clip is made */
    if (entry == &speech->measure)
        measure(speech, &answer);
    else if (speech->measured)
        settle(speech, &answer);
    else
        keep_early(speech, &answer);
    if (speech->measured) notify(speech);
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
        say(speech, entry);
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

struct speech *speech_new(const char *program, guint helpers, GError **error)
{
    struct speech *speech = g_malloc0(sizeof *speech + helpers * sizeof *speech->workers);
    speech->program = g_strdup(program);
    speech->early = g_ptr_array_new_with_free_func(g_free);
    speech->n_workers = helpers;
    for (guint i = 0; i < helpers; i++) {
        speech->workers[i].speech = speech;
        if (start(&speech->workers[i], error)) continue;
        speech_free(speech);
        return NULL;
    }
    return speech;
}

void speech_free(struct speech *speech)
{
    if (!speech) return;
    stop(speech);
    g_clear_handle_id(&speech->idle, g_source_remove);
    if (speech->used) store_finish(&speech->store);
    g_ptr_array_unref(speech->early);
    g_free(speech->measure.text);
    g_free(speech->problem);
    g_free(speech->program);
    g_free(speech);
}

void speech_use(struct speech *speech, const struct voice *voice, const struct speech_options *options)
{
    g_assert(!speech->used);
    const char *phrase = voice->phrases[PHRASE_LOUDNESS];
    struct voice_parameters *parameters = &speech->voice;
    *parameters = (struct voice_parameters){
        .rate = voice->rate, .pitch = voice->pitch, .range = voice->range, .word_gap = voice->word_gap};
    g_strlcpy(parameters->engine, voice->engine, sizeof parameters->engine);
    g_strlcpy(parameters->voice, voice->voice, sizeof parameters->voice);
    g_strlcpy(parameters->variant, voice->variant, sizeof parameters->variant);
    speech->options = *options;
    speech->used = true;
    store_init(&speech->store, options->budget, options->ahead);
    for (guint i = 0; i < speech->n_workers; i++)
        if (speech->workers[i].child) send_voice(&speech->workers[i]);

    speech->gain = pow(10, (options->level - TYPICAL_LUFS) / 20);
    speech->measured = !can_be_said(phrase);
    speech->measure.text = g_strdup(phrase);
    if (speech->problem)
        notify_later(speech);
    else if (!speech->measured)
        say(speech, &speech->measure);
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
