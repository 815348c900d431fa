/* The texts of answers. Times are those of the frame on which the words are spoken. */
#include "base/sentence.h"
#include "session_private.h"

struct answer *answer_new(enum answer_kind kind)
{
    struct answer *answer = g_new0(struct answer, 1);
    answer->kind = kind;
    answer->begins = g_array_new(FALSE, FALSE, sizeof(int64_t));
    return answer;
}

void answer_free(struct answer *answer)
{
    if (!answer) return;
    g_array_unref(answer->begins);
    g_free(answer->text);
    g_free(answer);
}

static const struct voice *voice_of(const struct session *session)
{
    return session->parts.script->voice;
}

/* ---- answers whose words stand ---- */

/* Takes the text. */
static void say(struct session *session, char *text)
{
    struct answer *answer = answer_new(ANSWER_TEXT);
    answer->text = text;
    announce(session, answer, false);
}

void answer_written(struct session *session, const char *text)
{
    g_string_append_printf(session->answer, "%s%s", session->answer->len > 0 ? " " : "", text);
}

void answer_phrase(struct session *session, enum phrase phrase)
{
    say(session, g_strdup(voice_of(session)->phrases[phrase]));
}

void answer_paused(struct session *session, enum phrase why)
{
    struct answer *answer = answer_new(ANSWER_TEXT);
    answer->text = g_strdup(voice_of(session)->phrases[why]);
    announce(session, answer, true);
}

void answer_count(struct session *session, enum phrase phrase, int n)
{
    say(session, script_counted(voice_of(session), phrase, n));
}

static char *where_step(const struct session *session, int step)
{
    const struct voice *voice = voice_of(session);
    if (step == PLACE_HEAD) return g_strdup(voice->phrases[PHRASE_WHERE_HEAD]);
    if (step == PLACE_CLOSING) return g_strdup(voice->phrases[PHRASE_WHERE_CLOSING]);
    return g_strdup(session->parts.script->routine->steps[step].title);
}

/* The step's number and title, or that it is the beginning or the end. */
static char *landed(const struct session *session, int at)
{
    if (at < 0) return g_strconcat(where_step(session, at), ".", NULL);
    g_autofree char *number = script_title(session->parts.script, at, PHRASE_STEP);
    g_autofree char *title = script_title(session->parts.script, at, PHRASE_TITLE);
    return g_strdup_printf("%s %s", number, title);
}

/* One that plays says where it has come by going on there. */
void answer_landed(struct session *session, int at)
{
    g_autofree char *text = landed(session, at);
    if (session->paused)
        say(session, g_steal_pointer(&text));
    else
        answer_written(session, text);
}

static void add_text(GPtrArray *lines, struct place place, const char *text)
{
    g_ptr_array_add(lines, line_speech(ROLE_PHRASE, place, sentences_split(text)));
}

/* What comes before the first set gives the step's title itself. */
void answer_resumed(struct session *session, struct place place)
{
    const struct settings *settings = session->parts.script->settings;
    const char *const *phrases = (const char *const *)voice_of(session)->phrases;
    GPtrArray *lines = lines_new();
    g_autofree char *title = landed(session, place.step);
    if (place.set > 0) add_text(lines, place, title);
    if (place.rep > 0 && place.side != SIDE_NONE)
        add_text(lines, place, phrases[place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE]);
    int64_t prepare = pace_frames(settings, settings->pace.prepare_ms);
    if (place.rep > 0) g_ptr_array_add(lines, line_span(SPAN_GAP, prepare, place));
    announce_lines(session, lines);
}

/* ---- where ---- */

void answer_where(struct session *session)
{
    announce(session, answer_new(ANSWER_WHERE), false);
}

static char *figures(const struct session *session, enum phrase phrase, int of, int all)
{
    char a[16], b[16];
    g_snprintf(a, sizeof a, "%d", of);
    g_snprintf(b, sizeof b, "%d", all);
    const struct field fields[] = {{"n", a}, {"of", b}};
    return voice_phrase(voice_of(session), phrase, 0, fields, G_N_ELEMENTS(fields));
}

/* "Cobra, right side, repetition 2 of 4." */
static char *where_place(const struct session *session, const struct status *status)
{
    const struct place *place = &status->place;
    const struct voice *voice = voice_of(session);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(parts, where_step(session, place->step));
    enum phrase side = place->side == SIDE_RIGHT ? PHRASE_WHERE_RIGHT : PHRASE_WHERE_LEFT;
    if (place->side != SIDE_NONE) g_ptr_array_add(parts, g_strdup(voice->phrases[side]));
    if (status->sets > 1 && place->set > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_SET, place->set, status->sets));
    if (status->reps > 1 && place->rep > 0)
        g_ptr_array_add(parts, figures(session, PHRASE_WHERE_REP, place->rep, status->reps));
    g_ptr_array_add(parts, NULL);
    g_autofree char *joined = g_strjoinv(voice->phrases[PHRASE_WHERE_JOIN], (char **)parts->pdata);
    return g_strconcat(joined, ".", NULL);
}

/* Of the hold that is under way; NULL outside of one. */
static char *time_left(const struct session *session, const struct status *status)
{
    int left = (int)(status->hold_left + 0.5);
    return left > 0 ? script_counted(voice_of(session), PHRASE_SECONDS_LEFT, left) : NULL;
}

static char *time_to_go(const struct session *session, const struct status *status)
{
    int left = (int)(status->length - status->position + 0.5);
    if (left < 60) return g_strdup(voice_of(session)->phrases[PHRASE_TO_GO_SHORT]);
    return script_counted(voice_of(session), PHRASE_TO_GO, (left + 30) / 60);
}

/* Takes the text, which may be NULL. */
static void add(GPtrArray *sentences, char *text)
{
    if (text) g_ptr_array_extend_and_steal(sentences, sentences_split(text));
    g_free(text);
}

static void where(const struct session *session, int64_t frame, GPtrArray *sentences)
{
    struct status status;
    session_look(session, frame, &status);
    if (session->paused) add(sentences, g_strdup(voice_of(session)->phrases[PHRASE_PAUSED]));
    add(sentences, where_place(session, &status));
    add(sentences, time_left(session, &status));
    add(sentences, time_to_go(session, &status));
}

GPtrArray *answer_sentences(const struct session *session, const struct answer *answer, int64_t frame)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    switch (answer->kind) {
    case ANSWER_TEXT: add(sentences, g_strdup(answer->text)); break;
    case ANSWER_WHERE: where(session, frame, sentences); break;
    }
    return sentences;
}
