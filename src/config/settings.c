#include "config/settings.h"
#include "base/key.h"
#include "base/name.h"
#include <string.h>

/* ---- the table ---- */

static const struct choice WORDS[] = {
    {"auto", WORDS_AUTO}, {"full", WORDS_FULL}, {"brief", WORDS_BRIEF}, {NULL, 0}};
static const struct choice PROGRESS[] = {
    {"off", PROGRESS_OFF}, {"ask", PROGRESS_ASK}, {"auto", PROGRESS_AUTO}, {NULL, 0}};
static const struct choice ON_LOST[] = {{"pause", ON_LOST_PAUSE}, {"continue", ON_LOST_CONTINUE}, {NULL, 0}};
static const struct choice WHILE_SPEAKING[] = {
    {"leave", SPEAKING_LEAVE}, {"lower", SPEAKING_LOWER}, {"pause", SPEAKING_PAUSE}, {NULL, 0}};
static const struct choice RATES[] = {{"48000", 48000}, {"44100", 44100}, {NULL, 0}};
static const struct choice BUS[] = {{"yes", BUS_YES}, {"no", BUS_NO}, {"always", BUS_ALWAYS}, {NULL, 0}};
static const struct choice LISTEN[] = {
    {"off", LISTEN_OFF}, {"push", LISTEN_PUSH}, {"wake", LISTEN_WAKE}, {NULL, 0}};
static const struct choice ON_OFF[] = {{"on", true}, {"off", false}, {NULL, 0}};
static const struct choice YES_NO[] = {{"yes", true}, {"no", false}, {NULL, 0}};

#define AT(field) offsetof(struct settings, field)
#define CUE(name, occasion, standard, meaning)                                                               \
    {                                                                                                        \
        "cues", name, &KIND_CUE, AT(cues.sound[occasion]), standard, NULL, NULL, CUE_SOUNDS, meaning         \
    }

