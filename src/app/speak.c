/* speak and cache: the clips of voices that are other programs. */
#include "load.h"
#include "find.h"
#include "subcommands.h"
#include "file/paths.h"
#include "ui/progress.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AHEAD = 64 }; /* sentences: keeps every helper busy */

/* ---- speak ---- */

static bool wait_for(struct score *score, const char *text, GError **error)
{
    struct clip *clip;
    while (!(clip = speech_find(score->speech, text)))
        if (!score_wait(score, error)) return false;
    clip_unref(clip);
    return true;
}

/* What commands are answered with. A phrase with a field is spoken when its number is known. */
static bool speak_phrases(struct score *score, GError **error)
{
    for (int i = 0; i < N_SAID; i++) {
        const struct phrase_row *row = &PHRASES[i];
        g_autofree char *text =
            row->fields[0] || row->quoted ? NULL : voice_phrase(score->voice, i, 0, NULL, 0);
        if (text && strpbrk(text, ".!?") && !wait_for(score, text, error)) return false;
    }
    return true;
}

static bool speak_session(struct score *score, struct progress *progress, GError **error)
{
    enum planner_state state = PLANNER_AHEAD;
    const struct timeline *timeline = planner_timeline(score->planner);
    while (state != PLANNER_OVER) {
        state = planner_run(score->planner, timeline_final(timeline) + 1);
        planner_forget(score->planner, timeline_final(timeline));
        progress_show(progress, (double)timeline_final(timeline) / score->timing.rate);
        if (state == PLANNER_WAITING && !score_wait(score, error)) return false;
    }
    return score_check(score, error) && speak_phrases(score, error);
}

static int speak(struct loaded *loaded, struct score *score)
{
    g_autoptr(GError) error = NULL;
    if (!voice_is_program(loaded->voice)) {
        if (!loaded->options->quiet)
            printf("%s: espeak-ng says this as fast as it is read; nothing to keep\n", loaded->routine->name);
        return print_end();
    }
    struct progress *progress =
        progress_new(loaded->options->quiet, loaded->options->plain, script_estimate(&score->script));
    bool spoken = speak_session(score, progress, &error);
    progress_free(progress);
    return spoken ? EXIT_DONE : load_complain(loaded, error);
}

static int speak_routine(const struct options *options, const char *name)
{
    struct loaded loaded;
    struct score score;
    load_init(&loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = load_score(&loaded, (struct names){&name, 1}, &score, wanted);
    if (code == EXIT_DONE) code = speak(&loaded, &score);
    score_finish(&score);
    load_finish(&loaded);
    return code;
}

/* Each of them, unless a signal comes; the first failure counts. */
int subcommand_speak(const struct options *options)
{
    AUTO(diags) unread = diags_new();
    g_autoptr(GPtrArray) all = options->all ? paths_list("routines", unread) : NULL;
    const GPtrArray *names = all ? all : options->arguments;
    int result = diags_errors(unread) > 0 ? EXIT_INVALID : EXIT_DONE;
    if (!options->all == (options->arguments->len == 0)) {
        fputs("stretchvoice: 'speak' takes names of routines, or --all\n", stderr);
        return EXIT_USAGE;
    }
    diags_print(unread, stderr);
    for (guint i = 0; i < names->len && result < EXIT_SIGNAL; i++) {
        int code = speak_routine(options, g_ptr_array_index(names, i));
        if (result == EXIT_DONE || code >= EXIT_SIGNAL) result = code;
    }
    return result;
}

/* ---- cache ---- */

struct kept {
    guint clips;
    int64_t bytes;
};

/* Counts the clips, and removes them if `clear`. False if one cannot be removed. */
static bool count_clips(const char *path, bool clear, struct kept *kept)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    for (const char *name; directory && (name = g_dir_read_name(directory));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        struct stat info;
        if (!g_str_has_suffix(name, ".flac") || lstat(file, &info) != 0 || !S_ISREG(info.st_mode)) continue;
        if (clear && unlink(file) != 0 && errno != ENOENT) {
            fprintf(stderr, "stretchvoice: %s cannot be removed: %s\n", file, g_strerror(errno));
            return false;
        }
        kept->clips++;
        kept->bytes += info.st_size;
    }
    return true;
}

static int show_cache(const struct loaded *loaded)
{
    g_autofree char *path = paths_clips(), *shown = diag_shown(path, 500);
    const bool clear = loaded->options->clear;
    struct kept kept = {0};
    if (!count_clips(path, clear, &kept)) return EXIT_FAILED;
    if (clear && loaded->options->quiet) return EXIT_DONE;
    printf("%s%u clips, %.1f MB", clear ? "removed " : "", kept.clips, (double)kept.bytes / 1e6);
    if (!clear) printf(" of %d MB", loaded->settings->voice.cache_mb);
    printf("  %s\n", shown);
    return print_end();
}

int subcommand_cache(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE) code = show_cache(&loaded);
    load_finish(&loaded);
    return code;
}
