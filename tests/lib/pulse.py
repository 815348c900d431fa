"""A PulseAudio of the test's own: silent sinks, recorders on their monitors, and every way for it to fail."""
import array
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import sv

RATE = 48000

# ALSA's stock configuration makes PortAudio try a dozen outputs more, which only costs time.
TO_PULSE = "pcm.pulse { type pulse }\nctl.pulse { type pulse }\npcm.!default { type pulse }\nctl.!default { type pulse }\n"


class Pulse:
    """Runs until close(). `env` is what a program needs to play on it, CLIENT the part of it for a program with a home of its own."""

    CLIENT = ("PULSE_SERVER", "PULSE_COOKIE", "ALSA_CONFIG_PATH")
    LAG = RATE // 5  # frames that are heard, but not recorded yet
    DROPS = False  # what is late, when it has been starved
    inside = ()  # comes before a program that is to find it
    SINK = ["module-null-sink", "sink_name=test", f"rate={RATE}", "channels=2", "format=s16le"]

    def __init__(self):
        sv.need("pulseaudio", "pactl", "parec")
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="pulse-"))
        self.directory.chmod(0o700)
        (self.directory / "asound.conf").write_text(TO_PULSE)
        self.env = {
            "HOME": str(self.directory),
            "XDG_RUNTIME_DIR": str(self.directory),
            "PULSE_SERVER": f"unix:{self.directory}/socket",
            "PULSE_COOKIE": str(self.directory / "cookie"),
            "ALSA_CONFIG_PATH": str(self.directory / "asound.conf"),
            "JACK_NO_START_SERVER": "1",
        }
        self.server = None
        self.recorders = {}  # by sink
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stop_recording()
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def run(self, *command):
        """A client's command: its output, or None if it failed."""
        try:
            done = subprocess.run(command, env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, timeout=10 * sv.SLOW)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.decode() if done.returncode == 0 else None

    # ---- the server ----

    def start(self):
        (self.directory / "socket").unlink(missing_ok=True)
        with open(self.directory / "log", "ab") as log:
            self.server = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr",
                 "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self.directory}/socket",
                 "-L", " ".join(self.SINK)],
                env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        sv.wait_for(lambda: self.run("pactl", "info"), "PulseAudio to start", 20)

    def kill(self):
        """As a crash would."""
        if self.server:
            self.server.kill()
            self.server.wait()
        self.server = None

    def freeze(self):
        self.server.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.server.send_signal(signal.SIGCONT)

    def unload_sink(self, sink="test"):
        for line in self.run("pactl", "list", "short", "modules").splitlines():
            if f"sink_name={sink}" in line.split():
                self.run("pactl", "unload-module", line.split()[0])

    def load_sink(self, sink="test"):
        self.run("pactl", "load-module", *(f"sink_name={sink}" if word == "sink_name=test" else word for word in self.SINK))

    def move_stream(self, sink):
        [stream] = self.run("pactl", "list", "short", "sink-inputs").splitlines()
        assert self.run("pactl", "move-sink-input", stream.split()[0], sink) is not None

    def streams(self):
        """The streams that play, as pactl lists them."""
        return self.run("pactl", "list", "sink-inputs") or ""

    # ---- what is heard ----

    def record(self, sink="test"):
        """Returns once the sink runs: an idle one may let a player wait for two seconds."""
        with open(self.path(sink), "wb") as file:
            self.recorders[sink] = subprocess.Popen(
                ["parec", "-d", f"{sink}.monitor", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=2",
                 "--latency-msec=20"], env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=file,
                stderr=subprocess.DEVNULL)
        sv.wait_for(lambda: self.recorded_frames(sink) > 0, "the recorder to hear something", 20)

    def path(self, sink):
        return self.directory / f"recorded-{sink}"

    def recorded_frames(self, sink="test"):
        return self.path(sink).stat().st_size // 4

    def recorded(self, sink="test"):
        """16-bit stereo, so far."""
        data = self.path(sink).read_bytes()
        return data[:len(data) // 4 * 4]

    def recording(self):
        """The same as two arrays of samples, left and right."""
        samples = array.array("h", self.recorded())
        return samples[0::2], samples[1::2]

    def stop_recording(self):
        for recorder in self.recorders.values():
            recorder.kill()
            recorder.wait()
        self.recorders.clear()


class Quick(Pulse):
    """Does not let a recorder wait for two seconds for an idle sink to wake; but it plays in blocks of 50 ms, so nothing that is measured
    should be played on it."""

    SINK = [*Pulse.SINK, "norewinds=1"]
