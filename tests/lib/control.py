"""The control socket as any program can have it, and what can be known of the process behind it."""
import dataclasses
import json
import os
import pathlib
import signal
import socket
import struct
import time

import sv

GREETING = "OK stretchvoice 1"

# Of a status.
FIELDS = ["state", "routine", "title", "step", "move", "side", "rep", "reps", "set", "sets", "frame", "frames", "position", "length", "hold_left",
          "level", "volume", "late", "device"]
IDLE = dict.fromkeys(FIELDS) | {"state": "idle"}

# Where the counts of the ring's reader lie: see src/ipc/ring_memory.h.
COUNTS = {"tail": (128, "<Q"), "taken": (136, "<Q"), "silence": (144, "<Q"), "answered": (152, "<I"), "heartbeat": (156, "<I"), "underruns": (160, "<I")}


@dataclasses.dataclass
class Answer:
    code: int  # 0 is OK
    message: str
    fields: dict


def socket_path(home):
    return pathlib.Path(home.env["XDG_RUNTIME_DIR"]) / "stretchvoice/control"


class Control:
    """One connection. `pid` is the process at the other end."""

    def __init__(self, home, path=None):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10 * sv.SLOW)
        self.socket.connect(str(path or socket_path(home)))
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")
        greeting = self.read()
        assert greeting == GREETING, greeting
        credentials = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        self.pid = struct.unpack("3i", credentials)[0]

    def close(self):
        self.lines.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """The next line; None at the end."""
        line = self.lines.readline()
        return line.rstrip("\n") if line else None

    def read_answer(self):
        fields = {}
        while (line := self.read()) is not None:
            if line == "OK":
                return Answer(0, "", fields)
            if line.startswith("ERR "):
                _, code, message = line.split(" ", 2)
                return Answer(int(code), message, fields)
            key, _, value = line.partition(": ")
            fields[key] = value
        raise AssertionError("the connection has ended")

    def ask(self, command):
        self.send(command.encode() + b"\n")
        return self.read_answer()

    def status(self):
        return json.loads(self.ask("status --json").fields["status"])

    def wait_status(self, seconds=10, **wanted):
        """Until the status has all of these values."""
        last = {}

        def look():
            last.update(self.status())
            return last if all(last[key] == value for key, value in wanted.items()) else None
        try:
            return sv.wait_for(look, f"a status of {wanted}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {last}") from None

    def changes(self):
        """What one is told who has subscribed: each status, from now on."""
        while (line := self.read()) is not None:
            if line.startswith("status: "):
                yield json.loads(line.removeprefix("status: "))

    def go_to(self, step):
        """By as many jumps as it takes: a session goes on while it is asked."""
        while self.status()["step"] != step:
            assert self.ask("next").code == 0

    def wait_playing(self, seconds=10):
        """Until frames have been heard."""
        def look():
            status = self.status()
            return status if status["state"] == "playing" and status["device"] and status["frame"] > 0 else None
        return sv.wait_for(look, "the session to play", seconds)


def connect(home, seconds=10, path=None):
    """Once somebody listens."""
    def attempt():
        try:
            return Control(home, path)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
    return sv.wait_for(attempt, "a control socket", seconds)


# ---- the process ----

def children(pid):
    """Those that run, by their ids; the value is how each is called."""
    found = {}
    try:
        for child in map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            state = pathlib.Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state != "Z":
                found[child] = pathlib.Path(f"/proc/{child}/comm").read_text().strip()
    except OSError:
        pass  # one of them has ended meanwhile
    return found


def ring_of(pid):
    """The path of the memory that the program shares with what plays. Other descriptors come and go meanwhile."""
    def attempt():
        for entry in os.scandir(f"/proc/{pid}/fd"):
            try:
                if "stretchvoice-ring" in os.readlink(entry.path):
                    return entry.path
            except FileNotFoundError:
                pass
        return None
    return sv.wait_for(attempt, "the ring")


def ring_inode(pid):
    """Tells one such memory from the next; None while it is replaced."""
    try:
        return os.stat(ring_of(pid)).st_ino
    except FileNotFoundError:
        return None


def read_count(pid, name):
    offset, form = COUNTS[name]
    with open(ring_of(pid), "rb") as ring:
        ring.seek(offset)
        return struct.unpack(form, ring.read(struct.calcsize(form)))[0]


