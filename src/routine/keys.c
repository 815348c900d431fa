#include "routine/keys.h"
#include "base/letter.h"
#include "base/name.h"
#include "hold.h"
#include "routine/routine.h"
#include <string.h>

/* ---- texts ---- */

static enum key_result read_text(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    *(struct text *)field = (struct text){value->entry->value, value->entry->line};
    return KEY_OK;
}

static enum key_result read_plain(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    static const char *const none[] = {NULL};
    if (!template_check(value->entry->value, none, false, value->location, value->diags)) return KEY_REPORTED;
    *(const char **)field = template_unescape(value->entry->value);
    return KEY_OK;
}

/* A voice profile's file name is made from it. */
static enum key_result read_language(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    if (!name_is_language(value->entry->value)) return KEY_MALFORMED;
    *(const char **)field = value->entry->value;
    return KEY_OK;
}

/* Nothing that a routine names lies outside of its own directory; what is there is not looked at here. */
static enum key_result read_music(const struct key *key, const struct value *value, void *field)
{
    const char *path = value->entry->value;
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    bool outside = *path == '/' || g_strv_contains((const char *const *)parts, "..");
    return !*path || outside || !g_utf8_validate(path, -1, NULL) ? KEY_MALFORMED
                                                                 : read_text(key, value, field);
}

/* ---- sides ---- */

/* One or two sides, each once. */
static enum key_result read_sides(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    struct sides sides = {0};
    g_auto(GStrv) names = g_strsplit(value->entry->value, ",", -1);
    for (char **name = names; *name; name++) {
        g_strstrip(letters_plain(*name));
        enum side side = strcmp(*name, "right") == 0  ? SIDE_RIGHT
                         : strcmp(*name, "left") == 0 ? SIDE_LEFT
                                                      : SIDE_NONE;
        bool again = sides.n && sides.side[0] == side;
        if (side == SIDE_NONE || again || sides.n == 2) return KEY_MALFORMED;
        sides.side[sides.n++] = side;
    }
    *(struct sides *)field = sides;
    return KEY_OK;
}

/* In place of sides that cannot be read. */
static void suppose_sides(void *field)
{
    struct sides *sides = field;
    if (!sides->n) *sides = (struct sides){1, {SIDE_RIGHT}};
}

/* ---- parts of the body ---- */

enum { MOST_PARTS = 20, MOST_PART = 40 /* letters */ };

static bool is_part(const char *name)
{
    const glong letters = g_utf8_strlen(name, -1);
    for (const char *at = name; *at; at = g_utf8_next_char(at))
        if (!g_unichar_isalnum(g_utf8_get_char(at)) && *at != '-' && *at != ' ') return false;
    return letters >= 1 && letters <= MOST_PART;
}

/* Words, each once. */
static enum key_result read_parts(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    g_auto(GStrv) names = g_strsplit(value->entry->value, ",", MOST_PARTS + 1);
    for (guint i = 0; names[i]; i++) {
        g_strstrip(letters_plain(names[i]));
        char *folded = g_utf8_strdown(names[i], -1);
        g_free(names[i]);
        names[i] = folded;
        if (!is_part(folded)) return KEY_MALFORMED;
        for (guint j = 0; j < i; j++)
            if (strcmp(names[j], folded) == 0) return KEY_MALFORMED;
    }
    g_strfreev(*(char ***)field); /* of the same key before */
    *(char ***)field = g_steal_pointer(&names);
    return KEY_OK;
}

/* ---- keys ---- */

/* Texts are pieces of the file, not copies. A value that cannot be read leaves a default behind that makes no
 * second problem: a hold that ends at 0, or one side. */
#define AT(type, field) offsetof(struct type, field)

/* clang-format off */
static const struct choice READY[] = {{"ready", PREPARE_READY}, {NULL, 0}};
static const struct kind
    TEXT = {STORE_OWN, "a text", NULL, .read = read_text},
    PLAIN = {STORE_OWN, "a text", NULL, .read = read_plain},
    LANGUAGE = {STORE_OWN, "a language tag", "write en, en-gb or de", .read = read_language},
    MUSIC = {STORE_OWN, "a path in the routine's own directory", "write drums.ogg, or the name of a directory", .read = read_music},
    PARTS = {STORE_OWN, "a list of parts of the body", "write back, or several with commas between, each once",
             .read = read_parts},
    PREPARE = {STORE_INT, "a time", .unit_ms = 1, .words = READY},
    SIDES = {STORE_OWN, "a list of sides", "write right, left, or both with a comma between", .read = read_sides,
             .suppose = suppose_sides};

