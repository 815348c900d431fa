"""A session at rest on a real server: both programs sleep, and yet see what happens."""
import time
import unittest

import control
import heard
import sv


class Rest(heard.TestCase):
    settings = heard.settings(wake="0s", lead_in="0s", change="0.5s")
    hold = 8

    def pause(self):
        process, connection = self.begin()
        self.wait_hold(connection, side="right")
        self.sv("pause")
        connection.wait_status(state="paused")
        [helper] = control.sound_helpers(process.pid)
        return process, connection, helper

    def test_neither_program_wakes_more_than_twice_a_second(self):
        process, connection, helper = self.pause()
        before = connection.status()["frame"]
        control.wait_calm((process.pid, helper), 2)
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > before, "the session to go on", 3)
        self.assertEqual(control.sound_helpers(process.pid), [helper])
        self.assertEqual(process.complained(), "")

    def test_a_server_that_is_killed_meanwhile_is_missed_at_once(self):
        process, connection, _ = self.pause()
        frame = connection.status()["frame"]
        time.sleep(2)
        self.pulse.kill()
        sv.wait_for(process.complained, "a word about it", 3)
        self.assertOneLine(process.complained(), "sound lost")
        self.pulse.start()
        connection.wait_status(state="paused", device="pulse")
        self.assertEqual(connection.status()["frame"], frame)
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")


if __name__ == "__main__":
    unittest.main()
