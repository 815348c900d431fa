#include "deck.h"
#include "base/read.h"
#include "ipc/child.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 20000, /* for an answer: a minute of music measured, or half a second decoded */
    LEAST_S = 1,         /* a shorter file is no music */
};

struct deck {
    struct deck_options options;
    int fd;
    char *kept; /* path of what is kept of its measure; NULL: nothing is */
    bool is_measured;
    struct music_measure measure;
    struct child *child;
    int asked; /* frames; 0: none */
};

/* ---- what is kept: the file is known by its identity, not by its name ---- */

static char *kept_path(const struct deck *deck)
{
    struct stat info;
    if (!deck->options.cache || fstat(deck->fd, &info) != 0) return NULL;
    g_autofree char *name =
        g_strdup_printf("%llx-%llx-%llx-%llx.%09ld-%d", (unsigned long long)info.st_dev,
                        (unsigned long long)info.st_ino, (unsigned long long)info.st_size,
                        (unsigned long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec, deck->options.rate);
    return g_build_filename(deck->options.cache, name, NULL);
}

static bool is_music(const struct deck *deck, const struct music_measure *measure)
{
    return isfinite(measure->lufs) && measure->peak > 0 && isfinite(measure->peak) &&
           measure->frames >= (int64_t)LEAST_S * deck->options.rate &&
           measure->frames <= (int64_t)MUSIC_HOURS * 3600 * deck->options.rate + deck->options.rate;
}

static bool recall(struct deck *deck)
{
    g_autofree char *text = NULL;
    struct music_measure *measure = &deck->measure;
    if (!deck->kept || !g_file_get_contents(deck->kept, &text, NULL, NULL)) return false;
    g_auto(GStrv) words = g_strsplit(g_strstrip(text), " ", -1);
    if (g_strv_length(words) != 3) return false;
    *measure = (struct music_measure){g_ascii_strtod(words[0], NULL), g_ascii_strtod(words[1], NULL),
                                      g_ascii_strtoll(words[2], NULL, 10)};
    return is_music(deck, measure);
}

/* What cannot be kept is measured again. All digits are kept: a gain does not depend on when it was measured.
 */
static void keep(const struct deck *deck)
{
    char lufs[G_ASCII_DTOSTR_BUF_SIZE], peak[G_ASCII_DTOSTR_BUF_SIZE];
    if (!deck->kept || g_mkdir_with_parents(deck->options.cache, 0700) != 0) return;
    g_ascii_dtostr(lufs, sizeof lufs, deck->measure.lufs);
    g_ascii_dtostr(peak, sizeof peak, deck->measure.peak);
    g_autofree char *text = g_strdup_printf("%s %s %" G_GINT64_FORMAT "\n", lufs, peak, deck->measure.frames);
    g_file_set_contents(deck->kept, text, -1, NULL);
}

/* ---- the helper ---- */

static void fail(struct deck *deck, const char *why)
{
    g_clear_pointer(&deck->child, child_free);
    deck->options.failed(deck->options.data, deck, why);
}

static bool take_measure(struct deck *deck, const void *payload)
{
    struct music_measure measure;
    memcpy(&measure, payload, sizeof measure);
    g_clear_pointer(&deck->child, child_free);
    if (!is_music(deck, &measure)) {
        fail(deck, measure.frames < (int64_t)LEAST_S * deck->options.rate ? "shorter than a second"
                                                                          : "nothing is heard in it");
        return true;
    }
    deck->measure = measure;
    deck->is_measured = true;
    keep(deck);
    deck->options.measured(deck->options.data, deck);
    return true;
}

static bool take_frames(struct deck *deck, const struct packet *packet, const void *payload)
{
    const gsize frame = MUSIC_CHANNELS * sizeof(int16_t);
    if (packet->size % frame != 0 || packet->size / frame > (gsize)deck->asked) return false;
    child_expect(deck->child, 0);
    deck->asked = 0;
    deck->options.decoded(deck->options.data, deck, payload, (int)(packet->size / frame));
    return true;
}

static bool take_problem(struct deck *deck, const char *why)
{
    g_autofree char *text = g_utf8_make_valid(why, -1);
    fail(deck, text);
    return true;
}

static bool on_packet(void *data, const struct packet *packet, const void *payload)
{
    struct deck *deck = data;
    const bool measures = !deck->is_measured;
    if (packet->kind == MUSIC_WORKING && measures && packet->size == 0) {
        child_expect(deck->child, PATIENCE_MS);
        return true;
    }
    if (packet->kind == MUSIC_MEASURED && measures && packet->size == sizeof deck->measure)
        return take_measure(deck, payload);
    if (packet->kind == MUSIC_FRAMES && deck->asked > 0) return take_frames(deck, packet, payload);
    return packet->kind == MUSIC_BAD && take_problem(deck, payload);
}

static void on_lost(void *data, enum child_loss loss)
{
    fail(data, loss == CHILD_SILENT ? "it cannot be decoded in time" : "it cannot be decoded");
}

static const struct child_ops child_ops = {on_packet, on_lost};

/* The descriptor's position is shared with the helper before. */
static bool start(struct deck *deck, char **why)
{
    const struct child_options options = {.program = deck->options.program,
                                          .extra_fd = deck->fd,
                                          .limit = MUSIC_FRAMES_MAX * MUSIC_CHANNELS * sizeof(int16_t),
                                          .ops = &child_ops,
                                          .data = deck};
    g_autoptr(GError) error = NULL;
    lseek(deck->fd, 0, SEEK_SET);
    deck->child = child_new(&options, &error);
    if (!deck->child) *why = g_strdup(error->message);
    return deck->child != NULL;
}

static void ask(struct deck *deck, enum music_packet kind, int frames)
{
    const struct packet packet = {.kind = kind,
                                  .value = {[MUSIC_RATE] = deck->options.rate, [MUSIC_COUNT] = frames}};
    child_send(deck->child, &packet, NULL);
    child_expect(deck->child, PATIENCE_MS);
}

/* ---- the deck ---- */

struct deck *deck_new(const struct deck_options *options, char **why)
{
    gint64 size;
    int fd = open_regular(options->path, &size, why);
    if (fd < 0) return NULL;
    struct deck *deck = g_new0(struct deck, 1);
    deck->options = *options;
    deck->fd = fd;
    deck->kept = kept_path(deck);
    deck->is_measured = recall(deck);
    if (deck->is_measured) return deck;
    if (start(deck, why)) {
        ask(deck, MUSIC_MEASURE, 0);
        return deck;
    }
    deck_free(deck);
    return NULL;
}

void deck_free(struct deck *deck)
{
    if (!deck) return;
    child_free(deck->child);
    close(deck->fd);
    g_free(deck->kept);
    g_free(deck);
}

const struct music_measure *deck_measure(const struct deck *deck)
{
    return deck->is_measured ? &deck->measure : NULL;
}

void deck_ask(struct deck *deck, int frames)
{
    g_autofree char *why = NULL;
    deck->asked = frames;
    if (deck->child || start(deck, &why))
        ask(deck, MUSIC_PLAY, frames);
    else
        fail(deck, why);
}

bool deck_is_asked(const struct deck *deck)
{
    return deck->asked > 0;
}
