#include "report/scene.h"
#include "report/json.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Far beyond any session, far within the integers that hold it. */
enum { MOST_SECONDS = 100000000, MOST_COUNT = 1000000 };
#define MOST_FRAMES 9007199254740992.0 /* every integer up to it is a double */

/* ---- looking ---- */

void outline_look(struct outline *outline, const struct script *script, int step)
{
    int last = script->routine->n_steps - 1;
    if (outline->whole > 0 && outline->step == step && effort_equal(outline->effort, script->coming)) return;
    outline->step = step;
    outline->effort = script->coming;
    outline->whole = script_estimate(script);
    int middle = step == PLACE_CLOSING ? last : step;
    outline->first = MAX(0, MIN(middle, last) - OUTLINE_STEPS / 2);
    outline->n = MIN(OUTLINE_STEPS, last + 1 - outline->first);
    for (int i = 0; i < outline->n; i++)
        outline->seconds[i] = (int)(script_estimate_step(script, outline->first + i) + 0.5);
}

/* The sentences of the cue, as they are said before a hold that goes on. */
static char *cue_of(const struct script *script, struct place place)
{
    g_autoptr(GPtrArray) lines = lines_new();
    g_autoptr(GString) cue = g_string_new(NULL);
    script_lead_in(script, place, NULL, lines);
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = g_ptr_array_index(lines, i);
        if (line->role != ROLE_CUE) continue;
        for (guint j = 0; j < line->sentences->len; j++)
            g_string_append_printf(cue, "%s%s", cue->len > 0 ? " " : "",
                                   (const char *)g_ptr_array_index(line->sentences, j));
    }
    return g_string_free(g_steal_pointer(&cue), FALSE);
}

/* NULL if there is only one. */
static char *count_of(const struct voice *voice, enum phrase phrase, int n, int of)
{
    g_autofree char *figure = g_strdup_printf("%d", n), *figures = g_strdup_printf("%d", of);
    const struct field fields[] = {{"n", figure}, {"of", figures}};
    if (of <= 1 || n <= 0) return NULL;
    return voice_phrase(voice, phrase, 0, fields, G_N_ELEMENTS(fields));
}

/* In the words of `where`. */
static char *details_of(const struct voice *voice, const struct status *status)
{
    char *const *phrases = voice->phrases;
    const bool begun = status->place.set > 0; /* the setup is for both sides */
    const char *side = !begun || status->place.side == SIDE_NONE ? NULL
                       : status->place.side == SIDE_RIGHT        ? phrases[PHRASE_WHERE_RIGHT]
                                                                 : phrases[PHRASE_WHERE_LEFT];
    g_autofree char *set = count_of(voice, PHRASE_WHERE_SET, status->place.set, status->sets);
    if (side && set) return g_strjoin(phrases[PHRASE_WHERE_JOIN], side, set, NULL);
    return g_strdup(side ? side : set);
}

void scene_look(struct scene *scene, const struct status *status, const struct script *script,
                const struct outline *outline, const char *device)
{
    *scene = (struct scene){
        .device = g_strdup(device),
        .cue = status->span == SPAN_HOLD && status->place.step >= 0 ? cue_of(script, status->place) : NULL,
        .details = details_of(script->voice, status),
        .count = count_of(script->voice, PHRASE_WHERE_REP, status->place.rep, status->reps),
        .speed = script->settings->pace.speed,
        .outline = *outline,
    };
}

void scene_finish(struct scene *scene)
{
    g_free(scene->text);
    if (scene->out) g_byte_array_unref(scene->out);
    g_free(scene->device);
    g_free(scene->cue);
    g_free(scene->details);
    g_free(scene->count);
    *scene = (struct scene){0};
}

/* ---- out ---- */

/* "3 95 120": the first step, and the seconds of it and of those behind it. */
static char *outline_text(const struct outline *outline)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%d", outline->first);
    for (int i = 0; i < outline->n; i++) g_string_append_printf(text, " %d", outline->seconds[i]);
    return g_string_free(text, FALSE);
}

