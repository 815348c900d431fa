#include "../lib/served.h"
#include <sys/resource.h>

/* ---- commands and answers ---- */

static void commands_are_answered(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_expect(raw, GREETING);
    raw_say(raw, "echo one 'and two'\n");
    raw_expect(raw, "word: one\nword: and two\nOK\n");
    raw_say(raw, "fail\n");
    raw_expect(raw, "ERR 3 it failed\n");
    raw_say(raw, "\n");
    raw_expect(raw, "ERR 2 no command\n");
    raw_say(raw, "echo 'open\n");
    raw_expect(raw, "ERR 2 a quote or backslash is left open\n");
    raw_say(raw, "echo windows\r\n");
    raw_expect(raw, "word: windows\nOK\n");
    g_assert_cmpstr(told->commands->str, ==, " echo fail echo");
}

static void answers_keep_their_order(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "later\necho next\n");
    raw_expect(raw, GREETING);
    WAIT(told->open);
    expect_service();
    g_assert_cmpstr(raw->got->str, ==, "");
    reply_field(told->open, "late", "%d", 1);
    reply_ok(told->open);
    raw_expect(raw, "late: 1\nOK\nword: next\nOK\n");
}

/* As `echo status | socat - UNIX-CONNECT:…` does. */
static void who_has_said_all_is_answered(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "later\necho last\n");
    shutdown(raw->fd, SHUT_WR);
    WAIT(told->open);
    reply_ok(told->open);
    raw_expect(raw, GREETING "OK\nword: last\nOK\n");
    raw_expect_end(raw);
    WAIT(told->closed == 1);
}

/* ---- subscribers ---- */

static void lines_are_published(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) one = raw_new(false);
    AUTO(raw) two = raw_new(false);
    AUTO(raw) none = raw_new(false);
    raw_expect(none, GREETING);
    g_assert_false(server_has(told->server, 1));
    raw_say(one, "subscribe 1\n");
    raw_expect(one, GREETING "OK\n");
    raw_say(two, "subscribe 2\n");
    raw_expect(two, GREETING "OK\n");
    g_assert_true(server_has(told->server, 1));

    server_publish(told->server, 1, "status", "paused\nOK");
    server_publish(told->server, 2, "status", "playing");
    peer_send(told->peer, "hello", "two");
    raw_expect(one, "status: paused OK\n");
    raw_expect(two, "status: playing\nhello: two\n");
    g_assert_cmpstr(none->got->str, ==, "");
}

/* It may go on listening when it has nothing more to say. */
static void subscribers_may_fall_silent(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "subscribe 1\n");
    raw_expect(raw, GREETING "OK\n");
    shutdown(raw->fd, SHUT_WR);
    expect_service();
    drain();
    server_publish(told->server, 1, "status", "playing");
    raw_expect(raw, "status: playing\n");
}

static void a_session_ends_with_its_screen_and_the_other_way_round(struct told *told, gconstpointer data)
{
    (void)data;
    struct raw *screen = raw_new(false);
    raw_say(screen, "subscribe 1\n");
    raw_expect(screen, GREETING "OK\n");
    g_assert_nonnull(told->peer);
    raw_free(screen);
    WAIT(!told->peer);

    AUTO(raw) next = raw_new(false);
    raw_say(next, "subscribe 1\n");
    raw_expect(next, GREETING "OK\n");
    peer_send(told->peer, "status", "over");
    peer_end(told->peer);
    raw_expect(next, "status: over\n");
    raw_expect_end(next);
    WAIT(!told->peer);
    g_assert_cmpuint(told->closed, ==, 2);
}

/* ---- other users: B27 ---- */

static void another_user_is_refused(struct told *told, gconstpointer data)
{
    (void)data;
    if (geteuid() != 0) {
        g_test_skip("only root can be somebody else");
        return;
    }
    g_autofree char *inner = in_directory("stretchvoice");
    g_assert_true(chdir(inner) == 0 && chmod(inner, 0755) == 0 && chmod("control", 0666) == 0);
    for (int i = 0; i < 2; i++) {
        g_assert_true(seteuid(NOBODY) == 0);
        AUTO(raw) raw = raw_at("control", false); /* whatever the directories above would say */
        g_assert_true(seteuid(0) == 0);
        raw_expect_end(raw);
    }
    g_assert_true(chdir("/") == 0);
    g_assert_cmpuint(told->strangers, ==, 1);
    expect_service();
}

static void another_user_does_not_get_that_far(struct told *told, gconstpointer data)
{
    (void)told, (void)data;
    struct stat file;
    g_autofree char *inner = in_directory("stretchvoice"), *path = in_directory("stretchvoice/control");
    g_assert_true(stat(inner, &file) == 0);
    g_assert_cmpint(file.st_mode & 07777, ==, 0700);
    g_assert_true(stat(path, &file) == 0);
    g_assert_cmpint(file.st_mode & 07777, ==, 0600);
}

/* ---- no descriptors left: B30 ---- */

static void without_descriptors_it_waits_for_some(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    int lowest = dup(raw->fd);
    close(lowest);
    struct rlimit limit;
    g_assert_true(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit none = {(rlim_t)lowest, limit.rlim_max};
    g_assert_true(setrlimit(RLIMIT_NOFILE, &none) == 0);
    drain();
    g_assert_true(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    g_assert_cmpstr(raw->got->str, ==, "");
    raw_expect(raw, GREETING);
    g_assert_cmpuint(told->closed, ==, 0);
}

/* ---- its end ---- */

static void it_may_end_at_a_command(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "free\necho late\n");
    raw_expect(raw, GREETING "OK\n");
    raw_expect_end(raw);
    g_assert_null(told->server);
    g_assert_cmpstr(told->commands->str, ==, " free");
}

static void it_may_end_when_a_client_goes(struct told *told, gconstpointer data)
{
    (void)data;
    struct raw *raw = raw_new(false);
    AUTO(raw) other = raw_new(false);
    raw_expect(raw, GREETING);
    raw_expect(other, GREETING);
    told->free_on_close = true;
    raw_free(raw);
    raw_expect_end(other);
    g_assert_null(told->server);
    g_assert_cmpuint(told->closed, ==, 1);
}

static void replies_outlive_it(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "later\n");
    WAIT(told->open);
    g_clear_pointer(&told->server, server_free);
    g_assert_null(reply_peer(told->open));
    reply_error(told->open, 1, "too late");
    raw_expect(raw, GREETING);
    raw_expect_end(raw);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("commands", 0, commands_are_answered);
    add("order", 0, answers_keep_their_order);
    add("all_said", 0, who_has_said_all_is_answered);
    add("published", 0, lines_are_published);
    add("silent_subscriber", 0, subscribers_may_fall_silent);
    add("screen", 0, a_session_ends_with_its_screen_and_the_other_way_round);
    add("B27/refused", 0, another_user_is_refused);
    add("B27/modes", 0, another_user_does_not_get_that_far);
    add("B30/no_descriptors", 0, without_descriptors_it_waits_for_some);
    add("end/command", 0, it_may_end_at_a_command);
    add("end/client", 0, it_may_end_when_a_client_goes);
    add("end/reply", 0, replies_outlive_it);
    return g_test_run();
}
