#include "history_view.h"
#include "base/diag.h"
#include <stdio.h>
#include <string.h>

enum { TITLE_COLUMNS = 28 };

static const char *const MONTHS[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const WEEKDAYS[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

/* ---- loading ---- */

static void add_day(void *data, int64_t day, int sessions, int64_t seconds)
{
    struct history_view *view = data;
    calendar_add(&view->calendar, day, sessions, seconds);
}

static void add_session(void *data, const struct history_session *session)
{
    struct history_view *view = data;
    struct history_session *copy = g_new0(struct history_session, 1);
    *copy = *session;
    char **texts[] = {&copy->routine, &copy->title,  &copy->language, &copy->file, &copy->skipped,
                      &copy->longer,  &copy->easier, &copy->rating,   &copy->note};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) *texts[i] = g_strdup(*texts[i]);
    g_ptr_array_add(view->sessions, copy);
}

static void note_title(void *data, const struct history_step *step)
{
    g_hash_table_insert(data, g_strdup(step->name), g_strdup(step->title));
}

/* Names of steps, which are sections of a file, become their titles. */
static void name_by_titles(char **list, GHashTable *titles)
{
    g_auto(GStrv) names = g_strsplit(*list, "\n", -1);
    for (char **name = names; *name; name++) {
        const char *title = g_hash_table_lookup(titles, *name);
        if (!title) continue;
        g_free(*name);
        *name = g_strdup(title);
    }
    g_free(*list);
    *list = g_strjoinv("\n", names);
}

static bool name_steps(const struct history_view *view, struct store *store, GError **error)
{
    for (guint i = 0; i < view->sessions->len; i++) {
        g_autoptr(GHashTable) titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        struct history_session *session = view->sessions->pdata[i];
        if (!history_steps(store, session->id, note_title, titles, error)) return false;
        name_by_titles(&session->skipped, titles);
        name_by_titles(&session->longer, titles);
        name_by_titles(&session->easier, titles);
    }
    return true;
}

static void free_session(gpointer data)
{
    history_session_clear(data);
    g_free(data);
}

bool history_view_load(struct history_view *view, struct store *store, int64_t today, GError **error)
{
    calendar_init(&view->calendar, today);
    view->sessions = g_ptr_array_new_with_free_func(free_session);
    return !store || (history_days(store, view->calendar.first, add_day, view, error) &&
                      history_sessions(store, VIEW_SESSIONS, add_session, view, error) &&
                      name_steps(view, store, error));
}

void history_view_finish(struct history_view *view)
{
    g_ptr_array_unref(view->sessions);
}

/* ---- the calendar ---- */

/* Plain letters where the terminal has no others. */
static const char *glyph(int shade)
{
    static const char *const blocks[CALENDAR_SHADES] = {"·", "░", "▒", "▓", "█"};
    static const char *const letters[CALENDAR_SHADES] = {".", "-", "+", "*", "#"};
    return (g_get_charset(NULL) ? blocks : letters)[shade];
}

/* Of a terminal with 256 colours, else green; the characters say the same. */
static const char *color_of(int shade)
{
    static const char *const greens[CALENDAR_SHADES] = {"90", "38;5;22", "38;5;28", "38;5;34", "38;5;40"};
    const char *terminal = g_getenv("TERM");
    bool many = terminal && strstr(terminal, "256color");
    return many || shade == 0 ? greens[shade] : "32";
}

static bool begins_in_month(const struct calendar *calendar, int week, int *month)
{
    int year, day;
    calendar_date(calendar->first + 7 * (int64_t)week, &year, month, &day);
    return day <= 7;
}

/* Above the first week, and each that is the first to begin in a month, if there is room for three letters
 * and a space before the next, or the end. */
static void print_months(const struct calendar *calendar)
{
    int before = 0;
    printf("     ");
    for (int week = 0; week < CALENDAR_WEEKS; week++) {
        int month, other;
        bool begins = begins_in_month(calendar, week, &month);
        if (week == 0 && !begins)
            begins = !begins_in_month(calendar, 1, &other) && !begins_in_month(calendar, 2, &other) &&
                     !begins_in_month(calendar, 3, &other);
        if (begins && week + 3 <= CALENDAR_WEEKS && week >= before) {
            for (; before < week; before++) putchar(' ');
            printf("%.3s", MONTHS[month - 1]);
            before = week + 3;
        }
    }
    putchar('\n');
}

static void print_day(const struct calendar *calendar, int i, bool color)
{
    int shade = calendar_shade(calendar->seconds[i]);
    if (shade == 0 && calendar->sessions[i] > 0) shade = 1;
    if (color)
        printf("\033[%sm%s\033[0m", color_of(shade), glyph(shade));
    else
        fputs(glyph(shade), stdout);
}

static void print_calendar(const struct calendar *calendar, bool color)
{
    print_months(calendar);
    for (int weekday = 0; weekday < 7; weekday++) {
        printf("%.3s  ", WEEKDAYS[weekday]);
        for (int week = 0; week < CALENDAR_WEEKS; week++) {
            int i = 7 * week + weekday;
            if (calendar->first + i > calendar->today) break;
            print_day(calendar, i, color);
        }
        putchar('\n');
    }
    printf("     %s less than 10 minutes, %s 20, %s 40, %s more\n", glyph(1), glyph(2), glyph(3), glyph(4));
}

/* ---- words ---- */

static char *count_of(int64_t n, const char *what)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, what, n == 1 ? "" : "s");
}

