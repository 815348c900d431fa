"""Twenty situations of somebody who lies on a mat and cannot look: what is heard then, and how soon.

What only the order of the words decides is read from the plan; everything else is found in the recorded sound of a session that is steered."""
import unittest

import ear
import heard
import sv

RATE = heard.RATE
SOON = 5 * RATE  # in so many frames an answer begins
TRUE = RATE * 6 // 10  # frames at most between what is said to be left and what is: half a second, and what a busy machine adds
QUICK = [word for pair in ("count.tick=off", "pace.words=full", "pace.sentence=0.3s", "pace.settle=0.5s", "count.halfway=4s") for word in ("--set", pair)]

ROUTINE = """[routine]
title = Ear
closing = Over.
[lean]
title = A
reps = 2
[lean.over]
say = Lean.
hold = {hold}s
release = Back.
[next]
title = B
say = Up.
hold = 7s
"""
PLACES = ("A, repetition 1 of 2.", "A, repetition 2 of 2.")
SENTENCES = ("Sit on the floor with both of your legs straight in front of you.", "Put your right hand behind you, close to your spine.",
             "Turn as far as it goes, and keep both of your shoulders low.")
LEFT = tuple(f"{n} seconds left." for n in range(2, 14))
TEXTS = (*PLACES, *SENTENCES, *LEFT, "Lean.", "Back.", "Last one.", "Three.", "Two.", "One.", "A.", "B.", "Next: B.", "2 of 2.", "Up.", "Halfway.",
         "4 seconds longer.", "10 seconds longer.", "Stay for 20 seconds.", "Stay for 30 seconds.", "Paused.", "Stopped.", "Over.", "Going on in")


class Recorded(heard.TestCase):
    """The numbers of the tests are those of the situations."""
    settings = heard.settings(wake="0.2s", lead_in="2s", change="0.5s") + QUICK
    hold = 14

    def setUp(self):
        super().setUp()
        self.routine.write_text(ROUTINE.format(hold=self.hold))

    @classmethod
    def clips(cls, case, found=[]):  # pylint: disable=dangerous-default-value
        """The same for all."""
        if not found:
            found.append(ear.Clips(case, *TEXTS))
        return found[0]

    def listen(self):
        return ear.Ear(self, self.clips(self))

    def ask(self, connection, *commands):
        """Frames that were recorded before it: the command came then or later."""
        before = self.pulse.recorded_frames()
        for command in commands:
            self.assertEqual(connection.ask(command).code, 0, command)
        return before

    def wait_left(self, connection, seconds):
        """Until so little of the hold is left."""
        sv.wait_for(lambda: (left := connection.status()["hold_left"]) and left <= seconds, f"the last {seconds} s", 30)

    def assert_soon(self, asked, place):
        self.assertLess(place[0] - asked, SOON)


class Where(Recorded):
    def test_10_in_a_hold_and_in_its_last_seconds(self):
        """At once, with what is left when it is heard; else behind the way out, without it, and once though it was asked twice."""
        _, connection = self.begin()
        self.wait_left(connection, self.hold - 0.5)  # when its first sound is over
        early = self.ask(connection, "where")
        self.wait_left(connection, 2.8)
        late = self.ask(connection, "where", "where")
        self.wait_hold(connection, rep=2)
        sounds = self.listen()

        place = sounds.hear(PLACES[0], early)
        self.assert_soon(early, place)
        said, left = sounds.first_of(LEFT, place[1])
        _, over, back = sounds.in_order(left[1], "Three.", "end", "Back.")
        self.assertLess(abs(int(said.split()[0]) * RATE - (over[0] - left[0])), TRUE)

        self.assertTrue(sounds.sound.is_silent(over[1] + 1, back[0]), "something is heard between the end and the way out")
        again = sounds.hear(PLACES[0], back[1])
        self.assert_soon(late, again)
        on = sounds.hear("Last one.", again[1])
        self.assertEqual(sounds.count(PLACES[0], left[1], on[0]), 1)
        self.assertFalse([text for text in LEFT if sounds.find(text, over[0], on[0])], "what is over is told")



