"""A session on JACK: listed, heard as it should be, and there again when JACK has been killed."""
import os
import signal
import unittest

import control
import heard
import jack
import sv
import term


class Jack(heard.TestCase):
    server = jack.Jack
    device = "system"
    settings = heard.settings(wake="0.2s", lead_in="0s", change="0.5s")
    hold = 3

    def test_its_output_is_listed_and_the_default(self):
        self.assertEqual(self.sv("devices", "--json").lines()[0], {"name": "system", "default": True})

    def test_is_heard_frame_by_frame_but_for_a_pause(self):
        self.hear_all_but_a_pause()

    def test_what_does_not_take_leave_is_killed(self):
        process, connection = self.begin()
        [helper] = control.sound_helpers(process.pid)
        os.kill(helper, signal.SIGSTOP)
        connection.wait_status(state="lost")
        control.wait_gone(helper, 10)

    def test_B2_it_is_killed_and_comes_back(self):
        """PortAudio does not report it, and would hang in the call that stops its stream: the program that plays is started again."""
        self.restart(self.pulse.kill, self.pulse.start)


class Leave(heard.TestCase):
    """Is taken of JACK: one that waits for its clients stalls for seconds if one vanishes."""

    server = jack.Talking
    device = "system"
    settings = heard.settings(wake="0.2s", lead_in="0s")

    def test_by_a_session(self):
        """Whatever ends it."""
        sessions = ((self.home.env["ALSA_CONFIG_PATH"], signal.SIGINT), ("", signal.SIGINT), ("", signal.SIGKILL))
        for config, end in sessions:
            self.home.env["ALSA_CONFIG_PATH"] = config
            process = self.start("play", "--voice", "tone", *self.settings, self.routine)
            connection = self.connect()
            self.assertEqual(connection.wait_playing()["device"], self.device)
            [helper] = control.sound_helpers(process.pid)
            sv.wait_for(lambda: connection.status()["frame"] > heard.RATE // 2, "JACK to take frames")
            process.send_signal(end)
            process.wait(30 * sv.SLOW)
            control.wait_gone(helper, 3)
        sv.wait_for(lambda: self.pulse.ends() == (len(sessions), 0), "their ends")

    def test_where_nothing_is_played(self):
        self.sv("devices")
        sv.wait_for(lambda: self.pulse.ends() == (1, 0), "its end")
        self.assertIn("sytem", self.sv("play", "--device", "sytem", self.routine, code=4).err)
        sv.wait_for(lambda: self.pulse.ends() == (2, 0), "its end")

    def test_by_a_microphone(self):
        """JACK's own inputs are silent here."""
        self.home.write("config/stretchvoice/voices/mine.ini", "[voice]\nbase = tone\nclips = mine\n")
        terminal = term.Terminal(self.home, "record", "--voice", "mine", self.routine, columns=200)
        self.addCleanup(terminal.close)
        terminal.wait_shown("1 of ")
        for take in (1, 2):
            terminal.forget()
            terminal.type(" ")
            terminal.wait_shown("Recording")
            terminal.type(" ")
            terminal.wait_shown("Nothing was heard")
            sv.wait_for(lambda: self.pulse.ends() == (take, 0), "its end")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)


class Database(sv.TestCase):
    """JACK's library has one for all programs of a user, and opens it even if no server runs. A program that is killed there leaves it locked."""

    def test_it_is_not_opened(self):
        namespace = jack.Namespace()
        self.addCleanup(namespace.close)
        self.home.inside = namespace.inside
        self.sv("devices")
        self.assertEqual(list(namespace.shared.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
