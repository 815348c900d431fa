#include "file/newfile.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_PATH = 4096, MOST_LINKS = 40, NEW_MODE = 0666 };

/* Names count from the directory's descriptor: the directory may be moved meanwhile. */
struct newfile {
    char *shown; /* the path, for messages */
    char *name;  /* in the directory */
    int directory, fd;
    char hidden[40]; /* its name until it is whole; "" if it has none */
    struct newfile *_Atomic next;
};

/* Those that have, or had, a hidden name: any number. Global, for a signal may end the program. */
static struct newfile *_Atomic hidden_files;

/* ---- errors ---- */

bool newfile_fail_name(GError **error, int code, const char *name, int64_t bytes, const char *what)
{
    g_autofree char *written =
        g_strdup_printf("%" G_GINT64_FORMAT " bytes were written; make room or ", bytes);
    bool no_room = bytes >= 0 && code != G_IO_ERROR_NOT_SUPPORTED;
    g_set_error(error, G_IO_ERROR, code, "%s %s (%sname another file)", name, what, no_room ? written : "");
    return false;
}

bool newfile_fail(const struct newfile *file, GError **error, int code, const char *what)
{
    struct stat status;
    bool begun = file->fd >= 0 && fstat(file->fd, &status) == 0;
    return newfile_fail_name(error, code, file->shown, begun ? status.st_size : -1, what);
}

static bool fail_errno(const struct newfile *file, GError **error, const char *what)
{
    int number = errno;
    g_autofree char *why = g_strdup_printf("%s: %s", what, g_strerror(number));
    return newfile_fail(file, error, g_io_error_from_errno(number), why);
}

/* ---- the place ---- */

/* Also of a link that leads nowhere: its target is what will be made. */
static char *follow_links(const char *path)
{
    char *target = g_strdup(path);
    for (int i = 0; i < MOST_LINKS; i++) {
        g_autofree char *link = g_file_read_link(target, NULL);
        if (!link) break;
        g_autofree char *directory = g_path_get_dirname(target);
        g_free(target);
        target = g_path_is_absolute(link) ? g_strdup(link) : g_build_filename(directory, link, NULL);
    }
    return target;
}

/* *mode is that of the file that will be replaced, or -1. */
static bool may_replace(const struct newfile *file, const char *path, int *mode, GError **error)
{
    struct stat there;
    *mode = -1;
    if (stat(path, &there) != 0) return errno == ENOENT || fail_errno(file, error, "cannot be written");
    if (!S_ISREG(there.st_mode))
        return newfile_fail(file, error, G_IO_ERROR_NOT_REGULAR_FILE,
                            "is not a regular file, and cannot be replaced");
    *mode = there.st_mode & 0777;
    return access(path, W_OK) == 0 || fail_errno(file, error, "cannot be replaced");
}

/* ---- the file, without a name or hidden ---- */

static void fd_path(char path[32], int fd)
{
    snprintf(path, 32, "/proc/self/fd/%d", fd);
}

static bool random_name(struct newfile *file)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random) return false;
    snprintf(file->hidden, sizeof file->hidden, ".stretchvoice-%016" PRIx64, random);
    return true;
}

/* From a signal handler, too: system calls only. */
static void remove_hidden(const struct newfile *file)
{
    if (*file->hidden) unlinkat(file->directory, file->hidden, 0);
}

static void remove_all(void *data)
{
    (void)data;
    for (const struct newfile *file = hidden_files; file; file = file->next) remove_hidden(file);
}

static void enlist(struct newfile *file)
{
    bool first = !hidden_files;
    file->next = hidden_files;
    hidden_files = file;
    if (first) cleanup_add(remove_all, &hidden_files);
}

static void delist(struct newfile *file)
{
    struct newfile *_Atomic *at = &hidden_files;
    while (*at && *at != file) at = &(*at)->next;
    if (*at) *at = file->next;
    if (!hidden_files) cleanup_remove(&hidden_files);
}

