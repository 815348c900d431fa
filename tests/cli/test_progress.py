"""How the history shapes the next session: its level, how much is said, and what the user is asked."""
import sqlite3
import time
import unittest

import control
import history
import sv
from history import FAST

ROUTINE = """[routine]
title = Neck
caution = Stop if it hurts. Go slowly.
closing = That was it. See you tomorrow.
[one]
title = First
setup = Sit down. Look ahead.
say = Turn your head. Breathe calmly.
hold = 2-12s
release = Come back.
[two]
title = Second
say = Let it sink.
hold = 2-12s
"""

DAY = 86400


class TestCase(control.TestCase):
    """A home with a history; its sessions are told in days before now."""

    def setUp(self):
        super().setUp()
        self.routine = self.home.write("neck.ini", ROUTINE)
        self.sv("level", self.routine, "0")
        with history.opened(self.home) as database:
            database.executescript("DELETE FROM session; DELETE FROM routine")

    def practised(self, *days, **values):
        """Sessions so many days ago, in which all was done."""
        with history.opened(self.home) as database:
            now = int(time.time())
            history.add(database, [{"begun": now - day * DAY, "holds": 2, "holds_done": 2, **values} for day in days])

    def set_routine(self, **values):
        with history.opened(self.home) as database:
            names = ", ".join(values)
            database.execute(f"INSERT OR REPLACE INTO routine (name, {names}) VALUES ('neck', {', '.join('?' * len(values))})",
                             list(values.values()))
            database.commit()

    def kept(self):
        rows = history.rows(self.home, "routine")
        return rows[0] if rows else None

    def said(self, *options, **rest):
        """All that is said by a session of now."""
        lines = self.sv("plan", self.routine, "--json", "--today", *options, **rest).lines()
        return " ".join(line["text"] for line in lines if line.get("text"))

    def level(self, *options):
        return self.sv("level", self.routine, "--json", *options).lines()[0]


AUTO = ("--set", "progress.level=auto")


class Words(TestCase):
    FULL = "Sit down. Look ahead."

    def test_full_on_three_days(self):
        for days in ((), (1,), (2, 1), (2, 2, 2, 1)):
            self.practised(*days)
            self.assertIn(self.FULL, self.said())
            self.assertIn("Breathe calmly.", self.said())
            with history.opened(self.home) as database:
                database.execute("DELETE FROM session")
                database.commit()

    def test_known_afterwards(self):
        self.practised(3, 2, 1)
        said = self.said()
        for words in ("Neck.", "First.", "Sit down.", "Turn your head.", "Come back.", "Second."):
            self.assertIn(words, said)
        for words in ("Look ahead.", "Breathe calmly.", "to get there"):
            self.assertNotIn(words, said)
        self.assertIn("Look ahead.", self.said("--set", "pace.words=full"))
        self.assertNotIn("Sit down.", self.said("--set", "pace.words=brief"))

    def test_full_after_three_weeks(self):
        self.practised(23, 22, 21)
        self.assertIn(self.FULL, self.said())

    def test_caution_and_closing_once_in_14_days(self):
        self.practised(4, 3, 2, 1)
        now = int(time.time())
        self.set_routine(caution=now - 13 * DAY, closing=now - 14 * DAY)
        said = self.said()
        self.assertNotIn("Stop if it hurts.", said)
        self.assertIn("Go slowly.", said)
        self.assertIn("That was it. See you tomorrow.", said)

    def test_files_know_no_history(self):
        before = self.sv("plan", self.routine).out
        self.practised(4, 3, 2, 1)
        self.set_routine(level=80)
        self.assertEqual(self.sv("plan", self.routine).out, before)
        for words in (("render", self.routine, "neck.wav"), ("captions", self.routine, "neck.vtt"), ("sheet", self.routine, "neck.txt")):
            with self.subTest(words[0]):
                self.sv(*words)
                plain = self.home.path(words[2]).read_bytes()
                self.sv(*words, "--today")
                self.assertNotEqual(self.home.path(words[2]).read_bytes(), plain)


