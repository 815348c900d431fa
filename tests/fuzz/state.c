/* The state of an interrupted session: it leads to a place that the routine has, or nowhere. */
#include "fuzz.h"
#include "live/state.h"
#include "routine/parse.h"
#include <glib/gstdio.h>
#include <string.h>

static const char ROUTINE[] =
    "[routine]\ntitle = A\n[one]\ntitle = One\nsides = right, left\nreps = 2-4\n"
    "[one.move]\nsay = Move.\nhold = 10-20s\n[two]\ntitle = Two\nsay = Rest.\nhold = 5 breaths\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct routine *routine;
    static struct settings *settings;
    AUTO(diags) diags = diags_new();
    if (!routine) routine = routine_from_text(ROUTINE, strlen(ROUTINE), "/fuzz.ini", diags);
    if (!settings) settings = settings_new();
    g_autofree char *directory = g_dir_make_tmp("fuzz-XXXXXX", NULL);
    struct state state;
    struct bookmark point;
    state_init(&state, routine, directory);
    g_assert_true(g_file_set_contents(state.path, (const char *)data, (gssize)size, NULL));
    if (state_recall(&state, settings, &point)) {
        const struct step *step = &routine->steps[point.place.step];
        g_assert_true(point.place.step >= 0 && point.place.step < routine->n_steps);
        g_assert_true(point.place.move >= -1 && point.place.move < step->n_moves);
        g_assert_true(point.effort.level >= 0 && point.effort.level <= 100);
        g_assert_true(point.volume >= -60 && point.volume <= 0);
    }
    g_assert_cmpint(g_unlink(state.path), ==, 0);
    state_finish(&state);
    g_assert_cmpint(rmdir(directory), ==, 0);
    return 0;
}
