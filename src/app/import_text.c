/* Plain lists and CSV files. */
#include "import.h"
#include "pattern.h"
#include "base/duration.h"
#include <string.h>

enum { MOST_COLUMNS = 50, MOST_LINE = 500 /* bytes of a line that are read */ };

/* ---- a line as people write it ---- */

static const char BOTH_SIDES[] = "right, left";

struct amounts {
    gint64 seconds, least, times, sets, rest; /* as in struct outline_step */
    bool sides;
};

static gint64 number_of(char **groups, int i)
{
    return g_ascii_strtoll(groups[i], NULL, 10);
}

/* Cuts the first match of a pattern out of the line. The result has its groups, to be freed; NULL: none. */
static char **cut(GString *line, const char *pattern)
{
    g_autoptr(GRegex) regex = pattern_new(pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE);
    g_autoptr(GMatchInfo) match = NULL;
    int begin, end;
    if (!pattern_match(regex, line->str, &match) || !g_match_info_fetch_pos(match, 0, &begin, &end))
        return NULL;
    char **groups = g_match_info_fetch_all(match);
    g_string_erase(line, begin, end - begin);
    g_string_insert_c(line, begin, ' ');
    return groups;
}

#define WORD "(?<![\\w.])"
#define END "(?!\\w)"

static gint64 unit_seconds(const char *unit)
{
    return g_ascii_tolower(*unit) == 'm' ? 60 : g_ascii_tolower(*unit) == 'h' ? 3600 : 1;
}

#define UNIT "(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)"

/* ", rest 10 s" behind the rest of the line, or "10 s rest". */
static void take_rest(GString *line, struct amounts *amounts)
{
    static const char *const patterns[] = {
        "(?<=\\S)[ ,;(]+(?:rest|break|pause)(?: of)? *(\\d{1,9}) *" UNIT "\\)?" END,
        "(?<=\\S)[ ,;(]+(\\d{1,9}) *" UNIT " *(?:of )?(?:rest|break|pause)\\)?" END,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(patterns); i++) {
        g_auto(GStrv) groups = cut(line, patterns[i]);
        if (groups) amounts->rest = number_of(groups, 1) * unit_seconds(groups[2]);
    }
}

/* "20-30s" */
static bool take_range(GString *line, struct amounts *amounts)
{
    g_auto(GStrv) groups = cut(line, WORD "(\\d{1,9}) *(?:-|–|to) *(\\d{1,9}) *" UNIT END);
    if (!groups) return false;
    amounts->least = number_of(groups, 1) * unit_seconds(groups[3]);
    amounts->seconds = number_of(groups, 2) * unit_seconds(groups[3]);
    return true;
}

/* "3 x 12", "3 x 30s", "3 sets of 12". */
static bool take_sets(GString *line, struct amounts *amounts)
{
    g_auto(GStrv) groups = cut(line, WORD "(\\d{1,9}) *(?:x|×|\\*|sets? of) *(\\d{1,9}) *"
                                          "(s|sec|secs|seconds?|min|mins|minutes?|)" END);
    if (!groups) return false;
    const gint64 amount = number_of(groups, 2);
    amounts->sets = number_of(groups, 1);
    if (*groups[3])
        amounts->seconds = amount * unit_seconds(groups[3]);
    else
        amounts->times = amount;
    return true;
}

static bool take_clock(GString *line, struct amounts *amounts)
{
    g_auto(GStrv) groups = cut(line, WORD "(\\d{1,3}):(\\d\\d)" END);
    if (groups) amounts->seconds = 60 * number_of(groups, 1) + number_of(groups, 2);
    return groups != NULL;
}

/* "1 min 30 s": each is added. */
static void take_time(GString *line, struct amounts *amounts)
{
    for (int i = 0; i < 3; i++) {
        g_auto(GStrv) groups = cut(line, WORD "(\\d{1,9}) *" UNIT END);
        if (groups) amounts->seconds += number_of(groups, 1) * unit_seconds(groups[2]);
    }
}

/* "x12", "12x", "12 reps". */
static void take_times(GString *line, struct amounts *amounts)
{
    g_auto(GStrv) before = cut(line, WORD "[x×] *(\\d{1,9})" END);
    g_auto(GStrv) behind = before ? NULL : cut(line, WORD "(\\d{1,9}) *(?:x|×|times|reps?|repetitions?)" END);
    if (before || behind) amounts->times = number_of(before ? before : behind, 1);
}

