#include "author.h"
#include "base/diag.h"
#include "base/name.h"
#include "file/paths.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_NAME = 100, MOST_SLUG = 60, DIRECTORY_MODE = 0777, FILE_MODE = 0666 };

bool author_is_name(const char *name)
{
    gsize length = strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");
    return length > 0 && !name[length] && length <= MOST_NAME && *name != '-';
}

char *author_slug(const char *text, const char *other)
{
    g_autofree char *plain = g_str_to_ascii(text, "C"), *small = g_ascii_strdown(plain, -1);
    GString *slug = g_string_new(NULL);
    for (const char *at = small; *at && slug->len < MOST_SLUG; at++)
        if (g_ascii_isalnum(*at))
            g_string_append_c(slug, *at);
        else if (slug->len && slug->str[slug->len - 1] != '-' && *at != '\'' && *at != '?')
            g_string_append_c(slug, '-');
    while (slug->len && slug->str[slug->len - 1] == '-') g_string_truncate(slug, slug->len - 1);
    if (!slug->len) g_string_append(slug, other);
    return g_string_free(slug, FALSE);
}

char *author_path(const char *name)
{
    g_autofree char *config = directory_path(DIRECTORY_CONFIG), *file = g_strconcat(name, ".ini", NULL);
    return g_build_filename(config, "routines", file, NULL);
}

/* Always false. */
static bool fail(GError **error, const char *path, const char *what)
{
    const int number = errno;
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    if (number == EEXIST)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is there already, and is not written over",
                    shown);
    else
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number), "%s %s: %s", shown, what,
                    g_strerror(number));
    return false;
}

static bool write_all(int fd, const char *text, gsize size)
{
    while (size > 0) {
        const ssize_t n = write(fd, text, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        text += n;
        size -= (gsize)n;
    }
    return fsync(fd) == 0 || errno == EINVAL;
}

/* What is in the user's own directory comes first. */
static void say_hidden(const char *hidden, const char *name)
{
    g_autofree char *shown = diag_shown(hidden, PATH_MAX);
    fprintf(stderr, "stretchvoice: '%s' now means this file; it comes before %s\n", name, shown);
}

bool author_write(const char *path, const char *text, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path), *config = directory_path(DIRECTORY_CONFIG);
    const bool own = g_str_has_prefix(path, config);
    g_autofree char *name = name_of(path), *hidden = own ? paths_find("routines", name) : NULL;
    if (own && g_mkdir_with_parents(directory, DIRECTORY_MODE) != 0)
        return fail(error, directory, "cannot be made");
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0) return fail(error, path, "cannot be written");
    const bool written = write_all(fd, text, strlen(text));
    if (!written) {
        fail(error, path, "cannot be written");
        unlink(path);
    }
    close(fd);
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    if (written) printf("%s\n", shown);
    if (written && hidden) say_hidden(hidden, name);
    return written;
}
