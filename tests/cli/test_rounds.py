"""Holds in breaths and in times, in the samples of a render."""
import unittest

import rules
import sv
import wav

ROUTINE = """[routine]
title = Rounds
[lift]
say = Lift your heels, and lower them.
hold = 4 times
tempo = 2-1-3
[jump]
say = Jump.
hold = 5 times
[box]
say = Breathe.
hold = 8 breaths
breath = 4-2-5
"""


class Rounds(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.path = self.home.write("rounds.ini", ROUTINE)
        _, *self.rows = self.sv("plan", "--json", *self.options(), self.path).lines()
        self.render()

    def options(self, *sets):
        return [word for value in ("sound.wake=0s", "pace.speed=120%", *sets) for word in ("--set", value)]

    def render(self, *sets):
        out = self.home.path("rounds.wav")
        self.sv("render", *self.options(*sets), self.path, out)
        self.sound = wav.Wav(out)

    def inside(self, step):
        hold = next(row for row in self.rows if row["type"] == "hold" and row["step"] == step)
        return hold, [row for row in self.rows if row.get("step") == step and hold["frame"] <= row["frame"] <= rules.end(hold) and row is not hold]

    def assertWordOnItsFrame(self, row):
        peak = self.sound.peak(row["frame"], rules.end(row))
        self.assertGreater(peak, 1000, row)
        self.assertGreater(abs(self.sound.mono[row["frame"]]), peak * 10 ** (-50 / 20) - 1, row)

    def test_each_number_is_heard_on_its_beat(self):
        hold, inside = self.inside("jump")
        numbers = [row for row in inside if row.get("role") == "count"]
        self.assertEqual([row["text"] for row in numbers], ["One.", "Two.", "Three.", "Four.", "Five."])
        self.assertEqual([row["frame"] - hold["frame"] for row in numbers], [n * 120000 for n in range(5)])  # 3 s at 120 %
        for row in numbers:
            self.assertWordOnItsFrame(row)
            if row is not numbers[0]:
                self.assertTrue(self.sound.is_silent(row["frame"] - 2400, row["frame"]), row)
        self.assertEqual([row["text"] for row in inside if row.get("role") == "left"], ["Last one."])

    def test_the_parts_of_a_movement_are_led_by_sounds_of_their_own(self):
        hold, inside = self.inside("lift")
        parts = {kind: [row for row in inside if row["type"] == kind] for kind in rules.IN_AND_OUT}
        self.assertEqual({kind: [row["frame"] - hold["frame"] for row in rows] for kind, rows in parts.items()},
                         {"out": [n * 240000 for n in range(4)], "keep": [n * 240000 + 80000 for n in range(4)],
                          "in": [n * 240000 + 120000 for n in range(4)]})
        last = next(row for row in inside if row.get("role") == "left")
        for kind in ("keep", "in"):  # a number sounds with `out`
            alone = [row for row in parts[kind] if rules.end(row) <= last["frame"] or row["frame"] >= rules.end(last)]
            found = self.sound.find_all(self.sound.cut(alone[0]["frame"], alone[0]["frames"]))
            self.assertTrue({row["frame"] for row in alone} <= set(found), kind)
            self.assertGreaterEqual(len(alone), 3)

    def test_breaths_are_guided_counted_and_announced_and_halfway_follows_an_in(self):
        _, inside = self.inside("box")
        guided = [row for row in inside if row.get("role") == "cue"]
        self.assertEqual([row["text"] for row in guided], ["In.", "Hold.", "Out."] * 2)
        phases = [row["frame"] for row in inside if row["type"] in rules.IN_AND_OUT]
        self.assertEqual([row["frame"] for row in guided], phases[:6])
        [count] = [row for row in inside if row.get("role") == "count"]
        self.assertEqual((count["text"], count["frame"]), ("Four.", phases[9]))
        said = [row for row in inside if row.get("role") in ("left", "halfway")]
        self.assertEqual([row["text"] for row in said], ["Halfway.", "Two more breaths.", "Last one."])
        ins = [row for row in inside if row["type"] == "in"]
        halfway = next(row for row in said if row["role"] == "halfway")
        self.assertEqual(halfway["frame"], rules.end(ins[4]))
        self.render("cues.in=off", "cues.keep=off", "cues.out=off")
        for row in (*guided, count, *said):
            self.assertWordOnItsFrame(row)
        for row, before in ((said[1], ins[6]), (said[2], ins[7])):
            self.assertLessEqual(rules.end(row), before["frame"])

    def test_a_breath_lasts_as_long_as_its_sound(self):
        hold, inside = self.inside("box")
        sounds = [row for row in inside if row["type"] in rules.IN_AND_OUT]
        for row, after in zip(sounds, (*sounds[1:], {"frame": rules.end(hold)})):
            self.assertEqual(rules.end(row), after["frame"])


if __name__ == "__main__":
    unittest.main()
