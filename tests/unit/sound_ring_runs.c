/* The ring in long runs: against a model, and with a thread at each end. */
#include "../lib/numbered.h"

#include <string.h>
#include <unistd.h>

/* --- random runs against a model that a child could follow --- */

struct model {
    GQueue *queue; /* frame numbers */
    uint64_t next, taken;
    int64_t fade_in, fade_out, fade_whole;
    bool pending, fading, playing, starved;
    uint32_t underruns;
};

static void model_fade(struct model *model, int16_t *left, int16_t *right)
{
    int64_t in = FADE - model->fade_in;
    *left = step(*left, in, FADE);
    *right = step(*right, in, FADE);
    if (model->fade_in > 0) model->fade_in--;
    if (!model->fading) return;
    *left = step(*left, model->fade_out, model->fade_whole);
    *right = step(*right, model->fade_out, model->fade_whole);
    model->fade_out--;
}

static void model_flush(struct model *model)
{
    if (model->pending && !model->fading) {
        model->fading = true;
        model->fade_whole = model->fade_out = MIN(FADE, (int64_t)g_queue_get_length(model->queue));
    }
    if (!model->fading || model->fade_out > 0) return;
    g_queue_clear(model->queue);
    model->fading = model->pending = false;
    model->fade_in = model->taken ? FADE : 0;
    model->next = model->taken;
}

static void model_frame(struct model *model, int16_t *out)
{
    uint64_t number = GPOINTER_TO_SIZE(g_queue_pop_head(model->queue));
    out[0] = left_of(number);
    out[1] = right_of(number);
    model_fade(model, &out[0], &out[1]);
    model->taken++;
}

static void model_read(struct model *model, int16_t *out, uint32_t frames)
{
    uint32_t given = 0;
    memset(out, 0, frames * 4);
    model_flush(model);
    for (uint32_t i = 0; i < frames && !g_queue_is_empty(model->queue); i++, given++) {
        model_frame(model, out + 2 * i);
        model_flush(model);
    }
    bool dry = given < frames && model->playing;
    if (dry && (given || !model->starved)) model->underruns++;
    model->starved = dry;
}

static void random_write(struct ring *ring, struct model *model, GRand *random)
{
    uint32_t frames = (uint32_t)g_rand_int_range(random, 0, BLOCK_MAX);
    frames = MIN(frames, ring_space(ring));
    write_from(ring, model->next, frames);
    for (uint32_t i = 0; i < frames; i++) g_queue_push_tail(model->queue, GSIZE_TO_POINTER(model->next++));
    model->playing |= frames > 0;
}

static void random_read(struct ring *ring, struct model *model, GRand *random)
{
    static int16_t out[2 * BLOCK_MAX], expected[2 * BLOCK_MAX];
    uint32_t frames = (uint32_t)g_rand_int_range(random, 0, g_rand_boolean(random) ? BLOCK_MAX : 100);
    ring_read(ring, out, frames);
    model_read(model, expected, frames);
    g_assert_cmpmem(out, frames * 4, expected, frames * 4);
}

static void random_word(struct ring *ring, struct model *model, GRand *random)
{
    static void (*const words[])(struct ring *) = {ring_flush, ring_flush, ring_rest, ring_end};
    guint which = (guint)g_rand_int_range(random, 0, G_N_ELEMENTS(words));
    words[which](ring);
    model->playing = false;
    model->pending |= words[which] == ring_flush;
}

static void assert_like(const struct ring *ring, const struct model *model)
{
    uint64_t heard = 0;
    g_assert_cmpuint(ring_taken(ring), ==, model->taken);
    g_assert_cmpuint(ring_queued(ring), ==, g_queue_get_length(model->queue));
    g_assert_cmpint(ring_flushed(ring, &heard), ==, !model->pending);
    g_assert_cmpuint(heard, ==, model->pending ? 0 : model->taken);
    g_assert_cmpuint(ring_underruns(ring), ==, model->underruns);
}

