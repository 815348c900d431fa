#include "base/ini.h"
#include "base/lines.h"
#include "base/read.h"
#include <ini.h>
#include <stdbool.h>
#include <string.h>

enum { NO_SECTION = -1, NAMELESS_SECTION = -2 };

/* What an indented line would continue: nothing, a text, or what was no text anyway and has been reported. */
enum open { OPEN_NOTHING, OPEN_TEXT, OPEN_PROBLEM };

struct reader {
    struct ini *ini;
    struct diags *diags;
    struct lines lines;
    int section; /* index of the section under way, or NO_SECTION */
    enum open open;
    char *text, *tail; /* the open text and its end */
};

static struct diag_location place(const struct reader *r, const char *key)
{
    const char *section =
        r->section < 0 ? NULL : g_array_index(r->ini->sections, struct ini_section, r->section).name;
    return (struct diag_location){r->ini->path, r->lines.number, section, key};
}

/* A line has one problem of form at most: bad bytes have been reported already. */
static void report(struct reader *r, const char *key, const char *what, const char *value, const char *right)
{
    struct diag_location here = place(r, key);
    if (!r->lines.bad) diag_wrong(r->diags, &here, what, value, right);
}

static void report_bytes(struct reader *r, const char *line)
{
    struct diag_location here = place(r, NULL);
    if (r->lines.bad) diag_wrong(r->diags, &here, r->lines.bad, line, "UTF-8 without control characters");
}

/* ---- the kinds of lines ---- */

/* What stands before a comment, without outer blanks. */
static char *content(char *line)
{
    for (char *mark = strchr(line, ';'); mark; mark = strchr(mark + 1, ';'))
        if (mark > line && (mark[-1] == ' ' || mark[-1] == '\t')) {
            *mark = '\0';
            break;
        }
    return g_strchomp(line + strspn(line, " \t"));
}

/* Moves a text down to `to`, where "\;" becomes ';'. Returns its end. */
static char *move_text(char *to, const char *from)
{
    for (const char *mark = strchr(from, '\\'); mark; mark = strchr(mark + 1, '\\')) {
        if (mark[1] != ';') continue;
        memmove(to, from, (gsize)(mark - from));
        to += mark - from;
        from = mark + 1;
    }
    gsize rest = strlen(from);
    if (to != from) memmove(to, from, rest + 1);
    return to + rest;
}

static void continue_text(struct reader *r, char *line)
{
    const char *text = content(line);
    if (!*text) return;
    if (r->open == OPEN_NOTHING)
        report(r, NULL, "an indented line with no text to continue", text, "keys begin in the first column");
    if (r->open != OPEN_TEXT) return;
    if (r->tail > r->text) *r->tail++ = ' ';
    r->tail = move_text(r->tail, text);
}

/* The name in a header. One that is not well formed is reported, but used as far as it goes, so that what
 * follows is not taken for a part of the section before. */
static char *header_name(struct reader *r, char *line)
{
    char *name = content(line) + 1, *close = strchr(name, ']');
    if (!close)
        report(r, NULL, "no ']' after a section's name", line, "[name]");
    else if (close[1])
        report(r, NULL, "text after ']'", close + 1, "a comment begins with a blank and a ';'");
    if (close) *close = '\0';
    name = g_strstrip(name);
    if (close && !*name) report(r, NULL, "a section without a name", "[]", "[name]");
    return name;
}

static bool open_section(struct reader *r, char *line)
{
    r->section = NO_SECTION;
    r->open = OPEN_NOTHING;
    char *name = header_name(r, line);
    r->section = *name ? (int)r->ini->sections->len : NAMELESS_SECTION;
    if (!*name) return false;
    struct ini_section section = {.name = name, .line = r->lines.number};
    g_array_append_val(r->ini->sections, section);
    return true;
}

