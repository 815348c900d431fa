"""Tags and chapters of rendered files, as other programs read them."""
import itertools
import json
import signal
import struct
import subprocess
import unittest

import sv
import wav
from rendered import Files, chapters, chunks, probe, tags

FORMATS = ("wav", "flac", "ogg", "opus", "mp3", "m4a")

STEPS = ["Introduction", "Sit tall", "Lean", "last", "Closing"]
MOVES = ["Introduction", "Sit tall", "Lean: over, right", "Lean: back up, right", "Lean: over, left",
         "Lean: back up, left", "last", "Closing"]

HARD = ['"Quotes" \'and\' <b> & \\n', "[brackets]; # = \\ {{braces}}", "Ümläuts, 漢字, \U0001F9D8\U0001F3FD", "n" * 1000,
        "Two\n  lines"]


class Chapters(Files):
    def starts(self, key, routine=None):
        """(frame, rate) of the first thing on the timeline in each place that the key tells apart."""
        first, *rows = self.sv("plan", "--json", routine or self.routine).lines()
        rows = [row for row in rows if row["type"] != "wake"]
        found = [next(group)["frame"] for _, group in itertools.groupby(rows, key)]
        return [0, *found[1:]], first["rate"]

    def test_one_a_step_in_each_format(self):
        starts, rate = self.starts(lambda row: row.get("step"))
        for ending in FORMATS:
            with self.subTest(ending):
                times, titles = zip(*chapters(self.render(name=f"out.{ending}")))
                self.assertEqual(list(titles), STEPS)
                self.assertEqual(len(times), len(starts))
                for time, start in zip(times, starts):
                    self.assertLessEqual(abs(time - start / rate), 1e-6 if ending == "wav" else 0.0005)

    def test_to_the_frame_in_a_wav(self):
        starts, _ = self.starts(lambda row: row.get("step"))
        found = dict(chunks(self.render(name="out.wav").read_bytes()))
        points = [struct.unpack_from("<2I4s3I", found[b"cue "], 4 + 24 * i) for i in range(len(starts))]
        self.assertEqual([point[5] for point in points], starts)

    def test_moves(self):
        for ending in FORMATS:
            with self.subTest(ending):
                times, titles = zip(*chapters(self.render("--chapters", "moves", name=f"out.{ending}")))
                self.assertEqual(list(titles), MOVES)
                self.assertEqual(list(times), sorted(set(times)))
        run = self.sv("render", "--chapters", "all", self.routine, "x.mp3", code=2)
        self.assertEqual(run.err, "stretchvoice: --chapters must be steps or moves, not 'all'\n")

    def test_mpv_reads_them(self):
        sv.need("mpv")
        words = "@".join(f"${{chapter-list/{i}/title}}" for i in range(len(STEPS)))
        for ending in FORMATS:
            with self.subTest(ending):
                run = subprocess.run(["mpv", "--no-config", "--no-video", "--ao=null", "--length=0.1", f"--term-playing-msg=<{words}>",
                                      self.render(name=f"out.{ending}")], capture_output=True, text=True, check=True)
                self.assertIn(f"<{'@'.join(STEPS)}>", run.stdout)

    def test_titles_with_all_kinds_of_letters(self):
        steps = "".join(f"[s{i}]\ntitle = {title}\nsay = Sit.\nhold = 1s\n" for i, title in enumerate(HARD))
        routine = self.home.write("hard.ini", f"[routine]\ntitle = {HARD[0]}\nabout = {HARD[3]}\nauthor = {HARD[1]}\nalbum = {HARD[2]}\n{steps}")
        for ending in FORMATS:
            with self.subTest(ending):
                plain = [title.replace("{{", "{").replace("}}", "}").replace("\n ", "") for title in HARD]
                path = self.render(routine=routine, name=f"out.{ending}")
                titles = [title for _, title in chapters(path)][1:-1]
                if ending == "wav":  # of which ffmpeg reads so much
                    self.assertIn((plain[3] + "\0").encode(), path.read_bytes())
                    plain[3] = titles[3]
                self.assertEqual(titles, plain)
                found = tags(path)
                self.assertEqual([found[name] for name in ("title", "artist", "album", "comment")],
                                 [plain[0], plain[1], plain[2], HARD[3]])

    def test_a_hundred(self):
        routine = self.home.write("many.ini", "[routine]\ntitle = Many\n" + "".join(
            f"[s{i}]\ntitle = {i}\nsay = S.\nhold = 1s\nprepare = 0s\n" for i in range(100)))
        for ending in FORMATS:
            with self.subTest(ending):
                path = self.render("--mono", "--voice", "tone", "--set", "pace.words=brief", "--set", "pace.gap=0s", routine=routine, name=f"out.{ending}")
                self.assertEqual([title for _, title in chapters(path)][1:-1], [str(i) for i in range(100)])

    def test_in_the_language_of_the_voice(self):
        routine = self.home.write("de.ini", "[routine]\ntitle = Kurz\nlanguage = de-at\n[a]\ntitle = Anfang\nsay = Los.\nhold = 1s\n")
        path = self.render(routine=routine, name="out.mp3")
        self.assertEqual([title for _, title in chapters(path)], ["Einleitung", "Anfang", "Schluss"])
        self.assertEqual(tags(path)["language"], "deu")


