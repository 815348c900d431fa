"""What a session does to the sound of other programs, and that it is undone whatever happens."""
import array
import json
import math
import os
import signal
import subprocess
import unittest
import wave

import bus
import control
import heard
import pipewire
import pulse
import sv

RATE = heard.RATE
LOW_RATE = 8000
FULL = 65536
HALF = 32768
DEPTH = 12  # dB

WORDS = " ".join(["so many of these words that they last for long"] * 16)
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
        process = subprocess.Popen([*command, str(self.tone)], env=os.environ | self.pulse.env, stdin=subprocess.DEVNULL,
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

    # ---- the session ----

    def begin_low(self, *options):
        """A session in the middle of words, an mpv that is lowered."""
        other = self.mpv()
        process = self.start("play", "--voice", "tone", *self.settings, *options, self.routine)
        self.wait_low(other)
        return process, other

    def journal(self):
        return self.home.path("state/stretchvoice/others.ini")

    def helper(self, process):
        [helper] = [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-ot")]
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


class Lowered:
    """On each server."""

    def test_under_words_and_back_behind_them(self):
        """Each keeps its own level and its balance; the session's own stream keeps its level."""
        paplay = self.play_other("paplay")
        index = str(self.stream(paplay)["index"])
        self.pulse.run("pactl", "set-sink-input-volume", index, str(HALF), str(HALF // 2))
        self.routine.write_text(ROUTINE.replace(WORDS, WORDS[:len(WORDS) // 16]))
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

    def test_in_a_pause_they_are_up(self):
        process, mpv = self.begin_low()
        self.sv("pause")
        self.wait_level(mpv, FULL)
        self.assertEqual(self.connect().status()["state"], "paused")
        self.sv("resume")
        self.wait_low(mpv)
        self.stop(process)
        self.wait_level(mpv, FULL)

    def test_killed_it_is_undone_by_its_helper(self):
        process, mpv = self.begin_low()
        process.kill()
        self.wait_level(mpv, FULL)
        sv.wait_for(lambda: not self.journal().exists(), "the journal to go")

    def test_both_killed_restore_undoes_it(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.assertLess(decibels(self.level(mpv)), -DEPTH + 0.05)
        self.assertEqual(self.sv("restore").out, "Restored: 1 stream, 0 players.\n")
        self.wait_level(mpv, FULL)
        self.assertFalse(self.journal().exists())
        self.assertEqual(self.sv("restore").out, "There is nothing to restore.\n")

    def test_both_killed_the_next_start_undoes_it(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.sv("list")
        self.wait_level(mpv, FULL)

    def test_both_killed_what_the_user_has_set_since_stays(self):
        process, mpv = self.begin_low()
        self.kill_both(process)
        self.set_level(mpv, HALF)
        self.sv("restore")
        self.assertEqual(self.level(mpv), HALF)

    def test_what_the_user_sets_under_words_stays(self):
        process, mpv = self.begin_low()
        self.set_level(mpv, HALF)
        other = self.mpv()
        self.wait_low(other, HALF)
        self.assertEqual(self.level(mpv), HALF)
        self.stop(process)
        self.assertEqual(self.level(mpv), HALF)

    def test_one_that_begins_while_others_are_low(self):
        """The server gives it the level that it remembers of the same application: the lowered one."""
        process, _ = self.begin_low()
        late = self.mpv()
        self.wait_low(late)
        self.stop(process)
        self.wait_level(late, FULL)

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

    def test_two_sessions(self):
        """One leaves to the other what that has lowered, and neither touches the other's words."""
        process, mpv = self.begin_low()
        second = self.start("play", "--voice", "tone", "--socket", self.home.path("second"), *self.settings, self.routine)
        control.connect(self.home, path=self.home.path("second")).wait_playing()
        own = [stream for stream in self.streams() if stream["properties"].get("application.name") == "stretchvoice"]
        self.assertEqual({channel["value"] for stream in own for channel in stream["volume"].values()}, {FULL})
        self.assertAlmostEqual(decibels(self.level(mpv)), -DEPTH, delta=0.05)
        self.assertIn("A session is running", self.sv("restore").out)
        second.terminate()
        second.wait()
        self.assertAlmostEqual(decibels(self.level(mpv)), -DEPTH, delta=0.05)
        self.stop(process)
        self.wait_level(mpv, FULL)

    def test_left_alone(self):
        mpv = self.mpv()
        process = self.start("play", "--voice", "tone", *self.settings, "--set", "others.while-speaking=leave", self.routine)
        connection = self.connect()
        connection.wait_playing()
        sv.wait_for(lambda: connection.status()["frame"] > RATE, "words")
        self.assertEqual(self.level(mpv), FULL)
        self.assertFalse([name for name in control.children(process.pid).values() if name.startswith("stretchvoice-ot")])
        self.assertFalse(self.journal().exists())


class OnPulse(Lowered, Case):
    def setUp(self):
        super().setUp()
        self.pulse.run("pactl", "load-module", "module-stream-restore")

    def test_what_is_heard(self):
        """12 dB less under words: of a session that is itself too quiet to be measured."""
        self.pulse.record()
        process, mpv = self.begin_low("--set", "sound.volume=-60")
        heard.wait_recorded(self.pulse, RATE)
        low = self.loudest()
        self.sv("pause")
        self.wait_level(mpv, FULL)
        heard.wait_recorded(self.pulse, RATE)
        self.assertAlmostEqual(20 * math.log10(low / self.loudest()), -DEPTH, delta=0.3)
        self.stop(process)

    def loudest(self):
        """In the last fifth of a second."""
        return max(map(abs, self.pulse.recording()[0][-RATE // 5:]))

    def test_a_server_that_is_restarted(self):
        """What it remembers of before is undone, also what it has on disk."""
        process, mpv = self.begin_low()
        self.pulse.kill()
        mpv.wait()
        self.pulse.start()
        self.pulse.run("pactl", "load-module", "module-stream-restore")
        again = self.mpv()
        self.sv("stop")
        process.wait(10 * sv.SLOW)
        self.wait_level(again, FULL)
        self.wait_level(self.mpv(), FULL)

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
        self.wait_level(mpv, FULL)


class OnPipeWire(Lowered, Case):
    server = pipewire.PipeWire

    # What depends on the server in no way.
    test_left_alone = test_two_sessions = test_in_a_pause_they_are_up = test_both_killed_the_next_start_undoes_it = None
    test_both_killed_what_the_user_has_set_since_stays = test_killed_it_is_undone_by_its_helper = None


class Players(control.TestCase):
    """Paused for the session, on a bus of the test's own."""

    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)
        self.home.env |= self.bus.env
        self.play_player("one")
        self.play_player("two")
        self.playerctl("two", "pause")

    def play_player(self, name):
        process = subprocess.Popen([sv.BUILD / "tests/drivers/player", name], env=os.environ | self.bus.env, stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: name in self.bus.players(), f"the player {name}")

    def playerctl(self, player, *arguments):
        return self.bus.run("playerctl", "-p", player, *arguments).stdout.strip()

    def wait_status(self, player, status):
        sv.wait_for(lambda: self.playerctl(player, "status") == status, f"{player} to be {status}")

    def begin(self):
        process, _ = self.play("--set", "others.while-speaking=pause")
        self.wait_status("one", "Paused")
        return process

    def test_for_the_session(self):
        """Only what played goes on."""
        self.begin()
        self.sv("stop")
        self.wait_status("one", "Playing")
        self.assertEqual(self.playerctl("two", "status"), "Paused")

    def test_one_that_its_user_has_played_and_paused_again(self):
        """Is not ours any more: another that we paused shows that all has been done."""
        self.play_player("three")
        self.begin()
        self.wait_status("three", "Paused")
        journal = self.home.path("state/stretchvoice/others.ini")
        self.playerctl("one", "play")
        sv.wait_for(lambda: journal.read_text().count("owner") == 1, "it to be forgotten")
        self.playerctl("one", "pause")
        self.sv("stop")
        self.wait_status("three", "Playing")
        self.assertEqual(self.playerctl("one", "status"), "Paused")

    def test_killed_they_go_on(self):
        process = self.begin()
        process.kill()
        self.wait_status("one", "Playing")

    def kill_both(self):
        process = self.begin()
        [helper] = [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-ot")]
        os.kill(helper, signal.SIGSTOP)
        process.kill()
        process.wait()
        os.kill(helper, signal.SIGKILL)
        control.wait_gone(helper)

    def test_both_killed_restore_lets_them_go_on(self):
        self.kill_both()
        self.assertEqual(self.sv("restore").out, "Restored: 0 streams, 1 player.\n")
        self.wait_status("one", "Playing")
        self.assertEqual(self.playerctl("two", "status"), "Paused")

    def test_both_killed_a_start_without_the_bus_forgets_nothing(self):
        self.kill_both()
        elsewhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        self.assertOneLine(self.sv("restore", env=elsewhere, code=1).err, "message bus does not answer")
        self.assertEqual(self.sv("restore").out, "Restored: 0 streams, 1 player.\n")


if __name__ == "__main__":
    unittest.main()
