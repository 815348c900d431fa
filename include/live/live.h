/* A session under way: settings, voice, routine, speech, device and player put together, steered from the
 * main context.
 *
 * It has no screen and no socket: these are listeners. A key, a line on the socket and a call on the bus all
 * become a struct command for live_command(). Main thread; no call waits. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include "live/score.h"
#include "player/session.h"
#include "report/scene.h"
#include <gio/gio.h>

/* What is to be played. All is borrowed, and must live as long as the session. */
struct play_request {
    const struct settings *settings; /* there from live_new() on */
    const struct voice *voice;       /* from live_speak() on */
    const struct routine *routine;   /* from live_begin() on, and so is the rest */
    bool resume;                     /* go on where the last session of this routine was interrupted, */
    bool level_given, hold_given;    /* but with this level, these holds (percent), */
    bool volume_given;               /* and this volume */
    bool steps_named;         /* its steps are those that were asked for, also if they are left out usually */
    int64_t until;            /* real time at which it ends, in us; 0: no such time */
    const char *seed;         /* by which music is shuffled, a number; NULL: the date */
    const GByteArray *out;    /* steps that are left out, and */
    const GPtrArray *opening; /* sentences about it: see struct script. Either may be NULL */
    bool attended;            /* it can be steered, and so a question answered */
    bool verbose, quiet;      /* note more, or nothing but what is wrong */
    const char *state_directory; /* of interrupted sessions; NULL: the usual one */
    const char *data_directory;  /* of the history; likewise */
    const char *render_command;  /* renders the same session to a file: a hint if there is no output */
};

/* How a session ends, beside the errors of score.h; notes have said what is wrong with the voice. */
enum {
    LIVE_ERROR_NO_OUTPUT = LIVE_ERROR_LENGTH + 1, /* there is no such output */
    LIVE_ERROR_INTERRUPTED,                       /* live_interrupt() */
};

/* Any member may be NULL. None may free the session; all may call live_command() and live_interrupt(). */
struct listener {
    void (*started)(void *data); /* once: from now on something is heard */
    /* In each turn of the main loop in which the status may have changed. */
    void (*status)(void *data, const struct status *status);
    void (*note)(void *data, const char *line); /* one whole line for the user, */
    void (*news)(void *data, const char *line); /* and one about the sound at the moment */
    /* A sentence of the session that has begun to be said. */
    void (*sentence)(void *data, const char *sentence);
    /* The words that answer a command, with its number; 0: to none, a pause that the program made. */
    void (*answer)(void *data, guint number, const char *words);
    void (*done)(void *data);                      /* all commands so far have been done */
    void (*over)(void *data, const GError *error); /* once, last; NULL: it was played, or stopped */
    void *data;
};

struct live;

/* Starts both helper programs. NULL with LIVE_ERROR_SPEECH, or where there is no memory for sound. */
struct live *live_new(const struct play_request *request, GError **error);
void live_speak(struct live *live); /* the voice is known: speech gets it ready */
void live_begin(struct live *live); /* the routine is known: it plays as soon as it can */
void live_free(struct live *live);  /* at once; NULL is fine */

/* Adds a listener, which is copied; it is called after those that were added before. Not from a listener: the
 * others are being called just then. */
void live_listen(struct live *live, const struct listener *listener);

/* Done at the frame that was heard last, and acknowledged there. Returns its number, from 1; 0 after the
 * session's end, where it does nothing. */
guint live_command(struct live *live, struct command command);

/* Ends it at once, and so that it can be resumed. */
void live_interrupt(struct live *live);

/* Waits until what has been practised is on the disk, or a moment: for a program that ends afterwards. NULL
 * is fine. */
void live_settle(struct live *live);

/* What is under way, in words; to be freed. After live_begin(). */
char *live_here(const struct live *live);

/* The present status; changes nothing. After live_begin(). */
void live_status(const struct live *live, struct status *status);

/* What a screen needs beside it; scene_finish() is due. */
void live_scene(struct live *live, const struct status *status, struct scene *scene);

/* The title of the step at which the last session of this routine was interrupted, if this one could have
 * gone on there; NULL if not. After live_begin(). */
const char *live_left_at(const struct live *live);

const char *live_device(const struct live *live); /* that plays; NULL while there is none */
bool live_has_started(const struct live *live);   /* or has lost its sound before anything was heard */
const struct play_request *live_request(const struct live *live);
double live_step_seconds(const struct live *live, int step); /* about how long it takes */

/* The step that was chosen in a menu that is over; -1: none. */
int live_chosen(const struct live *live);

/* Finds the step that a command names. NULL, or what is wrong, to be freed. */
char *live_find_step(const struct live *live, struct command *command);

/* Nothing can steer it: holds of `ready` do not wait. */
void live_unattended(struct live *live);

#endif
