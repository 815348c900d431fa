"""The systemd unit, as it is installed."""
import os
import pathlib
import re
import shlex
import signal
import subprocess
import unittest

import control
import sv

EXPOSURE = 20  # tenths; below is what systemd calls well hardened


class Unit(control.TestCase):
    def setUp(self):
        super().setUp()
        sv.need("systemd-analyze")
        prefix = self.home.path("usr")
        (prefix / "bin").mkdir(parents=True)
        (prefix / "bin/stretchvoice").symlink_to(sv.PROGRAM)
        self.unit = self.home.path("built/stretchvoice.service")
        env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
        subprocess.run(["make", "-s", f"BUILD={self.unit.parent}", f"PREFIX={prefix}", str(self.unit)], cwd=sv.TOP, env=env, check=True,
                       stdout=subprocess.DEVNULL, timeout=60 * sv.SLOW)

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", "--user", "--no-pager", *words, self.unit], env=self.home.env, cwd=self.home.directory,
                              capture_output=True, text=True, timeout=60 * sv.SLOW)

    def values(self, key):
        return re.findall(rf"(?m)^{key}=(.*)$", self.unit.read_text())

    def test_systemd_finds_nothing_wrong(self):
        run = self.analyze("verify")
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_what_it_could_do_is_little(self):
        run = self.analyze("security", "--offline=true", f"--threshold={EXPOSURE - 1}")
        self.assertIn("Overall exposure level", run.stdout)
        self.assertEqual(run.returncode, 0, run.stdout)

    def test_it_starts_what_is_installed(self):
        self.assertEqual(self.values("ExecStart"), [f'"{self.home.path("usr")}/bin/stretchvoice" daemon'])
        self.assertNotIn("/usr/local", self.unit.read_text())

    def prepared(self, kind="state", **env):
        """Where the links lead that the unit makes before the daemon starts: that for the state, or for the data."""
        runtime = self.home.path("runtime/stretchvoice")
        runtime.mkdir(mode=0o700, exist_ok=True)
        for command in self.values("ExecStartPre"):
            words = shlex.split(command.removeprefix("+").replace("$$", "$").replace("%t", str(runtime.parent)))
            subprocess.run(words, env={"PATH": os.environ["PATH"], "HOME": str(self.home.directory)} | env, check=True, timeout=20 * sv.SLOW)
        self.assertEqual(self.values("ReadWritePaths"), ["-%t/stretchvoice/state -%t/stretchvoice/data"])
        self.assertTrue((runtime / kind).is_dir())
        return pathlib.Path(os.readlink(runtime / kind))

    def test_it_may_write_the_state_of_xdg(self):
        self.assertEqual(self.prepared(), self.home.path(".local/state/stretchvoice"))
        elsewhere = self.home.path("an other state")
        self.assertEqual(self.prepared(XDG_STATE_HOME=str(elsewhere)), elsewhere / "stretchvoice")

    def test_it_may_write_the_history_of_xdg(self):
        self.assertEqual(self.prepared("data"), self.home.path(".local/share/stretchvoice"))
        elsewhere = self.home.path("else where")
        self.assertEqual(self.prepared("data", XDG_DATA_HOME=str(elsewhere)), elsewhere / "stretchvoice")

    def test_the_daemons_end_is_no_failure(self):
        (good,) = self.values("SuccessExitStatus")
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                daemon = self.start("daemon")
                self.connect().close()
                daemon.send_signal(number)
                self.assertIn(str(daemon.wait(10 * sv.SLOW)), good.split())


if __name__ == "__main__":
    unittest.main()