/* The file gets its name by way of /proc, if it has none yet. */
static bool open_nameless(struct newfile *file, mode_t mode)
{
    char path[32];
    file->fd = openat(file->directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    fd_path(path, file->fd);
    if (file->fd < 0 || access(path, F_OK) == 0) return file->fd >= 0;
    close(file->fd);
    file->fd = -1;
    return false;
}

static bool open_hidden(struct newfile *file, mode_t mode)
{
    do {
        if (!random_name(file)) break;
        file->fd = openat(file->directory, file->hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    } while (file->fd < 0 && errno == EEXIST);
    if (file->fd >= 0)
        enlist(file);
    else
        *file->hidden = '\0';
    return file->fd >= 0;
}

void newfile_discard(struct newfile *file)
{
    if (!file) return;
    remove_hidden(file);
    delist(file);
    if (file->fd >= 0) close(file->fd);
    if (file->directory >= 0) close(file->directory);
    g_free(file->name);
    g_free(file->shown);
    g_free(file);
}

/* A new file has the mode that umask leaves, another one that of the file it replaces. */
static bool open_all(struct newfile *file, const char *path, GError **error)
{
    int old;
    if (!may_replace(file, path, &old, error)) return false;
    g_autofree char *target = follow_links(path);
    g_autofree char *directory = g_path_get_dirname(target);
    mode_t mode = old < 0 ? NEW_MODE : (mode_t)old;
    file->name = g_path_get_basename(target);
    file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file->directory < 0) return fail_errno(file, error, "cannot be written: its directory");
    bool ready =
        (open_nameless(file, mode) || open_hidden(file, mode)) && (old < 0 || fchmod(file->fd, mode) == 0);
    return ready || fail_errno(file, error, "cannot be written");
}

struct newfile *newfile_create(const char *path, GError **error)
{
    struct newfile *file = g_new0(struct newfile, 1);
    g_autofree char *shown = diag_shown(path, SHOWN_PATH);
    file->shown = g_strdup_printf("'%s'", shown);
    file->directory = file->fd = -1;
    if (open_all(file, path, error)) return file;
    newfile_discard(file);
    return NULL;
}

bool newfile_check(const char *path, GError **error)
{
    struct newfile *file = newfile_create(path, error);
    newfile_discard(file);
    return file;
}

/* ---- its content ---- */

int newfile_fd(const struct newfile *file)
{
    return file->fd;
}

bool newfile_write(struct newfile *file, const char *bytes, gsize size, GError **error)
{
    for (const char *end = bytes + size; bytes < end;) {
        ssize_t n = TEMP_FAILURE_RETRY(write(file->fd, bytes, (gsize)(end - bytes)));
        if (n < 0) return fail_errno(file, error, "cannot be written");
        bytes += n;
    }
    return true;
}

void newfile_write_out(struct newfile *file)
{
    (void)sync_file_range(file->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool newfile_sync(struct newfile *file, GError **error)
{
    return fsync(file->fd) == 0 || fail_errno(file, error, "cannot be written");
}

/* ---- its name ---- */

static bool link_as(const struct newfile *file, const char *name)
{
    char path[32];
    fd_path(path, file->fd);
    return linkat(AT_FDCWD, path, file->directory, name, AT_SYMLINK_FOLLOW) == 0;
}

/* A link cannot replace a file, a renamed file can. */
static bool link_hidden(struct newfile *file)
{
    enlist(file);
    while (random_name(file)) {
        if (link_as(file, file->hidden)) return true;
        if (errno != EEXIST) break;
    }
    *file->hidden = '\0';
    return false;
}

static bool give_name(struct newfile *file)
{
    if (!*file->hidden) {
        if (link_as(file, file->name)) return true;
        if (errno != EEXIST || !link_hidden(file)) return false;
    }
    if (renameat(file->directory, file->hidden, file->directory, file->name) != 0) return false;
    *file->hidden = '\0';
    return true;
}

bool newfile_commit(struct newfile *file, GError **error)
{
    bool named = give_name(file) || fail_errno(file, error, "cannot be given its name");
    /* Not every file system can sync a directory, and the file is whole with or without. */
    if (named) (void)fsync(file->directory);
    newfile_discard(file);
    return named;
}
