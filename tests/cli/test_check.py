"""check: every problem of every file, once, in its place, and nothing else."""
import os
import re

import sv
import term

GOOD = "[routine]\ntitle = Arms\n\n[arms]\nsay = Lift your arms.\nhold = 5s\n"
BAD = "[routine]\ntitel = Arms\n\n[arms]\nsay = Lift your {arm}.\nhold = 5 apples\n"
PHRASES = (sv.TOP / "tests/voices/tone.ini").read_text().partition("[phrases]")[2]


def profile(voice="engine = tone\nlanguage = en\n", phrases=PHRASES):
    return f"[voice]\n{voice}\n[phrases]{phrases}"


class Check(sv.TestCase):
    def check(self, *arguments, code=0, **options):
        run = self.sv("check", *arguments, code=code, **options)
        self.assertEqual(run.out, "")
        return run.err.splitlines()

    def seen(self, *arguments, code=0):
        """What stands on a terminal."""
        screen = term.Terminal(self.home, "check", *arguments, columns=400)
        self.addCleanup(screen.close)
        self.assertEqual(screen.wait_end(), code)
        return screen.shown.decode()

    def places(self, lines):
        return [line.split(": ", 1)[0] for line in lines]


class Everything(Check):
    def test_what_is_shipped_is_right(self):
        self.assertEqual(self.check(), [])

    def test_all_kinds_are_read(self):
        settings = self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = x\n")
        routine = self.home.write("config/stretchvoice/routines/bad.ini", BAD)
        voice = self.home.write("config/stretchvoice/voices/bad.ini", profile("engine = tone\nrate = 9\nlanguage = en\n"))
        lines = self.check(code=3)
        self.assertEqual(self.places(lines), [f"{settings}:2", f"{routine}:1", f"{routine}:2", f"{routine}:5", f"{routine}:6",
                                              f"{voice}:3"])

    def test_options(self):
        self.assertEqual(self.places(self.check("--set", "pace.level=x", code=3)), ["--set pace.level"])
        self.assertEqual(self.places(self.check("--level", "101", code=3)), ["--level"])
        self.assertIn("nobody", "".join(self.check("--voice", "nobody", code=3)))
        self.assertEqual(len(self.check("--voice", "nobody", code=3)), 1)

    def test_shadowed_files_are_not_read(self):
        self.home.write("config/stretchvoice/routines/arms.ini", GOOD)
        self.home.write("data/stretchvoice/routines/arms.ini", BAD)
        self.assertEqual(self.check(), [])


