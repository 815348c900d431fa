#include "mix/bed.h"
#include <glib.h>
#include <math.h>

enum {
    CHUNK = 4096,
    WITHOUT = 512, /* frames that are given at once where music is missing */
    DOWN_MS = 250,
    LEAD_MS = 50, /* it is down so long before the words */
    HELD_MS = 400,
    UP_MS = 1000,
    BRIDGED_MS = 2000,  /* in a shorter gap it stays down */
    LEAST_FADE_MS = 10, /* without a fade there would be a click */
};

/* A deeper step down takes longer: the steepest point of a raised cosine has π/2 times its mean slope. */
static const double STEEPEST_DB_S = 79;

/* What the gain of the next frame depends on. */
struct state {
    int64_t depth;  /* 0: up, `bottom`: down */
    int64_t level;  /* 0: silent, `fade`: faded in */
    int64_t silent; /* frames since the last words, at most `bridged` */
    int64_t frame;  /* of the music */
};

/* A run of frames with the same rules. */
struct piece {
    int64_t out; /* number of its first frame */
    struct state begin;
    bool words;   /* they sound */
    bool ducks;   /* the way is down */
    int64_t rise; /* of the level with each frame */
    bool runs;    /* there is music */
};

struct bed {
    struct bed_source source;
    int64_t down, lead, held, up, bridged, fade; /* frames */
    int64_t bottom;                              /* steps of depth: down × up */
    int64_t stop;                                /* steps of the level with each frame, when it is stopped */
    double duck;                                 /* dB */
    struct state state;
    int64_t out;
    GArray *pieces; /* struct piece, oldest first; bed_mix() adds */
    struct piece next;
    bool lacks;
    bool awaits; /* music that cannot be read yet */
    int64_t missed;
    float music[2 * CHUNK]; /* of `next` */
};

struct bed *bed_new(const struct settings *settings, const struct bed_source *source)
{
    const int64_t rate = settings->sound.rate;
    struct bed *bed = g_new0(struct bed, 1);
    const double steep = settings->music.duck * G_PI / 2 / STEEPEST_DB_S; /* seconds */
    bed->source = *source;
    bed->duck = settings->music.duck;
    bed->down = MAX(rate * DOWN_MS / 1000, (int64_t)ceil(steep * (double)rate));
    bed->lead = rate * LEAD_MS / 1000;
    bed->held = rate * HELD_MS / 1000;
    bed->up = rate * UP_MS / 1000;
    bed->bridged = MAX(rate * BRIDGED_MS / 1000, bed->held + bed->up + bed->down + bed->lead);
    bed->fade = rate * MAX(settings->music.fade_ms, LEAST_FADE_MS) / 1000;
    bed->bottom = bed->down * bed->up;
    bed->stop = (bed->fade + rate - 1) / rate;
    bed->state.silent = bed->bridged;
    bed->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
    return bed;
}

void bed_free(struct bed *bed)
{
    if (!bed) return;
    g_array_unref(bed->pieces);
    g_free(bed);
}

int64_t bed_ahead(const struct bed *bed)
{
    return MAX(bed->bridged, bed->fade);
}

/* ---- what comes ---- */

void bed_look(const struct timeline *timeline, int64_t frame, bool over, struct bed_outlook *outlook)
{
    const GArray *cues = timeline_cues(timeline);
    const int64_t rest = timeline_end(timeline) - frame;
    outlook->begin = outlook->end = BED_NEVER;
    outlook->known = over ? BED_NEVER : rest;
    outlook->left = over ? rest : BED_NEVER;
    for (guint i = timeline_first(timeline, frame); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->type != CUE_SPEECH || cue->frame + cue->frames <= frame) continue;
        outlook->begin = cue->frame - frame;
        outlook->end = outlook->begin + cue->frames;
        return;
    }
}

/* ---- the rules for the next frames: each returns for how many they hold, 0 if they are not known yet ----
 */

static int64_t choose_depth(const struct bed *bed, const struct bed_outlook *outlook, bool patient,
                            struct piece *piece)
{
    const int64_t early = bed->lead + bed->down, silent = bed->state.silent, begin = outlook->begin;
    const bool none = begin == BED_NEVER;
    piece->words = begin <= 0;
    piece->ducks = true;
    if (begin <= 0) return outlook->end;
    if (begin <= early) return begin;
    if (silent < bed->held) return MIN(bed->held - silent, begin - early);
    if (!none && silent + begin < bed->bridged) return begin - early;
    piece->ducks = false;
    if (!none) return begin - early;
    if (!patient || outlook->known == BED_NEVER) return BED_NEVER;
    return silent + outlook->known < bed->bridged ? 0 : MAX(outlook->known - early, 0);
}

