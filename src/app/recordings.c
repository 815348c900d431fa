#include "recordings.h"
#include "find.h"
#include "base/recorded.h"
#include "file/paths.h"
#include "routine/parse.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- recording ---- */

/* A profile of the user's: neither a shipped one nor a voice of espeak-ng without a file. */
static bool is_own(const struct voice *voice)
{
    g_autofree char *shipped = paths_find_shipped("voices", voice->name);
    return g_file_test(voice->path, G_FILE_TEST_EXISTS) && g_strcmp0(shipped, voice->path) != 0;
}

static void report_missing(const struct voice *voice, struct diags *diags)
{
    const bool file = g_file_test(voice->path, G_FILE_TEST_EXISTS);
    const struct diag_location place = {voice->path, file ? 1 : 0, "voice", "clips"};
    if (is_own(voice)) {
        diag_error(diags, &place, "missing (a directory for the recordings: write 'clips = recorded')");
        return;
    }
    g_autoptr(GPtrArray) directories = paths_directories("voices");
    diag_error(diags, &place,
               "missing, and this profile is not yours (write %s/mine.ini with the lines '[voice]', "
               "'%s = %s' and 'clips = recorded', and add --voice mine)",
               (const char *)directories->pdata[0], file ? "base" : "language", voice->name);
}

char *recordings_open(const struct voice *voice, struct diags *diags)
{
    g_autofree char *directory = voice_clips(voice);
    const struct diag_location place = voice_location(voice, "clips");
    if (!directory)
        report_missing(voice, diags);
    else if (g_mkdir_with_parents(directory, 0777) == 0 && access(directory, W_OK | X_OK) == 0)
        return g_steal_pointer(&directory);
    else
        diag_error(diags, &place, "cannot be written ('%s': %s; name another directory)", directory,
                   g_strerror(errno));
    return NULL;
}

/* ---- what is known ---- */

struct clips {
    char *directory;
    GHashTable *profiles; /* char *, paths of voices that use it */
    GHashTable *ids;      /* char *, of all their sentences */
};

struct recordings {
    const struct settings *settings;
    struct settings *defaults;
    GPtrArray *clips; /* struct clips * */
};

static void free_clips(gpointer data)
{
    struct clips *clips = data;
    g_free(clips->directory);
    g_hash_table_unref(clips->profiles);
    g_hash_table_unref(clips->ids);
    g_free(clips);
}

struct recordings *recordings_new(const struct settings *settings)
{
    struct recordings *recordings = g_new0(struct recordings, 1);
    recordings->settings = settings;
    recordings->defaults = settings_new();
    recordings->clips = g_ptr_array_new_with_free_func(free_clips);
    return recordings;
}

void recordings_free(struct recordings *recordings)
{
    g_ptr_array_unref(recordings->clips);
    settings_free(recordings->defaults);
    g_free(recordings);
}

static void add_sentences(const struct clips *clips, const struct script *script)
{
    g_autoptr(GPtrArray) sentences = script_sentences(script);
    for (guint i = 0; i < sentences->len; i++) {
        char *id = g_malloc(SENTENCE_ID + 1);
        sentence_id(script->voice->language, sentences->pdata[i], id);
        g_hash_table_add(clips->ids, id);
    }
}

/* With these settings, and with those under which it has probably been recorded. */
static void add_routine(const struct recordings *recordings, const struct clips *clips,
                        const struct routine *routine, const struct voice *voice)
{
    const struct script now = script_of(routine, recordings->settings, voice);
    const struct script usual = script_of(routine, recordings->defaults, voice);
    add_sentences(clips, &now);
    add_sentences(clips, &usual);
}

/* One profile serves many routines, also those that are not checked now. */
static void add_found(const struct recordings *recordings, const struct clips *clips,
                      const struct voice *voice)
{
    AUTO(diags) unused = diags_new(); /* each is reported when it is checked itself */
    g_autoptr(GPtrArray) paths = paths_list("routines", NULL);
    for (guint i = 0; i < paths->len; i++) {
        AUTO(ini) ini = ini_read(paths->pdata[i], unused);
        AUTO(routine) routine = ini ? routine_from_ini(ini, unused) : NULL;
        if (routine && language_same(routine->language, voice->language))
            add_routine(recordings, clips, routine, voice);
    }
}

