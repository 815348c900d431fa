#include "rules.h"
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

enum { LANGUAGE_BYTES = 35 };

/* A voice profile's file name is made from it. */
static enum key_result read_language(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    const char *tag = value->entry->value, *end = tag;
    while (g_ascii_isalnum(*end) || (*end == '-' && end > tag)) end++;
    if (*end || end - tag > LANGUAGE_BYTES) return KEY_MALFORMED;
    *(const char **)field = tag;
    return KEY_OK;
}

/* ---- holds ---- */

/* "8 breaths" "8-10 breaths" "1 breath" */
static bool parse_breaths(const char *text, struct range *breaths)
{
    gsize digits = strspn(text, "0123456789-"), spaces = strspn(text + digits, " ");
    const char *unit = text + digits + spaces;
    if (!spaces || (strcmp(unit, "breaths") != 0 && strcmp(unit, "breath") != 0)) return false;
    g_autofree char *count = g_strndup(text, digits);
    return count_parse_range(count, breaths);
}

static enum key_result read_hold(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    const char *text = value->entry->value;
    struct hold hold = {HOLD_READY, {0, 0}, value->entry->line};
    if (duration_parse_range(text, &hold.range))
        hold.kind = HOLD_SECONDS;
    else if (parse_breaths(text, &hold.range))
        hold.kind = HOLD_BREATHS;
    else if (strcmp(text, "ready") != 0)
        return KEY_MALFORMED;
    bool breaths = hold.kind == HOLD_BREATHS;
    int least = MIN(hold.range.low, hold.range.high), most = MAX(hold.range.low, hold.range.high);
    if (hold.kind != HOLD_READY && (least < 1 || most > (breaths ? ROUTINE_BREATHS : ROUTINE_HOLD_S))) {
        diag_wrong(value->diags, value->location, "out of range", text,
                   breaths ? "1 to 3600 breaths" : "1s to 1h");
        return KEY_REPORTED;
    }
    if (hold.range.low > hold.range.high) return KEY_REVERSED;
    *(struct hold *)field = hold;
    return KEY_OK;
}

/* ---- sides ---- */

const struct sides SUPPOSED_SIDES = {1, {SIDE_RIGHT}};

