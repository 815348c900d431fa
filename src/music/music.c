#include "music/music.h"
#include "deck.h"
#include "tracks.h"
#include <math.h>
#include <string.h>

enum {
    AHEAD_S = 4,     /* decoded ahead of what was read last */
    READY_MS = 1500, /* to begin with: the ring holds less */
    CEILING_DB = -3, /* of a file's samples: quiet music with loud peaks is not amplified beyond */
};

/* A place for a file that is measured and played. */
struct slot {
    bool used, placed;
    bool failed; /* its deck is to be freed */
    bool cut;    /* it has ended too early */
    guint track;
    struct deck *deck;     /* NULL once it has failed */
    int64_t begin, length; /* frames of the music, once it is placed */
    int64_t got;           /* frames */
    int64_t fade_in, fade_out;
    int asked;
    double gain;
};

struct music {
    struct music_options options;
    GPtrArray *tracks;     /* char * */
    gboolean *bad;         /* of each track */
    guint at;              /* the next one */
    bool silent;           /* no file can be played */
    struct slot now, next; /* the second begins where the first ends, or a fade earlier */
    int64_t end;           /* where the first file begins */

    /* Both slots add to it: frames up to `zeroed` have been prepared, complete() of them are whole. */
    float *buffer;
    int64_t capacity, zeroed, reading; /* `reading`: behind the last frame ever read */
    guint arrived, idle;
};

/* ---- the buffer ---- */

/* Where a frame is, and how many of the next `frames` lie behind it without a break. */
static float *at_frame(const struct music *music, int64_t frame, int64_t *frames)
{
    const int64_t at = frame % music->capacity;
    *frames = MIN(*frames, music->capacity - at);
    return music->buffer + 2 * at;
}

static void prepare(struct music *music, int64_t end)
{
    for (int64_t n; music->zeroed < end; music->zeroed += n) {
        n = end - music->zeroed;
        float *frame = at_frame(music, music->zeroed, &n);
        memset(frame, 0, (size_t)(2 * n) * sizeof *frame);
    }
}

/* Of equal power: two pieces that have nothing to do with each other stay as loud where they meet. */
static double fade_of(const struct slot *slot, int64_t frame)
{
    const int64_t left = slot->length - 1 - frame;
    double fade = 1;
    if (frame < slot->fade_in) fade *= sin(G_PI / 2 * ((double)frame + 0.5) / (double)slot->fade_in);
    if (left < slot->fade_out) fade *= sin(G_PI / 2 * ((double)left + 0.5) / (double)slot->fade_out);
    return fade;
}

static void add(struct music *music, const struct slot *slot, const int16_t *stereo, int frames)
{
    const int64_t begin = slot->begin + slot->got;
    prepare(music, begin + frames);
    for (int64_t done = 0, n; done < frames; done += n) {
        n = frames - done;
        float *to = at_frame(music, begin + done, &n);
        const int16_t *from = stereo + 2 * done;
        for (int64_t i = 0; i < n; i++) {
            const float factor = (float)(slot->gain / 32768 * fade_of(slot, slot->got + done + i));
            to[2 * i] += (float)from[2 * i] * factor;
            to[2 * i + 1] += (float)from[2 * i + 1] * factor;
        }
    }
}

/* Frames at the end of a file that the next one may cross; they wait until that one has been measured. */
static int64_t reserve(const struct music *music, const struct slot *slot)
{
    return slot->cut ? 0 : MIN(music->options.fade, slot->length / 2);
}

static bool has_all(const struct slot *slot)
{
    return slot->placed && slot->got == slot->length;
}

/* The frame from which on something may still be added. */
static int64_t complete(const struct music *music)
{
    const struct slot *now = &music->now, *next = &music->next;
    if (!now->placed) return music->silent ? INT64_MAX : music->end;
    const int64_t first = has_all(now) ? INT64_MAX : now->begin + now->got;
    int64_t second = now->begin + now->length - reserve(music, now);
    if (music->silent) second = INT64_MAX;
    if (next->placed) second = has_all(next) ? INT64_MAX : next->begin + next->got;
    return MIN(first, second);
}

/* ---- which file ---- */

static void leave_out(struct music *music, guint track, const char *why)
{
    if (!music->bad[track]) music->options.failed(music->options.data, music->tracks->pdata[track], why);
    music->bad[track] = TRUE;
}