class Files(Check):
    def test_kinds_by_content(self):
        cases = {
            "routine": ("a.ini", BAD, 4),
            "routine without a head": ("b.ini", "[arms]\nsay = x\nhold = 5s\n", 1),
            "settings": ("c.ini", "[pace]\nlevle = 3\n[voice]\nlevel = 0\n", 2),
            "settings by their voice": ("d.ini", "[voice]\nprofile = en\nlevel = 0\n", 1),
            "settings by name": ("stretchvoice.ini", "[pase]\n", 1),
            "settings with a key of a voice": ("i.ini", "[voice]\nengine = tone\n[pace]\nlevel = 1\n", 1),
            "voice by its engine": ("e.ini", "[voice]\nengine = mouth\n", None),
            "voice by its phrases": ("f.ini", profile("rate = 3\nlanguage = en\n", PHRASES + "halfwayy = x\n"), 2),
            "voice by its place": ("voices/g.ini", "[vocie]\n", None),
            "routine by nothing": ("h.ini", "", None),
        }
        words = {"routine": "title", "settings": "", "voice": ""}
        for name, (path, text, count) in cases.items():
            with self.subTest(name):
                path = self.home.write(path, text)
                lines = self.check(path, code=3)
                self.assertTrue(all(line.startswith(f"{path}") for line in lines), lines)
                if count:
                    self.assertEqual(len(lines), count, lines)
                self.assertIn(words[name.split()[0]], "".join(lines))

    def test_settings_and_voices_are_no_routines(self):
        """Whatever is valid as one of them is not told that it has no title."""
        for text in ("[voice]\nrate = 200\n", "[voice]\npitch = 3\n", "[voice]\nvariant = f3\nrange = 1\nword-gap = 1\n", "[voice]\n", "[count]\n", "[control]\nmpris = no\n",
                     "[voice]\nlevel = -20\n[pace]\nhold = 30%\n", f"[voice]\nlanguage = en\nengine = tone\n[phrases]{PHRASES}"):
            with self.subTest(text[:40]):
                self.assertEqual(self.check(self.home.write("some.ini", text)), [])

    def test_kinds_that_are_nearly_right(self):
        for text, words in (("[pase]\nlevel = 3\n", "did you mean 'pace'"), ("[pace]\n[nosuch]\n", "one of pace"),
                            ("[Voice]\nrate = 200\n[sounds]\n", "did you mean 'sound'"), ("[phrasse]\nhalfway = x\n", "'phrases'"),
                            ("[vocie]\nlanguage = en\n", "did you mean 'voice'"), ("[voice]\nvoice = en\n", "[voice] language: missing"),
                            ("[voice]\nengine = tone\nvariant = m1\n", "[voice] language: missing"),
                            ("[space]\nsay = Sit.\nhold = 5s\n", "[routine] title: missing"),
                            ("[count]\nsay = Sit.\nhold = 5s\n", "[routine] title: missing"),
                            ("[voice]\n[voice.low]\nsay = Hum.\nhold = 5s\n", "[routine] title: missing"),
                            ("[rotuine]\ntitle = x\n[pace]\nhold = 5s\n", "did you mean 'routine'")):
            with self.subTest(text):
                lines = self.check(self.home.write("some.ini", text), code=3)
                self.assertIn(words, "\n".join(lines))
                self.assertEqual("[routine] title: missing" in "".join(lines), "[routine] title: missing" in words)

    def test_good_files(self):
        files = [self.home.write("arms.ini", GOOD), self.home.write("mine.ini", "[pace]\nlevel = 3\n"),
                 self.home.write("tone2.ini", profile()), sv.TOP / "config/stretchvoice.ini",
                 sv.TOP / "voices/en.ini", sv.TOP / "config/routines/middle-back.ini"]
        self.assertEqual(self.check(*files), [])

    def test_every_problem_of_every_file(self):
        files = [self.home.write(f"bad{i}.ini", BAD) for i in range(3)]
        places = self.places(self.check(*files, code=3))
        self.assertEqual(places, [f"{path}:{line}" for path in files for line in (1, 2, 5, 6)])

    def test_paths_are_shown_as_they_were_given(self):
        self.home.write("bad.ini", BAD)
        self.assertTrue(self.check("bad.ini", code=3)[0].startswith("bad.ini:1: "))
        self.assertTrue(self.check("./bad.ini", code=3)[0].startswith("./bad.ini:1: "))

    def test_a_file_is_read_once(self):
        path = self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = x\n")
        self.assertEqual(len(self.check(path, code=3)), 1)
        self.assertEqual(len(self.check("--config", path, path, code=3)), 1)

    def test_names(self):
        self.assertEqual(self.check("middle-back", "en", "tone"), [])
        path = self.home.write("config/stretchvoice/routines/bad.ini", BAD)
        self.assertEqual(self.places(self.check("bad", code=3))[0], f"{path}:1")
        lines = self.check("middle-bakc", code=3)
        self.assertEqual(len(lines), 1)
        self.assertIn("middle-back", lines[0])

    def test_a_file_without_the_ending(self):
        self.home.write("arms", BAD)
        self.assertEqual(len(self.check("arms", code=3)), 4)

    def test_no_regular_file(self):
        fifo = self.home.path("fifo.ini")
        os.mkfifo(fifo)
        for path in (fifo, self.home.directory / "data/", "/dev/zero", "./nothing.ini"):
            with self.subTest(path):
                lines = self.check(f"{path}", code=3, timeout=5)
                self.assertEqual(len(lines), 1)
                self.assertTrue(lines[0].startswith(f"{path}: "), lines)

    def test_the_limit_of_a_session_is_told_beside_other_problems(self):
        path = self.home.write("long.ini", "[routine]\ntitle = x\ntitel = x\n[a]\nsay = {x}\nhold = 1h\nreps = 25\n[b]\nhold = x\n")
        self.assertEqual(self.places(self.check(path, code=3)), [f"{path}:{line}" for line in (1, 3, 5, 8, 9)])
        self.assertEqual(self.places(self.sv("plan", path, code=3).err.splitlines()), [f"{path}:{line}" for line in (1, 3, 5, 8, 9)])

    def test_what_is_wrong_takes_no_time(self):
        path = self.home.write("long.ini", "[routine]\ntitle = x\n[a]\nsay = x\nhold = 3h\nreps = 24\n[b]\nsay = x\nhold = 1m-50h\n")
        self.assertEqual(self.places(self.check(path, code=3)), [f"{path}:{line}" for line in (5, 9)])

    def test_a_file_over_the_limit(self):
        path = self.home.write("long.ini", b"; " + b"x" * (9 << 20))
        self.assertEqual(self.check(path, code=3), [f"{path}:1: file too large ('9437186 bytes'; at most 8 MiB)"])

    def test_the_settings_in_force_count(self):
        path = self.home.write("long.ini", "[routine]\ntitle = x\n[a]\nsay = x\nhold = 1h\nreps = 20\nrelease = y\n")
        self.assertEqual(self.check(path), [])
        self.assertEqual(self.places(self.check(path, "--set", "pace.hold=400%", code=3)), [f"{path}:1", f"{path}:5"])
        self.assertEqual(self.places(self.sv("plan", path, "--set", "pace.hold=400%", code=3).err.splitlines()), [f"{path}:1", f"{path}:5"])


