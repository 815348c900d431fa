/* The lines of a text that somebody else wrote, cut in place and fit to be handled as C strings: what UTF-8
 * text may not hold has become '?', and is named. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <glib.h>

struct lines {
    char *next, *end; /* what is still to be cut; *end is writable */
    int number;       /* of the line that was cut last, from 1 */
    const char *bad;  /* what was wrong with its bytes ("a NUL byte"), or NULL */
};

/* The next line without its LF or CRLF; NULL at the end. Valid UTF-8, no control character but tabs. */
char *lines_next(struct lines *lines);

#endif
