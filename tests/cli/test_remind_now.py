"""`remind now`: what the service of a reminder runs. It asks aloud or by a notification, once more, and never at a bad time."""
import subprocess
import unittest

import bus
import control
import sv

NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_PATH = "/org/freedesktop/Notifications"
ROUTINE = "[routine]\ntitle = {}\n[one]\nsay = Sit.\nhold = ready\n"
TITLE = "Back"
QUESTION = f"Time for {TITLE}. 1 minute?"
SHORTLY = ("--set", "remind.wait=1s", "--set", "remind.again=1s")


class Desktop(bus.Bus):
    """A bus with a desktop on it that shows notifications, as python-dbusmock has it."""

    def __init__(self):
        super().__init__()
        self.log = self.watch("notifications", "", "/usr/bin/python3", "-u", "-m", "dbusmock", "--template", "notification_daemon")
        sv.wait_for(lambda: self.gdbus("wait", "--session", "--timeout", "1", NOTIFICATIONS) is not None, "the desktop")

    def shown(self):
        """Each call of Notify, without its time."""
        return [line.split(" ", 1)[1] for line in self.log() if " Notify " in line]

    def closed(self):
        return [int(line.split()[-1]) for line in self.log() if " CloseNotification " in line]

    def wait_shown(self, count=1):
        sv.wait_for(lambda: len(self.shown()) >= count, "a notification", 20)

    def emit(self, signal, signature, *values):
        done = self.gdbus("call", "--session", "-d", NOTIFICATIONS, "-o", NOTIFICATIONS_PATH, "-m", "org.freedesktop.DBus.Mock.EmitSignal",
                          NOTIFICATIONS, signal, signature, f"[{', '.join(values)}]")
        assert done is not None

    def press(self, number=1, action="start"):
        self.emit("ActionInvoked", "us", f"<uint32 {number}>", f"<'{action}'>")

    def dismiss(self, number=1, reason=2):
        self.emit("NotificationClosed", "uu", f"<uint32 {number}>", f"<uint32 {reason}>")


class RemindNowCase(control.TestCase):
    def setUp(self):
        super().setUp()
        if subprocess.run(["/usr/bin/python3", "-c", "import dbusmock"], stderr=subprocess.DEVNULL, check=False).returncode:
            sv.lack("python-dbusmock is not installed")
        self.home.write("config/stretchvoice/routines/back.ini", ROUTINE.format(TITLE))
        self.desktop = Desktop()
        self.addCleanup(self.desktop.close)

    def remind(self, *options):
        return self.start("remind", "now", "back", "--voice", "tone", "--device", "null:fast", "--set", "sound.wake=0s", *options, env=self.desktop.env)

    def wait_end(self, process, code=0):
        self.assertEqual(process.wait(60 * sv.SLOW), code, process.complained())


