/* What a session does while it listens for a spoken command. */
#include "session_private.h"

enum { FADE_MS = 5 }; /* what is heard fades in: the sounds are whole */

/* 12 dB */
static const double DUCKED = 0.2512;

void listen_duck(int16_t *stereo, int frames)
{
    for (int i = 0; i < 2 * frames; i++) stereo[i] = (int16_t)(stereo[i] * DUCKED);
}

void session_listen(struct session *session, bool listens)
{
    if (session->listens == listens || (listens && session->stopped)) return;
    session->listens = listens;
    if (listens) announcements_withdraw(session);
    session_acknowledge(session, listens ? OCCASION_LISTEN : OCCASION_LISTENED, FADE_MS);
    if (listens) return;
    session->fell = session->ack;
    session->ack = SESSION_NO_SOUND;
}

void session_refuse_listening(struct session *session)
{
    if (session->stopped) return;
    session_acknowledge(session, OCCASION_REFUSED, FADE_MS);
    answer_refused(session, PHRASE_LISTEN_NOT);
}

/* The first way to say it. */
static char *first_way(const struct session *session, enum phrase phrase)
{
    g_auto(GStrv) ways = g_strsplit(session->parts.script->voice->phrases[phrase], ",", 2);
    return g_strdup(g_strstrip(ways[0]));
}

void session_ask(struct session *session, enum phrase first, enum phrase second)
{
    const struct voice *voice = session->parts.script->voice;
    g_autofree char *one = first_way(session, first), *other = first_way(session, second);
    const struct field fields[] = {{"first", one}, {"second", other}};
    g_autofree char *question = voice_phrase(voice, PHRASE_LISTEN_UNSURE, 0, fields, G_N_ELEMENTS(fields));
    g_autofree char *capital = g_utf8_strup(question, g_utf8_next_char(question) - question);
    g_autofree char *words = g_strconcat(capital, g_utf8_next_char(question), NULL);
    answer_words(session, words);
}

bool session_answered(const struct session *session)
{
    for (guint i = 0; i < session->placed->len; i++) {
        const struct answer *answer = g_ptr_array_index(session->placed, i);
        if (answer->end > session->position) return false;
    }
    return session->queue->len == 0 && announcement_done(session);
}
