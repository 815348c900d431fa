"""Twenty situations of somebody who lies on a mat and cannot look: what is heard then, and how soon.

What only the order of the words decides is read from the plan; everything else is found in the recorded sound of a session that is steered."""
import itertools
import statistics
import unittest

import ear
import heard
import loudness
import rules
import sv
import wav

RATE = heard.RATE
SOON = 5 * RATE  # in so many frames an answer begins
LOUD = 100  # what wakes headphones is softer
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
COMING = "Next: B, in less than a minute."
TEXTS = (*PLACES, *SENTENCES, *LEFT, COMING, "Sit.", "Lean.", "Back.", "Last one.", "Three.", "Two.", "One.", "A.", "B.", "Next: B.", "1 of 2.",
         "2 of 2.", "Up.", "Halfway.", "Easier, from the next repetition.", "4 seconds longer.", "10 seconds longer.", "Stay for 20 seconds.",
         "Stay for 30 seconds.", "Paused.", "Stopped.", "Over.", "Going on in")


LESSON = """[routine]
title = Lesson
caution = Never until it hurts.
closing = Over.
[lean]
title = A
prop = a roll
setup = Kneel on the floor.
prepare = 8s
sides = right, left
reps = 3
between = 2s
say = Lean to the {side}. Stay there.
cue = Lean again.
hold = 21s
release = Come back.
[breathe]
title = B
setup = Lie down.
say = Breathe.
hold = 9 breaths
[fetch]
title = C
setup = Sit up.
sets = 2
rest = 12s
again = Lie down again.
say = Reach up.
hold = 6s
"""


