/* A session that takes spoken commands ([listen]), by way of the helper program that listens. Main thread; no
 * call waits. What fails costs only this. */
#ifndef LIVE_EAR_H
#define LIVE_EAR_H

#include "config/settings.h"
#include "config/voice.h"
#include "live/live.h"
#include "sound/output.h"

struct listeners;
struct ear;

struct ear_options {
    const struct settings *settings;
    const struct voice *voice;
    struct listeners *listeners;
    struct session *session;
    struct output *output;
    struct live *live; /* gets the commands */
};

/* For a session before its first turn. What `options` points to is borrowed. NULL if listen.mode is off, if
 * the output is null:fast, or after an error, whose message the listeners get. */
struct ear *ear_new(const struct ear_options *options);
void ear_free(struct ear *ear); /* closes the microphone; NULL is fine */

/* Opens the microphone, or leaves it open. False if it cannot listen. NULL is fine. */
bool ear_listen(struct ear *ear);

/* A flush has been answered: it opens or closes for the session what the helper has opened or closed. To be
 * called before the commands are applied; NULL is fine. */
void ear_apply(struct ear *ear);

/* The microphone is open, for the wake words. NULL is fine. */
bool ear_is_open(const struct ear *ear);

#endif
