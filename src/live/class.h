/* A class: Snapcast's server as a child process of the daemon, which distributes what is played to all that
 * listen. Main thread; no call waits. */
#ifndef LIVE_CLASS_H
#define LIVE_CLASS_H

#include "control/server.h"

enum { CLASS_RATE = 48000 }; /* frames a second of its stream */

struct class;

/* `socket` is the daemon's, if it is not the usual one, else NULL; `note` gets lines for the user. */
struct class *class_new(const char *socket, void (*note)(void *data, const char *line), void *data);
void class_free(struct class *class); /* ends it; NULL is fine */

/* "class start ADDRESS PORT BUFFER", the last one in ms; "class stop"; "class status". */
void class_command(struct class *class, struct reply *reply, const char *const *words);

/* The output on which the class hears a session; NULL if there is no class. */
const char *class_device(const struct class *class);

#endif
