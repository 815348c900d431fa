/* A voice profile, voices/NAME.ini: which voice speaks, and every phrase the program itself says. A language
 * is one file and no code. */
#ifndef CONFIG_VOICE_H
#define CONFIG_VOICE_H

#include "base/auto.h"
#include "base/diag.h"
#include "base/ini.h"
#include "base/key.h"
#include "base/sentence.h"
#include "base/template.h"
#include "config/language.h"
#include "config/settings.h"

/* A phrase that counts things has its singular in the row after it; the forms that English does not have are
 * apart. The table in voice.c has the fields and the English words of each. */
/* clang-format off */
enum phrase {
    PHRASE_NUMBERS,        /* "One, Two, Three": the countdown; digits where the list ends */
    PHRASE_SESSION,        /* {steps} and {minutes} are the next phrases, filled in */
    PHRASE_STEPS, PHRASE_STEPS_ONE, PHRASE_MINUTES, PHRASE_MINUTES_ONE,
    PHRASE_WITHOUT, PHRASE_TITLES_JOIN, PHRASE_TITLES_AND, /* what a session of {time} leaves out */
    PHRASE_AS_LONG,
    PHRASE_PROPS, PHRASE_PROPS_JOIN,     /* and what stands between two props */
    PHRASE_STEP,
    PHRASE_TITLE, PHRASE_NEXT_TITLE,     /* of a step that is known to come, and of any other */
    PHRASE_DOSE, PHRASE_DOSE_JOIN, PHRASE_DOSE_BOTH, PHRASE_DOSE_TIMES, PHRASE_DOSE_TIMES_ONE,
    PHRASE_DOSE_SETS, PHRASE_DOSE_SETS_ONE, PHRASE_DOSE_SETS_OF, PHRASE_DOSE_EACH, /* the parts of a dose */
    PHRASE_DOSE_BREATHS, PHRASE_DOSE_BREATHS_ONE,
    PHRASE_PREPARE,                      /* before the time to get into position */
    PHRASE_RIGHT, PHRASE_LEFT,           /* the words that {side} and {other} become */
    PHRASE_RIGHT_SIDE, PHRASE_LEFT_SIDE, /* said when a side begins */
    PHRASE_NOW_RIGHT_SIDE, PHRASE_NOW_LEFT_SIDE, /* the second */
    PHRASE_COUNT, PHRASE_COUNT_LAST,     /* of a repetition after the first */
    PHRASE_COUNTDOWN,                    /* {n} is one of PHRASE_NUMBERS */
    PHRASE_NUMBER,                       /* of one of a number of times; {n} too */
    PHRASE_HALFWAY,
    PHRASE_TWO_BREATHS, PHRASE_LAST_BREATH, PHRASE_BREATHE_IN, PHRASE_BREATHE_KEEP, PHRASE_BREATHE_OUT,
    PHRASE_TIME_SECONDS, PHRASE_TIME_SECONDS_ONE, PHRASE_TIME_MINUTES, PHRASE_TIME_MINUTES_ONE,
    PHRASE_TIME_BOTH, /* what voice_time() makes, for {time} */
    PHRASE_SECONDS_LEFT, PHRASE_SECONDS_LEFT_ONE, PHRASE_MINUTES_LEFT, PHRASE_MINUTES_LEFT_ONE,
    PHRASE_REST, PHRASE_REST_ONE, PHRASE_REST_END, /* before a set */
    PHRASE_REST_AFTER,                   /* after a step or a move */
    PHRASE_READY, PHRASE_CLOSING, PHRASE_PAUSED, PHRASE_STOPPED, PHRASE_GOING_ON,
    PHRASE_WHERE_HEAD, PHRASE_WHERE_CLOSING, /* no full stop: they begin an answer */
    PHRASE_WHERE_RIGHT, PHRASE_WHERE_LEFT, PHRASE_WHERE_SET, PHRASE_WHERE_REP,
    PHRASE_WHERE_JOIN,                       /* what stands between two parts of the answer */
    PHRASE_COMING, PHRASE_COMING_ONE, PHRASE_COMING_SOON, PHRASE_BEGUN,
    PHRASE_BY_SENTENCE, PHRASE_BY_REP, PHRASE_BY_SIDE, PHRASE_BY_SET, PHRASE_BY_STEP, PHRASE_LANDED_SET, PHRASE_WHERE_READY,
    PHRASE_TIME_LEFT, PHRASE_BREATHS_LEFT, PHRASE_BREATHS_LEFT_ONE, PHRASE_TIMES_LEFT, PHRASE_TIMES_LEFT_ONE, PHRASE_REST_LEFT,
    PHRASE_TO_GO, PHRASE_TO_GO_ONE, PHRASE_TO_GO_SHORT, PHRASE_UNTIL, PHRASE_LEVEL,
    PHRASE_LONGER, PHRASE_LONGER_ONE, PHRASE_SHORTER, PHRASE_SHORTER_ONE,
    PHRASE_LONGER_BREATHS, PHRASE_LONGER_BREATHS_ONE, PHRASE_SHORTER_BREATHS, PHRASE_SHORTER_BREATHS_ONE,
    PHRASE_MORE_TIMES, PHRASE_MORE_TIMES_ONE, PHRASE_FEWER_TIMES, PHRASE_FEWER_TIMES_ONE,
    PHRASE_LONGEST, PHRASE_SHORTEST, PHRASE_NO_HOLD, PHRASE_NOT_IN_MENU,
    PHRASE_EASIER, PHRASE_HARDER, PHRASE_EASIER_FROM, PHRASE_HARDER_FROM, /* {when} is one of the next six */
    PHRASE_FROM_REP, PHRASE_FROM_SECOND_REP, PHRASE_FROM_SET, PHRASE_FROM_SECOND_SET, PHRASE_FROM_HERE, PHRASE_FROM_STEP,
    PHRASE_EASIEST, PHRASE_HARDEST, PHRASE_FASTER, PHRASE_SLOWER, PHRASE_FASTEST, PHRASE_SLOWEST, PHRASE_LOUDEST, PHRASE_QUIETEST,
    PHRASE_LEFT_OUT, PHRASE_LEFT_OUT_TODAY, PHRASE_LEFT_OUT_DAYS, PHRASE_LEFT_OUT_DAYS_ONE,
    PHRASE_LEFT_OUT_WEEKS, PHRASE_LEFT_OUT_WEEKS_ONE, PHRASE_TAKEN_IN, PHRASE_NO_STEP,
    PHRASE_RECAP, /* for those who come late */
    PHRASE_WITHOUT_TODAY, /* said at the beginning */
    PHRASE_LAST, PHRASE_OTHER_DEVICE, PHRASE_SLEPT,
    PHRASE_RATE, PHRASE_RATED_EASY, PHRASE_RATED_RIGHT, PHRASE_RATED_HARD, PHRASE_HURT, PHRASE_HURT_YES,
    PHRASE_HURT_NO, PHRASE_LEVEL_LONGER, PHRASE_LEVEL_HARD, PHRASE_LEVEL_AWAY, PHRASE_LEVEL_PROPOSED,
    PHRASE_LISTEN_PAUSE, PHRASE_LISTEN_GO_ON, PHRASE_LISTEN_NEXT, PHRASE_LISTEN_BACK, PHRASE_LISTEN_AGAIN, PHRASE_LISTEN_WHERE,
    PHRASE_LISTEN_LONGER, PHRASE_LISTEN_SHORTER, PHRASE_LISTEN_EASIER, PHRASE_LISTEN_HARDER, PHRASE_LISTEN_LOUDER,
    PHRASE_LISTEN_QUIETER, PHRASE_LISTEN_STOP,         /* what is said to the program: ways to say it, with commas */
    PHRASE_LISTEN_UNSURE, PHRASE_LISTEN_NOT,           /* {first} and {second} are of those */
    PHRASE_MENU, PHRASE_MENU_ONE, PHRASE_LIST, PHRASE_LIST_ONE, /* before the routines of menu, and of list */
    PHRASE_MENU_ITEM, PHRASE_MENU_EMPTY,                        /* no full stop in either */
    PHRASE_REMIND,                                              /* a reminder of a routine */
    PHRASE_KEYS, /* {keys} is command_keys(): other languages name them here */
    /* shown while it plays, and not said */
    PHRASE_SHOW_STEP, PHRASE_SHOW_INTRODUCTION, PHRASE_SHOW_CLOSING, PHRASE_SHOW_CHAPTER_CLOSING, PHRASE_SHOW_SECONDS_LEFT,
    PHRASE_SHOW_SECONDS_LEFT_ONE, PHRASE_SHOW_BREATHS_LEFT, PHRASE_SHOW_BREATHS_LEFT_ONE,
    PHRASE_SHOW_TIMES_LEFT, PHRASE_SHOW_TIMES_LEFT_ONE, PHRASE_SHOW_LEFT, PHRASE_SHOW_TO_PREPARE,
    PHRASE_SHOW_TO_CHANGE, PHRASE_SHOW_TO_REST, PHRASE_SHOW_TO_ANSWER, PHRASE_SHOW_HOLD, PHRASE_SHOW_IN, PHRASE_SHOW_KEEP,
    PHRASE_SHOW_OUT, PHRASE_SHOW_AWAY, PHRASE_SHOW_STAY, PHRASE_SHOW_BACK, PHRASE_SHOW_PREPARE,
    PHRASE_SHOW_CHANGE, PHRASE_SHOW_REST, PHRASE_SHOW_ANSWER, PHRASE_SHOW_READY, PHRASE_SHOW_LISTEN, PHRASE_SHOW_HEARS, PHRASE_SHOW_WAKE, PHRASE_SHOW_PAUSED,
    PHRASE_SHOW_WAITING, PHRASE_SHOW_LOST, PHRASE_SHOW_GOES_ON, PHRASE_SHOW_BEGINS, PHRASE_SHOW_NEXT,
    PHRASE_SHOW_NEXT_CLOSING, PHRASE_SHOW_NEXT_END, PHRASE_SHOW_SESSION, PHRASE_SHOW_TIME_LEFT,
    PHRASE_SHOW_ENDS, PHRASE_SHOW_LEVEL, PHRASE_SHOW_HOLDS, PHRASE_SHOW_PACE, PHRASE_SHOW_VOLUME,
    PHRASE_SHOW_KEY_LEAVE, PHRASE_SHOW_KEY_BEGIN, PHRASE_SHOW_KEY_PAUSE, PHRASE_SHOW_KEY_NEXT,
    PHRASE_SHOW_KEY_BACK, PHRASE_SHOW_KEY_WHERE, PHRASE_SHOW_KEY_ALL, PHRASE_SHOW_UNSAID, PHRASE_SHOW_DONE,
    PHRASE_SHOW_DONE_ONE, PHRASE_SHOW_RESUME, PHRASE_SHOW_ITEM, PHRASE_SHOW_WAITS, PHRASE_SHOW_VOICE,
    PHRASE_SHOW_START, /* the button of a reminder */
    /* printed by sheet */
    PHRASE_SHEET_CAUTION, PHRASE_SHEET_EXERCISES, PHRASE_SHEET_WHEN, PHRASE_SHEET_HOLD, PHRASE_SHEET_READY,
    PHRASE_SHEET_THEN_RIGHT, PHRASE_SHEET_THEN_LEFT, PHRASE_SHEET_BETWEEN_TIMES, PHRASE_SHEET_BETWEEN_SETS,
    PHRASE_SHEET_PICTURE, PHRASE_SHEET_DAYS, PHRASE_SHEET_MARK,
    PHRASE_LOUDNESS,       /* never said: some seconds by which the voice's loudness is measured */
    N_PHRASES,
    N_SAID = PHRASE_SHOW_STEP /* those before it are said */
};
/* clang-format on */

