#include "base/read.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_name(mode_t mode)
{
    return S_ISDIR(mode) ? "a directory" : S_ISFIFO(mode) ? "a FIFO" : "a device";
}

static char *cannot_read(void)
{
    const char *hint = errno == EACCES ? "; whoever owns it can make it readable" : "";
    return g_strdup_printf("cannot be read (%s%s)", g_strerror(errno), hint);
}

/* Why the file behind `fd` is not one for us; NULL if it is. */
static char *unfit(int fd)
{
    struct stat info;
    if (fstat(fd, &info) < 0) return cannot_read();
    return S_ISREG(info.st_mode) ? NULL : g_strdup_printf("no regular file (%s)", kind_name(info.st_mode));
}

char *read_over_limit(gint64 size, gsize limit)
{
    return g_strdup_printf("over the limit of a file ('%" G_GINT64_FORMAT " bytes'; %" G_GSIZE_FORMAT " MiB)",
                           MAX(size, (gint64)limit + 1), limit >> 20);
}

char *read_file(const char *path, gsize limit, gsize *length, char **problem)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* waits for no writer of a FIFO */
    *problem = fd < 0 ? cannot_read() : unfit(fd);
    *length = 0;
    FILE *file = *problem ? NULL : fdopen(fd, "rb");
    if (!file) {
        if (!*problem) *problem = cannot_read();
        if (fd >= 0) close(fd);
        return NULL;
    }
    g_autofree char *data = g_malloc(limit + 1); /* not fstat's size: the file may be growing */
    errno = 0;
    *length = fread(data, 1, limit + 1, file);
    if (ferror(file))
        *problem = cannot_read();
    else if (*length > limit)
        *problem = read_over_limit(fstat(fd, &info) == 0 ? info.st_size : 0, limit);
    fclose(file);
    if (*problem) return NULL;
    data[*length] = '\0';
    return g_realloc(g_steal_pointer(&data), *length + 1);
}
