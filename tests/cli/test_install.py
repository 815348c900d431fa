"""What make and its tools do to a machine: packages with stand-ins for the package managers, and `make install` into a directory."""
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import unittest

import sv

# Stand-ins that write down how they were called. What is installed stands in the file "installed".
DPKG_QUERY = 'grep -qx "$4" "$HERE/installed" && echo installed || exit 1'
LOG = 'echo "$(basename "$0") $*" >> "$HERE/log"'
SUDO = LOG + '; "$@"'
DOWNLOAD = LOG + '; shift $(($# - 1)); echo "E: no network" >&2; [ "$1" != lost ] && echo > "$1_1_all.deb"'
DPKG_DEB = LOG + '; mkdir "$3" && cp "$2" "$3"'
RUN_HERE = '''echo "$*" >> "$HERE/log"
[ "$1" = --routine ] && exit "$PLAY_STATUS"
exit 0'''


class Tools(unittest.TestCase):
    def setUp(self):
        self.home = sv.Home()
        self.addCleanup(self.home.close)
        self.bin = self.home.path("bin")
        for name in ("awk", "cat", "sort", "tr", "sh", "env", "grep", "basename", "printf", "cp", "dirname", "head", "mkdir", "mktemp", "mv", "rm"):
            self.stand_in(name, f'exec /usr/bin/{name} "$@"')
        self.home.write("installed", "")
        self.home.write("log", "")

    def stand_in(self, name, script):
        path = self.home.write(f"bin/{name}", f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run_tool(self, *command, **env):
        env = {"PATH": str(self.bin), "HERE": str(self.home.directory)} | env
        return subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, timeout=60)

    def log(self):
        return self.home.path("log").read_text().splitlines()


