"""A routine to begin with: the template, and steps of another routine."""
import sv


class New(sv.TestCase):
    def path(self, name):
        return self.home.path(f"config/stretchvoice/routines/{name}.ini")

    def test_template(self):
        run = self.sv("new", "mine")
        self.assertEqual(run.out, f"{self.path('mine')}\n")
        self.assertEqual(self.sv("check", "--strict", "mine").err, "")
        self.assertEqual(self.sv("plan", "mine", "--json").lines()[0]["steps"], 3)
        self.assertGreater(self.path("mine").read_text().count("\n;"), 5)

    def test_steps(self):
        for steps in (1, 7, 100):
            self.sv("new", f"mine-{steps}", "--steps", steps)
            self.assertEqual(self.sv("check", "--strict", f"mine-{steps}").err, "")
            self.assertEqual(self.sv("plan", f"mine-{steps}", "--json").lines()[0]["steps"], steps)
        for steps in ("0", "101", "x", "", "1.5", "-1"):
            self.assertIn("1 to 100", self.sv("new", "mine", "--steps", steps, code=2).err)
        self.assertFalse(self.path("mine").exists())

    def test_nothing_is_written_over(self):
        self.sv("new", "mine")
        self.path("mine").write_text("mine")
        self.assertIn("is there already", self.sv("new", "mine", code=1).err)
        self.assertEqual(self.path("mine").read_text(), "mine")
        self.path("link").symlink_to(self.home.path("elsewhere.ini"))
        self.sv("new", "link", code=1)
        self.assertFalse(self.home.path("elsewhere.ini").exists())

    def test_what_it_comes_before(self):
        run = self.sv("new", "hips")
        self.assertRegex(run.err, r"^stretchvoice: 'hips' now means this file; it comes before /.*/hips\.ini\n$")
        self.assertEqual(self.sv("new", "mine").err, "")

    def test_names(self):
        for name in ("../x", "a/b", "/tmp/x", ".hidden", "x.ini", "", "a b", "a\nb", "ä", "x" * 101, "--"):
            with self.subTest(name):
                self.assertEqual(len(self.sv("new", "--", name, code=2).err.splitlines()), 1)
        self.assertFalse(self.home.path("config/stretchvoice").exists() and list(self.home.path("config/stretchvoice/routines").glob("*")))

    def test_selection(self):
        self.sv("new", "short", "--from", "middle-back", "--only", "bridge, 7")
        self.assertEqual(self.sv("check", "short").err, "")
        rows = self.sv("plan", "short", "--json").lines()
        whole = self.sv("plan", "middle-back", "--json").lines()
        self.assertEqual(rows[0]["steps"], 2)
        texts = [[row["text"] for row in plan if row.get("step") == "bridge" and row.get("role") in ("setup", "instruction", "cue")]
                 for plan in (rows, whole)]
        self.assertEqual(*texts)
        self.assertNotIn("childs-pose", self.path("short").read_text())
        self.sv("new", "whole", "--from", "middle-back")
        self.assertEqual(self.sv("plan", "whole", "--json").lines()[0]["steps"], 8)

    def test_comments_go_with_their_steps(self):
        self.home.write("config/stretchvoice/routines/source.ini", "\ufeff; head\n[routine]\ntitle = S\n\n; of a\n[a]\nsay = A.\nhold = 5s\n\n; of b\n[b]\n; of its move\n"
                        "[b.x]\nsay = B.\nhold = 5s\n; of c\n[c]\nsay = C.\nhold = 5s")
        self.sv("new", "made", "--from", "source", "--only", "b")
        self.assertEqual(self.path("made").read_text(), "; Steps of source.\n; head\n[routine]\ntitle = S\n\n; of b\n[b]\n; of its move\n[b.x]\nsay = B.\nhold = 5s\n")

    def test_music_stays_where_it_is(self):
        self.home.write("here/drums.ogg", "")
        self.home.write("here/source.ini", "[routine]\ntitle = S\nmusic = drums.ogg\n[a]\nsay = A.\nhold = 5s\n")
        self.sv("new", "made", "--from", self.home.path("here/source.ini"))
        self.assertNotIn("drums", self.path("made").read_text())

    def test_what_is_wrong(self):
        for arguments, code, words in ((["--from", "middle-bakc"], 3, "perhaps middle-back"), (["--from", "middle-back", "--only", "cobar"], 3, "no such step ('cobar'"),
                                       (["--from", "middle-back", "--only", "9"], 3, "no such step"), (["--only", "cobra"], 2, "--from"),
                                       (["--from", "middle-back", "--steps", "2"], 2, "--steps")):
            with self.subTest(arguments):
                self.assertIn(words, self.sv("new", "mine", *arguments, code=code).err)
                self.assertFalse(self.path("mine").exists())


if __name__ == "__main__":
    sv.main()
