"""What becomes of a session when the machine sleeps, or its clock is set."""
import datetime
import os
import re
import subprocess
import time
import unittest

import control
import sv

QUICK = [word for setting in ("pace.prepare=0s", "pace.gap=0s", "pace.words=brief", "sound.wake=0s") for word in ("--set", setting)]

FAR_LESS = 60 * 48000  # frames: than the hour by which the clocks jump, and far more than any machine is late


FIVE = "[routine]\ntitle = Five\n" + "".join(f"[{name}]\ntitle = {name.title()}\nsay = Hold on.\nhold = {hold}s\n" for name, hold in
                                             (("first", "20-60"), ("second", "20-25"), ("third", "20-25"), ("fourth", "20-25"), ("last", "20-25")))


@unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
class Clocks(control.TestCase):
    def setUp(self):
        super().setUp()
        sv.need("cc")
        library = self.home.path("clocks.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/clocks.c", "-ldl"], check=True)
        self.clocks = self.home.path("clocks")
        self.clocks.mkdir()
        self.home.env |= {"LD_PRELOAD": str(library), "CLOCKS": str(self.clocks)}

    def jump(self, clock, seconds):
        """All at once, as far as the program can see."""
        new = self.home.write("jump", str(seconds))
        os.rename(new, self.clocks / str(clock))

    def play_hold(self):
        process, connection = self.play(*QUICK)
        connection.go_to("first")
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold")
        return process, connection

    def wait_played(self, connection, frames):
        begin = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] >= begin + frames, "the session to go on")

    def test_B7_a_machine_that_slept_in_a_hold_is_paused(self):
        """The position is kept, and it says so; nothing is made up for."""
        process, connection = self.play_hold()
        before = connection.status()
        self.jump(time.CLOCK_BOOTTIME, 3600)
        status = connection.wait_status(state="paused")
        self.assertEqual(status["step"], "first")
        self.assertLess(status["frame"] - before["frame"], FAR_LESS)
        self.assertOneLine(process.complained(), "asleep")
        self.sv("resume")
        self.wait_played(connection, 48000)
        self.assertEqual(connection.status()["step"], "first")
        self.assertOneLine(process.complained(), "asleep")

    def test_B7_a_daemon_too(self):
        daemon = self.start("daemon")
        connection = self.connect()
        self.sv(*self.play_words("--background", *QUICK))
        connection.wait_playing()
        self.jump(time.CLOCK_BOOTTIME, 3600)
        connection.wait_status(state="paused")
        self.assertIsNone(daemon.poll())

    def test_a_moment_is_no_sleep(self):
        process, connection = self.play_hold()
        self.jump(time.CLOCK_BOOTTIME, 2)
        self.wait_played(connection, 48000)
        self.assertEqual((connection.status()["state"], process.complained()), ("playing", ""))

    def test_a_pause_stays_one(self):
        process, connection = self.play_hold()
        self.sv("pause")
        status = connection.status()
        self.jump(time.CLOCK_BOOTTIME, 3600)
        self.assertEqual(connection.status(), status)
        self.sv("resume")
        self.wait_played(connection, 48000)
        self.assertEqual(process.complained(), "")

    def test_B8_the_clock_is_set(self):
        """An hour forward, and back: the session keeps its own time."""
        process, connection = self.play_hold()
        for seconds in (3600, -3600, 0):
            begin, begun = connection.status()["frame"], time.monotonic()
            self.jump(time.CLOCK_REALTIME, seconds)
            self.wait_played(connection, 48000)
            passed = connection.status()["frame"] - begin - (time.monotonic() - begun) * 48000
            self.assertLess(abs(passed), FAR_LESS)
        self.assertEqual((connection.status()["state"], process.complained()), ("playing", ""))

    def test_after_a_pause_it_still_ends_in_time(self):
        """Of steps of 20 seconds and more, some have to be left out for a pause of a minute: it says which."""
        self.routine = self.home.write("five.ini", FIVE)
        end = datetime.datetime.now() + datetime.timedelta(seconds=180)
        process, connection = self.play("--plain", *QUICK, "--until", end.strftime("%H:%M:%S"))
        self.assertNotIn("without", process.printed())
        self.sv("pause")
        self.jump(time.CLOCK_REALTIME, 60)
        self.sv("resume")
        said = sv.wait_for(lambda: re.findall(r"^.*Today without (.*)\.$", process.printed(), re.MULTILINE), "what is left out")
        self.assertIn(said, [["Third and Fourth"], ["Fourth"]], "the later of equals, and not the ends")
        status = connection.status()
        left = (end - datetime.datetime.now()).total_seconds() - 60
        self.assertLess(abs(status["length"] - status["position"] - left), 30)  # the length is an estimate


if __name__ == "__main__":
    unittest.main()
