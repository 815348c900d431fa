"""The web site: every page read by a validator, its links followed, and its layout measured in a browser."""
import functools
import html
import html.parser
import http.server
import json
import re
import subprocess
import threading
import unittest

import sv

SITE = sv.TOP / "doc/site"
WIDTHS = (360, 1280)
VOID = {"meta", "link", "img", "source", "br", "hr", "input", "col", "wbr"}
OUTLINE = ("h1", "h2", "h3", "h4", "h5", "h6")


class Page(html.parser.HTMLParser):
    """The elements of a page, and for each that has one its id."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.ids, self.open = [], [], []
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes, tuple(self.open)))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def all(self, *tags):
        return [(tag, attributes) for tag, attributes, _ in self.elements if tag in tags]


@functools.cache
def pages():
    return {path.name: Page(path) for path in sorted(SITE.glob("*.html"))}


class Pages(unittest.TestCase):
    def test_every_guide_is_there(self):
        guides = {path.stem + ".html" for path in (sv.TOP / "doc").glob("*.md")}
        self.assertEqual(set(pages()), guides | {"index.html", "keys.html", "manual.html"})

    def test_valid(self):
        sv.need("tidy")
        for name, _ in pages().items():
            with self.subTest(name):
                # tidy 5.6 does not know aria-current.
                tidy = subprocess.run(["tidy", "-qe", "--custom-tags", "no", "--warn-proprietary-attributes", "no", SITE / name],
                                      capture_output=True, text=True)
                self.assertEqual((tidy.returncode, tidy.stderr), (0, ""))

    def test_no_id_comes_twice(self):
        for name, page in pages().items():
            with self.subTest(name):
                self.assertEqual(len(page.ids), len(set(page.ids)))

    def test_links_lead_somewhere(self):
        for name, page in pages().items():
            with self.subTest(name):
                for _, attributes in page.all("a"):
                    target = attributes["href"]
                    if re.match(r"https?://", target):
                        continue
                    file, _, anchor = target.partition("#")
                    file = file or name
                    self.assertTrue((SITE / file).is_file(), target)
                    if anchor:
                        self.assertIn(anchor, pages()[file].ids, target)

    def test_every_page_is_reached_from_the_front_page(self):
        found, new = set(), ["index.html"]
        while new:
            found.add(name := new.pop())
            links = {attributes["href"].partition("#")[0] for _, attributes in pages()[name].all("a")}
            new += sorted((links & set(pages())) - found - set(new))
        self.assertEqual(found, set(pages()))

    def test_nothing_runs_and_nothing_comes_from_elsewhere(self):
        for name, page in pages().items():
            with self.subTest(name):
                self.assertEqual(page.all("script", "iframe", "object", "embed", "form", "style"), [])
                for tag, attributes in page.all(*{tag for tag, _, _ in page.elements}):
                    self.assertEqual([name for name in attributes if name.startswith("on")], [])
                    source = attributes.get("src") or attributes.get("srcset") or (tag == "link" and attributes["href"]) or ""
                    self.assertNotRegex(source, r"^\w+:|^/")
                    self.assertTrue(not source or (SITE / source).is_file(), source)
                    self.assertNotIn("autoplay", attributes)
        for path in (*SITE.glob("*.css"), *SITE.glob("*.svg")):
            self.assertNotRegex(path.read_text().replace("http://www.w3.org/2000/svg", ""), r"https?:|url\(|@import|<script", path)

    def test_readable_without_a_stylesheet(self):
        """What a screen reader goes by: language, landmarks, headings in their order, what a picture shows."""
        for name, page in pages().items():
            with self.subTest(name):
                self.assertEqual(page.elements[0][:2], ("html", {"lang": "en"}))
                self.assertEqual([len(page.all(tag)) for tag in ("main", "header", "footer", "title", "h1")], [1] * 5)
                self.assertEqual([attributes.get("aria-label") for _, attributes in page.all("nav")],
                                 ["Pages"] + ["On this page"] * (name != "index.html"))
                levels = [int(tag[1]) for tag, _ in page.all(*OUTLINE)]
                self.assertEqual(levels[0], 1)
                self.assertEqual([(a, b) for a, b in zip(levels, levels[1:]) if b > a + 1], [])
                for _, attributes in page.all("img"):
                    self.assertGreater(len(attributes["alt"]), 20)
                    self.assertTrue(attributes["width"] and attributes["height"])

    def test_titles_differ(self):
        titles = [re.search(r"<title>(.*)</title>", (SITE / name).read_text())[1] for name in pages()]
        self.assertEqual(len(titles), len(set(titles)))


class Front(unittest.TestCase):
    def test_two_minutes_to_listen_to(self):
        sv.need("ffprobe")
        (_, attributes), = pages()["index.html"].all("audio")
        self.assertIn("controls", attributes)
        probe = subprocess.check_output(["ffprobe", "-v", "error", "-of", "json", "-show_format", SITE / attributes["src"]])
        self.assertTrue(110 < float(json.loads(probe)["format"]["duration"]) < 150)
        text = (SITE / "index.html").read_text()
        self.assertIn("<li>Let your left ear sink towards your left shoulder.</li>", text)

    def test_the_screen_in_light_and_dark(self):
        light, dark = [(SITE / f"screen-{kind}.svg").read_text() for kind in ("light", "dark")]
        for picture in (light, dark):
            for words in (">Step 7 of 8: Cobra<", ">seconds left<", "ends ~7:46"):
                self.assertIn(words, picture)
            subprocess.run(["xmllint", "--noout", "-"], input=picture.encode(), check=True)
        self.assertEqual(re.sub(r'"#\w+"', "", light), re.sub(r'"#\w+"', "", dark))
        (_, source), (_, image) = pages()["index.html"].all("source", "img")
        self.assertEqual((source["srcset"], image["src"]), ("screen-dark.svg", "screen-light.svg"))
        size = re.search(r'width="(\d+)" height="(\d+)"', light).groups()
        self.assertEqual(size, (image["width"], image["height"]))


class Tables(sv.TestCase):
    """The page of keys has what the program itself lists."""

    def setUp(self):
        super().setUp()
        self.text = (SITE / "keys.html").read_text()
        self.codes = re.findall(r"<td><code>(.*?)</code></td>", self.text)

    def test_commands_to_a_session_and_their_keys(self):
        block = self.sv("--help").out.split("keys:\n")[1].split("\n\n")[0]
        for line in block.splitlines():
            command, key = line[2:17].strip(), line[17:23].strip()
            self.assertIn(f"<td><code>{html.escape(command)}</code></td>\n<td>{f'<code>{html.escape(key)}</code>' if key else ''}</td>", self.text)

    def test_settings(self):
        for line in self.sv("config").out.splitlines():
            if match := re.match(r"([a-z-]+) +=", line):
                self.assertIn(match[1], self.codes)

    def test_keys_of_a_routine_and_of_a_voice(self):
        routine = self.home.write("wrong.ini", "[routine]\nxxxxxxxx = 1\n[step]\nxxxxxxxx = 1\n[step.move]\nxxxxxxxx = 1\n")
        voice = self.home.write("voices/wrong.ini", "[voice]\nrate = 160\nxxxxxxxx = 1\n")
        problems = self.sv("check", routine, voice, code=3).err
        lists = re.findall(r"unknown key \('xxxxxxxx'; (.*)\)", problems)
        self.assertEqual(len(lists), 4)
        for names in lists:
            for name in re.findall(r"[a-z-]+", names):
                self.assertTrue(name in self.codes or name in ("or", "one", "of"), name)


class Reproducible(unittest.TestCase):
    def test_the_day_is_that_of_the_release(self):
        sv.need("ffprobe")
        probe = subprocess.check_output(["ffprobe", "-v", "error", "-of", "json", "-show_format", SITE / "sample.mp3"])
        version = re.search(r"(?m)^VERSION +:= (\S+)", (sv.TOP / "Makefile").read_text())[1]
        self.assertIn(f"\n## {version}, {json.loads(probe)['format']['tags']['date']}\n", (sv.TOP / "CHANGELOG.md").read_text())

    def test_no_place_of_the_build(self):
        for path in SITE.glob("*.html"):
            self.assertNotIn(str(sv.TOP), path.read_text(), path)


# Loads each page at each width, and writes down what is wider than its window. Of what scrolls by itself nothing is asked.
PROBE = """<!DOCTYPE html><meta charset="utf-8"><title>Probe</title><pre id="found"></pre><script>
const found = [], pages = PAGES, widths = WIDTHS;
function look(name, width) {
    return new Promise(done => {
        const frame = document.createElement('iframe');
        frame.style.cssText = `width: ${width}px; height: 700px; border: 0`;
        frame.onload = () => {
            const page = frame.contentDocument;
            const wide = [...page.querySelectorAll('body *')].filter(e => !e.closest('pre') && !e.closest('.skip') &&
                e.getBoundingClientRect().right > page.documentElement.clientWidth + 1);
            found.push({name, width, scrolls: page.documentElement.scrollWidth, wide: wide.map(e => e.outerHTML.slice(0, 120)),
                        styled: page.styleSheets.length, pictures: [...page.images].every(image => image.naturalWidth > 0)});
            frame.remove();
            done();
        };
        frame.src = name;
        document.body.append(frame);
    });
}
(async () => {
    for (const name of pages) for (const width of widths) await look(name, width);
    document.getElementById('found').textContent = JSON.stringify(found);
    document.title = 'done';
})();
</script>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path != "/probe.html":
            return super().do_GET()
        probe = PROBE.replace("PAGES", json.dumps(list(pages()))).replace("WIDTHS", json.dumps(WIDTHS)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(probe)))
        self.end_headers()
        self.wfile.write(probe)


class Browser(unittest.TestCase):
    def test_nothing_is_wider_than_the_window(self):
        sv.need("chromium")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        run = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-proxy-server", "--virtual-time-budget=100000",
                              "--dump-dom", f"http://127.0.0.1:{server.server_port}/probe.html"], capture_output=True, text=True, timeout=300)
        found = json.loads(html.unescape(re.search(r"<pre id=\"found\">(.*?)</pre>", run.stdout, re.S)[1] or "[]"))
        self.assertEqual([(page["name"], page["width"]) for page in found], [(name, width) for name in pages() for width in WIDTHS])
        for page in found:
            with self.subTest(page=page["name"], width=page["width"]):
                self.assertEqual((page["wide"], page["styled"], page["pictures"]), ([], 1, True))
                self.assertLessEqual(page["scrolls"], page["width"])


if __name__ == "__main__":
    unittest.main()
