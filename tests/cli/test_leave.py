"""Steps that are left out: while a session runs, and for the next one."""
import datetime

import control
import sv

ROUTINE = "[routine]\ntitle = Mine\n" + "".join(f"[{name}]\ntitle = {name.title()}\nsay = Go.\nhold = 5m\n" for name in ("cat", "cobra", "bridge", "roll"))


class LeavingOut(control.TestCase):
    def setUp(self):
        super().setUp()
        self.home.write("config/stretchvoice/routines/mine.ini", ROUTINE)

    def steps(self, *options):
        rows = self.sv("plan", "mine", "--json", *options).lines()
        said = [row["text"] for row in rows if row["type"] == "speech"]
        return list(dict.fromkeys(row["step"] for row in rows if "step" in row)), said

    def test_without_a_session(self):
        self.assertEqual(self.sv("skip", "mine", "Cobra").out, "Cobra: left out\n")
        again = datetime.date.today() + datetime.timedelta(days=14)
        self.assertEqual(self.sv("skip", "mine", "2", "--for", "2w").out, f"Cobra: left out, and played again on {again}\n")
        self.sv("skip", "mine", "roll", "--for-good")
        steps, said = self.steps("--today")
        self.assertEqual(steps, ["cat", "bridge"])
        self.assertIn("Today without Cobra and Roll.", said)
        self.assertEqual(self.steps()[0], ["cat", "cobra", "bridge", "roll"])
        listed = next(row for row in self.sv("list", "--json").lines() if row["name"] == "mine")
        self.assertEqual(listed["left_out"], ["Cobra", "Roll"])
        self.assertIn("    left out: Cobra, Roll\n", self.sv("list").out)
        self.sv("unskip", "mine", "cobra")
        self.assertEqual(self.steps("--today")[0], ["cat", "cobra", "bridge"])

    def test_what_is_wrong(self):
        self.assertIn("no such step ('x'", self.sv("skip", "mine", "x", code=3).err)
        self.assertIn("no routine of that name", self.sv("skip", "nosuch", "x", code=3).err)
        self.assertIn("history.keep", self.sv("config", "--set", "history.keep=no").out)
        for daemon in (False, True):
            if daemon:
                self.start("daemon")
                self.connect()
            for command in ("skip", "unskip"):
                err = self.sv(command, "cobra", code=5).err
                self.assertEqual(err, f"stretchvoice: there is no session, so name the routine first: 'stretchvoice {command} ROUTINE STEP'\n")
        self.sv("skip", "mine", "cobra", "--for", "soon", code=2)
        self.sv("skip", "mine", "cobra", "more", code=2)
        both = self.sv("skip", "mine", "cobra", "--for", "2w", "--for-good", code=2)
        self.assertEqual(both.err, "stretchvoice: either --for TIME or --for-good, and no more\n")

    def test_one_is_left(self):
        """If the file has lost that one since, all are played."""
        for step in ("cat", "cobra", "bridge"):
            self.sv("skip", "mine", step)
        self.assertOneLine(self.sv("skip", "mine", "roll", code=3).err, "'roll' is the last step of 'mine'", "unskip mine STEP")
        self.assertEqual(self.steps("--today")[0], ["roll"])
        self.home.write("config/stretchvoice/routines/mine.ini", ROUTINE[:ROUTINE.index("[roll]")])
        self.assertEqual(len(self.steps("--today")[0]), 3)

    def test_a_step_that_is_named_is_played(self):
        self.sv("skip", "mine", "cobra")
        self.assertEqual(self.steps("--today", "--only", "cat,cobra")[0], ["cat", "cobra"])
        self.start("daemon")
        self.connect()
        self.sv("play", "mine", "--voice", "tone", "--device", "null", "--background", "--only", "cat,cobra")
        connection = self.connect()
        connection.wait_playing()
        self.assertEqual(connection.ask("goto 2").fields["answer"], "2 of 2. Cobra.")

    def test_while_it_plays(self):
        with self.home.start("play", "mine", "--voice", "tone", "--device", "null", "--plain") as process:
            session = control.connect(self.home)
            self.addCleanup(session.close)
            session.wait_playing()
            self.assertEqual(session.ask("goto 2").fields["answer"], "2 of 4. Cobra.")
            self.assertEqual(session.ask("skip roll").fields["answer"], "Roll: left out from now on.")
            self.assertEqual(session.ask("skip").fields["answer"], "Cobra: left out today. 2 of 2. Bridge.")
            self.assertEqual(session.wait_status(step="bridge")["step"], "bridge")
            for wrong in ("goto 3", "goto nosuch", "skip nosuch", "goto", "skip cat --for x", "skip cat --for", "skip cat --for 2w more"):
                self.assertEqual(session.ask(wrong).code, 2, wrong)
            self.assertEqual(session.ask("unskip roll").fields["answer"], "Roll: played again.")
            self.assertEqual(session.ask("skip cat --for 2w").fields["answer"], "Cat: left out for 2 weeks.")
            self.assertEqual(session.ask("skip cat --for 10d").fields["answer"], "Cat: left out for 10 days.")
            session.ask("stop")
            process.communicate(timeout=30 * sv.SLOW)
        sv.wait_for(lambda: self.steps("--today")[0] == ["bridge", "roll"], "the history to be written")

    def test_the_next_session_heeds_it(self):
        self.sv("skip", "mine", "cat")
        with self.home.start("play", "mine", "--voice", "tone", "--device", "null", "--plain") as process:
            session = control.connect(self.home)
            self.addCleanup(session.close)
            session.wait_playing()
            self.assertEqual(session.ask("goto 1").fields["answer"], "1 of 3. Cobra.")
            self.assertEqual(session.ask("goto cat").fields["answer"], "1 of 4. Cat.")
            session.ask("stop")
            process.communicate(timeout=30 * sv.SLOW)


if __name__ == "__main__":
    sv.main()
