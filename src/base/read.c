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

static char *not_regular(mode_t mode)
{
    const char *kind = S_ISDIR(mode) ? "a directory" : S_ISFIFO(mode) ? "a FIFO" : "a device";
    return g_strdup_printf("not a regular file (%s)", kind);
}

char *too_large(gint64 size, gsize limit)
{
    return g_strdup_printf("file too large ('%" G_GINT64_FORMAT " bytes'; at most %" G_GSIZE_FORMAT " MiB)",
                           size, limit >> 20);
}

char *read_file(const char *path, gsize limit, gsize *length, char **problem)
{
    struct stat info = {0};
    int fd =
        open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* does not wait for the writer of a FIFO */
    FILE *file = NULL;
    *problem = NULL;
    *length = 0;
    if (fd >= 0 && fstat(fd, &info) == 0 && !S_ISREG(info.st_mode))
        *problem = not_regular(info.st_mode);
    else if (fd < 0 || !(file = fdopen(fd, "rb")))
        *problem = cannot_read();
    if (!file) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    g_autofree char *data = g_malloc(limit + 1); /* not fstat's size: the file may be growing */
    errno = 0;
    *length = fread(data, 1, limit + 1, file);
    if (ferror(file))
        *problem = cannot_read();
    else if (*length > limit)
        *problem = too_large(MAX(info.st_size, (gint64)limit + 1), limit);
    fclose(file);
    if (*problem) return NULL;
    data[*length] = '\0';
    return g_realloc(g_steal_pointer(&data), *length + 1);
}

/* ---- lines ---- */

static bool is_ascii(const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isprint(line[i]) && line[i] != '\t') return false;
    return true;
}

static bool is_c1(const char *at)
{
    return (guchar)at[0] == 0xC2 && (guchar)at[1] >= 0x80 && (guchar)at[1] < 0xA0;
}

static const char *control_name(char byte)
{
    return byte == '\0' ? "a NUL byte" : byte == '\r' ? "a CR inside the line" : "a control character";
}

/* The line ends with a NUL, so that looking one byte ahead is safe. */
static const char *sanitize_controls(char *line, gsize length)
{
    const char *bad = NULL;
    for (gsize i = 0; i < length; i++) {
        bool c1 = is_c1(line + i);
        if (line[i] == '\t' || !(g_ascii_iscntrl(line[i]) || c1)) continue;
        if (!bad) bad = control_name(line[i]);
        line[i] = '?';
        if (c1) line[i + 1] = '?';
    }
    return bad;
}

static const char *sanitize_utf8(char *line, gsize length)
{
    const char *bad = NULL, *at = line, *end = line + length;
    while (!g_utf8_validate_len(at, (gsize)(end - at), &at)) {
        line[at - line] = '?';
        bad = "invalid UTF-8";
    }
    return bad;
}

static const char *sanitize(char *line, gsize length)
{
    if (is_ascii(line, length)) return NULL;
    const char *control = sanitize_controls(line, length), *utf8 = sanitize_utf8(line, length);
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
