"""Snapcast's control port and its players, for tests: everything on this computer, and on ports of its own."""
import contextlib
import json
import os
import random
import socket
import struct
import subprocess
import threading

import sv


def need():
    sv.need("snapserver", "snapclient")


def free_port():
    """The first of two free ones in a row, which no connection that begins here gets."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as trial:
        trial.bind(("::1", 0))
        return True
    return False


class Server:
    """The control port of a server that runs."""

    def __init__(self, port):
        self.socket = sv.wait_for(lambda: self.attempt(port), "the server's control port", 20)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.id = 0

    @staticmethod
    def attempt(port):
        try:
            return socket.create_connection(("127.0.0.1", port), 10 * sv.SLOW)
        except OSError:
            return None

    def close(self):
        self.lines.close()
        self.socket.close()

    def send(self, method, **params):
        self.id += 1
        request = {"id": self.id, "jsonrpc": "2.0", "method": method} | ({"params": params} if params else {})
        self.socket.sendall(json.dumps(request).encode() + b"\r\n")
        return self.id

    def ask(self, method, **params):
        """The whole response; what is notified meanwhile is left out."""
        number = self.send(method, **params)
        while True:
            message = json.loads(self.lines.readline())
            if message.get("id") == number:
                return message

    def steer(self, command):
        return self.ask("Stream.Control", id="Class", command=command, params={})

    def properties(self):
        [stream] = self.ask("Server.GetStatus")["result"]["server"]["streams"]
        return stream["properties"]

    def listeners(self):
        groups = self.ask("Server.GetStatus")["result"]["server"]["groups"]
        return [client for group in groups for client in group["clients"] if client["connected"]]


def listen(pulse, port, name, sink):
    """A player on a sink of a PulseAudio."""
    return subprocess.Popen(["snapclient", "-h", "127.0.0.1", "-p", str(port), "--hostID", name, "--logsink", "null", "-s", sink,
                             "--player", f"pulse:server={pulse.env['PULSE_SERVER']}"], env=os.environ | pulse.env,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Listener:
    """Speaks the protocol of Snapcast's players: `data` is all that the server has sent to it, as long as it is connected."""

    HEAD = struct.Struct("<HHHiiiiI")  # kind, id, of which request, four figures of time, size
    HELLO, CHUNK = 5, 2
    CHUNK_HEAD = struct.Struct("<iiI")  # two figures of time, size

    def __init__(self, port, name="listener"):
        self.data = bytearray()
        self.socket = sv.wait_for(lambda: Server.attempt(port), "the server's port", 20)
        self.socket.settimeout(None)
        self.hello(name)
        self.file = self.socket.makefile("rb")
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def hello(self, name):
        text = json.dumps({"Arch": "", "ClientName": name, "HostName": name, "ID": name, "Instance": 1, "MAC": "00:00:00:00:00:00", "OS": "",
                           "SnapStreamProtocolVersion": 2, "Version": "0.26.0"}).encode()
        payload = struct.pack("<I", len(text)) + text
        self.socket.sendall(self.HEAD.pack(self.HELLO, 1, 0, 0, 0, 0, 0, len(payload)) + payload)

    def read(self):
        try:
            while len(head := self.file.read(self.HEAD.size)) == self.HEAD.size:
                kind, *_, size = self.HEAD.unpack(head)
                payload = self.file.read(size)
                if kind == self.CHUNK:
                    self.data += payload[self.CHUNK_HEAD.size:]
        except OSError:
            pass  # the server has been killed

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.file.close()
        self.socket.close()


def one_channel(pulse, name, side):
    """A sink whose sound is heard on one side of the test's own: "left" or "right"."""
    loaded = pulse.run("pactl", "load-module", "module-remap-sink", f"sink_name={name}", "master=test", "channels=1", "channel_map=mono",
                       f"master_channel_map=front-{side}", "remix=no")
    assert loaded is not None


def listening(*pids):
    """The network addresses at which these processes listen, as text: "127.0.0.1:1704"."""
    sockets = {os.readlink(f"/proc/{pid}/fd/{fd}") for pid in pids for fd in os.listdir(f"/proc/{pid}/fd")}
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for row in open(f"/proc/net/{table}", encoding="ascii").read().splitlines()[1:]:
            columns = row.split()
            if columns[3] != "0A" or f"socket:[{columns[9]}]" not in sockets:
                continue
            address, port = columns[1].split(":")
            raw = b"".join(bytes.fromhex(address[i:i + 8])[::-1] for i in range(0, len(address), 8))
            found.add(f"{socket.inet_ntop(family, raw)}:{int(port, 16)}")
    return found


def udp_of(*pids):
    sockets = {os.readlink(f"/proc/{pid}/fd/{fd}") for pid in pids for fd in os.listdir(f"/proc/{pid}/fd")}
    return [row for table in ("udp", "udp6") for row in open(f"/proc/net/{table}", encoding="ascii").read().splitlines()[1:]
            if f"socket:[{row.split()[9]}]" in sockets]


def children(pid):
    """All processes below one."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            parent = int(open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace").read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(entry), *children(int(entry))]
    return found


def program_of(pid):
    """Its name; none if it has ended."""
    try:
        return os.path.basename(open(f"/proc/{pid}/cmdline", encoding="utf-8").read().split("\0")[0])
    except OSError:
        return None


def named(pid, name):
    """Those below a process that run a program of this name."""
    return [child for child in children(pid) if program_of(child) == name]
