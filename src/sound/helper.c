#include "sound/helper.h"
#include "base/program.h"

#include <fcntl.h>
#include <unistd.h>

/* Where the program finds what it inherits. */
enum { CONTROL_FD = 3, RING_FD = 4 };

static void hand_over(GSubprocessLauncher *launcher, int control, const struct ring *ring)
{
    g_subprocess_launcher_take_fd(launcher, control, CONTROL_FD);
    if (ring) g_subprocess_launcher_take_fd(launcher, fcntl(ring_fd(ring), F_DUPFD_CLOEXEC, 0), RING_FD);
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
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_INHERIT_FDS | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                  G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    hand_over(launcher, pair[1], ring);
    g_autofree char *control_arg = g_strdup_printf("%d", CONTROL_FD),
                    *ring_arg = g_strdup_printf("%d", RING_FD);
    GSubprocess *process =
        program_has_room(error)
            ? g_subprocess_launcher_spawn(launcher, error, program, control_arg, ring ? ring_arg : NULL, NULL)
            : NULL;
    if (process) {
        *control = pair[0];
    } else {
        program_explain(program, error);
        close(pair[0]);
    }
    return process;
}
