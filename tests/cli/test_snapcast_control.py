"""snapcast-control, as Snapcast's server runs it: a JSON-RPC message on each line, to it and from it."""
import json
import socket
import subprocess
import threading
import unittest

import control
import snapcast
import sv

ROUTINE = """[routine]
title = Remote
[lean]
title = A
say = Lean.
hold = 30s
[turn]
title = B
say = Turn.
hold = 30s
"""
READY = {"jsonrpc": "2.0", "method": "Plugin.Stream.Ready"}
PROPERTIES = "Plugin.Stream.Player.Properties"


class Plugin:
    """The program, from the server's side. What it says is kept."""

    def __init__(self, case, *options):
        self.process = case.home.start("snapcast-control", "--stream=Class", "--snapcast-port=1780", "--snapcast-host=here", *options,
                                       stdin=subprocess.PIPE)
        self.said = []
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()
        case.addCleanup(self.close)

    def listen(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    def write(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def wait(self, condition, what):
        return sv.wait_for(lambda: next((message for message in list(self.said) if condition(message)), None), what)

    def ask(self, number, method, **params):
        self.write(json.dumps({"id": number, "jsonrpc": "2.0", "method": method, "params": params}).encode())
        return self.wait(lambda message: message.get("id") == number, f"the response to {method}")

    def control(self, number, command, **params):
        return self.ask(number, "Plugin.Stream.Player.Control", command=command, params=params)

    def wait_properties(self, what, **wanted):
        """Until it has notified of these."""
        return self.wait(lambda message: message.get("method") == PROPERTIES and wanted.items() <= (
            message["params"] | message["params"]["metadata"]).items(), what)


class Protocol(sv.TestCase):
    def plugin(self):
        self.port = snapcast.free_port()
        return Plugin(self, "--clients-port", self.port)

    def play(self):
        routine = self.home.write("remote.ini", ROUTINE)
        process = self.home.start("play", routine, "--voice", "tone", "--device", "null", "--set", "pace.words=brief")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        connection = control.connect(self.home)
        self.addCleanup(connection.close)
        connection.wait_playing()
        return process, connection

    def test_without_a_session_it_says_so_and_then_finds_one(self):
        plugin = self.plugin()
        plugin.wait(lambda message: message == READY, "ready")
        properties = plugin.ask(1, "Plugin.Stream.Player.GetProperties")["result"]
        self.assertEqual((properties["playbackStatus"], properties["canPlay"], properties["canGoNext"], properties["metadata"]),
                         ("stopped", False, False, {}))
        self.assertEqual(plugin.control(2, "play")["error"]["message"], "there is no session")
        process, _ = self.play()
        plugin.wait_properties("the session", playbackStatus="playing", album="Remote")
        process.kill()
        plugin.wait_properties("its end", playbackStatus="stopped", canGoNext=False)

    def test_a_session_is_steered(self):
        _, connection = self.play()
        plugin = self.plugin()
        plugin.wait_properties("the session", playbackStatus="playing", canControl=True, canPlay=True, canPause=True, canGoNext=True,
                               canGoPrevious=True, canSeek=False)
        connection.go_to("lean")
        plugin.wait_properties("the first step", title="A", trackNumber=1)
        self.assertEqual(plugin.control(1, "next"), {"id": 1, "jsonrpc": "2.0", "result": "ok"})
        plugin.wait_properties("the second step", title="B", album="Remote", trackNumber=2)
        self.assertEqual(connection.status()["step"], "turn")
        for number, (command, state) in enumerate((("pause", "paused"), ("play", "playing"), ("playPause", "paused"), ("playPause", "playing")), 10):
            self.assertEqual(plugin.control(number, command)["result"], "ok")
            connection.wait_status(state=state)
        self.assertEqual(plugin.control("text", "previous")["result"], "ok")
        self.assertIn(connection.status()["step"], ("lean", "turn"))
        for number, (command, params) in enumerate((("seek", {"offset": 3}), ("setPosition", {"position": 3}), ("stop", {}), ("sing", {}), (None, {})), 20):
            self.assertIn("message", plugin.control(number, command, **params)["error"])
        self.assertEqual(connection.status()["state"], "playing")
        self.assertIn("volume", plugin.ask(30, "Plugin.Stream.Player.SetProperty", volume=3)["error"]["message"])

    def test_what_is_no_request_harms_nothing(self):
        plugin = self.plugin()
        deep = b"[" * 30000
        for line in (b"", b"nothing", b"{", b"[]", b"3", b"null", b'{"id":{},"method":"x"}', b'{"id":1e999,"method":"x"}', b'{"id":1.5,"method":"x"}', b'{"method":5,"id":"a"}', b"\xff\xfe\x00",
                     b'{"id":"' + b"y" * 5000 + b'","method":"x"}', deep, b'{"id":3,"params":' + deep, b"z" * 200000,
                     b'{"id":"b","method":"Plugin.Stream.Player.Control","params":[1]}', b'{"id":"c","method":"Plugin.Stream.Player.Control"}',
                     b'{"id":"d","method":"Plugin.Stream.Player.Control","params":{"command":{"a":1}}}', b'{"id":7,"result":"ok"}',
                     b'{"jsonrpc":"2.0","method":"Plugin.Stream.Player.Control","params":{"command":"next"}}'):
            plugin.write(line)
        self.assertEqual(plugin.ask(99, "Nothing")["error"]["code"], -32601)
        codes = [message["error"]["code"] for message in plugin.said if message.get("id", 0) is None]
        self.assertEqual(codes[:5], [-32700, -32700, -32600, -32600, -32600], "not JSON, and JSON that is no request")
        self.assertEqual(plugin.ask(100, "Plugin.Stream.Player.GetProperties")["result"]["playbackStatus"], "stopped")

    def test_who_comes_in_is_noticed_at_the_control_port(self):
        """A server of our own: "joined" is what the session is told."""
        _, connection = self.play()
        connection.go_to("turn")
        with socket.socket() as listener:
            port = snapcast.free_port()
            listener.bind(("127.0.0.1", port + 1))
            listener.listen()
            listener.settimeout(10 * sv.SLOW)
            plugin = Plugin(self, "--clients-port", port)
            plugin.wait_properties("the session", playbackStatus="playing")
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b'nothing\r\n{"jsonrpc":"2.0","method":"Client.OnConnect","params":{}}\r\n')
                self.assertEqual(plugin.control(1, "pause")["result"], "ok")
            again, _ = listener.accept()
            again.close()

    def test_it_ends_with_its_server(self):
        plugin = self.plugin()
        plugin.wait(lambda message: message == READY, "ready")
        plugin.process.stdin.close()
        self.assertEqual(plugin.process.wait(10 * sv.SLOW), 0)
        self.assertEqual(plugin.process.stderr.read(), b"")

    def test_a_port_that_is_none_is_refused(self):
        self.assertEqual(self.sv("snapcast-control", "--clients-port", "x", code=2).out, "")


if __name__ == "__main__":
    unittest.main()
