"""The sound program on a real server: what is heard, frame by frame, and what happens when the server fails."""
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

import pulse
import sv

DRIVER = sv.BUILD / "tests/drivers/sound_driver"
HELPER = sv.BUILD / "stretchvoice-sound"
CYCLE = 30011  # as in the driver
FADE = pulse.RATE * 5 // 1000
STALL = pulse.RATE // 4  # frames that a busy machine may let the device starve,
STALLS = 3  # so many times


class Driver:
    def __init__(self, env, device=""):
        self.directory = pathlib.Path(env["HOME"])
        self.out = self.directory / "driver"
        self.position = 0
        with open(self.out, "wb") as out:
            self.process = subprocess.Popen([DRIVER, device, HELPER, str(pulse.RATE)], env=os.environ | env,
                                            stdin=subprocess.PIPE, stdout=out)

    def close(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()

    def say(self, word):
        self.process.stdin.write(word.encode() + b"\n")
        self.process.stdin.flush()

    def find(self, event):
        """The next line of that event after the one found last: its milliseconds and what follows."""
        with open(self.out, encoding="utf-8") as file:
            file.seek(self.position)
            while (line := file.readline()).endswith("\n"):
                ms, name, *rest = line.split()
                if name == event:
                    self.position = file.tell()
                    return float(ms), " ".join(rest)
        return None

    def wait(self, event, seconds=10):
        return sv.wait_for(lambda: self.find(event), f"'{event}' after\n{self.out.read_text()}", seconds)

    def ask(self, word, event):
        self.say(word)
        return self.wait(event)

    def taken(self):
        return int(self.ask("status", "status")[1].split()[1])

    def play_until(self, frames):
        sv.wait_for(lambda: self.taken() >= frames, f"frame {frames} to be taken", 20)

    def helpers(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/task")
        pids = [int(pid) for task in path.iterdir() for pid in (task / "children").read_text().split()]
        return [pid for pid in pids if not pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"]


def frame(number):
    return number % CYCLE + 1, -(number // CYCLE % CYCLE + 1)


def faded(number, part):
    """The frame, `part` of FADE in; divided as C does."""
    factor = part * part * (3 * FADE - 2 * part)
    return tuple((-1 if value < 0 else 1) * (abs(value) * factor // FADE ** 3) for value in frame(number))


class Heard:
    """A recording, read as the numbers of its frames."""

    def __init__(self, recording):
        self.left, self.right = recording

    def at(self, index):
        return self.left[index], self.right[index]

    def find(self, number, start=0):
        """Where that frame is heard, unfaded; None if nowhere."""
        left, right = frame(number)
        try:
            index = self.left.index(left, start)
            while self.right[index] != right:
                index = self.left.index(left, index + 1)
            return index
        except ValueError:
            return None

    def is_silent(self, begin, end):
        return not any(self.left[begin:end]) and not any(self.right[begin:end])

    def first_wrong(self, index, number, end):
        """The first frame from `number` to before `end` that is not where it should be, the first being at `index`; None: all are."""
        for n in range(number, end):
            if self.at(index + n - number) != frame(n):
                return n
        return None

    def after_silence(self, index):
        """Where something is heard again; the same index if that is at once, or later than a busy machine lets the device starve."""
        return next((n for n in range(index, min(index + STALL, len(self.left))) if any(self.at(n))), index)

    def follow(self, index, number, end):
        """The first frame that is not where it should be, but for a few moments of silence between two frames; and where `end` is heard."""
        for _ in range(STALLS + 1):
            wrong = self.first_wrong(index, number, end)
            if wrong is None:
                return None, index + end - number
            starved, number = index + wrong - number, wrong
            index = self.after_silence(starved)
            if index == starved:
                break
        return wrong, None


@unittest.skipUnless(DRIVER.exists(), "the driver has not been built")
class SoundCase(unittest.TestCase):
    def setUp(self):
        self.pulse = pulse.Quick()
        self.addCleanup(self.pulse.close)

    def drive(self, device="", env=None):
        driver = Driver(self.pulse.env | (env or {}), device)
        self.addCleanup(driver.close)
        return driver

    def play(self, frames=0, env=None):
        self.pulse.record()
        driver = self.drive(env=env)
        self.assertEqual(driver.wait("started", 20)[1], "pulse")
        for pid in (driver.process.pid, *driver.helpers()):
            sv.go_before(pid)
        begun = self.pulse.recorded_frames()
        sv.wait_for(lambda: self.pulse.recorded_frames() > begun + pulse.RATE // 5, "the stream to run")
        self.assertEqual(driver.ask("resume", "flushed")[1], "0")
        driver.play_until(frames)
        return driver

    def end(self, driver):
        """Plays what is queued: how many frames that is in all, and what was heard."""
        end = int(driver.ask("end", "ending")[1])
        driver.wait("drained")
        return end, self.heard()

    def heard(self):
        """What has been played until now, once the recorder has it."""
        frames = self.pulse.recorded_frames() + pulse.RATE // 5
        sv.wait_for(lambda: self.pulse.recorded_frames() > frames, "the recorder to go on")
        return Heard(self.pulse.recording())

    def assert_played(self, heard, index, number, end):
        """Returns where `end` is heard."""
        self.assertIsNotNone(index, f"frame {number} was not heard")
        wrong, over = heard.follow(index, number, end)
        self.assertIsNone(wrong)
        return over

    def assert_faded_in(self, heard, number):
        """Returns where the last fade-in from `number` on begins: the frames may have been heard before."""
        index = begin = None
        while (index := heard.find(number + FADE, 0 if index is None else index + 1)) is not None:
            begin = index - FADE
        self.assertIsNotNone(begin, f"frame {number + FADE} was not heard")
        for part in range(FADE):
            self.assertEqual(heard.at(begin + part), faded(number + part, part))
        return begin


class Playing(SoundCase):
    def test_every_frame_is_heard_from_the_first_to_the_last(self):
        driver = self.play(pulse.RATE)
        end, heard = self.end(driver)
        begin = heard.find(0)
        over = self.assert_played(heard, begin, 0, end)
        self.assertTrue(heard.is_silent(0, begin))
        self.assertTrue(heard.is_silent(over, over + pulse.RATE // 10))
        self.assertIn("underruns 0 ", driver.ask("status", "status")[1])

    def test_the_last_frame_is_heard_from_an_output_that_holds_much(self):
        """As headphones without a wire may. What the server still holds when its client ends, it drops."""
        between = pulse.Quick()
        self.addCleanup(between.close)
        between.run("pactl", "load-module", "module-tunnel-sink", "sink_name=far", f"server=unix:{self.pulse.directory}/socket", "sink=test",
                    "latency_msec=200")
        between.run("pactl", "set-default-sink", "far")
        driver = self.play(pulse.RATE, between.env)
        end = int(driver.ask("end", "ending")[1])
        driver.wait("drained")
        driver.close()
        loud = [index for index, sample in enumerate(self.heard().left) if sample]
        self.assertLess(abs(loud[-1] - loud[0] - end), pulse.RATE // 30)  # a tunnel keeps to another clock

    def test_every_frame_is_heard_with_another_latency_asked_of_pulse(self):
        driver = self.play(pulse.RATE, {"PULSE_LATENCY_MSEC": "30"})
        end, heard = self.end(driver)
        self.assert_played(heard, heard.find(0), 0, end)

    def test_a_pause_fades_and_what_follows_fades_in(self):
        driver = self.play(pulse.RATE)
        stop = int(driver.ask("pause", "flushed")[1])
        silent_from = self.pulse.recorded_frames()
        sv.wait_for(lambda: self.pulse.recorded_frames() > silent_from + pulse.RATE // 2, "a pause")
        self.assertEqual(int(driver.ask("resume", "flushed")[1]), stop)
        end, heard = self.end(driver)

        over = self.assert_played(heard, heard.find(0), 0, stop - FADE) + FADE
        for part in range(FADE):
            self.assertEqual(heard.at(over - 1 - part), faded(stop - 1 - part, part + 1))
        again = self.assert_faded_in(heard, stop)
        self.assertTrue(heard.is_silent(over, again))
        self.assert_played(heard, again + FADE, stop + FADE, end)
        self.assertIn("underruns 0 ", driver.ask("status", "status")[1])

    def test_the_server_shows_who_plays(self):
        self.play()
        self.assertIn('application.name = "stretchvoice"', self.pulse.streams())

    def test_nothing_but_the_ring_and_the_socket_is_inherited(self):
        driver = self.play()
        [helper] = driver.helpers()
        files = {fd: os.readlink(f"/proc/{helper}/fd/{fd}") for fd in os.listdir(f"/proc/{helper}/fd")}
        self.assertIn("socket:", files.pop("0"))
        self.assertEqual([files.pop(fd) for fd in "12"], 2 * ["/dev/null"])
        self.assertIn("stretchvoice-ring", files.pop("3"))
        own = {os.readlink(f"/proc/{driver.process.pid}/fd/{fd}") for fd in "012"}
        self.assertFalse(own & set(files.values()))

    def test_the_outputs_are_listed(self):
        with sv.Home() as home:
            run = home.run("devices", "--json", env=self.pulse.env)
        self.assertEqual(run.code, 0, run.err)
        outputs = [json.loads(line) for line in run.out.splitlines()]
        self.assertEqual([output["name"] for output in outputs], ["pulse", "default", "null", "null:fast"])
        self.assertEqual([output["default"] for output in outputs], [True, False, False, False])


class Configuration(SoundCase):
    """Of ALSA. Most users have none of their own."""

    NONE = {"ALSA_CONFIG_PATH": ""}

    def reads_all(self, driver):
        [helper] = driver.helpers()
        return not any("stretchvoice-alsa" in os.readlink(entry) for entry in pathlib.Path(f"/proc/{helper}/fd").iterdir())

    def test_of_a_server_only_its_output_is_known(self):
        driver = self.play(pulse.RATE, self.NONE)
        self.assertFalse(self.reads_all(driver))
        end, heard = self.end(driver)
        self.assert_played(heard, heard.find(0), 0, end)

    def test_of_the_users_own_all_is_read(self):
        """There "pulse" may be something else."""
        for name in (".asoundrc", "alsa/asoundrc"):
            with self.subTest(name):
                path = self.pulse.directory / name
                path.parent.mkdir(exist_ok=True)
                path.write_text("pcm.!pulse { type null }\n")
                driver = self.drive(env=self.NONE | {"XDG_CONFIG_HOME": str(self.pulse.directory)})
                self.assertEqual(driver.wait("started")[1], "pulse")
                self.assertTrue(self.reads_all(driver))
                self.assertNotIn("stretchvoice", self.pulse.streams())
                driver.close()
                path.unlink()

    def test_where_no_server_answers_all_is_read(self):
        (self.pulse.directory / "alsa.conf").write_text("pcm.default { type null }\n")
        driver = self.drive(env=self.NONE | {"ALSA_CONFIG_DIR": str(self.pulse.directory), "PULSE_SERVER": f"unix:{self.pulse.directory}/none"})
        self.assertEqual(driver.wait("started")[1], "default")

    def test_a_named_output_is_looked_for_in_all(self):
        driver = self.drive("pulse", self.NONE)
        self.assertEqual(driver.wait("started")[1], "pulse")
        self.assertTrue(self.reads_all(driver))


class Faults(SoundCase):
    def lose(self, driver, problem):
        lost = int(driver.wait("lost")[1])
        self.assertEqual(driver.wait("problem")[1], problem)
        return lost

    def go_on(self, driver, lost):
        """Sound is back: the session goes on where it was lost."""
        driver.wait("back", 12)
        self.assertEqual(int(driver.ask("resume", "flushed")[1]), lost)
        end, heard = self.end(driver)
        begin = self.assert_faded_in(heard, lost)
        self.assertTrue(heard.is_silent(begin - pulse.RATE // 10, begin))
        self.assert_played(heard, begin + FADE, lost + FADE, end)

    def test_a_server_that_is_killed_is_waited_for(self):
        driver = self.play(pulse.RATE)
        before = self.heard()
        taken = driver.taken()
        self.pulse.kill()
        lost = self.lose(driver, "the output is gone")
        self.assertIsNotNone(before.find(lost - pulse.RATE // 2))
        self.assertGreater(lost, taken - pulse.RATE // 10)  # no more is repeated than the device held
        self.assertEqual(int(driver.ask("pause", "flushed")[1]), lost)  # commands are answered meanwhile
        self.pulse.stop_recording()
        self.pulse.start()
        self.pulse.record()
        self.go_on(driver, lost)

    def test_a_sink_that_is_unloaded_is_waited_for(self):
        driver = self.play(pulse.RATE)
        self.pulse.unload_sink()
        lost = self.lose(driver, "the output is gone")
        self.assertEqual(int(driver.ask("pause", "flushed")[1]), lost)
        self.pulse.stop_recording()
        self.pulse.load_sink()
        self.pulse.record()
        self.go_on(driver, lost)

    def test_a_server_that_is_frozen_is_lost_within_two_seconds(self):
        driver = self.play(pulse.RATE)
        begun = driver.ask("status", "status")[0]
        self.pulse.freeze()
        frozen = time.monotonic()
        reported, lost = driver.wait("lost")
        self.assertLess(reported - begun, 4000 * sv.SLOW)  # within two seconds on a machine that is not busy: see the bench
        self.assertEqual(driver.wait("problem")[1], "the sound server does not answer")
        self.assertEqual(driver.ask("pause", "flushed")[1], lost)
        sv.wait_for(lambda: time.monotonic() > frozen + 6, "the server to have been frozen for long")
        self.pulse.thaw()
        self.go_on(driver, int(lost))

    def test_a_frozen_server_does_not_hold_up_the_end(self):
        driver = self.play(pulse.RATE)
        self.pulse.freeze()
        self.assertLess(float(driver.ask("free", "freed")[1]), 100 * sv.SLOW)
        self.assertEqual(driver.process.wait(5 * sv.SLOW), 0)
        self.pulse.thaw()

    def test_a_server_that_is_frozen_from_the_beginning_is_no_output(self):
        self.pulse.freeze()
        driver = self.drive()
        self.assertEqual(driver.wait("none")[1], "the sound server does not answer")
        self.assertEqual(driver.ask("pause", "flushed")[1], "0")
        self.pulse.thaw()

    def test_a_program_that_dies_is_started_again(self):
        driver = self.play(pulse.RATE)
        [helper] = driver.helpers()
        os.kill(helper, signal.SIGKILL)
        lost = self.lose(driver, "the sound program ended unexpectedly")
        driver.wait("back")
        driver.play_until(lost + pulse.RATE)
        self.assertNotEqual(driver.helpers(), [helper])
        end, heard = self.end(driver)
        later = lost + pulse.RATE // 5  # past what the dead one had queued, and past the new stream's beginning, which is not recorded
        self.assert_played(heard, heard.find(later), later, end)

    def test_no_server_is_no_output(self):
        self.pulse.kill()
        self.assertEqual(self.drive().wait("none")[1], "no sound output was found")

    def test_an_unknown_name_is_no_output(self):
        self.assertIn("there is no output named 'loudspeaker'", self.drive("loudspeaker").wait("none")[1])

    def test_a_missing_program_is_no_output(self):
        env = self.pulse.env
        with subprocess.Popen([DRIVER, "", "/nonexistent/program", "48000"], env=os.environ | env, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            self.assertIn(b" none ", process.stdout.readline())


class Program(unittest.TestCase):
    def test_ends_with_its_parent(self):
        with pulse.Quick() as server:
            driver = Driver(server.env)
            driver.wait("started", 20)
            [helper] = driver.helpers()
            driver.close()
            sv.wait_for(lambda: not pathlib.Path(f"/proc/{helper}").exists(), "the helper to end")

    @unittest.skipIf(sv.SANITIZED, "a sanitizer calls its own")
    def test_the_audio_thread_only_copies(self):
        """The reader's side of the ring cannot allocate, lock or wait: it has nothing to do so with."""
        sv.need("nm")
        run = subprocess.run(["nm", "-u", sv.BUILD / "obj/ipc/ring_read.o"], capture_output=True, text=True, timeout=20, check=True)
        names = {line.split()[-1] for line in run.stdout.splitlines()}
        names -= {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}  # the compiler's own
        self.assertEqual(names, {"memcpy", "memset", "ring_queued", "ring_drained"})

    def test_is_of_no_use_by_hand(self):
        for arguments in ([], ["--help"], ["3", "4"], ["0"], ["-1"], ["3", "4", "5"]):
            run = subprocess.run([HELPER, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
            self.assertEqual((run.returncode, run.stdout), (2, b""))
            self.assertEqual(run.stderr.count(b"\n"), 1)
