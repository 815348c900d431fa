"""What the benches measure with: time and memory of programs, and the moment at which a sound begins or ends."""
import array
import contextlib
import os
import pathlib
import random
import re
import resource
import subprocess
import time

import pulse
import sv

RUNS = 5
TICK = os.sysconf("SC_CLK_TCK")
LOUD, QUIET = 800, 60  # of 32,768
QUIET_S = 0.05         # so long is silence, and no gap between syllables
SPREAD_S = 0.5
SPEECH = 100           # loud pieces of 5 ms: no sound but speech is so long


# ---- time and memory ----

def run(*command, env=None):
    """Wall and CPU seconds of a command with everything that it starts."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([str(part) for part in command], env=env, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best(*commands, env=None):
    """The best of some runs of commands one after the other, by wall time."""
    def once():
        figures = [run(*command, env=env) for command in commands]
        return sum(wall for wall, _ in figures), sum(cpu for _, cpu in figures)
    return min(once() for _ in range(RUNS))


def family(pid):
    """The process and all that it has started, and these."""
    found = [pid]
    for parent in found:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children") as file:
                    found += map(int, file.read().split())
        except OSError:
            pass  # ended meanwhile
    return found


def cpu_seconds(pid):
    """Of a process's threads to the nanosecond, and of its children that have ended."""
    total = 0.0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            total += int(file.read().split()[0]) / 1e9
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return total + (int(fields[13]) + int(fields[14])) / TICK


def pss_megabytes(pid):
    try:
        return int(re.search(r"Pss:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text())[1]) / 1024
    except OSError:
        return 0  # ended meanwhile


def cpu_by_program(pid):
    """Those that have ended count for what has started them."""
    used = {}
    for process in family(pid):
        try:
            name = pathlib.Path(os.readlink(f"/proc/{process}/exe")).name
            used[name] = used.get(name, 0) + cpu_seconds(process)
        except OSError:
            pass
    return used


# ---- speech by other means ----

def lines(*arguments, env=None):
    """What the program prints as JSON."""
    out = subprocess.run([sv.PROGRAM, *arguments], env=env, capture_output=True, text=True, check=True).stdout
    return sv.Run(0, out, "").lines()


def espeak_command(directory, env=None):
    """Speaks the texts of middle-back, each once."""
    texts = directory / "texts"
    texts.write_text("\n".join(dict.fromkeys(row["text"] for row in lines("plan", "middle-back", "--json", env=env) if "text" in row)))
    voice = dict(re.findall(r"(?m)^(\w+)\s*=\s*([\w-]+)", (sv.TOP / "voices/en.ini").read_text().split("[phrases]")[0]))
    return "espeak-ng", "-v", voice.get("voice", voice["language"]), "-s", voice.get("rate", "175"), "-f", texts, "-w", directory / "espeak.wav"


# ---- the moment of a sound ----

def loudest(data):
    samples = array.array("h")
    samples.frombytes(data[:len(data) // 2 * 2])
    return max(map(abs, samples), default=0)


@contextlib.contextmanager
def monitor_of(env):
    """What the silent sink gets, in small pieces: a file descriptor."""
    recorder = subprocess.Popen(["parec", "-d", "test.monitor", "--raw", "--format=s16le", f"--rate={pulse.RATE}", "--channels=1",
                                 "--latency-msec=5"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield recorder.stdout.fileno()
    finally:
        recorder.kill()
        recorder.wait()


def endless_sentence(directory):
    """A pause can come at any moment in it, and it begins again with each."""
    path = pathlib.Path(directory) / "sentence.ini"
    path.write_text(f"[routine]\ntitle = Sentence\n[step]\ntitle = Step\nsay = {'la ' * 200}\nhold = 10m\n")
    return path


def await_loud(monitor, ready):
    while loudest(os.read(monitor, 65536)) < LOUD or time.monotonic() < ready:
        pass


def pause_seconds(monitor, env, command):
    """From the start of a command that pauses to the last loud sample before silence."""
    for _ in range(SPEECH):
        await_loud(monitor, 0)
    # A sentence begins with what the device is fed: at once would always be the same moment between two feedings.
    await_loud(monitor, time.monotonic() + random.uniform(0, SPREAD_S))
    begin = last = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    while (now := time.monotonic()) < begin + 1:
        if loudest(os.read(monitor, 65536)) > QUIET:
            last = time.monotonic()
        elif now - last > QUIET_S:
            break
    process.wait()
    return last - begin
