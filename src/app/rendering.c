#include "rendering.h"
#include "base/diag.h"
#include "report/chapters.h"
#include <stdio.h>
#include <string.h>

enum { LEAST_KBPS = 32, MOST_KBPS = 320, MOST_QUALITY = 10, SHOWN = 60 };

/* ---- options ---- */

static int wrong(const char *option, const char *value, const char *right)
{
    g_autofree char *shown = diag_shown(value, SHOWN);
    fprintf(stderr, "stretchvoice: --%s must be %s, not '%s'\n", option, right, shown);
    return EXIT_USAGE;
}

/* The whole text is a number in the range. */
static bool read_number(const char *text, double low, double high, double *number)
{
    char *end;
    *number = g_ascii_strtod(text, &end);
    return end > text && *end == '\0' && *number >= low && *number <= high;
}

/* "96k", or "96". */
static bool read_kbps(const char *text, int *kbps)
{
    double number;
    g_autofree char *digits =
        g_str_has_suffix(text, "k") ? g_strndup(text, strlen(text) - 1) : g_strdup(text);
    if (!read_number(digits, LEAST_KBPS, MOST_KBPS, &number) || number != (int)number) return false;
    *kbps = (int)number;
    return true;
}

int encoding_read(struct encoding *encoding, const struct options *options)
{
    *encoding = (struct encoding){.mono = options->mono, .has_quality = options->quality};
    const char *chapters = options->chapters ? options->chapters : "steps";
    encoding->moves = strcmp(chapters, "moves") == 0;
    if (!encoding->moves && strcmp(chapters, "steps") != 0)
        return wrong("chapters", chapters, "steps or moves");
    if (options->quality && !read_number(options->quality, 0, MOST_QUALITY, &encoding->quality))
        return wrong("quality", options->quality, "a number from 0 to 10");
    if (options->bitrate && !read_kbps(options->bitrate, &encoding->kbps))
        return wrong("bitrate", options->bitrate, "from 32k to 320k");
    return EXIT_DONE;
}

struct soundfile_options encoding_options(const struct encoding *encoding, int rate, const struct tags *tags)
{
    return (struct soundfile_options){
        .rate = rate,
        .frames = -1,
        .mono = encoding->mono,
        .quality = encoding->has_quality ? &encoding->quality : NULL,
        .kbps = encoding->kbps,
        .tags = tags,
    };
}

/* ---- tags ---- */

GDateTime *labels_moment(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    gint64 seconds;
    bool given = epoch && g_ascii_string_to_signed(epoch, 10, 0, G_MAXINT32, &seconds, NULL);
    return given ? g_date_time_new_from_unix_utc(seconds) : g_date_time_new_now_local();
}

static char *line_of(const char *text, const char *otherwise)
{
    return text || otherwise ? chapters_text(text ? text : otherwise, ROUTINE_TEXT) : NULL;
}

void labels_init(struct labels *labels, const struct routine *routine)
{
    g_autoptr(GDateTime) moment = labels_moment();
    *labels = (struct labels){
        .title = line_of(routine->title, NULL),
        .artist = line_of(routine->author, "stretchvoice"),
        .album = line_of(routine->album, "Stretching"),
        .comment = line_of(routine->about, NULL),
        .date = g_date_time_format(moment, "%Y-%m-%d"),
        .language = g_strdup(routine->language),
    };
}

void labels_finish(struct labels *labels)
{
    g_free(labels->title);
    g_free(labels->artist);
    g_free(labels->album);
    g_free(labels->comment);
    g_free(labels->date);
    g_free(labels->language);
}

struct tags labels_tags(const struct labels *labels)
{
    return (struct tags){
        .title = labels->title,
        .artist = labels->artist,
        .album = labels->album,
        .genre = "Exercise",
        .comment = labels->comment,
        .date = labels->date,
        .language = labels->language,
    };
}