enum { PHRASE_FIELDS = 4 };

struct phrase_row {
    const char *key;                       /* in a profile */
    const char *english;                   /* as a profile would have it */
    const char *fields[PHRASE_FIELDS + 1]; /* NULL-terminated */
    bool counts;                           /* its singular is the next row */
    bool quoted;                           /* in double quotes, which keep its outer spaces */
};

extern const struct phrase_row PHRASES[N_PHRASES];

/* The keys of a profile's section [voice]; ends with a row without a name. */
extern const struct key VOICE_KEYS[];

/* Beside the plurals: exactly two, where a voice would read the digit in another gender than the noun's. */
enum { FORM_EXACTLY_TWO = N_PLURALS, N_FORMS };

struct voice {
    char *name; /* the file's name without ".ini" */
    char *path;
    char *base; /* as the profile names it, or "" */
    char *language;
    char *engine; /* "espeak", "module" or "command"; "tone" has known lengths, for tests and trials */
    char *voice, *variant;  /* the engine's names; variant, of espeak-ng only, may be "" */
    char *command, *speaks; /* of "command": its words, quoted as for a shell; "each" or "lines" */
    char *module, *config;  /* of "module": its name or path; its own file, or "" */
    char *clips;            /* of recordings, or ""; relative to the profile */
    char *package;          /* of Debian, that has the engine; may be "" */
    bool voice_named;       /* false: it is the one of the language */
    char *abbreviations;    /* see sentence.h */
    bool ordinals;
    int rate, pitch, range, word_gap; /* words a minute; 0-99; 0-99; units of 10 ms */
    char *phrases[N_PHRASES];         /* never NULL */
    char *forms[N_PHRASES][N_FORMS];  /* of phrases that count: two, few, many, 2; NULL if there is none */
    bool own[N_PHRASES]; /* false: what the profile lacks, and so does every base that it names */
    int phrases_line;    /* of its [phrases], or 1 */
    GArray *sources;     /* of the keys of [voice]: see voice_location() */
};

