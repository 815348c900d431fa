#include "render.h"
#include "load.h"
#include "split.h"
#include "subcommands.h"
#include "base/program.h"
#include "report/listing.h"
#include "ui/progress.h"
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 16384, /* frames mixed at once: fits the second-level cache with its output */
    AHEAD = 48,    /* sentences: keeps every speech program busy while this one mixes */
    N_CAPTIONS = 2,
};

static const char *const CAPTIONS[N_CAPTIONS] = {"vtt", "lrc"};
static const char SPLIT_FORMAT[] = "mp3"; /* without a file that names another */

struct rendering {
    const struct encoding *encoding;
    const struct render *render;
    struct batch *batch;
    struct rendered *rendered;
    struct loaded loaded;
    struct score score;
    struct tags tags;
    bool measured;                         /* the chapters are known */
    struct soundfile *file;                /* of the whole session, or NULL */
    struct split *split;                   /* or NULL */
    struct captions *captions[N_CAPTIONS]; /* or NULL */
    struct progress *progress;
    int64_t frames; /* written */
    int16_t block[2 * BLOCK];
};

/* ---- files that wait for their names ---- */

static void discard(gpointer file)
{
    newfile_discard(file);
}

void batch_init(struct batch *batch)
{
    *batch = (struct batch){.files = g_ptr_array_new_with_free_func(discard)};
}

void batch_finish(struct batch *batch)
{
    g_ptr_array_unref(batch->files);
    newdir_free(batch->directory);
}

bool batch_commit(struct batch *batch, GError **error)
{
    while (batch->files->len > 0)
        if (!newfile_commit(g_ptr_array_steal_index(batch->files, 0), error)) return false;
    return true;
}

int64_t batch_bytes(const struct batch *batch, guint from, guint to)
{
    int64_t bytes = 0;
    for (guint i = from; i < to; i++) {
        struct stat info = {0};
        if (fstat(newfile_fd(batch->files->pdata[i]), &info) == 0) bytes += info.st_size;
    }
    return bytes;
}

bool batch_add(struct batch *batch, const char *path, const char *content, GError **error)
{
    struct newfile *file = newfile_create(path, error);
    if (!file) return false;
    bool written = newfile_write(file, content, strlen(content), error) && newfile_sync(file, error);
    if (written)
        g_ptr_array_add(batch->files, file);
    else
        newfile_discard(file);
    return written;
}

void rendered_finish(struct rendered *rendered)
{
    labels_finish(&rendered->labels);
    chapters_finish(&rendered->chapters);
}

/* ---- mixing and writing ---- */

static bool write_block(struct rendering *r, int frames, GError **error)
{
    return (!r->file || soundfile_write(r->file, r->block, frames, error)) &&
           (!r->split || split_write(r->split, r->block, frames, error));
}

/* How many of the next `frames` frames have the music that belongs to them: fewer, or 0, while what comes is
 * not laid out. -1 after an error. */
static int with_music(struct rendering *r, int frames, GError **error)
{
    struct planner *planner = r->score.planner;
    struct bed *bed = r->score.bed;
    struct bed_outlook outlook = {.wish = BED_PLAYS};
    if (!bed) return frames;
    bed_look(planner_timeline(planner), r->frames, planner_over(planner), &outlook);
    bed_forget(bed, r->frames);
    for (;;) {
        const int n = bed_next(bed, &outlook, frames, true);
        if (n > 0 || !bed_lacks_music(bed)) return n;
        if (!score_wait_for_music(&r->score, error)) return -1;
    }
}

/* Mixes and writes everything before the frame, which can no longer change. */
static int write_until(struct rendering *r, int64_t end)
{
    const struct score *score = &r->score;
    struct timeline *timeline = planner_timeline(score->planner);
    while (r->frames < end) {
        g_autoptr(GError) error = NULL;
        int n = with_music(r, (int)MIN(BLOCK, end - r->frames), &error);
        if (n < 0) return load_complain(&r->loaded, error);
        if (n == 0) break;
        mixer_mix(&score->mixer, timeline, r->frames, n, r->block);
        if (score->bed) bed_mix(score->bed, r->block, n, score->mixer.gain);
        if (!write_block(r, n, &error)) return load_complain(&r->loaded, error);
        r->frames += n;
        progress_show(r->progress, (double)r->frames / r->rendered->rate);
        int signal = interrupt_poll(&r->loaded.interrupt);
        if (signal) return EXIT_SIGNAL + signal;
    }
    planner_forget(r->score.planner, r->frames);
    return EXIT_DONE;
}

