#include "live/today.h"
#include "config/language.h"
#include "history/kept.h"
#include "history/leaving.h"
#include "plan/script.h"
#include "routine/select.h"
#include <string.h>

enum { WAIT_MS = 20 }; /* for a program that has locked the history */

/* ---- reading ---- */

char *today_name(const struct routine *routine)
{
    GString *name = g_string_new(NULL);
    for (guint i = 0; i < (routine->files ? routine->files->len : 1); i++) {
        const struct routine *file = routine->files ? routine->files->pdata[i] : routine;
        if (routine->files && !routine_has_of(routine, file)) continue;
        g_string_append_printf(name, "%s%.*s", name->len > 0 ? "+" : "", (int)language_stem(file->name),
                               file->name);
    }
    return g_string_free(name, FALSE);
}

static void look_at_clock(struct progress_facts *facts)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    facts->now = g_date_time_to_unix(now);
    facts->zone = (int)(g_date_time_get_utc_offset(now) / G_TIME_SPAN_SECOND);
}

/* A routine that has never been done has nothing kept. False if what there is cannot be read. */
static bool read_history(const struct today_options *options, struct progress *kept,
                         struct progress_facts *facts, struct practised *recent)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = store_path(options->data_directory), *name = today_name(options->routine);
    AUTO(store) store = store_open_to_read(path, WAIT_MS, &error);
    if (g_error_matches(error, HISTORY_ERROR, HISTORY_NONE)) return true;
    return store && kept_read(store, name, kept, NULL) && kept_facts(store, name, kept, facts, recent, NULL);
}

/* ---- what follows ---- */

static void choose_words(struct today *today, const struct settings *settings)
{
    if (settings->pace.words != WORDS_AUTO) return;
    today->words = today->day.in_full ? WORDS_FULL : WORDS_KNOWN;
    today->caution_known = !today->day.caution_in_full;
    today->closing_known = !today->day.closing_in_full;
}

static void add_sentence(GPtrArray *opening, const struct progress_day *day, const struct voice *voice)
{
    static const enum phrase phrases[] = {[CHANGE_LONGER] = PHRASE_LEVEL_LONGER,
                                          [CHANGE_HARD] = PHRASE_LEVEL_HARD,
                                          [CHANGE_AWAY] = PHRASE_LEVEL_AWAY,
                                          [CHANGE_PROPOSED] = PHRASE_LEVEL_PROPOSED};
    if (day->change == CHANGE_NONE) return;
    const int level = day->change == CHANGE_PROPOSED ? day->next.proposed : day->level;
    g_autofree char *n = g_strdup_printf("%d", level);
    g_ptr_array_insert(opening, 0, voice_phrase(voice, phrases[day->change], 0, &(struct field){"n", n}, 1));
}

/* What is said in full counts as said once the session is kept; the closing, once it has been reached. */
static void note_said(struct today *today, int64_t now)
{
    if (!today->caution_known) today->day.next.caution = now;
}

/* ---- steps that are left out ---- */

struct leaving_out {
    const struct routine *routine;
    GByteArray *out;
};

static void leave_out(void *data, const struct left_step *left)
{
    const struct leaving_out *leaving = data;
    for (int i = 0; i < leaving->routine->n_steps; i++) {
        const struct step *step = &leaving->routine->steps[i];
        g_autofree char *routine = today_name(step->home);
        if (strcmp(routine, left->routine) == 0 &&
            strcmp(step->home->steps[step->index].name, left->step) == 0)
            leaving->out->data[i] = 1;
    }
}

/* Of each file, or NULL if none is left out; nor if no step would be left. */
static GByteArray *read_left_out(const struct today_options *options, int64_t now)
{
    const struct routine *routine = options->routine;
    g_autofree char *path = store_path(options->data_directory);
    AUTO(store) store = store_open_to_read(path, WAIT_MS, NULL);
    g_autoptr(GByteArray) out = g_byte_array_new();
    struct leaving_out leaving = {routine, out};
    g_byte_array_set_size(out, (guint)routine->n_steps);
    if (routine->n_steps > 0) memset(out->data, 0, out->len);
    for (guint i = 0; store && i < (routine->files ? routine->files->len : 1); i++) {
        g_autofree char *name = today_name(routine->files ? routine->files->pdata[i] : routine);
        leaving_read(store, name, now, leave_out, &leaving, NULL);
    }
    const int heard = steps_heard(routine, out);
    return heard > 0 && heard < routine->n_steps ? g_steal_pointer(&out) : NULL;
}

enum { TITLES_MOST = 5 }; /* that are said */

/* "Today without Cobra and Bridge.", in few words. */
static void tell_left_out(const struct today *today, const struct today_options *options)
{
    const struct routine *routine = options->routine;
    if (routine->n_steps - steps_heard(routine, today->out) > TITLES_MOST)
        return; /* the number of steps says enough */
    g_autofree char *titles = script_titles_out(routine, options->voice, today->out, NULL);
    g_ptr_array_add(today->opening, voice_phrase(options->voice, PHRASE_WITHOUT_TODAY, 0,
                                                 &(struct field){"titles", titles}, 1));
}

/* ---- all of it ---- */

/* Silence says that it did not hurt, and so does a session in which nothing can answer. */
static void choose_questions(struct today *today, const struct today_options *options)
{
    today->asks_rating = options->attended && options->settings->progress.level != PROGRESS_OFF;
    today->asks_hurt = options->attended && today->day.ask;
    if (today->day.ask) progress_answer(&today->day, false);
}

static enum level_by level_by(const struct today_options *options)
{
    return options->is_fitted ? LEVEL_BY_LENGTH : options->level_given ? LEVEL_BY_OPTION : LEVEL_BY_PROGRESS;
}

void today_init(struct today *today, const struct today_options *options)
{
    const struct settings *settings = options->settings;
    struct progress kept = progress_none();
    struct practised recent[KEPT_RECENT];
    struct progress_facts facts = {
        .level = settings->pace.level,
        .most = settings->progress.most,
        .fixed = level_by(options) != LEVEL_BY_PROGRESS || options->resumed ||
                 settings->progress.level == PROGRESS_OFF,
        .proposes = settings->progress.level == PROGRESS_ASK,
    };
    *today = (struct today){.words = settings->pace.words == WORDS_BRIEF ? WORDS_BRIEF : WORDS_FULL};
    today->by = level_by(options);
    today->opening = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; options->opening && i < options->opening->len; i++)
        g_ptr_array_add(today->opening, g_strdup(options->opening->pdata[i]));
    today->day.level = settings->pace.level;
    if (!settings->history.keep || options->routine->kind != ROUTINE_DONE) return;
    look_at_clock(&facts);
    if (!options->steps_named) today->out = read_left_out(options, facts.now);
    if (today->out && options->voice) tell_left_out(today, options);
    today->known = read_history(options, &kept, &facts, recent);
    if (!today->known) return;
    today->day = progress_day(&kept, &facts);
    choose_words(today, settings);
    note_said(today, facts.now);
    choose_questions(today, options);
    if (options->voice) add_sentence(today->opening, &today->day, options->voice);
}

void today_finish(struct today *today)
{
    if (today->opening) g_ptr_array_unref(today->opening);
    if (today->out) g_byte_array_unref(today->out);
}

void today_apply(const struct today *today, struct script *script)
{
    script->effort.level = script->coming.level = today->day.level;
    if (today->out) script->out = today->out;
    script->words = today->words;
    script->caution_known = today->caution_known;
    script->closing_known = today->closing_known;
    script->opening = today->opening;
    script->asks_rating = today->asks_rating;
    script->asks_hurt = today->asks_hurt;
}
