#include "listeners.h"

enum { LOSS_NOTE_S = 60 }; /* between two lines about lost sound */

struct listeners {
    GArray *all; /* struct listener */
    bool quiet;
    int64_t said;       /* frame up to which sentences have been passed on */
    guint losses;       /* since a line last said so; */
    int64_t loss_noted; /* when that was, microseconds; 0: never */
};

#define EACH(listeners, listener)                                                                            \
    for (const struct listener *listener = (const struct listener *)(void *)(listeners)->all->data,          \
                               *const end = listener + (listeners)->all->len;                                \
         listener < end; listener++)

struct listeners *listeners_new(bool quiet)
{
    struct listeners *listeners = g_new0(struct listeners, 1);
    listeners->all = g_array_new(FALSE, FALSE, sizeof(struct listener));
    listeners->quiet = quiet;
    return listeners;
}

void listeners_free(struct listeners *listeners)
{
    g_array_unref(listeners->all);
    g_free(listeners);
}

void listeners_add(struct listeners *listeners, const struct listener *listener)
{
    g_array_append_val(listeners->all, *listener);
}

/* ---- what happens ---- */

void listeners_started(const struct listeners *listeners)
{
    EACH(listeners, listener)
    if (listener->started) listener->started(listener->data);
}

void listeners_status(const struct listeners *listeners, const struct status *status)
{
    EACH(listeners, listener)
    if (listener->status) listener->status(listener->data, status);
}

void listeners_answer(const struct listeners *listeners, guint number, const char *words)
{
    EACH(listeners, listener)
    if (listener->answer) listener->answer(listener->data, number, words);
}

void listeners_done(const struct listeners *listeners)
{
    EACH(listeners, listener)
    if (listener->done) listener->done(listener->data);
}

void listeners_over(const struct listeners *listeners, const GError *error)
{
    EACH(listeners, listener)
    if (listener->over) listener->over(listener->data, error);
}

/* ---- lines ---- */

/* To be freed. */
static char *program_line(const char *format, va_list arguments) G_GNUC_PRINTF(1, 0);

static char *program_line(const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    return g_strconcat("stretchvoice: ", text, NULL);
}

static void note_line(const struct listeners *listeners, const char *line)
{
    EACH(listeners, listener)
    if (listener->note) listener->note(listener->data, line);
}

void listeners_note(const struct listeners *listeners, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = program_line(format, arguments);
    va_end(arguments);
    if (!listeners->quiet) note_line(listeners, line);
}

void listeners_news(const struct listeners *listeners, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = program_line(format, arguments);
    va_end(arguments);
    if (listeners->quiet) return;
    EACH(listeners, listener)
    if (listener->news) listener->news(listener->data, line);
}

void listeners_loss(struct listeners *listeners, int64_t now, const char *why)
{
    const int64_t noted = listeners->loss_noted;
    listeners->losses++;
    if (noted && now - noted < LOSS_NOTE_S * G_TIME_SPAN_SECOND) return;
    g_autofree char *times =
        listeners->losses > 1 ? g_strdup_printf(" %u times", listeners->losses) : g_strdup("");
    listeners_news(listeners, "sound lost%s%s%s; waiting for it", times, why ? ": " : "", why ? why : "");
    listeners->loss_noted = now;
    listeners->losses = 0;
}

void listeners_problems(const struct listeners *listeners, struct diags *diags)
{
    g_auto(GStrv) lines = diags_lines(diags);
    for (char **line = lines; *line; line++)
        if (**line) note_line(listeners, *line);
}

/* ---- sentences ---- */

/* The answer to a command in a hold stands on the timeline too, but has been passed on. */
static bool is_sentence(const struct timeline *timeline, const struct cue *cue)
{
    return cue->text && !(cue->role == ROLE_PHRASE && status_inside(timeline, cue->frame, SPAN_HOLD));
}

void listeners_sentences(struct listeners *listeners, const struct timeline *timeline, int64_t position)
{
    const GArray *cues = timeline_cues(timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame < listeners->said || cue->frame >= position || !is_sentence(timeline, cue)) continue;
        EACH(listeners, listener)
        if (listener->sentence) listener->sentence(listener->data, cue->text);
    }
    listeners->said = position;
}
