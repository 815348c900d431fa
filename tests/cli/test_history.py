"""What is practised becomes rows of the history, and `history` shows them."""
import csv
import datetime
import io
import re
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree

import control
import history
import sv
from history import FAST, ROUTINE


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


    def steer(self, *commands):
        """A session in which these are given, each in the hold of its step."""
        _, connection = self.play_own()
        for step, command in commands:
            connection.go_to(step)
            connection.ask("begin")
            self.assertEqual(connection.ask(command).code, 0)
        return connection

    def play_own(self):
        process = self.start("play", "--voice", "tone", "--device", "null", self.routine)
        connection = self.connect()
        connection.wait_playing()
        return process, connection

    def test_what_was_left_out_and_changed(self):
        connection = self.steer(("one", "longer"), ("two", "easier"), ("three", "next"))
        connection.ask("stop")
        session = sv.wait_for(lambda: [s for s in self.sessions() if s["complete"]], "the session")[0]
        self.assertEqual((session["longer"], session["easier"]), (["one"], ["two"]))
        self.assertEqual(session["skipped"], ["one", "two", "three"])
        self.assertEqual([step["longer"] for step in session["steps"]], [10, 0, 0])
        self.assertEqual(session["holds_done"], 0)

    def test_a_session_that_is_stopped(self):
        connection = self.steer(("two", "where"))
        connection.ask("stop")
        session = history.wait_rows(self.home, 1)[0]
        sv.wait_for(lambda: len(history.rows(self.home, "step")) == 2, "both of its steps")
        self.assertEqual((session["complete"], session["skipped"]), (0, "one"))

    def test_one_that_is_stopped_before_its_first_step_is_not_kept(self):
        process, connection = self.play_own()
        connection.ask("stop")
        process.wait()
        self.assertEqual(self.sessions(), [])

    def test_a_step_is_written_at_its_end(self):
        connection = self.steer(("two", "where"))
        history.wait_rows(self.home, 1)
        self.assertEqual(connection.status()["step"], "two")

    def test_interrupted(self):
        process, connection = self.play_own()
        connection.go_to("three")
        process.send_signal(signal.SIGINT)
        process.wait()
        session, = self.sessions()
        self.assertFalse(session["complete"])
        self.assertEqual([step["number"] for step in session["steps"]], [1, 2, 3])

    def test_a_session_in_a_daemon_is_that_of_its_client(self):
        self.start("daemon", env={"XDG_DATA_HOME": str(self.home.path("other"))})
        self.connect()
        self.sv("play", self.routine, *FAST, "-q")
        history.wait_rows(self.home, 1)
        self.assertFalse(self.home.path("other/stretchvoice/history.db").exists())

    def test_a_daemon_that_ends(self):
        """The step under way is written too."""
        daemon = self.start("daemon")
        self.connect()
        self.sv("play", "--voice", "tone", "--device", "null", "--background", self.routine)
        connection = self.connect()
        connection.wait_playing()
        connection.go_to("two")
        daemon.terminate()
        daemon.wait()
        sv.wait_for(lambda: [row["name"] for row in history.rows(self.home, "step")] == ["one", "two"], "both steps")


class Made(sv.TestCase):
    """A history of sessions that a test has made."""

    empty = None  # a database without sessions

    def setUp(self):
        super().setUp()
        self.routine = self.home.write("short.ini", ROUTINE)
        if not Made.empty:
            self.sv("play", self.routine, *FAST, "-q")
            self.sv("history", "forget", "1")
            Made.empty = history.path(self.home).read_bytes()
        self.home.write("data/stretchvoice/history.db", Made.empty)

    def add(self, *sessions):
        with history.opened(self.home) as database:
            history.add(database, sessions)

    def days_ago(self, days, **session):
        begun = int(time.time()) - 86400 * days
        return {"begun": begun, "ended": begun + session.get("seconds", 600), **session}


