#include "base/diag.h"
#include "base/letter.h"
#include <stdlib.h>
#include <string.h>

enum { SHOWN_PATH = 4096, SHOWN_NAME = 80, SHOWN_VALUE = 60, SHOWN_MESSAGE = 4096 };

struct problem {
    guint file; /* index in files */
    int line;
    gsize text; /* offset in texts of the finished line */
};

struct diags {
    GPtrArray *files; /* char *, in the order in which they were first named */
    GArray *problems;
    GString *texts;
    guint counts[2]; /* of each level, also of those that are not kept */
    gboolean muted;  /* no warnings */
    gboolean color;
};

struct diags *diags_new(void)
{
    struct diags *diags = g_new0(struct diags, 1);
    diags->files = g_ptr_array_new_with_free_func(g_free);
    diags->problems = g_array_new(FALSE, FALSE, sizeof(struct problem));
    diags->texts = g_string_new(NULL);
    return diags;
}

void diags_free(struct diags *diags)
{
    if (!diags) return;
    g_ptr_array_unref(diags->files);
    g_array_unref(diags->problems);
    g_string_free(diags->texts, TRUE);
    g_free(diags);
}

void diags_mute_warnings(struct diags *diags)
{
    diags->muted = TRUE;
}

void diags_color(struct diags *diags, gboolean color)
{
    diags->color = color;
}

/* ---- one line ---- */

/* The bytes of the character at `text`, and whether it may be shown. Marks that turn the direction of writing
 * could make a line read as another one. */
static gsize measure(const char *text, gboolean *shown)
{
    *shown = g_ascii_isprint(*text);
    if (*shown) return 1;
    gunichar c = g_utf8_get_char_validated(text, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2) return 1;
    gboolean turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    gboolean ends_line = c == 0x2028 || c == 0x2029;
    gboolean no_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    *shown = !turns && !ends_line && !no_character && !g_unichar_iscntrl(c);
    return (gsize)(g_utf8_next_char(text) - text);
}

static void append_shown(GString *out, const char *text, gsize limit)
{
    for (gsize used = 0; *text;) {
        gboolean shown;
        gsize bytes = measure(text, &shown);
        used += bytes;
        if (used > limit) {
            g_string_append(out, "…");
            return;
        }
        g_string_append_len(out, shown ? text : "?", shown ? (gssize)bytes : 1);
        text += bytes;
    }
}

char *diag_shown(const char *text, gsize limit)
{
    GString *out = g_string_new(NULL);
    append_shown(out, text, limit);
    return g_string_free(out, FALSE);
}

/* ---- collecting ---- */

gboolean diags_full(const struct diags *diags)
{
    return diags->counts[DIAG_ERROR] >= DIAGS_KEPT;
}

static guint file_index(struct diags *diags, const char *path)
{
    guint i;
    if (g_ptr_array_find_with_equal_func(diags->files, path, g_str_equal, &i)) return i;
    g_ptr_array_add(diags->files, g_strdup(path));
    return diags->files->len - 1;
}

void diags_file(struct diags *diags, const char *path)
{
    file_index(diags, path);
}

/* Where it is: an error in red, a warning in yellow. */
static void append_place(GString *out, enum diag_level level, const struct diag_location *location,
                         gboolean color)
{
    if (!location->path || !*location->path) return;
    if (color) g_string_append(out, level == DIAG_ERROR ? "\033[31m" : "\033[33m");
    append_shown(out, location->path, SHOWN_PATH);
    if (location->line) g_string_append_printf(out, ":%d", location->line);
    if (color) g_string_append(out, "\033[0m");
    g_string_append(out, ": ");
}

/* Counts a problem, and keeps it unless there are too many. */
G_GNUC_PRINTF(4, 0)
static void add(struct diags *diags, enum diag_level level, const struct diag_location *location,
                const char *format, va_list args)
{
    if (diags->counts[level]++ >= DIAGS_KEPT) return;
    g_autofree char *message = g_strdup_vprintf(format, args);
    GString *out = diags->texts;
    const char *path = location->path ? location->path : "";
    struct problem problem = {file_index(diags, path), location->line, out->len};
    g_array_append_val(diags->problems, problem);
    append_place(out, level, location, diags->color);
    if (location->section) {
        g_string_append_c(out, '[');
        append_shown(out, location->section, SHOWN_NAME);
        g_string_append(out, "] ");
    }
    if (location->key) {
        append_shown(out, location->key, SHOWN_NAME);
        g_string_append(out, ": ");
    }
    if (level == DIAG_WARNING) g_string_append(out, "warning: ");
    append_shown(out, message, SHOWN_MESSAGE);
    g_string_append_len(out, "\n", 2); /* with the NUL */
}

