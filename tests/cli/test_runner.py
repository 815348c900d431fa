"""The test runner, on trees made for it: a broken test must never pass."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import sv

PASSES = """
    import unittest
    class Test(unittest.TestCase):
        def test_it(self):
            self.assertEqual(1, 1)
"""
FAILS = PASSES.replace("1, 1", "1, 2")
SKIPS = PASSES.replace("self.assertEqual(1, 1)", "self.skipTest('not here')")
HANGS = PASSES.replace("self.assertEqual(1, 1)", "import signal; signal.pause()")
DIES = PASSES.replace("self.assertEqual(1, 1)", "import os; os._exit(0)")
LEAVES = PASSES.replace("self.assertEqual(1, 1)", "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)")
PASSES_TWICE = PASSES + """
        def test_other(self):
            pass
"""
# SIGHUP, SIGINT, SIGQUIT and SIGPIPE are at their defaults.
AT_DEFAULTS = """ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status)
echo 1..1
[ $((0x$ignored & 0x1007)) = 0 ] || printf 'not '
echo "ok 1 /ignored/$ignored"
"""
UNIT = {
    "complete": "printf '1..2\\nok 1 /a/b\\nok 2 /a/c # SKIP no\\n'",
    "short": "printf '1..2\\nok 1 /a/b\\n'",
    "silent": "",
    "crash": "printf '1..1\\nok 1 /a/b\\n'; kill -SEGV $$",
    "fails": "printf '1..1\\nnot ok 1 /a/b - no\\n'; exit 1",
    "reported": "printf '1..1\\nok 1 /a/b\\n'; echo heap-use-after-free > ${ASAN_OPTIONS#log_path=}.1",
}


class Runner(unittest.TestCase):
    def setUp(self):
        self.tree = pathlib.Path(tempfile.mkdtemp(prefix="tree-"))
        self.addCleanup(shutil.rmtree, self.tree)
        for directory in ("unit", "cases", "cli", "audio"):
            (self.tree / "tests" / directory).mkdir(parents=True)
        shutil.copy(sv.TOP / "tests/run", self.tree / "tests/run")
        shutil.copytree(sv.TOP / "tests/lib", self.tree / "tests/lib", ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, name, source):
        (self.tree / f"tests/cli/test_{name}.py").write_text(textwrap.dedent(source))

    def add_unit(self, name, script):
        (self.tree / f"tests/unit/{name}.c").touch()
        program = self.tree / "build/tests/unit" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n" + script + "\n")
        program.chmod(0o755)

    def run_tests(self, *arguments, before=(), **env):
        env = os.environ | {"SV_BUILD": str(self.tree / "build")} | env
        run = subprocess.run([*before, sys.executable, self.tree / "tests/run", *arguments], env=env, capture_output=True,
                             text=True, timeout=60)
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout

    def expect(self, last_line, code, said=""):
        got_code, out = self.run_tests()
        self.assertEqual((out.splitlines()[-1], got_code), (last_line, code), out)
        self.assertIn(said, out)

    def test_its_lists_name_tests_that_are_there(self):
        names = re.findall(r'"((?:audio|cli|unit)/)(\w+)"', (sv.TOP / "tests/run").read_text())
        self.assertGreater(len(names), 20)
        for directory, name in names:
            path = f"{directory}{name}.c" if directory == "unit/" else f"{directory}test_{name}.py"
            self.assertTrue((sv.TOP / "tests" / path).exists(), path)

    def test_counts_what_passes(self):
        self.add("a", PASSES)
        self.add("b", PASSES_TWICE)
        self.expect("3 passed, 0 failed, 0 skipped", 0)

    def test_a_failure_is_shown(self):
        self.add("a", PASSES)
        self.add("b", FAILS)
        self.expect("1 passed, 1 failed, 0 skipped", 1, "AssertionError: 1 != 2")

    def test_nothing_but_skips_is_no_success(self):
        self.add("a", SKIPS)
        self.expect("0 passed, 0 failed, 1 skipped", 1, "not here")

    def test_no_tests_at_all_is_no_success(self):
        self.expect("0 passed, 0 failed, 0 skipped", 1)

    def test_a_file_without_tests_fails(self):
        self.add("a", "import unittest")
        self.expect("0 passed, 1 failed, 0 skipped", 1, "no test in it")

    def test_a_file_that_cannot_be_read_fails(self):
        self.add("a", "import nothing_of_this_name")
        self.expect("0 passed, 1 failed, 0 skipped", 1, "nothing_of_this_name")

    def test_a_file_that_ends_in_the_middle_fails(self):
        self.add("a", DIES)
        self.expect("0 passed, 1 failed, 0 skipped", 1)

    def test_a_hang_fails(self):
        self.add("a", HANGS)
        code, out = self.run_tests(SV_LIMIT="1")
        self.assertEqual((out.splitlines()[-1], code), ("0 passed, 1 failed, 0 skipped", 1), out)
        self.assertIn("still running after", out)
        self.assertIn("test_a.py", out)  # where it hung

    def test_a_process_left_behind_fails_and_is_ended(self):
        self.add("a", LEAVES)
        self.expect("1 passed, 1 failed, 0 skipped", 1, "left processes behind")

    def test_unit_programs(self):
        outcomes = {"complete": "1 passed, 0 failed, 1 skipped", "short": "1 passed, 1 failed, 0 skipped",
                    "silent": "0 passed, 1 failed, 0 skipped", "crash": "1 passed, 1 failed, 0 skipped",
                    "fails": "0 passed, 1 failed, 0 skipped", "reported": "1 passed, 1 failed, 0 skipped"}
        for name, script in UNIT.items():
            self.add_unit(name, script)
        (self.tree / "tests/unit/missing.c").touch()
        for name, outcome in (outcomes | {"missing": "0 passed, 1 failed, 0 skipped"}).items():
            with self.subTest(name):
                _, out = self.run_tests(f"unit/{name}")
                self.assertEqual(out.splitlines()[-1], outcome, out)

    def test_a_job_ignores_no_signal(self):
        """Even if its parent ignores them, as a script does that runs it in the background."""
        self.add_unit("signals", AT_DEFAULTS)
        code, out = self.run_tests(before=["sh", "-c", "trap '' INT QUIT HUP PIPE; exec \"$@\"", "sh"])
        self.assertEqual(code, 0, out)

    def test_names_choose_a_part(self):
        self.add("a", FAILS)
        self.add("b", PASSES_TWICE)
        for names, last_line in ((["cli/b"], "2 passed, 0 failed, 0 skipped"),
                                 (["cli/b/Test/test_other"], "1 passed, 0 failed, 0 skipped"),
                                 (["cli/b/Test/test_other", "cli/b/Test/test_it"], "2 passed, 0 failed, 0 skipped"),
                                 (["cli/b/Test/test_other", "cli/b"], "2 passed, 0 failed, 0 skipped"),
                                 (["cli/b/nosuch"], "0 passed, 1 failed, 0 skipped"),
                                 (["nosuch"], "0 passed, 1 failed, 0 skipped"),
                                 (["cli/b", "unit/nosuch"], "2 passed, 1 failed, 0 skipped")):
            with self.subTest(names):
                self.assertEqual(self.run_tests(*names)[1].splitlines()[-1], last_line)
