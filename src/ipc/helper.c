#include "ipc/helper.h"
#include "ipc/packets.h"
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EXIT_BY_HAND = 2 };

/* A build that measures coverage (--coverage -u __gcov_dump) writes here what it counted. */
extern void __gcov_dump(void) __attribute__((weak));

void helper_begin_lasting(int argc, char **argv, const char *name)
{
    if (argc != 2 || strcmp(argv[1], PACKET_PROTOCOL) != 0) {
        fprintf(stderr, "%s is a private part of stretchvoice, which starts it when it is needed.\n", name);
        exit(EXIT_BY_HAND);
    }
    setsid();
    signal(SIGCHLD, SIG_DFL); /* if it were ignored, a child's exit status would be lost */
}

void helper_begin(int argc, char **argv, const char *name)
{
    struct pollfd parent = {.fd = STDIN_FILENO};
    helper_begin_lasting(argc, argv, name);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (poll(&parent, 1, 0) == 1) helper_end(); /* the parent had ended before that */
}

void helper_end(void)
{
    if (__gcov_dump) __gcov_dump();
    _exit(EXIT_SUCCESS);
}
