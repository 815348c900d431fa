/* A session and those who steer it from outside: one host, the control socket, the media player on the
 * session bus. `play` has one that ends with its session, the daemon one that outlives many. */
#ifndef LIVE_SERVICE_H
#define LIVE_SERVICE_H

#include "live/live.h"
#include "control/client.h"
#include "control/mpris.h"
#include "control/server.h"

struct service {
    bool daemon;
    bool quiet;            /* nothing is told that is no failure */
    struct server *server; /* NULL where there can be no socket */
    int lock;              /* instead of it: one session a user all the same; -1 */
    struct host *host;     /* NULL without a session */
    struct mpris *mpris;
    GPtrArray *waiting;     /* struct reply, until the orders so far have been carried out */
    char *published, *told; /* the last status that was sent, and what of it counts as a change */

    struct options options; /* daemon: of its session */
    FILE *messages;         /* daemon: where problems of its session go, */
    char *message_text;     /* and what stands there */
    size_t message_size, message_told;
    char *last_note;        /* daemon: why the session ended before it began */
    struct reply *starting; /* daemon: whoever asked for the session, until it has started */
    struct peer *screen;    /* daemon: whose end is the session's end */
    guint clean_up;

    struct host_ops ops; /* of the owner; any may be NULL */
    void *data;
};

/* Subscriptions to lines "status: {…}": at every change, and as often as a screen wants it. */
enum { CHANNEL_CHANGES = 1, CHANNEL_SCREEN = 2 };

void service_init(struct service *service, bool daemon);
void service_finish(struct service *service);

/* Takes the control socket. False with the reason: CONTROL_BUSY if another has it, CONTROL_NO_SOCKET. */
bool service_open(struct service *service, const char *path, pid_t *holder, GError **error);

/* For who cannot do without: the reason in one line on standard error, and what to do. */
void service_refuse(const GError *error);

/* Ends the session at once, if there is one. */
void service_end_session(struct service *service);

/* Begins a session; as host_new(). */
int service_play(struct service *service, const struct options *options, FILE *messages);
void service_command(struct service *service, struct command command);

/* Lets go of a session that is over: not in the middle of the host's own work, but before anything else. */
void service_tidy(struct service *service);

/* False if nothing is under way, which takes in a session that was stopped and is fading. */
bool service_status(struct service *service, struct status *status);

/* Tells those who have subscribed what has changed since the last time. */
void service_publish(struct service *service);

/* The same for CHANNEL_CHANGES alone, also where nobody listens yet: who subscribes next is told of later
 * changes. */
void service_tell_change(struct service *service);

/* Tells those who know of the session that it has ended. */
void service_tell_end(struct service *service);

/* --- service_commands.c --- */
extern const struct server_ops service_server_ops;

/* --- service_daemon.c --- */
void service_daemon_play(struct service *service, struct reply *reply, const char *const *words);
void service_daemon_started(struct service *service);
void service_daemon_over(struct service *service, int code);
void service_daemon_closed(struct service *service, struct peer *peer);
void service_daemon_note(struct service *service, const char *text);

/* --- service_media.c --- */
void service_media_begin(struct service *service);
void service_media_update(struct service *service);

#endif
