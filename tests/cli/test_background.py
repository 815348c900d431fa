"""Sessions that nobody looks at: in the background, in the daemon, one a user, and what becomes of them when things go wrong."""
import os
import resource
import shutil
import signal
import socket
import subprocess
import unittest

import control
import sv
import term

SECOND = 1 * sv.SLOW  # in which a program has to end that is told to (B30)


class Background(control.TestCase):
    def play_in_background(self, *options, **rest):
        run = self.sv(*self.play_words("--background", *options), **rest)
        self.assertEqual((run.out, run.err), ("", ""))
        connection = self.connect()
        connection.wait_playing()
        return connection

    def test_returns_once_sound_has_started(self):
        connection = self.play_in_background()
        self.assertEqual(connection.status()["device"], "null")
        frame = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame, "the session to go on")

    def test_nothing_ties_it_to_where_it_came_from(self):
        pid = self.play_in_background().pid
        self.assertEqual([os.readlink(f"/proc/{pid}/fd/{fd}") for fd in range(3)], 3 * ["/dev/null"])
        self.assertNotEqual(os.getsid(pid), os.getsid(0))

    def test_ends_at_stop(self):
        connection = self.play_in_background()
        self.sv("stop")
        control.wait_gone(connection.pid)
        self.assertFalse(control.socket_path(self.home).exists())
        self.sv("stop", code=5)

    def test_ends_by_itself(self):
        self.sv(*self.play_words("--background", device="null:fast"))
        sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the session", 30)
        self.sv("status", code=5)

    def test_comes_back_with_what_went_wrong(self):
        broken = self.home.write("broken.ini", "[routine]\n[a]\nsay = A.\n")
        for code, err, options in ((3, "nosuch", ["nosuch"]), (3, "broken.ini:", [broken]),
                                   (3, "--set pace.level", ["--set", "pace.level=x", self.routine]),
                                   (3, "nobody", ["--voice", "nobody", self.routine]),
                                   (4, "no audio output", ["--device", "no such thing", self.routine]),
                                   (2, "'play' needs NAME", [])):
            with self.subTest(options):
                run = self.sv("play", "--background", *options, code=code)
                self.assertEqual(run.out, "")
                self.assertIn(err, run.err)
                self.assertFalse(control.socket_path(self.home).exists(), "the place is not free for the next")
                sv.wait_for(lambda: not list(control.processes(self.home)), "its end")

    def test_survives_the_end_of_its_terminal(self):
        terminal = term.Terminal(self.home, *self.play_words("--background"))
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_end(), 0)
        self.assertEqual(terminal.shown, b"")
        connection = self.connect()
        terminal.hang_up()
        frame = connection.wait_playing()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + 4800, "the session to go on")
        self.sv("stop")

    def test_ends_at_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                connection = self.play_in_background()
                os.kill(connection.pid, number)
                control.wait_gone(connection.pid, 3)
                self.assertFalse(control.socket_path(self.home).exists())

    def test_a_frozen_one_is_told_of(self):
        connection = self.play_in_background()
        os.kill(connection.pid, signal.SIGSTOP)
        self.addCleanup(os.kill, connection.pid, signal.SIGCONT)
        self.assertOneLine(self.sv("pause", code=1).err, "does not answer")


