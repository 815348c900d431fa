"""A session on PipeWire: heard as it should be, and there again when PipeWire has been restarted."""
import unittest

import heard
import pipewire


class PipeWire(heard.TestCase):
    server = pipewire.PipeWire
    settings = heard.settings(wake="0.2s", lead_in="0s", change="0.5s")
    hold = 3

    def test_is_heard_frame_by_frame_but_for_a_pause(self):
        self.hear_all_but_a_pause()

    def test_its_pulseaudio_side_is_restarted(self):
        self.restart(self.pulse.kill, self.pulse.start)

    def test_B4_all_of_it_is_restarted(self):
        self.restart(self.pulse.kill_all, self.pulse.start_all)

    def test_B4_it_is_restarted_under_its_own_alsa_plugin(self):
        """In which PortAudio turns for ever then: the program that plays is started again."""
        self.device = "default"
        self.pulse.use_own_plugin()
        self.restart(self.pulse.kill_all, self.pulse.start_all)


if __name__ == "__main__":
    unittest.main()
