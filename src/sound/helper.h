/* Starting stretchvoice-sound. */
#ifndef SOUND_HELPER_H
#define SOUND_HELPER_H

#include "ipc/sound_packets.h"
#include "ipc/ring.h"
#include <gio/gio.h>

/* Starts the program, hands it the ring (or none, if NULL) and says what it is to do. *control is the socket
 * to it, the caller's to close. NULL and `error` if it cannot be started. */
GSubprocess *helper_spawn(const char *program, const struct ring *ring, const struct message *request,
                          int *control, GError **error);

#endif
