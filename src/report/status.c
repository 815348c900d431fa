#include "report/status.h"
#include "base/diag.h"
#include "report/json.h"
#include <math.h>
#include <string.h>

static const char *const names[] = {
    [STATUS_PLAYING] = "playing", [STATUS_PAUSED] = "paused", [STATUS_WAITING] = "waiting",
    [STATUS_LOST] = "lost",       [STATUS_OVER] = "idle",
};

static const char *const listens_names[] = {[LISTENS_FOR_WAKE] = "wake", [LISTENS_NOW] = "now"};

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

/* What is being said at `frame`. */
static void look_for_text(struct status *status, const struct timeline *timeline, int64_t frame)
{
    guint n = timeline_cues(timeline)->len;
    for (guint i = timeline_first(timeline, frame); i < n && cue_at(timeline, i)->frame <= frame; i++) {
        const struct cue *cue = cue_at(timeline, i);
        if (!cue->text || cue->frame + cue->frames <= frame) continue;
        status->text = cue->text;
        status->role = cue->role;
        status->unsaid = cue->type == CUE_CHIME;
        status->speaking = !status->unsaid;
    }
}

bool status_in_times(const struct status *status)
{
    const struct place *place = &status->place;
    if (status->units == 0 || place->step < 0) return false;
    return status->routine->steps[place->step].moves[MAX(0, place->move)].hold.kind == HOLD_TIMES;
}

/* The phase that has begun last, counted from the beginning of its round. */
static enum cue_type phase_at(const struct rhythm *rhythm, int round, int64_t elapsed)
{
    int phase = 0;
    while (phase + 1 < rhythm->n && rhythm_frame(rhythm, round, phase + 1) <= elapsed) phase++;
    return rhythm->cue[phase] == N_CUE_TYPES ? CUE_SPEECH : rhythm->cue[phase];
}

/* The breaths or times of a hold. */
static void look_for_units(struct status *status, const struct script *script, const struct cue *hold)
{
    const struct step *step = &script->routine->steps[hold->place.step];
    const struct move *move = &step->moves[MAX(0, hold->place.move)];
    const struct rhythm rhythm = pace_rhythm(script->settings, move);
    int64_t elapsed = status->frame - hold->frame;
    int over = 0;
    if (rhythm.n == 0) return;
    status->units = script_hold(script, move, hold->place);
    while (over + 1 < status->units && rhythm_frame(&rhythm, over + 1, 0) <= elapsed) over++;
    status->units_left = status->units - over;
    status->phase = phase_at(&rhythm, over, elapsed);
}

static void look_for_span(struct status *status, const struct timeline *timeline, int rate)
{
    static const enum cue_type spans[] = {SPAN_HOLD,   SPAN_PREPARE, SPAN_REST,
                                          SPAN_CHANGE, SPAN_ANSWER,  SPAN_READY};
    const struct cue *cue = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(spans) && !cue; i++)
        cue = status_inside(timeline, status->frame + 1, spans[i]);
    status->span = cue ? cue->type : SPAN_GAP;
    if (!cue) return;
    status->span_seconds = (double)cue->frames / rate;
    status->span_left = (double)(cue->frame + cue->frames - status->frame) / rate;
}

void status_look(struct status *status, const struct script *script, const struct timeline *timeline,
                 int64_t frame, struct place place)
{
    int rate = script->settings->sound.rate;
    *status = (struct status){.routine = script->routine,
                              .out = script->out,
                              .place = place,
                              .frame = frame,
                              .position = (double)frame / rate};
    if (place.step >= 0) {
        const struct step *step = &script->routine->steps[place.step];
        status->reps = script_reps(script, step, place.rep);
        status->sets = script_sets(script, step, place.set);
    }
    look_for_text(status, timeline, frame);
    look_for_span(status, timeline, rate);
    if (status->span != SPAN_HOLD) return;
    status->hold = status->span_seconds;
    status->hold_left = status->span_left;
    look_for_units(status, script, status_inside(timeline, frame + 1, SPAN_HOLD));
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
    if (s->listens != LISTENS_NO) add_text(f, "listens", listens_names[s->listens]);
    add_text(f, "device", device);
}

void status_members(GString *json, const struct status *status, const char *device)
{
    add_fields(&(struct fields){json, true}, status, device);
}

char *status_json(const struct status *status, const char *device)
{
    GString *json = g_string_new(NULL);
    status_members(json, status, device);
    json_end(json);
    return g_string_free(json, FALSE);
}

char *status_fields(const struct status *status, const char *device)
{
    struct fields f = {g_string_new(NULL), false};
    add_fields(&f, status, device);
    return g_string_free(f.out, FALSE);
}

/* ---- printed ---- */

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

enum status_state status_state_named(const char *name)
{
    enum status_state state = STATUS_PLAYING;
    while (state < STATUS_OVER && g_strcmp0(names[state], name) != 0) state++;
    return state;
}

enum listens listens_named(const char *name)
{
    enum listens listens = LISTENS_NOW;
    while (listens > LISTENS_NO && g_strcmp0(listens_names[listens], name) != 0) listens--;
    return listens;
}

bool status_print(const char *json, FILE *out)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *object = json_object_in(parser, json);
    if (!object) return false;
    json_object_foreach_member(object, print_field, out);
    fputc('\n', out);
    return true;
}
