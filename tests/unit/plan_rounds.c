/* Holds in breaths and in times, to the frame. Made-up speech takes 20 ms a byte. */
#include "../lib/made.h"

#define RATE 48000

/* Plans a step with this hold. */
static struct made *made_of(const char *hold, const char *const *sets)
{
    g_autofree char *routine = g_strdup_printf("[routine]\ntitle = T\n[a]\nsay = Go.\nhold = %s\n", hold);
    return made_new(routine, sets);
}

/* What is heard from the hold's begin to its end, with tenths of a second: "One.@0 out@0 end@60". */
static char *heard(struct made *made)
{
    const struct timeline *timeline = made_whole(made);
    const struct cue *hold = made_nth(timeline, SPAN_HOLD, 0);
    GString *heard = g_string_new(NULL);
    for (guint i = 0; i < made_count(timeline); i++) {
        const struct cue *cue = made_cue(timeline, i);
        if (!cue_sounds(cue->type) || cue->frame < hold->frame || cue->frame > hold->frame + hold->frames)
            continue;
        double tenths = (double)(cue->frame - hold->frame) * 10 / RATE;
        g_string_append_printf(heard, "%s%s@%g", heard->len ? " " : "",
                               cue->text ? cue->text : cue_type_name(cue->type), tenths);
    }
    return g_string_free(heard, FALSE);
}

static void expect(const char *hold, const char *const *sets, const char *expected)
{
    AUTO(made) made = made_of(hold, sets);
    g_autofree char *found = heard(made);
    g_assert_cmpstr(found, ==, expected);
}

static const char *const quiet[] = {"count.countdown=0", "count.announce=off", "count.halfway=off", NULL};

static void test_times(void)
{
    expect("3 times", NULL, "One.@0 Two.@30 Last one.@45 Three.@60 end@90");
    expect("3 times", quiet, "One.@0 Two.@30 Three.@60 end@90");
    expect("2 times\ntempo = 2-1-3", NULL,
           "One.@0 out@0 keep@20 in@30 Last one.@45 Two.@60 out@60 keep@80 in@90 end@120");
    expect("1 time\ntempo = 2-0-2", NULL, "One.@0 out@0 in@20 end@40");
    /* The step's own tempo, and the speed, which does not touch holds in seconds. */
    expect("2 times\ntempo = 4s", (const char *const[]){"pace.speed=200%", "pace.tempo=9s", NULL},
           "One.@0 Last one.@10 Two.@20 end@40");
}

/* A number is said if it takes up to half its time, otherwise a tick sounds; the last is announced if there
 * is time. */
static void test_long_numbers(void)
{
    /* "Seven." has 6 bytes, 120 ms. */
    expect("7 times\ntempo = 1s", (const char *const[]){"pace.speed=200%", NULL},
           "One.@0 Two.@5 Three.@10 Four.@15 Five.@20 Six.@25 Last one.@27.5 Seven.@30 end@35");
    AUTO(made) made = made_of("3 times\ntempo = 1s", NULL);
    g_free(made->voice->phrases[PHRASE_NUMBERS]);
    made->voice->phrases[PHRASE_NUMBERS] =
        g_strdup("Twenty-four letters here, One-more-than-twenty-four, Three");
    g_autofree char *found = heard(made);
    g_assert_cmpstr(found, ==, "Twenty-four letters here.@0 tick@10 Last one.@15 Three.@20 end@30");
}

/* Beyond a hundred, only whole tens have their number. */
static void test_many_numbers(void)
{
    AUTO(made) made = made_of("131 times", NULL);
    g_autofree char *found = heard(made);
    g_assert_nonnull(strstr(found, " 99.@2940 100.@2970 tick@3000 "));
    g_assert_nonnull(strstr(found, " tick@3240 110.@3270 tick@3300 "));
    g_assert_nonnull(strstr(found, " Last one.@3885 tick@3900 end@3930"));
}

/* Made-up words take 60 to 100 ms. */
static void test_breaths(void)
{
    expect("2 breaths", NULL, "In.@0 in@0 Out.@20 out@20 Last one.@35 In.@50 in@50 Out.@70 out@70 end@100");
    expect("1 breath\nbreath = 4-7-8", NULL, "In.@0 in@0 Hold.@40 keep@40 Out.@110 out@110 end@190");
    expect("2 breaths\nbreath = 4-4-4-4", NULL,
           "In.@0 in@0 Hold.@40 keep@40 Out.@80 out@80 Hold.@120 keep@120 Last one.@145 "
           "In.@160 in@160 Hold.@200 keep@200 Out.@240 out@240 Hold.@280 keep@280 end@320");
    expect("4 breaths", quiet,
           "In.@0 in@0 Out.@20 out@20 In.@50 in@50 Out.@70 out@70 in@100 out@120 in@150 out@170 end@200");
}

