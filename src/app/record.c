/* record: takes down the sentences of a routine, one after the other. */
#include "load.h"
#include "recordings.h"
#include "saying.h"
#include "subcommands.h"
#include "base/recorded.h"
#include "file/paths.h"
#include "file/soundfile.h"
#include "ipc/speech_packets.h"
#include "mix/take.h"
#include "plan/script.h"
#include "sound/input.h"
#include "ui/terminal.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_TEXT = 4096 };

struct record {
    struct loaded loaded;
    char *directory;         /* of the recordings */
    GPtrArray *sentences;    /* char * */
    guint at;                /* the one that is shown */
    char *none, *espeak;     /* "" and "espeak" */
    struct voice unrecorded; /* the voice without its recordings, */
    struct saying prompter;  /* which says sentences with --speak; all zero without it */
    struct voice recorded;   /* the recordings without its program, which may be slow, */
    struct saying player;    /* which says what is recorded */
    struct input *input;     /* NULL: no take is under way */
    int rate;                /* of the take, */
    GArray *samples;         /* and its frames, int16_t; none: the microphone hears nothing yet */
    bool lost;               /* some of them */
    GMainLoop *loop;
    int code;
};

static void show_failure(void *data, const char *line)
{
    (void)data;
    terminal_line(line);
}

/* ---- sentences ---- */

static const char *text_at(const struct record *record, guint i)
{
    return record->sentences->pdata[i];
}

static bool is_recorded(const struct record *record, guint i)
{
    g_autofree char *path =
        recorded_find(record->directory, record->loaded.voice->language, text_at(record, i));
    return path != NULL;
}

static guint count_recorded(const struct record *record)
{
    guint n = 0;
    for (guint i = 0; i < record->sentences->len; i++) n += is_recorded(record, i);
    return n;
}

/* "3 of 143: Sit tall." */
static void show_sentence(struct record *record)
{
    const char *text = text_at(record, record->at);
    g_autofree char *shown = diag_shown(text, SHOWN_TEXT);
    g_autofree char *line = g_strdup_printf("%u of %u%s: %s", record->at + 1, record->sentences->len,
                                            is_recorded(record, record->at) ? ", recorded" : "", shown);
    terminal_line(line);
    if (record->loaded.options->aloud) saying_say(&record->prompter, text);
}

static void move_by(struct record *record, int n)
{
    const guint last = record->sentences->len - 1;
    if (n < 0 ? record->at == 0 : record->at == last) {
        terminal_line(n < 0 ? "This is the first sentence." : "This is the last sentence.");
        return;
    }
    record->at += (guint)n;
    show_sentence(record);
}

/* ---- a take ---- */

static void drop_take(struct record *record)
{
    input_free(g_steal_pointer(&record->input));
    g_array_set_size(record->samples, 0);
    record->lost = false;
}

static bool save(const struct record *record, const struct clip *clip, GError **error)
{
    char id[SENTENCE_ID + 1];
    sentence_id(record->loaded.voice->language, text_at(record, record->at), id);
    g_autofree char *name = g_strconcat(id, ".flac", NULL);
    g_autofree char *path = g_build_filename(record->directory, name, NULL);
    g_autofree int16_t *stereo = g_new(int16_t, 2 * clip->frames);
    for (int64_t i = 0; i < 2 * clip->frames; i++) stereo[i] = clip->samples[i / 2];
    const struct soundfile_options options = {.rate = record->rate, .frames = clip->frames, .mono = true};
    struct soundfile *file = soundfile_create(path, &options, error);
    if (!file) return false;
    if (soundfile_write(file, stereo, clip->frames, error)) return soundfile_finish(file, NULL, error);
    soundfile_abort(file);
    return false;
}

static bool keep(const struct record *record, const struct clip *clip)
{
    g_autoptr(GError) error = NULL;
    bool saved = save(record, clip, &error);
    g_autofree char *line = saved ? g_strdup_printf("Taken: %.1f seconds. p plays it, n goes on.",
                                                    (double)clip->frames / record->rate)
                                  : g_strconcat("stretchvoice: ", error->message, NULL);
    terminal_line(line);
    return saved;
}

