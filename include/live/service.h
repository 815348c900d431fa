/* A session steered from outside: by the control socket, and as a media player on the session bus. The
 * service of `play` ends with its session; that of the daemon outlives many. */
#ifndef LIVE_SERVICE_H
#define LIVE_SERVICE_H

#include "control/mpris.h"
#include "control/server.h"
#include "live/live.h"

/* Numbers of errors on the socket (protocol.h); the exit codes of programs are the same. */
struct parcel;

enum service_code {
    SERVICE_FAILED = 1,
    SERVICE_USAGE = 2,
    SERVICE_INVALID = 3,
    SERVICE_NO_OUTPUT = 4,
    SERVICE_NO_SESSION = 5,
};

struct service {
    struct server *server; /* NULL if there can be no socket */
    int lock;              /* instead of it, so that a user has one session; -1: none */
    struct live *live;     /* NULL without a session */
    struct parcel *parcel; /* of the session, for screens that come later; owned, may be NULL */
    struct mpris *mpris;
    int64_t pressed;          /* the media key that plays and pauses, last; us */
    int repeats;              /* of it, faster than a finger */
    GArray *waiting;          /* struct asked, until the commands so far have been done */
    char *published, *change; /* the last status that was sent, and what of it counts as a change */
    char *media;              /* likewise, for those who see it as a media player */

    /* A line for the user that is not about a session; in the daemon, also what a session says. May be
     * NULL. */
    void (*note)(void *data, const char *line);
    void *data;

    struct hosting *hosting; /* what only the daemon has; NULL in `play` */
    struct class *class;     /* likewise */
    bool stays;              /* on the bus, also without a session */

    /* Play is pressed without a session, which only service_stay() makes possible; and a step of a menu that
     * service_host() began has been chosen, at this volume. With `data`; both may call service_host(). */
    void (*wanted)(void *data);
    void (*chosen)(void *data, int step, double volume);
};

void service_init(struct service *service, bool daemon);
void service_finish(struct service *service);

/* Takes the control socket. False with the reason: CONTROL_BUSY if another has it, CONTROL_NO_SOCKET. */
bool service_open(struct service *service, const char *path, pid_t *holder, GError **error);

/* Takes a session between live_new() and live_begin(), and listens to it. */
void service_attach(struct service *service, struct live *live);

/* Frees the session, if there is one, and tells those who know of it; so does service_finish(). The player
 * stays on the bus for a session that follows at once. */
void service_end_session(struct service *service);

/* Puts a player on the bus now, and for good. */
void service_stay(struct service *service);

/* In the daemon: begins a session that no client has asked for. The parcel is taken, packed or received.
 * There is none yet. False after an error, which is in `diags`, or if it cannot be begun, which service->note
 * says. */
bool service_host(struct service *service, struct parcel *parcel, struct diags *diags);

/* The session can be steered from outside. */
bool service_can_steer(const struct service *service);

/* The number of an error that a session has ended with; 0 for NULL. */
enum service_code service_code(const GError *error);

#endif
