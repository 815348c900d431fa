#include "split.h"
#include <math.h>
#include <string.h>
#include <sys/resource.h>

enum { PIECE = 4096, MOST_NAME = 60 };

/* Parts of a second: the longest fade, the shortest, which words stand, and the silence at both ends. */
enum { FADE = 5, QUICK_FADE = 200, SILENCE = 2 };

/* Where a file begins, and the one before ends: inside the silence between their steps, if there is any. What
 * sounds there, such as music, fades for so many frames before and behind. */
struct cut {
    int64_t at, fade;
};

struct split {
    struct split_options options;
    struct tags tags;
    struct chapters chapters;
    int rate;
    int next;      /* the step whose file comes next */
    int64_t frame; /* the next one to be written */
    struct cut begin;
    char *title;            /* of the file that is open */
    struct soundfile *file; /* NULL: none is */
    GPtrArray *files;       /* struct newfile *, whole */
};

static void discard(gpointer file)
{
    newfile_discard(file);
}

static int steps(const struct split *split)
{
    return split->options.script->routine->n_steps;
}

static int after(const struct split *split, int step)
{
    return step_after(split->options.script->routine, split->options.script->out, step);
}

/* Its number among the files. */
static int number_of(const struct split *split, int step)
{
    return step_number(split->options.script->out, step);
}

/* Files without a name stay open until all are whole. */
static void allow_many_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

struct split *split_new(const struct split_options *options)
{
    struct split *split = g_new0(struct split, 1);
    split->options = *options;
    split->tags = *options->encoding.tags;
    split->tags.chapters = NULL;
    split->options.encoding.tags = &split->tags;
    split->options.encoding.frames = -1;
    split->rate = options->encoding.rate;
    split->files = g_ptr_array_new_with_free_func(discard);
    split->next = after(split, -1);
    chapters_init(&split->chapters, options->script, false);
    allow_many_files();
    return split;
}

void split_free(struct split *split)
{
    if (!split) return;
    soundfile_abort(split->file);
    g_ptr_array_unref(split->files);
    chapters_finish(&split->chapters);
    g_free(split->title);
    g_free(split);
}

/* ---- where files begin ---- */

void split_look(struct split *split, const struct timeline *timeline)
{
    chapters_look(&split->chapters, timeline);
}

int64_t split_margin(const struct split *split)
{
    return 2 * (split->rate / FADE);
}

static const struct chapter *chapter_of(const struct split *split, int step)
{
    const GArray *list = split->chapters.list;
    for (guint i = list->len; i-- > 0;) {
        const struct chapter *chapter = &g_array_index(list, struct chapter, i);
        if (chapter->step == step) return chapter;
        if (chapter->step >= 0 && chapter->step < step) break;
    }
    return NULL;
}

/* INT64_MAX while that is not known, and behind the last step. */
static struct cut cut_before(const struct split *split, int step)
{
    const struct chapter *chapter = step < steps(split) ? chapter_of(split, step) : NULL;
    if (step == after(split, -1)) return (struct cut){0, 0};
    if (!chapter) return (struct cut){INT64_MAX, 0};
    int64_t lead = MIN((chapter->frame - chapter->quiet) / 2, split->rate / FADE);
    return (struct cut){chapter->frame - lead, MAX(lead, split->rate / QUICK_FADE)};
}

/* ---- files ---- */

static bool write_silence(struct split *split, GError **error)
{
    static const int16_t silence[2 * PIECE];
    for (int left = split->rate / SILENCE; left > 0; left -= PIECE)
        if (!soundfile_write(split->file, silence, MIN(left, PIECE), error)) return false;
    return true;
}

/* "DIR/03-cat-cow.mp3": the name of a step has nothing but letters, digits and '-'. */
static char *path_of(const struct split *split, int step)
{
    int digits = 2;
    for (int n = steps(split); n >= 100; n /= 10) digits++;
    g_autofree char *name =
        g_strdup_printf("%0*d-%.*s.%s", digits, number_of(split, step), MOST_NAME,
                        split->options.script->routine->steps[step].name, split->options.extension);
    return g_build_filename(split->options.directory, name, NULL);
}

bool split_makes(const struct split *split, const char *path)
{
    g_autofree char *wanted = g_canonicalize_filename(path, NULL);
    for (int step = after(split, -1); step < steps(split); step = after(split, step)) {
        g_autofree char *piece = path_of(split, step), *made = g_canonicalize_filename(piece, NULL);
        if (strcmp(made, wanted) == 0) return true;
    }
    return false;
}

bool split_check(const struct split *split, GError **error)
{
    for (int step = after(split, -1); step < steps(split); step = after(split, step)) {
        g_autofree char *path = path_of(split, step);
        if (!newfile_check(path, error)) return false;
    }
    return true;
}

static bool open_next(struct split *split, GError **error)
{
    int step = split->next;
    split->next = after(split, step);
    g_autofree char *path = path_of(split, step);
    g_free(split->title);
    split->title = chapters_text(split->options.script->routine->steps[step].title, CHAPTER_TITLE);
    split->begin = cut_before(split, step);
    split->tags.title = split->title;
    split->tags.track = number_of(split, step);
    split->tags.tracks = number_of(split, steps(split)) - 1;
    split->file = soundfile_create(path, &split->options.encoding, error);
    if (!split->file) return false;
    soundfile_watch(split->file, split->options.stop, split->options.data);
    return write_silence(split, error);
}

static bool close_file(struct split *split, GError **error)
{
    struct newfile *whole = NULL;
    if (!write_silence(split, error) || !soundfile_finish(g_steal_pointer(&split->file), &whole, error))
        return false;
    g_ptr_array_add(split->files, whole);
    return true;
}

/* ---- sound ---- */

/* From 0 to 1 on a way of so many frames. */
static double rise(int64_t at, int64_t frames)
{
    return at >= frames ? 1 : 0.5 - 0.5 * cos(G_PI * (double)at / (double)frames);
}

static bool write_faded(struct split *split, const int16_t *stereo, int64_t frames, struct cut end,
                        GError **error)
{
    int16_t faded[2 * PIECE];
    for (int64_t i = 0; i < frames; i++) {
        int64_t frame = split->frame + i;
        double gain = rise(frame - split->begin.at, split->begin.fade);
        if (end.at - frame <= end.fade) gain *= rise(end.at - frame - 1, end.fade);
        for (int side = 0; side < 2; side++)
            faded[2 * i + side] = (int16_t)lrint(stereo[2 * i + side] * gain);
    }
    split->frame += frames;
    return soundfile_write(split->file, faded, frames, error);
}

bool split_write(struct split *split, const int16_t *stereo, int64_t frames, GError **error)
{
    for (int64_t done = 0; done < frames;) {
        if (!split->file && !open_next(split, error)) return false;
        struct cut end = cut_before(split, split->next);
        int64_t piece = MAX(MIN(MIN(frames - done, PIECE), end.at - split->frame), 0);
        if (!write_faded(split, stereo + 2 * done, piece, end, error)) return false;
        done += piece;
        if (split->frame >= end.at && !close_file(split, error)) return false;
    }
    return true;
}

bool split_finish(struct split *split, GPtrArray *files, GError **error)
{
    if (split->file && !close_file(split, error)) return false;
    while (split->files->len > 0) g_ptr_array_add(files, g_ptr_array_steal_index(split->files, 0));
    return true;
}
