"""A session bus of the test's own, and the players on it as playerctl and gdbus see them."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import sv

PLAYER = "org.mpris.MediaPlayer2.stretchvoice"
PATH = "/org/mpris/MediaPlayer2"


class Bus:
    """Runs until close(). `env` is what puts a program on it; `directory` takes what the clients write."""

    def __init__(self):
        sv.need("dbus-daemon", "gdbus", "playerctl")
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="bus-"))
        self.env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.directory}/bus"}
        self.daemon = None
        self.watchers = []
        self.start()

    def start(self):
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.env['DBUS_SESSION_BUS_ADDRESS']}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sv.wait_for(lambda: self.gdbus("wait", "--session", "--timeout", "1", "org.freedesktop.DBus") is not None, "the bus")

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def close(self):
        for watcher in self.watchers:
            watcher.kill()
            watcher.wait()
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    # ---- clients ----

    def run(self, *command):
        return subprocess.run(command, env=os.environ | self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=20 * sv.SLOW, check=False)

    def gdbus(self, *arguments):
        """What it printed; None if it failed."""
        done = self.run("gdbus", *arguments)
        return done.stdout.strip() if done.returncode == 0 else None

    def call(self, method, *arguments, player=PLAYER):
        """A method of the player, named with its interface."""
        return self.gdbus("call", "--session", "-d", player, "-o", PATH, "-m", method, *arguments)

    def playerctl(self, *arguments):
        """What it printed. Fails if it failed."""
        done = self.run("playerctl", "-p", "stretchvoice", *arguments)
        assert done.returncode == 0, f"playerctl {arguments}: {done.stderr}"
        return done.stdout.removesuffix("\n")

    def players(self):
        """Their names, as playerctl lists them."""
        return self.run("playerctl", "-l").stdout.split()

    # ---- watching ----

    def watch(self, name, first, *command):
        """Runs it until close(); once it has printed `first`, returns a function for the lines printed so far."""
        path = self.directory / name
        with open(path, "wb") as file:
            self.watchers.append(subprocess.Popen(command, env=os.environ | self.env, stdin=subprocess.DEVNULL, stdout=file,
                                                  stderr=subprocess.DEVNULL))
        sv.wait_for(lambda: first in path.read_text(), f"{command} to say '{first}'")
        return lambda: path.read_text().splitlines()

    def follow(self, form, first):
        return self.watch("follow", first, "playerctl", "-p", "stretchvoice", "--follow", "metadata", "--format", form)

    def monitor(self):
        """The player's signals, a line each."""
        return self.watch("signals", "is owned by", "gdbus", "monitor", "--session", "-d", PLAYER)
