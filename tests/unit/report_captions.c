#include "base/sentence.h"
#include "plan/script.h"
#include "report/listing.h"
#include <string.h>

enum { RATE = 44100 };

static const struct timing TIMING = {.rate = RATE, .gap = RATE / 2, .tone = {[OCCASION_STEP] = RATE / 10}};

static bool find(void *data, const char *text, struct spoken *spoken)
{
    (void)data;
    *spoken = (struct spoken){.frames = (int64_t)strlen(text) * 5000 + 7, .chime = !sentence_has_words(text)};
    return true;
}

static void say(struct timeline *timeline, const char *text)
{
    struct line line = {.kind = LINE_SPEECH, .role = ROLE_SETUP, .sentences = sentences_split(text, NULL)};
    g_assert_true(timeline_append(timeline, &line));
    g_ptr_array_unref(line.sentences);
}

static void wait(struct timeline *timeline, int seconds)
{
    const struct line line = {.kind = LINE_SPAN, .span = SPAN_REST, .frames = (int64_t)seconds * RATE};
    g_assert_true(timeline_append(timeline, &line));
}

static struct timeline *make(int gap)
{
    const struct clip_ops ops = {.find = find};
    struct timing timing = TIMING;
    timing.gap = gap;
    return timeline_new(&timing, &ops);
}

static char *captions(const char *format)
{
    AUTO(timeline) timeline = make(RATE / 2);
    say(timeline, "A --> <b> & ü.");
    wait(timeline, 3600);
    say(timeline, "—");
    say(timeline, "[00:01.00] C.");
    timeline_finish(timeline);
    return captions_text(format, "Up --> & on", timeline, RATE);
}

static void test_vtt(void)
{
    g_autofree char *text = captions("vtt");
    g_assert_cmpstr(text, ==,
                    "WEBVTT - Up → & on\n\n"
                    "00:00:00.000 --> 00:00:01.701\nA --&gt; &lt;b&gt; &amp; ü.\n\n"
                    "01:00:02.201 --> 01:00:02.541\n—\n\n"
                    "01:00:03.041 --> 01:00:04.515\n[00:01.00] C.\n\n");
}

static void test_srt(void)
{
    g_autofree char *text = captions("srt");
    g_assert_cmpstr(text, ==,
                    "1\n00:00:00,000 --> 00:00:01,701\nA → <\u2060b> & ü.\n\n"
                    "2\n01:00:02,201 --> 01:00:02,541\n—\n\n"
                    "3\n01:00:03,041 --> 01:00:04,515\n[00:01.00] C.\n\n");
}

static void test_lrc(void)
{
    g_autofree char *text = captions("lrc");
    g_assert_cmpstr(text, ==,
                    "[ti:Up --> & on]\n"
                    "[00:00.00]A --> <b> & ü.\n"
                    "[60:02.20]—\n"
                    "[60:03.04]\u2060[00:01.00] C.\n");
}

static void test_unknown(void)
{
    AUTO(timeline) timeline = make(0);
    g_assert_null(captions_text("txt", "", timeline, RATE));
    g_assert_null(captions_text("", "", timeline, RATE));
}

static gint64 clock_ms(const char *text)
{
    int h, m, s, ms;
    g_assert_cmpint(sscanf(text, "%d:%d:%d,%d", &h, &m, &s, &ms), ==, 4);
    return ((h * 60 + m) * 60 + s) * 1000LL + ms;
}

/* Rounding must not let a caption run into the one that follows without a gap. */
static void test_no_overlap(void)
{
    AUTO(timeline) timeline = make(0);
    for (int i = 0; i < 1000; i++) say(timeline, i % 3 ? "Ab." : "Abcd.");
    g_autofree char *text = captions_text("srt", "", timeline, RATE);
    gint64 end = 0;
    guint n = 0;
    for (const char *arrow = text; (arrow = strstr(arrow, " --> ")); arrow++, n++) {
        g_assert_cmpint(clock_ms(arrow - strlen("00:00:00,000")), >=, end);
        end = clock_ms(arrow + strlen(" --> "));
    }
    g_assert_cmpuint(n, ==, 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/captions/vtt", test_vtt);
    g_test_add_func("/captions/srt", test_srt);
    g_test_add_func("/captions/lrc", test_lrc);
    g_test_add_func("/captions/unknown", test_unknown);
    g_test_add_func("/captions/no-overlap", test_no_overlap);
    return g_test_run();
}
