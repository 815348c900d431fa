/* render --feed: a podcast as a directory of files, to be copied to a phone or to any web space. Addresses in
 * it are relative, for where it will be is not known. */
#include "render.h"
#include "catalog.h"
#include "load.h"
#include "print.h"
#include "base/name.h"
#include "file/paths.h"
#include "file/runner.h"
#include "report/json.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char COVER[] = "cover.png", FEED[] = "feed.xml", SOUND[] = ".mp3", CHAPTERS[] = ".chapters.json";

struct episode {
    char *name; /* of its files, without their extensions */
    char *title, *about, *author;
    double seconds;
    int64_t bytes;
};

struct feed {
    const struct options *options;
    const struct encoding *encoding;
    const char *directory;
    struct batch batch;
    GArray *episodes;
    char *title, *language; /* NULL before the first episode */
    bool has_cover;
};

static void clear_episode(gpointer data)
{
    const struct episode *episode = data;
    g_free(episode->name);
    g_free(episode->title);
    g_free(episode->about);
    g_free(episode->author);
}

static char *path_in(const struct feed *feed, const char *name, const char *extension)
{
    g_autofree char *file = g_strconcat(name, extension, NULL);
    return g_build_filename(feed->directory, file, NULL);
}

/* ---- episodes ---- */

/* In the format of Podcasting 2.0. */
static char *chapters_json(const struct rendered *rendered)
{
    const GArray *list = rendered->chapters.list;
    GString *text = g_string_new("{\"version\":\"1.2.0\",\"chapters\":[");
    for (guint i = 0; i < list->len; i++) {
        const struct chapter *chapter = &g_array_index(list, struct chapter, i);
        g_autoptr(GString) object = g_string_new(NULL);
        json_decimal(object, "startTime", (double)chapters_ms(chapter->frame, rendered->rate) / 1000);
        json_text(object, "title", chapter->title);
        json_end(object);
        g_string_append_printf(text, "%s\n%s", i > 0 ? "," : "", object->str);
    }
    g_string_append(text, "]}\n");
    return g_string_free(text, FALSE);
}

/* A podcast of one routine has its title, one of several the album of the first. */
static void keep_episode(struct feed *feed, const char *name, const struct rendered *rendered, int64_t bytes,
                         bool alone)
{
    const struct labels *labels = &rendered->labels;
    const struct episode episode = {
        .name = g_strdup(name),
        .title = g_strdup(labels->title),
        .about = g_strdup(labels->comment ? labels->comment : labels->title),
        .author = g_strdup(labels->artist),
        .seconds = (double)rendered->frames / rendered->rate,
        .bytes = bytes,
    };
    g_array_append_val(feed->episodes, episode);
    if (!feed->title) feed->title = g_strdup(alone ? labels->title : labels->album);
    if (!feed->language) feed->language = g_strdup(labels->language);
}

static int add_episode(struct feed *feed, const char *routine, int number, int of)
{
    g_autofree char *name = name_of(routine), *path = path_in(feed, name, SOUND),
                    *json_path = path_in(feed, name, CHAPTERS);
    const struct render render = {.names = {&routine, 1},
                                  .path = path,
                                  .captions = feed->options->captions,
                                  .track = number,
                                  .tracks = of};
    const guint first = feed->batch.files->len;
    struct rendered rendered;
    g_autoptr(GError) error = NULL;
    int code = render_session(feed->options, feed->encoding, &render, &feed->batch, &rendered);
    if (code == EXIT_DONE) {
        g_autofree char *json = chapters_json(&rendered);
        keep_episode(feed, name, &rendered, batch_bytes(&feed->batch, first, first + 1), of == 1);
        if (!batch_add(&feed->batch, json_path, json, &error)) code = print_error(error);
    }
    rendered_finish(&rendered);
    return code;
}

/* ---- the cover ---- */

