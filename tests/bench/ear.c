/* The engine of stretchvoice-ear, fed from files, faster than real time: what tests/bench/listen measures
 * with.
 *
 *   ear wake|session|push MODEL DICTIONARY WORDS TIMES FILE...
 *
 * A file has 16-bit frames of two channels, 16,000 a second: what the microphone hears, and what is played.
 * WORDS is a file of lines "NUMBER phrase", TIMES one of the milliseconds of a file at which it begins to
 * listen for a phrase, in a microphone that is always open, or open only then. "wake" spots the wake words.
 * Prints "FILE MS EVENT COMMAND OTHER SCORE AHEAD" for each event, and at the end the seconds on a processor
 * and those of sound. */
#include "../../src/ear-helper/echo.h"
#include "../../src/ear-helper/hearing.h"
#include "../../src/ear-helper/words.h"
#include "ipc/ear_packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 320, MS = HEARING_RATE / 1000 };

struct bench {
    struct hearing *hearing;
    const char *file;
    char **times; /* milliseconds that are to come; NULL: it spots */
    bool pushes;  /* the microphone is open only while it listens */
    long at;      /* frames */
};

static void take(void *data, const int16_t *samples, int frames)
{
    static const char *const names[] = {"", "wake", "phrase", "unsure", "nothing"};
    struct bench *bench = data;
    const struct hearing_result result = hearing_feed(bench->hearing, samples, frames, EAR_WINDOW_S);
    if (result.heard == HEARD_NOTHING_YET) return;
    printf("%s %ld %s %d %d %.1f %.1f\n", bench->file, bench->at / MS, names[result.heard], result.command,
           result.other, result.score, result.ahead);
    if (!bench->times && !hearing_is_busy(bench->hearing)) hearing_spot(bench->hearing);
}

static void look_at_time(struct bench *bench, struct echo *echo)
{
    if (!bench->times || !*bench->times || bench->at < atol(*bench->times) * MS) return;
    if (bench->pushes) echo_begin(echo, HEARING_RATE);
    hearing_listen(bench->hearing, EAR_WINDOW_S);
    bench->times++;
}

static void hear(struct bench *bench)
{
    int16_t frames[2 * BLOCK], heard[BLOCK], played[2 * BLOCK];
    struct echo *echo = echo_new(HEARING_RATE);
    FILE *file = fopen(bench->file, "rb");
    if (!file) exit(1);
    echo_begin(echo, HEARING_RATE);
    if (!bench->times) hearing_spot(bench->hearing);
    for (bench->at = 0; fread(frames, 2 * sizeof *frames, BLOCK, file) == BLOCK;) {
        for (int i = 0; i < BLOCK; i++) {
            heard[i] = frames[2 * i];
            played[2 * i] = played[2 * i + 1] = frames[2 * i + 1];
        }
        look_at_time(bench, echo);
        bench->at += BLOCK;
        if (bench->pushes && !hearing_is_busy(bench->hearing)) continue;
        echo_played(echo, played, BLOCK);
        echo_heard(echo, heard, BLOCK, take, bench);
    }
    hearing_stop(bench->hearing);
    echo_free(echo);
    fclose(file);
}

int main(int argc, char **argv)
{
    g_autofree char *lines = NULL, *list = NULL;
    if (argc < 7 || !g_file_get_contents(argv[4], &lines, NULL, NULL) ||
        !g_file_get_contents(argv[5], &list, NULL, NULL))
        return 2;
    g_auto(GStrv) times = g_strsplit(g_strstrip(list), "\n", -1);
    struct words *words = words_new(lines, argv[3]);
    struct bench bench = {.pushes = strcmp(argv[1], "push") == 0,
                          .hearing = words ? hearing_new(argv[2], words) : NULL};
    if (!bench.hearing) return 1;
    long frames = 0;
    const clock_t begin = clock();
    for (int i = 6; i < argc; i++) {
        bench.file = argv[i];
        bench.times = strcmp(argv[1], "wake") == 0 ? NULL : times;
        hear(&bench);
        frames += bench.at;
    }
    printf("total %.2f %.2f\n", (double)(clock() - begin) / CLOCKS_PER_SEC, (double)frames / HEARING_RATE);
    hearing_free(bench.hearing);
    words_free(words);
    return 0;
}
