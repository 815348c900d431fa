/* Sentences of a text, which are spoken one by one. Pure functions. */
#ifndef BASE_SENTENCE_H
#define BASE_SENTENCE_H

#include <glib.h>
#include <stdbool.h>

/* What a full stop means in a language. Borrowed. */
struct sentence_rules {
    /* "Dr., approx., etc.?, no.#": behind these a sentence goes on; with a '?' only if no capital letter
     * follows, with a '#' only if a number does. */
    const char *abbreviations;
    bool ordinals; /* behind a number too, whatever follows but the end of a line */
};

/* The text's sentences (char *), each at most 1,000 bytes: ends are . ! ? and their kin before white space,
 * and those of scripts that write no space there. Behind a number a full stop is an end only before a capital
 * letter, or before two spaces: there a line ended. What is longer is split at a space. Without `rules` there
 * are no abbreviations. */
GPtrArray *sentences_split(const char *text, const struct sentence_rules *rules);

/* The abbreviation in `text` whose full stop is at `stop`, and its bytes, if the sentence goes on behind it;
 * NULL otherwise. */
const char *sentence_abbreviation(const char *text, const char *stop, const struct sentence_rules *rules,
                                  gsize *length);

/* The text's last character ends a sentence. */
bool sentence_is_over(const char *text);

/* The text with its first letter in upper case, as a sentence begins. To be freed. */
char *sentence_begun(const char *text);

/* The text holds a letter or a digit; if not there is nothing to say in it. */
bool sentence_has_words(const char *text);

#endif
