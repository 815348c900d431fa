#include "file/newdir.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

struct newdir {
    char *path;
    bool made;
};

/* From a signal handler, too: system calls only. */
static void remove_made(void *data)
{
    const struct newdir *directory = data;
    rmdir(directory->path);
}

static bool is_directory(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

struct newdir *newdir_create(const char *path, GError **error)
{
    struct newdir *directory = g_new0(struct newdir, 1);
    directory->path = g_strdup(path);
    directory->made = mkdir(path, 0777) == 0;
    int code = errno;
    if (directory->made) cleanup_add(remove_made, directory);
    if (directory->made || is_directory(path)) return directory;
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(code),
                "'%s' cannot be made: %s (name another directory)", shown,
                code == EEXIST ? "it is no directory" : g_strerror(code));
    newdir_free(directory);
    return NULL;
}

void newdir_free(struct newdir *directory)
{
    if (!directory) return;
    if (directory->made) {
        cleanup_remove(directory);
        remove_made(directory);
    }
    g_free(directory->path);
    g_free(directory);
}
