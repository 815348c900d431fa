"""Workouts of other programs: what becomes of them, and what is said of the rest."""
import configparser
import json
import os

import sv

SAMPLES = sv.TOP / "tests/workouts"


class Import(sv.TestCase):
    def convert(self, file, code=0, notes=None):
        """The sections of the routine, which 'check' finds right."""
        made = self.home.path("made.ini")
        made.unlink(missing_ok=True)
        run = self.sv("import", file, "-o", made, code=code)
        self.notes = [line.split("not carried over: ")[1] for line in run.err.splitlines() if "not carried over: " in line]
        if code:
            self.assertFalse(made.exists())
            self.assertEqual(len([line for line in run.err.splitlines() if "not carried" not in line]), 1, run.err)
            return run.err
        self.assertEqual(run.out, f"{made}\n")
        self.sv("check", made)
        self.sv("plan", made)
        read = configparser.ConfigParser(interpolation=None)
        read.read(made)
        return {section: dict(read[section]) for section in read.sections()}

    def sample(self, name):
        return self.convert(SAMPLES / name)

    def test_feeel(self):
        made = self.sample("feeel.json")
        self.assertEqual(made["routine"]["title"], r'Legs & "core"\; short')
        self.assertEqual([(made[name]["title"], made[name]["hold"], made[name].get("after")) for name in list(made)[1:]],
                         [("Exercise 12", "30s", "10s"), ("Exercise 44", "45s", "10s"), ("Exercise 12", "30s", None)])
        self.assertEqual(list(made), ["routine", "exercise-12", "exercise-44", "exercise-12-2"])
        self.assertEqual(len(self.notes), 3, self.notes)
        self.assertIn("the break before the first exercise", self.notes)

    def test_just_another_workout_timer(self):
        made = self.sample("timer.json")
        self.assertEqual(made["routine"]["title"], "Évening {{circuit}}")
        self.assertEqual((made["warm-up"]["hold"], made["warm-up"]["after"]), ("60s", "15s"))
        self.assertEqual(made["floor"]["reps"], "3")
        self.assertEqual([made[name]["after"] for name in ("floor.plank", "floor.plank-2")], ["10s", "30s"])
        self.assertEqual((made["side-plank"]["sides"], made["side-plank"]["hold"]), ("left, right", "20s"))
        self.assertEqual(self.notes, ["'Second', another workout of the file"])

    def test_openhiit(self):
        made = self.sample("openhiit.json")
        self.assertEqual((made["intervals"]["reps"], made["intervals"]["between"]), ("3", "60s"))
        self.assertEqual(list(made)[3:], ["intervals.squat", "intervals.push-up-wide", "intervals.interval-3", "intervals.interval-4", "cool-down"])
        self.assertEqual([made[name].get("after") for name in list(made)[3:7]], ["10s", "10s", "10s", None])
        made = self.sample("openhiit-old.json")
        self.assertEqual((made["jump"]["hold"], made["jump"]["after"], made["interval-2"]["hold"]), ("40s", "20s", "40s"))

    def test_timer_machine(self):
        made = self.sample("machine.json")
        self.assertEqual((made["neck"]["hold"], made["legs"]["reps"], made["legs.left-calf"]["hold"], made["legs.left-calf"]["after"]),
                         ("30s", "4", "21s", "5s"))
        self.assertEqual([note.split(" ")[0] for note in self.notes], ["sounds,", "the", "its"])
        self.assertIn("the 3 rounds of 'Inner'", self.notes[1])

    def test_list(self):
        made = self.sample("list.txt")
        self.assertEqual({name: (keys["hold"], keys.get("sets"), keys.get("sides"), keys.get("after")) for name, keys in list(made.items())[1:]},
                         {"plank": ("30s", None, None, None), "lunge": ("12 times", "3", "right, left", "20s"), "squat": ("12 times", "3", None, None),
                          "plank-2": ("90s", None, None, None), "side-stretch": ("20s", None, "right, left", None), "cobra": ("30s", None, None, None),
                          "wall-sit": ("90s", None, None, None), "push-up": ("10 times", None, None, None), "hollow": ("20s", "3", None, None),
                          "routine-2": ("5s", None, None, None), "exercise-11": ("10s", None, None, None)})
        self.assertEqual(len(self.notes), 2, self.notes)

    def test_lines_as_people_write_them(self):
        for line, hold, sets, after, rest in (("Bend 20-30s", "20-30s", None, None, None), ("Bend 30 to 60 sec", "30-60s", None, None, None),
                                              ("Bend 30 seconds, rest 10 seconds", "30s", None, "10s", None),
                                              ("Bend 3 x 12 (rest 1 min)", "12 times", "3", None, "60s"), ("Bend 30s, 5 s break", "30s", None, "5s", None),
                                              ("8 x Bend 20s", "20s", "8", None, None), ("Bend 20s x 8", "20s", "8", None, None)):
            with self.subTest(line):
                made = self.convert(self.home.write("line.txt", line + "\n"))["bend"]
                self.assertEqual((made["title"], made["hold"], made.get("sets"), made.get("after"), made.get("rest")), ("Bend", hold, sets, after, rest))
                self.assertEqual(self.notes, [])
        self.convert(self.home.write("rest.txt", "Bend 30s\nRest\n"))
        self.assertEqual(self.notes, ["'Rest', which has no time"])

    def test_csv(self):
        made = self.sample("table.csv")
        self.assertEqual((made["plank-high"]["title"], made["plank-high"]["sets"], made["plank-high"]["rest"]), ("Plank, high", "2", "15s"))
        self.assertEqual((made["lunge"]["hold"], made["lunge"]["sides"]), ("12 times", "right, left"))
        self.assertEqual((made["say-hi"]["title"], made["say-hi"]["hold"]), ('Say "hi"', "65s"))
        self.assertEqual(self.notes, ["the column 'Colour'", "row 5, which has no name"])
        made = self.sample("bare.csv")
        self.assertEqual([(made[name]["title"], made[name]["hold"]) for name in list(made)[1:]], [("Brücke", "30s"), ("Dehnen", "60s")])

    def test_where_it_goes_and_that_nothing_is_written_over(self):
        run = self.sv("import", SAMPLES / "list.txt")
        path = self.home.path("config/stretchvoice/routines/list.ini")
        self.assertEqual(run.out, f"{path}\n")
        before = path.read_bytes()
        self.assertIn("is there already", self.sv("import", SAMPLES / "list.txt", code=1).err)
        self.assertEqual(path.read_bytes(), before)
        self.assertIn("ends in .ini", self.sv("import", SAMPLES / "list.txt", "-o", "x.txt", code=2).err)
        self.sv("import", SAMPLES / "list.txt", "-o", self.home.path("nowhere/x.ini"), code=1)

    def test_titles_are_text(self):
        for title in ("../../etc/passwd 30s", "{side} {nothing} 30s", "[routine] 30s", "a = b ; c 30s", "; 30s x", "\x1b[31mred\a 30s", "​ ‮x 30s",
                      "x" * 5000 + " 30s", "é" * 400 + " 30s", "= 30s", "%s%n 30s", "$(reboot) 30s", "Straße 30s", "体操 30s", "30s", "12", "3 x", ": 1:00"):
            with self.subTest(title):
                made = self.convert(self.home.write("odd.txt", title + "\nSit 10s\n"))
                self.assertIn("sit", made)
        made = self.convert(self.home.write("same.txt", "A 10s\na 10s\nÄ 10s\n"))
        self.assertEqual(list(made), ["routine", "a", "a-2", "a-3"])

    def test_hostile_json(self):
        exercise = {"name": "x", "duration": 5}
        for text in ("{", "[]", "{}", "[" * 100000, '{"a":' * 100000, '{"sets":[[[1]]],"title":3}', "null", '{"sets":null}', '"x"',
                     json.dumps({"sets": [{"exercises": [{"name": "Rest", "duration": 9}]}]}), '{"fullWorkout":{"workout":{},"workoutExercises":[1,null]}}'):
            with self.subTest(text[:40]):
                self.convert(self.home.write("bad.json", text), code=3)
        for value in (-1, 0, 1e300, 10**30, "7", None, [], {}, True, 3601):
            with self.subTest(value):
                workout = {"title": value, "sets": [{"repetitions": value, "exercises": [exercise, exercise | {"duration": value, "name": value}]}]}
                self.convert(self.home.write("odd.json", json.dumps(workout)))
        many = {"title": "many", "sets": [{"repetitions": 2, "exercises": [exercise] * 200}] + [{"repetitions": 1, "exercises": [exercise]}] * 2000}
        made = self.convert(self.home.write("many.json", json.dumps(many)))
        self.assertEqual(len([name for name in made if "." in name]), 100)
        self.assertLess(len(made), 1200)

    def test_files_that_cannot_be_read(self):
        for name, data in (("nul.txt", b"a\0b"), ("latin.txt", b"Br\xfccke 30s\n"), ("empty.txt", b""), ("large.txt", b"a 10s\n" * 1000000)):
            with self.subTest(name):
                path = self.home.path(name)
                path.write_bytes(data)
                self.convert(path, code=3)
        os.mkfifo(self.home.path("fifo.txt"))
        for name in ("fifo.txt", "nothing.txt", "."):
            self.convert(self.home.path(name), code=3)

    def test_play_and_check_name_import(self):
        odd = self.home.write("my plan.txt.json", "{}")
        hidden = self.home.write("hidden.ini", '{"sets":[]}')
        self.assertIn("stretchvoice import legs_3.feeel", self.sv("play", "legs_3.feeel", code=3).err)
        for verb in ("play", "check", "plan"):
            for path in (SAMPLES / "timer.json", SAMPLES / "table.csv", hidden):
                run = self.sv(verb, path, code=3)
                self.assertIn(f"stretchvoice import {path}", run.err)
                self.assertEqual(len(run.err.splitlines()), 1)
            self.assertIn(f"stretchvoice import '{odd}'", self.sv(verb, odd, code=3).err)


if __name__ == "__main__":
    sv.main()
