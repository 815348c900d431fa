#include "base/ini.h"
#include "base/letter.h"
#include "base/read.h"
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NO_SECTION = -1, SKIPPED_SECTION = -2 };

/* What an indented line would continue: nothing, a text, or a line that has been reported. */
enum open { OPEN_NOTHING, OPEN_TEXT, OPEN_PROBLEM };

struct reader {
    struct ini *ini;
    struct diags *diags;
    struct lines lines;
    int section;              /* index of the current section, or NO_SECTION or SKIPPED_SECTION */
    GHashTable *names, *keys; /* name -> line, of all sections; of the current section's keys */
    enum open open;
    char *text, *tail; /* the open text and its end */
    guint errors;      /* that there were before this text */
};

static const char *section_name(const struct reader *r)
{
    return r->section < 0 ? NULL : g_array_index(r->ini->sections, struct ini_section, r->section).name;
}

/* At most one problem of form a line: bad bytes have been reported already. */
static void report(struct reader *r, const char *key, const char *what, const char *value, const char *right)
{
    struct diag_location here = {r->ini->path, r->lines.number, section_name(r), key};
    if (!r->lines.bad) diag_wrong(r->diags, &here, what, value, right);
}

/* Whether the name is a duplicate, which is reported. */
static bool is_duplicate(struct reader *r, GHashTable *known, const char *section, const char *key)
{
    const char *name = key ? key : section;
    int first = GPOINTER_TO_INT(g_hash_table_lookup(known, name));
    if (!first) {
        g_hash_table_insert(known, (char *)name, GINT_TO_POINTER(r->lines.number));
        return false;
    }
    char right[40];
    g_snprintf(right, sizeof right, "first on line %d", first);
    struct diag_location here = {r->ini->path, r->lines.number, section, key};
    diag_wrong(r->diags, &here, key ? "duplicate key" : "duplicate section", name, right);
    return true;
}

/* ---- the kinds of lines ---- */

/* What comes before a comment, without outer spaces. */
static char *content(char *line)
{
    for (char *mark = strchr(line, ';'); mark; mark = strchr(mark + 1, ';'))
        if (mark > line && g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(mark)))) {
            *mark = '\0';
            break;
        }
    line = letters_skip_space(line);
    line[letters_length(line)] = '\0';
    return line;
}

/* Whether a comment begins one space behind a word, as a part of the text would. One that was set apart was
 * meant. */
static bool is_cut(const char *line)
{
    const char *mark = strchr(line, ';');
    while (mark && (mark == line || !strchr(" \t", mark[-1]))) mark = strchr(mark + 1, ';');
    return mark && mark - line >= 2 && mark[-1] == ' ' && !strchr(" \t=", mark[-2]) && mark[1];
}

/* Moves a text down to `to`, where "\;" becomes ';' and a tab a space. Returns its end. */
static char *move_text(char *to, const char *from)
{
    for (; *from; from++) {
        if (from[0] == '\\' && from[1] == ';') from++;
        *to++ = *from == '\t' ? ' ' : *from;
    }
    *to = '\0';
    return to;
}

/* Whether the text so far, and a space, ends in a number with a full stop. The line's end is the sentence's
 * there, in any language: a second space tells sentences_split(). The line feed and the indent had room. */
static bool ends_in_number(const char *text, const char *tail)
{
    return tail - text >= 3 && tail[-2] == '.' && g_ascii_isdigit(tail[-3]);
}

static void continue_text(struct reader *r, char *line)
{
    const bool cut = is_cut(line);
    const char *text = content(line);
    if (!*text) return;
    if (r->open == OPEN_NOTHING)
        report(r, NULL, "an indented line with no text to continue", text, "keys begin in the first column");
    if (r->open != OPEN_TEXT) return;
    if (r->tail > r->text) *r->tail++ = ' ';
    if (ends_in_number(r->text, r->tail)) *r->tail++ = ' ';
    r->tail = move_text(r->tail, text);
    if (cut) g_array_index(r->ini->entries, struct ini_entry, r->ini->entries->len - 1).cut = r->lines.number;
}