static void random_run(guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    struct ring *ring = ring_new(RATE, 1u << g_rand_int_range(random, 8, 13));
    struct model model = {.queue = g_queue_new()};
    for (int i = 0; i < 400; i++) {
        int dice = g_rand_int_range(random, 0, 10);
        (dice < 5 ? random_read : dice < 9 ? random_write : random_word)(ring, &model, random);
        assert_like(ring, &model);
    }
    g_queue_free(model.queue);
    ring_free(ring);
    g_rand_free(random);
}

static void test_random_runs(void)
{
    for (guint32 seed = 0; seed < 200; seed++) random_run(seed);
}

/* --- two at once --- */

enum { STRESS_FRAMES = 3000000 };

struct listener {
    struct ring *ring;
    int16_t *heard; /* by frame number */
    uint32_t seed;
};

/* Reads blocks of any size until the end, as an audio callback would, and keeps what came from the ring. */
static gpointer listen(gpointer data)
{
    struct listener *listener = data;
    GRand *random = g_rand_new_with_seed(listener->seed);
    int16_t out[2 * BLOCK_MAX];
    uint64_t silence;
    while (!ring_drained(listener->ring, &silence)) {
        uint64_t before = ring_taken(listener->ring);
        ring_read(listener->ring, out, (uint32_t)g_rand_int_range(random, 1, BLOCK_MAX));
        uint64_t given = ring_taken(listener->ring) - before;
        g_assert_cmpuint(before + given, <=, STRESS_FRAMES);
        memcpy(listener->heard + 2 * before, out, given * 4);
    }
    g_rand_free(random);
    return NULL;
}

/* Keeps the ring filled, flushes now and then, and goes on with the frame after the last one heard. */
static void speak(struct ring *ring, GRand *random, GArray *flushes)
{
    uint64_t next = 0;
    while (next < STRESS_FRAMES) {
        uint32_t space = ring_space(ring);
        uint32_t frames = (uint32_t)g_rand_int_range(random, 1, BLOCK_MAX);
        frames = (uint32_t)MIN(MIN(frames, space), STRESS_FRAMES - next);
        write_from(ring, next, frames);
        next += frames;
        if (flushes && g_rand_int_range(random, 0, 50) == 0) {
            ring_flush(ring);
            while (!ring_flushed(ring, &next)) g_thread_yield();
            g_array_append_val(flushes, next);
        }
    }
    ring_end(ring);
}

static bool same_up_to_fade(int16_t sample, int16_t original, bool fading)
{
    return sample == original || (fading && ABS(sample) <= ABS(original) && sample * original >= 0);
}

static void assert_heard(const int16_t *heard, const GArray *flushes)
{
    guint flush = 0;
    for (uint64_t i = 0; i < STRESS_FRAMES; i++) {
        while (flushes && flush < flushes->len && g_array_index(flushes, uint64_t, flush) + FADE <= i)
            flush++;
        bool fading = flushes && flush < flushes->len && g_array_index(flushes, uint64_t, flush) <= i + FADE;
        g_assert_true(same_up_to_fade(heard[2 * i], left_of(i), fading));
        g_assert_true(same_up_to_fade(heard[2 * i + 1], right_of(i), fading));
    }
}

static void run_two(GArray *flushes)
{
    struct ring *ring = ring_new(RATE, 8192);
    struct listener listener = {.ring = ring_open(dup(ring_fd(ring))), .seed = 1};
    listener.heard = g_new0(int16_t, 2 * STRESS_FRAMES);
    GRand *random = g_rand_new_with_seed(2);
    GThread *thread = g_thread_new("listener", listen, &listener);
    speak(ring, random, flushes);
    g_thread_join(thread);
    g_assert_cmpuint(ring_taken(ring), ==, STRESS_FRAMES);
    assert_heard(listener.heard, flushes);
    g_rand_free(random);
    g_free(listener.heard);
    ring_free(listener.ring);
    ring_free(ring);
}

static void test_two_threads(void)
{
    run_two(NULL);
}

static void test_two_threads_flushing(void)
{
    GArray *flushes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    run_two(flushes);
    g_assert_cmpuint(flushes->len, >, 10);
    g_array_free(flushes, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ring/random-runs", test_random_runs);
    g_test_add_func("/ring/two-threads", test_two_threads);
    g_test_add_func("/ring/two-threads-flushing", test_two_threads_flushing);
    return g_test_run();
}
