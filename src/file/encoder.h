/* Samples into a descriptor in one of libsndfile's formats. For src/file only.
 *
 * libsndfile reports what went wrong with the disk in some formats only, so it writes through a function of
 * ours that keeps the first error; every call that writes looks at it. */
#ifndef FILE_ENCODER_H
#define FILE_ENCODER_H

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct encoder;

/* The endings, NULL-terminated; the first is "wav". */
const char *const *encoder_formats(void);

/* The index in encoder_formats() of the path's ending, or -1. */
int encoder_format(const char *path);

/* `fd` is empty, readable and writable, and stays open. `rate` is that of what will be written. */
struct encoder *encoder_new(int format, int fd, int rate, GError **error);

bool encoder_write(struct encoder *encoder, const int16_t *stereo, int64_t frames, GError **error);

/* Completes the file. The handle can then only be checked and freed. */
bool encoder_close(struct encoder *encoder, GError **error);

/* Opens what has been written and counts it. */
bool encoder_check(struct encoder *encoder, GError **error);

void encoder_free(struct encoder *encoder); /* NULL is fine */

#endif
