/* The one table of commands that steer a session: keys come from it, and whatever else will carry commands. */
#ifndef PLAYER_COMMAND_H
#define PLAYER_COMMAND_H

enum command {
    COMMAND_NONE,
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_TOGGLE,
    COMMAND_STOP,
    COMMAND_NEXT,
    COMMAND_PREVIOUS,
    COMMAND_REPEAT,
    COMMAND_LOUDER,
    COMMAND_QUIETER,
    N_COMMANDS
};

struct command_row {
    const char *name;
    char key; /* 0: none */
    const char *help;
};

/* A row a command; COMMAND_NONE's is empty. */
const struct command_row *command_row(enum command command);

/* COMMAND_NONE if no command has this key. */
enum command command_by_key(char key);

#endif
