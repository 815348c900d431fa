/* FLAC: a block of comments behind the first block. Comments are those of Ogg Vorbis, which Opus has, too. */
#include "dress.h"
#include "report/chapters.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ---- comments ---- */

enum { MOST_CHAPTERS = 999 }; /* their numbers have three digits */

static void add_comment(GByteArray *bytes, guint *n, const char *name, const char *text)
{
    if (!text) return;
    dress_little(bytes, (uint32_t)(strlen(name) + 1 + strlen(text)), 4);
    dress_append(bytes, name);
    dress_append(bytes, "=");
    dress_append(bytes, text);
    ++*n;
}

static void add_number(GByteArray *bytes, guint *n, const char *name, int number)
{
    g_autofree char *figure = g_strdup_printf("%d", number);
    if (number > 0) add_comment(bytes, n, name, figure);
}

/* CHAPTER001=00:01:02.345 and CHAPTER001NAME=Title */
static void add_chapter(GByteArray *bytes, guint *n, const struct dress *dress, guint i)
{
    const struct chapter *chapter = &g_array_index(dress->tags->chapters, struct chapter, i);
    int64_t ms = chapters_ms(chapter->frame, dress->rate);
    g_autofree char *key = g_strdup_printf("CHAPTER%03u", i + 1), *name = g_strconcat(key, "NAME", NULL);
    g_autofree char *time = g_strdup_printf("%02d:%02d:%02d.%03d", (int)(ms / 3600000),
                                            (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), (int)(ms % 1000));
    add_comment(bytes, n, key, time);
    add_comment(bytes, n, name, chapter->title);
}

GByteArray *dress_comments(const struct dress *dress, const char *vendor, gsize vendor_size)
{
    static const char *const names[N_TAGS] = {"TITLE", "ARTIST",  "ALBUM",   "DATE",
                                              "GENRE", "COMMENT", "LANGUAGE"};
    const struct tags *tags = dress->tags;
    GByteArray *bytes = g_byte_array_new();
    guint n = 0, chapters = tags->chapters ? MIN(tags->chapters->len, MOST_CHAPTERS) : 0;
    dress_little(bytes, (uint32_t)vendor_size, 4);
    g_byte_array_append(bytes, (const guint8 *)vendor, (guint)vendor_size);
    guint count = bytes->len;
    dress_little(bytes, 0, 4);
    for (int i = 0; i < N_TAGS; i++) add_comment(bytes, &n, names[i], dress_text(tags, i));
    add_number(bytes, &n, "TRACKNUMBER", tags->track);
    add_number(bytes, &n, "TRACKTOTAL", tags->track > 0 ? tags->tracks : 0);
    for (guint i = 0; i < chapters; i++) add_chapter(bytes, &n, dress, i);
    for (guint i = 0; i < 4; i++) bytes->data[count + i] = (uint8_t)(n >> 8 * i);
    return bytes;
}

/* ---- blocks ---- */

enum {
    MARKER = 4, /* "fLaC" */
    BLOCK_HEADER = 4,
    STREAM_INFO = 34,
    FIRST_BLOCKS = MARKER + BLOCK_HEADER + STREAM_INFO,
    COMMENTS = 4, /* a block's type */
    LAST = 0x80,
};

/* Where the sound begins: behind the block that is the last. 0: this is no FLAC. */
static off_t sound_begin(int from)
{
    off_t at = MARKER;
    uint8_t header[BLOCK_HEADER] = {0};
    while (!(header[0] & LAST)) {
        if (pread(from, header, sizeof header, at) != sizeof header) return 0;
        at += BLOCK_HEADER + (header[1] << 16 | header[2] << 8 | header[3]);
    }
    return at;
}

/* The encoder's own comments say nothing but its name, and it makes no other blocks. */
bool dress_flac(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    static const char vendor[] = "stretchvoice";
    uint8_t first[FIRST_BLOCKS];
    off_t sound = sound_begin(from);
    if (sound == 0 || pread(from, first, sizeof first, 0) != sizeof first)
        return newfile_fail(to, error, G_IO_ERROR_FAILED, "reads back as no FLAC");
    g_autoptr(GByteArray) comments = dress_comments(dress, vendor, strlen(vendor)),
                          header = g_byte_array_new();
    first[MARKER] &= (uint8_t)~LAST;
    g_byte_array_append(header, first, sizeof first);
    dress_big(header, LAST | COMMENTS, 1);
    dress_big(header, comments->len, 3);
    return newfile_write(to, (const char *)header->data, header->len, error) &&
           newfile_write(to, (const char *)comments->data, comments->len, error) &&
           dress_copy(from, sound, to, error);
}
