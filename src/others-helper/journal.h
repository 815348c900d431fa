/* What is changed in other programs, on disk before it is changed: $XDG_STATE_HOME/stretchvoice/others.ini.
 * So it can be undone after this process was killed, and after a power cut. One process at a time has the
 * journal. Calls wait for the disk. */
#ifndef OTHERS_HELPER_JOURNAL_H
#define OTHERS_HELPER_JOURNAL_H

#include <glib.h>
#include <stdbool.h>

/* The kinds of groups, each "KIND NUMBER". */
#define JOURNAL_STREAM "stream"
#define JOURNAL_PLAYER "player"

struct journal {
    char *path;
    int lock;
    GKeyFile *file; /* what is to be written */
    char *saved;    /* what is on disk; NULL: nothing */
};

enum journal_state {
    JOURNAL_OPEN,
    JOURNAL_BUSY,     /* another process has it now */
    JOURNAL_UNUSABLE, /* there is no place for it */
};

/* Reads what another process has left. A file that no journal can be is set aside. `*problem` is one sentence
 * about that, or about why it is unusable; to be freed, NULL if there is none. */
enum journal_state journal_open(struct journal *journal, char **problem);

/* The groups of a kind, NULL-terminated; to be freed with g_strfreev(). */
char **journal_groups(const struct journal *journal, const char *kind);

/* Removes the groups of a kind. */
void journal_clear(struct journal *journal, const char *kind);

/* Brings it to the disk, if it has changed. False if that fails: then nothing may be changed in other
 * programs. */
bool journal_save(struct journal *journal);

#endif
