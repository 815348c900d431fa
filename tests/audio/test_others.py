"""Other programs are lowered under words, on PulseAudio."""
import unittest

import others


class OnPulse(others.Lowered, others.Case):
    def setUp(self):
        super().setUp()
        self.remember()

    def test_one_with_a_huge_name_is_left_alone(self):
        """It would fill the journal."""
        huge = self.play_other("paplay", "--client-name=" + "x" * 1500)
        process, mpv = self.begin_low()
        self.wait_noticed()
        self.assertEqual(self.level(huge), others.FULL)
        self.assertLess(self.journal().stat().st_size, 5000)
        self.stop(process)
        self.wait_level(mpv, others.FULL)


if __name__ == "__main__":
    unittest.main()
