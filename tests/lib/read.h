/* Routines read from a text, and the problems that are told of them. */
#ifndef TESTS_READ_H
#define TESTS_READ_H

#include "problems.h"
#include "routine/parse.h"
#include <glib/gstdio.h>

/* Reads a text as a file r.ini in a directory of its own. */
static inline struct routine *read_text(const char *text, struct diags *diags)
{
    g_autofree char *here = g_get_current_dir();
    g_autofree char *directory = g_dir_make_tmp("routine-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(directory), ==, 0);
    g_assert_true(g_file_set_contents("r.ini", text, -1, NULL));
    struct routine *routine = routine_read("r.ini", diags);
    g_unlink("r.ini");
    g_assert_cmpint(g_chdir(here), ==, 0);
    g_rmdir(directory);
    return routine;
}

static inline struct routine *read_right(const char *text)
{
    AUTO(diags) diags = diags_new();
    struct routine *routine = read_text(text, diags);
    expect_problems(diags, "");
    g_assert_nonnull(routine);
    return routine;
}

static inline void read_wrong(const char *text, const char *problems)
{
    AUTO(diags) diags = diags_new();
    g_assert_null(read_text(text, diags));
    expect_problems(diags, problems);
}

#endif
