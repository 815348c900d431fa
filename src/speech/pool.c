#include "pool.h"
#include "speaker.h"
#include <stdbool.h>
#include <string.h>

/* The next sentence is there when one is done; not more, so that no helper sits on work of an idle one. */
enum { POOL_IN_FLIGHT = 3 };

struct worker {
    struct pool *pool;
    struct speaker *speaker; /* NULL: cannot be started any more */
    GQueue asked;            /* struct entry * */
};

struct pool {
    char *program;
    const struct pool_ops *ops;
    void *data;
    struct use use;
    bool in_use;
    GQueue waiting; /* struct entry * */
    gint64 losses[POOL_RESTARTS];
    guint n_losses;
    guint n;
    struct worker workers[];
};

/* ---- asking ---- */

static struct worker *least_busy(struct pool *pool)
{
    struct worker *best = NULL;
    for (struct worker *worker = pool->workers; worker < pool->workers + pool->n; worker++)
        if (worker->speaker && (!best || worker->asked.length < best->asked.length)) best = worker;
    return best && best->asked.length < POOL_IN_FLIGHT ? best : NULL;
}

static void hand_out(struct pool *pool)
{
    for (struct worker *worker; pool->waiting.length > 0 && (worker = least_busy(pool));) {
        struct entry *entry = g_queue_pop_head(&pool->waiting);
        g_queue_push_tail(&worker->asked, entry);
        speaker_ask(worker->speaker, FRAME_SAY, entry->text, strlen(entry->text));
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
        g_clear_pointer(&worker->speaker, speaker_free);
        g_queue_clear(&worker->asked);
    }
}

static void give_up(struct pool *pool, const char *problem)
{
    stop(pool);
    pool->ops->ready(pool->data, problem);
}

/* ---- losses ---- */

static const struct speaker_ops speaker_ops;

static bool start(struct worker *worker, GError **error)
{
    worker->speaker = speaker_new(worker->pool->program, &speaker_ops, worker, error);
    if (worker->speaker && worker->pool->in_use)
        speaker_ask(worker->speaker, FRAME_USE, &worker->pool->use, sizeof worker->pool->use);
    return worker->speaker != NULL;
}

/* Remembers one, and looks at the one that was remembered longest ago. */
static bool too_many_losses(struct pool *pool)
{
    gint64 *oldest = &pool->losses[pool->n_losses % POOL_RESTARTS];
    gint64 now = g_get_monotonic_time();
    bool too_many = pool->n_losses >= POOL_RESTARTS && now - *oldest < POOL_RESTARTS_S * G_TIME_SPAN_SECOND;
    *oldest = now;
    pool->n_losses++;
    return too_many;
}

static void take_back(struct worker *worker)
{
    while (worker->asked.length > 0)
        g_queue_push_head(&worker->pool->waiting, g_queue_pop_tail(&worker->asked));
}

static void on_lost(void *data)
{
    struct worker *worker = data;
    struct pool *pool = worker->pool;
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&worker->speaker, speaker_free);
    take_back(worker);
    if (too_many_losses(pool))
        give_up(pool, "the speech program ends again and again (is espeak-ng-data whole?)");
    else if (!start(worker, &error))
        give_up(pool, error->message);
    else
        hand_out(pool);
}

/* ---- answers ---- */

static void on_ready(struct pool *pool, const char *problem)
{
    if (problem[0])
        give_up(pool, problem);
    else
        pool->ops->ready(pool->data, NULL);
}

static void on_clip(struct worker *worker, const struct frame *frame, const int16_t *samples)
{
    struct pool *pool = worker->pool;
    struct answer answer = {frame->outcome, (int)frame->rate, frame->size / sizeof *samples, samples};
    struct entry *entry = g_queue_pop_head(&worker->asked);
    hand_out(pool); /* first, so that the helper speaks while this clip is made */
    pool->ops->answered(pool->data, entry, &answer);
}

static void on_answered(void *data, const struct frame *frame, const void *payload)
{
    struct worker *worker = data;
    if (frame->kind == FRAME_READY)
        on_ready(worker->pool, payload);
    else
        on_clip(worker, frame, payload);
}

static const struct speaker_ops speaker_ops = {on_answered, on_lost};

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

void pool_use(struct pool *pool, const struct use *use)
{
    g_assert(!pool->in_use);
    pool->use = *use;
    pool->in_use = true;
    for (guint i = 0; i < pool->n; i++)
        if (pool->workers[i].speaker) speaker_ask(pool->workers[i].speaker, FRAME_USE, use, sizeof *use);
}
