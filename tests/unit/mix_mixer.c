#include "mix/clip.h"
#include "mix/mixer.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 8000, N_CLIPS = 5 };

/* A session's sounds with made-up words "0" to "4". */
struct studio {
    struct tones tones;
    struct mixer mixer;
    struct clip *clips[N_CLIPS];
    struct timing timing;
    struct clip_ops ops;
    struct timeline *timeline;
    enum side side; /* of the lines that follow */
};

static struct clip *made_up(GRand *rand, int64_t frames)
{
    struct clip *clip = g_malloc(sizeof *clip + frames * sizeof clip->samples[0]);
    *clip = (struct clip){.refs = 1, .frames = frames};
    for (int64_t i = 0; i < frames; i++) clip->samples[i] = (int16_t)g_rand_int_range(rand, -23000, 23000);
    return clip;
}

static bool find(void *data, const char *text, struct spoken *spoken)
{
    const struct studio *studio = data;
    struct clip *clip = studio->clips[*text - '0'];
    *spoken = (struct spoken){clip->frames, clip->chime, clip_ref(clip)};
    return true;
}

static void drop(void *data, struct clip *clip)
{
    (void)data;
    clip_unref(clip);
}

static void studio_init(struct studio *studio)
{
    struct settings settings = {
        .pace = {.breath_ms = 1000, .speed = 100}, .voice = {.level = -18}, .sound = {.rate = RATE}};
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    tones_init(&studio->tones, &settings);
    studio->mixer = (struct mixer){.tones = &studio->tones, .gain = 1};
    for (int i = 0; i < N_CLIPS - 1; i++) studio->clips[i] = made_up(rand, 1 + 2311 * i);
    studio->clips[N_CLIPS - 1] = clip_chime(studio->tones.sentence.frames);
    studio->timing = (struct timing){.rate = RATE, .gap = 500, .wake = 4000, .tick = 1000};
    for (int i = 0; i < N_OCCASIONS; i++) studio->timing.tone[i] = studio->tones.tone[i].frames;
    studio->ops = (struct clip_ops){studio, find, drop};
    studio->timeline = timeline_new(&studio->timing, &studio->ops);
}

static void studio_finish(struct studio *studio)
{
    timeline_free(studio->timeline);
    for (int i = 0; i < N_CLIPS; i++) clip_unref(studio->clips[i]);
    tones_finish(&studio->tones);
}

static void say(struct studio *studio, const char *text)
{
    g_autoptr(GPtrArray) sentences = g_ptr_array_new();
    g_ptr_array_add(sentences, (char *)text);
    struct line line = {
        .kind = LINE_SPEECH, .role = ROLE_SETUP, .sentences = sentences, .place.side = studio->side};
    g_assert_true(timeline_append(studio->timeline, &line));
}

/* A hold with words in it, so that sounds meet. */
static void hold(struct studio *studio, int64_t frames, int64_t at, const char *text)
{
    struct line line = {.kind = LINE_HOLD, .frames = frames, .place.side = studio->side};
    GPtrArray *sentences = g_ptr_array_new();
    g_ptr_array_add(sentences, (char *)text);
    line_prompt(&line, ROLE_HALFWAY, at, sentences);
    g_assert_true(timeline_append(studio->timeline, &line));
    g_array_unref(line.prompts);
}

static void span(struct studio *studio, enum cue_type type, int64_t frames)
{
    struct line line = {.kind = LINE_SPAN, .span = type, .frames = frames, .place.side = studio->side};
    g_assert_true(timeline_append(studio->timeline, &line));
}

static void breathe(struct studio *studio, int breaths)
{
    const struct settings settings = {.pace = {.speed = 100}, .sound = {.rate = RATE}};
    const struct move move = {.hold.kind = HOLD_BREATHS, .breath = {3, {400, 200, 400}}};
    struct line line = {.kind = LINE_ROUNDS,
                        .place.side = studio->side,
                        .rounds = breaths,
                        .rhythm = pace_rhythm(&settings, &move),
                        .frames = (int64_t)breaths * RATE};
    g_assert_true(timeline_append(studio->timeline, &line));
}

static const char *any_text(GRand *rand)
{
    static const char *const texts[N_CLIPS] = {"0", "1", "2", "3", "4"};
    return texts[g_rand_int_range(rand, 0, N_CLIPS)];
}

static void add_anything(struct studio *studio, GRand *rand)
{
    studio->side = (enum side)g_rand_int_range(rand, SIDE_NONE, SIDE_LEFT + 1);
    switch (g_rand_int_range(rand, 0, 4)) {
    case 0: say(studio, any_text(rand)); break;
    case 1:
        hold(studio, g_rand_int_range(rand, 3000, 20000), g_rand_int_range(rand, 0, 9000), any_text(rand));
        break;
    case 2:
        span(studio, g_rand_int_range(rand, SPAN_WAKE, N_CUE_TYPES), g_rand_int_range(rand, 0, 40000));
        break;
    default: breathe(studio, g_rand_int_range(rand, 1, 4)); break;
    }
}

