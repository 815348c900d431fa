"""A session that is played on a server of the test's own and recorded, and compared with the file that the same session renders to, frame by
frame. Both are 16-bit stereo."""
import array

import control
import pulse
import sv
import wav

RATE = pulse.RATE
FRAME = 4  # bytes
NEAR = RATE // 100  # 10 ms around a cut
DEVICE_HOLDS = RATE // 4  # frames at most that may be said twice
MANY_LINES = 20  # on standard error, for any fault
STALL = RATE // 4  # less than so many frames may be missed in a row,
STALLS = 10  # so many times,
STALLED = RATE  # and so many in all: what is more is not the machine any more
ACK = RATE * 125 // 1000  # frames until the sound is over that acknowledges what is taken,
ACK_PAUSE = RATE * 205 // 1000  # a pause, or going on
ACKNOWLEDGED = RATE * 150 // 1000  # each begins before this
GO = RATE * 350 // 1000  # frames of the sound with which a hold goes on


def settings(**values):
    """For the command line: wake="1s" and the like, of what makes a session quick. It ends with its closing. Without sides="on", a sentence sounds the same wherever it
    stands."""
    names = {"wake": "sound.wake", "lead_in": "pace.lead-in", "change": "pace.change-sides", "release": "sound.release", "on_lost": "sound.on-lost",
             "sides": "sound.sides"}
    quick = {"pace.prepare": "0s", "pace.gap": "0.2s", "pace.words": "brief", "sound.sides": "off", "progress.level": "off"}
    quick |= {names[name]: value for name, value in values.items()}
    return [word for name, value in quick.items() for word in ("--set", f"{name}={value}")]


HOLD = """[routine]
title = Heard
closing = Over.
[hold]
title = A
sides = right, left
say = {{side}}.
hold = {hold}s
"""
NEXT = """[next]
title = B
say = Up.
hold = 7s
"""


class Heard:
    """`recording` as bytes; indices count its frames, frames those of the file. `drops`: where the device was starved, the server did not only
    wait, but left out as much."""

    def __init__(self, recording, wav, drops=False):
        self.recording, self.file, self.frames, self.drops = recording, wav.stereo, wav.frames, drops

    def cut(self, begin, end):
        return self.recording[FRAME * begin:FRAME * end]

    def samples(self, begin, end):
        """Of one channel."""
        return array.array("h", self.cut(begin, end))[0::2]

    def index_of(self, frame, start=0, frames=RATE):
        """Where that frame of the file, with so many behind it, is first heard from `start` on; None if nowhere."""
        part = self.file[FRAME * frame:FRAME * (frame + frames)]
        assert any(part), f"nothing but silence from frame {frame} on tells where that is"
        at = self.recording.find(part, FRAME * start)
        while at >= 0 and at % FRAME:
            at = self.recording.find(part, at + 1)
        return at // FRAME if at >= 0 else None

    def first_difference(self, index, frame, end):
        """The first frame from `frame` to before `end` that is not heard where it should be, the first being at `index`; None: all are."""
        block = RATE // 10
        for begin in range(frame, end, block):
            size = min(block, end - begin)
            at = index + begin - frame
            if self.cut(at, at + size) == self.file[FRAME * begin:FRAME * (begin + size)]:
                continue
            for n in range(size):
                if self.cut(at + n, at + n + 1) != self.file[FRAME * (begin + n):FRAME * (begin + n + 1)]:
                    return begin + n
        return None

    def stalled(self, index):
        """How many silent frames stand there where something should be heard."""
        part = self.cut(index, index + STALL)
        return (len(part) - len(part.lstrip(b"\0"))) // FRAME

    def is_dropped(self, index, frame):
        """What was before that, which is heard then; also behind the end of what is looked for."""
        return self.drops and frame + NEAR <= self.frames and self.first_difference(index, frame, frame + NEAR) is None

    def follow(self, index, frame, end):
        """The same, but for silence between two frames, since a busy machine may let the device starve for a moment. Also where `end` is heard
        then."""
        missed = 0
        for _ in range(STALLS):
            wrong = self.first_difference(index, frame, end)
            stall = self.stalled(index + wrong - frame) if wrong is not None else 0
            missed += stall
            if stall in (0, STALL) or missed > STALLED:
                return wrong, index + end - frame
            index, frame = index + wrong - frame + stall, wrong
            if self.is_dropped(index, frame + stall):
                frame += stall
        return frame, index + end - frame

    def place(self, frame, end, start=0):
        """Where all from `frame` to before `end` is heard, from `start` on, in this sense: the index of its begin and of its end. Else None,
        and the frame up to which it is heard somewhere."""
        file = self.file[FRAME * frame:FRAME * end]
        silent = (len(file) - len(file.lstrip(b"\0"))) // FRAME  # which is heard everywhere: what follows tells where it is
        heard, at = frame, start + silent
        while (at := self.index_of(frame + silent, at, min(NEAR, end - frame - silent))) is not None:
            wrong, over = self.follow(at - silent, frame, end)
            if wrong is None:
                return at - silent, over
            heard, at = max(heard, wrong), at + 1
        return None, heard

    def difference(self, index, frame, frames):
        """What is heard beside the file, as samples of one channel."""
        heard = self.samples(index, index + frames)
        file = array.array("h", self.file[FRAME * frame:FRAME * (frame + frames)])[0::2]
        return [a - b for a, b in zip(heard, file)]

    def is_silent(self, begin, end):
        return not any(self.cut(begin, end))


