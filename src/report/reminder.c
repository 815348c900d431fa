#include "report/reminder.h"
#include "report/ics.h"
#include <string.h>

/* systemd ignores sections with such a name. */
#define OURS "X-Stretchvoice"
#define UNIT "stretchvoice-remind-"

static const char *const WAYS[N_REMINDER_WAYS] = {
    [REMINDER_SAY] = "say", [REMINDER_PLAY] = "play", [REMINDER_NOTIFY] = "notify"};
static const char *const DAYS[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const UNIT_DAYS[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const ICS_DAYS[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

void reminder_finish(struct reminder *reminder)
{
    g_free(reminder->routine);
}

const char *reminder_way_name(enum reminder_way way)
{
    return WAYS[way];
}

/* ---- times of the day ---- */

/* One or two digits. -1 if it has another form. */
static int read_digits(const char *text, gsize length)
{
    int n = 0;
    if (length < 1 || length > 2) return -1;
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit(text[i])) return -1;
        n = 10 * n + text[i] - '0';
    }
    return n;
}

bool reminder_read_clock(const char *text, int *minutes)
{
    const char *colon = strchr(text, ':');
    if (!colon || strlen(colon + 1) != 2) return false;
    int hour = read_digits(text, (gsize)(colon - text)), minute = read_digits(colon + 1, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    *minutes = 60 * hour + minute;
    return true;
}

char *reminder_clock(int minutes)
{
    return g_strdup_printf("%02d:%02d", minutes / 60, minutes % 60);
}

void reminder_add_time(struct reminder *reminder, int minutes)
{
    int i = 0, n = reminder->n_times;
    while (i < n && reminder->times[i] < minutes) i++;
    if (n == REMINDER_TIMES || (i < n && reminder->times[i] == minutes)) return;
    memmove(&reminder->times[i + 1], &reminder->times[i], (size_t)(n - i) * sizeof reminder->times[0]);
    reminder->times[i] = minutes;
    reminder->n_times++;
}

char *reminder_times(const struct reminder *reminder)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < reminder->n_times; i++) {
        g_autofree char *clock = reminder_clock(reminder->times[i]);
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", clock);
    }
    return g_string_free(text, FALSE);
}

/* ---- days of the week ---- */

static int day_of(const char *name)
{
    for (int i = 0; i < REMINDER_DAYS; i++)
        if (g_ascii_strcasecmp(name, DAYS[i]) == 0) return i;
    return -1;
}

/* "mon", or "mon-fri". */
static bool read_range(const char *text, unsigned *days)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", 3);
    guint n = g_strv_length(ends);
    if (n < 1 || n > 2) return false;
    int first = day_of(g_strstrip(ends[0])), last = day_of(g_strstrip(ends[n - 1]));
    if (first < 0 || last < 0) return false;
    for (int day = first;; day = (day + 1) % REMINDER_DAYS) {
        *days |= 1u << day;
        if (day == last) return true;
    }
}

bool reminder_read_days(const char *text, unsigned *days)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    *days = g_ascii_strcasecmp(text, "daily") == 0 ? REMINDER_DAILY : 0;
    if (*days) return true;
    for (char **part = parts; *part; part++)
        if (!read_range(*part, days)) return false;
    return *days != 0;
}

/* Runs of days, such as "mon-wed,sat". To be freed. */
static char *write_days(unsigned days, const char *const *names, const char *to)
{
    GString *text = g_string_new(NULL);
    for (int day = 0; day < REMINDER_DAYS; day++) {
        int last = day;
        if (!(days & 1u << day)) continue;
        while (to && last + 1 < REMINDER_DAYS && days & 1u << (last + 1)) last++;
        if (text->len > 0) g_string_append_c(text, ',');
        g_string_append(text, names[day]);
        if (last > day) g_string_append_printf(text, "%s%s", to, names[last]);
        day = last;
    }
    return g_string_free(text, FALSE);
}

char *reminder_days(unsigned days)
{
    return days == REMINDER_DAILY ? g_strdup("daily") : write_days(days, DAYS, "-");
}

