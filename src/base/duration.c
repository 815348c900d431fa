#include "base/duration.h"
#include "base/letter.h"
#include <string.h>

static const struct unit {
    char letter;
    int64_t ms;
} units[] = {{'h', 3600000}, {'m', 60000}, {'s', 1000}};

static const int64_t DAY_MS = 86400000;

/* What is larger is out of every range, so it need not be exact; its products stay within 64 bits. */
static const int64_t NUMBER_CAP = 1000000000;

/* ---- the first form of what people write ---- */

static const struct word {
    const char *written, *plain;
} words[] = {
    {"h", "h"},          {"hour", "h"},          {"hours", "h"},          {"m", "m"},
    {"min", "m"},        {"mins", "m"},          {"minute", "m"},         {"minutes", "m"},
    {"s", "s"},          {"sec", "s"},           {"secs", "s"},           {"second", "s"},
    {"seconds", "s"},    {"breath", " breaths"}, {"breaths", " breaths"}, {"time", " times"},
    {"times", " times"},
};

/* A blank says nothing beside a dash, nor between a number and a word; "2 0s" may be anything. */
static bool blank_counts(char before, char next)
{
    if (before == '-' || next == '-' || next == ' ') return false;
    bool number_word = g_ascii_isdigit(before) && (g_ascii_isalpha(next) || next == '%'),
         word_number = g_ascii_isalpha(before) && g_ascii_isdigit(next);
    return !number_word && !word_number;
}

static void put(GString *out, bool blank, const char *piece, gsize length)
{
    if (blank && out->len && blank_counts(out->str[out->len - 1], *piece)) g_string_append_c(out, ' ');
    g_string_append_len(out, piece, (gssize)length);
}

/* "1:30" as "1m30s", "1:00:00" as "1h0m0s". NULL if it is not that. */
static char *clock_plain(const char *text, gsize length)
{
    static const char letters[] = "hms";
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) parts = g_strsplit(copy, ":", -1);
    guint n = g_strv_length(parts);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < n && n >= 2 && n <= 3; i++) {
        bool two = strlen(parts[i]) == 2 && *parts[i] < '6';
        if (!*parts[i] || strchr(parts[i], '.') || (i > 0 && !two)) return NULL;
        g_string_append(out, parts[i]);
        g_string_append_c(out, letters[3 - n + i]);
    }
    return out->len ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* The known word at the head of `text`, with its length; NULL if there is none. A single letter has no
 * capital; what is short for a word may have a full stop. */
static const char *find_word(const char *text, gsize *length)
{
    for (*length = 0; g_ascii_isalpha(text[*length]);) ++*length;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const char *written = words[i].written;
        bool same = *length == 1 ? *text == *written : g_ascii_strncasecmp(text, written, *length) == 0;
        if (!same || strlen(written) != *length) continue;
        *length += *length > 2 && text[*length] == '.' && !g_ascii_isdigit(text[*length + 1]);
        return words[i].plain;
    }
    return NULL;
}

/* These put the number, or word, at the head of `text`, and return what follows it. */
static const char *put_number(GString *out, bool blank, const char *text)
{
    gsize length = strspn(text, "0123456789.:"), unit = 0;
    g_autofree char *clock = memchr(text, ':', length) ? clock_plain(text, length) : NULL;
    put(out, blank, clock ? clock : text, clock ? strlen(clock) : length);
    text += length;
    const char *word = text;
    while (g_unichar_isspace(g_utf8_get_char(word))) word = g_utf8_next_char(word);
    bool minutes = clock && g_strcmp0(find_word(word, &unit), "m") == 0; /* "1:30 min" */
    return minutes ? word + unit : text;
}

static const char *put_word(GString *out, bool blank, const char *text)
{
    gsize length;
    const char *plain = find_word(text, &length);
    put(out, blank, plain ? plain : text, plain ? strlen(plain) : length);
    return text + length;
}

char *duration_plain(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) return g_strdup(text);
    GString *out = g_string_new(NULL);
    bool blank = false;
    while (*text) {
        gunichar c = g_utf8_get_char(text);
        const char *next = g_utf8_next_char(text);
        bool space = g_unichar_isspace(c);
        if (letter_is_dash(c))
            put(out, blank, "-", 1);
        else if (g_ascii_isdigit(*text))
            next = put_number(out, blank, text);
        else if (g_ascii_isalpha(*text))
            next = put_word(out, blank, text);
        else if (!space && !letter_invisible(c))
            put(out, blank, text, (gsize)(next - text));
        blank = space || (blank && letter_invisible(c));
        text = next;
    }
    return g_string_free(out, FALSE);
}

/* ---- reading ---- */

static const char *read_digits(const char *text, int64_t *number)
{
    for (*number = 0; g_ascii_isdigit(*text); text++) *number = MIN(*number * 10 + (*text - '0'), NUMBER_CAP);
    return text;
}

