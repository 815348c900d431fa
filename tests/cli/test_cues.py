"""The sounds of [cues]: built in, off, or from a sound file."""
import math
import os
import signal
import subprocess
import unittest
import wave

import control
import sv
import wav

ROUTINE = """[routine]
title = Cues
closing = Over.
[sit]
title = Sit
sets = 2
rest = 10s
sides = right, left
say = Sit.
hold = 4s
"""
PLAIN = ("--voice", "tone", "--set", "pace.prepare=0s", "--set", "sound.wake=0s", "--set", "count.countdown=0", "--set", "count.announce=off")


def tone(path, rate=48000, channels=1, width=2, seconds=0.4, lead=0.0, level=0.3):
    """Of 1,000 Hz, behind a silence."""
    full = 2 ** (8 * width - 1) - 1
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        samples = [0] * int(lead * rate) + [int(level * full * math.sin(2 * math.pi * 1000 * i / rate)) for i in range(int(seconds * rate))]
        file.writeframes(b"".join(sample.to_bytes(width, "little", signed=True) * channels for sample in samples))
    return path

# Its LIST chunk makes libsndfile 1.2 turn for ever.
TURNS = b"RIFF\x86\6\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80>\0\0\0}\0\0\2@\x10\0LIST\x1a\0\1\0\0\0" + bytes.fromhex("ff00" + "ff" * 7 + "00f8") + b"\xff" * 59 + bytes(40)