const struct key ROUTINE_KEYS[] = {
    {.name = "title", .kind = &PLAIN, .offset = AT(routine, title),
     .meaning = "the routine's name, as it is spoken. Required"},
    {.name = "language", .kind = &LANGUAGE, .offset = AT(routine, language),
     .meaning = "language of your texts: `en`, `de`, … It chooses the voice. `en` if you leave it out"},
    {.name = "about", .kind = &PLAIN, .offset = AT(routine, about),
     .meaning = "one line for lists, and the comment of rendered files; it is not spoken"},
    {.name = "author", .kind = &PLAIN, .offset = AT(routine, author),
     .meaning = "the artist of rendered files; `stretchvoice` if you leave it out. It is not spoken"},
    {.name = "album", .kind = &PLAIN, .offset = AT(routine, album),
     .meaning = "the album of rendered files; `Stretching` if you leave it out. It is not spoken"},
    {.name = "parts", .kind = &PARTS, .offset = AT(routine, parts),
     .meaning = "the parts of the body that it is for: `back, neck`. `list --part back` finds it. Write them in English in every language, like the names of sections"},
    {.name = "level-hint", .kind = &KIND_WHOLE, .offset = AT(routine, level_hint), .low = "0", .high = "100",
     .meaning = "the level at which most people begin. It is shown, and changes nothing"},
    {.name = "caution", .kind = &TEXT, .offset = AT(routine, caution),
     .meaning = "said once, before the first step"},
    {.name = "closing", .kind = &TEXT, .offset = AT(routine, closing),
     .meaning = "said after the last step; \"Done.\" if you leave it out"},
    {.name = "music", .kind = &MUSIC, .offset = AT(routine, music),
     .meaning = "what plays under the words, unless `--music` names something else: a file or a directory in the directory of this file, or below it"},
    {0},
};

