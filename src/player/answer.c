/* The texts of answers. Times are those of the frame on which the words are spoken. */
#include "base/sentence.h"
#include "session_private.h"

enum { RECAP_S = 30 }; /* between two recaps, at least */

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

/* "Volume -6 dB.", from what the screen shows. */
void answer_volume(struct session *session)
{
    g_autofree char *n = g_strdup_printf("%g", session->volume);
    g_autofree char *shown =
        voice_phrase(voice_of(session), PHRASE_SHOW_VOLUME, 0, &(struct field){"n", n}, 1);
    g_autofree char *begun = sentence_begun(shown), *words = g_strconcat(begun, ".", NULL);
    answer_written(session, words);
}

void answer_phrase(struct session *session, enum phrase phrase)
{
    say(session, g_strdup(voice_of(session)->phrases[phrase]));
}

void answer_words(struct session *session, const char *words)
{
    say(session, g_strdup(words));
}

GPtrArray *answer_lines(const struct session *session, char *text)
{
    const struct place place = status_place(session_timeline(session), session->position);
    GPtrArray *lines = lines_new();
    g_ptr_array_add(lines,
                    line_speech(ROLE_PHRASE, place, voice_sentences(session->parts.script->voice, text)));
    g_free(text);
    return lines;
}

void answer_keys(struct session *session)
{
    g_autofree char *keys = command_keys();
    say(session, voice_phrase(voice_of(session), PHRASE_KEYS, 0, &(struct field){"keys", keys}, 1));
}

void answer_refused(struct session *session, enum phrase why)
{
    session->sound = OCCASION_REFUSED;
    answer_phrase(session, why);
}

void answer_paused(struct session *session, enum phrase why)
{
    struct answer *answer = answer_new(ANSWER_TEXT);
    answer->text = g_strdup(voice_of(session)->phrases[why]);
    announce(session, answer, true);
}

void answer_when(struct session *session, enum phrase phrase, enum phrase when)
{
    const struct voice *voice = voice_of(session);
    say(session, voice_phrase(voice, phrase, 0, &(struct field){"when", voice->phrases[when]}, 1));
}

void answer_count(struct session *session, enum phrase phrase, int n)
{
    const struct voice *voice = voice_of(session);
    g_autofree char *figure = g_strdup_printf("%d", n), *time = voice_time(voice, n);
    const struct field fields[] = {{"n", figure}, {"time", time}};
    say(session, voice_phrase(voice, phrase, n, fields, G_N_ELEMENTS(fields)));
}

/* The step's number and title, or that it is the beginning or the end. */
static char *landed(const struct session *session, int at)
{
    const struct script *script = planner_script(session->parts.planner);
    g_autofree char *end = at < 0 ? where_step(session, at) : NULL;
    if (end) return g_strconcat(end, ".", NULL);
    g_autofree char *number = script_title(script, at, PHRASE_STEP);
    g_autofree char *title = script_title(script, at, PHRASE_TITLE);
    return g_strdup_printf("%s %s", number, title);
}

/* One that plays says where it has come by going on there. */
void answer_landed(struct session *session, int at)
{
    g_autofree char *text = landed(session, at);
    if (session->paused)
        say(session, g_strdup_printf("%s %s", text, voice_of(session)->phrases[PHRASE_PAUSED]));
    else
        answer_written(session, text);
}

static void add_text(const struct session *session, GPtrArray *lines, struct place place, const char *text)
{
    g_ptr_array_add(lines, line_speech(ROLE_PHRASE, place, voice_sentences(voice_of(session), text)));
}