/* ---- tests ---- */

static int16_t *mix(const struct studio *studio, int64_t from, int64_t frames)
{
    int16_t *out = g_new(int16_t, 2 * frames + 1);
    memset(out, 0x55, (2 * frames + 1) * sizeof *out);
    mixer_mix(&studio->mixer, studio->timeline, from, (int)frames, out);
    g_assert_cmpint(out[2 * frames], ==, 0x5555);
    return out;
}

static void test_block_sizes(void)
{
    for (guint32 seed = 0; seed < 15; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        struct studio studio;
        studio_init(&studio);
        studio.mixer.gain = seed % 3 == 0 ? 1 : 0.37;
        studio.mixer.sides = seed % 4 != 0;
        for (int i = 0; i < 15; i++) add_anything(&studio, rand);
        timeline_finish(studio.timeline);
        int64_t frames = timeline_end(studio.timeline);
        g_autofree int16_t *whole = mix(&studio, 0, frames);
        for (int64_t at = 0, n; at < frames; at += n) {
            int64_t size = g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 50 : 9000);
            n = MIN(size, frames - at);
            g_autofree int16_t *block = mix(&studio, at, n);
            g_assert_cmpmem(block, 4 * n, whole + 2 * at, 4 * n);
        }
        studio_finish(&studio);
    }
}

/* A tone that the timeline shortens ends in a smooth step of a quarter of its length. */
static double end_of(const struct cue *cue, const struct tone *tone, int64_t at)
{
    double part = (double)(cue->frames - at) / (double)(cue->frames / 4);
    return cue->frames >= tone->frames || part >= 1 ? 1 : part * part * (3 - 2 * part);
}

/* What the timeline says, one frame and one cue after the other. */
static double sum_at(const struct studio *studio, int64_t frame)
{
    const GArray *cues = timeline_cues(studio->timeline);
    double sum = 0;
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        const struct tone *tone =
            cue->text ? &studio->tones.sentence : &studio->tones.tone[cue_occasion(cue)];
        const struct clip *clip = cue->clip;
        int64_t at = frame - cue->frame;
        if (at < 0 || at >= cue->frames || !cue_sounds(cue->type)) continue;
        if (cue->type == CUE_SPEECH) {
            sum += clip->samples[at];
            continue;
        }
        if (tone->frames == TONE_FILLS) {
            float breath = 0;
            breath_add(&studio->tones.breath, cue_occasion(cue), cue->frames, at, 1, 32768, &breath);
            sum += breath;
            continue;
        }
        if (at < tone->frames) sum += tone->samples[at] * 32768 * end_of(cue, tone, at);
    }
    return sum;
}

static void test_sum(void)
{
    struct studio studio;
    studio_init(&studio);
    studio.mixer.gain = 0.5;
    say(&studio, "2");
    hold(&studio, 9000, 990, "1");
    say(&studio, "4");
    breathe(&studio, 2);
    timeline_finish(studio.timeline);
    int64_t frames = timeline_end(studio.timeline);
    g_autofree int16_t *out = mix(&studio, 0, frames);
    for (int64_t i = 0; i < frames; i++) {
        g_assert_cmpfloat(fabs(out[2 * i] - 0.5 * sum_at(&studio, i)), <, 0.51);
        g_assert_cmpint(out[2 * i], ==, out[2 * i + 1]);
    }
    studio_finish(&studio);
}

/* At 0 dB a clip's samples come out as they are; between them there is nothing. */
static void test_bits(void)
{
    struct studio studio;
    studio_init(&studio);
    say(&studio, "3");
    timeline_finish(studio.timeline);
    const struct clip *clip = studio.clips[3];
    int64_t frames = timeline_end(studio.timeline);
    g_autofree int16_t *out = mix(&studio, 0, frames);
    for (int64_t i = 0; i < frames; i++) {
        g_assert_cmpint(out[2 * i], ==, i < clip->frames ? clip->samples[i] : 0);
        g_assert_cmpint(out[2 * i], ==, out[2 * i + 1]);
    }
    studio_finish(&studio);
}

