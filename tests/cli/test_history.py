"""What is practised becomes rows of the history, and `history` shows them."""
import json
import os
import re
import resource
import signal
import subprocess
import unittest

import control
import history
import sv

ROUTINE = """[routine]
title = Short one
caution = Stop if it hurts.
closing = That was it.
[one]
title = First
say = Now.
hold = 2s
sides = left, right
[two]
say = Then.
hold = 2-4s
reps = 2
[three]
say = At last.
hold = 2s
"""

FAST = ("--device", "null:fast")


class Sessions(control.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("short.ini", ROUTINE)

    def sessions(self):
        return self.sv("history", "--json").lines()

    def test_a_session_becomes_a_row(self):
        self.sv("play", self.routine, *FAST, "--level", "100", "-q")
        session, = self.sessions()
        told = {key: session[key] for key in ("routine", "title", "language", "file", "holds_done", "holds", "level", "skipped",
                                              "longer", "easier", "complete", "rating", "pain", "note")}
        self.assertEqual(told, {"routine": "short", "title": "Short one", "language": "en", "file": str(self.routine),
                                "holds_done": 5, "holds": 5, "level": 100, "skipped": [], "longer": [], "easier": [],
                                "complete": True, "rating": None, "pain": None, "note": None})
        steps = [(step["number"], step["name"], step["title"], step["holds_done"], step["holds"]) for step in session["steps"]]
        self.assertEqual(steps, [(1, "one", "First", 2, 2), (2, "two", "two", 2, 2), (3, "three", "three", 1, 1)])
        self.assertRegex(session["begun"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")

    def test_the_time_practised_is_that_of_the_plan(self):
        self.sv("play", self.routine, *FAST, "-q")
        session, = self.sessions()
        plan = self.sv("plan", self.routine, "--json").lines()
        self.assertAlmostEqual(session["seconds"], max(cue["frame"] + cue["frames"] for cue in plan if "frame" in cue) / 48000, delta=1.5)
        self.assertLessEqual(sum(step["seconds"] for step in session["steps"]), session["seconds"] + 3)

    def test_what_is_not_practised_is_not_remembered(self):
        self.sv("render", self.routine, self.home.path("out.wav"), "-q")
        self.sv("play", self.routine, *FAST, "-q", "--set", "history.keep=no")
        self.assertFalse(history.path(self.home).exists())
        self.assertEqual(self.sessions(), [])

    def test_only_the_user_can_read_it(self):
        self.sv("play", self.routine, *FAST, "-q")
        self.assertEqual(history.path(self.home).stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
