#include "pool.h"
#include "ipc/child.h"
#include <stdbool.h>
#include <string.h>

/* The next sentence is there when one is done; not more, so that a busy helper holds no work for an idle one.
 */
enum { POOL_IN_FLIGHT = 3 };

/* The helper itself gives up on a sentence before that. */
enum { PATIENCE_START_MS = 8000, PATIENCE_MS = (SPEECH_PATIENCE_S + 2) * 1000 };

/* So many losses of one helper without a clip between them end all speech. */
enum { MOST_LOSSES = 3 };

static const char NO_ANSWER[] = "the speech program does not answer (can espeak-ng-data be read?)",
                  NO_LIFE[] = "the speech program ends again and again (is espeak-ng-data complete?)";

/* The loss of a helper that has been of no use for so long says nothing about the next. */
static const gint64 IDLE_US = 60 * G_TIME_SPAN_SECOND;

struct worker {
    struct pool *pool;
    struct child *child; /* NULL: there is no more speech */
    GQueue asked;        /* struct entry * */
    bool ready;          /* the voice has been accepted */
    gint64 since;        /* the start, or the last answer */
    guint losses;        /* since the last clip */
};

struct pool {
    char *program;
    const struct pool_ops *ops;
    void *data;
    struct voice_parameters voice;
    bool in_use;
    GQueue waiting; /* struct entry * */
    guint n;
    struct worker workers[];
};

/* ---- asking ---- */

static struct worker *least_busy(struct pool *pool)
{
    struct worker *best = NULL;
    for (struct worker *worker = pool->workers; worker < pool->workers + pool->n; worker++)
        if (worker->child && (!best || worker->asked.length < best->asked.length)) best = worker;
    return best && best->asked.length < POOL_IN_FLIGHT ? best : NULL;
}

/* An answer is due as long as anything is asked for. */
static void expect(struct worker *worker)
{
    bool due = worker->pool->in_use && (!worker->ready || worker->asked.length > 0);
    child_expect(worker->child, !due ? 0 : worker->ready ? PATIENCE_MS : PATIENCE_START_MS);
}

static void send(struct worker *worker, enum speech_kind kind, const void *data, gsize size)
{
    child_send(worker->child, &(struct packet){.kind = kind, .size = (uint32_t)size}, data);
    expect(worker);
}

static void hand_out(struct pool *pool)
{
    for (struct worker *worker; pool->waiting.length > 0 && (worker = least_busy(pool));) {
        struct entry *entry = g_queue_pop_head(&pool->waiting);
        g_queue_push_tail(&worker->asked, entry);
        send(worker, SPEECH_SAY, entry->text, strlen(entry->text));
    }
}

void pool_ask(struct pool *pool, struct entry *entry)
{
    g_assert(pool->in_use);
    g_queue_push_tail(&pool->waiting, entry);
    hand_out(pool);
}

/* ---- the end of all speech ---- */

static void stop(struct pool *pool)
{
    g_queue_clear(&pool->waiting);
    for (struct worker *worker = pool->workers; worker < pool->workers + pool->n; worker++) {
        g_clear_pointer(&worker->child, child_free);
        g_queue_clear(&worker->asked);
    }
}

static void give_up(struct pool *pool, bool lost, const char *why)
{
    stop(pool);
    pool->ops->failed(pool->data, lost, why);
}

/* ---- losses ---- */

static const struct child_ops child_ops;

static void send_voice(struct worker *worker)
{
    send(worker, SPEECH_USE, &worker->pool->voice, sizeof worker->pool->voice);
}

static bool start(struct worker *worker, GError **error)
{
    const struct child_options options = {
        .program = worker->pool->program,
        .extra_fd = -1,
        .limit = SPEECH_CLIP_MAX,
        .same_addresses = true, /* espeak-ng 1.51 does that, in Arabic numbers */
        .ops = &child_ops,
        .data = worker,
    };
    worker->ready = false;
    worker->since = g_get_monotonic_time();
    worker->child = child_new(&options, error);
    if (worker->child && worker->pool->in_use) send_voice(worker);
    return worker->child != NULL;
}

