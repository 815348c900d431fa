/* stretchvoice-speech: the helper program that speaks. It starts the engine before it knows the voice, so
 * that it is ready when the main program is, and then answers one packet after the other. */
#include "child.h"
#include "ipc/helper.h"
#include <glib.h>
#include <stdlib.h>
#include <unistd.h>

static const struct engine *const engines[] = {&engine_espeak, &engine_tone};

struct server {
    int rates[G_N_ELEMENTS(engines)]; /* of each engine, 0 if it cannot speak */
    struct speech_child child;        /* child.engine is NULL as long as there is no voice */
};

/* ---- USE ---- */

/* Returns what is wrong, or NULL. */
static char *set_voice(struct server *server, const struct voice_parameters *voice)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(engines) && strcmp(engines[i]->name, voice->engine) != 0) i++;
    if (i == G_N_ELEMENTS(engines))
        return g_strdup_printf("no such speech engine ('%s'; espeak)", voice->engine);
    if (server->rates[i] <= 0)
        return g_strdup("espeak-ng finds no data of its version (install espeak-ng-data)");
    char *problem = engines[i]->set_voice(voice);
    if (problem) return problem;
    if (!speech_child_init(&server->child, engines[i], server->rates[i]))
        return g_strdup("there is no memory for the speech");
    server->child.sandbox = sandbox_new(&(struct sandbox_rights){.directory = engines[i]->directory()});
    return NULL;
}

static bool handle_use(struct server *server, const struct packet *packet, const char *payload)
{
    struct voice_parameters voice;
    if (server->child.engine || packet->size != sizeof voice) return false;
    memcpy(&voice, payload, sizeof voice);
    voice.engine[sizeof voice.engine - 1] = '\0';
    voice.voice[sizeof voice.voice - 1] = '\0';
    voice.variant[sizeof voice.variant - 1] = '\0';
    g_autofree char *problem = set_voice(server, &voice);
    const char *text = problem ? problem : "";
    /* The other end may have closed: the next packet_read() says so. */
    packet_send(STDIN_FILENO, &(struct packet){.kind = SPEECH_READY, .size = (uint32_t)strlen(text)}, text,
                0);
    return true;
}

/* ---- SAY ---- */

static bool handle_say(struct server *server, const char *text)
{
    if (!server->child.engine) return false;
    enum outcome outcome = speech_child_say(&server->child, text);
    const struct recording *recording = server->child.recording;
    const size_t samples = outcome == OUTCOME_SPOKEN ? recording->samples : 0;
    const struct packet packet = {
        .kind = SPEECH_CLIP,
        .size = (uint32_t)(samples * sizeof *recording->sample),
        .value = {[CLIP_OUTCOME] = (int32_t)outcome, [CLIP_RATE] = server->child.rate},
    };
    packet_send(STDIN_FILENO, &packet, recording->sample, 0);
    return true;
}

/* ---- the program ---- */

int main(int argc, char **argv)
{
    helper_begin(argc, argv, "stretchvoice-speech");
    struct server server = {.child = {.parent = STDIN_FILENO, .patience_ms = SPEECH_PATIENCE_S * 1000}};
    struct packet_reader reader = {.limit = SPEECH_TEXT_MAX};
    for (size_t i = 0; i < G_N_ELEMENTS(engines); i++) server.rates[i] = engines[i]->start();
    for (bool valid = true; valid && packet_read(&reader, STDIN_FILENO, 0) == PACKET_WHOLE;) {
        const uint32_t kind = reader.packet.kind;
        valid = (kind == SPEECH_USE && handle_use(&server, &reader.packet, reader.payload)) ||
                (kind == SPEECH_SAY && handle_say(&server, reader.payload));
    }
    helper_end();
}