/* A key without a section is left out; under a header without a name it goes without saying. */
static bool has_section(struct reader *r, const char *key)
{
    if (r->section == NO_SECTION)
        report(r, key, "a key before any section", key, "[name] on a line above it");
    return r->section >= 0;
}

static bool add_entry(struct reader *r, char *line)
{
    char *key = content(line), *equals = strchr(key, '=');
    r->open = OPEN_PROBLEM;
    if (!equals || equals == key) {
        report(r, NULL, equals ? "no key before '='" : "a line without '='", key, "key = value");
        return false;
    }
    *equals = '\0';
    g_strchomp(key);
    if (!has_section(r, key)) return false;
    r->open = OPEN_TEXT;
    r->text = equals + 1 + strspn(equals + 1, " \t");
    r->tail = move_text(r->text, r->text);
    struct ini_entry entry = {key, r->text, r->lines.number};
    g_array_append_val(r->ini->entries, entry);
    return true;
}

/* ---- inih between our reader and our handler ---- */

/* Any section and any entry become the same two lines, which every build of inih reads alike; any other kind
 * of line becomes NULL. */
static const char *translate(struct reader *r, char *line)
{
    switch (*line) {
    case ';':
    case '#': return NULL;
    case '[': return open_section(r, line) ? "[section]\n" : NULL;
    case ' ':
    case '\t':
    case '\0':
        if (line[strspn(line, " \t")])
            continue_text(r, line);
        else
            r->open = OPEN_NOTHING;
        return NULL;
    default: return add_entry(r, line) ? "key=value\n" : NULL;
    }
}

/* Stands in for fgets. */
static char *hand_line(char *buffer, int size, void *user)
{
    struct reader *r = user;
    for (char *line; (line = lines_next(&r->lines));) {
        report_bytes(r, line);
        const char *plain = translate(r, line);
        if (!plain) continue;
        g_strlcpy(buffer, plain, (gsize)size);
        return buffer;
    }
    return NULL;
}

/* inih tells of an entry before it asks for the next line, and in file order, so that counting is enough. */
static int count_entry(void *user, const char *section, const char *name, const char *value)
{
    (void)section;
    const struct reader *r = user;
    if (!name || !value) return 1; /* some builds tell of sections too */
    g_array_index(r->ini->sections, struct ini_section, r->section).n_entries++;
    return 1;
}

/* Pointers are good only once no array grows any more. */
static void place_entries(struct ini *ini)
{
    const struct ini_entry *next = (const struct ini_entry *)(void *)ini->entries->data;
    for (guint i = 0; i < ini->sections->len; i++) {
        struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        section->entries = next;
        next += section->n_entries;
    }
}

/* ---- what stands twice ---- */

enum { SHORT_SECTION = 32 }; /* looked through more quickly than hashed */

static void report_twice(struct reader *r, const char *section, const char *key, int line, int first)
{
    g_autofree char *right = g_strdup_printf("first on line %d", first);
    struct diag_location place = {r->ini->path, line, section, key};
    diag_wrong(r->diags, &place, "stands twice", key ? key : section, right);
}

/* The first of a name; the item itself if there was none before. */
static const void *first_of(GHashTable *known, char *name, const void *item)
{
    const void *first = g_hash_table_lookup(known, name);
    if (!first) g_hash_table_insert(known, name, (gpointer)item);
    return first ? first : item;
}

static void check_keys(struct reader *r, const struct ini_section *section)
{
    bool is_short = section->n_entries <= SHORT_SECTION;
    g_autoptr(GHashTable) known = is_short ? NULL : g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < section->n_entries; i++) {
        const struct ini_entry *entry = &section->entries[i];
        const struct ini_entry *first =
            is_short ? ini_entry(section, entry->key) : first_of(known, entry->key, entry);
        if (first != entry) report_twice(r, section->name, entry->key, entry->line, first->line);
    }
}

