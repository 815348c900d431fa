/* Looks at the frames of a ring that its reader plays, from a third program: read-only, so that neither side
 * can be disturbed. Frames are copied before they are played, since the writer may overwrite them at once
 * afterwards. */
#ifndef IPC_RING_WATCH_H
#define IPC_RING_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct ring_watch;

/* Takes the descriptor. NULL if it is no ring. */
struct ring_watch *ring_watch_new(int fd);
void ring_watch_free(struct ring_watch *watch); /* NULL is fine */
int ring_watch_rate(const struct ring_watch *watch);

/* Copies up to `frames` of those that have been played since the last call, oldest first, and returns how
 * many. Call it at least every 100 ms; what has been played in a longer time may be lost, and is silent then.
 */
uint32_t ring_watch_take(struct ring_watch *watch, int16_t *stereo, uint32_t frames);

#endif
