#include "live/parcel.h"
#include "base/name.h"
#include "base/ini.h"
#include "base/read.h"
#include "plan/script.h"
#include "routine/parse.h"
#include "routine/select.h"
#include <string.h>

enum {
    CHUNK = 2880,         /* bytes of a part that go into a command's line as base64, */
    FIELD = 11520,        /* and into a field of a reply */
    SHORT = 16 << 10,     /* bytes of a part that is not a file */
    LONG = 4 * INI_LIMIT, /* of several files */
};

/* clang-format off */
static const struct {
    const char *name;
    gsize limit;
    bool file;
} PARTS[N_PARCEL_PARTS] = {
    [PARCEL_SETTINGS] = {"settings", INI_LIMIT, true},
    [PARCEL_VOICE] = {"voice", INI_LIMIT, true},
    [PARCEL_VOICE_NAME] = {"voice-name", SHORT, false},
    [PARCEL_VOICE_PATH] = {"voice-path", SHORT, false},
    [PARCEL_VOICE_SOURCES] = {"voice-sources", INI_LIMIT, false},
    [PARCEL_ROUTINE] = {"routine", LONG, true},
    [PARCEL_ROUTINE_PATH] = {"routine-path", INI_LIMIT, true},
    [PARCEL_STEPS] = {"steps", INI_LIMIT, false},
    [PARCEL_STATE_DIRECTORY] = {"state-directory", SHORT, false},
    [PARCEL_DATA_DIRECTORY] = {"data-directory", SHORT, false},
    [PARCEL_RENDER_COMMAND] = {"render-command", SHORT, false},
    [PARCEL_UNTIL] = {"until", SHORT, false},
    [PARCEL_SEED] = {"seed", SHORT, false},
    [PARCEL_OUT] = {"out", INI_LIMIT, false},
    [PARCEL_OPENING] = {"opening", INI_LIMIT, false},
    [PARCEL_KIND] = {"kind", SHORT, false},
    [PARCEL_CUES] = {"cues", N_OCCASIONS * (SHORT + CUE_FILE_SECONDS * 48000 * sizeof(int16_t)), true},
};

static const char *const KINDS[] = {[ROUTINE_DONE] = "", [ROUTINE_MENU] = "menu", [ROUTINE_LIST] = "list", [ROUTINE_QUESTION] = "question"};

#define AT(field) offsetof(struct parcel, field)
static const struct {
    const char *name;
    size_t offset; /* of a bool */
} FLAGS[] = {
    {"background", AT(background)}, {"replace", AT(replace)},
    {"resume", AT(request.resume)}, {"level-given", AT(request.level_given)}, {"hold-given", AT(request.hold_given)}, {"steps-named", AT(request.steps_named)}, {"volume-given", AT(request.volume_given)},
    {"verbose", AT(request.verbose)}, {"quiet", AT(request.quiet)},
};
/* clang-format on */

static bool *flag(const struct parcel *parcel, gsize i)
{
    return (bool *)((char *)parcel + FLAGS[i].offset);
}

struct parcel *parcel_new(void)
{
    struct parcel *parcel = g_new0(struct parcel, 1);
    for (int i = 0; i < N_PARCEL_PARTS; i++) parcel->part[i] = g_string_new(NULL);
    return parcel;
}

void parcel_free(struct parcel *parcel)
{
    if (!parcel) return;
    for (int i = 0; i < N_PARCEL_PARTS; i++) g_string_free(parcel->part[i], TRUE);
    settings_free(parcel->settings);
    voice_free(parcel->voice);
    routine_free(parcel->routine);
    if (parcel->out) g_byte_array_unref(parcel->out);
    if (parcel->opening) g_ptr_array_unref(parcel->opening);
    g_free(parcel);
}

/* ---- the end that sends ---- */

static bool pack_file(struct parcel *parcel, enum parcel_part part, const char *path, struct diags *diags)
{
    gsize size;
    g_autofree char *problem = NULL, *text = read_file(path, INI_LIMIT, &size, &problem);
    if (!text)
        diag_error(diags, &(struct diag_location){.path = path}, "%s", problem);
    else
        g_string_append_len(parcel->part[part], text, (gssize)size);
    return text != NULL;
}

