"""Voices: profiles with a base, variants, voices of espeak-ng without a profile, and which of them speaks."""
import re
import unittest

import sv

ROUTINE = "[routine]\ntitle = Arms\nlanguage = {}\n[arms]\nsay = {}\nhold = 5s\n"
CHUNK = 20  # sentences


class Voices(sv.TestCase):
    def profile(self, name, text):
        return self.home.write(f"config/stretchvoice/voices/{name}.ini", text)

    def routine(self, language, text="Lift."):
        return self.home.write("arms.ini", ROUTINE.format(language, text))

    def texts(self, *arguments, **options):
        run = self.sv("plan", "--json", *arguments, **options)
        self.err = run.err
        return [row["text"] for row in run.lines() if row["type"] == "speech"]

    def sound(self, *arguments):
        path = self.home.path("out.wav")
        self.sv("render", "--quiet", arguments[0], path, *arguments[1:])
        return path.read_bytes()


class Bases(Voices):
    def test_three_lines(self):
        path = self.profile("mine", "[voice]\nbase = en\nvariant = f3\n")
        self.assertEqual(self.sv("check", path).err, "")
        self.assertEqual(self.sv("check", "--strict").err, "")
        voice = next(row for row in self.sv("voices", "--json").lines() if row["name"] == "mine")
        self.assertEqual((voice["language"], voice["engine"]), ("en", "espeak"))
        self.assertTrue(voice["voice"].endswith("+f3"))
        routine = self.routine("en")
        self.assertEqual(self.texts(routine, "--voice", "mine"), self.texts(routine, "--voice", "en"))
        self.assertEqual(self.sound(routine, "--voice", "mine"), self.sound(routine, "--voice", "en+f3"))
        self.assertNotEqual(self.sound(routine, "--voice", "mine"), self.sound(routine, "--voice", "en+m3"))

    def test_phrase_by_phrase(self):
        self.profile("low", "[voice]\nbase = en\nengine = tone\n[phrases]\nclosing = Finished.\n")
        self.profile("lower", "[voice]\nbase = low.ini\n[phrases]\ntitle = Now {title}.\n")
        texts = self.texts(self.routine("en"), "--voice", "lower")
        self.assertEqual(self.err, "")
        self.assertIn("Now arms.", texts)
        self.assertEqual(texts[-1], "Finished.")
        self.assertIn("1 of 1.", texts)

    def test_the_shipped_profile_stands_in(self):
        self.profile("mine", "[voice]\nengine = tone\nlanguage = en-gb\n[phrases]\nclosing = Finished.\n")
        self.assertEqual(self.texts(self.routine("en"), "--voice", "mine")[-1], "Finished.")
        lines = self.sv("check", "mine").err.splitlines()
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"/mine.ini:4: \[phrases\] warning: lacks \d+ of \d+ phrases \(numbers, session, steps, …; [^)]*\)$")
        self.sv("check", "--strict", "mine", code=3)

    def test_a_program_without_its_engine(self):
        """It would never be heard, and nothing would say why."""
        path = self.profile("mine", "[voice]\nbase = en\ncommand = flite -t {text} -o {out}\n")
        [line] = self.sv("check", path).err.splitlines()
        self.assertTrue(line.startswith(f"{path}:3: [voice] command: warning: not used"), line)
        self.assertIn("(write 'engine = command')", line)
        self.profile("mine", "[voice]\nbase = en-flite\nengine = espeak\n")  # the module is the base's
        self.assertEqual(self.sv("check", path).err, "")

    def test_what_a_base_cannot_be(self):
        """One line each, wherever the profile is used, and nothing half used."""
        self.profile("round", "[voice]\nbase = about\n")
        self.profile("about", "[voice]\nbase = round\n")
        self.profile("broken", "[voice]\nlanguage = en\nrate = 9\nvolume = 3\n")
        self.profile("elsewhere", "[voice]\nlanguage = de\nengine = tone\n")
        for base, words in (("mine", "its base is itself ('mine'"), ("./mine.ini", "its base is itself"),
                            ("nosuch", "no voice profile of that name ('nosuch'"), ("./nosuch.ini", "no such file ('"),
                            ("round", "bases in a circle ('round'"), ("broken", "its base has problems"),
                            ("elsewhere", "a base in another language ('de'; ")):
            path = self.profile("mine", f"[voice]\nlanguage = en\nbase = {base}\n")
            for command in (("check", path), ("plan", self.routine("en"), "--voice", "mine"), ("list", "--voice", "mine")):
                with self.subTest(base=base, command=command[0]):
                    run = self.sv(*command, code=3)
                    self.assertEqual(run.out, "")
                    self.assertEqual(len(run.err.splitlines()), 1, run.err)
                    self.assertTrue(run.err.startswith(f"{path}:3: [voice] base: {words}"), run.err)


