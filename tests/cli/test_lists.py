"""What there is: list, voices, devices and config."""
import json
import os

import sv

GOOD = """[routine]
title = {title}
about = One line.

[first]
prop = a mat
say = Lift your arms.
hold = {hold}

[second]
prop = a mat
say = Lower them.
hold = 5s

[third]
prop = a strap
say = Done.
hold = 5s
"""


class Lists(sv.TestCase):
    def write_routine(self, name, title="Arms", hold="60s"):
        return self.home.write(f"config/stretchvoice/routines/{name}.ini", GOOD.format(title=title, hold=hold))

    def lines(self, *arguments):
        run = self.sv(*arguments)
        self.assertEqual(run.err, "")
        return run.lines()

    def strange(self, kind):
        directory = self.home.directory / "config/stretchvoice" / kind
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "odd-directory.ini").mkdir()
        (directory / "odd-nowhere.ini").symlink_to("nothing")
        (directory / "odd-loop.ini").symlink_to("odd-loop.ini")
        os.mkfifo(directory / "odd-fifo.ini")
        for name in ("directory", "nowhere", "loop", "fifo"):
            self.home.write(f"data/stretchvoice/{kind}/odd-{name}.ini", GOOD.format(title="Behind it", hold="5s"))

    def lines_beside(self, verb, *options):
        """What is printed, or its lines as objects, beside the complaints."""
        run = self.sv(verb, *options)
        lines = run.err.splitlines()
        self.assertEqual([line.rpartition("/odd-")[2].split(": ")[0] for line in lines],
                         ["directory.ini", "fifo.ini", "loop.ini", "nowhere.ini"], run.err)
        self.assertIn("not a regular file (a FIFO)", lines[1])
        self.assertIn("cannot be read", lines[3])
        return run.lines() if options else run.out

    def find(self, lines, name):
        found = [line for line in lines if line["name"] == name]
        self.assertEqual(len(found), 1, lines)
        return found[0]


