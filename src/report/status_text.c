#include "report/status.h"
#include "report/json.h"
#include <string.h>

static const char *step_name(const struct status *status)
{
    return status->place.step >= 0 ? status->routine->steps[status->place.step].name : NULL;
}

static const char *move_name(const struct status *status)
{
    return status->place.step >= 0 && status->place.move >= 0
               ? status->routine->steps[status->place.step].moves[status->place.move].name
               : NULL;
}

/* ---- out ---- */

/* The fields in their order; `applies` false is null. Milliseconds are enough for people and for bars. */
struct fields {
    struct json *json; /* or */
    GString *text;
};

static void add_text(struct fields *f, const char *name, const char *value)
{
    if (f->json)
        json_text(f->json, name, value);
    else if (value)
        g_string_append_printf(f->text, "%s: %s\n", name, value);
}

static void add_number(struct fields *f, const char *name, bool applies, int64_t value)
{
    if (f->json && applies)
        json_number(f->json, name, value);
    else if (f->json)
        json_null(f->json, name);
    else if (applies)
        g_string_append_printf(f->text, "%s: %" G_GINT64_FORMAT "\n", name, value);
}

static void add_real(struct fields *f, const char *name, bool applies, double value)
{
    if (f->json && applies)
        json_real(f->json, name, value);
    else if (f->json)
        json_null(f->json, name);
    else if (applies)
        g_string_append_printf(f->text, "%s: %.12g\n", name, value);
}

static double to_ms(double seconds)
{
    return (double)(int64_t)(seconds * 1000 + 0.5) / 1000;
}

static void add_fields(struct fields *f, const struct status *s, const char *device)
{
    static const struct status none = {
        .state = STATUS_OVER, .place = {.step = PLACE_HEAD, .move = -1}, .frames = -1};
    bool session = s != NULL;
    if (!s) s = &none;
    add_text(f, "state", status_state_name(s->state));
    add_text(f, "routine", session ? s->routine->name : NULL);
    add_text(f, "title", session ? s->routine->title : NULL);
    add_text(f, "step", step_name(s));
    add_text(f, "move", move_name(s));
    add_text(f, "side", side_name(s->place.side));
    add_number(f, "rep", s->place.rep > 0, s->place.rep);
    add_number(f, "reps", s->reps > 0, s->reps);
    add_number(f, "set", s->place.set > 0, s->place.set);
    add_number(f, "sets", s->sets > 0, s->sets);
    add_number(f, "frame", session, s->frame);
    add_number(f, "frames", s->frames >= 0, s->frames);
    add_real(f, "position", session, to_ms(s->position));
    add_real(f, "length", session, to_ms(s->length));
    add_real(f, "hold_left", s->hold > 0, to_ms(s->hold_left));
    add_number(f, "level", session, s->level);
    add_real(f, "volume", session, s->volume);
    add_text(f, "device", device);
}

static char *print_json(struct json *json)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    json_print(json, out);
    fclose(out);
    return g_strchomp(text);
}

char *status_json(const struct status *status, const char *device)
{
    AUTO(json) json = json_new();
    add_fields(&(struct fields){.json = json}, status, device);
    return print_json(json);
}

char *status_screen_json(const struct status *status, const char *device)
{
    AUTO(json) json = json_new();
    add_fields(&(struct fields){.json = json}, status, device);
    json_number(json, "outside", MIN(status->place.step, 0)); /* the head and the closing have no name */
    json_real(json, "hold", status->hold);
    json_text(json, "text", status->text);
    json_number(json, "unsaid", status->unsaid);
    return print_json(json);
}

char *status_fields(const struct status *status, const char *device)
{
    struct fields f = {.text = g_string_new(NULL)};
    add_fields(&f, status, device);
    return g_string_free(f.text, FALSE);
}

/* ---- back ---- */

static enum status_state read_state(const char *name)
{
    enum status_state state = STATUS_PLAYING;
    while (state < STATUS_OVER && g_strcmp0(status_state_name(state), name) != 0) state++;
    return state;
}

static int get_int(const struct json_object *object, const char *name)
{
    return (int)json_get_number(object, name, 0);
}

static struct place read_place(const struct json_object *object, const struct routine *routine)
{
    struct place place = {.step = MIN(get_int(object, "outside"), 0), .move = -1};
    const char *step = json_get_text(object, "step"), *move = json_get_text(object, "move"),
               *side = json_get_text(object, "side");
    for (int i = 0; step && i < routine->n_steps; i++)
        if (strcmp(routine->steps[i].name, step) == 0) place.step = i;
    for (int i = 0; move && place.step >= 0 && i < routine->steps[place.step].n_moves; i++)
        if (g_strcmp0(routine->steps[place.step].moves[i].name, move) == 0) place.move = i;
    if (side) place.side = strcmp(side, "right") == 0 ? SIDE_RIGHT : SIDE_LEFT;
    place.rep = get_int(object, "rep");
    place.set = get_int(object, "set");
    return place;
}

bool status_read(const char *json, const struct routine *routine, struct status *status, char **device,
                 char **text)
{
    AUTO(json_object) object = json_read(json);
    if (!object) return false;
    *status = (struct status){
        .state = read_state(json_get_text(object, "state")),
        .routine = routine,
        .place = read_place(object, routine),
        .reps = get_int(object, "reps"),
        .sets = get_int(object, "sets"),
        .frame = (int64_t)json_get_number(object, "frame", 0),
        .frames = (int64_t)json_get_number(object, "frames", -1),
        .position = json_get_number(object, "position", 0),
        .length = json_get_number(object, "length", 0),
        .hold = json_get_number(object, "hold", 0),
        .hold_left = json_get_number(object, "hold_left", 0),
        .level = get_int(object, "level"),
        .volume = json_get_number(object, "volume", 0),
    };
    *device = g_strdup(json_get_text(object, "device"));
    status->text = *text = g_strdup(json_get_text(object, "text"));
    status->unsaid = json_get_number(object, "unsaid", 0) != 0;
    return true;
}
