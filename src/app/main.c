#include "options.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <unistd.h>

/* A program may be started with standard descriptors closed; what we open must not take their numbers.
 * Writing to standard output goes on to fail, so that it is noticed where output was asked for. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

/* What whoever started this program has left open is not for the helpers: they are given what is not closed.
 */
static void keep_descriptors(void)
{
    (void)close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
}

/* Each sentence passes through a few buffers of about a megabyte. Given back to the kernel after each, their
 * pages were measured to cost more, when they are new again, than all that is done with them. Those of a
 * sentence of more than 20 s are given back. */
static void keep_freed_memory(void)
{
#ifdef __GLIBC__
    enum { LARGEST_BYTES = 4 << 20 };
    mallopt(M_MMAP_THRESHOLD, LARGEST_BYTES);
    mallopt(M_TRIM_THRESHOLD, LARGEST_BYTES);
#endif
}

int main(int argc, char **argv)
{
    open_standard_descriptors();
    keep_descriptors();
    keep_freed_memory();
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, told in one line */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    struct options options;
    int code;
    const struct subcommand *subcommand = options_parse(&options, argc, argv, &code);
    if (subcommand) code = subcommand->run(&options);
    options_finish(&options);
    return code;
}
