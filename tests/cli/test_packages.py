"""What packages are made of: files that repeat the version, the libraries and the licence, and the tar of the source."""
import datetime
import gzip
import os
import re
import shutil
import subprocess
import tarfile
import unittest
import xml.etree.ElementTree

import sv

CHANGELOG = r"(?m)^## (\d+\.\d+\.\d+), (\d{4}-\d\d-\d\d)$"


def read(name):
    return (sv.TOP / name).read_text()


def made(name):
    """The value of a variable of the Makefile."""
    run = subprocess.run(["make", "-s", "-f", "Makefile", "-f", "-", "printed"], cwd=sv.TOP, capture_output=True, text=True, check=True,
                         input=f"printed:\n\t@echo '$({name})'\n")
    return run.stdout.strip()


class Version(unittest.TestCase):
    """The Makefile has the version, CHANGELOG.md its date."""

    @classmethod
    def setUpClass(cls):
        cls.version = re.search(r"(?m)^VERSION +:= (.*)$", read("Makefile"))[1]
        cls.releases = re.findall(CHANGELOG, read("CHANGELOG.md"))

    def test_it_is_semantic(self):
        self.assertRegex(self.version, r"\A(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")

    def test_the_program_prints_it(self):
        run = subprocess.run([sv.PROGRAM, "--version"], capture_output=True, text=True)
        self.assertEqual(run.stdout.splitlines()[0], f"stretchvoice {self.version}")

    def test_changes_have_a_version_and_a_day(self):
        headings = re.findall(r"(?m)^## (.*)$", read("CHANGELOG.md"))
        if headings[0] == "Next":
            del headings[0]
        self.assertEqual(headings, [", ".join(release) for release in self.releases])
        self.assertEqual(self.releases[0][0], self.version)
        self.assertEqual([day for _, day in self.releases], sorted((day for _, day in self.releases), reverse=True))

    def test_the_changes_of_debian_are_the_same(self):
        text = read("debian/changelog")
        versions = re.findall(r"(?m)^stretchvoice \((.*?)\) ", text)
        days = [datetime.datetime.strptime(date, "%a, %d %b %Y %H:%M:%S %z").date().isoformat()
                for date in re.findall(r"(?m)^ -- .*>  (.*)$", text)]
        self.assertEqual(list(zip(versions, days, strict=True)), self.releases)

    def test_software_centres_show_the_same(self):
        (path,) = (sv.TOP / "config/desktop").glob("*.metainfo.xml")
        tree = xml.etree.ElementTree.parse(path)
        self.assertEqual([(release.get("version"), release.get("date")) for release in tree.iter("release")], self.releases)
        self.assertEqual(tree.findtext("id") + ".metainfo.xml", path.name)
        self.assertEqual(path.name, made("METAINFO"))

    def test_other_distributions_build_the_same(self):
        spec = read("packaging/stretchvoice.spec")
        self.assertEqual(re.search(r"(?m)^Version: +(.*)$", spec)[1], self.version)
        self.assertRegex(spec, rf"%changelog\n\* .* - {re.escape(self.version)}-1\n")
        self.assertEqual(re.search(r"(?m)^pkgver=(.*)$", read("packaging/PKGBUILD"))[1], self.version)

    def test_they_have_one_maintainer(self):
        name = re.search(r"(?m)^Maintainer: (.*)$", read("debian/control"))[1]
        for file in ("debian/changelog", "packaging/stretchvoice.spec", "packaging/PKGBUILD"):
            with self.subTest(file):
                self.assertEqual(set(re.findall(r"\S+ \S+ \S+ <.*?>", read(file))), {name})


class Libraries(unittest.TestCase):
    """What tools/deps installs for building, every package asks for."""

    TOOLS = {"gcc", "libc6-dev", "make", "glibc", "pkg-config", "pkgconf"}  # of every build

    @staticmethod
    def deps(group, column):
        rows = [line.split() for line in read("tools/deps").splitlines() if line.startswith(f"{group} ")]
        return {row[column] for row in rows} - Libraries.TOOLS - {"-"}

    def test_debian_builds_with_them(self):
        field = re.search(r"(?m)^Build-Depends:\n((?: .*\n)+)", read("debian/control"))[1]
        asked = {line.split()[0].rstrip(",") for line in field.splitlines() if "nocheck" not in line}
        self.assertEqual(asked, self.deps("build", 1) | {"debhelper-compat", "pkg-config"})

    def test_fedora_builds_with_them(self):
        asked = set(re.findall(r"(?m)^BuildRequires: +pkgconfig\((.*?)\)", read("packaging/stretchvoice.spec")))
        implied = {"glib-2.0", "gio-2.0", "libpulse"}
        self.assertEqual(asked, set(made("PKGS").split()) - implied | {"pangocairo"})

    def test_arch_depends_on_them(self):
        asked = re.findall(r"(?m)^    '([\w-]+)", re.search(r"\ndepends=\(([^)]*)\)", read("packaging/PKGBUILD"))[1])
        self.assertEqual(set(asked), self.deps("build", 3) | {"hicolor-icon-theme"})


