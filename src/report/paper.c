#include "paper.h"
#include "base/diag.h"
#include <string.h>

enum { WIDTH = 76, WEEK = 7 };

/* Each piece as an element of HTML, between marks of Markdown, and with a line below it in plain text. */
static const struct look {
    const char *tag, *class; /* class may be NULL */
    const char *mark;        /* before the text */
    const char *around;      /* on both sides of it */
    char rule;               /* below it; 0: none */
} looks[N_PIECES] = {
    [PIECE_TITLE] = {"h1", NULL, "# ", "", '='},  [PIECE_ABOUT] = {"p", "about", "", "", 0},
    [PIECE_FACTS] = {"p", "facts", "", "", 0},    [PIECE_HEADING] = {"h2", NULL, "## ", "", '='},
    [PIECE_STEP] = {"h3", NULL, "### ", "", '-'}, [PIECE_WHEN] = {"p", "when", "", "", 0},
    [PIECE_DOSE] = {"p", "dose", "", "**", 0},    [PIECE_NEED] = {"p", "need", "", "", 0},
    [PIECE_TEXT] = {"p", NULL, "", "", 0},        [PIECE_SIDE] = {"p", "side", "", "**", 0},
    [PIECE_HOLD] = {"p", "hold", "", "**", 0},
};

/* The last five may be NULL: the format has nothing of the kind. */
struct paper_format {
    void (*put)(struct paper *paper, enum piece piece, const char *text, const char *language);
    void (*boxes)(struct paper *paper, int n);
    void (*begin)(struct paper *paper, const char *title, const char *language);
    void (*end)(struct paper *paper);
    void (*item)(struct paper *paper, enum list list);
    void (*close)(struct paper *paper, enum list list);
    void (*picture)(struct paper *paper, const char *svg, const char *caption);
};

/* ---- HTML ---- */

/* Nothing here has a colour that a printer without colours could lose, and no size but that of the paper. */
static const char style[] =
    "@page { margin: 15mm }\n"
    "body { margin: 0 auto; padding: 1rem; max-width: 42rem; font: 1rem/1.45 sans-serif; color: #000;\n"
    "  background: #fff; overflow-wrap: anywhere }\n"
    "h1, h2, h3, p, figure, ol { margin: 0 0 .5rem }\n"
    "h1 { font-size: 1.8rem; line-height: 1.2 }\n"
    "h2 { font-size: 1.3rem; margin-top: 1.5rem }\n"
    "h3 { font-size: 1.1rem }\n"
    ".about { font-size: 1.1rem }\n"
    ".dose, .side, .hold { font-weight: bold }\n"
    ".when, figcaption { font-size: .85rem }\n"
    "figure { margin: 1.5rem 0 }\n"
    "figcaption { margin-top: .3rem }\n"
    "svg { display: block; overflow: visible; font-size: .75rem; direction: ltr }\n"
    "ol { padding: 0; padding-inline-start: 2rem }\n"
    ".steps > li { margin-bottom: 1rem; padding-top: .5rem; border-top: 1px solid #000 }\n"
    ".steps > li::marker { font-weight: bold; font-size: 1.1rem }\n"
    ".days { display: grid; grid-template-columns: repeat(7, 1fr); gap: .4rem; padding: 0; max-width: "
    "34rem;\n"
    "  list-style: none }\n"
    ".days li { border: 1.5px solid #000; min-height: 3rem; padding: .1rem .3rem; font-size: .8rem }\n"
    "@media print {\n"
    "  html { font-size: 10pt }\n"
    "  body { padding: 0; max-width: none; line-height: 1.35 }\n"
    "  h1, h2, h3 { break-after: avoid }\n"
    "  p { margin-bottom: .35rem; orphans: 2; widows: 2 }\n"
    "  figure, .steps > li, .moves > li, .days { break-inside: avoid }\n"
    "}\n";

/* A text as HTML. What is not to be seen in it, or turns its direction, becomes '?'. */
static void append_html(GString *out, const char *text)
{
    g_autofree char *shown = diag_shown(text, G_MAXSIZE);
    g_autofree char *escaped = g_markup_escape_text(shown, -1);
    g_string_append(out, escaped);
}

