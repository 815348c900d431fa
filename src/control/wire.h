/* A connection that carries lines both ways. No call waits but wire_wait(), and none calls back but that:
 * events come from the default main context, one at a time, so that a talkative peer takes turns with
 * everything else.
 *
 * Lines are handed out without LF or CRLF, as UTF-8 without control characters (but for tabs). Half a line at
 * the end is dropped. */
#ifndef CONTROL_WIRE_H
#define CONTROL_WIRE_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>

enum wire_event {
    WIRE_NOTHING,
    WIRE_LINE,   /* `text` is the line */
    WIRE_WRONG,  /* not a line, `text` says why: call wire_finish() or wire_free() */
    WIRE_ENDED,  /* the other end sends nothing more, but may still read */
    WIRE_CLOSED, /* nothing gets through any more: call wire_free() */
};

struct wire_options {
    gsize line;    /* bytes of a line, at most */
    gsize unread;  /* bytes that may wait to be read when more is sent; with more, the connection is closed */
    int finish_ms; /* to finish a line that has begun, and to read all after wire_finish(); 0: any time */
    void (*event)(void *data, enum wire_event event, char *text); /* may call anything, wire_free() too */
    void *data;
};

struct wire;

/* Takes a connected, non-blocking socket. Events come after wire_attach(), or by wire_wait(). */
struct wire *wire_new(int fd, const struct wire_options *options);
void wire_attach(struct wire *wire);
void wire_free(struct wire *wire); /* closes it at once; NULL is fine */
AUTO_DEFINE(wire)

/* Blocks until something happens on a wire that is not attached, and handles it: one event at most. False
 * when `deadline` (of g_get_monotonic_time()) has passed. */
bool wire_wait(struct wire *wire, gint64 deadline);

/* Sends what can be sent, and keeps the rest, of any length. */
void wire_send(struct wire *wire, const char *text, gsize size);

/* While held, it hands out no line and reads nothing. */
void wire_hold(struct wire *wire, bool held);

/* Closes it as soon as all is sent: WIRE_CLOSED follows, and nothing else. */
void wire_finish(struct wire *wire);

#endif
