"""The commands that steer a session from outside: what each does, prints and ends with; and sessions that were interrupted."""
import json
import signal
import subprocess
import time
import unittest

import control
import sv
from control import FIELDS, IDLE

# Everything that may be said to a session.
COMMANDS = ("pause", "resume", "toggle", "next", "previous", "next 2", "previous 2", "next rep", "repeat", "where", "longer", "longer 5", "longer 1m", "shorter", "shorter 15s",
            "easier", "harder", "louder", "quieter", "volume -6", "volume -0.5", "stop")
WRONG = ("volume", "volume 1", "volume -61", "volume loud", "volume -1 -2", "longer 0", "longer 2h", "longer soon", "longer 5 5", "shorter -5s",
         "pause now", "next 0", "next two", "goto", "goto a b", "unskip", "skip a --for 2x", "skip a --for 0d", "stop it", "status now", "status --json now")
WRONG_OVER_THE_SOCKET = ("status --json now", "subscribe now", "about this")
# A session without waits, and few words.
QUICK = [word for setting in ("pace.prepare=0s", "pace.gap=0s", "pace.words=brief", "count.halfway=no", "sound.wake=0s")
         for word in ("--set", setting)]


class WithoutASession(control.TestCase):
    def test_there_is_nothing_to_steer(self):
        for command in COMMANDS:
            with self.subTest(command):
                run = self.sv(*command.split(), code=5)
                self.assertEqual(run.out, "")
                self.assertOneLine(run.err, "no session")

    def test_status_is_idle(self):
        for follow in ([], ["--follow"]):
            run = self.sv("status", *follow, code=5)
            self.assertEqual((run.out, run.err), ("state: idle\n", ""))
            run = self.sv("status", "--json", *follow, code=5)
            self.assertEqual((run.lines(), run.err), ([IDLE], ""))
            self.assertEqual(list(run.lines()[0]), FIELDS)

    def test_what_makes_no_sense_is_told_first(self):
        for command in WRONG:
            with self.subTest(command):
                run = self.sv(*command.split(), code=2)
                self.assertEqual(run.out, "")
                self.assertOneLine(run.err)

    def test_nothing_is_made(self):
        self.sv("status", code=5)
        self.assertEqual(list(self.home.path("runtime").iterdir()), [])
        self.assertEqual(list(self.home.path("state").iterdir()), [])


