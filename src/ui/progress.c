#include "ui/progress.h"
#include <glib.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR = 30, PERIOD_US = 100 * 1000 };

struct progress {
    double total;
    gint64 last;
};

struct progress *progress_new(bool quiet, double total)
{
    if (quiet || !isatty(STDERR_FILENO)) return NULL;
    struct progress *progress = g_new0(struct progress, 1);
    progress->total = total;
    return progress;
}

void progress_show(struct progress *progress, double done)
{
    gint64 now = g_get_monotonic_time();
    if (!progress || now - progress->last < PERIOD_US) return;
    progress->last = now;
    double part = MIN(done / MAX(progress->total, 1), 0.99);
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++) bar[i] = i < part * BAR ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %3.0f %%  %d:%02d of sound", bar, part * 100, (int)done / 60, (int)done % 60);
    fflush(stderr);
}

void progress_free(struct progress *progress)
{
    if (!progress) return;
    if (progress->last > 0) fputs("\r\033[K", stderr);
    g_free(progress);
}