void diag_error(struct diags *diags, const struct diag_location *location, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(diags, DIAG_ERROR, location, format, args);
    va_end(args);
}

void diag_warning(struct diags *diags, const struct diag_location *location, const char *format, ...)
{
    if (diags->muted) return;
    va_list args;
    va_start(args, format);
    add(diags, DIAG_WARNING, location, format, args);
    va_end(args);
}

void diag_wrong(struct diags *diags, const struct diag_location *location, const char *what,
                const char *value, const char *right)
{
    g_autofree char *shown = diag_shown(value, SHOWN_VALUE), *unseen = NULL;
    if (strlen(value) <= SHOWN_VALUE && g_utf8_validate(value, -1, NULL)) unseen = letters_unseen(value);
    diag_error(diags, location, "%s ('%s'%s%s; %s)", what, shown, unseen ? " with " : "",
               unseen ? unseen : "", right);
}

void diag_unknown(struct diags *diags, const struct diag_location *location, const char *what,
                  const char *wrong, const char *const *names)
{
    if (diags_full(diags)) { /* looking for the nearest name takes long */
        diags->counts[DIAG_ERROR]++;
        return;
    }
    g_autofree char *all = g_strjoinv(", ", (char **)names);
    const char *nearest = diag_nearest(wrong, names);
    g_autofree char *right = nearest ? g_strdup_printf("did you mean '%s'? One of %s", nearest, all)
                                     : g_strdup_printf("one of %s", all);
    diag_wrong(diags, location, what, wrong, right);
}

guint diags_errors(const struct diags *diags)
{
    return diags->counts[DIAG_ERROR];
}

guint diags_warnings(const struct diags *diags)
{
    return diags->counts[DIAG_WARNING];
}

/* ---- printing ---- */

static int by_place(gconstpointer a, gconstpointer b)
{
    const struct problem *left = a, *right = b;
    if (left->file != right->file) return left->file < right->file ? -1 : 1;
    if (left->line != right->line) return left->line < right->line ? -1 : 1;
    return left->text < right->text ? -1 : 1;
}

void diags_print(struct diags *diags, FILE *out)
{
    g_array_sort(diags->problems, by_place);
    for (guint i = 0; i < diags->problems->len; i++)
        fputs(diags->texts->str + g_array_index(diags->problems, struct problem, i).text, out);
    guint more = diags->counts[DIAG_ERROR] + diags->counts[DIAG_WARNING] - diags->problems->len;
    if (more) fprintf(out, "… and %u more problem%s\n", more, more == 1 ? "" : "s");
    g_ptr_array_set_size(diags->files, 0);
    g_array_set_size(diags->problems, 0);
    g_string_truncate(diags->texts, 0);
    memset(diags->counts, 0, sizeof diags->counts);
}

char **diags_lines(struct diags *diags)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    diags_print(diags, out);
    fclose(out);
    char **lines = g_strsplit(text, "\n", -1);
    free(text);
    return lines;
}

/* ---- nearly right ---- */

enum { NAME_BYTES = 64 }; /* no name of ours is longer, and a longer one is not nearly right */

/* How many letters must be put in, left out, exchanged or swapped with their neighbour. */
static int edits(const char *a, int a_length, const char *b, int b_length)
{
    int d[NAME_BYTES + 1][NAME_BYTES + 1];
    for (int i = 0; i <= a_length; i++) d[i][0] = i;
    for (int j = 0; j <= b_length; j++) d[0][j] = j;
    for (int i = 1; i <= a_length; i++)
        for (int j = 1; j <= b_length; j++) {
            char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
            d[i][j] = MIN(MIN(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (x != y));
            if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && y == g_ascii_tolower(a[i - 2]))
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a_length][b_length];
}

const char *diag_nearest(const char *wrong, const char *const *names)
{
    const char *nearest = NULL;
    int fewest = 3, wrong_length = (int)MIN(strlen(wrong), NAME_BYTES + 1);
    for (; wrong_length <= NAME_BYTES && *names; names++) {
        int length = (int)MIN(strlen(*names), NAME_BYTES + 1);
        if (length > NAME_BYTES || ABS(length - wrong_length) >= fewest) continue;
        int n = edits(wrong, wrong_length, *names, length);
        if (n < fewest && 2 * n < MAX(length, wrong_length)) {
            nearest = *names;
            fewest = n;
        }
    }
    return nearest;
}
