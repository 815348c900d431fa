#include "hearing.h"

#include <fcntl.h>
#include <pocketsphinx.h>
#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SPOT "spot"
#define LISTEN "listen"
#define OTHERS "others"
#define ANY "any"

enum {
    CEPSTRA = 13,
    STEP = HEARING_RATE / 100,            /* samples of a frame of pocketsphinx */
    LOOK = 5,                             /* frames from one look at what has been heard to the next */
    BEHIND = 16,                          /* frames of something else behind a phrase: it is over */
    AROUND = 12,                          /* frames at both ends of a phrase that are compared with it */
    WAKE_LASTS = HEARING_RATE,            /* samples in which the wake words lie */
    KEPT = HEARING_RATE,                  /* samples of the past that are kept while WAKE is spotted */
    MOST = 12 * HEARING_RATE,             /* samples that are kept while a phrase is listened for */
    UTTERANCE = 15 * HEARING_RATE / STEP, /* frames after which spotting begins anew */
};

/* Measured by tests/bench/listen. */
#define WAKE_THRESHOLD 1e-35
#define WAKE_SCORE (-10.0) /* above any phones; a logarithm a frame */
#define NOTHING_FITS (-1e9)
static const double SCORE_UNSURE = -32, SCORE_SURE = -25; /* it is one at all, and surely */
static const double AHEAD_SURE = 3;                       /* before the next best phrase */

struct hearing {
    const struct words *words;
    ps_decoder_t *decoder, *judge; /* that gives numbers which can be compared */
    bool spots, listens, in_utterance;
    int16_t *samples;     /* the last ones, or all since it began to listen */
    int n;                /* of these */
    int looked;           /* frames */
    int judged;           /* the last frame of the phrase that was judged last: once is enough */
    int left;             /* samples of the window */
    mfcc_t mean[CEPSTRA]; /* of speech, as the model has it */
};

/* ---- making ---- */

/* pocketsphinx reads a dictionary from a file: one in memory. -1 if that cannot be made. */
static int make_file(const char *text, gsize size)
{
    int fd = memfd_create("stretchvoice-words", MFD_CLOEXEC);
    if (fd >= 0 && write(fd, text, size) == (ssize_t)size) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static ps_decoder_t *make_decoder(const char *model, const struct words *words, bool judges)
{
    gsize size;
    g_autofree char *dictionary = words_dictionary(words, &size);
    int fd = make_file(dictionary, size);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *threshold = g_strdup_printf("%g", WAKE_THRESHOLD);
    cmd_ln_t *config = cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", model, "-dict", path, "-kws_threshold",
                                   threshold, "-remove_silence", "no", "-lw", "1.0", "-bestpath", "no",
                                   "-compallsen", judges ? "yes" : "no", (char *)NULL);
    ps_decoder_t *decoder = config && fd >= 0 ? ps_init(config) : NULL;
    if (config) cmd_ln_free_r(config);
    if (fd >= 0) close(fd);
    return decoder;
}

/* Takes the grammar. */
static bool set_grammar(ps_decoder_t *decoder, const char *name, char *owned)
{
    g_autofree char *grammar = owned;
    return decoder && grammar && ps_set_jsgf_string(decoder, name, grammar) == 0;
}

static bool is_ready(struct hearing *hearing)
{
    const struct words *words = hearing->words;
    return hearing->decoder && ps_set_keyphrase(hearing->decoder, SPOT, WAKE) == 0 &&
           set_grammar(hearing->decoder, LISTEN, words_grammar(words, -1)) &&
           set_grammar(hearing->judge, LISTEN, words_grammar(words, -1)) &&
           set_grammar(hearing->judge, SPOT, words_wake_grammar()) &&
           set_grammar(hearing->judge, ANY, words_any_grammar());
}

struct hearing *hearing_new(const char *model, const struct words *words)
{
    err_set_logfp(NULL);
    struct hearing *hearing = g_new0(struct hearing, 1);
    *hearing = (struct hearing){.words = words,
                                .decoder = make_decoder(model, words, false),
                                .judge = make_decoder(model, words, true),
                                .samples = g_new(int16_t, MOST)};
    if (is_ready(hearing)) {
        memcpy(hearing->mean, ps_get_feat(hearing->decoder)->cmn_struct->cmn_mean, sizeof hearing->mean);
        return hearing;
    }
    hearing_free(hearing);
    return NULL;
}