static void check_names(struct reader *r)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < r->ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(r->ini->sections, struct ini_section, i);
        const struct ini_section *first = first_of(known, section->name, section);
        if (first != section) report_twice(r, section->name, NULL, section->line, first->line);
        check_keys(r, section);
    }
}

/* ---- whole texts ---- */

/* What cannot be read line by line: NULL if it can. */
static const char *wrong_form(const char *data, gsize length)
{
    bool utf16 =
        length >= 2 && (!data[0] || !data[1] || !memcmp(data, "\xFF\xFE", 2) || !memcmp(data, "\xFE\xFF", 2));
    if (utf16) return "text in UTF-16 (save it as UTF-8)";
    if (length && memchr(data, '\r', length) && !memchr(data, '\n', length))
        return "lines that end with CR (save it with LF or CRLF)";
    return NULL;
}

/* Bytes of a file for each, or more, as a rule. What has been set aside and is not used costs nothing; what
 * is moved, because there was not enough, costs more than the reading. */
enum { SECTION_BYTES = 64, ENTRY_BYTES = 16 };

/* Takes the text over. */
static struct ini *ini_new(const char *path, char *text, gsize length)
{
    struct ini *ini = g_new0(struct ini, 1);
    ini->path = g_strdup(path);
    ini->sections =
        g_array_sized_new(FALSE, FALSE, sizeof(struct ini_section), (guint)(length / SECTION_BYTES));
    ini->entries = g_array_sized_new(FALSE, FALSE, sizeof(struct ini_entry), (guint)(length / ENTRY_BYTES));
    ini->text = text;
    return ini;
}

/* As ini_from_text, but the text, with a NUL after it, is taken over. */
static struct ini *parse(const char *path, char *text, gsize length, struct diags *diags)
{
    const char *wrong = wrong_form(text, length);
    if (wrong) {
        diag_error(diags, &(struct diag_location){path, 1, NULL, NULL}, "%s", wrong);
        g_free(text);
        return NULL;
    }
    bool marked = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    struct ini *ini = ini_new(path, text, length);
    struct reader r = {
        .ini = ini,
        .diags = diags,
        .lines = {.next = text + (marked ? 3 : 0), .end = text + length},
        .section = NO_SECTION,
    };
    ini_parse_stream(hand_line, &r, count_entry, &r);
    place_entries(ini);
    check_names(&r);
    return ini;
}

struct ini *ini_from_text(const char *text, gsize size, const char *path, struct diags *diags)
{
    diags_file(diags, path);
    if (size > INI_LIMIT) {
        g_autofree char *problem = read_over_limit(size, INI_LIMIT);
        diag_error(diags, &(struct diag_location){path, 1, NULL, NULL}, "%s", problem);
        return NULL;
    }
    char *copy = g_malloc(size + 1);
    if (size) memcpy(copy, text, size);
    copy[size] = '\0';
    return parse(path, copy, size, diags);
}

struct ini *ini_read(const char *path, struct diags *diags)
{
    gsize length;
    g_autofree char *problem = NULL;
    diags_file(diags, path);
    char *data = read_file(path, INI_LIMIT, &length, &problem);
    if (data) return parse(path, data, length, diags);
    diag_error(diags, &(struct diag_location){path, length > 0, NULL, NULL}, "%s", problem);
    return NULL;
}

void ini_free(struct ini *ini)
{
    if (!ini) return;
    g_array_unref(ini->sections);
    g_array_unref(ini->entries);
    g_free(ini->path);
    g_free(ini->text);
    g_free(ini);
}

/* ---- looking up ---- */

const struct ini_section *ini_section(const struct ini *ini, const char *name)
{
    for (guint i = 0; i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        if (strcmp(section->name, name) == 0) return section;
    }
    return NULL;
}

const struct ini_entry *ini_entry(const struct ini_section *section, const char *key)
{
    for (guint i = 0; i < section->n_entries; i++)
        if (strcmp(section->entries[i].key, key) == 0) return &section->entries[i];
    return NULL;
}