/* clang-format off */
const struct key SETTINGS[] = {
    {"pace", "level", &KIND_WHOLE, AT(pace.level), "0", "0", "100", NULL,
     "0 plays the low end of every range, 100 the high end"},
    {"pace", "speed", &KIND_PERCENT, AT(pace.speed), "100%", "50%", "200%", NULL,
     "waits, rests and breaths: above 100% quicker, below it slower; never a hold in seconds"},
    {"pace", "hold", &KIND_PERCENT, AT(pace.hold), "100%", "25%", "400%", NULL,
     "longer or shorter holds, rounded to whole seconds"},
    {"pace", "prepare", &KIND_TIME, AT(pace.prepare_ms), "8s", "0s", "10m", NULL,
     "time to get into position after the setup, unless the step has its own"},
    {"pace", "gap", &KIND_TIME, AT(pace.gap_ms), "0.6s", "0s", "10s", NULL,
     "silence after an utterance; half of it between other sentences"},
    {"pace", "sentence", &KIND_TIME, AT(pace.sentence_ms), "1.2s", "0s", "10s", NULL,
     "silence between the sentences of setup, say and release, in which they are done"},
    {"pace", "settle", &KIND_TIME, AT(pace.settle_ms), "1.5s", "0s", "1m", NULL,
     "from the end of a move's text to the start of its hold, unless the move has its own"},
    {"pace", "change-sides", &KIND_TIME, AT(pace.change_ms), "5s", "0s", "10m", NULL,
     "between the first side and the second"},
    {"pace", "rest", &KIND_TIME, AT(pace.rest_ms), "20s", "0s", "1h", NULL,
     "between sets, unless the step has its own rest"},
    {"pace", "breath", &KIND_TIME, AT(pace.breath_ms), "5s", "2s", "30s", NULL,
     "one breath: 40 % of it in, 60 % out; unless the move has its own"},
    {"pace", "tempo", &KIND_TIME, AT(pace.tempo_ms), "3s", "1s", "60s", NULL,
     "one of a number of times, unless the move has its own"},
    {"pace", "lead-in", &KIND_SECONDS, AT(pace.lead_in_s), "3s", "0s", "10s", NULL,
     "countdown before a paused hold continues, in whole seconds"},
    {"pace", "duration", &KIND_SECONDS_OR_OFF, AT(pace.duration_s), "off", "1s", "24h", NULL,
     "make every session last exactly so long, in whole seconds"},
    {"pace", "words", &KIND_CHOICE, AT(pace.words), "auto", NULL, NULL, WORDS,
     "brief leaves out setups, instructions and phrases; auto: 'play' says less of what you know"},

    {"count", "tick", &KIND_SECONDS_OR_OFF, AT(count.tick_s), "1s", "1s", "1h", NULL,
     "time between the ticks of a hold, in whole seconds"},
    {"count", "announce", &KIND_SECONDS_AUTO_OR_OFF, AT(count.announce_s), "auto", "1s", "1h", NULL,
     "time between announcements of the time left; auto: by the length of the hold"},
    {"count", "halfway", &KIND_SECONDS_OR_OFF, AT(count.halfway_s), "15s", "1s", "1h", NULL,
     "say when a hold of at least this length is half over"},
    {"count", "countdown", &KIND_WHOLE, AT(count.countdown), "3", "0", "10", NULL,
     "the last seconds of a hold at least three times as long, counted aloud; 0 is off"},

    {"voice", "profile", &KIND_PATH, AT(voice.profile), "", NULL, NULL, NULL,
     "a profile's name or file, en+f3, or a voice of espeak-ng; empty: by the routine's language"},
    {"voice", "language", &KIND_LANGUAGE, AT(voice.language), "", NULL, NULL, NULL,
     "in which a routine is played that there is in several; empty: as LC_ALL, LC_MESSAGES or LANG say"},
    {"voice", "variant", &KIND_NAME, AT(voice.variant), "", NULL, NULL, NULL,
     "one of espeak-ng's variants, such as f2 or m3; empty: the profile's own"},
    {"voice", "rate", &KIND_WHOLE_OR_EMPTY, AT(voice.rate), "", "80", "450", NULL,
     "words a minute; empty: the profile's own"},
    {"voice", "pitch", &KIND_WHOLE_OR_EMPTY, AT(voice.pitch), "", "0", "99", NULL,
     "how high the voice is; empty: the profile's own"},
    {"voice", "range", &KIND_WHOLE_OR_EMPTY, AT(voice.range), "", "0", "99", NULL,
     "how much its pitch moves; empty: the profile's own"},
    {"voice", "word-gap", &KIND_WHOLE_OR_EMPTY, AT(voice.word_gap), "", "0", "100", NULL,
     "pause between words, in units of 10 ms; empty: the profile's own"},
    {"voice", "level", &KIND_DECIMAL, AT(voice.level), "-18", "-40", "-16", NULL,
     "how loud speech is, in LUFS; a lower number is quieter"},
    {"voice", "cache", &KIND_MEGABYTES, AT(voice.cache_mb), "512M", "0", "1000000M", NULL,
     "what other programs than espeak-ng have said is kept on disk; 0 is off"},

    {"sound", "device", &KIND_TEXT, AT(sound.device), "", NULL, NULL, NULL,
     "an output from 'stretchvoice devices'; empty: the system's default"},
    {"sound", "microphone", &KIND_TEXT, AT(sound.microphone), "", NULL, NULL, NULL,
     "an input from 'stretchvoice devices --inputs', for 'record'; empty: the system's default"},
    {"sound", "rate", &KIND_CHOICE, AT(sound.rate), "48000", NULL, NULL, RATES, "frames a second"},
    {"sound", "cue-level", &KIND_DECIMAL, AT(sound.cue_level), "0", "-60", "6", NULL,
     "ticks and chimes in dB above voice.level; their peak stays under -16 dBFS"},
    {"sound", "volume", &KIND_DECIMAL, AT(sound.volume), "0", "-60", "0", NULL,
     "master level in dB; in renders too"},
    {"sound", "tick", &KIND_CUE, AT(cues.sound[OCCASION_TICK]), "soft", NULL, NULL, CUE_SOUNDS,
     "another name of cues.tick"},
    {"sound", "sides", &KIND_YES_NO, AT(sound.sides), "on", NULL, NULL, ON_OFF,
     "what concerns the right side is heard from the right, the left from the left"},
    {"sound", "wake", &KIND_TIME, AT(sound.wake_ms), "1s", "0s", "5s", NULL,
     "faint noise that wakes headphones before a silence ends"},
    {"sound", "release", &KIND_TIME, AT(sound.release_ms), "60s", "5s", "1h", NULL,
     "release the device after a pause this long"},
    {"sound", "on-lost", &KIND_CHOICE, AT(sound.on_lost), "pause", NULL, NULL, ON_LOST,
     "if lost sound returns on another device"},

    CUE("tick", OCCASION_TICK, "soft", "the ticks of a hold"),
    CUE("go", OCCASION_GO, "own", "a hold begins"),
    CUE("end", OCCASION_END, "own", "a hold is over"),
    CUE("in", OCCASION_IN, "own", "breathe in; come back"),
    CUE("out", OCCASION_OUT, "own", "breathe out; move"),
    CUE("keep", OCCASION_KEEP, "own", "hold your breath; stay"),
    CUE("change", OCCASION_CHANGE, "own", "time to change sides"),
    CUE("rest", OCCASION_REST, "own", "a rest begins"),
    CUE("step", OCCASION_STEP, "own", "a step is over"),
    CUE("done", OCCASION_DONE, "own", "the session is over"),
    CUE("attention", OCCASION_ATTENTION, "own", "the time to get ready ends"),
    CUE("ack", OCCASION_ACK, "own", "a command was taken"),
    CUE("paused", OCCASION_PAUSED, "own", "it pauses"),
    CUE("going-on", OCCASION_GOING_ON, "own", "it goes on"),
    CUE("refused", OCCASION_REFUSED, "own", "a command cannot be done"),
    CUE("stopped", OCCASION_STOPPED, "own", "it has been stopped"),
    CUE("wait", OCCASION_WAIT, "own", "it waits, for you or for speech"),
    CUE("listen", OCCASION_LISTEN, "own", "it listens for a spoken command"),
    CUE("listened", OCCASION_LISTENED, "own", "it has listened"),
    {"cues", "level", &KIND_DECIMAL, AT(sound.cue_level), "0", "-60", "6", NULL,
     "another name of sound.cue-level"},

    {"music", "file", &KIND_FILE, AT(music.file), "", NULL, NULL, NULL,
     "music under the words: a file, or a directory, in order of names; empty: none"},
    {"music", "shuffle", &KIND_YES_NO, AT(music.shuffle), "no", NULL, NULL, YES_NO,
     "play a directory in another order each day"},
    {"music", "level", &KIND_DECIMAL, AT(music.level), "-8", "-30", "0", NULL,
     "how loud music is between the words, in LU relative to voice.level"},
    {"music", "duck", &KIND_DECIMAL, AT(music.duck), "12", "0", "40", NULL,
     "how much quieter it is under words, in dB"},
    {"music", "fade", &KIND_TIME, AT(music.fade_ms), "3s", "0s", "30s", NULL,
     "music fades in and out so long: at the ends, in a pause, and from one file to the next"},

    {"others", "while-speaking", &KIND_CHOICE, AT(others.while_speaking), "leave", NULL, NULL, WHILE_SPEAKING,
     "the sound of other programs: lower it under words, or pause players for the session"},

    {"control", "mpris", &KIND_CHOICE, AT(control.mpris), "yes", NULL, NULL, BUS,
     "let media keys and headset buttons steer the session; always: and begin one in a daemon"},
    {"control", "play-toggles", &KIND_YES_NO, AT(control.play_toggles), "no", NULL, NULL, YES_NO,
     "a press of Play pauses too, for headsets that send nothing else"},

    {"listen", "mode", &KIND_CHOICE, AT(listen.mode), "off", NULL, NULL, LISTEN,
     "take spoken commands: after a key or a press, or after the words \"hey coach\""},

    {"remind", "wait", &KIND_SECONDS, AT(remind.wait_s), "60s", "1s", "1h", NULL,
     "how long a reminder that asks aloud waits for an answer"},
    {"remind", "again", &KIND_SECONDS_OR_OFF, AT(remind.again_s), "20m", "1s", "12h", NULL,
     "without an answer it asks once more after this time; off: it does not"},

    {"class", "recap", &KIND_YES_NO, AT(class.recap), "yes", NULL, NULL, YES_NO,
     "say where the class is when a listener comes late, at most once in 30 s"},
    {"class", "answers", &KIND_YES_NO, AT(class.answers), "yes", NULL, NULL, YES_NO,
     "the class hears the answers to commands; no: they are only on the leader's screen"},

    {"history", "keep", &KIND_YES_NO, AT(history.keep), "yes", NULL, NULL, YES_NO,
     "remember on this computer what was practised, for 'stretchvoice history'"},

    {"progress", "level", &KIND_CHOICE, AT(progress.level), "ask", NULL, NULL, PROGRESS,
     "ask how a session was, and propose a level; auto: and change it; off: do neither"},
    {"progress", "most", &KIND_WHOLE, AT(progress.most), "100", "0", "100", NULL,
     "the level of a routine grows no further"},
    {0},
};
/* clang-format on */

