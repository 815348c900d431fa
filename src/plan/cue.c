#include "plan/cue.h"

/* clang-format off */
static const char *const types[N_CUE_TYPES] = {
    [CUE_SPEECH] = "speech", [CUE_TICK] = "tick",       [CUE_GO] = "go",         [CUE_END] = "end",
    [CUE_CHIME] = "chime",   [CUE_IN] = "in",           [CUE_OUT] = "out",       [SPAN_WAKE] = "wake",
    [SPAN_HOLD] = "hold",    [SPAN_PREPARE] = "prepare", [SPAN_REST] = "rest",    [SPAN_CHANGE] = "change",
    [SPAN_GAP] = "gap",      [SPAN_READY] = "ready",
};
/* clang-format on */

/* clang-format off */
static const char *const roles[N_ROLES] = {
    [ROLE_TITLE] = "title",     [ROLE_SETUP] = "setup",         [ROLE_INSTRUCTION] = "instruction",
    [ROLE_CUE] = "cue",         [ROLE_SIDE] = "side",           [ROLE_COUNT] = "count",
    [ROLE_HALFWAY] = "halfway", [ROLE_LEFT] = "left",           [ROLE_COUNTDOWN] = "countdown",
    [ROLE_REST] = "rest",       [ROLE_RELEASE] = "release",     [ROLE_CAUTION] = "caution",
    [ROLE_CLOSING] = "closing", [ROLE_PHRASE] = "phrase",
};
/* clang-format on */

const char *cue_type_name(enum cue_type type)
{
    return types[type];
}

const char *role_name(enum role role)
{
    return roles[role];
}

const char *side_name(enum side side)
{
    return side == SIDE_NONE ? NULL : side == SIDE_RIGHT ? "right" : "left";
}
