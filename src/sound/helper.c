#include "helper.h"
#include "ipc/program.h"

#include <fcntl.h>
#include <unistd.h>

/* Where the program finds what it inherits. */
enum { CONTROL_FD = 3, RING_FD = 4 };

/* Takes `control` over. */
static GSubprocess *spawn(const char *program, const struct ring *ring, int control, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_INHERIT_FDS | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                  G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autofree char *control_arg = g_strdup_printf("%d", CONTROL_FD),
                    *ring_arg = ring ? g_strdup_printf("%d", RING_FD) : NULL;
    g_subprocess_launcher_take_fd(launcher, control, CONTROL_FD);
    if (ring) g_subprocess_launcher_take_fd(launcher, fcntl(ring_fd(ring), F_DUPFD_CLOEXEC, 0), RING_FD);
    if (!program_has_room(error)) return NULL;
    return g_subprocess_launcher_spawn(launcher, error, program, control_arg, ring_arg, NULL);
}

GSubprocess *helper_spawn(const char *program, const struct ring *ring, const struct message *request,
                          int *control, GError **error)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s", g_strerror(errno));
        return NULL;
    }
    message_send(pair[0], request);
    GSubprocess *process = spawn(program, ring, pair[1], error);
    if (process) {
        *control = pair[0];
        return process;
    }
    program_explain(program, error);
    close(pair[0]);
    return NULL;
}