/* A malformed header is reported, but used as far as it goes, so that what follows is not taken for a part of
 * the section before. False if there is no section to keep. */
static bool open_section(struct reader *r, char *line)
{
    char *name = content(line) + 1, *close = strchr(name, ']');
    r->section = NO_SECTION;
    r->open = OPEN_NOTHING;
    if (!close)
        report(r, NULL, "no ']' after a section's name", line, "write [name]");
    else if (close[1])
        report(r, NULL, "text after ']'", close + 1, "a comment begins with a space and a ';'");
    if (close) *close = '\0';
    name = g_strstrip(letters_plain(name));
    if (close && !*name) report(r, NULL, "a section without a name", "[]", "write [name]");
    bool duplicate = *name && is_duplicate(r, r->names, name, NULL);
    r->section = SKIPPED_SECTION;
    if (!*name || (duplicate && diags_full(r->diags))) return false;
    struct ini_section section = {.name = name, .line = r->lines.number};
    r->section = (int)r->ini->sections->len;
    g_array_append_val(r->ini->sections, section);
    g_hash_table_remove_all(r->keys);
    return true;
}

/* Keeps the line's key and text as the last entry. False if there is nothing to keep: a key without a section
 * is reported, under a malformed header it is skipped. */
static bool keep_entry(struct reader *r, char *line)
{
    const bool cut = is_cut(line);
    char *key = content(line), *equals = strchr(key, '=');
    r->open = OPEN_PROBLEM;
    if (!equals || equals == key) {
        report(r, NULL, equals ? "no key before '='" : "a line without '='", key, "write key = value");
        return false;
    }
    *equals = '\0';
    g_strchomp(letters_plain(key));
    if (r->section == NO_SECTION)
        report(r, key, "a key before the first section", key, "put [name] above it");
    if (r->section < 0) return false;
    r->open = OPEN_TEXT;
    r->text = letters_skip_space(equals + 1);
    r->tail = move_text(r->text, r->text);
    if (is_duplicate(r, r->keys, section_name(r), key) && diags_full(r->diags)) return false;
    struct ini_entry entry = {key, r->text, r->lines.number, cut ? r->lines.number : 0};
    g_array_append_val(r->ini->entries, entry);
    return true;
}

/* ---- inih ---- */

/* inih separates keys and values, and tells to which section an entry belongs. It cannot be given a user's
 * lines as they are: most builds cut a line at 200 bytes and read the rest as another line, keep 49 bytes of
 * a section's name, take ':' for '=', strip comments from some lines only, lose what follows a NUL, and do
 * not tell a duplicate section from the first. Builds differ, and some can be set otherwise by any library in
 * the process. So each line is checked here, and inih is given "[N]" for the section N, and "key = N" for the
 * entry N, whose text is kept. A key that is long or has marks in it is none of ours: inih is given a
 * stand-in, so that it is reported as it was written. */
enum { KEY_BYTES = 24 };
static const char STAND_IN[] = "?";

static bool is_for_inih(const char *key)
{
    const char *end = key;
    while (g_ascii_isalnum(*end) || *end == '-' || *end == '_' || *end == ' ') end++;
    return !*end && end - key <= KEY_BYTES;
}

/* Writes the next line for inih; false if this line is not for it. */
static bool translate(struct reader *r, char *line, char *buffer, gsize size)
{
    const bool indented = g_unichar_isspace(g_utf8_get_char(line));
    char *text = letters_skip_space(line);
    if (!indented) line = text; /* the first letter may be behind an invisible one */
    if (!*text) {
        r->open = OPEN_NOTHING;
    } else if (indented) {
        continue_text(r, line);
    } else if (*line == '[' && open_section(r, line)) {
        g_snprintf(buffer, size, "[%d]\n", r->section);
        return true;
    } else if (!strchr("[;#", *line) && keep_entry(r, line)) {
        guint last = r->ini->entries->len - 1;
        const char *key = g_array_index(r->ini->entries, struct ini_entry, last).key;
        g_snprintf(buffer, size, "%s = %u\n", is_for_inih(key) ? key : STAND_IN, last);
        return true;
    }
    return false;
}