void hearing_free(struct hearing *hearing)
{
    if (!hearing) return;
    hearing_stop(hearing);
    if (hearing->decoder) ps_free(hearing->decoder);
    if (hearing->judge) ps_free(hearing->judge);
    g_free(hearing->samples);
    g_free(hearing);
}

/* ---- utterances ---- */

static void end_utterance(struct hearing *hearing)
{
    if (hearing->in_utterance) ps_end_utt(hearing->decoder);
    hearing->in_utterance = false;
}

/* Silence would lead the mean of what has been heard away from that of speech. */
static void forget_mean(const struct hearing *hearing)
{
    cmn_live_set(ps_get_feat(hearing->decoder)->cmn_struct, hearing->mean);
}

static void begin_utterance(struct hearing *hearing, const char *search)
{
    end_utterance(hearing);
    forget_mean(hearing);
    ps_set_search(hearing->decoder, search);
    ps_start_stream(hearing->decoder); /* segments count its frames */
    hearing->in_utterance = ps_start_utt(hearing->decoder) == 0;
    hearing->looked = 0;
    hearing->judged = -1;
}

void hearing_stop(struct hearing *hearing)
{
    end_utterance(hearing);
    hearing->spots = hearing->listens = false;
    hearing->n = 0;
}

void hearing_spot(struct hearing *hearing)
{
    hearing_stop(hearing);
    hearing->spots = true;
    begin_utterance(hearing, SPOT);
}

void hearing_listen(struct hearing *hearing, int window_s)
{
    hearing_stop(hearing);
    hearing->listens = true;
    hearing->left = window_s * HEARING_RATE;
    begin_utterance(hearing, LISTEN);
}

/* ---- how well a phrase fits ---- */

/* The phrase of the best row of words, and its frames; -1: there is none. */
static int find_phrase(ps_decoder_t *decoder, int *first, int *last)
{
    int phrase = -1;
    for (ps_seg_t *segment = ps_seg_iter(decoder); segment; segment = ps_seg_next(segment)) {
        const char *word = ps_seg_word(segment);
        if (phrase >= 0 || word[0] != 'c' || !g_ascii_isdigit(word[1])) continue;
        phrase = (int)g_ascii_strtoll(word + 1, NULL, 10); /* "c7", or "c7(2)" */
        ps_seg_frames(segment, first, last);
    }
    return phrase;
}

static int command_of(const struct hearing *hearing, int phrase)
{
    return phrase >= 0 && (guint)phrase < hearing->words->commands->len
               ? g_array_index(hearing->words->commands, int, phrase)
               : -1;
}

/* The logarithm of how likely the samples are with a grammar, and the phrase that it finds in them. */
static double likelihood(struct hearing *hearing, const char *grammar, const int16_t *samples, int n,
                         int *command)
{
    int32 score = 0;
    int first, last;
    ps_set_search(hearing->judge, grammar);
    if (ps_start_utt(hearing->judge) != 0) return 0;
    ps_process_raw(hearing->judge, samples, (size_t)n, FALSE, TRUE);
    ps_end_utt(hearing->judge);
    bool found = ps_get_hyp(hearing->judge, &score) != NULL;
    *command = found ? command_of(hearing, find_phrase(hearing->judge, &first, &last)) : -1;
    return found ? score : NOTHING_FITS;
}

/* The filler takes what is no phrase. */
static struct hearing_result judge(struct hearing *hearing, int first, int last)
{
    struct hearing_result result = {HEARD_PHRASE, -1, -1, 0, 0};
    int begin = MAX((first - AROUND) * STEP, 0), end = MIN((last + AROUND) * STEP, hearing->n), none;
    double frames = last - first + 1;
    const int16_t *samples = hearing->samples + begin;
    double own = likelihood(hearing, LISTEN, samples, end - begin, &result.command);
    double any = likelihood(hearing, ANY, samples, end - begin, &none), other = NOTHING_FITS;
    if (set_grammar(hearing->judge, OTHERS, words_grammar(hearing->words, result.command)))
        other = likelihood(hearing, OTHERS, samples, end - begin, &result.other);
    result.score = (own - any) / frames;
    result.ahead = (own - other) / frames;
    if (result.score < SCORE_SURE || (result.other >= 0 && result.ahead < AHEAD_SURE))
        result.heard = HEARD_UNSURE;
    if (result.score < SCORE_UNSURE || result.command < 0) result.heard = HEARD_NOTHING_YET;
    return result;
}