class Commands(control.TestCase):
    def test_each_ends_with_0_and_is_silent_if_that_is_wanted(self):
        process, _ = self.play()
        for command in COMMANDS:
            with self.subTest(command):
                run = self.sv(*command.split(), "--quiet")
                self.assertEqual((run.out, run.err), ("", ""))
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        self.assertEqual(process.complained(), "")

    def test_the_answer_is_printed_in_words(self):
        """Those that are said, also where a sound says enough; what is refused says why."""
        self.play("--set", "sound.volume=-3")
        for command, words in (("pause", "Paused."), ("next", "1 of 3. First step. Paused."), ("next", "2 of 3. Second step. Paused."), ("longer", "10 seconds longer."),
                               ("harder", "Harder, from the second set."), ("easier", "Easier, from the second set."), ("easier", "Easier, from the second set."), ("volume -0.5", "Volume -0.5 dB."), ("louder", "Volume 0 dB."),
                               ("louder", "Already the loudest."), ("volume -60", "Volume -60 dB."), ("quieter", "Already the quietest.")):
            with self.subTest(command=command):
                run = self.sv(*command.split())
                self.assertEqual((run.out, run.err), (words + "\n", ""))
        self.assertRegex(self.sv("where").out, r"^Paused\. Second step\. .*minutes to go\.\n$")
        for command, words in (("pause", r"Paused\. Second step\."), ("resume", r"Second step\."), ("repeat", r"Second step\."),
                               ("begin", r"Second step[^.]*\.")):
            with self.subTest(command=command):
                self.assertRegex(self.sv(command).out, rf"^{words}( \d+ seconds .*)?\n$")

    def test_who_plays_reads_the_answer_too(self):
        """Line by line, whoever has asked; also the screen of a session in the daemon; and nothing if it is to be quiet."""
        self.start("daemon")
        self.connect()
        for place in ("daemon", "own"):
            for quiet in ([], ["--quiet"]):
                with self.subTest(place=place, quiet=quiet):
                    path = self.home.path(f"{place}.sock")
                    process = self.start(*self.play_words("--plain", *quiet, *(["--socket", path] if place == "own" else [])))
                    connection = self.connect(path if place == "own" else None)
                    connection.wait_playing()
                    connection.ask("pause")
                    connection.ask("stop")
                    self.assertEqual(process.wait(10 * sv.SLOW), 0)
                    self.assertEqual("Paused." in process.printed().splitlines(), not quiet)

    def test_each_client_gets_its_own_answer(self):
        """Of commands that come at once, and are done together."""
        _, connection = self.play()
        self.sv("pause")
        others = [self.connect() for _ in range(3)]
        for client, command in zip(others, ("volume -6", "where", "volume -12")):
            client.send(command.encode() + b"\n")
        answers = [client.read_answer().fields["answer"] for client in others]
        self.assertEqual((answers[0], answers[2]), ("Volume -6 dB.", "Volume -12 dB."))
        self.assertIn("The beginning", answers[1])

    def test_what_makes_no_sense_changes_nothing(self):
        _, connection = self.play()
        self.sv("pause")
        before = connection.status()
        for command in WRONG:
            with self.subTest(command):
                self.assertOneLine(self.sv(*command.split(), code=2).err)
                self.assertEqual(connection.ask(command).code, 2)
        for command in WRONG_OVER_THE_SOCKET:
            with self.subTest(command):
                self.assertEqual(connection.ask(command).code, 2)
        for command in ("nosuch", "", "pause 'open", "play x", "PAUSE"):
            with self.subTest(command):
                self.assertNotEqual(connection.ask(command).code, 0)
        self.assertEqual(connection.status(), before)

    def test_pause_and_going_on(self):
        _, connection = self.play()
        for command, state in (("pause", "paused"), ("pause", "paused"), ("resume", "playing"), ("resume", "playing"), ("toggle", "paused"),
                               ("toggle", "playing")):
            with self.subTest(command):
                self.sv(command)
                self.assertEqual(connection.status()["state"], state)

    def test_a_pause_holds_the_position(self):
        _, connection = self.play()
        self.sv("pause")
        frame = connection.status()["frame"]
        for command in ("where", "louder", "pause", "easier"):
            self.sv(command)
            self.assertEqual(connection.status()["frame"], frame)
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame + 48000, "the session to go on")

    def test_jumps(self):
        """The state that is asked for right after a command is the one that it has led to; a pause stays one."""
        _, connection = self.play()
        self.sv("pause")
        for command, step in (("next", "first"), ("next", "second"), ("previous", "first"), ("next", "second"), ("next", "second-half"),
                              ("previous", "second"), ("next", "second-half"), ("next", None), ("next", None), ("previous", "second-half")):
            with self.subTest(command=command, step=step):
                self.sv(command)
                status = connection.status()
                self.assertEqual((status["step"], status["state"]), (step, "paused"))

    def test_previous_later_in_a_step_is_its_start(self):
        _, connection = self.play("--set", "pace.prepare=0s")
        connection.go_to("second")
        landed = connection.wait_status(step="second")["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > landed + 3 * 48000, "three seconds of the step to be over")
        self.sv("previous")
        self.assertEqual(connection.status()["step"], "second")
        self.sv("previous")
        self.assertEqual(connection.status()["step"], "first")

    def test_a_hold_does_not_wait_for_words_that_are_late(self):
        slow = (sv.TOP / "tests/voices/tone.ini").read_text().replace("to-go       = ", "to-go       = hang-now ").replace("to-go-short = ", "to-go-short = hang-now ")
        self.home.write("config/stretchvoice/voices/slow.ini", slow)
        _, connection = self.play("--voice", "slow", "--set", "pace.prepare=0s")
        before = sv.wait_for(lambda: (status := connection.status())["hold_left"] and status, "a hold")["frame"]
        self.assertEqual(connection.ask("where").code, 0)
        patience = 9 / sv.SLOW  # the speech program's is 10 s
        sv.wait_for(lambda: connection.status()["frame"] > before + 3 * 48000, "three seconds more of it", patience)

    def test_next_after_the_last_step_is_the_closing_and_then_the_end(self):
        process, connection = self.play()
        connection.go_to("second-half")
        self.sv("next")
        self.assertIsNone(connection.status()["step"])
        self.assertEqual(process.wait(20 * sv.SLOW), 0)
        self.assertIn("Closing", process.printed())

    def test_levels(self):
        _, connection = self.play("--level", "20")
        for command, level in (("easier", 10), ("easier", 0), ("easier", 0), ("harder", 0), ("harder", 10), ("harder", 20)):
            with self.subTest(command=command, level=level):
                self.sv(command)
                self.assertEqual(connection.status()["level"], level)

    def test_volume(self):
        _, connection = self.play("--set", "sound.volume=-3")
        for command, volume in (("louder", 0), ("louder", 0), ("louder", 0), ("quieter", -3), ("volume -33.5", -33.5), ("volume -60", -60),
                                ("quieter", -60), ("volume 0", 0)):
            with self.subTest(command=command):
                self.sv(*command.split())
                self.assertEqual(connection.status()["volume"], volume)

    def test_an_answer_comes_when_it_is_done(self):
        """Also where it has to be spoken about first: whoever asks then is told the new length. Nobody is kept waiting for more than a second."""
        _, connection = self.play(*QUICK)
        connection.go_to("first")
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold")
        in_time = 0
        for _ in range(5):
            before, begin = connection.status()["hold_left"], time.monotonic()
            connection.ask("longer 20")
            if time.monotonic() < begin + 1:
                self.assertGreater(connection.status()["hold_left"], before + 10)
                in_time += 1
        self.assertGreaterEqual(in_time, 2)

    def test_longer_and_shorter(self):
        """Inside a hold: what is left changes, by breaths where it is held in breaths."""
        _, connection = self.play(*QUICK)
        connection.go_to("first")
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold")
        self.sv("pause")
        left = connection.status()["hold_left"]
        for command, change in (("longer", 10), ("longer 7", 17), ("shorter 5s", 12), ("longer 1m", 72)):
            with self.subTest(command):
                self.sv(*command.split())
                sv.wait_for(lambda change=change: abs(connection.status()["hold_left"] - left - change) < 0.002, f"{change} s more")


class Status(control.TestCase):
    def check(self, status):
        """What the contract says of each field."""
        self.assertEqual(list(status), FIELDS)
        self.assertIn(status["state"], ("playing", "paused", "waiting", "lost"))
        for name in ("routine", "title", "device"):
            self.assertIsInstance(status[name], str)
        for name in ("frame", "level"):
            self.assertIsInstance(status[name], int)
        for name in ("position", "length", "volume"):
            self.assertIsInstance(status[name], (int, float))
        self.assertAlmostEqual(status["position"], status["frame"] / 48000, delta=0.001)
        self.assertGreaterEqual(status["length"], status["position"])
        self.assertIn(status["side"], ("right", "left", None))

    def test_fields(self):
        _, connection = self.play()
        self.sv("pause")
        run = self.sv("status", "--json")
        self.assertEqual(run.err, "")
        [status] = run.lines()
        self.check(status)
        self.assertEqual(status, connection.status())
        expected = {"state": "paused", "routine": "steered", "title": "Steered", "step": None, "move": None, "side": None, "rep": None, "reps": None,
                    "set": None, "sets": None, "hold_left": None, "level": 0, "volume": 0, "device": "null"}
        self.assertEqual({name: status[name] for name in expected}, expected)

    def test_fields_inside_a_step(self):
        _, connection = self.play(*QUICK, "--level", "50")
        connection.go_to("second")
        status = connection.wait_status(step="second", side="right", rep=1, set=1)
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold")
        status = connection.status()
        self.check(status)
        expected = {"state": "playing", "step": "second", "move": None, "side": "right", "rep": 1, "reps": 2, "set": 1, "sets": 2, "level": 50}
        self.assertEqual({name: status[name] for name in expected}, expected)
        self.assertTrue(25 < status["hold_left"] <= 30, status)

    def test_a_move(self):
        _, connection = self.play(*QUICK)
        connection.go_to("second-half")
        connection.wait_status(step="second-half", move="up", side=None, sets=1, reps=1)

    def test_the_length_is_known_once_all_is_laid_out(self):
        _, connection = self.play("--set", "progress.level=off")  # no question comes behind the closing
        self.assertIsNone(connection.status()["frames"])
        connection.go_to("second-half")
        self.sv("next")
        status = sv.wait_for(lambda: (found := connection.status())["frames"] and found, "the length")
        self.assertEqual(status["length"], round(status["frames"] / 48000, 3))

    def test_it_is_idle_until_sound_has_started(self):
        process = self.start(*self.play_words())
        connection = self.connect()
        states = []
        while (answer := connection.ask("status --json")).code == 5:
            states.append(json.loads(answer.fields["status"])["state"])
        self.assertLessEqual(set(states), {"idle"})
        first = json.loads(answer.fields["status"])
        self.assertEqual((answer.code, first["state"], first["device"]), (0, "playing", "null"))
        sv.wait_for(lambda: connection.status()["frame"] > first["frame"], "the session to go on")
        process.terminate()
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (143, ""))

    def test_lines(self):
        self.play()
        self.sv("pause")
        fields = dict(line.split(": ", 1) for line in self.sv("status").out.splitlines())
        [status] = self.sv("status", "--json").lines()
        self.assert_lines(fields, status)

    def assert_lines(self, fields, status):
        """What applies, to a tenth; frames are for programs."""
        self.assertEqual(list(fields), [name for name in FIELDS if status[name] is not None and name not in ("frame", "frames")])
        for name, value in fields.items():
            if isinstance(status[name], str):
                self.assertEqual(value, status[name])
            else:
                self.assertRegex(value, r"^-?\d+(\.\d)?$")
                self.assertAlmostEqual(float(value), status[name], delta=0.051)

    def other_clock(self):
        """Of a session in another home: its frames go on whatever this one does."""
        home = sv.Home("tone")
        self.addCleanup(home.close)
        process = home.start("play", "--device", "null", "middle-back", stdout=subprocess.DEVNULL)
        self.addCleanup(process.communicate)
        self.addCleanup(control.kill_all, home)
        clock = control.connect(home)
        self.addCleanup(clock.close)
        return clock

    def test_waiting(self):
        self.routine.write_text("[routine]\ntitle = Wait\n[a]\nsay = A.\nhold = ready\n[b]\nsay = B.\nhold = 20s\n")
        clock = self.other_clock()
        for command in ("resume", "toggle", "next"):
            with self.subTest(command):
                process, connection = self.play(*QUICK)
                connection.go_to("a")
                before = connection.wait_status(state="waiting")["frame"]
                then = clock.wait_playing()["frame"]
                sv.wait_for(lambda then=then: clock.status()["frame"] > then + 9600, "the other session to go on")
                status = connection.status()
                self.assertEqual((status["state"], status["frame"]), ("waiting", before))
                self.sv(command)
                connection.wait_status(state="playing", step="b")
                self.sv("stop")
                self.assertEqual(process.wait(10 * sv.SLOW), 0)

    def test_it_plays_as_many_frames_as_planned(self):
        """Up to where it waits, and no frame more or less."""
        self.routine.write_text("[routine]\ntitle = Wait\n[a]\nsay = A.\nhold = 5s\nreps = 3\n[b]\nsay = B.\nhold = ready\n")
        [ready] = [row for row in self.sv("plan", "--voice", "tone", "--json", self.routine).lines() if row["type"] == "ready"]
        self.start(*self.play_words(device="null:fast"))
        status = self.connect().wait_status(state="waiting")
        self.assertEqual(status["frame"], ready["frame"] + ready["frames"])


