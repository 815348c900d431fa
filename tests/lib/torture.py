"""Calls of the program that fail, one in each run, and what must hold after that. See tests/drivers/preload/faults.c."""
import contextlib
import ctypes
import dataclasses
import errno
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import time
import wave

import control
import sv

KINDS = ("memory", "open", "write", "sync", "name", "fork", "socket", "map")
ERRORS = {"memory": errno.ENOMEM, "open": errno.EMFILE, "write": errno.ENOSPC, "sync": errno.EIO, "name": errno.ENOSPC, "fork": errno.EAGAIN,
          "socket": errno.ENOBUFS, "map": errno.ENOMEM}

HEAD = struct.Struct(f"{len(KINDS)}II28s")
PLACES = struct.Struct(f"{1 << 15}Q")
TRACE = 8192
SAME_ADDRESSES = 0x0040000  # personality(): so that the places of different runs can be compared
IDLE = 5  # the exit code of `status` where nothing plays
LIMIT = 20  # seconds for one run; the longest takes one or two
SANITIZER_FAILED = 99

ROUTINES = {
    "back": "[routine]\ntitle = Back\nclosing = Over.\n[one]\nsay = Sit down. Then stay.\nhold = 3s\n"
            "[two]\ntitle = Second\nsay = Stand.\nsides = right, left\nhold = 3s\n",
    "neck": "[routine]\ntitle = Neck\n[turn]\nsay = Turn your head.\nhold = 4s\n",
    "long": "[routine]\ntitle = Long\n[wait]\nsay = Wait.\nhold = 10m\n[more]\nsay = Wait more.\nhold = 10m\n",
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """The call number `number` of its kind fails; 0 is none."""
    kind: str = "memory"
    number: int = 0

    def __str__(self):
        return f"{self.kind} {self.number}"


@dataclasses.dataclass
class Outcome:
    """Of one run of a scene: what the tortured program did, and what is there afterwards."""
    code: int = 0
    out: str = ""
    err: str = ""
    counts: dict = dataclasses.field(default_factory=dict)
    places: list = dataclasses.field(default_factory=list)
    call: str = ""  # that failed; empty if none did
    trace: str = ""
    hangs: bool = False
    before: set = dataclasses.field(default_factory=set)  # the paths of the files that were there
    files: dict = dataclasses.field(default_factory=dict)  # by path: their bytes
    left: list = dataclasses.field(default_factory=list)  # processes
    asked: list = dataclasses.field(default_factory=list)  # of the programs that asked it something: words, code and standard error
    next: tuple = ()  # the exit code of the same command in the same place, without a fault, and what it says; empty if it is not tried
    next_files: dict = dataclasses.field(default_factory=dict)  # after that


def build_library(directory):
    sv.need("cc")
    library = pathlib.Path(directory) / "faults.so"
    subprocess.run(["cc", "-O1", "-g", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/faults.c", "-ldl"], check=True)
    return library


def preloaded(library):
    """A sanitizer has to come first."""
    if not sv.SANITIZED:
        return str(library)
    found = subprocess.run(["ldd", sv.PROGRAM], capture_output=True, text=True, check=True).stdout
    return " ".join([*re.findall(r"=> (\S*/lib[at]san\.\S+)", found), str(library)])


def keep_addresses():
    ctypes.CDLL(None).personality(SAME_ADDRESSES)


NOW = re.compile(rb"Made=\d+|DTSTAMP:\w+|UID:\S+")  # in a reminder, and in a calendar
OF_A_PATH = re.compile("session-[0-9a-f]+")  # by the path of its routine


def state_of(database):
    """What is in it differs from run to run."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return str(connection.execute("PRAGMA integrity_check").fetchall()).encode()
        except sqlite3.Error as error:
            return str(error).encode()


# ---- scenes ----

@dataclasses.dataclass(frozen=True)
class Scene:
    """A command that is tortured: `words`. Before it, those of `before` are run undisturbed, and end with the code that they should. With
    `session`, a session plays meanwhile, with `daemon` a daemon waits; `then` is what other programs ask of the tortured one while it
    runs. The files of `varies` may be others than they should if it says so."""
    words: tuple
    before: tuple = ()
    session: bool = False
    daemon: bool = False
    then: tuple = ()
    varies: tuple = ()

    @property
    def name(self):
        return " ".join(self.words)


def scene(text, **options):
    return Scene(tuple(text.split()), **options)


PLAY = "play --device null:fast --set sound.wake=0s"
ONCE = ((*PLAY.split(), "back"),)
BACKGROUND = ("play", "--background", "--device", "null", "long")
SCENES = (
    scene(f"{PLAY} back"),
    scene(f"{PLAY} --plain back neck"),
    scene(f"{PLAY} --background back"),
    scene("render back out/a.wav"),
    scene("render back out/a.flac"),
    scene("render back out/a.mp3 --captions"),
    scene("render back out/a.ogg"),
    scene("render back out/a.opus"),
    scene("render back out/a.m4a"),
    scene("render back --split=out/parts"),
    scene("render back neck --feed=out/feed", varies=("out/feed/feed.xml",)),  # without its cover
    scene("render back -"),
    scene("render back out/a.wav --set cues.go=sound.wav"),
    scene("render back out/a.wav --music sound.wav", varies=("out/a.wav",)),  # without music
    scene("captions back out/a.vtt"),
    scene("sheet back out/a.html"),
    scene("sheet back -"),
    scene("script back"),
    scene("plan back"),
    scene("plan --json back neck"),
    scene("plan --duration=2m back"),
    scene("check config/stretchvoice/routines config/stretchvoice/stretchvoice.ini"),
    scene("list"),
    scene("voices"),
    scene("config"),
    scene("cache"),
    scene("speak back --voice tone"),
    scene("new fresh"),
    scene("new fresh --from=back"),
    scene("import workout.csv"),
    scene("history", before=ONCE),
    scene("history --csv", before=ONCE),
    scene("history --svg=out/a.svg", before=ONCE),
    scene("history forget --before=2100-01-01", before=ONCE),
    scene("rate hard --note=stiff", before=ONCE),
    scene("level back 40", before=ONCE),
    scene("level", before=ONCE),
    scene("skip two back", before=ONCE),
    scene("remind back 07:30"),
    scene("remind", before=(("remind", "back", "07:30"),)),
    scene("remind --ics=out/a.ics", before=(("remind", "back", "07:30"),)),
    scene("remind remove 1", before=(("remind", "back", "07:30"),)),
    scene("status"),
    scene("status --json", session=True),
    scene("pause", session=True),
    scene("longer 20s", session=True),
    scene("stop", session=True),
    scene(f"{PLAY} back", session=True),
    scene(f"{PLAY} --replace back", session=True),
    scene(f"{PLAY} back", daemon=True),
    scene(f"{PLAY} --background back", daemon=True),
    scene("daemon", then=(BACKGROUND, ("status", "--json"), ("pause",), ("resume",), ("next",), ("stop",))),
    scene("play --device null long", then=(("status", "--json"), ("pause",), ("longer",), ("resume",), ("next",), ("stop",))),
)


# ---- running ----

class Stage:
    """A home with routines, in which one scene is run."""

    def __init__(self, library):
        self.preload = preloaded(library)
        self.home = sv.Home("tone")
        for name, text in ROUTINES.items():
            self.home.write(f"config/stretchvoice/routines/{name}.ini", text)
        self.home.write("config/stretchvoice/stretchvoice.ini", "[history]\nkeep = yes\n[voice]\nprofile = tone\n")
        self.home.write("workout.csv", "Squat,30\nRest,10\nPlank,40\n")
        with wave.open(str(self.home.path("sound.wav")), "wb") as file:
            file.setparams((1, 2, 48000, 0, "NONE", ""))
            file.writeframes(struct.pack("<h", 5000) * 24000 + struct.pack("<h", -5000) * 24000)
        self.home.path("out").mkdir()
        self.report = self.home.path("report")

    def close(self):
        control.kill_all(self.home)
        self.home.close()

    def start(self, words, fault):
        self.report.write_bytes(bytes(HEAD.size + PLACES.size + TRACE))
        env = {"LD_PRELOAD": self.preload, "FAULT_REPORT": str(self.report), "FAULT_KIND": fault.kind, "FAULT_NUMBER": str(fault.number),
               "FAULT_ERROR": str(ERRORS[fault.kind])}
        return self.home.start(*words, env=env, preexec_fn=keep_addresses)

    def read_report(self, outcome):
        data = self.report.read_bytes()
        *counts, failed, call = HEAD.unpack_from(data)
        outcome.counts = dict(zip(KINDS, counts))
        outcome.places = list(PLACES.unpack_from(data, HEAD.size)[:outcome.counts["memory"]])
        if failed:
            outcome.call = call.rstrip(b"\0").decode()
            outcome.trace = data[HEAD.size + PLACES.size:].rstrip(b"\0").decode()

    def files(self):
        """What is there beside what there was, but for locks, which stay, and what SQLite keeps beside its database while it is open."""
        ours = ("out", "config", "data", "state", "runtime")  # what is kept in the cache is found again by other names
        found = {}
        for path in self.home.directory.rglob("*"):
            name = OF_A_PATH.sub("session", str(path.relative_to(self.home.directory)))
            if name.split("/")[0] in ours and not path.is_dir() and not name.endswith(("lock", "-wal", "-shm")):
                found[name] = state_of(path) if name.endswith(".db") else NOW.sub(b"", path.read_bytes()) if path.is_file() else b""
        return found

    def wait_gone(self, seconds=3):
        """The processes that do not end."""
        deadline = time.monotonic() + seconds * sv.SLOW
        while left := [pid for pid in control.processes(self.home) if control.is_running(pid)]:
            if time.monotonic() > deadline:
                return left
            time.sleep(0.01)
        return []

    # ---- what surrounds the tortured program ----

    def surround(self, scene):
        for words in scene.before:
            self.home.run(*words)
        if scene.session:
            assert self.home.run(*BACKGROUND).code == 0
        if scene.daemon:
            self.home.start("daemon", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            control.connect(self.home).close()

    def stop_surroundings(self):
        """A daemon, or a session that goes on in the background."""
        for pid in control.processes(self.home):
            try:
                if os.readlink(f"/proc/{pid}/exe") == str(sv.PROGRAM):
                    os.kill(pid, signal.SIGTERM)
            except OSError:
                pass  # it has ended meanwhile

    def ask_all(self, scene, process, outcome):
        """What other programs ask, once it listens; then it is asked to end, if it has not ended."""
        deadline = time.monotonic() + LIMIT / 2
        while not control.socket_path(self.home).exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        while scene.words[0] == "play" and process.poll() is None and time.monotonic() < deadline and self.run_to_end(("status",))[0] != 0:
            pass  # it does not play yet
        for words in scene.then:
            if process.poll() is None:
                outcome.asked.append((words, *self.run_to_end(words)))
        if scene.words[0] == "daemon" or not control.socket_path(self.home).exists():  # which nothing else can end
            process.send_signal(signal.SIGTERM)

    # ---- a run ----

    def kill(self, process):
        """And what it has left behind, which holds the pipes that are read from it."""
        process.kill()
        control.kill_all(self.home)

    def run_to_end(self, words):
        """Undisturbed: its exit code, None if it hangs, and what it says."""
        with self.home.start(*words) as process:
            try:
                _, err = process.communicate(timeout=LIMIT * sv.SLOW)
            except subprocess.TimeoutExpired:
                self.kill(process)
                return None, "it hangs"
        return process.returncode, self.text(err)

    def text(self, data):
        """Without the name of the home and the time, which are others in each run."""
        return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "NOW", data.decode(errors="replace").replace(str(self.home.directory), "HOME"))

    def run(self, scene, fault, again=True):
        """In a new home, and then the same without a fault."""
        outcome = Outcome()
        self.surround(scene)
        outcome.before = set(self.files())
        process = self.start(scene.words, fault)
        if scene.then:
            self.ask_all(scene, process, outcome)
        try:
            out, err = process.communicate(timeout=LIMIT * sv.SLOW)
        except subprocess.TimeoutExpired:
            outcome.hangs = True
            self.kill(process)
            out, err = process.communicate()
        self.read_report(outcome)
        outcome.code, outcome.out, outcome.err = process.returncode, self.text(out), self.text(err)
        if scene.session or scene.daemon or scene.then:
            self.stop_surroundings()
        outcome.left = self.wait_gone(10 if "--background" in scene.words else 3)
        outcome.files = self.files()
        if again and outcome.code != 0 and not scene.then and not scene.session and not scene.daemon:
            outcome.next = self.run_to_end(scene.words)
            self.wait_gone()
            outcome.next_files = self.files()
        return outcome


def run(library, scene, fault=Fault(), again=True):
    stage = Stage(library)
    try:
        return stage.run(scene, fault, again)
    finally:
        stage.close()


# ---- judging ----

# What a message is made of: who speaks, of what, and why.
CLEAR = re.compile(r"^(stretchvoice: )?.*\S.*: .{6,}|^stretchvoice: .{20,}")
# How GLib, and our own code in the same way, end a program that gets no memory.
NO_MEMORY = re.compile(r"-ERROR \*\*.*(failed to allocate|out of memory|malloc failed|no memory|creating thread)|^GLib .*Cannot allocate memory|^\*\*\*MEMORY-ERROR\*\*\*", re.MULTILINE)
# These crash where they get none.
CRASHING = ("libsoxr.", "libsndfile.", "libvorbis.", "libvorbisenc.", "libogg.", "libmp3lame.", "libpcre2-8.")
# What a session that has been killed leaves: where it was, and a socket that the next one replaces.
OF_A_SESSION = re.compile(r"state/stretchvoice/session\.ini(\.next)?|runtime/stretchvoice/control")

# By LAME and mpg123, to standard error.
SAID_BY_LIBRARIES = re.compile(r"Error: can't allocate \w+ buffer|\[src/libmpg123/.*")
LAME_MAKES_NO_TABLE = "can't allocate VbrFrames buffer"  # for seeking; the file can be played all the same
# In a row of what cannot be looked at.
SAID_IN_A_LIST = ("has problems; 'stretchvoice check' shows them", "length unknown")


class Judge:
    """Of the runs of one scene, beside two that nothing disturbed. What differs between these two is not compared."""

    def __init__(self, scene, first, second):
        self.scene, self.whole = scene, first
        self.fixed = {name for name in first.files if first.files[name] == second.files.get(name)}
        self.prints_same = first.out == second.out

    def half_files(self, files, ended_early=False, before=(), differing=()):
        """Names that have another content than in the end they should, or that should not be there. What was to be removed may still be, and
        what ends with one of `differing` may have another content."""
        for name, content in files.items():
            if name not in self.whole.files:
                if not (ended_early and (name in before or OF_A_SESSION.fullmatch(name))):
                    yield f"{name} is left behind"
            elif name in self.fixed and name not in self.scene.varies and not name.endswith(differing) and content != self.whole.files[name]:
                yield f"{name} is not whole ({len(content)} bytes of {len(self.whole.files[name])})"

    def missing(self, files):
        return [name for name in self.whole.files if name not in files]

    def complaints(self, run):
        """What is wrong with it, a text each."""
        if run.hangs:
            yield "it hangs"
            return
        if run.left:
            yield f"processes are left behind: {run.left}"
        died = run.code < 0 and not (self.scene.then and run.code == -signal.SIGTERM)
        if died and not self.may_die(run):
            yield f"it is killed by {signal.Signals(-run.code).name}"
        # In the background, a session that ends early has nowhere to say so.
        yield from self.half_files(run.files, run.code != 0 or "--background" in self.scene.words, run.before,
                                   (".mp3",) if LAME_MAKES_NO_TABLE in run.err else ())
        if not died:
            yield from self.told(run)
        if run.next and not self.is_done(run):
            if not self.is_usual(*run.next):
                yield f"the next start ends with {run.next}"
            yield from (f"after the next start, {wrong}" for wrong in self.half_files(run.next_files))

    def is_done(self, run):
        """It ended early, but all was made, or removed, before that: it cannot be done again."""
        files, should = run.files.keys(), self.whole.files.keys()
        return (files - run.before and files >= should) or (run.before - files and files <= should)

    def is_usual(self, code, err):
        """For a start that nothing disturbs; what has been done already need not be said again."""
        usual_code, usual_err = self.whole.next or (0, self.whole.err)
        return code == usual_code and set(err.splitlines()) <= set(usual_err.splitlines())

    def may_die(self, run):
        """Of an allocation that has failed."""
        for_memory = run.code in (-signal.SIGTRAP, -signal.SIGABRT) and NO_MEMORY.search(run.err)
        return for_memory or pathlib.Path(run.trace.split(" ")[0]).name.startswith(CRASHING)

    @staticmethod
    def is_of_others(line):
        """A library's, or of a process in which a file is read, before ours says that it cannot be."""
        return not line or NO_MEMORY.search(line) or SAID_BY_LIBRARIES.fullmatch(line)

    def told(self, run):
        refused = [words for words, code, _ in run.asked if code != 0]
        yield from (f"'{' '.join(words)}' ends with {code}, and says {err!r}" for words, code, err in run.asked if code != 0 and err.count("\n") != (0 if code == IDLE and words[0] == "status" else 1))
        usual = self.whole.err.splitlines()
        lines = [line for line in run.err.splitlines() if line not in usual and not self.is_of_others(line)]
        if run.code == self.whole.code and [line for line in run.err.splitlines() if not SAID_BY_LIBRARIES.fullmatch(line)] == usual:
            if (missing := self.missing(run.files)) and not refused and "--background" not in self.scene.words:
                yield f"it says nothing, and {', '.join(missing)} is missing"
            if self.prints_same and run.out != self.whole.out and not self.scene.then:
                if not any(run.out.count(said) > self.whole.out.count(said) for said in SAID_IN_A_LIST):
                    yield "it says nothing, and prints something else"
        elif len(lines) != 1:
            yield f"it says {len(lines)} lines" if lines else f"it says nothing, and ends with {run.code}"
        elif not CLEAR.search(lines[0]):
            yield "it says nothing clear"
