#include "menu.h"
#include "catalog.h"
#include "find.h"
#include "config/language.h"
#include "routine/parse.h"
#include <string.h>

struct item {
    char *name, *path, *title;
    double seconds;
};

/* What has no problems, and whether all of it is in one language. */
struct items {
    const char *part; /* of the body; NULL: all */
    GArray *array;    /* struct item */
    char *language;
    bool mixed;
};

static void clear_item(gpointer data)
{
    struct item *item = data;
    g_free(item->name);
    g_free(item->path);
    g_free(item->title);
}

static void add_item(void *data, const struct catalog_entry *entry)
{
    struct items *items = data;
    if (!entry->routine || items->array->len == ROUTINE_STEPS || !catalog_is_for(entry, items->part)) return;
    const struct item item = {g_strdup(entry->name), g_strdup(entry->path), g_strdup(entry->routine->title),
                              entry->seconds};
    g_array_append_val(items->array, item);
    if (!items->language) items->language = g_strdup(entry->routine->language);
    items->mixed |= !language_same(items->language, entry->routine->language);
}

/* ---- as a routine ---- */

static void add_line(GString *source, const char *key, const char *text)
{
    g_autoptr(GString) value = g_string_new(text);
    g_string_replace(value, ";", "\\;", 0);
    g_string_replace(value, "{", "{{", 0);
    g_string_replace(value, "}", "}}", 0);
    g_string_append_printf(source, "%s = %s\n", key, value->str);
}

/* A step is called as its routine where a section can have that name. */
static void add_step(GString *source, guint index, const char *name, const char *title)
{
    bool usable =
        !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] && strcmp(name, "routine") != 0;
    if (usable)
        g_string_append_printf(source, "[%s]\n", name);
    else
        g_string_append_printf(source, "[-%u]\n", index + 1);
    add_line(source, "title", title);
    g_string_append(source, "say = -\nhold = ready\n");
}

static char *phrase_with_time(const struct voice *voice, enum phrase phrase, const char *title,
                              double seconds)
{
    int minutes = MAX(1, (int)(seconds / 60 + 0.5));
    g_autofree char *time = voice_time(voice, 60 * minutes);
    const struct field fields[] = {{"title", title}, {"time", time}};
    return voice_phrase(voice, phrase, 0, fields, G_N_ELEMENTS(fields));
}

static void write_source(struct menu *menu, enum routine_kind kind, const struct items *items)
{
    guint n = items->array->len;
    g_autofree char *about =
        voice_counted(menu->voice, kind == ROUTINE_MENU ? PHRASE_MENU : PHRASE_LIST, (int)n);
    g_string_append(menu->source, "[routine]\ntitle = Routines\n");
    add_line(menu->source, "language", menu->voice->language);
    if (n > 0) add_line(menu->source, "about", about);
    for (guint i = 0; i < n; i++) {
        const struct item *item = &g_array_index(items->array, struct item, i);
        g_autofree char *title = phrase_with_time(menu->voice, PHRASE_MENU_ITEM, item->title, item->seconds);
        add_step(menu->source, i, item->name, title);
        g_ptr_array_add(menu->paths, g_strdup(item->path));
    }
    if (n == 0) add_step(menu->source, 0, "none", menu->voice->phrases[PHRASE_MENU_EMPTY]);
}

/* ---- from beginning to end ---- */

static void begin(struct menu *menu)
{
    *menu = (struct menu){.source = g_string_new(NULL), .paths = g_ptr_array_new_with_free_func(g_free)};
}

/* The source is written. */
static bool finish(struct menu *menu, enum routine_kind kind, const struct settings *settings,
                   struct diags *diags)
{
    menu->routine = routine_from_text(menu->source->str, menu->source->len, "menu", diags);
    if (menu->routine) menu->routine->kind = kind;
    menu->request = (struct play_request){.settings = settings,
                                          .voice = menu->voice,
                                          .routine = menu->routine,
                                          .render_command = "stretchvoice render NAME FILE"};
    return menu->routine != NULL;
}

bool menu_init(struct menu *menu, enum routine_kind kind, const char *part, const struct settings *settings,
               struct diags *diags)
{
    struct items items = {.part = part, .array = g_array_new(FALSE, FALSE, sizeof(struct item))};
    g_array_set_clear_func(items.array, clear_item);
    begin(menu);
    catalog_each(settings, add_item, &items);
    g_autofree char *listener = find_language(settings);
    menu->voice = find_voice(settings, items.mixed || !items.language ? listener : items.language, diags);
    if (menu->voice) write_source(menu, kind, &items);
    bool made = menu->voice && finish(menu, items.array->len > 0 ? kind : ROUTINE_LIST, settings, diags);
    g_array_unref(items.array);
    g_free(items.language);
    return made;
}

/* A title ends with a full stop anyway. */
bool menu_init_keys(struct menu *menu, const struct settings *settings, struct diags *diags)
{
    g_autofree char *listener = find_language(settings);
    begin(menu);
    menu->voice = find_voice(settings, listener, diags);
    if (!menu->voice) return false;
    g_autofree char *keys = command_keys();
    g_autofree char *text = voice_phrase(menu->voice, PHRASE_KEYS, 0, &(struct field){"keys", keys}, 1);
    if (g_str_has_suffix(text, ".")) text[strlen(text) - 1] = '\0';
    g_string_append(menu->source, "[routine]\ntitle = Keys\n");
    add_line(menu->source, "language", menu->voice->language);
    add_step(menu->source, 0, "keys", text);
    return finish(menu, ROUTINE_LIST, settings, diags);
}

char *menu_question(const struct voice *voice, const struct routine *routine, const struct settings *settings)
{
    const struct script script = script_of(routine, settings, voice);
    int wanted = settings->pace.duration_s;
    return phrase_with_time(voice, PHRASE_REMIND, routine->title,
                            wanted > 0 ? wanted : script_estimate(&script));
}

bool menu_init_question(struct menu *menu, const char *name, const struct routine *routine,
                        const struct settings *settings, struct diags *diags)
{
    begin(menu);
    menu->voice = find_voice(settings, routine->language, diags);
    if (!menu->voice) return false;
    g_autofree char *question = menu_question(menu->voice, routine, settings);
    g_string_append(menu->source, "[routine]\n");
    add_line(menu->source, "title", routine->title);
    add_line(menu->source, "language", menu->voice->language);
    add_step(menu->source, 0, routine->name, question);
    g_ptr_array_add(menu->paths, g_strdup(name));
    return finish(menu, ROUTINE_QUESTION, settings, diags);
}

void menu_finish(struct menu *menu)
{
    routine_free(menu->routine);
    voice_free(menu->voice);
    g_string_free(menu->source, TRUE);
    g_ptr_array_unref(menu->paths);
}