/* ---- hearing ---- */

/* The keyword search finds the wake words often; those that fit no better than any row of phones are not
 * theirs. */
static bool is_wake(struct hearing *hearing)
{
    int none;
    const int n = MIN(hearing->n, WAKE_LASTS), frames = n / STEP;
    const int16_t *samples = hearing->samples + hearing->n - n;
    const double own = likelihood(hearing, SPOT, samples, n, &none);
    const double score = (own - likelihood(hearing, ANY, samples, n, &none)) / MAX(frames, 1);
    return score >= WAKE_SCORE;
}

static struct hearing_result look_for_wake(struct hearing *hearing)
{
    struct hearing_result result = {.command = -1, .other = -1};
    const bool found = ps_get_hyp(hearing->decoder, NULL) != NULL;
    if (found && is_wake(hearing)) {
        result.heard = HEARD_WAKE;
        return result;
    }
    if (found || ps_get_n_frames(hearing->decoder) > UTTERANCE) begin_utterance(hearing, SPOT);
    return result;
}

static struct hearing_result look_for_phrase(struct hearing *hearing)
{
    const struct hearing_result none = {.command = -1, .other = -1};
    int first, last, frames = ps_get_n_frames(hearing->decoder);
    if (frames - hearing->looked < LOOK) return none;
    hearing->looked = frames;
    int phrase = find_phrase(hearing->decoder, &first, &last);
    if (phrase < 0 || frames - last < BEHIND || last == hearing->judged) return none;
    hearing->judged = last;
    return judge(hearing, first, last);
}

bool hearing_is_busy(const struct hearing *hearing)
{
    return hearing->spots || hearing->listens;
}

/* The samples behind a wake are heard again as what follows it. */
static void listen_behind(struct hearing *hearing, int window_s)
{
    enum { BACK = HEARING_RATE * 3 / 20 };
    int16_t behind[BACK];
    int n = MIN(BACK, hearing->n);
    memcpy(behind, hearing->samples + hearing->n - n, (size_t)n * sizeof *behind);
    hearing_listen(hearing, window_s);
    memcpy(hearing->samples, behind, (size_t)n * sizeof *behind);
    hearing->n = n;
    ps_process_raw(hearing->decoder, behind, (size_t)n, FALSE, FALSE);
}

static void keep(struct hearing *hearing, const int16_t *samples, int frames)
{
    if (hearing->spots && hearing->n + frames > 2 * KEPT) {
        memmove(hearing->samples, hearing->samples + hearing->n - KEPT, KEPT * sizeof *samples);
        hearing->n = KEPT;
    }
    frames = MIN(frames, MOST - hearing->n);
    memcpy(hearing->samples + hearing->n, samples, (size_t)frames * sizeof *samples);
    hearing->n += frames;
}

struct hearing_result hearing_feed(struct hearing *hearing, const int16_t *samples, int frames, int window_s)
{
    struct hearing_result result = {.command = -1, .other = -1};
    if (!hearing->spots && !hearing->listens) return result;
    keep(hearing, samples, frames);
    if (hearing->in_utterance) ps_process_raw(hearing->decoder, samples, (size_t)frames, FALSE, FALSE);
    if (hearing->spots) {
        result = look_for_wake(hearing);
        if (result.heard == HEARD_WAKE) listen_behind(hearing, window_s);
        return result;
    }
    hearing->left -= frames;
    result = look_for_phrase(hearing);
    if (result.heard == HEARD_NOTHING_YET && hearing->left <= 0) result.heard = HEARD_NOTHING;
    if (result.heard != HEARD_NOTHING_YET) hearing_stop(hearing);
    return result;
}
