#include "live/score.h"
#include "file/paths.h"
#include "mix/clip.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    STORE_BUDGET = 8 << 20, /* bytes of clips that are kept; or */
    SENTENCE = 512 << 10,   /* so many for each that is asked for in advance */
    LEAST_AHEAD = 16,       /* a session that plays looks further ahead: */
    AHEAD_SLOW = 16,        /* with a voice that may take seconds for a sentence, */
    AHEAD = 8,              /* or half a minute otherwise, and little to wait behind after a jump */
    WAIT_MS = 1000,
    NAME_SHOWN = 200,
    VOICE_SLOWEST = 80, /* words a minute, as a profile may have it */
    VOICE_FASTEST = 450,
};

G_DEFINE_QUARK(stretchvoice - live - error - quark, live_error)

static bool start_speech(struct score *score, GError **error)
{
    g_autofree char *program = paths_helper("stretchvoice-speech");
    g_autoptr(GError) problem = NULL;
    score->speech = speech_new(program, score->options.helpers, &problem);
    if (!score->speech) g_set_error(error, LIVE_ERROR, LIVE_ERROR_SPEECH, "no speech: %s", problem->message);
    return score->speech != NULL;
}

bool score_init(struct score *score, const struct score_options *options, GError **error)
{
    *score = (struct score){.options = *options};
    return start_speech(score, error);
}

void score_finish(struct score *score)
{
    planner_free(score->planner);
    fitting_free(score->fitting);
    bed_free(score->bed);
    music_free(score->music);
    speech_free(score->speech);
    tones_finish(&score->tones);
}

/* ---- speech ---- */

/* A sentence that cannot be spoken costs a chime and one line; the session goes on. */
static void on_failed(void *data, const char *text, int source, const char *why)
{
    struct score *score = data;
    g_autofree char *shown = diag_shown(text, 60);
    const struct routine *routine = score->routine;
    const bool several = routine->files && routine->files->len > 1; /* the line is one of one of them */
    const struct diag_location place = {.path = source == 0 ? score->voice->path
                                                : several   ? routine->name
                                                            : routine->path,
                                        .line = source};
    diag_warning(score->options.diags, &place, "a chime takes the place of a sentence: %s ('%s')", why,
                 shown);
    if (score->options.failed) score->options.failed(score->options.data);
}

/* Once: an engine that says nothing more would fill the screen. */
static void on_stood_in(void *data, const char *text, const char *why)
{
    struct score *score = data;
    if (score->stood_in) return;
    score->stood_in = true;
    g_autofree char *shown = diag_shown(text, 60);
    const struct diag_location place = {.path = score->voice->path};
    diag_warning(score->options.diags, &place, "espeak-ng says what this voice cannot: %s ('%s')", why,
                 shown);
    if (score->options.failed) score->options.failed(score->options.data);
}

static void on_arrived(void *data)
{
    struct score *score = data;
    if (score->options.arrived) score->options.arrived(score->options.data);
}

/* Once. */
static void warn_unkept(struct score *score, const char *clips, const char *why)
{
    if (score->unkept) return;
    score->unkept = true;
    diag_warning(score->options.diags, &(struct diag_location){.path = clips},
                 "cannot be written, so that this voice speaks every sentence anew: %s", why);
}

static void on_unkept(void *data)
{
    struct score *score = data;
    g_autofree char *clips = paths_clips();
    if (score->unkept) return;
    warn_unkept(score, clips, "no space, or an error of the disk");
    if (score->options.failed) score->options.failed(score->options.data);
}

/* The directory for the clips of other programs, NULL if it cannot be written. To be freed. */
static char *clips_directory(struct score *score)
{
    char *clips = paths_clips();
    if (g_mkdir_with_parents(clips, 0700) == 0 && access(clips, W_OK | X_OK) == 0) return clips;
    warn_unkept(score, clips, g_strerror(errno));
    g_free(clips);
    return NULL;
}