class Words(Recorded):
    """In the middle of an instruction: after one sentence, and what follows knows of it."""
    hold = 20

    def setUp(self):
        super().setUp()
        say = " ".join([*SENTENCES, "Stay for {time}."])
        self.routine.write_text(f"[routine]\ntitle = Ear\n[lean]\ntitle = A\nsay = {say}\nhold = {self.hold}s\n[next]\ntitle = B\nsay = Up.\nhold = 9s\n")

    def wait_in_words(self, connection):
        """In the first sentence: the title has been said, and its gap is over."""
        _, rows = self.rendered()
        begin = next(row["frame"] for row in rows if row.get("text") == SENTENCES[0])
        sv.wait_for(lambda: connection.status()["frame"] > begin + RATE // 10, "the instruction", 20)

    def test_03_10_12_where_and_longer_in_an_instruction(self):
        """Each answer comes between two sentences, and the length that is said behind it is the one that is held."""
        _, connection = self.begin()
        self.wait_in_words(connection)
        asked = self.ask(connection, "where", "longer")
        self.wait_hold(connection)
        sounds = self.listen()
        first = sounds.find(SENTENCES[0], beside=RATE)
        where, longer, second, _, length, go = sounds.in_order(first[1], "A.", "10 seconds longer.", *SENTENCES[1:], "Stay for 30 seconds.", "go")
        self.assertGreater(first[1], asked, "the sentence under way is said to its end")
        for answer in (where, longer):
            self.assert_soon(asked, answer)
        self.assertLess(longer[1], second[0])
        self.assertLess(length[1], go[0])
        self.assertIsNone(sounds.find("Stay for 20 seconds."))
        self.assertGreater(connection.status()["hold_left"], 25)

    def test_09_14_15_again_to_its_start_and_on(self):
        """Which of them it is, and its title, or the instruction: at once."""
        _, connection = self.begin()
        self.wait_hold(connection)
        again = self.ask(connection, "repeat")
        heard.wait_recorded(self.pulse, 2 * RATE)
        on = self.ask(connection, "next")
        connection.wait_status(step="next")
        self.wait_hold(connection, step="next")
        back = self.ask(connection, "previous")
        heard.wait_recorded(self.pulse, 3 * RATE)
        sounds = self.listen()
        self.assert_soon(again, sounds.hear(SENTENCES[0], again, on))
        for asked, end in ((on, back), (back, None)):
            [number, *_] = sounds.in_order(asked, "2 of 2.", "Next: B.", "Up.")
            self.assert_soon(asked, number)
            self.assertTrue(end is None or number[0] < end)


class Steered(Recorded):
    hold = 6

    def test_12_longer_in_a_hold(self):
        """At once; the hold is that much longer, and half of it is not over twice."""
        _, connection = self.begin()
        self.wait_left(connection, self.hold / 2 - 0.7)
        asked = self.ask(connection, "longer 4")
        self.wait_hold(connection, rep=2)
        sounds = self.listen()
        begin, halfway, longer, over = sounds.in_order(0, "go", "Halfway.", "4 seconds longer.", "end")
        self.assert_soon(asked, longer)
        self.assertLess(abs(over[0] - begin[0] - (self.hold + 4) * RATE), TRUE)
        self.assertLess(halfway[0], asked + RATE // 2)
        self.assertIsNone(sounds.find("Halfway.", longer[0], over[0]))

    def test_13_17_pause_and_going_on(self):
        """It is said that it pauses, also by `where`. Then what to do, how long still, a countdown, the first sound, and that long."""
        _, connection = self.begin()
        self.wait_left(connection, self.hold - 1)
        paused = self.ask(connection, "pause")
        left = connection.wait_status(state="paused")["hold_left"]
        heard.wait_recorded(self.pulse, RATE)
        asked = self.ask(connection, "where")
        heard.wait_recorded(self.pulse, 2 * RATE)
        resumed = self.ask(connection, "resume")
        self.wait_hold(connection, rep=2)
        sounds = self.listen()
        for begin, names in ((paused, ["Paused."]), (asked, ["Paused.", PLACES[0]])):
            self.assert_soon(begin, sounds.in_order(begin, *names)[0])
        _, told, *_, one, go, end = sounds.in_order(resumed, "Lean.", f"{round(left)} seconds left.", "Going on in", "Two.", "One.", "go", "end")
        self.assertLess(told[0] - resumed, SOON)
        self.assertLess(abs(end[0] - go[0] - left * RATE), TRUE)
        self.assertLessEqual(one[1], go[0])

    def test_16_headphones_off_and_on(self):
        """What to do, how long still, a countdown, the first sound, and that long."""
        _, connection = self.begin()
        self.wait_left(connection, self.hold - 1)
        self.pulse.kill()
        left = connection.wait_status(state="lost")["hold_left"]
        self.pulse.stop_recording()
        self.pulse.start()
        self.pulse.record()
        self.wait_hold(connection, rep=2)
        sounds = self.listen()
        *_, go, end = sounds.in_order(0, "Lean.", f"{round(left)} seconds left.", "Going on in", "Two.", "One.", "go", "end")
        self.assertLess(abs(end[0] - go[0] - left * RATE), TRUE)

    def test_18_stop(self):
        """It is said, also in a pause."""
        for command in (["stop"], ["pause", "stop"]):
            with self.subTest(command):
                process, connection = self.begin()
                self.wait_left(connection, self.hold - 1)
                asked = self.ask(connection, *command)
                self.assertEqual(process.wait(20 * sv.SLOW), 0)
                sounds = self.listen()
                self.assert_soon(asked, sounds.hear("Stopped.", asked))
                self.assertIsNone(sounds.find("Over."))
                self.pulse.stop_recording()


if __name__ == "__main__":
    unittest.main()
