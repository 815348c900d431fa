"""The shipped routines, as they are heard."""
import configparser
import re

import rules
import sv

NAMES = sorted(path.stem for path in (sv.TOP / "config/routines").glob("*.ini") if "." not in path.stem)
PROMISED = {"middle-back", "upper-back", "lower-back", "neck-shoulders", "hips", "desk-break", "wrists", "feet-ankles",
            "morning", "evening", "balance", "breathing"}
MINUTES = {"desk-break": 5, "morning": 10}
WAYS = (("--level", "0"), ("--level", "50"), ("--level", "100"), ("--set", "pace.words=brief"))
ACTIONS = ("setup", "instruction", "cue", "release")
SHORTEST_SETTLE, SHORTEST_PAUSE, SHORTEST_REST = 1.5, 1.0, 5.0
MOST_PROMPTS = 4  # a countdown is one
RHYTHM = ("countdown", "count", "cue")  # the numbers of movements, and the words for a breath, are none


def settles(name):
    """Of each move that has its own, in seconds."""
    file = configparser.ConfigParser(inline_comment_prefixes=(" ;",), interpolation=None)
    file.read(sv.TOP / f"config/routines/{name}.ini")
    return {section: float(file[section]["settle"].rstrip("s")) for section in file.sections() if "settle" in file[section]}


class Shipped(sv.TestCase):
    planned = {}  # by name and way; each takes a second

    def plans(self):
        for name in NAMES:
            for way in WAYS:
                if (name, way) not in self.planned:
                    self.planned[name, way] = self.sv("plan", name, "--json", *way).lines()
                rows = self.planned[name, way]
                self.rate = rows[0]["rate"]
                with self.subTest(name=name, way=way):
                    yield name, rows[1:]

    def seconds(self, frames):
        return frames / self.rate

    def test_nothing_to_warn_of(self):
        self.assertEqual(self.sv("check", "--strict", *NAMES).err, "")

    def test_what_is_there(self):
        self.assertEqual(set(NAMES), PROMISED)

    def test_each_has_a_caution_parts_and_sources(self):
        for name in NAMES:
            with self.subTest(name):
                text = (sv.TOP / f"config/routines/{name}.ini").read_text()
                head = text.split("[routine]")[1].split("\n[")[0]
                self.assertRegex(head, r"(?m)^caution +=")
                self.assertRegex(head, r"(?m)^parts +=")
                if name != "middle-back":  # whose source is an article, as the README says
                    self.assertIn("Sources", text.split("[routine]")[0])

    def test_minutes_that_are_promised(self):
        for name, minutes in MINUTES.items():
            with self.subTest(name):
                seconds = self.sv("plan", name, "--json", "--level", "0").lines()[0]["seconds"]
                self.assertTrue(0.75 * minutes <= seconds / 60 <= 1.25 * minutes, seconds)

    def test_sentences_begin_with_a_capital_letter(self):
        for _, rows in self.plans():
            self.assertEqual([row["text"] for row in rows if row.get("text", "A")[0].islower()], [])

    def test_in_every_language(self):
        begun = re.compile(r"(?m)^(?:setup|say|cue|release|again|caution|closing) *= *(?:[a-zß-öø-ÿ].*|\{(?:side|other)\}.*)$")
        for path in (sv.TOP / "config/routines").glob("*.ini"):
            self.assertEqual(begun.findall(path.read_text()), [], path.name)

    def test_both_sides_are_equal(self):
        for name, rows in self.plans():
            held = {"right": [], "left": []}
            for row in rows:
                if row["type"] == "hold" and row.get("side"):
                    held[row["side"]].append((row["step"], row.get("move"), row["frames"]))
            self.assertEqual(sorted(held["right"], key=str), sorted(held["left"], key=str))

    def test_how_long_the_middle_back_takes(self):
        seconds = self.sv("plan", "middle-back", "--json", "--level", "0").lines()[0]["seconds"]
        self.assertTrue(22 * 60 <= seconds <= 30 * 60, seconds)

    def test_there_is_time_between_the_words_and_the_hold(self):
        for name, rows in self.plans():
            own = settles(name)
            for row in rows:
                if row["type"] == "hold":
                    place = row["step"] + ("." + row["move"] if row.get("move") else "")
                    words = max(rules.end(other) for other in rows if other["type"] == "speech" and other["frame"] < row["frame"])
                    self.assertGreaterEqual(self.seconds(row["frame"] - words), own.get(place, SHORTEST_SETTLE), row)

    def test_there_is_time_between_two_actions(self):
        for _, rows in self.plans():
            actions = [row for row in rows if row.get("role") in ACTIONS]
            for one, two in zip(actions, actions[1:]):
                self.assertGreaterEqual(self.seconds(two["frame"] - rules.end(one)), SHORTEST_PAUSE, (one, two))

    def test_who_is_told_to_rest_may_rest(self):
        for _, rows in self.plans():
            for at, row in enumerate(rows):
                if row.get("role") == "release" and re.search(r"\b(rest|soft)\b", row["text"]):
                    after = next((other for other in rows[at + 1:] if other.get("role") in ("setup", "instruction", "cue")), None)
                    if after:
                        self.assertGreaterEqual(self.seconds(after["frame"] - rules.end(row)), SHORTEST_REST, (row, after))

    def test_holds_are_not_talked_over(self):
        for _, rows in self.plans():
            for hold in rows:
                if hold["type"] != "hold" or not 15 <= self.seconds(hold["frames"]) <= 60:
                    continue
                inside = [row for row in rows if row["type"] == "speech" and hold["frame"] <= row["frame"] < rules.end(hold)]
                countdown = any(row["role"] == "countdown" for row in inside)
                prompts = sum(row["role"] not in RHYTHM for row in inside) + countdown
                self.assertLessEqual(prompts, MOST_PROMPTS, hold)


if __name__ == "__main__":
    sv.main()