class Level(TestCase):
    def test_rises_after_two(self):
        self.practised(2, 1)
        self.assertIn("A little longer today: level 5.", self.said(*AUTO))
        self.assertEqual(self.level(*AUTO)["level"], 5)
        self.sv("play", self.routine, *FAST, "-q", *AUTO)
        self.assertEqual(history.rows(self.home)[-1]["level"], 5)
        self.assertEqual((self.kept()["level"], self.kept()["judged"]), (5, 2))
        self.assertNotIn("today", self.said(*AUTO))

    def test_a_session_of_a_wished_length(self):
        """Its length chooses its level, which is in the history, and which may have been too much."""
        self.set_routine(level=40, judged=0)
        self.sv("play", self.routine, *FAST, "-q", *AUTO, "--duration", "1m")
        session, steps = history.rows(self.home)[-1], history.rows(self.home, "step")
        self.assertEqual(session["level_given"], 2)
        self.assertEqual({session["level"]}, {step["level"] for step in steps})
        self.assertEqual({step["easier"] for step in steps}, {0})
        self.assertNotEqual(session["level"], 40)
        self.sv("rate", "right", "--pain", "9")
        self.assertEqual(self.level(*AUTO)["level"], 30)

    def test_hard(self):
        self.set_routine(level=40, judged=0)
        self.practised(1, rating="hard")
        self.assertIn("It was hard last time, so it is easier today: level 30.", self.said(*AUTO))

    def test_pain(self):
        self.set_routine(level=40, judged=0)
        self.practised(1, pain=6)
        self.assertEqual(self.level(*AUTO)["level"], 30)
        self.set_routine(level=40, judged=0)

    def test_away(self):
        self.set_routine(level=40, judged=9)
        self.practised(30)
        self.assertIn("After the break we begin gently: level 20.", self.said(*AUTO))

    def test_most(self):
        self.practised(2, 1)
        self.assertEqual(self.level(*AUTO, "--set", "progress.most=3")["level"], 3)

    def test_an_option_wins_and_changes_nothing(self):
        self.set_routine(level=40, judged=0)
        self.practised(2, 1)
        self.assertNotIn("today", self.said(*AUTO, "--level", "70"))
        self.sv("play", self.routine, *FAST, "-q", *AUTO, "--level", "70")
        session = history.rows(self.home)[-1]
        self.assertEqual((session["level"], session["level_given"]), (70, 1))
        self.assertEqual((self.kept()["level"], self.kept()["judged"]), (40, 0))

    def test_off(self):
        self.set_routine(level=40, judged=0)
        self.practised(2, 1)
        self.assertEqual(self.level("--set", "progress.level=off")["level"], 0)
        self.sv("play", self.routine, *FAST, "-q", "--set", "progress.level=off")
        self.assertEqual(history.rows(self.home)[-1]["level"], 0)

    def test_proposes(self):
        self.practised(2, 1)
        self.assertIn("Level 5 would suit you now.", self.said())
        self.assertEqual(self.level(), {"name": "neck", "level": 0, "proposed": 5})
        self.sv("play", self.routine, *FAST, "-q")
        self.assertEqual((history.rows(self.home)[-1]["level"], self.kept()["level"], self.kept()["proposed"]), (0, None, 5))
        self.assertNotIn("would suit", self.said())
        self.assertIn("'stretchvoice level neck 5'", self.sv("level", self.routine).out)
        self.assertEqual(self.sv("level", self.routine, "5").out, "")
        self.assertEqual(self.level(), {"name": "neck", "level": 5, "proposed": None})

    def test_all_routines(self):
        self.assertIn("no routine has been played", self.sv("level").out)
        self.practised(1)
        self.assertEqual(self.sv("level").out, "neck: level 0\n")

    def test_what_is_no_level(self):
        for word in ("-1", "101", "ten", "5.5", ""):
            self.assertOneLine(self.sv("level", self.routine, word, code=2).err, "not a level", "0 to 100")
        self.sv("level", "no-such-routine", code=3)

    def test_a_level_that_is_not_used(self):
        self.assertOneLine(self.sv("level", self.routine, "7", "--set", "progress.level=off").err, "progress.level is off")
        self.assertOneLine(self.sv("level", self.routine, "7", "--set", "progress.most=5").err, "progress.most is 5")