/* ---- units ---- */

bool reminder_is_plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) return false;
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text))) return false;
    return true;
}

char *reminder_unit(int number, const char *kind)
{
    return g_strdup_printf(UNIT "%d.%s", number, kind);
}

/* A word of a command, as systemd reads it: % begins a specifier, and quotes keep blanks. */
static void append_word(GString *line, const char *word)
{
    g_string_append(line, " \"");
    for (; *word; word++) {
        if (*word == '"' || *word == '\\') g_string_append_c(line, '\\');
        if (*word == '%') g_string_append_c(line, '%');
        g_string_append_c(line, *word);
    }
    g_string_append_c(line, '"');
}

/* The program stands first, whose name is not unquoted; ':' leaves a $ alone. */
static void append_command(GString *unit, const char *key, const char *prefix, const char *program,
                           const char *const *arguments)
{
    g_autoptr(GString) first = g_string_new(NULL);
    append_word(first, program);
    g_string_append_printf(unit, "%s=%s:%s", key, prefix, first->str + 1);
    for (; *arguments; arguments++) append_word(unit, *arguments);
    g_string_append_c(unit, '\n');
}

static GString *begin_unit(const struct reminder *reminder)
{
    GString *unit = g_string_new(NULL);
    g_autoptr(GString) routine = g_string_new(reminder->routine);
    g_string_replace(routine, "%", "%%", 0);
    g_string_append_printf(unit, "# 'stretchvoice remind remove %d' takes this reminder away.\n",
                           reminder->number);
    g_string_append_printf(unit, "[Unit]\nDescription=Reminder of the routine %s (%s)\n\n", routine->str,
                           WAYS[reminder->way]);
    return unit;
}

static void append_schedule(GString *unit, const struct reminder *reminder)
{
    g_autofree char *days =
        reminder->days == REMINDER_DAILY ? NULL : write_days(reminder->days, UNIT_DAYS, "..");
    for (int i = 0; i < reminder->n_times; i++) {
        g_autofree char *clock = reminder_clock(reminder->times[i]);
        g_string_append_printf(unit, "OnCalendar=%s%s*-*-* %s:00\n", days ? days : "", days ? " " : "",
                               clock);
    }
}

char *reminder_timer(const struct reminder *reminder)
{
    GString *unit = begin_unit(reminder);
    g_autofree char *days = reminder_days(reminder->days), *times = reminder_times(reminder);
    g_autoptr(GKeyFile) ours = g_key_file_new();
    g_string_append(unit, "[Timer]\n");
    append_schedule(unit, reminder);
    g_string_append(
        unit,
        "# One that was missed comes when the computer is on again.\nPersistent=true\nAccuracySec=1s\n\n"
        "[Install]\nWantedBy=timers.target\n\n"
        "# systemd leaves this alone: 'stretchvoice remind' shows it.\n");
    g_key_file_set_string(ours, OURS, "Routine", reminder->routine);
    g_key_file_set_string(ours, OURS, "Days", days);
    g_key_file_set_string(ours, OURS, "Times", times);
    g_key_file_set_string(ours, OURS, "Way", WAYS[reminder->way]);
    g_key_file_set_int64(ours, OURS, "Made", reminder->made);
    g_autofree char *section = g_key_file_to_data(ours, NULL, NULL);
    g_string_append(unit, section);
    return g_string_free(unit, FALSE);
}

char *reminder_service(const struct reminder *reminder, const char *program, const char *const *arguments)
{
    static const char *const restore[] = {"restore", "--quiet", NULL};
    GString *unit = begin_unit(reminder);
    g_string_append(unit, "[Service]\nType=exec\n");
    append_command(unit, "ExecStart", "", program, arguments);
    g_string_append(
        unit, "# A signal ends the session, and the exit status names it.\nSuccessExitStatus=129 130 143\n"
              "# The main program ends its helpers itself.\nKillMode=mixed\nTimeoutStopSec=5s\n"
              "# What a session has lowered of other programs' sound, also if it was killed.\n");
    append_command(unit, "ExecStopPost", "-", program, restore);
    return g_string_free(unit, FALSE);
}

