#include "state.h"
#include "base/name.h"
#include "base/read.h"
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const char GROUP[] = "session";

enum {
    STATE_LIMIT = 8 << 20, /* bytes of a file: it may name most steps of a routine */
    LOOK_MS = 50,          /* between looks whether the disk has it */
};

/* The paths of the files that a session is made of. Which of their steps it has does not matter. */
static char *paths_of(const struct routine *routine)
{
    GString *paths = g_string_new(NULL);
    for (guint i = 0; i < (routine->files ? routine->files->len : 1); i++) {
        const struct routine *file = routine->files ? routine->files->pdata[i] : routine;
        g_autofree char *path = g_canonicalize_filename(file->path, NULL);
        g_string_append_printf(paths, "%s%s", i > 0 ? "\n" : "", path);
    }
    return g_string_free(paths, FALSE);
}

/* The name holds a checksum of the routine's path: no text from outside becomes part of a path of ours. */
void state_init(struct state *state, const struct routine *routine, const char *directory)
{
    g_autofree char *path = paths_of(routine);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    g_autofree char *name = g_strdup_printf("session-%.16s.ini", sum);
    g_autofree char *usual = directory ? NULL : directory_path(DIRECTORY_STATE);
    *state = (struct state){.routine = routine, .out = g_byte_array_new()};
    state->path = g_build_filename(directory ? directory : usual, name, NULL);
    state->next = g_strconcat(state->path, ".next", NULL);
}

/* ---- writing ---- */

/* What an effort has of numbers. */
static const struct number {
    const char *key, *coming_key;
    gsize offset;
    int low, high;
} NUMBERS[] = {
    {"level", "coming-level", offsetof(struct effort, level), 0, 100},
    {"hold", "coming-hold", offsetof(struct effort, hold), 25, 400},
    {"more-sets", "coming-more-sets", offsetof(struct effort, sets), -100, 100},
    {"more-reps", "coming-more-reps", offsetof(struct effort, reps), -100, 100},
    {"waits", "coming-waits", offsetof(struct effort, waits), -EFFORT_WHOLE / 2, EFFORT_WHOLE},
};

/* How much is said in a session of a given length. */
static const char *const WORDS[] = {[WORDS_AUTO] = "all", [WORDS_BRIEF] = "brief", [WORDS_KNOWN] = "known"};

static void write_effort(GKeyFile *file, const struct effort *effort, bool coming)
{
    for (const struct number *n = NUMBERS; n < NUMBERS + G_N_ELEMENTS(NUMBERS); n++)
        g_key_file_set_integer(file, GROUP, coming ? n->coming_key : n->key,
                               *(const int *)((const char *)effort + n->offset));
    if (WORDS[effort->words])
        g_key_file_set_string(file, GROUP, coming ? "coming-words" : "words", WORDS[effort->words]);
}

static void write_out(GKeyFile *file, const struct state *state)
{
    const struct routine *routine = state->routine;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (int i = 0; i < routine->n_steps; i++)
        if (left_out(state->out, i)) g_ptr_array_add(names, (char *)routine->steps[i].name);
    if (names->len > 0)
        g_key_file_set_string_list(file, GROUP, "left-out", (const char *const *)names->pdata, names->len);
}

static char *describe(const struct state *state)
{
    const struct bookmark *now = &state->last;
    const struct step *step = &state->routine->steps[now->place.step];
    const char *side = side_name(now->place.side);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = paths_of(state->routine);
    g_key_file_set_string(file, GROUP, "routine", path);
    g_key_file_set_string(file, GROUP, "step", step->name);
    if (now->place.move >= 0) g_key_file_set_string(file, GROUP, "move", step->moves[now->place.move].name);
    if (side) g_key_file_set_string(file, GROUP, "side", side);
    g_key_file_set_integer(file, GROUP, "set", now->place.set);
    g_key_file_set_integer(file, GROUP, "rep", now->place.rep);
    write_effort(file, &now->effort, false);
    write_effort(file, &now->coming, true);
    write_out(file, state);
    g_key_file_set_integer(file, GROUP, "longer", now->stretched);
    g_key_file_set_double(file, GROUP, "volume", now->volume);
    return g_key_file_to_data(file, NULL, NULL);
}

