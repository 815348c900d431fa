/* A reminder: which routine, when, and how one is reminded; as the units of systemd and as entries of a
 * calendar. Pure functions. */
#ifndef REPORT_REMINDER_H
#define REPORT_REMINDER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { REMINDER_DAYS = 7, REMINDER_DAILY = (1 << REMINDER_DAYS) - 1, REMINDER_DAY_MINUTES = 24 * 60 };
enum {
    REMINDER_LEAST_EVERY = 10 /* minutes */,
    REMINDER_TIMES = REMINDER_DAY_MINUTES / REMINDER_LEAST_EVERY + 1
};

enum reminder_way { REMINDER_SAY, REMINDER_PLAY, REMINDER_NOTIFY, N_REMINDER_WAYS };

struct reminder {
    int number;                /* from 1 */
    char *routine;             /* a name, or an absolute path; UTF-8 without control characters */
    unsigned days;             /* bit 0 is Monday; never 0 */
    int times[REMINDER_TIMES]; /* minutes after midnight, each once and in order, */
    int n_times;               /* and how many: at least one */
    enum reminder_way way;
    int64_t made; /* seconds since 1970: another reminder with this number is not the same */
};

void reminder_finish(struct reminder *reminder);

/* "say", "play", "notify" */
const char *reminder_way_name(enum reminder_way way);

/* "8:00" or "08:00", up to 23:59, to minutes after midnight. */
bool reminder_read_clock(const char *text, int *minutes);
char *reminder_clock(int minutes); /* "08:00"; to be freed */

/* "mon-fri", "sat,sun", "daily", in any case; a range may go over Sunday. */
bool reminder_read_days(const char *text, unsigned *days);
char *reminder_days(unsigned days); /* what reminder_read_days() reads; to be freed */

/* Adds a time of day, if there is room and it is not there yet. */
void reminder_add_time(struct reminder *reminder, int minutes);
char *reminder_times(const struct reminder *reminder); /* "08:00, 09:30"; to be freed */

/* Whether a text can stand in a unit: UTF-8 without control characters. */
bool reminder_is_plain(const char *text);

/* "stretchvoice-remind-3.timer"; to be freed. `kind` is "timer" or "service". */
char *reminder_unit(int number, const char *kind);

/* The two units; to be freed. The service runs `program`, an absolute path without quotes and backslashes,
 * with the words of `arguments` (NULL-terminated), which are plain, and not read by a shell. */
char *reminder_timer(const struct reminder *reminder);
char *reminder_service(const struct reminder *reminder, const char *program, const char *const *arguments);

/* What reminder_timer() has written. False, with nothing to finish, if it is none. */
bool reminder_read_timer(struct reminder *reminder, int number, const char *text, gsize size);

/* Appends the events of a calendar (ics.h): one for each time of the day, in the local time of wherever the
 * phone is, from `now` on. */
void reminder_events(GString *ics, const struct reminder *reminder, const char *title, double seconds,
                     GDateTime *now);

#endif
