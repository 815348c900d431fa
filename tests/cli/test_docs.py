"""Documents written by hand, compared with the tables of the program."""
import re
import subprocess
import unittest

import sv


class Steering(sv.TestCase):
    def told(self):
        """Commands and their keys, from the columns of --help."""
        block = self.sv("--help").out.split("keys:\n")[1].split("\n\n")[0]
        return {line[2:17].split()[0]: line[17:23].strip() for line in block.splitlines()}

    def written(self):
        for row in re.findall(r"(?m)^\| (`[a-z` -]+`) \| (.*?) ?\|", (sv.TOP / "doc/steering.md").read_text()):
            commands, keys = re.findall(r"[a-z-]+", row[0]), [key.strip("`") for key in row[1].split()]
            yield from zip(commands, keys or [""] * len(commands), strict=True)

    def test_commands_and_keys(self):
        self.assertEqual(dict(self.written()) | {"volume": ""}, self.told())
        self.assertIn("`volume -12`", (sv.TOP / "doc/steering.md").read_text())


class Guide(unittest.TestCase):
    def test_the_keys_of_a_routine_are_those_of_the_program(self):
        """The tables of doc/routines.md, as the page of all keys has them: tools/fill prints them."""
        page = subprocess.run([sv.BUILD / "tools/fill", sv.TOP / "doc/pages/keys.md.in"], check=True, capture_output=True, text=True).stdout
        guide = (sv.TOP / "doc/routines.md").read_text()
        for heading in ("[routine]", "A step", "A move"):
            table = re.search(rf"### {re.escape(heading)}\n\n((?:\|.*\n)+)", page)[1]
            self.assertIn(f"\n\n{table}\n", guide)

    def test_figures_stand_between_their_marks(self):
        """tools/readme-figures put them there."""
        text = (sv.TOP / "README.md").read_text()
        for name in re.findall(r"(?m)^<!-- (?!end of )(.*) -->$", text):
            with self.subTest(name):
                self.assertRegex(text, rf"(?s)<!-- {name} -->\n\|.*\|\n<!-- end of {name} -->\n")


class Examples(sv.TestCase):
    def test_a_routine_that_is_shown_has_no_problem(self):
        found = 0
        for page in (sv.TOP / "README.md", *sorted((sv.TOP / "doc").glob("*.md"))):
            for text in re.findall(r"```ini\n(\[routine\](?:.|\n)*?)```", page.read_text()):
                if "say " not in text:
                    continue  # a part of one
                found += 1
                self.assertEqual(self.sv("check", "--strict", self.home.write("example.ini", text)).err, "", page)
        self.assertGreaterEqual(found, 3)


class StandIn(sv.TestCase):
    def test_the_voice_of_the_tests_has_every_phrase(self):
        check = self.sv("check", str(sv.TOP / "tests/voices/tone.ini"))
        self.assertEqual(check.err, "")


class ManPage(unittest.TestCase):
    def setUp(self):
        self.page = (sv.BUILD / "stretchvoice.1").read_text()

    def test_settings(self):
        for part in (".SS [pace]\n.TP\n.B level = 0\n", "\n.TP\n.B cue\\-level = 0\n", "\n.TP\n.B device = \\fR(empty)\n"):
            self.assertIn(part, self.page)

    def test_no_text_is_taken_for_a_request(self):
        for line in self.page.splitlines():
            self.assertFalse(line.startswith("'") or (line.startswith(".") and not re.match(r"\.([A-Z]|\\\"|[a-z]{2}\b)", line)), line)


class Tests(unittest.TestCase):
    def test_what_tests_are_named_after_is_explained(self):
        directory = sv.TOP / "tests"
        told = set(re.findall(r"(?m)^\| (B\d+) \|", (directory / "README.md").read_text()))
        named = {name for path in (*directory.glob("*/*.py"), *directory.glob("unit/*.c"))
                 for name in re.findall(r"(?:\b|_)(B\d+)(?:\b|_)", path.read_text())}
        self.assertLessEqual(named, told)


class Links(unittest.TestCase):
    def test_what_is_linked_is_there(self):
        for page in (*sv.TOP.glob("*.md"), *sv.TOP.glob("doc/*.md"), *sv.TOP.glob("src/*.md"), *sv.TOP.glob("tests/*.md")):
            for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())


class Map(unittest.TestCase):
    """src/README.md names files and functions."""

    def setUp(self):
        self.text = (sv.TOP / "src/README.md").read_text()

    def test_files_exist(self):
        files = set(re.findall(r"`((?:src|include|doc|tests|config)/[^`]*\.\w+)`", self.text))
        self.assertGreater(len(files), 20)
        self.assertEqual([name for name in sorted(files) if not (sv.TOP / name).exists()], [])

    def test_functions_are_in_their_files(self):
        functions = re.findall(r"`(\w+)\(\)` in `(src/[^`]+)`", self.text)
        self.assertGreater(len(functions), 2)
        for function, file in functions:
            with self.subTest(function):
                self.assertRegex((sv.TOP / file).read_text(), rf"(?m)^[a-z].*\b{function}\(")


class Width(unittest.TestCase):
    def test_lines_of_prose_fit(self):
        for page in (*sv.TOP.glob("*.md"), *sv.TOP.glob("*/*.md")):
            wide = [line for line in page.read_text().splitlines() if len(line) > 120 and not line.startswith("|")]
            self.assertEqual(wide, [], page)


if __name__ == "__main__":
    unittest.main()
