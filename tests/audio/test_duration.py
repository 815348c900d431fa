"""A session of a given length: what is heard is what is rendered."""
import unittest

import heard
import sv

ROUTINE = """[routine]
title = Heard
closing = Over.
[first]
title = A
say = Hold this. Stay for {time}.
hold = 1-9s
[second]
title = B
sides = right, left
say = Turn to the {side}.
hold = 1-9s
[third]
priority = 3
title = C
say = This is a long sentence, which takes longer than there is time for in a session that is over soon.
hold = 9-20s
[last]
title = D
say = Rest.
hold = 1-9s
"""


class Duration(heard.TestCase):
    settings = heard.settings(wake="1s", change="1s") + ["--set", "pace.duration=25s"]

    def setUp(self):
        super().setUp()
        self.routine = self.home.write("heard.ini", ROUTINE)

    def test_every_frame_is_heard(self):
        process, _ = self.begin()
        self.assertEqual(process.wait(60 * sv.SLOW), 0)
        file, rows = self.rendered()
        self.assertEqual(file.frames, 25 * heard.RATE)
        self.assertNotIn("third", [row.get("step") for row in rows])
        first = next(row["frame"] for row in rows if row["type"] == "speech")
        self.assert_heard(self.heard(file), first, file.frames)


if __name__ == "__main__":
    unittest.main()
