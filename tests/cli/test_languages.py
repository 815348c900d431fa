"""Routines in several languages: which file is played, how they are listed, and that check compares them."""
import sv

ROUTINE = """[routine]
title = {title}
{language}
[arms]
title = {title}
sides = right, left
sets = 2
reps = 2-3
say = {title}.
release = {title}.
hold = 20-30s

[legs]
[legs.up]
say = {title} 2.
hold = 5 breaths
release = {title}.
[legs.down]
say = {title} 3.
hold = 1m
"""


class Languages(sv.TestCase):
    def version(self, language=None, title=None, name="arms", directory="config", **replaced):
        ending = f".{language}" if language else ""
        text = ROUTINE.format(title=title or language or "English", language=f"language = {language or 'en'}\n")
        for old, new in replaced.get("change", ()):
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        return self.home.write(f"{directory}/stretchvoice/routines/{name}{ending}.ini", text)

    def versions(self, *languages):
        return [self.version(language) for language in (None, *languages)]

    def title(self, *arguments, name="arms", **env):
        environment = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""} | env
        return self.sv("plan", name, "--voice", "tone", "--json", "--quiet", *arguments, env=environment).lines()[0]["title"]


class Chosen(Languages):
    def test_by_the_environment(self):
        self.versions("de", "pt", "pt-br")
        for env, title in (({}, "English"), ({"LANG": "de_DE.UTF-8"}, "de"), ({"LANG": "C"}, "English"), ({"LANG": "fr_FR"}, "English"),
                           ({"LANG": "fr_FR", "LC_MESSAGES": "de"}, "de"), ({"LC_MESSAGES": "fr", "LC_ALL": "de_AT@euro"}, "de"),
                           ({"LANG": "de_DE", "LC_ALL": "POSIX"}, "English"), ({"LANG": "pt_BR.UTF-8"}, "pt-br"), ({"LANG": "pt_PT"}, "pt"),
                           ({"LANG": "../../de"}, "English"), ({"LANG": "de_DE", "LC_ALL": "C.UTF-8"}, "English")):
            with self.subTest(env):
                self.assertEqual(self.title(**env), title)

    def test_by_option_and_setting(self):
        self.versions("de", "fr")
        self.assertEqual(self.title("--language", "fr", LANG="de_DE"), "fr")
        self.assertEqual(self.title("--set", "voice.language=fr", LANG="de_DE"), "fr")
        self.assertEqual(self.title("--language", "en", LANG="de_DE"), "English")
        settings = self.home.write("own.ini", "[voice]\nlanguage = fr\n")
        self.assertEqual(self.title("--config", settings, LANG="de_DE"), "fr")
        self.assertEqual(self.title("--config", settings, "--language", "de-AT"), "de")
        run = self.sv("plan", "arms", "--language", "../de", code=3)
        self.assertRegex(run.err, r"\A--language: not a language tag \('\.\./de'; [^\n]*\)\n\Z")

    def test_a_name_with_a_language_is_that_file(self):
        _, german, _ = self.versions("de", "fr")
        self.assertEqual(self.title(name="arms.de", LANG="fr_FR"), "de")
        self.assertEqual(self.title(name=german, LANG="fr_FR"), "de")
        self.assertEqual(self.title(name="arms.fr", LANG="de_DE"), "fr")

    def test_ones_own_comes_before_what_is_behind_it(self):
        self.version("de", directory="data")
        self.version(None, title="Mine")
        self.assertEqual(self.title(LANG="de_DE"), "Mine")

    def test_a_dot_alone_makes_no_language(self):
        self.version("v2", name="arms")
        self.assertEqual(self.title(name="arms.v2"), "v2")
        self.assertEqual([row["name"] for row in self.sv("list", "--json").lines() if row["name"].startswith("arms")], ["arms.v2"])

    def test_only_in_another_language(self):
        self.version("de")
        run = self.sv("plan", "arms", code=3)
        self.assertIn("arms.de", run.err)
        self.assertEqual([row["name"] for row in self.sv("list", "--json").lines() if row["name"].startswith("arms")], ["arms.de"])


class Listed(Languages):
    def test_once_with_its_languages(self):
        self.versions("fr", "de")
        self.version(None, name="arms-2", title="Two")
        for env, title, file in (({}, "English", "arms.ini"), ({"LC_ALL": "de_DE.UTF-8"}, "de", "arms.de.ini")):
            rows = {row["name"]: row for row in self.sv("list", "--json", env=env).lines()}
            self.assertEqual(rows["arms"]["languages"], ["en", "de", "fr"])
            self.assertEqual(rows["arms"]["title"], title)
            self.assertTrue(rows["arms"]["file"].endswith(file))
            self.assertEqual(rows["arms-2"]["languages"], ["en"])
            self.assertNotIn("arms.de", rows)
        out = self.sv("list").out
        self.assertEqual(out.count("languages: en, de, fr"), 1)
        self.assertEqual(len([line for line in out.splitlines() if line.startswith("arms")]), 2)


