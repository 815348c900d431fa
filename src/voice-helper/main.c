/* stretchvoice-voice: the helper program that lets a program of the user's choice speak, and keeps what it
 * has said. It may hang or crash with that program: the main program starts another. */
#include "cache.h"
#include "engine.h"
#include "base/read.h"
#include "base/recorded.h"
#include "ipc/helper.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct engine *const engines[] = {&engine_command, &engine_module};

enum { FAILURES_MOST = 3 }; /* one after the other: then the program is not asked any more */

struct server {
    bool used;                   /* the voice is known */
    const struct engine *engine; /* NULL: there are only recorded clips */
    struct program_parameters voice;
    struct cache cache;
    int failures;
    char *why; /* of the last failure */
};

/* ---- USE ---- */

static void end_strings(struct program_parameters *voice)
{
    voice->engine[sizeof voice->engine - 1] = '\0';
    voice->command[sizeof voice->command - 1] = '\0';
    voice->config[sizeof voice->config - 1] = '\0';
    voice->voice[sizeof voice->voice - 1] = '\0';
    voice->language[sizeof voice->language - 1] = '\0';
    voice->package[sizeof voice->package - 1] = '\0';
    voice->directory[sizeof voice->directory - 1] = '\0';
    voice->clips[sizeof voice->clips - 1] = '\0';
    voice->cache[sizeof voice->cache - 1] = '\0';
}

/* Returns what is wrong, or NULL. */
static char *set_voice(struct server *server)
{
    gsize i = 0;
    if (chdir(server->voice.directory) != 0) return g_strdup("the directory of this voice cannot be entered");
    if (server->voice.clips[0] && access(server->voice.clips, R_OK | X_OK) != 0)
        return g_strdup_printf("clips\tno such directory ('%s'; 'stretchvoice record' makes it)",
                               server->voice.clips);
    if (!server->voice.engine[0]) return NULL;
    while (i < G_N_ELEMENTS(engines) && strcmp(engines[i]->name, server->voice.engine) != 0) i++;
    if (i == G_N_ELEMENTS(engines)) return g_strdup("engine\tno such engine");
    char *problem = engines[i]->use(&server->voice);
    if (problem) return problem;
    server->engine = engines[i];
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    server->engine->files(paths);
    cache_init(&server->cache, &server->voice, paths);
    return NULL;
}

static bool handle_use(struct server *server, const struct packet *packet, const char *payload)
{
    if (server->used || packet->size != sizeof server->voice) return false;
    server->used = true;
    memcpy(&server->voice, payload, sizeof server->voice);
    end_strings(&server->voice);
    g_autofree char *problem = set_voice(server);
    const char *text = problem ? problem : "";
    packet_send(STDIN_FILENO, &(struct packet){.kind = SPEECH_READY, .size = (uint32_t)strlen(text)}, text,
                0);
    return true;
}

/* ---- SAY ---- */

/* A recorded clip. One that cannot be read counts as missing. */
static bool find_recorded(const struct program_parameters *voice, const char *text, struct sound *sound)
{
    gsize size;
    g_autofree char *path = voice->clips[0] ? recorded_find(voice->clips, voice->language, text) : NULL;
    g_autofree char *problem = NULL, *why = NULL;
    g_autofree char *data = path ? read_file(path, SPEECH_CLIP_MAX, &size, &problem) : NULL;
    if (data && sound_decode(sound, data, size, &why) && sound_judge(sound) == OUTCOME_SPOKEN) return true;
    g_array_set_size(sound->samples, 0);
    return false;
}

static enum outcome say(struct server *server, const char *text, struct sound *sound, enum origin *origin,
                        char **why)
{
    if (!server->engine) return OUTCOME_MISSING;
    if (cache_find(&server->cache, text, sound)) {
        *origin = ORIGIN_KEPT;
        return OUTCOME_SPOKEN;
    }
    if (server->failures >= FAILURES_MOST) {
        *why = g_strdup(server->why);
        return OUTCOME_FAILED;
    }
    enum outcome outcome = server->engine->say(text, sound, why);
    server->failures = outcome == OUTCOME_SPOKEN ? 0 : server->failures + 1;
    g_free(server->why);
    server->why = g_strdup(*why ? *why : "it says nothing more");
    if (outcome == OUTCOME_SPOKEN && !cache_keep(&server->cache, text, sound)) *origin = ORIGIN_UNKEPT;
    return outcome;
}

static bool handle_say(struct server *server, const char *text)
{
    if (!server->used) return false;
    struct sound sound;
    g_autofree char *why = NULL;
    sound_init(&sound);
    enum origin origin = find_recorded(&server->voice, text, &sound) ? ORIGIN_RECORDED : ORIGIN_SPOKEN;
    enum outcome outcome =
        origin == ORIGIN_RECORDED ? OUTCOME_SPOKEN : say(server, text, &sound, &origin, &why);
    bool spoken = outcome == OUTCOME_SPOKEN;
    g_autofree char *reason = why ? g_utf8_make_valid(why, -1) : NULL; /* a module's own words */
    const void *payload = spoken ? sound.samples->data : reason;
    gsize size = spoken ? sound.samples->len * sizeof(int16_t) : reason ? strlen(reason) : 0;
    const struct packet packet = {
        .kind = SPEECH_CLIP,
        .size = (uint32_t)size,
        .value = {[CLIP_OUTCOME] = (int32_t)outcome,
                  [CLIP_RATE] = spoken ? sound.rate : SPEECH_RATE_MIN,
                  [CLIP_ORIGIN] = (int32_t)origin},
    };
    packet_send(STDIN_FILENO, &packet, payload, 0);
    sound_finish(&sound);
    return true;
}

/* ---- the program ---- */

int main(int argc, char **argv)
{
    helper_begin(argc, argv, "stretchvoice-voice");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is a full disk */
    static struct server server;
    struct packet_reader reader = {.limit = MAX(SPEECH_TEXT_MAX, sizeof server.voice)};
    for (bool valid = true; valid && packet_read(&reader, STDIN_FILENO, 0) == PACKET_WHOLE;) {
        const uint32_t kind = reader.packet.kind;
        valid = (kind == SPEECH_USE && handle_use(&server, &reader.packet, reader.payload)) ||
                (kind == SPEECH_SAY && handle_say(&server, reader.payload));
    }
    helper_end();
}