class List(Lists):
    def test_json(self):
        path = self.write_routine("arms")
        row = self.find(self.lines("list", "--json"), "arms")
        self.assertEqual(list(row), ["name", "title", "about", "props", "steps", "seconds_estimate", "file", "languages", "parts", "level_hint", "last_done", "left_out"])
        seconds = row.pop("seconds_estimate")
        self.assertIsInstance(seconds, int)
        self.assertTrue(90 < seconds < 150, seconds)
        self.assertEqual(row, {"name": "arms", "title": "Arms", "about": "One line.", "props": ["a mat", "a strap"],
                               "steps": 3, "file": str(path), "languages": ["en"], "parts": [], "level_hint": None, "last_done": None, "left_out": []})

    def test_for_a_part_of_the_body(self):
        self.home.write("config/stretchvoice/routines/odd.ini", "[routine]\ntitle = Odd\nparts = Left  Ear, back\nlevel-hint = 7\n[a]\nsay = x\nhold = 5s\n")
        rows = self.lines("list", "--json", "--part", "Back")
        self.assertEqual([row["name"] for row in rows], ["desk-break", "evening", "lower-back", "middle-back", "morning", "odd", "upper-back"])
        self.assertTrue(all("back" in row["parts"] for row in rows))
        self.assertEqual((rows[5]["parts"], rows[5]["level_hint"]), (["left  ear", "back"], 7))
        out = self.sv("list", "--part", "back", "--about").out
        self.assertIn("    for: left  ear, back\n    begin at level 7\n", out)
        self.assertNotIn("hips  ", out)
        self.assertNotIn("begin at", self.sv("list").out)
        for options in ((), ("--json",)):
            run = self.sv("list", "--part", "bakc", *options, code=3)
            self.assertEqual(run.out, "")
            self.assertRegex(run.err, r"no routine is for this part of the body \('bakc'; there are: arms, back, balance, .*wrists\)\n$")

    def test_shipped_routines(self):
        names = [row["name"] for row in self.lines("list", "--json")]
        self.assertIn("middle-back", names)
        self.assertEqual(names, sorted(names))

    def test_estimate_follows_the_settings(self):
        self.write_routine("arms", hold="60-120s")
        low, high = (self.find(self.lines("list", "--json", "--level", level), "arms")["seconds_estimate"] for level in (0, 100))
        self.assertEqual(high - low, 60)

    def test_first_match_wins(self):
        self.home.write("data/stretchvoice/routines/arms.ini", GOOD.format(title="Other arms", hold="9s"))
        self.assertEqual(self.find(self.lines("list", "--json"), "arms")["title"], "Other arms")
        self.write_routine("arms")
        self.assertEqual(self.find(self.lines("list", "--json"), "arms")["title"], "Arms")

    def test_table(self):
        path = self.write_routine("arms", title="Ärme \u202e hoch")
        run = self.sv("list")
        self.assertEqual(run.err, "")
        lines = run.out.splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("arms "))
        self.assertRegex(lines[at], rf"^arms +Ärme \? hoch +about 2 min +{path}$")
        self.assertEqual(lines[at + 1:at + 3], ["    One line.", "    needs: a mat, a strap"])

    def test_a_prop_that_differs_in_case_is_the_same(self):
        self.home.write("config/stretchvoice/routines/mats.ini", GOOD.format(title="Mats", hold="5s").replace("prop = a mat", "prop = A mat", 1))
        self.assertEqual(self.find(self.lines("list", "--json"), "mats")["props"], ["A mat", "a strap"])

    def test_invalid_routines_are_listed(self):
        for text in ("", "[routine]\n", "\0", "[routine]\ntitle = x\n[a]\nsay = {nothing}\nhold = 5s\n"):
            with self.subTest(text):
                path = self.home.write("config/stretchvoice/routines/bad.ini", text)
                row = self.find(self.lines("list", "--json"), "bad")
                self.assertEqual(row, {"name": "bad", "title": None, "about": None, "props": [], "steps": None,
                                       "seconds_estimate": None, "file": str(path),
                                       "languages": ["en"],
                                       "parts": [], "level_hint": None, "last_done": None, "left_out": []})
                run = self.sv("list")
                self.assertEqual(run.err, "")
                self.assertIn("stretchvoice check", next(line for line in run.out.splitlines() if line.startswith("bad ")))

    def test_over_long_session_is_listed_as_invalid(self):
        self.home.write("config/stretchvoice/routines/long.ini",
                        "[routine]\ntitle = x\n[a]\nsay = x\nhold = 1h\nreps = 1-25\n")
        self.assertIsNone(self.find(self.lines("list", "--json"), "long")["title"])

    def test_strange_files(self):
        """They are refused, in a line each, and the rest is listed."""
        self.strange("routines")
        names = [row["name"] for row in self.lines_beside("list", "--json")]
        self.assertIn("middle-back", names)
        self.assertFalse([name for name in names if name.startswith("odd-")])
        self.assertNotIn("odd-", self.lines_beside("list"))

    def test_a_directory_that_cannot_be_read(self):
        """It is named, and the others are listed."""
        for kind, command in (("routines", "list"), ("voices", "voices")):
            directory = self.home.path(f"data/stretchvoice/{kind}")
            directory.parent.mkdir(exist_ok=True)
            directory.symlink_to(directory)
            run = self.sv(command)
            self.assertEqual(run.err, f"{directory}: cannot be read (Too many levels of symbolic links)\n")
            self.assertGreater(len(run.out.splitlines()), 5)
            self.assertIn(run.err, self.sv("check", code=3).err)

    def test_invalid_settings(self):
        run = self.sv("list", "--set", "pace.level=200", code=3)
        self.assertEqual(run.out, "")
        self.assertIn("--set pace.level", run.err)

    def test_a_voice_that_is_not_there(self):
        path = self.home.write("own.ini", "[voice]\nprofile = nosuch\n")
        run = self.sv("list", "--config", path, code=3)
        self.assertEqual(run.out, "")
        self.assertRegex(run.err, rf"\A{path}:2: \[voice\] profile: no voice profile of that name \('nosuch'; [^\n]*\n\Z")
        self.assertRegex(self.sv("list", "--voice", "nosuch", code=3).err, r"\A--voice: no voice profile [^\n]*\n\Z")

    def test_arguments(self):
        self.assertEqual(self.sv("list", "more", code=2).out, "")


