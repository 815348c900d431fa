#include "pattern.h"

static void check(const GError *error)
{
    if (error) g_error("no memory for a pattern: %s", error->message);
}

GRegex *pattern_new(const char *pattern, GRegexCompileFlags flags)
{
    GError *error = NULL;
    GRegex *regex = g_regex_new(pattern, flags, 0, &error);
    check(error);
    return regex;
}

bool pattern_match(const GRegex *pattern, const char *text, GMatchInfo **match)
{
    GError *error = NULL;
    bool found = g_regex_match_full(pattern, text, -1, 0, 0, match, &error);
    check(error);
    return found;
}

bool pattern_next(GMatchInfo *match)
{
    GError *error = NULL;
    bool found = g_match_info_next(match, &error);
    check(error);
    return found;
}

char *pattern_replace(const GRegex *pattern, const char *text, const char *with)
{
    GError *error = NULL;
    char *replaced = g_regex_replace_literal(pattern, text, -1, 0, with, 0, &error);
    check(error);
    return replaced;
}