/* At so many percent of the voice's rate. */
static void use_voice(struct score *score, int percent)
{
    const struct settings *settings = score->settings;
    struct voice voice = *score->voice; /* borrows its texts */
    voice.rate = CLAMP(voice.rate * percent / 100, VOICE_SLOWEST, VOICE_FASTEST);
    g_autofree char *program = paths_helper("stretchvoice-voice");
    g_autofree char *clips = voice_is_program(&voice) ? clips_directory(score) : NULL;
    const struct speech_options speech = {
        .rate = settings->sound.rate,
        .level = settings->voice.level,
        .ceiling = CLIP_CEILING_DBTP - (settings->sound.sides ? MIXER_NEAR_DB : 0),
        .chime = tones_sentence_frames(settings->sound.rate),
        .budget = MAX(STORE_BUDGET, (gsize)score->options.ahead * SENTENCE),
        .ahead = MAX(score->options.ahead, LEAST_AHEAD),
        .lengths_only = score->options.lengths_only,
        .voice_program = program,
        .cache = clips,
        .cache_bytes = (int64_t)settings->voice.cache_mb << 20,
        .failed = on_failed,
        .stood_in = on_stood_in,
        .unkept = on_unkept,
        .arrived = on_arrived,
        .data = score,
    };
    speech_use(score->speech, &voice, &speech);
}

void score_speak(struct score *score, const struct settings *settings, const struct voice *voice)
{
    score->settings = settings;
    score->voice = voice;
    use_voice(score, 100);
}

/* Clips that are on the timeline stay; all else is spoken by other helper programs. */
static bool set_rate(void *data, int percent)
{
    struct score *score = data;
    struct speech *before = score->speech;
    if (!start_speech(score, NULL)) {
        score->speech = before;
        return false;
    }
    speech_free(before);
    use_voice(score, percent);
    return true;
}

/* ---- the planner ---- */

static bool find_clip(void *data, const char *text, struct spoken *spoken)
{
    struct score *score = data;
    struct clip *clip = speech_find(score->speech, text);
    if (clip) *spoken = (struct spoken){clip->frames, clip->chime, clip};
    return clip != NULL;
}

static void drop_clip(void *data, struct clip *clip)
{
    (void)data;
    clip_unref(clip);
}

static void request_clip(void *data, const char *text, int source)
{
    speech_request(((struct score *)data)->speech, text, source);
}

/* ---- music ---- */

static void on_music_failed(void *data, const char *path, const char *why)
{
    struct score *score = data;
    diag_warning(score->options.diags, &(struct diag_location){.path = path}, "not played as music: %s", why);
    if (score->options.failed) score->options.failed(score->options.data);
}

static void on_measuring(void *data, const char *path)
{
    const struct score *score = data;
    g_autofree char *shown = diag_shown(path, NAME_SHOWN);
    g_autofree char *line = g_strdup_printf("measuring how loud the music is: %s", shown);
    if (score->options.note) score->options.note(score->options.data, line);
}

static int read_music(void *data, int64_t frame, int frames, float *stereo)
{
    return music_read(((struct score *)data)->music, frame, frames, stereo);
}

static void on_music_arrived(void *data)
{
    struct score *score = data;
    if (music_is_ready(score->music)) bed_await(score->bed, false);
    on_arrived(score);
}

uint32_t score_seed(const char *seed)
{
    if (seed) return (uint32_t)g_ascii_strtoull(seed, NULL, 10);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return (uint32_t)(10000 * g_date_time_get_year(now) + 100 * g_date_time_get_month(now) +
                      g_date_time_get_day_of_month(now));
}

static void begin_music(struct score *score)
{
    const struct settings *settings = score->settings;
    g_autofree char *program = paths_helper("stretchvoice-music"), *cache = paths_loudness();
    const struct music_options options = {
        .path = settings->music.file,
        .shuffle = settings->music.shuffle,
        .seed = score_seed(score->options.seed),
        .rate = settings->sound.rate,
        .level = settings->voice.level + settings->music.level,
        .fade = (int64_t)settings->music.fade_ms * settings->sound.rate / 1000,
        .program = program,
        .cache = cache,
        .failed = on_music_failed,
        .measuring = on_measuring,
        .arrived = on_music_arrived,
        .data = score,
    };
    score->music = music_new(&options);
    if (music_is_silent(score->music)) { /* headphones are woken as ever */
        g_clear_pointer(&score->music, music_free);
        return;
    }
    score->bed = bed_new(settings, &(struct bed_source){score, read_music});
}

