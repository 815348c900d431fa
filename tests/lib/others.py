"""Other programs that play on a server of the test's own, and a session that lowers them."""
import array
import json
import math
import os
import signal
import subprocess
import wave

import control
import heard
import sv

RATE = heard.RATE
LOW_RATE = 8000
FULL = 65536
HALF = 32768
LOUD = 90000
DEPTH = 12  # dB
MIDDLE = round(FULL * 10 ** (-DEPTH / 2 / 60))  # a step on the way

WORD = "so many of these words that they last for long"
WORDS = " ".join([WORD] * 16)
ROUTINE = f"""[routine]
title = Others
[hold]
title = A
say = {WORDS}.
hold = 40s
"""


def decibels(level, full=FULL):
    return 60 * math.log10(max(level or 0, 1) / full)


def write_tone(path):
    """A minute of it."""
    second = array.array("h", [round(8000 * math.sin(2 * math.pi * 440 * n / LOW_RATE)) for n in range(LOW_RATE) for _ in range(2)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(LOW_RATE)
        for _ in range(60):
            file.writeframes(second.tobytes())


class Case(heard.TestCase):
    settings = [*heard.settings(wake="0s"), "--set", "others.while-speaking=lower"]

    def setUp(self):
        super().setUp()
        sv.need("mpv", "paplay")
        self.routine.write_text(ROUTINE)
        self.tone = self.home.path("tone.wav")
        write_tone(self.tone)

    # ---- other programs ----

    def play_other(self, *command):
        """Another program that plays, until the test ends; its process."""
        process = subprocess.Popen([*map(str, command), str(self.tone)], env=os.environ | self.pulse.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: self.level(process), f"{command[0]} to play")
        return process

    def mpv(self):
        return self.play_other("mpv", "--no-config", "--ao=pulse", "--no-terminal", "--loop")

    def streams(self):
        return json.loads(self.pulse.run("pactl", "--format=json", "list", "sink-inputs") or "[]")

    def stream(self, process):
        return next((stream for stream in self.streams() if stream["properties"].get("application.process.id") == str(process.pid)), None)

    def level(self, process):
        stream = self.stream(process)
        return stream and max(channel["value"] for channel in stream["volume"].values())

    def set_level(self, process, level):
        self.assertIsNotNone(self.pulse.run("pactl", "set-sink-input-volume", str(self.stream(process)["index"]), str(level)))

    def wait_level(self, process, level):
        """Rounded by the server."""
        sv.wait_for(lambda: abs((self.level(process) or 0) - level) <= 2, f"level {level} (it is {self.level(process)})")

    def wait_low(self, process, full=FULL):
        sv.wait_for(lambda: abs(decibels(self.level(process), full) + DEPTH) < 0.05, "it to be lowered")

    def remember(self):
        """From now on PulseAudio remembers the level of each application, as it does for a user."""
        self.assertIsNotNone(self.pulse.run("pactl", "load-module", "module-stream-restore"))

    # ---- the session ----

    def begin_low(self, *options, full=FULL):
        """A session in the middle of words, an mpv that is lowered."""
        other = self.mpv()
        process = self.start("play", "--voice", "tone", *self.settings, *options, self.routine)
        self.wait_low(other, full)
        return process, other

    def journal(self):
        return self.home.path("state/stretchvoice/others.ini")

    def helpers(self, process):
        return [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-ot")]

    def helper(self, process):
        [helper] = self.helpers(process)
        return helper

    def kill_both(self, process):
        """The program and its helper, at once: none can undo anything."""
        helper = self.helper(process)
        os.kill(helper, signal.SIGSTOP)
        process.kill()
        process.wait()
        os.kill(helper, signal.SIGKILL)
        control.wait_gone(helper)

    def stop(self, process):
        """And what its helper still does is done."""
        helper = self.helper(process)
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        control.wait_gone(helper)
        self.assertFalse(self.journal().exists())

    def wait_noticed(self, full=FULL):
        """A program that begins now is lowered: whatever happened before has been looked at."""
        other = self.play_other("paplay")
        self.wait_low(other, full)
        return other


class Lowered:
    """What is the same on each server."""

    def test_under_words_and_back_behind_them(self):
        """Each keeps its own level and its balance; the session's own stream keeps its level."""
        paplay = self.play_other("paplay")
        index = str(self.stream(paplay)["index"])
        self.pulse.run("pactl", "set-sink-input-volume", index, str(HALF), str(HALF // 2))
        self.routine.write_text(ROUTINE.replace(WORDS, WORD))
        process, mpv = self.begin_low()
        self.wait_low(paplay, HALF)
        own = next(stream for stream in self.streams() if stream["properties"].get("application.name") == "stretchvoice")
        self.assertEqual({channel["value"] for channel in own["volume"].values()}, {FULL})
        self.assertNotIn("media.role", own["properties"])
        connection = self.connect()
        sv.wait_for(lambda: connection.status()["hold_left"], "the hold")
        self.wait_level(mpv, FULL)
        self.wait_level(paplay, HALF)
        left, right = (self.stream(paplay)["volume"][side]["value"] for side in ("front-left", "front-right"))
        self.assertLess(abs(left - HALF), 3)
        self.assertLess(abs(right - HALF // 2), 3)
        self.stop(process)

    def test_what_the_user_sets_under_words_stays(self):
        """Also where it was before, and in the middle of what a program of ours could have set."""
        process, first = self.begin_low()
        up, between, half = first, self.mpv(), self.mpv()
        self.wait_low(between)
        self.wait_low(half)
        for other, level in ((up, FULL), (between, MIDDLE), (half, HALF)):
            self.set_level(other, level)
        self.wait_noticed()
        self.assertEqual([self.level(other) for other in (up, between, half)], [FULL, MIDDLE, HALF])
        self.stop(process)
        self.assertEqual([self.level(other) for other in (up, between, half)], [FULL, MIDDLE, HALF])

    def test_what_the_user_sets_between_words_is_its_level(self):
        self.routine.write_text(ROUTINE.replace(WORDS, WORD))
        process, mpv = self.begin_low()
        connection = self.connect()
        sv.wait_for(lambda: connection.status()["hold_left"], "the hold")
        self.wait_level(mpv, FULL)
        self.set_level(mpv, MIDDLE)
        self.sv("where")
        self.wait_low(mpv, MIDDLE)
        self.wait_level(mpv, MIDDLE)
        self.stop(process)
        self.assertEqual(self.level(mpv), MIDDLE)

    def test_what_the_user_sets_on_the_way_up_stays(self):
        process, mpv = self.begin_low()
        other = self.wait_noticed()
        self.sv("pause")
        sv.wait_for(lambda: decibels(self.level(mpv)) > 1 - DEPTH, "the way up")
        self.set_level(mpv, HALF // 2)
        self.wait_level(other, FULL)
        self.assertEqual(self.level(mpv), HALF // 2)
        self.stop(process)
        self.assertEqual(self.level(mpv), HALF // 2)

    def test_one_that_is_muted(self):
        mpv = self.mpv()
        self.assertIsNotNone(self.pulse.run("pactl", "set-sink-input-mute", str(self.stream(mpv)["index"]), "1"))
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        self.wait_low(mpv)
        self.assertTrue(self.stream(mpv)["mute"])
        self.stop(process)
        self.wait_level(mpv, FULL)
        self.assertTrue(self.stream(mpv)["mute"])

    def test_of_any_shape(self):
        """One channel, six, and louder than the server's full level."""
        raw = "pacat", "--raw", "--format=s16le", f"--rate={LOW_RATE}"
        shapes = [self.play_other(*raw, "--channels=1"), self.play_other(*raw, "--channels=6"), self.play_other("paplay")]
        self.set_level(shapes[2], LOUD)
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        for other, level in zip(shapes, (FULL, FULL, LOUD)):
            self.wait_low(other, level)
        self.assertEqual([len(self.stream(other)["volume"]) for other in shapes], [1, 6, 2])
        self.stop(process)
        for other, level in zip(shapes, (FULL, FULL, LOUD)):
            self.wait_level(other, level)

    def test_one_that_begins_while_others_are_low(self):
        """The server gives it the level that it remembers of the same application: the lowered one."""
        process, _ = self.begin_low()
        late = [self.play_other("paplay"), self.mpv(), self.play_other("paplay")]
        for other in late:
            self.wait_low(other)
        self.stop(process)
        for other in late:
            self.wait_level(other, FULL)

    def test_one_that_ends_while_it_is_low(self):
        """The application's next stream has its level, under words and afterwards."""
        process, mpv = self.begin_low()
        mpv.kill()
        mpv.wait()
        for _ in range(2):
            again = self.mpv()
            self.wait_low(again)
            again.kill()
            again.wait()
        self.stop(process)
        self.wait_level(self.mpv(), FULL)

    def test_both_killed_restore_undoes_it(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.assertLess(decibels(self.level(mpv)), -DEPTH + 0.05)
        self.assertEqual(self.sv("restore").out, "Restored: 1 stream, 0 players.\n")
        self.wait_level(mpv, FULL)
        self.assertFalse(self.journal().exists())
        self.assertEqual(self.sv("restore").out, "There is nothing to restore.\n")

    def test_both_killed_and_the_other_program_ends(self):
        """Its next stream would have the level that the server remembers."""
        process, mpv = self.begin_low()
        self.kill_both(process)
        mpv.kill()
        mpv.wait()
        sv.wait_for(lambda: not self.streams(), "the server to notice it")
        self.assertEqual(self.sv("restore").out, "Restored: 1 stream, 0 players.\n")
        self.assertFalse(self.journal().exists())
        self.wait_level(self.mpv(), FULL)
