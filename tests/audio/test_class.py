"""A class: Snapcast's own server and players, all on this computer; two listeners on the two channels of a silent sink."""
import os
import pathlib
import re
import signal
import socket
import threading
import unittest

import control
import heard
import pulse
import snapcast
import sv

ROUTINE = """[routine]
title = Class
closing = Over.
[lean]
title = A
say = Lean.
hold = 300s
[turn]
title = B
say = Turn.
hold = 300s
"""
SETTINGS = heard.settings(wake="0s", lead_in="0s", change="0s")


class ClassCase(sv.TestCase):
    def setUp(self):
        snapcast.need()
        super().setUp()
        self.port = snapcast.free_port()
        self.routine = self.home.write("class.ini", ROUTINE)

    def start(self, *command):
        process = self.home.start(*command)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def daemon(self):
        self.process = self.start("daemon")
        self.connection = control.connect(self.home)
        self.addCleanup(self.connection.close)

    def begin(self, *options):
        self.daemon()
        out = self.sv("class", "start", "--clients-port", self.port, *options).out
        self.server = snapcast.Server(self.port + 1)
        self.addCleanup(self.server.close)
        return out

    def play(self, *options):
        self.sv("play", "--background", "--voice", "tone", *SETTINGS, *options, self.routine)

    def server_pid(self):
        [pid] = sv.wait_for(lambda: snapcast.named(self.process.pid, "snapserver"), "the server")
        return pid


class Listening(ClassCase):
    def setUp(self):
        super().setUp()
        self.pulse = pulse.Quick()
        self.addCleanup(self.pulse.close)
        for name in ("left", "right"):
            snapcast.one_channel(self.pulse, name, name)

    def listen(self, name):
        client = snapcast.listen(self.pulse, self.port, name, name)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        return client

    def answers(self):
        """Those that a screen gets, from now on."""
        screen, lines = control.connect(self.home), []
        self.assertEqual(screen.ask("attach").code, 0)

        def read():
            while (line := screen.read()) is not None:
                if line.startswith("answer: "):
                    lines.append(line)
            screen.close()
        thread = threading.Thread(target=read)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.process.kill)
        return lines

    def track(self):
        return self.server.properties()["metadata"].get("trackNumber", 0)

    def loud(self, since):
        """Whether each side has been heard from a frame on."""
        left, right = self.pulse.recording()
        return [max(map(abs, side[since:]), default=0) > 1000 for side in (left, right)]

    def test_two_hear_it_are_listed_steer_it_and_hear_it_again_after_a_crash(self):
        self.assertIn(f"snapclient -h 127.0.0.1 -p {self.port}", self.begin("--buffer", "200ms"))
        self.pulse.record()
        clients = [self.listen(name) for name in ("left", "right")]
        self.play()
        sv.wait_for(lambda: all(self.loud(0)), "both to hear it", 20)

        [status] = self.sv("class", "status", "--json").lines()
        self.assertEqual((status["class"], status["address"], status["port"]), ("on", "127.0.0.1", self.port))
        self.assertEqual({(row["id"], row["latency_ms"], row["volume"], row["muted"]) for row in status["listeners"]},
                         {("left", 0, 100, False), ("right", 0, 100, False)})
        self.assertIn("latency 0 ms, volume 100 %", self.sv("class", "status").out)

        while (step := self.track()) < 2:
            self.assertEqual(self.server.steer("next")["result"], "ok")
            sv.wait_for(lambda: self.track() != step, "the next step")
        properties = self.server.properties()
        self.assertEqual((properties["metadata"]["title"], properties["metadata"]["album"]), ("B", "Class"))
        self.server.steer("pause")
        self.connection.wait_status(state="paused")
        self.server.steer("play")
        self.connection.wait_status(state="playing")

        answers = self.answers()
        crashed = self.server_pid()
        os.kill(crashed, signal.SIGKILL)
        self.connection.wait_status(state="lost")
        self.connection.wait_status(state="playing", seconds=20)
        self.assertNotEqual(self.server_pid(), crashed)
        for client in clients:  # snapclient may crash or hang when it loses its server
            client.kill()
            client.wait()
        since = self.pulse.recorded_frames()
        for name in ("left", "right"):
            self.listen(name)
        sv.wait_for(lambda: all(self.loud(since)), "both to hear it again", 30)
        self.assertEqual(sv.wait_for(lambda: [line for line in answers if "We are" in line], "the place, for who comes late"),
                         ["answer: We are at step 2: B."])


