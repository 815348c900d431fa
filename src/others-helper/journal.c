#include "journal.h"
#include "base/name.h"
#include "base/read.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LIMIT = 1 << 20 /* bytes */ };

/* ---- the lock ---- */

/* It is taken on a file that stays: the journal itself is replaced as a whole. */
static enum journal_state take_lock(const char *directory, int *lock)
{
    g_autofree char *path = g_build_filename(directory, "others.lock", NULL);
    if (g_mkdir_with_parents(directory, 0700) != 0) return JOURNAL_UNUSABLE;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd < 0) return JOURNAL_UNUSABLE;
    *lock = fd;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return JOURNAL_OPEN;
    int why = errno;
    close(fd);
    errno = why;
    return why == EWOULDBLOCK ? JOURNAL_BUSY : JOURNAL_UNUSABLE;
}

/* ---- reading ---- */

static bool is_of(const char *group, const char *kind)
{
    const char *rest = g_str_has_prefix(group, kind) ? group + strlen(kind) : "";
    return *rest == ' ';
}

/* Whether each of its groups is of a kind that is known. */
static bool parse(struct journal *journal, gsize size)
{
    if (!g_utf8_validate(journal->saved, (gssize)size, NULL)) return false; /* nor may there be a NUL */
    if (!g_key_file_load_from_data(journal->file, journal->saved, size, G_KEY_FILE_NONE, NULL)) return false;
    g_auto(GStrv) groups = g_key_file_get_groups(journal->file, NULL);
    for (char **group = groups; *group; group++)
        if (!is_of(*group, JOURNAL_STREAM) && !is_of(*group, JOURNAL_PLAYER)) return false;
    return true;
}

/* False if the file is there and cannot be a journal. */
static bool read_journal(struct journal *journal)
{
    gsize size;
    g_autofree char *problem = NULL;
    journal->file = g_key_file_new();
    if (!g_file_test(journal->path, G_FILE_TEST_EXISTS)) return true;
    journal->saved = read_file(journal->path, LIMIT, &size, &problem);
    return journal->saved && (size == 0 || parse(journal, size));
}

/* NULL if that fails. */
static char *set_aside(struct journal *journal)
{
    g_autofree char *aside = g_strconcat(journal->path, ".old", NULL);
    g_key_file_free(journal->file);
    journal->file = g_key_file_new();
    g_clear_pointer(&journal->saved, g_free);
    if (g_rename(journal->path, aside) != 0) return NULL;
    return g_strdup_printf("%s is not a list of other programs' levels; it is now %s", journal->path, aside);
}

enum journal_state journal_open(struct journal *journal, char **problem)
{
    g_autofree char *directory = directory_path(DIRECTORY_STATE);
    *journal = (struct journal){.path = g_build_filename(directory, "others.ini", NULL)};
    *problem = NULL;
    enum journal_state state = take_lock(directory, &journal->lock);
    if (state == JOURNAL_OPEN && (read_journal(journal) || (*problem = set_aside(journal)))) return state;
    if (state != JOURNAL_BUSY)
        *problem = g_strdup_printf("other programs' sound is left as it is: %s cannot be written (%s)",
                                   journal->path, g_strerror(errno));
    g_free(journal->path);
    return state == JOURNAL_BUSY ? state : JOURNAL_UNUSABLE;
}

/* ---- groups ---- */

char **journal_groups(const struct journal *journal, const char *kind)
{
    g_auto(GStrv) groups = g_key_file_get_groups(journal->file, NULL);
    GPtrArray *found = g_ptr_array_new();
    for (char **group = groups; *group; group++)
        if (is_of(*group, kind)) g_ptr_array_add(found, g_strdup(*group));
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

void journal_clear(struct journal *journal, const char *kind)
{
    g_auto(GStrv) groups = journal_groups(journal, kind);
    for (char **group = groups; *group; group++) g_key_file_remove_group(journal->file, *group, NULL);
}

bool journal_save(struct journal *journal)
{
    gsize size;
    g_autofree char *text = g_key_file_to_data(journal->file, &size, NULL);
    if (journal->saved ? strcmp(text, journal->saved) == 0 && size > 0 : size == 0) return true;
    bool saved = size == 0
                     ? g_unlink(journal->path) == 0
                     : g_file_set_contents_full(journal->path, text, (gssize)size,
                                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                                0600, NULL);
    if (!saved) return false;
    g_free(journal->saved);
    journal->saved = size == 0 ? NULL : g_steal_pointer(&text);
    return true;
}
