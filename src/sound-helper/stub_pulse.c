/* Replaces a function of libpulse for ALSA's plugin in this program (the linker exports it: see the
 * Makefile).
 *
 * When its buffer has run empty, the plugin has the stream stopped, and PortAudio makes another one. That one
 * may begin two seconds later, on an idle sink without hardware, while the old one would go on with the next
 * frames. So the plugin is not notified. Its own setting for this (handle_underrun) would have to be in the
 * user's files. */
#include <pulse/stream.h>

void pa_stream_set_underflow_callback(pa_stream *stream, pa_stream_notify_cb_t callback, void *data)
{
    (void)stream, (void)callback, (void)data;
}
