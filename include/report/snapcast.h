/* Snapcast's listeners, as its server reports them, and a session, as Snapcast shows it. Both are read from
 * the JSON of another program, in which anything may stand. Pure. */
#ifndef REPORT_SNAPCAST_H
#define REPORT_SNAPCAST_H

#include "report/json.h"

/* The listeners that are connected (JsonObject *, borrowed), in a message that has the server in this member:
 * "result" or "params". To be unreferenced; the message may be NULL. */
GPtrArray *snapcast_listeners(JsonObject *message, const char *member);

/* How many there are after this message, which may be NULL, if there were so many before. */
guint snapcast_listeners_after(guint before, JsonObject *message);

/* To be freed: its name, latency and volume. */
char *snapcast_listener_line(JsonObject *listener);

/* To be freed: an array. NULL has none. */
char *snapcast_listeners_json(const GPtrArray *listeners);

/* To be freed: the properties of a player. A step is a track, the routine its album. `media` is the value of
 * that line of the control socket; NULL without a session. */
char *snapcast_properties(const char *media);

#endif
