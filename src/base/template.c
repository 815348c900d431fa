#include "base/template.h"
#include <string.h>

enum { SHOWN_FIELD = 40 };

enum piece_kind { PIECE_TEXT, PIECE_FIELD, PIECE_SIDES, PIECE_UNOPENED, PIECE_UNCLOSED };

struct piece {
    enum piece_kind kind;
    const char *start; /* inside the braces; of an unmatched brace the brace itself */
    gsize length;
};

/* The piece at the head of `text`; returns what follows it. NULL at the end. */
static const char *next_piece(const char *text, struct piece *piece)
{
    if (!*text) return NULL;
    gsize plain = strcspn(text, "{}");
    if (plain) {
        *piece = (struct piece){PIECE_TEXT, text, plain};
        return text + plain;
    }
    if (text[1] == text[0]) {
        *piece = (struct piece){PIECE_TEXT, text, 1};
        return text + 2;
    }
    const char *close = text + 1 + strcspn(text + 1, "{}");
    if (*text == '}' || *close != '}') {
        *piece = (struct piece){*text == '}' ? PIECE_UNOPENED : PIECE_UNCLOSED, text, (gsize)(close - text)};
        return close;
    }
    gsize length = (gsize)(close - text) - 1;
    *piece = (struct piece){memchr(text, '|', length + 1) ? PIECE_SIDES : PIECE_FIELD, text + 1, length};
    return close + 1;
}

static bool is_name(const struct piece *piece, const char *name)
{
    return strlen(name) == piece->length && memcmp(name, piece->start, piece->length) == 0;
}

static bool is_known(const struct piece *piece, const char *const *names)
{
    for (; *names; names++)
        if (is_name(piece, *names)) return true;
    return false;
}

/* "{title}, {reps} or {a|b}" */
static char *allowed(const char *const *names, bool sided)
{
    GString *list = g_string_new(NULL);
    for (; *names; names++) g_string_append_printf(list, "%s{%s}", list->len ? ", " : "", *names);
    if (sided) g_string_append(list, list->len ? ", {a|b}" : "{a|b}");
    if (!list->len) g_string_append(list, "none");
    return g_string_free(list, FALSE);
}

static char *no_such_field(const char *shown, const char *name, const char *const *names, bool sided)
{
    g_autofree char *list = allowed(names, sided);
    const char *nearest = diag_nearest(name, names);
    if (nearest)
        return g_strdup_printf("unknown field ('{%s}'; did you mean {%s}? Fields here: %s)", shown, nearest,
                               list);
    return g_strdup_printf("unknown field ('{%s}'; fields here: %s; write {{ or }} for a brace)", shown,
                           list);
}

static bool is_right(const struct piece *piece, const char *const *names, bool sided)
{
    const char *end = piece->start + piece->length, *bar = memchr(piece->start, '|', piece->length);
    switch (piece->kind) {
    case PIECE_TEXT: return true;
    case PIECE_FIELD: return is_known(piece, names);
    case PIECE_SIDES: return sided && !memchr(bar + 1, '|', (gsize)(end - bar) - 1);
    default: return false;
    }
}

static char *piece_problem(const struct piece *piece, const char *const *names, bool sided)
{
    g_autofree char *name = g_strndup(piece->start, piece->length);
    g_autofree char *shown = diag_shown(name, SHOWN_FIELD);
    switch (piece->kind) {
    case PIECE_UNOPENED: return g_strdup_printf("a '}' without a '{' ('%s'; write }} for a brace)", shown);
    case PIECE_UNCLOSED: return g_strdup_printf("a '{' without a '}' ('%s'; write {{ for a brace)", shown);
    case PIECE_FIELD: return no_such_field(shown, name, names, sided);
    default: break;
    }
    if (!sided) return g_strdup_printf("no sides here ('{%s}'; {a|b} needs a step with sides)", shown);
    return g_strdup_printf("too many forms ('{%s}'; write {on the right|on the left})", shown);
}

bool template_check(const char *text, const char *const *names, bool sided,
                    const struct diag_location *location, struct diags *diags)
{
    struct piece piece;
    bool right = true;
    while ((text = next_piece(text, &piece))) {
        if (is_right(&piece, names, sided)) continue;
        g_autofree char *problem = piece_problem(&piece, names, sided);
        diag_error(diags, location, "%s", problem);
        right = false;
    }
    return right;
}

static void append_field(GString *out, const struct piece *piece, const struct field *fields, gsize n_fields)
{
    for (gsize i = 0; i < n_fields; i++)
        if (is_name(piece, fields[i].name)) {
            if (fields[i].value) g_string_append(out, fields[i].value);
            return;
        }
}

static void append_side(GString *out, const struct piece *piece, enum side side)
{
    const char *bar = memchr(piece->start, '|', piece->length);
    const char *end = piece->start + piece->length;
    const char *form = side == SIDE_LEFT ? bar + 1 : piece->start;
    g_string_append_len(out, form, (side == SIDE_LEFT ? end : bar) - form);
}

/* Bytes to skip: a value that ends a sentence itself ("Ready?") needs no full stop after it. */
static gsize doubled_stop(const GString *out, const struct piece *piece)
{
    bool ended = g_str_has_suffix(out->str, ".") || g_str_has_suffix(out->str, "!") ||
                 g_str_has_suffix(out->str, "?") || g_str_has_suffix(out->str, "…");
    return ended && piece->length > 0 && piece->start[0] == '.' ? 1 : 0;
}

char *template_fill(const char *text, const struct field *fields, gsize n_fields, enum side side)
{
    if (!strpbrk(text, "{}")) return g_strdup(text);
    GString *out = g_string_new(NULL);
    struct piece piece;
    bool filled = false; /* by the piece before */
    while ((text = next_piece(text, &piece))) {
        gsize left_out = filled ? doubled_stop(out, &piece) : 0;
        filled = piece.kind == PIECE_FIELD;
        if (piece.kind == PIECE_FIELD)
            append_field(out, &piece, fields, n_fields);
        else if (piece.kind == PIECE_SIDES)
            append_side(out, &piece, side);
        else
            g_string_append_len(out, piece.start + left_out, (gssize)(piece.length - left_out));
    }
    return g_string_free(out, FALSE);
}

char *template_unescape(char *text)
{
    char *end = text;
    struct piece piece;
    for (const char *next = text; (next = next_piece(next, &piece)); end += piece.length)
        memmove(end, piece.start, piece.length);
    *end = '\0';
    return text;
}
