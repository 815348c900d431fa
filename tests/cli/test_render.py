"""Rendered files: what the plan says, found again in the samples."""
import itertools
import json
import math
import re
import subprocess
import unittest

import rules
import sv
import term
import wav

ROUTINE = """[routine]
title = Samples
[alone]
title = Alone
say = Sit down, and breathe calmly for {seconds} seconds.
hold = 25s
[both]
title = Both sides
sides = right, left
reps = 2
[both.lean]
say = Lean to the {side}. Breathe.
hold = 12s
release = Come back.
[breaths]
title = Breaths
say = Breathe.
hold = 3 breaths
"""


class Rendered(sv.TestCase):
    voice = None

    def setUp(self):
        super().setUp()
        self.routine = self.home.write("samples.ini", ROUTINE)

    def render(self, *options, routine=None, name="out.wav"):
        path = self.home.path(name)
        run = self.sv("render", *options, routine or self.routine, path)
        self.assertEqual((run.out, run.err), ("", ""))
        return path

    def plan(self, *options, routine=None):
        first, *rows = self.sv("plan", "--json", *options, routine or self.routine).lines()
        return first, rows

    def both(self, *options):
        return wav.Wav(self.render(*options)), *self.plan(*options)


class Samples(Rendered):
    """Sounds and sentences are found again by their samples, so that all have to come from the middle."""

    def setUp(self):
        super().setUp()
        self.home.write("config/stretchvoice/stretchvoice.ini", "[sound]\nsides = off\n")

    def test_as_long_as_planned_and_the_same_on_both_channels(self):
        for options in ((), ("--set", "sound.rate=44100"), ("--level", "100"), ("--set", "sound.wake=0s")):
            with self.subTest(options=options):
                sound, first, _ = self.both(*options)
                self.assertEqual((sound.channels, sound.width, sound.rate, sound.frames), (2, 2, first["rate"], first["frames"]))
                self.assertEqual(sound.mono, sound.right)

    def quiet(self, rows):
        """Cues that no speech sounds over."""
        spoken = [(row["frame"], rules.end(row)) for row in rows if row["type"] == "speech"]
        for row in rows:
            if row["type"] in ("tick", "go", "end", "in", "out", "chime"):
                if all(rules.end(row) <= begin or row["frame"] >= end for begin, end in spoken):
                    yield row

    def test_every_cue_is_found_again_on_its_frame(self):
        sound, _, rows = self.both()
        def sound_of(row):
            """Chimes sound as their roles."""
            return row["type"], row.get("role", "") if row["type"] == "chime" else ""

        for kind, cues in itertools.groupby(sorted(self.quiet(rows), key=sound_of), sound_of):
            with self.subTest(kind):
                frames = [row["frame"] for row in cues]
                length = next(row["frames"] for row in rows if sound_of(row) == kind)
                self.assertGreaterEqual(len(frames), 1 if kind[1] in ("change", "done") or kind[0] in ("in", "out") else 2)
                self.assertEqual(sound.find_all(sound.cut(frames[0], length)), frames)

    def test_a_cue_begins_on_its_frame_and_not_before(self):
        sound, _, rows = self.both("--set", "sound.wake=0s")
        last = 0  # where the sound before has ended
        for row in (row for row in rows if row["type"] in rules.TYPES):
            if row["frame"] > last:
                self.assertTrue(sound.is_silent(last, row["frame"]), row)
                peak = sound.peak(row["frame"], rules.end(row))
                onset = sound.first_above(peak * 10 ** (-50 / 20), row["frame"], rules.end(row))
                self.assertLessEqual(onset - row["frame"], 0 if row["type"] == "speech" else 48, row)
            last = max(last, rules.end(row))
        self.assertTrue(sound.is_silent(last, sound.frames))

    def test_holds_last_exactly_their_seconds(self):
        sound, _, rows = self.both()
        parts = {kind: next(row for row in rows if row["type"] == kind) for kind in ("go", "end")}
        go, end = (sound.find_all(sound.cut(row["frame"], row["frames"])) for row in parts.values())
        self.assertEqual([b - a for a, b in zip(go, end)], [seconds * 48000 for seconds in (25, 12, 12, 12, 12)])

    def test_both_sides_sound_alike_inside_their_holds(self):
        sound, _, rows = self.both()
        inside = [sound.cut(row["frame"], row["frames"]) for row in rows if row["type"] == "hold" and row["step"] == "both"]
        self.assertEqual(len(inside), 4)
        self.assertEqual(len(set(inside)), 1)

    def test_countdown_is_heard_on_the_second(self):
        """Without ticks nothing else sounds there."""
        sound, _, rows = self.both("--set", "count.tick=off", "--set", "sound.wake=0s")
        words = [row for row in rows if row.get("role") == "countdown"]
        self.assertEqual(len(words), 3 * 5)
        ends = {rules.end(row) for row in rows if row["type"] == "hold"}
        for row in words:
            peak = sound.peak(row["frame"], rules.end(row))
            self.assertTrue(sound.is_silent(row["frame"] - 2400, row["frame"]), row)
            self.assertGreater(abs(sound.mono[row["frame"]]), peak * 10 ** (-50 / 20) - 1, row)
            self.assertTrue({row["frame"] + n * sound.rate for n in (1, 2, 3)} & ends, row)

    def test_wake_is_faint_noise(self):
        sound, _, rows = self.both()
        for row in (row for row in rows if row["type"] == "wake"):
            part = sound.mono[row["frame"]:rules.end(row)]
            rms = math.sqrt(sum(sample * sample for sample in part) / len(part)) / 32768
            self.assertLess(abs(20 * math.log10(rms) + 80), 1.5, row)

    def test_volume(self):
        loud, soft = (wav.Wav(self.render("--set", f"sound.volume={level}", "--set", "sound.wake=0s")) for level in (0, -12))
        factor = 10 ** (-12 / 20)
        worst = max(abs(a * factor - b) for a, b in zip(loud.mono, soft.mono))
        self.assertLess(worst, 1.5)

    def test_twice_the_same_bytes(self):
        for ending in ("wav", "flac", "mp3"):
            with self.subTest(ending):
                first, second = (self.render(name=f"{n}.{ending}").read_bytes() for n in (1, 2))
                self.assertEqual(first, second)

    def test_what_is_said_before_does_not_matter(self):
        """A sentence has the same samples wherever it stands."""
        sound, _, rows = self.both("--set", "sound.wake=0s")
        by_text = {}
        for row in (row for row in rows if row["type"] == "speech" and row["role"] not in rules.PROMPTS):
            part = sound.cut(row["frame"], row["frames"])
            self.assertEqual(by_text.setdefault(row["text"], part), part, row)
        self.assertLess(len(by_text), len([row for row in rows if row["type"] == "speech"]))