class Warnings(Check):
    def test_the_exit_code_only_if_strict(self):
        path = self.home.write("short.ini", GOOD.replace("5s", "2s"))
        run = self.sv("check", path)
        self.assertEqual(run.err.count("warning: "), 1)
        self.assertEqual(run.out, "")
        self.assertIn(": 1 step, about 1 minute, 1 warning", self.seen(path))
        self.assertEqual(self.sv("check", "--strict", path, code=3).err, run.err)
        self.assertEqual(self.sv("check", "--strict", self.home.write("arms.ini", GOOD)).err, "")

    def test_colors(self):
        """Of the place: red for an error, yellow for a warning; nothing that a file says can add any."""
        path = self.home.write("short.ini", GOOD.replace("5s", "2s").replace("Arms", "Arms \x1b[31m") + "titel = x\n")
        plain = self.check(path, code=3)
        self.assertNotIn("\x1b", "".join(plain))
        colored = self.check("--color", "always", path, code=3)
        self.assertEqual([re.sub(r"\x1b\[[0-9]+m", "", line) for line in colored], plain)
        for line, bare in zip(colored, plain):
            self.assertTrue(line.startswith(f"\x1b[{33 if 'warning: ' in bare else 31}m{path}:"), line)
        path = self.home.write("short.ini", GOOD.replace("5s", "2s"))
        self.assertIn("\x1b[33m", self.seen(path))
        self.assertNotIn("\x1b", self.seen("--color", "never", path))

    def test_what_is_shipped_is_right_strictly(self):
        self.assertEqual(self.check("--strict"), [])

    def test_beside_problems(self):
        path = self.home.write("short.ini", GOOD.replace("Lift", "Ask Prof. Miller, and lift") + "titel = x\n")
        lines = self.check(path, code=3)
        self.assertEqual(len(lines), 2)
        self.assertEqual(sum("warning: " in line for line in lines), 1)
        self.assertEqual(self.sv("check", path, code=3).out, "")

    def test_play_and_list_count_them(self):
        one = GOOD.replace("5s", "2s")
        path = self.home.write("config/stretchvoice/routines/one.ini", one)
        line = f"{path}: 1 warning; 'stretchvoice check' names it\n"
        play = ("play", "one", "--device", "null:fast", "--plain")
        screen = term.Terminal(self.home, *play)
        self.addCleanup(screen.close)
        screen.wait_shown(line.strip()[-45:])
        screen.wait_end()
        self.assertEqual(self.sv(*play).err, "")  # where somebody can read it
        for options in ((), ("--json",)):
            self.assertEqual(self.sv("list", *options).err, line)
        self.home.write("config/stretchvoice/routines/two.ini", one.replace("say = ", "say = Prof. "))
        self.assertEqual(self.sv("list").err, "2 files: 3 warnings; 'stretchvoice check' names them\n")
        self.assertEqual(self.sv("list", "--quiet").err, "")

    def test_one_line_on_a_terminal_where_all_is_right(self):
        path = self.home.write("arms.ini", GOOD)
        self.assertEqual(self.seen(path), f"{path}: 1 step, about 1 minute, no problems\r\n")
        self.assertEqual(self.seen("--quiet", path), "")
        self.assertNotIn("no problems", self.seen(self.home.write("bad.ini", BAD), code=3))
        settings = self.home.write("mine.ini", "[pace]\nlevel = 3\n")
        self.assertEqual(self.seen(settings), f"{settings}: no problems\r\n")
        self.assertEqual(self.sv("check", path, settings).out, "")


