/* Characters that look like others, or like nothing. Pure functions on valid UTF-8. */
#ifndef BASE_LETTER_H
#define BASE_LETTER_H

#include <glib.h>
#include <stdbool.h>

/* Hyphens, dashes and the minus sign. */
bool letter_is_dash(gunichar c);

/* What nothing is seen of, such as "a zero width space"; NULL for all else. */
const char *letter_invisible(gunichar c);

/* The name of the alphabet, "Cyrillic", if it is none of Latin letters; NULL for all else. */
const char *letter_foreign(gunichar c);

/* In place: dashes become '-', spaces ' ', and what is invisible goes. Returns `text`. */
char *letters_plain(char *text);

/* Where `text` begins behind spaces of any kind and what is invisible. */
char *letters_skip_space(const char *text);

/* The bytes of `text` without spaces and what is invisible at its end. */
gsize letters_length(const char *text);

/* The first character of `text` that is not what it looks like: "U+200B, a zero width space"; a no-break
 * space, a dash in place of a hyphen, a letter of another alphabet beside Latin ones. NULL: there is none.
 * The caller frees it. */
char *letters_unseen(const char *text);

#endif
