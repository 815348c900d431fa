/* The routines that are found, as a session that says their titles: to choose one, or only to hear them. */
#ifndef APP_MENU_H
#define APP_MENU_H

#include "live/live.h"

struct menu {
    struct voice *voice;
    struct routine *routine; /* a step for each routine; or one that says that there are none */
    GString *source;         /* the same as it would stand in a file */
    GPtrArray *paths;        /* char *: of the routine that a step stands for */
    struct play_request request;
};

/* Only routines for a part of the body, unless it is NULL. `settings` is borrowed for the menu's life. False
 * after an error, such as no voice; menu_finish() is due all the same. */
bool menu_init(struct menu *menu, enum routine_kind kind, const char *part, const struct settings *settings,
               struct diags *diags);

/* A list that says the keys instead. */
bool menu_init_keys(struct menu *menu, const struct settings *settings, struct diags *diags);

/* "Time for Middle back. 23 minutes?" To be freed. */
char *menu_question(const struct voice *voice, const struct routine *routine,
                    const struct settings *settings);

/* That question instead, whether a routine is to be played. Its only path is `name`. */
bool menu_init_question(struct menu *menu, const char *name, const struct routine *routine,
                        const struct settings *settings, struct diags *diags);

void menu_finish(struct menu *menu);

#endif
