/* The JSON of other programs: Feeel, Just Another Workout Timer, OpenHIIT and TimeR Machine. Fields that are
 * missing or of another type are as if they were 0, or empty. */
#include "import.h"
#include "report/json.h"
#include <string.h>

enum {
    MOST_NUMBER = 1000000000,
    MOST_FILLED = 100, /* intervals without a title */
};

/* ---- reading what may be anything ---- */

static JsonObject *object_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *array_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static const char *text_in(JsonObject *object, const char *name)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    const char *text = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
                           ? json_node_get_string(node)
                           : NULL;
    return text ? text : "";
}

/* From 0 to MOST_NUMBER; `other` if there is no number. */
static gint64 number_in(JsonObject *object, const char *name, gint64 other)
{
    JsonNode *node = object ? json_object_get_member(object, name) : NULL;
    if (!node || !JSON_NODE_HOLDS_VALUE(node)) return other;
    const GType type = json_node_get_value_type(node);
    if (type == G_TYPE_INT64) return CLAMP(json_node_get_int(node), 0, MOST_NUMBER);
    if (type == G_TYPE_DOUBLE) return (gint64)CLAMP(json_node_get_double(node), 0, MOST_NUMBER);
    return other;
}

static guint length_of(JsonArray *array)
{
    return array ? json_array_get_length(array) : 0;
}

/* NULL if the element is no object. */
static JsonObject *object_at(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

/* NULL if the text is not JSON. To be unreferenced. */
static JsonNode *parse(const char *text)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (json_is_deep(text) || !json_parser_load_from_data(parser, text, -1, NULL)) return NULL;
    JsonNode *root = json_parser_get_root(parser);
    return root ? json_node_ref(root) : NULL;
}

/* ---- the first of several ---- */

/* A file holds one routine: what follows the first is noted by its name. */
static JsonObject *first_of(struct outline *outline, JsonArray *array, const char *title)
{
    JsonObject *first = NULL;
    for (guint i = 0; i < length_of(array); i++) {
        JsonObject *object = object_at(array, i);
        if (object && first)
            outline_note(outline, "'%s', another workout of the file", text_in(object, title));
        else
            first = object;
    }
    return first;
}

/* ---- Feeel ---- */

static gint by_position(gconstpointer a, gconstpointer b)
{
    const gint64 one = number_in(*(JsonObject *const *)a, "orderPosition", 0),
                 two = number_in(*(JsonObject *const *)b, "orderPosition", 0);
    return one < two ? -1 : one > two;
}

/* The file has the exercises as numbers of Feeel's own list. */
static void add_feeel(struct outline *outline, JsonObject *exercise, JsonObject *workout, bool first)
{
    const gint64 seconds = number_in(exercise, "exerciseDuration", number_in(workout, "exerciseDuration", 0)),
                 rest = number_in(exercise, "breakDuration", number_in(workout, "breakDuration", 0));
    g_autofree char *number =
        g_strdup_printf("Exercise %" G_GINT64_FORMAT, number_in(exercise, "exercise", 0));
    const char *name = text_in(exercise, "name");
    if (!first)
        outline_add(outline, NULL, "Rest", rest);
    else if (number_in(exercise, "breakDuration", 0) > 0)
        outline_note(outline, "the break before the first exercise");
    outline_add(outline, NULL, *name ? name : number, seconds);
    if (!*name)
        outline_note(outline, "the names of the exercises (the file has only their numbers: write titles)");
}

static bool read_feeel(struct outline *outline, JsonObject *root)
{
    JsonObject *full = object_in(root, "fullWorkout"), *workout = object_in(full, "workout");
    JsonArray *array = array_in(full, "workoutExercises");
    if (!workout || !array) return false;
    g_autoptr(GPtrArray) exercises = g_ptr_array_new();
    for (guint i = 0; i < length_of(array); i++)
        if (object_at(array, i)) g_ptr_array_add(exercises, object_at(array, i));
    g_ptr_array_sort(exercises, by_position);
    outline->title = g_strdup(text_in(workout, "title"));
    for (guint i = 0; i < exercises->len; i++) add_feeel(outline, exercises->pdata[i], workout, i == 0);
    if (number_in(workout, "countdownDuration", 0))
        outline_note(outline, "the countdown before each exercise (pace.prepare is the time to get there)");
    return true;
}