class Deps(Tools):
    def setUp(self):
        super().setUp()
        self.system("apt-get", uid=0)

    def system(self, manager, uid):
        for name in ("apt-get", "dnf", "pacman", "rpm", "sudo"):
            self.bin.joinpath(name).unlink(missing_ok=True)
        self.stand_in(manager, LOG)
        self.stand_in("dpkg-query", DPKG_QUERY)
        self.stand_in("id", f"echo {uid}")

    def deps(self, *arguments):
        return self.run_tool(sv.TOP / "tools/deps", *arguments)

    def packages(self, *groups):
        rows = [line.split() for line in self.deps("show").stdout.splitlines()]
        return [package for group, package, *_ in rows if group in groups]

    def install_all(self, *groups):
        self.home.write("installed", "\n".join(self.packages(*groups)) + "\n")

    def test_nothing_is_done_where_nothing_is_missing(self):
        self.install_all("build", "run", "test", "sound")
        run = self.deps("install", "build", "run", "test", "sound")
        self.assertEqual((run.returncode, run.stdout, run.stderr, self.log()), (0, "", "", []))

    def test_what_is_missing_is_installed(self):
        self.install_all("build", "run")
        (self.home.path("installed")).write_text("\n".join(p for p in self.packages("build", "run") if p != "gcc") + "\n")
        run = self.deps("install", "build", "run")
        self.assertEqual(run.returncode, 0, run.stderr)
        update, install = self.log()
        self.assertEqual(update, "apt-get update -q")
        self.assertRegex(install, r"^apt-get install .*--no-remove gcc$")

    def test_packages_of_other_groups_are_left_out(self):
        self.install_all("build")
        self.deps("install", "build", "run")
        self.assertEqual(self.log()[-1].split("--no-remove ")[1].split(), sorted(self.packages("run")))

    def test_sudo_where_one_is_not_root(self):
        self.system("apt-get", uid=1000)
        self.stand_in("sudo", SUDO)
        self.assertEqual(self.deps("install", "build").returncode, 0)
        self.assertEqual([line.split()[0] for line in self.log()], ["sudo", "apt-get", "sudo", "apt-get"])

    def test_without_root_and_sudo_the_command_is_told(self):
        self.system("apt-get", uid=1000)
        run = self.deps("install", "build")
        self.assertEqual((run.returncode, self.log()), (1, []))
        self.assertRegex(run.stderr, r"apt-get install .* libglib2\.0-dev")

    def test_pipewire_keeps_its_place(self):
        self.home.write("installed", "pipewire-pulse\n")
        self.deps("install", "run", "sound")
        self.assertNotIn("pulseaudio", self.log()[-1])

    def test_pulseaudio_keeps_its_place_where_a_desktop_may_use_it(self):
        self.home.write("installed", "\n".join(self.packages("sound")) + "\n")
        self.deps("install", "run", "pipewire")
        is_desktop = pathlib.Path("/run/systemd/system").is_dir()
        self.assertEqual("pipewire-pulse" in self.log()[-1], not is_desktop)

    def test_jack_keeps_the_place_of_the_other_jack(self):
        self.home.write("installed", "jackd1\n")
        self.assertEqual((self.deps("install", "jack").returncode, self.log()), (0, []))

    def test_files_are_unpacked_where_the_package_is_not_installed(self):
        self.stand_in("apt-get", DOWNLOAD)
        self.stand_in("dpkg-deb", DPKG_DEB)
        directory = self.home.path("below/here")
        for _ in range(2):
            run = self.deps("unpack", "wanted", directory)
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.assertEqual([path.name for path in directory.iterdir()], ["wanted_1_all.deb"])
        self.assertEqual(list(directory.parent.iterdir()), [directory])
        self.assertEqual([line.split()[0] for line in self.log()], ["apt-get", "dpkg-deb"])

        self.home.write("installed", "wanted\n")
        self.deps("unpack", "wanted", self.home.path("there"))
        self.assertFalse(self.home.path("there").exists())

    def test_without_network_nothing_is_unpacked_and_that_is_told(self):
        self.stand_in("apt-get", DOWNLOAD)
        directory = self.home.path("below/here")
        run = self.deps("unpack", "lost", directory)
        self.assertEqual((run.returncode, run.stdout), (0, ""))
        self.assertRegex(run.stderr, "^lost cannot be fetched.*: E: no network\n$")
        self.assertEqual(list(directory.parent.iterdir()), [])

    def test_fedora_and_arch_are_told_their_names(self):
        for manager, query, name in (("dnf", "rpm", "portaudio-devel"), ("pacman", "pacman", "portaudio")):
            with self.subTest(manager):
                self.system(manager, uid=0)
                self.stand_in(query, "exit 1")
                run = self.deps("install", "build", "run")
                self.assertEqual((run.returncode, run.stdout, self.log()), (0, "", []))
                self.assertRegex(run.stderr, rf"{manager} .*\b{name}\b")
                self.assertNotIn("libglib2.0-dev", self.deps("show").stdout)

    def test_wrong_usage(self):
        self.assertEqual(self.deps("remove").returncode, 2)

    def test_every_library_that_is_linked_has_a_package(self):
        """The names in the Makefile and those in the table."""
        names = re.findall(r"(?m)^\w+_PKGS\s*:=(.*)$", (sv.TOP / "Makefile").read_text())
        self.assertGreaterEqual(len(names), 5)
        packages = "\n".join(self.packages("build")).replace("libsndfile1", "sndfile").replace("portaudio19", "portaudio-2.0")
        packages = packages.replace("libpango1.0", "pangocairo")
        for name in set(" ".join(names).split()):
            stem = name.removeprefix("lib").removesuffix("-1.0").removesuffix("-mainloop-glib")
            stem = stem.replace("gio-unix-2.0", "glib-2.0").replace("gio-2.0", "glib-2.0").replace("glib-2.0", "libglib2.0")
            self.assertIn(stem, packages)


class RunHere(Tools):
    def run_here(self, status):
        self.stand_in("stretchvoice", RUN_HERE)
        run = self.run_tool(sv.TOP / "tools/run-here", self.bin / "stretchvoice", "middle-back", PLAY_STATUS=str(status))
        return run.returncode, self.log(), run.stdout

    def test_it_plays(self):
        self.assertEqual(self.run_here(0), (0, ["--routine middle-back"], ""))

    def test_without_output_it_renders(self):
        code, log, said = self.run_here(4)
        self.assertEqual((code, log), (0, ["--routine middle-back", "render middle-back middle-back.flac"]))
        self.assertIn("no audio output", said)

    def test_other_ends_are_handed_on(self):
        for status in (1, 3, 130):
            with self.subTest(status):
                self.home.write("log", "")
                self.assertEqual(self.run_here(status), (status, ["--routine middle-back"], ""))