/* A profile is read in layers: voice_new(), then voice_add() for each file, the base of all bases first and
 * the profile itself last, then voice_settle(). What a layer lacks stays as it was, in the end English. */
struct voice *voice_new(const char *name, const char *path);
void voice_free(struct voice *voice); /* NULL is fine */
AUTO_DEFINE(voice)

/* Problems go to `diags`; what is right is kept all the same. A layer in another language, or for another
 * engine, does not keep the voice of those below it. */
void voice_add(struct voice *voice, const struct ini *ini, struct diags *diags);

/* What has been read so far is not the profile's own: only a stand-in for what it lacks. */
void voice_disown(struct voice *voice);

/* Without a name the voice is the one of its language. Reports a missing language. */
void voice_settle(struct voice *voice, const struct ini *ini, struct diags *diags);

/* The base that a profile names, and its line; NULL if it names none. Borrowed. */
const struct ini_entry *voice_base(const struct ini *ini);

/* The language that a profile names; NULL if it names none. Borrowed. */
const char *voice_language(const struct ini *ini);

/* Whether it has any phrase that is its own or of a base that it names. */
bool voice_has_phrases(const struct voice *voice);

/* One warning with what the profile lacks, if anything. */
void voice_report_lacking(const struct voice *voice, struct diags *diags);

