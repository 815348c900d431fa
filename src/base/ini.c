#include "base/ini.h"
#include "base/lines.h"
#include "base/read.h"
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NO_SECTION = -1, NAMELESS_SECTION = -2 };

/* What an indented line would continue: nothing, a text, or what was no text anyway and has been reported. */
enum open { OPEN_NOTHING, OPEN_TEXT, OPEN_PROBLEM };

struct reader {
    struct ini *ini;
    struct diags *diags;
    struct lines lines;
    int section;  /* index of the section under way, or NO_SECTION */
    GArray *kept; /* struct ini_entry: what the numbers stand for that inih is handed */
    enum open open;
    char *text, *tail;           /* the open text and its end */
    GHashTable *sections, *keys; /* name -> line: in the file, in the section */
};

static struct diag_place place(const struct reader *r, const char *key)
{
    const char *section = r->section < 0 ? NULL : g_array_index(r->ini->sections, struct ini_section, r->section).name;
    return (struct diag_place){r->ini->path, r->lines.number, section, key};
}

/* A line has one problem of form at most: bad bytes have been reported already. */
static void report(struct reader *r, const char *key, const char *what, const char *value, const char *right)
{
    struct diag_place here = place(r, key);
    if (!r->lines.bad) diag_wrong(r->diags, &here, what, value, right);
}

static void report_bytes(struct reader *r, const char *line)
{
    struct diag_place here = place(r, NULL);
    if (r->lines.bad) diag_wrong(r->diags, &here, r->lines.bad, line, "UTF-8 without control characters");
}

