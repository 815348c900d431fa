/* Music under the words. Its gain follows from what is on the timeline, frame by frame, so it is the same
 * live and rendered, whatever the size of a block. Pure, but for the source that it reads from.
 *
 * Words lower the music: down along a raised cosine in dB that ends shortly before the first of them, held
 * over short gaps, and back afterwards. It fades in at the beginning, and out in a pause and at the end. The
 * music has a clock of its own, which stands while the music is silent: a jump does not move it. */
#ifndef MIX_BED_H
#define MIX_BED_H

#include "base/auto.h"
#include "plan/timeline.h"

struct bed_source {
    void *data;
    /* Writes up to `frames` stereo frames (full scale 1.0, at the level of music without words) from frame
     * `frame` of the music on. Returns how many are there by now. `frame` goes back by what was pulled and
     * not heard, a few seconds at most. */
    int (*read)(void *data, int64_t frame, int frames, float *stereo);
};

#define BED_NEVER INT64_MAX

enum bed_wish {
    BED_PLAYS,
    BED_PAUSED,  /* fades out, and stands */
    BED_STOPPED, /* the same, in a second at most */
};

/* What comes, in frames from the next one on. */
struct bed_outlook {
    int64_t begin, end; /* of the words that come next; begun if `begin` is not positive; BED_NEVER: none */
    int64_t known;      /* before this there are no other words, and the session does not end; or BED_NEVER */
    int64_t left;       /* to the session's end; BED_NEVER: not known */
    enum bed_wish wish;
};

struct bed;

/* The source is copied. */
struct bed *bed_new(const struct settings *settings, const struct bed_source *source);
void bed_free(struct bed *bed);
AUTO_DEFINE(bed)

/* Words and end as a timeline has them from `frame` on; `over`: nothing more will be laid out. Leaves
 * `wish` alone. */
void bed_look(const struct timeline *timeline, int64_t frame, bool over, struct bed_outlook *outlook);

/* How far the timeline should be laid out ahead of what is mixed. */
int64_t bed_ahead(const struct bed *bed);

/* How many of the next `frames` frames can be mixed with bed_mix(): 1 or more, unless it is `patient` and
 * does not know yet what comes, or lacks music. Otherwise it supposes that nothing comes, and leaves the
 * music out that is missing, which it counts. */
int bed_next(struct bed *bed, const struct bed_outlook *outlook, int frames, bool patient);

/* The last bed_next() gave nothing because music is missing, or else because it did not know what comes. */
bool bed_lacks_music(const struct bed *bed);

/* Adds music to the `frames` frames in `stereo`, at most as many as bed_next() has just returned, saturating.
 * `gain` is linear. */
void bed_mix(struct bed *bed, int16_t *stereo, int frames, double gain);

/* Goes back to the frame of this number; the first frame that was ever mixed is 0. */
void bed_rewind(struct bed *bed, int64_t frame);

/* bed_rewind() will not go back to before this frame. */
void bed_forget(struct bed *bed, int64_t frame);

/* What comes next fades in, as at the beginning. */
void bed_fade_in(struct bed *bed);

/* Until there is music to read (false), the session has none: nothing is read, and nothing is missed. Then it
 * fades in. Before anything is mixed. */
void bed_await(struct bed *bed, bool awaits);

/* False once it has faded out. */
bool bed_is_heard(const struct bed *bed);

/* Frames that had to do without the music they should have had. */
int64_t bed_missed(const struct bed *bed);

#endif
