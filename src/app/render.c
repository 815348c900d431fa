#include "prepare.h"
#include "subcommands.h"
#include "file/soundfile.h"
#include "ui/progress.h"
#include <signal.h>
#include <string.h>

enum {
    BLOCK = 16384, /* frames mixed at once: fits the second-level cache with its output */
    AHEAD = 48,    /* sentences: keeps every speech program busy while this one mixes */
    WAV_FRAMES = (int64_t)(((1LL << 32) - 64) / 4), /* a WAV's sizes have 32 bits */
};

struct rendering {
    struct prepared prepared;
    struct soundfile *file;
    struct progress *progress;
    int64_t frames; /* written */
};

static int complain(const struct rendering *r, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return EXIT_SIGNAL + r->prepared.interrupt.signal;
    /* Whoever closed the pipe knows why. */
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE)) return EXIT_SIGNAL + SIGPIPE;
    fprintf(stderr, "stretchvoice: %s\n", error->message);
    return EXIT_FAILED;
}

/* Mixes and writes all that cannot change any more. */
static int write_final(struct rendering *r)
{
    static int16_t block[2 * BLOCK];
    struct timeline *timeline = planner_timeline(r->prepared.planner);
    int64_t final = timeline_final(timeline);
    while (r->frames < final) {
        int n = (int)MIN(BLOCK, final - r->frames);
        mixer_mix(&r->prepared.mixer, timeline, r->frames, n, block);
        g_autoptr(GError) error = NULL;
        if (!soundfile_write(r->file, block, n, &error)) return complain(r, error);
        r->frames += n;
        progress_show(r->progress, (double)r->frames / r->prepared.settings->sound.rate);
        int signal = interrupt_poll(&r->prepared.interrupt);
        if (signal) return EXIT_SIGNAL + signal;
    }
    planner_forget(r->prepared.planner, r->frames);
    return EXIT_DONE;
}

/* Speech is made while what there is of it is mixed. */
static int write_session(struct rendering *r)
{
    enum planner_state state = PLANNER_AHEAD;
    int code = EXIT_DONE;
    while (code == EXIT_DONE && state != PLANNER_OVER) {
        state = planner_run(r->prepared.planner, r->frames + BLOCK);
        code = write_final(r);
        if (code == EXIT_DONE && state == PLANNER_WAITING) code = prepare_wait(&r->prepared);
    }
    return code;
}

/* A pipe's header needs the length at once, and so does the refusal of a WAV that would be too long.
 * Elsewhere it would cost speaking everything twice. */
static int measure(struct rendering *r, const char *path, int64_t *frames)
{
    double estimate = script_estimate(&r->prepared.script) * r->prepared.settings->sound.rate;
    g_autofree char *lower = g_ascii_strdown(path, -1);
    bool wav = g_str_has_suffix(lower, ".wav");
    *frames = -1;
    if (strcmp(path, "-") != 0 && !(wav && estimate > WAV_FRAMES * 0.75)) return EXIT_DONE;
    return prepare_length(&r->prepared, frames);
}

static int render(struct rendering *r, const char *path)
{
    int64_t frames;
    int code = prepare_voice_ready(&r->prepared);
    if (code == EXIT_DONE) code = measure(r, path, &frames);
    if (code != EXIT_DONE) return code;
    g_autoptr(GError) error = NULL;
    r->file = soundfile_create(path, r->prepared.settings->sound.rate, frames, &error);
    if (!r->file) return complain(r, error);
    soundfile_watch(r->file, &r->prepared.interrupt.signal);
    r->progress = progress_new(r->prepared.options->quiet, script_estimate(&r->prepared.script));
    code = write_session(r);
    progress_free(r->progress);
    if (code != EXIT_DONE)
        soundfile_abort(r->file);
    else if (!soundfile_finish(r->file, &error))
        code = complain(r, error);
    return code;
}

int subcommand_render(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0),
               *path = g_ptr_array_index(options->arguments, 1);
    if (!soundfile_known(path)) {
        g_autofree char *formats = g_strjoinv(", ", (char **)soundfile_formats());
        g_autofree char *shown = diag_shown(path, 200);
        fprintf(stderr, "stretchvoice: no such format ('%s'; the file's name ends in one of %s, or is -)\n",
                shown, formats);
        return EXIT_USAGE;
    }
    struct rendering r = {0};
    prepare_init(&r.prepared, options);
    const struct preparing preparing = {.helpers = g_get_num_processors(), .ahead = AHEAD};
    int code = prepare_all(&r.prepared, name, &preparing);
    if (code == EXIT_DONE) code = render(&r, path);
    prepare_finish(&r.prepared);
    return code;
}