class Server(ClassCase):
    def test_it_listens_on_this_computer_only_and_ends_with_the_daemon(self):
        self.begin()
        pids = [self.process.pid, *snapcast.children(self.process.pid)]
        self.assertEqual(snapcast.listening(*pids), {f"127.0.0.1:{self.port}", f"127.0.0.1:{self.port + 1}"})
        self.assertEqual(snapcast.udp_of(*pids), [])
        run = self.sv("class", "start", "--clients-port", self.port, code=1)
        self.assertIn("there is a class already", run.err)
        server = self.server_pid()
        self.process.kill()
        self.process.wait()
        sv.wait_for(lambda: not os.path.exists(f"/proc/{server}/fd/0"), "the server's end")

    def test_every_port_is_at_the_address_that_was_named(self):
        self.daemon()
        for address in ("127.0.0.2", "::1") if snapcast.has_ipv6() else ("127.0.0.2",):
            self.sv("class", "start", "--clients-port", self.port, "--address", address)
            pids = [self.process.pid, *snapcast.children(self.process.pid)]
            self.assertEqual(snapcast.listening(*pids), {f"{address}:{self.port}", f"{address}:{self.port + 1}"})
            self.sv("class", "stop")
            self.assertEqual(snapcast.listening(self.process.pid), set())
        self.sv("class", "stop", code=5)

    def test_a_server_that_does_not_begin_can_be_asked_why(self):
        """The program is named that prints its reason, with the settings that the daemon wrote."""
        directory = self.home.path("programs")
        directory.mkdir()
        server = self.home.write("programs/snapserver", "#!/bin/sh\nexit 1\n")
        server.chmod(0o755)
        self.home.env["PATH"] = f"{directory}:{self.home.env['PATH']}"
        self.daemon()
        err = self.sv("class", "start", "--clients-port", self.port, code=1).err
        self.assertIn("does not begin", err)
        self.assertRegex(pathlib.Path(re.search(r"snapserver -c (\S+)'", err)[1]).read_text(), r"sink = stdout")
        self.assertEqual(self.sv("class", "status", code=5).out, "class: off\n")

    def test_a_server_that_has_stopped_stops_the_session_and_nothing_else(self):
        self.begin()
        self.play()
        self.connection.wait_playing()
        server = self.server_pid()
        self.flood()
        os.kill(server, signal.SIGSTOP)
        self.connection.wait_status(state="lost")
        self.assertEqual(self.connection.ask("volume 0").code, 0)
        self.assertEqual(self.sv("class", "status", code=1).err, "stretchvoice: the class server does not answer\n")
        os.kill(server, signal.SIGCONT)
        self.connection.wait_status(state="playing")
        self.sv("class", "stop")
        self.assertEqual(snapcast.named(self.process.pid, "snapserver"), [])
        self.assertEqual(self.sv("class", "status", code=5).out, "class: off\n")

    def flood(self):
        """Many clients at both ports, which read nothing. The session plays on."""
        clients = [socket.create_connection(("127.0.0.1", self.port + i % 2), 10 * sv.SLOW) for i in range(60)]
        for client in clients[1::2]:
            client.sendall(b'{"id":1,"jsonrpc":"2.0","method":"Server.GetStatus"}\r\n' * 20)
        frame = self.connection.status()["frame"]
        sv.wait_for(lambda: self.connection.status()["frame"] > frame + heard.RATE, "a second more of the session")
        self.assertEqual(self.connection.status()["state"], "playing")
        for client in clients:
            client.close()

    def test_what_cannot_be_is_said_in_one_line(self):
        self.assertIn("'stretchvoice daemon' starts it", self.sv("class", "start", code=5).err)
        self.daemon()
        with socket.create_server(("127.0.0.1", self.port + 1)):
            self.assertIn(f"listens on port {self.port + 1}", self.sv("class", "start", "--clients-port", self.port, code=1).err)
        for options, code, why in ((("--address", "192.0.2.1"), 1, "not an address of this computer"),
                                   (("--address", "everywhere"), 1, "not an address ('everywhere'"),
                                   (("--clients-port", "0"), 2, "--clients-port"), (("--buffer", "1ms"), 2, "--buffer")):
            err = self.sv("class", "start", *options, code=code).err
            self.assertIn(why, err)
            self.assertEqual(err.count("\n"), 1)
        self.assertEqual(snapcast.children(self.process.pid), [])

    def test_without_a_server_the_package_is_named(self):
        self.home.env["PATH"] = str(self.home.path("nothing"))
        self.daemon()
        self.assertEqual(self.sv("class", "start", code=1).err, "stretchvoice: a class needs Snapcast's server (apt install snapserver)\n")


if __name__ == "__main__":
    unittest.main()
