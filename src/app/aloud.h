/* Says a list, and returns when it has been said. */
#ifndef APP_ALOUD_H
#define APP_ALOUD_H

#include "load.h"
#include "menu.h"

/* The exit code, after a message if it has failed. The settings are loaded. */
int aloud_say(struct loaded *loaded, struct menu *menu);

/* `say-keys` without a session that could say them. */
int aloud_say_keys(const struct options *options);

#endif
