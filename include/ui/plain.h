/* A session as lines of text, for a screen reader, a braille display or a file: one for each change of step,
 * side or set, and one for each answer. A line waits until the voice is silent, so that a screen reader does
 * not talk over it. Pure. */
#ifndef UI_PLAIN_H
#define UI_PLAIN_H

#include "report/scene.h"

struct plain {
    bool words;                /* each sentence as it is said, instead of the changes */
    const struct voice *voice; /* that speaks: its phrases are shown */
    bool begun;
    enum status_state state;
    struct place told;
    unsigned jumps;
    char *answer;     /* that came after the last status; NULL: none */
    char *unsaid;     /* the last sentence that a chime stood for */
    GString *waiting; /* lines with their ends; NULL: none yet */
};

/* Each returns the lines that are due, without the last one's end, to be freed; NULL: none. What waits is due
 * at a status that is STATUS_OVER. A struct plain is zero at first, but for `words` and `voice`. */
char *plain_status(struct plain *plain, const struct status *status, const struct scene *scene);
char *plain_answer(struct plain *plain, const char *words);
char *plain_sentence(const struct plain *plain, const char *sentence);
void plain_finish(struct plain *plain);

#endif
