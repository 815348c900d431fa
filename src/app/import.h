/* Readers of workouts that other programs have written. `text` is UTF-8 without NUL. Each fills an outline;
 * false if the text is nothing that it knows. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "outline.h"

bool import_json(struct outline *outline, const char *text);
bool import_csv(struct outline *outline, const char *text);
bool import_list(struct outline *outline, const char *text);

/* Takes times, sets and sides out of a title as people write it: "Plank 30s", "Lunge left/right 3 x 12". What
 * is left of it is the title. Adds the step; the result is as that of outline_add(). */
struct outline_step *import_line(struct outline *outline, const char *line);

#endif
