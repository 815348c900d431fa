"""tools/mpris-check: it finds nothing wrong with our player and with healthy ones, and each of its checks finds a fault."""
import concurrent.futures
import os
import re
import signal
import subprocess
import unittest

import bus
import sv

CHECKER = sv.TOP / "tools/mpris-check/mpris-check"
FAKES = sv.TOP / "tests/lib/faulty_players.py"
LINE = re.compile(r"(ok|not ok) (\d+) - ([\w-]+)(: .* \(\S+\)| # SKIP .+)")
# Effects come at once from the fakes, so little time shows that there are none. A busy machine may need long for an effect.
HEALTHY = ("--timeout", "20", "--settle", "0.05", "--tolerance", "5")
FAULTY = ("--settle", "0.05", "--tolerance", "1", "--timeout")  # and how long; in vain, unless the fault shows before

ROUTINE = "[routine]\ntitle = Middle back\n" + "".join(
    f"[step-{number}]\ntitle = {title}\nsay = Stay there.\nhold = 600s\n" for number, title in enumerate(["Cat", "Cobra", "Child", "Rest"]))


def setUpModule():
    found = subprocess.run(["/usr/bin/python3", "-c", "from gi.repository import Gio"], capture_output=True, check=False)
    if found.returncode:
        sv.lack("python3-gi is not installed")


class Report:
    """What the checker printed."""

    def __init__(self, run):
        self.code, self.text, self.errors = run.returncode, run.stdout, run.stderr
        self.outcomes, self.skipped, self.remarks = {}, {}, {}
        name = None
        for line in self.text.splitlines():
            if match := LINE.fullmatch(line):
                outcome, _, name, rest = match.groups()
                self.outcomes[name] = outcome
                self.remarks[name] = ""
                if rest.startswith(" # SKIP "):
                    self.skipped[name] = rest
            elif line.startswith("#   "):
                self.remarks[name] += line[4:] + "\n"

    def failed(self):
        return [name for name, outcome in self.outcomes.items() if outcome == "not ok"]

    def kept(self):
        return {name for name, outcome in self.outcomes.items() if outcome == "ok" and name not in self.skipped}


class CheckerCase(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)
        self.players = []

    def environment(self):
        """With the desktop entries of the fake players and of ours, as if they were installed."""
        self.home.write("data/applications/fake.desktop", "[Desktop Entry]\nType=Application\nName=Fake\nExec=true\n")
        self.home.write("data/applications/stretchvoice.desktop", (sv.BUILD / "stretchvoice.desktop").read_bytes())
        return os.environ | self.home.env | self.bus.env

    def check(self, *arguments, env=None):
        return Report(subprocess.run([CHECKER, *arguments], env=env or self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                                     text=True, timeout=200 * sv.SLOW, check=False))

    def start(self, *names):
        """These fake players."""
        process = subprocess.Popen([FAKES, *names], env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.players.append(process)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), f"ready {len(names)}\n")

    def assert_healthy(self, report):
        self.assertEqual((report.code, report.failed()), (0, []), report.text + report.errors)
        self.assertIn(f"\n1..{len(report.outcomes)}\n", report.text)


def fakes():
    """Name -> checks to run, which must fail, and what they say."""
    run = subprocess.run([FAKES, "--list"], capture_output=True, text=True, check=True)
    return {name: (checks.split(","), which, message)
            for name, checks, which, message in (line.split("\t") for line in run.stdout.splitlines())}


def known_checks():
    run = subprocess.run([CHECKER, "--list"], capture_output=True, text=True, check=True)
    return set(re.findall(r"^([\w-]+) +(?:reads|steers|stops|sees|quits) ", run.stdout, re.MULTILINE))


class Ours(CheckerCase):
    def play(self, *arguments):
        process = self.home.start(*arguments, env=self.bus.env, stdout=subprocess.DEVNULL)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")

    def test_a_session_keeps_every_rule(self):
        self.play("play", self.home.write("routine.ini", ROUTINE), "--device", "null", "--plain")
        self.bus.playerctl("next")
        sv.wait_for(lambda: self.bus.playerctl("metadata", "xesam:title") == "Cat", "the first step")
        report = self.check("--quit", *HEALTHY, "stretchvoice")
        self.assert_healthy(report)
        self.assertLessEqual({"pause", "play", "next", "previous", "set-volume", "cannot-seek", "changes-are-announced"}, report.kept())


