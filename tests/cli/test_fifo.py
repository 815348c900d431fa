"""The output fifo:PATH, which writes for a program such as Snapcast's server."""
import os
import select
import stat
import threading
import time
import unittest

import control
import sv
import wav

RATE = 48000
FRAME = 4
ROUTINE = """[routine]
title = Fifo
closing = Over.
[lean]
title = A
say = Lean.
hold = 2s
release = Back.
"""
QUICK = [word for pair in ("pace.words=brief", "pace.prepare=0s", "pace.settle=0s", "pace.gap=0.1s", "sound.wake=0s") for word in ("--set", pair)]


class Reader:
    """Reads all that is written, until it is closed."""

    def __init__(self, path):
        self.file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.data = b""
        self.stops = threading.Event()
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.stops.is_set():
            if select.select([self.file], [], [], 0.02)[0]:
                if not (data := os.read(self.file, 1 << 16)):
                    time.sleep(0.005)  # nobody has it open for writing
                self.data += data
        os.close(self.file)

    def close(self):
        self.stops.set()
        self.thread.join()
        return self.data


class FifoCase(sv.TestCase):
    def setUp(self):
        super().setUp()
        self.routine = self.home.write("fifo.ini", ROUTINE)
        self.fifo = self.home.path("state/sound")

    def play(self, path=None):
        process = self.home.start("play", self.routine, "--voice", "tone", "--device", f"fifo:{self.fifo if path is None else path}", *QUICK)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def connect(self):
        connection = control.connect(self.home)
        self.addCleanup(connection.close)
        return connection

    def reader(self):
        sv.wait_for(self.fifo.exists, "the FIFO")
        reader = Reader(self.fifo)
        self.addCleanup(reader.close)
        return reader

    def rendered(self):
        file = self.home.path("whole.wav")
        self.sv("render", self.routine, file, "--voice", "tone", *QUICK)
        return wav.Wav(file).stereo

    def end(self, process):
        self.assertEqual(process.wait(30 * sv.SLOW), 0, process.stderr.read().decode())


class Reading(FifoCase):
    def test_silence_is_written_in_a_pause(self):
        begin = time.monotonic()
        self.play()
        reader, connection = self.reader(), self.connect()
        self.assertEqual(self.fifo.stat().st_mode, stat.S_IFIFO | 0o600)
        connection.wait_playing()
        connection.ask("pause")
        connection.wait_status(state="paused")
        paused = len(reader.data)
        sv.wait_for(lambda: len(reader.data) - paused > 3 * RATE * FRAME, "three seconds")
        sound, took = reader.data, time.monotonic() - begin
        self.assertTrue(sound[-RATE * FRAME:] == bytes(RATE * FRAME))
        self.assertLessEqual(len(sound) / FRAME / RATE, took + 0.2, "it is not paced by a clock")


class Waiting(FifoCase):
    def test_a_reader_that_comes_late_and_goes_and_another_one(self):
        process = self.play()
        connection = self.connect()
        connection.wait_status(state="lost")
        self.assertEqual(connection.ask("volume 0").code, 0)
        self.assertEqual(connection.status()["frame"], 0)
        reader = self.reader()
        sv.wait_for(lambda: connection.status()["hold_left"], "the hold")
        first = reader.close()
        connection.wait_status(state="lost")
        frame = connection.status()["frame"]
        self.assertEqual(connection.ask("status").code, 0)
        self.assertEqual(connection.status()["frame"], frame)
        reader = self.reader()
        self.end(process)
        self.assert_no_frame_is_lost(frame, first, reader.close())

    def assert_no_frame_is_lost(self, frame, first, second):
        """`first` ends, and `second` begins, with this frame of the session."""
        self.assertEqual((len(first) % FRAME, len(second) % FRAME), (0, 0))
        whole, fade = self.rendered(), RATE // 200
        begin = len(whole) - len(whole.lstrip(b"\0"))
        begin -= begin % FRAME
        at = first.index(whole[begin:begin + RATE // 10 * FRAME])
        self.assertEqual((len(first) - at + begin) // FRAME, frame)
        at = second.index(whole[(frame + fade) * FRAME:])
        self.assertFalse(any(second[:at - fade * FRAME]))
        self.assertTrue(any(second[at - fade * FRAME:at]))

    def test_a_reader_that_stops_reading_gets_the_rest_when_it_goes_on(self):
        process = self.play()
        sv.wait_for(self.fifo.exists, "the FIFO")
        file = os.open(self.fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, file)
        connection = self.connect()
        connection.wait_status(state="lost")
        self.assertLess(connection.status()["frame"], RATE)
        self.assertEqual(connection.ask("volume 0").code, 0)
        reader = self.reader()
        sv.wait_for(lambda: connection.status()["frame"] > 3 * RATE, "three seconds")
        whole = self.rendered()[:3 * RATE * FRAME].strip(b"\0")
        self.assertTrue(whole[:RATE // 100 * FRAME] in reader.data, "the beginning")
        self.assertTrue(whole[-RATE * FRAME:] in reader.close(), "the rest")


class Refusing(FifoCase):
    def refused(self, path):
        process = self.play(path)
        out, err = process.communicate(timeout=20 * sv.SLOW)
        self.assertEqual(process.returncode, 4, err)
        self.assertEqual(err.count(b"\n"), 1, err)
        return err.decode()

    def test_what_is_not_a_fifo(self):
        file = self.home.write("state/file", "kept")
        self.assertIn("is not a FIFO", self.refused(file))
        self.assertEqual(file.read_text(), "kept")
        self.assertIn("is not a FIFO", self.refused("/dev/null"))
        self.assertIn("is not a FIFO", self.refused(self.home.path("state")))

    def test_a_link(self):
        os.mkfifo(self.home.path("state/real"))
        self.home.path("state/link").symlink_to("real")
        self.assertIn("is not a FIFO", self.refused(self.home.path("state/link")))

    def test_a_directory_of_others(self):
        open_to_all = self.home.path("open")
        open_to_all.mkdir()
        open_to_all.chmod(0o777)
        self.assertIn("a directory of yours", self.refused(open_to_all / "sound"))
        self.assertFalse((open_to_all / "sound").exists())

    def test_no_path(self):
        self.assertIn("needs a path", self.refused(""))


if __name__ == "__main__":
    unittest.main()
