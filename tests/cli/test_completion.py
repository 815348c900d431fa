"""Completion in the shells themselves: the tests type words and the Tab key on a terminal."""
import os
import pty
import re
import select
import subprocess
import time
import unittest

import sv

ESCAPES = re.compile(rb"\x1b(\[[0-9;?>]*[a-zA-Z]|[=>]|\][^\x07]*\x07)")

# Prints its words, but runs the program for the questions that the completion asks.
TELLING = """stretchvoice() { [ "$2" = --json ] && command stretchvoice "$@" || printf '%s|' '<words>' "$@" '</words>'; }"""
PATH = {"PATH": f"{sv.BUILD}:{os.environ['PATH']}"}


class Shell:
    """A shell on a terminal of its own. prepare() yields the first lines to type; complete() types the beginning of a line,
    and returns what becomes of it."""

    def setUp(self):
        super().setUp()
        sv.need(self.shell[0])
        self.write_files()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(self.home.directory)
            env = self.home.env | PATH | {"TERM": "vt100", "HISTFILE": "", "INPUTRC": "/dev/null"}
            os.execvpe(self.shell[0], self.shell, env)
        self.addCleanup(os.close, self.master)
        self.addCleanup(os.waitpid, self.pid, 0)
        self.addCleanup(os.kill, self.pid, 9)
        for line in self.prepare():
            self.type(line + "\n")
        self.type("echo be''gin\n")
        self.read_until(b"\nbegin")

    def write_files(self):
        self.home.write("config/stretchvoice/routines/my own.ini", "[routine]\ntitle = Mine\n[one]\nsay = One.\nhold = 5s\n")
        self.home.write("here.ini", "")

    def type(self, text):
        os.write(self.master, text.encode())

    def read_until(self, mark):
        seen, deadline = b"", time.monotonic() + 20 * sv.SLOW
        while mark not in (plain := ESCAPES.sub(b"", seen.replace(b"\r", b"\n"))):
            self.assertLess(time.monotonic(), deadline, f"waited in vain for {mark!r}: {seen!r}")
            if select.select([self.master], [], [], 0.1)[0]:
                seen += os.read(self.master, 65536)
        return plain

    def complete(self, line):
        """The words of the line after it has been completed; the shell itself prints them."""
        self.type(f"stretchvoice {line}\t\n")
        shown = self.read_until(b"</words>").decode()
        return shown.split("<words>|")[1].split("|</words>")[0].split("|")

    def check(self, *cases):
        for line, expected in cases:
            with self.subTest(line):
                self.assertEqual(self.complete(line)[-1], expected)

    def test_completion(self):
        self.check(
            ("pau", "pause"), ("captio", "captions"), ("statu", "status"),
            ("--rout", "--routine"), ("play --backg", "--background"), ("status --fol", "--follow"), ("volume -3 --sock", "--socket"),
            ("--routine middle-b", "middle-back"), ("play --level 10 desk-b", "desk-break"), ("render breathi", "breathing"),
            ("play my", "my own"), ("--voice en-g", "en-gb"), ("play middle-back --voice en-g", "en-gb"), ("--color nev", "never"), ("sheet middle-back - --format h", "html"),
            ("render --chapters m", "moves"),
            ("--set pace.sp", "pace.speed="), ("check her", "here.ini"), ("play her", "here.ini"), ("--config her", "here.ini"),
            ("render middle-back her", "here.ini"), ("play --device null:f", "null:fast"),
            ("check desk-b", "desk-break"), ("--set pace.words=b", "pace.words=brief"), ("--set=sound.on-lost=con", "--set=sound.on-lost=continue"),
            ("--set sound.device=null:f", "sound.device=null:fast"), ("--set voice.profile=en-g", "voice.profile=en-gb"),
            ("--set pace.speed=", "pace.speed="), ("longer her", "her"), ("new mine --from middle-b", "middle-back"), ("play wrists --from middle-b", "middle-b"), ("history --ics --cs", "--csv"),
            ("remind --ics her", "here.ini"), ("pause --fol", "--fol"), ("pause middle-b", "middle-b"))


class SecondTab:
    def test_a_second_tab_adds_nothing(self):
        self.check(("--set pace.w\t", "pace.words="), ("--set pace.sp\t", "pace.speed="), ("--set=pace.w\t", "--set=pace.words="))

    def test_values_follow_a_completed_key(self):
        self.check(("--set pace.w\tb", "pace.words=brief"), ("play --device null\t:f", "null:fast"))


class Bash(SecondTab, Shell, sv.TestCase):
    shell = ("bash", "--norc", "--noprofile", "-i")

    def prepare(self):
        yield "bind 'set bell-style none'"
        yield TELLING
        yield f"source {sv.BUILD}/stretchvoice.bash"

    def test_the_value_behind_an_equals_sign(self):
        self.check(("--color=nev", "--color=never"), ("--routine=middle-b", "--routine=middle-back"))


class Zsh(SecondTab, Shell, sv.TestCase):
    shell = ("zsh", "-f", "-i")

    def prepare(self):
        directory = self.home.path("functions")
        directory.mkdir()
        (directory / "_stretchvoice").symlink_to(sv.BUILD / "stretchvoice.zsh")
        yield f"unsetopt zle_bracketed_paste prompt_sp; fpath=({directory} $fpath); autoload -U compinit; compinit -u -D"
        yield TELLING


class Fish(Shell, sv.TestCase):
    """fish prints what it would offer."""

    def setUp(self):
        sv.TestCase.setUp(self)
        sv.need("fish")
        self.write_files()

    def complete(self, line):
        script = f"source {sv.BUILD}/stretchvoice.fish; complete -C 'stretchvoice {line}'"
        run = subprocess.run(["fish", "--no-config", "-c", script], env=self.home.env | PATH, cwd=self.home.directory, capture_output=True,
                             text=True, timeout=20 * sv.SLOW)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        offered = [line.split("\t")[0] for line in run.stdout.splitlines()]
        self.assertLess(len(offered), 2)
        return offered or line.split()


if __name__ == "__main__":
    unittest.main()
