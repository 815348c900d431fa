/* stretchvoice-sound: plays the ring of the program that started it. Everything that may hang, crash or
 * chatter on the way to the sound server does so in here, and is killed. */
#include "ipc/leave.h"
#include "ipc/ring.h"
#include "ipc/sound_packets.h"
#include "portaudio.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { USAGE = 2 };

static int number(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value >= 0 && value < 1024 ? (int)value : -1;
}

static bool is_control(int fd)
{
    int type;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

/* Ends with its parent, and has a session of its own: Ctrl-C is the parent's to answer, with a fade. */
static void detach(int control)
{
    struct pollfd parent = {.fd = control};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (poll(&parent, 1, 0) == 1) leave(EXIT_SUCCESS); /* it had ended before that */
    setsid();
    setenv("JACK_NO_START_SERVER", "1", true);
    /* Lets ALSA convert where a card has no 16-bit stereo at this rate. */
    setenv("PA_ALSA_PLUGHW", "1", false);
    unsetenv("PULSE_LATENCY_MSEC"); /* changes the buffer behind the back of ALSA's plugin */
    setenv("PULSE_PROP_OVERRIDE_application.name", "stretchvoice", false);
}

static void play(int control, int ring_fd, const char *name)
{
    struct ring *ring = ring_open(ring_fd);
    if (!ring) return;
    struct message answer;
    struct player *player = portaudio_start(ring, name, &answer);
    if (answer.kind != MESSAGE_STARTED) portaudio_leave();
    message_send(control, &answer);
    if (answer.kind != MESSAGE_STARTED) return;
    if (portaudio_play(player, control))
        portaudio_leave();
    else
        message_send(control, &(struct message){.kind = MESSAGE_STOPPED});
}

static void send_output(void *data, const struct message *output)
{
    const int *control = data;
    message_send(*control, output);
}

static void list(int control)
{
    portaudio_list(send_output, &control);
    portaudio_leave();
    message_send(control, &(struct message){.kind = MESSAGE_LISTED});
}

int main(int argc, char **argv)
{
    int control = argc == 2 || argc == 3 ? number(argv[1]) : -1;
    if (control < 0 || !is_control(control)) {
        fputs("stretchvoice-sound is started by stretchvoice, and of no use by itself.\n", stderr);
        return USAGE;
    }
    detach(control);
    struct message request;
    if (!message_receive(control, &request, 0)) return EXIT_SUCCESS;
    if (request.kind == MESSAGE_LIST) list(control);
    if (request.kind == MESSAGE_PLAY && argc == 3) play(control, number(argv[2]), request.text);
    leave(EXIT_SUCCESS);
}
