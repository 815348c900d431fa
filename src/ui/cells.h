/* Texts measured in the cells of a terminal: a wide letter takes two, a combining mark none. */
#ifndef UI_CELLS_H
#define UI_CELLS_H

#include <glib.h>
#include <stdbool.h>

int cells_of(const char *text);

/* The text, or as much of it as has room in so many cells, with an ellipsis. To be freed. */
char *cells_cut(const char *text, int cells, bool ascii);

/* The text in at most `most` lines of so many cells, broken at blanks where there are any; the last one is
 * cut. To be freed. */
GStrv cells_wrap(const char *text, int cells, int most, bool ascii);

#endif
