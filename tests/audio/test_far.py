"""Far listeners: a session through ffmpeg into an Icecast server, as doc/class.md has it, and back out of it. All on this computer."""
import os
import re
import subprocess
import unittest
import urllib.error
import urllib.request

import snapcast
import sv
import wav

RATE = 48000
ROUTINE = """[routine]
title = Far
[lean]
title = A
say = Lean.
hold = 2s
"""
QUICK = [word for pair in ("pace.words=brief", "pace.prepare=0s", "pace.settle=0s", "pace.gap=0.1s", "sound.wake=0s") for word in ("--set", pair)]

SERVER = """<icecast>
  <limits><sources>2</sources></limits>
  <authentication><source-password>secret</source-password><admin-user>admin</admin-user><admin-password>secret</admin-password></authentication>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <hostname>localhost</hostname>
  <paths><basedir>{directory}</basedir><logdir>{directory}</logdir><webroot>{directory}</webroot><adminroot>{directory}</adminroot></paths>
  <logging><accesslog>-</accesslog><errorlog>-</errorlog><loglevel>1</loglevel></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>
"""
OWNER = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"


def documented():
    """What the guide pipes a render into, without the server's address."""
    text = (sv.TOP / "doc/class.md").read_text()
    return re.search(r"render middle-back - \| (ffmpeg .*?) \\\n", text)[1].split()


class Far(sv.TestCase):
    def start(self, *command, **options):
        process = subprocess.Popen(list(map(str, command)), **({"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                                                                 "stderr": subprocess.DEVNULL} | options))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def answers(self, url):
        try:
            with urllib.request.urlopen(url, timeout=10 * sv.SLOW) as stream:
                return stream.read(1)
        except (urllib.error.URLError, OSError):
            return None

    def test_a_session_arrives(self):
        sv.need("icecast2", "ffmpeg")
        port, directory = snapcast.free_port(), self.home.path("ice")
        directory.mkdir()
        self.home.directory.chmod(0o755)
        directory.chmod(0o755)
        settings = self.home.write("ice/icecast.xml", SERVER.format(port=port, directory=directory, owner=OWNER if os.geteuid() == 0 else ""))
        self.start("icecast2", "-c", settings)
        stream = f"127.0.0.1:{port}/class.ogg"
        sv.wait_for(lambda: snapcast.Server.attempt(port), "Icecast").close()
        routine, heard, whole = self.home.write("far.ini", ROUTINE), self.home.path("heard.wav"), self.home.path("whole.wav")
        render = self.home.start("render", routine, "-", "--voice", "tone", *QUICK)
        self.addCleanup(render.communicate)
        source = self.start(*documented(), f"icecast://source:secret@{stream}", stdin=render.stdout)
        sv.wait_for(lambda: self.answers(f"http://{stream}"), "the stream", 20)
        listener = self.start("ffmpeg", "-nostdin", "-i", f"http://{stream}", heard)
        self.assertEqual(source.wait(60 * sv.SLOW), 0)
        listener.wait(30 * sv.SLOW)
        self.sv("render", routine, whole, "--voice", "tone", *QUICK)
        sound, all_of_it = wav.Wav(heard), wav.Wav(whole)
        self.assertGreater(sound.frames, all_of_it.frames // 4)
        self.assertGreater(sound.peak(0, sound.frames), 1000)


if __name__ == "__main__":
    unittest.main()
