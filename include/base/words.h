/* Words as a shell takes them, on one line. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <glib.h>

/* What is plain stays as it is, so that a line reads as a person would have typed it; the rest is quoted. */
void words_append(GString *line, const char *word);

/* All of a NULL-terminated list. To be freed. */
char *words_join(const char *const *words);

#endif
