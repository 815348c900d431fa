/* From names on the command line to settings, a voice and a routine: the beginning of every subcommand that
 * knows a session. Each step prints its own problems and returns the exit code, EXIT_DONE if there are none.
 */
#ifndef APP_LOAD_H
#define APP_LOAD_H

#include "interrupt.h"
#include "options.h"
#include "live/score.h"

struct loaded {
    const struct options *options;
    struct interrupt interrupt;
    struct diags *diags;
    struct settings *settings;
    struct voice *voice;
    struct routine *routine;
    struct today today;   /* with --today, after load_score() */
    GPtrArray *inis;      /* struct ini, the routines' files, between load_voice() and load_routine() */
    bool counts_warnings; /* load_routine() prints how many there are */
};

void load_init(struct loaded *loaded, const struct options *options);
void load_finish(struct loaded *loaded);

int load_settings(struct loaded *loaded);

/* The same without the report. `read` is settings_read, or settings_salvage. */
void load_settings_with(struct loaded *loaded,
                        void (*read)(struct settings *settings, const char *path, struct diags *diags));

/* The routines that a session is made of, as on the command line. */
struct names {
    const char *const *name;
    guint n; /* at least 1 */
};

/* The first so many arguments. */
struct names load_names(const struct options *options, guint n);

/* Opens the routines' files and finds the voice that suits the first, so that helper programs can get it
 * ready while load_routine() reads the rest: there may be ten thousand steps. Reports nothing yet; false:
 * there is no voice. load_routine() is due in any case: it makes the session of the steps that the options
 * choose. */
bool load_voice(struct loaded *loaded, struct names names);
int load_routine(struct loaded *loaded);

/* Settings, voice and routine, where nothing is done in between. */
int load_session(struct loaded *loaded, struct names names);

/* Given on the command line, and so meant for this session. */
bool load_is_given(const struct settings *settings, const char *section, const char *key);

/* Warns if the voice will read texts in another language. */
void load_compare_languages(const struct routine *routine, const struct voice *voice, struct diags *diags);

/* Warns of what is probably wrong in the routine, which `ini` has the lines of. */
void load_lint(const struct routine *routine, const struct ini *ini, const struct settings *settings,
               const struct voice *voice, struct diags *diags);

/* Prints how many warnings 'check' has for these files: "neck.ini: 2 warnings; …". */
void load_print_warnings(const char *what, guint warnings);

/* All of it, ready to be laid out, with the helpers started as early as can be. `options` says how speech is
 * wanted; diags, cancel and failed are filled in. score_finish() is due in any case. */
int load_score(struct loaded *loaded, struct names names, struct score *score, struct score_options options);

/* Prints the problems so far; EXIT_INVALID if there is an error among them. */
int load_report(struct loaded *loaded);

/* Prints why something has failed, and returns the exit code. Prints nothing for G_IO_ERROR_CANCELLED (the
 * code of the signal) and for a reader that has gone (that of SIGPIPE). */
int load_complain(struct loaded *loaded, const GError *error);

#endif