class Compared(Languages):
    def lines(self, *arguments, code=0):
        """Without the warnings that these languages have no voice profile."""
        return [line for line in self.sv("check", *arguments, code=code).err.splitlines() if "warning" not in line]

    def test_the_same(self):
        self.version()
        german = self.version("de", change=[("hold = 1m", "hold = 60 s"), ("right, left", "right,left"), ("reps = 2-3", "reps = 2–3")])
        self.assertEqual(self.lines("arms"), [])
        self.assertEqual(self.lines(german), [])

    def test_each_difference_with_both_lines(self):
        english = self.version()
        cases = {
            "sides": ([("right, left", "left, right")], 7, "[arms] sides: not as in the other language ('left, right, not right, left'", 7),
            "sets": ([("sets = 2\n", "")], 5, "[arms] sets: not as in the other language ('none, not 2'", 8),
            "reps": ([("2-3", "3")], 9, "[arms] reps: not as in the other language ('3, not 2-3'", 9),
            "hold": ([("20-30s", "20s")], 12, "[arms] hold: not as in the other language ('20s, not 20-30s'", 12),
            "kind": ([("5 breaths", "5s")], 17, "[legs.up] hold: not as in the other language ('5s, not 5 breaths'", 17),
            "parts": ([("title = de\n", "title = de\nparts = arms\n")], 3, "[routine] parts: not as in the other language ('arms, not none'", 1),
            "level-hint": ([("language = de\n", "language = de\nlevel-hint = 5\n")], 4, "[routine] level-hint: not as in the other language ('5, not none'", 1),
            "name": ([("[arms]", "[arme]")], 5, "", 5),
            "move": ([("[legs.down]", "[legs.low]")], 19, "", 19),
        }
        for name, (change, line, words, other) in cases.items():
            with self.subTest(name):
                german = self.version("de", change=change)
                lines = self.lines(german, code=3)
                self.assertEqual(len(lines), 1 if words else 2, lines)
                self.assertTrue(lines[0].startswith(f"{german}:{line}: {words}"), lines)
                self.assertIn(f"see {english}:{other})", "\n".join(lines))

    def test_order_is_told_once(self):
        english = self.version()
        text = english.read_text()
        head, arms, legs = text[:text.index("[arms]")], text[text.index("[arms]"):text.index("[legs]")], text[text.index("[legs]"):]
        german = english.with_name("arms.de.ini")
        german.write_text(head.replace("language = en", "language = de") + legs + "\n" + arms)
        lines = self.lines(german, code=3)
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("another order than in the other language", lines[0])

    def test_more_and_less(self):
        english = self.version()
        german = self.version("de", change=[("[legs]\n", "[neck]\nsay = x\nhold = 5s\n[legs]\n")])
        lines = self.lines(german, code=3)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(f"{german}:14: [neck] the other language has no such step ('neck'"), lines)
        short = english.read_text()[:english.read_text().index("[legs]")].replace("language = en", "language = de")
        german.write_text(short)
        lines = self.lines(german, code=3)
        self.assertEqual([line.split(" (")[0] for line in lines],
                         [f"{german}:5: a step is missing", f"{german}:5: a move is missing", f"{german}:5: a move is missing"])

    def test_the_language_of_the_name(self):
        self.version()
        german = self.version("de", change=[("language = de", "")])
        self.assertEqual(self.lines(german, code=3), [f"{german}:1: [routine] language: not the language of the file's name ('en'; de)"])

    def test_a_name_is_all_of_its_files(self):
        self.version()
        paths = [self.version(language, change=[("20-30s", "20s")]) for language in ("de", "fr")]
        lines = self.lines("arms", code=3)
        self.assertEqual([line.split(":")[0] for line in lines], [str(path) for path in paths])
        self.assertEqual(len(self.lines("arms.fr", code=3)), 1)
        self.assertEqual(len(self.lines(code=3)), 2)

    def test_without_an_original_the_first_is_the_measure(self):
        german, french = self.version("de"), self.version("fr", change=[("20-30s", "20s")])
        self.assertEqual(self.lines(german), [])
        self.assertEqual(len(self.lines(french, code=3)), 1)




class Shipped(sv.TestCase):
    def test_a_session_is_german_for_a_german(self):
        """What is heard, and what --plain shows, from the environment alone."""
        env = {"LC_ALL": "", "LC_MESSAGES": "", "LC_CTYPE": "C.UTF-8", "LANG": "de_DE.UTF-8"}
        text = "[routine]\ntitle = {}\nlanguage = {}\n[one]\ntitle = {}\nsay = {}\nhold = 2-9s\n"
        self.home.write("data/stretchvoice/routines/short.ini", text.format("Short", "en", "Settle", "Sit down."))
        self.home.write("data/stretchvoice/routines/short.de.ini", text.format("Kurz", "de", "Ankommen", "Setz dich hin."))
        run = self.sv("play", "short", "--plain", "--device", "null:fast", env=env)
        self.assertEqual(run.out.splitlines()[:2], ["Kurz: Eine Übung", "Übung 1 von 1: Ankommen"])
        self.assertRegex(run.out.splitlines()[-1], r"^Kurz: .*, 1 von 1 Übung\.$")
        texts = [row.get("text") for row in self.sv("plan", "short", "--json", env=env).lines()]
        self.assertIn("Setz dich hin.", texts)
        self.assertIn("Fertig.", texts)

    def test_portugal_and_brazil_each_hear_their_own(self):
        for locale, tag, ready in (("pt_PT", "pt", "Quando quiser, carregue em reproduzir."), ("pt_BR", "pt-br", "Quando quiser, aperte o play.")):
            with self.subTest(locale):
                rows = self.sv("plan", "breathing", "--json", env={"LC_ALL": f"{locale}.UTF-8"}).lines()
                self.assertEqual(rows[0]["name"], f"breathing.{tag}")
                self.assertIn(ready, [row.get("text") for row in rows])
