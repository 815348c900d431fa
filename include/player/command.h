/* The one table of commands that steer a session: keys, the control socket, MPRIS, the help and the man page
 * come from it. */
#ifndef PLAYER_COMMAND_H
#define PLAYER_COMMAND_H

#include <stdbool.h>

/* clang-format off */
enum command_id {
    COMMAND_NONE,
    COMMAND_PAUSE, COMMAND_RESUME, COMMAND_TOGGLE, COMMAND_STOP,
    COMMAND_NEXT, COMMAND_PREVIOUS, COMMAND_GOTO, COMMAND_SKIP, COMMAND_UNSKIP, COMMAND_REPEAT, COMMAND_BEGIN, COMMAND_WHERE, COMMAND_COMING,
    COMMAND_AHEAD, COMMAND_BACK, COMMAND_WIDER, COMMAND_FINER,
    COMMAND_LONGER, COMMAND_SHORTER, COMMAND_EASIER, COMMAND_HARDER,
    COMMAND_LOUDER, COMMAND_QUIETER, COMMAND_VOLUME, COMMAND_FASTER, COMMAND_SLOWER,
    COMMAND_RECAP, COMMAND_SAY_KEYS, COMMAND_LISTEN,
    COMMAND_STATUS, /* steers nothing */
    N_COMMANDS
};
/* clang-format on */

enum command_argument { ARGUMENT_NONE, ARGUMENT_TIME, ARGUMENT_DB, ARGUMENT_PART, ARGUMENT_STEP };

/* Parts of a session by which one can move, from the finest on. */
enum part { PART_SENTENCE, PART_REP, PART_SIDE, PART_SET, PART_STEP, N_PARTS };

/* The arrow keys: bytes that no character has. */
#define KEY_UP '\xf8'
#define KEY_DOWN '\xf9'
#define KEY_RIGHT '\xfa'
#define KEY_LEFT '\xfb'

struct command_row {
    const char *name;
    char key; /* 0: none */
    enum command_argument argument;
    const char *value; /* for the usage line: "[TIME]", "N"; "" without one */
    const char *help;
    const char *spoken; /* what its key does, in a few words; NULL: the name says it */
};

/* A command as it was given. */
struct command {
    enum command_id id;
    bool given; /* it has a value; without one, longer and shorter mean LONGER_S, next and previous a step */
    double value;     /* seconds, or dB */
    enum part part;   /* that next and previous move by */
    int count;        /* of steps that they move by; 0: one */
    const char *name; /* of a step, as it was given; borrowed */
    int step;         /* its index, once it has been found; without a value it is the present one */
    int days;         /* that it is left out, with today; 0: from now on, or without a value for today */
    bool for_good;    /* it was said so */
};

enum { LONGER_S = 10 };

/* A row a command; COMMAND_NONE's is empty. */
const struct command_row *command_row(enum command_id id);

/* A key's name, "space", "enter" or its letter; "" for a command without one. Static, until the next call. */
const char *command_key_name(enum command_id id);

/* "Space: pause, or go on. Q: stop. …": all keys, to be said in English. The caller frees it. */
char *command_keys(void);

/* COMMAND_NONE if no command has this key, or this name. */
enum command_id command_by_key(char key);
enum command_id command_by_name(const char *name);

/* Reads what stands behind a command's name: its argument, if one was given, and behind the step of skip
 * "--for 2w" or "--for-good". The list ends with NULL. NULL if all suits, otherwise what is wrong, to be
 * freed: "no such time ('x'; ...)". */
char *command_read(struct command *command, const char *const *words);

/* The days of "2w" or "10d"; 0 if it is no such time. */
int command_days(const char *text);

#endif
