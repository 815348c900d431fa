"""Sessions that last as long as was asked for: to the frame, or the message names the least."""
import datetime
import re
import signal
import unittest
import wave

import control
import history
import sv

ROUTINE = """[routine]
title = Short

[warm]
say = Warm up.
hold = 5-60s

[strong]
priority = 9
sides = right, left
reps = 1-3
say = Hold on to the {side}, for {time}.
cue = Hold on.
hold = 5-60s
release = Let go.

[second]
sets = 1-3
say = Move. Do it {times} times.
hold = 4-8 times

[pleasant]
priority = 2
say = Enjoy it, and enjoy it, and enjoy it, and enjoy it.
hold = 5-60s

[cool]
say = Rest.
hold = 5-60s
"""
ORDER = ["pleasant", "second", "cool", "warm"]  # the ends go when all that is left matters more
MINUTES = (5, 10, 20, 45)


def seconds(text):
    hours, minutes, rest = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text).groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(rest or 0)


class Duration(sv.TestCase):
    def plan(self, name, length, *options, code=0):
        return self.sv("plan", name, "--json", "--duration", length, *options, code=code)

    def routine(self):
        return self.home.write("short.ini", ROUTINE)

    def lasts(self, run, length):
        self.assertEqual(run.err, "")
        first, *rows = run.lines()
        self.left_out = first.get("left_out", [])
        self.assertEqual(first["frames"], length * first["rate"])
        self.assertEqual(first["frames"], max(row["frame"] + row["frames"] for row in rows))
        return rows

    def least(self, path):
        run = self.plan(path, "1s", "--voice", "tone", code=3)
        self.assertEqual(run.out, "")
        return seconds(re.fullmatch(r"--duration: shorter than 'short' can be \('1s'; the shortest possible is (\w+)\)\n", run.err)[1])

    def test_exact_from_the_least_on(self):
        path = self.routine()
        least = self.least(path)
        for length in [*range(least, least + 20), 120, 150, 211, 300, 400]:
            rows = self.lasts(self.plan(path, f"{length}s", "--voice", "tone"), length)
            for row in rows:
                if row["type"] == "hold" and row["step"] != "second":
                    self.assertIn(row["frames"], range(5 * 48000, 61 * 48000, 48000))
        self.plan(path, f"{least - 1}s", "--voice", "tone", code=3)

    def test_the_least_important_go_first(self):
        path = self.routine()
        least, before = self.least(path), None
        for length in range(least, least + 100, 4):
            rows = self.lasts(self.plan(path, f"{length}s", "--voice", "tone"), length)
            steps = {row["step"] for row in rows if "step" in row}
            gone = [step for step in ORDER if step not in steps]
            self.assertEqual(gone, ORDER[:len(gone)])
            self.assertTrue(before is None or len(gone) <= before, (length, gone))
            before = len(gone)
            said = [row["text"] for row in rows if "today" in row.get("text", "")]
            self.assertEqual(len(said), bool(gone))
            self.assertEqual(set(self.left_out), set(gone))
            for step in gone:
                self.assertIn(step, said[0])
        self.assertEqual(before, 0)

    def test_both_sides_are_the_same(self):
        path = self.routine()
        for length in range(60, 400, 17):
            rows = self.lasts(self.plan(path, f"{length}s", "--voice", "tone"), length)
            held = {side: [row["frames"] for row in rows if row["type"] == "hold" and row.get("side") == side] for side in ("right", "left")}
            self.assertEqual(held["right"], held["left"])

    def test_as_long_as_it_can_be(self):
        run = self.plan(self.routine(), "3h", "--voice", "tone")
        first, *rows = run.lines()
        self.assertLess(first["seconds"], 3600)
        self.assertIn("This is as long as it can be.", [row.get("text") for row in rows])
        self.assertEqual({row["frames"] for row in rows if row["type"] == "hold" and row["step"] == "warm"}, {60 * 48000})
        self.assertEqual(max(row.get("set", 0) for row in rows), 3)
        self.assertEqual(max(row.get("rep", 0) for row in rows), 3)

    def test_not_over_the_most_that_the_person_wants(self):
        most = ("--set", "progress.level=auto", "--set", "progress.most=20")
        for options, level in (((), 100), (most, 20), (most[2:], 100)):
            rows = self.plan(self.routine(), "3h", "--voice", "tone", *options).lines()[1:]
            self.assertEqual({row["frames"] for row in rows if row["type"] == "hold" and row["step"] == "warm"}, {48000 * (5 + 55 * level // 100)})
            self.assertEqual(max(row.get("set", 0) for row in rows), 3 if level == 100 else 1)

    def test_wrong_lengths(self):
        for length in ("0", "0s", "abc", "25h", "-5m", "1.5s", ""):
            run = self.plan(self.routine(), length, code=3)
            self.assertEqual(run.out, "")
            self.assertRegex(run.err, r"\A--duration: .*off, or 1s to 24h\)\n\Z")

    def test_the_setting(self):
        path = self.routine()
        rows = self.sv("plan", path, "--json", "--voice", "tone", "--set", "pace.duration=3m").lines()
        self.assertEqual(rows[0]["seconds"], 180)

    def test_rendered_is_as_planned(self):
        path = self.routine()
        options = ("--duration", "90s", "--voice", "tone")
        planned = self.sv("plan", path, "--json", *options).lines()[0]["frames"]
        self.sv("render", path, self.home.path("short.wav"), *options)
        with wave.open(str(self.home.path("short.wav"))) as file:
            self.assertEqual(file.getnframes(), planned)


class Until(sv.TestCase):
    def test_wrong_times(self):
        for time in ("7", "25:00", "7:60", "7:45x", "", "-1:00", "7:45:61"):
            run = self.sv("play", "wrists", "--until", time, code=2)
            self.assertRegex(run.err, r"\Astretchvoice: --until must be a time of day such as 7:45 or 19:45, not '.*'; see .*\n\Z")

    def test_not_too_far_away(self):
        past = datetime.datetime.now() - datetime.timedelta(minutes=2)
        run = self.sv("play", "wrists", "--until", past.strftime("%H:%M"), code=2)
        self.assertRegex(run.err, r"\Astretchvoice: --until .*: that is more than 12 hours away; see .*\n\Z")

    def test_not_with_a_duration(self):
        run = self.sv("play", "wrists", "--until", "7:45", "--duration", "10m", code=2)
        self.assertEqual(run.err, "stretchvoice: --duration and --until exclude each other; see 'stretchvoice --help'\n")

    def test_a_duration_not_for_what_is_left(self):
        run = self.sv("play", "wrists", "--resume", "--duration", "10m", code=2)
        self.assertRegex(run.err, r"\Astretchvoice: --duration and --resume exclude each other: .*\n\Z")

    def test_shorter_than_it_can_be(self):
        soon = datetime.datetime.now() + datetime.timedelta(seconds=20)
        run = self.sv("play", "wrists", "--device", "null:fast", "--until", soon.strftime("%H:%M:%S"), code=3)
        self.assertRegex(run.err, r"\A--until: shorter than 'wrists' can be \('\d+s'; the shortest possible is \d+s\)\n\Z")

    def test_ends_then(self):
        path = self.home.write("one.ini", "[routine]\ntitle = One\n\n[one]\nsay = Go.\nhold = 1-60s\n")
        end = datetime.datetime.now().replace(microsecond=0) + datetime.timedelta(seconds=30)
        run = self.sv("play", path, "--voice", "tone", "--device", "null", "--until", end.strftime("%H:%M:%S"))
        self.assertEqual(control.without_busy(run.err), "")
        self.assertLess(abs((datetime.datetime.now() - end).total_seconds()), 10)


class GoingOn(control.TestCase):
    """A session that was interrupted in its second step."""

    def on_disk(self):
        return "".join(path.read_text() for path in self.home.directory.glob("**/session-*.ini"))

    def fit_on_disk(self):
        return re.findall(r"^(?:left-out|level|more-sets|more-reps|waits|words)=.*$", self.on_disk(), re.MULTILINE)

    def interrupt(self, *options):
        self.words = ("play", self.home.write("short.ini", ROUTINE), "--voice", "tone", "--device")
        process = self.start(*self.words, "null", *options)
        connection = self.connect()
        connection.wait_playing()
        if not options:
            connection.go_to("strong")
        sv.wait_for(lambda: "step=strong\n" in self.on_disk(), "the state on disk", 30)
        process.send_signal(signal.SIGINT)
        process.wait()

    def test_it_stays_as_short_as_it_can_be(self):
        """Though its time has passed, it is left as it is: what was left out stays out."""
        self.interrupt()
        end = datetime.datetime.now().replace(microsecond=0) + datetime.timedelta(seconds=3)
        self.start(*self.words, "null", "--resume", "--until", end.strftime("%H:%M:%S"))
        connection = self.connect()
        lengths = []

        def look():
            lengths.append(connection.status()["length"] or 0)
            return datetime.datetime.now() > end + datetime.timedelta(seconds=4) or None
        sv.wait_for(look, "the time to have passed", 30)
        changes = [pair for pair in zip(lengths, lengths[1:]) if pair[0] != pair[1]]
        self.assertGreater(len(changes), 0)
        self.assertLess(len(changes), 8)  # estimates become known; fitted in vain, it would be twice a second

    def test_it_goes_on_as_it_was_fitted(self):
        """With the waits, the sets and the words of its length, and without what was left out."""
        self.interrupt("--duration", "45s")
        before = self.fit_on_disk()
        self.assertIn("left-out=warm;second;pleasant;cool;", before)
        self.assertLess(min(int(line.removeprefix("waits=")) for line in before if line.startswith("waits=")), 0)
        process = self.start(*self.words, "null", "--resume")
        sv.wait_for(lambda: "Step 1 of 1: strong" in process.printed(), "the only step")
        self.assertEqual(self.fit_on_disk(), before)

    def test_what_is_left_is_fitted_before_it_begins(self):
        """Also where sound takes no time."""
        self.interrupt()
        end = datetime.datetime.now() + datetime.timedelta(seconds=90)
        self.sv(*self.words, "null:fast", "--resume", "--until", end.strftime("%H:%M:%S"))
        self.assertLess(history.rows(self.home)[-1]["seconds"], 92)


@unittest.skipIf(sv.SANITIZED, "every routine says no more about memory than one")
class Shipped(sv.TestCase):
    def test_exact_or_the_least(self):
        for path in sorted((sv.TOP / "config/routines").glob("*.ini")):
            if "." in path.stem:
                continue
            for minutes in MINUTES:
                with self.subTest(name=path.stem, minutes=minutes):
                    run = self.sv("plan", path.stem, "--json", "--duration", f"{minutes}m")
                    first, *rows = run.lines()
                    longest = "This is as long as it can be." in [row.get("text") for row in rows]
                    if longest:
                        self.assertLess(first["seconds"], minutes * 60)
                    else:
                        self.assertEqual(first["frames"], minutes * 60 * first["rate"])
            run = self.sv("plan", path.stem, "--duration", "1s", code=3)
            least = seconds(re.search(r"possible is (\w+)\)", run.err)[1])
            self.assertEqual(self.sv("plan", path.stem, "--json", "--duration", f"{least}s").lines()[0]["seconds"], least)
            self.sv("plan", path.stem, "--duration", f"{least - 1}s", code=3)