/* ---- read back ---- */

/* A text of our section; to be freed, and never NULL. */
static char *read_text(GKeyFile *file, const char *key)
{
    char *text = g_key_file_get_string(file, OURS, key, NULL);
    return text ? text : g_strdup("");
}

static bool read_times(struct reminder *reminder, const char *text)
{
    g_auto(GStrv) clocks = g_strsplit(text, ",", -1);
    for (char **clock = clocks; *clock; clock++) {
        int minutes;
        if (!reminder_read_clock(g_strstrip(*clock), &minutes)) return false;
        reminder_add_time(reminder, minutes);
    }
    return reminder->n_times > 0;
}

static bool read_way(struct reminder *reminder, const char *name)
{
    for (int way = 0; way < N_REMINDER_WAYS; way++) {
        if (strcmp(name, WAYS[way]) != 0) continue;
        reminder->way = (enum reminder_way)way;
        return true;
    }
    return false;
}

bool reminder_read_timer(struct reminder *reminder, int number, const char *text, gsize size)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    *reminder = (struct reminder){.number = number};
    if (!g_key_file_load_from_data(file, text, size, G_KEY_FILE_NONE, NULL)) return false;
    g_autofree char *days = read_text(file, "Days"), *times = read_text(file, "Times"),
                    *way = read_text(file, "Way");
    reminder->routine = read_text(file, "Routine");
    reminder->made = g_key_file_get_int64(file, OURS, "Made", NULL);
    bool right = *reminder->routine && reminder_is_plain(reminder->routine) &&
                 reminder_read_days(days, &reminder->days) && read_times(reminder, times) &&
                 read_way(reminder, way);
    if (!right) reminder_finish(reminder);
    return right;
}

/* ---- a calendar ---- */

/* The first of the days at that time which is not over; to be freed. */
static GDateTime *first_after(const struct reminder *reminder, int minutes, GDateTime *now)
{
    int today = g_date_time_get_hour(now) * 60 + g_date_time_get_minute(now);
    int in = minutes > today ? 0 : 1;
    while (!(reminder->days & 1u << (g_date_time_get_day_of_week(now) - 1 + in) % REMINDER_DAYS)) in++;
    return g_date_time_add_days(now, in);
}

static void append_event(GString *ics, const struct reminder *reminder, int minutes, const char *title,
                         double seconds, GDateTime *now)
{
    g_autoptr(GDateTime) first = first_after(reminder, minutes, now);
    g_autofree char *day = g_date_time_format(first, "%Y%m%d");
    g_autofree char *days = write_days(reminder->days, ICS_DAYS, NULL);
    g_string_append_printf(ics, "BEGIN:VEVENT\r\nUID:reminder-%d-%" G_GINT64_FORMAT "-%04d@stretchvoice\r\n",
                           reminder->number, reminder->made, minutes);
    ics_time(ics, "DTSTAMP", g_date_time_to_unix(now));
    g_string_append_printf(ics, "DTSTART:%sT%02d%02d00\r\nDURATION:PT%dM\r\n", day, minutes / 60,
                           minutes % 60, MAX(1, (int)(seconds / 60 + 0.5)));
    if (reminder->days == REMINDER_DAILY)
        ics_line(ics, "RRULE", "FREQ=DAILY");
    else
        g_string_append_printf(ics, "RRULE:FREQ=WEEKLY;BYDAY=%s\r\n", days);
    ics_text(ics, "SUMMARY", title);
    g_string_append(ics, "TRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:PT0S\r\n");
    ics_text(ics, "DESCRIPTION", title);
    g_string_append(ics, "END:VALARM\r\nEND:VEVENT\r\n");
}

void reminder_events(GString *ics, const struct reminder *reminder, const char *title, double seconds,
                     GDateTime *now)
{
    for (int i = 0; i < reminder->n_times; i++)
        append_event(ics, reminder, reminder->times[i], title, seconds, now);
}