class Tags(Files):
    EXPECTED = {"title": "Take along", "artist": "Ada", "album": "Trains", "genre": "Exercise", "comment": "For the train",
                "date": "2001-09-09"}

    def setUp(self):
        super().setUp()
        self.home.env["SOURCE_DATE_EPOCH"] = "1000000000"

    def test_in_each_format(self):
        for ending in FORMATS:
            with self.subTest(ending):
                found = tags(self.render(name=f"out.{ending}"))
                self.assertEqual({name: found.get(name) for name in self.EXPECTED}, self.EXPECTED)
                self.assertEqual(found["language"], "eng" if ending in ("mp3", "m4a") else "en-us")

    def test_without_keys(self):
        routine = self.home.write("plain.ini", "[routine]\ntitle = Plain\n[a]\nsay = Sit.\nhold = 1s\n")
        for ending in FORMATS:
            with self.subTest(ending):
                found = tags(self.render(routine=routine, name=f"out.{ending}"))
                self.assertEqual((found["artist"], found["album"]), ("stretchvoice", "Stretching"))
                self.assertNotIn("comment", found)

    def test_mutagen_reads_them(self):
        try:
            import mutagen
        except ImportError:
            sv.lack("python3-mutagen is not installed")
        for ending in ("flac", "ogg", "opus"):
            with self.subTest(ending):
                found = mutagen.File(self.render(name=f"out.{ending}"))
                self.assertEqual({name: found[name][0] for name in self.EXPECTED}, self.EXPECTED)
                self.assertEqual([found[f"chapter{i:03}name"][0] for i in range(1, 6)], STEPS)
        found = mutagen.File(self.render(name="out.mp3"))
        names = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "genre": "TCON", "comment": "COMM::eng", "date": "TDRC"}
        self.assertEqual({name: str(found[names[name]]) for name in names}, self.EXPECTED)
        table = found["CTOC:contents"].child_element_ids
        self.assertEqual([str(found[f"CHAP:{name}"].sub_frames["TIT2"]) for name in table], STEPS)

    def test_mediainfo_reads_them(self):
        sv.need("mediainfo")
        for ending in ("flac", "ogg", "opus", "mp3"):
            with self.subTest(ending):
                run = subprocess.run(["mediainfo", "--Output=JSON", self.render(name=f"out.{ending}")], capture_output=True, check=True)
                found = json.loads(run.stdout)["media"]["track"][0]
                names = ("Title", "Performer", "Album", "Genre", "Comment")
                self.assertEqual([found[name] for name in names], ["Take along", "Ada", "Trains", "Exercise", "For the train"])

    def test_twice_the_same_bytes(self):
        for ending in FORMATS:
            with self.subTest(ending):
                first, second = (self.render(name=f"{n}.{ending}").read_bytes() for n in (1, 2))
                self.assertEqual(first, second)


