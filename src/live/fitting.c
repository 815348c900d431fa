#include "live/fitting.h"
#include "mix/clip.h"

enum { AT_ONCE = 16 }; /* sentences asked for: speech keeps so many, even if it keeps their samples */

struct fitting {
    struct speech *const *speech;
    struct lengths *lengths;
    struct fit_wish wish;
    struct fit fit;
    guint next; /* of those that are missed, the first that has not been fetched */
    bool found;
};

struct fitting *fitting_new(struct speech *const *speech, const struct timing *timing, int words_a_minute)
{
    struct fitting *fitting = g_new0(struct fitting, 1);
    fitting->speech = speech;
    fitting->lengths = lengths_new(timing->rate, words_a_minute);
    return fitting;
}

void fitting_free(struct fitting *fitting)
{
    if (!fitting) return;
    fit_finish(&fitting->fit);
    lengths_free(fitting->lengths);
    g_free(fitting);
}

static void find(struct fitting *fitting)
{
    fit_finish(&fitting->fit);
    fit_find(&fitting->wish, fitting->lengths, &fitting->fit);
    fitting->next = 0;
}

void fitting_begin(struct fitting *fitting, const struct fit_wish *wish)
{
    fitting->wish = *wish;
    fitting->found = false;
    find(fitting);
}

/* True once the next sentence that is missed has been fetched. */
static bool fetch(struct fitting *fitting, const char *text)
{
    const char *coming;
    int source;
    for (guint i = 0; i < AT_ONCE && lengths_missed(fitting->lengths, fitting->next + i, &coming, &source);
         i++)
        speech_request(*fitting->speech, coming, source);
    struct clip *clip = speech_find(*fitting->speech, text);
    if (!clip) return false;
    lengths_know(fitting->lengths, text, clip->frames);
    clip_unref(clip);
    fitting->next++;
    return true;
}

bool fitting_run(struct fitting *fitting)
{
    const char *text;
    int source;
    while (!fitting->found) {
        while (lengths_missed(fitting->lengths, fitting->next, &text, &source))
            if (!fetch(fitting, text)) return false;
        if (fitting->next == 0)
            fitting->found = true;
        else
            find(fitting);
    }
    return true;
}

const struct fit *fitting_found(const struct fitting *fitting)
{
    return &fitting->fit;
}

struct script fitting_script(const struct fitting *fitting)
{
    return fit_script(&fitting->wish, &fitting->fit);
}
