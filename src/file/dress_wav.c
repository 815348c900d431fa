/* WAV: chunks behind the samples. "cue " has the frames, a list "adtl" their names, a list "INFO" the tags.
 */
#include "dress.h"
#include "report/chapters.h"
#include <string.h>

/* Where its size stands, for end_chunk(). */
static guint begin_chunk(GByteArray *bytes, const char *id)
{
    dress_append(bytes, id);
    dress_little(bytes, 0, 4);
    return bytes->len - 4;
}

/* Chunks lie on even bytes. */
static void end_chunk(GByteArray *bytes, guint at)
{
    uint32_t size = bytes->len - at - 4;
    for (int i = 0; i < 4; i++) bytes->data[at + (guint)i] = (uint8_t)(size >> 8 * i);
    if (size % 2) dress_little(bytes, 0, 1);
}

static void add_text(GByteArray *bytes, const char *id, const char *text)
{
    if (!text) return;
    guint at = begin_chunk(bytes, id);
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text) + 1);
    end_chunk(bytes, at);
}

static void add_info(GByteArray *bytes, const struct tags *tags)
{
    static const char *const ids[N_TAGS] = {"INAM", "IART", "IPRD", "ICRD", "IGNR", "ICMT", "ILNG"};
    g_autofree char *track = dress_track(tags);
    guint list = begin_chunk(bytes, "LIST");
    dress_append(bytes, "INFO");
    for (int i = 0; i < N_TAGS; i++) add_text(bytes, ids[i], dress_text(tags, i));
    add_text(bytes, "ITRK", track);
    end_chunk(bytes, list);
}

/* A cue point is its number, its place in the play list, the chunk, two places in it, and the frame. */
static void add_cue_points(GByteArray *bytes, const GArray *chapters)
{
    guint chunk = begin_chunk(bytes, "cue ");
    dress_little(bytes, chapters->len, 4);
    for (guint i = 0; i < chapters->len; i++) {
        uint32_t frame = (uint32_t)g_array_index(chapters, struct chapter, i).frame;
        dress_little(bytes, i + 1, 4);
        dress_little(bytes, frame, 4);
        dress_append(bytes, "data");
        dress_little(bytes, 0, 4);
        dress_little(bytes, 0, 4);
        dress_little(bytes, frame, 4);
    }
    end_chunk(bytes, chunk);
}

static void add_labels(GByteArray *bytes, const GArray *chapters)
{
    guint list = begin_chunk(bytes, "LIST");
    dress_append(bytes, "adtl");
    for (guint i = 0; i < chapters->len; i++) {
        const char *title = g_array_index(chapters, struct chapter, i).title;
        guint label = begin_chunk(bytes, "labl");
        dress_little(bytes, i + 1, 4);
        g_byte_array_append(bytes, (const guint8 *)title, (guint)strlen(title) + 1);
        end_chunk(bytes, label);
    }
    end_chunk(bytes, list);
}

GByteArray *dress_wav(const struct dress *dress)
{
    GByteArray *bytes = g_byte_array_new();
    const GArray *chapters = dress->tags->chapters;
    if (chapters && chapters->len > 0) {
        add_cue_points(bytes, chapters);
        add_labels(bytes, chapters);
    }
    add_info(bytes, dress->tags);
    return bytes;
}
