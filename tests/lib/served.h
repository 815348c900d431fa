/* A server with a new `told` for each test, and what tests of it share. */
#ifndef TESTS_SERVED_H
#define TESTS_SERVED_H

#include "control.h"

#define GREETING "OK stretchvoice 1\n"

/* Whatever a client does, another one is answered. */
static inline void expect_service(void)
{
    AUTO(raw) other = raw_new(false);
    raw_say(other, "echo here\n");
    raw_expect(other, GREETING "word: here\nOK\n");
}

static inline void set_up(struct told *told, gconstpointer data)
{
    told_init(told, GPOINTER_TO_INT(data), 0);
}

static inline void tear_down(struct told *told, gconstpointer data)
{
    (void)data;
    told_finish(told);
}

typedef void test(struct told *told, gconstpointer data);

static inline void add(const char *name, int line_ms, test *run)
{
    g_autofree char *path = g_strconcat("/control_server/", name, NULL);
    g_test_add(path, struct told, GINT_TO_POINTER(line_ms), set_up, run, tear_down);
}

#endif