static void on_measured(void *data, struct deck *deck);
static void on_decoded(void *data, struct deck *deck, const int16_t *stereo, int frames);
static void on_failed(void *data, struct deck *deck, const char *why);

static bool open_track(struct music *music, struct slot *slot, guint track)
{
    const struct deck_options options = {.path = music->tracks->pdata[track],
                                         .program = music->options.program,
                                         .cache = music->options.cache,
                                         .rate = music->options.rate,
                                         .measured = on_measured,
                                         .decoded = on_decoded,
                                         .failed = on_failed,
                                         .data = music};
    g_autofree char *why = NULL;
    struct deck *deck = deck_new(&options, &why);
    if (!deck) {
        leave_out(music, track, why);
        return false;
    }
    *slot = (struct slot){.used = true, .track = track, .deck = deck};
    if (!deck_measure(deck) && music->reading == 0 && slot == &music->now)
        music->options.measuring(music->options.data, options.path);
    return true;
}

/* The next track that can be opened. */
static void choose(struct music *music, struct slot *slot)
{
    for (guint i = 0; i < music->tracks->len; i++) {
        const guint track = music->at;
        music->at = (music->at + 1) % music->tracks->len;
        if (!music->bad[track] && open_track(music, slot, track)) return;
    }
    music->silent = true;
    music->now.fade_out = reserve(music, &music->now);
}

/* ---- where it is played ---- */

static void place(struct music *music, struct slot *slot, int64_t begin)
{
    const struct music_measure *measure = deck_measure(slot->deck);
    const double wanted = pow(10, (music->options.level - measure->lufs) / 20),
                 most = pow(10, CEILING_DB / 20.0) / measure->peak;
    slot->placed = true;
    slot->begin = begin;
    slot->length = measure->frames;
    slot->gain = MIN(wanted, most);
}

static void place_next(struct music *music)
{
    struct slot *now = &music->now, *next = &music->next;
    const int64_t half = deck_measure(next->deck)->frames / 2,
                  cross = MIN(MIN(reserve(music, now), half), now->length - now->got);
    place(music, next, now->begin + now->length - cross);
    now->fade_out = next->fade_in = cross;
}

static bool is_to_be_placed(const struct slot *slot)
{
    return slot->used && !slot->placed && slot->deck && deck_measure(slot->deck);
}

static void clear(struct slot *slot)
{
    deck_free(slot->deck);
    *slot = (struct slot){0};
}

/* A file that has failed ends here, and the next one begins at once. */
static void end_failed(struct slot *slot)
{
    if (!slot->failed) return;
    g_clear_pointer(&slot->deck, deck_free);
    slot->failed = false;
    slot->cut = true;
    slot->length = slot->got;
    if (slot->got == 0) clear(slot);
}

static void tidy(struct music *music)
{
    struct slot *now = &music->now, *next = &music->next;
    const bool was_cut = now->failed;
    end_failed(now);
    end_failed(next);
    if (was_cut && next->placed && next->got == 0) next->placed = false; /* earlier */
    if (now->placed && has_all(now) && (next->placed || music->silent)) {
        music->end = now->begin + now->length;
        clear(now);
    }
    if (now->used || !next->used) return;
    *now = *next;
    *next = (struct slot){0};
}

static void ask(const struct music *music, struct slot *slot)
{
    if (!slot->placed || slot->failed || !slot->deck || deck_is_asked(slot->deck)) return;
    const bool whole = slot == &music->now && (music->next.placed || music->silent);
    const int64_t left = slot->length - (whole ? 0 : reserve(music, slot)) - slot->got,
                  ahead = music->reading + (int64_t)AHEAD_S * music->options.rate - slot->begin - slot->got,
                  frames = MIN(left, MUSIC_FRAMES_MAX);
    if (frames <= 0 || ahead < frames) return;
    slot->asked = (int)frames;
    deck_ask(slot->deck, slot->asked);
}

/* Everything that can be done now. */
static void go_on(struct music *music)
{
    struct slot *now = &music->now, *next = &music->next;
    tidy(music);
    if (!now->used && !music->silent) choose(music, now);
    if (is_to_be_placed(now)) place(music, now, music->end);
    if (now->placed && !next->used && !music->silent) choose(music, next);
    if (now->placed && is_to_be_placed(next)) place_next(music);
    ask(music, now);
    ask(music, next);
}

