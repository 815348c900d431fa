"""A JACK of the test's own, without a card, and a recorder on what it plays."""
import array
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pulse
import sv

RATE, PERIOD = pulse.RATE, 1024
FRAME = 8  # bytes
RECORDER = pathlib.Path(__file__).with_name("jack_recorder.py")
NAME = "stretchvoice"
ONE = 32768  # in 16 bits


def in_16_bits(floats):
    """Exactly: whatever a player of 16 bits gave to JACK."""
    exact = [value * ONE for value in floats]
    samples = array.array("h", map(int, exact))
    assert samples.tolist() == exact, "something is heard that has more than 16 bits"
    return samples


class Namespace:
    """Has a /dev/shm and semaphores of its own: there JACK keeps a registry, memory and a database for all servers and clients of a user,
    which one that is killed may leave locked for all of them. `inside` comes before a command that is run in it."""

    def __init__(self):
        sv.need("unshare", "nsenter", "mount")
        user, same_user = (["--user", "--map-root-user"], ["--user", "--preserve-credentials"]) if os.getuid() else ([], [])
        self.holder = subprocess.Popen(
            ["unshare", *user, "--mount", "--ipc", "sh", "-c", "mount -t tmpfs shared /dev/shm && echo && exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.inside = ("nsenter", f"--target={self.holder.pid}", *same_user, "--mount", "--ipc")
        self.shared = pathlib.Path(f"/proc/{self.holder.pid}/root/dev/shm")
        if not self.holder.stdout.readline():
            self.close()
            sv.lack("a private /dev/shm is not allowed here")

    def close(self):
        self.holder.kill()
        self.holder.communicate()


class Jack(pulse.Pulse):
    """As pulse.Pulse, in a namespace."""

    CLIENT = ("JACK_DEFAULT_SERVER", "PULSE_SERVER", "ALSA_CONFIG_PATH")
    LAG = 0
    OPTIONS = ()

    def __init__(self):
        sv.need("jackd")
        self.namespace = Namespace()
        self.inside = self.namespace.inside
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="jack-"))
        (self.directory / "asound.conf").write_text(pulse.TO_PULSE)
        self.env = {
            "JACK_DEFAULT_SERVER": NAME,
            "JACK_NO_START_SERVER": "1",
            "PULSE_SERVER": f"unix:{self.directory}/no-pulse",
            "ALSA_CONFIG_PATH": str(self.directory / "asound.conf"),
        }
        self.server, self.recorders = None, {}
        self.start()

    def close(self):
        self.stop_recording()
        self.kill()
        self.namespace.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start_inside(self, *command, out):
        with open(self.directory / "log", "ab") as log:
            return subprocess.Popen([*self.inside, *command], env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=log)

    # ---- the server ----

    def start(self):
        """It waits for its clients, and loses nothing if they are late."""
        for socket in self.namespace.shared.glob(f"jack_{NAME}_*"):
            socket.unlink()
        with open(self.directory / "log", "ab") as log:
            self.server = self.start_inside("jackd", *self.OPTIONS, "--no-realtime", "--sync", "--port-max", "64", "--name", NAME,
                                            "-d", "dummy", "--rate", str(RATE), "--period", str(PERIOD), "--monitor", out=log)
        sv.wait_for(lambda: list(self.namespace.shared.glob(f"jack_{NAME}_*")), "JACK to start", 20)

    # ---- what is heard ----

    def record(self):
        with open(self.directory / "recording", "wb") as file:
            self.recorders["test"] = self.start_inside(sys.executable, str(RECORDER), out=file)
        sv.wait_for(lambda: self.recorded_frames() > 0, "the recorder to hear something", 20)

    def recorded_frames(self):
        return (self.directory / "recording").stat().st_size // FRAME

    def recorded(self):
        data = (self.directory / "recording").read_bytes()
        floats = array.array("f", data[:len(data) // (FRAME * PERIOD) * FRAME * PERIOD])
        samples = in_16_bits(floats)
        stereo = array.array("h", bytes(2 * len(samples)))
        for begin in range(0, len(samples), 2 * PERIOD):
            stereo[begin:begin + 2 * PERIOD:2] = samples[begin:begin + PERIOD]
            stereo[begin + 1:begin + 2 * PERIOD:2] = samples[begin + PERIOD:begin + 2 * PERIOD]
        return stereo.tobytes()


class Talking(Jack):
    """Logs all that happens, and lets its clients do so, too: nothing can be recorded."""

    OPTIONS = ("--verbose",)

    def ends(self):
        """How many of its clients have taken leave, and how many have just vanished."""
        log = (self.directory / "log").read_text()
        return log.count("JackEngine::ClientExternalClose"), log.count("JackEngine::ClientKill ref")
