/* What the subcommands of a class share. */
#ifndef APP_CLASS_H
#define APP_CLASS_H

#include "options.h"
#include "report/json.h"

/* The port of the listeners; the next one is for control. False after a message. */
bool class_port(const struct options *options, guint *port);

/* The listeners that are connected (JsonObject *, borrowed), in a message that has Snapcast's server in this
 * member: "result" or "params". To be unreferenced; the message may be NULL. */
GPtrArray *class_listeners(JsonObject *message, const char *member);

#endif
