#include "state.h"
#include "base/name.h"
#include "base/read.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const char GROUP[] = "session";

enum { STATE_LIMIT = 64 << 10 }; /* bytes of a file */

static char *absolute(const char *path)
{
    return g_canonicalize_filename(path, NULL);
}

/* A file for each routine, so that an interrupted session outlives a session of another one. No name from
 * outside gets into a path of ours: a sum of the routine's path stands for it. */
void state_init(struct state *state, const struct routine *routine, const char *directory)
{
    g_autofree char *path = absolute(routine->path);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    g_autofree char *name = g_strdup_printf("session-%.16s.ini", sum);
    g_autofree char *usual = directory ? NULL : directory_path(DIRECTORY_STATE);
    *state = (struct state){.routine = routine};
    state->path = g_build_filename(directory ? directory : usual, name, NULL);
    state->next = g_strconcat(state->path, ".next", NULL);
}

void state_finish(struct state *state)
{
    g_free(state->path);
    g_free(state->next);
}

static void set_effort(GKeyFile *file, const char *level, const char *hold, struct effort effort)
{
    g_key_file_set_integer(file, GROUP, level, effort.level);
    g_key_file_set_integer(file, GROUP, hold, effort.hold);
}

static char *describe(const struct state *state, const struct bookmark *now)
{
    const struct step *step = &state->routine->steps[now->place.step];
    const char *side = side_name(now->place.side);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = absolute(state->routine->path);
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

static bool is_same(const struct bookmark *a, const struct bookmark *b)
{
    return place_equal(a->place, b->place) && effort_equal(a->effort, b->effort) &&
           effort_equal(a->coming, b->coming) && a->stretched == b->stretched && a->volume == b->volume;
}

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    return close(fd) == 0 && written;
}

/* Without fsync(): a disk may take seconds for it, and the sound does not wait. */
static bool write_down(const struct state *state, const struct bookmark *now)
{
    g_autofree char *text = describe(state, now), *directory = g_path_get_dirname(state->path);
    if (g_mkdir_with_parents(directory, 0700) == 0 && write_text(state->next, text) &&
        g_rename(state->next, state->path) == 0)
        return true;
    g_unlink(state->next);
    return false;
}

bool state_note(struct state *state, const struct bookmark *now)
{
    if (now->place.step < 0 || (state->noted && is_same(now, &state->last))) return true;
    state->noted = true;
    state->last = *now;
    bool written = write_down(state, now), news = !written && !state->failed;
    state->written |= written;
    state->failed |= !written;
    return !news;
}

void state_forget(struct state *state)
{
    if (state->written) g_unlink(state->path);
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

/* `usual` if it is missing, not a number, or out of range. */
static int integer(GKeyFile *file, const char *key, int low, int high, int usual)
{
    g_autoptr(GError) error = NULL;
    int value = g_key_file_get_integer(file, GROUP, key, &error);
    return error || value < low || value > high ? usual : value;
}

static struct effort read_effort(GKeyFile *file, const char *level, const char *hold, struct effort usual)
{
    return (struct effort){integer(file, level, 0, 100, usual.level),
                           integer(file, hold, 25, 400, usual.hold)};
}

/* What is not a number is in no range either. */
static double read_volume(GKeyFile *file, double usual)
{
    g_autoptr(GError) error = NULL;
    double db = g_key_file_get_double(file, GROUP, "volume", &error);
    return !error && db >= -60 && db <= 0 ? db : usual;
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
        .set = integer(file, "set", 0, effort_sets(effort, step), 0),
        .rep = integer(file, "rep", 0, effort_reps(effort, step), 0),
    };
}

static GKeyFile *read_state(const char *path)
{
    gsize size;
    g_autofree char *problem = NULL, *text = read_file(path, STATE_LIMIT, &size, &problem);
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!text || size == 0 || !g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, NULL))
        return NULL;
    return g_steal_pointer(&file);
}

bool state_recall(const struct state *state, const struct settings *settings, struct bookmark *point)
{
    g_autoptr(GKeyFile) file = read_state(state->path);
    if (!file) return false;
    g_autofree char *path = g_key_file_get_string(file, GROUP, "routine", NULL),
                    *ours = absolute(state->routine->path);
    g_autofree char *step = g_key_file_get_string(file, GROUP, "step", NULL);
    int index = find_step(state->routine, step);
    if (g_strcmp0(path, ours) != 0 || index < 0) return false;
    const struct effort usual = effort_from_settings(settings);
    *point = (struct bookmark){
        .effort = read_effort(file, "level", "hold", usual),
        .coming = read_effort(file, "coming-level", "coming-hold", usual),
        .stretched = integer(file, "longer", -ROUTINE_HOLD_S, ROUTINE_HOLD_S, 0),
        .volume = read_volume(file, settings->sound.volume),
    };
    point->place = read_place(file, &state->routine->steps[index], point->effort);
    point->place.step = index;
    return true;
}