static void pack(struct parcel *parcel, enum parcel_part part, const char *text)
{
    g_string_append(parcel->part[part], text);
}

/* The receiver may see other files under these names, or none. */
static void pack_cues(struct parcel *parcel, const struct settings *settings)
{
    GString *part = parcel->part[PARCEL_CUES];
    for (enum occasion occasion = 0; occasion < N_OCCASIONS; occasion++) {
        const struct cue_file *file = &settings->cues.file[occasion];
        if (!file->samples) continue;
        g_string_append_printf(part, "%s\n%" G_GINT64_FORMAT "\n", occasion_name(occasion), file->frames);
        for (int64_t i = 0; i < file->frames; i++) {
            int16_t sample = GINT16_TO_LE(file->samples[i]);
            g_string_append_len(part, (const char *)&sample, sizeof sample);
        }
    }
}

/* A file, behind those before it. */
static bool pack_routine(struct parcel *parcel, const struct routine *routine, const GString *source,
                         struct diags *diags)
{
    g_autofree char *path = g_canonicalize_filename(routine->path, NULL);
    GString *paths = parcel->part[PARCEL_ROUTINE_PATH], *texts = parcel->part[PARCEL_ROUTINE];
    if (paths->len > 0) g_string_append_c(texts, '\0');
    if (paths->len > 0) g_string_append_c(paths, '\0');
    g_string_append(paths, path);
    if (source) g_string_append(texts, source->str);
    return source || pack_file(parcel, PARCEL_ROUTINE, routine->path, diags);
}

static bool pack_routines(struct parcel *parcel, const struct routine *routine, const GString *source,
                          struct diags *diags)
{
    const GPtrArray *files = routine->files;
    bool packed = files || pack_routine(parcel, routine, source, diags);
    for (guint i = 0; files && i < files->len; i++)
        packed = packed && pack_routine(parcel, files->pdata[i], NULL, diags);
    g_autoptr(GArray) steps = files ? routine_kept(routine) : NULL;
    GString *part = parcel->part[PARCEL_STEPS];
    for (guint i = 0; steps && i < steps->len; i++)
        g_string_append_printf(part, "%s%d", i > 0 ? " " : "", g_array_index(steps, int, i));
    return packed;
}

static void pack_out(struct parcel *parcel, const struct play_request *request)
{
    GString *part = parcel->part[PARCEL_OUT];
    for (int i = 0; i < request->routine->n_steps; i++)
        if (left_out(request->out, i)) g_string_append_printf(part, "%s%d", part->len > 0 ? " " : "", i);
    for (guint i = 0; request->opening && i < request->opening->len; i++)
        g_string_append_printf(parcel->part[PARCEL_OPENING], "%s%s", i > 0 ? "\n" : "",
                               (const char *)request->opening->pdata[i]);
}

bool parcel_pack(struct parcel *parcel, const struct play_request *request, const GString *source,
                 struct diags *diags)
{
    g_autofree char *settings = settings_ini(request->settings, false), *voice = voice_ini(request->voice),
                    *sources = voice_print_sources(request->voice), *state = directory_path(DIRECTORY_STATE),
                    *data = directory_path(DIRECTORY_DATA);
    parcel->request = *request;
    pack(parcel, PARCEL_SETTINGS, settings);
    pack(parcel, PARCEL_VOICE, voice);
    pack(parcel, PARCEL_VOICE_SOURCES, sources);
    pack(parcel, PARCEL_VOICE_NAME, request->voice->name);
    pack(parcel, PARCEL_VOICE_PATH, request->voice->path);
    pack(parcel, PARCEL_STATE_DIRECTORY, state);
    pack(parcel, PARCEL_DATA_DIRECTORY, data);
    pack(parcel, PARCEL_RENDER_COMMAND, request->render_command);
    if (request->until > 0)
        g_string_append_printf(parcel->part[PARCEL_UNTIL], "%" G_GINT64_FORMAT, request->until);
    if (request->seed) pack(parcel, PARCEL_SEED, request->seed);
    pack(parcel, PARCEL_KIND, KINDS[request->routine->kind]);
    pack_out(parcel, request);
    pack_cues(parcel, request->settings);
    return pack_routines(parcel, request->routine, source, diags);
}

