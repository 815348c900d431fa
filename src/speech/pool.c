#include "pool.h"
#include "ipc/child.h"
#include <string.h>

enum {
    /* The next sentence is there when one is done; not more, so that a busy helper holds no work for an idle
     * one. */
    IN_FLIGHT = 3,
    START_MS = 8000,
    MORE_S = 2,      /* the helper itself gives up on a sentence so long before we do */
    MOST_LOSSES = 3, /* of one helper without a clip between them: they end the pool */
};

/* The loss of a helper that has been of no use for so long says nothing about the next. */
static const gint64 IDLE_US = 60 * G_TIME_SPAN_SECOND;

struct worker {
    struct pool *pool;
    struct child *child; /* NULL: there is none */
    GQueue asked;        /* struct entry *; answered in this order */
    bool ready;          /* the voice has been accepted */
    gint64 since;        /* the start, or the last answer, us */
    gint64 busy;         /* when the sentence that is due began, us */
    guint losses;        /* since the last clip */
};

/* ---- asking the helpers ---- */

static struct worker *least_busy(const struct pool *pool)
{
    struct worker *best = NULL;
    for (guint i = 0; i < pool->n_workers; i++) {
        struct worker *worker = &pool->workers[i];
        if (worker->child && (!best || worker->asked.length < best->asked.length)) best = worker;
    }
    return best && best->asked.length < IN_FLIGHT ? best : NULL;
}

/* An answer is due as long as anything is asked for; each begins the time anew. */
static void expect(struct worker *worker)
{
    bool due = worker->pool->used && (!worker->ready || worker->asked.length > 0);
    guint patience_ms = (worker->pool->patience_s + MORE_S) * 1000;
    child_expect(worker->child, !due ? 0 : worker->ready ? patience_ms : START_MS);
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

static void hand_out(struct pool *pool)
{
    for (struct worker *worker; pool->waiting.length > 0 && (worker = least_busy(pool));) {
        struct entry *entry = g_queue_pop_head(&pool->waiting);
        if (!pool->ops->wants(pool->data, entry)) continue;
        if (worker->asked.length == 0) worker->busy = g_get_monotonic_time();
        g_queue_push_tail(&worker->asked, entry);
        send(worker, SPEECH_SAY, entry->text, strlen(entry->text));
    }
}

void pool_say(struct pool *pool, struct entry *entry)
{
    g_queue_push_tail(&pool->waiting, entry);
    hand_out(pool);
}

/* ---- losing helpers ---- */

static const struct child_ops child_ops;

static bool start(struct worker *worker, GError **error)
{
    const struct child_options options = {
        .program = worker->pool->program,
        .extra_fd = -1,
        .limit = SPEECH_CLIP_MAX,
        .same_addresses = worker->pool->same_addresses,
        .ops = &child_ops,
        .data = worker,
    };
    worker->ready = false;
    worker->since = g_get_monotonic_time();
    worker->child = child_new(&options, error);
    if (worker->child && worker->pool->used) send_voice(worker);
    return worker->child != NULL;
}

static void give_up(struct pool *pool, bool lost, const char *why)
{
    pool->useless = true;
    pool->ops->useless(pool->data, pool, lost, why);
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
        give_up(pool, true, error->message);
    else if (loss == CHILD_SILENT)
        give_up(pool, true, "the speech program does not answer (can espeak-ng-data be read?)");
    else
        give_up(pool, true, "the speech program ends again and again (is espeak-ng-data complete?)");
}

/* ---- answers ---- */

static bool on_ready(struct worker *worker, const struct packet *packet, const char *problem)
{
    struct pool *pool = worker->pool;
    if (!pool->used || packet->kind != SPEECH_READY || packet->size > SPEECH_TEXT_MAX) return false;
    worker->ready = true;
    expect(worker);
    if (problem[0])
        give_up(pool, false, problem);
    else
        pool->ops->ready(pool->data, pool);
    return true;
}

/* False if the packet breaks the rules. */
static bool read_answer(const struct packet *packet, const void *payload, struct answer *answer)
{
    const int outcome = packet->value[CLIP_OUTCOME], rate = packet->value[CLIP_RATE];
    const int origin = packet->value[CLIP_ORIGIN];
    if (packet->kind != SPEECH_CLIP || outcome < 0 || outcome >= N_OUTCOMES || rate < SPEECH_RATE_MIN ||
        rate > SPEECH_RATE_MAX || origin < 0 || origin >= N_ORIGINS)
        return false;
    *answer = (struct answer){.outcome = (enum outcome)outcome, .rate = rate, .origin = (enum origin)origin};
    if (outcome == OUTCOME_SPOKEN) {
        answer->samples = payload;
        answer->n = packet->size / sizeof *answer->samples;
        return packet->size % sizeof *answer->samples == 0 && answer->n <= (gsize)rate * SPEECH_SECONDS;
    }
    if (packet->size > 0) answer->why = payload;
    return packet->size == 0 || (packet->size <= SPEECH_TEXT_MAX && g_utf8_validate(payload, -1, NULL));
}

/* The last few sentences count most. What was there already says nothing about the others. */
static void note_pace(struct worker *worker, enum origin origin)
{
    struct pool *pool = worker->pool;
    double took = (double)(worker->since - worker->busy) / G_USEC_PER_SEC;
    worker->busy = worker->since;
    if (origin == ORIGIN_KEPT || origin == ORIGIN_RECORDED) return;
    pool->pace = pool->pace > 0 ? (3 * pool->pace + took) / 4 : took;
}

static bool on_clip(struct worker *worker, const struct packet *packet, const void *payload)
{
    struct pool *pool = worker->pool;
    struct answer answer;
    if (worker->asked.length == 0 || !read_answer(packet, payload, &answer)) return false;
    answer.entry = g_queue_pop_head(&worker->asked);
    worker->losses = 0;
    worker->since = g_get_monotonic_time();
    note_pace(worker, answer.origin);
    expect(worker);
    hand_out(pool); /* first, so that the helper speaks while this clip is made */
    pool->ops->answered(pool->data, pool, &answer);
    return true;
}

static bool on_received(void *data, const struct packet *packet, const void *payload)
{
    struct worker *worker = data;
    return worker->ready ? on_clip(worker, packet, payload) : on_ready(worker, packet, payload);
}

static const struct child_ops child_ops = {on_received, on_lost};

/* ---- life ---- */

void pool_init(struct pool *pool, const struct pool_ops *ops, void *data, const void *voice, gsize voice_size,
               guint patience_s)
{
    *pool = (struct pool){
        .ops = ops, .data = data, .voice = voice, .voice_size = voice_size, .patience_s = patience_s};
}

bool pool_start(struct pool *pool, const char *program, guint helpers, GError **error)
{
    pool->program = g_strdup(program);
    pool->workers = g_new0(struct worker, helpers);
    pool->n_workers = helpers;
    for (guint i = 0; i < helpers; i++) {
        pool->workers[i].pool = pool;
        if (!start(&pool->workers[i], error)) return false;
    }
    return true;
}

void pool_use(struct pool *pool)
{
    pool->used = true;
    for (guint i = 0; i < pool->n_workers; i++)
        if (pool->workers[i].child) send_voice(&pool->workers[i]);
}

void pool_stop(struct pool *pool)
{
    g_queue_clear(&pool->waiting);
    for (guint i = 0; i < pool->n_workers; i++) {
        g_clear_pointer(&pool->workers[i].child, child_free);
        g_queue_clear(&pool->workers[i].asked);
    }
}

void pool_finish(struct pool *pool)
{
    pool_stop(pool);
    g_free(pool->workers);
    g_free(pool->program);
}
