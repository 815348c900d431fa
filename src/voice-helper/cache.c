#include "cache.h"
#include "base/read.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between two programs that write at once, and for the file that is being written. */
enum { MARGIN = 16, FILE_MAX = 64 << 20 };

static const char ENDING[] = ".flac";

/* ---- names ---- */

static void add_file(GString *key, const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) return;
    g_string_append_printf(key, "%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT ".%09ld\n", path,
                           (gint64)file.st_size, (gint64)file.st_mtim.tv_sec, (long)file.st_mtim.tv_nsec);
}

static char *voice_key(const struct program_parameters *voice, const GPtrArray *paths)
{
    GString *key = g_string_new("1\n"); /* the form of this key */
    g_string_append_printf(key, "%s\n%s\n%s\n%s\n%s\n%d\n%d\n%d\n", voice->engine, voice->command,
                           voice->config, voice->voice, voice->language, voice->stays, voice->rate,
                           voice->pitch);
    for (guint i = 0; i < paths->len; i++) add_file(key, paths->pdata[i]);
    return g_string_free(key, FALSE);
}

static char *clip_path(const struct cache *cache, const char *text)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)cache->voice, (gssize)strlen(cache->voice));
    g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
    g_autofree char *name = g_strconcat(g_checksum_get_string(sum), ENDING, NULL);
    return g_build_filename(cache->directory, name, NULL);
}

/* ---- the directory ---- */

struct kept {
    char *path;
    struct timespec used;
    int64_t bytes;
};

static void clear_kept(gpointer data)
{
    g_free(((struct kept *)data)->path);
}

/* A file on its way is named ".out-PID…" or ".new-PID…" after its program. */
static bool is_left_over(const char *name)
{
    const char *dash = *name == '.' ? strchr(name, '-') : NULL;
    int pid = dash ? (int)strtol(dash + 1, NULL, 10) : 0;
    return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

static int compare_use(gconstpointer a, gconstpointer b)
{
    const struct timespec *x = &((const struct kept *)a)->used, *y = &((const struct kept *)b)->used;
    if (x->tv_sec != y->tv_sec) return x->tv_sec < y->tv_sec ? -1 : 1;
    return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

/* All clips, the one that was used least recently first. */
static GArray *list(const struct cache *cache, int64_t *bytes)
{
    GArray *clips = g_array_new(FALSE, FALSE, sizeof(struct kept));
    g_array_set_clear_func(clips, clear_kept);
    g_autoptr(GDir) directory = g_dir_open(cache->directory, 0, NULL);
    *bytes = 0;
    for (const char *name; directory && (name = g_dir_read_name(directory));) {
        struct stat file;
        struct kept clip = {.path = g_build_filename(cache->directory, name, NULL)};
        bool is_clip = g_str_has_suffix(name, ENDING) && *name != '.' && lstat(clip.path, &file) == 0;
        if (is_left_over(name)) unlink(clip.path);
        if (!is_clip) {
            g_free(clip.path);
            continue;
        }
        clip.used = file.st_mtim;
        clip.bytes = file.st_size;
        *bytes += clip.bytes;
        g_array_append_val(clips, clip);
    }
    g_array_sort(clips, compare_use);
    return clips;
}

static void make_room(const struct cache *cache, int64_t wanted)
{
    int64_t bytes, most = cache->limit - cache->limit / MARGIN - wanted;
    g_autoptr(GArray) clips = list(cache, &bytes);
    for (guint i = 0; i < clips->len && bytes > most; i++) {
        const struct kept *clip = &g_array_index(clips, struct kept, i);
        if (unlink(clip->path) == 0) bytes -= clip->bytes;
    }
}

void cache_init(struct cache *cache, const struct program_parameters *voice, const GPtrArray *paths)
{
    *cache = (struct cache){.directory = g_strdup(voice->cache),
                            .limit = voice->cache[0] ? voice->cache_bytes : 0,
                            .voice = voice_key(voice, paths)};
    if (voice->cache[0]) make_room(cache, 0);
}

/* ---- clips ---- */

bool cache_find(const struct cache *cache, const char *text, struct sound *sound)
{
    gsize size;
    g_autofree char *path = clip_path(cache, text), *problem = NULL, *why = NULL;
    if (cache->limit == 0) return false;
    g_autofree char *data = read_file(path, FILE_MAX, &size, &problem);
    if (!data) return false;
    if (sound_decode(sound, data, size, &why) && sound_judge(sound) == OUTCOME_SPOKEN) {
        utimensat(AT_FDCWD, path, NULL, 0); /* used now */
        return true;
    }
    unlink(path);
    g_array_set_size(sound->samples, 0);
    return false;
}

bool cache_keep(const struct cache *cache, const char *text, const struct sound *sound)
{
    g_autofree char *path = clip_path(cache, text);
    g_autofree char *name = g_strdup_printf(".new-%d%s", (int)getpid(), ENDING);
    g_autofree char *new = g_build_filename(cache->directory, name, NULL);
    struct stat file;
    if (cache->limit == 0) return true;
    bool kept = sound_write(sound, new) && stat(new, &file) == 0;
    if (kept) make_room(cache, file.st_size);
    kept = kept && file.st_size <= cache->limit / 2 && rename(new, path) == 0;
    if (!kept) unlink(new);
    return kept;
}
