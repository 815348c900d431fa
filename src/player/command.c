#include "player/command.h"
#include <stddef.h>

static const struct command_row rows[N_COMMANDS] = {
    [COMMAND_PAUSE] = {"pause", 0, "pause"},
    [COMMAND_RESUME] = {"resume", 0, "go on"},
    [COMMAND_TOGGLE] = {"toggle", ' ', "pause and go on"},
    [COMMAND_STOP] = {"stop", 'q', "stop"},
    [COMMAND_NEXT] = {"next", 'n', "to the next step"},
    [COMMAND_PREVIOUS] = {"previous", 'p', "to the start of this step, or to the one before"},
    [COMMAND_REPEAT] = {"repeat", 'r', "say this move again and restart its hold"},
    [COMMAND_LOUDER] = {"louder", '+', "louder by 2 dB"},
    [COMMAND_QUIETER] = {"quieter", '-', "quieter by 2 dB"},
};

const struct command_row *command_row(enum command command)
{
    return &rows[command];
}

enum command command_by_key(char key)
{
    for (enum command command = 1; key && command < N_COMMANDS; command++)
        if (rows[command].key == key) return command;
    return COMMAND_NONE;
}
