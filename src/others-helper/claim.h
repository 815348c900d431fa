/* One process of a user lowers streams on a sound server, whatever its state directory is: two would take
 * each other's levels for the user's. */
#ifndef OTHERS_HELPER_CLAIM_H
#define OTHERS_HELPER_CLAIM_H

#include <stdint.h>

/* A descriptor; the claim ends when it is closed. -1 if another process has it. `server` is the number that
 * the server gives itself. */
int claim_server(uint32_t server);

#endif
