/* What the main program and stretchvoice-sound say to each other: packets of one size on a pair of
 * SOCK_SEQPACKET sockets, so that nothing has to be put together or bounded. The end of either program is the
 * end of the connection. */
#ifndef IPC_SOUND_PACKETS_H
#define IPC_SOUND_PACKETS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum message_kind {
    /* to the helper: one of these, once */
    MESSAGE_PLAY, /* text: the output's name, "" is the default */
    MESSAGE_LIST,
    /* to a helper that plays */
    MESSAGE_WAKE, /* the ring was idle and no longer is */
    /* from the helper */
    MESSAGE_STARTED, /* text: the output's name; latency, tail and leaves */
    MESSAGE_REFUSED, /* text: why it cannot play */
    MESSAGE_STOPPED, /* the stream has ended by itself */
    MESSAGE_OUTPUT,  /* text: a name */
    MESSAGE_DEFAULT, /* the same, of the default output */
    MESSAGE_LISTED,  /* that was the last */
};

struct message {
    uint32_t kind;
    int32_t latency; /* frames between the ring and the ear */
    int32_t tail;    /* frames of silence to give until the last frame has surely been heard */
    int32_t leaves;  /* 1: when the connection ends, it takes leave of its server, and ends by itself */
    char text[500];
};

static inline bool message_send(int fd, const struct message *message)
{
    return send(fd, message, sizeof *message, MSG_NOSIGNAL) == sizeof *message;
}

/* True with a message. False: errno is EAGAIN if there is none yet, else the other side has ended. */
static inline bool message_receive(int fd, struct message *message, int flags)
{
    ssize_t got = recv(fd, message, sizeof *message, flags);
    if (got == sizeof *message) {
        message->text[sizeof message->text - 1] = '\0';
        return true;
    }
    if (got >= 0) errno = EPIPE;
    return false;
}

#endif