/* For inih, in place of fgets(). */
static char *next_line(char *buffer, int size, void *user)
{
    struct reader *r = user;
    for (char *line; (line = lines_next(&r->lines));) {
        struct diag_location here = {r->ini->path, r->lines.number, section_name(r), NULL};
        if (r->lines.bad) diag_wrong(r->diags, &here, r->lines.bad, line, "UTF-8 without control characters");
        if (diags_errors(r->diags) - r->errors >= DIAGS_KEPT - 1) {
            diag_error(r->diags, &here, "too many problems: the rest of the file has not been read");
            break;
        }
        if (translate(r, line, buffer, (gsize)size)) return buffer;
    }
    return NULL;
}

static int take_entry(void *user, const char *section, const char *name, const char *value)
{
    struct ini *ini = ((const struct reader *)user)->ini;
    if (!name || !value) return 1; /* some builds report sections too */
    gulong s = strtoul(section, NULL, 10), e = strtoul(value, NULL, 10);
    if (s >= ini->sections->len || e >= ini->entries->len) return 0;
    g_array_index(ini->sections, struct ini_section, s).n_entries++;
    if (strcmp(name, STAND_IN) != 0)
        g_array_index(ini->entries, struct ini_entry, e).key = g_string_chunk_insert_const(ini->keys, name);
    return 1;
}

/* ---- whole texts ---- */

/* What makes a text unreadable line by line, or NULL. */
static const char *wrong_form(const char *data, gsize length)
{
    bool utf16 =
        length >= 2 && (!data[0] || !data[1] || !memcmp(data, "\xFF\xFE", 2) || !memcmp(data, "\xFE\xFF", 2));
    if (utf16) return "text in UTF-16 (save it as UTF-8)";
    if (length && memchr(data, '\r', length) && !memchr(data, '\n', length))
        return "lines end with CR (save the file with LF or CRLF)";
    return NULL;
}

/* Takes `text` over, which has a NUL after its `length` bytes. */
static struct ini *parse(const char *path, char *text, gsize length, struct diags *diags)
{
    const char *wrong = wrong_form(text, length);
    if (wrong) {
        diag_error(diags, &(struct diag_location){path, 1, NULL, NULL}, "%s", wrong);
        g_free(text);
        return NULL;
    }
    struct ini *ini = g_new0(struct ini, 1);
    *ini = (struct ini){
        .path = g_strdup(path),
        .sections = g_array_new(FALSE, FALSE, sizeof(struct ini_section)),
        .entries = g_array_new(FALSE, FALSE, sizeof(struct ini_entry)),
        .keys = g_string_chunk_new(256),
        .text = g_bytes_new_take(text, length),
    };
    bool marked = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    struct reader r = {
        .ini = ini,
        .diags = diags,
        .lines = {.next = text + (marked ? 3 : 0), .end = text + length},
        .section = NO_SECTION,
        .names = names,
        .keys = keys,
        .errors = diags_errors(diags),
    };
    ini_parse_stream(next_line, &r, take_entry, &r);
    guint next = 0;
    for (guint i = 0; i < ini->sections->len; i++) {
        struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        if (section->n_entries) section->entries = &g_array_index(ini->entries, struct ini_entry, next);
        next += section->n_entries;
    }
    return ini;
}

struct ini *ini_from_text(const char *text, gsize size, const char *path, struct diags *diags)
{
    diags_file(diags, path);
    if (size > INI_LIMIT) {
        g_autofree char *problem = too_large((gint64)size, INI_LIMIT);
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
    g_string_chunk_free(ini->keys);
    g_free(ini->path);
    g_bytes_unref(ini->text);
    g_free(ini);
}

char *ini_escaped(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);
    return g_strjoinv("\\;", parts);
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
