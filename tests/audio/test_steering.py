"""A session on a real sound server, steered while it is recorded: what is heard."""
import time
import unittest

import heard
import sv

RATE, NEAR = heard.RATE, heard.NEAR
HOLD, NEXT = heard.HOLD, heard.NEXT


class Steering(heard.TestCase):
    def test_with_the_paused_parts_cut_out_it_equals_the_timeline(self):
        """Paused in each hold, resumed, and made longer on the first side: outside 10 ms of each cut. The second pause is so long that
        headphones fall asleep: they are woken before the words, and beside the acknowledging sound."""
        process, connection = self.begin()
        cuts = []
        for side, command, pause in (("right", "longer 1", RATE * 3 // 2), ("left", "louder", 7 * RATE)):
            self.wait_hold(connection, side=side)
            self.assertEqual((connection.ask("pause").code, connection.ask(command).code), (0, 0))
            cuts.append(connection.status()["frame"])
            heard.wait_recorded(self.pulse, pause)
            connection.ask("resume")
        self.assertEqual(process.wait(60), 0)
        self.assertEqual(process.complained(), "")

        file, rows = self.rendered(HOLD.format(hold=self.hold + 1))
        sound = self.heard(file)
        frame = next(row["frame"] for row in rows if row["type"] == "speech")
        gaps = []
        begin, end = self.assert_heard(sound, frame, cuts[0] - NEAR)
        for cut, before in zip(cuts, (cuts[1] - NEAR, file.frames)):
            paused = end + NEAR
            begin, end = self.assert_heard(sound, cut + heard.GO, before, paused)
            gaps.append((paused, begin - heard.GO))

        for begin, end in gaps:
            self.assertFalse(sound.is_silent(begin, begin + heard.ACKNOWLEDGED), "it is not acknowledged")
        short, long = (self.lead_in(sound, begin, side) for (begin, _), side in zip(gaps, ("right", "left")))
        self.assertTrue(sound.is_silent(short - heard.ACK_PAUSE - RATE // 10, short - heard.ACK_PAUSE), "there is no pause")
        noise = sound.samples(long - RATE // 2, long)
        self.assertGreater(sum(map(bool, noise)), len(noise) // 2, "nothing wakes the headphones")
        self.assertLess(max(map(abs, noise)), 10)
        self.assertTrue(sound.is_silent(long - 2 * RATE, long - 3 * RATE // 2), "there is no pause")
        self.assertGreater(max(sound.samples(long - 3 * RATE // 2, long - RATE // 2)), 100, "it is not acknowledged")
        self.assert_said(sound, *gaps[0], "Paused.", "1 second longer.", "Right side.", "Going on in", "Two.", "One.")
        self.assert_said(sound, *gaps[1], "Paused.", "Already the loudest.", "Left side.", "Going on in", "Two.", "One.")

    def lead_in(self, sound, begin, side):
        """Where it is heard to begin: with the side."""
        file, first, last = self.spoken(f"{side.capitalize()} side.")
        middle = (first + last) // 2
        return self.assert_heard(heard.Heard(sound.recording, file, sound.drops), middle, last, begin)[0] - (middle - first)

    def test_in_a_hold_words_do_not_stop_the_clock(self):
        """Every frame of it is heard in its place, made longer; beside it only a short sound, and the words. Then on to the next step."""
        for _ in range(5):  # a device that starves shifts the two against each other, and nothing can be compared
            sound, rows, after, beside = self.hear_longer()
            regions = heard.regions(beside, apart=2 * NEAR)
            if len(regions) == 2:
                break
            self.sv("stop")
            self.pulse.stop_recording()
        cut, words = regions
        self.assertLess(cut[1] - cut[0], heard.ACKNOWLEDGED + heard.ACK)
        self.assert_same(beside[words[0]:words[1]], self.clip("1 second longer."))

        title, up = (next(row["frame"] for row in rows if row.get("text") == text) for text in ("Next: B.", "Up."))
        self.assert_heard(sound, title, up, after)

    def hear_longer(self):
        """What is heard; where the first hold is over, and what is heard beside it."""
        self.routine.write_text(HOLD.format(hold=self.hold) + NEXT)
        _, connection = self.begin()
        begun = self.wait_hold(connection, side="right")["frame"]
        connection.ask("longer 1")
        self.wait_hold(connection, side="left")
        connection.ask("next")
        self.wait_hold(connection, step="next")
        file, rows = self.rendered(HOLD.format(hold=self.hold + 1) + NEXT)
        sound = self.heard(file)

        hold = next(row for row in rows if row["type"] == "hold")
        first, end = begun - RATE // 10, hold["frame"] + hold["frames"]
        after = sound.index_of(end)
        return sound, rows, after, sound.difference(after - end + first, first, end - first) if after else []

    def test_an_answer_in_a_pause_is_said_to_its_end(self):
        """Also where it is longer than what is queued."""
        title = "Lean back and let your shoulders sink while the wall behind you carries all of your weight and you breathe as you like"
        self.routine.write_text(HOLD.format(hold=20) + NEXT.replace("= B", f"= {title}"))
        _, connection = self.begin()
        self.wait_hold(connection, side="right")
        connection.ask("pause")
        heard.wait_recorded(self.pulse, RATE)
        begin = self.pulse.recorded_frames()
        connection.ask("next")
        heard.wait_recorded(self.pulse, 4 * RATE)
        file, _ = self.rendered(HOLD.format(hold=1))
        self.assert_said(self.heard(file), begin, begin + 4 * RATE, title + ".")

    def test_a_command_puts_off_that_the_device_is_let_go(self):
        """Or its answer would be cut off."""
        _, connection = self.begin("--set", "sound.release=5s")
        connection.ask("pause")
        heard.wait_recorded(self.pulse, 2 * RATE)
        connection.ask("where")
        asked = time.monotonic()
        sv.wait_for(lambda: "stretchvoice" not in self.pulse.streams(), "the device to be let go", 20)
        self.assertGreaterEqual(time.monotonic() - asked, 5)


if __name__ == "__main__":
    unittest.main()
