#include "print.h"
#include "options.h"
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
