/* The texts of answers. */
#include "session_private.h"

static const struct voice *voice_of(const struct session *session)
{
    return session->parts.script->voice;
}

/* Takes the text. */
static void say(struct session *session, char *text)
{
    announce(session, text);
    g_free(text);
}

void answer_phrase(struct session *session, enum phrase phrase)
{
    announce(session, voice_of(session)->phrases[phrase]);
}

void answer_count(struct session *session, enum phrase phrase, int n)
{
    say(session, script_counted(voice_of(session), phrase, n));
}

static void append(GString *text, const struct session *session, char *part)
{
    if (text->len > 0) g_string_append(text, voice_of(session)->phrases[PHRASE_WHERE_JOIN]);
    g_string_append(text, part);
    g_free(part);
}

static char *figures(const struct session *session, enum phrase phrase, int of, int all)
{
    char a[16], b[16];
    g_snprintf(a, sizeof a, "%d", of);
    g_snprintf(b, sizeof b, "%d", all);
    const struct field fields[] = {{"n", a}, {"of", b}};
    return voice_phrase(voice_of(session), phrase, 0, fields, G_N_ELEMENTS(fields));
}

static char *where_step(const struct session *session, const struct status *status)
{
    const struct voice *voice = voice_of(session);
    if (status->place.step == PLACE_HEAD) return g_strdup(voice->phrases[PHRASE_WHERE_HEAD]);
    if (status->place.step == PLACE_CLOSING) return g_strdup(voice->phrases[PHRASE_WHERE_CLOSING]);
    return g_strdup(status->routine->steps[status->place.step].title);
}

static char *where_left(const struct session *session, const struct status *status)
{
    int seconds = (int)(status->length - status->position + 0.5);
    if (seconds < 60) return g_strdup(voice_of(session)->phrases[PHRASE_WHERE_SHORT]);
    return script_counted(voice_of(session), PHRASE_WHERE_ALL, (seconds + 30) / 60);
}

/* "Cobra, repetition 2 of 4, 12 seconds left in the hold, 9 minutes in all." */
void answer_where(struct session *session)
{
    struct status status;
    session_status(session, session->out, &status);
    const struct place *place = &status.place;
    const struct voice *voice = voice_of(session);
    g_autoptr(GString) text = g_string_new(NULL);
    append(text, session, where_step(session, &status));
    if (place->side != SIDE_NONE)
        append(text, session,
               g_strdup(voice->phrases[place->side == SIDE_RIGHT ? PHRASE_WHERE_RIGHT : PHRASE_WHERE_LEFT]));
    if (status.sets > 1 && place->set > 0)
        append(text, session, figures(session, PHRASE_WHERE_SET, place->set, status.sets));
    if (status.reps > 1 && place->rep > 0)
        append(text, session, figures(session, PHRASE_WHERE_REP, place->rep, status.reps));
    if (status.hold > 0)
        append(text, session,
               script_counted(voice_of(session), PHRASE_WHERE_HOLD, MAX(1, (int)(status.hold_left + 0.5))));
    append(text, session, where_left(session, &status));
    g_string_append_c(text, '.');
    say(session, g_string_free(g_steal_pointer(&text), FALSE));
}

/* The step's number and title, or that it is the beginning or the end. */
void answer_landed(struct session *session, int at)
{
    const struct routine *routine = session->parts.script->routine;
    if (at < 0) {
        answer_phrase(session, at == PLACE_HEAD ? PHRASE_WHERE_HEAD : PHRASE_WHERE_CLOSING);
        return;
    }
    char step[16], steps[16];
    g_snprintf(step, sizeof step, "%d", at + 1);
    g_snprintf(steps, sizeof steps, "%d", routine->n_steps);
    const struct field fields[] = {{"step", step}, {"steps", steps}, {"title", routine->steps[at].title}};
    g_autofree char *number = voice_phrase(voice_of(session), PHRASE_STEP, 0, fields, G_N_ELEMENTS(fields));
    g_autofree char *title = voice_phrase(voice_of(session), PHRASE_TITLE, 0, fields, G_N_ELEMENTS(fields));
    say(session, g_strdup_printf("%s %s", number, title));
}

static void wait_for_position(struct session *session, struct place place)
{
    const struct settings *settings = session->parts.script->settings;
    GPtrArray *lines = lines_new();
    g_ptr_array_add(lines, line_span(SPAN_GAP, pace_frames(settings, settings->pace.prepare_ms), place));
    announce_at(session, session->position, lines);
}

/* What comes before the first set says by itself where one is. */
void answer_resumed(struct session *session, struct place place)
{
    if (place.set > 0) answer_landed(session, place.step);
    if (place.rep == 0) return;
    if (place.side != SIDE_NONE)
        answer_phrase(session, place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE);
    wait_for_position(session, place);
}
