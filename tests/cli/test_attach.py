"""`attach`: the screen and the keys of a session that another process plays, which does not end with it."""
import signal
import unittest

import control
import sv
import term

LEFT = "the session goes on; 'stretchvoice stop' ends it"


class Attach(control.TestCase):
    def begin(self, where="background"):
        """A session there; the connection to it."""
        process = None
        if where == "daemon":
            process = self.start("daemon")
            self.connect()
        if where == "foreground":
            process = self.start(*self.play_words())
        else:
            self.sv(*self.play_words("--background"))
        connection = self.connect()
        connection.wait_playing()
        return process, connection

    def attach(self, *options):
        terminal = term.Terminal(self.home, "attach", *options)
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.wait_shown("Steered")
        return terminal

    def assertPlaysOn(self, connection):
        frame = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")

    def test_without_a_session(self):
        self.assertOneLine(self.sv("attach", code=5).err, "no session", "stretchvoice play NAME")
        self.start("daemon")
        self.connect()
        self.assertOneLine(self.sv("attach", code=5).err, "no session", "stretchvoice play NAME")

    def test_a_reader_that_goes(self):
        """As with `| head`: it ends, and the session goes on."""
        _, connection = self.begin()
        with self.home.start("attach", "--plain") as process:
            self.assertTrue(process.stdout.readline())
            process.stdout.close()
            self.sv("next")
            self.sv("next")
            self.assertEqual(process.wait(20 * sv.SLOW), 0)
        self.assertPlaysOn(connection)

    def test_keys_and_screen_wherever_it_plays(self):
        for where in ("background", "daemon", "foreground"):
            with self.subTest(where):
                process, connection = self.begin(where)
                terminal = self.attach()
                terminal.wait_shown("q leaves")
                terminal.type("n")
                terminal.wait_shown("First step")
                terminal.type("n")
                terminal.wait_shown("Second step")
                terminal.type(" ")
                connection.wait_status(state="paused", step="second")
                terminal.type("q")
                self.assertEqual(terminal.wait_end(), 0)
                self.assertIn(LEFT, terminal.shown.decode())
                self.assertTrue(terminal.is_restored())
                self.assertEqual(connection.status()["state"], "paused")
                connection.ask("stop")
                if process:
                    process.terminate()
                control.wait_gone(connection.pid)

    def test_it_shows_where_the_session_is_at_once(self):
        """Also in a pause, where nothing changes."""
        _, connection = self.begin()
        connection.ask("pause")
        connection.ask("next")
        for _ in range(2):
            self.attach().wait_shown("First step")

    def test_signals_and_the_window_that_is_closed(self):
        _, connection = self.begin()
        for number in (signal.SIGINT, signal.SIGTERM):
            terminal = self.attach()
            terminal.signal(number)
            self.assertEqual(terminal.wait_end(), 128 + number)
            self.assertTrue(terminal.is_restored())
            self.assertPlaysOn(connection)
        terminal = self.attach()
        terminal.hang_up()
        control.wait_gone(terminal.pid)
        self.assertPlaysOn(connection)

    def test_it_ends_with_the_session(self):
        for where in ("background", "daemon"):
            with self.subTest(where):
                process, connection = self.begin(where)
                screens = [self.start("attach", "--plain") for _ in range(2)]
                for screen in screens:
                    sv.wait_for(lambda screen=screen: "Steered" in screen.printed(), "the screen")
                self.sv("stop")
                for screen in screens:
                    self.assertEqual((screen.wait(10 * sv.SLOW), screen.complained()), (0, ""))
                if process:
                    process.terminate()
                control.wait_gone(connection.pid)

    def test_it_ends_when_the_session_is_replaced(self):
        self.start("daemon")
        self.connect()
        self.sv(*self.play_words("--background"))
        screen = self.start("attach", "--plain")
        sv.wait_for(lambda: "Steered" in screen.printed(), "the screen")
        self.sv(*self.play_words("--background", "--replace"))
        self.assertEqual(screen.wait(10 * sv.SLOW), 0)
        self.connect().wait_playing()

    def test_it_says_so_if_the_program_is_killed(self):
        _, connection = self.begin()
        screen = self.start("attach", "--plain")
        sv.wait_for(lambda: "Steered" in screen.printed(), "the screen")
        control.os.kill(connection.pid, signal.SIGKILL)
        self.assertEqual(screen.wait(10 * sv.SLOW), 1)
        self.assertOneLine(screen.complained(), "has ended")

    def test_what_is_played_counts_not_what_the_file_has_become(self):
        self.begin()
        self.routine.write_text("[routine]\ntitle = Another\n")
        self.attach().wait_shown("First step")
        self.routine.unlink()
        self.attach().wait_shown("First step")

    def test_a_large_routine(self):
        text = "".join(f"[s{i}]\nsay = Stay. {'Breathe. ' * 60}\nhold = 20s\n" for i in range(4000))
        self.routine.write_text(f"[routine]\ntitle = Steered\n{text}")
        self.begin()
        terminal = self.attach()
        terminal.type("n")
        terminal.wait_shown("s0")

    def test_answers_are_shown_once(self):
        self.begin()
        screen = term.Terminal(self.home, "attach", "--plain")
        self.addCleanup(screen.close)
        screen.wait_raw()
        screen.wait_shown("Steered")
        screen.type(" ")
        screen.wait_shown("Paused.")
        self.sv("longer")
        screen.wait_shown("10 seconds longer.")
        screen.type("q")
        screen.wait_end()
        lines = screen.shown.decode().split("\r\n")
        self.assertEqual((lines.count("Paused."), lines.count("10 seconds longer.")), (1, 1), lines)

    def test_quiet(self):
        self.begin()
        terminal = term.Terminal(self.home, "attach", "--quiet")
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.type("nq")
        self.assertEqual((terminal.wait_end(), terminal.shown), (0, b""))

    def test_play_offers_it(self):
        self.begin()
        self.assertOneLine(self.sv(*self.play_words(), code=1).err, "stretchvoice attach", "stretchvoice stop", "--replace")


if __name__ == "__main__":
    unittest.main()
