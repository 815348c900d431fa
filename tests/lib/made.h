/* A session with made-up lengths of speech, for unit tests: no engine, no device, no clock. */
#ifndef TESTS_MADE_H
#define TESTS_MADE_H

#include "base/sentence.h"
#include "config/settings.h"
#include "config/voice.h"
#include "mix/clip.h"
#include "mix/mixer.h"
#include "plan/planner.h"
#include "routine/parse.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

struct made {
    struct diags *diags;
    struct settings *settings;
    struct routine *routine;
    struct voice *voice;
    struct tones tones;
    struct timing timing;
    struct script script;
    struct planner_ops ops;
    struct planner *planner;
    GHashTable *asked; /* texts that were asked for */
    GHashTable *clips; /* text -> struct clip, made on first use */
    bool late;         /* nothing is spoken yet */
    int percent;       /* of the rate of speech */
    int references;    /* clips handed out and not given back */
};

/* 20 ms a byte, at any rate; "unsayable" becomes a chime. Samples are a ramp, so that every frame differs
 * from its neighbours. */
static struct clip *made_clip(struct made *made, const char *text)
{
    struct clip *clip = g_hash_table_lookup(made->clips, text);
    if (clip) return clip;
    int64_t frames = (int64_t)strlen(text) * made->timing.rate * 2 / made->percent;
    if (strstr(text, "unsayable")) {
        clip = clip_chime(made->tones.sentence.frames);
    } else {
        clip = g_malloc(sizeof *clip + (gsize)frames * sizeof clip->samples[0]);
        *clip = (struct clip){.refs = 1, .frames = frames};
        for (int64_t i = 0; i < frames; i++) clip->samples[i] = (int16_t)(1000 + i % 5000);
    }
    g_hash_table_insert(made->clips, g_strdup(text), clip);
    return clip;
}

static bool made_find(void *data, const char *text, struct spoken *spoken)
{
    struct made *made = data;
    if (made->late) return false;
    g_assert_true(g_hash_table_contains(made->asked, text));
    struct clip *clip = clip_ref(made_clip(made, text));
    *spoken = (struct spoken){clip->frames, clip->chime, clip};
    made->references++;
    return true;
}

static void made_drop(void *data, struct clip *clip)
{
    ((struct made *)data)->references--;
    clip_unref(clip);
}

static void made_request(void *data, const char *text, int source)
{
    (void)source;
    g_hash_table_add(((struct made *)data)->asked, g_strdup(text));
}

static bool made_set_rate(void *data, int percent)
{
    struct made *made = data;
    made->percent = percent;
    g_hash_table_remove_all(made->asked);
    g_hash_table_remove_all(made->clips);
    return true;
}

static struct routine *made_routine(const char *text, struct diags *diags)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("made-XXXXXX.ini", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct routine *routine = routine_read(path, diags);
    g_unlink(path);
    diags_print(diags, stderr);
    g_assert_nonnull(routine);
    return routine;
}

/* `sets` are assignments as --set has them, NULL at the end. */
static struct made *made_new(const char *routine, const char *const *sets)
{
    struct made *made = g_new0(struct made, 1);
    made->diags = diags_new();
    made->settings = settings_new();
    for (; sets && *sets; sets++) settings_set(made->settings, *sets, "--set", made->diags);
    made->routine = made_routine(routine, made->diags);
    AUTO(ini) english = ini_read("voices/en.ini", made->diags);
    made->voice = voice_from_ini("en", english, made->diags);
    diags_print(made->diags, stderr);
    g_assert_nonnull(made->voice);
    tones_init(&made->tones, made->settings);
    timing_from_settings(&made->timing, made->settings);
    for (int i = 0; i < N_OCCASIONS; i++) made->timing.tone[i] = made->tones.tone[i].frames;
    made->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    made->clips = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)clip_unref);
    made->script = script_of(made->routine, made->settings, made->voice);
    made->ops = (struct planner_ops){{made, made_find, made_drop}, made_request, made_set_rate};
    made->percent = 100;
    made->planner = planner_new(&made->script, &made->timing, &made->ops, 8);
    return made;
}

static void made_free(struct made *made)
{
    planner_free(made->planner);
    g_assert_cmpint(made->references, ==, 0);
    g_hash_table_unref(made->asked);
    g_hash_table_unref(made->clips);
    tones_finish(&made->tones);
    voice_free(made->voice);
    routine_free(made->routine);
    settings_free(made->settings);
    diags_free(made->diags);
    g_free(made);
}
AUTO_DEFINE(made)

static inline const struct timeline *made_whole(struct made *made)
{
    g_assert_cmpint(planner_run(made->planner, INT64_MAX), ==, PLANNER_OVER);
    return planner_timeline(made->planner);
}

static inline const struct cue *made_cue(const struct timeline *timeline, guint i)
{
    return &g_array_index(timeline_cues(timeline), struct cue, i);
}

static inline guint made_count(const struct timeline *timeline)
{
    return timeline_cues(timeline)->len;
}

/* The n-th (from 0) cue or span of a type, NULL if there are fewer. */
static inline const struct cue *made_nth(const struct timeline *timeline, enum cue_type type, guint n)
{
    for (guint i = 0; i < made_count(timeline); i++)
        if (made_cue(timeline, i)->type == type && n-- == 0) return made_cue(timeline, i);
    return NULL;
}

#endif
