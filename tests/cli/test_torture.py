"""Some calls of the program fail, one in each run. `make torture` lets all of them fail."""
import signal
import tempfile
import unittest

import sv
import torture

SCENES = (f"{torture.PLAY} back", "captions back out/a.vtt", "new fresh --from=back")
FEW = 10  # calls of a kind, of which each fails


def find(name):
    return next(scene for scene in torture.SCENES if scene.name == name)


@unittest.skipIf(sv.SANITIZED, "a sanitizer has allocations of its own")
class Torture(unittest.TestCase):
    def test_few_calls_of_each_kind(self):
        """All of them if they are few, else the first and the last."""
        directory = tempfile.TemporaryDirectory(prefix="torture-")
        self.addCleanup(directory.cleanup)
        library = torture.build_library(directory.name)
        for scene in map(find, SCENES):
            whole = torture.run(library, scene)
            judge = torture.Judge(scene, whole, torture.run(library, scene))
            for kind, count in whole.counts.items():
                for number in range(1, count + 1, 1 if count <= FEW else count - 1):
                    with self.subTest(scene.name, kind=kind, number=number):
                        run = torture.run(library, scene, torture.Fault(kind, number), again=False)
                        self.assertEqual(list(judge.complaints(run)), [], run.err)


class Judging(unittest.TestCase):
    """Of runs that are made up."""

    SCENE = torture.Scene(("render", "back", "out/a.wav"))

    def complaints(self, **run):
        whole = torture.Outcome(out="done\n", files={"out/a.wav": b"whole"})
        return list(torture.Judge(self.SCENE, whole, whole).complaints(torture.Outcome(**{"out": "done\n"} | run)))

    def test_what_holds(self):
        clear = "stretchvoice: 'out/a.wav' cannot be written: No space left on device\n"
        self.assertEqual(self.complaints(code=1, err=clear), [])
        self.assertEqual(self.complaints(files={"out/a.wav": b"whole"}), [])
        self.assertEqual(self.complaints(code=-signal.SIGTRAP, err="GLib-ERROR **: gmem.c:130: failed to allocate 16 bytes\n"), [])

    def test_what_does_not(self):
        clear = "stretchvoice: 'out/a.wav' cannot be written: No space left on device\n"
        whole = {"out/a.wav": b"whole"}
        for wrong, run in (("hangs", {"hangs": True}), ("left behind", {"left": [1], "files": whole}), ("SIGSEGV", {"code": -signal.SIGSEGV}),
                           ("not whole", {"code": 1, "err": clear, "files": {"out/a.wav": b"wh"}}), ("missing", {}),
                           ("left behind", {"code": 1, "err": clear, "files": {"out/.tmp": b""}}), ("2 lines", {"code": 1, "err": clear * 2}),
                           ("nothing clear", {"code": 1, "err": "Error\n"}), ("says nothing", {"code": 1}),
                           ("prints something else", {"out": "do", "files": whole}), ("next start", {"code": 1, "err": clear, "next": (1, "")})):
            with self.subTest(wrong):
                self.assertIn(wrong, " ".join(self.complaints(**run)))


if __name__ == "__main__":
    unittest.main()
