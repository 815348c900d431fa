/* The session as a media player: a step is a track. */
#include "live/service.h"

static void on_media_command(void *data, enum command_id id)
{
    service_command(data, (struct command){.id = id});
}

static void on_media_volume(void *data, double db)
{
    service_command(data, (struct command){.id = COMMAND_VOLUME, .given = true, .value = db});
}

static const struct mpris_ops media_ops = {on_media_command, on_media_volume};

void service_media_begin(struct service *service)
{
    if (!host_prepared(service->host)->settings->control.mpris) return;
    service->mpris = mpris_new(&media_ops, service);
    service_media_update(service);
}

static enum mpris_playback playback(enum status_state state)
{
    switch (state) {
    case STATUS_PLAYING: return MPRIS_PLAYING;
    case STATUS_OVER: return MPRIS_STOPPED;
    default: return MPRIS_PAUSED;
    }
}

void service_media_update(struct service *service)
{
    if (!service->mpris) return;
    struct status status;
    host_status(service->host, &status);
    const struct prepared *prepared = host_prepared(service->host);
    const struct routine *routine = prepared->routine;
    int step = status.place.step, rate = prepared->settings->sound.rate;
    const struct mpris_state state = {
        .playback = playback(status.state),
        .routine = routine->title,
        .track = step >= 0 ? routine->steps[step].title : routine->title,
        .step = step >= 0 ? step + 1 : 0,
        .jumps = status.jumps,
        .length = step >= 0 ? (int64_t)(script_estimate_step(planner_script(prepared->planner), step) *
                                        G_USEC_PER_SEC)
                            : -1,
        .position = (status.frame - status.step_frame) * G_USEC_PER_SEC / rate,
        .stands = status.stands,
        .volume = status.volume,
        .can_next = step != PLACE_CLOSING,
        .can_previous = true,
    };
    mpris_update(service->mpris, &state);
}
