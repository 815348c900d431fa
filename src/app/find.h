/* Finds the files of routines and voices by name or path. A missing one is a problem, reported with the
 * nearest name that exists. */
#ifndef APP_FIND_H
#define APP_FIND_H

#include "config/settings.h"
#include "config/voice.h"

/* The language in which the listener wants routines, to be freed: of the settings, else of the environment.
 */
char *find_language(const struct settings *settings);

/* The file of the routine NAME in that language: NAME.LANG.ini if there is one, else NAME.ini; NULL if there
 * is neither. To be freed. A NAME that is a path, or has a language, is that file. */
char *find_version(const char *name, const char *language);

/* The path of the routine's file in the listener's language, to be freed; NULL after a problem. */
char *find_routine(const char *name, const struct settings *settings, struct diags *diags);

/* Whether it names a workout of another program, by its extension (JSON, Feeel, CSV) or by how it begins.
 * find_routine() then says what makes a routine of it. */
bool find_is_workout(const char *name);

/* The path of a voice profile, to be freed; NULL after a problem, which is reported at `place`. */
char *find_profile(const char *name, const struct diag_location *place, struct diags *diags);

/* A profile with its bases, also if there are problems: what is right of it. NULL if the file cannot be read
 * at all. */
struct voice *find_voice_at(const char *path, struct diags *diags);

/* The voice for a routine in this language, with the settings applied: the one that the settings name; or the
 * profile of the language, or espeak-ng's own voice of it, or English. NULL after a problem. */
struct voice *find_voice(const struct settings *settings, const char *language, struct diags *diags);

/* True if the program that speaks is there, or it is espeak-ng. *name, to be freed, is how the profile names
 * it. */
bool find_voice_program(const struct voice *voice, char **name);

/* The file of the profile that the settings name, to be freed. NULL if they name none: an empty name, a voice
 * of espeak-ng, or after a problem. */
char *find_voice_path(const struct settings *settings, struct diags *diags);

#endif
