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
    GString *key = g_string_new("2\n"); /* the form of this key, and of the files */
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

static bool is_left_over(const char *name)
{
    bool unfinished = g_str_has_prefix(name, CACHE_PREFIX);
    int pid = unfinished ? (int)strtol(name + strlen(CACHE_PREFIX), NULL, 10) : 0;
    return pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

void cache_tidy(const char *directory)
{
    g_autoptr(GDir) names = g_dir_open(directory, 0, NULL);
    for (const char *name; names && (name = g_dir_read_name(names));) {
        g_autofree char *path = is_left_over(name) ? g_build_filename(directory, name, NULL) : NULL;
        if (path) unlink(path);
    }
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
    if (!voice->cache[0]) return;
    cache_tidy(cache->directory);
    if (cache->limit > 0) make_room(cache, 0);
}

/* ---- clips ---- */

/* Of the samples in the file at `path`: a file from elsewhere, or one that has changed, has another. To be
 * freed. */
static char *mark_of(const char *path, const struct sound *sound)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *name = g_path_get_basename(path);
    g_checksum_update(sum, (const guchar *)name, -1);
    g_checksum_update(sum, (const guchar *)&sound->rate, sizeof sound->rate);
    g_checksum_update(sum, (const guchar *)sound->samples->data,
                      (gssize)(sound->samples->len * sizeof(int16_t)));
    return g_strdup(g_checksum_get_string(sum));
}

static bool is_whole(const char *path, const struct sound *sound)
{
    g_autofree char *mark = mark_of(path, sound);
    return g_strcmp0(mark, sound->mark) == 0;
}

bool cache_find(const struct cache *cache, const char *text, struct sound *sound)
{
    gsize size;
    g_autofree char *path = clip_path(cache, text), *problem = NULL, *why = NULL;
    if (cache->limit == 0) return false;
    g_autofree char *data = read_file(path, FILE_MAX, &size, &problem);
    if (!data) return false;
    if (sound_decode(sound, data, size, &why) && is_whole(path, sound)) {
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
    g_autofree char *name = g_strdup_printf(CACHE_PREFIX "%d%s", (int)getpid(), ENDING);
    g_autofree char *new = g_build_filename(cache->directory, name, NULL), *mark = mark_of(path, sound);
    struct stat file;
    if (cache->limit == 0) return true;
    unlink(new);
    bool written = sound_write(sound, new, mark) && stat(new, &file) == 0;
    bool fits = written && file.st_size <= cache->limit / 2;
    if (fits) make_room(cache, file.st_size);
    if (fits && rename(new, path) == 0) return true;
    unlink(new);
    return written && !fits;
}