/* ---- Just Another Workout Timer ---- */

static void add_exercises(struct outline *outline, struct outline_step *group, JsonArray *exercises)
{
    for (guint i = 0; i < length_of(exercises); i++) {
        JsonObject *exercise = object_at(exercises, i);
        if (exercise)
            outline_add(outline, group, text_in(exercise, "name"), number_in(exercise, "duration", 0));
    }
}

static bool read_timer(struct outline *outline, JsonObject *root)
{
    JsonArray *workouts = array_in(root, "workouts");
    JsonObject *workout = workouts ? first_of(outline, workouts, "title") : root;
    JsonArray *sets = array_in(workout, "sets");
    if (!sets) return false;
    outline->title = g_strdup(text_in(workout, "title"));
    for (guint i = 0; i < length_of(sets); i++) {
        JsonObject *set = object_at(sets, i);
        const gint64 reps = number_in(set, "repetitions", 1);
        struct outline_step *group = reps > 1 ? outline_group(outline, text_in(set, "name"), reps) : NULL;
        add_exercises(outline, group, array_in(set, "exercises"));
    }
    return true;
}

/* ---- OpenHIIT ---- */

/* Activities are a list, or a text of JSON that is one. To be unreferenced; NULL: none. */
static JsonArray *activities_of(JsonObject *timer, const char *name)
{
    g_autoptr(JsonNode) node = array_in(timer, name) ? NULL : parse(text_in(timer, name));
    if (array_in(timer, name)) return json_array_ref(array_in(timer, name));
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_array_ref(json_node_get_array(node)) : NULL;
}

/* Lists of activities are shorter than the number of intervals where some have no title. */
static void add_activities(struct outline *outline, struct outline_step *group, JsonArray *activities,
                           gint64 intervals, JsonObject *times, const char *work)
{
    const gint64 n = MAX((gint64)length_of(activities), MIN(intervals, MOST_FILLED));
    for (gint64 i = 0; i < n; i++) {
        g_autofree char *other = g_strdup_printf("Interval %" G_GINT64_FORMAT, i + 1);
        JsonNode *node = i < length_of(activities) ? json_array_get_element(activities, (guint)i) : NULL;
        const char *title = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
        outline_add(outline, group, title && *title ? title : other, number_in(times, work, 0));
        if (i + 1 < n) outline_add(outline, group, "Rest", number_in(times, "restTime", 0));
    }
}

static void fill_hiit(struct outline *outline, JsonObject *timer, JsonObject *times, JsonArray *activities,
                      bool old)
{
    const gint64 rounds = number_in(timer, old ? "iterations" : "restarts", 0) + 1;
    const gint64 intervals = number_in(timer, old ? "numExercises" : "activeIntervals", 0);
    const gint64 warmup = number_in(times, "warmupTime", 0), cooldown = number_in(times, "cooldownTime", 0);
    outline->title = g_strdup(text_in(timer, old ? "title" : "name"));
    if (warmup) outline_add(outline, NULL, "Warm-up", warmup);
    struct outline_step *group = rounds > 1 ? outline_group(outline, "Intervals", rounds) : NULL;
    add_activities(outline, group, activities, intervals, times, old ? "exerciseTime" : "workTime");
    if (group) group->between_s = number_in(times, "breakTime", 0);
    if (cooldown) outline_add(outline, NULL, "Cool-down", cooldown);
    if (number_in(times, "getReadyTime", 0))
        outline_note(outline, "the time to get ready (pace.prepare is the time to get into position)");
    if (number_in(times, "halfTime", 0) || number_in(timer, "halfwayMark", 0))
        outline_note(outline, "the halfway mark (count.halfway says it)");
}

