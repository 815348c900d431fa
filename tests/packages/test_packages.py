"""The package of `make deb`: checked, built once more, and tried from where it is unpacked. The files for other distributions."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import sv

DEB = sv.BUILD / "deb"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]  # makepkg refuses root


def run(*command, **options):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.directory.chmod(0o755)
        cls.root = cls.directory / "root"
        (cls.deb,) = [path for path in DEB.glob("stretchvoice_*.deb")]
        (cls.tree,) = [path for path in DEB.iterdir() if path.is_dir()]
        cls.tar = sv.BUILD / f"{cls.tree.name}.tar.gz"
        cls.version = cls.tree.name.partition("-")[2]
        subprocess.run(["dpkg", "-x", cls.deb, cls.root], check=True)

    def check(self, *command, says="", **options):
        """Succeeds, and says nothing that is not expected."""
        done = run(*command, **options)
        self.assertEqual((done.returncode, done.stdout), (0, says) if says is not None else (0, done.stdout))
        return done.stdout


class Debian(Package):
    def test_its_name_has_the_version_and_the_architecture(self):
        machine = self.check("dpkg", "--print-architecture", says=None).strip()
        self.assertEqual(self.deb.name, f"stretchvoice_{self.version}_{machine}.deb")

    def test_lintian_has_nothing_to_say(self):
        (changes,) = DEB.glob("*.changes")
        user = ["--allow-root"] if os.geteuid() == 0 else []
        self.check("lintian", *user, "--pedantic", "--display-info", "--tag-display-limit", "0", "--fail-on", "error,warning,info,pedantic", changes)

    def test_the_unit_is_for_those_who_want_it(self):
        script = self.check("dpkg", "-I", self.deb, "postinst", says=None)
        self.assertIn("deb-systemd-helper --user", script)
        self.assertIn("was-enabled 'stretchvoice.service'", script)

    def test_it_asks_for_no_library_of_its_own_and_offers_none(self):
        """The speech program has the soname of a library."""
        members = self.check("dpkg", "-I", self.deb, says=None)
        self.assertNotIn("shlibs  ", members)
        self.assertNotIn("pcaudio", members)

    def test_the_settings_are_kept_when_it_is_updated(self):
        self.assertEqual(self.check("dpkg", "-I", self.deb, "conffiles", says=None).split(), ["/etc/xdg/stretchvoice/stretchvoice.ini"])

    def test_it_plays_where_it_is_unpacked(self):
        """What Debian runs after installing it: debian/tests/play."""
        heard = self.check(self.tree / "debian/tests/play", says=None, timeout=300,
                           env=os.environ | {"PATH": f"{self.root}/usr/bin:{os.environ['PATH']}"})
        self.assertIn("state: playing", heard)

    def test_its_desktop_entry_and_metadata_are_valid(self):
        share = self.root / "usr/share"
        (metadata,) = (share / "metainfo").iterdir()
        self.check("desktop-file-validate", share / "applications/stretchvoice.desktop")
        self.assertIn("Validation was successful", self.check("appstreamcli", "validate", "--no-net", "--pedantic", metadata, says=None))

    def test_a_second_build_elsewhere_is_the_same(self):
        """In another path, for another user, with another user mask, language and time zone."""
        elsewhere = self.directory / "a-longer-way/to-it"
        elsewhere.mkdir(parents=True)
        with tarfile.open(self.tar) as file:
            file.extractall(elsewhere)
        env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        env |= {"DEB_BUILD_OPTIONS": "nocheck", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Apia", "USER": "another"}
        done = run("dpkg-buildpackage", "-d", "-us", "-uc", "-b", cwd=elsewhere / self.tree.name, env=env, umask=0o002)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        self.assertEqual(self.sums(elsewhere), self.sums(DEB))

    @staticmethod
    def sums(directory):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.glob("*.deb")}


class Rpm(Package):
    """Built of what make has installed: rpm compares that with the list of files."""

    def test_the_package_has_all_files(self):
        macros = {"_topdir": self.directory / "rpm", "_sourcedir": sv.BUILD, "debug_package": "%{nil}", "_pkgdocdir": "%{_docdir}/%{name}",
                  "make_build": ":", "make_install": f"cp -aT {self.installed()} %{{buildroot}} #",
                  "systemd_user_post": ":", "systemd_user_preun": ":", "systemd_user_postun": ":"}
        defined = [word for name, value in macros.items() for word in ("--define", f"{name} {value}")]
        done = run("rpmbuild", "-bb", "--nodeps", *defined, sv.TOP / "packaging/stretchvoice.spec")
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        (package,) = (self.directory / "rpm/RPMS").rglob("*.rpm")
        self.assertEqual(package.name.split("-")[:2], ["stretchvoice", self.version])

    def installed(self):
        """As `make install` leaves it, which the Debian package changes a little."""
        top = self.directory / "installed"
        shutil.copytree(self.root, top)
        documents = top / "usr/share/doc/stretchvoice"
        for name in ("changelog.gz", "copyright", "CHANGELOG.md.gz"):
            (documents / name).unlink()
        subprocess.run(["gunzip", *documents.glob("*.gz")], check=True)
        return top

    def test_rpmlint_has_nothing_to_say(self):
        spec = sv.TOP / "packaging/stretchvoice.spec"
        self.check("rpmspec", "-P", spec, says=None)
        self.assertIn("0 errors, 0 warnings", self.check("rpmlint", "-r", spec.with_suffix(".rpmlintrc"), spec, says=None))


class Arch(Package):
    def test_makepkg_reads_it(self):
        home = self.directory / "arch"
        home.mkdir()
        shutil.copy(sv.TOP / "packaging/PKGBUILD", home)
        user = []
        if os.geteuid() == 0:
            os.chown(home, 65534, 65534)
            user = NOBODY
        text = self.check(*user, "makepkg", "--printsrcinfo", says=None, cwd=home, env=os.environ | {"HOME": str(home), "PACMAN": "true"})
        self.assertIn(f"\tpkgver = {self.version}\n", text)
        self.assertIn(f"\tsource = {self.tar.name}\n", text)


if __name__ == "__main__":
    unittest.main()
