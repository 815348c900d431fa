#undef _FORTIFY_SOURCE /* which would make readlink() an inline function */
#include "file/paths.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Without /proc, as in a container that does not mount it. */
static bool no_proc;

ssize_t readlink(const char *path, char *target, size_t size)
{
    if (!no_proc) return readlinkat(AT_FDCWD, path, target, size);
    errno = ENOENT;
    return -1;
}

/* Started as "--show KIND", this prints what a program at its place would find. */
static int show(const char *kind)
{
    g_autoptr(GPtrArray) directories = paths_directories(kind);
    g_autofree char *helper = paths_helper("helper");
    for (guint i = 0; i < directories->len; i++) puts(g_ptr_array_index(directories, i));
    puts(helper);
    return 0;
}

static char *own_path(const char *base, const char *kind, const char *file)
{
    return g_build_filename(base, "stretchvoice", kind, file, NULL);
}

static void put_file(const char *path, const char *content)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(directory, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void put_routine(const char *base, const char *file)
{
    g_autofree char *path = own_path(base, "routines", file);
    put_file(path, "");
}

static void expect_found(const char *name, const char *base, const char *file)
{
    g_autofree char *found = paths_find("routines", name);
    g_autofree char *wanted = base ? own_path(base, "routines", file) : g_strdup(file);
    g_assert_cmpstr(found, ==, wanted);
}

static void test_directories(void)
{
    g_autoptr(GPtrArray) directories = paths_directories("voices");
    g_autofree char *config = own_path(g_get_user_config_dir(), "voices", NULL);
    g_autofree char *data = own_path(g_get_user_data_dir(), "voices", NULL);
    g_assert_cmpuint(directories->len, ==, 3);
    g_assert_cmpstr(g_ptr_array_index(directories, 0), ==, config);
    g_assert_cmpstr(g_ptr_array_index(directories, 1), ==, data);
    g_assert_cmpstr(g_ptr_array_index(directories, 2), ==, DATADIR "/voices");
}

static void test_find(void)
{
    const char *config = g_get_user_config_dir(), *data = g_get_user_data_dir();
    put_routine(data, "both.ini");
    put_routine(data, "data.ini");
    expect_found("both", data, "both.ini");
    put_routine(config, "both.ini");
    expect_found("both", config, "both.ini");
    expect_found("data", data, "data.ini");
    expect_found("neither", NULL, NULL);
    expect_found("dir/neither", NULL, "dir/neither");
    expect_found("neither.ini", NULL, "neither.ini");
}

static void test_names_stay_inside(void)
{
    const char *config = g_get_user_config_dir();
    put_routine(config, ".hidden.ini");
    put_routine(config, "50% of %s.ini");
    put_routine(config, "..ini");
    g_autofree char *outside = g_build_filename(config, "stretchvoice", "outside.ini", NULL);
    put_file(outside, "");
    static const char *const refused[] = {"", ".", "..", ".hidden", "..\\outside", "*", "~", "data\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) expect_found(refused[i], NULL, NULL);
    expect_found("50% of %s", config, "50% of %s.ini");
}

static void test_list(void)
{
    const char *config = g_get_user_config_dir(), *data = g_get_user_data_dir();
    static const char *const files[] = {"0b.ini", "0a-b.ini", "0a.ini", ".0c.ini", "0d.txt", "0e.ini~"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) put_routine(data, files[i]);
    put_routine(config, "0b.ini");
    g_autoptr(GPtrArray) paths = paths_list("routines", NULL);
    g_autofree char *a = own_path(data, "routines", "0a.ini"), *ab = own_path(data, "routines", "0a-b.ini");
    g_autofree char *b = own_path(config, "routines", "0b.ini");
    g_assert_cmpuint(paths->len, >=, 3); /* others follow */
    g_assert_cmpstr(g_ptr_array_index(paths, 0), ==, a);
    g_assert_cmpstr(g_ptr_array_index(paths, 1), ==, ab);
    g_assert_cmpstr(g_ptr_array_index(paths, 2), ==, b);
}

/* "é" as one character, and as "e" with an accent. */
#define COMPOSED "caf\u00e9"
#define DECOMPOSED "cafe\u0301"

static void test_accents(void)
{
    const char *config = g_get_user_config_dir(), *data = g_get_user_data_dir();
    g_autofree char *typed = own_path(data, "routines", "0" COMPOSED ".ini"),
                    *there = own_path(data, "routines", "0" DECOMPOSED ".ini");
    put_routine(data, "0" DECOMPOSED ".ini");
    put_routine(data, "1" COMPOSED ".ini");
    expect_found("0" COMPOSED, data, "0" DECOMPOSED ".ini");
    expect_found("0" DECOMPOSED, data, "0" DECOMPOSED ".ini");
    expect_found("1" DECOMPOSED, data, "1" COMPOSED ".ini");
    expect_found(typed, NULL, there);
    put_routine(data, "0" COMPOSED ".ini");
    expect_found("0" COMPOSED, data, "0" COMPOSED ".ini");
    expect_found("0" DECOMPOSED, data, "0" DECOMPOSED ".ini");
    put_routine(config, "1" DECOMPOSED ".ini");
    expect_found("1" COMPOSED, config, "1" DECOMPOSED ".ini");
    expect_found("caf\xe9", NULL, NULL);
    g_autoptr(GPtrArray) paths = paths_list("routines", NULL);
    int found = 0;
    for (guint i = 0; i < paths->len; i++) found += strstr(g_ptr_array_index(paths, i), "/1caf") != NULL;
    g_assert_cmpint(found, ==, 1);
}

static bool holds(const GPtrArray *paths, const char *path)
{
    for (guint i = 0; i < paths->len; i++)
        if (strcmp(g_ptr_array_index(paths, i), path) == 0) return true;
    return false;
}

/* What cannot be read is found, so that whoever reads it says so, and nothing behind it takes its place. */
static void test_strange_files(void)
{
    const char *config = g_get_user_config_dir(), *data = g_get_user_data_dir();
    static const char *const names[] = {"s-directory", "s-fifo", "s-nowhere", "s-loop"};
    g_autofree char *directory = own_path(config, "routines", "s-directory.ini"),
                    *fifo = own_path(config, "routines", "s-fifo.ini"),
                    *nowhere = own_path(config, "routines", "s-nowhere.ini"),
                    *loop = own_path(config, "routines", "s-loop.ini");
    g_assert_cmpint(g_mkdir_with_parents(directory, 0700), ==, 0);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_cmpint(symlink("nothing", nowhere), ==, 0);
    g_assert_cmpint(symlink("s-loop.ini", loop), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_strconcat(names[i], ".ini", NULL);
        g_autofree char *path = own_path(config, "routines", file);
        put_routine(data, file);
        expect_found(names[i], config, file);
        g_autoptr(GPtrArray) paths = paths_list("routines", NULL);
        g_assert_true(holds(paths, path));
    }
}

static void test_settings(void)
{
    g_autofree char *own =
        g_build_filename(g_get_user_config_dir(), "stretchvoice", "stretchvoice.ini", NULL);
    g_autoptr(GPtrArray) before = paths_settings();
    g_assert_false(holds(before, own));
    put_file(own, "");
    g_autoptr(GPtrArray) after = paths_settings();
    g_assert_cmpuint(after->len, ==, before->len + 1);
    g_assert_cmpstr(g_ptr_array_index(after, before->len), ==, own);
    g_assert_cmpint(g_unlink(own), ==, 0);
    g_assert_cmpint(symlink("nothing", own), ==, 0);
    g_autoptr(GPtrArray) nowhere = paths_settings();
    g_assert_true(holds(nowhere, own));
}

/* ---- a program in a tree ---- */

static char *shown_by(const char *program, const char *kind)
{
    const char *argv[] = {program, "--show", kind, NULL};
    char *out = NULL;
    int status = -1;
    g_autoptr(GError) error = NULL;
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
    return out;
}

static void copy_self(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path), *self = g_file_read_link("/proc/self/exe", NULL),
                    *bytes = NULL;
    gsize size;
    g_assert_cmpint(g_mkdir_with_parents(directory, 0700), ==, 0);
    g_assert_true(g_file_get_contents(self, &bytes, &size, NULL));
    g_assert_true(g_file_set_contents_full(path, bytes, size, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

static void expect_tree(const char *build, bool is_tree)
{
    g_autofree char *tree = g_strdup_printf("%s/tree-of-%s", g_get_user_cache_dir(), build);
    g_autofree char *program = g_build_filename(tree, build, "program", NULL);
    g_autofree char *helper = g_build_filename(tree, build, "helper\n", NULL);
    g_autofree char *routine = g_build_filename(tree, "config", "routines", "x.ini", NULL);
    g_autofree char *routines = g_strdup_printf("%s/routines\n%s/config/routines\n", DATADIR, tree);
    g_autofree char *voices = g_strdup_printf("%s/voices\n%s/voices\n", DATADIR, tree);
    put_file(routine, "");
    copy_self(program);
    g_autofree char *first = shown_by(program, "routines"), *second = shown_by(program, "voices");
    g_assert_true((strstr(first, routines) != NULL) == is_tree);
    g_assert_true((strstr(second, voices) != NULL) == is_tree);
    g_assert_true(g_str_has_suffix(first, LIBEXECDIR "/helper\n"));
    g_strchomp(helper);
    copy_self(helper);
    g_autofree char *third = shown_by(program, "voices");
    g_assert_true(g_str_has_suffix(g_strchomp(third), helper));
}

static void test_tree(void)
{
    expect_tree("build", true);
    expect_tree("build-sanitize", true);
    expect_tree("bin", false);
    expect_tree("build/tests", false);
}

/* A program of that name in the current directory is not ours. */
static void test_no_proc(void)
{
    g_autofree char *before = g_get_current_dir(),
                    *directory = own_path(g_get_user_cache_dir(), "here", NULL);
    g_autofree char *helper = g_build_filename(directory, "helper", NULL);
    copy_self(helper);
    g_assert_cmpint(g_chdir(directory), ==, 0);
    no_proc = true;
    g_autofree char *found = paths_helper("helper");
    g_autoptr(GPtrArray) directories = paths_directories("voices");
    no_proc = false;
    g_assert_cmpint(g_chdir(before), ==, 0);
    g_assert_cmpstr(found, ==, LIBEXECDIR "/helper");
    for (guint i = 0; i < directories->len; i++)
        g_assert_true(g_path_is_absolute(g_ptr_array_index(directories, i)));
}

/* ---- a home for all of them ---- */

static void use_home(const char *home, const char *variable)
{
    g_autofree char *directory = g_build_filename(home, variable, NULL);
    g_setenv(variable, directory, TRUE);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--show") == 0) return show(argv[2]);
    g_autofree char *home = g_dir_make_tmp("paths-XXXXXX", NULL);
    use_home(home, "XDG_CONFIG_HOME");
    use_home(home, "XDG_DATA_HOME");
    use_home(home, "XDG_CACHE_HOME");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paths/directories", test_directories);
    g_test_add_func("/paths/find", test_find);
    g_test_add_func("/paths/names-stay-inside", test_names_stay_inside);
    g_test_add_func("/paths/list", test_list);
    g_test_add_func("/paths/accents", test_accents);
    g_test_add_func("/paths/strange-files", test_strange_files);
    g_test_add_func("/paths/settings", test_settings);
    g_test_add_func("/paths/tree", test_tree);
    g_test_add_func("/paths/no-proc", test_no_proc);
    int failed = g_test_run();
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return failed;
}
