"""The session as playerctl, desktops and headset buttons see it: MPRIS on a bus of the test's own."""
import concurrent.futures
import re
import signal
import subprocess
import time
import unittest

import bus
import control
import sv

ROUTINE = "Middle back"
STEPS = ["Cat and cow", "Cobra", "Child's pose"]


def routine():
    steps = "".join(f"[step-{number}]\ntitle = {title}\nsay = Stay there.\nhold = 60s\n" for number, title in enumerate(STEPS))
    return f"[routine]\ntitle = {ROUTINE}\ncaution = {'Take good care. ' * 30}\n{steps}"


class Player:
    """Plays ROUTINE with its STEPS, from what is said before the first of them."""

    def __init__(self, home, env, *options):
        self.home = home
        self.process = home.start("play", home.write("routine.ini", routine()), "--device", "null", "--plain", *options, env=env,
                                  stdout=subprocess.DEVNULL)

    def close(self):
        """Stops it if it still plays: its exit status, and what it printed on standard error."""
        try:
            if self.process.poll() is None:
                self.home.run("stop")
            errors = self.process.communicate(timeout=10 * sv.SLOW)[1].decode() if not self.process.stderr.closed else ""
            return self.process.returncode, errors
        finally:
            self.process.kill()
            self.process.wait()

    def position(self):
        status = self.home.run("status", "--json")
        return status.lines()[0]["position"] if status.code == 0 else None

    def wait_until_it_plays_on(self):
        begin = sv.wait_for(self.position, "the session")
        sv.wait_for(lambda: self.position() > begin, "the session to go on")


# Every property that there must be, as gdbus prints its value.
ROOT = {
    "CanQuit": "true",
    "CanRaise": "false",
    "HasTrackList": "false",
    "Identity": "'stretchvoice'",
    "DesktopEntry": "'stretchvoice'",
    "SupportedUriSchemes": r"@as \[\]",
    "SupportedMimeTypes": r"@as \[\]",
}
PLAYER = {
    "PlaybackStatus": "'(Playing|Paused|Stopped)'",
    "Rate": r"1\.0",
    "MinimumRate": r"1\.0",
    "MaximumRate": r"1\.0",
    "Volume": r"(0\.\d+|1\.0)",
    "Position": r"int64 \d+",
    "CanGoNext": "(true|false)",
    "CanGoPrevious": "(true|false)",
    "CanPlay": "true",
    "CanPause": "true",
    "CanSeek": "false",
    "CanControl": "true",
}
METADATA = {
    "mpris:trackid": r"objectpath '(?!/org/mpris)/[\w/]+'",
    "mpris:length": r"int64 \d+",
    "xesam:title": r"['\"].+?['\"]",
    "xesam:album": f"'{ROUTINE}'",
    "xesam:artist": r"\['stretchvoice'\]",
    "xesam:trackNumber": r"\d",
}


class MprisCase(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)

    def start(self, env, *options, home=None):
        player = Player(home or self.home, env, *options)
        self.addCleanup(player.close)
        return player

    def play(self, *options):
        player = self.start(self.bus.env, *options)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus")
        return player

    def play_first_step(self, *options):
        player = self.play(*options)
        self.bus.playerctl("next")
        self.wait_title(STEPS[0])
        return player

    def wait_reading(self, what, expected):
        sv.wait_for(lambda: self.bus.playerctl(*what) == expected, f"{what} to be '{expected}'")

    def wait_status(self, status):
        self.wait_reading(["status"], status)

    def wait_title(self, title):
        self.wait_reading(["metadata", "xesam:title"], title)

    def wait_gone(self, player):
        self.assertEqual(player.close(), (0, ""))
        sv.wait_for(lambda: not self.bus.players(), "the player to leave the bus")

    def position(self):
        return int(self.bus.playerctl("metadata", "--format", "{{position}}"))

    def track(self):
        return self.bus.playerctl("metadata", "mpris:trackid")


