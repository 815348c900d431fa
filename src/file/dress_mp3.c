/* MP3: an ID3v2.4 tag before the first frame. */
#include "dress.h"
#include "config/language.h"
#include "report/chapters.h"
#include <string.h>

enum { UTF8 = 3, TABLE = 255, TOP_LEVEL = 2, ORDERED = 1 };

#define NO_OFFSET UINT32_MAX

/* Seven bits a byte: no size looks like the beginning of sound. */
static void add_size(GByteArray *bytes, guint size)
{
    for (int i = 3; i >= 0; i--) dress_big(bytes, size >> 7 * i & 0x7f, 1);
}

static void add_frame(GByteArray *bytes, const char *id, const GByteArray *content)
{
    dress_append(bytes, id);
    add_size(bytes, content->len);
    dress_big(bytes, 0, 2);
    g_byte_array_append(bytes, content->data, content->len);
}

/* `before` stands between the encoding and the text; "" for most frames. */
static void add_text(GByteArray *bytes, const char *id, const char *before, gsize size, const char *text)
{
    if (!text) return;
    g_autoptr(GByteArray) content = g_byte_array_new();
    dress_big(content, UTF8, 1);
    g_byte_array_append(content, (const guint8 *)before, (guint)size);
    dress_append(content, text);
    add_frame(bytes, id, content);
}

static void add_tags(GByteArray *bytes, const struct tags *tags)
{
    static const char *const ids[N_TAGS] = {"TIT2", "TPE1", "TALB", "TDRC", "TCON", NULL, NULL};
    g_autofree char *track = dress_track(tags);
    char language[4] = "und";
    if (tags->language) language_three_letters(tags->language, language);
    for (int i = 0; i < N_TAGS; i++)
        if (ids[i]) add_text(bytes, ids[i], "", 0, dress_text(tags, i));
    add_text(bytes, "COMM", language, sizeof language, tags->comment); /* and no description of it */
    add_text(bytes, "TLAN", "", 0, tags->language ? language : NULL);
    add_text(bytes, "TRCK", "", 0, track);
}

/* ---- chapters ---- */

/* ffmpeg, and so mpv, reads the size of a frame inside a chapter as a plain number, which from 128 on is more
 * than the title has. It accepts the title if that number reaches exactly to the end of the chapter, and ends
 * it at a NUL: so another frame fills the rest. */
static void add_title(GByteArray *bytes, const char *title)
{
    enum { HEADER = 10, LEAST_MISREAD = 128 };
    gsize size = 1 + strlen(title);
    if (size < LEAST_MISREAD) {
        add_text(bytes, "TIT2", "", 0, title);
        return;
    }
    g_autoptr(GByteArray) content = g_byte_array_new(), filling = g_byte_array_new();
    dress_big(content, UTF8, 1);
    g_byte_array_append(content, (const guint8 *)title, (guint)size);
    guint misread = 0;
    for (guint i = 0; i < 4; i++) misread |= (content->len >> 7 * i & 0x7f) << 8 * i;
    while (content->len + HEADER + filling->len < misread) dress_big(filling, 0, 1);
    add_frame(bytes, "TIT2", content);
    add_frame(bytes, "PRIV", filling);
}

static void add_chapter(GByteArray *bytes, const struct dress *dress, guint i)
{
    const GArray *chapters = dress->tags->chapters;
    const struct chapter *chapter = &g_array_index(chapters, struct chapter, i);
    int64_t end = chapters_end(chapters, i, dress->frames);
    g_autofree char *name = g_strdup_printf("chapter%u", i);
    g_autoptr(GByteArray) content = g_byte_array_new();
    g_byte_array_append(content, (const guint8 *)name, (guint)strlen(name) + 1);
    dress_big(content, (uint32_t)chapters_ms(chapter->frame, dress->rate), 4);
    dress_big(content, (uint32_t)chapters_ms(end, dress->rate), 4);
    dress_big(content, NO_OFFSET, 4);
    dress_big(content, NO_OFFSET, 4);
    add_title(content, chapter->title);
    add_frame(bytes, "CHAP", content);
}

/* A table of contents: the `n` elements NAME0, NAME1... from `first` on. */
static void add_table(GByteArray *bytes, const char *table, int flags, const char *name, guint first, guint n)
{
    g_autoptr(GByteArray) content = g_byte_array_new();
    g_byte_array_append(content, (const guint8 *)table, (guint)strlen(table) + 1);
    dress_big(content, (uint32_t)flags, 1);
    dress_big(content, n, 1);
    for (guint i = first; i < first + n; i++) {
        g_autofree char *element = g_strdup_printf("%s%u", name, i);
        g_byte_array_append(content, (const guint8 *)element, (guint)strlen(element) + 1);
    }
    add_frame(bytes, "CTOC", content);
}

/* A table has 255 entries at most: more chapters need a table of tables. */
static void add_tables(GByteArray *bytes, guint n)
{
    guint parts = (n + TABLE - 1) / TABLE;
    if (parts <= 1) {
        add_table(bytes, "contents", TOP_LEVEL | ORDERED, "chapter", 0, n);
        return;
    }
    add_table(bytes, "contents", TOP_LEVEL | ORDERED, "part", 0, MIN(parts, TABLE));
    for (guint part = 0; part < MIN(parts, TABLE); part++) {
        g_autofree char *name = g_strdup_printf("part%u", part);
        add_table(bytes, name, ORDERED, "chapter", part * TABLE, MIN(TABLE, n - part * TABLE));
    }
}

/* ---- the tag ---- */

bool dress_mp3(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    const GArray *chapters = dress->tags->chapters;
    g_autoptr(GByteArray) frames = g_byte_array_new(), header = g_byte_array_new();
    add_tags(frames, dress->tags);
    if (chapters && chapters->len > 0) add_tables(frames, chapters->len);
    for (guint i = 0; chapters && i < chapters->len; i++) add_chapter(frames, dress, i);
    dress_append(header, "ID3");
    dress_big(header, 0x0400, 2); /* the version */
    dress_big(header, 0, 1);      /* no flags */
    add_size(header, frames->len);
    return newfile_write(to, (const char *)header->data, header->len, error) &&
           newfile_write(to, (const char *)frames->data, frames->len, error) &&
           dress_copy(from, 0, to, error);
}
