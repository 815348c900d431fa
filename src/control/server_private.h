/* What src/control/server.c and src/control/peer.c share. */
#ifndef CONTROL_SERVER_PRIVATE_H
#define CONTROL_SERVER_PRIVATE_H

#include "control/server.h"

/* Codes of errors are the program's exit codes. */
enum { CODE_FAILED = 1, CODE_USAGE = 2 };

struct server {
    struct server_options options;
    struct listener *listener;
    GPtrArray *peers;
    guint accepting, guard; /* sources */
    bool stranger;          /* has been told of */
};

struct peer {
    struct server *server;
    struct wire *wire;
    struct reply *reply; /* to the command under way, or NULL */
    int channel;
};

/* Greets. Takes the descriptor. */
struct peer *peer_new(struct server *server, int fd);
void peer_free(struct peer *peer);

#endif
