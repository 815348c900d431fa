"""Voices of other programs than espeak-ng: real ones, and a stand-in that makes trouble."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

import bus
import loudness
import sv

ENGINE, MODULE = (sv.TOP / f"tests/lib/{name}.py" for name in ("engine", "module"))
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


def is_there(pid):
    """One that has ended has no command line, though nothing may have reaped it."""
    try:
        return bool(pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


class Engines(sv.TestCase):
    def profile(self, name, lines):
        """The tone voice's phrases with another engine."""
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        return self.home.write(f"config/stretchvoice/voices/{name}.ini", re.sub(r"(?m)^engine .*$", lambda _: lines, text))

    def stand_in(self, mode="each", words='{text} {out}'):
        self.log = self.home.path("log")
        command = f"command = {ENGINE} {mode} --log={self.log} {words}"
        return self.profile(f"stand-in-{mode}", f"engine = command\nspeaks = {mode}\n{command}")

    def module(self, kind=""):
        """A stand-in for one of speech-dispatcher."""
        self.log = self.home.path("log")
        program = self.home.write(f"sd_{kind}", f"#!/bin/sh\nexec {MODULE} '{kind}' {self.log} \"$@\"\n")
        program.chmod(0o755)
        return self.profile(f"module-{kind}", f"engine = module\nmodule = {program}")

    def unfinished(self):
        """Files that were not finished."""
        return [*self.home.path("cache/stretchvoice/clips").glob(".*"), *self.home.path("runtime").glob(".*")]

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

    def check(self, voice, language="en"):
        path, session = self.home.path("out.wav"), ("--voice", voice, "--language", language, "--set", "pace.words=brief", *PLAIN)
        run = self.sv("render", "breathing", path, *session, timeout=120)
        self.assertEqual(run.err, "")
        rows = self.sv("plan", "--json", "breathing", *session, timeout=120).lines()
        self.assertAlmostEqual(loudness.of_speech(path, rows), SPEECH_LUFS, delta=1)
        first = path.read_bytes()
        self.sv("render", "breathing", path, *session)
        self.assertEqual(path.read_bytes(), first)

    def own(self, *lines):
        """A profile as a user writes it, in a few lines."""
        return self.home.write("config/stretchvoice/voices/own.ini", "\n".join(("[voice]", "base = en", *lines)))

    def check_if_installed(self, name):
        """What is not in Debian's main."""
        if not next(row["installed"] for row in self.sv("voices", "--json").lines() if row["name"] == name):
            self.skipTest(f"the program of {name} is not installed")
        self.check(name, name.split("-")[0])

    def test_flite(self):
        sv.need("flite")
        self.check(self.own("engine = command", "command = flite -voice {voice} -t {text} -o {out}", "voice = slt"))

    def test_festival(self):
        sv.need("text2wave")
        self.check("en-festival")

    def test_module_of_flite(self):
        self.check("en-flite")

    def test_module_of_espeak(self):
        self.check(self.own("engine = module", "module = sd_espeak-ng", "rate = 175"))

    def test_rhvoice(self):
        self.check_if_installed("en-rhvoice")

    def test_pico(self):
        self.check_if_installed("de-pico")

    def test_shipped(self):
        """Those whose program is there speak; the others say what to install. Neither is a problem among all profiles."""
        voices = {voice["name"]: voice for voice in self.sv("voices", "--json").lines()}
        lines = {line.split()[0]: line for line in self.sv("voices").out.splitlines()}
        for name, language, package in (("en-flite", "en", "speech-dispatcher-flite"), ("en-festival", "en", "festival festvox-us-slt-hts"),
                                        ("en-rhvoice", "en", "rhvoice rhvoice-english"),
                                        *((f"{tag}-pico", tag, "speech-dispatcher-pico") for tag in ("de", "fr", "es", "it"))):
            with self.subTest(name=name):
                self.assertEqual(voices[name]["language"], language)
                if voices[name]["installed"]:
                    self.assertEqual(self.sv("check", name).err, "")
                else:
                    self.assertIn(f"not installed (apt install {package})", lines[name])
                    self.assertRegex(self.sv("check", name, code=3).err, rf"\A[^\n]*; apt install {package}, or name its path\)\n\Z")
        self.assertEqual(self.sv("check", "--strict", env={"PATH": "/nowhere"}).err, "")


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
            for kind in ("crash", "flood", "garbage", "half", "silent", "empty", "killed", "fifo", "directory", "link"):
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
                    self.assertEqual(self.unfinished(), [name for name in self.unfinished() if name.is_dir()])

    def test_a_helper_that_is_killed_again_and_again(self):
        path, voice = self.home.path("out.wav"), self.stand_in()
        say = " ".join(f"Breathe {n} times." for n in range(40))
        with self.home.start("render", self.routine(say), path, "--voice", voice, *PLAIN, "--set", "voice.cache=0", env={"SV_ENGINE_SECONDS": "0.2"}) as process:
            sv.wait_for(lambda: len(self.spoken()) > 4, "some sentences")

            def killed():
                children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split() if process.poll() is None else []
                helpers = [pid for pid in children if pathlib.Path(f"/proc/{pid}/comm").read_text() == "stretchvoice-vo\n"]
                for pid in helpers:
                    os.kill(int(pid), signal.SIGKILL)
                return not helpers
            sv.wait_for(killed, "the end of the helpers", 30)
            _, err = process.communicate(timeout=60 * sv.SLOW)
        self.assertEqual(process.returncode, 0, err)
        self.assertRegex(err.decode(), r"\A[^\n]*: warning: espeak-ng says what this voice cannot: its helper program ends again and again [^\n]*\n\Z")
        self.assertTrue(path.exists())

    def test_trouble_that_costs_nothing(self):
        for mode, words in (("each", "{text} {out}"), ("lines", "")):
            with self.subTest(mode=mode):
                _, run = self.render(self.stand_in(mode, words), "Sit tall. Be loud. Now a child, one more. Breathe.", ("--set", "voice.cache=0"))
                self.assertEqual(run.err, "")
                pids = pathlib.Path(f"{self.log}.children").read_text().split()
                sv.wait_for(lambda: not any(map(is_there, pids)), "the end of what the engine has started")

    def test_hang(self):
        """Nothing else makes this wait for half a minute, so the three kinds of engines do it together."""
        say, started = "Sit tall. Now hang please. Breathe.", []
        for number, voice in enumerate((self.stand_in(), self.stand_in("lines", ""), self.module("endless"))):
            text = say if number < 2 else "Sit tall. A bad one. Breathe."
            path = self.home.path(f"{number}.wav")
            started.append((path, self.home.start("render", self.home.write(f"{number}.ini", ROUTINE.format(say=text)), path, "--voice", voice, *PLAIN)))
        for path, process in started:
            _, err = process.communicate(timeout=60 * sv.SLOW)
            self.assertIn(b"took longer than 30 s", err)
            self.assertEqual(len(err.splitlines()), 1, err)
            self.assertEqual(process.returncode, 0)
            self.assertTrue(path.exists())

    def test_all_rates(self):
        path, run = self.render(self.stand_in(), say="Sit tall, float. Breathe.")
        self.assertEqual(run.err, "")

    def test_fails_at_once(self):
        for lines, message in (
            ("engine = command\ncommand = /bin/false", "command: this program cannot speak (it ended with status 1)"),
            ("engine = command\ncommand = nosuchprogram {text}", "command: no such program ('nosuchprogram'; install it, or name its path)"),
            ("engine = command\ncommand = nosuchprogram {text}\npackage = such", "command: no such program ('nosuchprogram'; apt install such, or name its path)"),
            ("engine = command\ncommand = /etc {text}", "command: not a program ('/etc'; a directory)"),
            ("engine = command\ncommand = ./mine {text}", "command: not a program ('./mine'; chmod +x makes it one)"),
            ("engine = command\ncommand = ./{text}", "command: no such program ('./{text}'; install it, or name its path)"),
            ("engine = espeak-ng", "engine: unknown value ('espeak-ng'; one of espeak, module, command, tone)"),
            ("engine = command\ncommand = true\nspeaks = line", "speaks: unknown value ('line'; did you mean 'lines'? One of each, lines)"),
            ('engine = command\ncommand = flite "x', "command: not a command ('flite \"x'; a quote is not closed)"),
            ("engine = command", "command: missing (a program and its arguments, such as flite -t {text} -o {out})"),
            ("engine = module", "module: missing (a module of speech-dispatcher, such as sd_flite)"),
            ("engine = module\nmodule = sd_nosuch", "module: no such module ('sd_nosuch'; install it, or name its path)"),
            ("engine = module\nmodule = sd_nosuch\npackage = such one", "module: no such module ('sd_nosuch'; apt install such one, or name its path)"),
            ("engine = module\nmodule = /bin/cat\nconfig = flite.conf", "config: no such file ('flite.conf'; name the module's own settings, or leave it out)"),
            ("engine = module\nmodule = /bin/cat", "module: this program cannot speak (the module answered 'INIT')"),
            ("engine = module\nmodule = /bin/true", "module: this program cannot speak (the module ended)"),
        ):
            with self.subTest(lines=lines):
                self.home.write("config/stretchvoice/voices/mine", "#!/bin/sh\n")
                path, run = self.render(self.profile("bad", lines), code=3)
                self.assertEqual(self.sv("check", self.home.path("config/stretchvoice/voices/bad.ini"), code=3).err, run.err)
                self.assertEqual(len(run.err.splitlines()), 1, run.err)
                self.assertIn(f"[voice] {message}", run.err)
                self.assertFalse(path.exists())

    def test_what_to_install(self):
        _, run = self.render(self.profile("bad", "engine = command\ncommand = text2wave -o {out}"), code=3, env={"PATH": "/nowhere"})
        self.assertIn("no such program ('text2wave'; apt install festival, or name its path)", run.err)

    def test_a_directory_of_the_same_name(self):
        """It lies beside the profile, and is not meant."""
        self.home.path("config/stretchvoice/voices/sh").mkdir()
        _, run = self.render(self.profile("bad", "engine = command\ncommand = sh -c 'exit 7'"), code=3)
        self.assertIn("it ended with status 7", run.err)

    def test_modules_in_trouble(self):
        for kind, words in (("refuse", "the module answered '399 ERR CANT INIT MODULE'"), ("http", "the module answered 'HTTP/1.1 400 Bad Request'"),
                            ("bytes", "the module answered '"), ("mute", "the module ended")):
            with self.subTest(kind=kind):
                path, run = self.render(self.module(kind), code=3)
                self.assertRegex(run.err, rf"\A[^\n]*: \[voice\] module: this program cannot speak \({words}[^\n]*\)\n\Z")
                self.assertFalse(path.exists())
        for kind, words in (("rate", "the module gave no sound"), ("bits", "the speech engine gave no sound"), ("escape", "the speech engine gave no sound"),
                            ("empty", "the module gave no sound"), ("flood", "the speech engine gave more than 120 s"),
                            ("dies", "the module ended: the module is on fire"), ("words", "the module answered '302 ERROR \ufffd\ufffd ?[31mno'")):
            with self.subTest(kind=kind):
                _, run = self.render(self.module(kind), "Sit tall. A bad one. Breathe.", ("--set", "voice.cache=0"))
                self.assertEqual(len(run.err.splitlines()), 1, run.err)
                self.assertIn(f"espeak-ng says what this voice cannot: {words} (", run.err)
                self.assertIn("Breathe.", self.spoken())
                self.log.unlink()

    def test_a_module_in_stereo(self):
        """Each sentence is as long as in mono."""
        lengths = []
        for kind in ("mono", "stereo"):
            run = self.sv("plan", "--json", self.routine("Sit tall. A bad one. Breathe."), "--voice", self.module(kind), *PLAIN, "--set", "voice.cache=0")
            self.assertEqual(run.err, "")
            lengths.append({row["text"]: row["frames"] for row in run.lines() if row["type"] == "speech"})
        self.assertIn("A bad one.", lengths[0])
        self.assertEqual(*lengths)

    def test_a_routine_names_no_program(self):
        """Not with any key that there is, of routines, profiles or settings, and not with its language."""
        trap = self.home.write("trap", f"#!/bin/sh\ntouch {self.home.path('sprung')}\n")
        trap.chmod(0o755)
        head = [*re.findall(r'\{"voice", "([a-z-]+)"', (sv.TOP / "src/config/profile.c").read_text()), "profile"]
        settings = re.findall(r"^;? ?([a-z-]+) += ", self.sv("config").out, re.M)
        own = re.findall(r'\.name = "([a-z]+)"', (sv.TOP / "src/routine/keys.c").read_text())
        self.assertTrue({"command", "module", "clips"} <= set(head) and "rate" in settings and {"say", "release"} <= set(own))
        for value in (str(trap), "./trap", f"|{trap}", f"$({trap})", f"`{trap}`", f"en\n engine = command\n command = {trap}"):
            for section in ("routine", "sit", "voice", "phrases", "sit.voice"):
                with self.subTest(value=value, section=section):
                    keys = "".join(f"{key} = {value}\n" for key in sorted({*head, *settings, *own} - {"title"}))
                    text = ROUTINE.format(say="Sit.") + ("" if section in ("routine", "sit") else f"[{section}]\n")
                    run = self.sv("check", self.home.write("trap.ini", text.replace(f"[{section}]\n", f"[{section}]\n{keys}")), code=3)
                    for key in set(head) - set(own) - {"language"}:
                        self.assertIn(f"[{section}] {key}: unknown key", run.err)
        texts = "".join(f"{key} = {trap} $({trap}) `{trap}` | {trap}\n" for key in ("say", "cue", "release", "setup"))
        self.sv("render", self.home.write("trap.ini", f"[routine]\ntitle = {trap}\n[sit]\ntitle = {trap}\n{texts}hold = 5s\n"), self.home.path("out.wav"),
                "--voice", self.stand_in("each", "{out}"))
        for language in (f"../../{trap}", str(trap), "en/../../trap", "en+f3", "trap.ini"):
            text = ROUTINE.format(say="Sit.").replace("[routine]", f"[routine]\nlanguage = {language}")
            self.sv("plan", self.home.write("trap.ini", text), code=3)
        for say in ("-w/nowhere --help", "--version"):
            self.render(self.stand_in(), f"{say} of it.")
            self.assertTrue(any(line.startswith(f" {say}") for line in self.spoken()), self.spoken())
        self.assertFalse(self.home.path("sprung").exists())

    def test_the_program_is_no_field(self):
        """A text that says its name."""
        voices = self.home.path("config/stretchvoice/voices")
        for name in ("{text}", "Sit."):
            path = self.home.write(f"config/stretchvoice/voices/{name}", f"#!/bin/sh\ntouch '{voices}/ran {name}'\nexit 1\n")
            path.chmod(0o755)
        self.render(self.profile("field", "engine = command\ncommand = './{text}'"), "Sit.", code=3)
        self.assertTrue((voices / "ran {text}").exists())
        self.assertFalse((voices / "ran Sit.").exists())

    def test_each_says_the_same_twice(self):
        path, _ = self.render(self.stand_in(), options=("--set", "voice.cache=0"))
        first = path.read_bytes()
        self.render(self.stand_in(), options=("--set", "voice.cache=0"))
        self.assertEqual(path.read_bytes(), first)

    def test_only_then_a_chime(self):
        """Where espeak-ng does not speak the language either."""
        voice = self.stand_in()
        voice.write_text(voice.read_text().replace("language = en", "language = xx"))
        path, run = self.render(voice, "Sit tall. Now crash please. Breathe.")
        lines = [line for line in run.err.splitlines() if "its language is" not in line]
        self.assertEqual(len(lines), 2, run.err)
        self.assertIn("espeak-ng says what this voice cannot", lines[0])
        self.assertIn("a chime takes the place of a sentence", lines[1])
        self.assertTrue(path.exists())

    def test_ended_with_the_session(self):
        voice = self.stand_in("lines", "")
        with self.home.start("play", self.routine(), "--voice", voice, "--device", "null", "--set", "voice.cache=0") as process:
            sv.wait_for(self.starts, "the engine")
            process.kill()
        pids = pathlib.Path(f"{self.log}.starts").read_text().split()
        sv.wait_for(lambda: not any(map(is_there, pids)), "its end")

    def test_nothing_stays_of_a_killed_session(self):
        """Neither what the engine has started, nor, with the next session, half a file."""
        voice, clean = self.stand_in(), self.home.path("clean.wav")
        with self.home.start("play", self.routine("Sit tall. A child, then hang."), "--voice", voice, "--device", "null") as process:
            sv.wait_for(pathlib.Path(f"{self.log}.children").exists, "the engine's child")
            process.kill()
        pids = pathlib.Path(f"{self.log}.starts").read_text().split() + pathlib.Path(f"{self.log}.children").read_text().split()
        sv.wait_for(lambda: not any(map(is_there, pids)), "their end")
        self.home.write("runtime/.stretchvoice-999999999-3.wav", "half")
        self.home.write("cache/stretchvoice/clips/.stretchvoice-999999999.flac", "half")
        self.sv("render", self.routine(), clean, "--voice", voice, *PLAIN)
        self.assertEqual(self.unfinished(), [])

    def test_killed_at_any_moment(self):
        """What was kept is whole: the next session gives what it would have given."""
        voice, routine, path = self.stand_in(), self.routine("Sit tall. " + " ".join(f"Breathe {n} times." for n in range(12))), self.home.path("out.wav")
        self.sv("render", routine, path, "--voice", voice, *PLAIN, "--set", "voice.cache=0")
        right = path.read_bytes()
        for number in range(3, 12, 3):
            with self.home.start("render", routine, path, "--voice", voice, *PLAIN) as process:
                sv.wait_for(lambda: len(self.clips()) >= number or process.poll() is not None, "some clips")
                process.kill()
        self.sv("render", routine, path, "--voice", voice, *PLAIN)
        self.assertEqual(path.read_bytes(), right)
        sv.wait_for(lambda: self.sv("plan", routine, "--voice", voice) and not self.unfinished(), "tidying: the killed programs have ended")