/* "20s" at the head of "20s", "1m" at that of "1m30s": adds it and returns what follows. NULL if it is not
 * well formed. A fraction may stand in the last part only, and must be whole milliseconds. */
static const char *read_part(const char *text, const struct unit *unit, int64_t *ms)
{
    int64_t whole, step = unit->ms;
    const char *end = read_digits(text, &whole);
    if (end == text) return NULL;
    *ms += whole * unit->ms;
    if (*end == '.') {
        const char *digits = end + 1;
        for (end = digits; g_ascii_isdigit(*end); end++) {
            if (*end != '0' && (step == 0 || step % 10)) return NULL;
            step /= 10;
            *ms += (*end - '0') * step;
        }
        if (end == digits || !*end || end[1]) return NULL;
    }
    return *end == unit->letter ? end + 1 : NULL;
}

/* Any time, however long. */
static bool read_time(const char *text, int64_t *ms)
{
    *ms = 0;
    if (!*text) return false;
    for (gsize i = 0; text && *text && i < G_N_ELEMENTS(units); i++)
        if (text[strspn(text, "0123456789.")] == units[i].letter) text = read_part(text, &units[i], ms);
    return text && !*text;
}

bool duration_parse(const char *text, int64_t *ms)
{
    g_autofree char *plain = duration_plain(text);
    return read_time(plain, ms) && *ms <= DAY_MS;
}

static bool read_seconds(const char *text, int *seconds)
{
    int64_t ms;
    if (!read_time(text, &ms) || ms % 1000) return false;
    *seconds = (int)MIN(ms / 1000, G_MAXINT);
    return true;
}

bool duration_parse_range(const char *text, struct range *seconds)
{
    g_autofree char *plain = duration_plain(text);
    char *dash = strchr(plain, '-');
    if (!dash) {
        if (!read_seconds(plain, &seconds->low)) return false;
        seconds->high = seconds->low;
        return true;
    }
    const char *high = dash + 1, *unit = high + strspn(high, "0123456789.");
    bool bare = dash > plain && g_ascii_isdigit(dash[-1]);
    if (bare && (!*unit || unit[1])) return false; /* "1-1m30s": one of what? */
    g_autofree char *low = g_strdup_printf("%.*s%s", (int)(dash - plain), plain, bare ? unit : "");
    return read_seconds(low, &seconds->low) && read_seconds(high, &seconds->high);
}

int duration_parse_phases(const char *text, int *ms, int most)
{
    g_autofree char *plain = duration_plain(text);
    g_auto(GStrv) parts = g_strsplit(plain, "-", most + 1);
    int n = (int)g_strv_length(parts);
    for (int i = 0; i < n && i < most; i++) {
        bool bare = n > 1 && *parts[i] && g_ascii_isdigit(parts[i][strlen(parts[i]) - 1]);
        g_autofree char *part = g_strconcat(parts[i], bare ? "s" : NULL, NULL);
        int64_t whole;
        if (!duration_parse(part, &whole)) return 0;
        ms[i] = (int)whole;
    }
    return n <= most ? n : 0;
}

bool count_parse_range(const char *text, struct range *count)
{
    g_autofree char *plain = duration_plain(text);
    int64_t low, high;
    const char *end = read_digits(plain, &low);
    if (end == plain) return false;
    high = low;
    if (*end == '-') {
        const char *digits = end + 1;
        end = read_digits(digits, &high);
        if (end == digits) return false;
    }
    *count = (struct range){(int)low, (int)high};
    return !*end;
}

bool number_parse(const char *text, int *number)
{
    bool negative = *text == '-';
    const char *digits = text + negative;
    char *end;
    if (!g_ascii_isdigit(*digits)) return false;
    gint64 value = g_ascii_strtoll(text, &end, 10);
    *number = (int)value;
    return !*end && value >= G_MININT && value <= G_MAXINT;
}

int range_at(struct range range, int level)
{
    return range.low + (int)((((int64_t)range.high - range.low) * level + 50) / 100);
}

/* People say "90 seconds", not "a minute and thirty seconds". */
enum { SHORT_MS = 120 * 1000 };

char *duration_text(int64_t ms)
{
    bool in_seconds = ms < SHORT_MS;
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        bool seconds = units[i].ms == 1000;
        if (!seconds && in_seconds) continue;
        int64_t whole = ms / units[i].ms;
        ms %= units[i].ms;
        if (!whole && !(seconds && (ms || !text->len))) continue;
        g_string_append_printf(text, "%" G_GINT64_FORMAT, whole);
        if (seconds && ms) {
            g_string_append_printf(text, ".%03d", (int)ms);
            while (text->str[text->len - 1] == '0') g_string_truncate(text, text->len - 1);
        }
        g_string_append_c(text, units[i].letter);
    }
    return g_string_free(text, FALSE);
}

int64_t duration_frames(int64_t ms, int rate, int percent)
{
    int64_t divisor = 1000 * (int64_t)percent;
    return (ms * rate * 100 * 2 + divisor) / (2 * divisor);
}
