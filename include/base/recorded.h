/* Recorded clips: sound files that are named after their sentences. Looks at files, changes nothing. */
#ifndef BASE_RECORDED_H
#define BASE_RECORDED_H

#include <glib.h>
#include <stdbool.h>

/* The name of a sentence: six letters and digits, from a hash of the language and the text as it is said. */
enum { SENTENCE_ID = 6 };
void sentence_id(const char *language, const char *text, char id[SENTENCE_ID + 1]);

/* The file of the sentence's clip in a directory: the first of ID.flac, wav, ogg, opus and mp3 that is there,
 * or NULL. To be freed. */
char *recorded_find(const char *directory, const char *language, const char *text);

/* Whether the name of a file has one of these extensions. */
bool recorded_is_sound(const char *name);

#endif