class Slow(Engines):
    def test_it_plays_when_it_can_stay_ahead(self):
        """A second a sentence: it waits at first, and then for no word."""
        say = " ".join(f"Now sit up tall, and breathe in and out as slowly as you can, for the time number {n}." for n in "1234")
        with self.home.start("play", self.routine(say), "--voice", self.stand_in("lines", ""), "--device", "null", "--plain", "--verbose", *PLAIN,
                             env={"SV_ENGINE_SECONDS": "0.5"}) as process:
            first = sv.wait_for(process.stderr.readline, "the first line", 30).decode()
            while "ready after" not in first:
                first = process.stderr.readline().decode()
            self.assertGreater(float(re.search(r"ready after (\d+) ms", first)[1]), 1500)
            last = {}
            while process.poll() is None:
                run = self.home.run("status", "--json")
                last = run.lines()[0] if run.code == 0 else last
                time.sleep(0.2)
        self.assertEqual(process.returncode, 0)
        self.assertGreater(last["position"], 15)
        self.assertIsNone(last["late"])

    def test_what_is_in_the_cache_says_nothing_about_its_pace(self):
        """The program's own words are there, those of the routine are not: it waits for them all the same."""
        voice = self.stand_in("lines", "")
        self.sv("speak", self.routine(), "--voice", voice)
        say = " ".join(f"Breathe slowly, number {n}." for n in "1234")
        with self.home.start("play", self.routine(say), "--voice", voice, *PLAIN, "--device", "null", "--plain",
                             env={"SV_ENGINE_SECONDS": "3"}) as process:
            sv.wait_for(lambda: self.home.run("status").code == 0, "the session", 30)
            run = self.sv("status", "--follow", "--json")
            self.assertEqual(process.wait(60 * sv.SLOW), 0)
        self.assertEqual({row.get("late") for row in run.lines()}, {None})

    def test_late_words_are_counted(self):
        with self.home.start("play", self.routine(" ".join(f"A late one, {n}." for n in range(8))), "--voice", self.stand_in(), "--device", "null", "--plain", *PLAIN):
            def late():
                run = self.home.run("status", "--json")
                return run.code == 0 and run.lines()[0]["late"]
            sv.wait_for(late, "a late word", 30)
            self.sv("stop")

    def test_each_late_word_is_counted_once(self):
        """However long it takes."""
        say = " ".join(f"Sit up tall, and breathe, number {n}." for n in "123") + " One that awaits you."
        with self.home.start("play", self.routine(say), "--voice", self.stand_in(), *PLAIN, "--device", "null", "--plain") as process:
            sv.wait_for(lambda: self.home.run("status").code == 0, "the session", 30)
            with self.home.start("status", "--follow", "--json") as follower:
                sv.wait_for(lambda: self.home.run("status", "--json").lines()[0]["late"], "a late word", 30)
                time.sleep(2)  # longer than what is queued
                pathlib.Path(f"{self.log}.go").touch()
                out, _ = follower.communicate()
            self.assertEqual(process.wait(30 * sv.SLOW), 0)
        self.assertEqual({json.loads(line).get("late") for line in out.splitlines()}, {None, 1})

    def test_it_says_that_it_waits(self):
        """In the session's language, and on every screen. It can be ended meanwhile."""
        profile = self.stand_in("lines", "")
        profile.write_text(profile.read_text().replace("show-voice            = Waiting for the voice", "show-voice = Gleich geht es los"))
        for command, code in (("stop", 0), (None, 143)):
            with self.subTest(command):
                with self.home.start("play", self.routine(), "--voice", profile, "--device", "null", "--plain",
                                     env={"SV_ENGINE_SECONDS": "20"}) as process:
                    self.assertEqual(process.stdout.readline().decode(), "Engines: 1 step\n")
                    self.assertEqual(process.stdout.readline().decode(), "Gleich geht es los\n")
                    [status] = self.sv("status", "--json").lines()
                    self.assertEqual((status["state"], status["position"], status["late"]), ("waiting", 0, None))
                    self.assertNotIn("press play", self.sv("where").out)
                    with self.home.start("attach", "--plain") as screen:
                        self.assertEqual(screen.stdout.readline().decode(), "Engines: 1 step\n")
                        self.assertEqual(screen.stdout.readline().decode(), "Gleich geht es los\n")
                        screen.terminate()
                    self.sv(command) if command else process.terminate()
                    self.assertEqual(process.wait(10 * sv.SLOW), code)

    def test_headset(self):
        """Who has only a headset can pause it while it waits."""
        server = bus.Bus()
        self.addCleanup(server.close)
        with self.home.start("play", self.routine(), "--voice", self.stand_in("lines", ""), "--device", "null", "--plain",
                             env={"SV_ENGINE_SECONDS": "20"} | server.env) as process:
            sv.wait_for(lambda: "stretchvoice" in server.players(), "the player on the bus")
            self.assertEqual(server.playerctl("status"), "Playing")
            server.playerctl("play-pause")
            sv.wait_for(lambda: server.playerctl("status") == "Paused", "the pause")
            process.terminate()


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
        quote = self.profile("quote", "engine = command\ncommand = flite 'x")
        self.assertIn("has problems", self.sv("voices").out)
        self.assertIn("a quote is not closed", self.sv("list", "--voice", quote, code=3).err)
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
        clips[3].write_bytes(clips[4].read_bytes())  # a clip, but another's
        whole = clips[5].read_bytes()
        for change in (whole[:-1], whole[:len(whole) // 2] + bytes(len(whole) - len(whole) // 2), whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]):
            clips[5].write_bytes(change)
            self.render(self.stand_in())
            self.assertEqual(path.read_bytes(), first)
        self.assertEqual(len(self.spoken()), spoken + 4 + 3)
        for clip in clips[:2]:
            clip.unlink()
        clips[0].symlink_to(clips[2])
        os.mkfifo(clips[1])
        self.render(self.stand_in())
        self.assertEqual(path.read_bytes(), first)
        self.assertEqual(len(self.spoken()), spoken + 4 + 3 + 2)
        self.assertTrue(all(clip.is_file() and not clip.is_symlink() for clip in clips))

    def test_a_clip_that_cannot_be_written(self):
        path, _ = self.render(self.stand_in())
        first = path.read_bytes()
        for clip in self.clips():  # each, also that of the sentence by which the voice is measured
            clip.unlink()
            clip.mkdir()
            _, run = self.render(self.stand_in())
            self.assertEqual(path.read_bytes(), first)
            self.assertRegex(run.err, r"\A[^\n]*clips: warning: cannot be written, [^\n]*\n\Z")
            clip.rmdir()

    def test_off_takes_nothing_away(self):
        self.render(self.stand_in())
        clips, spoken = self.clips(), len(self.spoken())
        self.render(self.stand_in(), options=("--set", "voice.cache=0"))
        self.assertEqual(self.clips(), clips)
        self.assertEqual(len(self.spoken()), 2 * spoken)

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

    def test_a_full_disk(self):
        """The voice speaks all the same, and one line says that nothing is kept."""
        path, cache = self.home.path("out.wav"), self.home.path("cache")
        mount = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", 'mount -t tmpfs -o size=64k none "$0" && exec "$@"', str(cache))
        if subprocess.run([*mount, "true"], capture_output=True).returncode:
            sv.lack("nothing can be mounted here")
        self.home.inside = mount
        say = "Sit tall. Breathe. " + " ".join(f"A {'very ' * 40}long sentence {n}." for n in range(4))
        for voice in (self.stand_in(), self.stand_in("lines", "")):
            self.home.inside = ()
            _, run = self.render(voice, say, options=("--set", "voice.cache=0"))
            right = path.read_bytes()
            self.home.inside = mount
            _, run = self.render(voice, say)
            self.assertRegex(run.err, r"\A[^\n]*clips: warning: cannot be written, [^\n]*\n\Z")
            self.assertEqual(path.read_bytes(), right)

    def test_two_at_once(self):
        voice = self.stand_in()
        routine = self.routine("Sit tall. " + " ".join(f"Breathe {n} times." for n in range(20)))
        paths = [self.home.path(f"{n}.wav") for n in range(2)]
        running = [self.home.start("render", routine, path, "--voice", voice, *PLAIN) for path in paths]
        for process in running:
            self.assertEqual(process.wait(60), 0, process.stderr.read())
            process.stdout.close(), process.stderr.close()
        self.assertEqual(paths[0].read_bytes(), paths[1].read_bytes())
        spoken = len(self.spoken())
        self.sv("render", routine, paths[0], "--voice", voice, *PLAIN)
        self.assertEqual(paths[0].read_bytes(), paths[1].read_bytes())
        self.assertEqual(len(self.spoken()), spoken)  # all that they kept is whole
        self.assertEqual(self.unfinished(), [])


if __name__ == "__main__":
    unittest.main()