enum { N_SETTINGS = G_N_ELEMENTS(SETTINGS) - 1 };

/* ---- making and freeing ---- */

static void clear_source(gpointer source)
{
    g_free(((struct settings_source *)source)->path);
}

static struct settings_source *source_of(const struct settings *settings, const struct key *row)
{
    return &g_array_index(settings->sources, struct settings_source, row - SETTINGS);
}

/* A setting may have two names, that is two rows for one field. */
static void set_source(struct settings *settings, const struct key *row, const char *path, int line)
{
    for (const struct key *name = SETTINGS; name->name; name++) {
        if (name->offset != row->offset) continue;
        struct settings_source *source = source_of(settings, name);
        clear_source(source);
        *source = (struct settings_source){g_strdup(path), line, row};
    }
}

struct settings *settings_new(void)
{
    struct settings *settings = g_new0(struct settings, 1);
    settings->sources = g_array_new(FALSE, TRUE, sizeof(struct settings_source));
    g_array_set_clear_func(settings->sources, clear_source);
    g_array_set_size(settings->sources, N_SETTINGS);
    keys_default(SETTINGS, settings);
    for (const struct key *row = SETTINGS; row->name; row++) set_source(settings, row, "default", 0);
    return settings;
}

static void free_strings(struct settings *settings)
{
    g_free(settings->voice.profile);
    g_free(settings->voice.language);
    g_free(settings->voice.variant);
    g_free(settings->sound.device);
    g_free(settings->sound.microphone);
    g_free(settings->music.file);
    for (int i = 0; i < N_OCCASIONS; i++) g_free(settings->cues.sound[i]);
    for (int i = 0; i < N_OCCASIONS; i++) g_free(settings->cues.file[i].samples);
}