static void print_week(const struct calendar *calendar)
{
    struct week usual;
    const struct week week = calendar_week(calendar, CALENDAR_WEEKS - 1);
    g_autofree char *sessions = count_of(week.sessions, "session"),
                    *minutes = count_of(calendar_minutes(week.seconds), "minute");
    printf("This week   %s, %s\n", sessions, minutes);
    if (!calendar_usual(calendar, &usual)) return;
    g_autofree char *usual_sessions = count_of(usual.sessions, "session"),
                    *usual_minutes = count_of(calendar_minutes(usual.seconds), "minute");
    printf("Usual week  %s, %s\n", usual_sessions, usual_minutes);
}

static void local_time(const struct history_session *session, int64_t *day, int *hour, int *minute)
{
    int64_t local = session->begun + session->begun_zone;
    *day = calendar_day(session->begun, session->begun_zone);
    int64_t second = local - *day * 86400;
    *hour = (int)(second / 3600);
    *minute = (int)(second % 3600 / 60);
}

/* The names of a list in a row. To be freed. */
static char *names_of(const char *lines)
{
    g_auto(GStrv) names = g_strsplit(lines, "\n", -1);
    for (char **name = names; *name; name++) {
        char *safe = diag_shown(*name, 60);
        g_free(*name);
        *name = safe;
    }
    return g_strjoinv(", ", names);
}

/* ", without cobra, bridge", and what else was changed. To be freed. */
static char *changes_of(const struct history_session *session)
{
    const struct {
        const char *words, *lines;
    } lists[] = {{"without", session->skipped}, {"longer:", session->longer}, {"easier:", session->easier}};
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *names = *lists[i].lines ? names_of(lists[i].lines) : NULL;
        if (names) g_string_append_printf(text, ", %s %s", lists[i].words, names);
    }
    return g_string_free(text, FALSE);
}

static void print_session(const struct history_session *session)
{
    int64_t day;
    int hour, minute, year, month, day_of_month;
    g_autofree char *title = diag_shown(session->title, TITLE_COLUMNS), *changes = changes_of(session);
    local_time(session, &day, &hour, &minute);
    calendar_date(day, &year, &month, &day_of_month);
    printf("%5" G_GINT64_FORMAT "  %.3s %04d-%02d-%02d %02d:%02d  ", session->id,
           WEEKDAYS[((day - 4) % 7 + 7) % 7], year, month, day_of_month, hour, minute);
    fputs(title, stdout);
    for (glong n = g_utf8_strlen(title, -1); n < TITLE_COLUMNS; n++) putchar(' ');
    printf("  %4" G_GINT64_FORMAT " min  %d of %d holds%s%s\n", calendar_minutes(session->seconds),
           session->holds_done, session->holds, session->complete ? "" : ", not to the end", changes);
}

void history_view_print(const struct history_view *view, bool color)
{
    print_calendar(&view->calendar, color);
    putchar('\n');
    print_week(&view->calendar);
    if (view->sessions->len > 0) putchar('\n');
    for (guint i = view->sessions->len; i-- > 0;) print_session(view->sessions->pdata[i]);
}

/* ---- sentences ---- */

static void say_week(const struct calendar *calendar)
{
    struct week usual;
    const struct week week = calendar_week(calendar, CALENDAR_WEEKS - 1);
    int64_t minutes = calendar_minutes(week.seconds);
    if (calendar_usual(calendar, &usual))
        printf("This week %d, usually %d.\nMinutes this week %" G_GINT64_FORMAT ", usually %" G_GINT64_FORMAT
               ".\n",
               week.sessions, usual.sessions, minutes, calendar_minutes(usual.seconds));
    else
        printf("This week %d.\nMinutes this week %" G_GINT64_FORMAT ".\n", week.sessions, minutes);
}

static void say_session(const struct history_session *session)
{
    int64_t day;
    int hour, minute, year, month, day_of_month;
    g_autofree char *title = diag_shown(session->title, G_MAXSIZE), *changes = changes_of(session),
                    *minutes = count_of(calendar_minutes(session->seconds), "minute");
    local_time(session, &day, &hour, &minute);
    calendar_date(day, &year, &month, &day_of_month);
    printf("%s %d %s %d, %d:%02d: %s, %s, %d of %d holds%s%s. Number %" G_GINT64_FORMAT ".\n",
           WEEKDAYS[((day - 4) % 7 + 7) % 7], day_of_month, MONTHS[month - 1], year, hour, minute, title,
           minutes, session->holds_done, session->holds, session->complete ? "" : ", not to the end", changes,
           session->id);
}

void history_view_print_plain(const struct history_view *view)
{
    say_week(&view->calendar);
    for (guint i = view->sessions->len; i-- > 0;) say_session(view->sessions->pdata[i]);
}
