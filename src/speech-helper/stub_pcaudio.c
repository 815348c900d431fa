/* Takes the place of libpcaudio, which libespeak-ng needs for playing by itself, as it never does here. This
 * program is linked with libpcaudio's soname, so the loader takes it for the library that it would otherwise
 * load, together with PulseAudio, X11, D-Bus and some twenty more: 160 mappings that each child would copy.
 * Saves 10 % of the time of a sentence, and half of the start. A loader that does not accept it loads the
 * real libraries, which do no harm. */

void *create_audio_device_object(void);

void *create_audio_device_object(void)
{
    return 0;
}

static int no_sound(void)
{
    return -1;
}

/* Only the names matter: with no device none of them is called. */
int audio_object_open(void) __attribute__((alias("no_sound")));
int audio_object_close(void) __attribute__((alias("no_sound")));
int audio_object_destroy(void) __attribute__((alias("no_sound")));
int audio_object_write(void) __attribute__((alias("no_sound")));
int audio_object_drain(void) __attribute__((alias("no_sound")));
int audio_object_flush(void) __attribute__((alias("no_sound")));
int audio_object_strerror(void) __attribute__((alias("no_sound")));
