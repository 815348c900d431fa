"""Other programs are lowered whatever the session does: it pauses, jumps, loses its sound, or plays in the background."""
import math
import unittest

import control
import heard
import others
import pulse
import sv


class Session(others.Case):
    def test_in_a_pause_they_are_up(self):
        process, mpv = self.begin_low()
        self.sv("pause")
        self.wait_level(mpv, others.FULL)
        self.assertEqual(self.connect().status()["state"], "paused")
        self.sv("resume")
        self.wait_low(mpv)
        self.stop(process)
        self.wait_level(mpv, others.FULL)

    def test_what_is_heard(self):
        """12 dB less under words: of a session that is itself too quiet to be measured."""
        self.pulse.record()
        process, mpv = self.begin_low("--set", "sound.volume=-60")
        heard.wait_recorded(self.pulse, others.RATE)
        low = self.loudest()
        self.sv("pause")
        self.wait_level(mpv, others.FULL)
        heard.wait_recorded(self.pulse, others.RATE)
        self.assertAlmostEqual(20 * math.log10(low / self.loudest()), -others.DEPTH, delta=0.3)
        self.stop(process)

    def loudest(self):
        """In the last fifth of a second."""
        return max(map(abs, self.pulse.recording()[0][-others.RATE // 5:]))

    def test_one_that_is_moved(self):
        self.pulse.load_sink("second")
        process, mpv = self.begin_low()
        self.assertIsNotNone(self.pulse.run("pactl", "move-sink-input", str(self.stream(mpv)["index"]), "second"))
        self.wait_noticed()
        self.assertAlmostEqual(others.decibels(self.level(mpv)), -others.DEPTH, delta=0.05)
        self.stop(process)
        self.wait_level(mpv, others.FULL)

    def test_sound_that_is_lost(self):
        """Then no words are heard. They are lowered again when it is back."""
        process, mpv = self.begin_low("--device", "null:lost-after=3")
        self.connect().wait_status(state="lost")
        sv.wait_for(lambda: others.decibels(self.level(mpv)) > 1 - others.DEPTH, "it to be raised")
        self.wait_low(mpv)
        self.stop(process)
        self.wait_level(mpv, others.FULL)

    def test_a_jump_over_the_words(self):
        """Those that were to come do not come."""
        self.routine.write_text(others.ROUTINE + "[next]\ntitle = B\nsay = B.\nhold = 60s\n")
        process, mpv = self.begin_low()
        self.connect().wait_status(step="hold")
        self.sv("next")
        self.wait_level(mpv, others.FULL)
        self.stop(process)

    def test_in_the_background(self):
        mpv = self.mpv()
        daemon = self.start("daemon")
        connection = self.connect()
        self.sv("play", "--background", "--voice", "tone", *self.settings, self.routine)
        self.wait_low(mpv)
        helper = self.helper(daemon)
        self.assertEqual(connection.ask("stop").code, 0)
        control.wait_gone(helper)
        self.wait_level(mpv, others.FULL)
        self.assertTrue(control.is_running(daemon.pid))

    def test_left_alone(self):
        mpv = self.mpv()
        process = self.start("play", "--voice", "tone", *self.settings, "--set", "others.while-speaking=leave", self.routine)
        connection = self.connect()
        connection.wait_playing()
        sv.wait_for(lambda: (connection.status()["frame"] or 0) > others.RATE, "words")
        self.assertEqual(self.level(mpv), others.FULL)
        self.assertFalse([name for name in control.children(process.pid).values() if name.startswith("stretchvoice-ot")])
        self.assertFalse(self.journal().exists())


class Flat(pulse.Quick):
    """Levels of streams are absolute: the device's is that of the loudest, and takes all of them with it."""

    def start(self):
        config = self.directory / ".config/pulse"
        config.mkdir(parents=True, exist_ok=True)
        (config / "daemon.conf").write_text("flat-volumes = yes\n")
        super().start()


class FlatVolumes(others.Case):
    server = Flat

    def setUp(self):
        super().setUp()
        self.remember()

    def set_device(self, level):
        self.assertIsNotNone(self.pulse.run("pactl", "set-sink-volume", "test", str(level)))

    def test_the_users_device_level(self):
        """Is no level of a stream: what is lowered stays so, by as much, and goes back by as much."""
        process, mpv = self.begin_low()
        for level in (others.HALF, others.MIDDLE, others.FULL // 3):
            self.set_device(level)
            self.wait_low(mpv, level)
        self.wait_noticed(others.FULL // 3)
        self.sv("pause")
        self.wait_level(mpv, others.FULL // 3)
        self.stop(process)
        self.assertAlmostEqual(self.level(mpv), others.FULL // 3, delta=2)

    def test_the_users_level_of_a_stream_stays(self):
        process, mpv = self.begin_low()
        self.set_level(mpv, others.HALF)
        self.wait_noticed()
        self.assertEqual(self.level(mpv), others.HALF)
        self.stop(process)
        self.assertEqual(self.level(mpv), others.HALF)

    def test_one_that_ends_while_it_is_low(self):
        self.set_device(others.HALF)
        process, mpv = self.begin_low(full=others.HALF)
        mpv.kill()
        mpv.wait()
        self.stop(process)
        self.wait_level(self.mpv(), others.HALF)


if __name__ == "__main__":
    unittest.main()