/* Drawn by a program of its own, which the installation may lack. */
static bool draw_cover(const struct feed *feed, struct newfile *file, GError **error)
{
    g_autofree char *program = paths_helper("stretchvoice-cover");
    int title = runner_memory(feed->title);
    if (title < 0) return newfile_fail(file, error, (int)g_io_error_from_errno(errno), g_strerror(errno));
    const char *const words[] = {program, NULL};
    const struct runner runner = {words, {title, newfile_fd(file)}, 2, NULL, NULL};
    bool done = runner_run(&runner, error) && newfile_sync(file, error);
    close(title);
    return done;
}

static int add_cover(struct feed *feed)
{
    g_autofree char *path = path_in(feed, COVER, "");
    g_autoptr(GError) error = NULL;
    struct newfile *file = newfile_create(path, &error);
    if (!file) return print_error(error);
    feed->has_cover = draw_cover(feed, file, &error);
    if (feed->has_cover)
        g_ptr_array_add(feed->batch.files, file);
    else {
        newfile_discard(file);
        fprintf(stderr, "stretchvoice: there is no cover image: %s\n", error->message);
    }
    return EXIT_DONE;
}

/* ---- feed.xml ---- */

static void add(GString *xml, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* What stands for %s is escaped. */
static void add(GString *xml, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_markup_vprintf_escaped(format, arguments);
    va_end(arguments);
    g_string_append(xml, text);
}

/* The beginning of the day in UTC, so that a feed is the same twice on one day and no episode is of the
 * future, which apps hide; a minute less for each that comes later, since apps sort by this. */
static char *date_of(guint i)
{
    g_autoptr(GDateTime) moment = labels_moment();
    const gint64 day = 24 * 60 * 60, seconds = g_date_time_to_unix(moment);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds - seconds % day - (gint64)i * 60);
    return g_date_time_format(date, "%a, %d %b %Y %H:%M:%S +0000");
}

static void add_item(GString *xml, guint i, const struct episode *episode)
{
    g_autofree char *address = g_uri_escape_string(episode->name, NULL, FALSE), *date = date_of(i);
    add(xml, "  <item>\n    <title>%s</title>\n    <description>%s</description>\n", episode->title,
        episode->about);
    add(xml, "    <itunes:author>%s</itunes:author>\n", episode->author);
    add(xml, "    <guid isPermaLink=\"false\">stretchvoice:%s</guid>\n    <pubDate>%s</pubDate>\n", address,
        date);
    add(xml, "    <itunes:duration>%d</itunes:duration>\n", (int)(episode->seconds + 0.5));
    add(xml, "    <enclosure url=\"%s.mp3\" length=\"%" G_GINT64_FORMAT "\" type=\"audio/mpeg\"/>\n", address,
        episode->bytes);
    add(xml,
        "    <podcast:chapters url=\"%s.chapters.json\" type=\"application/json+chapters\"/>\n  </item>\n",
        address);
}

static char *feed_xml(const struct feed *feed)
{
    GString *xml =
        g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"\n"
                     "     xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">\n<channel>\n");
    add(xml, "  <title>%s</title>\n  <link>%s</link>\n  <description>%s</description>\n", feed->title, FEED,
        feed->title);
    add(xml, "  <language>%s</language>\n  <generator>stretchvoice</generator>\n", feed->language);
    add(xml, "  <itunes:author>%s</itunes:author>\n",
        g_array_index(feed->episodes, struct episode, 0).author);
    g_string_append(
        xml,
        "  <itunes:category text=\"Health &amp; Fitness\"/>\n  <itunes:explicit>false</itunes:explicit>\n"
        "  <itunes:type>episodic</itunes:type>\n");
    if (feed->has_cover) {
        add(xml, "  <itunes:image href=\"%s\"/>\n", COVER);
        add(xml, "  <image>\n    <url>%s</url>\n    <title>%s</title>\n    <link>%s</link>\n  </image>\n",
            COVER, feed->title, FEED);
    }
    for (guint i = 0; i < feed->episodes->len; i++)
        add_item(xml, i, &g_array_index(feed->episodes, struct episode, i));
    g_string_append(xml, "</channel>\n</rss>\n");
    return g_string_free(xml, FALSE);
}

/* ---- the names ---- */

