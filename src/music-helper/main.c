/* stretchvoice-music: the helper program that decodes one file of music, which it inherits open. It has no
 * other rights: a hostile file can do no more than sound wrong. */
#include "decoder.h"
#include "ipc/child.h"
#include "ipc/helper.h"
#include "ipc/music_packets.h"
#include "ipc/sandbox.h"
#include "measure.h"
#include <glib.h>
#include <string.h>
#include <unistd.h>

enum { CPU_S = 3600 }; /* a day of music takes less */

/* The parent may have gone: the next packet_read() says so. */
static void send_packet(uint32_t kind, const void *payload, size_t size)
{
    const struct packet packet = {.kind = kind, .size = (uint32_t)size};
    packet_send(STDIN_FILENO, &packet, payload, 0);
}

static void measure(struct decoder *decoder, int rate)
{
    int16_t *block = g_new(int16_t, (gsize)MUSIC_CHANNELS * MUSIC_FRAMES_MAX);
    struct meter *meter = meter_new(rate);
    struct music_measure result = {0};
    for (int64_t n, second = 0; (n = decoder_read(decoder, block, MUSIC_FRAMES_MAX)) > 0;) {
        meter_add(meter, block, n);
        result.frames += n;
        second += n;
        if (second < 60 * (int64_t)rate) continue;
        send_packet(MUSIC_WORKING, NULL, 0);
        second = 0;
    }
    meter_read(meter, &result.lufs, &result.peak);
    send_packet(MUSIC_MEASURED, &result, sizeof result);
}

static bool handle(struct decoder **decoder, int16_t *block, const struct packet *packet)
{
    const int rate = packet->value[MUSIC_RATE], count = packet->value[MUSIC_COUNT];
    const char *why = NULL;
    if (rate < 8000 || rate > 192000 || count < 0 || count > MUSIC_FRAMES_MAX) return false;
    if (!*decoder) *decoder = decoder_new(CHILD_EXTRA_FD, rate, &why);
    if (!*decoder) {
        send_packet(MUSIC_BAD, why, strlen(why));
    } else if (packet->kind == MUSIC_MEASURE) {
        measure(*decoder, rate);
    } else {
        const int64_t n = decoder_read(*decoder, block, count);
        send_packet(MUSIC_FRAMES, block, (size_t)n * MUSIC_CHANNELS * sizeof *block);
    }
    return true;
}

int main(int argc, char **argv)
{
    helper_begin(argc, argv, "stretchvoice-music");
    struct packet_reader reader = {.limit = 0};
    struct decoder *decoder = NULL;
    int16_t *block = g_new(int16_t, (gsize)MUSIC_CHANNELS * MUSIC_FRAMES_MAX);
    sandbox_enter(sandbox_new(&(struct sandbox_rights){.talks = true}), CPU_S);
    while (packet_read(&reader, STDIN_FILENO, 0) == PACKET_WHOLE)
        if (!handle(&decoder, block, &reader.packet)) break;
    decoder_free(decoder);
    helper_end();
}
