/* What diags_print() prints. */
#ifndef TESTS_PROBLEMS_H
#define TESTS_PROBLEMS_H

#include "base/diag.h"
#include <stdlib.h>

/* To be freed with free(). */
static inline char *problems_printed(struct diags *diags)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    diags_print(diags, out);
    fclose(out);
    return text;
}

static inline void expect_problems(struct diags *diags, const char *expected)
{
    char *text = problems_printed(diags);
    g_assert_cmpstr(text, ==, expected);
    free(text);
}

#endif
