"""What the history must survive: kills, full and read-only disks, damage, other versions, other writers, clocks."""
import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time
import unittest

import control
import history
import sv
from history import FAST, ROUTINE

WRITER = sv.BUILD / "tests/drivers/history_writer"
HELPER = sv.BUILD / "stretchvoice-history"
KILLS = 200 if not sv.SANITIZED else 20
BEGINNINGS = 20  # of the same file by three at once: without turns, about five go wrong


def helpers(pid):
    return [child for child, name in control.children(pid).items() if name.startswith("stretchvoice-hi")]


class Writing(sv.TestCase):
    """The helper, driven as by a session."""

    def writer(self, routine, steps):
        history.path(self.home).parent.mkdir(exist_ok=True)
        return subprocess.Popen([WRITER, HELPER, history.path(self.home), routine, str(steps)], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=self.home.env)

    def steps_of(self, routine):
        with history.opened(self.home) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            rows = database.execute("SELECT number FROM step JOIN session ON session.id = session WHERE routine = ? ORDER BY number", (routine,))
            return [row["number"] for row in rows]

    def test_kill_at_200_random_moments(self):
        """Kills the helper, or the program that it writes for. What was on the disk is there; what was sent to a helper that lives, too."""
        moment = random.Random(11)
        for run in range(KILLS):
            with self.subTest(run), self.writer(f"run {run}", 1_000_000) as writer:
                for _ in range(1 + moment.randrange(4)):
                    writer.stdout.readline()
                [helper] = helpers(writer.pid)
                time.sleep(moment.random() * 0.01)  # the moment is what is tested
                wanted, victim = ("taken", helper) if run % 2 else ("sent", writer.pid)
                os.kill(victim, 9)
                told = [line.split() for line in writer.stdout.read().splitlines()]
                writer.wait()
                control.wait_gone(helper)
                least = max((int(number) for word, number in told if word == wanted), default=0)
                steps = self.steps_of(f"run {run}") if history.rows(self.home) or least else []
                self.assertEqual(steps, list(range(1, len(steps) + 1)))
                self.assertGreaterEqual(len(steps), least)

    def write_at_once(self, names, steps):
        for writer in [self.writer(name, steps) for name in names]:
            _, complaints = writer.communicate()
            self.assertEqual((writer.returncode, complaints), (0, ""))
        for name in names:
            self.assertEqual(self.steps_of(name), list(range(1, steps + 1)))

    def test_two_writers_lose_nothing(self):
        self.write_at_once(("first", "second"), 50)

    def test_writers_that_make_the_file_at_once(self):
        """Neither is refused, nor takes a form that another has half made for an earlier version."""
        directory = history.path(self.home).parent
        for _ in range(BEGINNINGS):
            self.write_at_once(("first", "second", "third"), 1)
            self.assertEqual([path.name for path in directory.glob("*before*")], [])
            sv.wait_for(lambda: not any(directory.glob("history.db-*")), "the end of the helpers")
            history.path(self.home).unlink()

    def test_one_that_ends_takes_nothing_with_it(self):
        """The last one to close the file removes SQLite's journal beside it. One that still writes must not be taken for gone."""
        with self.writer("first", 10) as first:
            first.stdout.readline()
            os.kill(first.pid, signal.SIGSTOP)
            self.writer("second", 5).communicate()
            os.kill(first.pid, signal.SIGCONT)
            first.communicate()
        self.assertEqual((self.steps_of("first"), self.steps_of("second")), (list(range(1, 11)), list(range(1, 6))))

    def test_removed_while_it_is_written(self):
        """All of the session is in the new file."""
        with self.writer("here", 30) as writer:
            for _ in range(10):
                writer.stdout.readline()
            for path in history.path(self.home).parent.iterdir():
                path.unlink()
            writer.communicate()
        self.assertEqual(self.steps_of("here"), list(range(1, 31)))


