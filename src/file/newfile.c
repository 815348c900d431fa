#include "file/newfile.h"
#include "base/cleanup.h"
#include "fail.h"
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names count from the directory's descriptor, so that nobody can move the directory away in between. */
struct newfile {
    int directory;
    int fd;
    char name[40];
    char *final;
};

/* What is there may be replaced if it is a file that the user may write, or nothing. */
static bool may_replace(const char *path, GError **error)
{
    struct stat there;
    if (stat(path, &there) != 0) return errno == ENOENT || fail_errno(error, "cannot be written");
    if (!S_ISREG(there.st_mode)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "is no file that could be replaced");
        return false;
    }
    return access(path, W_OK) == 0 || fail_errno(error, "cannot be replaced");
}

static bool open_directory(struct newfile *temp, const char *path, GError **error)
{
    g_autofree char *target = realpath(path, NULL);
    g_autofree char *directory = g_path_get_dirname(target ? target : path);
    temp->final = g_path_get_basename(target ? target : path);
    temp->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return temp->directory >= 0 || fail_errno(error, "cannot be written: its directory");
}

/* As open() makes any new file: the mode is what umask leaves. */
static bool open_file(struct newfile *temp, GError **error)
{
    uint64_t random;
    do {
        if (getrandom(&random, sizeof random, 0) != sizeof random)
            return fail_errno(error, "cannot be written");
        snprintf(temp->name, sizeof temp->name, ".stretchvoice-%016" PRIx64, random);
        temp->fd = openat(temp->directory, temp->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (temp->fd < 0 && errno == EEXIST);
    return temp->fd >= 0 || fail_errno(error, "cannot be written");
}

/* From a signal handler, too: system calls only. */
static void remove_file(void *data)
{
    const struct newfile *temp = data;
    unlinkat(temp->directory, temp->name, 0);
}

static void newfile_free(struct newfile *temp)
{
    cleanup_remove(temp);
    if (temp->fd >= 0) close(temp->fd);
    if (temp->directory >= 0) close(temp->directory);
    g_free(temp->final);
    g_free(temp);
}

struct newfile *newfile_new(const char *path, GError **error)
{
    struct newfile *temp = g_new0(struct newfile, 1);
    temp->directory = temp->fd = -1;
    if (may_replace(path, error) && open_directory(temp, path, error) && open_file(temp, error)) {
        cleanup_add(remove_file, temp);
        return temp;
    }
    newfile_free(temp);
    return NULL;
}

int newfile_fd(const struct newfile *temp)
{
    return temp->fd;
}

int64_t newfile_bytes(const struct newfile *temp)
{
    struct stat status;
    return fstat(temp->fd, &status) == 0 ? status.st_size : 0;
}

void newfile_write_out(struct newfile *temp)
{
    (void)sync_file_range(temp->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool newfile_sync(struct newfile *temp, GError **error)
{
    return fsync(temp->fd) == 0 || fail_errno(error, "cannot be written");
}

bool newfile_commit(struct newfile *temp, GError **error)
{
    if (renameat(temp->directory, temp->name, temp->directory, temp->final) != 0) {
        fail_errno(error, "cannot be given its name");
        newfile_discard(temp);
        return false;
    }
    /* Not every file system can do it, and the file is whole with or without. */
    (void)fsync(temp->directory);
    newfile_free(temp);
    return true;
}

void newfile_discard(struct newfile *temp)
{
    if (!temp) return;
    remove_file(temp);
    newfile_free(temp);
}
