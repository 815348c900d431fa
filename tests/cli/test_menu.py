"""`menu`: the routines are said, one is chosen by key, by headset or from another terminal, and plays in the same process."""
import re
import signal
import unittest

import bus
import control
import sv
import term

TITLES = ("Alpha", "Beta", "Gamma")


class MenuCase(control.TestCase):
    """Three routines of two steps, beside those of the source tree, which a data directory hides."""

    def setUp(self):
        super().setUp()
        shipped = [path.stem for path in (sv.TOP / "config/routines").glob("*.ini")]
        for name in shipped:
            self.home.write(f"config/stretchvoice/routines/{name}.ini", "not a routine\n")
        for title in TITLES:
            self.home.write(f"config/stretchvoice/routines/{title.lower()}.ini", f"""[routine]
title = {title}
[one]
title = {title} one
say = Sit.
hold = 60s
[two]
say = Stand.
hold = 60s
""")

        seconds = self.sv("list", "--json", "--voice", "tone").lines()[0]["seconds_estimate"]
        self.time = f"{(seconds + 30) // 60} minutes"

    def words(self, *options):
        return "menu", "--voice", "tone", "--device", "null", *options

    def menu(self, *options, env=None):
        process = self.start(*self.words(*options), env=env)
        connection = self.connect()
        connection.wait_playing()
        return process, connection

    def wait_title(self, connection, title):
        connection.wait_status(routine="menu", step=title.lower())


class Choosing(MenuCase):
    def test_it_says_all_and_waits(self):
        process, connection = self.menu("--plain")
        connection.wait_status(30, state="waiting", step="gamma", title="Routines")
        for title in TITLES:
            self.assertIn(f"{title}, {self.time}", process.printed())
        connection.ask("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (0, ""))

    def test_from_another_terminal(self):
        process, connection = self.menu("--plain")
        self.assertEqual(self.sv("next").out, f"1 of 3. Alpha, {self.time}.\n")
        self.assertEqual(self.sv("next").out, f"2 of 3. Beta, {self.time}.\n")
        self.assertEqual(self.sv("previous").out, f"1 of 3. Alpha, {self.time}.\n")
        self.assertEqual(self.sv("previous").out, f"3 of 3. Gamma, {self.time}.\n")
        self.sv("toggle")
        connection.wait_status(state="playing", routine="gamma")
        self.assertEqual(connection.pid, process.pid)
        self.assertEqual(self.sv("next").out, "1 of 2. Gamma one.\n")
        self.sv("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (0, ""))

    def test_by_key(self):
        terminal = term.Terminal(self.home, *self.words())
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.wait_shown("Routines")
        connection = self.connect()
        terminal.type("nn")
        self.wait_title(connection, "Beta")
        terminal.wait_shown(f"Beta, {self.time}")
        terminal.type(" ")
        connection.wait_status(state="playing", routine="beta")
        terminal.type("n")
        terminal.wait_shown("Beta one")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertTrue(terminal.is_restored())

    def test_enter_chooses(self):
        """Also in a terminal that is attached to the menu."""
        for where in ("here", "attached"):
            with self.subTest(where):
                if where == "attached":
                    self.menu()
                terminal = term.Terminal(self.home, *(self.words() if where == "here" else ["attach"]))
                self.addCleanup(terminal.close)
                terminal.wait_raw()
                terminal.wait_shown("Routines")
                connection = self.connect()
                terminal.type("n")
                connection.wait_status(step="alpha")
                terminal.type("\r")
                connection.wait_status(state="playing", routine="alpha")
                connection.ask("stop")
                control.wait_gone(connection.pid)

    def test_leaving(self):
        for end, code in (("q", 0), ("\x03", 130)):
            with self.subTest(code):
                terminal = term.Terminal(self.home, *self.words())
                self.addCleanup(terminal.close)
                terminal.wait_raw()
                terminal.wait_shown("Routines")
                terminal.type(end)
                self.assertEqual(terminal.wait_end(), code)
                self.assertTrue(terminal.is_restored())
        process, _ = self.menu()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10 * sv.SLOW), 143)
        self.assertEqual(list(self.home.path("state").rglob("*.ini")), [])

    def test_the_options_count(self):
        """For the menu and for the session; the volume of the menu is that of the session."""
        process, connection = self.menu("--set", "sound.volume=-9", "--level", "40")
        self.assertEqual((connection.status()["volume"], connection.status()["level"]), (-9, 40))
        self.sv("volume", "-12")
        self.sv("next")
        self.sv("resume")
        status = connection.wait_status(state="playing", routine="alpha")
        self.assertEqual((status["volume"], status["level"], status["device"]), (-12, 40, "null"))
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)

    def test_attach_shows_it(self):
        self.menu()
        screen = term.Terminal(self.home, "attach")
        self.addCleanup(screen.close)
        screen.wait_raw()
        screen.type("nn")
        screen.wait_shown(f"Beta, {self.time}")
        screen.wait_shown("space begins")


