"""No reminder comes while another program plays or records a call; what else is played or recorded does not count."""
import os
import subprocess
import unittest

import heard
import pipewire
import pulse
import sv

CALL = "another program plays or records a call"
ROUTINE = "[routine]\ntitle = Back\n[one]\nsay = Sit.\nhold = 2s\n"


class OnPulseAudio(heard.TestCase):
    server = pulse.Quick
    microphone = ("load-module", "module-null-source", "source_name=mic")

    def setUp(self):
        super().setUp()
        self.routine.write_text(ROUTINE)

    def run_beside(self, listed, *command):
        """Another program, until the test ends, once it is listed."""
        process = subprocess.Popen(command, env=os.environ | self.pulse.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        sv.wait_for(lambda: f'application.process.id = "{process.pid}"' in (self.pulse.run("pactl", "list", listed) or ""), f"{command} to begin", 20)

    def play_beside(self, *options):
        self.run_beside("sink-inputs", "paplay", "--raw", *options, "/dev/zero")

    def record_beside(self, source):
        self.run_beside("source-outputs", "parec", "-d", source)
        sv.wait_for(lambda: any(source in line and line.endswith("RUNNING") for line in
                                (self.pulse.run("pactl", "list", "short", "sources") or "").splitlines()), f"{source} to run", 20)

    def remind(self):
        """What it said, once only."""
        return self.sv("remind", "now", self.routine, "--play", "--voice", "tone", "--device", "null:fast", "--set", "remind.again=off")

    def assertComes(self):
        run = self.remind()
        self.assertNotIn(CALL, run.err)
        self.assertIn("Back", run.out)

    def assertStaysAway(self):
        run = self.remind()
        self.assertIn(CALL, run.err)
        self.assertEqual(run.out, "")

    def test_music(self):
        self.play_beside("--property=media.role=music")
        self.assertComes()

    def test_a_call_that_is_heard(self):
        self.play_beside("--property=media.role=phone")
        self.assertStaysAway()

    def test_a_microphone_in_use(self):
        self.assertIsNotNone(self.pulse.run("pactl", *self.microphone))
        self.assertComes()
        self.record_beside("mic")
        self.assertStaysAway()

    def test_what_records_an_output(self):
        self.record_beside("test.monitor")
        self.assertComes()

    def test_a_server_that_does_not_answer(self):
        self.pulse.freeze()
        self.addCleanup(self.pulse.thaw)
        self.assertComes()

    def test_after_the_call_it_comes_once_more(self):
        self.play_beside("--property=media.role=phone")
        process = self.start("remind", "now", self.routine, "--play", "--voice", "tone", "--device", "null:fast", "--set", "remind.again=1s")
        self.assertEqual(process.wait(60 * sv.SLOW), 0)
        self.assertEqual(process.complained().count(CALL), 2)


class OnPipeWire(OnPulseAudio):
    server = pipewire.PipeWire
    microphone = ("load-module", "module-null-sink", "sink_name=mic", "media.class=Audio/Source/Virtual", "channel_map=mono")

    test_a_server_that_does_not_answer = None  # it has several processes


if __name__ == "__main__":
    unittest.main()