class Names(Voices):
    def test_variants(self):
        routine = self.routine("en")
        plain = self.sound(routine)
        by_name = self.sound(routine, "--voice", "en+croak")
        self.assertNotEqual(plain, by_name)
        self.assertEqual(by_name, self.sound(routine, "--set", "voice.variant=croak"))
        self.assertEqual(by_name, self.sound(routine, "--voice", "en+croak", "--set", "voice.variant=m1"))
        self.assertNotEqual(plain, self.sound(routine, "--set", "voice.range=0"))
        self.assertNotEqual(plain, self.sound(routine, "--set", "voice.word-gap=20"))

    def test_no_such_variant(self):
        settings = self.home.write("own.ini", "[voice]\nvariant = nosuch\n")
        for place, arguments in (("--voice", ["--voice", "en+nosuch"]), ("--set voice.variant", ["--set", "voice.variant=nosuch"]),
                                 (f"{settings}:2: [voice] variant", ["--config", settings])):
            with self.subTest(place):
                run = self.sv("plan", self.routine("en"), *arguments, code=3)
                self.assertRegex(run.err, rf"(?s)\A{place}: espeak-ng has no such variant \('nosuch'; [^\n]*\)\n\Z".replace("[v", r"\[v").replace("e]", r"e\]"))
        for name in ("en+../f3", "en+a/b", "en+a;b"):
            with self.subTest(name):
                self.assertEqual(len(self.sv("plan", self.routine("en"), "--voice", name, code=3).err.splitlines()), 1)

    def test_variants_are_of_espeak(self):
        """Another program would speak as ever, and nothing would say why."""
        self.profile("mine", "[voice]\nbase = en\nengine = command\ncommand = true\n")
        run = self.sv("plan", self.routine("en"), "--voice", "mine+f3", code=3)
        self.assertRegex(run.err, r"\A--voice: a variant of a voice that is not espeak-ng's \('mine\+f3'; write mine\)\n\Z")

    def test_a_voice_of_espeak(self):
        """A voice without a profile speaks, with the phrases of its language or, and it says so, with English ones."""
        routine = self.routine("en-us")
        self.assertEqual(self.texts(routine, "--voice", "en-us-nyc"), self.texts(routine))
        self.assertEqual(self.err, "")
        self.assertNotEqual(self.sound(routine, "--voice", "en-us-nyc"), self.sound(routine))
        routine = self.routine("fi", "Nosta.")
        texts = self.texts(routine, "--voice", "fi")
        self.assertRegex(self.err, r"\A[^\n]*: warning: the program's own phrases are English, [^\n]*voices/fi.ini[^\n]*\n\Z")
        self.assertIn("Nosta.", texts)
        self.assertEqual(texts[-1], "Done.")
        self.assertEqual(self.sound(routine, "--voice", "fi"), self.sound(routine))
        self.assertNotEqual(self.sound(routine, "--voice", "fi+m3"), self.sound(routine))

    def test_no_such_voice(self):
        for name in ("nosuch", "nosuch+f3", "en-nosuch", "../en", "espeak"):
            with self.subTest(name):
                self.assertEqual(len(self.sv("plan", self.routine("en"), "--voice", name, code=3).err.splitlines()), 1)


