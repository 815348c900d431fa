/* Plays a signal in which every frame holds its number, and obeys its standard input, one word per line:
 *
 *   pause     flush, then rest       resume   go on with the frame after the last one heard
 *   end       after what is queued   free     let go of the output, say how long that took, and end
 *   status    the ring's counts      (the end of what is written is the same as free)
 *
 * It begins at rest, for what a stream begins with is not in a recording of PulseAudio's null sink: its start
 * overwrites silence that the recorder has got already. It prints what happens, a line each, with the
 * milliseconds since its start:  SOUND_DRIVER DEVICE PROGRAM RATE */
#include "sound/output.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CYCLE = 30011, BLOCK = 1024 };

struct driver {
    GMainLoop *loop;
    struct output *output;
    gint64 begun;
    uint64_t next, end;
    bool resting;
};

static void say(const struct driver *driver, const char *what, const char *more)
{
    double ms = (double)(g_get_monotonic_time() - driver->begun) / 1000;
    printf("%.1f %s %s\n", ms, what, more ? more : "");
    fflush(stdout);
}

static void say_frame(const struct driver *driver, const char *what)
{
    char frame[32];
    uint64_t heard = 0;
    g_assert_true(ring_flushed(output_ring(driver->output), &heard));
    g_snprintf(frame, sizeof frame, "%" G_GUINT64_FORMAT, heard);
    say(driver, what, frame);
}

/* No frame is silent: the left sample counts to CYCLE, the right one how often. */
static void make_signal(int16_t *block, uint64_t number, uint32_t frames)
{
    for (uint32_t i = 0; i < frames; i++) {
        block[2 * i] = (int16_t)((number + i) % CYCLE + 1);
        block[2 * i + 1] = (int16_t) - (int)((number + i) / CYCLE % CYCLE + 1);
    }
}

static void fill(struct driver *driver)
{
    struct ring *ring = output_ring(driver->output);
    int16_t block[2 * BLOCK];
    while (!driver->resting && ring_space(ring) > 0 && driver->next < driver->end) {
        uint32_t frames = (uint32_t)MIN(BLOCK, driver->end - driver->next);
        make_signal(block, driver->next, frames);
        driver->next += ring_write(ring, block, frames);
    }
    if (driver->resting)
        ring_rest(ring);
    else if (driver->next == driver->end)
        ring_end(ring);
}

/* Whatever was written last, the next frame is the one after the last heard. */
static void rewind_to_heard(struct driver *driver)
{
    g_assert_true(ring_flushed(output_ring(driver->output), &driver->next));
}

static void on_event(void *data, enum output_event event)
{
    struct driver *driver = data;
    switch (event) {
    case OUTPUT_STARTED: say(driver, "started", output_device(driver->output)); break;
    case OUTPUT_NONE: say(driver, "none", output_problem(driver->output)); break;
    case OUTPUT_LOST:
        rewind_to_heard(driver);
        say_frame(driver, "lost");
        say(driver, "problem", output_problem(driver->output));
        break;
    case OUTPUT_BACK: say(driver, "back", output_device(driver->output)); break;
    case OUTPUT_FLUSHED:
        rewind_to_heard(driver);
        say_frame(driver, "flushed");
        break;
    case OUTPUT_SINK:
    case OUTPUT_RESTED:
    case OUTPUT_LOW: break;
    case OUTPUT_DRAINED: say(driver, "drained", NULL); break;
    }
    fill(driver);
}

static void say_status(const struct driver *driver)
{
    const struct ring *ring = output_ring(driver->output);
    g_autofree char *text =
        g_strdup_printf("taken %" G_GUINT64_FORMAT " underruns %u latency %d", ring_taken(ring),
                        ring_underruns(ring), output_latency(driver->output));
    say(driver, "status", text);
}

static void let_go(struct driver *driver)
{
    gint64 begun = g_get_monotonic_time();
    output_free(driver->output);
    g_autofree char *ms = g_strdup_printf("%.1f", (double)(g_get_monotonic_time() - begun) / 1000);
    say(driver, "freed", ms);
    g_main_loop_quit(driver->loop);
}

/* Says the number of the frame that will not be heard any more. */
static void end(struct driver *driver)
{
    g_autofree char *frame = g_strdup_printf("%" G_GUINT64_FORMAT, driver->next);
    driver->end = driver->next;
    say(driver, "ending", frame);
    fill(driver);
}

static void steer(struct driver *driver, bool rest)
{
    driver->resting = rest;
    say(driver, rest ? "pausing" : "resuming", NULL);
    output_flush(driver->output);
}

static void obey(struct driver *driver, const char *word)
{
    if (strcmp(word, "pause") == 0) steer(driver, true);
    if (strcmp(word, "resume") == 0) steer(driver, false);
    if (strcmp(word, "status") == 0) say_status(driver);
    if (strcmp(word, "end") == 0) end(driver);
    if (strcmp(word, "free") == 0) let_go(driver);
}

static gboolean on_input(int fd, GIOCondition condition, gpointer data)
{
    struct driver *driver = data;
    char words[256];
    (void)condition;
    ssize_t got = read(fd, words, sizeof words - 1);
    if (got <= 0) {
        let_go(driver);
        return G_SOURCE_REMOVE;
    }
    words[got] = '\0';
    g_auto(GStrv) lines = g_strsplit(words, "\n", -1);
    for (guint i = 0; lines[i]; i++) obey(driver, lines[i]);
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    struct driver driver = {.begun = g_get_monotonic_time(), .end = G_MAXUINT64, .resting = true};
    if (argc != 4) return 2;
    const struct output_options options = {argv[1], argv[2], atoi(argv[3]), on_event, &driver};
    driver.loop = g_main_loop_new(NULL, FALSE);
    driver.output = output_new(&options, NULL);
    fill(&driver);
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, &driver);
    g_main_loop_run(driver.loop);
    g_main_loop_unref(driver.loop);
    return 0;
}