static struct clips *add_directory(const struct recordings *recordings, char *directory)
{
    struct clips *clips = g_new0(struct clips, 1);
    clips->directory = directory;
    clips->profiles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    clips->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_ptr_array_add(recordings->clips, clips);
    return clips;
}

static struct clips *find_directory(const struct recordings *recordings, const char *directory)
{
    for (guint i = 0; i < recordings->clips->len; i++) {
        struct clips *clips = recordings->clips->pdata[i];
        if (g_strcmp0(clips->directory, directory) == 0) return clips;
    }
    return NULL;
}

/* NULL if the voice has no recordings. */
static const struct clips *clips_of(const struct recordings *recordings, const struct voice *voice)
{
    g_autofree char *directory = voice_clips(voice);
    struct clips *clips = find_directory(recordings, directory);
    if (!directory) return NULL;
    if (!clips) clips = add_directory(recordings, g_steal_pointer(&directory));
    if (g_hash_table_add(clips->profiles, g_strdup(voice->path))) add_found(recordings, clips, voice);
    return clips;
}

int recordings_add_routine(struct recordings *recordings, const struct script *script, int *all)
{
    const struct clips *clips = clips_of(recordings, script->voice);
    if (!clips) return -1;
    const char *language = script->voice->language;
    g_autoptr(GPtrArray) sentences = script_sentences(script);
    int missing = 0;
    add_routine(recordings, clips, script->routine, script->voice);
    for (guint i = 0; i < sentences->len; i++) {
        g_autofree char *path = recorded_find(clips->directory, language, sentences->pdata[i]);
        missing += path == NULL;
    }
    *all = (int)sentences->len;
    return missing;
}

/* ---- the files ---- */

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *sound_files(const char *directory)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) files = g_dir_open(directory, 0, NULL);
    for (const char *name; files && (name = g_dir_read_name(files));)
        if (*name != '.' && recorded_is_sound(name)) g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* The part before the extension; to be freed. */
static char *id_of(const char *name)
{
    return g_strndup(name, (gsize)(strrchr(name, '.') - name));
}

int recordings_add_voice(struct recordings *recordings, const struct voice *voice, int *all)
{
    const struct clips *clips = clips_of(recordings, voice);
    if (!clips) return -1;
    g_autoptr(GHashTable) recorded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) names = sound_files(clips->directory);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *id = id_of(names->pdata[i]);
        if (g_hash_table_contains(clips->ids, id)) g_hash_table_add(recorded, g_steal_pointer(&id));
    }
    *all = (int)g_hash_table_size(clips->ids);
    return *all - (int)g_hash_table_size(recorded);
}

static void warn_of_strays(const struct clips *clips, struct diags *diags)
{
    g_autoptr(GPtrArray) names = sound_files(clips->directory);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *id = id_of(names->pdata[i]);
        g_autofree char *path = g_build_filename(clips->directory, names->pdata[i], NULL);
        if (!g_hash_table_contains(clips->ids, id))
            diag_warning(diags, &(struct diag_location){.path = path},
                         "belongs to no sentence any more (record the new one, and remove this file)");
    }
}

/* Profiles may share a directory, as those of one person in several languages. */
static void add_sharing(const struct recordings *recordings)
{
    g_autoptr(GPtrArray) paths = paths_list("voices", NULL);
    for (guint i = 0; recordings->clips->len > 0 && i < paths->len; i++) {
        AUTO(diags) unused = diags_new();
        AUTO(voice) voice = find_voice_at(paths->pdata[i], unused);
        g_autofree char *directory = voice ? voice_clips(voice) : NULL;
        if (!find_directory(recordings, directory)) continue;
        voice_apply_settings(voice, recordings->settings);
        clips_of(recordings, voice);
    }
}

void recordings_check(const struct recordings *recordings, struct diags *diags)
{
    add_sharing(recordings);
    for (guint i = 0; i < recordings->clips->len; i++) warn_of_strays(recordings->clips->pdata[i], diags);
}
