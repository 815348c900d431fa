"""Begun, steered and ended by a headset alone, as MPRIS calls on the bus, and heard: no key, no socket, no screen."""
import unittest

import bus
import heard
import sv

# Long enough to be known beside the sound that acknowledges a press.
ALPHA, BETA = TITLES = "Alpha and all that there is to do", "Beta and all that is left for today"
STEPS = ("Lean", "Fold")
ROUTINE = "[routine]\ntitle = {title}\nclosing = That was {title}.\n" + "".join(
    f"[{step.lower()}]\ntitle = {{title}} {step}\nsay = {step} for a while.\nhold = 10s\n" for step in STEPS)


class Headset(heard.TestCase):
    settings = heard.settings(wake="1s", lead_in="2s", change="1s") + ["--set", "count.tick=off"]

    def setUp(self):
        super().setUp()
        self.bus = bus.Bus()
        self.addCleanup(self.bus.close)
        for path in (sv.TOP / "config/routines").glob("*.ini"):
            self.home.write(f"config/stretchvoice/routines/{path.name}", "not a routine\n")  # hides that of the source tree
        for title in TITLES:
            self.home.write(f"config/stretchvoice/routines/{title.split()[0].lower()}.ini", ROUTINE.format(title=title))

    def press(self, button):
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", button).returncode == 0, f"the player to take '{button}'")

    def wait(self, what, expected, seconds=20):
        sv.wait_for(lambda: self.bus.run("playerctl", "-p", "stretchvoice", *what).stdout.strip() == expected, f"{what} to be '{expected}'", seconds)

    def wait_title(self, title):
        self.wait(["metadata", "xesam:title"], title)

    def begin_menu(self):
        self.pulse.record()
        process = self.start("menu", "--voice", "tone", *self.settings, env=self.bus.env)
        sv.wait_for(lambda: "stretchvoice" in self.bus.players(), "the player on the bus", 20)
        heard.let_play(process)
        return process

    def wait_said(self):
        """The tones of the voice differ in their lengths alone: each word is looked for from where the one before has ended."""
        heard.wait_recorded(self.pulse, 3 * heard.RATE // 2)
        return self.pulse.recorded_frames()

    def test_a_whole_session(self):
        process = self.begin_menu()
        self.press("next")
        self.wait_title(f"{ALPHA}, 1 minute")
        alpha = self.wait_said()
        self.press("next")
        self.wait_title(f"{BETA}, 1 minute")
        beta = self.wait_said()
        self.press("play")
        self.wait(["metadata", "xesam:album"], BETA)
        heard.let_play(process)
        self.wait_title(f"{BETA} Lean")
        lean = self.wait_said()
        self.press("pause")
        self.wait(["status"], "Paused")
        paused = self.wait_said()
        self.press("next")
        self.wait_title(f"{BETA} Fold")
        heard.wait_recorded(self.pulse, heard.RATE)
        landed = self.wait_said()
        self.press("play")
        self.wait(["status"], "Playing")
        self.assertEqual(process.wait(60 * sv.SLOW), 0)
        self.assertEqual(process.complained(), "")

        sound = self.heard(self.rendered(ROUTINE.format(title=BETA))[0])
        end = len(sound.recording) // heard.FRAME
        self.assert_said(sound, alpha, beta, f"{BETA}, 1 minute.")
        self.assert_said(sound, beta, lean, f"{BETA}.")
        self.assert_said(sound, lean, paused, "Paused.")
        self.assert_said(sound, paused, landed, f"{BETA} Fold.")
        self.assert_said(sound, landed, end, f"Next: {BETA} Fold.", "Fold for a while.", "Three.", "One.")

    def test_stop(self):
        """It leaves the menu, and a word says so."""
        process = self.begin_menu()
        self.press("next")
        self.wait_title(f"{ALPHA}, 1 minute")
        heard.wait_recorded(self.pulse, 2 * heard.RATE)
        before = self.pulse.recorded_frames()
        self.press("stop")
        self.assertEqual((process.wait(10 * sv.SLOW), process.complained()), (0, ""))
        sound = self.heard(self.rendered(ROUTINE.format(title=BETA))[0])
        self.assert_said(sound, before, len(sound.recording) // heard.FRAME, "Stopped.")


if __name__ == "__main__":
    unittest.main()
