"""A session on PipeWire: heard as it should be, and there again when PipeWire has been restarted."""
import glob
import pathlib
import unittest

import control
import heard
import pipewire
import sv

RATE, NEAR = heard.RATE, heard.NEAR
MANY_LINES = 20  # on standard error, for any fault
PLUGINS = glob.glob("/usr/lib*/*/alsa-lib/libasound_module_pcm_pipewire.so") + glob.glob("/usr/lib*/alsa-lib/libasound_module_pcm_pipewire.so")


class PipeWire(heard.TestCase):
    server = pipewire.PipeWire
    settings = heard.settings(wake="0.5s", lead_in="1s", change="0.5s")
    hold = 2

    def test_is_heard_frame_by_frame_but_for_a_pause(self):
        self.routine.write_text(heard.HOLD.format(hold=5).replace("sides = right, left", "").replace("{side}", "Sit"))
        process, connection = self.begin()
        self.wait_hold(connection)
        self.sv("pause")
        cut = connection.status()["frame"]
        heard.wait_recorded(self.pulse, RATE)
        self.sv("resume")
        self.assertEqual(process.wait(30 * sv.SLOW), 0)
        file, rows = self.rendered()
        sound = self.heard(file)
        frame = next(row["frame"] for row in rows if row["type"] == "speech")
        paused = self.assert_heard(sound, sound.index_of(frame), frame, cut - NEAR) + NEAR
        self.assertFalse(sound.is_silent(paused, paused + heard.ACKNOWLEDGED), "it is not acknowledged")
        self.assert_heard(sound, sound.index_of(cut + NEAR, paused), cut + NEAR, file.frames)
        self.assertEqual(process.complained(), "")

    def restart(self, kill, start):
        """In a hold: the session is lost meanwhile, and goes on where it was."""
        process, connection = self.begin()
        before = self.wait_hold(connection, side="right")
        kill()
        lost = connection.wait_status(state="lost")
        self.assertGreater(lost["frame"], before["frame"] - RATE // 4)
        self.sv("where")
        self.assertEqual(connection.status()["frame"], lost["frame"])
        self.pulse.stop_recording()
        start()
        self.pulse.record()
        self.assertGreaterEqual(connection.wait_playing()["frame"], lost["frame"])
        self.wait_hold(connection, side="left")
        file, rows = self.rendered()
        left, begin = (next(row["frame"] for row in rows if row["type"] == kind and row.get("side") == "left") for kind in ("speech", "hold"))
        sound = self.heard(file)
        self.assert_heard(sound, sound.index_of(left, frames=begin - left), left, begin)
        self.assertIn("sound lost", process.complained())
        self.assertLessEqual(len(process.complained().splitlines()), MANY_LINES)

    def test_its_pulseaudio_side_is_restarted(self):
        self.restart(self.pulse.kill, self.pulse.start)

    def test_B4_all_of_it_is_restarted(self):
        self.restart(self.pulse.kill_all, self.pulse.start_all)

    @unittest.skipUnless(PLUGINS, "ALSA's own plugin for PipeWire is not installed")
    def test_B4_it_is_restarted_under_its_own_alsa_plugin(self):
        """In which PortAudio turns for ever then: the program that plays is started again."""
        plugin = pathlib.Path(PLUGINS[0])
        (self.pulse.folder / "asound.conf").write_text(
            f'pcm_type.pipewire {{ lib "{plugin}" }}\nctl_type.pipewire {{ lib "{plugin.with_name(plugin.name.replace("pcm", "ctl"))}" }}\n'
            "pcm.!default { type pipewire }\n")
        self.home.env["PIPEWIRE_RUNTIME_DIR"] = str(self.pulse.folder)
        process = self.start("play", "--voice", "tone", *self.settings, self.routine)
        connection = self.connect()
        self.assertEqual(connection.wait_playing()["device"], "default")
        self.wait_hold(connection, side="right")
        [helper] = [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-so")]
        self.pulse.kill_all()
        lost = connection.wait_status(state="lost")
        control.wait_gone(helper, 3)
        self.pulse.start_all()
        self.assertGreaterEqual(connection.wait_playing()["frame"], lost["frame"])
        self.wait_hold(connection, side="left")
        self.assertLessEqual(len(process.complained().splitlines()), MANY_LINES)


if __name__ == "__main__":
    unittest.main()