class Playerctl(MprisCase):
    def test_pauses_and_goes_on(self):
        self.play_first_step()
        self.wait_status("Playing")
        for command, status in (("play-pause", "Paused"), ("play-pause", "Playing"), ("pause", "Paused"), ("pause", "Paused"),
                                ("play", "Playing")):
            self.bus.playerctl(command)
            self.wait_status(status)

    def test_a_headset_that_sends_only_play(self):
        """It pauses if that is wanted, and otherwise not."""
        player = self.play_first_step("--set", "control.play-toggles=yes")
        for status in ("Paused", "Playing", "Paused"):
            self.bus.playerctl("play")
            self.wait_status(status)
        self.wait_gone(player)
        self.play_first_step()
        self.bus.playerctl("play")
        self.bus.playerctl("next")
        self.wait_title(STEPS[1])
        self.wait_status("Playing")

    def test_goes_from_step_to_step(self):
        self.play_first_step()
        tracks = [self.track()]
        for command, title in (("next", STEPS[1]), ("next", STEPS[2]), ("previous", STEPS[1]), ("previous", STEPS[0])):
            self.bus.playerctl(command)
            self.wait_title(title)
            tracks.append(self.track())
        self.assertEqual(len(set(tracks)), len(tracks), tracks)

    def test_stays_paused_over_jumps(self):
        self.play_first_step()
        self.bus.playerctl("pause")
        self.wait_status("Paused")
        self.bus.playerctl("next")
        self.wait_title(STEPS[1])
        self.assertEqual(self.bus.playerctl("status"), "Paused")

    def test_reads_the_position(self):
        self.play_first_step()
        before = self.position()
        sv.wait_for(lambda: self.position() > before, "the position to run")
        self.bus.playerctl("pause")
        self.wait_status("Paused")
        stood = self.position()
        self.assertEqual(self.position(), stood)
        self.assertLess(stood, 60_000_000)

    def test_cannot_seek(self):
        self.play_first_step()
        self.bus.playerctl("pause")
        self.wait_status("Paused")
        before = self.position(), self.track()
        for where in ("5+", "5-", "7"):
            self.assertNotEqual(self.bus.run("playerctl", "position", where).returncode, 0)
        self.assertEqual((self.position(), self.track()), before)

    def test_sets_the_volume(self):
        self.play_first_step()
        self.assertEqual(self.bus.playerctl("volume"), "1.000000")
        for volume, reading in (("0.5", "0.500000"), ("0.25-", "0.250000"), ("2", "1.000000"), ("0", "0.000000")):
            self.bus.playerctl("volume", volume)
            self.wait_reading(["volume"], reading)

    def test_tells_the_metadata(self):
        self.play_first_step()
        fields = ("title", "album", "xesam:trackNumber", "mpris:length")
        form = "|".join("{{%s}}" % field for field in fields)
        title, album, number, length = self.bus.playerctl("metadata", "--format", form).split("|")
        self.assertEqual((title, album, number), (STEPS[0], ROUTINE, "1"))
        self.assertGreater(int(length), 0)

    def test_follows(self):
        player = self.play_first_step()
        lines = self.bus.follow("{{status}}: {{title}}", STEPS[0])
        for command, line in (("pause", f"Paused: {STEPS[0]}"), ("next", f"Paused: {STEPS[1]}"),
                              ("play", f"Playing: {STEPS[1]}")):
            self.bus.playerctl(command)
            sv.wait_for(lambda expected=line: lines()[-1] == expected, line)
        self.bus.playerctl("stop")
        self.wait_gone(player)
        sv.wait_for(lambda: lines()[-1] == "", "an empty line at the end")

    def test_stops(self):
        player = self.play_first_step()
        self.bus.playerctl("stop")
        self.wait_gone(player)

    def test_goes_on_to_the_end(self):
        player = self.play()
        for title in STEPS:
            self.bus.playerctl("next")
            self.wait_title(title)
        self.bus.playerctl("next")
        self.wait_gone(player)


