#include "../lib/control.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define GREETING "OK stretchvoice 1\n"
#define TOO_LONG "ERR 2 the line is over 4096 bytes long\n"

enum { SHORT_MS = 30, LONG_MS = 500 };

/* Whatever a client does, another one is answered. */
static void expect_service(void)
{
    AUTO(raw) other = raw_new(false);
    raw_say(other, "echo here\n");
    raw_expect(other, GREETING "word: here\nOK\n");
}

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
    peer_tell(told->peer, "hello", "two");
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
    peer_tell(told->peer, "status", "over");
    peer_end(told->peer);
    raw_expect(next, "status: over\n");
    raw_expect_end(next);
    WAIT(!told->peer);
    g_assert_cmpuint(told->closed, ==, 2);
}

/* ---- clients that do harm: B24 ---- */

static void half_a_line_waits(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "echo ha");
    expect_service();
    raw_expect(raw, GREETING);
    raw_say(raw, "lf\n");
    raw_expect(raw, "word: half\nOK\n");
    g_assert_cmpstr(told->commands->str, ==, " echo echo");
}

static void half_a_line_is_no_command(struct told *told, gconstpointer data)
{
    (void)data;
    struct raw *raw = raw_new(false);
    raw_expect(raw, GREETING);
    raw_say(raw, "stop");
    raw_free(raw);
    WAIT(told->closed == 1);
    g_assert_cmpstr(told->commands->str, ==, "");
}

static void a_line_that_is_not_finished(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    AUTO(raw) idle = raw_new(false);
    raw_expect(idle, GREETING);
    raw_say(raw, "echo");
    raw_expect(raw, GREETING);
    raw_expect(raw, "ERR 2 the line was not finished within 0.03 s\n");
    raw_expect_end(raw);
    raw_say(idle, "echo there\n"); /* who says nothing may take any time */
    raw_expect(idle, "word: there\nOK\n");
    g_assert_cmpstr(told->commands->str, ==, " echo");
}

static gboolean drip(gpointer data)
{
    const struct raw *raw = data;
    return raw_push(raw, "x", 1) == 1;
}

/* Each byte alone is in time. */
static void a_line_that_drips(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_expect(raw, GREETING);
    guint source = g_timeout_add(SHORT_MS / 10, drip, raw);
    raw_expect(raw, "ERR 2 the line was not finished within 0.03 s\n");
    WAIT(told->closed == 1);
    if (g_main_context_find_source_by_id(NULL, source)) g_source_remove(source);
}

/* While a command is being answered, it is not the client that is slow. */
static void a_slow_answer_is_not_the_clients_fault(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, "later\necho ha");
    WAIT(told->open);
    AUTO(raw) clock = raw_new(false);
    raw_say(clock, "half");
    WAIT(clock->ended);
    reply_ok(told->open);
    raw_expect(raw, GREETING "OK\n");
    drain();
    raw_say(raw, "lf\n");
    raw_expect(raw, "word: half\nOK\n");
}

static void a_megabyte_without_a_line(struct told *told, gconstpointer data)
{
    (void)data;
    static char megabyte[1 << 20];
    memset(megabyte, 'x', sizeof megabyte);
    AUTO(raw) raw = raw_new(false);
    gsize pushed = 0;
    for (gssize n = 0; n >= 0 && pushed < sizeof megabyte; pushed += (gsize)MAX(n, 0)) {
        n = raw_push(raw, megabyte + pushed, sizeof megabyte - pushed);
        drain();
    }
    raw_expect(raw, GREETING TOO_LONG);
    raw_expect_end(raw);
    expect_service();
    g_assert_cmpstr(told->commands->str, ==, " echo");
}

static void the_longest_line_is_a_line(struct told *told, gconstpointer data)
{
    (void)told, (void)data;
    g_autofree char *argument = g_strnfill(4096 - 5, 'x');
    g_autofree char *line = g_strdup_printf("echo %s\n", argument),
                    *longer = g_strdup_printf("echo x%s\n", argument);
    g_autofree char *answer = g_strdup_printf(GREETING "word: %s\nOK\n", argument);
    AUTO(raw) raw = raw_new(false);
    raw_say(raw, line);
    raw_expect(raw, answer);
    raw_say(raw, longer);
    raw_expect(raw, TOO_LONG);
}

