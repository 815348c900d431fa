"""`play` on a terminal: keys, what is drawn, and the terminal as it was on every way out."""
import os
import pty
import re
import select
import shlex
import signal
import time
import unittest

import control
import sv
import term

ROUTINE = """[routine]
title = Terminal test
closing = Over now.
[first]
title = First step
say = Sit.
hold = 30s
[second]
title = Second step
sides = right, left
say = Lean to the {side}.
hold = 20s
"""
SHOW_CURSOR, HIDE_CURSOR = b"\x1b[?25h", b"\x1b[?25l"
ESCAPE = b"\x1b"


class Playing(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("terminal.ini", ROUTINE)

    def play(self, *options, device="null", **rest):
        terminal = term.Terminal(self.home, "play", "--voice", "tone", "--device", device, "--set", "sound.wake=0s",
                                 "--set", "pace.gap=0s", *options, self.routine, **rest)
        self.addCleanup(terminal.close)
        return terminal

    def assertRestored(self, terminal):
        self.assertTrue(terminal.is_restored())
        self.assertGreater(terminal.shown.rfind(SHOW_CURSOR), terminal.shown.rfind(HIDE_CURSOR), "the cursor stays hidden")


class Restored(Playing):
    def end_by(self, number, code):
        terminal = self.play()
        terminal.wait_raw()
        terminal.wait_shown("Terminal test")
        terminal.signal(number)
        self.assertEqual(terminal.wait_end(), code)
        self.assertRestored(terminal)

    def test_signals(self):
        names = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGUSR1", "SIGXCPU", "SIGALRM"]
        if not sv.SANITIZED:  # which has a report to make of it
            names.append("SIGSEGV")
        for name in names:
            with self.subTest(name):
                self.end_by(getattr(signal, name), 128 + getattr(signal, name))

    def test_ctrl_c_typed(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.type("\x03")
        self.assertEqual(terminal.wait_end(), 130)
        self.assertRestored(terminal)

    def test_q(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertRestored(terminal)

    def test_end_of_the_session(self):
        terminal = self.play(device="null:fast")
        self.assertEqual(terminal.wait_end(30), 0)
        self.assertRestored(terminal)

    def test_no_output(self):
        terminal = self.play(device="no such thing")
        self.assertEqual(terminal.wait_end(), 4)
        self.assertRestored(terminal)

    def test_stop_and_go_on(self):
        terminal = self.play()
        terminal.wait_raw()
        for ctrl_z in (False, True):
            terminal.forget()
            terminal.type("\x1a") if ctrl_z else terminal.signal(signal.SIGTSTP)
            terminal.wait_news("stopped")
            terminal.pump(0)
            self.assertTrue(terminal.is_restored())
            self.assertIn(SHOW_CURSOR, terminal.shown)
            terminal.go_on()
            terminal.wait_raw()
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertRestored(terminal)

    def test_the_terminal_goes(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.hang_up()
        self.assertEqual(terminal.wait_end(), 129)


class Keys(Playing):
    def test_each(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.wait_row("Step 1 of 2: First step")
        for key, shown in (("n", "Step 2 of 2: Second step"), ("p", "Step 1 of 2: First step"), (" ", "PAUSED  space goes on"),
                           (" ", "Get ready"), ("-", "volume -3 dB"), ("+", "volume 0 dB"), ("n", "Step 2 of 2")):
            with self.subTest(key=key):
                terminal.type(key)
                terminal.wait_row(shown)
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_repeat(self):
        """From within the hold, the instruction is said again."""
        terminal = self.play("--set", "pace.prepare=0s")
        terminal.wait_raw()
        terminal.type("n")
        terminal.wait_row("seconds left")
        terminal.type("r")
        terminal.wait_row("Listen")
        terminal.wait_row("seconds left")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_next_after_the_last_step_is_the_closing(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.wait_shown("Step 1 of 2")
        terminal.type("nn")
        terminal.wait_row("Closing words")
        self.assertEqual(terminal.wait_end(15), 0)

    def test_keys_that_are_none(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.wait_shown("Step 1 of 2")
        terminal.type("\x1b[A\x1b[Byz%$#\t\r\x7f")
        terminal.forget()
        terminal.type("n")
        terminal.wait_shown("Step 2 of 2")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)


    def test_escape_is_no_beginning_of_the_next_key(self):
        terminal = self.play()
        terminal.wait_raw()
        terminal.wait_shown("Step 1 of 2")
        terminal.type("-\x1b")
        terminal.wait_shown("-3 dB")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)


class Drawn(Playing):
    def screen(self, *options, **rest):
        terminal = self.play(*options, **rest)
        terminal.wait_shown("Step 1 of 2")
        terminal.type("n")
        terminal.wait_shown("Step 2 of 2")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        return terminal.shown

    def test_what_is_to_be_seen(self):
        shown = self.screen().decode()
        for part in ("Terminal test", "Step 1 of 2: First step", "Next: Second step", "~"):
            self.assertIn(part, shown)


    def test_plain_is_nothing_but_text(self):
        shown = self.screen("--plain")
        self.assertNotIn(ESCAPE, shown)
        self.assertIn(b"Step 1 of 2: First step", shown)
        self.assertFalse(re.search(rb"[^\n\r\t -~]", shown), shown)

    def test_plain_prints_no_line_twice(self):
        """The setup is for both sides."""
        path = self.home.write("bend.ini", "[routine]\ntitle = Bend\n[bend]\nsides = right, left\nsetup = Stand. Stand tall.\n"
                               "say = Bend to the {side}.\nhold = 5s\n")
        lines = self.sv("play", path, "--voice", "tone", "--device", "null:fast", "--plain").out.splitlines()
        self.assertEqual(lines[1:4], ["Step 1 of 1: bend", "bend: right side", "bend: left side"])

    def test_plain_prints_answers(self):
        terminal = self.play("--plain")
        terminal.wait_raw()
        terminal.wait_shown("Step 1 of 2")
        for key, answer in (("-", "Volume -3 dB."), (">", "10 seconds longer."), ("\x1b[B", "By set."), ("\x1bOA", "By exercise.")):
            terminal.forget()
            terminal.type(key)
            terminal.wait_shown(answer + "\r\n")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_color(self):
        self.assertRegex(self.screen(), rb"\x1b\[[0-9;]+m")
        for options, env in (((), {"NO_COLOR": "1"}), (("--color", "never"), {}), ((), {"TERM": "dumb"})):
            with self.subTest(options=options, env=env):
                self.assertNotRegex(self.screen(*options, env=env), rb"\x1b\[[0-9;]*m")
        self.assertRegex(self.screen("--color", "always", env={"NO_COLOR": "1"}), rb"\x1b\[[0-9;]+m")

    def test_a_dumb_terminal_is_not_drawn_on(self):
        self.assertNotIn(ESCAPE, self.screen(env={"TERM": "dumb"}))

    def test_texts_cannot_draw(self):
        self.routine.write_text(ROUTINE.replace("First step", "First step \x9b31m\u202eevil"), encoding="utf-8")
        terminal = self.play("--color", "never")
        self.assertEqual(terminal.wait_end(), 3)
        self.assertFalse(re.search("[\x1b\x9b\u202e]", terminal.shown.decode()), terminal.shown)


class Screen(Playing):
    """One screen, redrawn in place."""

    def begin(self, *options, **rest):
        terminal = self.play(*options, **rest)
        terminal.wait_row("Step 1 of 2")
        return terminal

    def assert_one(self, terminal):
        """No copy of it is left, here or above."""
        terminal.wait_row("Session")
        self.assertEqual(sum("Terminal test" in row for row in terminal.rows()), 1, terminal.rows())
        self.assertEqual(terminal.cells.screen.gone + terminal.cells.main.gone, [])

    def test_after_a_resize(self):
        terminal = self.begin()
        terminal.type(" ")
        terminal.wait_row("PAUSED")
        for columns, rows in ((60, 24), (40, 8), (100, 40), (80, 14)):
            with self.subTest(columns=columns, rows=rows):
                terminal.resize(columns, rows)
                keys = "space pause  n next  p back  ? all keys" if columns == 40 else "w where  ? all keys"
                terminal.wait(lambda: terminal.rows()[rows - 1].endswith(keys), f"the keys below {terminal.rows()}")
                self.assertEqual(sum("PAUSED" in row for row in terminal.rows()), 1)
                self.assertEqual(terminal.cells.screen.gone, [])
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_an_answer_stays_for_a_while(self):
        terminal = self.begin()
        terminal.type("w")
        terminal.wait_row(" to go.")
        terminal.wait_row("? all keys")
        self.assert_one(terminal)
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_all_keys(self):
        """Any key returns, and does nothing else."""
        terminal = self.begin()
        terminal.type("?")
        terminal.wait_row("any key returns")
        terminal.wait_row("Stop the session")
        terminal.type("q")
        terminal.wait_row("? all keys")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def last_rows(self, terminal):
        return [row for row in terminal.cells.main.lines() if row]

    def test_one_line_stays(self):
        terminal = self.play(device="null:fast")
        self.assertEqual(terminal.wait_end(30), 0)
        self.assertEqual(self.last_rows(terminal), ["Terminal test: 2 minutes, 2 of 2 steps."])

    def test_after_an_interruption(self):
        terminal = self.begin("--set", "pace.prepare=0s")
        terminal.type("n")
        terminal.wait_row("Step 2 of 2")
        terminal.type("\x03")
        self.assertEqual(terminal.wait_end(), 130)
        rows = self.last_rows(terminal)
        self.assertRegex(rows[-1], r"^Terminal test: \d+ seconds?, 0 of 2 steps; --resume goes on at Second step\.$")
        self.assertEqual(len(rows), 1, rows)
        terminal = self.play()
        terminal.wait_row("last time you stopped at Second step; --resume goes on there")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_after_an_interruption_in_a_daemon(self):
        """Its screen mentions it too."""
        daemon = self.home.start("daemon")
        self.addCleanup(daemon.communicate)
        self.addCleanup(daemon.kill)
        control.connect(self.home).close()
        terminal = self.begin("--set", "pace.prepare=0s")
        terminal.type("n")
        terminal.wait_row("Step 2 of 2")
        terminal.type("\x03")
        self.assertEqual(terminal.wait_end(), 130)
        terminal = self.play()
        terminal.wait_row("last time you stopped at Second step; --resume goes on there")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)

    def test_notes_wait_for_the_end(self):
        """On the screen one shows for a while; behind it on the terminal."""
        terminal = self.begin("--resume")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        rows = self.last_rows(terminal)
        self.assertIn("no interrupted session", rows[0])
        self.assertEqual(len(rows), 2, rows)

    def test_ascii(self):
        self.routine.write_text(ROUTINE.replace("First step", "Première étape"), encoding="utf-8")
        terminal = self.begin(env={"LC_ALL": "C"}, columns=100)
        terminal.wait_row("Premiere etape")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertTrue(terminal.shown.isascii())

    def test_terminals_that_cannot_draw(self):
        for name in ("dumb", ""):
            with self.subTest(name):
                terminal = self.play(env={"TERM": name})
                terminal.wait_shown("Step 1 of 2: First step")
                terminal.type("q")
                self.assertEqual(terminal.wait_end(), 0)
                self.assertNotIn(ESCAPE, terminal.shown)


class Elsewhere(Playing):
    """Standard output that is no terminal: one line a change."""

    def test_lines(self):
        run = self.sv("play", "--voice", "tone", "--device", "null:fast", self.routine, timeout=30)
        self.assertNotIn("\x1b", run.out)
        self.assertEqual(run.err, "")
        lines = run.out.splitlines()
        self.assertEqual(len(lines), len([a for a, b in zip(lines, lines[1:] + [""]) if a != b]), "a line is said twice")
        text = run.out
        for part in ("Step 1 of 2: First step", "Step 2 of 2: Second step", "right side", "left side", "2 of 2 steps."):
            self.assertIn(part, text)

    def test_words(self):
        """Each sentence once, in order, and each answer."""
        planned = self.sv("plan", "--json", "--voice", "tone", self.routine).lines()
        run = self.sv("play", "--plain=words", "--voice", "tone", "--device", "null:fast", self.routine, timeout=30)
        self.assertEqual(run.out.splitlines()[:-1], [cue["text"] for cue in planned if cue["type"] == "speech"])

    def test_words_that_are_none(self):
        run = self.sv("play", "--plain=word", self.routine, code=2)
        self.assertEqual(run.err, "stretchvoice: --plain has no value, or =words, not 'word'; see 'stretchvoice --help'\n")

    def test_quiet(self):
        run = self.sv("play", "--quiet", "--voice", "tone", "--device", "null:fast", self.routine, timeout=30)
        self.assertEqual((run.out, run.err), ("", ""))


class JobControl(control.TestCase):
    """In an interactive shell: in the background nothing is drawn, no key is read, and nothing stops."""

    def setUp(self):
        super().setUp()
        sv.need("bash")
        self.shell, self.terminal = pty.fork()
        if self.shell == 0:
            os.chdir(self.home.directory)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], self.home.env | {"PS1": "$ "})
        self.addCleanup(os.close, self.terminal)
        self.addCleanup(os.waitpid, self.shell, 0)
        self.addCleanup(os.kill, self.shell, signal.SIGKILL)
        self.shown = b""

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read_for(self, seconds):
        deadline, self.shown = time.monotonic() + seconds, b""
        while select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            self.shown += os.read(self.terminal, 65536)
        return self.shown.decode(errors="replace")

    def wait_shown(self, text):
        sv.wait_for(lambda: text in self.read_for(0.2), repr(text))

    def play_line(self):
        return shlex.join([str(sv.PROGRAM), *map(str, self.play_words())])

    def assert_goes_on_unseen(self, connection):
        self.read_for(0.3)
        frame = connection.status()["frame"]
        self.assertNotIn("Steered", self.read_for(1))
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on in the background")

    def assert_comes_back(self, connection):
        self.type("fg\n")
        self.wait_shown("Steered")
        self.type(" ")
        connection.wait_status(state="paused")
        self.type("q")
        control.wait_gone(connection.pid)

    def test_stopped_put_into_the_background_and_fetched(self):
        self.type(self.play_line() + "\n")
        connection = self.connect()
        connection.wait_playing()
        self.wait_shown("Steered")
        self.type("\x1a")
        self.wait_shown("Stopped")
        self.type("bg\n")
        self.assert_goes_on_unseen(connection)
        self.assert_comes_back(connection)

    def test_started_in_the_background_and_fetched(self):
        self.type(self.play_line() + " &\n")
        connection = self.connect()
        connection.wait_playing()
        self.assert_goes_on_unseen(connection)
        self.assert_comes_back(connection)


if __name__ == "__main__":
    unittest.main()
