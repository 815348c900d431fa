/* The words that are listened for, and how they are pronounced: what pocketsphinx reads as dictionary and
 * grammar. */
#ifndef EAR_HELPER_WORDS_H
#define EAR_HELPER_WORDS_H

#include <glib.h>

struct words {
    GArray *commands;  /* int: the number of the command that each phrase stands for */
    GPtrArray *spoken; /* GPtrArray of char *: the pronunciations of each phrase, the usual one first */
    GString *unknown;  /* words that the model's dictionary does not have, with commas; empty: none */
};

/* From lines "NUMBER phrase", with the dictionary of the model: "word P1 P2 …" a line. Phrases with an
 * unknown word are left out. NULL if the dictionary cannot be read. */
struct words *words_new(const char *lines, const char *dictionary);
void words_free(struct words *words); /* NULL is fine */

/* A dictionary of these phrases, c0 to cN, of each phone alone, p_AA to p_ZH, and of the words of WAKE. To be
 * freed. */
char *words_dictionary(const struct words *words, gsize *size);

/* Grammars in JSGF, to be freed: one phrase, but none of command `without` (-1: any), NULL if there is none
 * left; */
char *words_grammar(const struct words *words, int without);
/* and the filler, any row of phones. */
char *words_any_grammar(void);
/* and the wake words. */
char *words_wake_grammar(void);

#define WAKE "hey coach"

#endif
