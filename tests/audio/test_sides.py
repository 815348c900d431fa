"""A session whose sides come from their sides: what is heard is what is rendered, in both channels."""
import unittest

import heard
import sv


class Sides(heard.TestCase):
    settings = heard.settings(wake="1s", change="1s", sides="on")
    hold = 3

    def test_every_frame_of_both_channels_is_heard(self):
        process, _ = self.begin()
        self.assertEqual(process.wait(60 * sv.SLOW), 0)
        file, rows = self.rendered()
        self.assertNotEqual(file.mono, file.right)
        first = next(row["frame"] for row in rows if row["type"] == "speech")
        self.assert_heard(self.heard(file), first, file.frames)


if __name__ == "__main__":
    unittest.main()
