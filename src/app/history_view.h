/* The history for people: on the terminal, as sentences, and as a picture. */
#ifndef APP_HISTORY_VIEW_H
#define APP_HISTORY_VIEW_H

#include "history/calendar.h"
#include "history/query.h"

enum { VIEW_SESSIONS = 10 };

struct history_view {
    struct calendar calendar;
    GPtrArray *sessions; /* struct history_session *, the last ones in the order of their beginning */
};

/* Of the history, which is NULL while there is none. history_view_finish() is due in either case. */
bool history_view_load(struct history_view *view, struct store *store, int64_t today, GError **error);
void history_view_finish(struct history_view *view);

void history_view_print(const struct history_view *view, bool color);
void history_view_print_plain(const struct history_view *view);

/* To be freed. */
char *history_view_svg(const struct history_view *view);

#endif