class Aloud(RemindNowCase):
    def asked(self, *options):
        process = self.remind("--say", *options)
        connection = self.connect()
        connection.wait_status(60, state="waiting", step="back", title=TITLE)
        return process, connection

    def assertPlays(self, process, connection):
        connection.wait_status(60, state="waiting", step="one")
        self.assertEqual(connection.pid, process.pid)
        connection.ask("stop")
        self.wait_end(process)
        self.assertEqual(len(self.desktop.shown()), 1)

    def test_the_question(self):
        process, connection = self.asked()
        self.assertIn(QUESTION, process.printed())
        self.desktop.wait_shown()
        self.assertEqual(self.desktop.shown(),
                         [f'Notify "stretchvoice" 0 "appointment-soon" "{QUESTION}" "" ["default", "Start", "start", "Start"] {{}} 0'])
        connection.ask("stop")
        self.wait_end(process)

    def test_a_title_is_only_text(self):
        title = "Back & <b>neck</b>; 50% {x}"
        written = title.replace(";", "\\;").replace("{x}", "{{x}}")
        self.home.write("config/stretchvoice/routines/back.ini", ROUTINE.format(written))
        process = self.remind("--say", *SHORTLY, "--set", "remind.again=off")
        self.wait_end(process)
        self.assertIn(f"Time for {title}. 1 minute?", process.printed())
        self.assertIn(f'"Time for {title}. 1 minute?" ""', self.desktop.shown()[0])

    def test_resume(self):
        process, connection = self.asked()
        self.sv("resume")
        self.assertPlays(process, connection)

    def test_the_headset(self):
        for method in ("Play", "PlayPause"):
            with self.subTest(method):
                process, connection = self.asked()
                sv.wait_for(lambda: self.desktop.call(f"org.mpris.MediaPlayer2.Player.{method}") is not None, "the player")
                connection.wait_status(60, state="waiting", step="one")
                connection.ask("stop")
                self.wait_end(process)

    def test_the_button(self):
        process, connection = self.asked()
        self.desktop.wait_shown()
        self.desktop.press()
        self.assertPlays(process, connection)
        self.assertEqual(self.desktop.closed(), [1])

    def test_no(self):
        """It is not asked again."""
        for number, answer in enumerate((lambda connection: connection.ask("stop"), lambda _: self.desktop.dismiss(2)), 1):
            process, connection = self.asked("--set", "remind.again=1s")
            self.desktop.wait_shown(number)
            answer(connection)
            self.wait_end(process)
            self.assertEqual(len(self.desktop.shown()), number)

    def test_without_an_answer_it_goes_away_and_asks_once_more(self):
        process = self.remind("--say", *SHORTLY)
        self.wait_end(process)
        self.assertEqual(process.printed().count(QUESTION), 2)
        self.assertEqual((len(self.desktop.shown()), self.desktop.closed()), (2, [1, 2]))

    def test_once_only(self):
        process = self.remind("--say", *SHORTLY, "--set", "remind.again=off")
        self.wait_end(process)
        self.assertEqual(process.printed().count(QUESTION), 1)

    def test_what_has_been_practised_meanwhile_is_not_asked_again(self):
        process = self.remind("--say", *SHORTLY, "--set", "remind.again=8s")
        sv.wait_for(self.desktop.closed, "the first question to go away", 60)
        sv.wait_for(lambda: self.home.run("status").code == 5, "its session to end")
        session = self.start("play", "back", "--voice", "tone", "--device", "null:fast")
        self.connect().wait_status(60, state="waiting", step="one")
        self.sv("next")
        self.wait_end(session)
        self.wait_end(process)
        self.assertEqual(len(self.desktop.shown()), 1)

    def test_another_session_takes_its_place(self):
        process, _ = self.asked("--set", "remind.again=1s")
        session = self.start("play", "back", "--voice", "tone", "--device", "null:fast")
        self.wait_end(process)
        connection = self.connect()
        connection.wait_status(60, state="waiting", step="one")
        self.assertEqual(connection.pid, session.pid)
        connection.ask("stop")
        self.wait_end(session)

    def test_without_a_desktop(self):
        """It is asked aloud all the same."""
        self.desktop.kill()
        process = self.remind("--say", *SHORTLY)
        self.wait_end(process)
        self.assertEqual(process.printed().count(QUESTION), 2)


