/* Phrases of the voice that a screen and plain lines share. Each result is to be freed. */
#ifndef UI_WORDS_H
#define UI_WORDS_H

#include "config/voice.h"
#include "report/status.h"

/* A phrase with one field, which is a text or a number. */
char *words_with(const struct voice *voice, enum phrase phrase, const char *field, const char *text);
char *words_number(const struct voice *voice, enum phrase phrase, int n);

/* A phrase about a step of the session: {step}, {steps} and {title}. */
char *words_step(const struct voice *voice, enum phrase phrase, const struct status *status, int step);

#endif
