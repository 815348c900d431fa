"""`remind`: the units that it writes as systemd reads them, what it refuses, and the calendar as another reader has it."""
import datetime
import json
import os
import re
import shutil
import subprocess
import unittest
import wave
import zoneinfo

import dateutil.rrule
import icalendar

import control
import sv

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
ROUTINE = "[routine]\ntitle = My back; or, 50% of it\n[one]\nsay = Sit.\nhold = 20s\n"
ODD = 'a b%n $HOME "quoted" \'x\' \\ #;ü'


class RemindCase(sv.TestCase):
    def setUp(self):
        super().setUp()
        sv.need("systemd-analyze")
        self.units = self.home.path("config/systemd/user")
        self.home.write("config/stretchvoice/routines/back.ini", ROUTINE)

    def unit(self, number=1, kind="timer"):
        return self.units / f"stretchvoice-remind-{number}.{kind}"

    def values(self, key, number=1, kind="timer"):
        return re.findall(rf"(?m)^{key}=(.*)$", self.unit(number, kind).read_text())

    def analyze(self, *words, **env):
        return subprocess.run(["systemd-analyze", "--no-pager", *map(str, words)], env=self.home.env | env, capture_output=True, text=True,
                              timeout=60 * sv.SLOW, check=False)

    def assertClean(self):
        """systemd finds nothing wrong with any unit."""
        run = self.analyze("--user", "verify", *sorted(self.units.glob("stretchvoice-remind-*.*")))
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def remind(self, *words, code=0):
        """Without a manager, it says which command switches the reminder on."""
        run = self.sv("remind", *words, code=code)
        if code == 0:
            self.assertRegex(run.err, r"^stretchvoice: your systemd does not answer; 'systemctl --user enable --now "
                                      r"stretchvoice-remind-\d+\.timer' switches the reminder on\n$")
        return run


