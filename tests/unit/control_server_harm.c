/* Clients that do harm (B24): whatever they do, others are served. */
#include "../lib/served.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define TOO_LONG "ERR 2 the line is over 4096 bytes long\n"

enum { SHORT_MS = 30, LONG_MS = 500 };

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
    g_autofree char *path = in_directory("stretchvoice/control");
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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
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
    return g_test_run();
}
