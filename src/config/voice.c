#include "config/voice.h"
#include <string.h>

/* ---- the table ---- */

/* clang-format off */
#define PLAIN(id, name, text) [PHRASE_##id] = {.key = name, .english = text}
#define QUOTED(id, name, text) [PHRASE_##id] = {.key = name, .english = text, .quoted = true}
#define FILLED(id, name, text, ...) [PHRASE_##id] = {.key = name, .english = text, .fields = {__VA_ARGS__}}
#define COUNTED(id, name, text, singular, ...) \
    [PHRASE_##id] = {.key = name, .english = text, .fields = {__VA_ARGS__}, .counts = true}, \
    [PHRASE_##id##_ONE] = {.key = name "-one", .english = singular, .fields = {__VA_ARGS__}}

const struct phrase_row PHRASES[N_PHRASES] = {
    PLAIN(NUMBERS, "numbers",
          "One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, Twelve, Thirteen, Fourteen, "
          "Fifteen, Sixteen, Seventeen, Eighteen, Nineteen, Twenty"),
    FILLED(SESSION, "session", "{title}. {steps}, {minutes}.", "title", "steps", "minutes"),
    COUNTED(STEPS, "steps", "{n} steps", "{n} step", "n"),
    COUNTED(MINUTES, "minutes", "about {n} minutes", "about {n} minute", "n"),
    FILLED(WITHOUT, "without", "{time} today, without {titles}.", "time", "titles"),
    QUOTED(TITLES_JOIN, "titles-join", "\", \""),
    QUOTED(TITLES_AND, "titles-and", "\" and \""),
    PLAIN(AS_LONG, "as-long-as-it-can-be", "This is as long as it can be."),
    FILLED(PROPS, "props", "You will need: {props}.", "props"),
    QUOTED(PROPS_JOIN, "props-join", "\", \""),
    FILLED(STEP, "step", "{step} of {steps}.", "step", "steps"),
    FILLED(TITLE, "title", "{title}.", "title"),
    FILLED(NEXT_TITLE, "next-title", "Next: {title}.", "title"),
    FILLED(DOSE, "dose", "{dose}.", "dose"),
    QUOTED(DOSE_JOIN, "dose-join", "\", \""),
    PLAIN(DOSE_BOTH, "dose-both-sides", "Both sides"),
    COUNTED(DOSE_TIMES, "dose-times", "{n} times", "{n} time", "n"),
    COUNTED(DOSE_SETS, "dose-sets", "{n} sets", "{n} set", "n"),
    FILLED(DOSE_SETS_OF, "dose-sets-of", "{sets} sets of {reps}", "sets", "reps"),
    FILLED(DOSE_EACH, "dose-each", "{length} each", "length"),
    COUNTED(DOSE_BREATHS, "dose-breaths", "{n} breaths", "{n} breath", "n"),
    FILLED(PREPARE, "prepare", "{time} to get there.", "time"),
    PLAIN(RIGHT, "right", "right"),
    PLAIN(LEFT, "left", "left"),
    PLAIN(RIGHT_SIDE, "right-side", "Right side."),
    PLAIN(LEFT_SIDE, "left-side", "Left side."),
    PLAIN(NOW_RIGHT_SIDE, "now-right-side", "Now the right side."),
    PLAIN(NOW_LEFT_SIDE, "now-left-side", "Now the left side."),
    FILLED(COUNT, "count", "Number {n} of {of}.", "n", "of"),
    PLAIN(COUNT_LAST, "count-last", "Last one."),
    FILLED(COUNTDOWN, "countdown", "{n}.", "n"),
    FILLED(NUMBER, "number", "{n}.", "n"),
    PLAIN(HALFWAY, "halfway", "Halfway."),
    PLAIN(TWO_BREATHS, "two-more-breaths", "Two more breaths."),
    PLAIN(LAST_BREATH, "last-breath", "Last one."),
    PLAIN(BREATHE_IN, "breathe-in", "In."),
    PLAIN(BREATHE_KEEP, "breathe-keep", "Hold."),
    PLAIN(BREATHE_OUT, "breathe-out", "Out."),
    COUNTED(TIME_SECONDS, "time-seconds", "{n} seconds", "{n} second", "n"),
    COUNTED(TIME_MINUTES, "time-minutes", "{n} minutes", "{n} minute", "n"),
    FILLED(TIME_BOTH, "time-both", "{minutes} {seconds}", "minutes", "seconds"),
    COUNTED(SECONDS_LEFT, "seconds-left", "{n} seconds left.", "{n} second left.", "n"),
    COUNTED(MINUTES_LEFT, "minutes-left", "{n} minutes left.", "{n} minute left.", "n"),
    COUNTED(REST, "rest", "Rest, {time}. Then set {set} of {sets}.", "Rest, {time}. Then set {set} of {sets}.",
            "seconds", "time", "set", "sets"),
    FILLED(REST_END, "rest-end", "Set {set} of {sets} in {time}.", "set", "sets", "time"),
    FILLED(REST_AFTER, "rest-after", "Rest, {time}.", "time"),
    PLAIN(READY, "ready", "When you are ready, press play."),
    PLAIN(CLOSING, "closing", "Done."),
    PLAIN(PAUSED, "paused", "Paused."),
    PLAIN(STOPPED, "stopped", "Stopped."),
    PLAIN(GOING_ON, "going-on", "Going on in"),
    PLAIN(WHERE_HEAD, "where-beginning", "The beginning"),
    PLAIN(WHERE_CLOSING, "where-end", "The end"),
    PLAIN(WHERE_RIGHT, "where-right", "right side"),
    PLAIN(WHERE_LEFT, "where-left", "left side"),
    FILLED(WHERE_SET, "where-set", "set {n} of {of}", "n", "of"),
    FILLED(WHERE_REP, "where-repetition", "repetition {n} of {of}", "n", "of"),
    COUNTED(COMING, "coming", "Next: {title}, in {n} minutes.", "Next: {title}, in {n} minute.", "title", "n"),
    FILLED(COMING_SOON, "coming-soon", "Next: {title}, in less than a minute.", "title"),
    PLAIN(BEGUN, "begun", "It has begun."),
    PLAIN(BY_SENTENCE, "by-sentence", "By sentence."),
    PLAIN(BY_REP, "by-repetition", "By repetition."),
    PLAIN(BY_SIDE, "by-side", "By side."),
    PLAIN(BY_SET, "by-set", "By set."),
    PLAIN(BY_STEP, "by-step", "By exercise."),
    FILLED(LANDED_SET, "landed-set", "Set {n} of {of}.", "n", "of"),
    PLAIN(WHERE_READY, "where-ready", "Waiting until you press play."),
    FILLED(TIME_LEFT, "time-left", "{time} left.", "time"),
    COUNTED(BREATHS_LEFT, "breaths-left", "{n} breaths left.", "{n} breath left.", "n"),
    COUNTED(TIMES_LEFT, "times-left", "{n} times left.", "{n} time left.", "n"),
    FILLED(REST_LEFT, "rest-left", "{time} of rest left.", "time"),
    COUNTED(TO_GO, "to-go", "{n} minutes to go.", "{n} minute to go.", "n"),
    PLAIN(TO_GO_SHORT, "to-go-short", "Less than a minute to go."),
    FILLED(UNTIL, "until", "Until {clock}.", "clock"),
    FILLED(LEVEL, "level", "Level {n}.", "n"),
    QUOTED(WHERE_JOIN, "where-join", "\", \""),
    COUNTED(LONGER, "longer", "{time} longer.", "{time} longer.", "n", "time"),
    COUNTED(SHORTER, "shorter", "{time} shorter.", "{time} shorter.", "n", "time"),
    COUNTED(LONGER_BREATHS, "longer-breaths", "{n} breaths longer.", "{n} breath longer.", "n"),
    COUNTED(SHORTER_BREATHS, "shorter-breaths", "{n} breaths shorter.", "{n} breath shorter.", "n"),
    COUNTED(MORE_TIMES, "more-times", "{n} more.", "{n} more.", "n"),
    COUNTED(FEWER_TIMES, "fewer-times", "{n} fewer.", "{n} fewer.", "n"),
    PLAIN(LONGEST, "longest", "Already the longest."),
    PLAIN(SHORTEST, "shortest", "Already the shortest."),
    PLAIN(NO_HOLD, "no-hold", "Nothing to lengthen here."),
    PLAIN(NOT_IN_MENU, "not-in-menu", "Not in the menu."),
    PLAIN(EASIER, "easier", "Easier."),
    PLAIN(HARDER, "harder", "Harder."),
    FILLED(EASIER_FROM, "easier-from", "Easier, from {when}.", "when"),
    FILLED(HARDER_FROM, "harder-from", "Harder, from {when}.", "when"),
    PLAIN(FROM_REP, "from-repetition", "the next repetition"),
    PLAIN(FROM_SECOND_REP, "from-second-repetition", "the second repetition"),
    PLAIN(FROM_SET, "from-set", "the next set"),
    PLAIN(FROM_SECOND_SET, "from-second-set", "the second set"),
    PLAIN(FROM_HERE, "from-here", "this exercise"),
    PLAIN(FROM_STEP, "from-step", "the next exercise"),
    PLAIN(EASIEST, "easiest", "This is the easiest."),
    PLAIN(HARDEST, "hardest", "This is the hardest."),
    PLAIN(FASTER, "faster", "Faster."),
    PLAIN(SLOWER, "slower", "Slower."),
    PLAIN(FASTEST, "fastest", "Already the fastest."),
    PLAIN(SLOWEST, "slowest", "Already the slowest."),
    PLAIN(LOUDEST, "loudest", "Already the loudest."),
    PLAIN(QUIETEST, "quietest", "Already the quietest."),
    FILLED(LEFT_OUT, "left-out", "{title}: left out from now on.", "title"),
    FILLED(LEFT_OUT_TODAY, "left-out-today", "{title}: left out today.", "title"),
    COUNTED(LEFT_OUT_DAYS, "left-out-days", "{title}: left out for {n} days.", "{title}: left out for {n} day.", "title", "n"),
    COUNTED(LEFT_OUT_WEEKS, "left-out-weeks", "{title}: left out for {n} weeks.", "{title}: left out for {n} week.", "title", "n"),
    FILLED(TAKEN_IN, "taken-in", "{title}: played again.", "title"),
    PLAIN(NO_STEP, "no-step", "No exercise here."),
    FILLED(RECAP, "recap", "We are at step {step}: {title}.", "step", "title"),
    FILLED(WITHOUT_TODAY, "without-today", "Today without {titles}.", "titles"),
    PLAIN(LAST, "last", "You are at the end."),
    PLAIN(OTHER_DEVICE, "other-device", "Paused. The sound is on another device."),
    PLAIN(SLEPT, "slept", "Paused. The computer was asleep."),
    PLAIN(RATE, "rate", "How was that? Next, if it was too easy. Previous, if it was too hard. Nothing, if it was right."),
    PLAIN(RATED_EASY, "rated-easy", "Too easy: noted."),
    PLAIN(RATED_RIGHT, "rated-right", "Just right: noted."),
    PLAIN(RATED_HARD, "rated-hard", "Too hard: noted."),
    PLAIN(HURT, "hurt", "Did it hurt more than usual the day after? Next for yes."),
    FILLED(HURT_YES, "hurt-yes", "Then it is easier today: level {n}.", "n"),
    PLAIN(HURT_NO, "hurt-no", "Good to hear."),
    FILLED(LEVEL_LONGER, "level-longer", "A little longer today: level {n}.", "n"),
    FILLED(LEVEL_HARD, "level-hard", "It was hard last time, so it is easier today: level {n}.", "n"),
    FILLED(LEVEL_AWAY, "level-away", "After the break we begin gently: level {n}.", "n"),
    FILLED(LEVEL_PROPOSED, "level-proposed", "Level {n} would suit you now.", "n"),
    PLAIN(LISTEN_PAUSE, "listen-pause", "pause"),
    PLAIN(LISTEN_GO_ON, "listen-go-on", "go on"),
    PLAIN(LISTEN_NEXT, "listen-next", "next"),
    PLAIN(LISTEN_BACK, "listen-back", "back"),
    PLAIN(LISTEN_AGAIN, "listen-again", "again"),
    PLAIN(LISTEN_WHERE, "listen-where", "where am i"),
    PLAIN(LISTEN_LONGER, "listen-longer", "longer"),
    PLAIN(LISTEN_SHORTER, "listen-shorter", "shorter"),
    PLAIN(LISTEN_EASIER, "listen-easier", "easier"),
    PLAIN(LISTEN_HARDER, "listen-harder", "harder"),
    PLAIN(LISTEN_LOUDER, "listen-louder", "louder"),
    PLAIN(LISTEN_QUIETER, "listen-quieter", "quieter"),
    PLAIN(LISTEN_STOP, "listen-stop", "stop"),
    FILLED(LISTEN_UNSURE, "listen-unsure", "{first}, or {second}?", "first", "second"),
    PLAIN(LISTEN_NOT, "listen-not", "I cannot listen."),
    COUNTED(MENU, "menu", "{n} routines. Next and previous choose, play begins", "{n} routine. Play begins it", "n"),
    COUNTED(LIST, "list", "{n} routines", "{n} routine", "n"),
    FILLED(MENU_ITEM, "menu-item", "{title}, {time}", "title", "time"),
    PLAIN(MENU_EMPTY, "menu-empty", "There are no routines"),
    FILLED(REMIND, "remind", "Time for {title}. {time}?", "title", "time"),
    FILLED(KEYS, "keys", "{keys}", "keys"),
    FILLED(SHOW_STEP, "show-step", "Step {step} of {steps}: {title}", "step", "steps", "title"),
    PLAIN(SHOW_INTRODUCTION, "show-introduction", "Introduction"),
    PLAIN(SHOW_CLOSING, "show-closing", "Closing words"),
    PLAIN(SHOW_CHAPTER_CLOSING, "show-chapter-closing", "Closing"),
    COUNTED(SHOW_SECONDS_LEFT, "show-seconds-left", "seconds left", "second left", NULL),
    COUNTED(SHOW_BREATHS_LEFT, "show-breaths-left", "breaths left", "breath left", NULL),
    COUNTED(SHOW_TIMES_LEFT, "show-times-left", "times left", "time left", NULL),
    PLAIN(SHOW_LEFT, "show-left", "left"),
    PLAIN(SHOW_TO_PREPARE, "show-to-prepare", "to get ready"),
    PLAIN(SHOW_TO_CHANGE, "show-to-change", "to change sides"),
    PLAIN(SHOW_TO_REST, "show-to-rest", "to rest"),
    PLAIN(SHOW_TO_ANSWER, "show-to-answer", "to answer"),
    PLAIN(SHOW_HOLD, "show-hold", "Hold"),
    PLAIN(SHOW_IN, "show-in", "Breathe in"),
    PLAIN(SHOW_KEEP, "show-keep", "Keep"),
    PLAIN(SHOW_OUT, "show-out", "Breathe out"),
    PLAIN(SHOW_AWAY, "show-away", "Out"),
    PLAIN(SHOW_STAY, "show-stay", "Stay"),
    PLAIN(SHOW_BACK, "show-back", "Back"),
    PLAIN(SHOW_PREPARE, "show-prepare", "Get ready"),
    PLAIN(SHOW_CHANGE, "show-change", "Change sides"),
    PLAIN(SHOW_REST, "show-rest", "Rest"),
    PLAIN(SHOW_ANSWER, "show-answer", "Answer"),
    PLAIN(SHOW_READY, "show-ready", "When ready"),
    PLAIN(SHOW_LISTEN, "show-listen", "Listen"),
    PLAIN(SHOW_HEARS, "show-hears", "LISTENING"),
    PLAIN(SHOW_WAKE, "show-wake", "say \"hey coach\""),
    PLAIN(SHOW_PAUSED, "show-paused", "PAUSED"),
    PLAIN(SHOW_WAITING, "show-waiting", "WAITING"),
    PLAIN(SHOW_LOST, "show-lost", "SOUND LOST  waiting for it"),
    PLAIN(SHOW_GOES_ON, "show-goes-on", "space goes on"),
    PLAIN(SHOW_BEGINS, "show-begins", "space begins it"),
    FILLED(SHOW_NEXT, "show-next", "Next: {title}", "title"),
    PLAIN(SHOW_NEXT_CLOSING, "show-next-closing", "closing words"),
    PLAIN(SHOW_NEXT_END, "show-next-end", "the end"),
    PLAIN(SHOW_SESSION, "show-session", "Session"),
    FILLED(SHOW_TIME_LEFT, "show-time-left", "{time} left", "time"),
    FILLED(SHOW_ENDS, "show-ends", "ends {clock}", "clock"),
    FILLED(SHOW_LEVEL, "show-level", "Level {n}", "n"),
    FILLED(SHOW_HOLDS, "show-holds", "holds {n} %", "n"),
    FILLED(SHOW_PACE, "show-pace", "pace {n} %", "n"),
    FILLED(SHOW_VOLUME, "show-volume", "volume {n} dB", "n"),
    PLAIN(SHOW_KEY_LEAVE, "show-key-leave", "q leaves"),
    PLAIN(SHOW_KEY_BEGIN, "show-key-begin", "space begins"),
    PLAIN(SHOW_KEY_PAUSE, "show-key-pause", "space pause"),
    PLAIN(SHOW_KEY_NEXT, "show-key-next", "n next"),
    PLAIN(SHOW_KEY_BACK, "show-key-back", "p back"),
    PLAIN(SHOW_KEY_WHERE, "show-key-where", "w where"),
    PLAIN(SHOW_KEY_ALL, "show-key-all", "? all keys"),
    FILLED(SHOW_UNSAID, "show-unsaid", "Not spoken: {text}", "text"),
    COUNTED(SHOW_DONE, "show-done", "{title}: {time}, {done} of {steps} steps", "{title}: {time}, {done} of {steps} step", "title", "time", "done", "steps"),
    FILLED(SHOW_RESUME, "show-resume", "--resume goes on at {title}", "title"),
    FILLED(SHOW_ITEM, "show-item", "{step} of {steps}: {title}", "step", "steps", "title"),
    FILLED(SHOW_WAITS, "show-waits", "Waiting: {keys}", "keys"),
    PLAIN(SHOW_VOICE, "show-voice", "Waiting for the voice"),
    PLAIN(SHOW_START, "show-start", "Start"),
    PLAIN(SHEET_CAUTION, "sheet-caution", "Caution"),
    PLAIN(SHEET_EXERCISES, "sheet-exercises", "Exercises"),
    FILLED(SHEET_WHEN, "sheet-when", "Minutes {begin} to {end}", "begin", "end"),
    FILLED(SHEET_HOLD, "sheet-hold", "Hold: {time}.", "time"),
    PLAIN(SHEET_READY, "sheet-ready", "As long as you like."),
    PLAIN(SHEET_THEN_RIGHT, "sheet-then-right", "Then the same on the right side."),
    PLAIN(SHEET_THEN_LEFT, "sheet-then-left", "Then the same on the left side."),
    FILLED(SHEET_BETWEEN_TIMES, "sheet-between-times", "Rest between repetitions: {time}.", "time"),
    FILLED(SHEET_BETWEEN_SETS, "sheet-between-sets", "Rest between sets: {time}.", "time"),
    PLAIN(SHEET_PICTURE, "sheet-picture", "Above, the exercises by number. Below, the minutes. Dark: hold or move. Light: listen, get ready or rest."),
    FILLED(SHEET_DAYS, "sheet-days", "{n} days", "n"),
    PLAIN(SHEET_MARK, "sheet-mark", "Mark a box on each day that you do the exercises."),
    PLAIN(LOUDNESS, "loudness", "Keep both feet flat on the floor. Breathe out, and let your shoulders sink."),
};
/* clang-format on */

/* ---- using ---- */

char *voice_phrase(const struct voice *voice, enum phrase phrase, int count, const struct field *fields,
                   gsize n_fields)
{
    enum plural plural = PHRASES[phrase].counts ? language_plural(voice->language, count) : PLURAL_OTHER;
    const char *form = plural == PLURAL_ONE ? voice->phrases[phrase + 1] : voice->forms[phrase][plural],
               *two = voice->forms[phrase][FORM_EXACTLY_TWO];
    if (count == 2 && two) form = two;
    return template_fill(form ? form : voice->phrases[phrase], fields, n_fields, SIDE_NONE);
}

char *voice_clips(const struct voice *voice)
{
    if (!*voice->clips) return NULL;
    g_autofree char *profile = g_canonicalize_filename(voice_location(voice, "clips").path, NULL);
    g_autofree char *directory = g_path_get_dirname(profile);
    return g_canonicalize_filename(voice->clips, directory);
}

bool voice_is_program(const struct voice *voice)
{
    return strcmp(voice->engine, "module") == 0 || strcmp(voice->engine, "command") == 0;
}

struct sentence_rules voice_sentence_rules(const struct voice *voice)
{
    return (struct sentence_rules){voice->abbreviations, voice->ordinals};
}

GPtrArray *voice_sentences(const struct voice *voice, const char *text)
{
    const struct sentence_rules rules = voice_sentence_rules(voice);
    return sentences_split(text, &rules);
}

char *voice_number(const struct voice *voice, int number)
{
    g_auto(GStrv) words = g_strsplit(voice->phrases[PHRASE_NUMBERS], ",", -1);
    if (number < 1 || number > (int)g_strv_length(words)) return g_strdup_printf("%d", number);
    return template_fill(g_strstrip(words[number - 1]), NULL, 0, SIDE_NONE);
}

char *voice_counted(const struct voice *voice, enum phrase phrase, int n)
{
    g_autofree char *figure = g_strdup_printf("%d", n);
    return voice_phrase(voice, phrase, n, &(struct field){"n", figure}, 1);
}

enum { MOST_SECONDS = 90, MINUTE_S = 60 }; /* beyond, minutes are easier to grasp */

char *voice_time(const struct voice *voice, int seconds)
{
    if (seconds <= MOST_SECONDS && seconds != MINUTE_S)
        return voice_counted(voice, PHRASE_TIME_SECONDS, seconds);
    char *minutes = voice_counted(voice, PHRASE_TIME_MINUTES, seconds / MINUTE_S);
    if (seconds % MINUTE_S == 0) return minutes;
    g_autofree char *whole = minutes, *rest = g_strdup_printf("%d", seconds % MINUTE_S);
    const struct field fields[] = {{"minutes", whole}, {"seconds", rest}};
    return voice_phrase(voice, PHRASE_TIME_BOTH, 0, fields, G_N_ELEMENTS(fields));
}
