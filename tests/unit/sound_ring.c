#include "../lib/numbered.h"
#include "ipc/ring_memory.h"

#include <string.h>
#include <unistd.h>

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

static void test_counts_underruns_once(void)
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
    assert_plain(out, 0, 30, 30); /* no fade, since no flush was asked */
    assert_silent(out, 30, 100);
    g_assert_cmpuint(ring_underruns(ring), ==, 2);
    g_assert_cmpuint(ring_heartbeat(ring), ==, 5);
    ring_free(ring);
}

static void test_rest_is_no_underrun(void)
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

    ring_flush(ring); /* no reader is there: answered at once */
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

/* They belong to the session, not to a reader. */
static void test_reset_keeps_the_count_of_underruns(void)
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

/* --- a reader that has gone wrong --- */

/* Plays a second in a way that leaves something in the ring. */
static struct ring *play_a_while(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 1000];
    for (uint64_t number = 0; number < 40000; number += 1000) {
        write_from(ring, number, 1000);
        if (number >= 2000) ring_read(ring, out, 1000);
    }
    g_assert_true(ring_intact(ring));
    return ring;
}

/* The counts that matter, and what none of them can be after 38,000 of 40,000 frames. */
static void test_impossible_counts(void)
{
    enum { TAIL, TAKEN, ANSWERED };
    static const struct {
        int field;
        uint64_t value;
    } wrong[] = {{TAIL, 40001},       {TAIL, UINT64_MAX}, {TAIL, 40000 - 4097},
                 {TAIL, 0},           {TAKEN, 40001},     {TAKEN, 1u << 31},
                 {TAKEN, UINT64_MAX}, {ANSWERED, 1},      {ANSWERED, UINT32_MAX}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct ring *ring = play_a_while();
        if (wrong[i].field == TAIL) ring->header->tail = wrong[i].value;
        if (wrong[i].field == TAKEN) ring->header->taken = wrong[i].value;
        if (wrong[i].field == ANSWERED) ring->header->answered = (uint32_t)wrong[i].value;
        g_assert_false(ring_intact(ring));
        g_assert_cmpuint(ring_space(ring), ==, 0);
        g_assert_cmpuint(ring_taken(ring), <=, 40000);
        ring_reset(ring, 500);
        g_assert_true(ring_intact(ring));
        ring_free(ring);
    }
}

/* The header's fields; those that are fixed are not read again. */
static void corrupt(struct ring_header *header, GRand *random)
{
    uint64_t wild = (uint64_t)g_rand_int(random) << g_rand_int_range(random, 0, 33);
    switch (g_rand_int_range(random, 0, 12)) {
    case 0: header->magic = (uint32_t)wild; break;
    case 1: header->rate = (uint32_t)wild; break;
    case 2: header->capacity = (uint32_t)wild; break;
    case 3: header->head = wild; break;
    case 4: header->asked = (uint32_t)wild; break;
    case 5: header->state = (uint32_t)wild; break;
    case 6: header->tail = wild; break;
    case 7: header->taken = wild; break;
    case 8: header->silence = wild; break;
    case 9: header->answered = (uint32_t)wild; break;
    case 10: header->heartbeat = (uint32_t)wild; break;
    case 11: header->underruns = (uint32_t)wild; break;
    }
}

/* What a session relies on: frames are heard in order, and never more than were written. */
static void look(struct ring *ring, uint64_t written)
{
    uint64_t heard = 0, silence;
    ring_drained(ring, &silence);
    ring_rested(ring);
    ring_wants(ring);
    ring_underruns(ring);
    ring_heartbeat(ring);
    if (ring_flushed(ring, &heard)) g_assert_cmpuint(heard, <=, written);
    g_assert_cmpuint(ring_taken(ring), <=, written);
    g_assert_cmpuint(ring_queued(ring), <=, 4096);
    g_assert_cmpuint(ring_space(ring), <=, 4096);
    g_assert_cmpint(ring_rate(ring), ==, RATE);
}