/* What has become final: where chapters begin, and what is said. */
static void look(struct rendering *r)
{
    const struct timeline *timeline = planner_timeline(r->score.planner);
    if (!r->measured) chapters_look(&r->rendered->chapters, timeline);
    if (r->split) split_look(r->split, timeline);
    for (int i = 0; i < N_CAPTIONS; i++)
        if (r->captions[i]) captions_look(r->captions[i], timeline);
}

/* Speech is made while earlier speech is mixed. */
static int write_session(struct rendering *r)
{
    const int64_t ahead = BLOCK + (r->score.bed ? bed_ahead(r->score.bed) : 0);
    enum planner_state state = PLANNER_AHEAD;
    const int64_t margin = r->split ? split_margin(r->split) : 0;
    g_autoptr(GError) error = NULL;
    while (state != PLANNER_OVER) {
        state = planner_run(r->score.planner, r->frames + margin + ahead);
        look(r);
        int64_t final = timeline_final(planner_timeline(r->score.planner));
        int code = write_until(r, state == PLANNER_OVER ? final : final - margin);
        if (code != EXIT_DONE) return code;
        if (state == PLANNER_WAITING && !score_wait(&r->score, &error)) break;
    }
    bool whole = !error && score_check(&r->score, &error);
    return whole ? EXIT_DONE : load_complain(&r->loaded, error);
}

/* ---- beginning ---- */

/* "neck.vtt" beside "neck.mp3". */
static char *captions_path(const char *path, int format)
{
    return g_strdup_printf("%.*s.%s", (int)(strrchr(path, '.') - path), path, CAPTIONS[format]);
}

static void look_at(void *data, const struct timeline *timeline)
{
    chapters_look(data, timeline);
}

bool render_check(const struct render *render, GError **error)
{
    const char *path = render->path;
    if (path && strcmp(path, "-") != 0 && !newfile_check(path, error)) return false;
    for (int i = 0; render->captions && i < N_CAPTIONS; i++) {
        g_autofree char *beside = captions_path(path, i);
        if (!newfile_check(beside, error)) return false;
    }
    return true;
}

/* -1 unless the length is needed in advance: measuring speaks everything twice. */
static bool measure(struct rendering *r, const char *path, int64_t *frames, GError **error)
{
    double estimate = script_estimate(&r->score.script) * r->rendered->rate;
    *frames = -1;
    if (!soundfile_wants_length(path, estimate)) return true;
    *frames = score_length(&r->score, look_at, &r->rendered->chapters, error);
    r->measured = true;
    return *frames >= 0;
}

static void print_note(void *data, const char *line)
{
    const struct loaded *loaded = data;
    if (!loaded->options->quiet) fprintf(stderr, "stretchvoice: %s\n", line);
}

static bool is_interrupted(void *data)
{
    return interrupt_poll(data);
}

static bool open_file(struct rendering *r, GError **error)
{
    const char *path = r->render->path;
    struct soundfile_options options = encoding_options(r->encoding, r->rendered->rate, &r->tags);
    if (!path) return true;
    if (!measure(r, path, &options.frames, error)) return false;
    r->file = soundfile_create(path, &options, error);
    if (r->file) soundfile_watch(r->file, is_interrupted, &r->loaded.interrupt);
    return r->file;
}

/* A step's file must not take the place of the whole session's. */
static bool is_apart(const struct rendering *r, GError **error)
{
    const char *path = r->render->path;
    if (!path || !split_makes(r->split, path)) return true;
    g_autofree char *shown = diag_shown(path, PATH_MAX);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "'%s' is also the file of a step (name another file)",
                shown);
    return false;
}

