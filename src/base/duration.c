#include "base/duration.h"
#include <string.h>

static const struct unit {
    char letter;
    int64_t ms;
} units[] = {{'h', 3600000}, {'m', 60000}, {'s', 1000}};

static const int64_t DAY_MS = 86400000;

/* What is larger is out of every range, so it need not be exact; its products stay within 64 bits. */
static const int64_t NUMBER_CAP = 1000000000;

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
    return read_time(text, ms) && *ms <= DAY_MS;
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
    const char *dash = strchr(text, '-');
    if (!dash) {
        if (!read_seconds(text, &seconds->low)) return false;
        seconds->high = seconds->low;
        return true;
    }
    const char *unit = dash + 1 + strspn(dash + 1, "0123456789.");
    bool bare = dash > text && g_ascii_isdigit(dash[-1]);
    if (bare && (!*unit || unit[1])) return false; /* "1-1m30s": one of what? */
    g_autofree char *low = g_strndup(text, (gsize)(dash - text) + 1);
    low[dash - text] = bare ? *unit : '\0';
    return read_seconds(low, &seconds->low) && read_seconds(dash + 1, &seconds->high);
}

bool count_parse_range(const char *text, struct range *count)
{
    int64_t low, high;
    const char *end = read_digits(text, &low);
    if (end == text) return false;
    high = low;
    if (*end == '-') {
        text = end + 1;
        end = read_digits(text, &high);
        if (end == text) return false;
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

char *duration_clock(int64_t ms)
{
    int64_t seconds = (ms + 999) / 1000;
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
                           (int)(seconds % 60));
}

int64_t duration_frames(int64_t ms, int rate, int percent)
{
    int64_t divisor = 1000 * (int64_t)percent;
    return (ms * rate * 100 * 2 + divisor) / (2 * divisor);
}