const struct key STEP_KEYS[] = {
    {.name = "title", .kind = &PLAIN, .offset = AT(step, title),
     .meaning = "spoken when the step begins. Without it `[side-reach]` becomes \"side reach\""},
    {.name = "prop", .kind = &PLAIN, .offset = AT(step, prop),
     .meaning = "what the listener needs for the step: `a rolled towel`. Said before the session and shown in lists"},
    {.name = "priority", .kind = &KIND_WHOLE, .offset = AT(step, priority), .low = "0", .high = "9",
     .meaning = "how much the step matters where time is short; 5 if you leave it out. With `--duration 10m` the lowest are left out first, and of equals the later"},
    {.name = "setup", .kind = &TEXT, .offset = AT(step, setup),
     .meaning = "the way into the starting position, said once"},
    {.name = "sets", .kind = &KIND_COUNT, .offset = AT(step, sets), .low = "1", .high = "100",
     .meaning = "whole rounds, with a rest between: `2` or `1-3`. 1 if you leave it out"},
    {.name = "reps", .kind = &KIND_COUNT, .offset = AT(step, reps), .low = "1", .high = "1000",
     .meaning = "repetitions of the moves on each side: `3` or `5-10`. 1 if you leave it out"},
    {.name = "sides", .kind = &SIDES, .offset = AT(step, sides),
     .meaning = "`right, left`, or `left, right`, or one alone"},
    {.name = "rest", .kind = &KIND_TIME, .offset = AT(step, rest_ms), .low = "0s", .high = "1h",
     .meaning = "how long the rest between sets is: `20s`. The setting `pace.rest` if you leave it out"},
    {.name = "between", .kind = &KIND_TIME, .offset = AT(step, between_ms), .low = "0s", .high = "1h",
     .meaning = "time before each further repetition, to come down and rest: `10s`. None if you leave it out"},
    {.name = "prepare", .kind = &PREPARE, .offset = AT(step, prepare_ms), .low = "0s", .high = "1h",
     .meaning = "time to get into position after `setup`: `20s`, if something has to be fetched; or `ready`, to wait for the listener. The setting `pace.prepare` if you leave it out"},
    {.name = "again", .kind = &TEXT, .offset = AT(step, again),
     .meaning = "how to get into position again, said after a rest before the next set; time to get there follows"},
    {.name = "after", .kind = &KIND_TIME, .offset = AT(step, after_ms), .low = "0s", .high = "1h",
     .meaning = "rest after the step, while the next one is named: `30s`. None if you leave it out"},
    {.name = "release", .kind = &TEXT, .offset = AT(step, release),
     .meaning = "the way out, said once at the end of the step"},
    {.name = "say", .kind = &TEXT, .offset = AT(step, own.say),
     .meaning = "the full instruction, said the first time on each side. Required, unless the step has moves"},
    {.name = "cue", .kind = &TEXT, .offset = AT(step, own.cue),
     .meaning = "the short form, said after the first time. The first sentence of `say` if you leave it out"},
    {.name = "hold", .kind = &KIND_HOLD, .offset = AT(step, own.hold),
     .meaning = "how long the hold lasts. Required, unless the step has moves"},
    {.name = "breath", .kind = &KIND_BREATH, .offset = AT(step, own.breath), .low = "2s", .high = "60s",
     .meaning = "one breath of a hold in breaths: `4-6` seconds in and out, `4-7-8` in, kept, out, `4-4-4-4` in, kept, out, kept. The setting `pace.breath` if you leave it out"},
    {.name = "tempo", .kind = &KIND_TEMPO, .offset = AT(step, own.tempo), .low = "1s", .high = "60s",
     .meaning = "one movement of a hold in times: `3s`, or `2-1-3` seconds out, stay, back. The setting `pace.tempo` if you leave it out"},
    {.name = "settle", .kind = &KIND_TIME, .offset = AT(step, own.settle_ms), .low = "0s", .high = "10m",
     .meaning = "time from the last word to the hold, to get into the position: `3s`. The setting `pace.settle` if you leave it out"},
    {0},
};

const struct key MOVE_KEYS[] = {
    {.name = "say", .kind = &TEXT, .offset = AT(move, say),
     .meaning = "the full instruction, said the first time on each side. Required"},
    {.name = "cue", .kind = &TEXT, .offset = AT(move, cue),
     .meaning = "the short form, said after the first time. The first sentence of `say` if you leave it out"},
    {.name = "hold", .kind = &KIND_HOLD, .offset = AT(move, hold),
     .meaning = "how long the hold lasts. Required"},
    {.name = "breath", .kind = &KIND_BREATH, .offset = AT(move, breath), .low = "2s", .high = "60s",
     .meaning = "one breath of a hold in breaths: `4-6` seconds in and out, `4-7-8` in, kept, out, `4-4-4-4` in, kept, out, kept. The setting `pace.breath` if you leave it out"},
    {.name = "tempo", .kind = &KIND_TEMPO, .offset = AT(move, tempo), .low = "1s", .high = "60s",
     .meaning = "one movement of a hold in times: `3s`, or `2-1-3` seconds out, stay, back. The setting `pace.tempo` if you leave it out"},
    {.name = "settle", .kind = &KIND_TIME, .offset = AT(move, settle_ms), .low = "0s", .high = "10m",
     .meaning = "time from the last word to the hold, to get into the position: `3s`. The setting `pace.settle` if you leave it out"},
    {.name = "after", .kind = &KIND_TIME, .offset = AT(move, after_ms), .low = "0s", .high = "1h",
     .meaning = "rest after the move, before the next one: `10s`. None if you leave it out"},
    {.name = "release", .kind = &TEXT, .offset = AT(move, release),
     .meaning = "the way out, said after each hold. From the second time only its first sentence is said"},
    {.name = "sides", .kind = &SIDES, .offset = AT(move, sides),
     .meaning = "a move may have sides of its own, if its step has none. It is then done on one side and the other before the next move"},
    {0},
};
/* clang-format on */
