#include "catalog.h"
#include "find.h"
#include "base/name.h"
#include "file/paths.h"
#include "plan/script.h"
#include "routine/parse.h"

static double estimate(const struct routine *routine, const struct settings *settings)
{
    AUTO(diags) problems = diags_new();
    AUTO(voice) voice = find_voice(settings, routine->language, problems);
    if (!voice) return -1;
    const struct script script = script_of(routine, settings, voice);
    return script_estimate(&script);
}

static void read_one(const char *path, const struct settings *settings,
                     void (*found)(void *data, const struct catalog_entry *entry), void *data)
{
    AUTO(diags) problems = diags_new();
    AUTO(routine) routine = routine_salvage(path, problems);
    g_autofree char *name = name_of(path);
    if (!routine) {
        diags_print(problems, stderr);
        return;
    }
    plan_check_length(routine, settings, problems);
    struct catalog_entry entry = {.name = name, .path = path, .seconds = -1};
    if (diags_errors(problems) == 0) {
        entry.routine = routine;
        entry.seconds = estimate(routine, settings);
    }
    found(data, &entry);
}

void catalog_each(const struct settings *settings,
                  void (*found)(void *data, const struct catalog_entry *entry), void *data)
{
    g_autoptr(GPtrArray) paths = paths_list("routines");
    for (guint i = 0; i < paths->len; i++) read_one(g_ptr_array_index(paths, i), settings, found, data);
}