class Formats(Rendered):
    def decoded(self, path, rate):
        sv.need("ffmpeg")
        run = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "2", "-ar", str(rate), "-"],
                             capture_output=True, check=True)
        return run.stdout

    def probe(self, path):
        run = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-of", "json", path], capture_output=True, check=True)
        return json.loads(run.stdout)["streams"][0]

    def test_flac_has_the_samples_of_wav(self):
        sound = wav.Wav(self.render())
        self.assertEqual(self.decoded(self.render(name="out.flac"), 48000), sound.stereo)

    def test_each_format(self):
        first, _ = self.plan()
        for ending, codec in (("wav", "pcm_s16le"), ("flac", "flac"), ("ogg", "vorbis"), ("opus", "opus"), ("mp3", "mp3")):
            with self.subTest(ending):
                path = self.render(name=f"out.{ending}")
                stream = self.probe(path)
                self.assertEqual((stream["codec_name"], stream["sample_rate"], stream["channels"]), (codec, "48000", 2))
                frames = len(self.decoded(path, 48000)) // 4
                self.assertLess(abs(frames - first["frames"]), 1 if ending in ("wav", "flac", "ogg") else 5000)

    def test_opus_is_at_48000_whatever_the_rate(self):
        first, _ = self.plan("--set", "sound.rate=44100")
        path = self.render("--set", "sound.rate=44100", name="out.opus")
        frames = len(self.decoded(path, 48000)) // 4
        self.assertLess(abs(frames / 48000 - first["seconds"]), 0.1)

    def test_standard_output_is_wav(self):
        path = self.render()
        process = self.home.start("render", self.routine, "-")
        out, err = process.communicate(timeout=60 * sv.SLOW)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(out, path.read_bytes())

    def test_endings_in_capitals_and_unknown_ones(self):
        run = self.sv("render", self.routine, self.home.path("out.xyz"), code=2)
        for ending in ("wav", "flac", "ogg", "opus", "mp3"):
            self.assertIn(ending, run.err)
        self.assertEqual(len(run.err.splitlines()), 1)

    def test_an_older_file_is_replaced(self):
        path = self.home.write("out.wav", "something else")
        self.render()
        self.assertEqual(wav.Wav(path).frames, self.plan()[0]["frames"])


