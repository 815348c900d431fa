/* What is heard of a session, word by word: on its timeline, and in between, where answers are said while the
 * position stands. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include "live.h"
#include "player/session_private.h"

/* A cue that has begun. */
struct said {
    uint64_t out;     /* frame that was heard */
    int64_t position; /* of the session */
    bool stands;      /* the position stood */
    enum cue_type type;
    enum role role;
    int64_t frames;
    char *text; /* NULL: a sound without words */
    struct place place;
};

static void said_clear(gpointer data)
{
    g_free(((struct said *)data)->text);
}

static inline GArray *said_new(void)
{
    GArray *said = g_array_new(FALSE, FALSE, sizeof(struct said));
    g_array_set_clear_func(said, said_clear);
    return said;
}

static inline const struct said *said_at(const GArray *said, guint i)
{
    return &g_array_index(said, struct said, i);
}

/* The cues of a timeline that begin from `from` to before `to`; `from` was heard at `out`. */
static inline void said_add(GArray *all, const struct timeline *timeline, int64_t from, int64_t to,
                            uint64_t out, const int64_t *position)
{
    const GArray *cues = timeline_cues(timeline);
    for (guint i = 0; i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame < from || cue->frame >= to || !cue_sounds(cue->type)) continue;
        const struct said said = {.out = out + (uint64_t)(cue->frame - from),
                                  .position = position ? *position : cue->frame,
                                  .stands = position != NULL,
                                  .type = cue->type,
                                  .role = cue->role,
                                  .frames = cue->frames,
                                  .text = g_strdup(cue->text),
                                  .place = cue->place};
        g_array_append_val(all, said);
    }
}

/* Pulls up to `frames`, in small blocks, and notes what begins in them; returns how many there were. */
static inline int said_pull(struct live *live, int frames, GArray *all)
{
    enum { SMALL = 400 };
    int done = 0, n;
    struct session *session = live->session;
    do {
        const struct timeline *words = session->announcement.timeline;
        int64_t at = session->announcement.at, position = session->position;
        uint64_t out = heard_frames(live);
        n = pull(live, MIN(SMALL, frames - done));
        if (session->announcement.timeline) {
            if (session->announcement.timeline != words) at = 0;
            said_add(all, session->announcement.timeline, at, session->announcement.at, out, &position);
        }
        said_add(all, session_timeline(session), position, session->position, out, NULL);
        done += n;
    } while (n > 0 && done < frames);
    return done;
}

/* Everything up to the beginning of the n-th sound of a type from now on; it is the last that is noted. */
static inline void said_until(struct live *live, enum cue_type type, GArray *all)
{
    for (guint i = all->len;; i++) {
        while (all->len <= i) g_assert_cmpint(said_pull(live, 400, all), >, 0);
        if (said_at(all, i)->type == type) return;
    }
}

/* The first from index `from` on whose words begin so; G_MAXUINT if there is none. */
static inline guint said_find(const GArray *all, guint from, const char *words)
{
    for (guint i = from; i < all->len; i++)
        if (said_at(all, i)->text && g_str_has_prefix(said_at(all, i)->text, words)) return i;
    return G_MAXUINT;
}

/* For a failure. */
static inline void said_print(const GArray *all)
{
    for (guint i = 0; i < all->len; i++) {
        const struct said *said = said_at(all, i);
        g_printerr("# %9.3f %9.3f %s %s%s %s\n", (double)said->out / RATE, (double)said->position / RATE,
                   said->stands ? "stands" : "      ", cue_type_name(said->type), said->role ? "/" : "",
                   said->text ? said->text : "");
    }
}

static inline const struct said *said_words(const GArray *all, const char *words)
{
    if (said_find(all, 0, words) == G_MAXUINT) said_print(all);
    g_assert_cmpuint(said_find(all, 0, words), <, all->len);
    return said_at(all, said_find(all, 0, words));
}

#endif
