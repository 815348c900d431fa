/* stretchvoice-cover: draws the cover image of a podcast. The title comes from descriptor 3, the PNG goes to
 * descriptor 4. It is a program of its own because the libraries are many, and nothing else needs them. */
#include <errno.h>
#include <glib.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TITLE_FD = 3,
    IMAGE_FD,
    SIZE = 1400, /* pixels: podcast apps take squares from 1,400 to 3,000 */
    MARGIN = 140,
    TITLE_WIDTH = SIZE - 2 * MARGIN,
    TITLE_HEIGHT = 640,
    LARGEST = 190, /* pixels, of letters */
    SMALLEST = 52,
    MOST_TITLE = 4096, /* bytes */
    ARCS = 4,
};

/* As far as it fits; a letter that is cut off at the end is left out. */
static char *read_title(void)
{
    char bytes[MOST_TITLE];
    ssize_t n = read(TITLE_FD, bytes, sizeof bytes);
    const char *end;
    if (n < 0) return NULL;
    g_utf8_validate_len(bytes, (gsize)n, &end);
    return g_strndup(bytes, (gsize)(end - bytes));
}

/* Four arcs, as of an arm that is raised. */
static void draw_ground(cairo_t *cairo)
{
    cairo_set_source_rgb(cairo, 0.09, 0.25, 0.29);
    cairo_paint(cairo);
    cairo_set_line_width(cairo, 26);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < ARCS; i++) {
        cairo_set_source_rgb(cairo, 0.16 + 0.13 * i, 0.42 + 0.09 * i, 0.44 + 0.04 * i);
        cairo_arc(cairo, SIZE / 2.0, SIZE - MARGIN, 130 + 85 * i, G_PI, G_PI * (1.25 + 0.25 * i));
        cairo_stroke(cairo);
    }
}

static void set_size(PangoLayout *layout, int size)
{
    PangoFontDescription *font = pango_font_description_from_string("Sans Bold");
    pango_font_description_set_absolute_size(font, (double)size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
}

/* The largest letters with which the title fits, whole words on each line. */
static void fit(PangoLayout *layout)
{
    int width = SIZE, height = SIZE;
    for (int size = LARGEST; size >= SMALLEST && (width > TITLE_WIDTH || height > TITLE_HEIGHT); size -= 6) {
        set_size(layout, size);
        pango_layout_get_pixel_size(layout, &width, &height);
    }
    /* A title that is too long even so is cut off. */
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_height(layout, TITLE_HEIGHT * PANGO_SCALE);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
}

static void draw_title(cairo_t *cairo, const char *title)
{
    int height;
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    pango_layout_set_text(layout, title, -1);
    pango_layout_set_width(layout, TITLE_WIDTH * PANGO_SCALE);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    fit(layout);
    pango_layout_get_pixel_size(layout, NULL, &height);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_move_to(cairo, MARGIN, MARGIN + MAX(TITLE_HEIGHT - height, 0) / 2.0);
    pango_cairo_show_layout(cairo, layout);
    g_object_unref(layout);
}

static cairo_status_t write_image(void *data, const unsigned char *bytes, unsigned size)
{
    (void)data;
    while (size > 0) {
        ssize_t n = TEMP_FAILURE_RETRY(write(IMAGE_FD, bytes, size));
        if (n < 0) return CAIRO_STATUS_WRITE_ERROR;
        bytes += n;
        size -= (unsigned)n;
    }
    return CAIRO_STATUS_SUCCESS;
}

int main(void)
{
    g_autofree char *title = read_title();
    if (!title) {
        fputs("stretchvoice-cover is a private part of stretchvoice, which starts it when it is needed.\n",
              stderr);
        return 2;
    }
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIZE, SIZE);
    cairo_t *cairo = cairo_create(surface);
    draw_ground(cairo);
    draw_title(cairo, title);
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, write_image, NULL);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
#ifdef MEASURE_COVERAGE
    if (status == CAIRO_STATUS_SUCCESS) return EXIT_SUCCESS; /* and writes what it counted */
#endif
    if (status == CAIRO_STATUS_SUCCESS) _exit(EXIT_SUCCESS); /* what the libraries keep is not freed */
    fprintf(stderr, "%s\n",
            status == CAIRO_STATUS_WRITE_ERROR ? g_strerror(errno) : cairo_status_to_string(status));
    return EXIT_FAILURE;
}
