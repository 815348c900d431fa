/* Packets between the main program and a helper program: a header and `size` bytes of payload, over one
 * stream socket.
 *
 * The two programs are built together and run on one machine, so numbers travel as they lie in memory. What
 * the kinds mean is in speech_packets.h and sound_packets.h. This module bounds the size of what comes in;
 * kind, size and values are the receiver's to check. A side that receives a packet that breaks the rules ends
 * the connection. */
#ifndef IPC_PACKETS_H
#define IPC_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The only argument of a helper program; a person who starts it by hand does not know it. */
#define PACKET_PROTOCOL "--protocol=2"

enum { PACKET_VALUES = 3 };

struct packet {
    uint32_t kind;
    uint32_t size;                /* of the payload, bytes */
    int32_t value[PACKET_VALUES]; /* what each means depends on the kind */
};

/* Sends a whole packet; `payload` has packet->size bytes. With MSG_DONTWAIT in `flags` it does not wait for
 * room in the socket. False if not all of it could be sent: the connection is of no more use then. */
bool packet_send(int fd, const struct packet *packet, const void *payload, int flags);

/* A packet on its way in. Zero it, but for `limit`. */
struct packet_reader {
    uint32_t limit; /* the largest payload that is accepted, bytes */
    struct packet packet;
    char *payload;   /* owned; a NUL follows its last byte */
    size_t received; /* bytes of packet and payload, taken together */
};

enum packet_state {
    PACKET_PARTIAL, /* only with MSG_DONTWAIT: the rest has not come yet */
    PACKET_WHOLE,   /* reader->packet and reader->payload (never NULL) are valid until the next call */
    PACKET_END,     /* the other side has closed the connection, or sent more than the limit */
};

enum packet_state packet_read(struct packet_reader *reader, int fd, int flags);
void packet_reader_finish(struct packet_reader *reader);

#endif
