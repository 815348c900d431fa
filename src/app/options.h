/* The command line: one table of options and one of subcommands, from which come the parser, `--help`, the
 * man page and the completions of shells. Nothing here prints. */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "player/command.h"
#include <glib.h>
#include <stdbool.h>

/* Exit codes; part of the contract with scripts. A signal n ends with 128 + n. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_INVALID = 3, /* routine, settings or voice invalid or not found */
    EXIT_NO_OUTPUT = 4,
    EXIT_NO_SESSION = 5,
    EXIT_SIGNAL = 128,
};

struct options;

struct subcommand {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;
    guint min, max;  /* arguments */
    unsigned groups; /* of options, beside those that go everywhere */
    int (*run)(const struct options *options);
};

struct options {
    char *config, *voice, *language, *level, *device, *listen, *routine, *color, *socket, *music, *seed;
    char *duration;                                    /* of what knows a session */
    char *until;                                       /* of play */
    char *part;                                        /* of list */
    char *from, *steps;                                /* of new */
    char *from_step, *only, *skip;                     /* names of steps */
    char *output;                                      /* of import */
    char *format;                                      /* of sheet */
    char *chapters, *quality, *bitrate, *split, *feed; /* of render */
    char *svg, *before;                                /* of history */
    char *days, *every, *start, *stop, *calendar;      /* of remind: --days, --every, --from, --to, --ics */
    char *pain, *note;                                 /* of rate */
    char *leave_for;                                   /* of skip */
    char *clients_port, *address, *buffer;             /* of class */
    char *stream, *snapcast_host, *snapcast_port;      /* of snapcast-control, which ignores them */
    char **set;
    gboolean json, plain, background, resume, replace, follow, help, version, quiet, verbose, strict, all,
        clear, shuffle, for_good, about, missing, inputs, mono, captions, csv, jrnl, ics, today;
    gboolean play, say, notify;   /* of remind */
    int64_t until_us;             /* real time that --until means; 0: not given */
    gboolean aloud;               /* --speak */
    gboolean words;               /* --plain=words */
    struct subcommand subcommand; /* without a name if none was given */
    GPtrArray *arguments;         /* char *, without the subcommand */
};

enum {
    OPTIONS_SETTINGS = 1,
    OPTIONS_JSON = 2,
    OPTIONS_PLAY = 4,
    OPTIONS_EVERYWHERE = 8,
    OPTIONS_CONTROL = 16, /* for what talks over the control socket */
    OPTIONS_FOLLOW = 32,
    OPTIONS_PLAIN = 64,
    OPTIONS_CHECK = 128,
    OPTIONS_SPEAK = 256,
    OPTIONS_CACHE = 512,
    OPTIONS_SCRIPT = 1024,
    OPTIONS_ALOUD = 2048,
    OPTIONS_DEVICES = 4096,
    OPTIONS_RENDER = 8192,
    OPTIONS_SHEET = 16384,
    OPTIONS_MUSIC = 32768,
    OPTIONS_LIST = 65536,
    OPTIONS_HISTORY = 131072,
    OPTIONS_NEW = 262144,
    OPTIONS_IMPORT = 524288,
    OPTIONS_SESSION = 1048576, /* for what lays out a session */
    OPTIONS_TODAY = 2097152,
    OPTIONS_REMIND = 4194304,
    OPTIONS_RATE = 8388608,
    OPTIONS_LEAVE = 33554432,
    OPTIONS_STEPS = 16777216, /* which steps, and in which order */
    OPTIONS_CLASS = 67108864,
    OPTIONS_BUFFER = 134217728,
    OPTIONS_SNAPCAST = 268435456,
};

/* Ends with a row without a name. */
extern const struct subcommand subcommands[];

/* A row of the table of options. */
struct option_row {
    const char *name;
    char letter; /* 0: none */
    unsigned group;
    GOptionArg type;
    size_t offset;     /* of the field in struct options */
    const char *value; /* a word for it in the usage line; NULL if it has none */
    const char *help;
};

/* NULL behind the last. */
const struct option_row *options_row(gsize i);

/* A command that steers a session, as a subcommand. */
struct subcommand options_steering(enum command_id id);

/* Reads the command line. With --help or --version nothing else is checked. False, with a line for the user,
 * if it is wrong. Finish the options in either case. */
bool options_parse(struct options *options, char **argv, GError **error);
void options_finish(struct options *options);

/* What --help prints: of the subcommand, if there is one. To be freed. */
char *options_help(struct options *options);

/* Colour is wanted on this stream: --color, NO_COLOR, TERM and whether it is a terminal. */
bool options_color(const struct options *options, int fd);

#endif
