#include "mix/bed.h"
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 8000, SECOND = RATE, HEIGHT = 16384, MS = RATE / 1000, MOST = 4096 };

/* Words "N" that last N thousandths of a second. The music is even, so that its gain can be read. */
struct studio {
    struct settings settings;
    struct timing timing;
    struct clip_ops ops;
    struct timeline *timeline;
    struct bed *bed;
    int64_t there; /* frames of music */
};

static bool find(void *data, const char *text, struct spoken *spoken)
{
    (void)data;
    *spoken = (struct spoken){.frames = g_ascii_strtoll(text, NULL, 10) * MS};
    return true;
}

static int read_music(void *data, int64_t frame, int frames, float *stereo)
{
    const struct studio *studio = data;
    const int n = (int)CLAMP(studio->there - frame, 0, frames);
    for (int i = 0; i < 2 * n; i++) stereo[i] = i % 2 ? -0.5F : 0.5F;
    return n;
}

static void new_bed(struct studio *studio)
{
    bed_free(studio->bed);
    studio->bed = bed_new(&studio->settings, &(struct bed_source){studio, read_music});
}

static void studio_init(struct studio *studio, double duck, int fade_ms)
{
    *studio =
        (struct studio){.settings = {.sound = {.rate = RATE}, .music = {.duck = duck, .fade_ms = fade_ms}},
                        .timing = {.rate = RATE, .tick = SECOND},
                        .there = INT64_MAX};
    studio->timing.tone[OCCASION_TICK] = 100;
    studio->ops = (struct clip_ops){studio, find, NULL};
    studio->timeline = timeline_new(&studio->timing, &studio->ops);
    new_bed(studio);
}

static void studio_finish(struct studio *studio)
{
    timeline_free(studio->timeline);
    bed_free(studio->bed);
}

static void say(const struct studio *studio, int ms)
{
    g_autofree char *text = g_strdup_printf("%d", ms);
    g_autoptr(GPtrArray) sentences = g_ptr_array_new();
    g_ptr_array_add(sentences, text);
    const struct line line = {.kind = LINE_SPEECH, .role = ROLE_TITLE, .sentences = sentences};
    g_assert_true(timeline_append(studio->timeline, &line));
}

/* Ticks do not lower the music. */
static void hold(const struct studio *studio, int ms)
{
    const struct line line = {.kind = LINE_HOLD, .frames = (int64_t)ms * MS};
    g_assert_true(timeline_append(studio->timeline, &line));
}

static void add_anything(const struct studio *studio, GRand *rand)
{
    if (g_rand_boolean(rand))
        say(studio, g_rand_int_range(rand, 1, 2500));
    else
        hold(studio, g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 5000 : 2200));
}

/* Everything, in blocks of any size; the caller owns it. */
static int16_t *mix(struct studio *studio, GRand *rand, int most)
{
    const int64_t frames = timeline_end(studio->timeline);
    int16_t *out = g_new0(int16_t, 2 * frames + 1);
    struct bed_outlook outlook = {.wish = BED_PLAYS};
    for (int64_t at = 0; at < frames;) {
        const int size = g_rand_int_range(rand, 1, most);
        bed_look(studio->timeline, at, true, &outlook);
        const int n = bed_next(studio->bed, &outlook, (int)MIN(size, frames - at), true);
        g_assert_cmpint(n, >, 0);
        bed_mix(studio->bed, out + 2 * at, n, 1);
        at += n;
    }
    return out;
}

/* ---- the model: what each frame must be, from all words at once ---- */

struct part {
    int64_t begin, end;
};

static GArray *words_of(const struct timeline *timeline, int64_t bridged)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct part));
    const GArray *cues = timeline_cues(timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->type != CUE_SPEECH) continue;
        struct part part = {cue->frame, cue->frame + cue->frames},
                    *last = parts->len ? &g_array_index(parts, struct part, parts->len - 1) : NULL;
        if (last && part.begin - last->end < bridged)
            last->end = part.end;
        else
            g_array_append_val(parts, part);
    }
    return parts;
}

static double cosine_step(double part)
{
    return 0.5 - 0.5 * cos(G_PI * CLAMP(part, 0, 1));
}

