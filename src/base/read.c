#include "base/read.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

static char *cannot_read(void)
{
    const char *hint = errno == EACCES ? "; its owner can make it readable" : "";
    return g_strdup_printf("cannot be read (%s%s)", g_strerror(errno), hint);
}

char *too_large(gint64 size, gsize limit)
{
    return g_strdup_printf("file too large ('%" G_GINT64_FORMAT " bytes'; at most %" G_GSIZE_FORMAT " MiB)",
                           size, limit >> 20);
}

int open_regular(const char *path, gint64 *size, char **problem)
{
    struct stat info = {0};
    /* O_NONBLOCK: does not wait for the writer of a FIFO */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    *problem = NULL;
    if (fd < 0 || fstat(fd, &info) != 0)
        *problem = cannot_read();
    else if (!S_ISREG(info.st_mode))
        *problem = g_strdup_printf("not a regular file (%s)", S_ISDIR(info.st_mode)    ? "a directory"
                                                              : S_ISFIFO(info.st_mode) ? "a FIFO"
                                                                                       : "a device");
    *size = info.st_size;
    if (!*problem) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

char *read_file(const char *path, gsize limit, gsize *length, char **problem)
{
    gint64 size;
    int fd = open_regular(path, &size, problem);
    FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
    *length = 0;
    if (fd >= 0 && !file) {
        *problem = cannot_read();
        close(fd);
    }
    if (!file) return NULL;
    g_autofree char *data = g_malloc(limit + 1); /* not fstat's size: the file may be growing */
    errno = 0;
    *length = fread(data, 1, limit + 1, file);
    if (ferror(file))
        *problem = cannot_read();
    else if (*length > limit)
        *problem = too_large(MAX(size, (gint64)limit + 1), limit);
    fclose(file);
    if (*problem) return NULL;
    data[*length] = '\0';
    return g_realloc(g_steal_pointer(&data), *length + 1);
}

DIR *open_directory(const char *path, char **problem)
{
    DIR *directory = opendir(path);
    *problem = directory || errno == ENOENT || errno == ENOTDIR ? NULL : cannot_read();
    return directory;
}

/* ---- lines ---- */

/* Puts '?' in the place of bad bytes, and says what they were. The line ends with a NUL, so that looking one
 * byte ahead is safe. */
static const char *sanitize(char *line, gsize length)
{
    const char *control = NULL, *utf8 = NULL, *at = line;
    for (gsize i = 0; i < length; i++) {
        const guchar byte = (guchar)line[i], next = (guchar)line[i + 1];
        bool c1 = byte == 0xC2 && next >= 0x80 && next < 0xA0;
        if (byte == '\t' || (!g_ascii_iscntrl(byte) && !c1)) continue;
        if (!control)
            control = !byte ? "a NUL byte" : byte == '\r' ? "a CR inside the line" : "a control character";
        line[i] = '?';
        if (c1) line[i + 1] = '?';
    }
    while (!g_utf8_validate_len(at, (gsize)(line + length - at), &at)) {
        line[at - line] = '?';
        utf8 = "invalid UTF-8";
    }
    return control ? control : utf8;
}

char *lines_next(struct lines *lines)
{
    if (lines->next >= lines->end) return NULL;
    char *line = lines->next;
    char *feed = memchr(line, '\n', (gsize)(lines->end - line));
    char *stop = feed ? feed : lines->end;
    lines->next = feed ? feed + 1 : lines->end;
    lines->number++;
    if (feed && stop > line && stop[-1] == '\r') stop--;
    *stop = '\0';
    lines->bad = sanitize(line, (gsize)(stop - line));
    return line;
}
