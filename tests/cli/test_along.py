"""What render writes beside one file: a file for each step, captions, a podcast."""
import datetime
import email.utils
import json
import os
import signal
import struct
import subprocess
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

import sv
import term
import wav
from rendered import ROUTINE, Files, chapters, probe, tags

NAMES = ["01-first", "02-both", "03-last"]
ITUNES, PODCAST = "{http://www.itunes.com/dtds/podcast-1.0.dtd}", "{https://podcastindex.org/namespace/1.0}"


class Beside(Files):
    def below(self, name):
        path = self.home.path(name)
        return sorted(entry.name for entry in path.iterdir()) if path.exists() else None

    def long(self):
        """A session that takes a while to render."""
        return self.home.write("long.ini", "[routine]\ntitle = Long\n" + "".join(
            f"[s{i}]\nsay = Sit.\nhold = 60s\n" for i in range(20)))

    def interrupt(self, *arguments, number=signal.SIGTERM, seen=lambda: True):
        """Once it has written some sound, of which progress tells."""
        process = self.home.start("render", "--plain", *arguments)
        self.assertIn(b"of sound", process.stderr.readline())
        process.send_signal(number)
        process.communicate(timeout=60 * sv.SLOW)
        self.assertEqual(process.returncode, -number if number == signal.SIGKILL else 128 + number)


class Results(Beside):
    """On a terminal, what has been written; all but `-` is a path of the user's."""

    def shown(self, *arguments):
        terminal = term.Terminal(self.home, "render", "--plain", self.routine, *arguments, columns=200)
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_end(60), 0)
        return [line for line in terminal.shown.decode().splitlines() if "of sound" not in line]

    def test_a_line_for_the_file_and_one_for_the_steps(self):
        whole, parts, feed = (self.home.path(name) for name in ("whole.mp3", "parts", "feed"))
        size = r"1:\d\d, [\d.]+ [kM]B"
        lines = self.shown(whole, "--split", parts, "--captions")
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], rf"\A{whole}: {size}\Z")
        self.assertRegex(lines[1], rf"\A{parts}: 3 files, {size}\Z")
        [line] = self.shown("--split", parts)
        self.assertRegex(line, rf"\A{parts}: 3 files, {size}\Z")
        self.assertEqual(self.shown("--feed", feed), [f"{feed}: 1 episode"])
        self.assertEqual(self.shown(whole, "--quiet"), [])


