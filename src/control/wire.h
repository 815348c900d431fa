/* A connection that carries lines both ways, on the default main context. No call waits, and none calls back:
 * what happens is told from the main loop, one event at a time, so that a talkative other end takes turns
 * with everything else.
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
    WIRE_WRONG,  /* it is no such line, `text` says why: time for wire_finish() or wire_free() */
    WIRE_ENDED,  /* the other end will say nothing more, but may be listening */
    WIRE_CLOSED, /* nothing gets through any more: time for wire_free() */
};

struct wire_options {
    gsize line;    /* bytes of a line, at most */
    gsize unread;  /* bytes that may be left unread beside what the kernel takes: with more, it is closed */
    int finish_ms; /* for a line that has begun, and for reading all after wire_finish(); 0: any time */
    void (*event)(void *data, enum wire_event event, char *text); /* may call anything, wire_free() too */
    void *data;
};

struct wire;

/* Takes a connected, non-blocking socket. */
struct wire *wire_new(int fd, const struct wire_options *options);
void wire_free(struct wire *wire); /* closes it at once; NULL is fine */
AUTO_DEFINE(wire)

/* Sends what can be sent, and keeps the rest. */
void wire_send(struct wire *wire, const char *text, gsize size);

/* While it is held no line is handed out, and nothing is read. */
void wire_hold(struct wire *wire, bool held);

/* Closes it as soon as all is sent: WIRE_CLOSED follows, and nothing else. */
void wire_finish(struct wire *wire);

#endif
