/* Starts a program that plays, and prints after how many milliseconds the output took its first frame;
 * then ends it.
 *
 *     first_frame PROGRAM ARGUMENT...
 *
 * It looks at the ring that the program shares with its output, from outside. */
#include "ipc/ring.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_US = 1000, PATIENCE_US = 10 * G_USEC_PER_SEC };

extern char **environ;

static pid_t start(char **argv)
{
    pid_t pid;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -1 : pid;
}

/* The ring among the files that the program has open; NULL if it has none yet. */
static struct ring *find_ring(pid_t pid)
{
    g_autofree char *directory = g_strdup_printf("/proc/%d/fd", (int)pid);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(directory, name, NULL),
                        *target = g_file_read_link(path, NULL);
        if (!target || !strstr(target, "memfd:stretchvoice-ring")) continue;
        int fd = open(path, O_RDWR | O_CLOEXEC);
        struct ring *ring = fd < 0 ? NULL : ring_open(fd);
        if (ring) return ring;
        if (fd >= 0) close(fd);
    }
    return NULL;
}

/* The time of the first frame, or 0. */
static gint64 wait_for_frame(pid_t pid, gint64 until)
{
    struct ring *ring = NULL;
    gint64 now;
    while ((now = g_get_monotonic_time()) < until && waitpid(pid, NULL, WNOHANG) == 0) {
        if (!ring) ring = find_ring(pid);
        if (ring && ring_taken(ring) > 0) break;
        g_usleep(LOOK_US);
    }
    bool taken = ring && ring_taken(ring) > 0;
    ring_free(ring);
    return taken ? now : 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    gint64 begin = g_get_monotonic_time();
    pid_t pid = start(argv + 1);
    if (pid < 0) return 1;
    gint64 taken = wait_for_frame(pid, begin + PATIENCE_US);
    kill(pid, SIGINT);
    waitpid(pid, NULL, 0);
    if (taken == 0) return 1;
    printf("%.1f\n", (double)(taken - begin) / 1000);
    return 0;
}