class Split(Beside):
    def test_a_file_a_step_with_the_tags_of_an_album(self):
        for ending in ("mp3", "ogg"):
            with self.subTest(ending):
                run = self.sv("render", self.routine, f"whole.{ending}", "--split", f"in-{ending}")
                self.assertEqual((run.out, run.err), ("", ""))
                self.assertEqual(self.below(f"in-{ending}"), [f"{name}.{ending}" for name in NAMES])
                for i, (name, title) in enumerate(zip(NAMES, ("Sit tall", "Lean", "last")), 1):
                    found = tags(self.home.path(f"in-{ending}/{name}.{ending}"))
                    self.assertEqual([found[key] for key in ("title", "album", "artist")], [title, "Trains", "Ada"])
                    self.assertEqual(found["track"].split("/")[0], str(i))
                    self.assertEqual(found.get("tracktotal", found["track"].split("/")[-1]), "3")

    def test_without_a_file_they_are_mp3(self):
        self.sv("render", "--split", "parts", self.routine)
        self.assertEqual(self.below("parts"), [f"{name}.mp3" for name in NAMES])

    def test_they_are_the_session_between_silences(self):
        """Nothing is lost, with or without silence between steps. Only the last 5 ms at a cut fade."""
        released = self.home.write("released.ini", ROUTINE.replace("title = Sit tall\n", "title = Sit tall\nrelease = Let go.\n")
                                   .replace("title = Lean\n", "title = Lean\nrelease = Let go.\n"))
        for sound in ("click", "off"):
            with self.subTest(sound):
                self.sv("render", "--quiet", "--set", f"cues.step={sound}", "--set", "sound.wake=0s", released, "whole.wav", "--split", "parts")
                whole = wav.Wav(self.home.path("whole.wav"))
                at, fade = 0, whole.rate // 200
                for name in NAMES:
                    part = wav.Wav(self.home.path(f"parts/{name}.wav"))
                    pad = part.rate // 2
                    self.assertTrue(part.is_silent(0, pad) and part.is_silent(part.frames - pad, part.frames))
                    frames = part.frames - 2 * pad
                    self.assertEqual(part.cut(pad + fade, frames - 2 * fade), whole.cut(at + fade, frames - 2 * fade))
                    if sound == "off" and name != NAMES[0]:
                        self.assertTrue(part.is_silent(pad, pad + part.rate // 5))
                    at += frames
                self.assertEqual(at, whole.frames)

    def test_the_cut_fades_what_sounds_there(self):
        """Faint noise wakes headphones before a step; it neither begins nor ends at once."""
        routine = self.home.write("rest.ini", ROUTINE.replace("[both]\n", "[both]\nprepare = 9s\n").replace("[first]\n", "[first]\nafter = 9s\n"))
        self.sv("render", "--quiet", routine, "whole.wav", "--split", "parts")
        first = wav.Wav(self.home.path("parts/01-first.wav"))
        pad = first.rate // 2
        self.assertFalse(first.is_silent(first.frames - pad - first.rate // 2, first.frames - pad))
        self.assertTrue(first.is_silent(first.frames - pad - 20, first.frames))

    def test_broken_off_it_leaves_nothing(self):
        routine = self.long()
        for number in (signal.SIGTERM, signal.SIGINT):
            self.interrupt(routine, "whole.mp3", "--split", "parts", "--captions", number=number)
            self.assertIsNone(self.below("parts"))
            self.assertFalse([name for name in os.listdir(self.home.directory) if "whole" in name or "stretchvoice-" in name])
        self.home.path("old").mkdir()
        self.home.write("old/01-s0.mp3", "mine")
        self.interrupt(routine, "--split", "old", number=signal.SIGKILL)
        self.assertEqual(self.below("old"), ["01-s0.mp3"])
        self.assertEqual(self.home.path("old/01-s0.mp3").read_text(), "mine")

    def test_what_cannot_be(self):
        self.home.write("file", "mine")
        run = self.sv("render", self.routine, "--split", "file", code=1)
        self.assertEqual(run.err, "stretchvoice: 'file' cannot be made: it is no directory (name another directory)\n")
        run = self.sv("render", self.routine, "--split", "no/where", code=1)
        self.assertIn("No such file or directory", run.err)
        self.sv("render", self.routine, "-", "--split", "parts", code=2)
        self.sv("render", self.routine, "--split", "parts", "--captions", code=2)
        self.sv("render", "--split", "parts", code=2)
        run = self.sv("render", self.routine, "./parts/../parts/02-both.mp3", "--split", "parts", code=1)
        self.assertEqual(run.err, "stretchvoice: './parts/../parts/02-both.mp3' is also the file of a step (name another file)\n")
        for option in ("--split", "--feed"):
            run = self.sv("render", self.routine, option, "--help", code=2)
            self.assertEqual(run.err, f"stretchvoice: {option} needs a directory, not '--help' (one of that name is './--help')\n")
            self.assertIsNone(self.below("--help"))
        self.sv("render", "--quiet", self.routine, "--split", "./-")
        self.assertEqual(self.below("-"), [f"{name}.mp3" for name in NAMES])
        self.assertIsNone(self.below("parts"))


class CannotBeWritten(Beside):
    def test_it_is_found_before_anything_is_spoken(self):
        """So that no other file is written either; a directory stands in its place."""
        whole, parts, feed = ("out.mp3",), ("--split", "parts"), ("--feed", "feed")
        for blocked, arguments in (("out.mp3", whole), ("out.vtt", (*whole, "--captions")), ("out.lrc", (*whole, "--captions")),
                                   ("parts/20-s19.mp3", parts), ("parts/20-s19.ogg", ("out.ogg", *parts)), ("feed/feed.xml", feed),
                                   ("feed/cover.png", feed), ("feed/long.mp3", feed), ("feed/long.chapters.json", feed),
                                   ("feed/long.lrc", (*feed, "--captions"))):
            with self.subTest(blocked, arguments=arguments):
                routine = self.long()
                self.home.path(blocked).mkdir(parents=True)
                before = sorted(self.home.directory.rglob("*"))
                run = self.sv("render", "--plain", routine, *arguments, code=1)
                self.assertEqual(run.err, f"stretchvoice: '{blocked}' is not a regular file, and cannot be replaced (name another file)\n")
                self.assertEqual(sorted(self.home.directory.rglob("*")), before)
                self.home.path(blocked).rmdir()


class Captions(Beside):
    def test_they_are_those_of_captions(self):
        self.render("--captions", name="out.mp3")
        for ending in ("vtt", "lrc"):
            self.sv("captions", self.routine, f"alone.{ending}")
            self.assertEqual(self.home.path(f"out.{ending}").read_text(), self.home.path(f"alone.{ending}").read_text())

    def test_a_bracket_at_the_beginning_is_read_back_whole(self):
        routine = self.home.write("bracket.ini", "[routine]\ntitle = [A] bracket\n[a]\nsay = [Slowly] lift [00:01] it. [1:2] Again.\nhold = 1s\n")
        self.render("--captions", routine=routine, name="out.mp3")
        run = subprocess.run(["ffmpeg", "-v", "error", "-i", self.home.path("out.lrc"), "-f", "srt", "-"],
                             capture_output=True, text=True, check=True)
        self.assertEqual(tags(self.home.path("out.lrc"))["title"], "(A) bracket")
        for sentence in ("[Slowly] lift [00:01] it.", "[1:2] Again."):
            self.assertIn(sentence, run.stdout)


class Feed(Beside):
    def setUp(self):
        super().setUp()
        self.home.env["SOURCE_DATE_EPOCH"] = "1000000000"
        self.second = self.home.write("ü & <b>.ini", "[routine]\ntitle = Less < more & \"more\"\n[a]\ntitle = A\nsay = Sit.\nhold = 1s\n")

    def feed(self, *arguments):
        self.assertEqual(self.sv("render", "--feed", "feed", *arguments).out, "")
        return ElementTree.parse(self.home.path("feed/feed.xml")).getroot()

    def test_a_podcast(self):
        channel = self.feed(self.routine, self.second).find("channel")
        self.assertEqual((channel.findtext("title"), channel.findtext("language")), ("Trains", "en-us"))
        items = channel.findall("item")
        self.assertEqual([item.findtext("title") for item in items], ["Take along", 'Less < more & "more"'])
        self.assertEqual(items[0].findtext("description"), "For the train")
        self.assertEqual([item.findtext("pubDate") for item in items],
                         ["Sun, 09 Sep 2001 00:00:00 +0000", "Sat, 08 Sep 2001 23:59:00 +0000"])
        for item, address, name in zip(items, ("along", "%C3%BC%20%26%20%3Cb%3E"), ("along", "ü & <b>")):
            enclosure = item.find("enclosure")
            self.assertEqual(enclosure.get("url"), f"{address}.mp3")
            path = self.home.path(f"feed/{name}.mp3")
            self.assertEqual(int(enclosure.get("length")), path.stat().st_size)
            self.assertEqual(item.find(f"{PODCAST}chapters").get("url"), f"{address}.chapters.json")
            found = json.loads(self.home.path(f"feed/{name}.chapters.json").read_text())
            self.assertEqual(found["version"], "1.2.0")
            self.assertEqual([(chapter["startTime"], chapter["title"]) for chapter in found["chapters"]], chapters(path))
        self.assertEqual([tags(self.home.path(f"feed/{name}.mp3"))["track"] for name in ("along", "ü & <b>")], ["1/2", "2/2"])

    def test_a_reader_of_feeds_finds_nothing_wrong(self):
        sv.need("xmllint")
        try:
            import feedparser
        except ImportError:
            sv.lack("python3-feedparser is not installed")
        self.feed(self.routine, self.second)
        path = self.home.path("feed/feed.xml")
        subprocess.run(["xmllint", "--noout", path], check=True)
        found = feedparser.parse(path.read_bytes())
        self.assertFalse(found.bozo, found.get("bozo_exception"))
        self.assertEqual((found.version, found.feed.title, found.feed.language, found.feed.author), ("rss20", "Trains", "en-us", "Ada"))
        self.assertEqual([entry.title for entry in found.entries], ["Take along", 'Less < more & "more"'])
        self.assertEqual(len({entry.id for entry in found.entries}), 2)
        for entry in found.entries:
            [sound] = entry.enclosures
            self.assertEqual(sound.type, "audio/mpeg")
            file = self.home.path("feed") / urllib.parse.unquote(sound.href)
            self.assertEqual(file.stat().st_size, int(sound.length))
            self.assertLessEqual(abs(int(entry.itunes_duration) - float(probe(file)["format"]["duration"])), 1)
        self.assertEqual([entry.published_parsed[:3] for entry in found.entries], [(2001, 9, 9), (2001, 9, 8)])

    def test_the_cover_is_a_square_that_apps_take(self):
        if not (sv.BUILD / "stretchvoice-cover").exists():
            sv.lack("pangocairo was not there when this was built")
        channel = self.feed(self.routine).find("channel")
        self.assertEqual(channel.findtext("title"), "Take along")
        image = self.home.path("feed").joinpath(channel.find(f"{ITUNES}image").get("href")).read_bytes()
        self.assertEqual(image[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(struct.unpack(">II", image[16:24]), (1400, 1400))

    def test_all_that_list_shows(self):
        """Here a --config would not do: routines are found beside the settings."""
        waits = (f"pace.{key}" for key in ("prepare=0s", "rest=0s", "change-sides=0s", "breath=2s", "tempo=1s", "hold=25%", "words=brief"))
        quick = ("--mono", "--quality", "0", "--voice", "tone", *(word for wait in waits for word in ("--set", wait)))
        names = [row["name"] for row in self.sv("list", "--json").lines()]
        self.home.write("config/stretchvoice/routines/broken.ini", "[routine]\n")
        run = self.sv("render", "--feed", "feed", "--quiet", *quick)
        self.assertIn("broken is left out", run.err)
        self.assertEqual([name[:-4] for name in self.below("feed") if name.endswith(".mp3")], sorted(names))

    def test_twice_the_same_bytes(self):
        self.feed(self.routine)
        first = {name: self.home.path(f"feed/{name}").read_bytes() for name in self.below("feed")}
        self.feed(self.routine)
        self.assertEqual({name: self.home.path(f"feed/{name}").read_bytes() for name in self.below("feed")}, first)

    def test_broken_off_it_leaves_nothing(self):
        long = self.long()
        self.interrupt("--feed", "feed", self.routine, long)
        self.assertIsNone(self.below("feed"))
        broken = self.home.write("broken.ini", "[routine]\n")
        self.sv("render", "--feed", "feed", self.routine, broken, code=3)
        self.assertIsNone(self.below("feed"))

    def test_no_episode_is_of_the_future(self):
        """Apps hide one that is, and east of Greenwich a day begins earlier."""
        del self.home.env["SOURCE_DATE_EPOCH"]
        for zone in ("UTC", "<+14>-14"):
            with self.subTest(zone):
                self.home.env["TZ"] = zone
                dates = self.feed(self.second).findall("channel/item/pubDate")
                self.assertLessEqual(email.utils.parsedate_to_datetime(dates[0].text), datetime.datetime.now(datetime.timezone.utc))

    def test_two_of_one_name(self):
        self.home.write("other/along.ini", ROUTINE)
        run = self.sv("render", "--feed", "feed", self.routine, "other/along.ini", code=2)
        self.assertEqual(run.err, "stretchvoice: two routines are called 'along', and would be one file\n")


if __name__ == "__main__":
    unittest.main()