class Cues(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("cues.ini", ROUTINE)

    def read_and_stop(self, sound):
        """The program and the process that reads a sound file for it, in the middle of that."""
        while True:
            process = self.home.start("render", *PLAIN, self.routine, self.home.path("out.wav"), "--set", f"cues.go={sound}", stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            self.addCleanup(process.wait)
            while not (readers := control.children(process.pid)) and process.poll() is None:
                pass
            process.send_signal(signal.SIGSTOP)
            if readers:
                return process, *readers

    def test_what_reads_a_file_ends_with_the_program(self):
        process, reader = self.read_and_stop(tone(self.home.path("long.wav"), rate=192000, seconds=5))
        process.kill()
        control.wait_gone(reader)

    def settings(self, text):
        return self.home.write("config/stretchvoice/stretchvoice.ini", text)

    def plan(self, *options):
        return self.sv("plan", "--json", *PLAIN, *options, self.routine).lines()[1:]

    def render(self, *options):
        path = self.home.path("cues.wav")
        self.sv("render", *PLAIN, *options, self.routine, path)
        return wav.Wav(path), self.plan(*options)

    def refused(self, *options):
        run = self.sv("plan", *options, self.routine, code=3)
        [line] = run.err.splitlines()
        return line


class Files(Cues):
    def hear(self, path):
        """Its sound in the place of `end`, which stands behind a second of silence: the samples of the louder channel."""
        sound, rows = self.render("--set", f"cues.end={path}", "--set", "count.tick=off")
        row = next(row for row in rows if row["type"] == "end")
        channels = [samples[row["frame"]:row["frame"] + row["frames"]] for samples in (sound.mono, sound.right)]
        self.assertFalse(any(sound.mono[row["frame"] - 4800:row["frame"]]))
        return max(channels, key=lambda samples: max(map(abs, samples)))

    def check(self, path, seconds=0.4):
        samples = self.hear(path)
        peak = max(map(abs, samples))
        self.assertAlmostEqual(len(samples) / 48000, seconds, delta=0.002)
        self.assertGreater(max(map(abs, samples[:4])), peak * 10 ** (-50 / 20), "it does not begin on its frame")
        self.assertTrue(-18.2 < 20 * math.log10(peak / 32768) <= -15.9, peak)
        zeros = sum((a < 0) != (b < 0) for a, b in zip(samples, samples[1:]))
        self.assertAlmostEqual(zeros / 2 / seconds, 1000, delta=12)

    def test_any_rate_and_width(self):
        for name, options in {"8k": {"rate": 8000}, "44.1k": {"rate": 44100}, "stereo": {"channels": 2}, "24 bits": {"width": 3},
                              "six channels": {"channels": 6, "rate": 96000}, "behind a silence": {"lead": 0.5}, "faint": {"level": 0.001}}.items():
            with self.subTest(name):
                self.check(tone(self.home.path("tone.wav"), **options))

    def test_other_formats(self):
        source = tone(self.home.path("tone.wav"))
        for ending in ("flac", "ogg", "mp3", "aiff"):
            with self.subTest(ending):
                path = self.home.path(f"tone.{ending}")
                subprocess.run(["ffmpeg", "-loglevel", "error", "-i", source, path], check=True, stdin=subprocess.DEVNULL)
                samples = self.hear(path)
                self.assertGreater(len(samples), 0.39 * 48000)
                self.assertGreater(max(map(abs, samples[:48])), max(map(abs, samples)) * 10 ** (-50 / 20))

    def test_a_path_counts_from_its_file(self):
        self.home.path("config/stretchvoice/sounds").mkdir()
        tone(self.home.path("config/stretchvoice/sounds/my gong.wav"), seconds=0.25)
        self.settings("[cues]\nend = sounds/my gong.wav\ngo = off\n")
        rows = self.plan()
        self.assertEqual({row["frames"] for row in rows if row["type"] == "end"}, {11999})  # its first sample is silent
        self.assertFalse([row for row in rows if row["type"] == "go"])
        printed = self.sv("config").out
        self.assertIn("/config/stretchvoice/sounds/my gong.wav", printed)

    def test_five_seconds_are_not_too_long(self):
        self.assertEqual(len(self.hear(tone(self.home.path("long.wav"), seconds=5, rate=8000))), 5 * 48000)

    def test_what_cannot_be_used_is_refused_in_one_line(self):
        os.mkfifo(self.home.path("fifo.wav"))
        tone(self.home.path("long.wav"), seconds=5.1)
        tone(self.home.path("silent.wav"), level=0)
        tone(self.home.path("empty.wav"), seconds=0)
        self.home.write("text.wav", "This is no sound.\n" * 100)
        whole = self.home.path("long.wav").read_bytes()
        self.home.path("cut.wav").write_bytes(whole[:20])
        self.home.path("turns.wav").write_bytes(TURNS)
        for name, what in {"fifo.wav": "not a regular file (a FIFO)", "long.wav": "too long", "silent.wav": "silent", "empty.wav": "empty",
                           "text.wav": "not a sound file", "cut.wav": "not a sound file", "missing.wav": "No such file", ".": "a directory",
                           "turns.wav": "a damaged sound file"}.items():
            with self.subTest(name):
                path = self.home.path(name)
                settings = self.settings(f"; mine\n[cues]\n\nattention = {path}\n")
                line = self.refused()
                self.assertTrue(line.startswith(f"{settings}:4: [cues] attention: "), line)
                for part in (what, name, "a sound file of at most 5 s"):
                    self.assertIn(part, line)
                check = self.sv("check", code=3)
                self.assertEqual(check.err.splitlines(), [line])

    def test_an_option_names_itself(self):
        line = self.refused("--set", "sound.tick=./none.wav")
        self.assertTrue(line.startswith("--set sound.tick: "), line)


class Names(Cues):
    def test_off_is_silent_and_takes_no_time(self):
        names = ("tick", "go", "end", "change", "rest", "step", "done", "attention")
        rows = self.plan(*(word for name in names for word in ("--set", f"cues.{name}=off")))
        self.assertEqual({row["type"] for row in rows if row["type"] in ("tick", "go", "end", "chime")}, set())
        hold = next(row for row in rows if row["type"] == "hold")
        after = next(row for row in rows if row["type"] != "wake" and row["frame"] >= hold["frame"] + hold["frames"])
        self.assertEqual(after["frame"], hold["frame"] + hold["frames"])

    def test_a_rest_and_a_change_of_side_begin_with_a_sound(self):
        rows = self.plan()
        for name in ("rest", "change"):
            begins = [row["frame"] for row in rows if row["type"] == name]
            self.assertTrue(begins)
            self.assertEqual([row["frame"] for row in rows if row["type"] == "chime" and row["role"] == name], begins)

    def test_each_name_has_its_sound(self):
        lengths = {}
        for name in ("own", "soft", "wood", "click", "bell", "bowl"):
            lengths[name] = next(row["frames"] for row in self.plan("--set", f"cues.go={name}") if row["type"] == "go")
        self.assertEqual(len(set(lengths.values())), 6, lengths)

    def test_an_unknown_name(self):
        line = self.refused("--set", "cues.go=bel")
        for part in ("--set cues.go: unknown value ('bel'; did you mean 'bell'?", "off", "own", "bowl"):
            self.assertIn(part, line)

    def test_two_names_of_a_setting(self):
        for one, other, value in (("sound.tick", "cues.tick", "wood"), ("cues.level", "sound.cue-level", "-3.5")):
            for given, seen in ((one, other), (other, one)):
                printed, section = {}, ""
                for line in self.sv("config", "--set", f"{given}={value}").out.splitlines():
                    section = line.strip("[]") if line.startswith("[") else section
                    key, _, rest = line.partition("=")
                    printed[f"{section}.{key.strip()}"] = rest
                self.assertEqual(printed[seen].split(";")[0].strip(), value)
                self.assertIn(f"--set {given}", printed[seen])

    def test_the_last_of_two_names_counts(self):
        self.settings("[cues]\ntick = click\n[sound]\ntick = wood\n")
        wood = next(row["frames"] for row in self.plan("--set", "cues.tick=wood") if row["type"] == "tick")
        self.assertEqual(next(row["frames"] for row in self.plan() if row["type"] == "tick"), wood)


class Sides(Cues):
    """What stands on the right comes from there: 9 dB louder, as loud as ever together, and in mono too."""

    def power(self, samples, row):
        part = samples[row["frame"]:row["frame"] + row["frames"]]
        return sum(sample * sample for sample in part) / len(part)

    def sided(self, rows):
        """Speech and sounds that meet no other."""
        sounding = [row for row in rows if row["type"] in ("speech", "tick", "go", "end", "chime", "in", "keep", "out")]
        alone = [row for row in sounding if all(row is other or row["frame"] >= other["frame"] + other["frames"]
                                                or other["frame"] >= row["frame"] + row["frames"] for other in sounding)]
        self.assertGreater(len(alone), 20)
        return alone

    def test_what_concerns_a_side_comes_from_there(self):
        (aside, rows), (middle, _) = self.render(), self.render("--set", "sound.sides=off")
        self.assertEqual(middle.mono, middle.right)
        seen = set()
        for row in self.sided(rows):
            left, right, before = (self.power(samples, row) for samples in (aside.mono, aside.right, middle.mono))
            difference = 10 * math.log10(right / left)
            self.assertAlmostEqual(difference, {"right": 9, "left": -9, None: 0}[row.get("side")], delta=0.5, msg=row)
            both = 10 * math.log10((left + right) / (2 * before))
            self.assertTrue(-0.6 < both < 0.1, (both, row))  # a tick at -18 dBFS comes nearer by 2 dB only: -16 are the most
            seen.add((row["type"], row.get("side")))
        self.assertTrue({(kind, side) for kind in ("speech", "tick", "go", "end") for side in ("right", "left")} <= seen, seen)
        self.assertIn(("speech", None), seen)

    def test_a_mono_sum_loses_nothing(self):
        (aside, rows), (middle, _) = self.render(), self.render("--set", "sound.sides=off")
        folded = [(left + right) / 2 for left, right in zip(aside.mono, aside.right)]
        for row in self.sided(rows):
            lost = 10 * math.log10(self.power(middle.mono, row) / self.power(folded, row))
            self.assertTrue(-0.1 < lost < (1.0 if row["type"] == "speech" else 1.5), (lost, row))

    def test_a_file_of_one_channel_has_no_sides(self):
        """So a side is as loud in it as all else."""
        files = [self.home.path(f"{sides}.wav") for sides in ("on", "off")]
        for path in files:
            self.sv("render", *PLAIN, "--mono", "--set", f"sound.sides={path.stem}", self.routine, path)
        self.assertEqual(files[0].read_bytes(), files[1].read_bytes())

    def test_no_ear_gets_more_of_a_cue(self):
        sound, rows = self.render("--set", "voice.level=-16", "--set", "sound.cue-level=6")
        for row in (row for row in self.sided(rows) if row["type"] != "speech"):
            for samples in (sound.mono, sound.right):
                peak = max(map(abs, samples[row["frame"]:row["frame"] + row["frames"]]))
                self.assertLessEqual(20 * math.log10(peak / 32768), -15.99, row)


if __name__ == "__main__":
    unittest.main()
