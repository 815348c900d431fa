/* From the name of a voice, or a language, to the voice: profiles with their bases, and voices of espeak-ng
 * that have no profile. */
#include "find.h"
#include "base/name.h"
#include "base/program.h"
#include "config/language.h"
#include "file/paths.h"
#include <string.h>

/* ---- profiles by language ---- */

/* The profile named as the language, or as its part before '-'; NULL if there is none. */
static char *profile_for(const char *language, char *(*find)(const char *kind, const char *name))
{
    g_autofree char *tag = g_ascii_strdown(language, -1);
    char *path = strpbrk(tag, "/.") ? NULL : find("voices", tag);
    char *dash = strchr(tag, '-');
    if (path || !dash) return path;
    *dash = '\0';
    return find("voices", tag);
}

/* ---- a profile and its bases ---- */

/* Files, each the base of the one before. The first `named` of them are what the profile is and names; the
 * one behind them stands in for what they lack. */
struct chain {
    GPtrArray *inis;
    guint named;
};

static const struct ini *file_at(const struct chain *chain, guint i)
{
    return g_ptr_array_index(chain->inis, i);
}

static bool is_in(const struct chain *chain, const char *path)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    for (guint i = 0; i < chain->inis->len; i++) {
        g_autofree char *known = g_canonicalize_filename(file_at(chain, i)->path, NULL);
        if (strcmp(known, whole) == 0) return true;
    }
    return false;
}

/* Where the profile names its base: every problem with it is reported there, in one line. */
static struct diag_location base_place(const struct chain *chain)
{
    const struct ini *profile = file_at(chain, 0);
    const struct ini_entry *base = voice_base(profile);
    return (struct diag_location){profile->path, base ? base->line : 1, "voice", base ? "base" : NULL};
}

/* Adds a base that can be read without a problem; otherwise says which cannot. */
static bool add_base(struct chain *chain, const char *path, struct diags *diags)
{
    AUTO(diags) own = diags_new();
    AUTO(ini) ini = ini_read(path, own);
    AUTO(voice) voice = ini ? voice_new("", path) : NULL;
    if (voice) voice_add(voice, ini, own);
    const struct diag_location place = base_place(chain);
    if (diags_errors(own) == 0) {
        g_ptr_array_add(chain->inis, g_steal_pointer(&ini));
        return true;
    }
    diag_error(diags, &place, "its base has problems ('stretchvoice check %s' shows them)", path);
    return false;
}

/* Follows the bases that the files name. False after a problem. */
static bool add_named(struct chain *chain, struct diags *diags)
{
    const struct diag_location place = base_place(chain);
    const struct ini_entry *base = voice_base(file_at(chain, 0));
    while (base) {
        const struct ini *last = file_at(chain, chain->inis->len - 1);
        g_autofree char *directory = g_path_get_dirname(last->path);
        g_autofree char *name = name_from_anywhere(base->value, directory);
        g_autofree char *path = find_profile(name, &place, diags);
        if (!path) return false;
        if (is_in(chain, path)) {
            diag_wrong(diags, &place, chain->inis->len > 1 ? "bases in a circle" : "its base is itself",
                       base->value, "leave it out, or name another");
            return false;
        }
        if (!add_base(chain, path, diags)) return false;
        base = voice_base(file_at(chain, chain->inis->len - 1));
    }
    return true;
}

/* The language of the files so far, or NULL. */
static const char *language_of(const struct chain *chain)
{
    const char *language = NULL;
    for (guint i = 0; !language && i < chain->inis->len; i++) language = voice_language(file_at(chain, i));
    return language;
}

/* The shipped profile of the language, or the English one, unless the profile is that itself. */
static void add_stand_in(struct chain *chain, struct diags *diags)
{
    const char *language = language_of(chain);
    g_autofree char *path = language ? profile_for(language, paths_find_shipped) : NULL;
    if (!path && language) path = paths_find_shipped("voices", "en");
    if (path && !is_in(chain, path)) add_base(chain, path, diags);
}

static bool is_in_one_language(const struct chain *chain, struct diags *diags)
{
    const struct diag_location place = base_place(chain);
    const char *language = language_of(chain);
    for (guint i = 1; i < chain->named; i++) {
        const char *other = voice_language(file_at(chain, i));
        if (!other || language_same(language, other)) continue;
        g_autofree char *right =
            g_strdup_printf("a base has to be in the profile's own, which is %s", language);
        diag_wrong(diags, &place, "a base in another language", other, right);
        return false;
    }
    return true;
}

/* Takes the profile's file. */
static struct voice *read_chain(const char *name, struct ini *profile, struct diags *diags)
{
    g_autoptr(GPtrArray) inis = g_ptr_array_new_with_free_func((GDestroyNotify)ini_free);
    struct chain chain = {.inis = inis};
    AUTO(diags) known = diags_new(); /* problems of bases, which add_base() has reported */
    g_ptr_array_add(inis, profile);
    bool right = add_named(&chain, diags);
    chain.named = inis->len;
    right = right && is_in_one_language(&chain, diags);
    if (right) add_stand_in(&chain, diags);
    struct voice *voice = voice_new(name, profile->path);
    for (guint i = inis->len; i-- > 0;) {
        voice_add(voice, file_at(&chain, i), i == 0 ? diags : known);
        if (i == chain.named) voice_disown(voice);
    }
    if (right) voice_settle(voice, profile, diags);
    return voice;
}

struct voice *find_voice_at(const char *path, struct diags *diags)
{
    g_autofree char *name = name_of(path);
    struct ini *ini = ini_read(path, diags);
    return ini ? read_chain(name, ini, diags) : NULL;
}

