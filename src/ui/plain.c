#include "ui/plain.h"
#include "words.h"

/* `line` is taken. */
static void add(struct plain *plain, char *line)
{
    g_autofree char *shown = diag_shown(line, TEXT_LIMIT);
    if (!plain->waiting) plain->waiting = g_string_new(NULL);
    g_string_append_printf(plain->waiting, "%s%s", plain->waiting->len > 0 ? "\n" : "", shown);
    g_free(line);
}

static char *take(struct plain *plain)
{
    if (!plain->waiting || plain->waiting->len == 0) return NULL;
    char *lines = g_strdup(plain->waiting->str);
    g_string_truncate(plain->waiting, 0);
    return lines;
}

/* In a span, or where the session stands, a line can be read before the voice goes on. */
static bool is_quiet(const struct status *status)
{
    return !status->speaking && (status->span != SPAN_GAP || status->state != STATUS_PLAYING);
}

static void add_step(struct plain *plain, const struct status *status)
{
    int step = status->place.step;
    if (step == plain->told.step) return;
    if (step == PLACE_CLOSING)
        add(plain, g_strdup(plain->voice->phrases[PHRASE_SHOW_CLOSING]));
    else if (step >= 0)
        add(plain, words_step(plain->voice, PHRASE_SHOW_STEP, status, step));
}

static void add_details(struct plain *plain, const struct status *status, const struct scene *scene)
{
    const struct place *place = &status->place, *told = &plain->told;
    bool same = place->step == told->step && place->side == told->side && place->set == told->set;
    if (!same && scene->details && place->step >= 0)
        add(plain, g_strdup_printf("%s: %s", status->routine->steps[place->step].title, scene->details));
}

static void add_changes(struct plain *plain, const struct status *status, const struct scene *scene)
{
    int n = steps_heard(status->routine, status->out), step = status->place.step;
    if (routine_is_menu(status->routine)) {
        if (step >= 0 && step != plain->told.step)
            add(plain, words_step(plain->voice, PHRASE_SHOW_ITEM, status, step));
        return;
    }
    g_autofree char *steps = voice_counted(plain->voice, PHRASE_STEPS, n);
    if (!plain->begun) add(plain, g_strdup_printf("%s: %s", status->routine->title, steps));
    add_step(plain, status);
    add_details(plain, status, scene);
}

/* A jump to another step is answered with its title, which is in the line of the step. */
static void add_answer(struct plain *plain, const struct status *status)
{
    bool landed = plain->jumps != status->jumps && plain->told.step != status->place.step;
    if (plain->answer && !landed) add(plain, g_strdup(plain->answer));
    g_clear_pointer(&plain->answer, g_free);
}

static void add_unsaid(struct plain *plain, const struct status *status)
{
    const char *text = status->unsaid ? status->text : NULL;
    if (text && g_strcmp0(plain->unsaid, text) != 0)
        add(plain, words_with(plain->voice, PHRASE_SHOW_UNSAID, "text", text));
    g_free(plain->unsaid);
    plain->unsaid = g_strdup(text);
}

static void add_waiting(struct plain *plain, const struct status *status)
{
    char *const *phrases = plain->voice->phrases;
    bool menu = routine_is_menu(status->routine);
    const char *keys = phrases[menu ? PHRASE_SHOW_BEGINS : PHRASE_SHOW_GOES_ON];
    add(plain, status->for_voice ? g_strdup(phrases[PHRASE_SHOW_VOICE])
                                 : words_with(plain->voice, PHRASE_SHOW_WAITS, "keys", keys));
}

char *plain_status(struct plain *plain, const struct status *status, const struct scene *scene)
{
    static const struct place nowhere = {.step = PLACE_HEAD, .move = -1};
    if (!plain->begun) plain->told = nowhere;
    bool first = !plain->begun, over = status->state == STATUS_OVER;
    add_answer(plain, status);
    if (!plain->words && !over) add_changes(plain, status, scene);
    add_unsaid(plain, status);
    if (status->state == STATUS_WAITING && plain->state != STATUS_WAITING) add_waiting(plain, status);
    plain->begun = true;
    plain->state = status->state;
    plain->jumps = status->jumps;
    if (!over) plain->told = status->place;
    return first || over || is_quiet(status) ? take(plain) : NULL;
}

/* The next status says what it answers, and whether it is quiet. */
char *plain_answer(struct plain *plain, const char *words)
{
    if (plain->words) return diag_shown(words, TEXT_LIMIT);
    if (plain->answer) add(plain, g_strdup(plain->answer));
    g_free(plain->answer);
    plain->answer = g_strdup(words);
    return NULL;
}

char *plain_sentence(const struct plain *plain, const char *sentence)
{
    return plain->words ? diag_shown(sentence, TEXT_LIMIT) : NULL;
}

void plain_finish(struct plain *plain)
{
    g_free(plain->answer);
    g_free(plain->unsaid);
    if (plain->waiting) g_string_free(plain->waiting, TRUE);
    *plain = (struct plain){.words = plain->words, .voice = plain->voice};
}
