/* Finds the files of routines and voices by name or path. A missing one is a problem, reported with the
 * nearest name that exists. */
#ifndef APP_FIND_H
#define APP_FIND_H

#include "config/settings.h"
#include "config/voice.h"

/* The path of the routine's file, to be freed; NULL after a problem. */
char *find_routine(const char *name, struct diags *diags);

/* The voice profile that the settings name; otherwise the one for this language, or English. The path of its
 * file, to be freed; or the voice, with the settings applied. NULL after a problem. */
char *find_voice_path(const struct settings *settings, const char *language, struct diags *diags);
struct voice *find_voice(const struct settings *settings, const char *language, struct diags *diags);

#endif
