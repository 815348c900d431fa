"""A session whose sound is lost and found: servers that are killed, frozen and replaced, devices that go and are let go."""
import os
import pathlib
import signal
import time
import unittest

import control
import heard
import sv
import term

RATE, NEAR = heard.RATE, heard.NEAR
MOMENT = RATE * 3 // 10  # frames; the ring holds three times as much
TRIES = 3


class LostCase(heard.TestCase):
    settings = heard.settings(wake="0.2s", lead_in="1s", change="0.5s")
    hold = 3

    def assert_few_words(self, process, *parts):
        self.assertLessEqual(len(process.complained().splitlines()), heard.MANY_LINES)
        for part in parts:
            self.assertIn(part, process.complained())


class Lost(LostCase):
    def test_B2_the_server_is_killed_and_comes_back(self):
        process, connection, frame = self.lose(self.pulse.kill)
        self.assert_few_words(process, "sound lost")
        self.pulse.stop_recording()
        self.pulse.start()
        self.assert_goes_on(process, connection, frame)
        self.assert_few_words(process)
        self.assertEqual(len(process.complained().splitlines()), 1)

    def test_B2_on_the_screen(self):
        """In its place, while it lasts. Nothing of it is left behind the session."""
        terminal = term.Terminal(self.home, "play", "--voice", "tone", self.routine)
        self.addCleanup(terminal.close)
        terminal.wait_row("Hold", 20)
        self.pulse.kill()
        terminal.wait_row("SOUND LOST  waiting for it")
        terminal.wait_row("sound lost: ")
        self.pulse.start()
        terminal.wait(lambda: not any("SOUND LOST" in row for row in terminal.rows()), "the sound to come back")
        self.assertEqual(sum("Session" in row for row in terminal.rows()), 1)
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        rows = [row for row in terminal.cells.main.lines() if row]
        self.assertEqual(len(rows), 1, rows)

    def test_B5_the_only_device_goes_and_comes_back(self):
        process, connection, frame = self.lose(self.pulse.unload_sink)
        self.pulse.load_sink()
        self.assertGreaterEqual(connection.wait_playing()["frame"], frame)
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")
        self.assert_few_words(process, "sound lost")

    def test_B2_a_pause_while_it_is_lost_stays_one(self):
        _, connection, frame = self.lose(self.pulse.kill)
        self.sv("pause")
        self.pulse.start()
        connection.wait_status(state="paused", device="pulse")
        self.assertEqual(connection.status()["frame"], frame)
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")

    def test_B3_the_server_is_frozen_for_six_seconds(self):
        """That is noticed within two seconds, with a line; status answers all the while; then the session goes on."""
        frozen = []

        def freeze():
            frozen.append(time.monotonic())
            self.pulse.freeze()
        process, connection, frame = self.lose(freeze)
        self.assertLess(time.monotonic() - frozen[0], 3 * sv.SLOW)
        self.assert_few_words(process, "sound lost", "does not answer")
        while time.monotonic() - frozen[0] < 6:
            asked = time.monotonic()
            self.assertEqual(self.sv("status", "--json").lines()[0]["frame"], frame)
            self.assertLess(time.monotonic() - asked, sv.SLOW)
        self.pulse.stop_recording()
        self.pulse.thaw()
        self.assert_goes_on(process, connection, frame)
        self.assert_few_words(process)

    def test_B3_a_frozen_server_does_not_hold_up_the_end(self):
        for end, code in ((lambda process: self.sv("stop"), 0), (lambda process: process.send_signal(signal.SIGTERM), 143),
                          (lambda process: process.send_signal(signal.SIGINT), 130), (lambda process: process.send_signal(signal.SIGHUP), 129)):
            with self.subTest(code):
                process = self.start("play", "--voice", "tone", self.routine)
                self.connect().wait_playing(20)
                self.pulse.freeze()
                begun = time.monotonic()
                end(process)
                self.assertEqual(process.wait(10 * sv.SLOW), code)
                self.assertLess(time.monotonic() - begun, 1.5 * sv.SLOW)
                self.assertFalse(control.socket_path(self.home).exists())
                self.assert_few_words(process)
                sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the helpers")
                self.pulse.thaw()

    def stop_for_a_moment(self, pid, moment=MOMENT):
        """Returns how many frames were recorded meanwhile."""
        begun = self.pulse.recorded_frames()
        os.kill(pid, signal.SIGSTOP)
        heard.wait_recorded(self.pulse, moment)
        os.kill(pid, signal.SIGCONT)
        return self.pulse.recorded_frames() - begun

    def starve(self):
        """The process, the frame at which the device was starved, and for how long; None in place of this if a busy machine made more of it than
        the ring and the watchdog allow for."""
        process, connection = self.begin()
        self.wait_hold(connection, side="right")
        [helper] = control.sound_helpers(process.pid)
        stopped = self.stop_for_a_moment(helper)
        taken = control.read_count(process.pid, "taken")
        dry = self.stop_for_a_moment(process.pid)  # the ring lasts for longer than that
        if max(stopped, dry) > 2 * MOMENT:
            return process, taken, None
        self.wait_hold(connection, side="left")
        self.assertEqual(control.read_count(process.pid, "underruns"), 0)
        return process, taken, stopped

    def test_B9_a_device_that_is_starved_for_a_while(self):
        """The schedule goes on in the time of the sound: it is late then, and skips no more than the server drops."""
        for _ in range(TRIES):
            process, taken, stopped = self.starve()
            if stopped:
                break
            self.sv("stop")
            process.wait(10 * sv.SLOW)
            self.pulse.stop_recording()
        self.assertIsNotNone(stopped, "this machine is too busy to stop a program for a moment")
        file, rows = self.rendered()
        sound = self.heard(file)
        said, end = rows[1]["frame"] + rows[1]["frames"], [row["frame"] for row in rows if row["type"] == "hold"][1]
        _, index = self.assert_heard(sound, rows[1]["frame"], said)
        later = taken + RATE // 10
        again, _ = self.assert_heard(sound, later, end, index)
        late = again - index - (later - said)
        self.assertGreater(late, RATE // 10)
        self.assertLess(late, stopped + heard.STALLED)
        self.assertEqual(process.complained(), "")

    def test_B9_a_sound_program_that_gets_no_processor_for_a_second_is_not_lost(self):
        """Its stream stays the same one: another could begin seconds later."""
        process, connection = self.begin()
        self.wait_hold(connection, side="right")
        [helper] = control.sound_helpers(process.pid)
        [stream] = self.pulse.run("pactl", "list", "short", "sink-inputs").splitlines()
        self.stop_for_a_moment(helper, RATE)
        self.wait_hold(connection, side="left")
        self.assertEqual(process.complained(), "")
        self.assertEqual(control.sound_helpers(process.pid), [helper])
        self.assertEqual(self.pulse.run("pactl", "list", "short", "sink-inputs").splitlines(), [stream])

    def test_B9_a_ring_that_runs_dry(self):
        """One line says so, however often."""
        process, connection = self.begin()
        for side in ("right", "left"):
            self.wait_hold(connection, side=side)
            os.kill(process.pid, signal.SIGSTOP)
            heard.wait_recorded(self.pulse, 3 * RATE)
            os.kill(process.pid, signal.SIGCONT)
            sv.wait_for(process.complained_in_all, "a word about it")
        self.assertOneLine(process.complained_in_all(), "too busy")


class Back(LostCase):
    """How soon, and at what cost."""

    AWAY = 20  # seconds

    def processor(self, pid):
        """Seconds that the process and all children that have ended have used."""
        values = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
        return sum(map(int, values)) / os.sysconf("SC_CLK_TCK")

    def test_soon_after_the_server_however_long_it_was_away(self):
        process, connection, frame = self.lose(self.pulse.kill)
        used = self.processor(process.pid)
        time.sleep(self.AWAY)
        self.assertLess(self.processor(process.pid) - used, self.AWAY / 20)
        self.pulse.start()
        back = time.monotonic()
        connection.wait_playing()
        self.assertLess(time.monotonic() - back, sv.SLOW)
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")
        self.assertEqual(len(process.complained().splitlines()), 1)

    def test_a_server_that_ends_while_a_session_starts_is_waited_for(self):
        for ms in (0, 20, 40):
            with self.subTest(ms):
                process = self.start("play", "--voice", "tone", self.routine)
                sv.wait_for(lambda process=process: control.sound_helpers(process.pid), "the sound program")
                time.sleep(ms / 1000)
                self.pulse.kill()
                connection = self.connect()
                connection.wait_status(state="lost")
                self.assert_few_words(process, "sound lost")
                self.pulse.start()
                connection.wait_playing()
                self.assert_few_words(process)
                self.sv("stop")
                self.assertEqual(process.wait(10 * sv.SLOW), 0)


class Crashing(LostCase):
    hold = 20

    def test_a_sound_program_that_crashes_each_second_has_one_line(self):
        process, connection = self.begin()
        for _ in range(5):
            [helper] = sv.wait_for(lambda: control.sound_helpers(process.pid), "the sound program")
            connection.wait_playing()
            os.kill(helper, signal.SIGKILL)
            control.wait_gone(helper, 3)
        connection.wait_playing()
        self.assertOneLine(process.complained(), "sound lost: the sound program ended unexpectedly; waiting for it")


class AnotherDevice(LostCase):
    """Sound that comes back where it was not lost."""

    def come_back_as_default(self):
        """The helper that is started again finds another name."""
        config = self.pulse.directory / "asound.conf"
        config.write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        self.pulse.start()

    def test_B5_is_not_played_on_unasked(self):
        process, connection, frame = self.lose(self.pulse.kill)
        self.come_back_as_default()
        status = connection.wait_status(state="paused")
        self.assertEqual((status["device"], status["frame"]), ("default", frame))
        self.assert_few_words(process, "sound is back on another output: default")
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")

    def test_B5_is_played_on_if_that_is_wanted(self):
        self.home.write("config/stretchvoice/stretchvoice.ini", "[sound]\non-lost = continue\n")
        process, connection, frame = self.lose(self.pulse.kill)
        self.come_back_as_default()
        self.assertGreaterEqual(connection.wait_playing()["frame"], frame)
        self.assertEqual(connection.status()["device"], "default")
        self.assert_few_words(process, "sound is back on another output: default")


class LetGo(heard.TestCase):
    settings = heard.settings(wake="1s", lead_in="0s", release="5s")

    def test_after_a_long_pause_the_device_is_let_go_and_woken_again(self):
        process, connection = self.begin()
        self.wait_hold(connection, side="right")
        self.sv("pause")
        frame = connection.status()["frame"]
        self.assertIn("stretchvoice", self.pulse.streams())
        sv.wait_for(lambda: "stretchvoice" not in self.pulse.streams(), "the device to be let go", 10)
        sv.wait_for(lambda: not control.sound_helpers(process.pid), "its program")
        status = connection.status()
        self.assertEqual((status["state"], status["frame"]), ("paused", frame))
        let_go = self.pulse.recorded_frames()
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame + RATE, "the session to go on", 15)

        file, _ = self.rendered()
        sound = self.heard(file)
        noise, _ = self.assert_heard(sound, RATE // 2, RATE * 3 // 4, let_go)  # which wakes the device
        again, _ = self.assert_heard(sound, frame + heard.GO, frame + RATE, let_go)
        self.assertLess(noise + RATE // 2, again)
        self.assertEqual(process.complained(), "")

    def test_an_idle_daemon_has_no_device(self):
        daemon = self.start("daemon")
        connection = self.connect()
        for _ in range(2):
            self.assertNotIn("stretchvoice", self.pulse.streams())
            self.sv("play", "--voice", "tone", "--background", self.routine)
            connection.wait_playing(20)
            self.assertIn("stretchvoice", self.pulse.streams())
            self.sv("stop")
            sv.wait_for(lambda: not control.children(daemon.pid), "the end of the helpers")
            sv.wait_for(lambda: "stretchvoice" not in self.pulse.streams(), "the device to be let go")


if __name__ == "__main__":
    unittest.main()