static void html_begin(struct paper *paper, const char *title, const char *language)
{
    GString *out = paper->text;
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"");
    append_html(out, language);
    g_string_append(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    append_html(out, title);
    g_string_append_printf(out, "</title>\n<style>\n%s</style>\n</head>\n<body dir=\"auto\">\n<main>\n",
                           style);
}

/* Of words that are in another language than the page, which may be written the other way. */
static void append_language(GString *out, const char *language)
{
    if (!language) return;
    g_string_append(out, " lang=\"");
    append_html(out, language);
    g_string_append(out, "\" dir=\"auto\"");
}

static void html_put(struct paper *paper, enum piece piece, const char *text, const char *language)
{
    GString *out = paper->text;
    const struct look *look = &looks[piece];
    g_string_append_printf(out, "<%s", look->tag);
    if (look->class) g_string_append_printf(out, " class=\"%s\"", look->class);
    append_language(out, language);
    g_string_append_c(out, '>');
    append_html(out, text);
    g_string_append_printf(out, "</%s>\n", look->tag);
}

static void html_item(struct paper *paper, enum list list)
{
    static const char *const open[] = {
        [LIST_STEPS] = "<ol class=\"steps\">\n", [LIST_MOVES] = "<ol class=\"moves\">\n"};
    g_string_append(paper->text, paper->number[list] == 1 ? open[list] : "</li>\n");
    g_string_append(paper->text, "<li>\n");
}

static void html_close(struct paper *paper, enum list list)
{
    (void)list;
    g_string_append(paper->text, "</li>\n</ol>\n");
}

static void html_picture(struct paper *paper, const char *svg, const char *caption)
{
    GString *out = paper->text;
    g_string_append(out, "<figure");
    append_language(out, paper->ours);
    g_string_append_printf(out, ">\n%s<figcaption>", svg);
    append_html(out, caption);
    g_string_append(out, "</figcaption>\n</figure>\n");
}

/* Some screen readers take a list without marks for none, unless its role says so. */
static void html_boxes(struct paper *paper, int n)
{
    g_string_append(paper->text, "<ol class=\"days\" role=\"list\">\n");
    for (int i = 1; i <= n; i++) g_string_append_printf(paper->text, "<li>%d</li>\n", i);
    g_string_append(paper->text, "</ol>\n");
}

static void html_end(struct paper *paper)
{
    g_string_append(paper->text, "</main>\n</body>\n</html>\n");
}

/* ---- Markdown and plain text ---- */

/* How wide a text is: a Chinese character takes two columns. */
static int columns_of(const char *text, gsize bytes)
{
    int columns = 0;
    for (const char *at = text; at < text + bytes; at = g_utf8_next_char(at))
        columns += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    return columns;
}

/* A paragraph. `first` stands before its first line, as many blanks before the others. */
static void append_wrapped(GString *out, const char *first, const char *text)
{
    const int indent = (int)strlen(first);
    int column = indent;
    g_string_append(out, first);
    for (const char *word = text; *word; word += strspn(word, " ")) {
        gsize bytes = strcspn(word, " ");
        int columns = columns_of(word, bytes);
        if (word > text && column + 1 + columns > WIDTH) {
            g_string_append_printf(out, "\n%*s", indent, "");
            column = indent;
        } else if (word > text) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append_len(out, word, (gssize)bytes);
        column += columns;
        word += bytes;
    }
    g_string_append_c(out, '\n');
}

/* What stands before a paragraph: the number of its move, or as many blanks. */
static void move_mark(struct paper *paper, char mark[16])
{
    *mark = '\0';
    if (paper->number[LIST_MOVES] == 0) return;
    g_snprintf(mark, 16, "%d. ", paper->number[LIST_MOVES]);
    if (paper->marked) memset(mark, ' ', strlen(mark));
    paper->marked = true;
}

static void append_number(GString *out, const struct paper *paper, enum piece piece)
{
    if (piece == PIECE_STEP) g_string_append_printf(out, "%d. ", paper->number[LIST_STEPS]);
}

/* ---- Markdown ---- */

