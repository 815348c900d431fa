#include "../lib/control.h"
#include "control/socket.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static bool listen_fails;

/* In the C library's place. */
int listen(int fd, int backlog)
{
    if (!listen_fails) return (int)syscall(SYS_listen, fd, backlog);
    errno = EOPNOTSUPP;
    return -1;
}

/* ---- where it is ---- */

static void expect_place(const char *named, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = socket_path(named, true, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, expected);
}

static void expect_no_place(const char *named, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = socket_path(named, true, &error);
    g_assert_null(path);
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    g_assert_nonnull(strstr(error->message, why));
}

static void it_is_in_a_private_directory(void)
{
    struct stat inner;
    g_autofree char *made = in_directory("stretchvoice"), *path = in_directory("stretchvoice/control");
    expect_place(NULL, path);
    g_assert_true(stat(made, &inner) == 0);
    g_assert_cmpint(inner.st_mode & 07777, ==, 0700);
    expect_place(NULL, path);
    g_autofree char *slash = g_strconcat(directory, "//", NULL);
    g_setenv("XDG_RUNTIME_DIR", slash, TRUE);
    expect_place(NULL, path);
}

/* A client makes nothing. */
static void without_its_directory_there_is_no_session(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(socket_path(NULL, false, &error));
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SESSION);
    g_autofree char *inner = in_directory("stretchvoice");
    g_assert_false(g_file_test(inner, G_FILE_TEST_EXISTS));
}

static void no_runtime_directory(void)
{
    g_unsetenv("XDG_RUNTIME_DIR");
    expect_no_place(NULL, "XDG_RUNTIME_DIR is not set");
    g_setenv("XDG_RUNTIME_DIR", "", TRUE);
    expect_no_place(NULL, "XDG_RUNTIME_DIR is not set");
    g_setenv("XDG_RUNTIME_DIR", "run/user", TRUE);
    expect_no_place(NULL, "XDG_RUNTIME_DIR is not an absolute path");
    g_setenv("XDG_RUNTIME_DIR", "/no/such/directory", TRUE);
    expect_no_place(NULL, "/no/such/directory: No such file or directory");
}

static void a_runtime_directory_that_is_open_to_others(void)
{
    const mode_t modes[] = {0777, 0701, 0710, 0704, 01777};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_true(chmod(directory, modes[i]) == 0);
        expect_no_place(NULL, "is open to other users");
    }
    g_autofree char *inner = in_directory("stretchvoice");
    g_assert_false(g_file_test(inner, G_FILE_TEST_EXISTS));
}

static void an_own_directory_that_is_open_to_others(void)
{
    g_autofree char *inner = in_directory("stretchvoice");
    g_assert_true(mkdir(inner, 0755) == 0);
    expect_no_place(NULL, "stretchvoice: is open to other users (mode 755; 'chmod go-rwx' closes it)");
}

static void a_directory_of_another_user(void)
{
    if (geteuid() != 0) {
        g_test_skip("only root can give things away");
        return;
    }
    g_autofree char *inner = in_directory("stretchvoice");
    g_assert_true(mkdir(inner, 0700) == 0 && chown(inner, NOBODY, NOBODY) == 0);
    expect_no_place(NULL, "stretchvoice: belongs to another user (uid 65534)");
    g_assert_true(chown(directory, NOBODY, NOBODY) == 0);
    expect_no_place(NULL, "belongs to another user (uid 65534)");
}

static void links_and_files_are_no_directories(void)
{
    g_autofree char *inner = in_directory("stretchvoice"), *there = in_directory("there"),
                    *outer = in_directory("outer/");
    g_autofree char *link = in_directory("outer");
    g_assert_true(mkdir(there, 0700) == 0 && symlink("there", inner) == 0 && symlink("there", link) == 0);
    expect_no_place(NULL, inner);
    g_assert_true(unlink(inner) == 0 && g_file_set_contents(inner, "", 0, NULL));
    expect_no_place(NULL, inner);
    g_setenv("XDG_RUNTIME_DIR", outer, TRUE);
    expect_no_place(NULL, link);
}

static void a_path_that_is_too_long(void)
{
    gsize outside = strlen(directory) + strlen("//stretchvoice/control");
    g_assert_cmpuint(outside, <, 107);
    g_autofree char *name = g_strnfill(107 - outside, 'x'), *fits = in_directory(name);
    g_autofree char *too_long = g_strconcat(fits, "x", NULL),
                    *path = g_strconcat(fits, "/stretchvoice/control", NULL);
    g_assert_true(mkdir(fits, 0700) == 0 && mkdir(too_long, 0700) == 0);
    g_setenv("XDG_RUNTIME_DIR", too_long, TRUE);
    expect_no_place(NULL, "the path has 108 bytes; a socket's path has 107 at most");
    g_setenv("XDG_RUNTIME_DIR", fits, TRUE);
    g_assert_cmpuint(strlen(path), ==, 107);
    expect_place(NULL, path);
    struct told told = {0};
    server_free(start_server(&told, 0, 0));
}

