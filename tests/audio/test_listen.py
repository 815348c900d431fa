"""`listen`: spoken commands, through a microphone that hears what a test says into it."""
import os
import pathlib
import re
import signal
import subprocess
import unittest

import control
import pulse
import sv

ROUTINE = """[routine]
title = Listening
[sit]
title = Sit
say = Sit tall.
hold = 300s
[lie]
title = Lie
say = Lie down.
hold = 300s
"""
EAR = sv.BUILD / "stretchvoice-ear"


def need_ear(test):
    if not EAR.exists():
        test.skipTest("stretchvoice-ear is not built: libpocketsphinx-dev or libspeexdsp-dev is missing")


def children(pid):
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def ear_of(pid):
    """The process of the helper that listens; None: there is none."""
    for child in children(pid):
        try:
            if os.readlink(f"/proc/{child}/exe") == str(EAR.resolve()):
                return child
        except OSError:
            continue
    return None


class Listening(sv.TestCase):
    """Two silent sinks: what is played into "mic" is what the microphone hears."""

    def setUp(self):
        super().setUp()
        need_ear(self)
        sv.need("flite", "paplay")
        self.server = pulse.Quick()
        self.addCleanup(self.server.close)
        self.server.load_sink("mic")
        self.server.run("pactl", "set-default-source", "mic.monitor")
        self.server.run("pactl", "set-default-sink", "test")
        for name in self.server.CLIENT:
            self.home.env[name] = self.server.env[name]
        self.routine = self.home.write("listening.ini", ROUTINE)

    def play(self, *options):
        self.sv("play", self.routine, "--background", *options)
        self.control = control.Control(self.home)
        self.addCleanup(self.control.close)
        self.addCleanup(self.stop)

    def start(self, *options):
        """In the foreground; and what it has said so far."""
        path = self.home.path("said")
        with open(path, "wb") as out:
            process = self.home.start("play", self.routine, "--plain", *options, stdout=out, stderr=out)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: self.home.run("status").code == 0, "the session")
        return process, path.read_text

    def stop(self):
        self.home.run("stop")

    def status(self):
        return dict(line.split(": ", 1) for line in self.sv("status").out.splitlines() if ": " in line)

    def recorders(self):
        """Of the session, as the server lists them."""
        text = self.server.run("pactl", "list", "source-outputs") or ""
        return len(re.findall(r"^Source Output #", text, re.MULTILINE))

    def wait_recorders(self, number):
        sv.wait_for(lambda: self.recorders() == number, f"{number} open microphones, not {self.recorders()}", 30)

    def prepare(self, words, voice):
        """A recording of these words, by a voice of flite."""
        path = self.home.path(f"{voice}.wav")
        command = ["flite", "-voice", voice, "-t", words, "-o", path]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return path

    def say(self, path):
        self.assertIsNotNone(self.server.run("paplay", "-d", "mic", str(path)))

    def wait_step(self, step):
        sv.wait_for(lambda: self.status().get("step") == step, f"step {step}, not {self.status()}", 30)

    def wait_listens(self, what):
        sv.wait_for(lambda: self.status().get("listens") == what, f"listens: {what}, not {self.status()}", 30)

    def order(self, words, voice="slt"):
        """Says it once the microphone is open."""
        path = self.prepare(words, voice)
        self.sv("listen")
        self.wait_recorders(1)
        self.say(path)


class Push(Listening):
    def test_a_command_is_understood_and_the_microphone_is_open_only_meanwhile(self):
        self.play("--listen", "push")
        self.wait_step("sit")
        self.assertEqual(self.recorders(), 0)
        self.order("next")
        self.wait_step("lie")
        self.wait_recorders(0)
        self.wait_listens(None)
        self.sv("listen")  # and nothing is said
        self.wait_listens("now")
        self.wait_listens(None)
        self.wait_recorders(0)
        self.assertEqual(self.status()["step"], "lie")

    def test_a_microphone_that_is_not_there(self):
        """It is said once, and the session goes on; the next one may be there."""
        process, said = self.start("--listen", "push", "--set", "sound.microphone=nosuch")
        self.wait_step("sit")
        for _ in range(2):
            self.sv("listen")
            self.wait_listens(None)
        self.assertEqual(self.status()["state"], "playing")
        self.assertEqual(self.recorders(), 0)
        self.stop()
        self.assertEqual(process.wait(), 0)
        self.assertEqual(said().count("it does not listen: "), 1, said())
        self.assertIn("nosuch", said())

    def test_off_it_opens_nothing(self):
        self.play()
        self.wait_step("sit")
        self.assertEqual(self.sv("listen").out, "I cannot listen.\n")
        self.assertEqual(self.recorders(), 0)
        self.assertIsNone(ear_of(self.control.pid))


class Wake(Listening):
    def test_the_wake_words_and_a_command_in_one_breath(self):
        self.play("--listen", "wake")
        self.wait_recorders(1)
        self.wait_listens("wake")
        self.wait_step("sit")
        self.say(self.prepare("hey coach, next", "rms"))
        self.wait_step("lie")
        self.wait_listens("wake")
        self.stop()
        self.wait_recorders(0)

    def test_a_program_that_is_killed_or_hangs_costs_the_session_nothing(self):
        self.play("--listen", "wake")
        self.wait_listens("wake")
        first = ear_of(self.control.pid)
        os.kill(first, signal.SIGKILL)
        sv.wait_for(lambda: ear_of(self.control.pid) not in (None, first), "another one that listens", 30)
        self.wait_listens("wake")
        second = ear_of(self.control.pid)
        os.kill(second, signal.SIGSTOP)
        sv.wait_for(lambda: ear_of(self.control.pid) != second, "the one that hangs to be ended", 30)
        status = self.status()
        self.assertEqual(status["state"], "playing")
        self.assertNotIn("late", status)

    def test_a_microphone_that_goes_away_and_comes_back(self):
        """It is said once that it has gone; the session goes on meanwhile."""
        process, said = self.start("--listen", "wake")
        self.wait_recorders(1)
        self.wait_listens("wake")
        self.server.run("pactl", "suspend-sink", "mic", "1")
        sv.wait_for(lambda: "it does not listen: the microphone is gone" in said(), "what is said of it", 30)
        self.assertEqual(self.status()["state"], "playing")
        self.server.run("pactl", "suspend-sink", "mic", "0")
        sv.wait_for(lambda: "it listens again" in said(), f"what is said of it, not {said()}", 30)
        self.wait_listens("wake")
        self.assertNotIn("late", self.status())
        self.stop()
        self.assertEqual(process.wait(), 0)
        self.assertEqual(said().count("it does not listen: "), 1)


if __name__ == "__main__":
    unittest.main()
