#include "media.h"
#include "report/json.h"

char *media_json(const struct mpris_state *state)
{
    static const char *const playbacks[] = {
        [MPRIS_STOPPED] = "stopped", [MPRIS_PAUSED] = "paused", [MPRIS_PLAYING] = "playing"};
    static const struct mpris_state idle = {.length = -1};
    GString *json = g_string_new(NULL);
    if (!state) state = &idle;
    json_text(json, "playback", playbacks[state->playback]);
    json_text(json, "routine", state->routine);
    json_text(json, "track", state->track);
    json_number(json, "step", state->step);
    json_number(json, "jumps", state->jumps);
    if (state->length >= 0)
        json_decimal(json, "length", (double)state->length / G_USEC_PER_SEC);
    else
        json_null(json, "length");
    json_decimal(json, "position", (double)state->position / G_USEC_PER_SEC);
    json_bool(json, "next", state->can_next);
    json_bool(json, "previous", state->can_previous);
    json_end(json);
    return g_string_free(json, FALSE);
}
