#include "../fuzz.h"
#include <sys/mman.h>
#include <unistd.h>

int fuzz_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, data, size), ==, (ssize_t)size);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

void fuzz_show(struct diags *diags)
{
    g_auto(GStrv) lines = diags_lines(diags);
    for (char **line = lines; *line; line++) {
        g_assert_true(g_utf8_validate(*line, -1, NULL));
        for (const char *p = *line; *p; p = g_utf8_next_char(p))
            g_assert_false(g_unichar_iscntrl(g_utf8_get_char(p)));
    }
}