static int64_t choose_level(const struct bed *bed, const struct bed_outlook *outlook, bool patient,
                            struct piece *piece)
{
    const enum bed_wish wish = bed->awaits ? BED_PAUSED : outlook->wish;
    const int64_t level = bed->state.level, fall = wish == BED_STOPPED ? bed->stop : 1;
    const bool unknown = patient && outlook->left == BED_NEVER && outlook->known != BED_NEVER;
    const int64_t left = unknown ? outlook->known : outlook->left; /* or more */
    if (wish == BED_PLAYS && left > level) {
        const bool risen = level == bed->fade;
        const int64_t room = left - level;
        piece->rise = risen ? 0 : 1;
        return risen ? room : MIN(bed->fade - level, room - room / 2); /* `left` shrinks as the level rises */
    }
    if (wish == BED_PLAYS && unknown) return 0;
    piece->rise = -fall;
    piece->runs = level > 0;
    return level > 0 ? (level + fall - 1) / fall : BED_NEVER;
}

/* ---- the state of a frame ---- */

static struct state advance(const struct bed *bed, const struct piece *piece, int64_t frames)
{
    struct state state = piece->begin;
    state.depth += frames * (piece->ducks ? bed->up : -bed->down);
    state.depth = CLAMP(state.depth, 0, bed->bottom);
    state.level = CLAMP(state.level + frames * piece->rise, 0, bed->fade);
    state.silent = piece->words && frames > 0 ? 0 : MIN(state.silent + frames, bed->bridged);
    state.frame += piece->runs ? frames : 0;
    return state;
}

static double raised_cosine(int64_t part, int64_t whole)
{
    return (1 - cos(G_PI * (double)part / (double)whole)) / 2;
}

static double gain_of(const struct bed *bed, const struct state *state)
{
    const double lower = bed->duck * raised_cosine(state->depth, bed->bottom);
    return pow(10, -lower / 20) * raised_cosine(state->level, bed->fade);
}

/* ---- mixing ---- */

/* Reads the music of `next`; returns for how many frames it is there, or is not. */
static int read_music(struct bed *bed, int frames, bool patient)
{
    int read = bed->source.read(bed->source.data, bed->state.frame, frames, bed->music);
    if (read > 0) return read;
    bed->lacks = true;
    bed->next.runs = false;
    return patient ? 0 : MIN(frames, WITHOUT);
}

int bed_next(struct bed *bed, const struct bed_outlook *outlook, int frames, bool patient)
{
    struct piece piece = {.out = bed->out, .begin = bed->state, .runs = true};
    const int64_t even = choose_depth(bed, outlook, patient, &piece),
                  steady = choose_level(bed, outlook, patient, &piece);
    const int n = (int)MIN(MIN(frames, CHUNK), MIN(even, steady));
    bed->next = piece;
    bed->lacks = false;
    return n > 0 && piece.runs ? read_music(bed, n, patient) : n;
}

bool bed_lacks_music(const struct bed *bed)
{
    return bed->lacks;
}

static int16_t saturate(long value)
{
    return (int16_t)CLAMP(value, INT16_MIN, INT16_MAX);
}

static void add(const struct bed *bed, int16_t *stereo, int frames, double gain)
{
    const struct piece *piece = &bed->next;
    const int64_t end = piece->ducks ? bed->bottom : 0;
    const bool steady = piece->rise == 0 && piece->begin.depth == end;
    float factor = (float)(32768 * gain * gain_of(bed, &piece->begin));
    for (int i = 0; i < frames; i++) {
        if (!steady) {
            const struct state state = advance(bed, piece, i);
            factor = (float)(32768 * gain * gain_of(bed, &state));
        }
        for (int c = 2 * i; c < 2 * i + 2; c++)
            stereo[c] = saturate(stereo[c] + lrintf(bed->music[c] * factor));
    }
}

void bed_mix(struct bed *bed, int16_t *stereo, int frames, double gain)
{
    if (bed->next.runs) add(bed, stereo, frames, gain);
    if (bed->lacks) bed->missed += frames;
    g_array_append_val(bed->pieces, bed->next);
    bed->state = advance(bed, &bed->next, frames);
    bed->out += frames;
}

/* ---- going back ---- */

void bed_rewind(struct bed *bed, int64_t frame)
{
    for (guint i = bed->pieces->len; frame < bed->out && i-- > 0;) {
        const struct piece piece = g_array_index(bed->pieces, struct piece, i);
        g_array_set_size(bed->pieces, i + (piece.out < frame));
        if (piece.out > frame) continue;
        bed->state = advance(bed, &piece, frame - piece.out);
        bed->out = frame;
    }
}

void bed_forget(struct bed *bed, int64_t frame)
{
    guint past = 0;
    while (past + 1 < bed->pieces->len && g_array_index(bed->pieces, struct piece, past + 1).out <= frame)
        past++;
    if (past > 0) g_array_remove_range(bed->pieces, 0, past);
}

void bed_fade_in(struct bed *bed)
{
    bed->state.level = 0;
}

void bed_await(struct bed *bed, bool awaits)
{
    bed->awaits = awaits;
}

bool bed_is_heard(const struct bed *bed)
{
    return bed->state.level > 0;
}

int64_t bed_missed(const struct bed *bed)
{
    return bed->missed;
}