class Planned(sv.TestCase):
    """What the order of the words decides. The numbers of the tests are those of the situations."""
    voice = "tone"

    def setUp(self):
        super().setUp()
        path = self.home.write("lesson.ini", LESSON)
        self.first, *self.rows = self.sv("plan", "--json", "--voice", "tone", path).lines()
        self.sounding = [row for row in self.rows if rules.is_spoken(row) or row["type"] in ("prepare", "hold", "rest", "change", "go", "in")]

    def texts(self, **wanted):
        return [row["text"] for row in self.rows if "text" in row and all(row.get(key) == value for key, value in wanted.items())]

    def those(self, **wanted):
        return [row for row in self.rows if all(row.get(key) == value for key, value in wanted.items())]

    def after(self, row):
        """What comes next, gaps and noise apart."""
        rows = self.sounding
        return rows[rows.index(row) + 1]

    def before(self, row):
        return self.sounding[self.sounding.index(row) - 1]

    def test_01_what_how_long_and_what_for(self):
        head = self.texts(step=None)[:4]
        self.assertEqual([head[0], *head[2:]], ["Lesson.", "You will need: a roll.", "Never until it hurts."])
        self.assertRegex(head[1], r"^3 steps, about \d+ min\.$")
        self.assertLessEqual(abs(int(head[1].split()[3]) - self.first["seconds"] / 60), 1.5)
        self.assertLess(rules.end(self.those(text=head[1])[0]), SOON)

    def test_02_where_the_body_is_to_be(self):
        """Before anything is done in a step, and again before a later set."""
        for step, position in (("lean", "Kneel on the floor."), ("breathe", "Lie down."), ("fetch", "Sit up.")):
            roles = [row["role"] for row in self.those(step=step, type="speech")]
            self.assertEqual([role for role in roles if role not in ("title", "dose")][0], "setup", roles)
            self.assertEqual(self.texts(step=step, role="setup")[0], position)
        self.assertEqual(self.texts(step="fetch", role="setup")[1:], ["Lie down again."])

    def test_03_how_long_a_hold_is(self):
        """Is said before the first of each step; then it begins with a sound, at its words' end."""
        for step, length in (("lean", "21 seconds each"), ("breathe", "9 breaths"), ("fetch", "6 seconds each")):
            holds = self.those(step=step, type="hold")
            [dose] = self.those(step=step, role="dose")
            self.assertIn(length, dose["text"])
            self.assertLess(rules.end(dose), holds[0]["frame"])
            for hold in holds:
                self.assertIn(self.before(hold)["role"], ("instruction", "cue"))
                self.assertTrue([row for row in self.rows if row["type"] in ("go", "in") and row["frame"] == hold["frame"]], hold)

    def test_04_half_of_it(self):
        """Is said on its frame, also of an odd number of breaths: there when an `in` is over. Not in a short hold."""
        for hold in self.those(type="hold"):
            said = [row for row in self.those(role="halfway") if hold["frame"] <= row["frame"] < rules.end(hold)]
            self.assertEqual(len(said), hold["step"] != "fetch", hold)
            for row in said:
                late = row["frame"] - hold["frame"] - hold["frames"] / 2
                self.assertTrue(0 <= late < (5 * RATE if hold["step"] == "breathe" else 1), late)

    def test_05_the_last_seconds(self):
        """The words that count down are said in holds alone, a second each, and breaths that end are announced."""
        counted = self.those(role="countdown")
        for row in counted:
            hold = next(hold for hold in self.those(type="hold") if hold["frame"] <= row["frame"] < rules.end(hold))
            number = ["One.", "Two.", "Three."].index(row["text"]) + 1
            self.assertEqual(rules.end(hold) - row["frame"], number * RATE)
        self.assertEqual(len(counted), 3 * len(self.those(step="lean", type="hold")))
        self.assertEqual(self.texts(step="breathe", role="left"), ["Two more breaths.", "Last one."])
        self.assertFalse({row["text"] for row in counted} & {row["text"] for row in self.rows if "text" in row and row["role"] != "countdown"})
        [rest] = self.those(type="rest", step="fetch")
        [soon] = self.those(text="Set 2 of 2 in 5 seconds.")
        self.assertEqual(rules.end(rest) - soon["frame"], 5 * RATE)

    def test_06_which_side(self):
        """It is said before the silence in which sides are changed, and in the sentences."""
        [change] = self.those(type="change")
        self.assertEqual(self.before(change)["text"], "Now the left side.")
        self.assertLessEqual(change["frame"] - rules.end(self.before(change)), RATE)
        self.assertEqual(self.after(change)["text"], "Lean to the left.")
        [right] = self.those(text="Right side.")
        self.assertEqual(self.after(right)["text"], "Lean to the right.")

    def test_07_how_many_more(self):
        for side in ("right", "left"):
            self.assertEqual(self.texts(role="count", side=side), ["Number 2 of 3.", "Last one."])
        for row in (row for row in self.those(role="count") if "side" in row):  # others count breaths
            self.assertEqual((self.before(row)["type"], self.after(row)["role"]), ("rest", "cue"), "they come down, then it is counted")

    def test_08_what_comes_and_how_long_there_is(self):
        """Each step names itself as the next one, and the time to get there is told. Two soft notes say that it is over."""
        self.assertEqual([text for text in self.texts(role="title") if "Next" in text], ["Next: B.", "Next: C."])
        prepared = self.those(type="prepare")
        self.assertGreaterEqual(len(prepared), 3)
        for span in prepared:
            self.assertEqual((self.before(span)["text"], span["frames"]), ("8 seconds to get there.", 8 * RATE))
            [note] = [row for row in self.those(role="attention") if span["frame"] <= row["frame"] < rules.end(span)]
            self.assertGreater(note["frame"], rules.end(span) - 3 * RATE)

    def test_19_that_it_is_over(self):
        """In words, and a sound behind them."""
        said = [row for row in self.rows if row["type"] in rules.TYPES]
        self.assertEqual((said[-2]["text"], said[-2]["role"], said[-1]["type"]), ("Over.", "closing", "chime"))


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
    """In the middle of an instruction."""
    hold = 20

    def setUp(self):
        super().setUp()
        say = " ".join([*SENTENCES, "Stay for {time}."])
        self.routine.write_text(f"[routine]\ntitle = Ear\n[lean]\ntitle = A\nsetup = Sit.\nsay = {say}\nhold = {self.hold}s\n[next]\ntitle = B\nsay = Up.\nhold = 9s\n")

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
        self.wait_left(connection, self.hold + 9)
        sounds = self.listen()
        first = sounds.find(SENTENCES[0], beside=RATE)
        where, longer, second, _, length, go = sounds.in_order(first[1], "A.", "10 seconds longer.", *SENTENCES[1:], "Stay for 30 seconds.", "go")
        self.assertGreater(first[1], asked, "the sentence under way is said to its end")
        for answer in (where, longer):
            self.assert_soon(asked, answer)
        self.assertLess(longer[1], second[0])
        self.assertLess(length[1], go[0])
        self.assertIsNone(sounds.find("Stay for 20 seconds."))
        self.assertGreater(connection.status()["hold_left"], self.hold)

    def test_02_08_09_14_15_again_on_and_back(self):
        """Which step it is, and its title, or the instruction, at once; asked again, how to get there; and what comes, before it does."""
        _, connection = self.begin()
        self.wait_left(connection, self.hold - 1)
        coming = self.ask(connection, "coming")
        heard.wait_recorded(self.pulse, 2 * RATE)
        again = self.ask(connection, "repeat")
        heard.wait_recorded(self.pulse, 2 * RATE)
        twice = self.ask(connection, "repeat")
        heard.wait_recorded(self.pulse, 2 * RATE)
        on = self.ask(connection, "next")
        connection.wait_status(step="next")
        self.wait_hold(connection, step="next")
        back = self.ask(connection, "previous")
        heard.wait_recorded(self.pulse, 3 * RATE)
        sounds = self.listen()
        for asked, end, names in ((coming, again, (COMING,)), (again, twice, (SENTENCES[0],)), (twice, on, ("Sit.", SENTENCES[0])),
                                  (on, back, ("2 of 2.", "Next: B.", "Up.")), (back, None, ("1 of 2.", "A.", "Sit."))):
            with self.subTest(names[0]):
                [first, *_] = sounds.in_order(asked, *names)
                self.assert_soon(asked, first)
                self.assertTrue(end is None or first[0] < end)


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

    def test_11_easier(self):
        """It is said at once from when on, and it is so from then on."""
        self.routine.write_text(self.routine.read_text().replace(f"hold = {self.hold}s", "hold = 4-8s"))
        _, connection = self.begin("--level", "50")
        self.wait_left(connection, 5)
        asked = self.ask(connection, "easier", "easier", "easier", "easier", "easier")
        self.wait_hold(connection, rep=2)
        connection.wait_status(rep=None)
        sounds = self.listen()
        answer, first_end, _, go, end = sounds.in_order(asked, "Easier, from the next repetition.", "end", "Last one.", "go", "end")
        self.assert_soon(asked, answer)
        begun = sounds.hear("go", 0)
        self.assertLess(abs(first_end[0] - begun[0] - 6 * RATE), TRUE)
        self.assertLess(abs(end[0] - go[0] - 4 * RATE), TRUE)

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


