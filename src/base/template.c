#include "base/template.h"
#include "base/sentence.h"
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

/* The list of what is allowed: "{title}, {reps}, {a|b}" */
static char *no_such_field(const char *shown, const char *name, const char *const *names, bool sided)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (gsize i = 0; names[i]; i++) g_string_append_printf(list, "%s{%s}", list->len ? ", " : "", names[i]);
    if (sided) g_string_append(list, list->len ? ", {a|b}" : "{a|b}");
    if (!list->len) g_string_append(list, "none");
    const char *nearest = diag_nearest(name, names);
    if (nearest)
        return g_strdup_printf("unknown field ('{%s}'; did you mean {%s}? Fields here: %s)", shown, nearest,
                               list->str);
    return g_strdup_printf("unknown field ('{%s}'; fields here: %s; write {{ or }} for a brace)", shown,
                           list->str);
}

/* What is wrong with it, or NULL. */
static char *piece_problem(const struct piece *piece, const char *const *names, bool sided)
{
    if (piece->kind == PIECE_TEXT) return NULL;
    g_autofree char *name = g_strndup(piece->start, piece->length);
    g_autofree char *shown = diag_shown(name, SHOWN_FIELD);
    switch (piece->kind) {
    case PIECE_UNOPENED: return g_strdup_printf("a '}' without a '{' ('%s'; write }} for a brace)", shown);
    case PIECE_UNCLOSED: return g_strdup_printf("a '{' without a '}' ('%s'; write {{ for a brace)", shown);
    case PIECE_FIELD: return g_strv_contains(names, name) ? NULL : no_such_field(shown, name, names, sided);
    default: break;
    }
    if (!sided) return g_strdup_printf("no sides here ('{%s}'; {a|b} needs a step with sides)", shown);
    if (strchr(name, '|') == strrchr(name, '|')) return NULL;
    return g_strdup_printf("too many forms ('{%s}'; write {on the right|on the left})", shown);
}

bool template_check(const char *text, const char *const *names, bool sided,
                    const struct diag_location *location, struct diags *diags)
{
    struct piece piece;
    bool right = true;
    while ((text = next_piece(text, &piece))) {
        g_autofree char *problem = piece_problem(&piece, names, sided);
        if (problem) diag_error(diags, location, "%s", problem);
        right = right && !problem;
    }
    return right;
}

static const char *field_value(const struct piece *piece, const struct field *fields, gsize n_fields)
{
    for (gsize i = 0; i < n_fields; i++)
        if (strlen(fields[i].name) == piece->length &&
            memcmp(fields[i].name, piece->start, piece->length) == 0)
            return fields[i].value;
    return NULL;
}

char *template_fill(const char *text, const struct field *fields, gsize n_fields, enum side side)
{
    if (!strpbrk(text, "{}")) return g_strdup(text);
    GString *out = g_string_new(NULL);
    struct piece piece;
    bool filled = false; /* by the piece before */
    while ((text = next_piece(text, &piece))) {
        const char *start = piece.start, *end = start + piece.length;
        const char *bar = piece.kind == PIECE_SIDES ? memchr(start, '|', piece.length) : NULL;
        if (bar && side == SIDE_LEFT)
            start = bar + 1;
        else if (bar)
            end = bar;
        else if (filled && end > start && *start == '.' && sentence_is_over(out->str))
            start++; /* a value such as "Ready?" needs no full stop */
        filled = piece.kind == PIECE_FIELD;
        const char *value = filled ? field_value(&piece, fields, n_fields) : NULL;
        if (!filled)
            g_string_append_len(out, start, end - start);
        else if (value)
            g_string_append(out, value);
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
