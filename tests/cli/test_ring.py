"""The memory that is shared with what plays: what another program writes into it, and none to be had. And how often a session wakes."""
import subprocess
import time
import unittest

import control
import sv

QUICK = [word for setting in ("pace.prepare=0s", "pace.gap=0s", "pace.lead-in=0s", "pace.words=brief", "sound.wake=0s") for word in ("--set", setting)]


class Ring(control.TestCase):
    def test_counts_that_are_impossible_lose_the_output(self):
        process, connection = self.play()
        for name, value in (("tail", 1 << 63), ("tail", 0), ("taken", 1 << 40)):
            with self.subTest(f"{name} = {value}"):
                begin = connection.wait_playing()["frame"]
                time.sleep(1.5)  # longer than the ring: what was written first is no longer in it
                memory = control.ring_inode(process.pid)
                control.write_count(process.pid, name, value)
                sv.wait_for(lambda memory=memory: control.ring_inode(process.pid) not in (memory, None), "its loss")
                frame = connection.wait_playing()["frame"]
                self.assertGreater(frame, begin)
                self.assertLess(frame, begin + 10 * 48000)
                sv.wait_for(lambda frame=frame: connection.status()["frame"] > frame, "the session to go on")
                self.assertIsNone(process.poll())
        self.assertEqual(process.complained().count("sound lost: the sound program went wrong"), 1)  # a minute

    def test_an_answer_to_no_flush_does_no_harm(self):
        """The session sees it and starts the output again, or the output takes it for a flush: whichever looks first."""
        process, connection = self.play()
        frame = connection.wait_playing()["frame"]
        time.sleep(1.5)
        control.write_count(process.pid, "answered", 77)
        sv.wait_for(lambda: connection.status()["frame"] > frame + 4 * 48000, "the session to go on")
        self.assertLess(connection.wait_playing()["frame"], frame + 20 * 48000)
        self.assertIsNone(process.poll())

    def test_counts_that_are_only_wrong_do_no_harm(self):
        process, connection = self.play()
        for name, value in (("silence", 1 << 63), ("heartbeat", 5), ("underruns", 1 << 31)):
            control.write_count(process.pid, name, value)
            frame = connection.status()["frame"]
            sv.wait_for(lambda frame=frame: connection.status()["frame"] > frame, "the session to go on")
            self.assertEqual(connection.status()["state"], "playing")

    @unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
    def test_no_memory_for_it_is_one_line(self):
        sv.need("cc")
        library = self.home.path("memory.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/memory.c", "-ldl"], check=True)
        for call in ("memfd_create", "ftruncate", "mmap"):
            with self.subTest(call):
                run = self.home.run(*self.play_words(), env={"LD_PRELOAD": str(library), "REFUSED": call})
                self.assertEqual(run.code, 1)
                self.assertOneLine(run.err, "stretchvoice: there is no memory for the sound (Cannot allocate memory)")
                self.assertFalse(control.socket_path(self.home).exists())


class Wakes(control.TestCase):
    """On the silent output, which plays in the main program."""

    def test_a_session_that_is_paused_hardly_wakes(self):
        process, connection = self.play()
        self.assertEqual(connection.ask("pause").code, 0)
        connection.wait_status(state="paused")
        control.wait_calm(process.pid, 2)
        before = connection.status()["frame"]
        self.assertEqual(connection.ask("resume").code, 0)
        sv.wait_for(lambda: connection.status()["frame"] > before, "the session to go on", 3)

    def test_a_session_that_plays_wakes_ten_times_a_second(self):
        process, connection = self.play(*QUICK)
        sv.wait_for(lambda: connection.status()["hold_left"], "a hold", 20)
        control.wait_calm(process.pid, 12)


if __name__ == "__main__":
    unittest.main()
