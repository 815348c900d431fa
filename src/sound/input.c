#include "sound/input.h"
#include "backend.h"
#include "base/diag.h"
#include "ipc/child.h"
#include "ipc/sound_packets.h"
#include <string.h>

enum {
    OPEN_MS =
        5000, /* until it is open, and again until it hears something: longer takes only a frozen server */
    SILENT_MS = 2000, /* between two packets of what it hears */
    RATE_MIN = 8000,
    RATE_MAX = 192000,
    MOST_SHOWN = 300, /* bytes of a problem */
};

struct input {
    const struct input_ops *ops;
    void *data;
    struct child *child;
    char *device;
    bool opened, leaves; /* its server, when the connection is closed, and ends then */
};

static bool fail(const struct input *input, const char *why)
{
    g_autofree char *shown = diag_shown(why, MOST_SHOWN);
    input->ops->failed(input->data, shown);
    return true;
}

static bool fail_unknown(const struct input *input, const char *nearest)
{
    g_autofree char *name = diag_shown(nearest, MOST_SHOWN);
    g_autofree char *why = device_no_such("microphone", input->device, *name ? name : NULL);
    return fail(input, why);
}

static bool open_up(struct input *input, const struct packet *packet)
{
    const int rate = packet->value[RECORDING_RATE];
    if (input->opened || rate < RATE_MIN || rate > RATE_MAX) return false;
    input->opened = true;
    input->leaves = packet->value[RECORDING_LEAVES] == 1;
    child_expect(input->child, OPEN_MS);
    input->ops->opened(input->data, rate);
    return true;
}

static bool hear(struct input *input, const struct packet *packet, const int16_t *samples)
{
    if (!input->opened || packet->size % sizeof *samples != 0) return false;
    child_expect(input->child, SILENT_MS);
    input->ops->heard(input->data, samples, (int)(packet->size / sizeof *samples),
                      packet->value[FRAMES_LOST] == 1);
    return true;
}

static bool on_packet(void *data, const struct packet *packet, const void *payload)
{
    struct input *input = data;
    switch (packet->kind) {
    case SOUND_RECORDING: return open_up(input, packet);
    case SOUND_FRAMES: return hear(input, packet, payload);
    case SOUND_REFUSED: return fail(input, payload);
    case SOUND_UNKNOWN: return fail_unknown(input, payload);
    case SOUND_STOPPED: return fail(input, "the microphone is gone");
    default: return false;
    }
}

static void on_lost(void *data, enum child_loss loss)
{
    fail(data,
         loss == CHILD_SILENT ? "the sound server does not answer" : "the sound program ended unexpectedly");
}

static const struct child_ops child_ops = {on_packet, on_lost};

struct input *input_new(const struct input_options *options, GError **error)
{
    struct input *input = g_new0(struct input, 1);
    const struct child_options child = {
        .program = options->program,
        .extra_fd = -1,
        .limit = SOUND_TEXT_MAX,
        .ops = &child_ops,
        .data = input,
    };
    *input = (struct input){.ops = options->ops, .data = options->data, .device = g_strdup(options->device)};
    input->child = child_new(&child, error);
    if (!input->child) {
        input_free(input);
        return NULL;
    }
    const struct packet packet = {.kind = SOUND_RECORD, .size = (uint32_t)strlen(input->device)};
    child_expect(input->child, OPEN_MS);
    child_send(input->child, &packet, input->device);
    return input;
}

void input_free(struct input *input)
{
    if (!input) return;
    if (input->leaves)
        child_leave(input->child, DEVICE_LEAVE_MS);
    else
        child_free(input->child);
    g_free(input->device);
    g_free(input);
}