class Progress(Rendered):
    def on_terminal(self, *options, columns=80, **env):
        terminal = term.Terminal(self.home, "render", *options, self.routine, self.home.path("out.wav"), columns=columns, env=env)
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_end(60), 0)
        shown, last = terminal.shown.decode().split(str(self.home.path("out.wav")))
        self.assertRegex(last, r"\A: \d+:\d\d, \d[\d.]* [kM]B\r\n\Z")
        return shown

    def test_never_wider_than_the_terminal(self):
        for columns in (80, 40, 20, 8, 3):
            with self.subTest(columns):
                shown = self.on_terminal(columns=columns)
                bars = re.findall(r"\r([^\r\x1b]*)", shown)
                self.assertTrue(bars)
                self.assertLess(max(map(len, bars)), columns)
                self.assertNotIn("\n", shown)
                self.assertEqual("%" in shown, columns > 5)

    def test_without_a_terminal_that_can_draw(self):
        for name in ("", "dumb"):
            with self.subTest(name):
                self.assertRegex(self.on_terminal(TERM=name), r"\A([1-9]0 %, \d+:\d\d of sound\r\n)*\Z")

    def test_plain(self):
        lines = self.on_terminal("--plain").splitlines()
        tenths = [int(re.fullmatch(r"(\d)0 %, \d+:\d\d of sound", line)[1]) for line in lines]
        self.assertEqual(tenths, sorted(set(tenths)))
        self.assertTrue(tenths)
        run = self.sv("render", "--plain", self.routine, self.home.path("out.wav"))
        self.assertEqual([line.split()[0] for line in run.err.splitlines()], [line.split()[0] for line in lines])
        run = self.sv("render", "--plain", "--quiet", self.routine, self.home.path("out.wav"))
        self.assertEqual((run.out, run.err), ("", ""))


class Loudness(Rendered):
    def measure(self, path):
        sv.need("ffmpeg")
        run = subprocess.run(["ffmpeg", "-nostats", "-hide_banner", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
                             capture_output=True, text=True, check=True)
        summary = run.stderr[run.stderr.rindex("Summary:"):]
        return float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1]), float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1])

    def assert_loud(self, level, *options):
        """Cues are turned down, for they are no speech."""
        path = self.render("--set", f"voice.level={level}", "--set", "sound.cue-level=-60", "--set", "count.tick=off", *options,
                           routine="desk-break")
        loudness, _ = self.measure(path)
        self.assertLess(abs(loudness - level), 1.05)  # tenths are what it prints

    def test_speech_is_as_loud_as_asked(self):
        for level in (-16, -30):
            with self.subTest(level):
                self.assert_loud(level)

    def test_in_the_shipped_voices(self):
        for voice in ("en", "en-gb", "en-low"):
            with self.subTest(voice):
                self.assert_loud(-18, "--voice", voice)

    def test_in_whatever_voice(self):
        """Those of the engine's in which the sentences of a session differ most."""
        profile = (sv.TOP / "voices/en.ini").read_text()
        for variant in ("Andrea", "klatt2", "m8"):
            with self.subTest(variant):
                changed, times = re.subn(r"(?m)^variant( *)=.*$", f"variant = {variant}", profile)
                self.assertEqual(times, 1)
                self.assert_loud(-18, "--voice", self.home.write("voice.ini", changed))

    def test_no_peak_comes_near_full_scale(self):
        path = self.render("--set", "voice.level=-16", "--set", "sound.cue-level=6", "--set", "sound.tick=click",
                           "--set", "pace.hold=50%", routine="desk-break")
        _, peak = self.measure(path)
        self.assertLess(peak, -1)


if __name__ == "__main__":
    unittest.main()