/* Marks that mean something anywhere, and those that do where a line begins. "1." begins a list there. */
static void append_markdown(GString *out, const char *text)
{
    g_autofree char *shown = diag_shown(text, G_MAXSIZE);
    const char *digits = shown + strspn(shown, "0123456789");
    for (const char *at = shown; *at; at++) {
        bool begins = at == shown && strchr("-+=~:", *at),
             numbers = at == digits && at > shown && strchr(".)", *at),
             links = (*at == ':' && at[1] == '/') ||
                     (*at == '.' && at - shown >= 3 && strncasecmp(at - 3, "www", 3) == 0);
        if (begins || numbers || links || strchr("\\`*_{}[]<>#|~&!$@", *at)) g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
}

static void markdown_put(struct paper *paper, enum piece piece, const char *text, const char *language)
{
    (void)language;
    const struct look *look = &looks[piece];
    char mark[16];
    move_mark(paper, mark);
    g_string_append_printf(paper->text, "%s%s", mark, look->mark);
    append_number(paper->text, paper, piece);
    g_string_append(paper->text, look->around);
    append_markdown(paper->text, text);
    g_string_append_printf(paper->text, "%s\n\n", look->around);
}

static void markdown_boxes(struct paper *paper, int n)
{
    for (int i = 1; i <= n; i++)
        g_string_append_printf(paper->text, "☐ %d%s", i, i == n ? "\n" : i % WEEK == 0 ? "\n\n" : " ");
}

/* ---- plain text ---- */

static void plain_put(struct paper *paper, enum piece piece, const char *text, const char *language)
{
    (void)language;
    g_autofree char *shown = diag_shown(text, G_MAXSIZE);
    g_autoptr(GString) line = g_string_new(NULL);
    char mark[16], rule = looks[piece].rule;
    move_mark(paper, mark);
    append_number(line, paper, piece);
    g_string_append(line, shown);
    append_wrapped(paper->text, mark, line->str);
    int width = rule ? MIN(WIDTH, columns_of(line->str, line->len)) : 0;
    for (int i = 0; i < width; i++) g_string_append_c(paper->text, rule);
    g_string_append(paper->text, rule ? "\n\n" : "\n");
}

static void plain_boxes(struct paper *paper, int n)
{
    for (int i = 1; i <= n; i++)
        g_string_append_printf(paper->text, "[ ] %d%s", i,
                               i == n          ? "\n"
                               : i % WEEK == 0 ? "\n\n"
                               : i < 10        ? "    "
                                               : "   ");
}

/* ---- whichever it is ---- */

static const char *const names[] = {"html", "md", "txt", NULL};

static const struct paper_format formats[] = {
    {html_put, html_boxes, html_begin, html_end, html_item, html_close, html_picture},
    {.put = markdown_put, .boxes = markdown_boxes},
    {.put = plain_put, .boxes = plain_boxes},
};

const char *const *paper_formats(void)
{
    return names;
}

void paper_begin(struct paper *paper, const char *format, const char *title, const char *language,
                 const char *ours)
{
    gsize i = 0;
    while (strcmp(names[i], format) != 0) i++;
    *paper = (struct paper){.text = g_string_new(NULL), .format = &formats[i], .ours = ours};
    if (paper->format->begin) paper->format->begin(paper, title, language);
}

char *paper_end(struct paper *paper)
{
    if (paper->format->end) paper->format->end(paper);
    return g_string_free(paper->text, FALSE);
}

void paper_put(struct paper *paper, enum piece piece, const char *text)
{
    paper->format->put(paper, piece, text, NULL);
}

void paper_say(struct paper *paper, enum piece piece, const char *text)
{
    paper->format->put(paper, piece, text, paper->ours);
}

void paper_item(struct paper *paper, enum list list)
{
    paper->number[list]++;
    paper->marked = false;
    if (paper->format->item) paper->format->item(paper, list);
}

void paper_close(struct paper *paper, enum list list)
{
    if (paper->format->close) paper->format->close(paper, list);
    paper->number[list] = 0;
}

void paper_picture(struct paper *paper, const char *svg, const char *caption)
{
    if (paper->format->picture) paper->format->picture(paper, svg, caption);
}

void paper_boxes(struct paper *paper, int n)
{
    paper->format->boxes(paper, n);
}
