#include "remind.h"
#include "base/diag.h"
#include "base/duration.h"
#include "base/name.h"

enum { MINUTE_MS = 60000, SHOWN = 100 };

#define CLOCK "write 8:00"

int remind_refuse(const char *what)
{
    fprintf(stderr, "stretchvoice: remind: %s\n", what);
    return EXIT_USAGE;
}

int remind_refuse_value(const char *what, const char *value, const char *right)
{
    g_autofree char *shown = diag_shown(value, SHOWN);
    fprintf(stderr, "stretchvoice: remind: not %s ('%s'; %s)\n", what, shown, right);
    return EXIT_USAGE;
}

/* Minutes. */
static bool read_every(const char *text, int *every)
{
    int64_t ms;
    if (!duration_parse(text, &ms) || ms % MINUTE_MS != 0) return false;
    *every = (int)(ms / MINUTE_MS);
    return *every >= REMINDER_LEAST_EVERY && *every <= REMINDER_DAY_MINUTES;
}

/* --every 90m --from 9:00 --to 17:00. Without --from it begins with the reminder's own time. */
static int read_times(const struct options *options, const char *clock, struct reminder *reminder)
{
    int every, first, last;
    const char *start = options->start ? options->start : clock;
    if (!start || !options->stop)
        return remind_refuse("--every needs --from and --to, such as 9:00 and 17:00");
    if (!read_every(options->every, &every))
        return remind_refuse_value("a time for --every", options->every,
                                   "whole minutes from 10m to 24h, such as 90m");
    if (!reminder_read_clock(start, &first)) return remind_refuse_value("a time of the day", start, CLOCK);
    if (!reminder_read_clock(options->stop, &last))
        return remind_refuse_value("a time of the day", options->stop, CLOCK);
    if (last < first) return remind_refuse("--to must be later than --from, on the same day");
    for (int minutes = first; minutes <= last; minutes += every) reminder_add_time(reminder, minutes);
    return EXIT_DONE;
}

static int read_way(const struct options *options, struct reminder *reminder)
{
    if (!!options->say + !!options->play + !!options->notify > 1)
        return remind_refuse("--say, --play and --notify exclude each other");
    reminder->way = options->play ? REMINDER_PLAY : options->notify ? REMINDER_NOTIFY : REMINDER_SAY;
    return EXIT_DONE;
}

int remind_read(const struct options *options, struct reminder *reminder)
{
    const GPtrArray *words = options->arguments;
    const char *clock = words->len > 1 ? words->pdata[1] : NULL;
    int minutes;
    *reminder = (struct reminder){.days = REMINDER_DAILY, .made = g_get_real_time() / G_USEC_PER_SEC};
    reminder->routine = name_from_anywhere(words->pdata[0], NULL);
    if (!reminder_is_plain(reminder->routine))
        return remind_refuse_value("a routine that systemd can name", reminder->routine,
                                   "its path must be UTF-8 without control characters");
    if (!clock && !options->every) return remind_refuse("when? Give a time of the day too, such as 8:00");
    if (!options->every && (options->start || options->stop))
        return remind_refuse("--from and --to need --every");
    if (clock && !reminder_read_clock(clock, &minutes))
        return remind_refuse_value("a time of the day", clock, CLOCK);
    if (clock) reminder_add_time(reminder, minutes);
    if (options->days && !reminder_read_days(options->days, &reminder->days))
        return remind_refuse_value("days of the week", options->days, "write mon-fri, sat,sun or daily");
    int code = options->every ? read_times(options, clock, reminder) : EXIT_DONE;
    return code == EXIT_DONE ? read_way(options, reminder) : code;
}
