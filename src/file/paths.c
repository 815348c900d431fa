#include "file/paths.h"
#include "base/name.h"
#include "base/read.h"
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "stretchvoice"
#define EXTENSION ".ini"

/* ---- where this program lies ---- */

/* NULL without /proc. Then nothing that lies beside this program can be found, and must not be looked for in
 * the current directory. */
static char *own_directory(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    return program ? g_path_get_dirname(program) : NULL;
}

/* TREE where this program lies in TREE/build or TREE/build-…, else NULL. */
static char *own_tree(void)
{
    g_autofree char *directory = own_directory();
    if (!directory) return NULL;
    g_autofree char *name = g_path_get_basename(directory);
    if (strcmp(name, "build") != 0 && !g_str_has_prefix(name, "build-")) return NULL;
    g_autofree char *tree = g_path_get_dirname(directory);
    g_autofree char *routines = g_build_filename(tree, "config", "routines", NULL);
    return g_file_test(routines, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&tree) : NULL;
}

/* A directory that this program was built for. If that is not there: the one that lies to this program as
 * that one would to BINDIR, in a package that is not installed yet (DESTDIR) or was moved. */
static char *installed(const char *place)
{
    g_autofree char *prefix = g_path_get_dirname(BINDIR), *directory = own_directory();
    gsize length = strlen(prefix);
    bool shared = g_str_has_prefix(place, prefix) && place[length] == '/';
    if (!shared || !directory || g_file_test(place, G_FILE_TEST_EXISTS)) return g_strdup(place);
    g_autofree char *own_prefix = g_path_get_dirname(directory);
    g_autofree char *moved = g_build_filename(own_prefix, place + length, NULL);
    return g_strdup(g_file_test(moved, G_FILE_TEST_EXISTS) ? moved : place);
}

char *paths_clips(void)
{
    return g_build_filename(g_get_user_cache_dir(), "stretchvoice", "clips", NULL);
}

char *paths_loudness(void)
{
    return g_build_filename(g_get_user_cache_dir(), "stretchvoice", "loudness", NULL);
}

char *paths_helper(const char *name)
{
    g_autofree char *directory = own_directory(), *installed_directory = installed(LIBEXECDIR);
    g_autofree char *beside = directory ? g_build_filename(directory, name, NULL) : NULL;
    if (beside && g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE)) return g_steal_pointer(&beside);
    return g_build_filename(installed_directory, name, NULL);
}

/* Also true of what cannot be read, such as a link that leads nowhere: the reader reports it, since passing
 * over it would surprise. */
static bool is_there(const char *path)
{
    struct stat entry;
    return lstat(path, &entry) == 0;
}

/* ---- settings ---- */

GPtrArray *paths_settings(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *config = directory_path(DIRECTORY_CONFIG);
    const char *const directories[] = {SYSCONFDIR "/xdg/" PROGRAM, config};
    for (gsize i = 0; i < G_N_ELEMENTS(directories); i++) {
        g_autofree char *path = g_build_filename(directories[i], PROGRAM EXTENSION, NULL);
        if (is_there(path)) g_ptr_array_add(paths, g_steal_pointer(&path));
    }
    return paths;
}

/* ---- routines and voices ---- */

/* The order of paths_directories(). */
enum place { PLACE_CONFIG, PLACE_DATA, PLACE_SHARED, PLACE_TREE };

GPtrArray *paths_directories(const char *kind)
{
    GPtrArray *directories = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *tree = own_tree(), *config = directory_path(DIRECTORY_CONFIG),
                    *data = directory_path(DIRECTORY_DATA);
    g_ptr_array_add(directories, g_build_filename(config, kind, NULL));
    g_ptr_array_add(directories, g_build_filename(data, kind, NULL));
    g_autofree char *shared = installed(DATADIR);
    g_ptr_array_add(directories, g_build_filename(shared, kind, NULL));
    bool routines = strcmp(kind, "routines") == 0;
    if (tree) g_ptr_array_add(directories, g_build_filename(tree, routines ? "config" : "", kind, NULL));
    return directories;
}

/* Names that differ only in how letters with accents are composed are the same: a keyboard and a file system
 * may not agree. */
static char *normal_form(const char *file)
{
    char *normal = g_utf8_normalize(file, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    return normal ? normal : g_strdup(file); /* not UTF-8 */
}

static char *find_composed(const char *directory, const char *file)
{
    g_autoptr(GDir) dir = g_str_is_ascii(file) ? NULL : g_dir_open(directory, 0, NULL);
    g_autofree char *wanted = normal_form(file);
    const char *there;
    while (dir && (there = g_dir_read_name(dir))) {
        g_autofree char *normal = normal_form(there);
        if (strcmp(normal, wanted) == 0) return g_build_filename(directory, there, NULL);
    }
    return NULL;
}

static char *find_in(const char *directory, const char *file)
{
    g_autofree char *path = g_build_filename(directory, file, NULL);
    return is_there(path) ? g_steal_pointer(&path) : find_composed(directory, file);
}

/* What begins with '.' is hidden; a name without '/' cannot leave its directory in any other way. */
static char *find_from(enum place first, const char *kind, const char *const *names)
{
    char *path = NULL;
    g_autoptr(GPtrArray) directories = paths_directories(kind);
    for (guint i = first; !path && i < directories->len; i++)
        for (const char *const *name = names; !path && *name; name++) {
            g_autofree char *file = g_strconcat(*name, EXTENSION, NULL);
            if (**name && **name != '.') path = find_in(directories->pdata[i], file);
        }
    return path;
}

char *paths_find_any(const char *kind, const char *const *names)
{
    return find_from(PLACE_CONFIG, kind, names);
}

char *paths_find(const char *kind, const char *name)
{
    char *path = NULL;
    if (!name_is_path(name)) return paths_find_any(kind, (const char *const[]){name, NULL});
    g_autofree char *directory = g_path_get_dirname(name), *file = g_path_get_basename(name);
    if (!is_there(name)) path = find_composed(directory, file);
    return path ? path : g_strdup(name);
}

char *paths_find_shipped(const char *kind, const char *name)
{
    return find_from(PLACE_SHARED, kind, (const char *const[]){name, NULL});
}

static void list_directory(GHashTable *found, const char *directory, struct diags *diags)
{
    g_autofree char *problem = NULL;
    DIR *dir = open_directory(directory, &problem);
    if (problem && diags) diag_error(diags, &(struct diag_location){.path = directory}, "%s", problem);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        const char *file = entry->d_name;
        g_autofree char *normal = normal_form(file);
        bool wanted = *file != '.' && g_str_has_suffix(file, EXTENSION);
        if (wanted && !g_hash_table_contains(found, normal))
            g_hash_table_insert(found, g_steal_pointer(&normal), g_build_filename(directory, file, NULL));
    }
    if (dir) closedir(dir);
}

/* Without the extension, since "a" comes before "a-b", and "a.ini" does not. */
static int by_name(gconstpointer a, gconstpointer b)
{
    g_autofree char *name_a = name_of(*(char *const *)a), *name_b = name_of(*(char *const *)b);
    return strcmp(name_a, name_b);
}

GPtrArray *paths_list(const char *kind, struct diags *diags)
{
    g_autoptr(GPtrArray) directories = paths_directories(kind);
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < directories->len; i++) list_directory(found, directories->pdata[i], diags);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer path;
    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, NULL, &path)) g_ptr_array_add(paths, g_strdup(path));
    g_ptr_array_sort(paths, by_name);
    return paths;
}
