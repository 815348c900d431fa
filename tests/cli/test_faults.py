"""What goes wrong while a file is made, and what it must not leave behind."""
import contextlib
import fcntl
import itertools
import os
import pathlib
import resource
import signal
import struct
import subprocess
import termios
import time
import unittest

import sv
import wav

ROUTINE = """[routine]
title = Faults
[one]
say = First of all sit down. {0}
hold = 5s
[two]
say = Then stand up again.
hold = 5s
"""


def children(pid):
    """Its helpers, by name."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            found = {}
            for child in map(int, file.read().split()):
                with open(f"/proc/{child}/comm") as name:
                    found.setdefault(name.read().strip(), []).append(child)
            return found
    except OSError:
        return {}


def unfinished(process, directory):
    """The largest file that a process has open there, with or without a name: its size."""
    sizes = [0]
    for entry in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            if os.readlink(entry).startswith(f"{directory}/"):
                sizes.append(entry.stat().st_size)
        except OSError:
            pass  # closed meanwhile
    return max(sizes)


def waiting(pipe):
    """How many bytes of it are there to be read."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


class Faults(sv.TestCase):
    def routine(self, text="", steps=0, hold="1s", unique=False):
        """Some steps that are there for their time, and what is to be spoken for them if they are unique."""
        more = "".join(f"[step-{n}]\ntitle = More\nsay = This is one more step{', number ' + str(n) if unique else ''}.\nhold = {hold}\n"
                       for n in range(steps))
        return self.home.write("faults.ini", ROUTINE.format(text) + more)

    def assertOneLine(self, err, *parts):
        self.assertEqual(len(err.splitlines()), 1, err)
        for part in parts:
            self.assertIn(part, err)

    # ---- writing ----

    def test_a_file_that_may_not_grow(self):
        """B22: as on a full disk."""
        directory = self.home.path("full")
        directory.mkdir()
        routine = self.routine(steps=20, hold="1m")
        for ending in ("wav", "flac", "ogg", "opus", "mp3"):
            with self.subTest(ending):
                run = self.sv("render", routine, directory / f"out.{ending}", code=1,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
                self.assertOneLine(run.err, "out." + ending)
                self.assertEqual(list(directory.iterdir()), [])

    def test_a_full_disk(self):
        """B22: one line, and no part of a file."""
        directory = self.home.path("disk")
        directory.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", directory], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", directory], check=True)
        routine = self.routine(steps=40, hold="1m")
        for ending in ("wav", "flac", "ogg", "opus", "mp3"):
            with self.subTest(ending):
                old = self.home.write(f"disk/out.{ending}", "an older file")
                run = self.sv("render", "--set", "sound.wake=5s", routine, old, code=1)
                self.assertOneLine(run.err, "No space left", "out." + ending)
                self.assertEqual([path.name for path in directory.iterdir()], [old.name])
                self.assertEqual(old.read_text(), "an older file")
                old.unlink()

    def test_a_file_keeps_its_mode(self):
        for command, name in (("render", "out.flac"), ("captions", "out.srt"), ("sheet", "out.md")):
            for before, after in ((None, 0o640), (0o600, 0o600), (0o666, 0o666)):
                with self.subTest(command=command, before=before):
                    path = self.home.path(name)
                    if before:
                        path.write_text("old")
                        path.chmod(before)
                    self.sv(command, self.routine(), path, preexec_fn=lambda: os.umask(0o027))
                    self.assertEqual(path.stat().st_mode & 0o777, after)
                    path.unlink()

    def test_a_link_that_leads_nowhere(self):
        """Its target is made."""
        for command, name in (("render", "out.flac"), ("captions", "out.srt")):
            with self.subTest(command):
                link = self.home.path(name)
                link.symlink_to(f"target-of-{name}")
                self.sv(command, self.routine(), link)
                self.assertTrue(link.is_symlink())
                self.assertGreater(link.stat().st_size, 100)

    def test_a_directory_that_is_not_there(self):
        run = self.sv("render", self.routine(), self.home.path("nowhere/out.flac"), code=1)
        self.assertOneLine(run.err, "nowhere", "No such file or directory")

    def test_standard_output_that_is_full(self):
        routine = self.routine(steps=100)
        for arguments in (["render", routine, "-"], ["plan", routine], ["plan", "--json", routine], ["list"], ["config"], ["--help"],
                          ["plan", "--help"], ["--version"]):
            with self.subTest(arguments[0]), open("/dev/full", "wb") as full:
                run = self.sv(*arguments, stdout=full, code=1)
                self.assertOneLine(run.err, "No space left")

    def test_a_session_is_played_though_its_lines_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            run = self.sv("play", "--device", "null:fast", "--voice", "tone", self.routine(), stdout=full)
        self.assertOneLine(run.err, "standard output cannot be written: No space left")

    def test_a_pipe_that_is_closed(self):
        """B23: the end, without a word."""
        routine = self.routine(steps=400)
        for arguments in (["render", routine, "-"], ["plan", routine], ["plan", "--json", routine]):
            with self.subTest(arguments):
                process = self.home.start(*arguments, "--voice", "tone")
                process.stdout.read(100)
                process.stdout.close()
                self.assertEqual(process.stderr.read(), b"")
                self.assertIn(process.wait(20 * sv.SLOW), (141, -signal.SIGPIPE))
                process.stderr.close()

    # ---- being ended ----

    def test_interrupted(self):
        directory = self.home.path("interrupted")
        directory.mkdir()
        routine = self.routine(steps=400)
        for ending, number, times in itertools.product(("wav", "mp3"), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT), (1, 2)):
            with self.subTest(ending=ending, number=number, times=times):
                process = self.home.start("render", routine, directory / f"out.{ending}")
                sv.wait_for(lambda: unfinished(process, directory) > 10_000, "a file that grows")
                for _ in range(times):
                    process.send_signal(number)
                _, err = process.communicate(timeout=5 * sv.SLOW)
                self.assertIn(process.returncode, (128 + number, -number))
                self.assertEqual((err, list(directory.iterdir())), (b"", []))

    def test_killed(self):
        """A file without a name leaves nothing, even where no code of ours runs any more."""
        directory = self.home.path("killed")
        directory.mkdir()
        try:
            os.close(os.open(directory, os.O_TMPFILE | os.O_RDWR))
        except OSError:
            self.skipTest("this file system has no files without a name")
        for command in (["render", self.routine(steps=400), directory / "out.wav"],
                        ["captions", self.routine("hang-now"), directory / "out.vtt", "--voice", "tone"]):
            with self.subTest(command[0]):
                process = self.home.start(*command)
                sv.wait_for(lambda: command[0] == "captions" and children(process.pid) or unfinished(process, directory) > 10_000, "a file that grows")
                process.kill()
                process.communicate()
                self.assertEqual(list(directory.iterdir()), [])

    def test_interrupted_while_nobody_reads(self):
        process = self.home.start("render", self.routine(steps=400), "-")
        process.stdout.read(100)
        sv.wait_for(lambda: waiting(process.stdout) > 60_000, "a pipe that is full")
        process.send_signal(signal.SIGINT)
        self.assertIn(process.wait(2 * sv.SLOW), (130, -2))
        self.assertEqual(process.stderr.read(), b"")
        process.communicate()

    def test_a_hang_of_the_voice_is_ended_by_ctrl_c(self):
        routine = self.routine("hang-now")
        for arguments in (["plan", routine], ["render", routine, self.home.path("out.wav")]):
            with self.subTest(arguments[0]):
                process = self.home.start(*arguments, "--voice", "tone")
                sv.wait_for(lambda: children(process.pid).get("stretchvoice-sp"), "a speech program")
                process.send_signal(signal.SIGINT)
                self.assertIn(process.wait(2 * sv.SLOW), (130, -2))
                process.communicate()

    # ---- speaking ----

    def test_a_text_that_crashes_the_engine(self):
        """B10: a chime and a warning stand for it, and the session goes on."""
        for text in ("s'" * 70, "s.s." * 180):
            with self.subTest(text[:8]):
                routine = self.routine(text)
                path = self.home.path("out.wav")
                run = self.sv("render", routine, path)
                if not run.err:
                    self.skipTest("this espeak-ng survives the text")
                self.assertOneLine(run.err, f"{routine}:4: ", "warning: ")
                first, *rows = self.sv("plan", "--json", routine).lines()
                self.assertEqual(wav.Wav(path).frames, first["frames"])
                chimes = [row for row in rows if row["type"] == "chime" and "text" in row]
                self.assertEqual([(row["role"], row["text"], row["step"]) for row in chimes], [("sentence", text, "one")])
                self.assertTrue([row for row in rows if row.get("text") == "Then stand up again."])

    def test_what_the_voice_can_do_wrong(self):
        """B10, B11: crashing, saying nothing, and never coming to an end."""
        for word in ("crash-now", "silent-now", "long-now"):
            with self.subTest(word):
                routine = self.routine(f"Now {word}. Later.")
                run = self.sv("plan", "--json", "--voice", "tone", routine)
                self.assertOneLine(run.err, f"{routine}:4: ", "warning: ", word)
                chime = next(row for row in run.lines() if row.get("role") == "sentence")
                self.assertEqual((chime["text"], chime["role"]), (f"Now {word}.", "sentence"))
                self.assertIn("Later.", [row.get("text") for row in run.lines()])

    def test_only_marks_are_a_chime_without_a_warning(self):
        run = self.sv("plan", "--json", self.routine("… --- !"))
        self.assertEqual(run.err, "")
        chimes = [row for row in run.lines() if row["type"] == "chime" and "text" in row]
        self.assertEqual([row["role"] for row in chimes], ["sentence"] * len(chimes))
        self.assertTrue(chimes)

    def test_the_speech_program_is_killed(self):
        """Its work is done again by the next, and the file is the same."""
        routine = self.routine(steps=120, unique=True)
        calm, disturbed = self.home.path("calm.wav"), self.home.path("disturbed.wav")
        self.sv("render", routine, calm)
        process = self.home.start("render", routine, disturbed)
        for _ in range(2):
            speakers = sv.wait_for(lambda: children(process.pid).get("stretchvoice-sp"), "a speech program")
            os.kill(speakers[0], signal.SIGKILL)
            sv.wait_for(lambda: speakers[0] not in children(process.pid).get("stretchvoice-sp", []), "its end")
        _, err = process.communicate(timeout=60 * sv.SLOW)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(calm.read_bytes(), disturbed.read_bytes())

    def test_the_speech_program_is_lost_for_good(self):
        """One line and exit 1, and nothing under the final name; not a session of chimes."""
        routine = self.routine(steps=400, unique=True)
        directory = self.home.path("lost")
        directory.mkdir()
        for arguments in (["render", routine, directory / "out.flac"], ["plan", routine], ["captions", routine, directory / "out.vtt"],
                          ["sheet", routine, directory / "out.html"], ["sheet", routine, "-"]):
            with self.subTest(arguments[0]):
                process = self.home.start(*arguments)
                while process.poll() is None:
                    for pid in children(process.pid).get("stretchvoice-sp", []):
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                    time.sleep(0.002)
                out, err = process.communicate(timeout=20 * sv.SLOW)
                self.assertEqual((process.returncode, out), (1, b""))
                self.assertOneLine(err.decode(), "stretchvoice: no speech: ", "ends again and again")
                self.assertEqual(list(directory.iterdir()), [])

    def test_helpers_end_with_the_program(self):
        process = self.home.start("render", self.routine(steps=400), self.home.path("out.wav"))
        speakers = sv.wait_for(lambda: children(process.pid).get("stretchvoice-sp"), "a speech program")
        process.kill()
        process.communicate()
        sv.wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in speakers), "the end of its helpers", 3)


if __name__ == "__main__":
    unittest.main()
