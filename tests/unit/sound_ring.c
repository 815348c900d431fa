#include "sound/ring.h"

#include <glib.h>
#include <string.h>
#include <unistd.h>

enum { RATE = 48000, FADE = 240, BLOCK_MAX = 2000 };

/* --- a signal in which every frame tells its number --- */

static int16_t left_of(uint64_t number)
{
    return (int16_t)(number % 30000 + 1000);
}

static int16_t right_of(uint64_t number)
{
    return (int16_t) - (int16_t)(number / 30000 % 30000 + 1000);
}

static void write_from(struct ring *ring, uint64_t number, uint32_t frames)
{
    g_autofree int16_t *block = g_new(int16_t, 2 * (gsize)frames + 1);
    for (uint32_t i = 0; i < frames; i++) {
        block[2 * i] = left_of(number + i);
        block[2 * i + 1] = right_of(number + i);
    }
    g_assert_cmpuint(ring_write(ring, block, frames), ==, frames);
}

static int16_t step(int16_t sample, int64_t part, int64_t whole)
{
    return (int16_t)(sample * part * part * (3 * whole - 2 * part) / (whole * whole * whole));
}

static void assert_frame(const int16_t *out, uint32_t at, uint64_t number, int64_t part, int64_t whole)
{
    g_assert_cmpint(out[2 * at], ==, step(left_of(number), part, whole));
    g_assert_cmpint(out[2 * at + 1], ==, step(right_of(number), part, whole));
}

static void assert_plain(const int16_t *out, uint32_t from, uint32_t to, uint64_t number)
{
    for (uint32_t i = from; i < to; i++) assert_frame(out, i, number + i - from, 1, 1);
}

static void assert_silent(const int16_t *out, uint32_t from, uint32_t to)
{
    for (uint32_t i = 2 * from; i < 2 * to; i++) g_assert_cmpint(out[i], ==, 0);
}

/* --- exactness --- */

static void test_passes_unchanged(void)
{
    struct ring *ring = ring_new(RATE, 1000);
    int16_t out[2 * 700];
    g_assert_cmpuint(ring_space(ring), ==, 1024);
    g_assert_cmpint(ring_rate(ring), ==, RATE);
    for (uint64_t number = 0; number < 100000; number += 700) {
        write_from(ring, number, 700);
        g_assert_cmpuint(ring_queued(ring), ==, 700);
        ring_read(ring, out, 700);
        assert_plain(out, 0, 700, number);
        g_assert_cmpuint(ring_taken(ring), ==, number + 700);
    }
    g_assert_cmpuint(ring_underruns(ring), ==, 0);
    ring_free(ring);
}

static void test_writes_what_fits(void)
{
    static const int16_t zeros[2 * 1500];
    struct ring *ring = ring_new(RATE, 1024);
    g_assert_cmpuint(ring_write(ring, zeros, 1500), ==, 1024);
    g_assert_cmpuint(ring_space(ring), ==, 0);
    g_assert_false(ring_wants(ring));
    g_assert_cmpuint(ring_write(ring, zeros, 1), ==, 0);
    ring_free(ring);
}

static void test_counts_gaps_once(void)
{
    struct ring *ring = ring_new(RATE, 1024);
    int16_t out[2 * 100];
    ring_read(ring, out, 100); /* nothing has begun */
    g_assert_cmpuint(ring_underruns(ring), ==, 0);
    write_from(ring, 0, 30);
    for (int i = 0; i < 3; i++) ring_read(ring, out, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 1);
    write_from(ring, 30, 30);
    ring_read(ring, out, 100);
    assert_plain(out, 0, 30, 30); /* no fade where nothing was asked */
    assert_silent(out, 30, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 2);
    g_assert_cmpuint(ring_heartbeat(ring), ==, 5);
    ring_free(ring);
}

static void test_rest_is_no_gap(void)
{
    struct ring *ring = ring_new(RATE, 1024);
    int16_t out[2 * 100];
    write_from(ring, 0, 30);
    ring_rest(ring);
    g_assert_false(ring_wants(ring));
    ring_read(ring, out, 100);
    assert_plain(out, 0, 30, 0);
    g_assert_cmpuint(ring_underruns(ring), ==, 0);
    write_from(ring, 30, 30);
    g_assert_true(ring_wants(ring));
    ring_read(ring, out, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 1);
    ring_free(ring);
}

static void test_end(void)
{
    struct ring *ring = ring_new(RATE, 1024);
    int16_t out[2 * 100];
    uint64_t silence;
    write_from(ring, 0, 150);
    g_assert_false(ring_drained(ring, &silence));
    ring_end(ring);
    g_assert_false(ring_drained(ring, &silence));
    for (int i = 0; i < 4; i++) ring_read(ring, out, 100);
    g_assert_true(ring_drained(ring, &silence));
    g_assert_cmpuint(silence, ==, 250);
    g_assert_cmpuint(ring_underruns(ring), ==, 0);

    write_from(ring, 150, 20); /* not the end after all */
    g_assert_false(ring_drained(ring, &silence));
    ring_end(ring);
    ring_read(ring, out, 100);
    g_assert_true(ring_drained(ring, &silence));
    g_assert_cmpuint(silence, ==, 80);

    ring_flush(ring);
    ring_read(ring, out, 100);
    g_assert_false(ring_drained(ring, &silence));
    ring_free(ring);
}