/* Up to `most` bytes of a part from `at` on, to be freed. */
static char *encoded(const GString *bytes, gsize at, gsize most)
{
    return g_base64_encode((const guchar *)bytes->str + at, MIN(most, bytes->len - at));
}

void parcel_reply(const struct parcel *parcel, struct reply *reply)
{
    for (int i = 0; i < N_PARCEL_PARTS; i++) {
        for (gsize at = 0; i != PARCEL_CUES && at < parcel->part[i]->len; at += FIELD) {
            g_autofree char *chunk = encoded(parcel->part[i], at, FIELD);
            reply_field(reply, "part", "%s %s", PARTS[i].name, chunk);
        }
    }
}

/* NULL, or an answer that is not OK. */
static struct response *send_part(const struct parcel *parcel, int part, struct client *client,
                                  int timeout_ms, GError **error)
{
    const GString *bytes = parcel->part[part];
    for (gsize at = 0; at < bytes->len; at += CHUNK) {
        g_autofree char *chunk = encoded(bytes, at, CHUNK);
        const char *const words[] = {"part", PARTS[part].name, chunk, NULL};
        AUTO(response) response = client_ask(client, words, timeout_ms, error);
        if (!response || response->code) return g_steal_pointer(&response);
    }
    return NULL;
}

struct response *parcel_send(const struct parcel *parcel, struct client *client, int timeout_ms,
                             GError **error)
{
    g_autoptr(GError) problem = NULL;
    struct response *refusal = NULL;
    for (int i = 0; i < N_PARCEL_PARTS && !refusal && !problem; i++)
        refusal = send_part(parcel, i, client, timeout_ms, &problem);
    if (problem) g_propagate_error(error, g_steal_pointer(&problem));
    if (refusal || (error && *error)) return refusal;
    const char *words[G_N_ELEMENTS(FLAGS) + 2] = {"play"};
    gsize n = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(FLAGS); i++)
        if (*flag(parcel, i)) words[n++] = FLAGS[i].name;
    return client_ask(client, words, timeout_ms, error);
}

/* ---- the end that receives ---- */

char *parcel_take_part(struct parcel *parcel, const char *const *words)
{
    if (g_strv_length((char **)words) != 3) return g_strdup("'part' needs a name and base64");
    int part = 0;
    while (part < N_PARCEL_PARTS && strcmp(PARTS[part].name, words[1]) != 0) part++;
    if (part == N_PARCEL_PARTS) return g_strdup_printf("no such part ('%s')", words[1]);
    gsize size;
    g_autofree guchar *bytes = g_base64_decode(words[2], &size);
    GString *text = parcel->part[part];
    if (text->len + size > PARTS[part].limit)
        return g_strdup_printf("the part '%s' is over its limit of %zu bytes", words[1], PARTS[part].limit);
    if (!PARTS[part].file && memchr(bytes, '\0', size))
        return g_strdup_printf("the part '%s' holds a NUL", words[1]);
    g_string_append_len(text, (const char *)bytes, (gssize)size);
    return NULL;
}

char *parcel_take_reply(struct parcel *parcel, const struct response *response)
{
    char *problem = NULL;
    for (guint i = 0; i < response->fields->len && !problem; i++) {
        const struct response_field *field = &g_array_index(response->fields, struct response_field, i);
        g_autofree char *line = g_strconcat(field->key, " ", field->value, NULL);
        g_auto(GStrv) words = g_strsplit(line, " ", -1);
        problem = parcel_take_part(parcel, (const char *const *)words);
    }
    return problem;
}

char *parcel_take_flags(struct parcel *parcel, const char *const *words)
{
    for (gsize word = 1; words[word]; word++) {
        gsize i = 0;
        while (i < G_N_ELEMENTS(FLAGS) && strcmp(FLAGS[i].name, words[word]) != 0) i++;
        if (i == G_N_ELEMENTS(FLAGS))
            return g_strdup_printf("'play' over the socket takes no argument '%s': 'stretchvoice play NAME' "
                                   "sends the routine itself",
                                   words[word]);
        *flag(parcel, i) = true;
    }
    if (parcel->part[PARCEL_ROUTINE]->len > 0 && parcel->part[PARCEL_VOICE]->len > 0) return NULL;
    return g_strdup("no routine has been sent: 'stretchvoice play NAME' sends one");
}

