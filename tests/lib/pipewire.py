"""A PipeWire of the test's own, with its session manager and its PulseAudio side, on a bus of its own."""
import glob
import os
import pathlib
import shutil
import subprocess
import tempfile

import pulse
import sv

# ALSA's own plugin for PipeWire cannot be installed beside PulseAudio: tools/deps puts it below build.
PLUGIN = "alsa-lib/libasound_module_pcm_pipewire.so"
PLUGIN_PLACES = ("/usr/lib*", "/usr/lib*/*", f"{sv.TOP}/build/pipewire-alsa/usr/lib/*")
TO_PLUGIN = """pcm_type.pipewire {{ lib "{0}/libasound_module_pcm_pipewire.so" }}
ctl_type.pipewire {{ lib "{0}/libasound_module_ctl_pipewire.so" }}
pcm.!default {{ type pipewire }}
"""


def plugin_directory():
    """Skips the test if the plugin is not installed; in CI that is a failure."""
    for place in PLUGIN_PLACES:
        for plugin in glob.glob(f"{place}/{PLUGIN}"):
            return os.path.dirname(plugin)
    sv.lack("ALSA's own plugin for PipeWire is not there: tools/deps unpack pipewire-alsa")


class PipeWire(pulse.Pulse):
    """As pulse.Pulse: the same clients can be used. start() and kill() are of the PulseAudio side, start_all() and kill_all() of everything."""

    CLIENT = (*pulse.Pulse.CLIENT, "PIPEWIRE_RUNTIME_DIR")
    DROPS = True
    PARTS = ("dbus-daemon", "pipewire", "wireplumber", "pipewire-pulse")

    def __init__(self):
        sv.need(*self.PARTS, "pactl", "parec")
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="pipewire-"))
        self.directory.chmod(0o700)
        (self.directory / "asound.conf").write_text(pulse.TO_PULSE)
        self.env = {
            "HOME": str(self.directory),
            "XDG_RUNTIME_DIR": str(self.directory),
            "XDG_CONFIG_HOME": str(self.directory),
            "XDG_STATE_HOME": str(self.directory),
            "PIPEWIRE_RUNTIME_DIR": str(self.directory),
            "PULSE_SERVER": f"unix:{self.directory}/pulse/native",
            "PULSE_COOKIE": str(self.directory / "cookie"),
            "ALSA_CONFIG_PATH": str(self.directory / "asound.conf"),
            "JACK_NO_START_SERVER": "1",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.directory}/bus",
        }
        self.parts = {}
        self.recorders = {}
        self.start_all()

    def close(self):
        self.stop_recording()
        self.kill_all()
        shutil.rmtree(self.directory, ignore_errors=True)

    def use_own_plugin(self):
        """From now on ALSA's default output leads here by way of it."""
        (self.directory / "asound.conf").write_text(TO_PLUGIN.format(plugin_directory()))

    # ---- the servers ----

    def start_part(self, name, *options):
        with open(self.directory / "log", "ab") as log:
            self.parts[name] = subprocess.Popen([name, *options], env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill_part(self, name):
        if part := self.parts.pop(name, None):
            part.kill()
            part.wait()

    def start_all(self):
        self.start_part("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.env['DBUS_SESSION_BUS_ADDRESS']}")
        sv.wait_for((self.directory / "bus").exists, "the bus")
        self.start_part("pipewire")
        sv.wait_for((self.directory / "pipewire-0").exists, "PipeWire")
        self.start_part("wireplumber")
        self.start()

    def kill_all(self):
        for name in reversed(self.PARTS):
            self.kill_part(name)
        for path in ("bus", "pipewire-0", "pipewire-0.lock"):
            (self.directory / path).unlink(missing_ok=True)

    def start(self):
        self.start_part("pipewire-pulse")
        sv.wait_for(lambda: self.run("pactl", "info"), "PipeWire's PulseAudio side", 20)
        self.load_sink()
        sv.wait_for(lambda: "test" in (self.run("pactl", "list", "short", "sinks") or ""), "the sink")
        self.run("pactl", "set-default-sink", "test")

    def kill(self):
        self.kill_part("pipewire-pulse")
        (self.directory / "pulse/native").unlink(missing_ok=True)

    def freeze(self):
        raise NotImplementedError

    thaw = freeze
