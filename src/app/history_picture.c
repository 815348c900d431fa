/* The calendar and the minutes of each week as a picture. It holds no text from a routine. */
#include "history_view.h"

/* In pixels. */
enum {
    CELL = 14,   /* of a day, with its gap; */
    SQUARE = 12, /* and without */
    LEFT = 44,
    TOP = 40,
    BARS_TOP = TOP + 7 * CELL + 56, /* of the highest bar */
    BARS = 100,
    WIDTH = LEFT + CALENDAR_WEEKS * CELL + 16,
    HEIGHT = BARS_TOP + BARS + 32,
};

static const char *const SHADES[CALENDAR_SHADES] = {"#e8e8e8", "#b7e0b9", "#7cc480", "#3d9c45", "#176b22"};
static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const WEEKDAYS[] = {"Mon", "", "Wed", "", "Fri", "", "Sun"};

static void draw_text(GString *svg, int x, int y, const char *anchor, const char *text)
{
    g_string_append_printf(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text);
}

static void draw_day(GString *svg, const struct calendar *calendar, int i)
{
    int year, month, day, shade = calendar_shade(calendar->seconds[i]);
    if (shade == 0 && calendar->sessions[i] > 0) shade = 1;
    calendar_date(calendar->first + i, &year, &month, &day);
    g_string_append_printf(svg,
                           "<rect class=\"day\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" "
                           "fill=\"%s\"><title>%04d-%02d-%02d: %d min</title></rect>\n",
                           LEFT + i / 7 * CELL, TOP + i % 7 * CELL, SQUARE, SQUARE, SHADES[shade], year,
                           month, day, (int)calendar_minutes(calendar->seconds[i]));
}

static void draw_calendar(GString *svg, const struct calendar *calendar)
{
    int labelled = -4;
    for (int weekday = 0; weekday < 7; weekday++)
        if (*WEEKDAYS[weekday])
            draw_text(svg, LEFT - 6, TOP + weekday * CELL + SQUARE - 2, "end", WEEKDAYS[weekday]);
    for (int i = 0; i < CALENDAR_DAYS; i++) {
        int year, month, day;
        calendar_date(calendar->first + i, &year, &month, &day);
        if (calendar->first + i > calendar->today) break;
        if (i % 7 == 0 && (day <= 7 || i == 0) && i / 7 - labelled >= 3) {
            labelled = i / 7;
            draw_text(svg, LEFT + i / 7 * CELL, TOP - 6, "start", MONTHS[month - 1]);
        }
        draw_day(svg, calendar, i);
    }
}

static void draw_bars(GString *svg, const struct calendar *calendar)
{
    int64_t most = 1;
    for (int i = 0; i < CALENDAR_WEEKS; i++)
        most = MAX(most, calendar_minutes(calendar_week(calendar, i).seconds));
    g_autofree char *label = g_strdup_printf("%d", (int)most);
    draw_text(svg, LEFT, BARS_TOP - 14, "start", "Minutes a week");
    draw_text(svg, LEFT - 6, BARS_TOP + 8, "end", label);
    draw_text(svg, LEFT - 6, BARS_TOP + BARS, "end", "0");
    for (int i = 0; i < CALENDAR_WEEKS; i++) {
        int minutes = (int)calendar_minutes(calendar_week(calendar, i).seconds);
        int height = (int)((minutes * (int64_t)BARS + most / 2) / most), year, month, day;
        if (minutes > 0) height = MAX(height, 1);
        calendar_date(calendar->first + 7 * (int64_t)i, &year, &month, &day);
        g_string_append_printf(svg,
                               "<rect class=\"week\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                               "fill=\"%s\"><title>Week of %04d-%02d-%02d: %d min</title></rect>\n",
                               LEFT + i * CELL, BARS_TOP + BARS - height, SQUARE, height, SHADES[3], year,
                               month, day, minutes);
    }
    g_string_append_printf(svg, "<path d=\"M%d %d.5H%d\" stroke=\"#888\"/>\n", LEFT, BARS_TOP + BARS,
                           LEFT + CALENDAR_WEEKS * CELL - 2);
}

char *history_view_svg(const struct history_view *view)
{
    GString *svg = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(svg,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\" "
                           "role=\"img\">\n<title>Practice in the last %d weeks</title>\n"
                           "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                           WIDTH, HEIGHT, WIDTH, HEIGHT, CALENDAR_WEEKS);
    draw_calendar(svg, &view->calendar);
    draw_bars(svg, &view->calendar);
    g_string_append(svg, "</svg>\n");
    return g_string_free(svg, FALSE);
}
