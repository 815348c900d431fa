/* engine = module: an output module of speech-dispatcher, which gives its sound to us instead of playing it
 * ("server audio"). Its protocol is in speech-dispatcher's manual, "Communication Protocol for Output
 * Modules": each answer is lines of a number and '-' or, in the last line, a space. */
#include "engine.h"
#include "process.h"
#include "starts.h"
#include "base/program.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS_MAX = 8,
    ESCAPE = 0x7d,
    FLIPPED = 0x20,
    USUAL_RATE = 175,
    MIDDLE_PITCH = 50,
    LEAST_RATE = 80,
    MOST_RATE = 450
};

static const char CONFIG_DIRECTORY[] = "/etc/speech-dispatcher/modules";

static struct {
    const struct program_parameters *voice;
    char *program, *config; /* config NULL: none */
    struct process process;
    struct starts starts;
} state;

/* ---- finding it ---- */

/* That of the profile; otherwise sd_flite has flite.conf where the distribution puts it. */
static char *find_config(const struct program_parameters *voice)
{
    if (voice->config[0]) return g_strdup(voice->config);
    g_autofree char *base = g_path_get_basename(state.program);
    g_autofree char *name = g_strconcat(g_str_has_prefix(base, "sd_") ? base + 3 : base, ".conf", NULL);
    char *path = g_build_filename(CONFIG_DIRECTORY, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) return path;
    g_free(path);
    return NULL;
}

static char *no_module(const struct program_parameters *voice)
{
    g_autofree char *install = program_install(voice->command, voice->package);
    return g_strdup_printf("module\tno such module ('%s'; %s, or name its path)", voice->command,
                           install ? install : "install it");
}

static char *use(const struct program_parameters *voice)
{
    state.voice = voice;
    state.program = program_find_module(voice->command, voice->directory);
    if (!state.program) return no_module(voice);
    if (voice->config[0] && !g_file_test(voice->config, G_FILE_TEST_IS_REGULAR))
        return g_strdup_printf("config\tno such file ('%s'; name the module's own settings, or leave it out)",
                               voice->config);
    state.config = find_config(voice);
    return NULL;
}

static void files(GPtrArray *paths)
{
    g_ptr_array_add(paths, g_strdup(state.program));
    if (state.config) g_ptr_array_add(paths, g_strdup(state.config));
}

/* ---- answers ---- */

/* What comes of an answer: its last line's number, and the sound in it. */
struct answer {
    bool (*ends)(int number, bool last); /* whether this line ends what is waited for */
    struct sound *sound;                 /* NULL: none is expected */
    int number;
    char text[200];
    int bits, channels, big_endian;
};

static bool value_of(const char *line, const char *name, int *value)
{
    if (!g_str_has_prefix(line, name)) return false;
    *value = (int)strtol(line + strlen(name), NULL, 10);
    return true;
}

static void take_samples(struct answer *answer, const guint8 *data, const guint8 *end)
{
    guint8 pair[2];
    int have = 0, channel = 0, sum = 0;
    while (data < end) {
        guint8 byte = *data++;
        if (byte == ESCAPE && data < end) byte = *data++ ^ FLIPPED;
        pair[have++] = byte;
        if (have < 2) continue;
        have = 0;
        int16_t sample = (int16_t)(answer->big_endian ? pair[0] << 8 | pair[1] : pair[1] << 8 | pair[0]);
        sum += sample;
        if (++channel < answer->channels) continue;
        sample = (int16_t)(sum / channel);
        g_array_append_val(answer->sound->samples, sample);
        channel = sum = 0;
    }
}

/* Sound that can be taken, and is not too much yet. */
static bool has_form(const struct answer *answer)
{
    const int rate = answer->sound->rate;
    return answer->bits == 16 && answer->channels >= 1 && answer->channels <= CHANNELS_MAX &&
           rate >= SPEECH_RATE_MIN && rate <= SPEECH_RATE_MAX &&
           answer->sound->samples->len <= (guint)rate * SPEECH_SECONDS;
}

static bool is_answer(const char *line)
{
    return g_ascii_isdigit(line[0]) && g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]) &&
           (line[3] == '-' || line[3] == ' ');
}

static void take_line(struct answer *answer, const char *line, const guint8 *end)
{
    static const char AUDIO[] = "705-AUDIO";
    int *rate = answer->sound ? &answer->sound->rate : NULL;
    if (rate && strcmp(line, AUDIO) == 0 && has_form(answer))
        take_samples(answer, (const guint8 *)line + sizeof AUDIO, end);
    else if (rate &&
             (value_of(line, "705-sample_rate=", rate) || value_of(line, "705-bits=", &answer->bits) ||
              value_of(line, "705-num_channels=", &answer->channels) ||
              value_of(line, "705-big_endian=", &answer->big_endian)))
        return;
    answer->number = is_answer(line) ? (int)strtol(line, NULL, 10) : 0;
    g_strlcpy(answer->text, line, sizeof answer->text);
}

