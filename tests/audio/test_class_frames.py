"""A class server that is full of clients, frozen or killed: no frame of the session is left out."""
import array
import os
import signal
import socket
import unittest

import control
import heard
import snapcast
import sv
import wav

RATE = 48000
FRAME = 4
FADE = RATE // 200
TAIL = RATE // 10 * FRAME
CHUNKS = 2 * RATE // 50  # of 20 ms, which the server reads at once
ROUTINE = """[routine]
title = Class
[lean]
title = A
say = {word}.
hold = 1s
""".format(word="Lean" * 20)  # sound without a silence in it
SETTINGS = [*heard.settings(wake="0s", lead_in="0s", change="0s"), "--set", "pace.settle=0s", "--set", "count.countdown=0", "--set", "class.recap=no"]


def solid(data):
    """Without the frames of silence: the server adds some when a busy machine makes the session late."""
    return array.array("i", filter(None, array.array("i", bytes(data[:len(data) // FRAME * FRAME])))).tobytes()


class Frames(sv.TestCase):
    def setUp(self):
        snapcast.need()
        super().setUp()
        self.port = snapcast.free_port()
        self.routine = self.home.write("class.ini", ROUTINE)
        self.daemon = self.home.start("daemon")
        self.addCleanup(self.daemon.communicate)
        self.addCleanup(self.daemon.kill)
        self.connection = control.connect(self.home)
        self.addCleanup(self.connection.close)
        self.sv("class", "start", "--clients-port", self.port)
        self.whole = self.rendered()
        self.sound = solid(self.whole)
        for pid in (self.daemon.pid, *snapcast.children(self.daemon.pid)):
            sv.go_before(pid)

    def rendered(self):
        file = self.home.path("whole.wav")
        self.sv("render", self.routine, file, "--voice", "tone", *SETTINGS)
        return wav.Wav(file).stereo

    def listen(self):
        listener = snapcast.Listener(self.port)
        self.addCleanup(listener.close)
        return listener

    def play(self):
        self.sv("play", "--background", "--voice", "tone", *SETTINGS, self.routine)
        self.wait_frame(3 * RATE // 2)

    def wait_frame(self, frame):
        sv.wait_for(lambda: (self.connection.status()["frame"] or 0) >= frame, f"frame {frame}", 20)

    def wait_end(self, listener):
        self.connection.wait_status(state="idle", seconds=30)
        sv.wait_for(lambda: self.sound[-TAIL:] in solid(listener.data), "the last frame")

    def server_pid(self):
        [pid] = sv.wait_for(lambda: snapcast.named(self.daemon.pid, "snapserver"), "the server")
        return pid

    def flood(self):
        """More clients at both ports than anybody has, which ask much and read nothing."""
        clients = [socket.create_connection(("127.0.0.1", self.port + i % 2), 10 * sv.SLOW) for i in range(200)]
        for client in clients:
            self.addCleanup(client.close)
        for client in clients[1::2]:
            client.sendall(b'{"id":1,"jsonrpc":"2.0","method":"Server.GetStatus"}\r\n' * 20)

    def from_where(self, heard_then):
        """How much of the session was over when it went on, if this is all of it from there, with a fade."""
        end = heard_then.rindex(self.sound[-TAIL:]) + TAIL
        rest = heard_then[:end]
        begin = len(self.sound) - len(rest)
        self.assertTrue(rest[FADE * FRAME:] == self.sound[begin + FADE * FRAME:], "not the rest of the session")
        return begin

    def test_full_of_clients(self):
        listener = self.listen()
        self.play()
        self.flood()
        self.wait_end(listener)
        self.assertTrue(self.sound in solid(listener.data))

    def test_frozen(self):
        listener = self.listen()
        self.play()
        os.kill(self.server_pid(), signal.SIGSTOP)
        frame = self.connection.wait_status(state="lost")["frame"]
        os.kill(self.server_pid(), signal.SIGCONT)
        self.wait_end(listener)
        first, heard_at_all = solid(self.whole[:frame * FRAME]), solid(listener.data)
        at = heard_at_all.index(first) + len(first)
        self.assertLessEqual(self.from_where(heard_at_all[at:]), len(first))

    def test_killed(self):
        """What the server has read, and not sent yet, dies with it. The next one may have the listener a little later than the session."""
        listener = self.listen()
        self.play()
        os.kill(self.server_pid(), signal.SIGKILL)
        frame = self.connection.wait_status(state="lost")["frame"]
        listener.thread.join()
        self.assertTrue(solid(self.whole[:(frame - CHUNKS) * FRAME]) in solid(listener.data))
        again = self.listen()
        self.wait_end(again)
        self.from_where(solid(again.data))


if __name__ == "__main__":
    unittest.main()