static void expect_no_text(const char *line, gsize size, const char *problem)
{
    g_autofree char *answer = g_strdup_printf(GREETING "ERR 2 the line holds %s\n", problem);
    AUTO(raw) raw = raw_new(false);
    g_assert_cmpint(raw_push(raw, line, size), ==, (gssize)size);
    raw_expect(raw, answer);
    raw_expect_end(raw);
}

static void bytes_that_are_no_text(struct told *told, gconstpointer data)
{
    (void)data;
    static const char nul[] = "stop\0now\nstop\n";
    expect_no_text(nul, sizeof nul - 1, "a NUL byte");
    expect_no_text("stop \xFF\nstop\n", 12, "invalid UTF-8");
    expect_no_text("stop \x1B[2J\nstop\n", 15, "a control character");
    expect_no_text("stop\rnow\nstop\n", 14, "a CR inside the line");
    expect_service();
    g_assert_cmpstr(told->commands->str, ==, " echo");
}

static void who_never_reads_answers_is_dropped(struct told *told, gconstpointer data)
{
    (void)data;
    AUTO(raw) raw = raw_new(true);
    while (told->closed == 0) {
        raw_push(raw, "big\n", 4);
        drain();
    }
    gsize answered = told->commands->len / strlen(" big") * 1000;
    g_assert_cmpuint(answered, >, SERVER_UNREAD);
    g_assert_cmpuint(answered, <, 1 << 20);
    expect_service();
}

static void who_never_reads_lines_is_dropped(struct told *told, gconstpointer data)
{
    (void)data;
    g_autofree char *kilobyte = g_strnfill(1000, 'x');
    AUTO(raw) raw = raw_new(true);
    raw_say(raw, "subscribe 1\n");
    WAIT(told->peer);
    guint lines = 0;
    for (; server_has(told->server, 1); lines++) {
        server_publish(told->server, 1, "status", kilobyte);
        drain();
    }
    g_assert_cmpuint(lines, >, SERVER_UNREAD / 1000);
    g_assert_cmpuint(lines, <, 1000);
    expect_service();
}

