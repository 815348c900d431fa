/* Sentences of a text, which are spoken one by one. Pure functions. */
#ifndef BASE_SENTENCE_H
#define BASE_SENTENCE_H

#include <glib.h>
#include <stdbool.h>

/* The text's sentences (char *), each at most 1,000 bytes: ends are . ! ? and their kin before white space,
 * but not the full stop of an abbreviation ("Dr." "approx." "z. B."). What is longer is split at a space. */
GPtrArray *sentences_split(const char *text);

/* The abbreviation in `text` whose full stop is at `stop`, and its bytes, if the sentence goes on behind it;
 * NULL otherwise. "etc." and "min." may also end a sentence: then a capital letter begins the next. */
const char *sentence_abbreviation(const char *text, const char *stop, gsize *length);

/* The text holds a letter or a digit; if not there is nothing to say in it. */
bool sentence_has_words(const char *text);

#endif