static void a_path_that_was_named(void)
{
    g_autofree char *path = in_directory("mine"), *missing = in_directory("missing/mine");
    expect_place(path, path);
    expect_no_place(missing, "missing: No such file or directory");
    g_assert_true(chmod(directory, 0755) == 0);
    expect_place(path, path);
    g_assert_true(chmod(directory, 0775) == 0);
    expect_no_place(path, "is open to other users (mode 775; 'chmod go-w' closes it)");
    expect_no_place("/tmp/mine", "/tmp: ");
    g_assert_true(chdir(directory) == 0 && chmod(directory, 0700) == 0);
    expect_place("mine", path);
    g_assert_true(chdir("/") == 0);
}

/* ---- one at a time ---- */

static struct server *try_server(pid_t *holder, GError **error)
{
    static const struct server_ops ops = {0};
    const struct server_options options = {.ops = &ops};
    return server_new(&options, holder, error);
}

static void expect_busy(pid_t expected)
{
    g_autoptr(GError) error = NULL;
    pid_t holder = -1;
    g_assert_null(try_server(&holder, &error));
    g_assert_error(error, CONTROL_ERROR, CONTROL_BUSY);
    g_assert_cmpint(holder, ==, expected);
}

static void expect_free(void)
{
    g_autoptr(GError) error = NULL;
    AUTO(server) server = try_server(NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(server);
    AUTO(raw) raw = raw_new(false);
    raw_expect(raw, "OK stretchvoice 1\n");
}

static void a_live_one_is_left_alone(void)
{
    struct told told = {0};
    struct server *server = start_server(&told, 0, 0);
    expect_busy(getpid());
    AUTO(raw) raw = raw_new(false);
    raw_expect(raw, "OK stretchvoice 1\n");
    server_free(server);
    expect_free();
}

/* The other end of a pipe is a child that has tried to start a server: 'y' or 'n'; if it has, it keeps it
 * until it is killed. */
static pid_t fork_server(int wait, int tell)
{
    pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    char all_are_there;
    if (read(wait, &all_are_there, 1) != 1) _exit(1);
    g_autoptr(GError) error = NULL;
    struct server *server = try_server(NULL, &error);
    bool busy = g_error_matches(error, CONTROL_ERROR, CONTROL_BUSY);
    if (write(tell, server ? "y" : busy ? "n" : "?", 1) != 1) _exit(1);
    for (;;) pause();
}

static void kill_all(const pid_t *pids, int n)
{
    for (int i = 0; i < n; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
}

/* As after a crash: the socket of a process that was killed. */
static void a_stale_one_is_taken_over(void)
{
    int start[2], told[2];
    char answer;
    g_assert_true(pipe(start) == 0 && pipe(told) == 0 && write(start[1], "s", 1) == 1);
    pid_t pid = fork_server(start[0], told[1]);
    g_assert_cmpint(read(told[0], &answer, 1), ==, 1);
    g_assert_cmpint(answer, ==, 'y');
    expect_busy(pid);
    kill_all(&pid, 1);
    g_autofree char *path = in_directory("stretchvoice/control");
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    expect_free();
    for (int i = 0; i < 2; i++) close(start[i]), close(told[i]);
}

/* Each round finds what the round before has left. */
static void of_two_at_the_same_instant_one_wins(void)
{
    enum { ROUNDS = 50, TWO = 2 };
    for (int round = 0; round < ROUNDS; round++) {
        int start[2], told[2];
        char answers[TWO + 1] = "";
        pid_t pids[TWO];
        g_assert_true(pipe(start) == 0 && pipe(told) == 0);
        for (int i = 0; i < TWO; i++) pids[i] = fork_server(start[0], told[1]);
        g_assert_cmpint(write(start[1], "go", TWO), ==, TWO);
        for (int i = 0; i < TWO; i++) g_assert_cmpint(read(told[0], answers + i, 1), ==, 1);
        kill_all(pids, TWO);
        for (int i = 0; i < 2; i++) close(start[i]), close(told[i]);
        g_assert_true(strcmp(answers, "yn") == 0 || strcmp(answers, "ny") == 0);
    }
}

static int listen_there(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_true(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0);
    return fd;
}

static void what_is_in_the_way_stays(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inner = in_directory("stretchvoice"), *path = in_directory("stretchvoice/control");
    g_assert_true(mkdir(inner, 0700) == 0 && g_file_set_contents(path, "mine", -1, NULL));
    g_assert_null(try_server(NULL, &error));
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    g_assert_nonnull(strstr(error->message, "is not a socket"));
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));

    g_assert_true(unlink(path) == 0);
    int other = listen_there(path);
    expect_busy(getpid());
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    close(other);
    expect_free();
}

