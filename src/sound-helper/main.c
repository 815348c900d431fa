/* stretchvoice-sound: plays the ring of the program that started it. Everything that may hang, crash or
 * chatter on the way to the sound server does so in here, and is killed. */
#include "ipc/helper.h"
#include "ipc/ring.h"
#include "portaudio.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* CHILD_EXTRA_FD of ipc/child.h, which is the main program's. */
enum { RING_FD = 3 };

static void set_environment(void)
{
    setenv("JACK_NO_START_SERVER", "1", true);
    setenv("PA_ALSA_PLUGHW", "1", false); /* lets ALSA convert if a card has no 16-bit stereo at this rate */
    unsetenv("PULSE_LATENCY_MSEC");       /* changes the buffer behind the back of ALSA's plugin */
    setenv("PULSE_PROP_OVERRIDE_application.name", "stretchvoice", false);
}

/* The main program may have ended: the next look at the connection says so. */
static void send_answer(const struct answer *answer)
{
    struct packet packet = {.kind = answer->kind, .size = (uint32_t)strlen(answer->text)};
    memcpy(packet.value, answer->value, sizeof packet.value);
    packet_send(STDIN_FILENO, &packet, answer->text, 0);
}

static void play(const char *name)
{
    struct ring *ring = ring_open(RING_FD);
    if (!ring) return;
    struct answer answer;
    struct player *player = portaudio_start(ring, name, &answer);
    if (answer.kind != SOUND_STARTED) portaudio_leave();
    send_answer(&answer);
    if (answer.kind != SOUND_STARTED) return;
    if (portaudio_play(player, STDIN_FILENO, send_answer))
        portaudio_leave();
    else
        send_answer(&(struct answer){.kind = SOUND_STOPPED});
}

static void list(void)
{
    portaudio_list(send_answer);
    portaudio_leave();
    send_answer(&(struct answer){.kind = SOUND_LISTED});
}

int main(int argc, char **argv)
{
    helper_begin(argc, argv, "stretchvoice-sound");
    set_environment();
    struct packet_reader reader = {.limit = SOUND_TEXT_MAX};
    if (packet_read(&reader, STDIN_FILENO, 0) != PACKET_WHOLE) helper_end();
    if (reader.packet.kind == SOUND_LIST) list();
    if (reader.packet.kind == SOUND_PLAY) play(reader.payload);
    helper_end();
}
