#include "print.h"
#include "options.h"
#include "base/diag.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* An earlier write may have failed, so errno alone does not tell. */
static bool reader_has_gone(int error)
{
    struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return error == EPIPE || (poll(&fd, 1, 0) == 1 && (fd.revents & POLLERR));
}

int print_end(void)
{
    errno = 0;
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    int error = errno;
    if (written) return EXIT_DONE;
    if (reader_has_gone(error)) return EXIT_SIGNAL + SIGPIPE;
    fprintf(stderr, "stretchvoice: standard output cannot be written: %s\n", g_strerror(error ? error : EIO));
    return EXIT_FAILED;
}

int print_error(const GError *error)
{
    fprintf(stderr, "stretchvoice: %s\n", error->message);
    return EXIT_FAILED;
}

int print_no_format(const char *path, const char *const *formats, const char *more)
{
    g_autofree char *all = g_strjoinv(", ", (char **)formats);
    g_autofree char *shown = diag_shown(path, 200);
    fprintf(stderr, "stretchvoice: '%s' has no known extension: name a file that ends in one of %s%s\n",
            shown, all, more);
    return EXIT_USAGE;
}
