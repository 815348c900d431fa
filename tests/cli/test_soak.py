"""A few sessions of `make soak`: each kind of them, a day of an idle daemon and an hour of a session, on a simulated clock."""
import os
import subprocess
import sys
import unittest

import sv


@unittest.skipIf(sv.SANITIZED, "a sanitizer wants to be loaded first")
class Soak(unittest.TestCase):
    def test_a_daemon_grows_by_nothing(self):
        run = subprocess.run([sys.executable, sv.TOP / "tests/soak/run", "18", "--hours", "0.5"], env=os.environ, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, f"{run.stdout}\n{run.stderr}")