/* ---- voices by language ---- */

/* The profile of the language. A name that only looks like a language ("en-flite") is passed over: a routine
 * chooses its language, and not the program that speaks. */
static char *find_by_language(const char *kind, const char *tag)
{
    g_autofree char *path = paths_find(kind, tag);
    AUTO(diags) unused = diags_new(); /* it is read again where it is used */
    AUTO(voice) voice = path ? find_voice_at(path, unused) : NULL;
    bool other = voice && diags_errors(unused) == 0 && g_ascii_strcasecmp(voice->language, tag) != 0;
    return other ? NULL : g_steal_pointer(&path);
}

/* As a profile would be that has nothing but the language. Its phrases are those of a profile of the
 * language, if there is one. */
static struct voice *espeak_voice(const char *tag, struct diags *diags)
{
    g_autofree char *profile = profile_for(tag, find_by_language);
    g_autofree char *base = profile ? ini_escaped(profile) : NULL;
    g_autofree char *text =
        g_strdup_printf("[voice]\nlanguage = %s\n%s%s\n", tag, base ? "base = " : "", base ? base : "");
    g_autofree char *path = g_strdup_printf("espeak-ng's voice %s", tag);
    return read_chain(tag, ini_from_text(text, strlen(text), path, diags), diags);
}

/* ---- which voice ---- */

/* A profile's file, or else a voice of espeak-ng; and perhaps another variant than its own. */
struct chosen {
    char *path, *tag, *variant;
};

static void clear_chosen(struct chosen *chosen)
{
    g_free(chosen->path);
    g_free(chosen->tag);
    g_free(chosen->variant);
}

static char *find_there(const char *name)
{
    g_autofree char *path = paths_find("voices", name);
    bool there = path && (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK));
    return there ? g_steal_pointer(&path) : NULL;
}

/* "en", "en+f3", "./own.ini", "pt-br". False if it is nothing of this kind. */
static bool choose(const char *name, struct chosen *chosen)
{
    const char *plus = strrchr(name, '+');
    chosen->path = find_there(name);
    if (chosen->path) return true;
    g_autofree char *head = plus ? g_strndup(name, (gsize)(plus - name)) : g_strdup(name);
    if (plus) chosen->variant = g_strdup(plus + 1);
    if (plus) chosen->path = find_there(head);
    if (chosen->path) return true;
    chosen->tag = language_spoken(head);
    return chosen->tag && strlen(chosen->tag) == strlen(head);
}

static void choose_for(const char *language, struct chosen *chosen)
{
    chosen->path = profile_for(language, find_by_language);
    if (!chosen->path) chosen->tag = language_spoken(language);
    if (!chosen->path && !chosen->tag) chosen->path = paths_find("voices", "en");
}

/* False after a problem. */
static bool choose_voice(const struct settings *settings, const char *language, struct chosen *chosen,
                         struct diags *diags)
{
    const char *profile = settings->voice.profile;
    const struct diag_location place = settings_location(settings, "voice", "profile");
    if (*profile ? choose(profile, chosen) : (choose_for(language, chosen), chosen->path || chosen->tag))
        return true;
    g_free(find_profile(*profile ? profile : "en", &place, diags)); /* says what is missing */
    return false;
}

char *find_voice_path(const struct settings *settings, struct diags *diags)
{
    struct chosen chosen = {0};
    if (*settings->voice.profile) choose_voice(settings, "", &chosen, diags);
    char *path = g_steal_pointer(&chosen.path);
    clear_chosen(&chosen);
    return path;
}

/* Only espeak-ng has variants. */
static void use_variant(struct voice *voice, const char *variant, const char *named,
                        const struct diag_location *place, struct diags *diags)
{
    g_autofree char *right = g_strdup_printf("write %s", voice->name);
    if (voice_is_program(voice))
        diag_wrong(diags, place, "a variant of a voice that is not espeak-ng's", named, right);
    else
        voice_set(voice, "variant", variant, place, diags);
}

struct voice *find_voice(const struct settings *settings, const char *language, struct diags *diags)
{
    const struct diag_location place = settings_location(settings, "voice", "profile");
    guint before = diags_errors(diags);
    struct chosen chosen = {0};
    struct voice *voice = NULL;
    if (choose_voice(settings, language, &chosen, diags))
        voice = chosen.path ? find_voice_at(chosen.path, diags) : espeak_voice(chosen.tag, diags);
    if (voice) voice_apply_settings(voice, settings);
    if (voice && chosen.tag) voice_set(voice, "voice", chosen.tag, &place, diags);
    if (voice && chosen.variant) use_variant(voice, chosen.variant, settings->voice.profile, &place, diags);
    clear_chosen(&chosen);
    if (diags_errors(diags) > before) g_clear_pointer(&voice, voice_free);
    return voice;
}

/* ---- its program ---- */

bool find_voice_program(const struct voice *voice, char **name)
{
    const bool module = strcmp(voice->engine, "module") == 0;
    const struct diag_location place = voice_location(voice, module ? "module" : "command");
    g_autofree char *directory = g_path_get_dirname(place.path);
    g_auto(GStrv) words = NULL;
    if (!voice_is_program(voice)) return true;
    g_autofree char *problem = module ? NULL : program_words(voice->command, &words);
    if (problem) return false;
    *name = g_strdup(module ? voice->module : words[0]);
    g_autofree char *program = (module ? program_find_module : program_find)(*name, directory);
    return program != NULL;
}
