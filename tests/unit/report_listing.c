#include "base/sentence.h"
#include "plan/script.h"
#include "report/listing.h"
#include <string.h>

/* At 1,000 Hz a frame is a millisecond; made-up speech takes 100 of them a byte. */
static const struct timing TIMING = {
    .rate = 1000,
    .gap = 600,
    .tick = 1000,
    .tone = {[OCCASION_TICK] = 30,
             [OCCASION_GO] = 200,
             [OCCASION_END] = 300,
             [OCCASION_STEP] = 900,
             [OCCASION_DONE] = 900},
};

static struct move moves[] = {{.name = (char *)"cow", .line = 9}};
static struct move own_move[] = {{.line = 20}};
static struct step steps[] = {
    {.name = (char *)"cat-cow", .moves = moves, .n_moves = 1},
    {.name = (char *)"plank", .moves = own_move, .n_moves = 1},
};
static const struct routine ROUTINE = {
    .name = (char *)"back",
    .title = (char *)"Back \"and\" front \\ 1/2 \x7f",
    .steps = steps,
    .n_steps = 2,
};

static const struct place NOWHERE = {.step = PLACE_HEAD, .move = -1};

static bool find(void *data, const char *text, struct spoken *spoken)
{
    (void)data;
    *spoken = (struct spoken){.frames = (int64_t)strlen(text) * 100, .chime = !sentence_has_words(text)};
    return true;
}

static void append(struct timeline *timeline, struct line line, const char *text)
{
    if (text) line.sentences = sentences_split(text, NULL);
    g_assert_true(timeline_append(timeline, &line));
    g_clear_pointer(&line.sentences, g_ptr_array_unref);
}

static struct timeline *make(void)
{
    const struct clip_ops ops = {.find = find};
    const struct place hold = {.step = 0, .set = 1, .rep = 2, .move = 0, .side = SIDE_LEFT};
    struct timeline *timeline = timeline_new(&TIMING, &ops);
    append(timeline, (struct line){.kind = LINE_SPEECH, .role = ROLE_TITLE, .place = NOWHERE}, "Back.");
    append(timeline, (struct line){.kind = LINE_HOLD, .frames = 2000, .place = hold}, NULL);
    append(
        timeline,
        (struct line){.kind = LINE_SPEECH, .role = ROLE_CUE, .settle = 600, .place = {.step = 1, .move = 0}},
        "…");
    append(timeline,
           (struct line){.kind = LINE_CHIME, .role = ROLE_DONE, .place = {.step = PLACE_CLOSING, .move = -1}},
           NULL);
    timeline_finish(timeline);
    return timeline;
}

static char *printed(void (*print)(FILE *, const struct routine *, const struct timeline *, int))
{
    char *text;
    gsize length;
    AUTO(timeline) timeline = make();
    FILE *out = open_memstream(&text, &length);
    print(out, &ROUTINE, timeline, TIMING.rate);
    fclose(out);
    return text;
}

static void test_json(void)
{
    g_autofree char *text = printed(listing_json);
    g_assert_cmpstr(text, ==,
                    "{\"type\":\"routine\",\"name\":\"back\",\"title\":\"Back \\\"and\\\" front \\\\ 1/2 "
                    "\\u007f\",\"rate\":1000,"
                    "\"frames\":5200,\"seconds\":5.2000000000000002,\"steps\":2}\n"
                    "{\"type\":\"speech\",\"frame\":0,\"frames\":500,\"text\":\"Back.\",\"role\":\"title\"}\n"
                    "{\"type\":\"gap\",\"frame\":500,\"frames\":600}\n"
                    "{\"type\":\"hold\",\"frame\":1100,\"frames\":2000,\"step\":\"cat-cow\",\"move\":\"cow\","
                    "\"set\":1,\"rep\":2,\"side\":\"left\"}\n"
                    "{\"type\":\"go\",\"frame\":1100,\"frames\":200,\"step\":\"cat-cow\",\"move\":\"cow\","
                    "\"set\":1,\"rep\":2,\"side\":\"left\"}\n"
                    "{\"type\":\"tick\",\"frame\":2100,\"frames\":30,\"step\":\"cat-cow\",\"move\":\"cow\","
                    "\"set\":1,\"rep\":2,\"side\":\"left\"}\n"
                    "{\"type\":\"end\",\"frame\":3100,\"frames\":300,\"step\":\"cat-cow\",\"move\":\"cow\","
                    "\"set\":1,\"rep\":2,\"side\":\"left\"}\n"
                    "{\"type\":\"chime\",\"frame\":3400,\"frames\":300,\"text\":\"…\",\"role\":\"sentence\","
                    "\"step\":\"plank\"}\n"
                    "{\"type\":\"gap\",\"frame\":3700,\"frames\":600,\"step\":\"plank\"}\n"
                    "{\"type\":\"chime\",\"frame\":4300,\"frames\":900,\"role\":\"done\"}\n");
}

static void test_table(void)
{
    g_autofree char *text = printed(listing_table);
    g_assert_cmpstr(text, ==,
                    "Back \"and\" front \\ 1/2 ?: 2 steps, 0:05.2\n\n"
                    "     time  seconds  what         where                           text\n"
                    "   0:00.0      0.5  title                                        Back.\n"
                    "   0:01.1      2.0  hold         cat-cow.cow set 1 rep 2 left\n"
                    "   0:01.1      0.2  go           cat-cow.cow set 1 rep 2 left\n"
                    "   0:03.1      0.3  end          cat-cow.cow set 1 rep 2 left\n"
                    "   0:03.4      0.3  chime        plank                           …\n"
                    "   0:04.3      0.9  chime\n");
}

static void test_long_times(void)
{
    char *text;
    gsize length;
    const struct clip_ops ops = {.find = find};
    AUTO(timeline) timeline = timeline_new(&TIMING, &ops);
    append(timeline,
           (struct line){.kind = LINE_SPAN, .span = SPAN_REST, .frames = 86399960, .place = NOWHERE}, NULL);
    append(timeline, (struct line){.kind = LINE_CHIME, .role = ROLE_DONE, .place = NOWHERE}, NULL);
    FILE *out = open_memstream(&text, &length);
    listing_table(out, &ROUTINE, timeline, TIMING.rate);
    fclose(out);
    g_assert_nonnull(strstr(text, "\n1440:00.0      0.9  chime\n"));
    free(text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/listing/json", test_json);
    g_test_add_func("/listing/table", test_table);
    g_test_add_func("/listing/long-times", test_long_times);
    return g_test_run();
}
