"""Other programs are lowered under words, on PulseAudio."""
import unittest

import others


class OnPulse(others.Lowered, others.Case):
    def setUp(self):
        super().setUp()
        self.remember()


if __name__ == "__main__":
    unittest.main()
