#include "report/captions.h"
#include <string.h>

static int64_t rounded(int64_t frames, int units, int rate)
{
    return (frames * units + rate / 2) / rate;
}

/* "hh:mm:ss" and the milliseconds behind the format's own point. */
static void append_clock(GString *out, int64_t ms, char point)
{
    g_string_append_printf(out, "%02d:%02d:%02d%c%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                           (int)(ms / 1000 % 60), point, (int)(ms % 1000));
}

static void append_interval(GString *out, const struct cue *cue, int rate, char point)
{
    append_clock(out, rounded(cue->frame, 1000, rate), point);
    g_string_append(out, " --> ");
    append_clock(out, rounded(cue->frame + cue->frames, 1000, rate), point);
    g_string_append_c(out, '\n');
}

/* The formats know no escape for the arrow between two times, outside vtt's texts. */
static void append_without_arrow(GString *out, const char *text)
{
    for (const char *arrow; (arrow = strstr(text, "-->")); text = arrow + strlen("-->")) {
        g_string_append_len(out, text, arrow - text);
        g_string_append(out, "→");
    }
    g_string_append(out, text);
}

/* ---- vtt ---- */

static void vtt_begin(GString *out, const char *title)
{
    g_string_append(out, "WEBVTT - ");
    append_without_arrow(out, title);
    g_string_append(out, "\n\n");
}

static void vtt_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    (void)number;
    append_interval(out, cue, rate, '.');
    for (const char *p = cue->text; *p; p++) switch (*p) {
        case '&': g_string_append(out, "&amp;"); break;
        case '<': g_string_append(out, "&lt;"); break;
        case '>': g_string_append(out, "&gt;"); break;
        default: g_string_append_c(out, *p);
        }
    g_string_append(out, "\n\n");
}

/* ---- srt ---- */

/* The format has no tags, but players look for them in angle brackets and in braces. An invisible word joiner
 * behind the bracket makes a name that is not a tag's. */
static void srt_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    g_autoptr(GString) text = g_string_new(NULL);
    append_without_arrow(text, cue->text);
    g_string_append_printf(out, "%u\n", number);
    append_interval(out, cue, rate, ',');
    for (const char *at = text->str; *at; at++) {
        g_string_append_c(out, *at);
        if (strchr("<{\\", *at)) g_string_append(out, "\u2060");
    }
    g_string_append(out, "\n\n");
}

/* ---- lrc ---- */

static void lrc_begin(GString *out, const char *title)
{
    g_string_append_printf(out, "[ti:%s]\n", title);
}

/* A space keeps a text's own bracket from being read as a second time. */
static void lrc_caption(GString *out, guint number, const struct cue *cue, int rate)
{
    (void)number;
    int64_t cs = rounded(cue->frame, 100, rate);
    g_string_append_printf(out, "[%02d:%02d.%02d]%s%s\n", (int)(cs / 6000), (int)(cs / 100 % 60),
                           (int)(cs % 100), *cue->text == '[' ? " " : "", cue->text);
}

/* ---- all of them ---- */

static const char *const names[] = {"vtt", "srt", "lrc", NULL};

static const struct format {
    void (*begin)(GString *out, const char *title); /* or NULL */
    void (*caption)(GString *out, guint number, const struct cue *cue, int rate);
} formats[] = {{vtt_begin, vtt_caption}, {NULL, srt_caption}, {lrc_begin, lrc_caption}};

const char *const *captions_formats(void)
{
    return names;
}

char *captions_text(const char *format, const char *title, const struct timeline *timeline, int rate)
{
    const struct format *f = formats;
    for (const char *const *name = names; *name && strcmp(*name, format) != 0; name++) f++;
    if (f == formats + G_N_ELEMENTS(formats)) return NULL;
    const GArray *cues = timeline_cues(timeline);
    GString *out = g_string_new(NULL);
    guint number = 0;
    if (f->begin) f->begin(out, title);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->text) f->caption(out, ++number, cue, rate);
    }
    return g_string_free(out, FALSE);
}
