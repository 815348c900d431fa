#include "ui/progress.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LONGEST_BAR = 30, SHORTEST_BAR = 4, STANDARD_COLUMNS = 80, PERIOD_US = 100 * 1000 };

struct progress {
    double total;
    bool bar;
    gint64 last; /* when it was drawn; 0: never */
    int tenths;  /* printed */
};

static bool can_draw(void)
{
    const char *term = g_getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

struct progress *progress_new(bool quiet, bool plain, double total)
{
    bool bar = !plain && can_draw();
    if (quiet || (!bar && !plain && !isatty(STDERR_FILENO))) return NULL;
    struct progress *progress = g_new0(struct progress, 1);
    progress->total = total;
    progress->bar = bar;
    return progress;
}

/* The last column stays free: some terminals begin a new line after it. */
static int columns_now(void)
{
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return (known ? size.ws_col : STANDARD_COLUMNS) - 1;
}

char *progress_line(double part, double done, int columns)
{
    g_autofree char *percent = g_strdup_printf("%3.0f %%", part * 100);
    g_autofree char *long_text =
        g_strdup_printf("%s  %d:%02d of sound", percent, (int)done / 60, (int)done % 60);
    const char *text = (int)strlen(long_text) <= columns ? long_text : percent;
    int bar = MIN(columns - (int)strlen(text) - (int)strlen("[] "), LONGEST_BAR);
    if ((int)strlen(text) > columns) return g_strdup("");
    if (bar < SHORTEST_BAR) return g_strdup(text);
    GString *line = g_string_new("[");
    for (int i = 0; i < bar; i++) g_string_append_c(line, i < part * bar ? '#' : '.');
    g_string_append_printf(line, "] %s", text);
    return g_string_free(line, FALSE);
}

static void print_tenth(struct progress *progress, double part, double done)
{
    int tenths = (int)(part * 10);
    if (tenths <= progress->tenths) return;
    progress->tenths = tenths;
    fprintf(stderr, "%d %%, %d:%02d of sound\n", tenths * 10, (int)done / 60, (int)done % 60);
}

void progress_show(struct progress *progress, double done)
{
    gint64 now = g_get_monotonic_time();
    if (!progress) return;
    double part = MIN(done / MAX(progress->total, 1), 0.99);
    if (!progress->bar) {
        print_tenth(progress, part, done);
    } else if (now - progress->last >= PERIOD_US) {
        g_autofree char *line = progress_line(part, done, columns_now());
        progress->last = now;
        fprintf(stderr, "\r%s\033[K", line);
        fflush(stderr);
    }
}

void progress_free(struct progress *progress)
{
    if (!progress) return;
    if (progress->last > 0) fputs("\r\033[K", stderr);
    g_free(progress);
}
