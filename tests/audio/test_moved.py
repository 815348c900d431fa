"""A session whose stream the server moves to another of its devices: what each of the two plays is recorded."""
import subprocess
import unittest

import heard
import pipewire
import pulse
import sv

RATE = heard.RATE
OTHER = "other"
ALOUD = RATE * 3 // 10  # frames at most that the other device plays of a session that pauses
PATIENCE = 10  # times two seconds, in which something is said
PAUSE = RATE // 50  # of silence behind them, before a pause is acknowledged

WORDS = " ".join(["so many of these words that they last for long"] * 3)
ROUTINE = f"""[routine]
title = Moved
[hold]
title = A
say = {WORDS}.
hold = 6s
[next]
title = B
say = Up.
hold = 3s
"""
GOING_ON = "Going on in"
SAID = "The sound is on another device."


class Case(heard.TestCase):
    settings = heard.settings(wake="0.2s", lead_in="1s")

    def setUp(self):
        super().setUp()
        self.routine.write_text(ROUTINE)
        self.pulse.load_sink(OTHER)
        self.pulse.record(OTHER)

    def words(self):
        return next(row for row in self.rendered()[1] if row.get("text", "").startswith(WORDS))

    def begin_in_words(self, *options):
        """The process, and a connection to it: in the middle of a sentence that takes long."""
        process, connection = self.begin(*options)
        middle = self.words()["frame"] + RATE // 2
        sv.wait_for(lambda: connection.status()["frame"] > middle, "the words")
        return process, connection

    def begin_in_hold(self, *options):
        """The same in the hold, by the shortest way."""
        process, connection = self.begin(*options)
        if connection.status()["step"] is None:
            connection.ask("next")
        connection.wait_status(step="hold")
        connection.ask("begin")
        sv.wait_for(lambda: (left := connection.status()["hold_left"]) and left < 5.5, "the hold")
        return process, connection

    def assert_resumes(self, connection):
        """And is not moved once more."""
        frame = connection.status()["frame"]
        self.sv("resume")
        sv.wait_for(lambda: connection.status()["frame"] > frame + RATE, "the session to go on")