class Kept(TestCase):
    def test_what_was_said_in_full(self):
        self.sv("play", self.routine, *FAST, "-q")
        first = self.kept()
        # It is chosen before the session begins, which may be in the next second.
        self.assertIn(history.rows(self.home)[0]["begun"] - first["caution"], range(60))
        self.assertEqual(first["closing"], first["caution"])
        self.assertNotIn("Stop if it hurts.", self.said())
        self.assertNotIn("That was it.", self.said())

    def test_a_level_that_is_set_meanwhile_stays(self):
        process = self.start("play", "--voice", "tone", "--device", "null", self.routine)
        connection = self.connect()
        connection.wait_playing()
        connection.go_to("two")
        history.wait_rows(self.home, 1)
        self.sv("level", self.routine, "33")
        connection.ask("next")
        history.wait_rows(self.home, 2, "step")
        connection.ask("stop")
        self.assertEqual(process.wait(), 0)
        self.assertEqual(self.kept()["level"], 33)


class Questions(TestCase):
    """With a voice of tones, in real time: so that little of it passes, little is said and waited for."""
    QUICK = [word for setting in ("pace.words=brief", "pace.prepare=0s", "pace.settle=0s", "pace.gap=0s", "sound.wake=0s") for word in ("--set", setting)]

    def begin(self, *options):
        process = self.start("play", "--voice", "tone", "--device", "null", "--plain=words", self.routine, *self.QUICK, *options)
        return process, self.connect()

    def to_the_end(self, connection):
        connection.wait_playing()
        for _ in range(3):
            connection.ask("next")

    def wait_words(self, process, words):
        sv.wait_for(lambda: words in process.printed(), words, 30)

    def rating(self, process):
        self.assertEqual(process.wait(), 0)
        return history.rows(self.home)[-1]["rating"]

    def test_a_rating(self):
        for command, rating in (("next", "easy"), ("previous", "hard"), ("begin", "right")):
            with self.subTest(rating):
                process, connection = self.begin()
                self.to_the_end(connection)
                self.wait_words(process, "How was that?")
                self.assertIn(": noted.", connection.ask(command).fields["answer"])
                self.assertEqual(self.rating(process), rating)
                self.assertEqual(history.rows(self.home)[-1]["complete"], 1)
                self.assertIn(": noted.", process.printed())

    def test_silence_means_right(self):
        process, connection = self.begin()
        self.to_the_end(connection)
        self.assertEqual(self.rating(process), "right")
        self.assertIn("Just right: noted.", process.printed())

    def test_stopped_it_is_not_rated(self):
        process, connection = self.begin()
        self.to_the_end(connection)
        self.wait_words(process, "How was that?")
        connection.ask("stop")
        self.assertIsNone(self.rating(process))

    def test_it_hurt(self):
        self.practised(1, rating="hard")
        self.set_routine(level=40)
        process, connection = self.begin(*AUTO)
        self.wait_words(process, "Did it hurt")
        self.assertIn("level 20", connection.ask("next").fields["answer"])
        connection.wait_status(level=20)
        connection.go_to("two")
        connection.ask("stop")
        self.assertEqual(process.wait(), 0)
        self.assertEqual((self.kept()["level"], self.kept()["quiet"], self.kept()["ask"]), (20, 2, 0))
        self.assertEqual(history.rows(self.home)[-1]["level"], 30)

    def test_nobody_can_answer(self):
        """Without a socket, a bus or a terminal, and where the sound takes no time."""
        self.practised(1, rating="hard")
        for options in (FAST, ("--device", "null", "--voice", "tone", "--socket", "/nowhere/socket", "--set", "control.mpris=no")):
            with self.subTest(options):
                run = self.sv("play", self.routine, *options, "--plain=words", *self.QUICK, "--only", "two", *AUTO)
                self.assertNotIn("?", run.out)
                self.assertIsNone(history.rows(self.home)[-1]["rating"])

    def test_off(self):
        process, connection = self.begin("--set", "progress.level=off")
        connection.wait_playing()
        for _ in range(3):
            connection.ask("next")
        self.assertEqual(process.wait(), 0)
        self.assertIsNone(history.rows(self.home)[-1]["rating"])


