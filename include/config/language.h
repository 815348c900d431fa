/* Languages by their tags ("en", "pt-br"): which of them espeak-ng speaks, and their plurals. Pure functions.
 * Upper case and '_' make no difference. */
#ifndef CONFIG_LANGUAGE_H
#define CONFIG_LANGUAGE_H

#include <stdbool.h>

/* Unicode's categories of whole numbers, as far as phrases have forms for them. */
enum plural { PLURAL_OTHER, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, N_PLURALS };

/* Which form of a phrase goes with so many. A language that is not known has `one` and the rest. */
enum plural language_plural(const char *tag, int n);

/* The tag, or as much of its beginning as espeak-ng has a voice for: "de" for "de-at". NULL if there is none.
 * The caller frees it. */
char *language_spoken(const char *tag);

/* Whether two tags have the same part before '-' ("en" and "en-gb"). */
bool language_same(const char *a, const char *b);

#endif
