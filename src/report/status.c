#include "report/status.h"
#include "base/diag.h"
#include "report/json.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Far beyond any session, far within the integers that hold it. */
enum { MOST_SECONDS = 100000000, MOST_COUNT = 1000000 };
#define MOST_FRAMES 9007199254740992.0 /* every integer up to it is a double */

static const char *const names[] = {
    [STATUS_PLAYING] = "playing", [STATUS_PAUSED] = "paused", [STATUS_WAITING] = "waiting",
    [STATUS_LOST] = "lost",       [STATUS_OVER] = "idle",
};

static const struct cue *cue_at(const struct timeline *timeline, guint i)
{
    return &g_array_index(timeline_cues(timeline), struct cue, i);
}

struct place status_place(const struct timeline *timeline, int64_t frame)
{
    struct place place = {.step = PLACE_HEAD, .move = -1};
    guint n = timeline_cues(timeline)->len;
    /* The longest cue may have ended long ago: what began last is what counts, so look back from the end. */
    for (guint i = n; i-- > 0;) {
        const struct cue *cue = cue_at(timeline, i);
        if (cue->frame <= frame && cue->type != SPAN_WAKE) return cue->place;
    }
    return place;
}

const struct cue *status_inside(const struct timeline *timeline, int64_t frame, enum cue_type type)
{
    guint n = timeline_cues(timeline)->len;
    for (guint i = timeline_first(timeline, frame); i < n && cue_at(timeline, i)->frame < frame; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (cue->type == type && cue->frame + cue->frames > frame) return cue;
    }
    return NULL;
}

void status_look(struct status *status, const struct script *script, const struct timeline *timeline,
                 int64_t frame, struct place place)
{
    int rate = script->settings->sound.rate;
    *status = (struct status){
        .routine = script->routine, .place = place, .frame = frame, .position = (double)frame / rate};
    if (place.step >= 0) {
        const struct step *step = &script->routine->steps[place.step];
        status->reps = effort_reps(script->effort, step);
        status->sets = script_sets(script, step, place.set);
    }
    guint n = timeline_cues(timeline)->len;
    for (guint i = timeline_first(timeline, frame); i < n && cue_at(timeline, i)->frame <= frame; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (!cue->text || cue->frame + cue->frames <= frame) continue;
        status->text = cue->text;
        status->unsaid = cue->type == CUE_CHIME;
    }
    const struct cue *hold = status_inside(timeline, frame + 1, SPAN_HOLD);
    if (!hold) return;
    status->hold = (double)hold->frames / rate;
    status->hold_left = (double)(hold->frame + hold->frames - frame) / rate;
}

/* ---- out ---- */

/* The fields in their order, as JSON or as lines; where one does not apply it is null, or left out. */
struct fields {
    GString *out;
    bool json;
};

static void add_text(struct fields *f, const char *name, const char *value)
{
    if (f->json)
        json_text(f->out, name, value);
    else if (value)
        g_string_append_printf(f->out, "%s: %s\n", name, value);
}

static void add_number(struct fields *f, const char *name, bool applies, int64_t value)
{
    if (!applies)
        add_text(f, name, NULL);
    else if (f->json)
        json_number(f->out, name, value);
    else
        g_string_append_printf(f->out, "%s: %" G_GINT64_FORMAT "\n", name, value);
}

/* For people a tenth is enough; 0.0 makes 0 of -0. */
static double tenths(double value)
{
    return round(value * 10) / 10 + 0.0;
}

static void add_decimal(struct fields *f, const char *name, bool applies, double value)
{
    if (!applies)
        add_text(f, name, NULL);
    else if (f->json)
        json_decimal(f->out, name, value);
    else
        g_string_append_printf(f->out, "%s: %.12g\n", name, tenths(value));
}

/* Frames are for programs. */
static void add_frames(struct fields *f, const char *name, bool applies, int64_t frames)
{
    if (f->json) add_number(f, name, applies, frames);
}