static void take_sides(GString *line, struct amounts *amounts)
{
    g_auto(GStrv) groups =
        cut(line, WORD "\\(?(?:left */ *right|right */ *left|l */ *r|r */ *l|left (?:and|&) right|"
                       "right (?:and|&) left|(?:each|both|per) sides?)\\)?" END);
    amounts->sides = groups != NULL;
}

/* Bullets and numbers of lists, and what the amounts leave behind. */
static char *tidy(const char *line)
{
    g_autoptr(GRegex) bullet = pattern_new("^[\\s]*(?:[-*•+]\\s+|\\d{1,4}[.)]\\s+|\\[[ xX]?\\]\\s+)*", 0);
    g_autoptr(GRegex) rest = pattern_new("[\\s,:;–—@(-]+$|\\(\\s*\\)|^[\\s,:;)-]+", 0);
    g_autofree char *plain = pattern_replace(bullet, line, "");
    return g_strstrip(pattern_replace(rest, plain, ""));
}

/* "8 x Sprint 20 s" is eight times twenty seconds, as "Sprint 8 x 20 s" is. */
static void take_all(GString *words, struct amounts *amounts)
{
    take_sides(words, amounts);
    take_rest(words, amounts);
    if (take_sets(words, amounts) || take_clock(words, amounts)) return;
    if (!take_range(words, amounts)) take_time(words, amounts);
    take_times(words, amounts);
    if (amounts->seconds == 0) return;
    amounts->sets = amounts->times;
    amounts->times = 0;
}

struct outline_step *import_line(struct outline *outline, const char *line)
{
    g_autofree char *begin = g_strndup(line, MOST_LINE), *valid = g_utf8_make_valid(begin, -1);
    g_autofree char *plain = tidy(valid);
    g_autoptr(GString) words = g_string_new(plain);
    struct amounts amounts = {0};
    take_all(words, &amounts);
    g_autofree char *title = tidy(words->str);
    if (!*title && !amounts.seconds && !amounts.times) return NULL;
    struct outline_step *step = outline_add(outline, NULL, *title ? title : plain, amounts.seconds);
    if (!step && !amounts.seconds) outline_note(outline, "'%s', which has no time", plain);
    if (!step) return NULL;
    step->least = amounts.least;
    step->times = amounts.times;
    step->sets = amounts.sets;
    *(step->sets > 1 ? &step->rest_s : &step->after_s) = amounts.rest;
    step->sides = amounts.sides ? BOTH_SIDES : NULL;
    return step;
}

/* "# Title" is the title. */
bool import_list(struct outline *outline, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *words = g_strstrip(*line);
        if (*words == '#' && !outline->title)
            outline->title = g_strdup(g_strstrip((char *)words + strspn(words, "#")));
        else if (*words && *words != '#')
            import_line(outline, words);
    }
    return outline->steps->len > 0;
}

/* ---- CSV ---- */

/* The next field. *at is then behind its delimiter, and *more true, or at the end of the line. */
static char *next_field(const char **at, char delimiter, bool *more)
{
    GString *field = g_string_new(NULL);
    const char *c = *at;
    const bool quoted = *c == '"';
    if (quoted) c++;
    for (; *c; c++) {
        if (quoted && *c == '"' && c[1] != '"') break;
        if (!quoted && (*c == delimiter || *c == '\n' || *c == '\r')) break;
        if (quoted && *c == '"') c++;
        g_string_append_c(field, *c);
    }
    if (quoted) {
        if (*c == '"') c++;
        while (*c && *c != delimiter && *c != '\n') c++;
    }
    *more = *c == delimiter;
    *at = c + *more;
    return g_string_free(field, FALSE);
}

/* The fields of a line, at most MOST_COLUMNS; *at is then at the next line. */
static GPtrArray *next_record(const char **at, char delimiter)
{
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    bool more = true;
    while (more) {
        char *field = next_field(at, delimiter, &more);
        if (fields->len < MOST_COLUMNS)
            g_ptr_array_add(fields, g_strstrip(field));
        else
            g_free(field);
    }
    *at += strcspn(*at, "\n");
    if (**at) (*at)++;
    return fields;
}

enum column { COLUMN_TITLE, COLUMN_TIME, COLUMN_TIMES, COLUMN_SETS, COLUMN_SIDES, COLUMN_REST, N_COLUMNS };