class Languages(Voices):
    def test_the_profile_of_the_language(self):
        self.profile("fi", "[voice]\nengine = tone\nlanguage = fi\n[phrases]\nclosing = Valmis.\n")
        self.assertEqual(self.texts(self.routine("fi"))[-1], "Valmis.")
        self.assertEqual(self.texts(self.routine("fi-fi"))[-1], "Valmis.")
        self.assertEqual(self.err, "")

    def test_a_routine_names_no_profile(self):
        """Its language may look like the name of one."""
        self.profile("en-loud", "[voice]\nbase = en\nengine = command\ncommand = touch ran\n")
        self.texts(self.routine("en-loud"))
        self.assertEqual(self.err, "")
        self.assertFalse(self.home.path("ran").exists())

    def test_no_english_voice_for_another_language(self):
        english = self.sound(self.routine("en", "Nosta."), "--set", "voice.rate=160")
        self.assertNotEqual(self.sound(self.routine("fi", "Nosta."), "--set", "voice.rate=160"), english)

    def test_a_language_that_nothing_speaks(self):
        texts = self.texts(self.routine("xx"))
        self.assertEqual(texts[-1], "Done.")
        self.assertRegex(self.err, r"\A[^\n]*: warning: its language is xx, but the voice 'en' speaks en \([^\n]*--voice[^\n]*\)\n\Z")

    def test_check_warns_too(self):
        self.assertEqual(len(self.sv("check", self.routine("xx")).err.splitlines()), 1)
        self.assertEqual(len(self.sv("check", self.routine("fi")).err.splitlines()), 1)


SAMPLES = {"n": "12", "of": "20", "step": "3", "steps": "8 x", "minutes": "about 23", "title": "Mobil 2", "titles": "Mobil 2", "props": "mat, rol", "dose": "3 x, 20 s",
           "sets": "3", "set": "2", "reps": "10", "length": "20 s", "time": "1 x 40", "seconds": "40", "clock": "18:42", "keys": "Q", "level": "30", "when": "3", "text": "a b", "done": "3",
           "first": "7", "second": "8"}


class Shipped(Voices):
    def test_a_low_voice_says_the_same(self):
        routine = self.routine("en")
        voices = {row["name"]: row["voice"] for row in self.sv("voices", "--json").lines()}
        self.assertEqual([voices[name] for name in ("en", "en-gb", "en-low")], ["en-us+f5", "en-gb+f5", "en-us"])
        self.assertNotEqual(self.sound(routine, "--voice", "en-low"), self.sound(routine))
        self.assertEqual(self.texts(routine, "--voice", "en-low"), self.texts(routine))

    def expect_spoken(self, language, texts, *voice):
        """With the voice of their language, and without a chime. Many in a step: what a step itself says takes time."""
        chunks = [texts[i:i + CHUNK] for i in range(0, len(texts), CHUNK)]
        steps = "".join(f"[s{i}]\ntitle = {i}\nsay = {' '.join(chunk)}\nhold = 1s\n" for i, chunk in enumerate(chunks))
        routine = self.home.write("all.ini", f"[routine]\ntitle = All\nlanguage = {language}\n{steps}")
        run = self.sv("plan", "--json", routine, *voice, "--set", "pace.prepare=0s", timeout=300)
        self.assertEqual(run.err, "")
        self.assertEqual(len([row for row in run.lines() if row["type"] == "hold"]), len(chunks))

    @unittest.skipIf(sv.SANITIZED, "thousands of sentences say no more about memory than one")
    def test_every_sentence_is_spoken(self):
        """All that the routines say at any level, in each language."""
        paths = sorted((sv.TOP / "config/routines").glob("*.ini"))
        texts = {}
        for path in paths:
            language = path.stem.partition(".")[2] or "en"
            script = self.sv("script", path, "--json", "--voice", language).lines()
            texts.setdefault(language, {}).update({line["text"]: True for line in script})
        self.assertLessEqual({"de", "en", "es", "fr", "it", "nl", "pl", "pt"}, set(texts))
        for language, sentences in texts.items():
            with self.subTest(language):
                self.assertGreater(len(sentences), 200)
                self.expect_spoken(language, [re.sub(r"([{}])", r"\1\1", text).replace(" ;", " \\;") for text in sentences], "--voice", language)

    def test_every_phrase_is_spoken(self):
        """With its fields filled in."""
        for path in sorted((sv.TOP / "voices").glob("*.ini")):
            text = path.read_text()
            if "engine   = espeak" not in text and "base" in text:
                continue
            with self.subTest(path.name):
                language = re.search(r"^language += (\S+)", text, re.M)[1]
                joined = re.sub(r"\n +", " ", text.partition("[phrases]")[2])
                phrases = [re.sub(r" +;.*", "", line.partition("= ")[2]) for line in joined.splitlines() if re.match(r"(?!show-|sheet-)[a-z0-9-]+ *=", line)]
                said = [re.sub(r"\{(\w+)\}", lambda field: SAMPLES[field[1]], phrase) for phrase in phrases if not phrase.startswith('"')]
                self.assertGreater(len(said), 100)
                self.expect_spoken(language, said, "--voice", path)