static bool is_last_loss(struct worker *worker)
{
    bool idle = worker->ready && worker->asked.length == 0;
    if (idle && g_get_monotonic_time() - worker->since > IDLE_US) worker->losses = 0;
    return ++worker->losses >= MOST_LOSSES;
}

static void take_back(struct worker *worker)
{
    while (worker->asked.length > 0)
        g_queue_push_head(&worker->pool->waiting, g_queue_pop_tail(&worker->asked));
}

static void on_lost(void *data, enum child_loss loss)
{
    struct worker *worker = data;
    struct pool *pool = worker->pool;
    g_autoptr(GError) error = NULL;
    bool last = is_last_loss(worker);
    g_clear_pointer(&worker->child, child_free);
    take_back(worker);
    if (last)
        give_up(pool, true, loss == CHILD_SILENT ? NO_ANSWER : NO_LIFE);
    else if (!start(worker, &error))
        give_up(pool, true, error->message);
    else
        hand_out(pool);
}

/* ---- answers ---- */

static bool on_ready(struct worker *worker, const struct packet *packet, const char *problem)
{
    struct pool *pool = worker->pool;
    if (worker->ready || !pool->in_use || packet->kind != SPEECH_READY || packet->size > SPEECH_TEXT_MAX)
        return false;
    worker->ready = true;
    expect(worker);
    if (problem[0])
        give_up(pool, false, problem);
    else
        pool->ops->ready(pool->data);
    return true;
}

static bool on_clip(struct worker *worker, const struct packet *packet, const int16_t *samples)
{
    const int outcome = packet->value[CLIP_OUTCOME], rate = packet->value[CLIP_RATE];
    if (worker->asked.length == 0 || packet->kind != SPEECH_CLIP || packet->size % sizeof *samples != 0 ||
        outcome < 0 || outcome >= N_OUTCOMES || rate < SPEECH_RATE_MIN || rate > SPEECH_RATE_MAX ||
        packet->size / sizeof *samples > (gsize)rate * SPEECH_SECONDS)
        return false;
    struct pool *pool = worker->pool;
    const struct spoken_text spoken = {(enum outcome)outcome, rate, packet->size / sizeof *samples, samples};
    struct entry *entry = g_queue_pop_head(&worker->asked);
    worker->losses = 0;
    worker->since = g_get_monotonic_time();
    expect(worker);
    hand_out(pool); /* first, so that the helper speaks while this clip is made */
    pool->ops->answered(pool->data, entry, &spoken);
    return true;
}

static bool on_received(void *data, const struct packet *packet, const void *payload)
{
    struct worker *worker = data;
    return worker->ready ? on_clip(worker, packet, payload) : on_ready(worker, packet, payload);
}

static const struct child_ops child_ops = {on_received, on_lost};

/* ---- the pool ---- */

struct pool *pool_new(const char *program, guint n, const struct pool_ops *ops, void *data, GError **error)
{
    struct pool *pool = g_malloc0(sizeof *pool + n * sizeof *pool->workers);
    *pool = (struct pool){.program = g_strdup(program), .ops = ops, .data = data, .n = n};
    bool started = true;
    for (guint i = 0; i < n; i++) {
        pool->workers[i].pool = pool;
        started = started && start(&pool->workers[i], error);
    }
    if (!started) g_clear_pointer(&pool, pool_free);
    return pool;
}

void pool_free(struct pool *pool)
{
    if (!pool) return;
    stop(pool);
    g_free(pool->program);
    g_free(pool);
}

void pool_use(struct pool *pool, const struct voice_parameters *voice)
{
    g_assert(!pool->in_use);
    pool->voice = *voice;
    pool->in_use = true;
    for (guint i = 0; i < pool->n; i++)
        if (pool->workers[i].child) send_voice(&pool->workers[i]);
}
