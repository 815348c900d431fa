"""Voices of other programs than espeak-ng: real ones, and a stand-in that makes trouble."""
import pathlib
import re
import subprocess
import sys
import unittest

import sv
import wav

ENGINE = sv.TOP / "tests/lib/engine.py"
ROUTINE = """[routine]
title = Engines
closing = Over.
[sit]
title = Sit
say = {say}
hold = 5s
"""
PLAIN = ("--set", "count.tick=off", "--set", "pace.prepare=0s", "--set", "sound.wake=0s")
SPEECH_LUFS = -18


class Engines(sv.TestCase):
    def profile(self, name, lines):
        """The tone voice's phrases with another engine."""
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        return self.home.write(f"config/stretchvoice/voices/{name}.ini", re.sub(r"(?m)^engine .*$", lambda _: lines, text))

    def stand_in(self, mode="each", words='{text} {out}'):
        self.log = self.home.path("log")
        command = f"command = {sys.executable} {ENGINE} {mode} --log={self.log} {words}"
        return self.profile("stand-in", f"engine = command\nspeaks = {mode}\n{command}")

    def routine(self, say="Sit tall. Breathe."):
        return self.home.write("engines.ini", ROUTINE.format(say=say))

    def render(self, voice, say="Sit tall. Breathe.", options=(), code=0, **run):
        path = self.home.path("out.wav")
        return path, self.sv("render", self.routine(say), path, "--voice", voice, *PLAIN, *options, code=code, timeout=120, **run)

    def spoken(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def starts(self):
        path = pathlib.Path(f"{self.log}.starts")
        return len(path.read_text().splitlines()) if path.exists() else 0

    def clips(self):
        return sorted(self.home.path("cache/stretchvoice/clips").glob("*.flac"))


class Real(Engines):
    """As Debian has them."""

    def loudness(self, voice, path):
        """LUFS of all speech, without the cues."""
        rows = self.sv("plan", "--json", "desk-break", "--voice", voice, *PLAIN, timeout=120).lines()
        sound = wav.Wav(path).stereo
        speech = b"".join(sound[4 * row["frame"]:4 * (row["frame"] + row["frames"])] for row in rows if row["type"] == "speech")
        command = ["ffmpeg", "-nostats", "-f", "s16le", "-ar", "48000", "-ac", "2", "-i", "-", "-af", "ebur128", "-f", "null", "-"]
        measured = subprocess.run(command, input=speech, capture_output=True, check=True).stderr.decode()
        return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", measured)[-1])

    def check(self, lines):
        voice = self.profile("real", lines)
        path = self.home.path("out.wav")
        run = self.sv("render", "desk-break", path, "--voice", voice, *PLAIN, timeout=120)
        self.assertEqual(run.err, "")
        self.assertAlmostEqual(self.loudness(voice, path), SPEECH_LUFS, delta=1)
        first = path.read_bytes()
        self.sv("render", "desk-break", path, "--voice", voice, *PLAIN)
        self.assertEqual(path.read_bytes(), first)

    def test_flite(self):
        sv.need("flite")
        self.check('engine = command\ncommand = flite -voice {voice} -t {text} -o {out}\nvoice = slt')

    def test_festival(self):
        sv.need("text2wave")
        self.check("engine = command\ncommand = text2wave -o {out}")

    def test_module_of_flite(self):
        self.check("engine = module\nmodule = sd_flite")

    def test_module_of_espeak(self):
        self.check("engine = module\nmodule = sd_espeak-ng\nrate = 175")


class StandIn(Engines):
    def test_each(self):
        for words in ("{text} {out}", "{out}"):
            with self.subTest(words=words):
                _, run = self.render(self.stand_in("each", words), options=("--set", "voice.cache=0"))
                self.assertEqual(run.err, "")
                self.assertIn("Breathe.", self.spoken())
                self.assertEqual(self.clips(), [])

    def test_lines(self):
        _, run = self.render(self.stand_in("lines", ""))
        self.assertEqual(run.err, "")
        self.assertIn("Breathe.", self.spoken())
        self.assertLessEqual(self.starts(), 2)  # one for each helper program

    def test_text_is_one_word(self):
        say = 'Sit; touch $(pwd)/x "quoted" {{out}} `id` \\; and * breathe.'
        self.render(self.stand_in(), say=say)
        self.assertTrue(any("$(pwd)/x" in line and '"quoted" {out} `id`' in line for line in self.spoken()), self.spoken())
        self.assertFalse(self.home.path("x").exists())

    def test_trouble(self):
        for mode, words in (("each", "{text} {out}"), ("lines", "")):
            for kind in ("crash", "flood", "garbage", "half", "silent"):
                with self.subTest(mode=mode, kind=kind):
                    path, run = self.render(self.stand_in(mode, words), f"Sit tall. Now {kind} please. Breathe.", ("--set", "voice.cache=0"))
                    lines = run.err.splitlines()
                    self.assertEqual(len(lines), 1, run.err)
                    self.assertIn("espeak-ng says what this voice cannot", lines[0])
                    if kind == "crash":
                        self.assertIn("the engine is on fire", lines[0])
                    self.assertTrue(path.exists())
                    self.assertIn("Breathe.", self.spoken())
                    self.log.unlink()
                    self.assertEqual([name for name in self.home.path("cache/stretchvoice/clips").glob(".*")], [])

    def test_hang(self):
        path, run = self.render(self.stand_in(), say="Sit tall. Now hang please. Breathe.")
        self.assertIn("took longer than 30 s", run.err)
        self.assertEqual(len(run.err.splitlines()), 1)

    def test_all_rates(self):
        path, run = self.render(self.stand_in(), say="Sit tall, float. Breathe.")
        self.assertEqual(run.err, "")

    def test_fails_at_once(self):
        for lines, message in (
            ("engine = command\ncommand = /bin/false", "command: this program cannot speak (it ended with status 1)"),
            ("engine = command\ncommand = nosuchprogram {text}", "command: no such program ('nosuchprogram'; install it, or name its path)"),
            ("engine = command\ncommand = /etc {text}", "command: not a program ('/etc'; a directory)"),
            ('engine = command\ncommand = flite "x', "command: not a command ('flite \"x'; a quote is not closed)"),
            ("engine = command", "command: missing (a program and its arguments, such as flite -t {text} -o {out})"),
            ("engine = module", "module: missing (a module of speech-dispatcher, such as sd_flite)"),
            ("engine = module\nmodule = sd_nosuch", "module: no such module ('sd_nosuch'; install it, or name its path)"),
            ("engine = module\nmodule = /bin/cat", "module: this program cannot speak (the module answered 'INIT')"),
            ("engine = module\nmodule = /bin/true", "module: this program cannot speak (the module ended)"),
        ):
            with self.subTest(lines=lines):
                path, run = self.render(self.profile("bad", lines), code=3)
                self.assertEqual(len(run.err.splitlines()), 1, run.err)
                self.assertIn(f"[voice] {message}", run.err)
                self.assertFalse(path.exists())

    def test_a_routine_names_no_program(self):
        trap = self.home.write("trap", f"#!/bin/sh\ntouch {self.home.path('sprung')}\n")
        trap.chmod(0o755)
        for key in ("engine", "command", "module", "config", "voice", "speaks", "profile", "clips", "base"):
            for section in ("routine", "sit"):
                text = ROUTINE.format(say="Sit.").replace(f"[{section}]", f"[{section}]\n{key} = {trap}")
                run = self.sv("plan", self.home.write("trap.ini", text), code=3)
                self.assertIn("unknown key", run.err)
        for language in (f"../../{trap}", str(trap), "en/../../trap"):
            text = ROUTINE.format(say="Sit.").replace("[routine]", f"[routine]\nlanguage = {language}")
            self.sv("plan", self.home.write("trap.ini", text), code=3)
        self.assertFalse(self.home.path("sprung").exists())

    def test_ended_with_the_session(self):
        voice = self.stand_in("lines", "")
        with self.home.start("play", self.routine(), "--voice", voice, "--device", "null", "--set", "voice.cache=0") as process:
            sv.wait_for(self.starts, "the engine")
            process.kill()
        pids = [int(line) for line in pathlib.Path(f"{self.log}.starts").read_text().split()]
        sv.wait_for(lambda: not any(pathlib.Path(f"/proc/{pid}/cmdline").exists() and
                                    pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids), "its end")


class Slow(Engines):
    def test_it_plays_when_it_can_stay_ahead(self):
        """A second a sentence: it waits at first, and then for no word."""
        say = " ".join(f"Now sit up tall, and breathe in and out as slowly as you can, for the time number {n}." for n in "12345678")
        with self.home.start("play", self.routine(say), "--voice", self.stand_in("lines", ""), "--device", "null", "--plain", "--verbose",
                             env={"SV_ENGINE_SECONDS": "0.5"}) as process:
            first = sv.wait_for(process.stderr.readline, "the first line", 30).decode()
            while "ready after" not in first:
                first = process.stderr.readline().decode()
            self.assertGreater(float(re.search(r"ready after (\d+) ms", first)[1]), 1500)
            last = {}
            while process.poll() is None:
                run = self.home.run("status", "--json")
                last = run.lines()[0] if run.code == 0 else last
                process.poll()
        self.assertEqual(process.returncode, 0)
        self.assertGreater(last["position"], 20)
        self.assertIsNone(last["late"])

    def test_late_words_are_counted(self):
        with self.home.start("play", self.routine(" ".join(f"A late one, {n}." for n in range(8))), "--voice", self.stand_in(), "--device", "null", "--plain"):
            def late():
                run = self.home.run("status", "--json")
                return run.code == 0 and run.lines()[0]["late"]
            sv.wait_for(late, "a late word", 30)
            self.sv("stop")


class Commands(Engines):
    def test_speak_fills_the_cache(self):
        routine, voice = self.routine(), self.stand_in()
        self.sv("speak", routine, "--voice", voice)
        spoken = self.spoken()
        self.assertIn("Breathe.", spoken)
        self.assertIn("Paused.", spoken)
        self.render(voice)
        self.assertEqual(self.spoken(), spoken)

    def test_speak_wants_names(self):
        self.assertIn("takes names of routines, or --all", self.sv("speak", code=2).err)
        self.sv("speak", "--all", self.routine(), code=2)
        self.assertIn("espeak-ng", self.sv("speak", self.routine(), "--voice", "en").out)
        self.assertIn("no routine of that name", self.sv("speak", "nosuch", "--voice", "en", code=3).err)

    def test_cache(self):
        self.assertIn("0 clips, 0.0 MB of 512 MB", self.sv("cache").out)
        self.render(self.stand_in())
        self.home.write("cache/stretchvoice/clips/notes.txt", "mine")
        self.assertIn(f"{len(self.clips())} clips,", self.sv("cache", "--set", "voice.cache=100M").out)
        self.assertIn("of 100 MB", self.sv("cache", "--set", "voice.cache=100").out)
        self.assertIn("removed", self.sv("cache", "--clear").out)
        self.assertEqual(self.clips(), [])
        self.assertTrue(self.home.path("cache/stretchvoice/clips/notes.txt").exists())
        self.assertIn("not a size in megabytes", self.sv("cache", "--set", "voice.cache=lots", code=3).err)

    def test_voices_says_what_is_missing(self):
        self.profile("there", "engine = command\ncommand = sh -c x")
        self.profile("missing", "engine = command\ncommand = nosuchprogram x\npackage = nosuch")
        self.profile("module", "engine = module\nmodule = sd_nosuch")
        out = {line.split()[0]: line for line in self.sv("voices").out.splitlines()}
        self.assertTrue(out["there"].endswith("there.ini"))
        self.assertTrue(out["missing"].endswith("not installed (apt install nosuch)"))
        self.assertTrue(out["module"].endswith("not installed"))
        voices = {voice["name"]: voice["installed"] for voice in self.sv("voices", "--json").lines()}
        self.assertEqual([voices[name] for name in ("there", "missing", "module", "en")], [True, False, False, True])


class Cache(Engines):
    def test_second_time(self):
        path, _ = self.render(self.stand_in())
        first, spoken = path.read_bytes(), len(self.spoken())
        self.assertEqual(len(self.clips()), spoken)
        self.render(self.stand_in())
        self.assertEqual(path.read_bytes(), first)
        self.assertEqual(len(self.spoken()), spoken)

    def test_damage(self):
        path, _ = self.render(self.stand_in())
        first, clips, spoken = path.read_bytes(), self.clips(), len(self.spoken())
        clips[0].write_bytes(clips[0].read_bytes()[:200])
        clips[1].write_bytes(b"")
        clips[2].write_bytes(b"RIFF not ours")
        clips[3].unlink()
        clips[3].mkdir()
        self.render(self.stand_in())
        self.assertEqual(path.read_bytes(), first)
        self.assertEqual(len(self.spoken()), spoken + 4)

    def test_another_engine(self):
        self.render(self.stand_in())
        spoken = len(self.spoken())
        self.render(self.stand_in("each", "{text}  {out}"))  # other words of the command
        self.assertEqual(len(self.spoken()), 2 * spoken)

    def test_bound(self):
        for number in range(3):
            say = " ".join(f"{word} {'very ' * 90}long sentence {number}." for word in ("A", "Another", "The last"))
            self.render(self.stand_in(), say=say, options=("--set", "voice.cache=1"))
            self.assertLess(sum(clip.stat().st_size for clip in self.clips()), 1 << 20)
        self.assertTrue(self.clips())

    def test_no_room(self):
        self.home.write("file", "")
        _, run = self.render(self.stand_in(), env={"XDG_CACHE_HOME": str(self.home.path("file"))})
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        self.assertIn("cannot be written", run.err)

    def test_two_at_once(self):
        voice = self.stand_in()
        routine = self.routine("Sit tall. " + " ".join(f"Breathe {n} times." for n in range(20)))
        paths = [self.home.path(f"{n}.wav") for n in range(2)]
        running = [self.home.start("render", routine, path, "--voice", voice, *PLAIN) for path in paths]
        for process in running:
            self.assertEqual(process.wait(60), 0, process.stderr.read())
            process.stdout.close(), process.stderr.close()
        self.assertEqual(paths[0].read_bytes(), paths[1].read_bytes())


if __name__ == "__main__":
    unittest.main()
