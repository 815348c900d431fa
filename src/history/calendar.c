#include "history/calendar.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    USUAL_WEEKS = 8,
    DAY_S = 86400,
    MONDAY = 4, /* 1970-01-05 */
};

static const int SHADE_MINUTES[CALENDAR_SHADES - 2] = {10, 20, 40};

int64_t calendar_day(int64_t seconds, int zone)
{
    int64_t local = seconds + zone;
    return local / DAY_S - (local % DAY_S < 0);
}

void calendar_date(int64_t day, int *year, int *month, int *day_of_month)
{
    time_t seconds = (time_t)(day * DAY_S);
    struct tm date;
    gmtime_r(&seconds, &date);
    *year = date.tm_year + 1900;
    *month = date.tm_mon + 1;
    *day_of_month = date.tm_mday;
}

void calendar_init(struct calendar *calendar, int64_t today)
{
    memset(calendar, 0, sizeof *calendar);
    int64_t weekday = ((today - MONDAY) % 7 + 7) % 7;
    calendar->today = today;
    calendar->first = today - weekday - CALENDAR_DAYS + 7;
}

void calendar_add(struct calendar *calendar, int64_t day, int sessions, int64_t seconds)
{
    int64_t i = day - calendar->first;
    if (i < 0 || i >= CALENDAR_DAYS) return;
    calendar->sessions[i] += sessions;
    calendar->seconds[i] += seconds;
}

struct week calendar_week(const struct calendar *calendar, int week)
{
    struct week sum = {0, 0};
    for (int i = 7 * week; i < 7 * week + 7; i++) {
        sum.sessions += calendar->sessions[i];
        sum.seconds += calendar->seconds[i];
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Halves up. */
static int64_t median(int64_t *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, compare);
    return (values[(n - 1) / 2] + values[n / 2] + 1) / 2;
}

bool calendar_usual(const struct calendar *calendar, struct week *usual)
{
    int64_t sessions[USUAL_WEEKS], seconds[USUAL_WEEKS];
    int first = 0, n = 0, last = CALENDAR_WEEKS - 1;
    while (first < last && calendar_week(calendar, first).sessions == 0) first++;
    if (first < last - USUAL_WEEKS) first = last - USUAL_WEEKS;
    for (int i = first; i < last; i++, n++) {
        const struct week week = calendar_week(calendar, i);
        sessions[n] = week.sessions;
        seconds[n] = week.seconds;
    }
    if (n == 0) return false;
    *usual = (struct week){(int)median(sessions, n), median(seconds, n)};
    return true;
}

int64_t calendar_minutes(int64_t seconds)
{
    return seconds > 0 && seconds < 60 ? 1 : (seconds + 30) / 60;
}

int calendar_shade(int64_t seconds)
{
    int64_t minutes = calendar_minutes(seconds);
    int shade = minutes > 0;
    for (int i = 0; i < CALENDAR_SHADES - 2; i++) shade += minutes >= SHADE_MINUTES[i];
    return shade;
}
