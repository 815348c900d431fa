#include "remind.h"
#include "load.h"
#include "reminders.h"
#include "subcommands.h"
#include "base/name.h"
#include "control/manager.h"
#include "file/newfile.h"
#include "plan/script.h"
#include "report/ics.h"
#include "report/json.h"
#include <limits.h>
#include <string.h>

/* ---- the list ---- */

static char *file_of(const struct reminder *reminder)
{
    return reminders_path(reminder->number, "timer");
}

static void print_json(const struct reminder *reminder)
{
    g_autoptr(GString) json = g_string_new(NULL);
    g_autoptr(GPtrArray) times = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *days = reminder_days(reminder->days), *file = file_of(reminder);
    for (int i = 0; i < reminder->n_times; i++) g_ptr_array_add(times, reminder_clock(reminder->times[i]));
    json_number(json, "number", reminder->number);
    json_text(json, "routine", reminder->routine);
    json_texts(json, "times", times);
    json_text(json, "days", days);
    json_text(json, "way", reminder_way_name(reminder->way));
    json_bool(json, "on", reminders_is_on(reminder->number));
    json_text(json, "file", file);
    json_print(json, stdout);
}

static void print_line(const struct reminder *reminder)
{
    g_autofree char *days = reminder_days(reminder->days), *times = reminder_times(reminder),
                    *routine = diag_shown(reminder->routine, PATH_MAX);
    printf("%d  %s  %s  %s  %s%s\n", reminder->number, routine, times, days, reminder_way_name(reminder->way),
           reminders_is_on(reminder->number) ? "" : "  (off)");
}

/* Files whose names are those of reminders, by number. */
static void say_strange(const GArray *strange)
{
    for (guint i = 0; i < strange->len; i++) {
        g_autofree char *path = reminders_path(g_array_index(strange, int, i), "timer"),
                        *shown = diag_shown(path, PATH_MAX);
        fprintf(
            stderr,
            "stretchvoice: %s is no reminder that can be read; 'stretchvoice remind remove %d' removes it\n",
            shown, g_array_index(strange, int, i));
    }
}

static int list(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) strange = g_array_new(FALSE, FALSE, sizeof(int)), all = reminders_load(strange, &error);
    if (!all) return print_error(error);
    for (guint i = 0; i < all->len; i++)
        (options->json ? print_json : print_line)(&g_array_index(all, struct reminder, i));
    if (all->len == 0 && !options->json)
        puts("There are no reminders; 'stretchvoice remind ROUTINE 8:00' makes one.");
    say_strange(strange);
    return print_end();
}

/* ---- a new one ---- */

static void add_option(GPtrArray *words, const char *name, const char *value)
{
    if (!value) return;
    g_ptr_array_add(words, g_strdup(name));
    g_ptr_array_add(words, g_strdup(value));
}

/* What the service runs, behind the program: with the options that shape the session. */
static GPtrArray *command_of(const struct options *options, const struct reminder *reminder)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *config = options->config ? g_canonicalize_filename(options->config, NULL) : NULL,
                    *socket = options->socket ? g_canonicalize_filename(options->socket, NULL) : NULL,
                    *voice = options->voice ? name_from_anywhere(options->voice, NULL) : NULL;
    add_option(words, "remind", "now");
    g_ptr_array_add(words, g_strdup(reminder->routine));
    g_ptr_array_add(words, g_strconcat("--", reminder_way_name(reminder->way), NULL));
    add_option(words, "--config", config);
    for (char **set = options->set; set && *set; set++) {
        g_autofree char *assignment = settings_from_anywhere(*set);
        add_option(words, "--set", assignment);
    }
    add_option(words, "--voice", voice);
    add_option(words, "--language", options->language);
    add_option(words, "--level", options->level);
    add_option(words, "--duration", options->duration);
    add_option(words, "--device", options->device);
    add_option(words, "--socket", socket);
    g_ptr_array_add(words, NULL);
    return words;
}

static bool are_plain(const GPtrArray *words)
{
    for (guint i = 0; words->pdata[i]; i++)
        if (!reminder_is_plain(words->pdata[i])) return false;
    return true;
}

/* A program at such a path cannot stand in a unit, whatever is put around it. */
static bool can_be_started(const char *program)
{
    return reminder_is_plain(program) && !strpbrk(program, "\"'\\");
}

/* Also after a warning of systemd the units are there. */
static int report(const struct options *options, const struct reminder *reminder, enum manager_result result,
                  const GError *error)
{
    g_autofree char *timer = reminder_unit(reminder->number, "timer");
    if (!options->quiet) print_line(reminder);
    if (result == MANAGER_FAILED)
        fprintf(stderr,
                "stretchvoice: systemd cannot switch the reminder on: %s; 'systemctl --user enable --now %s' "
                "tries again\n",
                error->message, timer);
    else if (result == MANAGER_ABSENT)
        fprintf(stderr,
                "stretchvoice: your systemd does not answer; 'systemctl --user enable --now %s' switches the "
                "reminder on\n",
                timer);
    return result == MANAGER_FAILED ? EXIT_FAILED : print_end();
}