static void test_silence_counts_from_the_end(void)
{
    struct ring *ring = ring_new(RATE, 1024);
    int16_t out[2 * 100];
    uint64_t silence;
    ring_rest(ring);
    for (int i = 0; i < 4; i++) ring_read(ring, out, 100);
    ring_end(ring);
    ring_read(ring, out, 70);
    g_assert_true(ring_drained(ring, &silence));
    g_assert_cmpuint(silence, ==, 70);
    ring_free(ring);
}

/* --- flush --- */

static uint64_t answer(const struct ring *ring)
{
    uint64_t heard = 0;
    g_assert_true(ring_flushed(ring, &heard));
    return heard;
}

static void test_flush_fades(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 1000];
    uint64_t heard;
    write_from(ring, 0, 3000);
    ring_read(ring, out, 1000);
    assert_plain(out, 0, 1000, 0); /* a beginning is not faded in */
    ring_flush(ring);
    g_assert_false(ring_flushed(ring, &heard));
    g_assert_cmpuint(ring_space(ring), ==, 0);

    ring_read(ring, out, 1000);
    g_assert_cmpuint(answer(ring), ==, 1000 + FADE);
    for (uint32_t i = 0; i < FADE; i++) assert_frame(out, i, 1000 + i, FADE - i, FADE);
    assert_silent(out, FADE, 1000);
    g_assert_cmpuint(ring_queued(ring), ==, 0);

    write_from(ring, 1000 + FADE, 1000);
    ring_read(ring, out, 1000);
    for (uint32_t i = 0; i < FADE; i++) assert_frame(out, i, 1000 + FADE + i, i, FADE);
    assert_plain(out, FADE, 1000, 1000 + 2 * FADE);
    g_assert_cmpuint(ring_underruns(ring), ==, 0);
    ring_free(ring);
}

static void test_flush_in_small_blocks(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 50];
    uint64_t heard;
    write_from(ring, 0, 3000);
    ring_read(ring, out, 50);
    ring_flush(ring);
    ring_flush(ring); /* the same one */
    for (uint32_t i = 0; i < 4; i++) {
        ring_read(ring, out, 50);
        assert_frame(out, 0, 50 + 50 * i, FADE - 50 * i, FADE);
        g_assert_false(ring_flushed(ring, &heard));
    }
    ring_read(ring, out, 50);
    assert_frame(out, 39, 50 + 239, 1, FADE);
    assert_silent(out, 40, 50);
    g_assert_cmpuint(answer(ring), ==, 50 + FADE);
    ring_free(ring);
}

static void test_flush_of_little(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 500];
    write_from(ring, 0, 510);
    ring_read(ring, out, 500);
    ring_flush(ring);
    ring_read(ring, out, 500);
    for (uint32_t i = 0; i < 10; i++) assert_frame(out, i, 500 + i, 10 - i, 10);
    assert_silent(out, 10, 500);
    g_assert_cmpuint(answer(ring), ==, 510);
    ring_free(ring);
}

static void test_flush_of_nothing(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 500];
    g_assert_cmpuint(answer(ring), ==, 0); /* none was asked */
    ring_flush(ring);
    ring_read(ring, out, 1);
    g_assert_cmpuint(answer(ring), ==, 0);
    write_from(ring, 0, 500);
    ring_read(ring, out, 500);
    assert_plain(out, 0, 500, 0); /* still the beginning: no fade */
    ring_free(ring);
}

/* Both fades at once: the sound must not jump to full level in between. */
static void test_flush_while_fading_in(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 500];
    write_from(ring, 0, 500);
    ring_read(ring, out, 500);
    ring_flush(ring);
    ring_read(ring, out, 500);
    write_from(ring, 500, 1000);
    ring_read(ring, out, 120);
    ring_flush(ring);
    ring_read(ring, out, 500);
    for (uint32_t i = 0; i < FADE; i++) {
        int16_t rising = i < 120 ? step(left_of(620 + i), 120 + i, FADE) : left_of(620 + i);
        g_assert_cmpint(out[2 * i], ==, step(rising, FADE - i, FADE));
    }
    g_assert_cmpuint(answer(ring), ==, 500 + 120 + FADE);
    ring_free(ring);
}

/* --- a reader that dies --- */

static void test_reset_takes_back(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 1000];
    write_from(ring, 0, 4000);
    for (int i = 0; i < 3; i++) ring_read(ring, out, 1000);
    int old = ring_fd(ring);
    ring_flush(ring);
    ring_reset(ring, 700);
    g_assert_cmpint(ring_fd(ring), !=, old);
    g_assert_cmpuint(answer(ring), ==, 2300);
    g_assert_cmpuint(ring_queued(ring), ==, 0);
    g_assert_cmpuint(ring_space(ring), ==, 0);

    ring_flush(ring); /* nobody is there: answered at once */
    g_assert_cmpuint(answer(ring), ==, 2300);
    g_assert_false(ring_wants(ring));
    ring_attach(ring);
    g_assert_true(ring_wants(ring));
    write_from(ring, 2300, 1000);
    ring_read(ring, out, 1000);
    assert_frame(out, 100, 2400, 100, FADE);
    assert_plain(out, FADE, 1000, 2300 + FADE);
    g_assert_cmpuint(ring_taken(ring), ==, 3300);
    ring_free(ring);
}

