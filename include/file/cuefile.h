/* The sound files that the settings name for cues. */
#ifndef FILE_CUEFILE_H
#define FILE_CUEFILE_H

#include "config/settings.h"

/* Reads them all into settings->cues.file, when the settings are complete: at sound.rate, from their onset
 * on. A file that cannot be used is an error at the line that names it. */
void cuefiles_read(struct settings *settings, struct diags *diags);

#endif
