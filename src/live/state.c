#include "state.h"
#include "base/name.h"
#include <glib/gstdio.h>
#include <string.h>

static const char GROUP[] = "session";

static char *absolute(const char *path)
{
    return g_canonicalize_filename(path, NULL);
}

/* A file for each routine, so that an interrupted session outlives a session of another one. No name from
 * outside gets into a path of ours: a sum of the routine's path stands for it. */
void memory_init(struct memory *memory, const struct routine *routine)
{
    g_autofree char *path = absolute(routine->path);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    g_autofree char *name = g_strdup_printf("session-%.16s.ini", sum);
    memory->routine = routine;
    g_autofree char *directory = directory_path(DIRECTORY_STATE);
    memory->path = g_build_filename(directory, name, NULL);
}

void memory_finish(struct memory *memory)
{
    g_free(memory->path);
}

static void set_effort(GKeyFile *file, const char *level, const char *hold, struct effort effort)
{
    g_key_file_set_integer(file, GROUP, level, effort.level);
    g_key_file_set_integer(file, GROUP, hold, effort.hold);
}

static char *describe(const struct memory *memory, const struct bookmark *now)
{
    const struct step *step = &memory->routine->steps[now->place.step];
    const char *side = side_name(now->place.side);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = absolute(memory->routine->path);
    g_key_file_set_string(file, GROUP, "routine", path);
    g_key_file_set_string(file, GROUP, "step", step->name);
    if (now->place.move >= 0) g_key_file_set_string(file, GROUP, "move", step->moves[now->place.move].name);
    if (side) g_key_file_set_string(file, GROUP, "side", side);
    g_key_file_set_integer(file, GROUP, "set", now->place.set);
    g_key_file_set_integer(file, GROUP, "rep", now->place.rep);
    set_effort(file, "level", "hold", now->effort);
    set_effort(file, "coming-level", "coming-hold", now->coming);
    g_key_file_set_integer(file, GROUP, "longer", now->stretched);
    g_key_file_set_double(file, GROUP, "volume", now->volume);
    return g_key_file_to_data(file, NULL, NULL);
}

static bool same_place(struct place a, struct place b)
{
    return a.step == b.step && a.set == b.set && a.rep == b.rep && a.move == b.move && a.side == b.side;
}

static bool same_effort(struct effort a, struct effort b)
{
    return a.level == b.level && a.hold == b.hold;
}

static bool is_same(const struct bookmark *a, const struct bookmark *b)
{
    return same_place(a->place, b->place) && same_effort(a->effort, b->effort) &&
           same_effort(a->coming, b->coming) && a->stretched == b->stretched && a->volume == b->volume;
}

static bool write_down(const struct memory *memory, const struct bookmark *now)
{
    g_autofree char *text = describe(memory, now), *directory = g_path_get_dirname(memory->path);
    const GFileSetContentsFlags flags = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
    return g_mkdir_with_parents(directory, 0700) == 0 &&
           g_file_set_contents_full(memory->path, text, -1, flags, 0600, NULL);
}

bool memory_note(struct memory *memory, const struct bookmark *now)
{
    if (now->place.step < 0 || (memory->noted && is_same(now, &memory->last))) return true;
    memory->noted = true;
    memory->last = *now;
    bool written = write_down(memory, now), news = !written && !memory->failed;
    memory->written |= written;
    memory->failed |= !written;
    return !news;
}

void memory_forget(struct memory *memory)
{
    if (memory->written) g_unlink(memory->path);
}

/* ---- recalling ---- */

static int find_step(const struct routine *routine, const char *name)
{
    for (int i = 0; i < routine->n_steps; i++)
        if (g_strcmp0(routine->steps[i].name, name) == 0) return i;
    return -1;
}

static int find_move(const struct step *step, const char *name)
{
    for (int i = 0; i < step->n_moves; i++)
        if (name && g_strcmp0(step->moves[i].name, name) == 0) return i;
    return -1;
}

static int integer(GKeyFile *file, const char *key, int low, int high)
{
    return CLAMP(g_key_file_get_integer(file, GROUP, key, NULL), low, high);
}

static struct effort read_effort(GKeyFile *file, const char *level, const char *hold)
{
    return (struct effort){integer(file, level, 0, 100), integer(file, hold, 25, 400)};
}

/* Not a number is none of the levels either. */
static double level(GKeyFile *file)
{
    double db = g_key_file_get_double(file, GROUP, "volume", NULL);
    return db >= -60 && db <= 0 ? db : 0;
}

/* One of those that there are, or the first of them. */
static enum side read_side(GKeyFile *file, const struct sides *sides)
{
    g_autofree char *name = g_key_file_get_string(file, GROUP, "side", NULL);
    for (int i = 0; i < sides->n; i++)
        if (g_strcmp0(side_name(sides->side[i]), name) == 0) return sides->side[i];
    return sides->n > 0 ? sides->side[0] : SIDE_NONE;
}

/* A routine may have been changed since: what it has no place for is brought back into it. */
static struct place read_place(GKeyFile *file, const struct step *step, struct effort effort)
{
    g_autofree char *name = g_key_file_get_string(file, GROUP, "move", NULL);
    int move = find_move(step, name);
    const struct sides *sides = step->sides.n == 0 && move >= 0 ? &step->moves[move].sides : &step->sides;
    return (struct place){
        .move = move,
        .side = read_side(file, sides),
        .set = integer(file, "set", 0, effort_sets(effort, step)),
        .rep = integer(file, "rep", 0, effort_reps(effort, step)),
    };
}

bool memory_recall(const struct memory *memory, struct bookmark *point)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_key_file_load_from_file(file, memory->path, G_KEY_FILE_NONE, NULL)) return false;
    g_autofree char *path = g_key_file_get_string(file, GROUP, "routine", NULL),
                    *ours = absolute(memory->routine->path);
    g_autofree char *step = g_key_file_get_string(file, GROUP, "step", NULL);
    int index = find_step(memory->routine, step);
    if (g_strcmp0(path, ours) != 0 || index < 0) return false;
    *point = (struct bookmark){
        .effort = read_effort(file, "level", "hold"),
        .coming = read_effort(file, "coming-level", "coming-hold"),
        .stretched = integer(file, "longer", -ROUTINE_HOLD_S, ROUTINE_HOLD_S),
        .volume = level(file),
    };
    point->place = read_place(file, &memory->routine->steps[index], point->effort);
    point->place.step = index;
    return true;
}
