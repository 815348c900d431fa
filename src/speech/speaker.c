#include "speaker.h"
#include "ipc/program.h"
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The helper itself gives up on a sentence before that. */
enum { SPEAKER_PATIENCE_S = PROTOCOL_PATIENCE_S + 5 };

struct speaker {
    const struct speaker_ops *ops;
    void *data;
    GPid pid;
    int fd;
    guint input, patience; /* sources */
    guint unanswered;
    bool ready;     /* the first answer, to FRAME_USE, has come */
    gsize received; /* bytes of `frame` and `payload`, taken together */
    struct frame frame;
    char *payload;
};

/* ---- patience ---- */

static gboolean on_silence(gpointer data)
{
    struct speaker *speaker = data;
    speaker->patience = 0;
    speaker->ops->lost(speaker->data);
    return G_SOURCE_REMOVE;
}

static void be_patient(struct speaker *speaker)
{
    g_clear_handle_id(&speaker->patience, g_source_remove);
    if (speaker->unanswered > 0)
        speaker->patience = g_timeout_add_seconds(SPEAKER_PATIENCE_S, on_silence, speaker);
}

/* ---- answers ---- */

static bool is_right(const struct speaker *speaker)
{
    const struct frame *frame = &speaker->frame;
    if (speaker->unanswered == 0) return false;
    if (!speaker->ready) return frame->kind == FRAME_READY && frame->size <= PROTOCOL_TEXT;
    return frame->kind == FRAME_CLIP && frame->outcome < N_OUTCOMES && frame->size <= PROTOCOL_CLIP &&
           frame->size % sizeof(int16_t) == 0 && frame->rate > 0 && frame->rate <= PROTOCOL_RATE;
}

static bool begin_payload(struct speaker *speaker)
{
    if (!is_right(speaker)) return false;
    speaker->payload = g_malloc((gsize)speaker->frame.size + 1);
    speaker->payload[speaker->frame.size] = '\0';
    return true;
}

static void finish_answer(struct speaker *speaker)
{
    struct frame frame = speaker->frame;
    g_autofree char *payload = g_steal_pointer(&speaker->payload);
    speaker->received = 0;
    speaker->ready = true;
    speaker->unanswered--;
    be_patient(speaker);
    speaker->ops->answered(speaker->data, &frame, payload);
}

/* Reads once: what is left makes the main loop call again. */
static gssize read_on(struct speaker *speaker)
{
    gsize head = sizeof speaker->frame;
    if (speaker->received < head)
        return recv(speaker->fd, (char *)&speaker->frame + speaker->received, head - speaker->received,
                    MSG_DONTWAIT);
    gsize at = speaker->received - head;
    return recv(speaker->fd, speaker->payload + at, speaker->frame.size - at, MSG_DONTWAIT);
}

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd, (void)condition;
    struct speaker *speaker = data;
    gssize n = read_on(speaker);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return G_SOURCE_CONTINUE;
    speaker->received += (gsize)MAX(n, 0);
    bool lost = n <= 0 || (speaker->received == sizeof speaker->frame && !begin_payload(speaker));
    if (lost)
        speaker->ops->lost(speaker->data);
    else if (speaker->received == sizeof speaker->frame + speaker->frame.size)
        finish_answer(speaker);
    return G_SOURCE_CONTINUE;
}

/* ---- the program ---- */

static bool start_program(struct speaker *speaker, const char *program, int input, GError **error)
{
    const char *const command[] = {program, PROTOCOL_NAME, NULL};
    GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN |
                        G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
    bool started = program_has_room(error) &&
                   g_spawn_async_with_pipes_and_fds(NULL, command, NULL, flags, NULL, NULL, input, -1, -1,
                                                    NULL, NULL, 0, &speaker->pid, NULL, NULL, NULL, error);
    if (!started) program_explain(program, error);
    return started;
}

struct speaker *speaker_new(const char *program, const struct speaker_ops *ops, void *data, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errno), g_strerror(errno));
        return NULL;
    }
    struct speaker *speaker = g_new0(struct speaker, 1);
    *speaker = (struct speaker){.ops = ops, .data = data, .fd = ends[0]};
    bool started = start_program(speaker, program, ends[1], error);
    close(ends[1]);
    if (started)
        speaker->input = g_unix_fd_add(speaker->fd, G_IO_IN | G_IO_HUP, on_input, speaker);
    else
        g_clear_pointer(&speaker, speaker_free);
    return speaker;
}

static void end_program(pid_t pid)
{
    kill(-pid, SIGKILL); /* it leads a group of its own, unless it has only just begun */
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
}

void speaker_free(struct speaker *speaker)
{
    if (!speaker) return;
    g_clear_handle_id(&speaker->input, g_source_remove);
    g_clear_handle_id(&speaker->patience, g_source_remove);
    if (speaker->pid > 0) end_program(speaker->pid);
    close(speaker->fd);
    g_free(speaker->payload);
    g_free(speaker);
}

void speaker_ask(struct speaker *speaker, enum frame_kind kind, const void *data, gsize size)
{
    struct frame frame = {.kind = kind, .size = (uint32_t)size};
    struct iovec parts[] = {{&frame, sizeof frame}, {(void *)data, size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS(parts)};
    speaker->unanswered++;
    be_patient(speaker);
    /* Whoever does not read is as good as lost, which on_input() will find out. */
    if (sendmsg(speaker->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) != (gssize)(sizeof frame + size))
        shutdown(speaker->fd, SHUT_RDWR);
}
