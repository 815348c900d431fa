/* The settings: one table, SETTINGS, from which come the fields of this struct, the readers, `--set`,
 * `config`, the shipped stretchvoice.ini, the completions and the man page. A default is text read by the
 * same parser as the user's. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/auto.h"
#include "base/diag.h"
#include "base/key.h"
#include "config/cue_sounds.h"
#include <stdbool.h>

enum words {
    WORDS_AUTO, /* as the history says: full, or known */
    WORDS_FULL,
    WORDS_BRIEF,
    WORDS_KNOWN, /* no setting's value: what is still said of a routine that is known by now */
};
enum progress_level { PROGRESS_OFF, PROGRESS_ASK, PROGRESS_AUTO };
enum on_lost { ON_LOST_PAUSE, ON_LOST_CONTINUE };
enum while_speaking { SPEAKING_LEAVE, SPEAKING_LOWER, SPEAKING_PAUSE };
enum listen_mode { LISTEN_OFF, LISTEN_PUSH, LISTEN_WAKE };
enum bus_use { BUS_NO, BUS_YES, BUS_ALWAYS };

enum { ANNOUNCE_AUTO = -1 }; /* by the length of the hold */

enum { SETTING_EMPTY = -1 }; /* an empty number: the voice profile has it */

/* Where a value comes from: a line of a file; with line 0 an option or "default". */
struct settings_source {
    char *path;
    int line;
    const struct key *row; /* by which name it was given, where a setting has two */
};

struct settings {
    struct {
        int level; /* 0-100 */
        int speed; /* percent */
        int hold;  /* percent */
        int prepare_ms, gap_ms, sentence_ms, settle_ms, change_ms, rest_ms, breath_ms, tempo_ms;
        int lead_in_s;  /* whole seconds, as is the next one */
        int duration_s; /* of the whole session; 0 is off */
        int words;      /* enum words, never WORDS_KNOWN */
    } pace;
    struct {
        int tick_s;     /* whole seconds, as are the next two; 0 is off */
        int announce_s; /* or ANNOUNCE_AUTO */
        int halfway_s;  /* the shortest hold in which it is said */
        int countdown;  /* words, 0 is off */
    } count;
    struct {
        char *profile;  /* "" is the routine's language */
        char *language; /* the listener's; "" is that of the environment */
        char *variant;  /* "" is the profile's */
        int rate;       /* words a minute, or SETTING_EMPTY */
        int pitch;      /* 0-99, or SETTING_EMPTY */
        int range;      /* 0-99, or SETTING_EMPTY */
        int word_gap;   /* units of 10 ms, or SETTING_EMPTY */
        double level;   /* LUFS */
        int cache_mb;
    } voice;
    struct {
        char *device, *microphone; /* "" is the system's default */
        int rate;                  /* Hz */
        double cue_level, volume;  /* dB */
        bool sides;                /* each is heard from its side */
        int wake_ms, release_ms;
        int on_lost; /* enum on_lost */
    } sound;
    struct {
        char *sound[N_OCCASIONS];          /* as cue_sound_of() has it */
        struct cue_file file[N_OCCASIONS]; /* of SOUND_FILE, when cuefiles_read() has found it */
    } cues;
    struct {
        char *file; /* absolute path of a file or directory; "" is none */
        bool shuffle;
        double level, duck; /* LU above voice.level; dB */
        int fade_ms;
    } music;
    struct {
        int while_speaking; /* enum while_speaking */
    } others;
    struct {
        int mpris; /* enum bus_use */
        bool play_toggles;
    } control;
    struct {
        int mode; /* enum listen_mode */
    } listen;
    struct {
        int wait_s, again_s; /* whole seconds; again 0 is off */
    } remind;
    struct {
        bool recap, answers;
    } class;
    struct {
        bool keep;
    } history;
    struct {
        int level; /* enum progress_level */
        int most;  /* 0-100 */
    } progress;
    GArray *sources; /* struct settings_source, one a row of the table */
};

/* Sections together, in the order of the shipped file. Ends with a row without a name. */
extern const struct key SETTINGS[];

/* All defaults. The caller frees it. */
struct settings *settings_new(void);
void settings_free(struct settings *settings);
AUTO_DEFINE(settings)

/* The session is heard by a class, through a FIFO. */
bool settings_for_class(const struct settings *settings);

/* The names of all sections, NULL-terminated. The caller frees the list, not the names. */
const char **settings_sections(void);

/* Merges a file key by key over what is there. Problems go to `diags`; if there is an error, nothing of the
 * file is taken. */
void settings_read(struct settings *settings, const char *path, struct diags *diags);

/* The same from `size` bytes of memory; `path` is for messages and sources, and relative paths in the text
 * count from its directory (where it is relative itself, from the directory of this process). */
void settings_from_text(struct settings *settings, const char *text, gsize size, const char *path,
                        struct diags *diags);

/* settings_read(), but takes what is right of a file with problems, to look for further ones. */
void settings_salvage(struct settings *settings, const char *path, struct diags *diags);

/* One "SECTION.KEY=VALUE" in UTF-8, as for `--set`. `option` is the source for `config` and the location of a
 * problem
 * ("--set pace.level"; "--level" for an option that is short for a setting). */
void settings_set(struct settings *settings, const char *assignment, const char *option, struct diags *diags);

/* Such an assignment as it means the same from any directory: a relative path in it becomes an absolute one.
 * The caller frees it. */
char *settings_from_anywhere(const char *assignment);

/* The settings in force, as an INI file that reads back the same. Comments give each one's source if
 * `sources`, otherwise its meaning and range: that is the shipped file. The caller frees it. */
char *settings_ini(const struct settings *settings, bool sources);

/* Where the value of a setting came from, as the location of a problem. Borrowed. */
struct diag_location settings_location(const struct settings *settings, const char *section, const char *key);

#endif