class OneAUser(control.TestCase):
    def test_a_second_one_says_which_is_running_and_how_to_stop_it(self):
        first, connection = self.play()
        for option in ([], ["--background"]):
            run = self.sv(*self.play_words(*option), code=1)
            self.assertOneLine(run.err, f"process {first.pid}", "stretchvoice stop", "--replace")
            self.assertEqual(run.out, "")
        self.assertEqual(connection.status()["state"], "playing")

    def test_replace(self):
        first, _ = self.play()
        second = self.start(*self.play_words("--replace"))
        self.assertEqual(first.wait(10 * sv.SLOW), 0)
        connection = self.connect()
        connection.wait_playing()
        self.assertEqual(connection.pid, second.pid)
        self.sv(*self.play_words("--replace", "--background"))
        self.assertEqual(second.wait(10 * sv.SLOW), 0)
        self.connect().wait_playing()
        self.sv("stop")
        self.assertEqual(first.complained() + second.complained(), "")

    def test_a_session_is_not_replaced_by_none(self):
        """A name that is mistyped ends nothing; with a daemon neither."""
        for daemon in (False, True):
            with self.subTest(daemon=daemon):
                if daemon:
                    self.start("daemon")
                    self.connect()
                self.sv(*self.play_words("--background"))
                connection = self.connect()
                run = self.sv("play", "--replace", "--background", "nosuch", code=3)
                self.assertOneLine(run.err, "nosuch", "no routine")
                self.assertEqual(connection.status()["state"], "playing")
                self.sv("stop")
                if not daemon:
                    sv.wait_for(lambda: not control.socket_path(self.home).exists(), "the end")

    def test_who_was_told_of_the_end_can_begin(self):
        """`stop` comes back when there is room for the next session."""
        for _ in range(8):
            self.sv(*self.play_words("--background"))
            connection = self.connect()
            self.assertEqual(connection.ask("stop").code, 0)
            self.assertFalse(control.socket_path(self.home).exists())
            connection.close()

    def test_replace_without_another(self):
        self.play("--replace")

    def test_B25_two_starts_at_the_same_instant(self):
        """Exactly one wins; the others say so, and do not disturb it."""
        for background in ([], ["--background"]):
            for _ in range(3):
                players = [self.start(*self.play_words(*background)) for _ in range(4)]
                connection = self.connect()
                connection.wait_playing()
                if background:
                    codes = sorted(player.wait(10 * sv.SLOW) for player in players)
                    self.assertEqual(codes, [0, 1, 1, 1])
                else:
                    losers = [player for player in players if player.pid != connection.pid]
                    self.assertEqual([player.wait(10 * sv.SLOW) for player in losers], [1, 1, 1])
                for player in players:
                    if player.returncode == 1:
                        self.assertOneLine(player.complained(), "already")
                self.assertEqual(connection.status()["state"], "playing")
                self.sv("stop")
                control.wait_gone(connection.pid)

    def test_two_that_replace_at_the_same_instant(self):
        first, _ = self.play()
        players = [self.start(*self.play_words("--replace")) for _ in range(2)]
        self.assertEqual(first.wait(10 * sv.SLOW), 0)
        loser = sv.wait_for(lambda: next((player for player in players if player.poll() is not None), None), "one of them to end")
        self.assertIn((loser.returncode, len(loser.complained().splitlines())), ((0, 0), (1, 1)), loser.complained())
        connection = self.connect()
        connection.wait_playing()
        self.assertEqual(connection.pid, next(player.pid for player in players if player is not loser))

    def test_B25_a_socket_that_was_left_behind(self):
        """After kill -9 the next start takes over, with nothing to clean up by hand."""
        first, _ = self.play()
        first.kill()
        first.wait()
        self.assertTrue(control.socket_path(self.home).is_socket())
        self.assertOneLine(self.sv("pause", code=5).err, "no session")
        self.assertIn("state: idle", self.sv("status", code=5).out)
        second, connection = self.play()
        self.assertEqual(connection.pid, second.pid)