/* What was heard is kept if it can be used. */
static bool judge(const struct record *record)
{
    static const char *const faults[] = {
        [TAKE_SILENT] =
            "Nothing was heard: is this the right microphone (sound.microphone)? r takes it again.",
        [TAKE_QUIET] = "Too quiet: come closer to the microphone, or turn it up. r takes it again.",
        [TAKE_CLIPPED] = "Too loud: move away from the microphone, or turn it down. r takes it again.",
    };
    enum take_fault fault = TAKE_RIGHT;
    if (record->lost) {
        terminal_line("A part was lost, because this computer was too busy. r takes it again.");
        return false;
    }
    struct clip *clip = take_make((const int16_t *)(void *)record->samples->data, record->samples->len,
                                  record->rate, record->loaded.settings->voice.level, &fault);
    bool kept = clip && keep(record, clip);
    if (!clip) terminal_line(faults[fault]);
    clip_unref(clip);
    return kept;
}

/* With what had been heard until now: the click of the key that ends it has not. False if it cannot be used.
 */
static bool end_take(struct record *record)
{
    const bool heard = record->samples->len > 0;
    if (!heard) terminal_line("The microphone was not open yet. r takes it again.");
    bool kept = heard && judge(record);
    drop_take(record);
    return kept;
}

static void on_opened(void *data, int rate)
{
    ((struct record *)data)->rate = rate;
}

static void on_heard(void *data, const int16_t *samples, int frames, bool lost)
{
    struct record *record = data;
    if (record->samples->len == 0) terminal_line("Recording: say it, then press space.");
    record->lost |= lost;
    g_array_append_vals(record->samples, samples, (guint)frames);
    if (record->samples->len <= (guint)record->rate * SPEECH_SECONDS) return;
    g_autofree char *line =
        g_strdup_printf("Too long: a take has at most %d seconds. r takes it again.", SPEECH_SECONDS);
    drop_take(record);
    terminal_line(line);
}

static void on_failed(void *data, const char *why)
{
    struct record *record = data;
    g_autofree char *line =
        g_strdup_printf("%s: %s. r takes it again.",
                        record->samples->len > 0 ? "This take is lost" : "There is no take", why);
    drop_take(record);
    terminal_line(line);
}

static void begin_take(struct record *record)
{
    static const struct input_ops ops = {on_opened, on_heard, on_failed};
    g_autoptr(GError) error = NULL;
    g_autofree char *program = paths_helper("stretchvoice-sound");
    const struct input_options options = {
        .device = record->loaded.settings->sound.microphone, .program = program, .ops = &ops, .data = record};
    record->input = input_new(&options, &error);
    if (!record->input) on_failed(record, error->message);
}

/* ---- keys ---- */

static void press_space(struct record *record)
{
    if (record->input)
        end_take(record);
    else
        begin_take(record);
}

/* As a session will play it; a new one each time, which knows of no older recording. */
static void press_play(struct record *record)
{
    if (!is_recorded(record, record->at)) {
        terminal_line("This sentence is not recorded yet.");
        return;
    }
    saying_finish(&record->player);
    if (saying_init(&record->player, record->loaded.settings, &record->recorded, show_failure, record))
        saying_say(&record->player, text_at(record, record->at));
}

static void press_again(struct record *record)
{
    drop_take(record);
    begin_take(record);
}

static void press_next(struct record *record)
{
    move_by(record, 1);
}

static void press_back(struct record *record)
{
    move_by(record, -1);
}

static void press_end(struct record *record)
{
    g_main_loop_quit(record->loop);
}

static const struct {
    char key;
    bool takes; /* handles a take that is under way by itself */
    void (*press)(struct record *record);
} keys[] = {
    {' ', true, press_space}, {'p', false, press_play}, {'r', true, press_again},
    {'n', false, press_next}, {'b', false, press_back}, {'q', false, press_end},
};