static const char *text_of(const struct parcel *parcel, enum parcel_part part)
{
    return parcel->part[part]->str;
}

/* The client has read the profile with its bases, and applied the settings. */
static struct voice *open_voice(const struct parcel *parcel, struct diags *diags)
{
    const GString *text = parcel->part[PARCEL_VOICE];
    AUTO(ini) ini = ini_from_text(text->str, text->len, text_of(parcel, PARCEL_VOICE_PATH), diags);
    struct voice *voice = ini ? voice_from_ini(text_of(parcel, PARCEL_VOICE_NAME), ini, diags) : NULL;
    if (voice) voice_take_sources(voice, text_of(parcel, PARCEL_VOICE_SOURCES));
    return voice;
}

static enum occasion occasion_of(const char *name)
{
    enum occasion occasion = 0;
    while (occasion < N_OCCASIONS && strcmp(occasion_name(occasion), name) != 0) occasion++;
    return occasion;
}

/* One sound, and *at behind it. False if it is not whole. */
static bool take_cue(struct settings *settings, const char **at, const char *end)
{
    g_auto(GStrv) lines = g_strsplit(*at, "\n", 3);
    if (g_strv_length(lines) < 3) return false;
    guint64 frames;
    enum occasion occasion = occasion_of(lines[0]);
    const char *samples = *at + strlen(lines[0]) + 1 + strlen(lines[1]) + 1;
    bool right = g_ascii_string_to_unsigned(lines[1], 10, 1, (guint64)CUE_FILE_SECONDS * settings->sound.rate,
                                            &frames, NULL);
    gsize size = right ? frames * sizeof(int16_t) : 0;
    if (!right || occasion == N_OCCASIONS || (gsize)(end - samples) < size) return false;
    struct cue_file *file = &settings->cues.file[occasion];
    g_free(file->samples);
    *file = (struct cue_file){(int64_t)frames, g_memdup2(samples, size)};
    for (guint64 i = 0; i < frames; i++) file->samples[i] = GINT16_FROM_LE(file->samples[i]);
    *at = samples + size;
    return true;
}

static void open_cues(const struct parcel *parcel, struct diags *diags)
{
    const char *at = parcel->part[PARCEL_CUES]->str, *end = at + parcel->part[PARCEL_CUES]->len;
    while (at < end && take_cue(parcel->settings, &at, end)) continue;
    if (at < end) diag_error(diags, &(struct diag_location){.path = "cues"}, "a sound that is not whole");
}

static enum routine_kind kind_of(const char *name)
{
    for (enum routine_kind kind = 0; kind < G_N_ELEMENTS(KINDS); kind++)
        if (strcmp(KINDS[kind], name) == 0) return kind;
    return ROUTINE_DONE;
}

/* A piece of a part that ends at a NUL, and *at behind that; the last one (`last`) is all that is left. */
static GString *next_piece(const GString *part, gsize *at, bool last)
{
    gsize rest = part->len - *at;
    const char *begin = part->str + *at, *nul = last ? NULL : memchr(begin, '\0', rest);
    gsize size = nul ? (gsize)(nul - begin) : rest;
    *at += size + (nul != NULL);
    return g_string_new_len(begin, (gssize)size);
}

static void free_routine(gpointer routine)
{
    routine_free(routine);
}

/* All files; without those that have problems. */
static GPtrArray *open_files(const struct parcel *parcel, struct diags *diags)
{
    const GString *paths = parcel->part[PARCEL_ROUTINE_PATH], *texts = parcel->part[PARCEL_ROUTINE];
    GPtrArray *files = g_ptr_array_new_with_free_func(free_routine);
    gsize at_path = 0, at_text = 0;
    do {
        GString *path = next_piece(paths, &at_path, false),
                *text = next_piece(texts, &at_text, at_path == paths->len);
        struct routine *routine = routine_from_text(text->str, text->len, path->str, diags);
        if (routine) g_ptr_array_add(files, routine);
        g_string_free(path, TRUE);
        g_string_free(text, TRUE);
    } while (at_path < paths->len);
    return files;
}