/* "2 5": the steps that are left out, from 0; NULL: none. */
static char *out_text(const struct status *status)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < status->routine->n_steps; i++)
        if (left_out(status->out, i)) g_string_append_printf(text, "%s%d", text->len > 0 ? " " : "", i);
    return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

char *scene_json(const struct scene *scene, const struct status *status)
{
    GString *json = g_string_new(NULL);
    g_autofree char *steps = outline_text(&scene->outline), *out = out_text(status);
    status_members(json, status, scene->device);
    json_number(json, "outside", MIN(status->place.step, 0)); /* the head and the closing have no name */
    json_number(json, "jumps", status->jumps);
    json_decimal(json, "hold", status->hold);
    json_number(json, "units", status->units);
    json_number(json, "units_left", status->units_left);
    json_text(json, "phase", cue_type_name(status->phase));
    json_text(json, "span", cue_type_name(status->span));
    json_decimal(json, "span_seconds", status->span_seconds);
    json_decimal(json, "span_left", status->span_left);
    json_number(json, "holds", status->holds);
    json_text(json, "text", status->text);
    json_text(json, "role", role_name(status->role));
    json_number(json, "unsaid", status->unsaid);
    json_number(json, "speaking", status->speaking);
    json_number(json, "for_voice", status->for_voice);
    json_text(json, "cue", scene->cue);
    json_text(json, "details", scene->details);
    json_text(json, "count", scene->count);
    json_number(json, "speed", scene->speed);
    json_decimal(json, "whole", scene->outline.whole);
    json_text(json, "steps", steps);
    json_text(json, "out", out);
    json_end(json);
    return g_string_free(json, FALSE);
}

/* ---- read again ---- */

/* What another process says. Numbers that cannot be in a status make it `bad`. */
struct reading {
    JsonObject *object;
    bool bad;
};