static bool open_split(struct rendering *r, GError **error)
{
    if (!r->render->directory) return true;
    const char *dot = r->render->path ? strrchr(r->render->path, '.') : NULL;
    const struct split_options options = {
        .directory = r->render->directory,
        .extension = dot ? dot + 1 : SPLIT_FORMAT,
        .encoding = encoding_options(r->encoding, r->rendered->rate, &r->tags),
        .script = &r->score.script,
        .stop = is_interrupted,
        .data = &r->loaded.interrupt,
    };
    r->split = split_new(&options);
    return is_apart(r, error) && split_check(r->split, error);
}

static void begin_captions(struct rendering *r)
{
    for (int i = 0; r->render->captions && i < N_CAPTIONS; i++)
        r->captions[i] = captions_new(CAPTIONS[i], r->loaded.routine->title, r->rendered->rate);
}

static bool begin(struct rendering *r, GError **error)
{
    struct rendered *rendered = r->rendered;
    rendered->rate = r->loaded.settings->sound.rate;
    labels_init(&rendered->labels, r->loaded.routine);
    chapters_init(&rendered->chapters, &r->score.script, r->encoding->moves);
    r->tags = labels_tags(&rendered->labels);
    r->tags.chapters = rendered->chapters.list;
    r->tags.track = r->render->track;
    r->tags.tracks = r->render->tracks;
    begin_captions(r);
    return render_check(r->render, error) && open_split(r, error) && score_voice_ready(&r->score, error) &&
           open_file(r, error);
}

/* ---- end ---- */

static bool add_captions(struct rendering *r, GError **error)
{
    for (int i = 0; i < N_CAPTIONS; i++) {
        if (!r->captions[i]) continue;
        g_autofree char *path = captions_path(r->render->path, i);
        if (!batch_add(r->batch, path, captions_so_far(r->captions[i]), error)) return false;
    }
    return true;
}

static bool end(struct rendering *r, GError **error)
{
    struct newfile *whole = NULL;
    r->rendered->frames = r->frames;
    if (r->file && !soundfile_finish(g_steal_pointer(&r->file), &whole, error)) return false;
    if (whole) g_ptr_array_add(r->batch->files, whole);
    return add_captions(r, error) && (!r->split || split_finish(r->split, r->batch->files, error));
}

static int run(struct rendering *r)
{
    const struct options *options = r->loaded.options;
    g_autoptr(GError) error = NULL;
    if (!begin(r, &error)) return load_complain(&r->loaded, error);
    r->progress = progress_new(options->quiet, options->plain, script_estimate(&r->score.script));
    int code = write_session(r);
    progress_free(r->progress);
    return code == EXIT_DONE && !end(r, &error) ? load_complain(&r->loaded, error) : code;
}

int render_session(const struct options *options, const struct encoding *encoding,
                   const struct render *render, struct batch *batch, struct rendered *rendered)
{
    struct rendering r = {.encoding = encoding, .render = render, .batch = batch, .rendered = rendered};
    *rendered = (struct rendered){0};
    load_init(&r.loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .note = print_note, .seed = options->seed};
    int code = load_score(&r.loaded, render->names, &r.score, wanted);
    if (code == EXIT_DONE) code = run(&r);
    soundfile_abort(r.file);
    split_free(r.split);
    for (int i = 0; i < N_CAPTIONS; i++) captions_free(r.captions[i]);
    rendered->chapters.script = NULL;
    score_finish(&r.score);
    load_finish(&r.loaded);
    return code;
}

/* ---- the subcommand ---- */

/* "neck.mp3: 23:02, 10.1 MB" */
static void add_result(GString *lines, const char *what, const char *count, const struct rendered *rendered,
                       int64_t bytes)
{
    int64_t seconds = (rendered->frames + rendered->rate / 2) / rendered->rate;
    bool large = bytes >= 1000000;
    g_autofree char *shown = diag_shown(what, PATH_MAX);
    g_string_append_printf(lines, "%s: %s%" G_GINT64_FORMAT ":%02d, %.*f %s\n", shown, count, seconds / 60,
                           (int)(seconds % 60), large ? 1 : 0,
                           large ? (double)bytes / 1e6 : ceil((double)bytes / 1e3), large ? "MB" : "kB");
}