static void test_cut(void)
{
    struct studio studio;
    studio_init(&studio);
    say(&studio, "3");
    timeline_cut(studio.timeline, 1000);
    span(&studio, SPAN_PREPARE, 3000);
    breathe(&studio, 1);
    timeline_cut(studio.timeline, 4100);
    span(&studio, SPAN_PREPARE, 3000);
    timeline_finish(studio.timeline);
    g_autofree int16_t *out = mix(&studio, 0, 7100);
    g_assert_cmpint(out[2 * 999], ==, studio.clips[3]->samples[999]);
    for (int64_t i = 1000; i < 4000; i++) g_assert_cmpint(out[2 * i], ==, 0);
    g_assert_cmpint(out[2 * 4000], !=, 0);
    for (int64_t i = 4100; i < 7100; i++) g_assert_cmpint(out[2 * i], ==, 0);
    studio_finish(&studio);
}

/* What was spoken only for its length is silent. */
static void test_no_clip(void)
{
    struct studio studio;
    studio_init(&studio);
    say(&studio, "3");
    GArray *cues = (GArray *)timeline_cues(studio.timeline);
    drop(NULL, g_array_index(cues, struct cue, 0).clip);
    g_array_index(cues, struct cue, 0).clip = NULL;
    timeline_finish(studio.timeline);
    g_autofree int16_t *out = mix(&studio, 0, 3000);
    for (int64_t i = 0; i < 6000; i++) g_assert_cmpint(out[i], ==, 0);
    studio_finish(&studio);
}

static void test_noise(void)
{
    enum { FRAMES = 200000 };
    struct studio studio;
    studio_init(&studio);
    span(&studio, SPAN_PREPARE, 70);
    span(&studio, SPAN_WAKE, FRAMES);
    timeline_finish(studio.timeline);
    g_autofree int16_t *out = mix(&studio, 70, FRAMES), *alone = g_new0(int16_t, 2 * FRAMES);
    mixer_add_noise(&studio.mixer, 0, FRAMES, alone);
    g_assert_cmpmem(out, 4 * FRAMES, alone, 4 * FRAMES);
    double squares = 0, sum = 0, neighbours = 0;
    for (int i = 0; i < FRAMES; i++) {
        squares += out[2 * i] * out[2 * i];
        sum += out[2 * i];
        if (i > 0) neighbours += out[2 * i] * out[2 * i - 2];
    }
    g_assert_cmpfloat(fabs(10 * log10(squares / FRAMES / 32768 / 32768) + 80), <, 0.1);
    g_assert_cmpfloat(fabs(sum / FRAMES), <, 0.03);
    g_assert_cmpfloat(fabs(neighbours / squares), <, 0.01);
    studio_finish(&studio);
}

/* Headphones hear it behind the master level. */
static void test_noise_at_a_low_level(void)
{
    enum { FRAMES = 50000 };
    struct studio studio;
    studio_init(&studio);
    g_autofree int16_t *loud = g_new0(int16_t, 2 * FRAMES), *low = g_new0(int16_t, 2 * FRAMES);
    mixer_add_noise(&studio.mixer, 0, FRAMES, loud);
    studio.mixer.gain = mixer_gain(-40);
    mixer_add_noise(&studio.mixer, 0, FRAMES, low);
    for (int i = 0; i < 2 * FRAMES; i++) g_assert_cmpint(abs(loud[i] - low[i]), <=, 1); /* rounding */
    g_assert_cmpint(low[0] | low[2] | low[4] | low[6], !=, 0);
    studio_finish(&studio);
}

static void test_added(void)
{
    struct studio studio;
    studio_init(&studio);
    const struct tone *ack = &studio.tones.tone[OCCASION_ACK];
    int16_t out[2 * 9000];
    for (int i = 0; i < 2 * 9000; i++) out[i] = 100;
    for (int at = 0; at < 9000; at += 77)
        mixer_add(&studio.mixer, ack, SIDE_NONE, at, MIN(77, 9000 - at), out + 2 * at);
    for (int i = 0; i < 9000; i++)
        g_assert_cmpint(out[2 * i + 1], ==, 100 + (i < ack->frames ? lrintf(ack->samples[i] * 32768) : 0));
    studio.mixer.gain = 0;
    mixer_add(&studio.mixer, &studio.tones.tone[OCCASION_STEP], SIDE_NONE, 0, 9000, out);
    g_assert_cmpint(out[2 * 8000], ==, 100);
    studio.mixer.gain = 1;
    mixer_add(&studio.mixer, &studio.tones.tone[OCCASION_STEP], SIDE_NONE, 100, 500,
              memset(out, 0, sizeof out));
    g_assert_cmpint(out[2 * 50], ==, lrintf(studio.tones.tone[OCCASION_STEP].samples[150] * 32768));
    studio_finish(&studio);
}

