"""The commands from outside: exit codes, what goes to standard output, what to standard error."""
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import unittest

import control
import sv

ROUTINE = """[routine]
title = Short
[one]
say = Sit.
hold = 1s
"""
COMMANDS = ("play", "render", "plan", "captions", "check", "list", "voices", "devices", "config")


def links(pid):
    """What a process has open, but for what it closes while one looks."""
    found = []
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(entry))
        except FileNotFoundError:
            pass
    return found


class Commands(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("short.ini", ROUTINE)

    def assertOneLine(self, run, *parts):
        self.assertEqual((run.out, len(run.err.splitlines())), ("", 1), run)
        for part in parts:
            self.assertIn(str(part), run.err)


class Usage(Commands):
    def test_nothing_at_all(self):
        run = self.sv(code=2)
        self.assertEqual(run.out, "")
        self.assertTrue(run.err.startswith("Usage:"))

    def test_help(self):
        run = self.sv("--help")
        self.assertEqual(run.err, "")
        for command in COMMANDS:
            self.assertRegex(run.out, rf"(?m)^  {command}\b")
            own = self.sv(command, "--help")
            self.assertEqual(own.err, "")
            self.assertIn(f"stretchvoice [OPTION…] {command}", own.out)
            self.assertIn("--verbose", own.out)

    def test_help_names_no_option_that_the_command_refuses(self):
        for command in COMMANDS:
            for option in re.findall(r"--[a-z]+", self.sv(command, "--help").out):
                with self.subTest(command=command, option=option):
                    run = self.home.run(command, option, "--help", "--help")  # the first may be the option's value
                    self.assertNotIn("no option", run.err)

    def test_help_as_a_command(self):
        self.assertEqual(self.sv("help").out, self.sv("--help").out)
        for command in ("check", "pause"):
            self.assertEqual(self.sv("help", command).out, self.sv(command, "--help").out)
        self.assertOneLine(self.sv("help", "chek", code=2), "check")
        self.assertOneLine(self.sv("help", "check", "pause", code=2), "'pause' is one too many")

    def test_version_in_short(self):
        self.assertEqual(self.sv("-V").out, self.sv("--version").out)

    def test_version(self):
        self.assertRegex(self.sv("--version").out,
                         r"\Astretchvoice \d+\.\d+\.\d+\nCopyright \(C\) \d+ [^\n]*GPL-3\.0-or-later\n\Z")

    def test_wrong_usage(self):
        for arguments in (["nosuch"], ["plan"], ["play", "middle-back", "--from"], ["render", "middle-back"], ["plan", "--nosuch", "x"],
                          ["render", "middle-back", "x.txt"], ["captions", "middle-back", "x.txt"], ["list", "y"],
                          ["render", "middle-back", "x.wav", "--json"], ["plan", "middle-back", "--color", "sometimes"],
                          ["--routine"], ["plan", "--set"]):
            with self.subTest(arguments):
                self.assertOneLine(self.sv(*arguments, code=2), "stretchvoice: ")
        self.assertEqual([path.suffix for path in self.home.directory.iterdir() if path.suffix in (".wav", ".txt")], [])

    def test_a_command_that_is_nearly_right(self):
        self.assertOneLine(self.sv("rendr", code=2), "there is no command 'rendr', but 'render'")

    def test_an_option_that_the_command_does_not_have(self):
        for arguments in (["render", "a", "b.wav", "--json"], ["--json", "render", "a", "b.wav"], ["pause", "--level", "3"]):
            self.assertOneLine(self.sv(*arguments, code=2), f"'{'pause' if 'pause' in arguments else 'render'}' has no option '--")
        self.assertOneLine(self.sv("plan", "--nosuch=x", "a", code=2), "there is no option '--nosuch=x'")
        self.assertOneLine(self.sv("plan", "-x", "a", code=2), "there is no option '-x'")

    def test_an_argument_that_begins_with_a_minus(self):
        for arguments in (["volume", "-6"], ["volume", "-6.5", "--quiet"], ["--quiet", "volume", "-6"], ["volume", "--", "-6"]):
            self.assertOneLine(self.sv(*arguments, code=5), "no session")
        self.assertOneLine(self.sv("volume", "-600", code=2), "-600")

    def test_options_anywhere(self):
        first = self.sv("plan", "--json", self.routine).out
        self.assertEqual(self.sv("--json", "plan", self.routine).out, first)
        self.assertEqual(self.sv("plan", self.routine, "--json").out, first)

    def test_a_name_that_looks_like_an_option(self):
        routine = self.home.write("-strange.ini", ROUTINE)
        self.assertEqual(self.sv("plan", "--", f"./{routine.name}").err, "")
        self.assertEqual(self.sv("plan", "--", routine.name).err, "")

    def test_values_in_a_locale_without_utf_8(self):
        """What is written in UTF-8 is read as it is, wherever."""
        env = {"LC_ALL": "C"}
        path = self.home.write("grün.ini", "[pace]\nlevel = 7\n")
        out = self.sv("config", "--config", path, "--set", "sound.device=Kopfhörer", "--level", "8", env=env).out
        self.assertRegex(out, r"(?m)^device += Kopfhörer +; --set sound.device$")
        self.assertEqual(self.sv("play", "--routine", self.home.write("ü.ini", ROUTINE), "--device", "null:fast", env=env).err, "")
        for options in (["--voice", "käse"], ["--level", "fünf"], ["--set", "pace.level=fünf"]):
            with self.subTest(options):
                self.assertOneLine(self.sv("plan", self.routine, *options, code=3, env=env), options[1].rpartition("=")[2])

    def test_values_that_begin_with_a_minus(self):
        self.assertOneLine(self.sv("plan", self.routine, "--level", "-5", code=3), "--level: out of range ('-5'; ")
        self.assertOneLine(self.sv("plan", self.routine, "--config", "-5.ini", code=3), "-5.ini: cannot be read")
        self.assertOneLine(self.sv("plan", self.routine, "--voice", "-5", code=3), "('-5'; ")
        self.assertOneLine(self.sv("plan", self.routine, "--set", "-5", code=3), "('-5'; ")
        self.assertOneLine(self.sv("plan", self.routine, "--color", "-5", code=2), "not '-5'")
        self.assertOneLine(self.sv("--routine", "-5", code=3), "('-5'; ")
        self.assertRegex(self.sv("config", "--device", "-5").out, r"(?m)^device +=\x20-5 +;")

    def test_values_that_are_no_utf_8(self):
        for options, code in (([b"--voice", b"k\xe4se"], 3), ([b"--set", b"sound.device=k\xe4se"], 3), ([b"--set", b"k\xe4se"], 3),
                              ([b"--config", b"k\xe4se"], 3), ([b"--device", b"k\xe4se"], 3), ([b"--color", b"k\xe4se"], 2)):
            with self.subTest(options):
                command = [os.fsencode(sv.PROGRAM), b"plan", os.fsencode(self.routine), *options]
                run = subprocess.run(command, env=self.home.env, capture_output=True, timeout=60, check=False)
                self.assertEqual((run.returncode, run.stdout), (code, b""), run.stderr)
                self.assertRegex(run.stderr.decode(), r"\A[^\n]*k\?se[^\n]*\n\Z")


class Invalid(Commands):
    def test_a_file_that_is_not_there(self):
        for command in (["plan"], ["play"]):
            self.assertOneLine(self.sv(*command, "./nothing.ini", code=3), "./nothing.ini: no such file ('./nothing.ini'; 'stretchvoice list' shows")

    def test_a_helper_that_is_not_there(self):
        if pathlib.Path("/usr/local/libexec/stretchvoice").exists():
            self.skipTest("it is installed")
        alone = self.home.path("alone/stretchvoice")
        alone.parent.mkdir()
        shutil.copy(sv.PROGRAM, alone)
        for command, name, code in ((["plan", self.routine], "speech", 1), (["play", self.routine], "speech", 1), (["devices"], "sound", 1)):
            with self.subTest(command):
                run = subprocess.run([alone, *command, *(["--voice", "en"] if name == "speech" else [])], env=self.home.env, cwd=self.home.directory,
                                     capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual((run.returncode, run.stdout), (code, ""), run.stderr)
                self.assertRegex(run.stderr, rf"\Astretchvoice: [^\n]*'/\S*/stretchvoice-{name}' cannot be started \(No such file or directory\); "
                                             r"[^\n]*install[^\n]*\n\Z")

    def test_a_routine_that_is_not_there(self):
        for name, parts in (("middel-back", ["middle-back"]), ("./nothing.ini", ["nothing.ini"]), ("no/such", ["no/such"])):
            for command in (["plan"], ["play"], ["render"]):
                with self.subTest(name=name, command=command):
                    more = ["out.wav"] if command == ["render"] else []
                    self.assertOneLine(self.sv(*command, name, *more, code=3), name, *parts)

    def test_a_routine_and_a_voice_are_told_of_in_one_pass(self):
        routine = self.home.write("bad.ini", "[routine]\ntitle = Bad\n[a]\nsay = A.\nhold = long\n")
        voice = self.home.write("bad-voice.ini", "[voice]\npitch = high\n")
        run = self.sv("plan", "--voice", voice, routine, code=3)
        files = [line.split(":")[0] for line in run.err.splitlines()]
        self.assertEqual(list(dict.fromkeys(files)), [str(routine), str(voice)], run.err)
        self.assertRegex(run.err, r":5: \[a\] hold: ")
        self.assertRegex(run.err, r":2: \[voice\] pitch: ")

    def test_what_is_no_regular_file_is_refused_at_once(self):
        """B17."""
        os.mkfifo(self.home.path("fifo.ini"))
        self.home.path("directory.ini").mkdir()
        self.home.path("loop.ini").symlink_to("loop.ini")
        self.home.path("zero.ini").symlink_to("/dev/zero")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(self.home.path("socket.ini")))
            for name in ("fifo", "directory", "loop", "zero", "socket"):
                for command in ("plan", "check", "play"):
                    with self.subTest(name=name, command=command):
                        run = self.sv(command, f"./{name}.ini", code=3, timeout=5)
                        self.assertEqual(run.out, "")
                        self.assertIn(f"{name}.ini", run.err)
                with self.subTest(name=name, command="--config"):
                    self.assertIn(f"{name}.ini", self.sv("plan", self.routine, "--config", f"{name}.ini", code=3, timeout=5).err)

    def test_what_is_found_but_cannot_be_read_is_refused(self):
        """The first of a name counts, whatever it is."""
        for kind, command in (("routines", ["plan", "odd"]), ("voices", ["plan", "middle-back", "--voice", "odd"]),
                              ("stretchvoice.ini", ["plan", "middle-back"])):
            path = self.home.path(f"config/stretchvoice/{kind}")
            path = path / "odd.ini" if "." not in kind else path
            path.parent.mkdir(parents=True, exist_ok=True)
            for make in (lambda: path.symlink_to("nothing"), lambda: path.symlink_to(path.name), lambda: os.mkfifo(path), path.mkdir):
                make()
                with self.subTest(kind=kind, path=os.lstat(path).st_mode):
                    self.assertOneLine(self.sv(*command, code=3, timeout=5), f"{path}: ")
                    self.assertIn(f"{path}: ", self.sv("check", code=3, timeout=5).err)
                path.rmdir() if path.is_dir() else path.unlink()

    def test_settings_that_are_wrong(self):
        for option, parts in ((["--set", "pace.level=101"], ["--set pace.level", "101", "100"]),
                              (["--set", "pace.levle=1"], ["--set pace.levle", "level"]),
                              (["--set", "nosuch.key=1"], ["--set nosuch.key"]), (["--set", "pace.level"], ["--set pace.level"]),
                              (["--level", "much"], ["--level", "much"]), (["--voice", "nosuch"], ["nosuch"]),
                              (["--config", "nosuch.ini"], ["nosuch.ini"])):
            with self.subTest(option):
                self.assertOneLine(self.sv("plan", self.routine, *option, code=3), *parts)

    def test_two_problems_are_both_told(self):
        run = self.sv("plan", self.routine, "--set", "pace.level=101", "--set", "sound.rate=1", code=3)
        self.assertEqual(len(run.err.splitlines()), 2)

    def test_a_voice_that_espeak_does_not_have(self):
        """B13: one line, before anything sounds."""
        voice = (sv.TOP / "voices/en.ini").read_text()
        wrong = re.sub(r"(?m)^voice\s*=.*\n", "", voice).replace("[voice]", "[voice]\nvoice = xx-nosuch")
        path = self.home.write("config/stretchvoice/voices/wrong.ini", wrong)
        for command in (["plan", self.routine], ["check", path], ["play", "--device", "null:fast", self.routine]):
            with self.subTest(command[0]):
                options = [] if command[0] == "check" else ["--voice", "wrong"]
                self.assertOneLine(self.sv(*command, *options, code=3), path, "xx-nosuch")

    def test_another_language_is_one_warning(self):
        routine = self.home.write("deutsch.ini", ROUTINE.replace("title = Short", "title = Kort\nlanguage = sv").replace("1s", "3s"))
        for command in (["check"], ["plan", "--voice", "en"]):
            run = self.sv(*command, routine)
            self.assertEqual(len(run.err.splitlines()), 1, run.err)
            self.assertIn("warning", run.err)


class Quiet(Commands):
    """--quiet: what was asked for, and errors."""

    WARNED = ROUTINE.replace("title = Short", "title = Kurz\nlanguage = de").replace("Sit.", "silent-now")

    def test_no_warnings(self):
        routine, path = self.home.write("deutsch.ini", self.WARNED), self.home.path("out.flac")
        for command in (["plan", routine], ["render", routine, path], ["captions", routine, self.home.path("out.vtt")],
                        ["play", routine, "--device", "null:fast"]):
            with self.subTest(command[0]):
                self.assertEqual(len(self.sv(*command, "--voice", "tone").err.splitlines()), 2)
                run = self.sv(*command, "--voice", "tone", "--quiet")
                self.assertEqual(run.err, "")
                self.assertEqual(run.out == "", command[0] != "plan")

    def test_warnings_are_what_check_is_asked_for(self):
        routine = self.home.write("deutsch.ini", self.WARNED)
        self.assertIn("warning", self.sv("check", "--quiet", routine).err)

    def test_no_notices(self):
        for options, env in ((["--resume"], {}), ([], {"XDG_RUNTIME_DIR": ""}), (["--verbose"], {})):
            with self.subTest(options=options, env=env):
                self.assertEqual(len(self.sv("play", self.routine, "--device", "null:fast", *options, env=env).err.splitlines()), 1)
                run = self.sv("play", self.routine, "--device", "null:fast", "-q", *options, env=env)
                self.assertEqual((run.out, run.err), ("", ""))

    def test_errors_are_told(self):
        self.assertOneLine(self.sv("play", self.routine, "--quiet", code=4), "no audio output")
        self.assertOneLine(self.sv("plan", "nosuch", "--quiet", code=3), "nosuch")
        self.assertOneLine(self.sv("pause", "--quiet", code=5), "no session")


class Found(Commands):
    def test_list(self):
        rows = self.sv("list", "--json").lines()
        names = [row["name"] for row in rows]
        self.assertEqual(names, sorted(names))
        row = next(row for row in rows if row["name"] == "middle-back")
        self.assertEqual((row["title"], row["file"]), ("Middle back", str(sv.TOP / "config/routines/middle-back.ini")))
        self.assertRegex(self.sv("list").out, r"(?m)^middle-back\b.*Middle back.*middle-back\.ini$")

    def test_estimates(self):
        """Made from the texts alone, and as good as it takes to say "about 23 minutes". Each other way is tried on a third of the routines."""
        others = (["--level", "100"], ["--set", "pace.words=brief"], ["--set", "voice.rate=250"])
        for way, options in enumerate(([], *others)):
            rows = self.sv("list", "--json", *options).lines()
            for row in rows[way - 1::len(others)] if options else rows:
                with self.subTest(row["name"], options=options):
                    seconds = self.sv("plan", row["name"], "--json", *options).lines()[0]["seconds"]
                    self.assertLess(abs(row["seconds_estimate"] / seconds - 1), 0.03)

    def test_own_routines_come_first(self):
        for directory in ("config", "data"):
            self.home.write(f"{directory}/stretchvoice/routines/middle-back.ini", ROUTINE.replace("Short", directory))
        for directory in ("config", "data"):
            first = self.sv("plan", "middle-back", "--json").lines()[0]
            self.assertEqual(first["title"], directory)
            self.home.path(f"{directory}/stretchvoice/routines/middle-back.ini").unlink()
        self.assertEqual(self.sv("plan", "middle-back", "--json").lines()[0]["title"], "Middle back")

    def test_directories_that_are_no_absolute_paths_count_as_not_set(self):
        """As the XDG specification has it: a relative one would be another in each directory."""
        env = {"XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "./data", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": ""}
        self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = 99\n")
        self.home.write(".config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = 11\n")
        self.home.write("data/stretchvoice/routines/wrong.ini", ROUTINE)
        self.home.write(".local/share/stretchvoice/routines/right.ini", ROUTINE)
        self.assertRegex(self.sv("config", env=env).out, r"(?m)^level += 11 ")
        names = [row["name"] for row in self.sv("list", "--json", env=env).lines()]
        self.assertEqual(("wrong" in names, "right" in names), (False, True))
        self.sv("play", self.routine, "--device", "null:fast", env=env)
        self.assertEqual(list(self.home.path("state").iterdir()), [])
        self.assertTrue(self.home.path(".local/state/stretchvoice/lock").exists())

    def test_names_and_paths(self):
        self.home.write("config/stretchvoice/routines/mine.ini", ROUTINE)
        for name in ("mine", "./short.ini", "short.ini", self.routine):
            with self.subTest(name):
                self.assertEqual(self.sv("plan", name, "--json").lines()[0]["title"], "Short")

    def test_voices(self):
        rows = self.sv("voices", "--json").lines()
        self.assertLessEqual({"en", "en-gb", "tone"}, {row["name"] for row in rows})
        self.assertRegex(self.sv("voices").out, r"(?m)^en-gb\b")

    def test_devices_without_any(self):
        run = self.sv("devices", "--json")
        self.assertEqual(run.err, "")
        self.assertEqual([row["name"] for row in run.lines()][-2:], ["null", "null:fast"])

    def test_config_reads_back_the_same(self):
        run = self.sv("config", "--set", "pace.level=30", "--set", "sound.cue-level=-3.5", "--set", "voice.profile=en-gb")
        self.assertEqual(run.err, "")
        self.assertIn("--set pace.level", run.out)

        def values(text):
            return re.sub(r"\s*;.*", "", text)
        once = self.sv("config", "--config", self.home.write("once.ini", run.out)).out
        twice = self.sv("config", "--config", self.home.write("twice.ini", once)).out
        self.assertEqual(values(once), values(twice))
        for value in ("level        = 30", "cue-level    = -3.5", "profile      = en-gb"):
            self.assertIn(value, values(once))

    def test_settings_are_merged_key_by_key(self):
        self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = 20\nspeed = 120%\n")
        out = self.sv("config", "--set", "pace.level=40").out
        self.assertRegex(out, r"(?m)^level\s*= 40\b.*--set")
        self.assertRegex(out, r"(?m)^speed\s*= 120%.*stretchvoice\.ini:3")
        self.assertRegex(out, r"(?m)^hold\s*= 100%.*default")

    def test_the_shipped_settings_are_the_defaults(self):
        shipped = self.home.write("shipped.ini", self.sv("config", "--config", sv.TOP / "config/stretchvoice.ini").out)
        defaults = self.home.write("defaults.ini", self.sv("config", "--config", self.home.write("empty.ini", "")).out)

        def values(path):
            return re.sub(r"\s*;.*", "", self.sv("config", "--config", path).out)
        self.assertEqual(values(shipped), values(defaults))

    def test_check_is_silent_where_all_is_well(self):
        run = self.sv("check", "middle-back", "desk-break", "breathing", sv.TOP / "voices/en.ini", sv.TOP / "voices/en-gb.ini",
                      sv.TOP / "config/stretchvoice.ini")
        self.assertEqual(run.err, "")
        self.assertEqual(run.out, "")
        self.assertEqual(self.sv("check").err, "")


class Playing(Commands):
    def test_no_output(self):
        run = self.sv("play", self.routine, code=4)
        self.assertOneLine(run, f"stretchvoice render {self.routine}")
        self.assertOneLine(self.sv("play", self.routine, "--device", "no such thing", code=4), "render")

    def test_an_output_that_is_not_there(self):
        """Named nearly as another, or as none."""
        for name, near in (("nul", "null"), ("null:fats", "null:fast"), ("null:", "null"), ("loudspeaker", None)):
            with self.subTest(name):
                run = self.sv("play", self.routine, "--device", name, code=4)
                hint = f"; did you mean '{near}'? " if near else "; "
                self.assertOneLine(run, f"there is no output named '{name}'{hint}'stretchvoice devices' lists them")

    def test_no_output_names_the_command_for_the_same_session(self):
        """It is the last thing in the line, and does what it says."""
        self.home.write("-odd.ini", ROUTINE)
        self.home.write("it's a \"x\"; $HOME.ini", ROUTINE)
        self.home.write("own.ini", "[pace]\nhold = 200%\n")
        long = "x" * 250 + ".ini"
        self.home.write(long, ROUTINE)
        for name, options, rest in (
                ("short.ini", [], "short.ini short.flac"),
                ("./short.ini", ["--device", "x", "--verbose", "--plain"], "./short.ini short.flac"),
                ("short.ini", ["--set", "sound.device=x", "--set", "pace.speed=50%", "--level", "9", "--set",
                               "pace.hold=300%", "--voice", "tone", "--config", "own.ini"],
                 "short.ini short.flac --config own.ini --set pace.speed=50% --set pace.hold=300% --voice tone --level 9"),
                ("short.ini", ["--config", "own.ini", "--set", " sound.device = x", "--set", "count.tick = off"],
                 "short.ini short.flac --config own.ini --set 'count.tick = off'"),
                ("it's a \"x\"; $HOME.ini", [], None), (long, [], f"{long} {long[:-4]}.flac"),
                ("-odd.ini", ["--"], f"{self.home.directory}/-odd.ini ./-odd.flac")):
            with self.subTest(name=name, options=options):
                run = self.sv("play", *options, name, code=4)
                self.assertOneLine(run, f": stretchvoice render {rest or ''}")
                command = run.err.partition(": stretchvoice ")[2].rstrip("\n")
                if rest:
                    self.assertEqual(command, f"render {rest}")
                words = shlex.split(command)
                self.assertEqual(self.sv(*words).err, "")
                self.assertGreater(self.home.path(words[2]).stat().st_size, 100)

    def test_library_chatter_is_not_shown(self):
        """The configuration of the machine, which names many outputs that are not there, and one with an error in it."""
        faulty = self.home.write("faulty.conf", "pcm.!default { type pulse }\npcm.other { type nosuch }\nctl.other [\n")
        for env in ({"ALSA_CONFIG_PATH": ""}, {"ALSA_CONFIG_PATH": str(faulty)}):
            with self.subTest(env):
                run = self.home.run("devices", env=env)
                self.assertLessEqual(len(run.err.splitlines()), 1, run.err)
                self.assertNotIn("ALSA lib", run.err + run.out)

    def test_short_form(self):
        for arguments in (["--routine", self.routine], ["play", "--routine", self.routine], ["play", self.routine]):
            with self.subTest(arguments):
                run = self.sv(*arguments, "--device", "null:fast")
                self.assertEqual(run.err, "")
                self.assertIn("1 of 1 step.", run.out)

    def test_what_was_left_open_is_not_for_the_helpers(self):
        """They would keep a pipe open whose end somebody waits for."""
        end, kept = os.pipe()
        self.addCleanup(os.close, end)
        name = os.readlink(f"/proc/self/fd/{kept}")
        process = self.home.start("play", self.routine, "--voice", "tone", "--device", "null", stdout=subprocess.PIPE, pass_fds=[kept])
        os.close(kept)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertTrue(process.stdout.readline())
        helpers = control.children(process.pid)
        self.assertTrue(helpers)
        self.assertIn(name, links(process.pid))
        sv.wait_for(lambda: all(name not in links(helper) for helper in helpers), "each helper to be a program of its own")

    def test_verbose(self):
        run = self.sv("play", self.routine, "--voice", "tone", "--device", "null:fast", "--verbose")
        self.assertOneLine(sv.Run(0, "", run.err), "sound: null:fast", "ready after")

    def test_signals(self):
        long = self.home.write("long.ini", ROUTINE.replace("1s", "10m"))
        for number in (2, 15, 1):
            process = self.home.start("play", long, "--device", "null", stdout=subprocess.PIPE)
            self.assertTrue(process.stdout.readline())
            process.send_signal(number)
            _, err = process.communicate(timeout=2 * sv.SLOW)
            self.assertIn(process.returncode, (128 + number, -number))
            self.assertEqual(err, b"")

    def test_whoever_read_the_lines_has_gone(self):
        """The session goes on: it is heard, not read."""
        routine = self.home.write("two.ini", ROUTINE + "[two]\nsay = Stand.\nhold = 10m\n")
        process = self.home.start("play", routine, "--device", "null")
        process.stdout.readline()
        process.stdout.close()
        for _ in range(2):
            self.sv("next")  # a line that nobody reads
        [status] = self.sv("status", "--json").lines()
        self.assertEqual((status["state"], status["step"]), ("playing", "two"))
        self.sv("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.stderr.read()), (0, b""))
        process.stderr.close()


class Captions(Commands):
    def test_each_format_has_what_is_spoken(self):
        rows = [row for row in self.sv("plan", "middle-back", "--json").lines() if "text" in row]
        for ending, times in (("vtt", r"(?m)^(\d+):(\d\d):(\d\d\.\d{3}) --> "), ("srt", r"(?m)^(\d+):(\d\d):(\d\d,\d{3}) --> "),
                              ("lrc", r"(?m)^()\[(\d+):(\d\d\.\d\d)\]")):
            with self.subTest(ending):
                path = self.home.path(f"out.{ending}")
                self.assertEqual(self.sv("captions", "middle-back", path).out, "")
                text = path.read_text()
                found = [int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
                         for hours, minutes, seconds in re.findall(times, text)]
                self.assertEqual(len(found), len(rows))
                self.assertLess(max(abs(a - row["frame"] / 48000) for a, row in zip(found, rows)), 0.0051)
                at = 0
                for row in rows:
                    at = text.index(row["text"], at) + 1

    def test_captions_that_cannot_be_written(self):
        self.assertOneLine(self.sv("captions", self.routine, self.home.path("no/where.vtt"), code=1), "where.vtt")
        self.home.path("directory.vtt").mkdir()
        self.assertOneLine(self.sv("captions", self.routine, self.home.path("directory.vtt"), code=1), "directory.vtt")


class Json(Commands):
    def test_names_in_plan(self):
        first, *rows = self.sv("plan", "middle-back", "--json").lines()
        self.assertEqual(list(first), ["type", "name", "title", "rate", "frames", "seconds", "steps"])
        steps = list(dict.fromkeys(row["step"] for row in rows if "step" in row))
        self.assertEqual(steps, ["seated-spinal-twist", "childs-pose", "thread-the-needle", "cat-cow", "lat-stretch",
                                 "thoracic-backbend", "cobra", "bridge"])
        self.assertEqual({row["move"] for row in rows if row.get("step") == "cat-cow" and "move" in row}, {"cow", "cat"})

    def test_texts_of_any_kind(self):
        text = 'He said "a\\b" <b> & Ünï ☃ 😀'
        routine = self.home.write("texts.ini", ROUTINE.replace("Sit.", text))
        rows = self.sv("plan", routine, "--json", "--voice", "tone").lines()
        self.assertIn(text, [row.get("text") for row in rows])
        json.loads(json.dumps(rows))


if __name__ == "__main__":
    unittest.main()