/* How many answers the kernel keeps for a reader. */
static guint kernel_takes(const char *answer, gsize size)
{
    int ends[2];
    guint n = 0;
    g_assert_true(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    while (send(ends[0], answer, size, MSG_DONTWAIT) == (gssize)size) n++;
    close(ends[0]);
    close(ends[1]);
    return n;
}

/* What cannot be sent yet is sent as it is read. */
static void a_slow_reader_gets_all(struct told *told, gconstpointer data)
{
    (void)data;
    g_autofree char *answer = g_strdup_printf("big: %01000d\nOK\n", 0);
    gsize size = strlen(answer);
    guint count = kernel_takes(answer, size) + SERVER_UNREAD / 2 / (guint)size;
    AUTO(raw) raw = raw_new(true);
    for (guint i = 0; i < count; i++) {
        raw_say(raw, "big\n");
        drain();
    }
    g_assert_cmpuint(told->commands->len, ==, count * strlen(" big"));
    raw_open_ears(raw);
    raw_expect(raw, GREETING);
    for (guint i = 0; i < count; i++) raw_expect(raw, answer);
}

static void seventeen_at_once(struct told *told, gconstpointer data)
{
    (void)data;
    struct raw *raws[SERVER_CLIENTS + 1];
    for (int i = 0; i <= SERVER_CLIENTS; i++) raws[i] = raw_new(false);
    for (int i = 0; i < SERVER_CLIENTS; i++) raw_expect(raws[i], GREETING);
    raw_expect(raws[SERVER_CLIENTS], "ERR 1 too many clients\n");
    raw_expect_end(raws[SERVER_CLIENTS]);
    raw_say(raws[0], "echo first\n");
    raw_expect(raws[0], "word: first\nOK\n");
    for (int i = 0; i <= SERVER_CLIENTS; i++) raw_free(raws[i]);
    WAIT(told->closed == SERVER_CLIENTS);
    expect_service();
}

/* A process that has connected and said something. */
static pid_t fork_client(const char *path, const char *line)
{
    int ready[2];
    g_assert_true(pipe(ready) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        bool said = send(raw_connect(path), line, strlen(line), MSG_NOSIGNAL) == (gssize)strlen(line);
        if (!said || write(ready[1], "", 1) != 1) _exit(1);
        for (;;) pause();
    }
    g_assert_cmpint(read(ready[0], &(char){0}, 1), ==, 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void clients_that_are_killed(struct told *told, gconstpointer data)
{
    (void)data;
    const char *const lines[] = {"", "sto", "later\necho ha", "subscribe 1\n"};
    g_autofree char *path = in_folder("stretchvoice/control");
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        pid_t pid = fork_client(path, lines[i]);
        if (i == 2) WAIT(told->open);
        if (i == 3) WAIT(told->peer);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        WAIT(told->closed == i + 1);
    }
    g_assert_null(told->peer);
    g_assert_null(reply_peer(told->open));
    reply_field(told->open, "nobody", "there");
    reply_ok(told->open);
    server_publish(told->server, 1, "status", "playing");
    expect_service();
    g_assert_cmpstr(told->commands->str, ==, " later subscribe echo");
}

/* One gets an error, or none: that is all. */
static void random_bytes(struct told *told, gconstpointer data)
{
    (void)data;
    enum { ROUNDS = 2000, SIZE = 300 };
    g_autoptr(GRand) rand = g_rand_new_with_seed(1848);
    for (guint i = 0; i < ROUNDS; i++) {
        char bytes[SIZE];
        int size = g_rand_int_range(rand, 0, SIZE);
        for (int k = 0; k < size; k++)
            bytes[k] = g_rand_int_range(rand, 0, 4) ? "echo \n'\"fail"[g_rand_int_range(rand, 0, 12)]
                                                    : (char)g_rand_int(rand);
        AUTO(raw) raw = raw_new(false);
        g_assert_cmpint(raw_push(raw, bytes, (gsize)size), ==, size);
        if (i % 2) shutdown(raw->fd, SHUT_WR);
        if (i % 2) WAIT(raw->ended);
        g_assert_true(g_utf8_validate(raw->got->str, (gssize)raw->got->len, NULL));
    }
    WAIT(told->closed == ROUNDS);
    expect_service();
}

/* ---- other users: B27 ---- */

static void another_user_is_refused(struct told *told, gconstpointer data)
{
    (void)data;
    if (geteuid() != 0) {
        g_test_skip("only root can be somebody else");
        return;
    }
    g_autofree char *inner = in_folder("stretchvoice");
    g_assert_true(chdir(inner) == 0 && chmod(inner, 0755) == 0 && chmod("control", 0666) == 0);
    for (int i = 0; i < 2; i++) {
        g_assert_true(seteuid(NOBODY) == 0);
        AUTO(raw) raw = raw_at("control", false); /* whatever the folders above would say */
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
    g_autofree char *inner = in_folder("stretchvoice"), *path = in_folder("stretchvoice/control");
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

/* ---- all tests ---- */

static void set_up(struct told *told, gconstpointer data)
{
    told_init(told, GPOINTER_TO_INT(data), 0);
}

static void tear_down(struct told *told, gconstpointer data)
{
    (void)data;
    told_finish(told);
}

typedef void test(struct told *told, gconstpointer data);

static void add(const char *name, int line_ms, test *run)
{
    g_autofree char *path = g_strconcat("/control_server/", name, NULL);
    g_test_add(path, struct told, GINT_TO_POINTER(line_ms), set_up, run, tear_down);
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
    add("B24/half_a_line", 0, half_a_line_waits);
    add("B24/half_a_line_and_gone", 0, half_a_line_is_no_command);
    add("B24/half_a_line_for_long", SHORT_MS, a_line_that_is_not_finished);
    add("B24/dripping", SHORT_MS, a_line_that_drips);
    add("B24/slow_answer", LONG_MS, a_slow_answer_is_not_the_clients_fault);
    add("B24/megabyte", 0, a_megabyte_without_a_line);
    add("B24/longest", 0, the_longest_line_is_a_line);
    add("B24/binary", 0, bytes_that_are_no_text);
    add("B24/never_reads_answers", 0, who_never_reads_answers_is_dropped);
    add("B24/never_reads_lines", 0, who_never_reads_lines_is_dropped);
    add("B24/slow_reader", 0, a_slow_reader_gets_all);
    add("B24/seventeen", 0, seventeen_at_once);
    add("B24/killed", 0, clients_that_are_killed);
    add("B24/random", 0, random_bytes);
    add("B27/refused", 0, another_user_is_refused);
    add("B27/modes", 0, another_user_does_not_get_that_far);
    add("B30/no_descriptors", 0, without_descriptors_it_waits_for_some);
    add("end/command", 0, it_may_end_at_a_command);
    add("end/client", 0, it_may_end_when_a_client_goes);
    add("end/reply", 0, replies_outlive_it);
    return g_test_run();
}
