"""What a session has done to other programs' sound is undone whatever happens, and what goes wrong is said once."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import unittest

import control
import others
import pulse
import sv


LEFT = "other programs' sound is left as it is"


class Case(others.Case):
    def setUp(self):
        super().setUp()
        self.remember()

    def wait_said(self, process, *parts):
        """One line on standard error."""
        sv.wait_for(process.complained, "a line")
        self.assertOneLine(process.complained(), *parts)


class Killed(Case):
    def test_killed_it_is_undone_by_its_helper(self):
        process, mpv = self.begin_low()
        process.kill()
        self.wait_level(mpv, others.FULL)
        sv.wait_for(lambda: not self.journal().exists(), "the journal to go")

    def test_both_killed_the_next_start_undoes_it(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.sv("list")
        self.wait_level(mpv, others.FULL)

    def test_both_killed_what_the_user_has_set_since_stays(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.set_level(mpv, others.HALF)
        self.sv("restore")
        self.assertEqual(self.level(mpv), others.HALF)

    def test_its_helper_alone(self):
        """The next one undoes what it left, and goes on. After the third, they are left alone."""
        process, mpv = self.begin_low()
        for _ in range(3):
            helper = sv.wait_for(lambda: self.helpers(process), "a helper")[0]
            self.wait_low(mpv)
            os.kill(helper, signal.SIGKILL)
            control.wait_gone(helper)
        self.wait_said(process, LEFT)
        self.wait_level(mpv, others.FULL)
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        self.assertFalse(self.journal().exists())


class Servers(Case):
    def test_a_server_that_is_restarted(self):
        """What it remembers of before is undone, also what it has on disk."""
        process, mpv = self.begin_low()
        self.pulse.kill()
        mpv.wait()
        self.pulse.start()
        self.remember()
        again = self.mpv()
        self.sv("stop")
        process.wait(10 * sv.SLOW)
        self.wait_level(again, others.FULL)
        self.wait_level(self.mpv(), others.FULL)

    def test_a_frozen_server_costs_only_the_lowering(self):
        process, mpv = self.begin_low()
        self.pulse.freeze()
        self.addCleanup(self.pulse.thaw)
        helper = self.helper(process)
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        control.wait_gone(helper)
        self.assertTrue(self.journal().exists())
        self.pulse.thaw()
        self.sv("restore")
        self.wait_level(mpv, others.FULL)

    def test_restore_on_a_server_that_is_frozen_or_gone(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.pulse.freeze()
        self.assertOneLine(self.sv("restore", code=1).err, "does not answer")
        self.pulse.thaw()
        elsewhere = {"PULSE_SERVER": f"unix:{self.home.directory}/nowhere"}
        self.assertOneLine(self.sv("restore", env=elsewhere, code=1).err, "does not answer")
        self.assertEqual(self.sv("restore").out, "Restored: 1 stream, 0 players.\n")
        self.wait_level(mpv, others.FULL)

    def test_another_server(self):
        """Leaves what is to be undone on the first."""
        process, mpv = self.begin_low()
        self.kill_both(process)
        with pulse.Pulse() as second:
            elsewhere = {name: second.env[name] for name in second.CLIENT}
            self.assertEqual(self.sv("restore", env=elsewhere).out, "There is nothing to restore.\n")
        self.assertEqual(self.sv("restore").out, "Restored: 1 stream, 0 players.\n")
        self.wait_level(mpv, others.FULL)

    def test_none(self):
        self.pulse.kill()
        process = self.start("play", "--voice", "tone", *self.settings, "--device", "null", self.routine)
        self.wait_said(process, "no sound server answers", LEFT)
        self.connect().wait_playing()


class TwoSessions(Case):
    def begin_second(self, env=None):
        path = self.home.path("second")
        second = self.start("play", "--voice", "tone", "--socket", path, *self.settings, self.routine, env=env)
        control.connect(self.home, path=path).wait_playing()
        return second

    def assert_not_lowered_twice(self, mpv):
        own = [stream for stream in self.streams() if stream["properties"].get("application.name") == "stretchvoice"]
        self.assertEqual({channel["value"] for stream in own for channel in stream["volume"].values()}, {others.FULL})
        self.assertAlmostEqual(others.decibels(self.level(mpv)), -others.DEPTH, delta=0.05)

    def end(self, process):
        helper = self.helper(process)
        process.terminate()
        process.wait()
        control.wait_gone(helper)

    def test_the_second_ends_first(self):
        """Neither touches the other's words."""
        process, mpv = self.begin_low()
        second = self.begin_second()
        self.assert_not_lowered_twice(mpv)
        self.assertIn("A session is running", self.sv("restore").out)
        self.end(second)
        self.assert_not_lowered_twice(mpv)
        self.stop(process)
        self.wait_level(mpv, others.FULL)

    def test_the_first_ends_first(self):
        """Then the second lowers."""
        process, mpv = self.begin_low()
        second = self.begin_second()
        self.end(process)
        self.wait_low(mpv)
        self.end(second)
        self.wait_level(mpv, others.FULL)

    def test_with_state_directories_of_their_own(self):
        process, mpv = self.begin_low()
        second = self.begin_second({"XDG_STATE_HOME": str(self.home.path("elsewhere"))})
        self.wait_noticed()
        self.assert_not_lowered_twice(mpv)
        self.end(process)
        self.wait_low(mpv)
        self.end(second)
        self.wait_level(mpv, others.FULL)