static void what_is_locked_can_be_a_file_alone(void)
{
    g_autoptr(GError) error = NULL;
    pid_t holder = -1;
    g_autofree char *path = lock_path(), *expected = in_directory("stretchvoice/lock"),
                    *link = in_directory("link");
    g_assert_cmpstr(path, ==, expected);
    int lock = lock_take(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(lock_take(path, &holder, &error), ==, -1);
    g_assert_error(error, CONTROL_ERROR, CONTROL_BUSY);
    g_assert_cmpint(holder, ==, getpid());
    g_clear_error(&error);
    close(lock);
    lock = lock_take(path, NULL, &error);
    g_assert_no_error(error);
    close(lock);

    g_assert_true(symlink(path, link) == 0);
    g_assert_cmpint(lock_take(link, NULL, &error), ==, -1);
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    g_clear_error(&error);
    g_assert_cmpint(lock_take(directory, NULL, &error), ==, -1);
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
}

static void where_listening_fails_nothing_is_left(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_directory("stretchvoice/control");
    listen_fails = true;
    g_assert_null(try_server(NULL, &error));
    listen_fails = false;
    g_assert_error(error, CONTROL_ERROR, CONTROL_NO_SOCKET);
    g_assert_nonnull(strstr(error->message, g_strerror(EOPNOTSUPP)));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    expect_free();
}

/* ---- its end, and what can become of it ---- */

static void it_is_removed_at_the_end(void)
{
    struct told told = {0};
    g_autofree char *path = in_directory("stretchvoice/control");
    struct server *server = start_server(&told, 0, 0);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    server_free(server);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static gboolean note(gpointer flag)
{
    *(bool *)flag = true;
    return G_SOURCE_REMOVE;
}

static void a_socket_that_is_removed_is_noticed(void)
{
    struct told told = {0};
    g_autofree char *path = in_directory("stretchvoice/control");
    struct server *server = start_server(&told, 0, 1);
    bool time_has_passed = false;
    g_timeout_add(20, note, &time_has_passed);
    WAIT(time_has_passed);
    g_assert_cmpuint(told.lost, ==, 0);
    g_assert_true(unlink(path) == 0);
    WAIT(told.lost == 1);
    server_free(server);
}

static void a_socket_that_is_stolen_is_noticed_and_left(void)
{
    struct told told = {0};
    g_autofree char *path = in_directory("stretchvoice/control");
    struct server *server = start_server(&told, 0, 1);
    g_assert_true(unlink(path) == 0);
    int thief = listen_there(path);
    WAIT(told.lost == 1);
    server_free(server);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    close(thief);
}

/* ---- all tests ---- */

static void in_new_directory(gconstpointer data)
{
    make_directory();
    ((void (*)(void))data)();
    g_assert_true(geteuid() != 0 || chown(directory, 0, 0) == 0);
    remove_directory();
}

static void add(const char *name, void (*test)(void))
{
    g_autofree char *path = g_strconcat("/control_socket/", name, NULL);
    g_test_add_data_func(path, (gconstpointer)test, in_new_directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("private", it_is_in_a_private_directory);
    add("nothing_made", without_its_directory_there_is_no_session);
    add("B26/unset", no_runtime_directory);
    add("B26/mode", a_runtime_directory_that_is_open_to_others);
    add("B26/mode_of_ours", an_own_directory_that_is_open_to_others);
    add("B26/owner", a_directory_of_another_user);
    add("B26/links", links_and_files_are_no_directories);
    add("B26/long", a_path_that_is_too_long);
    add("B26/named", a_path_that_was_named);
    add("B25/live", a_live_one_is_left_alone);
    add("B25/stale", a_stale_one_is_taken_over);
    add("B25/two_at_once", of_two_at_the_same_instant_one_wins);
    add("B25/in_the_way", what_is_in_the_way_stays);
    add("B25/lock_alone", what_is_locked_can_be_a_file_alone);
    add("listen", where_listening_fails_nothing_is_left);
    add("end", it_is_removed_at_the_end);
    add("removed", a_socket_that_is_removed_is_noticed);
    add("stolen", a_socket_that_is_stolen_is_noticed_and_left);
    return g_test_run();
}
