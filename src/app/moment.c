#include "moment.h"
#include <string.h>

/* One or two digits of at most `most`; moves on behind them. */
static bool read_number(const char **text, int most, int *number)
{
    const gsize digits = strspn(*text, "0123456789");
    *number = digits >= 1 && digits <= 2 ? (int)g_ascii_strtoll(*text, NULL, 10) : most + 1;
    *text += digits;
    return *number <= most;
}

static bool read_time(const char *text, int *hour, int *minute, int *second)
{
    *second = 0;
    if (!read_number(&text, 23, hour) || *text++ != ':' || !read_number(&text, 59, minute)) return false;
    return *text == '\0' || (*text++ == ':' && read_number(&text, 59, second) && *text == '\0');
}

/* As the clock on the wall shows it, on a day so many days later. To be unreffed; NULL: there is none. */
static GDateTime *on_day(GDateTime *now, int days, int hour, int minute, int second)
{
    g_autoptr(GDateTime) day = g_date_time_add_days(now, days);
    return g_date_time_new_local(g_date_time_get_year(day), g_date_time_get_month(day),
                                 g_date_time_get_day_of_month(day), hour, minute, second);
}

int64_t moment_after(const char *text, GDateTime *now)
{
    int hour, minute, second;
    if (!read_time(text, &hour, &minute, &second)) return 0;
    g_autoptr(GDateTime) moment = on_day(now, 0, hour, minute, second);
    if (moment && g_date_time_compare(moment, now) <= 0) {
        g_date_time_unref(g_steal_pointer(&moment));
        moment = on_day(now, 1, hour, minute, second);
    }
    if (!moment || g_date_time_difference(moment, now) > MOMENT_HOURS * G_TIME_SPAN_HOUR) return -1;
    return g_date_time_to_unix(moment) * G_USEC_PER_SEC;
}
