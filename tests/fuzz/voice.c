/* A voice profile: every phrase can be said with any number, and what is taken reads back the same. */
#include "config/voice.h"
#include "fuzz.h"
#include <string.h>

enum { PART = 16 };

/* A part of them, another one for each size of the input: all of them would take most of the time. */
static void say_some(const struct voice *voice, size_t size)
{
    static const int counts[] = {1, 2, 21};
    for (int i = (int)(size % PART); i < N_PHRASES; i += PART) {
        for (gsize j = 0; j < G_N_ELEMENTS(counts); j++) {
            g_autofree char *text = voice_phrase(voice, (enum phrase)i, counts[j], NULL, 0);
            g_ptr_array_unref(voice_sentences(voice, text));
        }
    }
    for (int s = 0; s < 200; s += 7) g_free(voice_time(voice, s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(diags) diags = diags_new();
    AUTO(ini) ini = ini_from_text((const char *)data, size, "fuzz.ini", diags);
    AUTO(voice) voice = ini ? voice_from_ini("fuzz", ini, diags) : NULL;
    bool wrong = diags_errors(diags) > 0;
    fuzz_show(diags);
    if (!voice || wrong) return 0;
    say_some(voice, size);

    g_autofree char *written = voice_ini(voice);
    AUTO(ini) read = ini_from_text(written, strlen(written), "fuzz.ini", diags);
    AUTO(voice) again = voice_from_ini("fuzz", read, diags);
    g_assert_cmpint(diags_errors(diags), ==, 0);
    g_autofree char *same = voice_ini(again);
    g_assert_cmpstr(same, ==, written);
    return 0;
}
