/* The engines of stretchvoice-voice: programs that the user has chosen. They run with the user's rights, in
 * a process group of their own, and get no descriptors of ours. */
#ifndef VOICE_HELPER_ENGINE_H
#define VOICE_HELPER_ENGINE_H

#include "ipc/speech_packets.h"
#include "sound.h"
#include <glib.h>

struct engine {
    const char *name;
    /* Returns what is wrong with the voice, to be freed, or NULL: see speech_problem(). `voice` stays valid.
     */
    char *(*use)(const struct program_parameters *voice);
    /* The files that the samples depend on, beside the parameters: paths are added (char *, owned). */
    void (*files)(GPtrArray *paths);
    /* After OUTCOME_FAILED *why is a text to be freed; otherwise it may be NULL. */
    enum outcome (*say)(const char *text, struct sound *sound, char **why);
};

extern const struct engine engine_command, engine_module;

#endif
