/* What the process that plays tells a screen: it is shown in the ranges of the screen's own routine, or not
 * at all. */
#include "fuzz.h"
#include "report/scene.h"
#include "routine/parse.h"
#include <string.h>

static const char ROUTINE[] =
    "[routine]\ntitle = A\n[one]\ntitle = One\nsides = right, left\nreps = 2-4\n"
    "[one.move]\nsay = Move.\nhold = 10-20s\n[two]\ntitle = Two\nsay = Rest.\nhold = 5 breaths\n";

/* What has been read can be told again, and is read as the same. */
static void tell_again(const struct scene *scene, const struct status *status, const struct routine *routine)
{
    g_autofree char *json = scene_json(scene, status);
    struct status status_again;
    struct scene again;
    g_assert_true(scene_read(json, routine, &status_again, &again));
    g_autofree char *json_again = scene_json(&again, &status_again);
    g_assert_cmpstr(json, ==, json_again);
    scene_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct routine *routine;
    AUTO(diags) diags = diags_new();
    if (!routine) routine = routine_from_text(ROUTINE, strlen(ROUTINE), "/fuzz.ini", diags);
    g_autofree char *json = g_strndup((const char *)data, size);
    if (!g_utf8_validate(json, -1, NULL)) return 0; /* which the wire does not hand out */
    struct status status;
    struct scene scene;
    if (scene_read(json, routine, &status, &scene)) {
        g_assert_true(status.place.step >= PLACE_CLOSING && status.place.step < routine->n_steps);
        tell_again(&scene, &status, routine);
    }
    scene_finish(&scene);
    return 0;
}