/* The numbers in a part, each once and below `most`. */
static GArray *open_numbers(const struct parcel *parcel, enum parcel_part part, int most, struct diags *diags)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree bool *known = g_new0(bool, (gsize)most);
    g_auto(GStrv) words = g_strsplit(text_of(parcel, part), " ", -1);
    for (char **word = words; *word; word++) {
        guint64 number;
        bool right = g_ascii_string_to_unsigned(*word, 10, 0, (guint64)most - 1, &number, NULL);
        if (!right || known[number]) {
            diag_error(diags, &(struct diag_location){.path = PARTS[part].name}, "no such step ('%s')",
                       *word);
            break;
        }
        int step = (int)number;
        known[step] = true;
        g_array_append_val(numbers, step);
    }
    return numbers;
}

static void open_routine(struct parcel *parcel, struct diags *diags)
{
    g_autoptr(GPtrArray) files = open_files(parcel, diags);
    if (diags_errors(diags) > 0 || files->len == 0) return;
    if (files->len == 1 && parcel->part[PARCEL_STEPS]->len == 0) {
        parcel->routine = g_ptr_array_steal_index(files, 0);
        return;
    }
    parcel->routine = routine_join(g_steal_pointer(&files));
    g_autoptr(GArray) steps = open_numbers(parcel, PARCEL_STEPS, parcel->routine->n_steps, diags);
    if (steps->len > 0) routine_keep(parcel->routine, steps);
}

static void open_out(struct parcel *parcel, struct diags *diags)
{
    const int n_steps = parcel->routine->n_steps;
    g_autoptr(GArray) steps = open_numbers(parcel, PARCEL_OUT, n_steps, diags);
    if (steps->len == 0) return;
    parcel->out = g_byte_array_new();
    g_byte_array_set_size(parcel->out, (guint)n_steps);
    memset(parcel->out->data, 0, parcel->out->len);
    for (guint i = 0; i < steps->len; i++) parcel->out->data[g_array_index(steps, int, i)] = 1;
}

static void open_opening(struct parcel *parcel)
{
    g_auto(GStrv) lines = g_strsplit(text_of(parcel, PARCEL_OPENING), "\n", -1);
    if (!*lines) return;
    parcel->opening = g_ptr_array_new_with_free_func(g_free);
    for (char **line = lines; *line; line++) g_ptr_array_add(parcel->opening, g_strdup(*line));
}

bool parcel_open(struct parcel *parcel, struct diags *diags)
{
    const GString *settings = parcel->part[PARCEL_SETTINGS];
    const char *state = text_of(parcel, PARCEL_STATE_DIRECTORY),
               *data = text_of(parcel, PARCEL_DATA_DIRECTORY);
    parcel->settings = settings_new();
    settings_from_text(parcel->settings, settings->str, settings->len, "settings", diags);
    open_cues(parcel, diags);
    parcel->voice = open_voice(parcel, diags);
    open_routine(parcel, diags);
    if (parcel->routine) parcel->routine->kind = kind_of(text_of(parcel, PARCEL_KIND));
    if (parcel->routine) plan_check_length(parcel->routine, parcel->settings, diags);
    if (parcel->routine) open_out(parcel, diags);
    open_opening(parcel);
    struct play_request *request = &parcel->request;
    request->settings = parcel->settings;
    request->voice = parcel->voice;
    request->routine = parcel->routine;
    request->state_directory = g_path_is_absolute(state) ? state : NULL;
    request->data_directory = g_path_is_absolute(data) ? data : NULL;
    request->out = parcel->out;
    request->opening = parcel->opening;
    request->attended = true; /* by the socket that it came through */
    request->render_command = text_of(parcel, PARCEL_RENDER_COMMAND);
    request->until = MAX(0, g_ascii_strtoll(text_of(parcel, PARCEL_UNTIL), NULL, 10));
    request->seed = *text_of(parcel, PARCEL_SEED) ? text_of(parcel, PARCEL_SEED) : NULL;
    return diags_errors(diags) == 0 && parcel->voice && parcel->routine;
}
