#include "options.h"
#include "print.h"
#include "subcommands.h"
#include "live/others.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { LEAST_DESCRIPTORS = 12 }; /* beside the standard ones: with fewer, GLib aborts */

static const char VERSION_TEXT[] = "stretchvoice " VERSION "\n"
                                   "Copyright (C) 2026 the stretchvoice authors; GPL-3.0-or-later\n";

/* A program may be started with standard descriptors closed; what we open must not take their numbers.
 * Writing to standard output still fails then, so that output that was asked for is not lost unnoticed. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

/* Sets CLOEXEC on inherited descriptors: helpers are spawned with descriptors left open. */
static void keep_descriptors(void)
{
    (void)close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
}

static bool has_descriptors(void)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + LEAST_DESCRIPTORS);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static int print_help(struct options *options)
{
    g_autofree char *text = options_help(options);
    bool wanted = options->help;
    fputs(text, wanted ? stdout : stderr);
    return wanted ? print_end() : EXIT_USAGE;
}

static int run(struct options *options, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (!options_parse(options, argv, &error)) {
        print_error(error);
        return EXIT_USAGE;
    }
    if (options->version && !options->help) {
        fputs(VERSION_TEXT, stdout);
        return print_end();
    }
    if (options->help || !options->subcommand.name) return print_help(options);
    if (!has_descriptors()) {
        fputs("stretchvoice: too few files may be open; raise the limit with 'ulimit -n'\n", stderr);
        return EXIT_FAILED;
    }
    if (options->subcommand.run != subcommand_restore) others_restore_left();
    return options->subcommand.run(options);
}

/* Most output is written at its end, where print_end() can say why that failed. */
static char output[64 << 10];

int main(int argc, char **argv)
{
    (void)argc;
    open_standard_descriptors();
    keep_descriptors();
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, reported in one line */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    if (!isatty(STDOUT_FILENO)) setvbuf(stdout, output, _IOFBF, sizeof output);
    struct options options;
    int code = run(&options, argv);
    options_finish(&options);
    return code;
}
