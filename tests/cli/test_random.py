"""Ten thousand commands to one process, whatever they are."""
import json
import random
import time
import unittest

import control
import sv
from control import IDLE


class Random(control.TestCase):
    COMMANDS = (("resume", 12), ("toggle", 4), ("pause", 2), ("next", 8), ("previous", 8), ("repeat", 8), ("where", 4), ("longer", 4), ("longer 3", 4),
                ("longer 1h", 1), ("shorter", 4), ("shorter 3", 4), ("easier", 5), ("harder", 5), ("louder", 3), ("quieter", 3), ("volume -20", 1),
                ("status", 5), ("nonsense", 1), ("longer never", 1), ("stop", 0.2))
    HOW_MANY = 10_000
    LIMIT = 120  # seconds; alone it takes a quarter of that
    GROWTH = 3000  # KiB

    def setUp(self):
        super().setUp()
        self.random = random.Random(3)
        self.start("daemon")
        self.control = self.connect()
        self.sessions = 0

    def begin(self, *options):
        self.sessions += 1
        self.sv(*self.play_words("--background", *options, device="null:fast"))

    def say_one(self, commands=COMMANDS):
        names, weights = zip(*commands)
        command = self.random.choices(names, weights)[0]
        answer = self.control.ask(command)
        if answer.code == 5:
            self.begin()
        else:
            self.assertEqual(answer.code, 2 if command in ("nonsense", "longer never") else 0, (command, answer))
        return command

    def check(self, said):
        """The position agrees with the routine, and with itself."""
        answer = self.control.ask("status --json")
        status = json.loads(answer.fields["status"])
        if status["state"] == "idle":
            self.assertEqual((answer.code, status), (5, IDLE))
            return
        why = f"{status} after {said[-20:]}"
        self.assertAlmostEqual(status["position"], status["frame"] / 48000, delta=0.001, msg=why)
        self.assertLessEqual(status["position"], status["length"] + 0.001, why)
        if status["frames"] is not None:
            self.assertLessEqual(status["frame"], status["frames"], why)
        sides = {"second": ("right", "left", None)}.get(status["step"], (None,))
        moves = {"second-half": ("up", "down", None)}.get(status["step"], (None,))
        counts = {None: (None, None), "first": (1, 1), "second": (2, 2), "second-half": (1, 1)}[status["step"]]
        self.assertIn(status["side"], sides, why)
        self.assertIn(status["move"], moves, why)
        self.assertEqual((status["reps"], status["sets"]), counts, why)
        for one, all_of in ((status["rep"], status["reps"]), (status["set"], status["sets"])):
            self.assertTrue(one is None or 1 <= one <= all_of, why)
        if status["hold_left"] is not None:
            self.assertTrue(0 < status["hold_left"] <= 3600, why)
        self.assertTrue(0 <= status["level"] <= 100 and -60 <= status["volume"] <= 0, why)

    def at_rest(self):
        """What the daemon has when nothing plays: open descriptors and memory."""
        self.control.ask("stop")
        sv.wait_for(lambda: self.control.ask("status").code == 5 and not control.children(self.control.pid)
                    and not control.syncs_state(self.control.pid), "the daemon to be idle")
        return control.descriptors(self.control.pid), control.memory(self.control.pid)

    def test_ten_thousand(self):
        said, deadline = [], time.monotonic() + self.LIMIT * sv.SLOW
        while len(said) < self.HOW_MANY:
            self.assertLess(time.monotonic(), deadline, f"only {len(said)} commands so far")
            said.append(self.say_one())
            if len(said) % 7 == 0:
                self.check(said)
            if len(said) == self.HOW_MANY // 5:
                descriptors, memory = self.at_rest()
        after = self.at_rest()
        self.assertEqual(after[0], descriptors)
        if not sv.SANITIZED:
            self.assertLess(after[1], memory + self.GROWTH)
        self.assertGreater(self.sessions, 10)

    def first_frames(self, level):
        """Of a plan: where each step begins, and where all ends."""
        first, *rows = self.sv("plan", "--json", "--voice", "tone", "--level", level, self.routine).lines()
        frames = {}
        for row in rows:
            frames.setdefault(row.get("step"), row["frame"])
        return frames, first["frames"]

    def play_to_the_end(self):
        """How many frames that were, as those are told who follow."""
        follower = self.connect()
        follower.send(b"subscribe\n")
        frames = self.control.status()["frames"]
        self.control.ask("resume")
        while (line := follower.read()) != "status: " + json.dumps(IDLE, separators=(",", ":")):
            if line.startswith("status: "):
                frames = json.loads(line.removeprefix("status: "))["frames"] or frames
        follower.close()
        return frames

    def test_the_plan_from_there_is_identical(self):
        """Whatever was said before: after a jump, the rest has as many frames as it has in a plan."""
        gentle = [(name, weight) for name, weight in self.COMMANDS if name not in ("easier", "harder", "stop")]
        steps = set()
        for number in range(12):
            with self.subTest(number):
                self.begin("--level", "50")
                for _ in range(20):
                    self.say_one(gentle)
                for command in ("pause", *self.random.choices(("easier", "harder"), k=4), *["previous"] * self.random.randrange(4), "next"):
                    self.control.ask(command)
                landed = self.control.status()
                if landed["step"]:
                    starts, end = self.first_frames(landed["level"])
                    self.assertEqual(self.play_to_the_end() - landed["frame"], end - starts[landed["step"]], landed)
                    steps.add(landed["step"])
                self.at_rest()
        self.assertGreater(len(steps), 1)


if __name__ == "__main__":
    unittest.main()