/* The old form has the times in the timer itself. */
static bool read_hiit(struct outline *outline, JsonObject *timer)
{
    JsonObject *times = object_in(timer, "timeSettings");
    g_autoptr(JsonNode) inside = times ? NULL : parse(text_in(timer, "timeSettings"));
    const bool old = !times && !inside && json_object_has_member(timer, "exerciseTime");
    if (inside && JSON_NODE_HOLDS_OBJECT(inside)) times = json_node_get_object(inside);
    if (old) times = timer;
    if (!times) return false;
    JsonArray *activities = activities_of(timer, old ? "exercises" : "activities");
    fill_hiit(outline, timer, times, activities, old);
    if (activities) json_array_unref(activities);
    return true;
}

/* ---- TimeR Machine ---- */

/* Lengths are milliseconds there; less than a second is one. */
static void add_timer_step(struct outline *outline, struct outline_step *group, JsonObject *step)
{
    const gint64 ms = number_in(step, "length", 0);
    outline_add(outline, group, text_in(step, "label"), (ms + 999) / 1000);
    if (length_of(array_in(step, "behaviour")))
        outline_note(outline, "sounds, vibration and notifications of its steps (the program has its own)");
}

/* A group inside of a group loses its own loop. */
static void add_timer_steps(struct outline *outline, struct outline_step *group, JsonArray *steps)
{
    for (guint i = 0; i < length_of(steps); i++) {
        JsonObject *step = object_at(steps, i);
        JsonArray *inner = array_in(step, "steps");
        const gint64 loop = number_in(step, "loop", 1);
        if (step && !inner) {
            add_timer_step(outline, group, step);
        } else if (inner && group) {
            if (loop > 1)
                outline_note(outline, "the %" G_GINT64_FORMAT " rounds of '%s', which lies in another group",
                             loop, text_in(step, "name"));
            add_timer_steps(outline, group, inner);
        } else if (inner) {
            add_timer_steps(outline, loop > 1 ? outline_group(outline, text_in(step, "name"), loop) : NULL,
                            inner);
        }
    }
}

static bool read_machine(struct outline *outline, JsonObject *root)
{
    JsonArray *timers = array_in(root, "timers");
    JsonObject *timer = timers ? first_of(outline, timers, "name") : root;
    JsonArray *steps = array_in(timer, "steps");
    if (!steps) return false;
    const gint64 loop = number_in(timer, "loop", 1);
    outline->title = g_strdup(text_in(timer, "name"));
    if (object_in(timer, "startStep")) add_timer_step(outline, NULL, object_in(timer, "startStep"));
    add_timer_steps(outline, loop > 1 ? outline_group(outline, text_in(timer, "name"), loop) : NULL, steps);
    if (object_in(timer, "endStep")) add_timer_step(outline, NULL, object_in(timer, "endStep"));
    if (length_of(array_in(root, "schedulers"))) outline_note(outline, "its schedule ('remind' has one)");
    return true;
}

/* ---- all of them ---- */

/* Each is known by fields that the others do not have. */
bool import_json(struct outline *outline, const char *text)
{
    static bool (*const readers[])(struct outline * outline, JsonObject * root) = {read_feeel, read_hiit,
                                                                                   read_timer, read_machine};
    g_autoptr(JsonNode) node = parse(text);
    JsonObject *root = NULL;
    if (node && JSON_NODE_HOLDS_ARRAY(node)) root = first_of(outline, json_node_get_array(node), "name");
    if (node && JSON_NODE_HOLDS_OBJECT(node)) root = json_node_get_object(node);
    for (gsize i = 0; root && i < G_N_ELEMENTS(readers); i++)
        if (readers[i](outline, root)) return true;
    return false;
}