def write_count(pid, name, value):
    """As a program that has gone wrong may."""
    offset, form = COUNTS[name]
    ring = os.open(ring_of(pid), os.O_RDWR)
    os.pwrite(ring, struct.pack(form, value % (1 << 8 * struct.calcsize(form))), offset)
    os.close(ring)


def sound_helpers(pid):
    """Those of them that play."""
    return [child for child, name in children(pid).items() if name.startswith("stretchvoice-so")]


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_gone(pid, seconds=10):
    sv.wait_for(lambda: not is_running(pid), f"the end of process {pid}", seconds)


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def syncs_state(pid):
    """It still has a session's state file open, which is on its way to the disk."""
    directory = f"/proc/{pid}/fd"
    for name in os.listdir(directory):
        try:
            if "/session-" in os.readlink(f"{directory}/{name}"):
                return True
        except FileNotFoundError:
            pass
    return False


def switches(pid):
    """How often all threads of the process have waited for something."""
    total = 0
    for task in os.scandir(f"/proc/{pid}/task"):
        lines = pathlib.Path(task.path, "status").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches:"))
    return total


WATCHED = 5  # seconds


def wait_calm(pids, wakes):
    """Until the process wakes no more often than so many times a second, or each of several: soon after it was asked for something."""
    several = pids if isinstance(pids, tuple) else (pids,)

    def calm():
        before = [switches(pid) for pid in several]
        time.sleep(WATCHED)
        return all(switches(pid) - count <= wakes * WATCHED for pid, count in zip(several, before))
    sv.wait_for(calm, f"no more than {wakes} wakes a second")


def memory(pid):
    """What the process has for itself, in KiB: its share of the libraries depends on who else runs."""
    lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))


def processes(home):
    """Every process that was started in this home, and those that they have started."""
    mark = f"HOME={home.directory}\0".encode()
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and mark in pathlib.Path(entry.path, "environ").read_bytes():
                yield int(entry.name)
        except OSError:
            pass  # it has ended meanwhile


def kill_all(home):
    """What is in the background ends with the test."""
    for pid in processes(home):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


# ---- a test ----

ROUTINE = """[routine]
title = Steered
closing = Over.
[first]
title = First step
say = Sit.
hold = 30s
[second]
title = Second step
sides = right, left
reps = 2
sets = 2
rest = 10s
say = Lean to the {side}.
release = Come back.
hold = 20-40s
[second-half]
title = Third step
[second-half.up]
say = Up.
hold = 10s
[second-half.down]
say = Down.
hold = 4 breaths
"""


def without_busy(complaints):
    """A machine that is busy with other tests may starve any session for a moment, also one that plays nowhere."""
    return "".join(line for line in complaints.splitlines(True) if "the sound stopped for a moment" not in line)


class TestCase(sv.TestCase):
    """A home with a routine of three steps in it, played on the silent output. What is in the background is ended."""

    def setUp(self):
        super().setUp()
        self.addCleanup(kill_all, self.home)
        self.routine = self.home.write("steered.ini", ROUTINE)

    def play_words(self, *options, device="null"):
        return "play", "--voice", "tone", "--device", device, *options, self.routine

    def start(self, *arguments, env=None):
        """The program in the foreground, printing into files; ended with the test."""
        number = len(list(self.home.directory.glob("out-*")))
        out, err = self.home.path(f"out-{number}"), self.home.path(f"err-{number}")
        with open(out, "wb") as out_file, open(err, "wb") as err_file:
            process = self.home.start(*arguments, stdout=out_file, stderr=err_file, env=env)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.printed, process.complained_in_all = out.read_text, err.read_text
        process.complained = lambda: without_busy(err.read_text())
        return process

    def connect(self, path=None):
        connection = connect(self.home, path=path)
        self.addCleanup(connection.close)
        return connection

    def play(self, *options, device="null", **rest):
        """A session in the foreground that plays; and a connection to it."""
        process = self.start(*self.play_words(*options, device=device), **rest)
        connection = self.connect()
        connection.wait_playing()
        return process, connection

    def assertOneLine(self, text, *parts):
        self.assertEqual(len(text.splitlines()), 1, text)
        for part in parts:
            self.assertIn(part, text)