class Fakes(CheckerCase):
    def test_healthy_players_keep_every_rule(self):
        """And each check is run on one of them at least."""
        names = [name for name, (_, which, _) in fakes().items() if which == "none"]
        self.start(*names)
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            reports = dict(zip(names, pool.map(lambda name: self.check("--quit", *HEALTHY, name), names)))
        for name, report in reports.items():
            with self.subTest(name):
                self.assert_healthy(report)
                self.assertEqual(set(report.outcomes), known_checks())
        self.assertEqual(known_checks() - set().union(*(report.kept() for report in reports.values())), set())

    def test_each_check_finds_a_fault(self):
        faulty = {name: fault for name, fault in fakes().items() if fault[1] != "none"}
        self.start(*faulty)

        def run(name):
            """With little patience, and with much if the machine was too busy for that."""
            checks, which, message = faulty[name]
            must_fail = checks[-1:] if which == "last" else checks
            for patience in ("0.5", "20"):
                report = self.check("--quit", *FAULTY, patience, "--only", ",".join(checks), name)
                if sorted(report.failed()) == sorted(must_fail) and all(re.search(message, report.remarks[one]) for one in must_fail):
                    break
            return report, must_fail, message

        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            runs = dict(zip(faulty, pool.map(run, faulty)))
        for name, (report, must_fail, message) in runs.items():
            with self.subTest(name):
                self.assertEqual((report.code, sorted(report.failed())), (1, sorted(must_fail)), report.text + report.errors)
                for check in must_fail:
                    self.assertRegex(report.remarks[check], message)
        self.assertEqual(known_checks() - {check for _, must_fail, _ in runs.values() for check in must_fail}, set())


class Use(CheckerCase):
    def refused(self, *arguments):
        """What it says on standard error, after a run that must not begin."""
        report = self.check(*arguments)
        self.assertEqual((report.code, report.text), (2, ""))
        return report.errors

    def test_which_player(self):
        self.assertIn("no player is on the session bus", self.refused())
        self.start("bare")
        self.assert_healthy(self.check("--only", "identity"))
        self.start("full")
        self.assertIn("name one of these players: bare, full", self.refused())
        self.assertIn("none is not on the session bus; there: bare, full", self.refused("none"))
        self.assertEqual(self.check("--list-players").text, "bare\nfull\n")
        for name in ("full", "org.mpris.MediaPlayer2.full"):
            self.assert_healthy(self.check("--only", "identity", name))

    def test_wrong_options(self):
        self.assertIn("no check 'nothing' (--list prints all)", self.refused("--only", "pause,nothing"))
        for wrong in (("--timeout", "0"), ("--settle", "soon"), ("--tolerance", "nan"), ("--unknown",), ("a", "b")):
            with self.subTest(wrong):
                self.assertIn(wrong[0] if wrong[0].startswith("-") else "b", self.refused(*wrong))

    def test_no_check_to_run(self):
        for options in (("--read-only", "--only", "pause"), ("--only", "quit"), ("--only", "pause", "--skip", "pause"), ("--only", ",")):
            with self.subTest(options):
                self.assertIn("there is no check to run", self.refused(*options))

    def test_there_is_no_bus(self):
        report = self.check(env=self.environment() | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
        self.assertEqual((report.code, report.text), (2, ""))
        self.assertIn("the session bus cannot be used: ", report.errors)

    def test_reading_changes_nothing(self):
        self.start("full")
        signals = self.bus.watch("signals", "is owned by", "gdbus", "monitor", "--session", "-d", "org.mpris.MediaPlayer2.full")
        report = self.check("--read-only", "--quit", *HEALTHY, "full")
        self.assert_healthy(report)
        self.assertTrue({"volume", "track-id", "rate-range"} <= report.kept())
        self.assertFalse({"pause", "next", "quit"} & set(report.outcomes))
        self.assert_healthy(self.check("--only", "pause", *HEALTHY, "full"))  # its signal comes after any other
        sv.wait_for(lambda: any("Paused" in line for line in signals()), "the pause")
        self.assertIn("Paused", next(line for line in signals() if "org.mpris.MediaPlayer2.Player" in line))

    def test_steering_restores_what_it_can(self):
        self.start("full")

        def state():
            read = self.bus.run("playerctl", "-p", "full", "metadata", "--format",
                                "{{status}} {{volume}} {{loop}} {{shuffle}} {{mpris:trackid}}")
            return read.stdout

        before = state()
        self.assertIn("/fake/track/0", before)
        report = self.check("--keep-track", *HEALTHY, "full")
        self.assert_healthy(report)
        self.assertFalse({"next", "stop"} & set(report.outcomes))
        self.assertEqual(state(), before)

    def test_skips(self):
        self.start("pauses-not")
        self.assertEqual(self.check("--only", "pause,identity", *FAULTY, "5").failed(), ["pause"])
        self.assert_healthy(self.check("--only", "pause,identity", "--skip", "pause", *HEALTHY))

    def test_a_player_that_leaves_or_hangs(self):
        self.start("quits-on-pause")
        report = self.check("--only", "pause,play,position-is-silent", *HEALTHY)
        self.assertEqual(report.failed(), ["pause"])
        self.assertIn("the player has left the bus", report.skipped["play"])
        self.start("full")
        process = self.players[-1]
        process.send_signal(signal.SIGSTOP)
        self.assertIn("the player cannot be read: Get got no answer in 0.5 s", self.refused(*FAULTY, "0.5", "full"))


if __name__ == "__main__":
    unittest.main()
