#include "saying.h"
#include "file/paths.h"

enum { BLOCK = 1024 }; /* frames */

/* ---- what goes wrong ---- */

static void report(void *data)
{
    const struct saying *saying = data;
    g_auto(GStrv) lines = diags_lines(saying->diags);
    for (char **line = lines; *line; line++)
        if (**line) saying->failed(saying->data, *line);
}

static void fail(struct saying *saying, const char *why)
{
    g_autofree char *line = g_strconcat("stretchvoice: ", why, NULL);
    saying->failed(saying->data, line);
    saying_stop(saying);
}

static void fail_speech(struct saying *saying, const GError *error)
{
    if (!g_error_matches(error, LIVE_ERROR, LIVE_ERROR_VOICE)) {
        fail(saying, error->message);
        return;
    }
    report(saying);
    saying_stop(saying);
}

/* ---- playing the clip ---- */

static void fill(struct saying *saying)
{
    struct ring *ring = output_ring(saying->output);
    const struct clip *clip = saying->clip;
    int16_t block[RING_CHANNELS * BLOCK];
    for (uint32_t n; saying->played < clip->frames && (n = MIN(ring_space(ring), BLOCK)) > 0;) {
        n = (uint32_t)MIN(n, clip->frames - saying->played);
        for (uint32_t i = 0; i < RING_CHANNELS * n; i++)
            block[i] = clip->samples[saying->played + i / RING_CHANNELS];
        saying->played += ring_write(ring, block, n);
    }
    if (saying->played == clip->frames) ring_end(ring);
}

static void on_event(void *data, enum output_event event)
{
    struct saying *saying = data;
    g_autofree char *why = g_strdup(output_problem(saying->output));
    switch (event) {
    case OUTPUT_LOW: fill(saying); break;
    case OUTPUT_DRAINED: saying_stop(saying); break;
    case OUTPUT_NONE:
    case OUTPUT_LOST: fail(saying, why ? why : "the sound was lost"); break;
    default: break;
    }
}

static void play(struct saying *saying)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct output_options options = {
        .device = saying->settings->sound.device,
        .program = program,
        .rate = saying->settings->sound.rate,
        .event = on_event,
        .data = saying,
    };
    saying->output = output_new(&options, &error);
    if (saying->output)
        fill(saying);
    else
        fail(saying, error->message);
}

/* ---- speech ---- */

static void on_arrived(void *data)
{
    struct saying *saying = data;
    g_autoptr(GError) error = NULL;
    if (!saying->text || saying->clip) return;
    if (!score_check(&saying->score, &error)) {
        fail_speech(saying, error);
        return;
    }
    saying->clip = speech_find(saying->score.speech, saying->text);
    if (!saying->clip) return;
    if (saying->clip->chime) /* which failed() has been called for */
        saying_stop(saying);
    else
        play(saying);
}

void saying_say(struct saying *saying, const char *text)
{
    saying_stop(saying);
    if (!saying->score.speech) return;
    saying->text = g_strdup(text);
    on_arrived(saying);
}

void saying_stop(struct saying *saying)
{
    output_free(g_steal_pointer(&saying->output));
    clip_unref(g_steal_pointer(&saying->clip));
    g_clear_pointer(&saying->text, g_free);
    saying->played = 0;
}

/* ---- life ---- */

bool saying_init(struct saying *saying, const struct settings *settings, const struct voice *voice,
                 void (*failed)(void *data, const char *line), void *data)
{
    g_autoptr(GError) error = NULL;
    *saying = (struct saying){.settings = settings, .diags = diags_new(), .failed = failed, .data = data};
    const struct score_options options = {
        .helpers = 1, .diags = saying->diags, .failed = report, .arrived = on_arrived, .data = saying};
    if (score_init(&saying->score, &options, &error)) {
        score_speak(&saying->score, settings, voice);
        return true;
    }
    fail_speech(saying, error);
    return false;
}

void saying_finish(struct saying *saying)
{
    saying_stop(saying);
    score_finish(&saying->score);
    diags_free(saying->diags);
}