/* The files are: the session, its captions, and those of the steps. */
static char *results_of(const struct render *render, const struct batch *batch,
                        const struct rendered *rendered)
{
    GString *lines = g_string_new(NULL);
    guint all = batch->files->len, whole = render->path && strcmp(render->path, "-") != 0 ? 1 : 0,
          pieces = whole + (render->captions ? N_CAPTIONS : 0);
    g_autofree char *count = g_strdup_printf("%u files, ", all - pieces);
    if (whole) add_result(lines, render->path, "", rendered, batch_bytes(batch, 0, 1));
    if (render->directory)
        add_result(lines, render->directory, count, rendered, batch_bytes(batch, pieces, all));
    return g_string_free(lines, FALSE);
}

static int render_files(const struct render *render, const struct options *options,
                        const struct encoding *encoding, struct batch *batch)
{
    struct rendered rendered;
    g_autoptr(GError) error = NULL;
    if (render->directory && !(batch->directory = newdir_create(render->directory, &error)))
        return print_error(error);
    int code = render_session(options, encoding, render, batch, &rendered);
    g_autofree char *results = code == EXIT_DONE ? results_of(render, batch, &rendered) : NULL;
    if (code == EXIT_DONE && !batch_commit(batch, &error)) code = print_error(error);
    if (code == EXIT_DONE && !options->quiet && isatty(STDOUT_FILENO)) fputs(results, stdout);
    fflush(stdout); /* the files are what was asked for */
    rendered_finish(&rendered);
    return code;
}

static int refuse(const char *line)
{
    fprintf(stderr, "stretchvoice: %s\n", line);
    return EXIT_USAGE;
}

/* "--feed --help" has forgotten its DIR. */
static int check_directory(const char *option, const char *path)
{
    if (!path || *path != '-') return EXIT_DONE;
    g_autofree char *shown = diag_shown(path, PATH_MAX),
                    *line = g_strdup_printf("--%s needs a directory, not '%s' (one of that name is './%s')",
                                            option, shown, shown);
    return refuse(line);
}

static int check_program(const char *path)
{
    const char *program = soundfile_needs(path);
    g_autofree char *found = program ? program_find(program, NULL) : NULL,
                    *line =
                        g_strdup_printf("m4a and m4b need %s, which is not installed: install the package %s",
                                        program, program);
    return program && !found ? refuse(line) : EXIT_DONE;
}

/* `path` NULL: only the files of the steps. */
static int check(const struct options *options, const char *path)
{
    if (path && !soundfile_known(path))
        return print_no_format(path, soundfile_formats(), ", or - for standard output");
    if (options->bitrate && path && !soundfile_has_bitrate(path))
        return refuse("--bitrate is for mp3 and opus only");
    if (options->bitrate && options->quality) return refuse("give --quality or --bitrate, not both");
    if (options->captions && (!path || strcmp(path, "-") == 0))
        return refuse("--captions needs a FILE, beside which it writes");
    if (options->split && path && strcmp(path, "-") == 0)
        return refuse("--split needs a FILE that names the format, or none");
    return path ? check_program(path) : EXIT_DONE;
}

/* The last word is the file, if there are two. Files of the steps need none, so it may be a routine too. */
static guint count_names(const struct options *options)
{
    const GPtrArray *arguments = options->arguments;
    const guint n = MAX(1, arguments->len - 1);
    return options->split && !soundfile_known(arguments->pdata[arguments->len - 1]) ? arguments->len : n;
}

int subcommand_render(const struct options *options)
{
    struct encoding encoding;
    int code = encoding_read(&encoding, options);
    if (code == EXIT_DONE) code = check_directory("split", options->split);
    if (code == EXIT_DONE) code = check_directory("feed", options->feed);
    if (code != EXIT_DONE) return code;
    if (options->feed)
        return options->split ? refuse("--feed and --split exclude each other")
                              : feed_render(options, &encoding);
    const GPtrArray *arguments = options->arguments;
    const guint n = count_names(options);
    const struct render render = {
        .names = load_names(options, n),
        .path = arguments->len > n ? arguments->pdata[n] : NULL,
        .directory = options->split,
        .captions = options->captions,
    };
    code = check(options, render.path);
    if (code != EXIT_DONE) return code;
    struct batch batch;
    batch_init(&batch);
    code = render_files(&render, options, &encoding, &batch);
    batch_finish(&batch);
    return code;
}
