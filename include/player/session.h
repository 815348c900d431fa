/* A session that is played and steered: a state machine without a device and without a clock. Not
 * thread-safe.
 *
 * session_pull() numbers the frames that it gives as the ring does: 0, 1, 2 …. A command is applied at the
 * frame that was heard last: flush the ring, pass the number of frames that were heard to session_rewind(),
 * then give the command. The session's clock is its position, a frame of the timeline. The position stands
 * while the session is paused, while an announcement is made between two moments of the timeline, and while
 * speech is late. */
#ifndef PLAYER_SESSION_H
#define PLAYER_SESSION_H

#include "base/auto.h"
#include "mix/bed.h"
#include "mix/mixer.h"
#include "plan/planner.h"
#include "player/command.h"
#include "report/status.h"

struct session;

/* All are borrowed for the session's life. */
struct session_parts {
    struct planner *planner;
    const struct script *script;
    const struct timing *timing;
    const struct planner_ops *ops; /* for announcements */
    const struct tones *tones;
    struct bed *bed; /* NULL: no music */
};

struct session *session_new(const struct session_parts *parts);
void session_free(struct session *session);
AUTO_DEFINE(session)

/* --- playing --- */

/* Writes up to `frames` stereo frames and returns how many. Fewer: there is nothing to play now (paused,
 * waiting, over, or speech is late). */
int session_pull(struct session *session, int16_t *out, int frames);

/* The last session_pull() stopped because music is missing, or because it is not known yet whether words come
 * for which it is to be lowered. */
bool session_lacks_music(const struct session *session);

/* The next session_pull() does without music rather than stop. */
void session_hurry(struct session *session);

/* Goes back to frame `heard`: what was pulled after it will never be heard. */
void session_rewind(struct session *session, uint64_t heard);

/* All was heard: from now on the status is STATUS_OVER, as after a stop. */
void session_end(struct session *session);

/* Nothing can steer it: a `ready` span does not wait. */
void session_unattended(struct session *session);

/* The device is lost (true: nothing is played, commands still count), or a new one has been opened (false:
 * faint noise wakes it first). */
void session_lost(struct session *session, bool lost);

/* The device has been idle for so long that headphones have gone to sleep, or it has been released: faint
 * noise comes before the next words. The acknowledging sound does not wait for it. */
void session_device_idle(struct session *session);

/* Too little has been spoken to begin (true): until there is more (false) the status is STATUS_WAITING, and
 * nothing of the timeline is pulled. A soft sound under way ends with that; call it after session_rewind().
 */
void session_await_voice(struct session *session, bool awaits);

/* Says with a soft sound that it waits for the user, after faint noise, or for the voice; if it does. */
void session_remind(struct session *session);

/* The words that are heard at frame `from`, or next after it: their first frame, which is `from` or earlier
 * if they are under way, and the one behind their last. Lays out what comes in the next seconds. False if no
 * words are known. */
bool session_words(struct session *session, uint64_t from, uint64_t *begin, uint64_t *end);

/* Frees what lies more than 5 s behind `heard`. Call it about once a second, or memory grows.
 * session_rewind() must not go back to before `heard` afterwards. */
void session_forget(struct session *session, uint64_t heard);

/* --- steering --- */

/* The present, which commands need: as g_get_monotonic_time() and g_get_real_time(). */
void session_set_time(struct session *session, int64_t now, int64_t clock);

/* Applies a command at the present position. A short sound acknowledges it in what is pulled next, and words
 * follow where there is something to say. After COMMAND_STOP the session is over. */
void session_command(struct session *session, struct command command);

/* A step that the last command has left out, or taken in again (`out` false). */
struct leaving {
    int step;
    bool out;
    int64_t until; /* the moment from which it is played again, in seconds since 1970; 0: for good */
};

/* Whether there was such a command, once. */
bool session_take_leaving(struct session *session, struct leaving *leaving);

/* Says words that answer no command, as soon as there is room for them. */
void session_tell(struct session *session, const char *words);

/* It listens for a spoken command (true): a rising sound, and words and music are 12 dB down until it no
 * longer does (false): a falling sound. Call it as session_command(). */
void session_listen(struct session *session, bool listens);

/* Asks which of two commands was meant, by the phrases for them. */
void session_ask(struct session *session, enum phrase first, enum phrase second);

/* What has been asked or answered has been pulled. */
bool session_answered(const struct session *session);

/* Refuses to listen. */
void session_refuse_listening(struct session *session);

/* Pauses and says why. */
void session_pause(struct session *session, enum phrase why);

/* The answer in words to the commands since the last call, to be freed; NULL if there is none. Most of it is
 * also said. */
char *session_take_answer(struct session *session);

/* What is under way at a frame of the timeline, for those who read: "Cobra, right side. 12 seconds left."; to
 * be freed. */
char *session_here(const struct session *session, int64_t frame);

/* All that commands changed is on the timeline. */
bool session_changes_done(const struct session *session);

/* True while session_pull() gives only a little, because words for the last command are still being spoken.
 * Lift the limit after about 0.1 s: playing on matters more. */
bool session_pull_limited(const struct session *session);
void session_lift_limit(struct session *session);

/* --- looking: changes nothing --- */

/* What the user says of the session after its closing; in the order of stored words. Silence says that it was
 * right, once the question is over. */
enum rating { RATING_NONE, RATING_EASY, RATING_RIGHT, RATING_HARD };
enum rating session_rating(const struct session *session);

/* It hurt the day after the last one. */
bool session_hurts(const struct session *session);

/* The next frame of the timeline that will be pulled. */
int64_t session_position(const struct session *session);

/* The step that was chosen in a menu, which is then over; -1: none. */
int session_chosen(const struct session *session);

/* The session when `heard` frames have been heard. `status->text` is borrowed until the session changes. */
void session_status(const struct session *session, uint64_t heard, struct status *status);

/* Nothing will be pulled until a command comes, so an empty ring is not an underrun. */
bool session_resting(const struct session *session);

/* All was pulled, or the session was stopped. The device may still have to play it: see the status. */
bool session_over(const struct session *session);

/* --- going on in another process --- */

/* Where a session is and what was set in it. */
struct bookmark {
    struct place place;           /* of the move to go on with; a negative step: there is none yet */
    struct effort effort, coming; /* in force, and from the next repetition, set or step on */
    int stretched;                /* the hold is longer by so many seconds or breaths */
    double volume;                /* dB */
    const GByteArray *out;        /* of struct script: borrowed, NULL: none */
};

/* `status` is the present one. */
void session_bookmark(const struct session *session, const struct status *status, struct bookmark *bookmark);

/* Begins at a bookmark: says the step's title and side, leaves time to get into position, and says the move
 * in full. Call it before anything is pulled. */
void session_resume_at(struct session *session, const struct bookmark *bookmark);

#endif
