/* What is known of a stream, and kept in the journal while it is lowered. Levels are PulseAudio's. */
#ifndef OTHERS_HELPER_ENTRY_H
#define OTHERS_HELPER_ENTRY_H

#include "journal.h"

#include <stdint.h>

enum {
    ENTRY_CHANNELS = 32,   /* at most, as on the server */
    ENTRY_NAME_MAX = 1000, /* bytes of a name; a stream with a longer one is left alone */
    ENTRY_DAYS = 30,       /* after which it is dropped: its server has not been seen again */
    ENTRY_LEVEL_MAX = 1 << 24,
};

struct entry {
    uint32_t server, index; /* the server's numbers */
    char *address;          /* of the server; owned, as are the next ones, and never NULL */
    char *process;
    char *group;  /* by which the server remembers levels; "": it does not */
    char *map;    /* which channels it has; "": not known */
    int channels; /* with their levels without words */
    uint32_t levels[ENTRY_CHANNELS];
    int64_t time; /* when it was lowered, seconds since 1970 */
};

struct entry entry_copy(const struct entry *entry); /* entry_finish() is due */
void entry_finish(struct entry *entry);
void entry_write(struct journal *journal, guint number, const struct entry *entry);

/* The level of its loudest channel. */
uint32_t entry_level(const struct entry *entry);

/* The levels of its channels, with the loudest at this level. */
void entry_levels_at(const struct entry *entry, uint32_t level, uint32_t levels[ENTRY_CHANNELS]);

/* False, and nothing to be finished, if it makes no sense or is too old. */
bool entry_read(const struct journal *journal, const char *group, int64_t now, struct entry *entry);

#endif