class Refused(MenuCase):
    def test_without_routines(self):
        for path in self.home.path("config/stretchvoice/routines").iterdir():
            path.write_text("nothing\n")
        run = self.sv(*self.words("--set", "sound.device=null:fast", "--plain=words"), code=3)
        self.assertIn("There are no routines", run.out)
        self.assertOneLine(run.err, "no routines", "config/stretchvoice/routines")

    def test_what_is_wrong_is_told_in_a_line(self):
        for words, code in ((("--voice", "nosuch"), 3), (("--set", "pace.level=7x"), 3), (("--device", "nosuch"), 4), (("beta",), 2)):
            with self.subTest(words):
                self.assertOneLine(self.sv("menu", "--device", "null", *words, code=code).err)

    def test_one_session_a_user(self):
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "alpha")
        self.assertOneLine(self.sv(*self.words(), code=1).err, "stretchvoice attach", "stretchvoice stop")
        self.sv("stop")
        process, _ = self.menu()
        self.assertOneLine(self.sv("play", "--device", "null", "alpha", code=1).err, "a session is running")
        self.sv("stop")
        self.assertEqual(process.wait(10 * sv.SLOW), 0)

    def test_if_nothing_can_choose(self):
        run = self.sv(*self.words(), env={"XDG_RUNTIME_DIR": "", "DBUS_SESSION_BUS_ADDRESS": ""}, code=1)
        self.assertOneLine(run.err, "no terminal, no control socket and no session bus")


class InADaemon(MenuCase):
    """A daemon has the socket: the menu is here, and the session there."""

    def test_the_choice_plays_in_the_daemon(self):
        daemon = self.start("daemon")
        connection = self.connect()
        terminal = term.Terminal(self.home, *self.words())
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.wait_shown("Routines")
        terminal.type("nn")
        terminal.wait_shown(f"Beta, {self.time}")
        terminal.type(" ")
        connection.wait_status(state="playing", routine="beta")
        self.assertEqual(connection.pid, daemon.pid)
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertEqual(connection.ask("status").code, 5)

    def test_a_session_in_the_daemon_comes_first(self):
        self.start("daemon")
        self.connect()
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "alpha")
        self.assertOneLine(self.sv(*self.words(), code=1).err, "a session is running")


class ByHeadsetCase(MenuCase):
    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)

    def reading(self, *words):
        """Once the player can do that: between a menu and its session there is a moment in which it cannot."""
        done = sv.wait_for(lambda: (run := self.bus.run("playerctl", "-p", "stretchvoice", *words)).returncode == 0 and run, f"playerctl {words}")
        return done.stdout.removesuffix("\n")

    def wait_title(self, title):
        sv.wait_for(lambda: self.reading("metadata", "xesam:title") == title, f"the title '{title}'", 30)


