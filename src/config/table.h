/* The one table of settings, sections together, in the order of the shipped file. */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include "setting.h"

enum { N_SETTINGS = 27 };

extern const struct setting SETTINGS[N_SETTINGS];

#endif