/* One or two sides, each once. */
static enum key_result read_sides(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    struct sides sides = {0};
    g_auto(GStrv) names = g_strsplit(value->entry->value, ",", -1);
    for (char **name = names; *name; name++) {
        g_strstrip(*name);
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

static void suppose_sides(void *field)
{
    struct sides *sides = field;
    if (!sides->n) *sides = SUPPOSED_SIDES;
}

/* ---- keys ---- */

#define AT(type, field) offsetof(struct type, field)

/* clang-format off */
static const struct kind
    TEXT = {.read = read_text},
    PLAIN = {.read = read_plain},
    LANGUAGE = {STORE_OWN, "a language tag", "write en, en-gb or de", .read = read_language},
    HOLD = {STORE_OWN, "a hold", "write 20s, 20-30s, 8 breaths or ready", .read = read_hold},
    SIDES = {STORE_OWN, "a list of sides", "write right, left, or both with a comma between", .read = read_sides,
             .suppose = suppose_sides};

const struct key ROUTINE_KEYS[] = {
    {.name = "title", .kind = &PLAIN, .offset = AT(routine, title)},
    {.name = "language", .kind = &LANGUAGE, .offset = AT(routine, language)},
    {.name = "about", .kind = &PLAIN, .offset = AT(routine, about)},
    {.name = "caution", .kind = &TEXT, .offset = AT(routine, caution)},
    {.name = "closing", .kind = &TEXT, .offset = AT(routine, closing)},
    {0},
};

const struct key STEP_KEYS[] = {
    {.name = "title", .kind = &PLAIN, .offset = AT(step, title)},
    {.name = "prop", .kind = &PLAIN, .offset = AT(step, prop)},
    {.name = "setup", .kind = &TEXT, .offset = AT(step, setup)},
    {.name = "sets", .kind = &KIND_COUNT, .offset = AT(step, sets), .low = "1", .high = "100"},
    {.name = "reps", .kind = &KIND_COUNT, .offset = AT(step, reps), .low = "1", .high = "1000"},
    {.name = "sides", .kind = &SIDES, .offset = AT(step, sides)},
    {.name = "rest", .kind = &KIND_TIME, .offset = AT(step, rest_ms), .low = "0s", .high = "1h"},
    {.name = "release", .kind = &TEXT, .offset = AT(step, release)},
    {.name = "say", .kind = &TEXT, .offset = AT(step, own.say)},
    {.name = "cue", .kind = &TEXT, .offset = AT(step, own.cue)},
    {.name = "hold", .kind = &HOLD, .offset = AT(step, own.hold)},
    {0},
};

const struct key MOVE_KEYS[] = {
    {.name = "say", .kind = &TEXT, .offset = AT(move, say)},
    {.name = "cue", .kind = &TEXT, .offset = AT(move, cue)},
    {.name = "hold", .kind = &HOLD, .offset = AT(move, hold)},
    {.name = "release", .kind = &TEXT, .offset = AT(move, release)},
    {.name = "sides", .kind = &SIDES, .offset = AT(move, sides)},
    {0},
};
/* clang-format on */

/* ---- fields ---- */

enum {
    FIELD_TITLE = 1 << 0,
    FIELD_REPS = 1 << 1,
    FIELD_SETS = 1 << 2,
    FIELD_SET = 1 << 3,
    FIELD_SECONDS = 1 << 4,
    FIELD_BREATHS = 1 << 5,
    FIELD_SIDE = 1 << 6,
    FIELD_OTHER = 1 << 7,
    N_FIELDS = 8,
    FIELDS_STEP = FIELD_TITLE | FIELD_REPS | FIELD_SETS,
    FIELDS_MOVE = FIELDS_STEP | FIELD_SET,
    FIELDS_SIDED = FIELD_SIDE | FIELD_OTHER, /* {a|b} goes with them */
};

static const char *const FIELD_NAMES[N_FIELDS] = {"title",   "reps",    "sets", "set",
                                                  "seconds", "breaths", "side", "other"};

struct scope {
    const struct routine *routine;
    const struct step *step; /* NULL: the routine itself */
    const struct move *move; /* NULL: the step itself */
    struct diags *diags;
};

static void check_text(const struct scope *scope, const char *key, const struct text *text, unsigned fields)
{
    const char *names[N_FIELDS + 1] = {NULL};
    gsize n = 0;
    if (!text->template || !strpbrk(text->template, "{}")) return;
    for (int i = 0; i < N_FIELDS; i++)
        if (fields & 1u << i) names[n++] = FIELD_NAMES[i];
    const char *step = scope->step ? scope->step->name : "routine",
               *move = scope->move ? scope->move->name : NULL;
    g_autofree char *section = g_strconcat(step, move ? "." : NULL, move, NULL);
    const struct diag_location location = {scope->routine->path, text->line, section, key};
    template_check(text->template, names, fields & FIELD_SIDE, &location, scope->diags);
}

static unsigned hold_fields(const struct hold *hold)
{
    if (hold->kind == HOLD_READY) return 0;
    if (!hold->range.high) return FIELD_SECONDS | FIELD_BREATHS;
    return hold->kind == HOLD_SECONDS ? FIELD_SECONDS : FIELD_BREATHS;
}

void routine_check_move(const struct routine *routine, const struct step *step, const struct move *move,
                        struct diags *diags)
{
    const struct scope scope = {routine, step, move, diags};
    bool sided = step->sides.n || move->sides.n;
    unsigned fields = FIELDS_MOVE | hold_fields(&move->hold) | (sided ? FIELDS_SIDED : 0);
    check_text(&scope, "say", &move->say, fields);
    check_text(&scope, "cue", &move->cue, fields);
    check_text(&scope, "release", &move->release, fields);
}

void routine_check_step(const struct routine *routine, const struct step *step, struct diags *diags)
{
    const struct scope scope = {routine, step, NULL, diags};
    bool own = step->n_moves && !step->moves[0].name;
    unsigned fields = FIELDS_STEP | (own ? hold_fields(&step->moves[0].hold) : 0);
    check_text(&scope, "setup", &step->setup, fields | (step->sides.n ? FIELDS_SIDED : 0));
    check_text(&scope, "release", &step->release, fields);
    for (int i = 0; i < step->n_moves; i++) routine_check_move(routine, step, &step->moves[i], diags);
}

void routine_check_texts(const struct routine *routine, struct diags *diags)
{
    struct scope scope = {routine, NULL, NULL, diags};
    check_text(&scope, "caution", &routine->caution, FIELD_TITLE);
    check_text(&scope, "closing", &routine->closing, FIELD_TITLE);
    for (int i = 0; i < routine->n_steps; i++) routine_check_step(routine, &routine->steps[i], diags);
}
