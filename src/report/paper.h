/* A document of headings, paragraphs and lists, written piece by piece in one of three formats. Texts are
 * escaped here: what they contain is never markup. For src/report only. */
#ifndef REPORT_PAPER_H
#define REPORT_PAPER_H

#include <glib.h>
#include <stdbool.h>

enum piece {
    PIECE_TITLE,
    PIECE_ABOUT,
    PIECE_FACTS,
    PIECE_HEADING,
    PIECE_STEP, /* the heading of a step, which gets its number */
    PIECE_WHEN,
    PIECE_DOSE,
    PIECE_NEED,
    PIECE_TEXT,
    PIECE_SIDE,
    PIECE_HOLD, /* and other waits */
    N_PIECES
};

/* Lists are numbered from 1; an item is open until the next is, or its list is closed. */
enum list { LIST_STEPS, LIST_MOVES };

struct paper_format;

struct paper {
    GString *text;
    const struct paper_format *format;
    const char *ours; /* the language of the program's own words; NULL: that of the routine. Borrowed */
    int number[2];    /* of the open item in each list; 0: none is open */
    bool marked;      /* the open move's number has been written */
};

/* The known formats, NULL-terminated. */
const char *const *paper_formats(void);

/* `language` is that of the routine. */
void paper_begin(struct paper *paper, const char *format, const char *title, const char *language,
                 const char *ours);
char *paper_end(struct paper *paper); /* all of it; the caller frees it */

/* A text of the routine, and one of the program. */
void paper_put(struct paper *paper, enum piece piece, const char *text);
void paper_say(struct paper *paper, enum piece piece, const char *text);

void paper_item(struct paper *paper, enum list list);
void paper_close(struct paper *paper, enum list list);

/* An SVG element, where the format has pictures, and what it shows. */
void paper_picture(struct paper *paper, const char *svg, const char *caption);

/* Numbered boxes to mark by hand, seven in a row. */
void paper_boxes(struct paper *paper, int n);

#endif