/* A repetition and a side say so themselves; a set does not, without the rest before it. */
void answer_entered(struct session *session, struct script_pos pos)
{
    const struct voice *voice = voice_of(session);
    const struct script script = planner_script_at(session->parts.planner, session->position);
    const struct step *step = &script.routine->steps[pos.step];
    struct status status = {.routine = script.routine,
                            .place = {pos.step, pos.set + 1, pos.rep + 1, -1, SIDE_NONE},
                            .sets = script_sets(&script, step, pos.set + 1),
                            .reps = script_reps(&script, step, pos.rep + 1)};
    if (step->sides.n > 0) status.place.side = step->sides.side[pos.side];
    g_autofree char *place = where_place(session, &status);
    GPtrArray *lines = lines_new();
    if (session->paused) {
        say(session, g_strdup_printf("%s %s", place, voice->phrases[PHRASE_PAUSED]));
    } else {
        answer_written(session, place);
        g_autofree char *n = g_strdup_printf("%d", pos.set + 1), *of = g_strdup_printf("%d", status.sets);
        const struct field fields[] = {{"n", n}, {"of", of}};
        g_autofree char *set = voice_phrase(voice, PHRASE_LANDED_SET, 0, fields, G_N_ELEMENTS(fields));
        if (status.sets > 1 && pos.side == 0 && pos.rep == 0) add_text(session, lines, status.place, set);
    }
    if (session->paused)
        g_ptr_array_unref(lines);
    else
        announce_lines(session, lines);
}

/* What comes before the first set gives the step's title itself. */
void answer_resumed(struct session *session, struct place place)
{
    const struct settings *settings = session->parts.script->settings;
    const char *const *phrases = (const char *const *)voice_of(session)->phrases;
    GPtrArray *lines = lines_new();
    g_autofree char *title = landed(session, place.step);
    if (place.set > 0) add_text(session, lines, place, title);
    if (place.rep > 0 && place.side != SIDE_NONE)
        add_text(session, lines, place,
                 phrases[place.side == SIDE_RIGHT ? PHRASE_RIGHT_SIDE : PHRASE_LEFT_SIDE]);
    int64_t prepare = pace_frames(settings, settings->pace.prepare_ms);
    if (place.rep > 0) g_ptr_array_add(lines, line_span(SPAN_GAP, prepare, place));
    announce_lines(session, lines);
}

/* ---- answers that tell the present ---- */

/* Twice in a row: the rest of what there is to know. One that has not begun is asked for again. */
void answer_where(struct session *session)
{
    int64_t before = session->asked_where;
    bool again = session_asked_again(session, &session->asked_where);
    for (guint i = 0; again && i < session->queue->len; i++) {
        const struct answer *answer = g_ptr_array_index(session->queue, i);
        if (answer->kind == ANSWER_WHERE && answer->said == 0) again = false;
    }
    if (before != 0 && !again) session->asked_where = session->now;
    announce(session, answer_new(again ? ANSWER_WHERE_MORE : ANSWER_WHERE), false);
}

void answer_coming(struct session *session)
{
    announce(session, answer_new(ANSWER_COMING), false);
}

void answer_recap(struct session *session)
{
    bool soon = session->recapped != 0 && session->now - session->recapped < RECAP_S * G_USEC_PER_SEC;
    if (soon || session_spot(session, session->position).place.step < 0) return;
    session->recapped = session->now;
    announce(session, answer_new(ANSWER_RECAP), false);
}

void answer_add(const struct session *session, GPtrArray *sentences, char *text)
{
    if (text) g_ptr_array_extend_and_steal(sentences, voice_sentences(voice_of(session), text));
    g_free(text);
}

GPtrArray *answer_sentences(const struct session *session, const struct answer *answer, int64_t frame)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    switch (answer->kind) {
    case ANSWER_TEXT: answer_add(session, sentences, g_strdup(answer->text)); break;
    case ANSWER_WHERE: where_now(session, frame, sentences); break;
    case ANSWER_WHERE_MORE: where_more(session, frame, sentences); break;
    case ANSWER_COMING: where_coming(session, frame, sentences); break;
    case ANSWER_RECAP: where_recap(session, frame, sentences); break;
    }
    return sentences;
}