static const char *const COLUMN_WORDS[N_COLUMNS][9] = {
    {"name", "title", "exercise", "step", "activity", "pose"},
    {"seconds", "duration", "time", "hold", "secs", "sec", "work", "length"},
    {"reps", "times", "repetitions", "count"},
    {"sets", "rounds"},
    {"sides", "side", "both sides"},
    {"rest", "break", "pause", "rest seconds"},
};

static int column_of(const char *word)
{
    g_autofree char *folded = g_ascii_strdown(word, -1);
    for (int i = 0; i < N_COLUMNS; i++)
        if (g_strv_contains(COLUMN_WORDS[i], folded)) return i;
    return -1;
}

/* Which field each column is; true if the record has a title, and so is a header. */
static bool read_header(const GPtrArray *record, int columns[N_COLUMNS], struct outline *outline)
{
    for (int i = 0; i < N_COLUMNS; i++) columns[i] = -1;
    for (guint i = 0; i < record->len; i++) {
        const int column = column_of(record->pdata[i]);
        if (column >= 0 && columns[column] < 0) columns[column] = (int)i;
    }
    for (guint i = 0; columns[COLUMN_TITLE] >= 0 && i < record->len; i++)
        if (*(char *)record->pdata[i] && column_of(record->pdata[i]) < 0)
            outline_note(outline, "the column '%s'", (char *)record->pdata[i]);
    return columns[COLUMN_TITLE] >= 0;
}

static const char *field_of(const GPtrArray *record, const int columns[N_COLUMNS], enum column column)
{
    const int i = columns[column];
    return i >= 0 && (guint)i < record->len ? record->pdata[i] : "";
}

/* "30", "30 s", "1:30", "1 min". */
static gint64 seconds_of(const char *text)
{
    struct amounts amounts = {0};
    g_autofree char *begin = g_strndup(text, MOST_LINE), *valid = g_utf8_make_valid(begin, -1);
    g_autoptr(GString) words = g_string_new(valid);
    if (*text && !text[strspn(text, G_CSET_DIGITS)]) return g_ascii_strtoll(text, NULL, 10);
    if (!take_clock(words, &amounts)) take_time(words, &amounts);
    return amounts.seconds;
}

static bool is_empty(const GPtrArray *record)
{
    for (guint i = 0; i < record->len; i++)
        if (*(const char *)record->pdata[i]) return false;
    return true;
}

static void add_record(struct outline *outline, const GPtrArray *record, const int columns[N_COLUMNS],
                       int row)
{
    const char *title = field_of(record, columns, COLUMN_TITLE),
               *sides = field_of(record, columns, COLUMN_SIDES);
    if (!*title) {
        if (!is_empty(record)) outline_note(outline, "row %d, which has no name", row);
        return;
    }
    struct outline_step *step =
        outline_add(outline, NULL, title, seconds_of(field_of(record, columns, COLUMN_TIME)));
    if (!step) return;
    const gint64 rest = seconds_of(field_of(record, columns, COLUMN_REST));
    step->times = step->seconds > 0 ? 0 : g_ascii_strtoll(field_of(record, columns, COLUMN_TIMES), NULL, 10);
    step->sets = g_ascii_strtoll(field_of(record, columns, COLUMN_SETS), NULL, 10);
    const bool sided =
        *sides && !g_strv_contains((const char *const[]){"0", "no", "1", "false", "none", NULL}, sides);
    step->sides = sided ? BOTH_SIDES : NULL;
    *(step->sets > 1 ? &step->rest_s : &step->after_s) = rest;
}

/* Without a header, a record is a line of a list. */
bool import_csv(struct outline *outline, const char *text)
{
    const gsize line = strcspn(text, "\n");
    const char delimiter = memchr(text, '\t', line) ? '\t' : memchr(text, ';', line) ? ';' : ',';
    int columns[N_COLUMNS];
    const char *at = text;
    g_autoptr(GPtrArray) header = next_record(&at, delimiter);
    const bool headed = read_header(header, columns, outline);
    if (!headed) at = text;
    for (int row = 2; *at; row++) {
        g_autoptr(GPtrArray) record = next_record(&at, delimiter);
        if (headed) {
            add_record(outline, record, columns, row);
        } else {
            g_ptr_array_add(record, NULL);
            g_autofree char *joined = g_strjoinv(" ", (char **)record->pdata);
            import_line(outline, joined);
        }
    }
    return outline->steps->len > 0;
}
