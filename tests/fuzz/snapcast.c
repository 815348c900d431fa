/* What Snapcast's server asks of a session: each line that it is told is JSON, and so it ends with its input.
 */
#include "app/subcommands.h"
#include "fuzz.h"
#include "report/json.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 8 << 20 }; /* bytes of the answer that are looked at */

/* A descriptor takes the place of a standard one. */
static void put_in_place(int fd, int standard)
{
    g_assert_cmpint(dup2(fd, standard), ==, standard);
    close(fd);
}

static void check_lines(int fd)
{
    g_autofree char *text = g_malloc0(MOST + 1);
    ssize_t size = pread(fd, text, MOST, 0);
    g_assert_true(size > 0 && text[size - 1] == '\n');
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **line = lines; *line && size < MOST; line++) {
        g_autoptr(JsonParser) parser = json_parser_new();
        g_assert_nonnull(json_object_in(parser, *line));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char nowhere[] = "/nonexistent/socket", here[] = "127.0.0.1", port[] = "1"; /* of nothing */
    const struct options options = {.socket = nowhere, .address = here, .clients_port = port};
    int out = memfd_create("output", MFD_CLOEXEC);
    g_assert_cmpint(out, >=, 0);
    put_in_place(fuzz_file(data, size), STDIN_FILENO);
    put_in_place(fcntl(out, F_DUPFD_CLOEXEC, 0), STDOUT_FILENO);
    g_assert_cmpint(subcommand_snapcast_control(&options), ==, EXIT_DONE);
    check_lines(out);
    close(out);
    return 0;
}
