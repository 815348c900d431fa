"""The timeline by its rules, on routines made at random and on the one that is shipped: `plan --json` beside a second telling."""
import configparser
import random
import re
import unittest

import model
import rules
import sv

ROUTINES = 40
PACES = {
    "level": (0, 0, 50, 100), "speed": (50, 100, 150, 200), "hold": (25, 50, 100, 150), "prepare": (0, 3, 8, 30),
    "gap": (0, 0.6, 1.2), "sentence": (0, 1.2, 1.2, 3), "settle": (0, 1.5, 1.5, 4), "change": (0, 5, 12), "rest": (0, 9, 10, 20), "breath": (2, 5, 7), "tempo": (1, 3, 3, 4), "words": ("full", "full", "brief"),
    "tick": (0, 1, 1, 2, 5), "announce": (None, None, 0, 5, 10, 15), "halfway": (15, 15, 1, 30, 0), "countdown": (0, 3, 3, 5, 10),
    "rate": (44100, 48000), "wake": (0, 1, 1, 3, 5),
}


def is_same(item, row):
    """The row is what the model says, as far as it says it."""
    text = re.escape(item.text).replace(r"\*", r"\d+") if item.text else ""
    return (item.type == row["type"] and item.role == row.get("role") and re.fullmatch(text, row.get("text", "")) is not None
            and item.frames in (None, row["frames"])
            and all(getattr(item, name) == row.get(name) for name in ("step", "move", "set", "rep", "side")))


def written_breaths(name, pace):
    """The phases of the breaths of a shipped routine that have their own, by step and move."""
    file = configparser.ConfigParser(inline_comment_prefixes=(" ;",), interpolation=None)
    file.read(sv.TOP / f"config/routines/{name}.ini")
    own = {section: [float(part) for part in file[section]["breath"].split("-")] for section in file.sections() if "breath" in file[section]}
    return {(section.split(".")[0], (section.split(".") + [None])[1]): model.rhythm({"hold": ("breaths",), "breath": breath}, pace)
            for section, breath in own.items()}


class Timeline(sv.TestCase):
    def plan(self, routine, *options):
        first, *rows = self.sv("plan", "--json", "--voice", "tone", *options, routine).lines()
        return first, rows

    def check_order(self, routine, pace, rows):
        items, flow = model.Session(routine, pace).flow(), list(rules.flow(rows))
        for item, row in zip(items, flow):
            self.assertTrue(is_same(item, row), f"\n{item}\n{row}")
        self.assertEqual(len(items), len(flow))

    def test_random_routines(self):
        for seed in range(ROUTINES):
            dice = random.Random(seed)
            routine = model.random_routine(dice)
            pace = model.Pace(**{name: dice.choice(values) for name, values in PACES.items()})
            with self.subTest(seed=seed, pace=pace, routine=model.ini(routine)):
                path = self.home.write("random.ini", model.ini(routine))
                first, rows = self.plan(path, *pace.options())
                self.assertEqual(list(rules.problems(first, rows, pace, model.rhythms(routine, pace))), [])
                self.check_order(routine, pace, rows)

    def test_shipped_routines(self):
        for name in ("middle-back", "desk-break", "breathing"):
            for pace in (model.Pace(), model.Pace(level=100, speed=120), model.Pace(words="brief", countdown=5)):
                with self.subTest(name=name, pace=pace):
                    first, rows = self.plan(name, *pace.options())
                    self.assertEqual(list(rules.problems(first, rows, pace, written_breaths(name, pace))), [])

    def test_a_rule_that_is_broken_is_noticed(self):
        """Of the rules themselves: each wrong row is a problem."""
        pace = model.Pace()
        first, rows = self.plan("middle-back")

        def broken(kind, **changes):
            at = next(i for i, row in enumerate(rows) if kind in (row["type"], row.get("role")))
            return rows[:at] + [rows[at] | changes] + rows[at + 1:]

        def without(kind):
            at = next(i for i, row in enumerate(rows) if kind in (row["type"], row.get("role")))
            return rows[:at] + rows[at + 1:]

        wrong = {kind: without(kind) for kind in ("go", "tick", "end", "countdown", "halfway", "wake", "gap", "change")}
        wrong |= {"late " + kind: [row | {"frame": row["frame"] + (row["type"] == kind)} for row in rows] for kind in ("go", "tick")}
        wrong |= {"left": broken("left", text="30 seconds left."), "role": broken("setup", role="story"), "long": broken("hold", frames=48000), "field": broken("tick", colour="red"),
                  "over": broken("title", frames=480000)}
        for name, bad in wrong.items():
            with self.subTest(name):
                self.assertNotEqual(list(rules.problems(first, bad, pace)), [])


class MiddleBack(sv.TestCase):
    """Every figure of the routine that is shipped, at both ends of its ranges."""
    STEPS = {  # move: seconds or breaths at level 0 and 100; then reps and sets
        "seated-spinal-twist": ({"turn": (20, 20)}, (1, 1), (1, 1), ("right", "left")),
        "childs-pose": ({"fold": (20, 30)}, (1, 3), (1, 1), ()),
        "thread-the-needle": ({"slide": (20, 30)}, (1, 1), (1, 1), ("right", "left")),
        "cat-cow": ({"cow": (15, 30), "cat": (15, 30)}, (5, 10), (1, 1), ()),
        "lat-stretch": ({"reach": (40, 50), "tilt": (40, 50)}, (2, 3), (1, 1), ()),
        "thoracic-backbend": ({"open": (60, 120)}, (1, 1), (1, 2), ()),
        "cobra": ({"rise": (20, 30)}, (2, 4), (1, 1), ()),
        "bridge": ({"lift": (5, 10)}, (5, 15), (1, 3), ()),
    }

    def expected(self, end):
        for step, (moves, reps, sets, sides) in self.STEPS.items():
            for set_ in range(1, sets[end] + 1):
                for side in sides or [None]:
                    for rep in range(1, reps[end] + 1):
                        for move, seconds in moves.items():
                            for own in ("right", "left") if move == "tilt" else [side]:
                                yield step, move, set_, rep, own, seconds[end] * 48000

    def test_holds(self):
        for end, level in enumerate((0, 100)):
            with self.subTest(level=level):
                first, *rows = self.sv("plan", "middle-back", "--json", "--level", level).lines()
                found = [(row["step"], row["move"], row["set"], row["rep"], row.get("side"), row["frames"])
                         for row in rows if row["type"] == "hold"]
                self.assertEqual(found, list(self.expected(end)))
                self.assertEqual((first["name"], first["steps"]), ("middle-back", 8))

    def test_numbers_that_are_spoken_are_those_that_are_kept(self):
        _, *rows = self.sv("plan", "middle-back", "--json", "--level", 50).lines()
        spoken = [row for row in rows if row.get("role") in ("instruction", "dose")]
        said = {(row["step"], number) for row in spoken for number in re.findall(r"\d+", row["text"])}
        self.assertTrue(said >= {("childs-pose", "25"), ("childs-pose", "2"), ("cat-cow", "8"), ("cat-cow", "23"),
                                 ("lat-stretch", "9"), ("lat-stretch", "3"), ("thoracic-backbend", "90"), ("cobra", "25"),
                                 ("cobra", "3"), ("bridge", "8"), ("bridge", "10"), ("bridge", "2")}, said)


if __name__ == "__main__":
    unittest.main()
