/* A session that is being played in the foreground: what src/app/verb_play.c and its screen share. */
#ifndef APP_PLAY_H
#define APP_PLAY_H

#include "app/prepare.h"
#include "player/session.h"
#include "sound/output.h"
#include <string.h>

struct play {
    struct prepared prepared;
    struct output *output;
    struct session *session;  /* NULL until it can begin */
    GMainLoop *loop;
    GArray *orders;           /* struct order, waiting for the flush */
    guint stop_timer, hurry_timer;
    bool started;             /* the output has taken the session */
    int64_t begun;            /* g_get_monotonic_time() */
    int code;

    bool draw, color;         /* the screen */
    char *shown;              /* what was drawn or said last */
};

void play_quit(struct play *play, int code);
void play_command(struct play *play, struct order order);

/* --- play_screen.c --- */
void play_show_begin(struct play *play);
void play_show(struct play *play);
void play_show_end(struct play *play);

/* Something is about to be written elsewhere: the next drawing begins below it. `data` is the struct play. */
void play_show_fresh(void *data);

/* One line on standard error that does not tear the drawing. */
void play_note(struct play *play, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