static const char KEYS[] = "Keys: space starts and ends a take, p plays it, r again, n next, b back, q ends.";

/* Any other key ends the take too; one that cannot be used keeps you at its sentence. What is said is
 * silenced: it would be recorded. */
static void on_key(void *data, char key)
{
    struct record *record = data;
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (keys[i].key != g_ascii_tolower(key)) continue;
        saying_stop(&record->prompter);
        saying_stop(&record->player);
        bool usable = keys[i].takes || !record->input || end_take(record);
        if (usable || keys[i].press == press_end) keys[i].press(record);
        return;
    }
}

/* ---- from beginning to end ---- */

static void on_signal(void *data)
{
    struct record *record = data;
    record->code = EXIT_SIGNAL + record->loaded.interrupt.signal;
    g_main_loop_quit(record->loop);
}

static void show_first(struct record *record)
{
    const guint n = record->sentences->len, recorded = count_recorded(record);
    g_autofree char *directory = diag_shown(record->directory, PATH_MAX);
    g_autofree char *line = g_strdup_printf("%u of %u sentences are recorded, in %s", recorded, n, directory);
    while (record->at < n && is_recorded(record, record->at)) record->at++;
    if (record->at == n) record->at = 0;
    terminal_line(line);
    terminal_line(KEYS);
    show_sentence(record);
}

static char *summary(const struct record *record)
{
    const guint n = record->sentences->len, recorded = count_recorded(record);
    return recorded == n
               ? g_strdup_printf("All %u sentences are recorded.", n)
               : g_strdup_printf("%u of %u sentences are recorded; the voice says the others.", recorded, n);
}

/* They borrow the texts of the voice. */
static void split_voice(struct record *record)
{
    record->none = g_strdup("");
    record->espeak = g_strdup("espeak");
    record->unrecorded = record->recorded = *record->loaded.voice;
    record->unrecorded.clips = record->none;
    record->recorded.engine = record->espeak;
    record->recorded.voice = record->recorded.language;
    record->recorded.variant = record->none;
}

static void run(struct record *record)
{
    struct terminal_use use = {.keys = true, .key = on_key, .data = record};
    terminal_begin(&use);
    if (record->loaded.options->aloud)
        saying_init(&record->prompter, record->loaded.settings, &record->unrecorded, show_failure, record);
    show_first(record);
    if (!record->loaded.interrupt.signal) g_main_loop_run(record->loop);
    drop_take(record);
    g_autofree char *last = summary(record);
    terminal_end(last);
}

static int record_all(struct record *record)
{
    const struct loaded *loaded = &record->loaded;
    const struct script script = script_of(loaded->routine, loaded->settings, loaded->voice);
    record->directory = recordings_open(loaded->voice, loaded->diags);
    if (!record->directory) return load_report(&record->loaded);
    record->sentences = script_sentences(&script);
    record->samples = g_array_new(FALSE, FALSE, sizeof(int16_t));
    split_voice(record);
    record->loop = g_main_loop_new(NULL, FALSE);
    record->loaded.interrupt.came = on_signal;
    record->loaded.interrupt.data = record;
    run(record);
    record->loaded.interrupt.came = NULL;
    saying_finish(&record->prompter);
    saying_finish(&record->player);
    g_main_loop_unref(record->loop);
    g_array_unref(record->samples);
    g_ptr_array_unref(record->sentences);
    g_free(record->directory);
    g_free(record->none);
    g_free(record->espeak);
    return record->code;
}

int subcommand_record(const struct options *options)
{
    struct record record = {0};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        fputs("stretchvoice: 'record' is steered by keys: run it in a terminal\n", stderr);
        return EXIT_USAGE;
    }
    load_init(&record.loaded, options);
    int code = load_session(&record.loaded, load_names(options, 1));
    if (code == EXIT_DONE) code = record_all(&record);
    load_finish(&record.loaded);
    return code;
}
