/* Text for a terminal, a pipe or a file of the user's, written without ever waiting: a terminal may be
 * stopped by Ctrl-S, and the reader of a pipe may sleep. What cannot be written yet is kept up to a bound and
 * written from the main loop; what goes beyond is dropped whole. */
#ifndef UI_OUTLET_H
#define UI_OUTLET_H

#include "base/auto.h"
#include <stdbool.h>
#include <stddef.h>

enum { OUTLET_BYTES = 64 << 10 }; /* that may be kept */

struct outlet;

/* Over a descriptor that stays the caller's. It is opened anew where that is possible, so that other programs
 * that write to the same terminal or pipe need not expect EAGAIN. `drained` (may be NULL) is called from the
 * main loop when all that was kept has been written. */
struct outlet *outlet_new(int fd, void (*drained)(void *data), void *data);

/* Gives what is kept a tenth of a second. NULL is fine. */
void outlet_free(struct outlet *outlet);
AUTO_DEFINE(outlet)

/* All of it, now or later, or nothing: false. */
bool outlet_write(struct outlet *outlet, const char *text, size_t size);

/* Text with a line's end added. */
bool outlet_line(struct outlet *outlet, const char *text);

/* Something that was written is still kept. */
bool outlet_is_behind(const struct outlet *outlet);

/* Forgets what is kept. */
void outlet_drop(struct outlet *outlet);

/* Why nothing can be written any more, as errno: EPIPE where the reader has gone, ENOSPC; or 0. */
int outlet_error(const struct outlet *outlet);

/* Writes what goes through at once, and forgets the rest. System calls only: for signal handlers. */
void outlet_shout(const struct outlet *outlet, const char *text);

#endif
