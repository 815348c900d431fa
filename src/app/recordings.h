/* The directory of a voice's recorded clips: opened to record into it, and checked. */
#ifndef APP_RECORDINGS_H
#define APP_RECORDINGS_H

#include "config/settings.h"
#include "config/voice.h"
#include "plan/script.h"

/* The directory, made if it is missing, to be freed. NULL after a problem: the profile names none, or it
 * cannot be written. */
char *recordings_open(const struct voice *voice, struct diags *diags);

/* What is known to belong to recordings, gathered while routines and profiles are checked. */
struct recordings;

struct recordings *recordings_new(void);
void recordings_free(struct recordings *recordings);

/* Takes note of the voice's directory, if it has one. */
void recordings_add_voice(struct recordings *recordings, const struct voice *voice);

/* Takes note of every sentence of the routine. Returns how many the voice has no recording of, and in *all
 * how many there are; -1 if it has no recordings at all. */
int recordings_add_routine(struct recordings *recordings, const struct script *script, int *all);

/* Warns of every sound file in these directories that belongs to no sentence: neither of what was added nor
 * of a routine that is found by its name. */
void recordings_check(const struct recordings *recordings, const struct settings *settings,
                      struct diags *diags);

#endif