/* ---- events ---- */

static void notify(struct music *music)
{
    music->arrived++;
    music->options.arrived(music->options.data);
}

static struct slot *slot_of(struct music *music, const struct deck *deck)
{
    return music->now.deck == deck ? &music->now : &music->next;
}

static void on_measured(void *data, struct deck *deck)
{
    (void)deck;
    go_on(data);
}

static void on_decoded(void *data, struct deck *deck, const int16_t *stereo, int frames)
{
    struct music *music = data;
    struct slot *slot = slot_of(music, deck);
    add(music, slot, stereo, frames);
    slot->got += frames;
    if (frames < slot->asked) on_failed(music, deck, "it ends too early");
    go_on(music);
    notify(music);
}

static gboolean on_idle(gpointer data)
{
    struct music *music = data;
    music->idle = 0;
    go_on(music);
    notify(music);
    return G_SOURCE_REMOVE;
}

/* May come from within go_on(). */
static void on_failed(void *data, struct deck *deck, const char *why)
{
    struct music *music = data;
    struct slot *slot = slot_of(music, deck);
    slot->failed = true;
    leave_out(music, slot->track, why);
    if (music->idle == 0) music->idle = g_idle_add(on_idle, music);
}

/* ---- all of it ---- */

struct music *music_new(const struct music_options *options)
{
    struct music *music = g_new0(struct music, 1);
    music->options = *options;
    music->options.program = g_strdup(options->program);
    music->options.cache = g_strdup(options->cache);
    music->tracks = tracks_list(options->path);
    if (options->shuffle) tracks_shuffle(music->tracks, options->seed);
    if (music->tracks->len == 0) options->failed(options->data, options->path, "there is no file in it");
    music->bad = g_new0(gboolean, music->tracks->len + 1);
    music->capacity = (int64_t)options->rate * (MUSIC_BEHIND_S + AHEAD_S) + MUSIC_FRAMES_MAX;
    music->buffer = g_new(float, 2 * music->capacity);
    go_on(music);
    return music;
}

void music_free(struct music *music)
{
    if (!music) return;
    g_clear_handle_id(&music->idle, g_source_remove);
    clear(&music->now);
    clear(&music->next);
    g_ptr_array_unref(music->tracks);
    g_free(music->bad);
    g_free(music->buffer);
    g_free((char *)music->options.program);
    g_free((char *)music->options.cache);
    g_free(music);
}

/* What has been overwritten, and what no file has filled, is silent. */
static void copy(const struct music *music, int64_t frame, int frames, float *stereo)
{
    const int64_t oldest = music->zeroed - music->capacity;
    const int64_t begin = MAX(frame, oldest), end = MIN(frame + frames, music->zeroed);
    if (begin > frame || end < frame + frames) memset(stereo, 0, (size_t)(2 * frames) * sizeof *stereo);
    for (int64_t at = begin, n; at < end; at += n) {
        n = end - at;
        const float *from = at_frame(music, at, &n);
        memcpy(stereo + 2 * (at - frame), from, (size_t)(2 * n) * sizeof *stereo);
    }
}

int music_read(struct music *music, int64_t frame, int frames, float *stereo)
{
    const int n = (int)CLAMP(complete(music) - frame, 0, frames);
    copy(music, frame, n, stereo);
    music->reading = MAX(music->reading, frame + n);
    go_on(music);
    return n;
}

bool music_is_ready(const struct music *music)
{
    return complete(music) - music->reading >= (int64_t)READY_MS * music->options.rate / 1000;
}

bool music_is_measuring(const struct music *music)
{
    return !music->silent && !music->now.placed && music->end == 0;
}

bool music_is_silent(const struct music *music)
{
    return music->silent && !music->now.used;
}

static gboolean on_timeout(gpointer data)
{
    *(guint *)data = 0;
    return G_SOURCE_REMOVE;
}

void music_wait(struct music *music, guint ms)
{
    const guint arrived = music->arrived;
    guint timer = g_timeout_add(ms, on_timeout, &timer);
    while (music->arrived == arrived && timer != 0) g_main_context_iteration(NULL, TRUE);
    g_clear_handle_id(&timer, g_source_remove);
}
