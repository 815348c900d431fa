/* Feeds the timeline: takes block after block from the script, asks for what has to be spoken a little ahead,
 * and lays out each line as soon as its clips are there. No clock, no waiting: it is run again when a clip
 * has arrived. */
#ifndef PLAN_PLANNER_H
#define PLAN_PLANNER_H

#include "base/auto.h"
#include "plan/timeline.h"

struct planner_ops {
    struct clip_ops clips;
    /* Asks for a sentence to be spoken; `source` is its line in the routine's file (0: a phrase). Asked again
     * for the same sentence, it does nothing. */
    void (*request)(void *data, const char *text, int source);
    /* From now on sentences are spoken at so many percent of the voice's rate; what has not been fetched is
     * to be asked for again. False if that cannot be. NULL: never. */
    bool (*set_rate)(void *data, int percent);
};

enum planner_state {
    PLANNER_AHEAD,   /* laid out as far as was asked */
    PLANNER_WAITING, /* a clip is missing */
    PLANNER_OVER,    /* the whole session is laid out */
};

struct planner;

/* `script` and `timing` are copied, and so is script->out; what else script points to is borrowed. `ahead` is
 * how many sentences are asked for before they can be laid out, or a few more, since a line is asked for as a
 * whole. */
struct planner *planner_new(const struct script *script, const struct timing *timing,
                            const struct planner_ops *ops, guint ahead);
void planner_free(struct planner *planner);
AUTO_DEFINE(planner)

/* Another `ahead`, from the next planner_run() on. */
void planner_look_ahead(struct planner *planner, guint ahead);

/* Lays out until timeline_final() is past `until`, or as far as clips allow. */
enum planner_state planner_run(struct planner *planner, int64_t until);

/* True if all is laid out, or what is lasts for `backlog` seconds: until the rest of what has been asked for
 * will be there. */
bool planner_lasts(const struct planner *planner, double backlog);

/* Frees what ended before `frame`. */
void planner_forget(struct planner *planner, int64_t frame);

/* --- steering: `frame` is the next one to be mixed, what is before has been heard --- */

/* Cuts the timeline at `frame` and goes on with the block at `pos`. */
void planner_jump(struct planner *planner, int64_t frame, struct script_pos pos);

/* Cuts the timeline at `frame` and says the move at `place` again in full; with the step's setup, if `setup`.
 */
void planner_repeat(struct planner *planner, int64_t frame, struct place place, bool setup);

/* Leaves out what comes before the next hold (or wait) of this step. Returns the frame at which that begins,
 * negative if none comes: then nothing has changed. */
int64_t planner_skip_to_hold(struct planner *planner, int64_t frame);

/* A new effort from the next repetition on, or where there are two sides, from the next set or step: what has
 * not begun is laid out anew. */
void planner_change_effort(struct planner *planner, int64_t frame, struct effort effort);

/* The block from which a new effort holds; false if there is none. Right after it has been changed. */
bool planner_effort_begins(const struct planner *planner, int64_t frame, struct script_pos *pos);

/* Makes the hold at `place` longer (or, if `by` is negative, shorter) by so many seconds or breaths, on both
 * sides. */
void planner_stretch(struct planner *planner, int64_t frame, struct place place, int by);

/* Leaves a step out from now on (or no longer): it does not come any more, unless one jumps to it. One that
 * is under way goes on. */
void planner_leave_out(struct planner *planner, int64_t frame, int step, bool out);

/* What has not been said is asked for again and laid out anew: the voice speaks at so many percent of its
 * rate.
 */
void planner_speak_again(struct planner *planner, int64_t frame, int percent);

/* Says a sentence in the hold under way, from frame `at` on: halfway and seconds left give way to it. The
 * caller has seen that it ends before the countdown. False if there is no hold. */
bool planner_announce(struct planner *planner, int64_t frame, int64_t at, const char *text);

/* Takes back the announcements that would begin at `frame` or later. */
void planner_withdraw(struct planner *planner, int64_t frame);

/* Lays out the hold under way again if one of these three changed it. While words are missing it is still
 * changing: call this again when a clip has arrived. */
void planner_relay(struct planner *planner, int64_t frame);
bool planner_is_changing(const struct planner *planner);

/* Where the next sentence begins, or a hold, or a wait for the listener, if that comes first: what lies
 * between is left out. Negative if there is none. */
int64_t planner_next_sentence(struct planner *planner, int64_t frame);

/* Cuts the timeline at `frame` and goes on with a block of the same step, without the rest before it; with
 * the first block, behind the step's head. */
void planner_enter(struct planner *planner, int64_t frame, struct script_pos pos);

/* --- a session that is to end in time (plan/fit.h) --- */

/* The first block that a new effort changes as a whole, if what comes were made from `script` (NULL: as it is
 * now); its step is n_steps or more if nothing but the closing is left. */
struct script_pos planner_first_free(const struct planner *planner, int64_t frame,
                                     const struct script *script);

/* How long it is from `frame` to that block if all that is not laid out were made from `script`; with the
 * lengths that `ops` finds, which must be all. */
int64_t planner_length_before(const struct planner *planner, int64_t frame, const struct script *script,
                              const struct clip_ops *ops);

/* From that block on the session is as the script has it: its effort, the steps that it leaves out behind the
 * block's, and the silence before the closing. */
void planner_take_fit(struct planner *planner, int64_t frame, const struct script *script);

/* Before anything is heard: all is made from this script, also what has been laid out. */
void planner_rewrite(struct planner *planner, const struct script *script);

/* --- looking --- */

/* The hold that is under way at `frame`, or the coming one (blocks are made until there is one);
 * false if none comes, or only after a hundred blocks. */
bool planner_next_hold(struct planner *planner, int64_t frame, struct place *place);

/* The first frame from `frame` on at which an answer may be said while the position stands: no sentence and
 * no sound is under way, and not between the beginning of a hold and the end of its release. INT64_MAX while
 * that is not laid out. */
int64_t planner_break(const struct planner *planner, int64_t frame);

/* The script with the effort that holds at `frame`, and with the stretches of the moment. */
struct script planner_script_at(const struct planner *planner, int64_t frame);

/* The block that a place belongs to. */
struct script_pos planner_pos_of(const struct routine *routine, struct place place);

/* The next block to be made. */
struct script_pos planner_pos(const struct planner *planner);

/* About how many seconds all takes that is not laid out. */
double planner_estimate(struct planner *planner);

/* Seconds from `frame`, in a step, to the step behind it; about so many, where that is not laid out. */
double planner_time_to_step(struct planner *planner, int64_t frame, int step);

/* All is laid out. */
bool planner_over(const struct planner *planner);

struct timeline *planner_timeline(struct planner *planner);
const struct script *planner_script(const struct planner *planner); /* with the effort of the next block */

/* Asks for all the words of a line. */
void planner_request(const struct planner_ops *ops, const struct line *line);

#endif
