/* A sound file as a speech program leaves it, or somebody has recorded it. */
#include "fuzz.h"
#include "voice-helper/sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sound sound;
    g_autofree char *why = NULL;
    sound_init(&sound);
    if (sound_decode(&sound, data, size, &why)) {
        g_assert_cmpint(sound.rate, >, 0);
        g_assert_cmpint(sound.samples->len, <=, SPEECH_SECONDS * sound.rate + 1);
        sound_judge(&sound);
    } else {
        g_assert_nonnull(why);
    }
    sound_finish(&sound);
    return 0;
}