def regions(samples, apart=RATE // 20):
    """Where samples are not 0: pairs of begin and end, those closer than `apart` taken together."""
    found = []
    for at in (n for n, sample in enumerate(samples) if sample):
        if found and at - found[-1][1] < apart:
            found[-1][1] = at + 1
        else:
            found.append([at, at + 1])
    return found


def let_play(process):
    for pid in control.children(process.pid):
        sv.go_before(pid)


def wait_recorded(pulse, frames, *sink):
    """Until the recorder has so many more."""
    begun = pulse.recorded_frames(*sink)
    sv.wait_for(lambda: pulse.recorded_frames(*sink) >= begun + frames, "the recorder to go on", 20)


class TestCase(control.TestCase):
    server = pulse.Quick
    device = "pulse"
    settings = settings(wake="1s", lead_in="2s", change="1s")
    hold = 5  # seconds

    def setUp(self):
        super().setUp()
        self.pulse = self.server()
        self.addCleanup(self.pulse.close)
        self.home.env |= {name: self.pulse.env[name] for name in self.server.CLIENT}
        self.home.inside = self.pulse.inside
        self.routine = self.home.write("heard.ini", HOLD.format(hold=self.hold))

    def begin(self, *options):
        """Recorded and played on the server."""
        self.pulse.record()
        process = self.start("play", "--voice", "tone", *self.settings, *options, self.routine)
        connection = self.connect()
        self.assertEqual(connection.wait_playing()["device"], self.device)
        let_play(process)
        return process, connection

    def wait_hold(self, connection, **place):
        return sv.wait_for(lambda: (status := connection.status())["hold_left"] and place.items() <= status.items() and status, f"a hold {place}",
                           20)

    def rendered(self, routine=None):
        """The file, and the rows of its plan; of the routine that is played, if not of another."""
        routine = self.home.write("rendered/heard.ini", routine or self.routine.read_text())
        path = self.home.path("rendered.wav")
        self.sv("render", "--voice", "tone", *self.settings, routine, path)
        return wav.Wav(path), self.sv("plan", "--json", "--voice", "tone", *self.settings, routine).lines()[1:]

    def spoken(self, text):
        """A file in which a text is said, and its first and last frame there."""
        file, rows = self.rendered(f"[routine]\ntitle = Clip\n[step]\nsay = {text}\nhold = 1s\n")
        cue = next(row for row in rows if row.get("text") == text)
        return file, cue["frame"], cue["frame"] + cue["frames"]

    def clip(self, text):
        """Its samples, of one channel."""
        file, begin, end = self.spoken(text)
        return file.mono[begin:end]

    def heard(self, file, *sink):
        wait_recorded(self.pulse, self.server.LAG, *sink)
        return Heard(self.pulse.recorded(*sink), file, self.server.DROPS)

    def assert_heard(self, sound, frame, end, start=0):
        """From `start` on; where it begins and ends."""
        begin, over = sound.place(frame, end, start)
        self.assertIsNotNone(begin, f"frames {frame} to {end} are heard up to {over} only")
        return begin, over

    def assert_said(self, sound, begin, end, *texts):
        """These, one after the other, between the two: but for their beginnings, which may stand beside acknowledging sounds."""
        for text in texts:
            file, first, last = self.spoken(text)
            beside = min(2 * ACK, (last - first) // 2)
            _, begin = self.assert_heard(Heard(sound.recording, file, sound.drops), first + beside, last, begin)
            self.assertLessEqual(begin, end, f"'{text}' is not heard in time")

    def assert_same(self, samples, clip):
        """But for the rounding of a sum."""
        self.assertEqual(len(samples), len(clip))
        self.assertLessEqual(max(abs(a - b) for a, b in zip(samples, clip)), 1)

    # ---- what is the same on every server ----

    def hear_all_but_a_pause(self):
        """Words, ticks and countdown, frame by frame; a pause in the hold keeps the place."""
        self.routine.write_text(HOLD.format(hold=5).replace("sides = right, left", "").replace("{side}", "Sit"))
        process, connection = self.begin()
        self.wait_hold(connection)
        self.sv("pause")
        cut = connection.status()["frame"]
        wait_recorded(self.pulse, RATE // 2)
        self.assertEqual(connection.status()["frame"], cut)
        self.sv("resume")
        self.assertEqual(process.wait(30 * sv.SLOW), 0)
        file, rows = self.rendered()
        sound = self.heard(file)
        frame = next(row["frame"] for row in rows if row["type"] == "speech")
        paused = self.assert_heard(sound, frame, cut - NEAR)[1] + NEAR
        self.assertFalse(sound.is_silent(paused, paused + ACKNOWLEDGED), "it is not acknowledged")
        self.assert_heard(sound, cut + GO, file.frames, paused)
        self.assertEqual(process.complained(), "")

    def lose(self, how):
        """In the middle of a hold: the process, a connection to it, and the frame at which it stands then. What played has ended."""
        process, connection = self.begin()
        before = self.wait_hold(connection, side="right")
        [helper] = control.sound_helpers(process.pid)
        how()
        lost = connection.wait_status(state="lost")
        self.follower = self.connect()
        self.follower.send(b"subscribe\n")
        self.assertIsNone(lost["device"])
        self.assertEqual(lost["side"], "right")
        self.assertGreater(lost["frame"], before["frame"] - DEVICE_HOLDS)
        self.sv("where")  # commands are answered meanwhile
        self.assertEqual(connection.status()["frame"], lost["frame"])
        control.wait_gone(helper, 3)
        return process, connection, lost["frame"]

    def assert_goes_on(self, process, connection, frame):
        """From where it was lost, as those are told who follow; and what follows is heard as it should be. It waits for the recorder."""
        again = next(status["frame"] for status in self.follower.changes() if status["state"] == "playing")
        self.assertTrue(frame <= again < frame + RATE * sv.SLOW // 2, f"{again} after {frame}")
        self.sv("pause")
        let_play(process)
        self.pulse.record()
        self.sv("resume")
        self.wait_hold(connection, side="left")
        file, rows = self.rendered()
        left, begin = (next(row["frame"] for row in rows if row["type"] == kind and row.get("side") == "left") for kind in ("speech", "hold"))
        self.assert_heard(self.heard(file), left, begin)

    def restart(self, kill, start):
        """The session is lost meanwhile, and goes on where it was."""
        process, connection, frame = self.lose(kill)
        self.assertIn("sound lost", process.complained())
        self.pulse.stop_recording()
        start()
        self.assert_goes_on(process, connection, frame)
        self.assertLessEqual(len(process.complained().splitlines()), MANY_LINES)