/* In dB; `down_s` is how long the way down takes. */
static double lowered(const GArray *words, int64_t frame, double duck, double down_s)
{
    double most = 0;
    for (guint i = 0; i < words->len; i++) {
        const struct part *part = &g_array_index(words, struct part, i);
        const double before = (double)(part->begin - frame) / SECOND,
                     after = (double)(frame - part->end) / SECOND;
        const double down = cosine_step((0.05 + down_s - before) / down_s), up = 1 - cosine_step(after - 0.4);
        most = MAX(most, duck * MIN(down, up));
    }
    return most;
}

static double faded(int64_t frame, int64_t frames, double fade_s)
{
    const double in = cosine_step((double)frame / SECOND / fade_s),
                 out = cosine_step((double)(frames - frame) / SECOND / fade_s);
    return MIN(in, out);
}

static void test_model(void)
{
    static const struct {
        double duck, down_s, bridged_s;
        int fade_ms;
    } rows[] = {{12, 0.25, 2, 1000},
                {0, 0.25, 2, 3000},
                {40, 40 * G_PI / 2 / 79, 0.4 + 1 + 0.05 + 40 * G_PI / 2 / 79, 2000}};
    for (guint32 seed = 0; seed < 30; seed++) {
        const double duck = rows[seed % 3].duck, down_s = rows[seed % 3].down_s;
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        struct studio studio;
        studio_init(&studio, duck, rows[seed % 3].fade_ms);
        hold(&studio, 4000);
        for (int i = 0; i < 12; i++) add_anything(&studio, rand);
        hold(&studio, 4000);
        const int64_t frames = timeline_end(studio.timeline);
        g_autoptr(GArray) words = words_of(studio.timeline, (int64_t)ceil(rows[seed % 3].bridged_s * SECOND));
        g_autofree int16_t *out = mix(&studio, rand, seed % 2 ? 50 : 9000);
        for (int64_t i = 0; i < frames; i++) {
            const double gain = pow(10, -lowered(words, i, duck, down_s) / 20) *
                                faded(i, frames, rows[seed % 3].fade_ms / 1000.0);
            g_assert_cmpfloat(fabs(out[2 * i] - HEIGHT * gain), <, 4); /* of 16,384 */
            g_assert_cmpint(out[2 * i], ==, -out[2 * i + 1]);
        }
        studio_finish(&studio);
    }
}

/* Also where two parts of the curve meet. */
static void test_steepness(void)
{
    for (int duck = 1; duck <= 40; duck += 13) {
        g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)duck);
        struct studio studio;
        studio_init(&studio, duck, 0);
        for (int i = 0; i < 40; i++) add_anything(&studio, rand);
        g_autofree int16_t *out = mix(&studio, rand, 5000);
        const int64_t frames = timeline_end(studio.timeline), span = 40 * MS;
        for (int64_t i = SECOND; i + span < frames - SECOND; i += MS) {
            const double step = 20 * log10((double)out[2 * (i + span)] / out[2 * i]);
            g_assert_cmpfloat(fabs(step), <, 80 * (double)span / SECOND + 0.1);
        }
        studio_finish(&studio);
    }
}

/* A timeline that grows while it is mixed gives the same: what is not known is waited for. */
static void test_patience(void)
{
    for (guint32 seed = 0; seed < 20; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed), again = g_rand_new_with_seed(seed);
        struct studio whole, grows;
        struct bed_outlook outlook = {.wish = BED_PLAYS};
        studio_init(&whole, 12, 1000);
        studio_init(&grows, 12, 1000);
        for (int i = 0; i < 12; i++) add_anything(&whole, rand);
        g_autofree int16_t *expected = mix(&whole, rand, 5000),
                           *out = g_new0(int16_t, 2 * timeline_end(whole.timeline));
        int64_t at = 0, end;
        for (int lines = 0; lines <= 12;) {
            const bool over = lines == 12;
            end = timeline_end(grows.timeline);
            bed_look(grows.timeline, at, over, &outlook);
            const int n = at < end ? bed_next(grows.bed, &outlook, (int)MIN(MOST, end - at), true) : 0;
            if (n > 0) bed_mix(grows.bed, out + 2 * at, n, 1);
            at += n;
            if (n > 0) continue;
            g_assert_false(bed_lacks_music(grows.bed));
            if (!over) add_anything(&grows, again);
            lines++;
        }
        g_assert_cmpint(at, ==, timeline_end(whole.timeline));
        g_assert_cmpmem(out, 4 * at, expected, 4 * at);
        studio_finish(&whole);
        studio_finish(&grows);
    }
}