class Voices(Lists):
    def test_json(self):
        lines = self.lines("voices", "--json")
        self.assertEqual(list(lines[0]), ["name", "language", "engine", "voice", "file", "installed"])
        self.assertEqual(self.find(lines, "tone")["engine"], "tone")
        english = self.find(lines, "en")
        self.assertEqual((english["language"], english["engine"]), ("en", "espeak"))
        self.assertTrue(english["voice"])
        self.assertTrue(english["file"].endswith("/voices/en.ini"))

    def test_variant(self):
        self.home.write("config/stretchvoice/voices/deep.ini",
                        "[voice]\nengine = espeak\nvoice = en-gb\nvariant = m3\nlanguage = en\n")
        self.assertEqual(self.find(self.lines("voices", "--json"), "deep")["voice"], "en-gb+m3")

    def test_table(self):
        run = self.sv("voices")
        self.assertEqual(run.err, "")
        self.assertRegex(run.out, r"(?m)^en-gb +en-gb +espeak +\S+ +/\S+/voices/en-gb.ini$")

    def test_nothing_can_be_drawn_on_the_terminal(self):
        self.home.write("config/stretchvoice/voices/odd\x1b[2J\x1f.ini", "[voice]\nengine = espeak\nvoice = en-gb\nvariant = m\u202e3\nlanguage = en\n")
        out = self.sv("voices").out
        self.assertRegex(out, r"(?m)^odd\?\[2J\?(  |\.)")
        self.assertEqual([c for c in out if not c.isprintable() and c != "\n"], [])

    def test_strange_files(self):
        self.strange("voices")
        self.assertIn("en", [row["name"] for row in self.lines_beside("voices", "--json")])
        self.assertNotIn("odd-", self.lines_beside("voices"))

    def test_invalid_profiles_are_listed(self):
        self.home.write("config/stretchvoice/voices/bad.ini", "[voice]\nrate = 1000\n")
        row = self.find(self.lines("voices", "--json"), "bad")
        self.assertEqual((row["language"], row["engine"], row["voice"]), (None, None, None))
        self.assertRegex(self.sv("voices").out, r"(?m)^bad .*stretchvoice check")


class Devices(Lists):
    """Without a sound card: only the silent outputs are there, whatever this machine has."""

    def test_json(self):
        lines = self.lines("devices", "--json")
        self.assertEqual([row["name"] for row in lines[-2:]], ["null", "null:fast"])
        for row in lines:
            self.assertEqual(list(row), ["name", "default"])
            self.assertIsInstance(row["default"], bool)
        self.assertLessEqual(sum(row["default"] for row in lines), 1)
        self.assertFalse(lines[-1]["default"] or lines[-2]["default"])

    def test_table(self):
        run = self.sv("devices")
        self.assertEqual(run.err, "")
        self.assertEqual([line[9:] for line in run.out.splitlines()[-2:]], ["null", "null:fast"])


