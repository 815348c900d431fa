"""Runs the program: each test in a home of its own, away from the user's settings, sound and terminal."""
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SV_BUILD", TOP / "build")).resolve()
PROGRAM = BUILD / "stretchvoice"


def is_sanitized():
    program = PROGRAM.read_bytes() if PROGRAM.exists() else b""
    return b"__asan_init" in program or b"__tsan_init" in program


SANITIZED = is_sanitized()
SLOW = 8 if SANITIZED else 4  # how much longer everything may take than on a machine that does nothing else


def lack(what):
    """Skips the test; in CI that is a failure."""
    raise AssertionError(what) if os.environ.get("CI") else unittest.SkipTest(what)


def need(*programs):
    """Skips the test if a program is missing."""
    for program in programs:
        if shutil.which(program) is None:
            lack(f"{program} is not installed")


def go_before(pid):
    """Gives a program that plays priority over other tests: to its threads, and to its session."""
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.setpriority(os.PRIO_PROCESS, int(thread), -11)
        pathlib.Path(f"/proc/{pid}/autogroup").write_text("-11")
    except OSError:
        pass  # then it has to wait


def wait_for(condition, what, seconds=10):
    """Calls until the result is true, and returns it. Fails after `seconds`."""
    deadline = time.monotonic() + seconds * SLOW
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds * SLOW} s for: {what}")
        time.sleep(0.005)


@dataclasses.dataclass
class Run:
    code: int
    out: str
    err: str

    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]


# The variables that the program gets from the environment of the tests.
KEPT = ("PATH", "SV_JOB", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")

# A sound system whose only output leads to a missing server: no test is heard, and the libraries print many messages.
NO_SOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


class Home:
    """A directory that is HOME, XDG_*_HOME and the working directory; removed at the end. `voice` adds the profile
    tests/voices/VOICE.ini; `inside` comes before the program."""

    inside = ()

    def __init__(self, voice=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="home-"))
        self.env = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.env |= {"HOME": str(self.directory), "LC_ALL": "C.UTF-8", "TERM": "xterm", "JACK_NO_START_SERVER": "1",
                     "ALSA_CONFIG_PATH": str(self.write("asound.conf", NO_SOUND)),
                     "PULSE_SERVER": f"unix:{self.directory}/no-pulse"}
        for kind in ("cache", "config", "data", "state", "runtime"):
            path = self.directory / kind
            path.mkdir(mode=0o700)
            self.env["XDG_RUNTIME_DIR" if kind == "runtime" else f"XDG_{kind.upper()}_HOME"] = str(path)
        if voice:
            voices = self.directory / "config/stretchvoice/voices"
            voices.mkdir(parents=True)
            shutil.copy(TOP / f"tests/voices/{voice}.ini", voices)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, name):
        return self.directory / name

    def write(self, name, text):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
        return path

    def start(self, *arguments, env=None, **options):
        """Starts the program, by default with its output in pipes and no input."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.directory}
        return subprocess.Popen([*self.inside, str(PROGRAM), *map(str, arguments)], env=self.env | (env or {}), **(pipes | options))

    def run(self, *arguments, timeout=60, **options):
        """Runs the program to its end. If it does not end, kills it and fails the test."""
        with self.start(*arguments, **options) as process:
            try:
                out, err = process.communicate(timeout=timeout * SLOW)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"{arguments} still ran after {timeout * SLOW} s") from None
        return Run(process.returncode, (out or b"").decode(), (err or b"").decode())


class TestCase(unittest.TestCase):
    """Each method has a home, and self.sv() runs the program in it."""

    voice = "tone"
    maxDiff = None

    def setUp(self):
        self.home = Home(self.voice)
        self.addCleanup(self.home.close)

    def sv(self, *arguments, code=0, **options):
        run = self.home.run(*arguments, **options)
        self.assertEqual(run.code, code, f"{arguments}\n{run.err}{run.out[-2000:]}")
        return run
