"""What the audio code calls while a session is steered: nothing that may wait. See tests/drivers/preload/callback.c."""
import platform
import struct
import subprocess
import unittest

import heard
import jack
import sv
import term

HEAD, NOTE, MOST_NOTES = struct.Struct("4I"), 32, 64
ENOUGH = 8  # blocks that are watched before and after a command


class Watched(heard.TestCase):
    """Fed from a timer, as all devices are but JACK's."""

    settings = heard.settings(wake="0s", lead_in="0s", change="0.5s")
    hold = 20
    fed = True

    def setUp(self):
        super().setUp()
        sv.need("cc")
        library, self.report = self.home.path("callback.so"), self.home.write("report", bytes(HEAD.size + NOTE * MOST_NOTES))
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/callback.c", "-ldl"], check=True)
        self.home.env |= {"LD_PRELOAD": str(library), "CALLBACK_REPORT": str(self.report)}

    def read(self):
        """How many blocks of frames were watched, and what was called in them."""
        data = self.report.read_bytes()
        callbacks, blocks, seen, notes = HEAD.unpack_from(data)
        texts = [data[at:at + NOTE].rstrip(b"\0").decode() for at in range(HEAD.size, HEAD.size + NOTE * min(notes, MOST_NOTES), NOTE)]
        return callbacks, blocks, seen, texts

    def wait_watched(self):
        which = int(self.fed)
        begin = self.read()[which]
        sv.wait_for(lambda: self.read()[which] >= begin + ENOUGH, "the device to go on", 20)

    def assert_nothing_waits(self, fed):
        callbacks, blocks, seen, notes = self.read()
        self.assertEqual((callbacks > 0, blocks > 0), (not fed, fed))
        if platform.machine() == "x86_64":
            self.assertGreater(seen, 0, "system calls are not seen")
        self.assertEqual(sorted(set(notes)), [])

    def test_nothing_waits_through_a_whole_session(self):
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        connection = self.connect()
        self.assertEqual(connection.wait_playing()["device"], self.device)
        for command in ("where", "pause", "resume", "longer 5", "next", "louder", "volume -20", "previous", "harder", "faster"):
            self.assertEqual(connection.ask(command).code, 0, command)
            self.wait_watched()
        connection.ask("stop")
        self.assertEqual(process.wait(20 * sv.SLOW), 0)
        self.assert_nothing_waits(self.fed)


@unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
class OnPulseAudio(Watched):
    def test_nothing_waits_while_a_sentence_is_recorded(self):
        """The microphone hears the silent output."""
        self.fed = False
        self.home.write("config/stretchvoice/voices/mine.ini", "[voice]\nbase = tone\nclips = mine\n")
        terminal = term.Terminal(self.home, "record", "--voice", "mine", self.routine, columns=200)
        self.addCleanup(terminal.close)
        terminal.wait_shown("1 of ")
        terminal.type(" ")
        terminal.wait_shown("Recording")
        self.wait_watched()
        terminal.type("q")
        terminal.wait_end()
        self.assert_nothing_waits(fed=False)


@unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
class OnJack(Watched):
    """Pulled, in a thread of JACK's."""

    server = jack.Jack
    device = "system"
    fed = False


del Watched


if __name__ == "__main__":
    unittest.main()
