"""Recorded clips in the place of spoken sentences."""
import array
import math
import os
import re
import subprocess
import unittest
import wave

import sv
import term
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
        for text in ("all keys", "?"):  # is only shown
            self.assertNotIn(text, texts)
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
        path.unlink()
        for make in (lambda name: name.write_text("a text"), os.mkfifo, os.mkdir, lambda name: name.symlink_to("/nowhere")):
            flac = path.with_suffix(".flac")
            make(flac)
            _, rows, run = self.render()
            self.assertEqual(rows["Sit tall."]["frames"], spoken["Sit tall."]["frames"])
            flac.rmdir() if flac.is_dir() else flac.unlink()
        record(path, level=0)
        _, rows, run = self.render()
        self.assertEqual(rows["Sit tall."]["frames"], spoken["Sit tall."]["frames"])

    def test_a_profile_by_a_relative_path(self):
        record(self.clips / f"{self.script()['Sit tall.']}.wav")
        relative = self.voice.relative_to(self.home.directory)
        missing = self.sv("script", self.routine, "--voice", relative, "--missing").out
        self.assertNotIn("Sit tall.", missing)

    def test_no_directory(self):
        self.clips.rmdir()
        run = self.sv("render", self.routine, self.home.path("out.wav"), "--voice", self.voice, code=3)
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        self.assertIn("[voice] clips: no such directory", run.err)


class Record(Recorded):
    """What needs no microphone; the rest is in tests/audio/test_record.py."""

    def record(self, *options, voice=None):
        terminal = term.Terminal(self.home, "record", self.routine, "--voice", voice or self.voice, *options, columns=200, env={"NO_COLOR": "1"})
        self.addCleanup(terminal.close)
        return terminal

    def test_needs_a_terminal(self):
        run = self.sv("record", self.routine, "--voice", self.voice, code=2)
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        self.assertIn("run it in a terminal", run.err)

    def refused(self, voice):
        terminal = self.record(voice=voice)
        self.assertEqual(terminal.wait_end(), 3)
        self.assertEqual(len(terminal.shown.decode().splitlines()), 1, terminal.shown)
        return terminal.shown.decode()

    def test_a_profile_without_a_place(self):
        self.voice.write_text("[voice]\nbase = tone\n")
        self.assertIn(f"{self.voice}:1: [voice] clips: missing", self.refused(self.voice))
        self.assertIn("clips = recorded", self.refused("mine"))

    def test_a_profile_that_is_shipped(self):
        own = self.home.path("config/stretchvoice/voices/mine.ini")
        for voice, lines in (("en", "'base = en'"), ("en-029", "'language = en-029'")):
            shown = self.refused(voice)
            self.assertIn(lines, shown)
            self.assertIn(f"write {own} ", shown)

    def test_a_directory_that_cannot_be_written(self):
        self.voice.write_text("[voice]\nbase = tone\nclips = /dev/null/mine\n")
        self.assertIn(f"{self.voice}:3: [voice] clips: cannot be written", self.refused(self.voice))

    def test_makes_the_directory(self):
        self.clips.rmdir()
        terminal = self.record()
        terminal.wait_shown("1 of ")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertTrue(self.clips.is_dir())
        self.assertTrue(terminal.is_restored())

    def test_no_microphone(self):
        terminal = self.record()
        terminal.wait_shown("1 of ")
        terminal.forget()
        terminal.type(" ")
        terminal.wait_shown("There is no take")
        self.assertEqual(len(terminal.shown.decode().splitlines()), 1, terminal.shown)
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_all_recorded(self):
        for name in self.script().values():
            record(self.clips / f"{name}.wav")
        terminal = self.record()
        terminal.wait_shown("1 of ")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertIn(f"All {len(self.script())} sentences are recorded.", terminal.shown.decode())


class Check(Recorded):
    def check(self, *arguments, code=0):
        return self.sv("check", *arguments, "--voice", self.voice, code=code).err.splitlines()

    def test_how_many_are_spoken(self):
        n = len(self.script())
        record(self.clips / f"{self.script()['Sit tall.']}.wav")
        [line] = self.check(self.routine, "--strict")
        self.assertTrue(line.startswith(f"{self.routine}: {n - 1} of {n} sentences are still spoken"), line)

    def test_nothing_of_it_without_recordings(self):
        self.assertEqual(self.sv("check", self.routine, "--voice", "tone").err, "")

    def test_a_file_that_belongs_to_nothing(self):
        record(self.clips / f"{self.script()['Over.']}.wav")
        self.routine.write_text(ROUTINE.replace("Over.", "Over now."))
        (self.clips / "notes.txt").write_text("mine")
        record(self.clips / "sit.wav")
        names = sorted(path for path in self.clips.glob("*.wav"))
        lines = self.check(self.routine)
        self.assertEqual([line.split(": warning: belongs to no sentence")[0] for line in lines[1:]], [str(name) for name in names])
        self.check(self.routine, "--strict", code=3)

    def test_of_other_routines(self):
        """The profile serves all of them, so their recordings belong to something."""
        other = self.home.write("data/stretchvoice/routines/other.ini", ROUTINE.replace("Sit tall.", "Sit up."))
        ids = {line["text"]: line["id"] for line in self.sv("script", other, "--voice", self.voice, "--json").lines()}
        record(self.clips / f"{ids['Sit up.']}.wav")
        self.assertEqual(len(self.check(self.routine)), 1)
        other.unlink()
        self.assertEqual(len(self.check(self.routine)), 2)

    def test_of_other_settings(self):
        ids = self.script()
        record(self.clips / f"{ids['8 seconds to get there.']}.wav")
        self.assertEqual(len(self.check(self.routine, "--set", "pace.prepare=12s")), 1)

    def test_of_other_profiles(self):
        """Those of one person in several languages may share a directory."""
        self.home.write("data/stretchvoice/routines/other.ini", ROUTINE.replace("closing", "language = de\nclosing"))
        other = self.home.write("config/stretchvoice/voices/meine.ini", "[voice]\nbase = de\nclips = mine\n")
        ids = {line["text"]: line["id"] for line in self.sv("script", "other", "--voice", "meine", "--json").lines()}
        record(self.clips / f"{ids['Sit tall.']}.wav")
        self.assertEqual(len(self.check(self.routine)), 1)
        other.unlink()
        self.assertEqual(len(self.check(self.routine)), 2)

    def test_of_a_profile(self):
        record(self.clips / "zzzzzz.wav")
        lines = self.sv("check", self.voice).err.splitlines()
        counts = re.search(r"mine.ini: (\d+) of (\d+) sentences are still spoken", "\n".join(lines))
        self.assertGreater(int(counts[1]), 100)  # of all routines that are shipped
        self.assertEqual(counts[1], counts[2])
        self.assertEqual([line.split(": ")[0] for line in lines if "belongs to no sentence" in line], [str(self.clips / "zzzzzz.wav")])


if __name__ == "__main__":
    unittest.main()