class InADaemon(RemindNowCase):
    """Which has the socket, and plays."""

    def setUp(self):
        super().setUp()
        self.daemon = self.start("daemon", env=self.desktop.env)
        self.connection = self.connect()

    def asked(self, *options):
        process = self.remind("--say", *options)
        self.connection.wait_status(60, state="waiting", step="back", title=TITLE)
        return process

    def assertPlays(self, process):
        self.connection.wait_status(60, state="waiting", step="one")
        self.sv("stop")
        self.wait_end(process)

    def test_resume(self):
        process = self.asked()
        self.sv("resume")
        self.assertPlays(process)

    def test_the_button(self):
        process = self.asked()
        self.desktop.wait_shown()
        self.desktop.press()
        self.assertPlays(process)
        self.assertEqual(self.desktop.closed(), [1])

    def test_the_headset(self):
        process = self.asked()
        sv.wait_for(lambda: self.desktop.call("org.mpris.MediaPlayer2.Player.Play") is not None, "the player")
        self.assertPlays(process)

    def test_no(self):
        process = self.asked("--set", "remind.again=1s")
        self.sv("stop")
        self.wait_end(process)
        self.assertEqual(process.printed().count(QUESTION), 1)

    def test_without_an_answer_it_goes_away_and_asks_once_more(self):
        process = self.remind("--say", *SHORTLY)
        self.wait_end(process)
        self.assertEqual(process.printed().count(QUESTION), 2)
        self.assertEqual(self.sv("status", code=5).out, "state: idle\n")

    def test_another_session_takes_its_place(self):
        process = self.asked("--set", "remind.again=1s")
        session = self.start("play", "back", "--voice", "tone", "--device", "null:fast")
        self.wait_end(process)
        self.assertPlays(session)


class Silently(RemindNowCase):
    def test_the_button(self):
        for action in ("start", "default"):
            process = self.remind("--notify")
            number = 1 if action == "start" else 2
            self.desktop.wait_shown(number)
            self.assertFalse(control.socket_path(self.home).exists())
            self.desktop.press(number + 10, action)  # of another program
            self.desktop.press(number, action)
            connection = self.connect()
            connection.wait_status(60, state="waiting", step="one")
            self.assertEqual(self.desktop.closed(), list(range(1, number + 1)))
            connection.ask("stop")
            self.wait_end(process)

    def test_without_an_answer_it_comes_once_more(self):
        process = self.remind("--notify", *SHORTLY)
        self.wait_end(process)
        self.assertEqual((len(self.desktop.shown()), self.desktop.closed()), (2, [1, 2]))

    def test_no(self):
        process = self.remind("--notify", "--set", "remind.again=2s")
        self.desktop.wait_shown()
        self.desktop.dismiss()
        self.wait_end(process)
        self.assertEqual(len(self.desktop.shown()), 1)

    def test_taken_away_by_the_desktop(self):
        """That is no answer."""
        process = self.remind("--notify", "--set", "remind.again=2s")
        self.desktop.wait_shown()
        self.desktop.dismiss(reason=1)
        self.wait_end(process)
        self.assertEqual(len(self.desktop.shown()), 2)

    def test_without_a_desktop(self):
        self.desktop.kill()
        process = self.remind("--notify")
        self.wait_end(process, 1)
        self.assertIn("--say asks aloud", process.complained())

    def test_a_signal(self):
        process = self.remind("--notify")
        self.desktop.wait_shown()
        process.terminate()
        self.wait_end(process, 143)
        self.assertEqual(self.desktop.closed(), [1])


class AtOnce(RemindNowCase):
    def test_it_plays(self):
        process = self.remind("--play")
        connection = self.connect()
        connection.wait_status(60, state="waiting", step="one")
        connection.ask("stop")
        self.wait_end(process)
        self.assertEqual(self.desktop.shown(), [])

    def test_never_while_a_session_runs(self):
        session = self.start("play", "back", "--voice", "tone", "--device", "null:fast")
        connection = self.connect()
        connection.wait_status(60, state="waiting", step="one")
        for way in ("--say", "--play", "--notify"):
            process = self.remind(way)
            self.wait_end(process)
            self.assertIn("a session is running", process.complained())
        self.assertEqual(self.desktop.shown(), [])
        connection.ask("stop")
        self.wait_end(session)

    def test_a_routine_that_is_gone(self):
        self.home.path("config/stretchvoice/routines/back.ini").unlink()
        for way in ("--say", "--play", "--notify"):
            self.wait_end(self.remind(way), 3)


if __name__ == "__main__":
    unittest.main()
