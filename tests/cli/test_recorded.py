"""Recorded clips in the place of spoken sentences."""
import array
import math
import re
import subprocess
import unittest
import wave

import sv
import wav

ROUTINE = """[routine]
title = Recorded
closing = Over.
[sit]
title = Sit
say = Sit tall. Stay for {seconds} seconds.
hold = 5-6s
"""
PLAIN = ("--set", "count.tick=off", "--set", "pace.prepare=0s", "--set", "sound.wake=0s")


def record(path, rate=44100, channels=1, level=9000, seconds=0.5, lead=0):
    """A tone of 441 Hz."""
    frames = [int(level * math.sin(2 * math.pi * 441 * i / rate)) for i in range(int(seconds * rate))]
    samples = array.array("h", [0] * int(lead * rate) * channels + [max(-32768, min(32767, s)) for s in frames for _ in range(channels)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


class Recorded(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("recorded.ini", ROUTINE)
        self.clips = self.home.path("config/stretchvoice/voices/mine")
        self.clips.mkdir()
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        self.voice = self.home.write("config/stretchvoice/voices/mine.ini", text.replace("[phrases]", "clips = mine\n[phrases]", 1))

    def script(self, *options):
        return {line["text"]: line["id"] for line in self.sv("script", self.routine, "--voice", self.voice, "--json", *options).lines()}

    def render(self, **run):
        path = self.home.path("out.wav")
        run = self.sv("render", self.routine, path, "--voice", self.voice, *PLAIN, **run)
        rows = self.sv("plan", self.routine, "--json", "--voice", self.voice, *PLAIN).lines()[1:]
        return wav.Wav(path), {row["text"]: row for row in rows if "text" in row}, run


class Script(Recorded):
    def test_every_sentence_once(self):
        out = self.sv("script", self.routine, "--voice", self.voice).out.splitlines()
        self.assertTrue(all(re.fullmatch(r"[a-z2-9]{6}  \S.*", line) for line in out), out)
        texts = [line[8:] for line in out]
        self.assertEqual(len(texts), len(set(texts)))
        self.assertEqual(len({line[:6] for line in out}), len(out))
        for text in ("Recorded.", "Sit tall.", "Stay for 5 seconds.", "Stay for 6 seconds.", "Over.", "Paused."):
            self.assertIn(text, texts)
        self.assertLess(texts.index("Sit tall."), texts.index("Over."))
        self.assertEqual({text: line for text, line in self.script().items()}, {line[8:]: line[:6] for line in out})

    def test_missing(self):
        all_of_them = self.script()
        record(self.clips / f"{all_of_them['Sit tall.']}.wav")
        self.assertEqual(set(all_of_them) - set(self.script("--missing")), {"Sit tall."})

    def test_the_language_counts(self):
        before = self.script()
        self.voice.write_text(self.voice.read_text().replace("language = en", "language = en-gb"))
        self.assertFalse(set(before.values()) & set(self.script().values()))


class Play(Recorded):
    def test_any_sound_file(self):
        ids = self.script()
        for options in ({}, {"rate": 8000}, {"channels": 2, "rate": 48000}, {"level": 60000}, {"level": 300}, {"lead": 0.7}):
            with self.subTest(**options):
                record(self.clips / f"{ids['Sit tall.']}.wav", **options)
                sound, rows, run = self.render()
                self.assertEqual(run.err, "")
                row = rows["Sit tall."]
                self.assertAlmostEqual(row["frames"] / 48000, 0.5, delta=0.02)
                self.assertGreater(sound.peak(row["frame"], row["frame"] + 480), 1000)
                self.assertAlmostEqual(20 * math.log10(sound.peak(row["frame"], row["frame"] + 20000) / 32768), -17, delta=3)

    def test_other_sentences_are_spoken(self):
        _, spoken, _ = self.render()
        record(self.clips / f"{self.script()['Sit tall.']}.wav")
        _, rows, _ = self.render()
        self.assertNotEqual(rows["Sit tall."]["frames"], spoken["Sit tall."]["frames"])
        self.assertEqual(rows["Over."]["frames"], spoken["Over."]["frames"])

    def test_formats(self):
        name = self.clips / self.script()["Sit tall."]
        for ending in ("flac", "ogg", "opus", "mp3"):
            with self.subTest(ending=ending):
                record(self.home.path("tone.wav"))
                subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", self.home.path("tone.wav"), name.with_suffix(f".{ending}")], check=True)
                _, rows, _ = self.render()
                self.assertAlmostEqual(rows["Sit tall."]["frames"] / 48000, 0.5, delta=0.1)
                name.with_suffix(f".{ending}").unlink()

    def test_a_file_that_is_no_sound_is_spoken(self):
        _, spoken, _ = self.render()
        path = self.clips / f"{self.script()['Sit tall.']}.wav"
        for data in (b"", b"not a sound", b"RIFF" + bytes(100)):
            path.write_bytes(data)
            _, rows, run = self.render()
            self.assertEqual(rows["Sit tall."]["frames"], spoken["Sit tall."]["frames"])
        record(path, level=0)
        _, rows, run = self.render()
        self.assertEqual(rows["Sit tall."]["frames"], spoken["Sit tall."]["frames"])

    def test_no_directory(self):
        self.clips.rmdir()
        run = self.sv("render", self.routine, self.home.path("out.wav"), "--voice", self.voice, code=3)
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        self.assertIn("[voice] clips: no such directory", run.err)


if __name__ == "__main__":
    unittest.main()
