"""A voice that takes seconds for a sentence: until it has spoken enough, a soft sound says that the session waits."""
import re
import unittest

import heard
import sv
import wav

RATE = heard.RATE
SECONDS = 1  # a sentence
FAINT = 10  # faint noise wakes headphones


class Waiting(heard.TestCase):
    voice = None
    hold = 3

    def setUp(self):
        super().setUp()
        command = f"command = {sv.TOP}/tests/lib/engine.py lines --log={self.home.path('log')}"
        tone = (sv.TOP / "tests/voices/tone.ini").read_text()
        text = re.sub(r"(?m)^engine .*$", lambda _: f"engine = command\nspeaks = lines\n{command}", tone)
        self.home.write("config/stretchvoice/voices/slow.ini", text)

    def play_slowly(self, *options):
        self.pulse.record()
        self.begun = self.pulse.recorded_frames()
        process = self.start("play", "--voice", "slow", *self.settings, *options, self.routine, env={"SV_ENGINE_SECONDS": str(SECONDS)})
        connection = self.connect()
        status = connection.wait_status(state="waiting")
        self.assertEqual((status["position"], status["step"]), (0, None))
        heard.let_play(process)
        return process, connection

    def rendered_slowly(self):
        """From the cache, which holds the same clips; and the frame of its first word."""
        path = self.home.path("rendered.wav")
        self.sv("render", "--voice", "slow", *self.settings, self.routine, path)
        rows = self.sv("plan", "--json", "--voice", "slow", *self.settings, self.routine).lines()
        return wav.Wav(path), next(row["frame"] for row in rows if row["type"] == "speech")

    def test_it_is_heard_that_it_waits(self):
        process, _ = self.play_slowly()
        self.assertEqual(process.wait(60 * sv.SLOW), 0)
        file, first = self.rendered_slowly()
        sound = self.heard(file)
        begin, _ = self.assert_heard(sound, first, file.frames, self.begun)
        waited = sound.samples(self.begun, begin)
        tones = heard.regions([sample if abs(sample) > FAINT else 0 for sample in waited])
        self.assertGreaterEqual(len(tones), 2)
        self.assertGreaterEqual(tones[0][0], 3 * RATE - RATE // 4)  # less what is not recorded yet
        self.assertEqual(process.complained(), "")
        self.assertEqual(process.printed().splitlines()[:2], ["Heard: 1 step", "Waiting for the voice"])

    def test_a_pause_while_it_waits(self):
        """It is acknowledged, and then nothing begins by itself."""
        process, connection = self.play_slowly("--verbose")
        before = self.pulse.recorded_frames()
        self.sv("pause")
        connection.wait_status(state="paused")
        sv.wait_for(lambda: "ready after" in process.complained(), "enough words", 40)
        self.assertTrue(any(self.pulse.recorded()[heard.FRAME * before:]))
        self.assertEqual((connection.status()["state"], connection.status()["position"]), ("paused", 0))
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["position"] > 1, "the session to begin", 30)
        self.sv("stop")
        self.assertEqual(process.wait(20 * sv.SLOW), 0)


if __name__ == "__main__":
    unittest.main()