class Guide(unittest.TestCase):
    """doc/packaging.md, for maintainers."""

    def test_it_names_every_path(self):
        paths = re.findall(r"(?m)^([A-Z]+) +\?= (?:/|\$\((?:PREFIX|if))", read("Makefile"))
        table = re.search(r"(?m)^\| variable \| default \|\n((?:\|.*\n)+)", read("doc/packaging.md"))[1]
        named = [name for row in table.splitlines() for name in re.findall(r"`([A-Z]+)`", row.split("|")[1])]
        self.assertEqual(sorted(named), sorted(paths))


class Copy(unittest.TestCase):
    """The source as it is without git, with other dates and modes."""

    @classmethod
    def setUpClass(cls):
        cls.home = sv.Home()
        cls.addClassCleanup(cls.home.close)
        cls.first = cls.dist(sv.TOP)
        cls.tree = cls.unpack("tree")

    @classmethod
    def dist(cls, tree, **env):
        run = subprocess.run([tree / "tools/dist", "stretchvoice", "9.8.7"], cwd=tree, capture_output=True,
                             env=os.environ | {"SOURCE_DATE_EPOCH": "1000000000"} | env)
        if run.returncode:
            raise AssertionError(run.stderr)
        return run.stdout

    @classmethod
    def unpack(cls, name):
        tar = cls.home.write(f"{name}.tar", cls.first)
        with tarfile.open(tar) as file:
            file.extractall(cls.home.path(name))
        return cls.home.path(name) / "stretchvoice-9.8.7"

    @staticmethod
    def files(tree):
        return {str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir()}


class Dist(Copy):
    def test_another_copy_makes_the_same_bytes(self):
        other = self.unpack("elsewhere")
        for path in other.rglob("*"):
            if path.is_file():
                path.chmod(0o700 if os.access(path, os.X_OK) else 0o600)
                os.utime(path, (1, 1))
        self.assertTrue(self.dist(other, LC_ALL="C.UTF-8", TZ="Pacific/Apia") == self.first)

    def test_what_was_built_is_left_out(self):
        other = self.unpack("built")
        for name in ("build/stretchvoice", "build-clang/stretchvoice", "tests/lib/__pycache__/sv.pyc"):
            path = other / name
            path.parent.mkdir(parents=True)
            path.write_text("built")
        self.assertTrue(self.dist(other) == self.first)

    def test_everything_is_there(self):
        files = self.files(self.tree)
        self.assertLessEqual({"Makefile", "LICENSE", "debian/rules", "src/app/main.c", "tests/run", ".ci/run", "tools/deps"}, files)
        self.assertFalse([name for name in files if name.startswith("build")])
        if (sv.TOP / ".git").exists() and shutil.which("git"):
            listed = subprocess.run(["git", "ls-files", "-z"], cwd=sv.TOP, capture_output=True, text=True).stdout
            self.assertLessEqual(set(listed.split("\0")) - {""}, files)

    def test_it_has_the_day_of_the_release(self):
        version, day = re.findall(CHANGELOG, read("CHANGELOG.md"))[0]
        run = subprocess.run(["tools/dist", "stretchvoice", version], cwd=self.tree, capture_output=True, check=True,
                             env={"PATH": os.environ["PATH"]})
        with tarfile.open(self.home.write("dated.tar", run.stdout)) as tar:
            times = {member.mtime for member in tar}
        self.assertEqual({datetime.datetime.fromtimestamp(time, datetime.timezone.utc).isoformat() for time in times},
                         {f"{day}T00:00:00+00:00"})

    def test_a_version_without_a_day_is_refused(self):
        run = subprocess.run(["tools/dist", "stretchvoice", "9.8.7"], cwd=self.tree, capture_output=True, text=True,
                             env={"PATH": os.environ["PATH"]})
        self.assertEqual((run.returncode != 0, run.stdout), (True, ""))
        self.assertEqual(run.stderr, "CHANGELOG.md has no heading '## 9.8.7, YYYY-MM-DD'\n")

    def test_make_dist_packs_it(self):
        run = subprocess.run(["make", "-s", "dist", f"BUILD={self.home.path('out')}"], cwd=self.tree, capture_output=True, text=True,
                             env={"PATH": os.environ["PATH"]})  # nothing of the make that runs the tests
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        (packed,) = self.home.path("out").glob("stretchvoice-*.tar.gz")
        with tarfile.open(fileobj=gzip.open(packed)) as tar:
            names = {member.name.partition("/")[2] for member in tar}
        self.assertEqual(names, self.files(self.tree))


