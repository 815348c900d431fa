/* The head of a sound file, as music. What libsndfile reads of it comes out as samples, or not at all. */
#include "fuzz.h"
#include "music-helper/decoder.h"
#include <stdlib.h>
#include <unistd.h>

enum { FRAMES = 4096, MOST = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int16_t stereo[2 * FRAMES];
    int fd = fuzz_file(data, size);
    const char *why = NULL;
    struct decoder *decoder = decoder_new(fd, 48000, &why);
    for (int i = 0; decoder && i < MOST && decoder_read(decoder, stereo, FRAMES) == FRAMES;) i++;
    g_assert_true(decoder || why);
    decoder_free(decoder);
    close(fd);
    return 0;
}
