"""Media players are paused for a session, and go on after it."""
import os
import re
import signal
import subprocess
import unittest

import bus
import control
import sv


class Players(control.TestCase):
    """Paused for the session, on a bus of the test's own."""

    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)
        self.home.env |= self.bus.env
        self.journal = self.home.path("state/stretchvoice/others.ini")
        self.play_player("one")
        self.play_player("two")
        self.playerctl("two", "pause")

    def play_player(self, name):
        process = subprocess.Popen([sv.BUILD / "tests/drivers/player", name], env=os.environ | self.bus.env, stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: name in self.bus.players(), f"the player {name}")

    def playerctl(self, player, *arguments):
        return self.bus.run("playerctl", "-p", player, *arguments).stdout.strip()

    def wait_status(self, player, status):
        sv.wait_for(lambda: self.playerctl(player, "status") == status, f"{player} to be {status}")

    def begin(self):
        process, _ = self.play("--set", "others.while-speaking=pause")
        self.wait_status("one", "Paused")
        return process

    def test_for_the_session(self):
        """Only what played goes on."""
        self.begin()
        self.sv("stop")
        self.wait_status("one", "Playing")
        self.assertEqual(self.playerctl("two", "status"), "Paused")

    def test_one_that_its_user_has_played_and_paused_again(self):
        """Is not ours any more: another that we paused shows that all has been done."""
        self.play_player("three")
        self.begin()
        self.wait_status("three", "Paused")
        self.playerctl("one", "play")
        sv.wait_for(lambda: self.journal.read_text().count("owner") == 1, "it to be forgotten")
        self.playerctl("one", "pause")
        self.sv("stop")
        self.wait_status("three", "Playing")
        self.assertEqual(self.playerctl("one", "status"), "Paused")

    def test_killed_they_go_on(self):
        process = self.begin()
        process.kill()
        self.wait_status("one", "Playing")

    def kill_both(self):
        process = self.begin()
        [helper] = [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-ot")]
        os.kill(helper, signal.SIGSTOP)
        process.kill()
        process.wait()
        os.kill(helper, signal.SIGKILL)
        control.wait_gone(helper)

    def test_both_killed_restore_lets_them_go_on(self):
        self.kill_both()
        self.assertEqual(self.sv("restore").out, "Restored: 0 streams, 1 player.\n")
        self.wait_status("one", "Playing")
        self.assertEqual(self.playerctl("two", "status"), "Paused")

    def test_both_killed_one_that_has_been_played_since(self):
        """And paused again by its user, elsewhere in what it plays."""
        self.kill_both()
        self.playerctl("one", "play")
        self.playerctl("one", "pause")
        self.assertEqual(self.sv("restore").out, "There is nothing to restore.\n")
        self.assertEqual(self.playerctl("one", "status"), "Paused")

    def test_both_killed_long_ago(self):
        """The next day, its user does not wait for the music any more."""
        self.kill_both()
        self.journal.write_text(re.sub(r"(?m)^time=(\d+)$", lambda match: f"time={int(match[1]) - 24 * 60 * 60}", self.journal.read_text()))
        self.assertEqual(self.sv("restore").out, "There is nothing to restore.\n")
        self.assertFalse(self.journal.exists())
        self.assertEqual(self.playerctl("one", "status"), "Paused")

    def test_without_a_bus(self):
        process, _ = self.play("--set", "others.while-speaking=pause", env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
        sv.wait_for(process.complained, "a line")
        self.assertOneLine(process.complained(), "message bus does not answer", "media players are left as they are")

    def test_on_a_frozen_bus(self):
        """The session plays on, and says it once."""
        self.bus.daemon.send_signal(signal.SIGSTOP)
        self.addCleanup(self.bus.daemon.send_signal, signal.SIGCONT)
        process, connection = self.play("--set", "others.while-speaking=pause")
        sv.wait_for(lambda: "other programs' sound is left as it is" in process.complained(), "a line", 30)
        self.assertEqual(connection.ask("stop").code, 0)
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        self.assertEqual(process.complained().count("other programs' sound"), 1)

    def test_both_killed_a_start_without_the_bus_forgets_nothing(self):
        self.kill_both()
        elsewhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        self.assertOneLine(self.sv("restore", env=elsewhere, code=1).err, "message bus does not answer")
        self.assertEqual(self.sv("restore").out, "Restored: 0 streams, 1 player.\n")


if __name__ == "__main__":
    unittest.main()