/* What was mixed and not heard is mixed again. */
static void test_rewind(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    struct studio studio;
    struct bed_outlook outlook = {.wish = BED_PLAYS};
    studio_init(&studio, 12, 3000);
    for (int i = 0; i < 20; i++) add_anything(&studio, rand);
    g_autofree int16_t *expected = mix(&studio, rand, 3000);
    new_bed(&studio);
    const int64_t frames = timeline_end(studio.timeline);
    g_autofree int16_t *out = g_new0(int16_t, 2 * frames + 1);
    for (int64_t at = 0, heard = 0; at < frames;) {
        bed_look(studio.timeline, at, true, &outlook);
        const int n = bed_next(studio.bed, &outlook, (int)MIN(1500, frames - at), true);
        memset(out + 2 * at, 0, 4 * (gsize)n);
        bed_mix(studio.bed, out + 2 * at, n, 1);
        at += n;
        if (g_rand_int_range(rand, 0, 10) > 0) continue;
        const int64_t back = at - g_rand_int_range(rand, 0, SECOND);
        heard = at = MAX(heard, back);
        bed_rewind(studio.bed, at);
        bed_forget(studio.bed, at);
    }
    g_assert_cmpmem(out, 4 * frames, expected, 4 * frames);
    studio_finish(&studio);
}

/* Music that is late is waited for, or left out and counted; then it goes on where it was. */
static void test_missing(void)
{
    struct studio studio;
    int16_t out[2 * MOST] = {0};
    const struct bed_outlook outlook = {BED_NEVER, BED_NEVER, BED_NEVER, BED_NEVER, BED_PLAYS};
    studio_init(&studio, 12, 0);
    studio.there = 1000;
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, 80);
    bed_mix(studio.bed, out, 80, 1);
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, 920);
    bed_mix(studio.bed, out, 920, 1);
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, 0);
    g_assert_true(bed_lacks_music(studio.bed));
    g_assert_cmpint(bed_missed(studio.bed), ==, 0);
    const int n = bed_next(studio.bed, &outlook, MOST, false);
    g_assert_cmpint(n, >, 0);
    memset(out, 0, sizeof out);
    bed_mix(studio.bed, out, n, 1);
    g_assert_cmpint(out[2 * n - 2], ==, 0);
    g_assert_cmpint(bed_missed(studio.bed), ==, n);
    studio.there = 1001;
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, 1);
    studio_finish(&studio);
}

/* Music that is not to be had yet is not missed; once it is, it begins with its first frame, and fades in. */
static void test_await(void)
{
    struct studio studio;
    int16_t out[2 * MOST] = {0};
    const struct bed_outlook outlook = {BED_NEVER, BED_NEVER, BED_NEVER, BED_NEVER, BED_PLAYS};
    studio_init(&studio, 12, 1000);
    studio.there = 0;
    bed_await(studio.bed, true);
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, MOST);
    bed_mix(studio.bed, out, MOST, 1);
    for (int i = 0; i < 2 * MOST; i++) g_assert_cmpint(out[i], ==, 0);
    g_assert_cmpint(bed_missed(studio.bed), ==, 0);
    g_assert_false(bed_is_heard(studio.bed));
    studio.there = MOST;
    bed_await(studio.bed, false);
    g_assert_cmpint(bed_next(studio.bed, &outlook, MOST, true), ==, MOST);
    bed_mix(studio.bed, out, MOST, 1);
    g_assert_cmpint(out[0], ==, 0);
    g_assert_cmpint(abs(out[2 * (MOST - 1)] - HEIGHT / 2), <, HEIGHT / 20); /* half of the fade */
    studio_finish(&studio);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bed/model", test_model);
    g_test_add_func("/bed/steepness", test_steepness);
    g_test_add_func("/bed/patience", test_patience);
    g_test_add_func("/bed/rewind", test_rewind);
    g_test_add_func("/bed/missing", test_missing);
    g_test_add_func("/bed/await", test_await);
    return g_test_run();
}