static void test_reset_stops_at_flush(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 1000];
    write_from(ring, 0, 2000);
    ring_read(ring, out, 1000);
    ring_flush(ring);
    ring_read(ring, out, 1000);
    write_from(ring, 1000 + FADE, 1000);
    ring_read(ring, out, 100);
    ring_reset(ring, 5000);
    g_assert_cmpuint(answer(ring), ==, 1000 + FADE);
    ring_reset(ring, 5000);
    g_assert_cmpuint(answer(ring), ==, 1000 + FADE);
    ring_free(ring);
}

/* They are the session's, whoever plays it. */
static void test_reset_keeps_the_count_of_gaps(void)
{
    struct ring *ring = ring_new(RATE, 1024);
    int16_t out[2 * 100];
    write_from(ring, 0, 30);
    ring_read(ring, out, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 1);
    ring_reset(ring, 0);
    g_assert_cmpuint(ring_underruns(ring), ==, 1);
    ring_attach(ring);
    write_from(ring, 30, 30);
    ring_read(ring, out, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 2);
    ring_free(ring);
}

static void test_open_checks(void)
{
    struct ring *ring = ring_new(44100, 1024);
    struct ring *reader = ring_open(dup(ring_fd(ring)));
    int16_t out[2 * 100];
    g_assert_nonnull(reader);
    g_assert_cmpint(ring_rate(reader), ==, 44100);
    write_from(ring, 0, 100);
    ring_read(reader, out, 100);
    assert_plain(out, 0, 100, 0);
    g_assert_cmpuint(ring_taken(ring), ==, 100);
    ring_free(reader);

    uint32_t wrong = 3;
    g_assert_cmpint(pwrite(ring_fd(ring), &wrong, sizeof wrong, 8), ==, sizeof wrong); /* the capacity */
    g_assert_null(ring_open(ring_fd(ring)));
    g_assert_null(ring_open(-1));
    wrong = 1024;
    g_assert_cmpint(pwrite(ring_fd(ring), &wrong, sizeof wrong, 8), ==, sizeof wrong);
    ring_free(ring);
}

/* --- random runs against a model that a child could follow --- */

struct model {
    GQueue *queue; /* frame numbers */
    uint64_t next, taken;
    int64_t fade_in, fade_out, fade_whole;
    bool pending, fading, playing, starved;
    uint32_t gaps;
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
    if (dry && (given || !model->starved)) model->gaps++;
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
    g_assert_cmpuint(ring_underruns(ring), ==, model->gaps);
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
    struct listener listener = {.ring = ring_new(RATE, 8192), .seed = 1};
    listener.heard = g_new0(int16_t, 2 * STRESS_FRAMES);
    GRand *random = g_rand_new_with_seed(2);
    GThread *thread = g_thread_new("listener", listen, &listener);
    speak(listener.ring, random, flushes);
    g_thread_join(thread);
    g_assert_cmpuint(ring_taken(listener.ring), ==, STRESS_FRAMES);
    assert_heard(listener.heard, flushes);
    g_rand_free(random);
    g_free(listener.heard);
    ring_free(listener.ring);
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
    g_test_add_func("/ring/passes-unchanged", test_passes_unchanged);
    g_test_add_func("/ring/writes-what-fits", test_writes_what_fits);
    g_test_add_func("/ring/counts-gaps-once", test_counts_gaps_once);
    g_test_add_func("/ring/rest-is-no-gap", test_rest_is_no_gap);
    g_test_add_func("/ring/end", test_end);
    g_test_add_func("/ring/silence-counts-from-the-end", test_silence_counts_from_the_end);
    g_test_add_func("/ring/flush-fades", test_flush_fades);
    g_test_add_func("/ring/flush-in-small-blocks", test_flush_in_small_blocks);
    g_test_add_func("/ring/flush-of-little", test_flush_of_little);
    g_test_add_func("/ring/flush-of-nothing", test_flush_of_nothing);
    g_test_add_func("/ring/flush-while-fading-in", test_flush_while_fading_in);
    g_test_add_func("/ring/reset-takes-back", test_reset_takes_back);
    g_test_add_func("/ring/reset-stops-at-flush", test_reset_stops_at_flush);
    g_test_add_func("/ring/reset-keeps-the-count-of-gaps", test_reset_keeps_the_count_of_gaps);
    g_test_add_func("/ring/open-checks", test_open_checks);
    g_test_add_func("/ring/random-runs", test_random_runs);
    g_test_add_func("/ring/two-threads", test_two_threads);
    g_test_add_func("/ring/two-threads-flushing", test_two_threads_flushing);
    return g_test_run();
}