class Following(control.TestCase):
    def follow(self, *options):
        follower = self.start("status", "--follow", *options)
        sv.wait_for(follower.printed, "a first status")
        return follower

    def test_each_change_is_a_line(self):
        process, _ = self.play()
        follower = self.follow("--json")
        for command in ("pause", "volume -6", "harder", "next", "next", "resume", "stop"):
            self.sv(*command.split())
        self.assertEqual((process.wait(10 * sv.SLOW), follower.wait(10 * sv.SLOW)), (0, 0))
        lines = [json.loads(line) for line in follower.printed().splitlines()]
        for line in lines:
            self.assertEqual(list(line), FIELDS)
        told = [{name: line[name] for name in ("state", "volume", "level", "step")} for line in lines]
        expected = [{"state": "playing", "volume": 0, "level": 0, "step": None}]
        for change in ({"state": "paused"}, {"volume": -6}, {"level": 10}, {"step": "first"}, {"step": "second"}, {"state": "playing"}):
            expected.append(expected[-1] | change)
        at = iter(told)
        for change in expected:
            self.assertIn(change, at, f"not told, in its order, in\n{told}")
        self.assertEqual([line for line in lines if line["state"] == "idle"], [IDLE])
        self.assertEqual(follower.complained(), "")

    def test_it_plays_until_its_last_sound_was_heard(self):
        self.start("daemon")
        self.connect()
        follower = self.follow("--json")
        self.sv(*self.play_words("--background", device="null:fast"))

        def told():
            return [json.loads(line) for line in follower.printed().splitlines()]
        sv.wait_for(lambda: [line["state"] for line in told()].count("idle") == 2, "the end")
        self.assertEqual((told()[0], told()[-1]), (IDLE, IDLE))
        self.assertEqual({line["state"] for line in told()[1:-1]}, {"playing"})

    def test_the_length_is_estimated_well_all_the_way(self):
        """However much of a step is laid out already: with the real voice, since estimates are made for it."""
        self.start("daemon")
        self.connect()
        follower = self.follow("--json")
        self.sv("play", "desk-break", "--background", "--device", "null:fast")
        sv.wait_for(lambda: '"idle"' in follower.printed().splitlines()[-1] and len(follower.printed().splitlines()) > 20, "the end", 60)
        lengths = [json.loads(line)["length"] for line in follower.printed().splitlines()]
        lengths = [length for length in lengths if length is not None]
        for length in lengths:
            self.assertLess(abs(length / lengths[-1] - 1), 0.04, lengths)

    def test_the_clock_alone_is_no_change(self):
        _, connection = self.play(*QUICK)
        connection.go_to("first")
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold")
        follower = self.follow("--json")
        lines = len(follower.printed().splitlines())
        frame = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + 96000, "two seconds")
        self.assertEqual(len(follower.printed().splitlines()), lines)

    def test_that_it_waits_is_told_without_being_asked(self):
        """To those who follow, and on the screen; also where nobody gives a command."""
        self.routine.write_text("[routine]\ntitle = Wait\n[a]\nsay = A.\nhold = ready\nsides = right, left\n[b]\nsay = B.\nhold = 20s\n")
        process, _ = self.play(*QUICK)
        follower = self.follow("--json")

        def told():
            return [json.loads(line) for line in follower.printed().splitlines()][-1]
        sv.wait_for(lambda: told()["state"] == "waiting", "the wait to be told")
        sv.wait_for(lambda: "Waiting: space goes on" in process.printed(), "the wait to be shown")
        self.assertEqual((told()["step"], told()["side"], told()["rep"]), ("a", "right", 1))

    def test_as_lines(self):
        self.play()
        follower = self.follow()
        self.sv("pause")
        sv.wait_for(lambda: "state: paused\n" in follower.printed(), "the pause")
        self.sv("stop")
        self.assertEqual(follower.wait(10 * sv.SLOW), 0)
        self.assertEqual(follower.printed().split("\n\n")[-2:], ["state: idle", ""], "a blank line behind each")

    def test_a_daemon_is_followed_from_session_to_session(self):
        self.start("daemon")
        self.connect()
        follower = self.follow("--json")
        for _ in range(2):
            self.sv(*self.play_words("--background"))
            self.sv("pause")
            self.sv("stop")

        def told():
            states = [json.loads(line)["state"] for line in follower.printed().splitlines()]
            return [state for state, before in zip(states, [None, *states]) if state != before]
        expected = ["idle", "playing", "paused", "idle", "playing", "paused", "idle"]
        sv.wait_for(lambda: told() == expected, expected)
        self.sv("play", "--device", "nosuch", "--background", self.routine, code=4)
        self.sv(*self.play_words("--background"))
        self.sv(*self.play_words("--background", "--replace"))
        self.sv("stop")
        sv.wait_for(lambda: told()[-1] == "idle" and told().count("playing") >= 4, "the end of what has been replaced, too")
        self.assertEqual(told()[-4:], ["playing", "idle", "playing", "idle"])
        follower.send_signal(signal.SIGINT)
        self.assertEqual(follower.wait(3 * sv.SLOW), 130)

    def test_a_reader_that_has_gone(self):
        self.play()
        follower = self.home.start("status", "--follow")
        self.addCleanup(follower.wait)
        self.addCleanup(follower.kill)
        follower.stdout.readline()
        follower.stdout.close()
        for _ in range(3):
            self.sv("toggle")
        self.assertIn(follower.wait(10 * sv.SLOW), (141, -signal.SIGPIPE))
        self.assertEqual(follower.stderr.read(), b"")
        follower.stderr.close()



