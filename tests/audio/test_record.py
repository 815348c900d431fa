"""`record`: a microphone that hears what a test plays into it."""
import array
import math
import os
import signal
import subprocess
import unittest
import wave

import control
import pipewire
import pulse
import sv
import term

ROUTINE = """[routine]
title = Recorded
closing = Over.
[sit]
title = Sit
say = Sit tall. Stay for {seconds} seconds.
hold = 5-6s
"""
PROFILE = "[voice]\nbase = tone\nclips = mine\n"
RATE = 48000


def write_tone(path, seconds=1.0, level=0.1, around=0.6):
    """A tone of 441 Hz, in silence."""
    tone = [int(32767 * max(-1, min(1, level * math.sin(2 * math.pi * 441 * i / RATE)))) for i in range(int(seconds * RATE))]
    silence = [0] * int(around * RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", silence + tone + silence).tobytes())


def samples_of(path):
    """The left channel of a sound file."""
    out = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "2", "-ar", str(RATE), "-"], check=True,
                         capture_output=True).stdout
    return array.array("h", out)[0::2]


def periods(samples):
    """Of the tone, where all else is silent."""
    return sum(a < 0 <= b for a, b in zip(samples, samples[1:]))


class Recording(sv.TestCase):
    """Two silent sinks: what is played into the first is what the microphone hears."""

    kind = pulse.Quick

    def setUp(self):
        super().setUp()
        sv.need("ffmpeg", "paplay")
        self.server = self.kind()
        self.addCleanup(self.server.close)
        self.set_up_server()
        for name in self.server.CLIENT:
            self.home.env[name] = self.server.env[name]
        self.routine = self.home.write("recorded.ini", ROUTINE)
        self.voices = self.home.path("config/stretchvoice/voices")
        self.voice = self.home.write("config/stretchvoice/voices/mine.ini", PROFILE)
        self.clips = self.voices / "mine"
        self.tone = self.home.path("tone.wav")
        write_tone(self.tone)

    def set_up_server(self):
        self.server.load_sink("mic")
        self.server.run("pactl", "set-default-source", "mic.monitor")
        self.server.run("pactl", "set-default-sink", "test")

    def script(self):
        return [(line["text"], line["id"]) for line in self.sv("script", self.routine, "--voice", self.voice, "--json").lines()]

    def file(self, number):
        """Of the sentence with this number, as it is shown."""
        return self.clips / f"{self.script()[number - 1][1]}.flac"

    def files(self):
        return sorted(path.name for path in self.clips.iterdir())

    def record(self, *options, shown="1 of "):
        terminal = term.Terminal(self.home, "record", self.routine, "--voice", self.voice, *options, columns=200)
        self.addCleanup(terminal.close)
        terminal.wait_shown(shown)
        terminal.wait_raw()
        return terminal

    def press(self, terminal, keys, shown):
        terminal.forget()
        terminal.type(keys)
        terminal.wait_shown(shown)

    def recorders(self):
        return self.server.run("pactl", "list", "short", "source-outputs")

    def speak(self):
        self.assertIsNotNone(self.server.run("paplay", "--device=mic", str(self.tone)))

    def take(self, terminal, shown="Taken", begin=" "):
        self.press(terminal, begin, "Recording")
        self.assertNotEqual(self.recorders(), "")
        self.speak()
        self.press(terminal, " ", shown)
        sv.wait_for(lambda: self.recorders() == "", "the microphone to be closed")

    def end(self, terminal, code=0):
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), code)
        self.assertTrue(terminal.is_restored())
        self.assertEqual(self.recorders(), "")


