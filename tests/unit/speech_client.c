/* The client with the stand-in engine, whose samples are known without it. */
#include "../lib/speaking.h"
#include "mix/clip.h"
#include "speech-helper/engine.h"

static const char *const sentences[] = {
    "Lift your chest.",
    "Two.",
    "Hold the other side, and breathe.",
    "Rest, 20 seconds.",
    "Then set 2 of 3.",
    "Next: Cat and cow.",
    "Halfway.",
    "Grüße aus Köln.",
    "10 seconds left.",
    "Done.",
};

/* ---- what should come out ---- */

static struct recording *say_here(const char *text)
{
    uint32_t room = tone_samples(text);
    struct recording *recording = g_malloc(sizeof *recording + room * sizeof recording->sample[0]);
    *recording = (struct recording){.room = room};
    g_assert_true(engine_tone.say(text, recording));
    return recording;
}

static struct clip *expected_clip(const char *text, double level)
{
    struct voice voice = speaking_voice("tone", "");
    g_autofree struct recording *phrase = say_here(voice.phrases[PHRASE_LOUDNESS]);
    g_autofree struct recording *said = say_here(text);
    double gain = loudness_gain(phrase->sample, phrase->samples, TONE_RATE, level);
    return clip_make(said->sample, said->samples, TONE_RATE, SPEAKING_RATE, gain, CLIP_CEILING_DBTP);
}

static void assert_spoken(struct speaking *speaking, const char *text, double level)
{
    struct clip *clip = speaking_clip(speaking, text);
    struct clip *expected = expected_clip(text, level);
    assert_same_clip(clip, expected);
    clip_unref(expected);
    clip_unref(clip);
}

/* ---- plain speaking ---- */

static void test_samples(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) speech_request(speaking.speech, sentences[i], 1);
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) assert_spoken(&speaking, sentences[i], -20);
    g_assert_true(speech_ready(speaking.speech));
    g_assert_null(speech_problem(speaking.speech));
    g_assert_cmpuint(speaking.failures->len, ==, 0);
    speaking_end(&speaking);
}

static void test_many_helpers(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 4, "tone", "");
    for (gsize i = G_N_ELEMENTS(sentences); i-- > 0;) speech_request(speaking.speech, sentences[i], 1);
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) assert_spoken(&speaking, sentences[i], -20);
    speaking_end(&speaking);
}

static void test_lengths_only(void)
{
    struct speaking speaking;
    speaking_start(&speaking, 2);
    struct voice voice = speaking_voice("tone", "");
    struct speech_options options = speaking_options(&speaking);
    options.lengths_only = true;
    speech_use(speaking.speech, &voice, &options);
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) {
        struct clip *length = speaking_clip(&speaking, sentences[i]);
        struct clip *clip = expected_clip(sentences[i], -20);
        g_assert_cmpint(length->frames, ==, clip->frames);
        g_assert_false(length->chime);
        clip_unref(clip);
        clip_unref(length);
    }
    speaking_end(&speaking);
}

static void test_wait(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    while (!speech_ready(speaking.speech)) speech_wait(speaking.speech, -1);
    speech_wait(speaking.speech, -1); /* nothing is on its way: no wait */
    speech_request(speaking.speech, "hang-now", 0);
    speech_wait(speaking.speech, 0);
    speech_wait(speaking.speech, 20);
    g_assert_null(speech_find(speaking.speech, "hang-now"));
    speaking_end(&speaking);
}

/* ---- what cannot be said ---- */

static void assert_failure(const struct speaking *speaking, guint i, const char *failure)
{
    g_assert_cmpuint(i, <, speaking->failures->len);
    g_assert_cmpstr(speaking->failures->pdata[i], ==, failure);
}

static void assert_chime(struct speaking *speaking, const char *text)
{
    struct clip *clip = speaking_clip(speaking, text);
    g_assert_true(clip->chime);
    g_assert_cmpint(clip->frames, ==, SPEAKING_CHIME);
    clip_unref(clip);
}

static void test_faults(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    for (int time = 0; time < 2; time++) {
        speech_request(speaking.speech, "crash-now", 11);
        speech_request(speaking.speech, "silent-now", 12);
        speech_request(speaking.speech, "long-now", 13);
        assert_chime(&speaking, "crash-now");
        assert_chime(&speaking, "silent-now");
        assert_chime(&speaking, "long-now");
        assert_spoken(&speaking, "And on.", -20);
    }
    g_assert_cmpuint(speaking.failures->len, ==, 3);
    assert_failure(&speaking, 0, "11: crash-now: the speech engine crashed on this sentence");
    assert_failure(&speaking, 1, "12: silent-now: the speech engine gave no sound");
    assert_failure(&speaking, 2, "13: long-now: the speech engine gave more than 120 s");
    speaking_end(&speaking);
}