class Loud(Recorded):
    """The short sounds that answer the hand."""
    hold = 30

    COMMANDS = (("taken", "longer 1"), ("taken again", "shorter 1"), ("refused", "louder"), ("quieter", "quieter"), ("taken back", "louder"), ("paused", "pause"),
                ("going on", "resume"), ("in words", "pause"), ("stopped", "stop"))
    LENGTHS = {"taken": 0.12, "refused": 0.24, "paused": 0.2, "going on": 0.2, "stopped": 0.4}  # seconds; then there may be words
    SHORTEST = RATE // 10  # frames, at least, of each of these sounds
    UNDER = (12, 18)  # dB, that they are under speech
    SAID = ("Sit on the floor, and let your spine grow tall.", "Turn slowly to the side, as far as it goes.", "Come back to the middle, and rest both hands.")

    def loudest_speech(self):
        """Of an ordinary sentence of the voice that is heard by default."""
        steps = "".join(f"[s{n}]\nsay = {text}\nhold = 1s\n" for n, text in enumerate(self.SAID))
        routine, path = self.home.write("speech.ini", f"[routine]\ntitle = Speech\n{steps}"), self.home.path("speech.wav")
        self.sv("render", "--voice", "en", routine, path)
        rows = self.sv("plan", "--json", "--voice", "en", routine).lines()[1:]
        samples = wav.Wav(path).mono
        return statistics.median(loudness.loudest(samples[row["frame"]:row["frame"] + row["frames"]]) for row in rows if row.get("text") in self.SAID)

    def first_sound(self, sounds, asked):
        """How many frames later it is heard, and its samples."""
        samples = sounds.sound.samples(asked, asked + RATE * 3 // 2)
        begin = next(n for n, sample in enumerate(samples) if abs(sample) > LOUD)
        return begin, samples[begin:]

    def test_18_20_each_command_has_a_sound(self):
        """At once, one for each kind of what was done, always the same; `quieter` is heard in its own. That it stops is said, also in a pause."""
        process, connection = self.begin()
        self.wait_left(connection, self.hold - 1)
        asked = {}
        for name, command in self.COMMANDS:
            asked[name] = self.ask(connection, command)
            if command != "stop":
                heard.wait_recorded(self.pulse, RATE * 3 // 2)
        self.assertEqual(process.wait(20 * sv.SLOW), 0)
        sounds = self.listen()
        found = {name: self.first_sound(sounds, index) for name, index in asked.items() if name != "in words"}

        late = [late for late, _ in found.values()]
        self.assertLess(max(late), RATE)
        self.assertLess(sorted(late)[len(late) // 2], 2 * heard.ACKNOWLEDGED)  # make bench measures it on a machine that does nothing else
        speech = self.loudest_speech()
        for name, seconds in self.LENGTHS.items():
            under = speech - loudness.loudest(found[name][1][:int(seconds * RATE)])
            self.assertTrue(self.UNDER[0] <= under <= self.UNDER[1], f"{name}: {under:.1f} dB")
        begun = {name: samples[:self.SHORTEST] for name, (_, samples) in found.items()}
        taken = begun["taken"]
        self.assert_same(begun["taken again"], taken)
        for one, other in itertools.combinations(self.LENGTHS, 2):
            self.assertGreater(max(abs(a - b) for a, b in zip(begun[one], begun[other])), max(taken) // 2, (one, other))
        self.assert_soon(asked["stopped"], sounds.hear("Stopped.", asked["stopped"]))
        self.assertIsNone(sounds.find("Over."))
        self.assertTrue(0.6 < max(begun["quieter"]) / max(taken) < 0.85)


if __name__ == "__main__":
    unittest.main()