void settings_free(struct settings *settings)
{
    if (!settings) return;
    free_strings(settings);
    g_array_unref(settings->sources);
    g_free(settings);
}

bool settings_for_class(const struct settings *settings)
{
    return g_str_has_prefix(settings->sound.device, "fifo:");
}

/* ---- names ---- */

static bool begins_section(const struct key *row)
{
    return row == SETTINGS || strcmp(row->section, row[-1].section) != 0;
}

const char **settings_sections(void)
{
    const char **names = g_new0(const char *, N_SETTINGS + 1);
    gsize n = 0;
    for (const struct key *row = SETTINGS; row->name; row++)
        if (begins_section(row)) names[n++] = row->section;
    return names;
}

static bool is_section(const char *section, const struct diag_location *location, struct diags *diags)
{
    g_autofree const char **names = settings_sections();
    if (g_strv_contains(names, section)) return true;
    diag_unknown(diags, location, "unknown section", section, names);
    return false;
}

struct diag_location settings_location(const struct settings *settings, const char *section, const char *key)
{
    const struct key *row = SETTINGS;
    while (row->name && (strcmp(row->section, section) != 0 || strcmp(row->name, key) != 0)) row++;
    g_assert(row->name);
    const struct settings_source *source = source_of(settings, row);
    if (!source->line) return (struct diag_location){.path = source->path};
    return (struct diag_location){source->path, source->line, source->row->section, source->row->name};
}

/* ---- reading ---- */

/* The value, a path in its absolute form; `directory` NULL is the current one. To be freed. */
static char *from_anywhere(const struct key *row, const char *value, const char *directory)
{
    g_autofree char *whole = directory ? g_canonicalize_filename(directory, NULL) : NULL;
    bool file =
        (row->kind == &KIND_CUE && cue_sound_of(value) == SOUND_FILE) || (row->kind == &KIND_FILE && *value);
    if (row->kind == &KIND_PATH) return name_from_anywhere(value, directory);
    return file ? g_canonicalize_filename(value, whole) : g_strdup(value);
}

static void read_section(struct settings *settings, const struct ini *ini, const struct ini_section *section,
                         struct diags *diags)
{
    g_autofree char *directory = g_path_get_dirname(ini->path);
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        const struct diag_location location = {ini->path, entry->line, section->name, entry->key};
        const struct value value = {entry, &location, diags};
        const struct key *row = keys_read(SETTINGS, settings, section->name, &value);
        if (row && row->kind->store == STORE_STRING) { /* a path counts from the file's directory */
            char **text = (char **)(void *)((char *)settings + row->offset);
            g_autofree char *given = *text;
            *text = from_anywhere(row, given, directory);
        }
        if (row && settings->sources) set_source(settings, row, ini->path, entry->line);
    }
}

