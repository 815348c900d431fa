"""A session with music on a real sound server: recorded, and compared with the file that the same session renders to."""
import array
import os
import signal
import unittest

import control
import heard
import tunes

RATE, NEAR = heard.RATE, heard.NEAR


class Music(heard.TestCase):
    def setUp(self):
        super().setUp()
        tune = tunes.make(self.home.path("music/noise.ogg"), seconds=4, rate=44100)  # it begins anew a few times
        self.settings = [*self.settings, "--set", f"music.file={tune}", "--set", "music.fade=0.5s"]

    def rendered_without_music(self):
        settings, self.settings = self.settings, [*self.settings, "--set", "music.file="]
        rendered = self.rendered()
        self.settings = settings
        return rendered

    def test_live_and_rendered_differ_in_no_frame(self):
        file, _ = self.rendered()
        process, _ = self.begin()
        self.assertEqual(process.wait(60), 0)
        self.assertEqual(process.complained(), "")
        self.assertIsNotNone(self.heard(file).place(NEAR, file.frames - NEAR)[0])

    def test_one_that_is_measured_for_seconds_comes_in_later(self):
        """Nothing waits for it: until then it is a session without music."""
        self.settings += ["--set", "sound.wake=0s"]
        words, rows = self.rendered_without_music()
        tune = tunes.make(self.home.path("music/long.wav"), seconds=600, rate=8000, channels=1)
        self.settings += ["--set", f"music.file={tune}"]
        process, connection = self.begin()
        [decoder] = [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-mu")]
        os.kill(decoder, signal.SIGSTOP)
        self.wait_hold(connection, side="right")
        os.kill(decoder, signal.SIGCONT)
        self.assertEqual(process.wait(60), 0)
        self.assertRegex(process.complained(), r"\Astretchvoice: measuring how loud the music is: \S*long.wav\n\Z")
        go = next(row["frame"] for row in rows if row["type"] == "hold")
        sound = self.heard(words)
        begin, _ = self.assert_heard(sound, next(row["frame"] for row in rows if row["type"] == "speech"), go)
        left = [row for row in rows if row["type"] == "hold"][1]["frame"]
        self.assertFalse(sound.is_silent(begin + left + 3 * RATE, begin + left + 4 * RATE))

    def test_in_a_pause_it_fades_out_and_goes_on_where_it_was(self):
        process, connection = self.begin()
        self.wait_hold(connection, side="right")
        connection.ask("pause")
        heard.wait_recorded(self.pulse, 4 * RATE)
        connection.ask("resume")
        self.wait_hold(connection, side="left")
        connection.ask("stop")
        self.assertEqual(process.wait(60), 0)
        heard.wait_recorded(self.pulse, self.server.LAG)
        recording = array.array("h", self.pulse.recorded())[0::2]
        silent = heard.regions([not any(recording[at:at + RATE // 100]) for at in range(0, len(recording), RATE // 100)], apart=2)
        inside = [(begin, end) for begin, end in silent if end - begin > 100 and begin > 100 and end < len(recording) * 100 // RATE - 10]
        self.assertEqual(len(inside), 1, "one silence of more than a second, that of the pause")


if __name__ == "__main__":
    unittest.main()