class Profile(Check):
    """The voice that settings name."""

    def test_one_that_is_not_there(self):
        path = self.home.write("own.ini", "[pace]\nlevel = 3\n[voice]\nlevel = 7\nprofile = tnoe\nrate = 1\n")
        lines = self.check(path, code=3)
        self.assertEqual(self.places(lines), [f"{path}:{line}" for line in (4, 5, 6)])
        self.assertRegex(lines[1], r":5: \[voice\] profile: no voice profile of that name \('tnoe'; .*\btone\b")
        self.assertEqual(self.check("--config", path, code=3), lines)

    def test_a_path_to_nothing(self):
        path = self.home.write("own.ini", "[voice]\nprofile = ./nothing.ini\n")
        whole = self.home.path("nothing.ini")
        for options in ([path], ["--config", path]):
            self.assertEqual(self.check(*options, code=3),
                             [f"{path}:2: [voice] profile: no such file ('{whole}'; the name of a voice profile, or the path of its file)"])
        self.assertEqual(self.check("--voice", "./nothing.ini", code=3),
                         ["--voice: no such file ('./nothing.ini'; the name of a voice profile, or the path of its file)"])

    def test_one_that_is_wrong(self):
        voice = self.home.write("mine.ini", profile("engine = tone\nlanguage = en\nrate = 9\n"))
        path = self.home.write("own.ini", "[voice]\nprofile = mine.ini\n")
        for options in ([path], ["--config", path], ["--voice", voice], [path, voice]):
            with self.subTest(options):
                self.assertEqual(self.places(self.check(*options, code=3)), [f"{voice}:4"])

    def test_the_usual_settings(self):
        path = self.home.write("config/stretchvoice/stretchvoice.ini", "[voice]\nprofile = nosuch\nlevl = 3\n")
        self.assertEqual(self.places(self.check(code=3)), [f"{path}:2", f"{path}:3"])


class Language(Check):
    def test_one_warning(self):
        path = self.home.write("arme.ini", GOOD.replace("title = Arms", "title = Arme\nlanguage = xx"))
        lines = self.check(path)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], rf"^{path}: warning: .*xx.*en")

    def test_another_country_is_the_same_language(self):
        path = self.home.write("arms.ini", GOOD.replace("title = Arms", "title = Arms\nlanguage = en-us"))
        self.assertEqual(self.check(path), [])

    def test_a_broken_voice_is_told_once(self):
        self.home.write("config/stretchvoice/voices/xx.ini", profile("engine = tone\nlanguage = xx\nrate = 9\n"))
        for name in ("a", "b"):
            self.home.write(f"config/stretchvoice/routines/{name}.ini", GOOD.replace("[arms]", "language = xx\n[arms]"))
        self.assertEqual(len(self.check(code=3)), 1)


class Voices(Check):
    def test_a_missing_phrase_is_a_warning(self):
        phrases = "".join(line for line in PHRASES.splitlines(True) if not line.startswith("halfway"))
        path = self.home.write("voices/half.ini", profile(phrases=phrases))
        lines = self.check(path)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"warning: lacks 1 of \d+ phrases \(halfway; ")

    def test_an_empty_language(self):
        path = self.home.write("voices/none.ini", profile("engine = tone\nlanguage =\n"))
        self.assertEqual(self.check(path, code=3), [f"{path}:3: [voice] language: empty (''; such as en or en-gb)"])

    def test_espeak_is_asked(self):
        path = self.home.write("voices/none.ini", profile("engine = espeak\nvoice = no-such-voice\nlanguage = en\n"))
        lines = self.check(path, code=3)
        self.assertEqual(self.places(lines), [f"{path}:3"])
        self.assertIn("no-such-voice", lines[0])

    def test_a_variant_that_does_not_exist(self):
        """B13."""
        path = self.home.write("voices/none.ini", profile("engine = espeak\nvoice = en-gb\nvariant = no-such\nlanguage = en\n"))
        lines = self.check(path, code=3)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], rf"^{path}:4: \[voice\] variant: .*no-such")

    def test_all_that_is_wrong_in_one_pass(self):
        """Each at its own line, with its own key."""
        head = "engine = espeak\nrate = 9\nlanguage = en\nvariant = no-such\nvoice = no-voice\n"
        path = self.home.write("voices/none.ini", profile(head))
        lines = self.check(path, code=3)
        self.assertEqual(self.places(lines), [f"{path}:{line}" for line in (3, 5, 6)])
        self.assertRegex(lines[1], r": \[voice\] variant: espeak-ng has no such variant \('no-such'; ")
        self.assertRegex(lines[2], r": \[voice\] voice: espeak-ng has no such voice \('no-voice'; ")

    def test_a_language_that_espeak_does_not_have(self):
        path = self.home.write("voices/none.ini", profile("language = qqq\n"))
        self.assertRegex(self.check(path, code=3)[0], rf"^{path}:2: \[voice\] language: espeak-ng has no such voice \('qqq'; ")

    def test_names_that_cannot_be_are_not_asked_for(self):
        for head in ("language = en\nvoice = ../x\n", "language = en\nvariant = ../x\n", "language = ../x\n", "rate = 100\n"):
            with self.subTest(head):
                self.assertEqual(len(self.check(self.home.write("voices/none.ini", profile(head)), code=3)), 1)

    def test_several(self):
        paths = [self.home.write(f"voices/none{i}.ini", profile(f"engine = espeak\nvoice = no-such-{i}\nlanguage = en\n"))
                 for i in range(3)]
        self.assertEqual(self.places(self.check(*paths, code=3)), [f"{path}:3" for path in paths])
