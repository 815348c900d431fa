/* Languages by their tags ("en", "pt-br"): which of them espeak-ng speaks, and their plurals. Pure functions.
 * Upper case and '_' make no difference. */
#ifndef CONFIG_LANGUAGE_H
#define CONFIG_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Unicode's categories of whole numbers, as far as phrases have forms for them. */
enum plural { PLURAL_OTHER, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, N_PLURALS };

/* Which form of a phrase goes with so many. A language that is not known has `one` and the rest. */
enum plural language_plural(const char *tag, int n);

/* The tag, or as much of its beginning as espeak-ng has a voice for: "de" for "de-at". NULL if there is none.
 * The caller frees it. */
char *language_spoken(const char *tag);

/* The bytes of a routine's name without its language: 4 of "neck.de". All of them if there is none. */
size_t language_stem(const char *name);

/* The tag in a value of LC_ALL or LANG: "de-at" of "de_AT.UTF-8", "en" of "C". The caller frees it. */
char *language_of_locale(const char *locale);

/* The three letters of ISO 639-2 for a tag's language: "deu" of "de-at"; "und" if it has none. */
void language_three_letters(const char *tag, char code[4]);

/* Whether two tags have the same part before '-' ("en" and "en-gb"). */
bool language_same(const char *a, const char *b);

#endif
