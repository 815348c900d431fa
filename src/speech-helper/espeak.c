#include "base/diag.h"
#include "engine.h"
#include <espeak-ng/speak_lib.h>
#include <glib.h>

/* From 450 words a minute on, espeak-ng compresses the finished sound instead of speaking faster, and is
 * slower than at 449. */
enum { FASTEST = 449, BUFFER_MS = 200 };

/* A Cyrillic letter makes every voice load the sounds of English too, to which espeak-ng falls back for
 * foreign words and alphabets. The children then have them. */
static const char WARM_UP[] = "hello \xd0\xb8 1";

/* ---- speaking ---- */

static int take_samples(short *samples, int n, espeak_EVENT *events)
{
    if (!samples || n <= 0) return 0;
    return recording_add(events->user_data, samples, (uint32_t)n) ? 0 : 1;
}

static bool say(const char *text, struct recording *recording)
{
    size_t size = strlen(text) + 1;
    return espeak_Synth(text, size, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, recording) == EE_OK;
}

static int discard_samples(short *samples, int n, espeak_EVENT *events)
{
    (void)samples, (void)n, (void)events;
    return 0;
}

/* ---- names: espeak-ng takes them for paths, so it gets only those that it has listed itself ---- */

/* The library's own list, valid until the next; made at the start, since it takes longer than a sentence. */
static const espeak_VOICE **voices;

/* They are silent without the program mbrola, which they start. */
static bool is_mbrola(const espeak_VOICE *voice)
{
    return g_str_has_prefix(voice->identifier, "mb/");
}

/* For suggestions: languages, names and file names, each of which names a voice. */
static GPtrArray *voice_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const espeak_VOICE **voice = voices; voice && *voice; voice++) {
        if (is_mbrola(*voice)) continue;
        for (const char *language = (*voice)->languages; *language; language += strlen(language) + 1)
            g_ptr_array_add(names, g_strdup(++language)); /* a byte of priority comes before each */
        g_ptr_array_add(names, g_strdup((*voice)->name));
        g_ptr_array_add(names, g_path_get_basename((*voice)->identifier));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static const char *directory(void)
{
    const char *path = NULL;
    espeak_Info(&path);
    return path;
}

static GPtrArray *variant_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = g_build_filename(directory(), "voices", "!v", NULL);
    g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
    for (const char *name; files && (name = g_dir_read_name(files));) g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_add(names, NULL);
    return names;
}

enum { MATCH_EXACT = 0, MATCH_NONE = 256 };

/* How well a voice fits a name, 0 is best: by its own name, or by the priority that it gives to a language.
 */
static int match(const espeak_VOICE *voice, const char *wanted)
{
    g_autofree char *file = g_path_get_basename(voice->identifier);
    int best = MATCH_NONE;
    for (const char *language = voice->languages; *language; language += strlen(language) + 1) {
        int priority = (unsigned char)*language++;
        if (g_ascii_strcasecmp(language, wanted) == 0) best = MIN(best, priority);
    }
    bool exact = g_ascii_strcasecmp(voice->name, wanted) == 0 || g_ascii_strcasecmp(file, wanted) == 0;
    return exact ? MATCH_EXACT : best;
}

/* The file of the voice that fits a name best, or NULL. espeak_SetVoiceByName() knows files, but no
 * languages. */
static const char *find_voice(const char *wanted)
{
    const char *found = NULL;
    int best = MATCH_NONE;
    for (const espeak_VOICE **voice = voices; voice && *voice; voice++) {
        int rank = is_mbrola(*voice) ? MATCH_NONE : match(*voice, wanted);
        if (rank >= best) continue;
        best = rank;
        found = (*voice)->identifier;
    }
    return found;
}

static char *no_such(const char *what, const char *wanted, const GPtrArray *names)
{
    g_autofree char *shown = diag_shown(wanted, 60);
    const char *nearest = diag_nearest(wanted, (const char *const *)names->pdata);
    if (nearest)
        return g_strdup_printf("%s\tespeak-ng has no such %s ('%s'; did you mean '%s'?)", what, what, shown,
                               nearest);
    return g_strdup_printf("%s\tespeak-ng has no such %s ('%s'; `espeak-ng --voices%s` lists them)", what,
                           what, shown, strcmp(what, "variant") == 0 ? "=variant" : "");
}

/* ---- the voice ---- */

static char *no_voice(const struct voice_parameters *wanted)
{
    g_autoptr(GPtrArray) names = voice_names();
    return no_such("voice", wanted->voice, names);
}

/* Returns what is wrong: with the voice, with the variant, or with both. */
static char *choose_voice(const struct voice_parameters *wanted)
{
    g_autoptr(GPtrArray) variants = variant_names();
    const char *voice = find_voice(wanted->voice), *variant = NULL;
    for (guint i = 0; i + 1 < variants->len && !variant; i++)
        if (g_ascii_strcasecmp(variants->pdata[i], wanted->variant) == 0) variant = variants->pdata[i];
    bool no_variant = !variant && wanted->variant[0];
    g_autofree char *first = voice ? NULL : no_voice(wanted);
    g_autofree char *second = no_variant ? no_such("variant", wanted->variant, variants) : NULL;
    if (first || second) return g_strconcat(first ? first : "", first && second ? "\n" : "", second, NULL);
    g_autofree char *name = g_strconcat(voice, variant ? "+" : NULL, variant, NULL);
    return espeak_SetVoiceByName(name) == EE_OK ? NULL : no_voice(wanted);
}

static char *set_voice(const struct voice_parameters *voice)
{
    char *problem = choose_voice(voice);
    if (problem) return problem;
    espeak_SetParameter(espeakRATE, MIN(voice->rate, FASTEST), 0);
    espeak_SetParameter(espeakPITCH, voice->pitch, 0);
    espeak_SetParameter(espeakRANGE, voice->range, 0);
    espeak_SetParameter(espeakWORDGAP, voice->word_gap, 0);
    espeak_SetSynthCallback(discard_samples);
    say(WARM_UP, NULL);
    espeak_SetSynthCallback(take_samples);
    return NULL;
}

/* Without its data the library may print an error and return 0. */
static int start(void)
{
    int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, NULL, espeakINITIALIZE_DONT_EXIT);
    if (rate > 0) voices = espeak_ListVoices(NULL);
    return rate;
}

const struct engine engine_espeak = {"espeak", start, set_voice, directory, say};
