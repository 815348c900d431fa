/* Big figures: numbers that are read across a room. */
#ifndef UI_FIGURES_H
#define UI_FIGURES_H

#include <glib.h>
#include <stdbool.h>

/* A number of digits and ':' in so many rows, 3 or 5; each to be freed, and so is the array. */
GStrv figures_draw(const char *number, int rows, bool ascii);

#endif
