#include "file/textfile.h"
#include "fail.h"
#include "file/newfile.h"
#include <string.h>
#include <unistd.h>

struct textfile {
    char *name; /* for messages */
    struct newfile *temp;
};

struct textfile *textfile_create(const char *path, GError **error)
{
    struct textfile *file = g_new0(struct textfile, 1);
    file->name = fail_name(path);
    file->temp = newfile_new(path, error);
    if (file->temp) return file;
    fail_explain(error, file->name, FAIL_NOT_BEGUN);
    textfile_abort(file);
    return NULL;
}

static bool write_all(int fd, const char *text, GError **error)
{
    for (const char *end = text + strlen(text); text < end;) {
        ssize_t n = TEMP_FAILURE_RETRY(write(fd, text, (size_t)(end - text)));
        if (n < 0) return fail_errno(error, "cannot be written");
        text += n;
    }
    return true;
}

bool textfile_finish(struct textfile *file, const char *text, GError **error)
{
    int64_t bytes = FAIL_NOT_BEGUN;
    bool whole = write_all(newfile_fd(file->temp), text, error) && newfile_sync(file->temp, error);
    if (whole)
        whole = newfile_commit(g_steal_pointer(&file->temp), error);
    else
        bytes = newfile_bytes(file->temp);
    if (!whole) fail_explain(error, file->name, bytes);
    textfile_abort(file);
    return whole;
}

void textfile_abort(struct textfile *file)
{
    if (!file) return;
    newfile_discard(file->temp);
    g_free(file->name);
    g_free(file);
}