class ByHeadset(ByHeadsetCase):
    """On the bus alone, with the words that a headset has."""

    def test_next_previous_play(self):
        process = self.start(*self.words(), env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        self.assertEqual(self.reading("status"), "Paused")
        self.reading("next")
        self.wait_title(f"Alpha, {self.time}")
        self.reading("next")
        self.wait_title(f"Beta, {self.time}")
        self.reading("previous")
        self.wait_title(f"Alpha, {self.time}")
        self.assertEqual(self.reading("status"), "Paused")  # so that a headset sends Play
        self.reading("play")
        sv.wait_for(lambda: self.reading("metadata", "xesam:album") == "Alpha", "the session")
        sv.wait_for(lambda: self.reading("status") == "Playing", "it to play")
        self.reading("next")
        self.wait_title("Alpha one")
        self.reading("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (0, ""))

    def test_the_player_stays_on_the_bus(self):
        """A desktop gives a press to the player that was there last: another one must not take it in between."""
        self.start(*self.words(), env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        owner = ("call", "--session", "-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m", "org.freedesktop.DBus.GetNameOwner", bus.PLAYER)
        before = self.bus.gdbus(*owner)
        self.reading("next")
        self.reading("play-pause")
        sv.wait_for(lambda: self.reading("metadata", "xesam:album") == "Alpha", "the session")
        self.assertEqual(self.bus.gdbus(*owner), before)

    def test_stop_leaves(self):
        process = self.start(*self.words(), env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        self.reading("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (0, ""))


class MiddleBack(control.TestCase):
    """The routine that comes with the program, from the menu to its end: every step, with the buttons of a headset and nothing else."""

    voice = None  # its own

    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)

    def press(self, button):
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", button).returncode == 0, f"the player to take '{button}'")

    def wait(self, what, expected, seconds=20):
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", *what).stdout.strip() == expected, f"{what} to be '{expected}'", seconds)

    def wait_title(self, title, seconds=20):
        self.wait(["metadata", "xesam:title"], title, seconds)

    def titles(self):
        """Of the steps, in their order."""
        text = (sv.TOP / "config/routines/middle-back.ini").read_text()
        steps = re.findall(r"(?ms)^\[([a-z0-9-]+)\]\n(.*?)(?=^\[|\Z)", text)
        for name, keys in steps:
            title = re.search(r"(?m)^title\s*=\s*(.*?)\s*$", keys)
            if name != "routine":
                yield title[1] if title else name.replace("-", " ")

    def test_a_whole_session(self):
        process = self.start("menu", "--device", "null", env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        found = self.sv("list", "--json").lines()
        for _ in range(1 + [routine["name"] for routine in found].index("middle-back")):
            self.press("next")
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", "metadata", "xesam:title").stdout.startswith("Middle back, "), "its title")
        self.press("play")
        self.wait(["metadata", "xesam:album"], "Middle back")
        titles = list(self.titles())
        self.assertEqual(len(titles), 8)
        for number, title in enumerate(titles):
            self.press("next")
            self.wait_title(title)
            if number == 2:
                self.press("pause")
                self.wait(["status"], "Paused")
                self.press("play")
                self.wait(["status"], "Playing")
            if number == 4:
                self.press("previous")
                self.wait_title(titles[3])
                self.press("next")
                self.wait_title(title)
        self.press("next")
        self.wait_title("Middle back")  # its closing words
        self.assertEqual((process.wait(90 * sv.SLOW), process.complained()), (0, ""))
        self.assertIn("Middle back: ", process.printed())


class Always(ByHeadsetCase):
    """A daemon stays on the bus, and play begins a menu in it."""

    def daemon(self, *options):
        daemon = self.start("daemon", "--set", "control.mpris=always", "--voice", "tone", "--device", "null", *options, env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        return daemon, self.connect()

    def wait_reading(self, expected, *words):
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", *words).stdout.strip() == expected, f"{words} to be '{expected}'")

    def test_a_day(self):
        """Twice: the daemon forgets nothing and keeps nothing."""
        daemon, connection = self.daemon("--set", "sound.volume=-3")
        for title in ("Alpha", "Beta"):
            self.wait_reading("Stopped", "status")
            self.assertEqual(connection.ask("status").code, 5)
            self.reading("play-pause")
            connection.wait_status(routine="menu")
            self.wait_reading("Paused", "status")
            self.reading("next")
            if title == "Beta":
                self.reading("next")
            self.wait_title(f"{title}, {self.time}")
            self.reading("play")
            status = connection.wait_status(state="playing", routine=title.lower())
            self.assertEqual(status["volume"], -3)
            self.reading("next")
            self.wait_title(f"{title} one")
            self.reading("stop")
        self.wait_reading("Stopped", "status")
        daemon.terminate()
        self.assertEqual((daemon.wait(10 * sv.SLOW), daemon.complained()), (143, ""))

    def test_play_from_a_terminal_takes_the_place_of_a_menu(self):
        _, connection = self.daemon()
        self.reading("play")
        connection.wait_status(routine="menu")
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "gamma")
        connection.wait_status(state="playing", routine="gamma")
        self.assertOneLine(self.sv("play", "--voice", "tone", "--device", "null", "alpha", code=1).err, "a session is running")
        self.reading("play")  # goes on, if anything
        self.assertEqual(connection.status()["routine"], "gamma")

    def test_leaving_the_menu(self):
        daemon, connection = self.daemon()
        self.reading("play")
        connection.wait_status(routine="menu")
        self.reading("stop")
        sv.wait_for(lambda: connection.ask("status").code == 5, "the end of the menu")
        self.wait_reading("Stopped", "status")
        self.assertIsNone(daemon.poll())

    def test_a_menu_that_waits_in_vain_ends(self):
        """It was pressed for by mistake, and must not be in the way of the next session."""
        _, connection = self.daemon("--set", "sound.release=5s")
        self.reading("play")
        self.reading("next")
        connection.wait_status(state="waiting")
        sv.wait_for(lambda: connection.ask("status").code == 5, "the end of the menu", 20)
        self.wait_reading("Stopped", "status")

    def test_what_goes_wrong_is_told_and_the_daemon_stays(self):
        for path in self.home.path("config/stretchvoice/routines").iterdir():
            path.write_text("nothing\n")
        daemon, connection = self.daemon()
        self.reading("play")
        connection.wait_status(routine="menu", step="none")
        sv.wait_for(lambda: connection.ask("status").code == 5, "the end of the menu")
        self.home.write("config/stretchvoice/stretchvoice.ini", "[pace]\nlevel = 1000\n")
        self.reading("play")
        sv.wait_for(lambda: "out of range" in daemon.complained(), "the line about the setting")
        self.assertIsNone(daemon.poll())
        self.wait_reading("Stopped", "status")

    def test_otherwise_it_is_there_for_a_session_only(self):
        self.start("daemon", env=self.bus.env)
        self.connect()
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "alpha")
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        self.sv("stop")
        sv.wait_for(lambda: not self.bus.players(), "it to leave the bus")

    def test_wrong_settings(self):
        self.assertOneLine(self.sv("daemon", "--set", "control.mpris=maybe", code=3).err, "control.mpris", "yes, no, always")


class Aloud(MenuCase):
    """What is only said, heard by a speech program that writes it down."""

    KEYS = "Space: pause, or go on. Q: stop, or leave. N: next."

    def setUp(self):
        super().setUp()
        self.log = self.home.path("log")
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        command = f"engine = command\ncommand = {sv.TOP}/tests/lib/engine.py each --log={self.log} {{text}} {{out}}"
        self.home.write("config/stretchvoice/voices/heard.ini", re.sub(r"(?m)^engine .*$", lambda _: command, text))

    def spoken(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def say(self, *words, **options):
        run = self.sv(*words, "--voice", "heard", "--device", "null:fast", **options)
        self.assertEqual((run.out, run.err), ("", ""))
        return self.spoken()

    def test_the_list(self):
        spoken = self.say("list", "--speak")
        self.assertIn("3 routines.", spoken)
        for title in TITLES:
            self.assertTrue([text for text in spoken if re.fullmatch(rf"{title}, \d+ minutes?\.", text)], (title, spoken))
        self.assertFalse([text for text in spoken if "choose" in text])  # that is the menu's

    def test_a_list_of_nothing(self):
        for path in self.home.path("config/stretchvoice/routines").iterdir():
            path.write_text("nothing\n")
        self.assertIn("There are no routines.", self.say("list", "--speak"))

    def test_the_keys(self):
        """Without a session, also where a daemon waits for one."""
        self.assertIn("N: next.", self.say("say-keys"))
        self.assertIn("Space: pause, or go on.", self.spoken())
        self.start("daemon")
        self.connect()
        self.sv("say-keys", "--voice", "tone", "--device", "null:fast")

    def test_the_keys_in_a_session(self):
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "alpha")
        self.sv("pause")
        self.assertIn(self.KEYS, self.sv("say-keys").out)
        self.sv("stop")

    def test_a_question_mark_where_nothing_is_drawn(self):
        terminal = term.Terminal(self.home, "play", "--voice", "tone", "--device", "null", "--plain", "alpha")
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.type(" ?")
        terminal.wait_shown(self.KEYS)

    def test_another_language_has_its_own_words(self):
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        self.home.write("config/stretchvoice/voices/tone.ini", text.replace("keys = {keys}", "keys = Leertaste: Pause. N: weiter."))
        self.sv("play", "--voice", "tone", "--device", "null", "--background", "alpha")
        self.assertEqual(self.sv("say-keys").out, "Leertaste: Pause. N: weiter.\n")
        self.sv("stop")

    def test_what_goes_wrong(self):
        for words, code in ((("list", "--speak", "--json"), 2), (("list", "--speak", "--device", "nosuch"), 4), (("say-keys", "--device", "nosuch"), 4),
                            (("say-keys", "--voice", "nosuch"), 3), (("say-keys", "now"), 2)):
            with self.subTest(words):
                run = self.sv(*words, code=code)
                self.assertOneLine(run.err)
                self.assertEqual(run.out, "")

    def test_interrupted(self):
        for words in (("list", "--speak"), ("say-keys",)):
            process = self.start(*words, "--voice", "tone", "--device", "null", "--verbose")
            sv.wait_for(lambda process=process: "sound: " in process.complained(), "the sound")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(10 * sv.SLOW), 130)


if __name__ == "__main__":
    unittest.main()