/* Writes `next`. Its descriptor, or -1. */
static int write_next(const struct state *state)
{
    g_autofree char *text = describe(state), *directory = g_path_get_dirname(state->path);
    if (g_mkdir_with_parents(directory, 0700) != 0) return -1;
    int fd = open(state->next, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) == (ssize_t)strlen(text)) return fd;
    close(fd);
    return -1;
}

/* `next` takes the place of the file, or is removed if it is not whole. */
static void replace(struct state *state, bool whole)
{
    bool replaced = whole && g_rename(state->next, state->path) == 0;
    if (!replaced) g_unlink(state->next);
    state->failed |= !replaced;
}

/* A file on its way to the disk, which may take seconds. It is waited for in a thread of the C library. */
struct sync {
    struct aiocb request; /* with the descriptor */
    struct state *state;  /* NULL: the state has let go of it */
};

static void begin_write(struct state *state);

static gboolean look_at_sync(gpointer data)
{
    struct sync *sync = data;
    struct state *state = sync->state;
    int error = aio_error(&sync->request);
    if (error == EINPROGRESS) return G_SOURCE_CONTINUE;
    if (state) {
        state->sync = NULL;
        replace(state, error == 0);
        if (state->behind) begin_write(state);
    }
    aio_return(&sync->request);
    close(sync->request.aio_fildes);
    g_free(sync);
    return G_SOURCE_REMOVE;
}

/* Only one write is under way at a time; look_at_sync() begins the next. */
static void begin_write(struct state *state)
{
    int fd = write_next(state);
    struct sync *sync = g_new0(struct sync, 1);
    sync->request.aio_fildes = fd;
    sync->state = state;
    state->behind = false;
    if (fd >= 0 && aio_fsync(O_SYNC, &sync->request) == 0) {
        state->sync = sync;
        g_timeout_add(LOOK_MS, look_at_sync, sync);
        return;
    }
    if (fd >= 0) close(fd);
    g_free(sync);
    replace(state, false);
}

/* Nothing renames the file afterwards. */
static bool let_go(struct state *state)
{
    bool under_way = state->sync != NULL;
    if (under_way) state->sync->state = NULL;
    state->sync = NULL;
    return under_way;
}

static bool same_out(const struct state *state, const struct bookmark *now)
{
    for (int i = 0; i < state->routine->n_steps; i++)
        if (left_out(state->out, i) != left_out(now->out, i)) return false;
    return true;
}

/* The planner's changes as it goes on. */
static void keep_out(struct state *state, const struct bookmark *now)
{
    g_byte_array_set_size(state->out, (guint)state->routine->n_steps);
    for (int i = 0; i < state->routine->n_steps; i++) state->out->data[i] = left_out(now->out, i);
    state->last.out = state->out;
}

static bool is_same(const struct bookmark *a, const struct bookmark *b)
{
    return place_equal(a->place, b->place) && effort_equal(a->effort, b->effort) &&
           effort_equal(a->coming, b->coming) && a->stretched == b->stretched && a->volume == b->volume;
}

void state_note(struct state *state, const struct session *session, const struct status *status,
                const struct listeners *listeners)
{
    struct bookmark now;
    if (state->routine->kind != ROUTINE_DONE) return;
    session_bookmark(session, status, &now);
    if (now.place.step >= 0 && !(state->noted && is_same(&now, &state->last) && same_out(state, &now))) {
        state->noted = state->behind = true;
        state->last = now;
        keep_out(state, &now);
        if (!state->sync) begin_write(state);
    }
    if (state->failed && !state->reported)
        listeners_note(listeners,
                       "where the session is cannot be written down, so --resume will not find it: see %s",
                       state->path);
    state->reported |= state->failed;
}

void state_forget(struct state *state)
{
    let_go(state);
    state->behind = false;
    g_unlink(state->next);
    if (state->noted) g_unlink(state->path); /* also an earlier one that this session has not replaced */
}