static void note_name(struct reader *r, GHashTable *lines, char *name, const char *key)
{
    int first = GPOINTER_TO_INT(g_hash_table_lookup(lines, name));
    if (first) {
        g_autofree char *right = g_strdup_printf("first on line %d", first);
        report(r, key, "stands twice", name, right);
    } else {
        g_hash_table_insert(lines, name, GINT_TO_POINTER(r->lines.number));
    }
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
    while (*from) {
        gsize n = strcspn(from, "\\");
        memmove(to, from, n);
        to += n;
        from += n;
        if (!*from) break;
        if (from[1] == ';') from++;
        *to++ = *from++;
    }
    *to = '\0';
    return to;
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

/* The name in a header. One that is not well formed is reported, but used as far as it goes, so that what follows is not
 * taken for a part of the section before. */
static char *header_name(struct reader *r, char *line)
{
    char *name = content(line) + 1, *close = strchr(name, ']');
    if (!close) report(r, NULL, "no ']' after a section's name", line, "[name]");
    else if (close[1]) report(r, NULL, "text after ']'", close + 1, "a comment begins with a blank and a ';'");
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
    struct ini_section section = {name, r->lines.number, g_array_new(FALSE, FALSE, sizeof(struct ini_entry))};
    g_array_append_val(r->ini->sections, section);
    note_name(r, r->sections, name, NULL);
    g_hash_table_remove_all(r->keys);
    return true;
}

/* A key without a section is left out; under a header without a name it goes without saying. */
static bool has_section(struct reader *r, const char *key)
{
    if (r->section == NO_SECTION) report(r, key, "a key before any section", key, "[name] on a line above it");
    return r->section >= 0;
}

static bool add_entry(struct reader *r, char *line)
{
    char *key = content(line), *equals = strchr(key, '=');
    r->open = OPEN_PROBLEM;
    if (!equals) report(r, NULL, "a line without '='", key, "key = value");
    else if (equals == key) report(r, NULL, "no key before '='", key, "key = value");
    if (!equals || equals == key) return false;
    *equals = '\0';
    g_strchomp(key);
    if (!has_section(r, key)) return false;
    note_name(r, r->keys, key, key);
    r->open = OPEN_TEXT;
    r->text = equals + 1;
    r->tail = move_text(r->text, r->text + strspn(r->text, " \t"));
    struct ini_entry entry = {key, r->text, r->lines.number};
    g_array_append_val(r->kept, entry);
    return true;
}

/* ---- inih between our reader and our handler ---- */

/* A section or an entry becomes a line that every build of inih reads alike; for any other kind of line, false. */
static bool translate(struct reader *r, char *line, char *buffer, int size)
{
    bool indented = *line == ' ' || *line == '\t';
    if (*line == ';' || *line == '#') return false;
    if (!line[strspn(line, " \t")]) {
        r->open = OPEN_NOTHING;
        return false;
    }
    if (indented) {
        continue_text(r, line);
        return false;
    }
    if (*line == '[') return open_section(r, line) && g_snprintf(buffer, (gulong)size, "[%d]\n", r->section);
    return add_entry(r, line) && g_snprintf(buffer, (gulong)size, "key = %u\n", r->kept->len - 1);
}

/* Stands in for fgets. */
static char *hand_line(char *buffer, int size, void *user)
{
    struct reader *r = user;
    for (char *line; (line = lines_next(&r->lines));) {
        report_bytes(r, line);
        if (translate(r, line, buffer, size)) return buffer;
    }
    return NULL;
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
    const struct reader *r = user;
    if (!name || !value) return 1; /* some builds tell of sections too */
    GArray *entries = g_array_index(r->ini->sections, struct ini_section, atoi(section)).entries;
    g_array_append_val(entries, g_array_index(r->kept, struct ini_entry, atoi(value)));
    return 1;
}

/* ---- whole texts ---- */

/* What cannot be read line by line: NULL if it can. */
static const char *wrong_form(const char *data, gsize length)
{
    bool utf16 = length >= 2 && (!data[0] || !data[1] || !memcmp(data, "\xFF\xFE", 2) || !memcmp(data, "\xFE\xFF", 2));
    if (utf16) return "text in UTF-16 (save it as UTF-8)";
    if (length && memchr(data, '\r', length) && !memchr(data, '\n', length))
        return "lines that end with CR (save it with LF or CRLF)";
    return NULL;
}

static void finish_section(gpointer section)
{
    g_array_unref(((struct ini_section *)section)->entries);
}

static struct ini *ini_new(const char *path, const char *data, gsize length)
{
    struct ini *ini = g_new0(struct ini, 1);
    ini->path = g_strdup(path);
    ini->sections = g_array_new(FALSE, FALSE, sizeof(struct ini_section));
    g_array_set_clear_func(ini->sections, finish_section);
    ini->text = g_malloc(length + 1);
    memcpy(ini->text, data, length);
    return ini;
}

struct ini *ini_parse_data(const char *path, const char *data, gsize length, struct diags *diags)
{
    const char *wrong = wrong_form(data, length);
    if (wrong) {
        diag_error(diags, &(struct diag_place){path, 1, NULL, NULL}, "%s", wrong);
        return NULL;
    }
    gsize mark = length >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    struct ini *ini = ini_new(path, data + mark, length - mark);
    struct reader r = {
        .ini = ini,
        .diags = diags,
        .lines = {.next = ini->text, .end = ini->text + length - mark},
        .section = NO_SECTION,
        .kept = g_array_new(FALSE, FALSE, sizeof(struct ini_entry)),
        .sections = g_hash_table_new(g_str_hash, g_str_equal),
        .keys = g_hash_table_new(g_str_hash, g_str_equal),
    };
    ini_parse_stream(hand_line, &r, take_entry, &r);
    g_array_unref(r.kept);
    g_hash_table_unref(r.sections);
    g_hash_table_unref(r.keys);
    return ini;
}

void ini_free(struct ini *ini)
{
    if (!ini) return;
    g_array_unref(ini->sections);
    g_free(ini->path);
    g_free(ini->text);
    g_free(ini);
}

struct ini *ini_read(const char *path, struct diags *diags)
{
    gsize length;
    g_autofree char *problem = NULL;
    g_autofree char *data = read_file(path, INI_LIMIT, &length, &problem);
    if (data) return ini_parse_data(path, data, length, diags);
    diag_error(diags, &(struct diag_place){path, 0, NULL, NULL}, "%s", problem);
    return NULL;
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
    for (guint i = 0; i < section->entries->len; i++) {
        const struct ini_entry *entry = &g_array_index(section->entries, struct ini_entry, i);
        if (strcmp(entry->key, key) == 0) return entry;
    }
    return NULL;
}
