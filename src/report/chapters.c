#include "report/chapters.h"

static void clear(gpointer data)
{
    g_free(((struct chapter *)data)->title);
}

void chapters_init(struct chapters *chapters, const struct script *script, bool moves)
{
    *chapters = (struct chapters){.script = script, .moves = moves};
    chapters->list = g_array_new(FALSE, FALSE, sizeof(struct chapter));
    g_array_set_clear_func(chapters->list, clear);
}

void chapters_finish(struct chapters *chapters)
{
    if (chapters->list) g_array_unref(chapters->list);
    chapters->list = NULL;
}

/* ---- titles ---- */

char *chapters_text(const char *text, glong letters)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at && letters > 0; at = g_utf8_next_char(at), letters--) {
        gunichar letter = g_utf8_get_char(at);
        bool plain = !g_unichar_iscntrl(letter) && letter != 0xfffe && letter != 0xffff;
        g_string_append_unichar(line, plain ? letter : ' ');
    }
    return g_string_free(line, FALSE);
}

/* "Cat and cow: arch, left" */
static char *title_of(const struct chapters *chapters, struct place place)
{
    const struct script *script = chapters->script;
    char *const *phrases = script->voice->phrases;
    if (place.step == PLACE_HEAD) return chapters_text(phrases[PHRASE_SHOW_INTRODUCTION], CHAPTER_TITLE);
    if (place.step < 0) return chapters_text(phrases[PHRASE_SHOW_CHAPTER_CLOSING], CHAPTER_TITLE);
    const struct step *step = &script->routine->steps[place.step];
    g_autoptr(GString) title = g_string_new(step->title);
    const char *move = chapters->moves && place.move >= 0 ? step->moves[place.move].name : NULL;
    if (move) {
        g_autofree char *words = g_strdelimit(g_strdup(move), "-", ' ');
        g_string_append_printf(title, ": %s", words);
    }
    if (chapters->moves && place.side != SIDE_NONE)
        g_string_append_printf(title, ", %s", phrases[place.side == SIDE_RIGHT ? PHRASE_RIGHT : PHRASE_LEFT]);
    return chapters_text(title->str, CHAPTER_TITLE);
}

/* ---- looking ---- */

static bool begins_another(const struct chapters *chapters, struct place place)
{
    struct place now = chapters->place;
    if (chapters->list->len == 0 || place.step != now.step) return true;
    bool move = place.move >= 0 && now.move >= 0 && place.move != now.move;
    bool side = place.side != SIDE_NONE && now.side != SIDE_NONE && place.side != now.side;
    return chapters->moves && (move || side);
}

static void begin(struct chapters *chapters, const struct cue *cue)
{
    const struct chapter chapter = {.frame = chapters->list->len ? cue->frame : 0,
                                    .quiet = MIN(chapters->quiet, cue->frame),
                                    .step = cue->place.step,
                                    .title = title_of(chapters, cue->place)};
    g_array_append_val(chapters->list, chapter);
    chapters->place = cue->place;
}

/* A step begins with words that belong to no move: its first chapter learns later which move it has. */
static void learn(struct chapters *chapters, struct place place)
{
    struct place *now = &chapters->place;
    bool move = place.move >= 0 && now->move < 0, side = place.side != SIDE_NONE && now->side == SIDE_NONE;
    if (!chapters->moves || (!move && !side)) return;
    if (move) now->move = place.move;
    if (side) now->side = place.side;
    struct chapter *last = &g_array_index(chapters->list, struct chapter, chapters->list->len - 1);
    g_free(last->title);
    last->title = title_of(chapters, *now);
}

void chapters_look(struct chapters *chapters, const struct timeline *timeline)
{
    const GArray *cues = timeline_cues(timeline);
    int64_t final = timeline_final(timeline);
    for (guint i = timeline_first(timeline, chapters->looked); i < cues->len; i++) {
        const struct cue *cue = &g_array_index(cues, struct cue, i);
        if (cue->frame >= final) break;
        if (cue->frame < chapters->looked || cue->type == SPAN_WAKE) continue;
        if (begins_another(chapters, cue->place))
            begin(chapters, cue);
        else
            learn(chapters, cue->place);
        if (cue_sounds(cue->type)) chapters->quiet = MAX(chapters->quiet, cue->frame + cue->frames);
    }
    chapters->looked = MAX(chapters->looked, final);
}

/* ---- times ---- */

int64_t chapters_ms(int64_t frame, int rate)
{
    return (frame * 1000 + rate / 2) / rate;
}

int64_t chapters_end(const GArray *list, guint i, int64_t end)
{
    return i + 1 < list->len ? g_array_index(list, struct chapter, i + 1).frame : end;
}
