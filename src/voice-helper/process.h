/* A program that speaks, as a child process: in a group of its own, with pipes for its three streams and no
 * other descriptor. What it writes to standard error is kept back; the last line of it says why it failed.
 *
 * The group ends with it, and with this program, even if that is killed: its leader is a process that waits
 * for nothing else. So nothing stays that the program has started. */
#ifndef VOICE_HELPER_PROCESS_H
#define VOICE_HELPER_PROCESS_H

#include <glib.h>
#include <stdbool.h>

struct process {
    GPid pid;           /* 0: it does not run */
    GPid leader;        /* of its group; 0: there is none */
    int lifeline;       /* our end of the leader's pipe */
    int ended;          /* becomes readable when it has ended; -1 where the system has no such descriptor */
    int in, out, err;   /* our ends of its pipes; -1: closed */
    GString *complaint; /* the end of what it wrote to standard error */
    GByteArray *output; /* what it wrote to standard output, and has not been taken */
};

/* Starts it. `argv` is found in PATH. False, and *why to be freed, if it cannot be started. */
bool process_start(struct process *process, char **argv, char **why);

/* Kills the group, reaps the process and frees what belongs to it; fine if it does not run. */
void process_end(struct process *process);

enum wait_result {
    WAIT_DONE,
    WAIT_ENDED,   /* it has ended, or closed its standard output, or takes no more input */
    WAIT_TIMEOUT, /* the deadline has passed */
    WAIT_FULL,    /* it gave too much */
};

/* Writes `text` and reads until `done` says that the output is complete, at `deadline` (monotonic, us) at the
 * latest. `close_in` closes standard input behind the text. `done` NULL: until the end. */
enum wait_result process_talk(struct process *process, const char *text, gsize size, bool close_in,
                              bool (*done)(GByteArray *output, void *data), void *data, gint64 deadline);

/* After WAIT_ENDED: reaps it, and returns true if its exit status is 0. Otherwise *why, to be freed. */
bool process_succeeded(struct process *process, gint64 deadline, char **why);

/* "it ended with status 1: no such voice", to be freed; for a process that does not answer. */
char *process_complaint(const struct process *process, const char *what);

#endif
