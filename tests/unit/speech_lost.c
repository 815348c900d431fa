/* Helper programs that hang or go wild. This test is such a program itself: started under the name of a mode,
 * it behaves as that mode says. */
#include "../lib/speaking.h"
#include "ipc/speech_packets.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONGEST_S = 45 };

/* ---- the helper ---- */

static void hang(void)
{
    for (;;) pause();
}

static void await_packet(void)
{
    static struct packet_reader reader = {.limit = 1 << 20};
    if (packet_read(&reader, STDIN_FILENO, 0) != PACKET_WHOLE) _exit(0);
}

static void send_clip(const char *samples, guint32 size, gint32 outcome, gint32 rate)
{
    const struct packet packet = {.kind = SPEECH_CLIP, .size = size, .value = {outcome, rate}};
    packet_send(STDIN_FILENO, &packet, samples, 0);
}

static void begin_clip(guint32 size)
{
    const struct packet packet = {.kind = SPEECH_CLIP, .size = size, .value = {OUTCOME_SPOKEN, 22050}};
    send(STDIN_FILENO, &packet, sizeof packet, MSG_NOSIGNAL);
    hang();
}

static void go_wild(const char *mode)
{
    static const char samples[4] = {1, 1, 1, 1};
    if (strcmp(mode, "hang-in-packet") == 0) begin_clip(1000);
    if (strcmp(mode, "hang-in-sentence") == 0) hang();
    if (strcmp(mode, "rate-1") == 0) send_clip(samples, 4, OUTCOME_SPOKEN, 1);
    if (strcmp(mode, "rate-huge") == 0) send_clip(samples, 4, OUTCOME_SPOKEN, INT32_MAX);
    if (strcmp(mode, "rate-negative") == 0) send_clip(samples, 4, OUTCOME_SPOKEN, -22050);
    if (strcmp(mode, "outcome") == 0) send_clip(samples, 4, 77, 22050);
    if (strcmp(mode, "outcome-negative") == 0) send_clip(samples, 4, -1, 22050);
    if (strcmp(mode, "half-a-sample") == 0) send_clip(samples, 3, OUTCOME_SPOKEN, 22050);
    if (strcmp(mode, "size-huge") == 0) begin_clip(UINT32_MAX);
    if (strcmp(mode, "too-long") == 0) {
        guint32 size = 2 * (8000 * SPEECH_SECONDS + 1);
        send_clip(g_malloc0(size), size, OUTCOME_SPOKEN, 8000);
    }
}

static _Noreturn void be_helper(const char *mode)
{
    if (strcmp(mode, "hang-at-start") == 0) hang();
    await_packet();
    packet_send(STDIN_FILENO, &(struct packet){.kind = SPEECH_READY}, NULL, 0);
    for (;;) {
        await_packet();
        go_wild(mode);
    }
}

/* ---- the tests ---- */

static char *directory;

static void begin(struct speaking *speaking, const char *mode)
{
    g_autofree char *path = g_build_filename(directory, mode, NULL),
                    *self = g_file_read_link("/proc/self/exe", NULL);
    struct voice voice = speaking_voice("tone", "");
    g_assert_cmpint(symlink(self, path), ==, 0);
    *speaking = (struct speaking){.failures = g_ptr_array_new_with_free_func(g_free)};
    speaking->speech = speech_new(path, 1, NULL);
    struct speech_options options = speaking_options(speaking);
    speech_use(speaking->speech, &voice, &options);
    speech_request(speaking->speech, "One.", 1);
}

static void assert_lost(struct speaking *speaking)
{
    while (!speech_problem(speaking->speech)) speech_wait(speaking->speech, SPEAKING_WAIT_MS);
    g_assert_true(speech_lost(speaking->speech));
    g_assert_null(speech_find(speaking->speech, "One."));
    g_assert_cmpuint(speaking->failures->len, ==, 0);
}

/* All at once, since each takes its time. */
static void test_hangs(void)
{
    static const char *const modes[] = {"hang-at-start", "hang-in-sentence", "hang-in-packet"};
    struct speaking speaking[G_N_ELEMENTS(modes)];
    gint64 begun = g_get_monotonic_time();
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) begin(&speaking[i], modes[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        assert_lost(&speaking[i]);
        g_assert_nonnull(strstr(speech_problem(speaking[i].speech), "does not answer"));
        gint64 passed = g_get_monotonic_time() - begun;
        g_test_message("%s: %.1f s", modes[i], (double)passed / G_TIME_SPAN_SECOND);
        g_assert_cmpint(passed, <, LONGEST_S * G_TIME_SPAN_SECOND);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) speaking_end(&speaking[i]);
}

static void test_wild(void)
{
    static const char *const modes[] = {"rate-1",           "rate-huge",     "rate-negative", "outcome",
                                        "outcome-negative", "half-a-sample", "size-huge",     "too-long"};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        struct speaking speaking;
        g_test_message("%s", modes[i]);
        begin(&speaking, modes[i]);
        assert_lost(&speaking);
        g_assert_nonnull(strstr(speech_problem(speaking.speech), "ends again and again"));
        speaking_end(&speaking);
    }
}

static void remove_directory(void)
{
    g_autoptr(GDir) files = g_dir_open(directory, 0, NULL);
    for (const char *name; files && (name = g_dir_read_name(files));) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_unlink(path);
    }
    g_rmdir(directory);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], PACKET_PROTOCOL) == 0) {
        g_autofree char *mode = g_path_get_basename(argv[0]);
        be_helper(mode);
    }
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("speech-lost-XXXXXX", NULL);
    g_test_add_func("/lost/wild", test_wild);
    g_test_add_func("/lost/hangs", test_hangs);
    int failed = g_test_run();
    remove_directory();
    g_free(directory);
    return failed;
}
