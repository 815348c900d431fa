/* What src/control/mpris*.c share. */
#ifndef CONTROL_MPRIS_PRIVATE_H
#define CONTROL_MPRIS_PRIVATE_H

#include "control/mpris.h"
#include <gio/gio.h>

#define MPRIS_PATH "/org/mpris/MediaPlayer2"
#define MPRIS_ROOT "org.mpris.MediaPlayer2"
#define MPRIS_PLAYER MPRIS_ROOT ".Player"

/* --- mpris_interfaces.c --- */

/* Both interfaces as the specification has them, less what is optional there. */
extern const char mpris_interfaces[];

/* --- mpris_properties.c: pure --- */

/* The level on a scale from 0 to 1, and back. It is the cube curve of desktop mixers, moved so that 0 is the
 * quietest level there is (-60 dB): volume = (10^(dB/60) - 0.1) / 0.9; the middle is -15.6 dB. What lies
 * outside is brought to the nearest end. */
double mpris_volume(double db);
double mpris_db(double volume);

/* All properties (a{sv}) of an interface, Position apart. `track` tells this track from any other. The caller
 * frees them. */
GVariant *mpris_root_properties(void);
GVariant *mpris_player_properties(const struct mpris_state *state, unsigned track);

/* Those of `now` that are not so in `before`; the caller frees them. NULL: none. */
GVariant *mpris_changes(GVariant *before, GVariant *now);

/* --- mpris_bus.c --- */

struct mpris_bus;

/* What is on the bus: an object with these interfaces. Borrowed. */
struct mpris_object {
    const char *path;
    GDBusInterfaceInfo *const *interfaces; /* NULL-terminated */
    const GDBusInterfaceVTable *calls;
    void *data;
};

/* Keeps the object on the session bus under the name MPRIS_ROOT.stretchvoice, or where that is taken, with
 * .instance and the process's number behind it; and again when the bus was gone and is back. No process is
 * started to make a bus. */
struct mpris_bus *mpris_bus_new(const struct mpris_object *object);
void mpris_bus_free(struct mpris_bus *bus);

/* To whoever listens. Takes floating parameters. */
void mpris_bus_signal(struct mpris_bus *bus, const char *interface, const char *signal, GVariant *parameters);

#endif