static const char *get_text(const struct reading *reading, const char *name)
{
    JsonNode *node = json_object_get_member(reading->object, name);
    return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

/* `otherwise` where it is absent or null. */
static double get_number(struct reading *reading, const char *name, double least, double most,
                         double otherwise)
{
    JsonNode *node = json_object_get_member(reading->object, name);
    if (!node || JSON_NODE_HOLDS_NULL(node)) return otherwise;
    GType type = json_node_get_value_type(node);
    double value = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double(node) : NAN;
    if (value >= least && value <= most) return value;
    reading->bad = true;
    return otherwise;
}

static int get_int(struct reading *reading, const char *name, int least, int most)
{
    return (int)get_number(reading, name, least, most, 0);
}

static double get_seconds(struct reading *reading, const char *name)
{
    return get_number(reading, name, -MOST_SECONDS, MOST_SECONDS, 0);
}

/* The number of a name in a list whose names are given by `name_of`; `otherwise` where it is none of them. */
static int get_name(const struct reading *reading, const char *member, const char *(*name_of)(int), int n,
                    int otherwise)
{
    const char *name = get_text(reading, member);
    for (int i = 0; name && i < n; i++)
        if (g_strcmp0(name_of(i), name) == 0) return i;
    return otherwise;
}

static const char *type_name(int type)
{
    return cue_type_name((enum cue_type)type);
}

static const char *name_of_role(int role)
{
    return role_name((enum role)role);
}

static struct place read_place(struct reading *reading, const struct routine *routine)
{
    struct place place = {.step = get_int(reading, "outside", PLACE_CLOSING, 0), .move = -1};
    const char *step = get_text(reading, "step"), *move = get_text(reading, "move"),
               *side = get_text(reading, "side");
    int index = routine_step(routine, step);
    if (index >= 0) {
        place.step = index;
        place.move = step_move(&routine->steps[index], move);
    }
    if (side) place.side = strcmp(side, "right") == 0 ? SIDE_RIGHT : SIDE_LEFT;
    place.rep = get_int(reading, "rep", 0, MOST_COUNT);
    place.set = get_int(reading, "set", 0, MOST_COUNT);
    return place;
}

static void read_numbers(struct reading *reading, struct status *status)
{
    status->reps = get_int(reading, "reps", 0, MOST_COUNT);
    status->sets = get_int(reading, "sets", 0, MOST_COUNT);
    status->frame = (int64_t)get_number(reading, "frame", 0, MOST_FRAMES, 0);
    status->frames = (int64_t)get_number(reading, "frames", -1, MOST_FRAMES, -1);
    status->jumps = (unsigned)get_int(reading, "jumps", 0, INT32_MAX);
    status->position = get_seconds(reading, "position");
    status->length = get_seconds(reading, "length");
    status->hold = get_seconds(reading, "hold");
    status->hold_left = get_seconds(reading, "hold_left");
    status->units = get_int(reading, "units", 0, MOST_COUNT);
    status->units_left = get_int(reading, "units_left", 0, MOST_COUNT);
    status->span_seconds = get_seconds(reading, "span_seconds");
    status->span_left = get_seconds(reading, "span_left");
    status->level = get_int(reading, "level", -MOST_COUNT, MOST_COUNT);
    status->holds = get_int(reading, "holds", 0, MOST_COUNT);
    status->listens = listens_named(get_text(reading, "listens"));
    status->volume = get_number(reading, "volume", -MOST_COUNT, MOST_COUNT, 0);
    status->unsaid = get_int(reading, "unsaid", 0, 1) != 0;
    status->speaking = get_int(reading, "speaking", 0, 1) != 0;
    status->for_voice = get_int(reading, "for_voice", 0, 1) != 0;
}

/* Stops at the first word that is not a number of seconds. */
static void read_outline(struct reading *reading, struct outline *outline, int n_steps)
{
    const char *text = get_text(reading, "steps");
    char *end = NULL;
    outline->whole = get_seconds(reading, "whole");
    if (!text) return;
    long number = strtol(text, &end, 10);
    outline->first = (int)CLAMP(number, 0, n_steps);
    while (*end == ' ' && outline->n < MIN(OUTLINE_STEPS, n_steps - outline->first)) {
        number = strtol(end + 1, &end, 10);
        outline->seconds[outline->n++] = (int)CLAMP(number, 0, MOST_SECONDS);
    }
}

/* NULL if none is left out. */
static GByteArray *read_out(struct reading *reading, int n_steps)
{
    const char *text = get_text(reading, "out");
    if (!text) return NULL;
    GByteArray *out = g_byte_array_new();
    g_byte_array_set_size(out, (guint)n_steps);
    memset(out->data, 0, out->len);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (char **word = words; *word; word++) {
        guint64 step;
        if (g_ascii_string_to_unsigned(*word, 10, 0, (guint64)n_steps - 1, &step, NULL))
            out->data[step] = 1;
        else
            reading->bad = true;
    }
    return out;
}

bool scene_read(const char *json, const struct routine *routine, struct status *status, struct scene *scene)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    struct reading reading = {.object = json_object_in(parser, json)};
    *scene = (struct scene){0};
    if (!reading.object) return false;
    *status = (struct status){
        .state = status_state_named(get_text(&reading, "state")),
        .routine = routine,
        .place = read_place(&reading, routine),
        .phase = (enum cue_type)get_name(&reading, "phase", type_name, N_CUE_TYPES, CUE_SPEECH),
        .span = (enum cue_type)get_name(&reading, "span", type_name, N_CUE_TYPES, SPAN_GAP),
        .role = (enum role)get_name(&reading, "role", name_of_role, N_ROLES, ROLE_NONE),
    };
    read_numbers(&reading, status);
    scene->speed = get_int(&reading, "speed", 0, MOST_COUNT);
    read_outline(&reading, &scene->outline, routine->n_steps);
    status->out = scene->out = read_out(&reading, routine->n_steps);
    status->text = scene->text = g_strdup(get_text(&reading, "text"));
    scene->device = g_strdup(get_text(&reading, "device"));
    scene->cue = g_strdup(get_text(&reading, "cue"));
    scene->details = g_strdup(get_text(&reading, "details"));
    scene->count = g_strdup(get_text(&reading, "count"));
    return !reading.bad;
}
