/* Renders sessions. Files get their names when all of them are whole. */
#ifndef APP_RENDER_H
#define APP_RENDER_H

#include "load.h"
#include "rendering.h"
#include "file/newdir.h"
#include "report/chapters.h"

/* What is made of a routine. */
struct render {
    struct names names;    /* of the routines */
    const char *path;      /* of the file of the whole session, or "-"; NULL: none */
    const char *directory; /* for a file a step; NULL: none */
    bool captions;         /* beside `path` */
    int track, tracks;     /* of `path`; 0: it is the only file */
};

/* What came out of it. */
struct rendered {
    struct labels labels;
    struct chapters chapters; /* its script is not there any more */
    int64_t frames;
    int rate;
};

/* The files (struct newfile *) that wait for their names, and the directory that is made for them. */
struct batch {
    GPtrArray *files;
    struct newdir *directory; /* that some of them go to, or NULL */
};

void batch_init(struct batch *batch);
void batch_finish(struct batch *batch); /* leaves nothing of what has no name */

/* Gives them their names, in order. */
bool batch_commit(struct batch *batch, GError **error);

/* The bytes of those from one on and before another. */
int64_t batch_bytes(const struct batch *batch, guint from, guint to);

/* Adds a file with this content. */
bool batch_add(struct batch *batch, const char *path, const char *content, GError **error);

/* Whether its files can be written, but for those of the steps. */
bool render_check(const struct render *render, GError **error);

/* Returns the exit code, and prints why it is not EXIT_DONE. rendered_finish() is due in any case. */
int render_session(const struct options *options, const struct encoding *encoding,
                   const struct render *render, struct batch *batch, struct rendered *rendered);
void rendered_finish(struct rendered *rendered);

/* `render --feed` */
int feed_render(const struct options *options, const struct encoding *encoding);

#endif