class Daemon(control.TestCase):
    def daemon(self, *options, env=None):
        daemon = self.start("daemon", *options, env=env)
        connection = self.connect()
        self.assertEqual(connection.pid, daemon.pid)
        return daemon, connection

    def wait_idle(self, connection):
        sv.wait_for(lambda: connection.ask("status").code == 5, "the daemon to be idle")

    def test_idle_has_nothing_open(self):
        daemon, connection = self.daemon()
        answer = connection.ask("status")
        self.assertEqual((answer.code, answer.message, answer.fields), (5, "idle", {"state": "idle"}))
        self.assertEqual(control.children(daemon.pid), {})
        run = self.sv("status", code=5)
        self.assertEqual((run.out, run.err), ("state: idle\n", ""))
        for command in ("pause", "stop", "where", "volume -6"):
            self.assertOneLine(self.sv(*command.split(), code=5).err, "no session")

    def test_ends_at_a_signal_after_a_session_too(self):
        """Cleanly: it tells systemd, and leaves no socket."""
        daemon, connection = self.daemon()
        self.sv(*self.play_words("--background"))
        connection.wait_playing()
        self.sv("stop")
        daemon.terminate()
        self.assertEqual(daemon.wait(10 * sv.SLOW), 143)
        self.assertFalse(control.socket_path(self.home).exists())

    def test_is_idle_again_after_a_session(self):
        daemon, connection = self.daemon()
        before = control.descriptors(daemon.pid)
        for _ in range(3):
            self.sv(*self.play_words("--background"))
            connection.wait_playing()
            self.sv("stop")
            self.wait_idle(connection)
            sv.wait_for(lambda: control.children(daemon.pid) == {}, "the end of the helpers")
        sv.wait_for(lambda: control.descriptors(daemon.pid) == before, "nothing more to be open than before")

    def test_one_daemon_a_user(self):
        daemon, _ = self.daemon()
        self.assertOneLine(self.sv("daemon", code=1).err, "a daemon is running already", f"'kill {daemon.pid}' ends it")

    def test_is_refused_while_a_session_plays(self):
        player, _ = self.play()
        self.assertOneLine(self.sv("daemon", code=1).err, f"(process {player.pid})", "'stretchvoice stop' ends it")

    def test_play_is_the_screen_of_its_session(self):
        daemon, connection = self.daemon()
        screen = self.start(*self.play_words(device="null:fast"))
        self.assertEqual(screen.wait(30 * sv.SLOW), 0)
        for part in ("First step", "Second step", "Third step", "right side"):
            self.assertIn(part, screen.printed())
        self.assertEqual(screen.complained(), "")
        self.assertIsNone(daemon.poll())
        self.wait_idle(connection)

    def test_the_screen_takes_keys(self):
        _, connection = self.daemon()
        terminal = term.Terminal(self.home, *self.play_words())
        self.addCleanup(terminal.close)
        terminal.wait_raw()
        terminal.wait_shown("Step 1 of 3")
        terminal.type("n")
        terminal.wait_shown("Step 2 of 3")
        connection.wait_status(step="second")
        terminal.type("q")
        self.assertEqual(terminal.wait_end(), 0)
        self.assertTrue(terminal.is_restored())
        self.wait_idle(connection)

    def test_the_end_of_the_screen_ends_the_session(self):
        _, connection = self.daemon()
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)):
            with self.subTest(number):
                screen = self.start(*self.play_words())
                connection.wait_playing()
                connection.go_to("first")
                sv.wait_for(lambda: "Step 1 of 3" in screen.printed(), "the screen")  # from then on it answers signals itself
                screen.send_signal(number)
                self.assertEqual(screen.wait(SECOND), code)
                self.wait_idle(connection)

    def test_no_screen_no_end(self):
        _, connection = self.daemon()
        terminal = term.Terminal(self.home, *self.play_words("--background"))
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_end(), 0)
        terminal.hang_up()
        frame = connection.wait_playing()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + 4800, "the session to go on")

    def test_errors_come_through(self):
        _, connection = self.daemon()
        broken = self.home.write("broken.ini", "[routine]\nnosuch = 1\n[a]\nsay = A.\nnosuch = 2\n")
        for background in ([], ["--background"]):
            for options, code, parts in ((["nosuch"], 3, ["nosuch"]), ([broken], 3, ["broken.ini:2: ", "broken.ini:5: ", "broken.ini:1: "]),
                                         (["--set", "pace.level=x", self.routine], 3, ["--set pace.level"]),
                                         (["--voice", "nobody", self.routine], 3, ["nobody"]),
                                         (["--device", "no such thing", self.routine], 4, ["no audio output", "stretchvoice render"])):
                with self.subTest(options=options, background=background):
                    alone = self.sv("play", "--socket", self.home.path("another"), *background, *options, code=code)
                    run = self.sv("play", *background, *options, code=code)
                    self.assertEqual((run.out, run.err), (alone.out, alone.err))
                    for part in parts:
                        self.assertIn(part, run.err)
                    self.wait_idle(connection)

    def test_notices_at_the_start_come_through(self):
        self.daemon()
        for background in ([], ["--background"]):
            with self.subTest(background):
                run = self.sv(*self.play_words("--resume", "--replace", *background, device="null:fast"))
                self.assertOneLine(run.err, "stretchvoice: no interrupted session")

    def test_quiet_is_quiet_from_the_daemon_too(self):
        self.daemon()
        german = self.home.write("deutsch.ini", "[routine]\ntitle = x\nlanguage = de\n[a]\nsay = silent-now\nhold = 1s\n")
        command = ["play", "--voice", "tone", "--device", "null:fast", "--resume", german]
        self.assertIn("warning", self.sv(*command).err)
        self.assertEqual(self.sv(*command, "--quiet").err, "")
        self.assertOneLine(self.sv("play", "--quiet", self.routine, code=4).err, "no audio output")

    def test_relative_paths_are_those_of_the_one_who_asks(self):
        _, connection = self.daemon()
        directory = self.home.path("elsewhere")
        directory.mkdir()
        shutil.copy(self.routine, directory / "here.ini")
        (directory / "own.ini").write_text("[sound]\nvolume = -7\n")
        self.sv("play", "--voice", "tone", "--device", "null", "--config", "own.ini", "--background", "here.ini", cwd=directory)
        self.assertEqual(connection.status()["volume"], -7)
        shutil.copy(sv.TOP / "tests/voices/tone.ini", directory / "mine.ini")
        for voice in (["--voice", "./mine.ini"], ["--set", "voice.profile = mine.ini"]):
            with self.subTest(voice):
                self.sv("play", *voice, "--device", "null", "--replace", "--background", "here.ini", cwd=directory)

    def test_a_voice_is_the_one_of_who_asks(self):
        """With its base and its variant; and what is wrong with it is told where it was named."""
        self.daemon()
        directory = self.home.path("elsewhere")
        directory.mkdir()
        shutil.copy(sv.TOP / "tests/voices/tone.ini", directory / "base.ini")
        (directory / "mine.ini").write_text("[voice]\nbase = base.ini\n")
        self.sv("play", "--voice", "./mine.ini", "--device", "null:fast", self.routine, cwd=directory)
        (directory / "mine.ini").write_text("[voice]\nlanguage = en\nvariant = nosuch\n")
        for place, voice in (("--voice:", "en+nosuch"), (rf"{directory}/mine.ini:3: \[voice\] variant:", "./mine.ini")):
            with self.subTest(voice):
                run = self.sv("play", "--voice", voice, "--device", "null:fast", self.routine, cwd=directory, code=3)
                self.assertRegex(run.err, rf"\A{place} espeak-ng has no such variant \('nosuch'; [^\n]*\n\Z")

    def test_some_steps_of_several_routines(self):
        other = self.home.write("other.ini", "[routine]\ntitle = Other\n[neck]\nsay = Nod.\nhold = 30s\n[cat]\nsay = Arch.\nhold = 30s\n")
        connection = self.daemon()[1]
        self.sv(*self.play_words("--background", "--only", "neck,second"), other)
        status = connection.wait_playing()
        self.assertEqual((status["routine"], status["title"]), ("steered+other", "Steered, Other"))
        steps = []
        while (step := connection.status()["step"]) or not steps:
            steps.append(step)
            self.assertEqual(connection.ask("next").code, 0)
        self.assertEqual(steps[1 if steps[0] is None else 0:], ["neck", "second"])

    def test_a_second_session(self):
        daemon, connection = self.daemon()
        self.sv(*self.play_words("--background"))
        for background in ([], ["--background"]):
            self.assertOneLine(self.sv(*self.play_words(*background), code=1).err, "stretchvoice stop", "--replace")
        self.assertEqual(connection.status()["state"], "playing")
        self.sv(*self.play_words("--background", "--replace", "--set", "sound.volume=-9"))
        self.assertEqual(connection.wait_playing()["volume"], -9)
        self.assertIsNone(daemon.poll())

    def test_a_session_that_ends_before_it_has_begun(self):
        """It is stopped, or replaced, while the sound server does not answer: no error, and whoever else has asked something is answered."""
        daemon, connection = self.daemon()
        silent = socket.socket(socket.AF_UNIX)
        self.addCleanup(silent.close)
        silent.bind(self.home.env["PULSE_SERVER"].removeprefix("unix:"))
        silent.listen()
        for background in (["--background"], []):
            for end in ("stop", "replace"):
                with self.subTest(background=background, end=end):
                    sv.wait_for(lambda: control.children(daemon.pid) == {}, "the end of the last one's helpers")
                    first = self.start(*self.play_words(*background, device=""))
                    sv.wait_for(lambda: len(control.children(daemon.pid)) == 2, "the session")
                    if end == "stop":
                        self.sv("stop")
                    else:
                        connection.send(b"pause\n")
                        self.sv(*self.play_words("--background", "--replace"))
                        self.assertEqual(connection.read_answer().code, 0)
                        self.sv("stop")
                    self.assertEqual((first.wait(10 * sv.SLOW), first.complained()), (0, ""))

    def test_a_screen_whose_session_is_replaced_ends(self):
        _, connection = self.daemon()
        screen = self.start(*self.play_words())
        connection.wait_playing()
        self.sv(*self.play_words("--background", "--replace"))
        self.assertEqual(screen.wait(10 * sv.SLOW), 0)
        connection.wait_playing()

    def test_ends_at_a_signal(self):
        """Within a second, playing or not, and the socket is gone."""
        for number, session in ((signal.SIGTERM, False), (signal.SIGINT, False), (signal.SIGHUP, False), (signal.SIGTERM, True)):
            with self.subTest(number=number, session=session):
                daemon, connection = self.daemon()
                screen = self.start(*self.play_words()) if session else None
                if session:
                    connection.wait_playing()
                daemon.send_signal(number)
                self.assertEqual(daemon.wait(SECOND), 128 + number)
                self.assertFalse(control.socket_path(self.home).exists())
                if session:
                    self.assertEqual(screen.wait(3 * sv.SLOW), 1)
                    self.assertOneLine(screen.complained(), "the daemon has ended")
                sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the helpers")

    def test_killed(self):
        """The helpers end with it, its screen says so, and the next one takes over."""
        daemon, connection = self.daemon()
        screen = self.start(*self.play_words())
        connection.wait_playing()
        daemon.kill()
        daemon.wait()
        self.assertEqual(screen.wait(10 * sv.SLOW), 1)
        sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the helpers")
        self.daemon()