/* ---- a given length ---- */

enum {
    DRIFT_US = 50000, /* a session that ends at a given time may miss it by so much */
    SAID_S = 60,      /* such a session's length is said in whole minutes */
};

static int64_t frames_of(const struct score *score, int64_t us)
{
    return us / 1000 * score->timing.rate / 1000;
}

/* How long it is to last, in microseconds; 0: that is open. */
static int64_t wanted_us(const struct score *score)
{
    const int64_t left = score->options.until - g_get_real_time();
    if (score->routine->kind != ROUTINE_DONE) return 0;
    if (score->options.until > 0) return MAX(G_USEC_PER_SEC, left);
    return score->settings->pace.duration_s * (int64_t)G_USEC_PER_SEC;
}

int score_highest(const struct score *score)
{
    const struct settings *settings = score->settings;
    return settings->progress.level == PROGRESS_AUTO ? settings->progress.most : 100;
}

static void begin_fitting(struct score *score, int64_t us)
{
    int seconds = (int)((us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
    if (score->options.until > 0 && seconds > SAID_S) seconds = (seconds + SAID_S / 2) / SAID_S * SAID_S;
    score->wish = (struct fit_wish){.script = &score->natural,
                                    .timing = &score->timing,
                                    .from = SCRIPT_BEGIN,
                                    .frames = frames_of(score, us),
                                    .seconds = seconds,
                                    .highest = score_highest(score)};
    if (!score->fitting) score->fitting = fitting_new(&score->speech, &score->timing, score->voice->rate);
    fitting_begin(score->fitting, &score->wish);
}

static void report_length(const struct score *score, int64_t us, int least)
{
    const struct diag_location place = score->options.until > 0
                                           ? (struct diag_location){.path = "--until"}
                                           : settings_location(score->settings, "pace", "duration");
    const int64_t second = 1000;
    g_autofree char *asked = duration_text((us / 1000 + second / 2) / second * second),
                    *shortest = duration_text(least * second),
                    *what = g_strdup_printf("shorter than '%s' can be", score->routine->name),
                    *rule = g_strdup_printf("the shortest possible is %s", shortest);
    diag_wrong(score->options.diags, &place, what, asked, rule);
}

/* True once it is found for the present time, which has gone on while sentences were spoken. */
static bool find_fit(struct score *score)
{
    const int64_t first = wanted_us(score);
    if (!score->fitting) begin_fitting(score, first);
    while (fitting_run(score->fitting)) {
        const int64_t us = wanted_us(score);
        if (ABS(frames_of(score, us) - score->wish.frames) <= frames_of(score, DRIFT_US)) return true;
        begin_fitting(score, us);
    }
    return false;
}

bool score_fits(struct score *score, GError **error)
{
    const int64_t us = wanted_us(score);
    if (us == 0 || score->fitted) return true;
    if (!find_fit(score)) return false;
    const struct fit *fit = fitting_found(score->fitting);
    score->fitted = true;
    if (fit->result == FIT_TOO_LONG) {
        report_length(score, us, fit->least);
        g_set_error_literal(error, LIVE_ERROR, LIVE_ERROR_LENGTH, "the session cannot be so short");
        return false;
    }
    score->script = fitting_script(score->fitting);
    planner_rewrite(score->planner, &score->script);
    return true;
}

bool score_fit(struct score *score, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (!score_voice_ready(score, error)) return false;
    while (!score_fits(score, &problem) && !problem)
        if (!score_wait(score, error)) return false;
    if (!problem) return true;
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

void score_write(struct score *score, const struct routine *routine)
{
    const struct settings *settings = score->settings;
    score->routine = routine;
    tones_init(&score->tones, settings);
    timing_from_settings(&score->timing, settings);
    for (int i = 0; i < N_OCCASIONS; i++) score->timing.tone[i] = score->tones.tone[i].frames;
    score->mixer = (struct mixer){
        .tones = &score->tones, .gain = mixer_gain(settings->sound.volume), .sides = settings->sound.sides};
    score->script = script_of(routine, settings, score->voice);
    score->script.out = score->options.out;
    score->script.opening = score->options.opening;
    if (score->options.today) today_apply(score->options.today, &score->script);
    score->natural = score->script;
    score->ops = (struct planner_ops){{score, find_clip, drop_clip}, request_clip, set_rate};
    score->planner = planner_new(&score->script, &score->timing, &score->ops, score->options.ahead);
    const bool wanted =
        *settings->music.file && routine->kind == ROUTINE_DONE && !score->options.lengths_only;
    if (wanted) begin_music(score);
    score->mixer.no_noise = score->bed;
}

/* ---- waiting ---- */

/* Each problem at the key of the profile that it is about, as far as it names one. */
static void report_voice(struct score *score, const char *problems)
{
    g_auto(GStrv) lines = g_strsplit(problems, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *tab = strchr(*line, '\t');
        if (tab) *tab = '\0';
        const struct diag_location place = voice_location(score->voice, tab ? *line : NULL);
        diag_error(score->options.diags, &place, "%s", tab ? tab + 1 : *line);
    }
}

bool score_check(struct score *score, GError **error)
{
    const char *problem = speech_problem(score->speech);
    if (score->options.cancel && *score->options.cancel) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
        return false;
    }
    if (!problem) return true;
    if (speech_lost(score->speech)) {
        g_set_error(error, LIVE_ERROR, LIVE_ERROR_SPEECH, "no speech: %s", problem);
        return false;
    }
    report_voice(score, problem);
    g_set_error(error, LIVE_ERROR, LIVE_ERROR_VOICE, "the voice '%s' cannot be used", score->voice->name);
    return false;
}

void score_look_ahead(struct score *score)
{
    planner_look_ahead(score->planner, voice_is_program(score->voice) ? AHEAD_SLOW : AHEAD);
}

static bool music_can_begin(struct score *score, bool now)
{
    if (!score->music || music_is_ready(score->music)) return true;
    const bool later = now && music_is_measuring(score->music);
    bed_await(score->bed, later);
    return later;
}

bool score_can_begin(struct score *score, bool now)
{
    if (!speech_ready(score->speech) || !music_can_begin(score, now)) return false;
    if (!voice_is_program(score->voice)) return true;
    score_look_ahead(score);
    planner_run(score->planner, INT64_MAX / 2); /* asks for more */
    return planner_lasts(score->planner, speech_backlog(score->speech));
}

/* These two iterate the default main context inside a call: render, plan and captions have nothing
 * else to do meanwhile. A session that plays never comes here. */
bool score_wait(struct score *score, GError **error)
{
    speech_wait(score->speech, WAIT_MS);
    return score_check(score, error);
}

bool score_wait_for_music(struct score *score, GError **error)
{
    music_wait(score->music, WAIT_MS);
    return score_check(score, error);
}

bool score_voice_ready(struct score *score, GError **error)
{
    while (!speech_ready(score->speech))
        if (!score_wait(score, error)) return false;
    return score_check(score, error);
}

bool score_lay_out(struct score *score, GError **error)
{
    if (!score_voice_ready(score, error)) return false;
    while (planner_run(score->planner, INT64_MAX) == PLANNER_WAITING)
        if (!score_wait(score, error)) return false;
    return score_check(score, error);
}

int64_t score_length(struct score *score, void (*look)(void *data, const struct timeline *timeline),
                     void *data, GError **error)
{
    AUTO(planner)
    planner = planner_new(&score->script, &score->timing, &score->ops, score->options.ahead);
    struct timeline *timeline = planner_timeline(planner);
    enum planner_state state = PLANNER_AHEAD;
    /* A minute at a time, letting go of what is behind: a session may last a day. */
    while (state != PLANNER_OVER) {
        state = planner_run(planner, timeline_final(timeline) + 60 * (int64_t)score->timing.rate);
        look(data, timeline);
        planner_forget(planner, timeline_final(timeline));
        if (state == PLANNER_WAITING && !score_wait(score, error)) return -1;
    }
    return score_check(score, error) ? timeline_end(timeline) : -1;
}