class Interrupted(control.TestCase):
    """What is on disk after a session that did not end."""

    def memory(self):
        directory = self.home.path("state/stretchvoice")
        return [path.name for path in directory.iterdir() if path.name != "lock"] if directory.exists() else []

    def path(self):
        """Of what is remembered last; another file may be about to take its name."""
        [name] = [name for name in self.memory() if name.endswith(".ini")] or [None]
        return name and self.home.path("state/stretchvoice") / name

    def on_disk(self):
        path = self.path()
        return path.read_text() if path else ""

    def interrupt(self, number=signal.SIGKILL, step="second", **where):
        process, connection = self.play(*QUICK)
        self.sv("harder")
        self.sv("volume", "-8")
        connection.go_to(step)
        connection.wait_status(step=step, **where)
        for name, value in where.items():
            sv.wait_for(lambda name=name, value=value: f"{name}={value}\n" in self.on_disk(), "the state on disk")
        process.send_signal(number)
        process.wait()

    def resume(self):
        process = self.start(*self.play_words("--resume", *QUICK))
        return process, self.connect()

    def end(self, process):
        process.kill()
        process.wait()

    def test_B29_goes_on_at_the_move_where_it_was_killed(self):
        self.interrupt(side="right", set=1, rep=1)
        process, connection = self.resume()
        status = connection.wait_status(step="second", side="right", rep=1, set=1)
        self.assertEqual((status["level"], status["volume"]), (10, -8))
        sv.wait_for(lambda: connection.status()["hold_left"], "the hold")
        self.assertTrue(20 < connection.status()["hold_left"] <= 22, "a hold of its level")
        self.assertEqual(process.complained(), "")

    def whole_hold(self, connection, **place):
        """How long the hold there is, as it begins."""
        def begun():
            status = connection.status()
            return status["hold_left"] if place.items() <= status.items() else None
        return round(sv.wait_for(begun, f"a hold {place}", 20))

    def test_B29_both_sides_get_the_same(self):
        """Made longer on the first side, harder from the next set on, and killed on the second side."""
        self.routine.write_text("[routine]\ntitle = Sides\n[both]\nsides = right, left\nsay = Stay.\nhold = 3-23s\n")
        process, connection = self.play(*QUICK, "--set", "pace.change-sides=0s")
        connection.go_to("both")
        self.whole_hold(connection, side="right")
        for command in ("longer 2", "harder", "harder"):
            connection.ask(command)
        self.assertEqual(self.whole_hold(connection, side="left"), 5)
        sv.wait_for(lambda: "side=left\n" in self.on_disk(), "the state on disk")
        self.end(process)
        process, connection = self.resume()
        self.assertEqual(self.whole_hold(connection, side="left"), 5)
        self.assertEqual(connection.status()["level"], 20)
        self.end(process)

    def test_what_is_given_wins_over_what_is_remembered(self):
        self.interrupt(rep=1)
        process = self.start(*self.play_words("--resume", "--level", "50", "--set", "sound.volume=-3", *QUICK))
        status = self.connect().wait_status(step="second")
        self.assertEqual((status["level"], status["volume"]), (50, -3))
        self.assertEqual(process.complained(), "")

    def test_B29_a_later_place(self):
        self.interrupt(side="right", set=1, rep=1)
        text = self.on_disk()
        for place in ({"side": "left", "set": 1, "rep": 2}, {"side": "right", "set": 2, "rep": 1}, {"side": "left", "set": 2, "rep": 2}):
            with self.subTest(place):
                lines = [line for line in text.splitlines() if line.split("=")[0] not in place]
                self.path().write_text("\n".join(lines + [f"{name}={value}" for name, value in place.items()]))
                process, connection = self.resume()
                connection.wait_status(step="second", **place)
                self.end(process)

    def test_B29_a_later_move(self):
        self.interrupt(step="second-half", move="up")
        self.path().write_text(self.on_disk().replace("move=up", "move=down"))
        _, connection = self.resume()
        connection.wait_status(step="second-half", move="down")

    def test_after_a_signal(self):
        """It was not stopped by the user's word."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                self.interrupt(number, rep=1)
                self.assertIn("step=second", self.on_disk())

    def assert_nothing_to_resume(self):
        process, connection = self.resume()
        sv.wait_for(process.complained, "a word about it")
        self.assertOneLine(process.complained(), "no interrupted session")
        self.assertIsNone(connection.status()["step"])

    def test_a_stopped_session_leaves_none(self):
        process, connection = self.play()
        connection.go_to("first")
        sv.wait_for(self.memory, "the state on disk")
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        self.assertEqual(self.memory(), [])
        self.assert_nothing_to_resume()

    def test_a_finished_session_leaves_none(self):
        self.sv(*self.play_words(device="null:fast"))
        self.assertEqual(self.memory(), [])
        self.assert_nothing_to_resume()

    def test_a_resumed_session_that_ends_leaves_none(self):
        self.interrupt(rep=1)
        run = self.sv(*self.play_words("--resume", device="null:fast"))
        self.assertNotIn("First step", run.out)
        self.assertIn("Third step", run.out)
        self.assertEqual(self.memory(), [])

    def test_another_routine_has_a_session_of_its_own(self):
        """It is not gone on with, and its end is not the end of what was interrupted."""
        self.interrupt(rep=1)
        interrupted, self.routine = self.routine, self.home.write("other.ini", control.ROUTINE)
        self.assert_nothing_to_resume()
        self.sv("stop")
        self.sv(*self.play_words(device="null:fast"))
        self.routine = interrupted
        _, connection = self.resume()
        connection.wait_status(step="second")

    def test_B29_a_damaged_state_is_none(self):
        self.interrupt(rep=1)
        path = self.path()
        text = path.read_bytes()
        for damaged in (b"", text[:len(text) // 2].replace(b"step=", b"stop="), b"\0" * 4096, b"\xff" * 100, text.replace(b"second", b"nosuch")):
            with self.subTest(damaged[:20]):
                path.write_bytes(damaged)
                process, connection = self.resume()
                connection.wait_playing()
                self.end(process)

    def test_B29_figures_that_make_no_sense(self):
        self.interrupt(rep=1)
        path = self.path()
        text = path.read_text()
        for old, new in (("rep=1", "rep=999"), ("rep=1", "rep=-3"), ("set=1", "set=77"), ("side=right", "side=up"), ("level=10", "level=1e9"),
                         ("level=10", "level=1e40"), ("volume=-8", "volume=-1e40"), ("rep=1", "rep=1e40"), ("set=1", "set=99999999999999999999"),
                         ("longer=0", "longer=1e40"),
                         ("volume=-8", "volume=nan"), ("volume=-8", "volume=400"), ("hold=", "hold=0\nx=")):
            with self.subTest(new):
                self.assertIn(old, text)
                path.write_text(text.replace(old, new))
                process, connection = self.resume()
                status = sv.wait_for(lambda c=connection: (found := c.status())["rep"] and found, "the repetition")
                self.assertTrue(-60 <= status["volume"] <= 0 and 0 <= status["level"] <= 100, status)
                self.assertTrue(1 <= status["rep"] <= status["reps"] and 1 <= status["set"] <= status["sets"], status)
                self.end(process)

    def test_the_state_is_kept_where_nothing_can_be_written(self):
        """A disk that is full costs the memory, not the session; one line tells of it."""
        self.home.path("state").joinpath("stretchvoice").write_text("in the way")
        process, connection = self.play()
        connection.go_to("first")
        connection.go_to("second")
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)
        self.assertOneLine(process.complained(), "--resume", "state/stretchvoice")


if __name__ == "__main__":
    unittest.main()
