#include "figures.h"

enum { PIXELS = 5 }; /* rows of a digit; it has three columns of two cells each */

/* The seven segments of a digit that shine. */
enum { TOP = 1, RIGHT_UP = 2, RIGHT_DOWN = 4, BOTTOM = 8, LEFT_DOWN = 16, LEFT_UP = 32, MIDDLE = 64 };

static const unsigned char digits[] = {0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f};

/* A bit for each of a digit's three columns, the leftmost the highest. A corner shines with either of its
 * segments. */
static unsigned pixels(char letter, int row)
{
    if (letter == ':') return row == 1 || row == 3 ? 2 : 0;
    unsigned segments = digits[letter - '0'];
    static const unsigned across[PIXELS] = {TOP, 0, MIDDLE, 0, BOTTOM};
    static const unsigned left[PIXELS] = {TOP | LEFT_UP, LEFT_UP, LEFT_UP | MIDDLE | LEFT_DOWN, LEFT_DOWN,
                                          LEFT_DOWN | BOTTOM};
    static const unsigned right[PIXELS] = {TOP | RIGHT_UP, RIGHT_UP, RIGHT_UP | MIDDLE | RIGHT_DOWN,
                                           RIGHT_DOWN, RIGHT_DOWN | BOTTOM};
    return (segments & left[row] ? 4 : 0) | (segments & across[row] ? 2 : 0) |
           (segments & right[row] ? 1 : 0);
}

/* Two rows of pixels in one of cells; `low` is PIXELS below the last. */
static void add_pixels(GString *line, char letter, int high, int low)
{
    static const char *const half[] = {"  ", "▄▄", "▀▀", "██"};
    unsigned above = pixels(letter, high), below = low < PIXELS ? pixels(letter, low) : 0;
    for (unsigned bit = letter == ':' ? 2 : 4; bit > (letter == ':' ? 1 : 0); bit >>= 1)
        g_string_append(line, half[(above & bit ? 2 : 0) + (below & bit ? 1 : 0)]);
}

/* A row of three in ASCII: strokes instead of blocks. */
static void add_strokes(GString *line, char letter, int row)
{
    static const unsigned under[] = {TOP, MIDDLE, BOTTOM}, left[] = {0, LEFT_UP, LEFT_DOWN},
                          right[] = {0, RIGHT_UP, RIGHT_DOWN};
    if (letter == ':') {
        g_string_append_c(line, row > 0 ? '.' : ' ');
        return;
    }
    unsigned segments = digits[letter - '0'];
    g_string_append_c(line, segments & left[row] ? '|' : ' ');
    g_string_append(line, segments & under[row] ? "__" : "  ");
    g_string_append_c(line, segments & right[row] ? '|' : ' ');
}

static void in_hashes(GString *line)
{
    g_string_replace(line, "█", "#", 0);
}

GStrv figures_draw(const char *number, int rows, bool ascii)
{
    GStrv lines = g_new0(char *, (gsize)rows + 1);
    for (int row = 0; row < rows; row++) {
        g_autoptr(GString) line = g_string_new(NULL);
        for (const char *letter = number; *letter; letter++) {
            if (letter > number) g_string_append(line, "  ");
            if (rows == PIXELS)
                add_pixels(line, *letter, row, row);
            else if (ascii)
                add_strokes(line, *letter, row);
            else
                add_pixels(line, *letter, 2 * row, 2 * row + 1);
        }
        if (ascii) in_hashes(line);
        lines[row] = g_strdup(line->str);
    }
    return lines;
}