class Checker(MprisCase):
    def assert_properties(self, text, expected):
        for name, value in expected.items():
            self.assertRegex(text, f"'{name}': <{value}>")

    def properties(self, interface):
        text = self.bus.call("org.freedesktop.DBus.Properties.GetAll", interface)
        return text, set(re.findall(r"'(\w+)': <", text))

    def test_every_property(self):
        self.play_first_step()
        text, names = self.properties("org.mpris.MediaPlayer2")
        self.assert_properties(text, ROOT)
        self.assertEqual(names, set(ROOT))
        text, names = self.properties("org.mpris.MediaPlayer2.Player")
        self.assert_properties(text, PLAYER | METADATA)
        self.assertEqual(names, set(PLAYER) | {"Metadata"})

    def test_before_the_first_step_there_is_a_track_too(self):
        self.play()
        text, _ = self.properties("org.mpris.MediaPlayer2.Player")
        self.assert_properties(text, {name: METADATA[name] for name in ("mpris:trackid", "xesam:title", "xesam:album", "xesam:artist")})
        self.assertNotIn("xesam:trackNumber", text)

    def test_every_signal(self):
        player = self.play_first_step()
        signals = self.bus.monitor()
        for command, sign in (("pause", "'PlaybackStatus': <'Paused'>"), ("play", "'PlaybackStatus': <'Playing'>"),
                              ("next", "Seeked (int64 "), ("previous", "'mpris:trackid': <objectpath")):
            begun = len(signals())
            self.bus.playerctl(command)
            sv.wait_for(lambda sign=sign, begun=begun: any(sign in line for line in signals()[begun:]), f"{command}: {sign}")
        self.bus.playerctl("volume", "0.5")
        sv.wait_for(lambda: "'Volume': <0.5" in signals()[-1], "the volume")
        self.bus.playerctl("stop")
        self.wait_gone(player)
        changes = [line for line in signals() if "PropertiesChanged" in line]
        self.assertGreater(len(changes), 4)
        for line in changes:
            self.assertIn("PropertiesChanged ('org.mpris.MediaPlayer2.Player', {'", line)
            self.assertNotIn("'Position'", line)

    def test_quits(self):
        player = self.play_first_step()
        self.assertEqual(self.bus.call("org.mpris.MediaPlayer2.Quit"), "()")
        self.wait_gone(player)

    def test_what_cannot_be_done_does_nothing(self):
        self.play_first_step()
        self.bus.playerctl("pause")
        self.wait_status("Paused")
        before = self.properties("org.mpris.MediaPlayer2.Player")
        player = "org.mpris.MediaPlayer2.Player"
        for method, arguments in (("org.mpris.MediaPlayer2.Raise", []), (f"{player}.Seek", ["5000000"]),
                                  (f"{player}.SetPosition", ["/stretchvoice/track/1", "7000000"])):
            self.assertEqual(self.bus.call(method, *arguments), "()", method)
        self.assertIsNone(self.bus.call(f"{player}.OpenUri", "file:///etc/hostname"))
        self.assertIsNone(self.bus.call("org.freedesktop.DBus.Properties.Set", player, "Position", "<int64 5>"))
        self.assertEqual(self.properties(player), before)


class OnTheBus(MprisCase):
    def assert_plays_to_its_end(self, player):
        player.wait_until_it_plays_on()
        self.assertEqual(player.close(), (0, ""))

    def test_a_second_one_has_a_name_of_its_own(self):
        first = self.play()
        home = sv.Home(self.voice)
        self.addCleanup(home.close)
        second = self.start(self.bus.env, home=home)
        instance = f"stretchvoice.instance{second.process.pid}"
        sv.wait_for(lambda: sorted(self.bus.players()) == ["stretchvoice", instance], instance)
        self.assertEqual(self.bus.call("org.mpris.MediaPlayer2.Quit", player=f"org.mpris.MediaPlayer2.{instance}"), "()")
        self.assertEqual(second.close(), (0, ""))
        self.assert_plays_to_its_end(first)

    def test_a_flood_of_calls_delays_nothing(self):
        player = self.play_first_step()
        connection = control.connect(self.home)
        self.addCleanup(connection.close)
        before, times = control.memory(connection.pid), []
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            flood = pool.submit(self.bus.flood, 10000)
            while not flood.done():
                begin = time.monotonic()
                self.assertEqual(connection.status()["state"], "playing")
                times.append(time.monotonic() - begin)
            flood.result()
        times.sort()
        self.assertLess(times[len(times) * 9 // 10], 0.1 * sv.SLOW, "nine of ten answers")
        self.assertLess(times[-1], 2 * sv.SLOW, "the slowest answer")
        if not sv.SANITIZED:  # ASan keeps what is freed
            self.assertLess(control.memory(connection.pid) - before, 8 << 10, "KiB more")
        self.assert_plays_to_its_end(player)

    def test_B28_the_bus_is_killed(self):
        player = self.play_first_step()
        self.bus.kill()
        self.assert_plays_to_its_end(player)

    def test_B28_the_bus_hangs(self):
        player = self.play_first_step()
        self.bus.daemon.send_signal(signal.SIGSTOP)
        self.assert_plays_to_its_end(player)

    def test_B28_there_is_no_bus(self):
        for address in ("", f"unix:path={self.bus.directory}/none", "autolaunch:", "no address"):
            with self.subTest(address):
                self.assert_plays_to_its_end(self.start({"DBUS_SESSION_BUS_ADDRESS": address}))


if __name__ == "__main__":
    unittest.main()