class Written(RemindCase):
    def test_a_reminder(self):
        run = self.remind("back", "08:00", "--days", "mon-fri")
        self.assertEqual(run.out, "1  back  08:00  mon-fri  say  (off)\n")
        self.assertEqual(self.values("OnCalendar"), ["Mon..Fri *-*-* 08:00:00"])
        self.assertEqual(self.values("Persistent"), ["true"])
        self.assertEqual(self.values("WantedBy"), ["timers.target"])
        self.assertEqual(self.values("ExecStart", kind="service"), [f':"{sv.PROGRAM}" "remind" "now" "back" "--say"'])
        self.assertClean()

    def test_again_and_again(self):
        self.remind("back", "--every", "90m", "--from", "9:00", "--to", "17:00", "--notify")
        self.assertEqual(self.values("OnCalendar"),
                         [f"*-*-* {time}:00" for time in ("09:00", "10:30", "12:00", "13:30", "15:00", "16:30")])
        self.remind("back", "9:30", "--every", "2h", "--to", "13:30")
        self.assertEqual(self.values("OnCalendar", 2), [f"*-*-* {time}:00" for time in ("09:30", "11:30", "13:30")])
        self.remind("back", "8:00", "--every", "24h", "--from", "8:00", "--to", "8:00", "--play")
        self.assertEqual(self.values("OnCalendar", 3), ["*-*-* 08:00:00"])
        self.remind("back", "8:00", "--every", "10m", "--from", "0:00", "--to", "23:59")
        self.assertEqual(len(self.values("OnCalendar", 4)), 24 * 6)
        self.assertClean()

    def test_systemd_reads_the_times(self):
        self.remind("back", "08:00", "--days", "fri-mon,wed")
        run = self.analyze("calendar", self.values("OnCalendar")[0])
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("Mon,Wed,Fri..Sun *-*-* 08:00:00", run.stdout)

    def test_the_time_of_the_day_stays_when_summer_begins_and_ends(self):
        self.remind("back", "08:00")
        for begin, zones in (("2027-03-27", {"CET", "CEST"}), ("2027-10-30", {"CEST", "CET"})):
            run = self.analyze("calendar", "--iterations=3", f"--base-time={begin} 00:00", self.values("OnCalendar")[0], TZ="Europe/Berlin")
            found = re.findall(r"\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d) (CES?T)", run.stdout)
            self.assertEqual([time for time, _ in found], ["08:00:00"] * 3, run.stdout)
            self.assertEqual({zone for _, zone in found}, zones)

    def test_the_options_are_those_of_the_session(self):
        config = self.home.write("my settings.ini", "[pace]\nlevel = 10\n")
        self.remind("back", "8:00", "--play", "--level", "20", "--set", "pace.speed=150%", "--config", config.name, "--device", "null",
                    "--duration", "off", "--socket", "a socket")
        self.assertEqual(self.values("ExecStart", kind="service"),
                         [f':"{sv.PROGRAM}" "remind" "now" "back" "--play" "--config" "{config}" "--set" "pace.speed=150%%" "--level" "20"'
                          f' "--duration" "off" "--device" "null" "--socket" "{self.home.path("a socket")}"'])
        self.assertClean()

    def test_relative_paths_are_those_of_the_one_who_asks(self):
        shutil.copy(sv.TOP / "tests/voices/tone.ini", self.home.path("mine.ini"))
        with wave.open(str(self.home.path("go.wav")), "wb") as sound:
            sound.setparams((1, 2, 48000, 0, "NONE", ""))
            sound.writeframes(b"\0\x40\0\xc0" * 2400)
        self.remind("back", "8:00", "--set", " music.file = a song.ogg", "--set", "cues.go=./go.wav", "--set", "cues.end=bell", "--set", "pace.speed=150%",
                    "--set", "voice.profile=./mine.ini", "--set", "music.file=")
        words = re.findall(r'"--set" "(.*?)"', self.values("ExecStart", kind="service")[0])
        self.assertEqual(words, [f"music.file={self.home.path('a song.ogg')}", f"cues.go={self.home.path('go.wav')}", "cues.end=bell",
                                 "pace.speed=150%%", f"voice.profile={self.home.path('mine.ini')}", "music.file="])

    def test_odd_paths_are_escaped(self):
        path = self.home.write(f"{ODD}/{ODD}.ini", ROUTINE)
        self.remind(f"{ODD}/{ODD}.ini", "8:00")
        self.assertEqual(self.sv("remind", "--json").lines()[0]["routine"], str(path))
        self.assertClean()
        (line,) = self.values("ExecStart", kind="service")
        self.assertIn(str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%"), line)

    def test_the_first_free_number_is_taken(self):
        for _ in range(3):
            self.remind("back", "8:00")
        self.sv("remind", "remove", "2")
        self.assertIn("2  back", self.remind("back", "9:00").out)
        self.assertEqual([reminder["number"] for reminder in self.sv("remind", "--json").lines()], [1, 2, 3])

    def test_several_that_are_made_at_once(self):
        """Each has a number of its own."""
        made = [self.home.start("remind", "back", f"{hour}:00") for hour in range(8, 14)]
        for process in made:
            process.communicate()
        self.assertEqual([reminder["number"] for reminder in self.sv("remind", "--json").lines()], list(range(1, 7)))

    def test_what_one_that_was_killed_has_left(self):
        """A unit without its timer: its number is free."""
        self.remind("back", "8:00")
        self.unit().unlink()
        self.assertIn("1  back", self.remind("back", "9:00").out)

    def test_what_is_there_is_listed(self):
        self.assertRegex(self.sv("remind").out, "^There are no reminders; ")
        self.assertEqual(self.sv("remind", "--json").out, "")
        self.remind("back", "8:00", "--days", "sun")
        self.assertEqual(self.sv("remind").out, "1  back  08:00  sun  say  (off)\n")
        self.assertEqual(json.loads(self.sv("remind", "--json").out),
                         {"number": 1, "routine": "back", "times": ["08:00"], "days": "sun", "way": "say", "on": False, "file": str(self.unit())})
        self.unit().write_text("[Timer]\nOnCalendar=daily\n")
        run = self.sv("remind")
        self.assertIn("remind-1.timer is no reminder that can be read", run.err)

    def test_what_is_removed_is_gone(self):
        self.remind("back", "8:00")
        wants = self.units / "timers.target.wants"
        wants.mkdir()
        (wants / self.unit().name).symlink_to(self.unit())
        stamp = self.home.write(f"data/systemd/timers/stamp-{self.unit().name}", "")
        self.assertNotIn("(off)", self.sv("remind").out)
        self.sv("remind", "remove", "1")
        self.assertEqual([path for path in self.units.rglob("*") if not path.is_dir()], [])
        self.assertFalse(stamp.exists())
        run = self.sv("remind", "remove", "1", code=3)
        self.assertEqual(run.err, "stretchvoice: there is no reminder 1; 'remind' shows the numbers\n")

    def test_a_new_one_does_not_begin_where_an_old_one_ended(self):
        """systemd makes up for what was missed since the date of this file."""
        stamp = self.home.write(f"data/systemd/timers/stamp-{self.unit().name}", "")
        self.remind("back", "8:00")
        self.assertFalse(stamp.exists())


class Refused(RemindCase):
    def assertRefused(self, part, *words, code=2):
        run = self.sv("remind", *words, code=code)
        self.assertIn(part, run.err)
        self.assertEqual(run.err.count("\n"), 1, run.err)
        self.assertEqual(run.out, "")
        self.assertEqual(list(self.units.glob("*")) if self.units.exists() else [], [])

    def test_times(self):
        for time in ("8", "24:00", "8:60", "8:00\n", "%h", "noon", "8:00:00", "-1:00", '8:00"', "*:00"):
            with self.subTest(time):
                self.assertRefused("not a time of the day", "back", "--", time)

    def test_days(self):
        for days in ("", "mon-", "someday", "mon..fri", "mon;fri", "%a"):
            with self.subTest(days):
                self.assertRefused("not days of the week", "back", "8:00", "--days", days)

    def test_every(self):
        for part, *words in (("--every needs", "back", "--every", "90m"), ("--every needs", "back", "8:00", "--every", "90m"),
                             ("--every needs", "back", "--every", "1h", "--to", "9:00"),
                             ("not a time for --every", "back", "8:00", "--every", "9m", "--to", "9:00"),
                             ("not a time for --every", "back", "8:00", "--every", "25h", "--to", "9:00"),
                             ("not a time for --every", "back", "8:00", "--every", "90s", "--to", "9:00"),
                             ("not a time for --every", "back", "8:00", "--every", "-1h", "--to", "9:00"),
                             ("--to must be later", "back", "8:00", "--every", "1h", "--to", "7:00"),
                             ("--from and --to need --every", "back", "8:00", "--to", "9:00")):
            with self.subTest(words):
                self.assertRefused(part, *words)

    def test_words(self):
        for part, *words in (("when?", "back"), ("which routine?", "--days", "mon"), ("which routine?", "--say"),
                             ("exclude each other", "back", "8:00", "--say", "--play"), ("exclude each other", "now", "back", "--say", "--play"),
                             ("needs the number", "remove"), ("needs a routine", "now"), ("not the number", "remove", "one"),
                             ("not the number", "remove", "0"), ("not the number", "remove", "99999999999"), ("new reminder", "remove", "1", "--say"),
                             ("new reminder", "now", "back", "--days", "mon"), ("--json", "back", "8:00", "--json"),
                             ("takes no argument", "back", "8:00", "9:00"), ("no reminder to write", "--ics", "-")):
            with self.subTest(words):
                self.assertRefused(part, *words)

    def test_routines(self):
        self.assertRefused("no routine of that name", "no-such", "8:00", code=3)
        self.home.write("config/stretchvoice/routines/wrong.ini", "[one]\nhold = x\n")
        self.sv("remind", "wrong", "8:00", code=3)
        self.assertFalse(self.units.exists())
        for name in ("a\nb.ini", "a\x1b[31m.ini", os.fsdecode(b"\xff.ini")):
            with self.subTest(name):
                self.home.write(name, ROUTINE)
                self.assertRefused("not a routine that systemd can name", name, "8:00")

    def test_options_that_cannot_be_written(self):
        self.assertRefused("UTF-8", "back", "8:00", "--socket", "x\nExecStartPre=/bin/false")

    def test_a_directory_that_cannot_be_written(self):
        self.home.write("config/systemd", "a file")
        run = self.sv("remind", "back", "8:00", code=1)
        self.assertIn("systemd", run.err)


class Calendar(RemindCase):
    def calendar(self, *words):
        self.sv("remind", *words, "--ics", "mine.ics")
        text = self.home.path("mine.ics").read_bytes()
        self.assertTrue(all(len(line) <= 75 for line in text.split(b"\r\n")))
        self.assertNotIn(b"\n", text.replace(b"\r\n", b""))
        calendar = icalendar.Calendar.from_ical(text)
        self.assertEqual([event.errors for event in calendar.walk()], [[]] * len(calendar.walk()))
        return calendar.walk("VEVENT")

    def starts(self, event, begin, end):
        """When it takes place, in Berlin."""
        rule = dateutil.rrule.rrulestr(event["RRULE"].to_ical().decode(), dtstart=event["DTSTART"].dt)
        return [time.replace(tzinfo=BERLIN) for time in rule.between(begin, end)]

    def test_a_reminder(self):
        (event,) = self.calendar("back", "8:00", "--days", "mon,thu")
        self.assertEqual(event["SUMMARY"], "My back; or, 50% of it")
        first = event["DTSTART"].dt
        self.assertIsNone(first.tzinfo)
        self.assertIn(first.weekday(), (0, 3))
        self.assertGreater(first, datetime.datetime.now())
        (alarm,) = event.walk("VALARM")
        self.assertEqual((alarm["ACTION"], alarm["TRIGGER"].dt), ("DISPLAY", datetime.timedelta()))
        self.assertTrue(alarm["DESCRIPTION"])
        self.assertGreaterEqual(event["DURATION"].dt, datetime.timedelta(minutes=1))
        self.assertFalse(self.units.exists())

    def test_the_time_of_the_day_stays_when_summer_begins(self):
        (event,) = self.calendar("back", "8:00")
        begin = datetime.datetime(2028, 3, 25)  # a Saturday: on Sunday summer time begins
        starts = self.starts(event, begin, begin + datetime.timedelta(3))
        self.assertEqual([start.hour for start in starts], [8, 8, 8])
        self.assertEqual(len({start.utcoffset() for start in starts}), 2)

    def test_all_of_them(self):
        self.remind("back", "8:00", "--days", "mon-fri")
        self.remind("back", "--every", "2h", "--from", "9:00", "--to", "13:00")
        events = self.calendar()
        self.assertEqual([event["DTSTART"].dt.hour for event in events], [8, 9, 11, 13])
        self.assertEqual(len({event["UID"] for event in events}), 4)
        again = self.calendar()
        self.assertEqual({event["UID"] for event in events}, {event["UID"] for event in again})

    def test_to_standard_output(self):
        self.assertEqual(len(icalendar.Calendar.from_ical(self.sv("remind", "back", "8:00", "--ics", "-").out).walk("VEVENT")), 1)


class Managed(control.TestCase):
    """With a real user manager, in a mount namespace of its own that looks as if systemd had booted it."""

    def setUp(self):
        super().setUp()
        sv.need("unshare", "systemctl", "dbus-daemon")
        self.home.write("config/stretchvoice/routines/back.ini", ROUTINE)
        script = "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec /lib/systemd/systemd --user --unit=dbus.socket"
        self.manager = subprocess.Popen(["unshare", "-m", "sh", "-c", script], env=self.home.env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        sv.wait_for(lambda: self.manager.poll() is not None or self.is_up(), "the user manager", 30)
        if self.manager.poll() is not None:
            self.skipTest("systemd cannot run here")

    def systemctl(self, *words):
        return subprocess.run(["systemctl", "--user", "--no-pager", *words], env=self.home.env, capture_output=True, text=True,
                              timeout=60 * sv.SLOW, check=False)

    def is_up(self):
        """Also on the bus."""
        run = subprocess.run(["gdbus", "call", "--session", "-d", "org.freedesktop.systemd1", "-o", "/org/freedesktop/systemd1", "-m",
                              "org.freedesktop.DBus.Peer.Ping"], env=self.home.env, capture_output=True, check=False)
        return run.returncode == 0

    def end(self):
        if self.manager.poll() is None:
            self.systemctl("exit")
        try:
            self.manager.wait(20 * sv.SLOW)
        except subprocess.TimeoutExpired:
            self.manager.kill()
            self.manager.wait()

    def property(self, unit, name):
        return self.systemctl("show", unit, "-p", name, "--value").stdout.strip()

    def test_it_is_switched_on_and_off(self):
        run = self.sv("remind", "back", "08:00", "--days", "mon-fri")
        self.assertEqual((run.out, run.err), ("1  back  08:00  mon-fri  say\n", ""))
        timer = "stretchvoice-remind-1.timer"
        self.assertEqual(self.property(timer, "ActiveState"), "active")
        self.assertEqual(self.property(timer, "UnitFileState"), "enabled")
        self.assertIn("Mon..Fri *-*-* 08:00:00", self.property(timer, "TimersCalendar"))
        self.assertEqual(self.property(timer, "Triggers"), "stretchvoice-remind-1.service")
        self.assertEqual(self.property("stretchvoice-remind-1.service", "ActiveState"), "inactive")
        self.sv("remind", "remove", "1")
        self.assertEqual(self.property(timer, "ActiveState"), "inactive")
        self.assertEqual(self.property(timer, "LoadState"), "not-found")
        self.assertEqual([path for path in self.home.path("config/systemd").rglob("*") if not path.is_dir()], [])

    def test_what_the_service_runs(self):
        """A path of odd characters arrives as it is."""
        path = self.home.write(f"{ODD}/{ODD}.ini", ROUTINE)
        self.sv("remind", path, "8:00", "--play", "--device", "null", "--voice", "tone")
        service = "stretchvoice-remind-1.service"
        self.assertEqual(self.systemctl("start", service).returncode, 0)
        connection = self.connect()
        connection.wait_status(60, routine=ODD, state="playing")
        connection.ask("stop")
        sv.wait_for(lambda: self.property(service, "ActiveState") == "inactive", "the service to end", 30)
        self.assertEqual(self.property(service, "Result"), "success")

    def test_one_that_was_missed_comes(self):
        self.sv("remind", "back", "8:00", "--play", "--device", "null", "--voice", "tone")
        timer = "stretchvoice-remind-1.timer"
        stamp = self.home.path(f"data/systemd/timers/stamp-{timer}")
        self.assertEqual(self.property("stretchvoice-remind-1.service", "ActiveState"), "inactive")
        self.systemctl("stop", timer)
        two_days_ago = stamp.stat().st_mtime - 2 * 24 * 3600
        os.utime(stamp, (two_days_ago, two_days_ago))
        self.systemctl("start", timer)
        connection = self.connect(None)
        connection.wait_status(60, routine="back")
        connection.ask("stop")

    def test_it_ends_with_systemd(self):
        self.sv("remind", "back", "8:00", "--say", "--device", "null", "--voice", "tone")
        service = "stretchvoice-remind-1.service"
        self.systemctl("start", service)
        self.connect().wait_status(60, state="waiting")
        self.systemctl("stop", service)
        self.assertEqual(self.property(service, "Result"), "success")
        self.assertFalse(control.socket_path(self.home).exists())


if __name__ == "__main__":
    unittest.main()
