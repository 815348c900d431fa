#include "reminders.h"
#include "base/diag.h"
#include "base/read.h"
#include "file/newfile.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { MOST = 1000, DIRECTORY_MODE = 0777 };

#define BEGINNING "stretchvoice-remind-"
#define END ".timer"

static char *directory(void)
{
    return g_build_filename(g_get_user_config_dir(), "systemd", "user", NULL);
}

char *reminders_path(int number, const char *kind)
{
    g_autofree char *units = directory(), *name = reminder_unit(number, kind);
    return g_build_filename(units, name, NULL);
}

/* The link by which a timer is on. To be freed. */
static char *link_path(int number)
{
    g_autofree char *units = directory(), *name = reminder_unit(number, "timer");
    return g_build_filename(units, "timers.target.wants", name, NULL);
}

bool reminders_is_on(int number)
{
    GStatBuf status;
    g_autofree char *path = link_path(number);
    return g_lstat(path, &status) == 0;
}

/* ---- reading ---- */

/* The number in a timer's name; 0 if it is none of ours. */
static int number_of(const char *name)
{
    guint64 number = 0;
    if (!g_str_has_prefix(name, BEGINNING) || !g_str_has_suffix(name, END)) return 0;
    g_autofree char *digits =
        g_strndup(name + strlen(BEGINNING), strlen(name) - strlen(BEGINNING) - strlen(END));
    return g_ascii_string_to_unsigned(digits, 10, 1, MOST, &number, NULL) ? (int)number : 0;
}

static bool load(struct reminder *reminder, int number)
{
    g_autofree char *path = reminders_path(number, "timer"), *text = NULL;
    gsize size;
    return g_file_get_contents(path, &text, &size, NULL) && reminder_read_timer(reminder, number, text, size);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return ((const struct reminder *)a)->number - ((const struct reminder *)b)->number;
}

GArray *reminders_load(GArray *strange, GError **error)
{
    g_autofree char *path = directory(), *problem = NULL;
    DIR *units = open_directory(path, &problem);
    if (problem) {
        g_autofree char *shown = diag_shown(path, PATH_MAX);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", shown, problem);
        return NULL;
    }
    GArray *reminders = g_array_new(FALSE, FALSE, sizeof(struct reminder));
    g_array_set_clear_func(reminders, (GDestroyNotify)reminder_finish);
    for (const struct dirent *entry; units && (entry = readdir(units));) {
        struct reminder reminder;
        int number = number_of(entry->d_name);
        if (number == 0) continue;
        if (load(&reminder, number))
            g_array_append_val(reminders, reminder);
        else
            g_array_append_val(strange, number);
    }
    if (units) closedir(units);
    g_array_sort(reminders, compare);
    return reminders;
}

/* ---- writing ---- */

/* Always false. */
static bool fail(GError **error, const char *path, const char *what)
{
    int number = errno;
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number), "%s %s: %s", shown, what,
                g_strerror(number));
    return false;
}

static bool write_unit(const char *path, const char *text, GError **error)
{
    struct newfile *file = newfile_create(path, error);
    bool written = file && newfile_write(file, text, strlen(text), error) && newfile_sync(file, error) &&
                   newfile_commit(g_steal_pointer(&file), error);
    newfile_discard(file);
    return written;
}

/* Another process may look for a number at the same time: it waits until the descriptor is closed. */
static int lock_directory(const char *units)
{
    int fd = open(units, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) (void)TEMP_FAILURE_RETRY(flock(fd, LOCK_EX)); /* not every file system can */
    return fd;
}

/* The first number without a timer. */
static bool find_number(struct reminder *reminder, GError **error)
{
    for (reminder->number = 1; reminder->number <= MOST; reminder->number++) {
        g_autofree char *timer = reminders_path(reminder->number, "timer");
        if (!g_file_test(timer, G_FILE_TEST_EXISTS)) return true;
    }
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                "there are %d reminders; 'remind remove N' takes one away", MOST);
    return false;
}

/* When a timer went off last. One with the same number would count from there. */
static void forget_stamp(int number)
{
    g_autofree char *name = reminder_unit(number, "timer"), *file = g_strconcat("stamp-", name, NULL);
    g_autofree char *stamp = g_build_filename(g_get_user_data_dir(), "systemd", "timers", file, NULL);
    g_unlink(stamp);
}

static bool write_units(struct reminder *reminder, const char *program, const char *const *arguments,
                        GError **error)
{
    if (!find_number(reminder, error)) return false;
    g_autofree char *timer = reminder_timer(reminder),
                    *service = reminder_service(reminder, program, arguments),
                    *timer_path = reminders_path(reminder->number, "timer"),
                    *service_path = reminders_path(reminder->number, "service");
    forget_stamp(reminder->number);
    if (write_unit(service_path, service, error) && write_unit(timer_path, timer, error)) return true;
    g_unlink(service_path);
    return false;
}

bool reminders_write(struct reminder *reminder, const char *program, const char *const *arguments,
                     GError **error)
{
    g_autofree char *units = directory();
    if (g_mkdir_with_parents(units, DIRECTORY_MODE) != 0) return fail(error, units, "cannot be made");
    int lock = lock_directory(units);
    bool written = write_units(reminder, program, arguments, error);
    if (lock >= 0) close(lock);
    return written;
}

bool reminders_remove(int number)
{
    g_autofree char *timer = reminders_path(number, "timer"), *service = reminders_path(number, "service"),
                    *link = link_path(number);
    bool was = g_unlink(timer) == 0;
    was |= g_unlink(service) == 0;
    g_unlink(link);
    forget_stamp(number);
    return was;
}