class Encoding(Files):
    def test_mono(self):
        stereo = wav.Wav(self.render("--set", "sound.sides=off", name="out.wav"))
        means = [int((left + right) / 2) for left, right in zip(stereo.mono, stereo.right)]
        for ending in FORMATS:
            with self.subTest(ending):
                path = self.render("--mono", name=f"mono.{ending}")
                self.assertEqual(probe(path)["streams"][0]["channels"], 1)
                self.assertEqual([title for _, title in chapters(path)], STEPS)
        found = dict(chunks(self.home.path("mono.wav").read_bytes()))
        self.assertEqual(found[b"data"], struct.pack(f"<{len(means)}h", *means))
        run = self.home.start("render", "--mono", self.routine, "-")
        out, _ = run.communicate(timeout=60 * sv.SLOW)
        self.assertEqual(out, self.home.path("mono.wav").read_bytes())

    def test_quality(self):
        for ending in ("ogg", "opus", "mp3", "m4a"):
            with self.subTest(ending):
                sizes = [self.render("--mono", "--quality", quality, name=f"out.{ending}").stat().st_size for quality in ("0", "5", "10")]
                self.assertEqual(sizes, sorted(set(sizes)))
        for wrong in ("11", "-1", "good", ""):
            run = self.sv("render", "--quality", wrong, self.routine, "x.mp3", code=2)
            self.assertEqual(run.err, f"stretchvoice: --quality must be a number from 0 to 10, not '{wrong}'\n")

    def test_bitrate(self):
        for rate in ("32k", "56k", "64k", "96", "320k"):
            found = probe(self.render("--bitrate", rate, name="out.mp3"))["streams"][0]
            self.assertEqual(found["bit_rate"], f"{int(rate.rstrip('k'))}000")
        sizes = [self.render("--mono", "--bitrate", rate, name="out.opus").stat().st_size for rate in ("32k", "64k", "128k")]
        self.assertEqual(sizes, sorted(set(sizes)))
        run = self.sv("render", "--bitrate", "96k", self.routine, "x.ogg", code=2)
        self.assertEqual(run.err, "stretchvoice: --bitrate is for mp3 and opus only\n")
        run = self.sv("render", "--bitrate", "96k", "--quality", "3", self.routine, "x.mp3", code=2)
        self.assertEqual(run.err, "stretchvoice: give --quality or --bitrate, not both\n")
        for wrong in ("31k", "321k", "96kb", "fast"):
            run = self.sv("render", "--bitrate", wrong, self.routine, "x.mp3", code=2)
            self.assertIn("--bitrate must be from 32k to 320k", run.err)

    def test_ffmpeg_is_missing(self):
        for ending in ("m4a", "m4b"):
            run = self.sv("render", self.routine, f"out.{ending}", code=2, env={"PATH": "/nowhere"})
            self.assertEqual(run.err, "stretchvoice: m4a and m4b need ffmpeg, which is not installed: install the package ffmpeg\n")
            self.assertFalse(self.home.path(f"out.{ending}").exists())

    def test_broken_off_while_ffmpeg_works(self):
        program = self.home.write("bin/ffmpeg", "#!/bin/sh\n: >started\nexec sleep 600\n")
        program.chmod(0o755)
        process = self.home.start("render", self.routine, "out.m4a", env={"PATH": f"{program.parent}:/usr/bin:/bin"})
        sv.wait_for(self.home.path("started").exists, "ffmpeg", 60)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60 * sv.SLOW)
        self.assertEqual(process.returncode, 128 + signal.SIGINT)
        self.assertFalse(self.home.path("out.m4a").exists())

    def test_ffmpeg_fails(self):
        program = self.home.write("bin/ffmpeg", "#!/bin/sh\necho 'no such codec' >&2\nexit 1\n")
        program.chmod(0o755)
        for ignored in (False, True):  # SIGCHLD, by the program that starts this one
            run = self.sv("render", self.routine, "out.m4a", code=1, env={"PATH": f"{program.parent}:/usr/bin:/bin"},
                          preexec_fn=(lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)) if ignored else None)
            self.assertRegex(run.err, r"\Astretchvoice: 'out.m4a' cannot be made by ffmpeg: no such codec .*\n\Z")
            self.assertFalse(self.home.path("out.m4a").exists())


if __name__ == "__main__":
    unittest.main()