class Takes(Recording):
    def test_a_take(self):
        terminal = self.record()
        terminal.wait_shown("Keys: space starts and ends a take")
        self.assertEqual(self.recorders(), "")
        self.take(terminal)
        self.end(terminal)
        self.assertEqual(self.files(), [self.file(1).name])
        probe = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,channels", "-of", "csv=p=0", self.file(1)]
        self.assertEqual(subprocess.run(probe, check=True, capture_output=True, text=True).stdout.strip(), "flac,1")
        sound = samples_of(self.file(1))
        self.assertAlmostEqual(len(sound) / RATE, 1.17, delta=0.05)  # with what stays of the silence behind it
        self.assertLess(next(i for i, sample in enumerate(sound) if abs(sample) > 500), RATE // 12)
        self.assertIn(f"1 of {len(self.script())} sentences are recorded", terminal.shown.decode())

    def test_it_is_used(self):
        terminal = self.record()
        number = [text for text, _ in self.script()].index("Sit tall.") + 1
        for _ in range(number - 1):
            terminal.type("n")
        terminal.wait_shown("Sit tall.")
        self.take(terminal)
        self.end(terminal)
        rows = self.sv("plan", self.routine, "--voice", self.voice, "--json").lines()
        [row] = [row for row in rows if row.get("text") == "Sit tall."]
        self.assertAlmostEqual(row["frames"] / 48000, 1.17, delta=0.05)
        out = self.home.path("out.wav")
        self.sv("render", self.routine, out, "--voice", self.voice, "--set", "count.tick=off")
        sound = samples_of(out)[row["frame"]:row["frame"] + RATE]
        self.assertAlmostEqual(periods(sound), 441, delta=5)

    def test_loudness(self):
        levels = []
        for level in (0.03, 0.5):
            write_tone(self.tone, level=level)
            terminal = self.record()
            self.take(terminal, begin="r")
            self.end(terminal)
            sound = samples_of(self.file(1))
            middle = sound[RATE // 4:RATE * 3 // 4]
            levels.append(20 * math.log10(math.sqrt(sum(x * x for x in middle) / len(middle)) / 32768))
            self.file(1).unlink()
        self.assertAlmostEqual(levels[0], levels[1], delta=0.5)

    def test_again(self):
        terminal = self.record()
        self.take(terminal)
        before = self.file(1).read_bytes()
        write_tone(self.tone, seconds=0.5)
        self.take(terminal, begin="r")
        self.assertNotEqual(self.file(1).read_bytes(), before)
        self.press(terminal, " ", "Recording")
        self.press(terminal, "r", "Recording")  # the take that was under way is dropped
        self.speak()
        self.press(terminal, " ", "Taken: 0.")
        self.end(terminal)
        self.assertEqual(self.files(), [self.file(1).name])

    def test_next_and_back(self):
        sentences = self.script()
        terminal = self.record()
        self.press(terminal, "b", "first sentence")
        self.press(terminal, "n", f"2 of {len(sentences)}: {sentences[1][0]}")
        self.press(terminal, "N", f"3 of {len(sentences)}: {sentences[2][0]}")
        self.press(terminal, "b", f"2 of {len(sentences)}: ")
        for _ in sentences:
            terminal.type("n")
        terminal.wait_shown("last sentence")
        self.end(terminal)

    def test_next_ends_a_take(self):
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        self.speak()
        self.press(terminal, "n", "2 of ")
        self.assertEqual(self.files(), [self.file(1).name])
        self.press(terminal, " ", "Recording")
        self.press(terminal, "n", "again")  # nothing was said: it stays there
        self.press(terminal, "b", "1 of ")
        self.end(terminal)

    def test_it_goes_on_where_it_was_broken_off(self):
        terminal = self.record()
        self.take(terminal)
        self.press(terminal, "n", "2 of ")
        self.take(terminal)
        self.end(terminal)
        terminal = self.record(shown="3 of ")
        self.press(terminal, "b", "2 of ")
        self.assertIn(", recorded: ", terminal.shown.decode())
        self.end(terminal)

    def test_what_is_recorded_is_played(self):
        terminal = self.record()
        self.press(terminal, "p", "not recorded yet")
        self.take(terminal)
        self.server.record("test")
        terminal.type("p")
        sv.wait_for(lambda: self.peak() > 1000, "the take to be heard")
        self.assertEqual(self.recorders().count("\n"), 1)  # only the one that listens to the sink
        self.server.stop_recording()
        self.end(terminal)

    def test_sentences_are_said(self):
        self.routine.write_text(ROUTINE.replace("title = Recorded", "title = Recorded " + 40 * "and long "))
        self.server.record("test")
        terminal = self.record("--speak")
        sv.wait_for(lambda: self.peak() > 1000, "the sentence to be heard")
        self.server.stop_recording()
        self.assertNotEqual(self.server.streams(), "")
        self.press(terminal, " ", "Recording")
        self.assertEqual(self.server.streams(), "")  # it would be recorded
        self.end(terminal)

    def peak(self):
        return max(map(abs, self.server.recording()[0]), default=0)


class Refused(Recording):
    def refuse(self, shown):
        terminal = self.record()
        self.take(terminal, shown)
        self.end(terminal)
        self.assertEqual(self.files(), [])

    def test_too_quiet(self):
        write_tone(self.tone, level=0.001)
        self.refuse("Too quiet")

    def test_clipped(self):
        write_tone(self.tone, level=2)
        self.refuse("Too loud")

    def test_nothing_said(self):
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        self.press(terminal, " ", "again")
        self.end(terminal)
        self.assertEqual(self.files(), [])

    def test_a_good_recording_stays(self):
        terminal = self.record()
        self.take(terminal)
        before = self.file(1).read_bytes()
        write_tone(self.tone, level=2)
        self.take(terminal, "Too loud")
        self.end(terminal)
        self.assertEqual(self.file(1).read_bytes(), before)

    def test_no_room(self):
        terminal = self.record()
        self.clips.rmdir()
        self.press(terminal, " ", "Recording")
        self.speak()
        self.press(terminal, " ", "cannot be written")
        self.clips.mkdir()
        self.take(terminal)
        self.end(terminal)
        self.assertEqual(self.files(), [self.file(1).name])


class Broken(Recording):
    def test_the_server_is_killed_in_a_take(self):
        terminal = self.record()
        self.take(terminal)
        self.press(terminal, "n", "2 of ")
        self.press(terminal, " ", "Recording")
        terminal.forget()
        self.server.kill()
        terminal.wait_shown("This take is lost")
        self.assertEqual(len(terminal.shown.decode().splitlines()), 1, terminal.shown)
        self.press(terminal, " ", "There is no take")
        self.server.start()
        self.set_up_server()
        self.take(terminal)
        self.end(terminal)
        self.assertEqual(self.files(), sorted([self.file(1).name, self.file(2).name]))

    def test_the_server_freezes_in_a_take(self):
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        terminal.forget()
        self.server.freeze()
        terminal.wait_shown("does not answer")
        self.press(terminal, "n", "2 of ")
        self.server.thaw()
        self.end(terminal)

    def test_the_machine_is_too_busy(self):
        """Nothing is lost while the program that records gets no processor for a second."""
        write_tone(self.tone, seconds=0.5, around=0.3)
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        [helper] = control.sound_helpers(terminal.pid)
        os.kill(helper, signal.SIGSTOP)
        self.speak()
        os.kill(helper, signal.SIGCONT)
        self.speak()
        self.press(terminal, " ", "Taken")
        self.end(terminal)
        self.assertAlmostEqual(periods(samples_of(self.file(1))), 441, delta=2)

    def test_interrupted(self):
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        self.speak()
        terminal.type("\x03")
        self.assertEqual(terminal.wait_end(), 130)
        self.assertTrue(terminal.is_restored())
        self.assertEqual(self.files(), [])
        sv.wait_for(lambda: self.recorders() == "", "the microphone to be closed")

    def test_stopped_in_a_take(self):
        """Nobody listens while the program is stopped by Ctrl-Z."""
        terminal = self.record()
        self.press(terminal, " ", "Recording")
        terminal.type("\x1a")
        terminal.wait_news("stopped")
        sv.wait_for(lambda: self.recorders() == "", "the microphone to be closed", 20)
        terminal.forget()
        terminal.go_on()
        terminal.wait_shown("This take is lost")
        self.take(terminal)
        self.end(terminal)


class OnPipeWire(Recording):
    kind = pipewire.PipeWire

    def test_takes(self):
        terminal = self.record()
        self.take(terminal)
        self.press(terminal, "n", "2 of ")
        self.press(terminal, " ", "Recording")
        self.server.kill_all()
        terminal.wait_shown("This take is lost")
        self.server.start_all()
        self.set_up_server()
        self.take(terminal)
        self.end(terminal)
        self.assertEqual(self.files(), sorted([self.file(1).name, self.file(2).name]))


class Microphone(Recording):
    def test_by_name(self):
        names = [line["name"] for line in self.sv("devices", "--inputs", "--json").lines()]
        self.assertIn("pulse", names)
        terminal = self.record("--set", "sound.microphone=pulse")
        self.take(terminal)
        self.end(terminal)

    def test_unknown(self):
        terminal = self.record("--set", "sound.microphone=pulsee")
        self.press(terminal, " ", "did you mean 'pulse'?")
        self.assertEqual(len(terminal.shown.decode().splitlines()), 1)
        self.end(terminal)

    def test_outputs_are_listed_as_before(self):
        lines = self.sv("devices", "--json").lines()
        self.assertEqual([line["name"] for line in lines][-2:], ["null", "null:fast"])
        self.assertEqual({tuple(line) for line in lines}, {("name", "default")})


if __name__ == "__main__":
    unittest.main()
