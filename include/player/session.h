/* A session that is played and steered: a state machine without a device and without a clock.
 *
 * It is asked for frames (session_pull) and numbers them as the ring does: 0, 1, 2 …. A command is applied at
 * the frame that was heard last: the caller has the ring flushed, tells how many frames were heard
 * (session_rewind), and then gives the command. What the session's clock says is its position on the
 * timeline; it stands still while it is paused, while something is said in between (an announcement), and
 * when speech is late. */
#ifndef PLAYER_SESSION_H
#define PLAYER_SESSION_H

#include "base/auto.h"
#include "mix/mixer.h"
#include "plan/planner.h"
#include "player/command.h"
#include "report/status.h"

struct session;

struct session_parts {
    struct planner *planner; /* all are borrowed */
    const struct script *script;
    const struct timing *timing;
    const struct planner_ops *ops; /* for what is said in announcements */
    const struct tones *tones;
};

struct session *session_new(const struct session_parts *parts);
void session_free(struct session *session);
AUTO_DEFINE(session)

/* Writes up to `frames` stereo frames, returns how many. Fewer: there is nothing to play at the moment
 * (paused, waiting, over, or speech is late). */
int session_pull(struct session *session, int16_t *out, int frames);

/* Of all that was pulled only the first `heard` frames were heard, the rest never will be: back to there. */
void session_rewind(struct session *session, uint64_t heard);

/* Applies a command at the present position. It is acknowledged by a short sound in what is pulled next, and
 * by words where there is something to say. COMMAND_STOP makes it over. */
void session_command(struct session *session, struct command command);

/* In a long pause headphones have fallen asleep, or the device has been let go: faint noise comes before the
 * next words (rule 11). The acknowledging sound does not wait for it. */
void session_asleep(struct session *session);

/* Where a session is, and what has been set in it: all that it takes to go on in another process. */
struct bookmark {
    struct place place;           /* of the move that it goes on with; a negative step: there is none yet */
    struct effort effort, coming; /* in force, and from the next set or step on */
    int stretched;                /* by so much the hold is longer: seconds, or breaths */
    double volume;                /* dB */
};

/* `status` is that of the moment. */
void session_bookmark(const struct session *session, const struct status *status, struct bookmark *bookmark);

/* Before anything was pulled: begins at a move instead of at the beginning, by saying the step's title and
 * side, leaving time to get into position, and saying the move in full. */
void session_resume_at(struct session *session, const struct bookmark *bookmark);

/* Pauses, and says why: sound came back where it was not expected. */
void session_hold_back(struct session *session, enum phrase why);

/* All that commands have asked for is laid out. */
bool session_settled(const struct session *session);

/* Words for the last command are being spoken, and little is pulled until they are there. If that takes
 * longer than about 0.1 s, give up hurrying. */
bool session_hurried(const struct session *session);
void session_unhurry(struct session *session);

/* The device is lost (true: nothing is played, commands still count), or a new one has been opened (false:
 * faint noise wakes it first). */
void session_lost(struct session *session, bool lost);

/* Where it is when so many frames have been heard. Changes nothing; `text` is borrowed until the next call
 * that does. */
void session_status(const struct session *session, uint64_t heard, struct status *status);

/* Lets go of what lies more than a few seconds behind when so many frames have been heard. To be called about
 * once a second while frames are pulled, or memory grows. What was heard before `heard` cannot be gone back
 * to. */
void session_forget(struct session *session, uint64_t heard);

/* All has been heard: from now on the status is STATUS_OVER, as after a stop. */
void session_end(struct session *session);

/* Nothing will be pulled until a command comes: an empty ring is no underrun. */
bool session_resting(struct session *session);

/* All has been pulled, or it was stopped. The device may still have to play it: the status says so. */
bool session_over(const struct session *session);

#endif