static void add_name(void *data, const struct catalog_entry *entry)
{
    if (entry->routine)
        g_ptr_array_add(data, g_strdup(entry->path));
    else
        fprintf(stderr, "stretchvoice: %s is left out; 'stretchvoice check' says why\n", entry->name);
}

/* Those on the command line, or all that 'list' shows. NULL, and the exit code, if the settings are wrong. */
static GPtrArray *names_of(const struct options *options, int *code)
{
    struct loaded loaded;
    if (options->arguments->len > 0) return g_ptr_array_ref(options->arguments);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    load_init(&loaded, options);
    *code = load_settings(&loaded);
    if (*code == EXIT_DONE) catalog_each(loaded.settings, add_name, names);
    load_finish(&loaded);
    return names;
}

/* Two routines of one name would be one file. */
static int check_names(const GPtrArray *names)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (names->len == 0) fputs("stretchvoice: there are no routines\n", stderr);
    for (guint i = 0; i < names->len; i++) {
        char *name = name_of(names->pdata[i]);
        g_autofree char *shown = diag_shown(name, 200);
        if (g_hash_table_add(known, name)) continue;
        fprintf(stderr, "stretchvoice: two routines are called '%s', and would be one file\n", shown);
        return EXIT_USAGE;
    }
    return names->len == 0 ? EXIT_INVALID : EXIT_DONE;
}

/* ---- all of it ---- */

/* The feed comes last: what it names is there. */
static int finish(struct feed *feed)
{
    g_autoptr(GError) error = NULL;
    int code = add_cover(feed);
    if (code != EXIT_DONE) return code;
    g_autofree char *xml = feed_xml(feed), *path = path_in(feed, FEED, ""),
                    *shown = diag_shown(feed->directory, 1000);
    if (!batch_add(&feed->batch, path, xml, &error) || !batch_commit(&feed->batch, &error))
        return print_error(error);
    if (!feed->options->quiet && isatty(STDOUT_FILENO))
        printf("%s: %u episode%s\n", shown, feed->episodes->len, feed->episodes->len == 1 ? "" : "s");
    return print_end();
}

static bool check_episode(const struct feed *feed, const char *routine, GError **error)
{
    g_autofree char *name = name_of(routine), *path = path_in(feed, name, SOUND),
                    *json_path = path_in(feed, name, CHAPTERS);
    const struct render render = {.path = path, .captions = feed->options->captions};
    return render_check(&render, error) && newfile_check(json_path, error);
}

/* Before the first one is rendered. */
static bool check_files(const struct feed *feed, const GPtrArray *names, GError **error)
{
    g_autofree char *xml = path_in(feed, FEED, ""), *cover = path_in(feed, COVER, "");
    bool good = newfile_check(xml, error) && newfile_check(cover, error);
    for (guint i = 0; i < names->len && good; i++) good = check_episode(feed, names->pdata[i], error);
    return good;
}

static int write_feed(struct feed *feed, const GPtrArray *names)
{
    g_autoptr(GError) error = NULL;
    int code = check_names(names);
    if (code != EXIT_DONE) return code;
    feed->batch.directory = newdir_create(feed->directory, &error);
    if (!feed->batch.directory || !check_files(feed, names, &error)) return print_error(error);
    for (guint i = 0; i < names->len && code == EXIT_DONE; i++)
        code = add_episode(feed, names->pdata[i], (int)i + 1, (int)names->len);
    return code == EXIT_DONE ? finish(feed) : code;
}

int feed_render(const struct options *options, const struct encoding *encoding)
{
    struct feed feed = {.options = options, .encoding = encoding, .directory = options->feed};
    int code = EXIT_DONE;
    g_autoptr(GPtrArray) names = names_of(options, &code);
    batch_init(&feed.batch);
    feed.episodes = g_array_new(FALSE, FALSE, sizeof(struct episode));
    g_array_set_clear_func(feed.episodes, clear_episode);
    if (code == EXIT_DONE) code = write_feed(&feed, names);
    g_array_unref(feed.episodes);
    g_free(feed.title);
    g_free(feed.language);
    batch_finish(&feed.batch);
    return code;
}
