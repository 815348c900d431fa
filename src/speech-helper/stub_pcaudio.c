/* A sound library that plays nothing.
 *
 * espeak-ng's library depends on libpcaudio, for playing by itself, and that on PulseAudio, X11, D-Bus and
 * some twenty more: 160 mappings that every child would copy, a tenth of the time of a sentence, and half of
 * the time of starting. This program never lets espeak-ng play. So it takes libpcaudio's place: it is linked
 * under that name, which the loader then finds loaded already, and has the library's few functions. Where a
 * loader does not fall for it, the real ones are loaded and do no harm. */
#include <stddef.h>
#include <stdint.h>

struct audio_object;

struct audio_object *create_audio_device_object(const char *device, const char *application,
                                                const char *description);
int audio_object_open(struct audio_object *object, int format, uint32_t rate, uint8_t channels);
void audio_object_close(struct audio_object *object);
void audio_object_destroy(struct audio_object *object);
int audio_object_write(struct audio_object *object, const void *data, size_t bytes);
int audio_object_drain(struct audio_object *object);
int audio_object_flush(struct audio_object *object);
const char *audio_object_strerror(struct audio_object *object, int error);

enum { NO_SOUND = -1 };

struct audio_object *create_audio_device_object(const char *device, const char *application,
                                                const char *description)
{
    (void)device, (void)application, (void)description;
    return NULL;
}

int audio_object_open(struct audio_object *object, int format, uint32_t rate, uint8_t channels)
{
    (void)object, (void)format, (void)rate, (void)channels;
    return NO_SOUND;
}

void audio_object_close(struct audio_object *object)
{
    (void)object;
}

void audio_object_destroy(struct audio_object *object)
{
    (void)object;
}

int audio_object_write(struct audio_object *object, const void *data, size_t bytes)
{
    (void)object, (void)data, (void)bytes;
    return NO_SOUND;
}

int audio_object_drain(struct audio_object *object)
{
    (void)object;
    return NO_SOUND;
}

int audio_object_flush(struct audio_object *object)
{
    (void)object;
    return NO_SOUND;
}

const char *audio_object_strerror(struct audio_object *object, int error)
{
    (void)object, (void)error;
    return "there is no sound in here";
}