/* Every fourth breath is counted, and the last two are announced instead. */
static void test_counted_breaths(void)
{
    const char *guided = "In.@0 in@0 Out.@20 out@20 In.@50 in@50 Out.@70 out@70 ";
    g_autofree char *four =
        g_strconcat(guided, "Two more breaths.@85 in@100 out@120 Last one.@135 in@150 out@170 end@200", NULL);
    g_autofree char *five = g_strconcat(
        guided, "in@100 out@120 Two more breaths.@135 in@150 out@170 Last one.@185 in@200 out@220 end@250",
        NULL);
    g_autofree char *eight =
        g_strconcat(guided,
                    "in@100 out@120 Four.@150 in@150 out@170 in@200 Halfway.@220 out@220 in@250 out@270 "
                    "Two more breaths.@285 in@300 out@320 Last one.@335 in@350 out@370 end@400",
                    NULL);
    expect("4 breaths", NULL, four);
    expect("5 breaths", NULL, five);
    expect("8 breaths", NULL, eight);
    expect("9 breaths\nbreath = 2-2", (const char *const[]){"count.halfway=off", NULL},
           "In.@0 in@0 Out.@20 out@20 In.@40 in@40 Out.@60 out@60 in@80 out@100 Four.@120 in@120 out@140 "
           "in@160 out@180 in@200 out@220 in@240 out@260 Two more breaths.@265 in@280 out@300 "
           "Last one.@305 in@320 out@340 end@360");
}

/* A word that does not end with its phase is left out, and so is one that meets words of more weight. */
static void test_breath_words_that_fit(void)
{
    /* "Hold." takes 100 ms, "Out." 80, "In." 60. */
    expect("2 breaths\nbreath = 1-0.09-1", quiet,
           "In.@0 in@0 keep@10 Out.@10.9 out@10.9 In.@20.9 in@20.9 keep@30.9 Out.@31.8 out@31.8 end@41.8");
    expect("3 breaths\nbreath = 1-1", (const char *const[]){"count.halfway=off", NULL},
           "In.@0 in@0 Two more breaths.@10 out@10 In.@20 in@20 Last one.@30 out@30 in@40 out@50 end@60");
}

/* Of five breaths, half are over just before the fourth; halfway is said behind its first sound. */
static void test_halfway(void)
{
    static const char *const halfway[] = {"count.countdown=0", "count.announce=off", NULL};
    const char *guided = "In.@0 in@0 Out.@20 out@20 In.@50 in@50 Out.@70 out@70 in@100 ";
    g_autofree char *five = g_strconcat(guided, "out@120 in@150 Halfway.@170 out@170 in@200 out@220 end@250",
                                        NULL),
                    *four = g_strconcat(guided, "Halfway.@120 out@120 in@150 out@170 end@200", NULL),
                    *three = g_strconcat(guided, "out@120 end@150", NULL);
    expect("5 breaths", halfway, five);
    expect("4 breaths", halfway, four);
    expect("3 breaths", halfway, three); /* in the last breath it would be no news */
    expect("3 breaths", NULL,
           "In.@0 in@0 Out.@20 out@20 Two more breaths.@35 In.@50 in@50 Out.@70 out@70 Last one.@85 in@100 "
           "out@120 end@150");
}

/* No rounding adds up, and the sounds fill their phases. */
static void test_frames(void)
{
    static const char *const sets[] = {"sound.rate=44100", "pace.speed=70%", NULL};
    AUTO(made) made = made_of("1000 breaths\nbreath = 1-0.001-1", sets);
    const struct timeline *timeline = made_whole(made);
    const struct cue *hold = made_nth(timeline, SPAN_HOLD, 0);
    g_assert_cmpint(hold->frames, ==, 126063000 /* 2001 s × 44,100 ÷ 0.7 */);
    for (guint i = 0; i < 1000; i++) {
        int64_t begin = hold->frame + (int64_t)(i * 126063.0 + 0.5);
        g_assert_cmpint(made_nth(timeline, CUE_IN, i)->frame, ==, begin);
        g_assert_cmpint(made_nth(timeline, CUE_OUT, i)->frame, ==, begin + 63063);
    }
    g_assert_cmpint(made_nth(timeline, CUE_IN, 0)->frames, ==, 63000);
    g_assert_cmpint(made_nth(timeline, CUE_KEEP, 0)->frames, ==, 63);
    g_assert_cmpint(made_nth(timeline, CUE_OUT, 0)->frames, ==, 63000);
}

static void test_estimate(void)
{
    static const char *const brief[] = {"pace.words=brief", NULL}; /* which says no dose */
    AUTO(made) times = made_of("8 times\ntempo = 2-1-3", brief);
    AUTO(made) seconds = made_of("48s", brief);
    g_assert_cmpfloat(
        ABS(script_estimate_step(&times->script, 0) - script_estimate_step(&seconds->script, 0)), <, 1e-6);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rounds/times", test_times);
    g_test_add_func("/rounds/long-numbers", test_long_numbers);
    g_test_add_func("/rounds/many-numbers", test_many_numbers);
    g_test_add_func("/rounds/breaths", test_breaths);
    g_test_add_func("/rounds/counted-breaths", test_counted_breaths);
    g_test_add_func("/rounds/breath-words-that-fit", test_breath_words_that_fit);
    g_test_add_func("/rounds/halfway", test_halfway);
    g_test_add_func("/rounds/frames", test_frames);
    g_test_add_func("/rounds/estimate", test_estimate);
    return g_test_run();
}
