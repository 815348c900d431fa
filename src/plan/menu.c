#include "menu.h"

/* After each title there is time to choose it; then the next is said. */
enum { CHOOSE_S = 3 };

static void say(const struct script *script, const char *text, enum role role, struct place place,
                GPtrArray *lines)
{
    const struct field title = {"title", text};
    bool whole = script->routine->kind == ROUTINE_QUESTION;
    g_autofree char *sentence =
        whole ? g_strdup(text) : voice_phrase(script->voice, PHRASE_TITLE, 0, &title, 1);
    g_ptr_array_add(lines, line_speech(role, place, voice_sentences(script->voice, sentence)));
}

static void chime(struct place place, GPtrArray *lines)
{
    struct line *line = line_new(LINE_CHIME, place);
    line->role = ROLE_ATTENTION;
    g_ptr_array_add(lines, line);
}

void menu_block(const struct script *script, struct script_pos pos, GPtrArray *lines)
{
    const struct routine *routine = script->routine;
    const struct settings *settings = script->settings;
    struct place place = {.step = MAX(pos.step, PLACE_HEAD), .move = -1};
    int rate = settings->sound.rate;
    if (pos.step < 0) {
        int64_t wake = duration_frames(settings->sound.wake_ms, rate, 100);
        g_ptr_array_add(lines, line_span(SPAN_WAKE, wake, place));
        if (routine->about) say(script, routine->about, ROLE_PHRASE, place, lines);
        if (routine->kind == ROUTINE_QUESTION) chime(place, lines);
    } else if (pos.step < routine->n_steps) {
        say(script, routine->steps[pos.step].title, ROLE_TITLE, place, lines);
        if (routine_is_menu(routine))
            g_ptr_array_add(lines, line_span(SPAN_READY, (int64_t)CHOOSE_S * rate, place));
    }
}