static void add_fields(struct fields *f, const struct status *s, const char *device)
{
    static const struct status none = {
        .state = STATUS_OVER, .place = {.step = PLACE_HEAD, .move = -1}, .frames = -1};
    bool session = s != NULL;
    if (!s) s = &none;
    const struct place *place = &s->place;
    const struct step *step = place->step >= 0 ? &s->routine->steps[place->step] : NULL;
    add_text(f, "state", names[s->state]);
    add_text(f, "routine", session ? s->routine->name : NULL);
    add_text(f, "title", session ? s->routine->title : NULL);
    add_text(f, "step", step ? step->name : NULL);
    add_text(f, "move", step && place->move >= 0 ? step->moves[place->move].name : NULL);
    add_text(f, "side", side_name(place->side));
    add_number(f, "rep", place->rep > 0, place->rep);
    add_number(f, "reps", s->reps > 0, s->reps);
    add_number(f, "set", place->set > 0, place->set);
    add_number(f, "sets", s->sets > 0, s->sets);
    add_frames(f, "frame", session, s->frame);
    add_frames(f, "frames", s->frames >= 0, s->frames);
    add_decimal(f, "position", session, s->position);
    add_decimal(f, "length", session, s->length);
    add_decimal(f, "hold_left", s->hold > 0, s->hold_left);
    add_number(f, "level", session, s->level);
    add_decimal(f, "volume", session, s->volume);
    add_number(f, "late", session && s->late > 0, s->late);
    add_text(f, "device", device);
}

char *status_json(const struct status *status, const char *device)
{
    GString *json = g_string_new(NULL);
    add_fields(&(struct fields){json, true}, status, device);
    json_end(json);
    return g_string_free(json, FALSE);
}

char *status_screen_json(const struct status *status, const char *device)
{
    GString *json = g_string_new(NULL);
    add_fields(&(struct fields){json, true}, status, device);
    json_number(json, "outside", MIN(status->place.step, 0)); /* the head and the closing have no name */
    json_decimal(json, "hold", status->hold);
    json_text(json, "text", status->text);
    json_number(json, "unsaid", status->unsaid);
    json_end(json);
    return g_string_free(json, FALSE);
}

char *status_fields(const struct status *status, const char *device)
{
    struct fields f = {g_string_new(NULL), false};
    add_fields(&f, status, device);
    return g_string_free(f.out, FALSE);
}

/* ---- read again ---- */

/* What another process says. Numbers that cannot be in a status make it `bad`. */
struct reading {
    JsonObject *object;
    bool bad;
};

/* NULL if it is not a JSON object. It belongs to the parser. */
static JsonObject *parse_object(JsonParser *parser, const char *json)
{
    JsonNode *root = json_parser_load_from_data(parser, json, -1, NULL) ? json_parser_get_root(parser) : NULL;
    return root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

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

static enum status_state read_state(const char *name)
{
    enum status_state state = STATUS_PLAYING;
    while (state < STATUS_OVER && g_strcmp0(names[state], name) != 0) state++;
    return state;
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

bool status_read(const char *json, const struct routine *routine, struct status *status, char **device,
                 char **text)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    struct reading reading = {.object = parse_object(parser, json)};
    if (!reading.object) return false;
    *status = (struct status){
        .state = read_state(get_text(&reading, "state")),
        .routine = routine,
        .place = read_place(&reading, routine),
        .reps = get_int(&reading, "reps", 0, MOST_COUNT),
        .sets = get_int(&reading, "sets", 0, MOST_COUNT),
        .frame = (int64_t)get_number(&reading, "frame", 0, MOST_FRAMES, 0),
        .frames = (int64_t)get_number(&reading, "frames", -1, MOST_FRAMES, -1),
        .position = get_seconds(&reading, "position"),
        .length = get_seconds(&reading, "length"),
        .hold = get_seconds(&reading, "hold"),
        .hold_left = get_seconds(&reading, "hold_left"),
        .level = get_int(&reading, "level", -MOST_COUNT, MOST_COUNT),
        .volume = get_number(&reading, "volume", -MOST_COUNT, MOST_COUNT, 0),
        .unsaid = get_number(&reading, "unsaid", 0, 1, 0) != 0,
    };
    if (!reading.bad) {
        *device = g_strdup(get_text(&reading, "device"));
        status->text = *text = g_strdup(get_text(&reading, "text"));
    }
    return !reading.bad;
}

static void print_field(JsonObject *object, const gchar *name, JsonNode *node, gpointer out)
{
    (void)object;
    if (!JSON_NODE_HOLDS_VALUE(node) || strcmp(name, "frame") == 0 || strcmp(name, "frames") == 0) return;
    g_autofree char *key = diag_shown(name, TEXT_LIMIT);
    const char *text = json_node_get_string(node);
    g_autofree char *value =
        text ? diag_shown(text, TEXT_LIMIT) : g_strdup_printf("%.12g", tenths(json_node_get_double(node)));
    fprintf(out, "%s: %s\n", key, value);
}

bool status_print(const char *json, FILE *out)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *object = parse_object(parser, json);
    if (!object) return false;
    json_object_foreach_member(object, print_field, out);
    fputc('\n', out);
    return true;
}