static void read_sections(struct settings *settings, const struct ini *ini, struct diags *diags)
{
    for (guint i = 0; i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        const struct diag_location location = {ini->path, section->line, section->name, NULL};
        if (is_section(section->name, &location, diags)) read_section(settings, ini, section, diags);
    }
}

/* All of the file, or nothing of it if there have been errors since `before`. */
static void merge(struct settings *settings, const struct ini *ini, guint before, struct diags *diags)
{
    if (!ini) return;
    struct settings trial = {0};
    read_sections(&trial, ini, diags);
    free_strings(&trial);
    if (diags_errors(diags) == before) read_sections(settings, ini, diags);
}

void settings_read(struct settings *settings, const char *path, struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_read(path, diags);
    merge(settings, ini, before, diags);
}

void settings_from_text(struct settings *settings, const char *text, gsize size, const char *path,
                        struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_from_text(text, size, path, diags);
    merge(settings, ini, before, diags);
}

void settings_salvage(struct settings *settings, const char *path, struct diags *diags)
{
    AUTO(ini) ini = ini_read(path, diags);
    if (ini) read_sections(settings, ini, diags);
}

void settings_set(struct settings *settings, const char *assignment, const char *option, struct diags *diags)
{
    const struct diag_location location = {.path = option};
    g_auto(GStrv) sides = g_strsplit(assignment, "=", 2);
    g_auto(GStrv) names = g_strsplit(sides[0] ? sides[0] : "", ".", 2);
    if (g_strv_length(sides) < 2 || g_strv_length(names) < 2) {
        diag_wrong(diags, &location, "not a setting", assignment, "write SECTION.KEY=VALUE");
        return;
    }
    const char *section = g_strstrip(names[0]);
    const struct ini_entry entry = {.key = g_strstrip(names[1]),
                                    .value = g_strdelimit(g_strstrip(sides[1]), "\t", ' ')};
    const struct value value = {&entry, &location, diags};
    if (!is_section(section, &location, diags)) return;
    const struct key *row = keys_read(SETTINGS, settings, section, &value);
    if (row) set_source(settings, row, option, 0);
}

char *settings_from_anywhere(const char *assignment)
{
    g_auto(GStrv) sides = g_strsplit(assignment, "=", 2);
    for (const struct key *row = SETTINGS; row->name && g_strv_length(sides) == 2; row++) {
        g_autofree char *name = g_strconcat(row->section, ".", row->name, NULL);
        if (strcmp(g_strstrip(sides[0]), name) != 0) continue;
        g_autofree char *value = from_anywhere(row, g_strstrip(sides[1]), NULL);
        return g_strconcat(name, "=", value, NULL);
    }
    return g_strdup(assignment);
}

/* ---- listing ---- */

static const char SHIPPED_HEAD[] =
    "; Settings of stretchvoice: every key with its default, what it does, and what it may be.\n"
    "; Copy what you change to ~/.config/stretchvoice/stretchvoice.ini; the rest stays as it is here.\n";

/* A default is spelled as the table has it ("60s", not "1m"), and a path in its absolute form. */
static char *escaped(const struct key *row, const struct settings *settings)
{
    bool standard = strcmp(source_of(settings, row)->path, "default") == 0;
    g_autofree char *value = standard ? g_strdup(row->standard) : key_print(row, settings);
    g_autofree char *whole = from_anywhere(row, value, NULL);
    return ini_escaped(whole);
}

char *settings_ini(const struct settings *settings, bool sources)
{
    GString *out = g_string_new(sources ? NULL : SHIPPED_HEAD);
    for (const struct key *row = SETTINGS; row->name; row++) {
        const struct settings_source *source = source_of(settings, row);
        g_autofree char *value = escaped(row, settings);
        g_autofree char *note = sources ? diag_shown(source->path, 4096) : key_range(row);
        if (begins_section(row)) g_string_append_printf(out, "%s[%s]\n", out->len ? "\n" : "", row->section);
        g_string_append_printf(out, "%-12s = %-8s ; %s", row->name, value, sources ? note : row->meaning);
        if (sources && source->line) g_string_append_printf(out, ":%d", source->line);
        if (!sources && *note) g_string_append_printf(out, " (%s)", note);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
