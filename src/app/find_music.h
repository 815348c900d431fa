/* Where the music of a session is. */
#ifndef APP_FIND_MUSIC_H
#define APP_FIND_MUSIC_H

#include "config/settings.h"
#include "routine/routine.h"

/* Puts the music of a session into settings->music.file, an absolute path or "": what the command line names,
 * else the routine, else the settings. A problem is reported. */
void find_music(struct settings *settings, const struct routine *routine, struct diags *diags);

/* Warns if the settings name music that is not there: a session would be played without it. */
void find_missing_music(const struct settings *settings, struct diags *diags);

/* The path of the music that the routine names, without links; to be freed. NULL if it names none, or after a
 * problem: it, and what lies in it if it is a directory, must lie in or below the routine's own directory. */
char *find_own_music(const struct routine *routine, struct diags *diags);

#endif
