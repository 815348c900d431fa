#include "tracks.h"
#include <string.h>

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *tracks_list(const char *path)
{
    GPtrArray *tracks = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name;
    if (!directory) g_ptr_array_add(tracks, g_strdup(path));
    while (directory && tracks->len < TRACKS_MOST && (name = g_dir_read_name(directory)))
        if (*name != '.') g_ptr_array_add(tracks, g_build_filename(path, name, NULL));
    g_ptr_array_sort(tracks, by_name);
    return tracks;
}

/* Fisher and Yates. */
void tracks_shuffle(GPtrArray *tracks, uint32_t seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    for (guint left = tracks->len; left > 1; left--) {
        const guint i = (guint)g_rand_int_range(random, 0, (gint32)left);
        gpointer last = tracks->pdata[left - 1];
        tracks->pdata[left - 1] = tracks->pdata[i];
        tracks->pdata[i] = last;
    }
    g_rand_free(random);
}
