#include "mpris_private.h"
#include <math.h>

#define QUIETEST_DB (-60.0)

/* --- volume --- */

/* Rounded, so that what was written is what is read. */
double mpris_volume(double db)
{
    double loudness = pow(10, fmin(fmax(db, QUIETEST_DB), 0) / 60);
    return round((loudness - 0.1) / 0.9 * 1e6) / 1e6;
}

double mpris_db(double volume)
{
    double loudness = 0.1 + 0.9 * fmin(fmax(volume, 0), 1); /* no number counts as 0 */
    return 60 * log10(loudness);
}

/* --- properties --- */

static void add(GVariantDict *dict, const char *name, GVariant *value)
{
    g_variant_dict_insert_value(dict, name, value);
}

static void add_flag(GVariantDict *dict, const char *name, bool flag)
{
    add(dict, name, g_variant_new_boolean(flag));
}

static void add_text(GVariantDict *dict, const char *name, const char *text)
{
    add(dict, name, g_variant_new_string(text));
}

static GVariant *end(GVariantDict *dict)
{
    return g_variant_ref_sink(g_variant_dict_end(dict));
}

/* There is no desktop entry: desktops would answer a click on the player by starting it, for want of a window
 * to raise, and that would be a second session. */
GVariant *mpris_root_properties(void)
{
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    add_flag(&dict, "CanQuit", true);
    add_flag(&dict, "CanRaise", false);
    add_flag(&dict, "HasTrackList", false);
    add_text(&dict, "Identity", "stretchvoice");
    add_text(&dict, "DesktopEntry", "");
    add(&dict, "SupportedUriSchemes", g_variant_new_strv(NULL, 0));
    add(&dict, "SupportedMimeTypes", g_variant_new_strv(NULL, 0));
    return end(&dict);
}

static GVariant *metadata(const struct mpris_state *state, unsigned track)
{
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    if (state->track) {
        g_autofree char *id = g_strdup_printf("/stretchvoice/track/%u", track);
        add(&dict, "mpris:trackid", g_variant_new_object_path(id));
        add_text(&dict, "xesam:title", state->track);
        add_text(&dict, "xesam:album", state->routine);
    }
    if (state->track && state->step > 0) add(&dict, "xesam:trackNumber", g_variant_new_int32(state->step));
    if (state->track && state->length >= 0) add(&dict, "mpris:length", g_variant_new_int64(state->length));
    return g_variant_dict_end(&dict);
}

static const char *playback_status(enum mpris_playback playback)
{
    static const char *const names[] = {
        [MPRIS_STOPPED] = "Stopped",
        [MPRIS_PAUSED] = "Paused",
        [MPRIS_PLAYING] = "Playing",
    };
    return names[playback];
}

GVariant *mpris_player_properties(const struct mpris_state *state, unsigned track)
{
    bool stopped = state->playback == MPRIS_STOPPED;
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    add_text(&dict, "PlaybackStatus", playback_status(state->playback));
    add(&dict, "Metadata", metadata(state, track));
    add(&dict, "Volume", g_variant_new_double(mpris_volume(state->volume)));
    add_flag(&dict, "CanGoNext", !stopped && state->can_next);
    add_flag(&dict, "CanGoPrevious", !stopped && state->can_previous);
    add_flag(&dict, "CanPlay", !stopped);
    add_flag(&dict, "CanPause", !stopped);
    add_flag(&dict, "CanSeek", false);
    add_flag(&dict, "CanControl", true);
    add(&dict, "Rate", g_variant_new_double(1));
    add(&dict, "MinimumRate", g_variant_new_double(1));
    add(&dict, "MaximumRate", g_variant_new_double(1));
    return end(&dict);
}

/* --- what has changed --- */

GVariant *mpris_changes(GVariant *before, GVariant *now)
{
    g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT(NULL);
    g_autoptr(GVariant) changes = NULL;
    GVariantIter iter;
    const char *name;
    GVariant *value;
    g_variant_iter_init(&iter, now);
    while (g_variant_iter_loop(&iter, "{&sv}", &name, &value)) {
        g_autoptr(GVariant) old = g_variant_lookup_value(before, name, NULL);
        if (!old || !g_variant_equal(old, value)) add(&dict, name, value);
    }
    changes = end(&dict);
    return g_variant_n_children(changes) > 0 ? g_steal_pointer(&changes) : NULL;
}
