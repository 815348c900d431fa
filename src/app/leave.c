#include "leave.h"
#include "load.h"
#include "print.h"
#include "history/leaving.h"
#include "live/today.h"
#include "routine/select.h"
#include <stdio.h>

enum { SHOWN = 300, WAIT_MS = 1000 };

/* The first moment of the day in so many days; 0 for good. */
static int64_t day_in(int days)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local(), then = g_date_time_add_days(now, days);
    g_autoptr(GDateTime) begin = g_date_time_new_local(
        g_date_time_get_year(then), g_date_time_get_month(then), g_date_time_get_day_of_month(then), 0, 0, 0);
    return days > 0 && begin ? g_date_time_to_unix(begin) : 0;
}

static int write_step(const struct left_step *left)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL, *path = store_path(NULL), *shown = diag_shown(path, SHOWN);
    AUTO(store) store = store_open(path, false, &said, &error);
    if (said) fprintf(stderr, "stretchvoice: %s\n", said);
    if (store && leaving_write(store, left, &error)) return EXIT_DONE;
    fprintf(stderr, "stretchvoice: the history '%s': %s\n", shown, error->message);
    return EXIT_FAILED;
}

struct others {
    const struct routine *routine;
    bool *out; /* of each step */
};

static void note_left(void *data, const struct left_step *left)
{
    const struct others *others = data;
    int i = routine_step(others->routine, left->step);
    if (i >= 0) others->out[i] = true;
}

/* Whether every other step is left out already: a session needs one. */
static bool is_last(const struct routine *routine, const char *name, int index)
{
    g_autofree char *path = store_path(NULL);
    g_autofree bool *out = g_new0(bool, routine->n_steps);
    AUTO(store) store = store_open_to_read(path, WAIT_MS, NULL);
    struct others others = {routine, out};
    if (!store || !leaving_read(store, name, g_get_real_time() / G_USEC_PER_SEC, note_left, &others, NULL))
        return false;
    for (int i = 0; i < routine->n_steps; i++)
        if (i != index && !out[i]) return false;
    return true;
}

static void print_left(const struct step *step, const struct left_step *left)
{
    g_autoptr(GDateTime) again = left->until > 0 ? g_date_time_new_from_unix_local(left->until) : NULL;
    g_autofree char *day = again ? g_date_time_format(again, "%Y-%m-%d") : NULL;
    if (!left->out)
        printf("%s: played again\n", step->title);
    else if (day)
        printf("%s: left out, and played again on %s\n", step->title, day);
    else
        printf("%s: left out\n", step->title);
}

static int leave(struct loaded *loaded, const struct command *command)
{
    const struct routine *routine = loaded->routine;
    const char *word = g_ptr_array_index(loaded->options->arguments, 1);
    const int index = step_find(routine, NULL, word);
    g_autofree char *problem = index < 0 ? step_problem(routine, NULL, word, index) : NULL,
                    *name = today_name(routine);
    if (problem) {
        fprintf(stderr, "stretchvoice: %s\n", problem);
        return EXIT_INVALID;
    }
    if (!loaded->settings->history.keep) {
        fputs("stretchvoice: history.keep is no, so nothing is kept for the next time\n", stderr);
        return EXIT_FAILED;
    }
    if (command->id == COMMAND_SKIP && is_last(routine, name, index)) {
        fprintf(stderr,
                "stretchvoice: '%s' is the last step of '%s' that is left: 'unskip %s STEP' brings another "
                "back\n",
                routine->steps[index].name, name, name);
        return EXIT_INVALID;
    }
    const struct left_step left = {.routine = name,
                                   .step = (char *)routine->steps[index].name,
                                   .out = command->id == COMMAND_SKIP,
                                   .until = day_in(command->days)};
    int code = write_step(&left);
    if (code == EXIT_DONE && !loaded->options->quiet) print_left(&routine->steps[index], &left);
    return code == EXIT_DONE ? print_end() : code;
}

int leave_step(const struct options *options, const struct command *command)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_session(&loaded, load_names(options, 1));
    if (code == EXIT_DONE) code = leave(&loaded, command);
    load_finish(&loaded);
    return code;
}
