/* Speech for unit tests: the helper of this build, a voice, and the callbacks that came. */
#ifndef TESTS_SPEAKING_H
#define TESTS_SPEAKING_H

#include "speech/speech.h"
#include <string.h>

enum { SPEAKING_RATE = 48000, SPEAKING_CHIME = 1234, SPEAKING_WAIT_MS = 60000 };

struct speaking {
    struct speech *speech;
    GPtrArray *failures; /* char *: "line: text: why" */
    guint arrivals;
};

/* BUILD/tests/unit/NAME -> BUILD/stretchvoice-speech */
static char *speaking_program(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *directory = g_path_get_dirname(self);
    return g_canonicalize_filename("../../stretchvoice-speech", directory);
}

static struct voice speaking_voice(const char *engine, const char *name)
{
    struct voice voice = {.rate = 170, .pitch = 50, .range = 50};
    voice.engine = (char *)engine;
    voice.voice = (char *)name;
    voice.variant = voice.clips = (char *)"";
    voice.phrases[PHRASE_LOUDNESS] = (char *)"Lie on your back, and bend your knees. Breathe in slowly.";
    return voice;
}

static inline void speaking_failed(void *data, const char *text, int source, const char *why)
{
    struct speaking *speaking = data;
    g_ptr_array_add(speaking->failures, g_strdup_printf("%d: %.20s: %s", source, text, why));
}

static inline void speaking_arrived(void *data)
{
    ((struct speaking *)data)->arrivals++;
}

static struct speech_options speaking_options(struct speaking *speaking)
{
    return (struct speech_options){.rate = SPEAKING_RATE,
                                   .level = -20,
                                   .ceiling = CLIP_CEILING_DBTP,
                                   .chime = SPEAKING_CHIME,
                                   .budget = 64 << 20,
                                   .ahead = 16,
                                   .failed = speaking_failed,
                                   .arrived = speaking_arrived,
                                   .data = speaking};
}

static inline void speaking_start(struct speaking *speaking, guint helpers)
{
    g_autofree char *program = speaking_program();
    g_autoptr(GError) error = NULL;
    *speaking = (struct speaking){.failures = g_ptr_array_new_with_free_func(g_free)};
    speaking->speech = speech_new(program, helpers, &error);
    g_assert_no_error(error);
}

static inline void speaking_begin(struct speaking *speaking, guint helpers, const char *engine,
                                  const char *name)
{
    speaking_start(speaking, helpers);
    struct voice voice = speaking_voice(engine, name);
    struct speech_options options = speaking_options(speaking);
    speech_use(speaking->speech, &voice, &options);
}

static inline void speaking_end(struct speaking *speaking)
{
    speech_free(speaking->speech);
    g_ptr_array_unref(speaking->failures);
}

/* Waits until the clip is there; the caller unrefs it. */
static inline struct clip *speaking_clip(struct speaking *speaking, const char *text)
{
    struct clip *clip;
    while (!(clip = speech_find(speaking->speech, text))) {
        guint before = speaking->arrivals;
        speech_wait(speaking->speech, SPEAKING_WAIT_MS);
        g_assert_cmpuint(speaking->arrivals, >, before);
    }
    return clip;
}

static inline void assert_same_clip(const struct clip *a, const struct clip *b)
{
    g_assert_cmpint(a->chime, ==, b->chime);
    g_assert_cmpmem(a->samples, a->chime ? 0 : (gsize)a->frames * sizeof a->samples[0], b->samples,
                    b->chime ? 0 : (gsize)b->frames * sizeof b->samples[0]);
}

#endif