void state_finish(struct state *state)
{
    bool under_way = let_go(state);
    if (state->behind) {
        int fd = write_next(state);
        if (fd >= 0) close(fd);
        replace(state, fd >= 0);
    } else if (under_way) {
        replace(state, true);
    }
    if (state->out) g_byte_array_unref(state->out);
    g_free(state->path);
    g_free(state->next);
}

/* ---- recalling ---- */

/* `usual` if it is missing, not a number, or out of range. */
static int integer(GKeyFile *file, const char *key, int low, int high, int usual)
{
    g_autoptr(GError) error = NULL;
    int value = g_key_file_get_integer(file, GROUP, key, &error);
    return error || value < low || value > high ? usual : value;
}

/* The side in the file if the step has it, otherwise its first. */
static enum side read_side(GKeyFile *file, const struct sides *sides)
{
    g_autofree char *name = g_key_file_get_string(file, GROUP, "side", NULL);
    for (int i = 0; i < sides->n; i++)
        if (g_strcmp0(side_name(sides->side[i]), name) == 0) return sides->side[i];
    return sides->n > 0 ? sides->side[0] : SIDE_NONE;
}

/* The routine may have changed since: numbers out of its range are replaced. */
static struct place read_place(GKeyFile *file, const struct step *step, struct effort effort)
{
    g_autofree char *name = g_key_file_get_string(file, GROUP, "move", NULL);
    int move = step_move(step, name);
    const struct sides *sides = step->sides.n == 0 && move >= 0 ? &step->moves[move].sides : &step->sides;
    return (struct place){
        .move = move,
        .side = read_side(file, sides),
        .set = integer(file, "set", 0, effort_sets(effort, step), 0),
        .rep = integer(file, "rep", 0, effort_reps(effort, step), 0),
    };
}

static struct effort read_effort(GKeyFile *file, struct effort usual, bool coming)
{
    struct effort effort = usual;
    for (const struct number *n = NUMBERS; n < NUMBERS + G_N_ELEMENTS(NUMBERS); n++) {
        int *value = (int *)((char *)&effort + n->offset);
        *value = integer(file, coming ? n->coming_key : n->key, n->low, n->high, *value);
    }
    g_autofree char *words = g_key_file_get_string(file, GROUP, coming ? "coming-words" : "words", NULL);
    for (guint i = 0; words && i < G_N_ELEMENTS(WORDS); i++)
        if (g_strcmp0(WORDS[i], words) == 0) effort.words = i;
    return effort;
}

/* Steps that the routine has no more are not missed. */
static void read_out(GKeyFile *file, struct state *state)
{
    g_auto(GStrv) names = g_key_file_get_string_list(file, GROUP, "left-out", NULL, NULL);
    g_byte_array_set_size(state->out, (guint)state->routine->n_steps);
    for (int i = 0; i < state->routine->n_steps; i++)
        state->out->data[i] =
            names && g_strv_contains((const char *const *)names, state->routine->steps[i].name);
}

bool state_recall(struct state *state, const struct settings *settings, struct bookmark *point)
{
    gsize size;
    g_autofree char *problem = NULL, *text = read_file(state->path, STATE_LIMIT, &size, &problem);
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!text || size == 0 || !g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, NULL))
        return false;
    g_autofree char *path = g_key_file_get_string(file, GROUP, "routine", NULL),
                    *ours = paths_of(state->routine),
                    *step = g_key_file_get_string(file, GROUP, "step", NULL);
    int index = routine_step(state->routine, step);
    if (g_strcmp0(path, ours) != 0 || index < 0) return false;
    const struct effort usual = effort_from_settings(settings);
    g_autoptr(GError) no_volume = NULL;
    double volume = g_key_file_get_double(file, GROUP, "volume", &no_volume);
    if (no_volume || !(volume >= -60 && volume <= 0)) volume = settings->sound.volume;
    read_out(file, state);
    *point = (struct bookmark){
        .effort = read_effort(file, usual, false),
        .coming = read_effort(file, usual, true),
        .stretched = integer(file, "longer", -ROUTINE_HOLD_S, ROUTINE_HOLD_S, 0),
        .volume = volume,
        .out = state->out,
    };
    point->place = read_place(file, &state->routine->steps[index], point->effort);
    point->place.step = index;
    return true;
}
