#include "feeder.h"
#include <glib.h>

enum {
    BLOCK = 4096,  /* frames pulled at once */
    LACK_MS = 500, /* while so much is queued, missing music is waited for, */
    MISS_MS = 100, /* and then so long */
};

static bool has_enough(const struct feeder *feeder)
{
    return ring_queued(feeder->ring) >= (uint32_t)(LACK_MS * ring_rate(feeder->ring) / 1000);
}

static gboolean go_on_without(gpointer data)
{
    struct feeder *feeder = data;
    feeder->timer = 0;
    feeder->hurries = true;
    feeder->again(feeder->data);
    feeder->hurries = false;
    return G_SOURCE_REMOVE;
}

static void wait_for_music(struct feeder *feeder)
{
    if (has_enough(feeder) || feeder->unhurried || feeder->timer != 0) return;
    feeder->timer = g_timeout_add(MISS_MS, go_on_without, feeder);
}

void feeder_fill(struct feeder *feeder)
{
    int16_t block[RING_CHANNELS * BLOCK];
    uint32_t space;
    bool dry = false; /* a pause may have more to say than the ring holds */
    while (!dry && (space = ring_space(feeder->ring)) > 0) {
        if (feeder->hurries && !has_enough(feeder)) session_hurry(feeder->session);
        int n = session_pull(feeder->session, block, (int)MIN(space, BLOCK));
        ring_write(feeder->ring, block, (uint32_t)n);
        dry = n == 0;
    }
    if (dry && session_over(feeder->session))
        ring_end(feeder->ring);
    else if (dry && session_resting(feeder->session))
        ring_rest(feeder->ring);
    else if (dry && session_lacks_music(feeder->session))
        wait_for_music(feeder);
    else if (dry)
        feeder->words_late = true;
}

void feeder_finish(struct feeder *feeder)
{
    g_clear_handle_id(&feeder->timer, g_source_remove);
}
