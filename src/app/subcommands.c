#include "subcommands.h"

const struct subcommand subcommands[] = {
    {"play", "NAME", "Play a routine now", 1, 1,
     OPTIONS_SETTINGS | OPTIONS_PLAY | OPTIONS_PLAIN | OPTIONS_CONTROL, subcommand_play},
    {"render", "NAME FILE",
     "Write the session to a sound file: wav flac ogg opus mp3; - is WAV on standard output", 2, 2,
     OPTIONS_SETTINGS | OPTIONS_PLAIN, subcommand_render},
    {"plan", "NAME", "Print the timeline of the session", 1, 1, OPTIONS_SETTINGS | OPTIONS_JSON,
     subcommand_plan},
    {"captions", "NAME FILE", "Write the spoken text with its times: vtt srt lrc", 2, 2, OPTIONS_SETTINGS,
     subcommand_captions},
    {"check", "[FILE…]", "Report every problem in routines, settings and voices", 0, G_MAXUINT,
     OPTIONS_SETTINGS, subcommand_check},
    {"list", "", "List the routines", 0, 0, OPTIONS_SETTINGS | OPTIONS_JSON, subcommand_list},
    {"voices", "", "List the voice profiles", 0, 0, OPTIONS_JSON, subcommand_voices},
    {"devices", "", "List the audio outputs", 0, 0, OPTIONS_JSON, subcommand_devices},
    {"config", "", "Print the settings in force and where each comes from", 0, 0, OPTIONS_SETTINGS,
     subcommand_config},
    {"daemon", "", "Wait for 'play', and run its sessions in this process", 0, 0, OPTIONS_CONTROL,
     subcommand_daemon},
    {NULL, NULL, NULL, 0, 0, 0, NULL},
};