class Config(Lists):
    def test_reads_back_the_same(self):
        first = self.sv("config", "--set", "pace.speed=80%", "--set", "sound.device=a ; b", "--level", "40")
        self.assertEqual(first.err, "")
        path = self.home.write("again.ini", first.out)
        self.assertEqual(self.sv("check", path).err, "")
        again = self.sv("config", "--config", path).out

        def settings(text):
            """A minute may be spelled either way."""
            return [line.rpartition(" ; ")[0].replace("60s", "1m").split() for line in text.splitlines() if "=" in line]
        self.assertEqual(settings(again), settings(first.out))
        self.assertIn(["speed", "=", "80%"], settings(again))

    def test_sources(self):
        path = self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\n\nhold = 150%\nlevel = 10\n")
        lines = self.sv("config", "--set", "pace.rest=30s", "--level", "20").out.splitlines()

        def source(key):
            return next(line for line in lines if line.split()[0] == key).rpartition(" ; ")[2]
        self.assertEqual(source("hold"), f"{path}:3")
        self.assertIn("--set", source("rest"))
        self.assertEqual(source("level"), "--level")
        self.assertEqual(source("breath"), "default")

    def test_config_instead_of_the_usual_places(self):
        self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nhold = 150%\n")
        other = self.home.write("other.ini", "[pace]\nrest = 33s\n")
        out = self.sv("config", "--config", other).out
        self.assertNotIn("150%", out)
        self.assertIn("33s", out)

    def test_paths_count_from_the_file_that_they_stand_in(self):
        voice = self.home.write("own/tone.ini", (sv.TOP / "tests/voices/tone.ini").read_text())
        routine = self.home.write("short.ini", "[routine]\ntitle = Short\n[a]\nsay = A.\nhold = 3s\n")
        directory = self.home.path("elsewhere")
        directory.mkdir()
        for name, value in (("own/a.ini", "tone.ini"), ("own/b.ini", "./tone.ini"), ("c.ini", "own/tone.ini"), ("d/d.ini", "../own/tone.ini"),
                            ("e.ini", voice)):
            path = self.home.write(name, f"[voice]\nprofile = {value}\n")
            for given, cwd in ((path, directory), (name, self.home.directory)):
                with self.subTest(name=name, given=given):
                    out = self.sv("config", "--config", given, cwd=cwd).out
                    self.assertIn(f"profile      = {voice} ; {given}:2\n", out)
                    self.assertEqual(self.sv("plan", routine, "--config", given, cwd=cwd).err, "")
        self.home.write("config/stretchvoice/stretchvoice.ini", "[voice]\nprofile = ../../own/tone.ini\n")
        self.assertEqual(self.sv("check", routine, cwd=directory).err, "")
        self.assertIn(f"profile      = {voice} ;", self.sv("config").out)

    def test_paths_of_options_count_from_here_and_are_printed_whole(self):
        voice = self.home.write("own/tone.ini", (sv.TOP / "tests/voices/tone.ini").read_text())
        for options in (["--voice", "./tone.ini"], ["--set", "voice.profile=tone.ini"]):
            with self.subTest(options):
                self.assertIn(f"profile      = {voice} ;", self.sv("config", *options, cwd=voice.parent).out)
                self.assertEqual(self.sv("plan", "middle-back", *options, cwd=voice.parent).err, "")
                self.sv("plan", "middle-back", *options, code=3)

    def test_names_stay_names(self):
        path = self.home.write("own.ini", "[voice]\nprofile = en-gb\n[sound]\ndevice = hw:0/1\n")
        out = self.sv("config", "--config", path).out
        self.assertIn("profile      = en-gb    ;", out)
        self.assertIn("device       = hw:0/1   ;", out)

    def test_invalid(self):
        path = self.home.write("bad.ini", "[pace]\nlevl = 10\nhold = soft\n")
        run = self.sv("config", "--config", path, code=3)
        self.assertEqual(run.out, "")
        self.assertRegex(run.err, rf"{path}:2: \[pace\] levl: .*level.*\n{path}:3: \[pace\] hold: .*\n")
        self.sv("config", "--config", self.home.path("nothing.ini"), code=3)


class Output(Lists):
    """Every verb that prints notices what becomes of it."""
    VERBS = (("list",), ("list", "--json"), ("voices",), ("devices",), ("config",), ("plan", "middle-back", "--voice", "tone"),
             ("plan", "middle-back", "--voice", "tone", "--json"))

    def test_full_disk(self):
        for verb in self.VERBS:
            with self.subTest(verb), open("/dev/full", "w") as full:
                run = self.home.run(*verb, stdout=full)
                self.assertEqual(run.code, 1)
                self.assertRegex(run.err, r"\Astretchvoice: standard output cannot be written: [^\n]*space[^\n]*\n\Z")

    def test_closed_pipe(self):
        for verb in self.VERBS:
            reader, writer = os.pipe()
            os.close(reader)  # before the program can write
            with self.subTest(verb):
                run = self.home.run(*verb, stdout=writer)
                self.assertEqual((run.code, run.err), (141, ""))
            os.close(writer)

    def test_closed(self):
        for verb in self.VERBS + (("--help",), ("--version",), ("list", "--help"), ("render", "middle-back", "-", "--voice", "tone"), ("status",)):
            with self.subTest(verb):
                run = self.home.run(*verb, stdout=None, preexec_fn=lambda: os.close(1))
                self.assertEqual(run.code, 1)
                self.assertRegex(run.err, r"\Astretchvoice: standard output cannot be written: [^\n]*\n\Z")

    def test_closed_where_nothing_was_asked_for(self):
        for verb in (("check",), ("captions", "middle-back", self.home.path("out.vtt"), "--voice", "tone"),
                     ("play", "desk-break", "--voice", "tone", "--device", "null:fast")):
            with self.subTest(verb):
                run = self.home.run(*verb, stdout=None, preexec_fn=lambda: os.close(1))
                self.assertEqual((run.code, run.err), (0, ""))

    def test_json_is_json(self):
        self.home.write('config/stretchvoice/routines/quo"te\\.ini', GOOD.format(title='A "b" \\ \tc', hold="5s"))
        out = self.sv("list", "--json").out
        self.assertIn('quo"te\\', [json.loads(line)["name"] for line in out.splitlines()])