class Shown(Made):
    """What `history` prints for people."""

    def test_no_history(self):
        for options in ((), ("--plain",), ("--json",), ("--csv",), ("--jrnl",), ("--ics",)):
            self.assertEqual(self.sv("history", *options).err, "")
        history.path(self.home).unlink()
        self.assertIn("This week   0 sessions, 0 minutes", self.sv("history").out)
        self.assertFalse(history.path(self.home).exists())

    def test_this_week_and_a_usual_one(self):
        weekday = time.gmtime().tm_wday
        before = [self.days_ago(weekday + 7 * week - 3) for week in range(1, 9) for _ in range(week % 2 + 2)]
        self.add(*before, self.days_ago(0, seconds=1500))
        self.assertEqual(self.sv("history", "--plain").out.splitlines()[:2],
                         ["This week 1, usually 3.", "Minutes this week 25, usually 25."])
        out = self.sv("history").out
        self.assertIn("This week   1 session, 25 minutes\nUsual week  3 sessions, 25 minutes\n", out)

    def test_the_calendar(self):
        weekday = time.gmtime().tm_wday
        self.add(self.days_ago(0, seconds=1500), self.days_ago(7, seconds=60), self.days_ago(14, seconds=3600), self.days_ago(21, seconds=800))
        lines = self.sv("history").out.splitlines()
        self.assertEqual([line[:5] for line in lines[1:8]], [f"{day}  " for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")])
        row = lines[1 + weekday][5:]
        self.assertEqual(row, "·" * 22 + "▒█░▓")
        self.assertTrue(all(len(line) - 5 == 26 - (day > weekday) for day, line in enumerate(lines[1:8])))
        self.assertEqual(self.sv("history", env={"LC_ALL": "C"}).out.splitlines()[1 + weekday][5:], "." * 22 + "+#-*")

    def test_colours(self):
        self.add(self.days_ago(0, seconds=1500))
        self.assertNotIn("\033", self.sv("history").out)
        for terminal, color in (("xterm", "32"), ("xterm-256color", "38;5;34")):
            self.assertIn(f"\033[{color}m▓\033[0m", self.sv("history", "--color", "always", env={"TERM": terminal}).out)

    def test_the_last_ten(self):
        self.add(*(self.days_ago(20 - day, title=f"Number {day}", seconds=60 * day) for day in range(1, 15)))
        rows = self.sv("history").out.splitlines()[-10:]
        self.assertEqual([re.search("Number ([0-9]+)", row)[1] for row in rows], [str(day) for day in range(14, 4, -1)])
        self.assertIn("14 min  8 of 8 holds", rows[0])
        self.add(self.days_ago(0, title="Cut", complete=0, skipped="cobra\nbridge", holds_done=3))
        with history.opened(self.home) as database:
            database.execute("INSERT INTO step (session, number, name, title, seconds, holds_done, holds, level, skipped, longer, easier)"
                             " SELECT max(id), 1, 'cobra', 'The cobra', 0, 0, 1, 0, 1, 0, 0 FROM session")
            database.commit()
        self.assertIn("3 of 8 holds, not to the end, without The cobra, bridge", self.sv("history").out)
        self.assertRegex(self.sv("history", "--plain").out,
                         r"\d: Cut, 10 minutes, 3 of 8 holds, not to the end, without The cobra, bridge. Number \d+\.\n")

    def test_the_day_is_that_of_the_place(self):
        """The same moment, in Tokyo and in Los Angeles."""
        self.add(*({"begun": 1796000000, "begun_zone": 3600 * zone, "title": f"Zone {zone}"} for zone in (9, -8)))
        begun = [session["begun"] for session in self.sv("history", "--json").lines()]
        self.assertEqual(begun, [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1796000000 + 3600 * zone)) +
                                 f"{'+' if zone > 0 else '-'}{abs(zone):02}:00" for zone in (9, -8)])

    def test_list_shows_when_it_was_last_done(self):
        self.add({"routine": "middle-back", "begun": 1790000000, "begun_zone": 7200}, {"routine": "middle-back", "begun": 1780000000})
        rows = {row["name"]: row["last_done"] for row in self.sv("list", "--json").lines()}
        day = time.strftime("%Y-%m-%d", time.gmtime(1790000000 + 7200))
        self.assertTrue(rows["middle-back"].startswith(day) and rows["middle-back"].endswith("+02:00"))
        self.assertIsNone(rows["breathing"])
        self.assertEqual(self.sv("list").out.count(f"    last done: {day}\n"), 1)

    def test_several_routines_at_once_were_each_done(self):
        self.add({"routine": "hips", "begun": 1790000000}, {"routine": "hips+breathing+wrists", "begun": 1791000000},
                 {"routine": "breathing", "begun": 1792000000}, {"routine": "upper-back", "begun": 1793000000})
        rows = {row["name"]: row["last_done"] for row in self.sv("list", "--json").lines()}
        done = {name: time.strftime("%Y-%m-%d", time.gmtime(begun)) for name, begun in
                (("hips", 1791000000), ("wrists", 1791000000), ("breathing", 1792000000), ("upper-back", 1793000000))}
        self.assertEqual({name: last[:10] for name, last in rows.items() if last}, done)

    def test_forgetting(self):
        self.add({"begun": 1780000000, "title": "Old xyzzy"}, {"begun": 1790000000}, {"begun": 1791000000})
        self.assertEqual(self.sv("history", "forget", "--before", time.strftime("%Y-%m-%d", time.gmtime(1790000000))).out, "1 session forgotten\n")
        self.assertNotIn(b"xyzzy", history.path(self.home).read_bytes())
        ids = [session["id"] for session in self.sv("history", "--json").lines()]
        self.assertEqual(self.sv("history", "forget", ids[0]).out, "1 session forgotten\n")
        self.assertEqual([session["id"] for session in self.sv("history", "--json").lines()], ids[1:])
        self.assertIn(f"there is no session {ids[0]}", self.sv("history", "forget", ids[0], code=3).err)

    def test_steps_are_forgotten_too(self):
        self.sv("play", self.routine, *FAST, "-q")
        self.assertEqual(len(history.rows(self.home, "step")), 3)
        self.sv("history", "forget", history.rows(self.home)[0]["id"])
        self.assertEqual(history.rows(self.home, "step"), [])

    def test_wrong_options(self):
        for options in (("forget",), ("forget", "1", "--before", "2026-01-01"), ("forgt", "1"), ("--json", "--csv"), ("--before", "2026-01-01"),
                        ("forget", "x"), ("forget", "0"), ("forget", "--before", "2026-02-30"), ("forget", "--before", "yesterday"),
                        ("--svg", "x.svg", "--plain"), ("forget", "1", "2")):
            with self.subTest(options):
                run = self.sv("history", *options, code=2)
                self.assertEqual((run.out, len(run.err.splitlines())), ("", 1))


