/* The user's systemd, asked over the session bus. Each call waits for the answer, at most some seconds. */
#ifndef CONTROL_MANAGER_H
#define CONTROL_MANAGER_H

#include <glib.h>

enum manager_result {
    MANAGER_DONE,
    MANAGER_ABSENT, /* none answers */
    MANAGER_FAILED, /* and says why */
};

/* Reads all units anew, and starts a timer now and at each login. */
enum manager_result manager_switch_on(const char *timer, GError **error);

/* Stops a timer, now and for good. Its file is still there; manager_reload() is due when it is not. */
enum manager_result manager_switch_off(const char *timer, GError **error);
enum manager_result manager_reload(GError **error);

#endif