static void test_saturation(void)
{
    struct studio studio;
    studio_init(&studio);
    const struct tone *chime = &studio.tones.tone[OCCASION_STEP];
    int16_t out[2 * 2000];
    for (int i = 0; i < 2 * 2000; i++) out[i] = i % 4 < 2 ? 32000 : -32000;
    mixer_add(&studio.mixer, chime, SIDE_NONE, 0, 2000, out);
    for (int i = 0; i < 2 * 2000; i++) {
        int sum = (i % 4 < 2 ? 32000 : -32000) + (int)lrintf(chime->samples[i / 2] * 32768);
        g_assert_cmpint(out[i], ==, CLAMP(sum, -32768, 32767));
    }
    studio_finish(&studio);
}

/* Of a channel (0: left), from a frame on. */
static double power(const int16_t *out, int channel, int64_t from, int64_t frames)
{
    double sum = 0;
    for (int64_t i = from; i < from + frames; i++) sum += (double)out[2 * i + channel] * out[2 * i + channel];
    return sum / (double)frames;
}

static double db(double ratio)
{
    return 10 * log10(ratio);
}

/* The near ear gets 9 dB more than the far one, both together as much as of a sound in the middle, and a mono
 * sum 0.9 dB less. */
static void expect_side(const int16_t *out, const int16_t *middle, enum side side, int64_t from,
                        int64_t frames)
{
    int near = side == SIDE_RIGHT;
    double there = power(out, near, from, frames), away = power(out, !near, from, frames),
           before = power(middle, 0, from, frames) + power(middle, 1, from, frames);
    double mono = pow((sqrt(there) + sqrt(away)) / 2, 2) / (before / 2);
    g_assert_cmpfloat(fabs(db(there / away) - 9), <, 0.1);
    g_assert_cmpfloat(fabs(db((there + away) / before)), <, 0.05);
    g_assert_cmpfloat(fabs(db(mono) + 0.89), <, 0.05);
}

static void test_sides(void)
{
    struct studio studio;
    studio_init(&studio);
    for (studio.side = SIDE_NONE; studio.side <= SIDE_LEFT; studio.side++) say(&studio, "3");
    timeline_finish(studio.timeline);
    int64_t frames = timeline_end(studio.timeline), one = studio.clips[3]->frames, each = frames / 3;
    g_autofree int16_t *middle = mix(&studio, 0, frames);
    studio.mixer.sides = true;
    studio.mixer.gain = 0.5;
    g_autofree int16_t *out = mix(&studio, 0, frames);
    for (int64_t i = 0; i < 2 * frames; i++) middle[i] = (int16_t)lrintf(0.5F * middle[i]);
    g_assert_cmpmem(out, 4 * one, middle, 4 * one);
    expect_side(out, middle, SIDE_RIGHT, each, one);
    expect_side(out, middle, SIDE_LEFT, 2 * each, one);
    studio_finish(&studio);
}

/* The nearest ear gets no more of a tone than -16 dBFS; the ears differ as much as ever. */
static void test_a_tone_aside(void)
{
    struct studio studio;
    studio_init(&studio);
    const struct tone *bell = &studio.tones.tone[OCCASION_STEP];
    int most = (int)(32768 * pow(10, -16 / 20.0));
    g_autofree int16_t *out = g_new0(int16_t, 2 * bell->frames);
    studio.mixer.sides = true;
    mixer_add(&studio.mixer, bell, SIDE_LEFT, 0, (int)bell->frames, out);
    int peak = 0;
    for (int64_t i = 0; i < bell->frames; i++) peak = MAX(peak, abs(out[2 * i]));
    g_assert_cmpint(peak, <=, most + 1);
    g_assert_cmpint(peak, >, most - 200);
    g_assert_cmpfloat(fabs(db(power(out, 0, 0, bell->frames) / power(out, 1, 0, bell->frames)) - 9), <, 0.1);
    g_assert_cmpfloat(fabs(MIXER_NEAR_DB - 20 * log10(sqrt(2) * sin(atan(pow(10, 9 / 20.0))))), <, 0.001);
    studio_finish(&studio);
}

static void test_gain(void)
{
    g_assert_cmpfloat(mixer_gain(0), ==, 1);
    g_assert_cmpfloat(fabs(mixer_gain(-20) - 0.1), <, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mixer/block-sizes", test_block_sizes);
    g_test_add_func("/mixer/sum", test_sum);
    g_test_add_func("/mixer/bits", test_bits);
    g_test_add_func("/mixer/cut", test_cut);
    g_test_add_func("/mixer/no-clip", test_no_clip);
    g_test_add_func("/mixer/noise", test_noise);
    g_test_add_func("/mixer/noise-at-a-low-level", test_noise_at_a_low_level);
    g_test_add_func("/mixer/added", test_added);
    g_test_add_func("/mixer/saturation", test_saturation);
    g_test_add_func("/mixer/sides", test_sides);
    g_test_add_func("/mixer/a-tone-aside", test_a_tone_aside);
    g_test_add_func("/mixer/gain", test_gain);
    return g_test_run();
}