/* A warning for each key of a program that its engine passes over. */
void voice_report_unused(const struct voice *voice, struct diags *diags);

/* The voice as a profile of one file, without a base. The caller frees it. */
char *voice_ini(const struct voice *voice);

/* Where the keys of [voice] stand, a line of text each, and back: for a voice that has come as one text. The
 * caller frees it. */
char *voice_print_sources(const struct voice *voice);
void voice_take_sources(struct voice *voice, const char *text);

/* Source location of `key` ("voice" or "variant"), for diagnostics; with NULL, of the voice itself. */
struct diag_location voice_location(const struct voice *voice, const char *key);

/* One layer alone. */
struct voice *voice_from_ini(const char *name, const struct ini *ini, struct diags *diags);

/* Sets a key of [voice] that stands elsewhere. A problem with the value is reported there. */
void voice_set(struct voice *voice, const char *key, const char *value, const struct diag_location *at,
               struct diags *diags);

/* Takes what the settings say of the voice where they are not empty. */
void voice_apply_settings(struct voice *voice, const struct settings *settings);

/* The phrase with its fields filled in; a phrase that counts in the form that goes with `count` in the
 * voice's language. The caller frees it. */
char *voice_phrase(const struct voice *voice, enum phrase phrase, int count, const struct field *fields,
                   gsize n_fields);

/* A phrase with {n} in digits. The caller frees it. */
char *voice_counted(const struct voice *voice, enum phrase phrase, int n);

/* Whether another program than espeak-ng speaks. */
bool voice_is_program(const struct voice *voice);

/* The absolute path of the directory of its recorded clips, to be freed; NULL if it has none. */
char *voice_clips(const struct voice *voice);

/* How a text in the voice's language is split, and its sentences (char *). */
struct sentence_rules voice_sentence_rules(const struct voice *voice);
GPtrArray *voice_sentences(const struct voice *voice, const char *text);

/* "Three" for 3; "21" if PHRASE_NUMBERS does not reach so far. The caller frees it. */
char *voice_number(const struct voice *voice, int number);

/* "20 seconds", "1 minute", "75 seconds"; over 90 seconds "2 minutes" or "1 minute 40". The caller frees it.
 */
char *voice_time(const struct voice *voice, int seconds);

#endif