static int make(const struct options *options, struct reminder *reminder)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autoptr(GPtrArray) words = command_of(options, reminder);
    if (!program || !can_be_started(program))
        return remind_refuse(
            "systemd cannot start a program whose path has quotes, backslashes or control characters");
    if (!are_plain(words)) return remind_refuse("options must be UTF-8 without control characters");
    if (!reminders_write(reminder, program, (const char *const *)words->pdata, &error))
        return print_error(error);
    g_autofree char *timer = reminder_unit(reminder->number, "timer");
    enum manager_result result = manager_switch_on(timer, &error);
    return report(options, reminder, result, error);
}

/* ---- taking one away ---- */

static int take_away(const char *word)
{
    g_autoptr(GError) error = NULL;
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(word, 10, 1, INT_MAX, &number, NULL))
        return remind_refuse_value("the number of a reminder", word, "'remind' shows it");
    g_autofree char *timer = reminder_unit((int)number, "timer");
    enum manager_result result = manager_switch_off(timer, NULL);
    if (!reminders_remove((int)number)) {
        fprintf(stderr, "stretchvoice: there is no reminder %d; 'remind' shows the numbers\n", (int)number);
        return EXIT_INVALID;
    }
    if (result != MANAGER_ABSENT) result = manager_reload(&error);
    return result == MANAGER_FAILED ? print_error(error) : EXIT_DONE;
}

/* ---- a calendar ---- */

struct calendar {
    const struct options *options;
    GString *ics;
    GDateTime *now;
};

static int add_events(struct calendar *calendar, const struct reminder *reminder)
{
    struct loaded loaded;
    load_init(&loaded, calendar->options);
    const char *name = reminder->routine;
    int code = load_session(&loaded, (struct names){&name, 1});
    if (code == EXIT_DONE) {
        const struct script script = script_of(loaded.routine, loaded.settings, loaded.voice);
        reminder_events(calendar->ics, reminder, loaded.routine->title, script_estimate(&script),
                        calendar->now);
    }
    load_finish(&loaded);
    return code;
}

static int write_calendar(const char *path, const GString *ics)
{
    g_autoptr(GError) error = NULL;
    if (strcmp(path, "-") == 0) {
        fputs(ics->str, stdout);
        return print_end();
    }
    struct newfile *file = newfile_create(path, &error);
    bool written = file && newfile_write(file, ics->str, ics->len, &error) && newfile_sync(file, &error) &&
                   newfile_commit(g_steal_pointer(&file), &error);
    newfile_discard(file);
    return written ? EXIT_DONE : print_error(error);
}

static int make_calendar(const struct options *options, const struct reminder *reminders, guint n)
{
    g_autoptr(GString) ics = g_string_new(NULL);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    struct calendar calendar = {options, ics, now};
    int code = EXIT_DONE;
    if (n == 0)
        return remind_refuse(
            "there is no reminder to write; 'remind ROUTINE 8:00 --ics FILE' writes a new one");
    ics_begin(ics, "reminders");
    for (guint i = 0; i < n && code == EXIT_DONE; i++) code = add_events(&calendar, &reminders[i]);
    ics_end(ics);
    return code == EXIT_DONE ? write_calendar(options->calendar, ics) : code;
}

static int export_all(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) strange = g_array_new(FALSE, FALSE, sizeof(int)), all = reminders_load(strange, &error);
    if (!all) return print_error(error);
    say_strange(strange);
    if (all->len == 0 && strange->len > 0) return EXIT_FAILED;
    return make_calendar(options, (const struct reminder *)(void *)all->data, all->len);
}

/* ---- the subcommand ---- */

static bool has_schedule(const struct options *options)
{
    return options->days || options->every || options->start || options->stop;
}

/* The routine must be right now, since a problem that is found in the morning is found too late. */
static int check_routine(const struct options *options, const char *routine)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_session(&loaded, (struct names){&routine, 1});
    load_finish(&loaded);
    return code;
}

static int add(const struct options *options)
{
    struct reminder reminder;
    int code = remind_read(options, &reminder);
    if (options->calendar)
        reminder.number = (int)(g_random_int() >> 1); /* in no list: only to tell it from others */
    if (code == EXIT_DONE) code = check_routine(options, reminder.routine);
    if (code == EXIT_DONE)
        code = options->calendar ? make_calendar(options, &reminder, 1) : make(options, &reminder);
    reminder_finish(&reminder);
    return code;
}

static enum reminder_way way_of(const struct options *options)
{
    return options->play ? REMINDER_PLAY : options->notify ? REMINDER_NOTIFY : REMINDER_SAY;
}

int subcommand_remind(const struct options *options)
{
    const GPtrArray *words = options->arguments;
    const char *first = words->len > 0 ? words->pdata[0] : NULL;
    bool schedule = has_schedule(options), way = options->say || options->play || options->notify;
    if (!first && (schedule || way)) return remind_refuse("which routine?");
    if (options->json && (first || options->calendar))
        return remind_refuse("--json is for the list of reminders");
    if (!first) return options->calendar ? export_all(options) : list(options);
    bool removes = strcmp(first, "remove") == 0, now = strcmp(first, "now") == 0;
    if (!removes && !now) return add(options);
    if (words->len < 2)
        return remind_refuse(removes ? "'remove' needs the number of a reminder" : "'now' needs a routine");
    if (schedule || options->calendar || (removes && way))
        return remind_refuse("this option is for a new reminder");
    if (!!options->say + !!options->play + !!options->notify > 1)
        return remind_refuse("--say, --play and --notify exclude each other");
    return removes ? take_away(words->pdata[1]) : remind_now(options, words->pdata[1], way_of(options));
}
