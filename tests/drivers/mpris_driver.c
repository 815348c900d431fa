/* Stands on the session bus as a session would, with steps of a minute and no sound:  MPRIS_DRIVER TITLE
 * STEP...
 *
 * It begins before the first step, prints where it is while it plays, and ends after the last step, by the
 * command to stop, and with its standard input. */
#include "control/mpris.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

enum { TICK_MS = 100 };

#define STEP_US (60 * G_USEC_PER_SEC)
#define JUST_BEGUN_US (3 * G_USEC_PER_SEC)

struct driver {
    GMainLoop *loop;
    struct mpris *mpris;
    char **steps; /* [0] stands for what is before the first */
    struct mpris_state state;
    gint64 looked;
};

static void show(struct driver *driver)
{
    struct mpris_state *state = &driver->state;
    const char *step = driver->steps[state->step];
    if (!step) {
        g_main_loop_quit(driver->loop);
        return;
    }
    state->track = step;
    state->length = state->step > 0 ? STEP_US : -1;
    state->can_next = true; /* at least to the end */
    state->can_previous = state->step > 0;
    mpris_update(driver->mpris, state);
}

static void go_to(struct driver *driver, int step)
{
    driver->state.step = step;
    driver->state.position = 0;
    driver->state.jumps++;
}

static void run(struct driver *driver)
{
    struct mpris_state *state = &driver->state;
    gint64 now = g_get_monotonic_time();
    if (state->playback == MPRIS_PLAYING) state->position += now - driver->looked;
    driver->looked = now;
    if (state->step > 0 && state->position >= STEP_US) {
        state->position -= STEP_US;
        state->step++;
    }
}

static gboolean on_tick(gpointer data)
{
    const struct driver *driver = data;
    run(data);
    show(data);
    if (driver->state.playback == MPRIS_PLAYING)
        printf("%d %" G_GINT64_FORMAT "\n", driver->state.step, (gint64)driver->state.position);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

static void on_command(void *data, enum command command)
{
    struct driver *driver = data;
    struct mpris_state *state = &driver->state;
    run(driver);
    switch (command) {
    case COMMAND_PAUSE: state->playback = MPRIS_PAUSED; break;
    case COMMAND_RESUME: state->playback = MPRIS_PLAYING; break;
    case COMMAND_TOGGLE:
        state->playback = state->playback == MPRIS_PLAYING ? MPRIS_PAUSED : MPRIS_PLAYING;
        break;
    case COMMAND_NEXT: go_to(driver, state->step + 1); break;
    case COMMAND_PREVIOUS: go_to(driver, MAX(1, state->step - (state->position < JUST_BEGUN_US))); break;
    default: g_main_loop_quit(driver->loop); return;
    }
    show(driver);
}

static void on_volume(void *data, double db)
{
    struct driver *driver = data;
    driver->state.volume = db;
    show(driver);
}

static gboolean on_end(int fd, GIOCondition condition, gpointer data)
{
    struct driver *driver = data;
    (void)fd, (void)condition;
    g_main_loop_quit(driver->loop);
    return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
    static const struct mpris_ops ops = {on_command, on_volume};
    struct driver driver = {.steps = argv + 1, .looked = g_get_monotonic_time()};
    if (argc < 3) return 2;
    driver.loop = g_main_loop_new(NULL, FALSE);
    driver.state = (struct mpris_state){.playback = MPRIS_PLAYING, .routine = argv[1]};
    driver.mpris = mpris_new(&ops, &driver);
    g_timeout_add(TICK_MS, on_tick, &driver);
    g_unix_fd_add(STDIN_FILENO, G_IO_HUP, on_end, &driver);
    show(&driver);
    g_main_loop_run(driver.loop);
    mpris_free(driver.mpris);
    g_main_loop_unref(driver.loop);
    return 0;
}