class Faults(control.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("short.ini", ROUTINE)
        self.path = history.path(self.home)

    def play(self, *options, **rest):
        """A whole session; the helper closes the database soon after."""
        run = self.sv("play", self.routine, *FAST, *options, **rest)
        sv.wait_for(lambda: not self.path.with_name("history.db-wal").exists(), "the end of the helper")
        return run

    def mount(self, *options):
        """A small file system of its own, for the database."""
        if subprocess.run(["mount", "-t", "tmpfs", *options, "none", self.path.parent], capture_output=True).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.path.parent], check=True)

    def test_a_full_disk_costs_one_warning(self):
        process = self.start("play", "--voice", "tone", "--device", "null", self.routine)
        connection = self.connect()
        connection.wait_playing()
        [helper] = sv.wait_for(lambda: helpers(process.pid), "the helper")
        sv.wait_for(lambda: history.tables(self.home), "the database")
        resource.prlimit(helper, resource.RLIMIT_FSIZE, (100, 100))
        connection.go_to("three")
        sv.wait_for(lambda: "cannot be written" in process.complained(), "a warning")
        connection.ask("stop")
        self.assertEqual(process.wait(), 0)
        self.assertOneLine(process.complained(), "history.db", "cannot be written")

    def test_a_full_file_system(self):
        self.path.parent.mkdir()
        self.mount("-o", "size=64k")
        filler = self.path.with_name("filler")
        filler.write_bytes(bytes(40_000))
        self.assertOneLine(self.sv("play", self.routine, *FAST).err, "history.db", "cannot be written")
        filler.unlink()
        self.assertEqual(self.sv("play", self.routine, *FAST, "--set", "history.keep=no").err, "")

    def test_a_read_only_disk(self):
        self.play()
        data = self.path.read_bytes()
        self.mount()
        self.path.write_bytes(data)
        subprocess.run(["mount", "-o", "remount,ro", self.path.parent], check=True)
        self.assertOneLine(self.sv("play", self.routine, *FAST).err, "history.db", "cannot be written")
        self.assertEqual(len(self.sv("history", "--json").lines()), 1)
        self.assertIn("Short one", self.sv("history").out)
        self.assertEqual(self.sv("list").err, "")
        self.assertOneLine(self.sv("history", "forget", "1", code=1).err, "history.db")

    def damage(self, how):
        if how == "no database":
            self.path.write_bytes(b"This is no database at all. " * 100)
        elif how == "broken inside":
            data = bytearray(self.path.read_bytes())
            data[4096:] = random.Random(1).randbytes(len(data) - 4096)
            self.path.write_bytes(data)
        else:
            self.path.write_bytes(self.path.read_bytes()[:5000])

    def test_damage_is_set_aside_and_said_once(self):
        for number, how in enumerate(("no database", "broken inside", "cut short"), 1):
            with self.subTest(how):
                self.play()
                self.damage(how)
                before = self.path.read_bytes()
                self.assertOneLine(self.play().err, "was damaged", f"history-damaged-{time.strftime('%Y-%m-%d')}")
                aside = sorted(self.path.parent.glob("history-damaged-*.db"), key=lambda path: path.stat().st_mtime)
                self.assertEqual(len(aside), number)
                self.assertIn(before, [path.read_bytes() for path in aside])
                self.assertEqual(self.play().err, "")
                self.assertEqual(len(history.rows(self.home)), 2)
                self.path.unlink()

    def test_history_sets_damage_aside_too(self):
        for how in ("no database", "broken inside"):
            with self.subTest(how):
                self.play()
                self.damage(how)
                self.assertEqual(self.sv("list").err, "")
                run = self.sv("history")
                self.assertOneLine(run.err, "was damaged")
                self.assertIn("This week   0 sessions", run.out)
                self.assertEqual(self.sv("history").err, "")
                self.path.unlink()

    def test_a_newer_version_is_left_alone(self):
        self.play()
        with history.opened(self.home) as database:
            database.execute("PRAGMA user_version = 99")
        before = self.path.read_bytes()
        self.assertOneLine(self.play().err, "later version")
        self.assertOneLine(self.sv("history", code=1).err, "later version")
        self.assertEqual(self.sv("list").err, "")
        self.assertEqual(self.path.read_bytes(), before)

    def forms(self):
        """Of the database and of the copy beside it."""
        versions = []
        for path in (self.path, self.path.with_name("history-before-2.db")):
            with contextlib.closing(sqlite3.connect(path)) as database:
                versions.append(database.execute("PRAGMA user_version").fetchone()[0])
        return versions

    def test_a_new_one_has_no_copy(self):
        self.play()
        self.assertEqual([path.name for path in self.path.parent.glob("*before*")], [])

    def test_an_earlier_version(self):
        """Its sessions are kept, and a copy of the file as it was."""
        for run in (self.play, lambda: self.sv("history")):
            history.make_form_1(self.home, {"begun": 1_700_000_000})
            self.assertEqual(run().err, "")
            self.assertEqual(self.forms(), [2, 1])
            self.assertEqual(self.path.with_name("history-before-2.db").stat().st_mode & 0o777, 0o600)
            self.assertEqual(history.rows(self.home)[0]["begun"], 1_700_000_000)
            self.assertIn("left_out", history.tables(self.home))
            for path in self.path.parent.iterdir():
                path.unlink()

    def test_without_the_helper_it_plays(self):
        """A program that ends at once is the worst helper."""
        process = self.start("play", "--voice", "tone", "--device", "null", self.routine)
        self.connect().wait_playing()
        [helper] = sv.wait_for(lambda: helpers(process.pid), "the helper")
        os.kill(helper, 9)
        sv.wait_for(lambda: "history has ended" in process.complained(), "a warning")
        connection = self.connect()
        connection.go_to("three")
        connection.ask("stop")
        self.assertEqual(process.wait(), 0)
        self.assertEqual(process.complained().count("\n"), 1)

    def test_killed_in_a_session(self):
        process = self.start("play", "--voice", "tone", "--device", "null", self.routine)
        connection = self.connect()
        connection.wait_playing()
        connection.go_to("three")
        process.kill()
        process.wait()
        sv.wait_for(lambda: len(history.rows(self.home, "step")) >= 2, "the steps that were over")
        self.assertEqual(history.rows(self.home)[0]["complete"], 0)


@unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
class Clocks(control.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("short.ini", ROUTINE)
        library = self.home.path("clocks.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/clocks.c", "-ldl"], check=True)
        self.env = {"LD_PRELOAD": str(library), "CLOCKS": str(self.home.directory), "TZ": "Europe/Berlin"}

    def set_clock(self, seconds):
        """So many since 1970."""
        self.home.write("0", str(int(seconds - time.time())))

    def begun(self):
        return [session["begun"] for session in self.sv("history", "--json").lines()]

    def test_summer_time_begins_between_two_sessions(self):
        for at in (1806193830, 1806197430):  # 2027-03-28, half past one and an hour later
            self.set_clock(at)
            self.sv("play", self.routine, *FAST, "-q", env=self.env)
        self.assertEqual([text[:16] + text[19:] for text in self.begun()], ["2027-03-28T01:30+01:00", "2027-03-28T03:30+02:00"])

    def test_a_clock_that_is_set_between_two_sessions(self):
        for at in (1806193800, 1806193800 - 86400):
            self.set_clock(at)
            self.sv("play", self.routine, *FAST, "-q", env=self.env)
        self.assertEqual([text[:10] for text in self.begun()], ["2027-03-27", "2027-03-28"])

    def test_a_clock_that_is_set_in_a_session(self):
        """A small computer without a battery begins in 1970, until the network has told it the time."""
        self.set_clock(1000)
        self.start("play", "--voice", "tone", "--device", "null", self.routine, env=self.env)
        connection = self.connect()
        connection.wait_playing()
        connection.go_to("two")
        self.set_clock(1806193800)
        connection.go_to("three")
        connection.ask("stop")
        sv.wait_for(lambda: [row for row in history.rows(self.home) if row["begun"] > 1806190000], "the right time")
        self.assertEqual(self.begun()[0][:10], "2027-03-28")
        row = history.rows(self.home)[0]
        self.assertTrue(0 <= row["ended"] - row["begun"] < 60)


class Many(sv.TestCase):
    """100,000 sessions: what is counted is right."""

    def test_totals(self):
        self.home.write("short.ini", ROUTINE)
        self.sv("play", self.home.path("short.ini"), *FAST, "-q")
        now, chance = int(time.time()), random.Random(3)
        monday = now - now % 86400 - 86400 * time.gmtime(now).tm_wday
        sessions = [{"begun": now - 60 * 15 * i, "seconds": chance.randrange(3000), "routine": f"routine-{i % 9}"} for i in range(100_000)]
        with history.opened(self.home) as database:
            database.execute("DELETE FROM session")
            history.add(database, sessions)
        week = [session for session in sessions if session["begun"] >= monday]
        minutes = (sum(session["seconds"] for session in week) + 30) // 60
        plain = self.sv("history", "--plain").out.splitlines()
        self.assertTrue(plain[0].startswith(f"This week {len(week)}, usually 672."), plain[0])
        self.assertTrue(plain[1].startswith(f"Minutes this week {minutes},"), plain[1])
        self.assertEqual(len(plain), 12)
        self.assertEqual(self.sv("history", "--csv").out.count("\n"), 100_001)


if __name__ == "__main__":
    unittest.main()
