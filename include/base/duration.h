/* Times and numbers as users write them, and in frames. Pure functions. */
#ifndef BASE_DURATION_H
#define BASE_DURATION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A count or a span of whole seconds, from level 0 to level 100. */
struct range {
    int low, high;
};

/* The first form of a time, range or number as people write it: "20-30s" for "20 – 30 sec", "1m30s" for
 * "1:30", "8-10 breaths" for "8–10breaths". What it does not know stays as it is. All readers below
 * understand what has such a first form. The caller frees it. */
char *duration_plain(const char *text);

/* "8s" "0.6s" "1m30s" "2m" "1h", to whole milliseconds. False if it is not a time, has a part below a
 * millisecond, or exceeds 24 h. "0s" is a time. */
bool duration_parse(const char *text, int64_t *ms);

/* "20s" "20-30s" "30s-1m" "1-2m" "1m30s": whole seconds. In a range the first number takes the second's unit
 * if it has none. False if malformed; the caller checks low <= high. */
bool duration_parse_range(const char *text, struct range *seconds);

/* "2-1-3", in seconds, "3s", "1.5s-2s": the phases of a movement or a breath, in ms. How many there are, 0 if
 * malformed or more than `most`; `ms` has room for so many. */
int duration_parse_phases(const char *text, int *ms, int most);

/* "3" "5-10" */
bool count_parse_range(const char *text, struct range *count);

/* A decimal integer without spaces, within int; in its first form only. */
bool number_parse(const char *text, int *number);

/* The range's value at a level of 0 to 100, halves rounded up. */
int range_at(struct range range, int level);

/* "1m30s" "20s" "0.6s": what duration_parse reads back. The caller frees it. */
char *duration_text(int64_t ms);

/* ms × rate ÷ 1000 ÷ (percent ÷ 100), rounded once to whole frames, halves up. All arguments non-negative,
 * percent > 0; ms below 2^32, rate up to 192,000. */
int64_t duration_frames(int64_t ms, int rate, int percent);

#endif