class Rate(TestCase):
    def rate(self, *words, **rest):
        return self.sv("rate", *words, **rest)

    def test_the_last_session_though_the_clock_was_wrong(self):
        self.practised(-700, 1)
        self.rate("easy")
        self.assertEqual([row["rating"] for row in history.rows(self.home)], [None, "easy"])

    def test_the_last_session(self):
        self.practised(2, 1)
        self.assertRegex(self.rate("hard", "--pain", "6", "--note", "My neck; '\n").out, r"^Neck, \d{4}-\d\d-\d\d \d\d:\d\d: hard, pain 6\n$")
        first, last = history.rows(self.home)
        self.assertEqual((first["rating"], first["pain"], first["note"]), (None, None, None))
        self.assertEqual((last["rating"], last["pain"], last["note"]), ("hard", 6, "My neck; '\n"))
        self.rate("easy")
        last = history.rows(self.home)[-1]
        self.assertEqual((last["rating"], last["pain"], last["note"]), ("easy", 6, "My neck; '\n"))

    def test_it_is_easier_at_once(self):
        self.practised(1)
        self.set_routine(level=40)
        self.rate("hard")
        self.assertEqual(self.level(*AUTO)["level"], 30)

    def test_what_is_wrong(self):
        self.assertOneLine(self.rate("easy", code=3).err, "no session to rate")
        for words in (("good",), ("easy", "--pain", "11"), ("easy", "--pain", "-1"), ("easy", "--pain", "x"), ("easy", "--note", "x" * 3000)):
            self.assertOneLine(self.rate(*words, code=2).err, "rate: not a")
        self.rate(code=2)


class Trouble(TestCase):
    def test_without_a_history_it_is_as_the_settings_say(self):
        usual = self.said("--level", "20")
        self.practised(4, 3, 2, 1)
        self.set_routine(level=90)
        path = history.path(self.home)
        data = path.read_bytes()
        for how in ("damaged", "missing", "newer", "locked", "no table"):
            with self.subTest(how):
                path.write_bytes(data)
                if how == "damaged":
                    path.write_bytes(b"This is no database. " * 1000)
                if how == "missing":
                    path.unlink()
                database = sqlite3.connect(path)
                if how == "newer":
                    database.execute("PRAGMA user_version = 99")
                if how == "no table":
                    database.executescript("DROP TABLE routine; DROP TABLE session")
                if how == "locked":
                    database.executescript("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; DELETE FROM routine")
                self.assertEqual(self.said("--set", "pace.level=20"), usual)
                database.close()
                if how == "missing":
                    path.unlink()

    def test_values_that_make_no_sense(self):
        self.practised(4, 3, 2, 1)
        self.set_routine(level=-7000000000, judged=-1, well=-5, quiet=1 << 40, risen="x", caution=1 << 62, proposed=1 << 33)
        self.practised(0, begun=-1 << 63, begun_zone=1 << 60, holds_done=-1 << 62)
        self.said(*AUTO)
        self.assertIn(self.level(*AUTO)["level"], range(101))

    def test_history_that_is_not_kept_is_not_read(self):
        self.practised(4, 3, 2, 1)
        self.set_routine(level=90)
        self.assertIn("Look ahead.", self.said("--set", "history.keep=no"))


if __name__ == "__main__":
    unittest.main()
