#include "config/cue_sounds.h"
#include <string.h>

const struct choice CUE_SOUNDS[] = {
    {"off", SOUND_OFF},     {"own", SOUND_OWN},   {"soft", SOUND_SOFT}, {"wood", SOUND_WOOD},
    {"click", SOUND_CLICK}, {"bell", SOUND_BELL}, {"bowl", SOUND_BOWL}, {NULL, 0},
};

static const char *const occasions[N_OCCASIONS] = {
    [OCCASION_TICK] = "tick",
    [OCCASION_GO] = "go",
    [OCCASION_END] = "end",
    [OCCASION_IN] = "in",
    [OCCASION_OUT] = "out",
    [OCCASION_KEEP] = "keep",
    [OCCASION_CHANGE] = "change",
    [OCCASION_REST] = "rest",
    [OCCASION_STEP] = "step",
    [OCCASION_DONE] = "done",
    [OCCASION_ATTENTION] = "attention",
    [OCCASION_ACK] = "ack",
    [OCCASION_PAUSED] = "paused",
    [OCCASION_GOING_ON] = "going-on",
    [OCCASION_REFUSED] = "refused",
    [OCCASION_STOPPED] = "stopped",
    [OCCASION_WAIT] = "wait",
    [OCCASION_LISTEN] = "listen",
    [OCCASION_LISTENED] = "listened",
};

const char *occasion_name(enum occasion occasion)
{
    return occasions[occasion];
}

enum cue_sound cue_sound_of(const char *value)
{
    const struct choice *choice = CUE_SOUNDS;
    if (!value) return SOUND_OWN;
    while (choice->name && strcmp(choice->name, value) != 0) choice++;
    return choice->name ? (enum cue_sound)choice->value : SOUND_FILE;
}

/* A word without '/' and '.' is meant to be a name. */
static enum key_result check_cue(const struct key *key, const struct value *value, void *field)
{
    const char *text = value->entry->value;
    if (cue_sound_of(text) == SOUND_FILE && !strpbrk(text, "/.")) return KEY_MALFORMED;
    return KIND_PATH.read(key, value, field);
}

const struct kind KIND_CUE = {STORE_STRING, .form = "a sound file", .read = check_cue};