/* Takes the helper's full patience. */
static void test_hang(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 2, "tone", "");
    speech_request(speaking.speech, "hang-now", 5);
    assert_spoken(&speaking, "And on.", -20);
    assert_chime(&speaking, "hang-now");
    assert_failure(&speaking, 0, "5: hang-now: the speech engine took longer than 10 s");
    assert_spoken(&speaking, "And on again.", -20);
    speaking_end(&speaking);
}

static void test_no_words(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    speech_request(speaking.speech, "...", 1);
    g_assert_cmpuint(speaking.arrivals, ==, 0); /* never told from inside a call */
    assert_chime(&speaking, "...");
    assert_chime(&speaking, "\xe2\x80\x94");
    assert_chime(&speaking, "");
    while (!speech_ready(speaking.speech)) speech_wait(speaking.speech, SPEAKING_WAIT_MS);
    guint before = speaking.arrivals;
    speech_request(speaking.speech, "?!", 1);
    speech_wait(speaking.speech, SPEAKING_WAIT_MS);
    g_assert_cmpuint(speaking.arrivals, >, before);
    g_assert_cmpuint(speaking.failures->len, ==, 0);
    speaking_end(&speaking);
}

/* A voice whose loudness cannot be measured still speaks. */
static void test_not_measured(void)
{
    static const char *const phrases[] = {"crash-now", "silent-now", "..."};
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        struct speaking speaking;
        speaking_start(&speaking, 2);
        struct voice voice = speaking_voice("tone", "");
        struct speech_options options = speaking_options(&speaking);
        voice.phrases[PHRASE_LOUDNESS] = (char *)phrases[i];
        speech_use(speaking.speech, &voice, &options);
        struct clip *clip = speaking_clip(&speaking, "One.");
        g_assert_false(clip->chime);
        clip_unref(clip);
        g_assert_cmpuint(speaking.failures->len, ==, 0);
        speaking_end(&speaking);
    }
}

/* ---- the store ---- */

static void test_eviction(void)
{
    struct speaking speaking;
    speaking_start(&speaking, 1);
    struct voice voice = speaking_voice("tone", "");
    struct speech_options options = speaking_options(&speaking);
    options.budget = 100000; /* about one second */
    speech_use(speaking.speech, &voice, &options);
    struct clip *held = speaking_clip(&speaking, "This one is held.");
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) clip_unref(speaking_clip(&speaking, sentences[i]));
    g_assert_null(speech_find(speaking.speech, sentences[0]));
    assert_spoken(&speaking, sentences[0], -20);
    struct clip *again = speech_find(speaking.speech, "This one is held.");
    g_assert_true(again == held);
    clip_unref(again);
    clip_unref(held);
    speaking_end(&speaking);
}

/* What was asked for far ahead stays until it is fetched, however small the budget. */
static void test_asked_ahead(void)
{
    struct speaking speaking;
    speaking_start(&speaking, 1);
    struct voice voice = speaking_voice("tone", "");
    struct speech_options options = speaking_options(&speaking);
    options.budget = 0;
    speech_use(speaking.speech, &voice, &options);
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) speech_request(speaking.speech, sentences[i], 0);
    clip_unref(speaking_clip(&speaking, sentences[G_N_ELEMENTS(sentences) - 1]));
    for (gsize i = 0; i + 1 < G_N_ELEMENTS(sentences); i++) {
        struct clip *clip = speech_find(speaking.speech, sentences[i]);
        g_assert_nonnull(clip);
        clip_unref(clip);
    }
    speaking_end(&speaking);
}

/* What many jumps leave behind is not spoken before what was asked for last. */
static void test_left_behind(void)
{
    struct speaking speaking;
    speaking_begin(&speaking, 1, "tone", "");
    for (int i = 0; i < 1000; i++) {
        g_autofree char *text = g_strdup_printf("Sentence %d.", i);
        speech_request(speaking.speech, text, 1);
    }
    assert_spoken(&speaking, "Sentence 999.", -20);
    g_assert_cmpuint(speaking.arrivals, <, 100);
    assert_spoken(&speaking, "Sentence 500.", -20); /* asked for again, it is spoken all the same */
    speaking_end(&speaking);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/client/samples", test_samples);
    g_test_add_func("/client/many-helpers", test_many_helpers);
    g_test_add_func("/client/lengths-only", test_lengths_only);
    g_test_add_func("/client/wait", test_wait);
    g_test_add_func("/client/faults", test_faults);
    g_test_add_func("/client/hang", test_hang);
    g_test_add_func("/client/no-words", test_no_words);
    g_test_add_func("/client/not-measured", test_not_measured);
    g_test_add_func("/client/eviction", test_eviction);
    g_test_add_func("/client/asked-ahead", test_asked_ahead);
    g_test_add_func("/client/left-behind", test_left_behind);
    return g_test_run();
}