# What a cell, a property and a line must survive.
ODD = {"title": 'Says "go, or stay"; \\ äöü', "note": "line one\nBEGIN:VEVENT, =1+1\n[2026-01-01 10:00] no entry", "file": "/a b,c/ü.ini",
       "rating": "easy", "pain": 3, "skipped": "cobra\nbridge", "longer": "cat", "level": 15, "begun": 1790000000, "begun_zone": -12600,
       "ended": 1790000900, "ended_zone": -12600, "seconds": 840}


class Exports(Made):
    """Read back by programs that are not ours."""

    def setUp(self):
        super().setUp()
        self.add(ODD, {"begun": 1790100000})
        zone = datetime.timezone(datetime.timedelta(seconds=-12600))
        self.begun, self.ended = (datetime.datetime.fromtimestamp(ODD[key], zone) for key in ("begun", "ended"))

    def test_json(self):
        session, other = self.sv("history", "--json").lines()
        for key in ("title", "note", "file", "rating", "pain", "level", "seconds"):
            self.assertEqual(session[key], ODD[key])
        self.assertEqual((session["skipped"], session["longer"], session["easier"]), (["cobra", "bridge"], ["cat"], []))
        self.assertIs(session["level_given"], False)
        self.assertEqual(datetime.datetime.fromisoformat(session["begun"]), self.begun)
        self.assertEqual(datetime.datetime.fromisoformat(session["begun"]).utcoffset(), self.begun.utcoffset())
        self.assertIsNone(other["pain"])

    def test_csv(self):
        session, other = csv.DictReader(io.StringIO(self.sv("history", "--csv").out, newline=""), strict=True)
        for key in ("title", "note", "file", "rating", "pain", "level", "seconds"):
            self.assertEqual(session[key], str(ODD[key]))
        self.assertEqual((session["skipped"], session["complete"], other["pain"]), ("cobra; bridge", "yes", ""))
        self.assertEqual(set(session), set(self.sv("history", "--json").lines()[0]) - {"steps"})

    def test_jrnl(self):
        """As jrnl cuts a journal into entries: at lines that begin with a time in brackets."""
        out = self.sv("history", "--jrnl").out
        entries = re.findall(r"(?m)^\[(\d{4}-\d\d-\d\d \d\d:\d\d)\] (.*)\n((?:(?!\[).+\n)*)", out)
        self.assertEqual(len(entries), 2)
        self.assertEqual(len(re.findall(r"(?m)^\[", out)), 2)
        when, title, body = entries[0]
        self.assertEqual((when, title), (self.begun.strftime("%Y-%m-%d %H:%M"), ODD["title"] + "."))
        self.assertIn("pain: 3\n", body)
        self.assertIn(f"begun: {self.begun.isoformat()}\n", body)

    def test_ics(self):
        icalendar = self.need_icalendar()
        out = self.sv("history", "--ics").out
        self.assertTrue(all(len(line.encode()) <= 75 for line in out.split("\r\n")))
        events = icalendar.Calendar.from_ical(out).walk("VEVENT")
        self.assertEqual(len(events), 2)
        self.assertEqual(str(events[0]["SUMMARY"]), ODD["title"])
        self.assertEqual((events[0].decoded("DTSTART"), events[0].decoded("DTEND")), (self.begun, self.ended))
        self.assertIn("note: line one BEGIN:VEVENT, =1+1 [2026-01-01 10:00] no entry", str(events[0]["DESCRIPTION"]))
        self.assertEqual(len({str(event["UID"]) for event in events}), 2)

    def need_icalendar(self):
        try:
            import icalendar
            return icalendar
        except ImportError:
            sv.lack("python3-icalendar is not installed")

    def test_svg(self):
        sv.need("rsvg-convert")
        path = self.home.path("out.svg")
        self.add(self.days_ago(0, seconds=1500), self.days_ago(7, seconds=3000))
        self.sv("history", "--svg", path)
        picture = xml.etree.ElementTree.parse(path).getroot()
        rects = picture.findall("{http://www.w3.org/2000/svg}rect")
        days, weeks = ([rect for rect in rects if rect.get("class") == kind] for kind in ("day", "week"))
        self.assertEqual((len(days), len(weeks)), (26 * 7 - 6 + time.gmtime().tm_wday, 26))
        self.assertEqual([int(week.get("height")) for week in weeks[-2:]], [100, 50])
        subprocess.run(["rsvg-convert", "-o", self.home.path("out.png"), path], check=True)
        self.assertGreater(self.home.path("out.png").stat().st_size, 1000)
        self.assertOneLine(self.sv("history", "--svg", "/nowhere/x.svg", code=1).err, "/nowhere/x.svg")

    def assertOneLine(self, text, *parts):
        self.assertEqual(len(text.splitlines()), 1, text)
        for part in parts:
            self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main()