def make(*arguments, top=sv.TOP, **variables):
    """Runs make as a user does who calls it by hand, with the flags of the build under test."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    return subprocess.run(["make", *arguments, *(f"{name}={value}" for name, value in variables.items())], cwd=top, env=env,
                          capture_output=True, text=True, timeout=120 * sv.SLOW)


class Flags(unittest.TestCase):
    """The commands of a build, which make only prints."""

    DEFAULTS = {"CFLAGS": "-O2 -g", "CPPFLAGS": "", "LDFLAGS": "", "CC": "cc"}

    def commands(self, **variables):
        with tempfile.TemporaryDirectory() as directory:
            run = make("-n", "V=1", f"BUILD={directory}/new", "all", **(self.DEFAULTS | variables))
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        lines = [line.split() for line in run.stdout.replace("\\\n", " ").splitlines()]
        compiled = [words for words in lines if "-c" in words and words[-1].endswith(".c")]
        linked = [words for words in lines if "-Wl,--start-group" in words]
        self.assertGreater(len(compiled), 50)
        self.assertIn(len(linked), (7, 8, 9))  # one is left out without pangocairo, one without pocketsphinx
        return compiled, linked

    def assertInOrder(self, words, *expected):
        places = [len(words) - 1 - words[::-1].index(word) for word in expected]
        self.assertEqual(places, sorted(places), words)

    def test_programs_are_hardened(self):
        compiled, linked = self.commands()
        for words in compiled:
            self.assertLessEqual({"-O2", "-g", "-fPIE", "-fstack-protector-strong"}, set(words))
            self.assertTrue({"-D_FORTIFY_SOURCE=2", "-D_FORTIFY_SOURCE=3"} & set(words))
        for words in linked:
            self.assertLessEqual({"-pie", "-Wl,-z,relro", "-Wl,-z,now"}, set(words))

    def test_what_the_user_gives_comes_last(self):
        compiled, linked = self.commands(CPPFLAGS="-DTHEIRS -Itheirs", CFLAGS="-O3 -Wno-vla -fno-stack-protector", LDFLAGS="-Wl,-z,lazy")
        for words in compiled:
            self.assertInOrder(words, "-Iinclude", "-Itheirs")
            self.assertInOrder(words, "-Wvla", "-Wno-vla")
            self.assertInOrder(words, "-fstack-protector-strong", "-fno-stack-protector")
            self.assertIn("-DTHEIRS", words)
            self.assertNotIn("-O2", words)
        for words in linked:
            self.assertInOrder(words, "-Wl,-z,now", "-Wl,-z,lazy")
            self.assertIn("-O3", words)

    def test_a_given_fortify_level_is_the_only_one(self):
        for flags in ({"CPPFLAGS": "-D_FORTIFY_SOURCE=1"}, {"CFLAGS": "-O2 -Wp,-D_FORTIFY_SOURCE=1"}):
            for words in self.commands(**flags)[0]:
                self.assertEqual(sum("_FORTIFY_SOURCE" in word for word in words), 1)

    def test_only_optimised_builds_are_fortified(self):
        for flags in ("-g", "-O0", "-O2 -O0", "-O1 -fsanitize=address"):
            with self.subTest(flags):
                self.assertNotIn("_FORTIFY_SOURCE", str(self.commands(CFLAGS=flags)))

    def test_pkg_config_is_the_users(self):
        with sv.Home() as home:
            program = home.write("own-pkg-config", '#!/bin/sh\ncase $1 in --cflags) echo -DFROM_OWN ;; esac\n')
            program.chmod(0o755)
            for words in self.commands(PKG_CONFIG=program)[0]:
                self.assertIn("-DFROM_OWN", words)

    def test_without_pkg_config_one_line_names_make_deps(self):
        with tempfile.TemporaryDirectory() as directory:
            run = make(f"BUILD={directory}/new", PKG_CONFIG="no-such-pkg-config")
            self.assertEqual(run.returncode, 2)
            ours = [line for line in run.stderr.splitlines() if not line.startswith("make: ")]
            self.assertEqual(ours, ["no-such-pkg-config is not installed: 'make deps' installs all that is needed"])
            self.assertEqual(run.stdout, "")
        for target in ("help", "deps", "clean", "uninstall"):
            with self.subTest(target):
                self.assertEqual(make("-n", target, PKG_CONFIG="no-such-pkg-config").stderr, "")

    def test_a_missing_package_is_named_with_make_deps(self):
        with sv.Home() as home, tempfile.TemporaryDirectory() as directory:
            program = home.write("own-pkg-config", '#!/bin/sh\nfor name; do [ "$name" = soxr ] && exit 1; done; exit 0\n')
            program.chmod(0o755)
            run = make(f"BUILD={directory}/new", PKG_CONFIG=program)
            self.assertEqual(run.stderr.splitlines()[0], "soxr is not installed: 'make deps' installs all that is needed")

    def test_help_names_every_target_for_users(self):
        text = make("help").stdout
        for target in ("run", "test", "test-sanitize", "bench", "deps", "install", "uninstall", "clean"):
            self.assertRegex(text, rf"(?m)^make {target} ")


class Hardening(unittest.TestCase):
    """What the compiler and the linker made of the flags."""

    def readelf(self, option, program):
        return subprocess.run(["readelf", "-W", option, sv.BUILD / program], capture_output=True, text=True, check=True).stdout

    def test_every_program(self):
        flags = (sv.BUILD / "flags").read_text()
        for program in ("stretchvoice", "stretchvoice-speech", "stretchvoice-sound", "stretchvoice-others"):
            with self.subTest(program):
                self.assertRegex(self.readelf("-h", program), r"Type:\s+DYN")
                self.assertRegex(self.readelf("-d", program), r"FLAGS_1.*\bNOW\b.*\bPIE\b")
                self.assertIn("GNU_RELRO", self.readelf("-l", program))
                self.assertRegex(self.readelf("-l", program), r"GNU_STACK.* RW ")
                symbols = self.readelf("--dyn-syms", program)
                self.assertIn("__stack_chk_fail", symbols)
                if "-D_FORTIFY_SOURCE" in flags and program == "stretchvoice":  # the helpers hardly call what can be checked
                    self.assertRegex(symbols, r"__mem\w+_chk\b|__\w*printf_chk\b")
                if "-fcf-protection" in flags and platform.machine() == "x86_64":
                    code = subprocess.run(["objdump", "-d", sv.BUILD / program], capture_output=True, text=True, check=True).stdout
                    self.assertGreater(code.count("endbr64"), 20)


@unittest.skipIf(sv.SANITIZED, "would build everything anew")
class Spaces(unittest.TestCase):
    """A checkout, a build directory, a prefix and a root that have spaces and quotes in their names."""

    @classmethod
    def setUpClass(cls):
        cls.home = sv.Home()
        cls.tree = cls.home.path("a tree")
        cls.tree.mkdir()
        for name in ("Makefile", "README.md", "config", "doc", "include", "src", "tools", "voices"):
            copy = shutil.copytree if (sv.TOP / name).is_dir() else shutil.copy2
            copy(sv.TOP / name, cls.tree / name)
        shutil.copytree(sv.BUILD, cls.tree / "my build", symlinks=True, ignore=shutil.ignore_patterns("tests"))
        cls.places = {"BUILD": "my build", "PREFIX": "/opt/it's here", "SYSCONFDIR": "/etc/a & b", "DESTDIR": cls.home.path("the root")}
        cls.root = cls.home.path("the root/opt/it's here")
        cls.run_make("install")

    @classmethod
    def tearDownClass(cls):
        cls.home.close()

    @classmethod
    def run_make(cls, target):
        run = make("-s", "-j2", target, top=cls.tree, **cls.places)
        if run.returncode or run.stderr:
            raise AssertionError(run.stderr[-3000:])

    def test_the_installed_program_runs(self):
        run = subprocess.run([self.root / "bin/stretchvoice", "list"], env=self.home.env, capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn(str(self.root / "share/stretchvoice/routines/middle-back.ini"), run.stdout)
        self.assertTrue(self.home.path("the root/etc/a & b/xdg/stretchvoice/stretchvoice.ini").exists())

    def test_the_man_page_and_the_unit_have_the_paths(self):
        self.assertIn("/etc/a & b/", (self.root / "share/man/man1/stretchvoice.1").read_text().replace("\\", ""))
        unit = (self.root / "lib/systemd/user/stretchvoice.service").read_text()
        self.assertIn('ExecStart="/opt/it\'s here/bin/stretchvoice" daemon', unit)
        self.assertIn("Documentation=file:/opt/it's%%20here/share/doc/stretchvoice/README.md", unit)

    def test_uninstall_leaves_nothing_of_ours(self):
        self.run_make("uninstall")
        self.addCleanup(self.run_make, "install")
        self.assertEqual([path for path in self.home.path("the root").rglob("*stretchvoice*")], [])

    def test_a_second_build_has_nothing_to_do(self):
        run = make("all", "filled", top=self.tree, **self.places)
        self.assertEqual((run.returncode, run.stderr, [line for line in run.stdout.splitlines() if line.startswith("  ")]), (0, "", []))


class Install(unittest.TestCase):
    """Built for its prefix in a directory of its own, from what has been built already: little of that knows the prefix."""

    @classmethod
    def setUpClass(cls):
        cls.home = sv.Home()
        cls.root = cls.home.path("root")
        if not sv.SANITIZED:
            shutil.copytree(sv.BUILD, cls.home.path("built"), symlinks=True, ignore=shutil.ignore_patterns("tests"))
        cls.make("install")

    @classmethod
    def tearDownClass(cls):
        cls.home.close()

    @classmethod
    def make(cls, *targets, **options):
        flags = {"CFLAGS": "-O0"} if sv.SANITIZED else {}
        places = flags | {"BUILD": cls.home.path("built"), "PREFIX": cls.root / "usr", "SYSCONFDIR": cls.root / "etc"} | options
        run = make("-s", "-j2", *targets, **places)
        if run.returncode:
            raise AssertionError(run.stderr[-3000:])

    @staticmethod
    def files(directory):
        return sorted(str(path.relative_to(directory)) for path in pathlib.Path(directory).rglob("*") if not path.is_dir())

    def run_installed(self, *arguments, root=None, **options):
        run = subprocess.run([(root or self.root) / "usr/bin/stretchvoice", *arguments], env=self.home.env, cwd=self.home.directory,
                             capture_output=True, text=True, timeout=60 * sv.SLOW, **options)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def test_what_is_where(self):
        files = self.files(self.root)
        for name in ("usr/bin/stretchvoice", "usr/libexec/stretchvoice/stretchvoice-speech", "usr/libexec/stretchvoice/stretchvoice-sound",
                     "usr/share/stretchvoice/routines/middle-back.ini", "usr/share/stretchvoice/voices/en.ini",
                     "usr/share/man/man1/stretchvoice.1", "usr/share/doc/stretchvoice/README.md",
                     "usr/share/applications/stretchvoice.desktop", "usr/share/metainfo/org.example.stretchvoice.metainfo.xml",
                     "usr/share/icons/hicolor/scalable/apps/stretchvoice.svg", "etc/xdg/stretchvoice/stretchvoice.ini"):
            self.assertIn(name, files)

    def test_the_installed_program_finds_what_is_installed(self):
        self.assertIn(str(self.root / "usr/share/stretchvoice/routines/middle-back.ini"), self.run_installed("list"))
        self.run_installed("render", "desk-break", "out.flac")
        self.run_installed("play", "desk-break", "--device", "null:fast", "--quiet")
        self.run_installed("check")

    def test_the_installed_settings_are_read(self):
        settings = self.root / "etc/xdg/stretchvoice/stretchvoice.ini"
        before = settings.read_text()
        settings.write_text("[pace]\nlevel = 77\n")
        self.assertRegex(self.run_installed("config"), r"(?m)^level\s*= 77\b.*etc/xdg/stretchvoice/stretchvoice\.ini:2")
        self.make("install")
        self.assertEqual(settings.read_text(), "[pace]\nlevel = 77\n")
        settings.write_text(before)

    def test_below_destdir_and_away_again(self):
        below = self.home.path("below")
        self.make("install", DESTDIR=below)
        top = below / str(self.root).lstrip("/")
        self.assertEqual(self.files(top), self.files(self.root))
        self.make("uninstall", DESTDIR=below)
        self.assertEqual(self.files(below), [])

    def test_below_destdir_it_runs_where_it_lies(self):
        """A package can be tried before it is installed; where it is, that one counts."""
        below, aside = self.home.path("tried"), self.home.path("aside")
        self.make("install", DESTDIR=below)
        top = below / str(self.root).lstrip("/")
        run = self.run_installed("list", root=top)
        self.assertIn(str(self.root / "usr/share/stretchvoice/routines/middle-back.ini"), run)
        self.root.rename(aside)
        try:
            self.assertIn(str(top / "usr/share/stretchvoice/routines/middle-back.ini"), self.run_installed("list", root=top))
            self.assertIn(str(top / "usr/share/stretchvoice/voices/en.ini"), self.run_installed("voices", root=top))
            self.run_installed("render", "desk-break", "out.flac", root=top)
            self.run_installed("play", "desk-break", "--device", "null:fast", "--quiet", root=top)
            self.assertIn("null:fast", self.run_installed("devices", root=top))
        finally:
            aside.rename(self.root)

    def test_changed_settings_stay(self):
        below = self.home.path("kept")
        self.make("install", DESTDIR=below)
        settings = below / str(self.root).lstrip("/") / "etc/xdg/stretchvoice/stretchvoice.ini"
        settings.write_text("[pace]\nlevel = 77\n")
        self.make("uninstall", DESTDIR=below)
        self.assertEqual([below / name for name in self.files(below)], [settings])

    def test_shared_directories_and_their_files_stay(self):
        """A package may put its data straight into /usr/share, and its helpers into /usr/libexec."""
        below = self.home.path("shared")
        share, libexec = below / "usr/share", below / "usr/libexec"
        others = [below / name for name in ("usr/share/other/file", "usr/share/routines/other.ini", "usr/libexec/other")]
        for path in others:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("other")
        places = {"DESTDIR": below, "PREFIX": "/usr", "DATADIR": "/usr/share", "LIBEXECDIR": "/usr/libexec", "DOCDIR": "/usr/share/doc"}
        self.make("install", **places)
        self.assertTrue((share / "voices/en.ini").exists() and (libexec / "stretchvoice-sound").exists())
        self.make("uninstall", **places)
        self.assertEqual([str(below / name) for name in self.files(below)], sorted(map(str, others)))
        others[-1].unlink()
        self.make("uninstall", **places)
        self.assertTrue(libexec.is_dir())

    def test_empty_directories_of_ours_go(self):
        below = self.home.path("gone")
        self.make("install", DESTDIR=below)
        self.make("uninstall", DESTDIR=below)
        self.assertEqual([path for path in below.rglob("stretchvoice*")], [])

    def test_fish_reads_the_directory_of_its_completions(self):
        sv.need("fish")
        run = subprocess.run(["fish", "-c", "string join \\n -- $fish_complete_path"], env=self.home.env, capture_output=True, text=True)
        for prefix in ("/usr", "/usr/local"):
            below = self.home.path("fish" + prefix.replace("/", "-"))
            self.make("install", DESTDIR=below, PREFIX=prefix, SYSCONFDIR="/etc")
            (found,) = [path for path in below.rglob("stretchvoice.fish")]
            self.assertIn(f"/{found.parent.relative_to(below)}", run.stdout.splitlines())

    def test_the_man_page_is_well_formed(self):
        page = (self.root / "usr/share/man/man1/stretchvoice.1").read_text()
        self.assertFalse(re.findall(r"(?m)^@\w+@", page))
        for word in (r"\-\-routine", "middle\\-back", "pace", "Exit", "stretchvoice.ini"):
            self.assertIn(word.lower(), page.lower())


if __name__ == "__main__":
    unittest.main()
