#include "../lib/numbered.h"

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
    return g_test_run();
}
