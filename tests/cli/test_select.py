"""Some of the steps, in another order, and several routines as one session: planned, rendered and played."""
import wave

import sv

HEAD = "[routine]\ntitle = Mine\ncaution = Go slowly.\nclosing = Rest now.\n"
STEPS = {
    "cat": "[cat]\ntitle = Cat\nprop = a mat\nsetup = Kneel down.\nsay = Arch your back. Stay.\nhold = 5s\nafter = 6s\n",
    "twist": "[twist]\ntitle = Twist\nprop = a chair\nsides = right, left\nreps = 2\nsay = Turn to the {side}.\nhold = 6s\nrelease = Come back.\n",
    "plank": "[plank]\ntitle = Plank\nsay = Hold on.\nhold = 4s\n",
    "roll": "[roll]\ntitle = Roll\nsay = Roll over.\nhold = 3 times\n",
}
OTHER = "[routine]\ntitle = Other\ncaution = Go slowly.\nclosing = Breathe.\n[twist]\nsay = Bend.\nhold = 4s\n[neck]\nsay = Nod.\nhold = 4s\n"

def texts(rows):
    return [row["text"] for row in rows if row["type"] == "speech"]


class Steps(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine(self.home, "mine", STEPS)
        self.home.write("config/stretchvoice/routines/other.ini", OTHER)

    @staticmethod
    def routine(home, name, steps):
        home.write(f"config/stretchvoice/routines/{name}.ini", HEAD + "".join(STEPS[step] for step in steps))

    def plan(self, *words):
        return self.sv("plan", *words, "--json").lines()

    def test_it_is_as_if_it_stood_in_the_file_so(self):
        for options, steps in ((["--only", "plank,Cat"], ["plank", "cat"]), (["--only", "4, 2"], ["roll", "twist"]), (["--from", "twist"], ["twist", "plank", "roll"]),
                               (["--skip", "tw,1"], ["plank", "roll"]), (["--skip", "roll"], ["cat", "twist", "plank"]), (["--from=pl", "--skip=roll"], ["plank"])):
            with self.subTest(options):
                self.routine(self.home, "wanted", steps)
                found, wanted = self.plan("mine", *options), self.plan("wanted")
                self.assertEqual(found[0] | {"name": "wanted"}, wanted[0])
                self.assertEqual(found[1:], wanted[1:])

    def test_shuffled_by_a_number_or_the_date(self):
        order = lambda *words: list(dict.fromkeys(row["step"] for row in self.plan("mine", "--shuffle", *words)[1:] if "step" in row))
        orders = {seed: order("--seed", seed) for seed in range(8)}
        self.assertGreater(len({tuple(steps) for steps in orders.values()}), 2)
        self.assertEqual({tuple(sorted(steps)) for steps in orders.values()}, {tuple(sorted(STEPS))})
        self.assertEqual(order("--seed", "3"), orders[3])
        self.assertEqual(order(), order())

    def test_rendered_and_played_are_what_is_planned(self):
        for words in (["mine", "--only", "roll,twist"], ["mine", "--shuffle", "--seed", "5"], ["mine", "other", "--skip", "cat"]):
            with self.subTest(words):
                rows = self.plan(*words)
                at = next(i for i, word in enumerate(words) if word.startswith("-"))
                self.sv("render", *words[:at], "x.wav", *words[at:])
                with wave.open(str(self.home.path("x.wav"))) as sound:
                    self.assertEqual(sound.getnframes(), rows[0]["frames"])
                played = self.sv("play", *words, "--device", "null:fast", "--plain=words").out.splitlines()
                self.assertEqual([line for line in played if line in texts(rows)], texts(rows))

    def test_both_sides_are_equal(self):
        for words in (["--only", "twist"], ["--from", "2", "--skip", "3"], ["--shuffle", "--seed", "1"]):
            holds = [row for row in self.plan("mine", *words)[1:] if row["type"] == "hold" and row.get("side")]
            sides = [[row["frames"] for row in holds if row["side"] == side] for side in ("right", "left")]
            self.assertEqual(*sides)
            self.assertEqual(len(sides[0]), 2)

    def test_several_are_one_session(self):
        rows = self.plan("mine", "other", "mine")
        said = texts(rows)
        self.assertEqual((rows[0]["name"], rows[0]["title"], rows[0]["steps"]), ("mine+other+mine", "Mine, Other, Mine", 10))
        self.assertEqual([said.count(text) for text in ("Go slowly.", "Rest now.", "Breathe.")], [1, 1, 0])
        self.assertEqual(said.count("You will need: a mat, a chair."), 1)
        at = said.index("5 of 10.")
        self.assertEqual(said[at - 1:at + 2], ["Other.", "5 of 10.", "Next: twist."])
        self.assertEqual(said[said.index("7 of 10.") - 1], "Mine.")
        self.assertNotIn("Mine.", said[1:said.index("7 of 10.") - 1])
        names = [row["step"] for row in rows[1:] if "step" in row]
        self.assertEqual(list(dict.fromkeys(names)), ["cat", "twist", "plank", "roll", "twist-2", "neck", "cat-2", "twist-3", "plank-2", "roll-2"])

    def test_captions_and_sheet_have_the_same(self):
        self.sv("captions", "mine", "other", "x.srt", "--only", "neck,cat")
        srt = self.home.path("x.srt").read_text()
        self.assertLess(srt.index("Nod."), srt.index("Arch your back."))
        self.assertNotIn("Hold on.", srt)
        sheet = self.sv("sheet", "mine", "other", "-", "--only", "neck,cat").out
        self.assertLess(sheet.index("Nod."), sheet.index("Arch your back."))
        self.assertNotIn("Hold on.", sheet)

    def test_files_of_the_steps(self):
        self.sv("render", "mine", "--split", "steps", "--only", "roll,cat")
        self.assertEqual(sorted(path.name for path in self.home.path("steps").iterdir()), ["01-roll.mp3", "02-cat.mp3"])
        self.sv("render", "mine", "other", "--split", "both", "--only", "roll,neck")
        self.assertEqual(sorted(path.name for path in self.home.path("both").iterdir()), ["01-roll.mp3", "02-neck.mp3"])

    def test_the_last_word_is_the_file(self):
        self.assertIn("extension", self.sv("render", "mine", "other", code=2).err)
        self.assertFalse(self.home.path("other").exists())

    def test_what_is_wrong_costs_one_line(self):
        for words, code, shown in ((["--only", "nosuch"], 3, "no such step ('nosuch'; there are: cat, twist, plank, roll)"), (["--only", "palnk"], 3, "did you mean 'plank'?"),
                                   (["--skip", "cat,twist,plank,roll"], 3, "no step is left"), (["--from", "5"], 3, "no such step ('5'"), (["--only", ""], 3, "no step is named"),
                                   (["--seed", "x", "--shuffle"], 2, "--seed"), (["other", "--from", "mine"], 3, "no such step"), (["nosuch"], 3, "no routine of that name")):
            for verb in (["plan", "mine"], ["play", "--device", "null:fast", "mine"], ["render", "mine"]):
                with self.subTest((verb, words)):
                    file = ["x.wav"] if verb[0] == "render" else []
                    options = [word for word in words if word.startswith("-")] and words[next(i for i, word in enumerate(words) if word.startswith("-")):]
                    names = words[:len(words) - len(options)]
                    err = self.sv(*verb, *names, *file, *options, code=code).err
                    self.assertEqual(len(err.splitlines()), 1, err)
                    self.assertIn(shown, err)
        self.assertFalse(self.home.path("x.wav").exists())

    def test_a_title_with_hostile_letters(self):
        self.home.write("config/stretchvoice/routines/bad.ini", "[routine]\ntitle = B\n[a]\ntitle = $(touch pwned) %n\nsay = A.\nhold = 5s\n")
        self.assertIn("$(touch pwned) %n.", texts(self.plan("bad", "--only", "$(touch")))

    def test_files_are_copied_in_the_order_that_is_asked_for(self):
        self.sv("new", "made", "--from", "mine", "--only", "plank,cat,twist", "--skip", "cat")
        text = self.home.path("config/stretchvoice/routines/made.ini").read_text()
        self.assertEqual(text, "; Steps of mine.\n" + HEAD + STEPS["plank"] + STEPS["twist"])


if __name__ == "__main__":
    sv.main()
