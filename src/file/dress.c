#include "dress.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

const char *dress_text(const struct tags *tags, int which)
{
    const char *const texts[N_TAGS] = {
        [TAG_TITLE] = tags->title,      [TAG_ARTIST] = tags->artist, [TAG_ALBUM] = tags->album,
        [TAG_DATE] = tags->date,        [TAG_GENRE] = tags->genre,   [TAG_COMMENT] = tags->comment,
        [TAG_LANGUAGE] = tags->language};
    return texts[which];
}

char *dress_track(const struct tags *tags)
{
    return tags->track > 0 ? g_strdup_printf("%d/%d", tags->track, tags->tracks) : NULL;
}

void dress_little(GByteArray *bytes, uint32_t value, int size)
{
    for (int i = 0; i < size; i++) g_byte_array_append(bytes, &(uint8_t){(uint8_t)(value >> 8 * i)}, 1);
}

void dress_big(GByteArray *bytes, uint32_t value, int size)
{
    for (int i = size; i-- > 0;) g_byte_array_append(bytes, &(uint8_t){(uint8_t)(value >> 8 * i)}, 1);
}

void dress_append(GByteArray *bytes, const char *text)
{
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

bool dress_copy(int from, off_t offset, struct newfile *to, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    ssize_t n;
    while ((n = TEMP_FAILURE_RETRY(pread(from, piece, PIECE, offset))) > 0) {
        if (!newfile_write(to, piece, (gsize)n, error)) return false;
        offset += n;
    }
    return n == 0 || newfile_fail(to, error, (int)g_io_error_from_errno(errno), g_strerror(errno));
}
