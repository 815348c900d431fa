"""What plan and captions do around the timeline: names, formats, files and failures."""
import os
import pathlib
import re
import resource
import signal
import subprocess

import sv

ROUTINE = """[routine]
title = A <b> & --> "c"

[one]
sides = right, left
say = Lift your {side} arm & <breathe>.
hold = 5s

[two]
say = …
hold = 5s
"""


class Plan(sv.TestCase):
    def test_fields(self):
        path = self.home.write("short.ini", ROUTINE)
        run = self.sv("plan", path, "--json", "--voice", "tone")
        self.assertEqual(run.err, "")
        first, *rows = run.lines()
        self.assertEqual(list(first), ["type", "name", "title", "rate", "frames", "seconds", "steps"])
        self.assertEqual((first["name"], first["title"], first["rate"], first["steps"]),
                         ("short", 'A <b> & --> "c"', 48000, 2))
        self.assertEqual(first["seconds"], first["frames"] / 48000)
        self.assertEqual(first["frames"], max(row["frame"] + row["frames"] for row in rows))
        order = ["type", "frame", "frames", "text", "role", "step", "move", "set", "rep", "side"]
        for row in rows:
            self.assertEqual(list(row), [name for name in order if name in row], row)
            self.assertNotIn(None, row.values())
        self.assertIn("Lift your left arm & <breathe>.", [row.get("text") for row in rows])

    def test_a_sentence_without_words_is_a_chime(self):
        path = self.home.write("short.ini", ROUTINE)
        run = self.sv("plan", path, "--json", "--voice", "tone")
        self.assertEqual(run.err, "")
        chime = next(row for row in run.lines() if row.get("text") == "…")
        self.assertEqual((chime["type"], chime["role"], chime["step"]), ("chime", "sentence", "two"))

    def test_table_has_what_json_has(self):
        path = self.home.write("short.ini", ROUTINE)
        rows = self.sv("plan", path, "--json", "--voice", "tone").lines()[1:]
        table = self.sv("plan", path, "--voice", "tone").out.splitlines()
        self.assertIn("2 steps", table[0])
        left_out = ("tick", "in", "out", "gap")
        self.assertEqual(len(table) - 3, len([row for row in rows if row["type"] not in left_out]))
        text = next(line for line in table if "Lift your right arm" in line)
        self.assertRegex(text, r"^ +\d+:\d\d\.\d +\d+\.\d  instruction  one set 1 rep 1 right +Lift your right arm & <breathe>\.$")

    def test_same_every_time(self):
        outs = {self.sv("plan", "middle-back", "--json").out for _ in range(2)}
        self.assertEqual(len(outs), 1)

    def test_names(self):
        self.assertEqual(self.sv("plan", "middle-bakc", code=3).out, "")
        self.assertIn("middle-back", self.sv("plan", "middle-bakc", code=3).err)
        self.assertIn("nothing.ini", self.sv("plan", "./nothing.ini", code=3).err)
        self.sv("plan", code=2)

    def test_invalid_routine(self):
        path = self.home.write("bad.ini", "[routine]\ntitle = x\n[a]\nsay = x\nhodl = 5s\n")
        run = self.sv("plan", path, code=3)
        self.assertEqual(run.out, "")
        self.assertIn(f"{path}:5: [a] hodl: ", run.err)


