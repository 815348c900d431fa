/* From the names that a user gives to files of routines and voices. What is not found is a problem, with the
 * nearest name that there is. */
#ifndef APP_FIND_H
#define APP_FIND_H

#include "config/settings.h"
#include "config/voice.h"

/* The routine's file, which the caller frees; NULL after a problem. */
char *find_routine(const char *name, struct diags *diags);

/* The voice profile that the settings name, or that suits the routine's language, or English: its file, which
 * the caller frees, or all of it, with what the settings say of it. NULL after a problem. */
char *find_voice_path(const struct settings *settings, const char *language, struct diags *diags);
struct voice *find_voice(const struct settings *settings, const char *language, struct diags *diags);

#endif