class Journal(Case):
    def test_without_a_place(self):
        """Nothing is lowered then."""
        self.journal().parent.joinpath("others.lock").mkdir(parents=True)
        mpv = self.mpv()
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        self.wait_said(process, LEFT, "others.ini", "cannot be written")
        connection = self.connect()
        sv.wait_for(lambda: (connection.status()["frame"] or 0) > others.RATE, "words")
        self.assertEqual(self.level(mpv), others.FULL)
        self.assertOneLine(self.sv("restore", code=1).err, "others.ini", "cannot be written")

    def test_that_cannot_be_written(self):
        """As on a full disk."""
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        self.connect().wait_playing()
        helper = sv.wait_for(lambda: self.helpers(process), "the helper")[0]
        resource.prlimit(helper, resource.RLIMIT_FSIZE, (10, 10))
        mpv = self.mpv()
        self.wait_said(process, LEFT, "cannot be written")
        self.stop(process)
        self.assertEqual(self.level(mpv), others.FULL)
        self.assertOneLine(process.complained(), LEFT)

    def test_what_is_none_is_set_aside(self):
        self.journal().parent.mkdir(parents=True)
        for name, text in (("foreign", "[music]\nfile = x\n"), ("huge", "#" * (2 << 20)), ("bytes", "\0\n")):
            with self.subTest(name):
                self.journal().write_text(text)
                run = self.sv("restore")
                self.assertOneLine(run.err, "others.ini is not", "others.ini.old")
                self.assertEqual(run.out, "There is nothing to restore.\n")
                self.assertEqual(self.journal().with_name("others.ini.old").read_text(), text)
                self.assertFalse(self.journal().exists())
        self.journal().write_text("")
        self.assertEqual(self.sv("restore").err, "")
        self.assertFalse(self.journal().exists())

    def test_without_the_helper(self):
        """The program beside which it is not: it plays all the same."""
        directory = self.home.path("programs")
        directory.mkdir()
        for program in sv.BUILD.glob("stretchvoice-*"):
            if os.access(program, os.X_OK) and program.name != "stretchvoice-others":
                (directory / program.name).symlink_to(program)
        shutil.copy(sv.PROGRAM, directory)
        if pathlib.Path("/usr/local/libexec/stretchvoice").exists():
            self.skipTest("stretchvoice is installed")
        with subprocess.Popen([directory / "stretchvoice", "play", "--voice", "tone", *self.settings, "--device", "null", self.routine],
                              env=self.home.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            self.connect().wait_playing()
            process.terminate()
            self.assertOneLine(process.stderr.read().decode(), LEFT, "stretchvoice-others")


if __name__ == "__main__":
    unittest.main()
