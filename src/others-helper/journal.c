#include "journal.h"
#include "base/name.h"
#include "base/read.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LIMIT = 256 << 10 /* bytes */ };

/* A lock is taken on a file that stays: the journal itself is replaced as a whole. */
static int take_lock(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, "others.lock", NULL);
    if (g_mkdir_with_parents(directory, 0700) != 0) return -1;
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

bool journal_open(struct journal *journal)
{
    g_autofree char *directory = directory_path(DIRECTORY_STATE), *problem = NULL;
    gsize size;
    int lock = take_lock(directory);
    if (lock < 0) return false;
    *journal = (struct journal){.lock = lock, .file = g_key_file_new()};
    journal->path = g_build_filename(directory, "others.ini", NULL);
    journal->saved = read_file(journal->path, LIMIT, &size, &problem);
    if (journal->saved && size > 0)
        g_key_file_load_from_data(journal->file, journal->saved, size, G_KEY_FILE_NONE, NULL);
    return true;
}

static bool is_of(const char *group, const char *kind)
{
    const char *rest = g_str_has_prefix(group, kind) ? group + strlen(kind) : "";
    return *rest == ' ';
}

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
    if (g_strcmp0(text, journal->saved ? journal->saved : "") == 0) return true;
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
