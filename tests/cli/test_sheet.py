"""The sheet of paper: read by a validator, a browser, a printer's pages and a renderer of Markdown."""
import html
import html.parser
import json
import os
import re
import resource
import subprocess
import unittest

import sv

HOSTILE = sv.TOP / "tests/cases/sheet/hostile.ini"
ROUTINE = """[routine]
title = Short
[one]
sides = right, left
say = Lift your {side} arm.
hold = 5s
"""
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ol", "li", "figure", "figcaption",
            "svg", "rect", "text", "line"}
ATTRIBUTES = {"lang", "charset", "name", "content", "dir", "class", "role", "aria-label", "width", "height", "x", "y", "fill", "stroke",
              "text-anchor", "x1", "x2", "y1", "y2"}


class Page(html.parser.HTMLParser):
    """Elements, attributes and texts of a page."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.texts = set(), set(), []
        self.open, self.paths = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag not in ("meta", "rect", "line", "br", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))


class Paper(sv.TestCase):
    def sheet(self, name, ending, *options, voice="tone"):
        """A file, with the voice whose sentences cost nothing."""
        path = self.home.path(f"sheet.{ending}")
        run = self.sv("sheet", name, path, *options, *(["--voice", voice] if voice else []))
        self.assertEqual((run.out, run.err), ("", ""))
        return path


class Sheet(Paper):
    # ---- what it says ----

    def test_every_sentence_of_the_session_is_there(self):
        """Titles, needs, caution, setups, instructions and releases as they are said, on the first side."""
        rows = self.sv("plan", "middle-back", "--json", "--level", "40", "--voice", "tone").lines()[1:]
        said = [row["text"] for row in rows if row.get("role") in ("setup", "instruction", "release", "caution", "closing", "dose")
                and row.get("side") != "left" and row.get("rep", 1) == 1 and row.get("set", 1) == 1]
        self.assertGreater(len(said), 60)
        for ending in ("html", "md", "txt"):
            text = self.sheet("middle-back", ending, "--level", "40").read_text()
            flat = re.sub(r"\s+", " ", html.unescape(text) if ending == "html" else text)
            self.assertEqual([sentence for sentence in said if sentence not in flat], [], ending)
            self.assertIn("Level 40", flat)

    def test_times_are_the_plans(self):
        rows = self.sv("plan", "middle-back", "--json", "--voice", "tone").lines()[1:]
        steps = list(dict.fromkeys(row["step"] for row in rows if "step" in row))
        begins = [next(row["frame"] for row in rows if row.get("step") == step) for step in steps]
        told = re.findall(r"Minutes (\d+):(\d\d) to", self.sv("sheet", "middle-back", "-", "--voice", "tone").out)
        self.assertEqual([int(m) * 60 + int(s) for m, s in told], [(frame + 24000) // 48000 for frame in begins])

    def test_the_same_every_time_and_whatever_the_words(self):
        self.assertEqual(*(self.sv("sheet", "desk-break", "-").out for _ in range(2)))
        brief = self.sv("sheet", "desk-break", "-", "--set", "pace.words=brief", "--voice", "tone").out
        self.assertIn("Rest your hands on your thighs. Look straight ahead.", brief)

    def test_every_language(self):
        for language in ("de", "es", "fr", "it", "nl", "pl", "pt", "pt-br"):
            with self.subTest(language):
                page = self.sheet(f"breathing.{language}", "html", voice=None).read_text()
                self.assertIn(f'<html lang="{language}">', page)
                self.assertEqual(page.count(" lang="), 1)
                for english in (">Exercises", "Hold", "Keep", "Breathe", "Level", "Mark", "days<"):
                    self.assertFalse(english in page, english)

    def test_words_in_another_language_say_so(self):
        """There is no Finnish profile, so the program's words are English."""
        routine = self.home.write("rauha.ini", ROUTINE.replace("[one]", "language = fi\n[one]"))
        self.sv("sheet", "--quiet", routine, self.home.path("rauha.html"))
        page = self.home.path("rauha.html").read_text()
        self.assertIn('<html lang="fi">', page)
        self.assertIn('<h2 lang="en" dir="auto">Exercises</h2>', page)
        self.assertIn("<h1>Short</h1>", page)

    # ---- the file ----

    def test_standard_output(self):
        routine = self.home.write("short.ini", ROUTINE)
        for ending, options in (("txt", ()), ("txt", ("--format", "txt")), ("md", ("--format", "md")), ("html", ("--format", "html"))):
            with self.subTest(options):
                self.assertEqual(self.sv("sheet", routine, "-", "--voice", "tone", *options).out, self.sheet(routine, ending).read_text())

    def test_a_format_of_its_own(self):
        routine, path = self.home.write("short.ini", ROUTINE), self.home.path("for-you")
        self.sv("sheet", routine, path, "--format", "html")
        self.assertTrue(path.read_text().startswith("<!DOCTYPE html>"))

    def test_another_ending_is_refused_before_anything_is_read(self):
        for arguments in (["sheet.pdf"], ["sheet"], ["html"], ["sheet.html/"], ["-", "--format", "pdf"], ["sheet.html", "--format", ""]):
            with self.subTest(arguments):
                run = self.sv("sheet", "./no-such-routine.ini", *arguments, code=2)
                self.assertEqual(run.out, "")
                self.assertRegex(run.err, r"\Astretchvoice: [^\n]*html, md[^\n]*txt[^\n]*\n\Z")

    def test_failures_leave_nothing(self):
        old = self.home.write("old.html", "old")
        self.sv("sheet", self.home.write("bad.ini", "[routine]\n"), old, code=3)
        self.assertEqual(old.read_text(), "old")
        run = self.sv("sheet", "desk-break", self.home.path("nowhere/sheet.md"), code=1)
        self.assertRegex(run.err, r"\Astretchvoice: [^\n]+\n\Z")
        run = self.sv("sheet", "desk-break", old, "--voice", "tone", code=1,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
        self.assertRegex(run.err, r"\Astretchvoice: '[^\n]*old.html' cannot be written: [^\n]*\(1000 bytes were written; [^\n]*\n\Z")
        self.assertEqual(old.read_text(), "old")
        self.assertEqual([name for name in os.listdir(self.home.directory) if name.startswith(".stretchvoice")], [])
        with open("/dev/full", "wb") as full:
            self.assertIn("No space left", self.sv("sheet", "desk-break", "-", "--voice", "tone", stdout=full, code=1).err)

    # ---- hostile routines ----

    def test_no_text_is_markup(self):
        page = Page(self.sheet(HOSTILE, "html").read_text())
        self.assertLessEqual(page.elements, ELEMENTS)
        self.assertLessEqual(page.attributes, ATTRIBUTES)
        self.assertIn(("title", """</title><script>alert("1")</script> & <b>'q'</b> # * _ ` \\ | $ ~ !"""), page.texts)
        self.assertIn(("h3", "2. <li></ol></main>"), page.texts)

    def test_nothing_is_loaded(self):
        for routine in ("middle-back", "breathing"):
            text = self.sheet(routine, "html").read_text()
            for word in ("http:", "https:", "//", "src", "href", "url(", "@import", "script", "<link", "xlink", "data:"):
                self.assertNotIn(word, text)

    def test_a_validator_finds_nothing(self):
        sv.need("tidy", "xmllint")
        for routine in (HOSTILE, "middle-back", sv.TOP / "tests/cases/sheet/all.ini"):
            path = self.sheet(routine, "html")
            tidy = subprocess.run(["tidy", "-qe", path], capture_output=True, text=True)
            self.assertEqual((tidy.returncode, tidy.stderr), (0, ""))
            body = re.sub(r"<meta [^>]*>", "", path.read_text().replace("<!DOCTYPE html>\n", ""))  # all else is XML too
            subprocess.run(["xmllint", "--noout", "-"], input=body.encode(), check=True)

    def test_a_renderer_of_markdown_gives_the_texts_back(self):
        sv.need("cmark")
        for routine in (HOSTILE, sv.TOP / "tests/cases/sheet/all.ini"):
            wanted = [text for element, text in Page(self.sheet(routine, "html").read_text()).texts if element in ("h1", "h2", "p")]
            path = self.sheet(routine, "md")
            page = Page("<main>" + subprocess.run(["cmark", path], capture_output=True, text=True, check=True).stdout + "</main>")
            self.assertLessEqual(page.elements, {"main", "h1", "h2", "h3", "p", "strong", "ol", "li"})
            given = [text for _, text in page.texts]
            self.assertEqual([text for text in wanted if text not in given], [])

    def test_long_words_and_many_steps(self):
        word = "Donaudampfschiff" * 63
        steps = "".join(f"[s{n}]\ntitle = {word}\nsay = {word}.\nhold = 1s\n" for n in range(300))
        routine = self.home.write("long.ini", f"[routine]\ntitle = {word}\n{steps}")
        text = self.sheet(routine, "html").read_text()
        self.assertEqual(text.count("<h3>"), 300)
        self.assertLess(len(re.search(r"(?s)<svg.*</svg>", text)[0]), 100_000)
        self.assertEqual(self.sheet(routine, "txt").read_text().count(f".\n{word}\n---"), 300)


class Browser(Paper):
    """Chromium, on a screen and on paper."""

    def setUp(self):
        super().setUp()
        sv.need("chromium", "pdftotext")

    def chromium(self, *arguments):
        run = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                              f"--user-data-dir={self.home.path('browser')}", *arguments],
                             env=os.environ | {"HOME": str(self.home.directory)}, capture_output=True, text=True, timeout=60 * sv.SLOW)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_screens(self):
        """Nothing is wider than a phone or a desktop, nothing is fetched, and a screen reader finds what it looks for."""
        word = "Donaudampfschiff" * 63
        pages = {"wide": self.sheet("middle-back", "html").read_text(), "hostile": self.sheet(HOSTILE, "html").read_text(),
                 "long": self.sheet(self.home.write("long.ini", ROUTINE.replace("Short", word).replace("Lift", word)), "html").read_text()}
        frames = "".join(f'<iframe id="{name}-{width}" width="{width}" height="900" srcdoc="{html.escape(text)}"></iframe>'
                         for name, text in pages.items() for width in (320, 360, 1280))
        probe = self.home.write("probe.html", f"""<!DOCTYPE html><body>{frames}<pre></pre><script>
            onload = () => {{
                const found = {{}};
                for (const frame of document.querySelectorAll("iframe")) {{
                    const page = frame.contentDocument, root = page.documentElement;
                    found[frame.id] = {{
                        over: Math.max(root.scrollWidth, page.body.scrollWidth) - root.clientWidth,
                        fetched: frame.contentWindow.performance.getEntriesByType("resource").length,
                        scripts: page.scripts.length + page.images.length + page.links.length,
                        small: Math.min(...[...page.querySelectorAll("p, li, text, figcaption")].map(e => parseFloat(getComputedStyle(e).fontSize))),
                    }};
                }}
                document.querySelector("pre").textContent = JSON.stringify(found);
            }};</script>""")
        found = json.loads(html.unescape(re.search(r"<pre>(.*)</pre>", self.chromium("--dump-dom", f"file://{probe}"))[1]))
        self.assertEqual(len(found), 9)
        for name, values in found.items():
            with self.subTest(name):
                self.assertGreaterEqual(values.pop("small"), 12)
                self.assertEqual(values, {"over": 0, "fetched": 0, "scripts": 0})

    def test_paper(self):
        """Every word is on a page, inside its margins, and no heading is left alone at the end of one."""
        page = self.sheet("middle-back", "html", "--level", "50")
        words = re.findall(r"\w+", " ".join(text for element, text in Page(page.read_text()).texts if element in ("h1", "h2", "h3", "p")))
        for size, width, height in (("A4", 595, 842), ("Letter", 612, 792)):
            with self.subTest(size):
                sized = self.home.write(f"{size}.html", page.read_text().replace("@page {", f"@page {{ size: {size};"))
                pdf = self.home.path(f"{size}.pdf")
                self.chromium(f"--print-to-pdf={pdf}", f"file://{sized}")
                text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
                printed = re.findall(r"\w+", text)
                self.assertEqual([word for word in sorted(set(words)) if printed.count(word) < words.count(word)], [])
                boxes = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
                found = [tuple(map(float, box)) for box in
                         re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes)]
                self.assertGreater(len(found), 1000)
                margin = 38
                self.assertEqual([box for box in found if box[0] < margin or box[1] < margin or box[2] > width - margin or box[3] > height - margin], [])
                for sheet in text.split("\f")[:-1]:
                    self.assertRegex(sheet.strip().splitlines()[-1], r"[.\d]$")


if __name__ == "__main__":
    unittest.main()
