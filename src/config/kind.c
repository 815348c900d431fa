#include "base/duration.h"
#include "setting.h"
#include "config/settings.h"
#include <string.h>

/* ---- numbers ---- */

static bool read_whole(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    int whole;
    if (!number_parse(text, &whole)) return false;
    *number = whole;
    return true;
}

static char *print_whole(const struct setting *setting, double number)
{
    (void)setting;
    return g_strdup_printf("%d", (int)number);
}

static bool read_percent(const struct setting *setting, const char *text, double *number)
{
    g_autofree char *digits = g_strdup(text);
    if (g_str_has_suffix(digits, "%")) digits[strlen(digits) - 1] = '\0';
    return read_whole(setting, digits, number);
}

static char *print_percent(const struct setting *setting, double number)
{
    (void)setting;
    return g_strdup_printf("%d%%", (int)number);
}

/* At most three decimals, so that it prints as it was written. */
static bool read_decimal(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    const char *whole = text + (*text == '-');
    const char *point = whole + strspn(whole, "0123456789");
    gsize decimals = *point == '.' ? strspn(point + 1, "0123456789") : 0;
    bool right =
        point > whole && point - whole < 10 && decimals <= 3 && (decimals ? !point[1 + decimals] : !*point);
    if (right) *number = g_ascii_strtod(text, NULL);
    return right;
}

static char *print_decimal(const struct setting *setting, double number)
{
    (void)setting;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, "%g", number));
}

const struct kind KIND_WHOLE = {read_whole, print_whole, "a whole number", NULL, STORE_INT};
const struct kind KIND_PERCENT = {read_percent, print_percent, "a percentage", NULL, STORE_INT};
const struct kind KIND_DECIMAL = {read_decimal, print_decimal, "a number", NULL, STORE_DOUBLE};

static const struct choice EMPTY = {"", SETTING_EMPTY};
const struct kind KIND_WHOLE_OR_EMPTY = {read_whole, print_whole, "empty or a whole number", &EMPTY,
                                         STORE_INT};

/* ---- times ---- */

static bool read_time(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    int64_t ms;
    if (!duration_parse(text, &ms)) return false;
    *number = (double)ms;
    return true;
}

static char *print_time(const struct setting *setting, double number)
{
    (void)setting;
    return duration_text((int64_t)number);
}

static bool read_seconds(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    int64_t ms;
    if (!duration_parse(text, &ms) || ms % 1000) return false;
    *number = (double)(ms / 1000);
    return true;
}

static char *print_seconds(const struct setting *setting, double number)
{
    (void)setting;
    return duration_text((int64_t)number * 1000);
}

const struct kind KIND_TIME = {read_time, print_time, "a time", NULL, STORE_INT};
const struct kind KIND_SECONDS = {read_seconds, print_seconds, "whole seconds", NULL, STORE_INT};

static const struct choice OFF = {"off", 0};
const struct kind KIND_SECONDS_OR_OFF = {read_seconds, print_seconds, "whole seconds", &OFF, STORE_INT};

/* ---- words ---- */

static bool read_choice(const struct setting *setting, const char *text, double *number)
{
    for (const struct choice *choice = setting->choices; choice->name; choice++)
        if (strcmp(choice->name, text) == 0) {
            *number = choice->value;
            return true;
        }
    return false;
}

static char *print_choice(const struct setting *setting, double number)
{
    const struct choice *choice = setting->choices;
    while (choice->name && choice->value != (int)number) choice++;
    return g_strdup(choice->name);
}

const struct kind KIND_CHOICE = {read_choice, print_choice, NULL, NULL, STORE_INT};
const struct kind KIND_YES_NO = {read_choice, print_choice, NULL, NULL, STORE_BOOL};

/* ---- strings ---- */

const struct kind KIND_WORD = {read_choice, NULL, NULL, NULL, STORE_STRING};

static bool read_text(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    (void)number;
    if (!g_utf8_validate(text, -1, NULL)) return false;
    for (; *text; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)) && *text != '\t') return false;
    return true;
}

/* Fit for the engine's names, which become names of files. */
static bool read_name(const struct setting *setting, const char *text, double *number)
{
    (void)setting;
    (void)number;
    for (; *text; text++)
        if (!g_ascii_isalnum(*text) && !strchr("-_ ", *text)) return false;
    return true;
}

const struct kind KIND_TEXT = {read_text, NULL, "UTF-8 without control characters", NULL, STORE_STRING};
const struct kind KIND_PROFILE = {read_text, NULL, "UTF-8 without control characters", NULL, STORE_STRING};
const struct kind KIND_NAME = {read_name, NULL, "a name of letters, digits, '-', '_' and blanks", NULL,
                               STORE_STRING};
