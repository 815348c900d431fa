"""A session bus of the test's own, and the players on it as playerctl and gdbus see them."""
import os
import pathlib
import select
import shutil
import socket
import struct
import subprocess
import tempfile

import sv

PLAYER = "org.mpris.MediaPlayer2.stretchvoice"
PATH = "/org/mpris/MediaPlayer2"


def message(serial, destination, path, interface, method, text=None):
    """The bytes of a D-Bus call, with a string as its argument or none."""
    body = struct.pack("<I", len(text)) + text.encode() + b"\0" if text else b""
    fields = b""
    for code, kind, value in ((1, b"o", path), (2, b"s", interface), (3, b"s", method), (6, b"s", destination)):
        fields += bytes(-len(fields) % 8) + bytes([code, 1]) + kind + b"\0" + struct.pack("<I", len(value)) + value.encode() + b"\0"
    fields += bytes(-len(fields) % 8) + b"\x08\x01g\0\x01s\0" if text else b""
    head = struct.pack("<cBBBIII", b"l", 1, 0, 1, len(body), serial, len(fields)) + fields
    return head + bytes(-len(head) % 8) + body


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

    def flood(self, calls):
        """So many GetAll at once, from a client that reads the answers. Returns when no more come."""
        name, interface = "org.freedesktop.DBus", "org.mpris.MediaPlayer2.Player"
        left = memoryview(message(1, name, "/org/freedesktop/DBus", name, "Hello") +
                          b"".join(message(serial, PLAYER, PATH, f"{name}.Properties", "GetAll", interface)
                                   for serial in range(2, calls + 2)))
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"{self.directory}/bus")
            client.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
            assert client.recv(100).startswith(b"OK")
            client.sendall(b"BEGIN\r\n")
            client.setblocking(False)
            while left or select.select([client], [], [], 1)[0]:
                readable, writable, _ = select.select([client], [client] if left else [], [], 20 * sv.SLOW)
                if writable:
                    left = left[client.send(left[:1 << 16]):]
                if readable:
                    client.recv(1 << 16)

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
