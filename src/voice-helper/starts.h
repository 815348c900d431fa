/* A program that dies is started again, but not all the time. */
#ifndef VOICE_HELPER_STARTS_H
#define VOICE_HELPER_STARTS_H

#include <glib.h>
#include <stdbool.h>

enum { STARTS_MOST = 3, STARTS_S = 10 }; /* starts in so many seconds */

struct starts {
    gint64 at[STARTS_MOST]; /* us, the oldest first; 0: none */
};

/* Counts a start. False, and *why to be freed, if there have been too many. */
static inline bool starts_allow(struct starts *starts, char **why)
{
    gint64 now = g_get_monotonic_time();
    if (starts->at[0] && now - starts->at[0] < STARTS_S * G_TIME_SPAN_SECOND) {
        if (!*why) *why = g_strdup("it ends again and again");
        return false;
    }
    for (int i = 1; i < STARTS_MOST; i++) starts->at[i - 1] = starts->at[i];
    starts->at[STARTS_MOST - 1] = now;
    return true;
}

#endif