class Moves:
    """On each server."""

    def other_regions(self):
        """When the other device sounds, in frames of its recording."""
        sound = self.heard(self.rendered()[0], OTHER)
        return heard.regions(sound.samples(0, len(sound.recording) // heard.FRAME), PAUSE)

    def assert_paused(self, process, connection):
        """Where the other device has fallen silent."""
        frame = connection.wait_status(state="paused")["frame"]
        begin, end = self.other_regions()[0]
        self.assertLess(end - begin, ALOUD)
        self.assertOneLine(process.complained(), "sound is back on another output: ")
        self.assertEqual(connection.status()["frame"], frame)
        return end

    def assert_says_so(self, after):
        """Sooner or later: how soon depends on how busy the machine is."""
        file, first, last = self.spoken(SAID)
        for _ in range(PATIENCE):
            heard.wait_recorded(self.pulse, 2 * RATE, OTHER)
            sound = heard.Heard(self.pulse.recorded(OTHER), file, self.server.DROPS)
            begin, over = sound.place(first + heard.ACK, last, after)
            if begin is not None:
                return
        self.fail(f"of frames {first} to {last} those up to {over} are heard")

    def test_B6_a_stream_that_is_moved(self):
        """A pause, and words for it. What begins after it may play where the server puts it."""
        process, connection = self.begin_in_words()
        self.pulse.move_stream(OTHER)
        self.assert_says_so(self.assert_paused(process, connection))
        self.assert_resumes(connection)
        self.assertEqual(len(process.complained().splitlines()), 1)

    def test_B5_headphones_that_are_pulled_out_in_a_sentence(self):
        """The sentence begins again where the session goes on."""
        process, connection = self.begin_in_words()
        self.pulse.unload_sink()
        over = self.assert_paused(process, connection)
        self.assert_says_so(over)
        self.sv("resume")
        words = self.words()
        end = words["frame"] + words["frames"]
        sv.wait_for(lambda: connection.status()["frame"] > end, "the end of the sentence")
        self.assert_heard(self.heard(self.rendered()[0], OTHER), words["frame"], end, over)
        self.assertEqual(len(process.complained().splitlines()), 1)

    def test_B5_headphones_that_are_pulled_out_in_a_hold(self):
        process, connection = self.begin_in_hold()
        self.pulse.unload_sink()
        status = connection.wait_status(state="paused")
        self.assertIsNotNone(status["hold_left"])
        self.assertOneLine(process.complained(), "sound is back on another output: ")
        self.assert_says_so(0)
        self.assertEqual(connection.status()["frame"], status["frame"])

    def test_B5_is_played_on_if_that_is_wanted(self):
        """Behind the words that lead in to the rest of the hold."""
        process, connection = self.begin_in_hold("--set", "sound.on-lost=continue")
        self.pulse.unload_sink()
        sv.wait_for(process.complained, "a line about it")
        self.assertOneLine(process.complained(), "sound is back on another output: ")
        connection.wait_status(20, step="next")
        sv.wait_for(lambda: connection.status()["hold_left"], "its hold")
        file, rows = self.rendered()
        up, hold = (next(row["frame"] for row in rows if row["type"] == kind and row.get("step") == "next") for kind in ("speech", "hold"))
        sound = self.heard(file, OTHER)
        begin, _ = self.assert_heard(sound, up, hold)
        self.assert_said(sound, 0, begin, GOING_ON)

    def test_B6_in_a_pause_it_stays_one(self):
        process, connection = self.begin_in_hold()
        self.sv("pause")
        frame = connection.status()["frame"]
        self.pulse.unload_sink()
        sv.wait_for(process.complained, "a line about it")
        self.assertOneLine(process.complained(), "sound is back on another output: ")
        status = connection.status()
        self.assertEqual((status["state"], status["frame"]), ("paused", frame))
        self.assert_resumes(connection)

    def test_a_device_that_is_suspended_for_a_while_is_the_same(self):
        process, connection = self.begin_in_words()
        self.pulse.run("pactl", "suspend-sink", "test", "1")
        self.pulse.run("pactl", "suspend-sink", "test", "0")
        self.sv("pause")
        self.assert_resumes(connection)
        self.assertEqual(process.complained(), "")


class OnPulseAudio(Moves, Case):
    server = pulse.Quick

    @unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
    def test_B5_headphones_are_a_port_of_the_device_of_the_loudspeakers(self):
        library, port = self.home.path("ports.so"), self.home.write("port", "Headphones")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, sv.TOP / "tests/drivers/preload/ports.c", "-ldl"], check=True)
        self.home.env |= {"LD_PRELOAD": str(library), "PORT": str(port)}
        process, connection = self.begin_in_hold()
        self.assertEqual(process.complained(), "")
        port.write_text("Speakers")
        self.pulse.run("pactl", "set-sink-volume", "test", "90%")  # the server reports a change of the sink
        connection.wait_status(state="paused")
        self.assertOneLine(process.complained(), "sound is back on another output: Null Output, Speakers")


class OnPipeWire(Moves, Case):
    server = pipewire.PipeWire

    def test_B5_the_only_output_goes_and_comes_back(self):
        """Meanwhile PipeWire plays it on an output that nobody hears."""
        self.pulse.unload_sink(OTHER)
        process, connection = self.begin_in_hold()
        self.pulse.unload_sink()
        lost = connection.wait_status(state="lost")
        self.assertIsNone(lost["device"])
        self.assertOneLine(process.complained(), "sound lost: ")
        self.pulse.load_sink()
        frame = connection.wait_playing()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + RATE, "the session to go on")
        self.assertEqual(len(process.complained().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