class Licence(Copy):
    """debian/copyright says what the files say."""

    def test_its_licences_are_explained(self):
        text = read("debian/copyright")
        used = set(re.findall(r"(?m)^Files: .*\nCopyright: .*\nLicense: (.*)$", text))
        explained = set(re.findall(r"(?m)^License: (.*)\n ", text))
        self.assertEqual(used, explained)
        self.assertIn("GPL-3+", used)

    def test_its_patterns_match(self):
        for pattern in re.findall(r"(?m)^Files: (.*)$", read("debian/copyright")):
            with self.subTest(pattern):
                self.assertTrue(list(sv.TOP.glob(pattern)))

    def test_nothing_is_of_others(self):
        """The text of the GPL is of its authors; everything else that names an owner names ours."""
        ours = re.search(r"(?m)^Files: \*\nCopyright: \d+ (.*)$", read("debian/copyright"))[1]
        owner = re.compile(r"(?:Copyright|©)[ :]+(?:\(C\) )?\d{4}[-, \d]* (.*)")
        for name in sorted(self.files(self.tree) - {"LICENSE"}):
            for found in owner.findall((self.tree / name).read_text(errors="replace")):
                with self.subTest(name):
                    self.assertTrue(found.startswith(ours), found)

    def test_the_licence_is_the_one_of_the_metadata(self):
        self.assertIn("GPL-3.0-or-later", read("README.md"))
        self.assertRegex(read("LICENSE"), r"GNU GENERAL PUBLIC LICENSE\n +Version 3")
        for name, pattern in (("packaging/stretchvoice.spec", r"(?m)^License: +GPL-3.0-or-later$"), ("packaging/PKGBUILD", r"license=\('GPL-3.0-or-later'\)"),
                              (f"config/desktop/{made('METAINFO')}", "<project_license>GPL-3.0-or-later</project_license>")):
            with self.subTest(name):
                self.assertRegex(read(name), pattern)


class Desktop(sv.TestCase):
    """The desktop entry has an action for each routine."""

    def setUp(self):
        super().setUp()
        parts = re.split(r"(?m)^\[(.*)\]$", (sv.BUILD / "stretchvoice.desktop").read_text())
        self.groups = {name: dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
                       for name, text in zip(parts[1::2], parts[2::2])}

    def test_the_actions_are_the_routines(self):
        routines = {row["name"]: row["title"] for row in self.sv("list", "--json").lines()}
        actions = self.groups["Desktop Entry"]["Actions"].rstrip(";").split(";")
        self.assertEqual(set(actions), set(routines))
        self.assertEqual(len(actions), len(set(actions)))
        self.assertEqual(set(self.groups), {"Desktop Entry"} | {f"Desktop Action {name}" for name in actions})
        for name in actions:
            with self.subTest(name):
                group = self.groups[f"Desktop Action {name}"]
                self.assertEqual(group["Name"], routines[name])
                self.assertIn(f'"stretchvoice play {name} ', group["Exec"])

    def test_they_are_called_as_in_the_languages_of_the_routines(self):
        for path in (sv.TOP / "config/routines").glob("*.*.ini"):
            name, language = path.stem.split(".")
            base, _, region = language.partition("-")
            title = re.search(r"(?m)^title *= (.*)$", path.read_text())[1]
            with self.subTest(path.name):
                key = f"Name[{base}_{region.upper()}]" if region else f"Name[{base}]"
                self.assertEqual(self.groups[f"Desktop Action {name}"][key], title)

    def test_its_commands_are_understood(self):
        """As a desktop starts them, with a stand-in for the program that fails as if there were no session."""
        program = self.home.write("bin/stretchvoice", f'#!/bin/sh\necho "$*" >> {self.home.path("log")}\nexit 4\n')
        program.chmod(0o755)
        for group, expected in (("Desktop Entry", ["attach", "menu"]), ("Desktop Action hips", ["play hips"])):
            self.home.path("log").unlink(missing_ok=True)
            shell, option, script = re.fullmatch(r'(sh) (-c) "([^"$`\\%]*)"', self.groups[group]["Exec"]).groups()
            subprocess.run([shell, option, script], env={"PATH": f"{program.parent}:{os.environ['PATH']}"}, input=b"\n", timeout=60, check=True)
            self.assertEqual(self.home.path("log").read_text().splitlines(), expected)

    def test_its_icon_is_there(self):
        self.assertTrue((sv.TOP / f"config/desktop/{self.groups['Desktop Entry']['Icon']}.svg").exists())


if __name__ == "__main__":
    unittest.main()