class Captions(sv.TestCase):
    def write(self, ending, *options):
        path = self.home.path(f"captions.{ending}")
        run = self.sv("captions", self.home.write("short.ini", ROUTINE), path, "--voice", "tone", *options)
        self.assertEqual((run.out, run.err), ("", ""))
        return path.read_text()

    def test_vtt(self):
        text = self.write("vtt")
        self.assertTrue(text.startswith("WEBVTT"))
        self.assertEqual(text.count("-->"), len(re.findall(r"(?m)^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}$", text)))
        self.assertIn("\nLift your right arm &amp; &lt;breathe&gt;.\n", text)
        self.assertIn("\n…\n", text)

    def test_srt(self):
        blocks = self.write("srt").strip().split("\n\n")
        for number, block in enumerate(blocks, 1):
            self.assertRegex(block, rf"\A{number}\n\d\d:\d\d:\d\d,\d{{3}} --> \d\d:\d\d:\d\d,\d{{3}}\n[^\n]+\Z")
        self.assertIn("Lift your left arm & <\u2060breathe>.", "".join(blocks))

    def test_players_take_nothing_for_markup(self):
        """ffmpeg, which knows the tags that players know, gives the text back."""
        sv.need("ffmpeg")
        said = "A <b>x</b> <breathe> < b > {\\an8}y {y:i} \\Nz & a<b c>d &lt; <3 --."
        routine = self.home.write("marks.ini", ROUTINE.replace("say = ", f"say = {said.replace('{', '{{').replace('}', '}}')} ", 1))
        for ending in ("vtt", "srt"):
            with self.subTest(ending):
                path = self.home.path(f"marks.{ending}")
                self.sv("captions", routine, path, "--voice", "tone")
                run = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "ass", "-"], capture_output=True, text=True, check=True,
                                     timeout=60 * sv.SLOW)
                texts = re.findall(r"(?m)^Dialogue: .*?,,0,0,0,,(.*)$", run.stdout)
                self.assertIn(said, [re.sub(r"\u2060|\\(?=[{}])", "", text) for text in texts])

    def test_lrc(self):
        first, *lines = self.write("lrc").splitlines()
        self.assertEqual(first, '[ti:A <b> & --> "c"]')
        for line in lines:
            self.assertRegex(line, r"\A\[\d\d:\d\d\.\d\d\].")

    def test_times_are_the_plans(self):
        rows = self.sv("plan", self.home.write("short.ini", ROUTINE), "--json", "--voice", "tone").lines()[1:]
        said = [row["frame"] for row in rows if "text" in row]
        times = re.findall(r"(?m)^(\d+):(\d+):(\d+),(\d+) -->", self.write("srt"))
        self.assertEqual([((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms) for h, m, s, ms in times],
                         [(frame * 1000 + 24000) // 48000 for frame in said])

    def test_another_ending_is_refused_before_anything_is_read(self):
        for name in ("captions.txt", "captions", "-", "vtt", "captions.vtt/", "captions.VTT "):
            with self.subTest(name):
                run = self.sv("captions", "./no-such-routine.ini", name, code=2)
                self.assertEqual(run.out, "")
                self.assertRegex(run.err, r"\Astretchvoice: [^\n]*vtt, srt, lrc[^\n]*\n\Z")
        self.assertEqual(list(self.home.directory.glob("captions*")), [])

    def test_failures_leave_nothing(self):
        routine = self.home.write("short.ini", ROUTINE)
        run = self.sv("captions", routine, self.home.path("nowhere/captions.vtt"), "--voice", "tone", code=1)
        self.assertRegex(run.err, r"\Astretchvoice: [^\n]+\n\Z")
        directory = self.home.path("taken.vtt")
        directory.mkdir()
        run = self.sv("captions", routine, directory, "--voice", "tone", code=1)
        self.assertRegex(run.err, r"\Astretchvoice: [^\n]+\n\Z")
        old = self.home.write("old.srt", "old")
        self.sv("captions", self.home.write("bad.ini", "[routine]\n"), old, "--voice", "tone", code=3)
        self.assertEqual(old.read_text(), "old")
        self.assertEqual([name for name in os.listdir(self.home.directory) if "vtt" in name], ["taken.vtt"])

    def test_endings_in_any_case(self):
        self.assertEqual(self.write("vtt"), self.write("VTT"))
        self.assertEqual(self.write("srt"), self.write("Srt"))

    def test_what_cannot_be_replaced_is_refused_as_render_does(self):
        routine = self.home.write("short.ini", ROUTINE)
        for verb, ending in (("captions", "vtt"), ("render", "flac")):
            paths = [self.home.path(f"{name}.{ending}") for name in ("directory", "fifo", "device", "no/where", "loop", "file")]
            directory, fifo, device, nowhere, loop, file = paths
            directory.mkdir()
            os.mkfifo(fifo)
            device.symlink_to("/dev/null")
            loop.symlink_to(loop)
            file.write_text("old")
            file.chmod(0o400)
            for path, why in ((directory, "is not a regular file"), (fifo, "is not a regular file"),
                              (device, "is not a regular file"), (loop, "cannot be written: "),
                              (nowhere, "cannot be written: its directory: "), (file, "cannot be replaced: ")):
                if path == file and os.geteuid() == 0:
                    continue  # who may write everywhere
                with self.subTest(verb=verb, path=path.name):
                    run = self.sv(verb, routine, path, "--voice", "tone", code=1, timeout=10)
                    self.assertEqual(run.out, "")
                    self.assertRegex(run.err, rf"\Astretchvoice: '{path}' {why}[^\n]*\(name another file\)\n\Z")
            self.assertFalse([name for name in os.listdir(self.home.directory) if name.startswith(".")])

    def test_a_disk_that_is_full(self):
        routine, path = self.home.write("short.ini", ROUTINE), self.home.path("captions.vtt")
        run = self.sv("captions", routine, path, "--voice", "tone", code=1,
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
        self.assertRegex(run.err, r"\Astretchvoice: '\S+' cannot be written: [^\n]*\(100 bytes were written; make room or name another file\)\n\Z")
        self.assertFalse([name for name in os.listdir(self.home.directory) if name.startswith((".", "captions"))])

    def test_a_links_target_is_replaced(self):
        real = self.home.write("elsewhere/real.srt", "old")
        self.home.path("captions.srt").symlink_to(real)
        self.assertTrue(self.write("srt").startswith("1\n"))
        self.assertTrue(self.home.path("captions.srt").is_symlink())
        self.assertTrue(real.read_text().startswith("1\n"))

    def test_replaces_a_file(self):
        self.home.write("captions.srt", "old " * 100000)
        self.assertTrue(self.write("srt").startswith("1\n00:00:01,000 --> "))


class Interrupted(sv.TestCase):
    """Ctrl-C ends a wait for speech at once, and leaves nothing."""

    def interrupt(self, *arguments):
        """The helper program is there, so the verb has begun; its voice hangs on this word."""
        routine = self.home.write("hanging.ini", "[routine]\ntitle = x\n[a]\nsay = hang-now\nhold = 5s\n")
        with self.home.start(arguments[0], routine, "--voice", "tone", *arguments[1:]) as process:
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
            sv.wait_for(lambda: children.read_text(), "the speech program")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=5 * sv.SLOW)
        self.assertEqual((process.returncode, out, err), (130, b"", b""))

    def test_plan(self):
        self.interrupt("plan")

    def test_captions(self):
        self.interrupt("captions", self.home.path("captions.srt"))
        self.assertEqual(list(self.home.directory.glob("captions*")), [])

    def test_sheet(self):
        self.interrupt("sheet", self.home.path("sheet.html"))
        self.assertEqual(list(self.home.directory.glob("sheet*")), [])
        self.interrupt("sheet", "-")
