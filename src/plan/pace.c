#include "plan/pace.h"

int pace_hold_seconds(const struct settings *settings, const struct hold *hold)
{
    int64_t seconds = range_at(hold->range, settings->pace.level);
    return (int)MAX(1, (seconds * settings->pace.hold + 50) / 100);
}

int pace_breaths(const struct settings *settings, const struct hold *hold)
{
    return MAX(1, range_at(hold->range, settings->pace.level));
}

int64_t pace_breath_frames(const struct settings *settings, int breaths)
{
    return duration_frames((int64_t)breaths * settings->pace.breath_ms, settings->sound.rate, settings->pace.speed);
}

int64_t pace_frames(const struct settings *settings, int ms)
{
    return duration_frames(ms, settings->sound.rate, settings->pace.speed);
}

int64_t pace_rest_frames(const struct settings *settings, int rest_ms)
{
    return pace_frames(settings, rest_ms < 0 ? settings->pace.rest_ms : rest_ms);
}
