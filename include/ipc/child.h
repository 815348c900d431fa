/* A helper program as the main program sees it: started with a socket as its standard input, watched through
 * the default main context, and killed when it is no longer wanted.
 *
 * Main program, main thread. No call waits for the helper, but for child_wait(). */
#ifndef IPC_CHILD_H
#define IPC_CHILD_H

#include "ipc/packets.h"
#include <gio/gio.h>
#include <stdbool.h>

/* A second descriptor that the helper may inherit (the ring). */
enum { CHILD_EXTRA_FD = 3 };

enum child_loss {
    CHILD_ENDED,  /* it has ended, or broken the protocol's rules */
    CHILD_SILENT, /* it gave no answer in the time of child_expect() */
};

struct child;

/* Both are called from the main loop only, and may free the child. */
struct child_ops {
    /* A packet, with a payload of packet->size bytes and a NUL behind them; both are borrowed. Returns false,
     * and leaves the child alone, if the packet breaks the rules: then lost() follows. */
    bool (*received)(void *data, const struct packet *packet, const void *payload);
    /* Nothing more will come: it is time for child_free(). */
    void (*lost)(void *data, enum child_loss loss);
};

struct child_options {
    const char *program; /* path */
    int extra_fd;        /* inherited as CHILD_EXTRA_FD; -1 for none. Stays the caller's */
    uint32_t limit;      /* the largest payload that is accepted from it, bytes */
    /* Its memory lies at the same addresses at each start, where the system allows that: a library that reads
     * outside its memory then reads the same at each start. */
    bool same_addresses;
    const struct child_ops *ops; /* NULL for a caller that uses child_wait() instead of the main loop */
    void *data;
};

/* Starts the program. NULL and one sentence in `error` if that fails. */
struct child *child_new(const struct child_options *options, GError **error);

/* Kills the helper, and the processes that it has started, at once. NULL is fine. */
void child_free(struct child *child);
/* The same for a helper that has to take leave of a server: the connection is closed, which asks it to end,
 * and it is killed if it has not ended after `grace_ms`. The caller goes on meanwhile. */
void child_leave(struct child *child, guint grace_ms);

/* The connection is closed, and a helper that ends then does so in its own time, also when this program has
 * ended. NULL is fine. */
void child_forget(struct child *child);

/* Sends a packet without waiting. A helper that does not take it is lost, which the main loop reports. */
void child_send(struct child *child, const struct packet *packet, const void *payload);

/* From now on an answer is due within so many milliseconds, however many bytes arrive meanwhile; 0: none is.
 * Replaces what was due before. */
void child_expect(struct child *child, guint ms);

/* Microseconds that the helper was ready to run and had no processor, ever; 0 where the kernel does not say.
 */
int64_t child_waited(const struct child *child);

/* Waits for one packet until `deadline` (g_get_monotonic_time()), without the main loop. Its payload stays
 * valid until the next call. NULL and `error` if none has come: G_IO_ERROR_TIMED_OUT, or
 * G_IO_ERROR_CONNECTION_CLOSED. */
const struct packet *child_wait(struct child *child, gint64 deadline, const char **payload, GError **error);

#endif