class Notify(control.TestCase):
    """As systemd is told of a service of Type=notify."""

    def told(self, name, address):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(address)
            manager.settimeout(10 * sv.SLOW)
            daemon = self.start("daemon", env={"NOTIFY_SOCKET": name})
            self.assertIn("READY=1", manager.recv(4096).decode().splitlines())
            self.connect()  # it is, already
            daemon.terminate()
            self.assertIn("STOPPING=1", manager.recv(4096).decode().splitlines())
            self.assertEqual(daemon.wait(10 * sv.SLOW), 143)

    def test_a_path(self):
        path = str(self.home.path("notify"))
        self.told(path, path)

    def test_an_abstract_name(self):
        name = f"stretchvoice-{os.getpid()}-{self.home.directory.name}"
        self.told("@" + name, "\0" + name)

    def test_names_that_are_none(self):
        for name in ("", "relative", "/" + 200 * "x", str(self.home.path("nobody"))):
            with self.subTest(name):
                daemon = self.start("daemon", env={"NOTIFY_SOCKET": name})
                self.connect().close()
                daemon.terminate()
                self.assertEqual(daemon.wait(10 * sv.SLOW), 143)


class Trouble(control.TestCase):
    """B30: a clean end, whatever comes together."""

    def assert_ended(self, process, codes):
        self.assertIn(process.wait(SECOND), codes)
        self.assertFalse(control.socket_path(self.home).exists())
        sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the helpers")
        self.assertEqual(process.complained(), "")

    def test_B30_signals_that_come_twice(self):
        for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT), (signal.SIGHUP, signal.SIGHUP),
                              (signal.SIGINT, signal.SIGTERM), (signal.SIGHUP, signal.SIGINT)):
            with self.subTest(first=first, second=second):
                process, _ = self.play()
                process.send_signal(first)
                process.send_signal(second)
                self.assert_ended(process, (128 + first, 128 + second, -first, -second))

    def test_B30_stop_and_a_signal_at_once(self):
        process, connection = self.play()
        connection.send(b"stop\nstop\n")
        process.send_signal(signal.SIGTERM)
        self.assert_ended(process, (0, 143))

    def test_B30_calls_that_are_interrupted(self):
        process, connection = self.play()
        for _ in range(300):
            process.send_signal(signal.SIGWINCH)
            process.send_signal(signal.SIGCONT)
        frame = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + 4800, "the session to go on")
        connection.ask("stop")
        self.assert_ended(process, (0,))

    def test_B30_hardly_any_descriptors(self):
        """It plays, or says in a line why not."""
        played = set()
        for limit in (4, 5, 6, 7, 8, 10, 12, 14, 15, 16, 18):
            with self.subTest(limit):
                run = self.home.run(*self.play_words(device="null:fast"), timeout=20,
                                    preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
                self.assertIn(run.code, (0, 1, 3, 4) if not sv.SANITIZED else range(256))
                played.add(run.code == 0)
                if run.code:
                    self.assertTrue(run.err, "it ends without a word")
                if limit <= 14 and not sv.SANITIZED:
                    self.assertEqual(run.code, 1)
                    self.assertOneLine(run.err, "ulimit -n")
                self.assertLessEqual(len(run.err.splitlines()), 5)
                sv.wait_for(lambda: not list(control.processes(self.home)), "the end of the helpers")
        self.assertEqual(played, {True, False})


class Place(control.TestCase):
    """Where the socket may be."""

    def wrong_places(self):
        """What is wrong with each, and the environment for it."""
        yield "is not set", {"XDG_RUNTIME_DIR": ""}
        yield "is not an absolute path", {"XDG_RUNTIME_DIR": "runtime"}
        yield "No such file", {"XDG_RUNTIME_DIR": str(self.home.path("nowhere"))}
        yield "bytes", {"XDG_RUNTIME_DIR": str(self.make(120 * "x", 0o700))}
        yield "open to other users", {"XDG_RUNTIME_DIR": str(self.make("open", 0o777))}
        yield "open to other users", {"XDG_RUNTIME_DIR": str(self.make("readable", 0o750))}
        link = self.home.path("link")
        link.symlink_to(self.home.path("runtime"))
        yield "", {"XDG_RUNTIME_DIR": str(link)}
        if os.geteuid() == 0:
            owned = self.make("owned", 0o700)
            os.chown(owned, 65534, 65534)
            yield "belongs to another user", {"XDG_RUNTIME_DIR": str(owned)}

    def make(self, name, mode):
        path = self.home.path(name)
        path.mkdir()
        path.chmod(mode)
        return path

    def test_B26_play_says_so_once_and_plays_on(self):
        for why, env in self.wrong_places():
            with self.subTest(env):
                run = self.sv(*self.play_words(device="null:fast"), env=env)
                self.assertOneLine(run.err, "no control socket", why)
                self.assertIn("Third step", run.out)

    def test_B26_what_needs_a_socket_refuses(self):
        for why, env in self.wrong_places():
            for command in (["daemon"], self.play_words("--background")):
                with self.subTest(env=env, command=command[0]):
                    run = self.sv(*command, env=env, code=1)
                    self.assertOneLine(run.err, why, "--socket PATH")
                    self.assertEqual(run.out, "")

    def test_B26_there_is_no_session_to_steer(self):
        for why, env in self.wrong_places():
            with self.subTest(env):
                run = self.sv("pause", env=env, code=5)
                self.assertEqual(run.out, "")
                self.assertOneLine(run.err, "no session", "no control socket", why, "'stretchvoice play NAME' starts one")

    def test_B26_status_is_idle(self):
        for _, env in self.wrong_places():
            for more in ([], ["--follow"]):
                with self.subTest(env=env, more=more):
                    run = self.sv("status", *more, env=env, code=5)
                    self.assertEqual((run.out, run.err), ("state: idle\n", ""))
                    run = self.sv("status", "--json", *more, env=env, code=5)
                    self.assertEqual((run.lines()[0]["state"], run.err), ("idle", ""))

    def test_a_named_place_that_cannot_be_is_a_failure(self):
        self.assertOneLine(self.sv("pause", "--socket", self.home.path("no/where"), code=1).err, "No such file")

    def test_B26_nothing_is_put_into_tmp(self):
        before = set(os.listdir("/tmp"))
        self.sv(*self.play_words(device="null:fast"), env={"XDG_RUNTIME_DIR": ""})
        self.assertFalse([name for name in set(os.listdir("/tmp")) - before if "stretchvoice" in name or "control" in name])

    def test_one_session_a_user_also_without_a_socket(self):
        env = {"XDG_RUNTIME_DIR": ""}
        first = self.start(*self.play_words(), env=env)
        sv.wait_for(lambda: "First step" in first.printed(), "the first to play")
        run = self.sv(*self.play_words(), env=env, code=1)
        self.assertOneLine(run.err, f"process {first.pid}", f"'kill {first.pid}' ends it")
        first.terminate()
        self.assertEqual(first.wait(SECOND), 143)

    def test_another_place(self):
        path = self.home.path("other.sock")
        for command in (self.play_words("--socket", path), ["daemon", "--socket", path]):
            with self.subTest(command[0]):
                process = self.start(*command)
                connection = self.connect(path)
                self.assertEqual(connection.pid, process.pid)
                self.assertEqual(path.stat().st_mode & 0o7777, 0o600)
                self.assertFalse(control.socket_path(self.home).exists())
                self.sv("status", code=5)
                code = 0 if command[0] == "play" else 5
                if not code:
                    connection.wait_playing()
                self.sv("status", "--socket", path, code=code)
                self.sv("stop", "--socket", path, code=code)
                if code:
                    process.terminate()  # a session that was stopped ends by itself
                self.assertIn(process.wait(10 * sv.SLOW), (0, 143))
                self.assertFalse(path.exists())

    def test_another_place_for_the_background_and_without_a_runtime_directory(self):
        path = self.home.path("other.sock")
        env = {"XDG_RUNTIME_DIR": ""}
        self.sv(*self.play_words("--background", "--socket", path), env=env)
        self.connect(path).wait_playing()
        self.sv("stop", "--socket", path, env=env)

    def test_a_file_in_the_place_is_not_touched(self):
        path = self.home.write("precious", "data")
        self.assertOneLine(self.sv("daemon", "--socket", path, code=1).err, "precious", "is not a socket")
        self.assertEqual(path.read_text(), "data")

    def test_the_directory_and_the_socket_are_private(self):
        self.play()
        path = control.socket_path(self.home)
        self.assertEqual((path.parent.stat().st_mode & 0o7777, path.stat().st_mode & 0o7777), (0o700, 0o600))


class Clients(control.TestCase):
    """What others do at the socket of a session that plays."""

    def test_B24_clients_that_misbehave_disturb_nobody(self):
        _, connection = self.play()
        half = self.connect()
        half.send(b"stat")
        long = self.connect()
        try:
            long.send(b"x" * (1 << 20))
        except (BrokenPipeError, ConnectionResetError):
            pass
        binary = self.connect()
        binary.send(bytes(range(256)) + b"\n")
        deaf = self.connect()
        deaf.send(b"subscribe\n")
        gone = self.connect()
        gone.send(b"where\n")
        gone.close()
        frame = connection.status()["frame"]
        sv.wait_for(lambda: connection.status()["frame"] > frame + 48000, "the session to go on")
        self.assertEqual(connection.ask("pause").code, 0)
        self.assertEqual(binary.read_answer().code, 2)
        half.send(b"us\n")
        self.assertEqual(half.read_answer().fields["state"], "paused")

    def test_B24_seventeen_at_once(self):
        _, connection = self.play()
        connections = [self.connect() for _ in range(15)]
        with self.assertRaises(AssertionError):
            control.Control(self.home)
        self.assertOneLine(self.sv("pause", code=1).err, "has too many clients")
        self.assertEqual(connection.ask("pause").code, 0)
        connections.pop().close()
        sv.wait_for(lambda: self.home.run("resume").code == 0, "a place to be free")

    def test_socat(self):
        if not shutil.which("socat"):
            self.skipTest("socat is not installed")
        self.play()
        run = subprocess.run(["socat", "-t", "5", "-", f"UNIX-CONNECT:{control.socket_path(self.home)}"], input=b"pause\nstatus\n",
                             capture_output=True, timeout=20 * sv.SLOW, check=True)
        lines = run.stdout.decode().splitlines()
        self.assertEqual(lines[:3], ["OK stretchvoice 1", "answer: Paused.", "OK"])
        self.assertIn("state: paused", lines)
        self.assertEqual(lines[-1], "OK")


if __name__ == "__main__":
    unittest.main()
