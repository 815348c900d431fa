#include "load.h"
#include "rendering.h"
#include "subcommands.h"
#include "base/program.h"
#include "report/chapters.h"
#include "ui/progress.h"
#include <glib/gstdio.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum {
    BLOCK = 16384, /* frames mixed at once: fits the second-level cache with its output */
    AHEAD = 48,    /* sentences: keeps every speech program busy while this one mixes */
};

struct rendering {
    struct loaded loaded;
    struct score score;
    struct encoding encoding;
    struct labels labels;
    struct tags tags;
    struct chapters chapters;
    bool measured; /* the chapters are known */
    struct soundfile *file;
    struct progress *progress;
    int64_t frames; /* written */
    int16_t block[2 * BLOCK];
};

/* Mixes and writes everything that can no longer change. */
static int write_final(struct rendering *r)
{
    struct timeline *timeline = planner_timeline(r->score.planner);
    int64_t final = timeline_final(timeline);
    while (r->frames < final) {
        int n = (int)MIN(BLOCK, final - r->frames);
        mixer_mix(&r->score.mixer, timeline, r->frames, n, r->block);
        g_autoptr(GError) error = NULL;
        if (!soundfile_write(r->file, r->block, n, &error)) return load_complain(&r->loaded, error);
        r->frames += n;
        progress_show(r->progress, (double)r->frames / r->loaded.settings->sound.rate);
        int signal = interrupt_poll(&r->loaded.interrupt);
        if (signal) return EXIT_SIGNAL + signal;
    }
    planner_forget(r->score.planner, r->frames);
    return EXIT_DONE;
}

/* Speech is made while earlier speech is mixed. */
static int write_session(struct rendering *r)
{
    enum planner_state state = PLANNER_AHEAD;
    g_autoptr(GError) error = NULL;
    while (state != PLANNER_OVER) {
        state = planner_run(r->score.planner, r->frames + BLOCK);
        if (!r->measured) chapters_look(&r->chapters, planner_timeline(r->score.planner));
        int code = write_final(r);
        if (code != EXIT_DONE) return code;
        if (state == PLANNER_WAITING && !score_wait(&r->score, &error)) break;
    }
    bool whole = !error && score_check(&r->score, &error);
    return whole ? EXIT_DONE : load_complain(&r->loaded, error);
}

static void look(void *data, const struct timeline *timeline)
{
    chapters_look(data, timeline);
}

/* -1 unless the length is needed in advance: measuring speaks everything twice. */
static bool measure(struct rendering *r, const char *path, int64_t *frames, GError **error)
{
    double estimate = script_estimate(&r->score.script) * r->loaded.settings->sound.rate;
    *frames = -1;
    if (!soundfile_wants_length(path, estimate)) return true;
    *frames = score_length(&r->score, look, &r->chapters, error);
    r->measured = true;
    return *frames >= 0;
}

static bool is_interrupted(void *data)
{
    return interrupt_poll(data);
}

/* "neck.mp3: 23:02, 10.1 MB" */
static void print_result(const struct rendering *r, const char *path)
{
    GStatBuf info;
    if (r->loaded.options->quiet || strcmp(path, "-") == 0 || g_stat(path, &info) != 0 ||
        !S_ISREG(info.st_mode))
        return;
    int64_t seconds = (r->frames + r->loaded.settings->sound.rate / 2) / r->loaded.settings->sound.rate;
    double size = (double)info.st_size;
    bool large = size >= 1e6;
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    printf("%s: %" G_GINT64_FORMAT ":%02d, %.*f %s\n", shown, seconds / 60, (int)(seconds % 60),
           large ? 1 : 0, large ? size / 1e6 : ceil(size / 1e3), large ? "MB" : "kB");
    fflush(stdout); /* the file is what was asked for */
}

static bool open_file(struct rendering *r, const char *path, GError **error)
{
    struct soundfile_options options =
        encoding_options(&r->encoding, r->loaded.settings->sound.rate, &r->tags);
    if (!score_voice_ready(&r->score, error) || !measure(r, path, &options.frames, error)) return false;
    r->file = soundfile_create(path, &options, error);
    if (r->file) soundfile_watch(r->file, is_interrupted, &r->loaded.interrupt);
    return r->file;
}

static int render(struct rendering *r, const char *path)
{
    const struct options *options = r->loaded.options;
    g_autoptr(GError) error = NULL;
    labels_init(&r->labels, r->loaded.routine);
    chapters_init(&r->chapters, &r->score.script, r->encoding.moves);
    r->tags = labels_tags(&r->labels);
    r->tags.chapters = r->chapters.list;
    if (!open_file(r, path, &error)) return load_complain(&r->loaded, error);
    r->progress = progress_new(options->quiet, options->plain, script_estimate(&r->score.script));
    int code = write_session(r);
    progress_free(r->progress);
    if (code != EXIT_DONE)
        soundfile_abort(r->file);
    else if (!soundfile_finish(r->file, NULL, &error))
        code = load_complain(&r->loaded, error);
    if (code == EXIT_DONE) print_result(r, path);
    return code;
}

static int check(struct rendering *r, const struct options *options, const char *path)
{
    if (!soundfile_known(path))
        return print_no_format(path, soundfile_formats(), ", or - for standard output");
    const char *program = soundfile_needs(path);
    g_autofree char *found = program ? program_find(program, NULL) : NULL;
    if (program && !found) {
        fprintf(stderr, "stretchvoice: m4a and m4b need %s, which is not installed: install the package %s\n",
                program, program);
        return EXIT_USAGE;
    }
    if (options->bitrate && !soundfile_has_bitrate(path)) {
        fputs("stretchvoice: --bitrate is for mp3 and opus only\n", stderr);
        return EXIT_USAGE;
    }
    return encoding_read(&r->encoding, options);
}

int subcommand_render(const struct options *options)
{
    const char *name = g_ptr_array_index(options->arguments, 0),
               *path = g_ptr_array_index(options->arguments, 1);
    struct rendering r = {0};
    int code = check(&r, options, path);
    if (code != EXIT_DONE) return code;
    load_init(&r.loaded, options);
    const struct score_options wanted = {.helpers = g_get_num_processors(), .ahead = AHEAD};
    code = load_score(&r.loaded, name, &r.score, wanted);
    if (code == EXIT_DONE) code = render(&r, path);
    chapters_finish(&r.chapters);
    labels_finish(&r.labels);
    score_finish(&r.score);
    load_finish(&r.loaded);
    return code;
}
