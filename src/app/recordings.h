/* The directory of a voice's recorded clips: opened to record into it, and checked. */
#ifndef APP_RECORDINGS_H
#define APP_RECORDINGS_H

#include "config/settings.h"
#include "config/voice.h"
#include "plan/script.h"

/* The directory, made if it is missing, to be freed. NULL after a problem: the profile names none, or it
 * cannot be written. */
char *recordings_open(const struct voice *voice, struct diags *diags);

/* The sentences that recordings can belong to, gathered while routines and profiles are checked: those of
 * what is added, and of every routine in the voice's language that is found by its name. */
struct recordings;

/* The settings are borrowed, and must live as long. */
struct recordings *recordings_new(const struct settings *settings);
void recordings_free(struct recordings *recordings);

/* Each returns how many sentences have no recording, of the routine or of all that are known of the voice,
 * and in *all how many there are; -1 if the voice has no directory of recordings. */
int recordings_add_routine(struct recordings *recordings, const struct script *script, int *all);
int recordings_add_voice(struct recordings *recordings, const struct voice *voice, int *all);

/* Warns of each sound file in these directories that belongs to no sentence. */
void recordings_check(const struct recordings *recordings, struct diags *diags);

#endif
