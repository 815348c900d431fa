/* The last weeks: what was practised on each day, in each week, and in a usual one. Pure functions. A day is
 * counted from 1970-01-01, a week begins on Monday. */
#ifndef HISTORY_CALENDAR_H
#define HISTORY_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_WEEKS = 26, CALENDAR_DAYS = 7 * CALENDAR_WEEKS };

struct week {
    int sessions;
    int64_t seconds;
};

struct calendar {
    int64_t first, today;           /* days; the first is a Monday */
    int64_t seconds[CALENDAR_DAYS]; /* practised on each day from the first on */
    int sessions[CALENDAR_DAYS];
};

/* Up to the week of `today`. */
void calendar_init(struct calendar *calendar, int64_t today);

/* Days that are not in the calendar do not count. */
void calendar_add(struct calendar *calendar, int64_t day, int sessions, int64_t seconds);

struct week calendar_week(const struct calendar *calendar, int week); /* from 0 to CALENDAR_WEEKS - 1 */

/* The median of the eight weeks before this one, or of those since the first session in the calendar. False
 * if there is none. */
bool calendar_usual(const struct calendar *calendar, struct week *usual);

/* How much a day is: 0 for nothing, 1 to 4 by its minutes: below 10, 20, 40, and more. */
enum { CALENDAR_SHADES = 5 };
int calendar_shade(int64_t seconds);

int64_t calendar_minutes(int64_t seconds); /* rounded, but at least 1 of what is more than nothing */

/* The day of a moment, and a date (UTC calendar) of a day. */
int64_t calendar_day(int64_t seconds, int zone);
void calendar_date(int64_t day, int *year, int *month, int *day_of_month);

#endif
