/* Tags and chapters, written in each format's own way. A file is encoded without them, because where the
 * chapters begin is known at the end of the session only; then it is copied behind them. Memory does not grow
 * with the length of the sound. */
#ifndef FILE_DRESS_H
#define FILE_DRESS_H

#include "file/newfile.h"
#include "file/tags.h"

struct dress {
    const struct tags *tags;
    int rate;       /* of the chapters' frames */
    int64_t frames; /* of the whole sound, at that rate */
    int kbps;       /* of an M4A */
    /* Asked 20 times a second while another program works: true gives up with G_IO_ERROR_CANCELLED. NULL:
     * never. */
    bool (*stop)(void *data);
    void *data;
};

/* Texts that every format has. */
enum { TAG_TITLE, TAG_ARTIST, TAG_ALBUM, TAG_DATE, TAG_GENRE, TAG_COMMENT, TAG_LANGUAGE, N_TAGS };

/* NULL if there is none. Borrowed. */
const char *dress_text(const struct tags *tags, int which);

/* "3/12", or NULL. To be freed. */
char *dress_track(const struct tags *tags);

/* Little-endian and big-endian numbers at the end of the bytes. */
void dress_little(GByteArray *bytes, uint32_t value, int size);
void dress_big(GByteArray *bytes, uint32_t value, int size);
void dress_append(GByteArray *bytes, const char *text); /* without its NUL */

/* Copies what is left of a file from `offset` on. */
bool dress_copy(int from, off_t offset, struct newfile *to, GError **error);

/* Each copies an encoded file from its descriptor. */
bool dress_mp3(const struct dress *dress, int from, struct newfile *to, GError **error);
bool dress_flac(const struct dress *dress, int from, struct newfile *to, GError **error);
bool dress_vorbis(const struct dress *dress, int from, struct newfile *to, GError **error);
bool dress_mp4(const struct dress *dress, int from, struct newfile *to, GError **error);
bool dress_opus(const struct dress *dress, int from, struct newfile *to, GError **error);

/* The payload of a comment packet or block: `vendor`, and then tags and chapters. */
GByteArray *dress_comments(const struct dress *dress, const char *vendor, gsize vendor_size);

/* What follows the samples of a WAV. */
GByteArray *dress_wav(const struct dress *dress);

#endif