static bool take_answer(GByteArray *output, void *data)
{
    struct answer *answer = data;
    for (guint8 *end; output->len && (end = memchr(output->data, '\n', output->len));) {
        *end = '\0';
        const guint length = (guint)(end - output->data);
        take_line(answer, (const char *)output->data, end);
        bool last = answer->number == 0 || output->data[3] == ' ';
        g_byte_array_remove_range(output, 0, length + 1);
        if (answer->ends(answer->number, last)) return true;
    }
    return false;
}

static bool ends_answer(int number, bool last)
{
    (void)number;
    return last;
}

/* 702 END, 703 STOP, or a refusal. */
static bool ends_speech(int number, bool last)
{
    return last && (number == 702 || number == 703 || number < 200 || (number >= 300 && number < 500));
}

/* ---- talking ---- */

static enum outcome tell(const char *text, struct answer *answer, gint64 deadline, char **why)
{
    enum wait_result result =
        process_talk(&state.process, text, strlen(text), false, take_answer, answer, deadline);
    bool refused = result == WAIT_DONE && answer->number / 100 != 2 && answer->number / 100 != 7;
    if (result == WAIT_DONE && !refused) return OUTCOME_SPOKEN;
    if (refused)
        *why = g_strdup_printf("the module answered '%s'", answer->text);
    else if (result != WAIT_TIMEOUT)
        *why = process_complaint(&state.process, "the module ended");
    process_end(&state.process);
    return result == WAIT_TIMEOUT ? OUTCOME_SLOW : OUTCOME_FAILED;
}

static enum outcome command(const char *text, gint64 deadline, char **why)
{
    struct answer answer = {.ends = ends_answer};
    return tell(text, &answer, deadline, why);
}

/* speech-dispatcher's scale from -100 to 100, 0 is usual. */
static int on_scale(int value, int least, int usual, int most)
{
    double part =
        value < usual ? (double)(value - usual) / (usual - least) : (double)(value - usual) / (most - usual);
    return (int)lrint(CLAMP(part, -1, 1) * 100);
}

static char *settings(void)
{
    const struct program_parameters *voice = state.voice;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "language=%s\nrate=%d\npitch=%d\n", voice->language,
                           on_scale(voice->rate, LEAST_RATE, USUAL_RATE, MOST_RATE),
                           on_scale(voice->pitch, 0, MIDDLE_PITCH, 99));
    if (voice->voice[0]) g_string_append_printf(text, "synthesis_voice=%s\n", voice->voice);
    g_string_append(text, ".\n");
    return g_string_free(text, FALSE);
}

static enum outcome begin(gint64 deadline, char **why)
{
    char *argv[] = {state.program, state.config, NULL};
    if (!starts_allow(&state.starts, why) || !process_start(&state.process, argv, why)) return OUTCOME_FAILED;
    g_clear_pointer(why, g_free);
    g_autofree char *set = settings();
    const char *const lines[] = {"INIT\n", "AUDIO\n", "audio_output_method=server\n.\n", "SET\n", set};
    enum outcome outcome = OUTCOME_SPOKEN;
    for (gsize i = 0; i < G_N_ELEMENTS(lines) && outcome == OUTCOME_SPOKEN; i++)
        outcome = command(lines[i], deadline, why);
    return outcome;
}

static enum outcome speak(const char *text, gint64 deadline, struct sound *sound, char **why)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_autofree char *message = g_strconcat("<speak>", escaped, "</speak>\n.\n", NULL);
    struct answer answer = {.ends = ends_speech, .sound = sound, .bits = 16, .channels = 1};
    g_array_set_size(sound->samples, 0);
    g_byte_array_set_size(state.process.output, 0); /* what it says unasked is no answer */
    sound->rate = 0;
    enum outcome outcome = command("SPEAK\n", deadline, why);
    if (outcome == OUTCOME_SPOKEN) outcome = tell(message, &answer, deadline, why);
    if (outcome != OUTCOME_SPOKEN) return outcome;
    if (sound->rate >= SPEECH_RATE_MIN && sound->rate <= SPEECH_RATE_MAX) return sound_judge(sound);
    *why = g_strdup("the module gave no sound");
    return OUTCOME_FAILED;
}

/* One that has died since the last sentence is started again. */
static enum outcome say(const char *text, struct sound *sound, char **why)
{
    gint64 deadline = g_get_monotonic_time() + PROGRAM_PATIENCE_S * G_TIME_SPAN_SECOND;
    for (bool was_there = state.process.pid > 0;; was_there = false) {
        enum outcome outcome = state.process.pid > 0 ? OUTCOME_SPOKEN : begin(deadline, why);
        if (outcome != OUTCOME_SPOKEN) return outcome;
        outcome = speak(text, deadline, sound, why);
        if (!was_there || outcome != OUTCOME_FAILED || state.process.pid > 0) return outcome;
    }
}

const struct engine engine_module = {"module", use, files, say};