static uint64_t step_of_session(struct ring *ring, GRand *random, uint64_t written)
{
    static const int16_t frames[2 * BLOCK_MAX] = {1};
    static int16_t out[2 * BLOCK_MAX];
    switch (g_rand_int_range(random, 0, 6)) {
    case 0: ring_flush(ring); break;
    case 1: ring_rest(ring); break;
    case 2: ring_end(ring); break;
    case 3: ring_read(ring, out, (uint32_t)g_rand_int_range(random, 0, BLOCK_MAX)); break;
    default: written += ring_write(ring, frames, (uint32_t)g_rand_int_range(random, 0, BLOCK_MAX));
    }
    return written;
}

/* Whatever is written into the header, nothing is accessed outside of the ring, and a reset mends it. */
static void test_any_corruption(void)
{
    GRand *random = g_rand_new_with_seed(4);
    for (int run = 0; run < 2000; run++) {
        struct ring *ring = ring_new(RATE, 4096);
        uint64_t written = 0, heard = 0;
        for (int i = 0; i < 30; i++) {
            if (g_rand_int_range(random, 0, 4) == 0) corrupt(ring->header, random);
            written = step_of_session(ring, random, written);
            look(ring, written);
        }
        ring_reset(ring, 1000);
        ring_attach(ring);
        g_assert_true(ring_intact(ring) && ring_flushed(ring, &heard) && ring_space(ring) == 4096);
        g_assert_cmpuint(heard, <=, written);
        ring_free(ring);
    }
    g_rand_free(random);
}

/* --- a reader that sleeps --- */

static void count_wake(void *data)
{
    ++*(int *)data;
}

static void test_wakes_an_idle_reader(void)
{
    struct ring *ring = ring_new(RATE, 4096);
    int16_t out[2 * 1000];
    int wakes = 0;
    ring_set_waker(ring, count_wake, &wakes);
    write_from(ring, 0, 1000);
    g_assert_cmpint(wakes, ==, 1);
    write_from(ring, 1000, 1000); /* it is awake */
    g_assert_cmpint(wakes, ==, 1);
    ring_rest(ring);
    ring_read(ring, out, 1000);
    g_assert_false(ring_rested(ring));
    ring_read(ring, out, 1000);
    g_assert_true(ring_rested(ring));

    ring_flush(ring);
    g_assert_cmpint(wakes, ==, 2);
    g_assert_false(ring_rested(ring));
    ring_read(ring, out, 0); /* which answers the flush */
    g_assert_cmpuint(answer(ring), ==, 2000);
    ring_rest(ring);
    g_assert_true(ring_rested(ring));
    write_from(ring, 2000, 10);
    g_assert_cmpint(wakes, ==, 3);
    ring_rest(ring);
    ring_end(ring);
    g_assert_cmpint(wakes, ==, 4);
    ring_free(ring);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ring/passes-unchanged", test_passes_unchanged);
    g_test_add_func("/ring/writes-what-fits", test_writes_what_fits);
    g_test_add_func("/ring/counts-underruns-once", test_counts_underruns_once);
    g_test_add_func("/ring/rest-is-no-underrun", test_rest_is_no_underrun);
    g_test_add_func("/ring/end", test_end);
    g_test_add_func("/ring/silence-counts-from-the-end", test_silence_counts_from_the_end);
    g_test_add_func("/ring/flush-fades", test_flush_fades);
    g_test_add_func("/ring/flush-in-small-blocks", test_flush_in_small_blocks);
    g_test_add_func("/ring/flush-of-little", test_flush_of_little);
    g_test_add_func("/ring/flush-of-nothing", test_flush_of_nothing);
    g_test_add_func("/ring/flush-while-fading-in", test_flush_while_fading_in);
    g_test_add_func("/ring/reset-takes-back", test_reset_takes_back);
    g_test_add_func("/ring/reset-stops-at-flush", test_reset_stops_at_flush);
    g_test_add_func("/ring/reset-keeps-the-count-of-underruns", test_reset_keeps_the_count_of_underruns);
    g_test_add_func("/ring/open-checks", test_open_checks);
    g_test_add_func("/ring/impossible-counts", test_impossible_counts);
    g_test_add_func("/ring/any-corruption", test_any_corruption);
    g_test_add_func("/ring/wakes-an-idle-reader", test_wakes_an_idle_reader);
    return g_test_run();
}
