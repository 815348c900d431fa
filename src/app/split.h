/* A session as one file a step. They are cut where the session is silent, between two steps; the first one
 * begins with the introduction, and the last one ends with the closing words. Each begins and ends with
 * silence of its own. */
#ifndef APP_SPLIT_H
#define APP_SPLIT_H

#include "file/soundfile.h"
#include "report/chapters.h"

struct split;

struct split_options {
    const char *directory; /* exists */
    const char *extension; /* of the files: "mp3" */
    struct soundfile_options
        encoding; /* its tags have what all files share; it is copied, the texts are borrowed */
    const struct script *script; /* borrowed */
    bool (*stop)(void *data);    /* as in soundfile_watch() */
    void *data;
};

struct split *split_new(const struct split_options *options);

/* The file of a step would have this path. */
bool split_makes(const struct split *split, const char *path);

/* Whether all of its files can be written. */
bool split_check(const struct split *split, GError **error);

/* Leaves nothing of what has not been finished. NULL is fine. */
void split_free(struct split *split);

/* Takes in what has become final: before it is written, and before planner_forget(). */
void split_look(struct split *split, const struct timeline *timeline);

/* So many frames before the end of what is final must not be written yet. */
int64_t split_margin(const struct split *split);

/* `stereo` has 2 × frames samples, and follows on what was written before. */
bool split_write(struct split *split, const int16_t *stereo, int64_t frames, GError **error);

/* Ends the last file, and adds all of them (struct newfile *), in order, to `files`: they still need their
 * names. */
bool split_finish(struct split *split, GPtrArray *files, GError **error);

#endif
