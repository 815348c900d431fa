/* What the subcommands of a class share. */
#ifndef APP_CLASS_H
#define APP_CLASS_H

#include "options.h"
#include <glib.h>
#include <stdbool.h>

/* The port of the listeners; the next one is for control. False after a message. */
bool class_port(const struct options *options, guint *port);

#endif
