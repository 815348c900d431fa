"""Nothing that a terminal, a pipe, a disk or a file does makes the session wait."""
import os
import signal
import subprocess
import threading
import time
import unittest

import control
import sv
import term

SECOND = 1 * sv.SLOW
ANSWER = 0.5 * sv.SLOW  # seconds; it is a hundredth of that on a machine that does nothing else
STALL = 6  # seconds of a disk: more than both


SLOW_DISK = """
#include <aio.h>
#include <dlfcn.h>
#include <errno.h>
#include <time.h>
#include <unistd.h>
int fsync(int fd) { (void)fd; sleep(STALL); return 0; }
int fdatasync(int fd) { return fsync(fd); }
static time_t done;
static int (*true_fsync)(int, struct aiocb *), (*true_error)(const struct aiocb *);
static time_t now(void) { struct timespec at; clock_gettime(CLOCK_MONOTONIC, &at); return at.tv_sec; }
int aio_fsync(int operation, struct aiocb *request)
{
    done = now() + STALL;
    if (!true_fsync) true_fsync = dlsym(RTLD_NEXT, "aio_fsync");
    return true_fsync(operation, request);
}
int aio_error(const struct aiocb *request)
{
    if (!true_error) true_error = dlsym(RTLD_NEXT, "aio_error");
    return now() < done ? EINPROGRESS : true_error(request);
}
"""


def slow_disk(home):
    """The environment of a program whose disk takes STALL seconds."""
    sv.need("cc")
    source, library = home.write("slow.c", SLOW_DISK), home.path("slow.so")
    subprocess.run(["cc", "-D_GNU_SOURCE", f"-DSTALL={STALL}", "-shared", "-fPIC", "-o", library, source], check=True)
    return {"LD_PRELOAD": str(library)}


def full_pipe():
    """A pipe whose reader sleeps, with no room left in it."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writer, True)
    return reader, writer


def catches(pid, number):
    [mask] = [line.split()[1] for line in open(f"/proc/{pid}/status", encoding="ascii") if line.startswith("SigCgt")]
    return int(mask, 16) >> (number - 1) & 1


class Stalls(control.TestCase):
    def assert_answers(self, connection):
        for command in 5 * ("next", "volume -6", "volume -8", "previous"):
            begin = time.monotonic()
            connection.status()
            self.assertLess(time.monotonic() - begin, ANSWER)
            connection.ask(command)

    def assert_ends_at_once(self, process, connection, number=signal.SIGTERM):
        process.send_signal(number)
        self.assertEqual(process.wait(SECOND), 128 + number)
        self.assertFalse(control.socket_path(self.home).exists())

    def start_on_pipe(self, *words, **streams):
        process = self.home.start(*words, **({"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | streams))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_reader_that_sleeps(self):
        for stream in ("stdout", "stderr"):
            with self.subTest(stream):
                reader, writer = full_pipe()
                process = self.start_on_pipe(*self.play_words(), **{stream: writer})
                connection = self.connect()
                connection.wait_playing()
                self.assert_answers(connection)
                self.assert_ends_at_once(process, connection)
                os.close(reader)
                os.close(writer)

    def test_a_terminal_that_is_stopped(self):
        for daemon in (False, True):
            with self.subTest(daemon=daemon):
                if daemon:
                    self.start("daemon")
                    self.connect()
                terminal = term.Terminal(self.home, *self.play_words())
                self.addCleanup(terminal.close)
                connection = self.connect()
                connection.wait_playing()
                terminal.wait_raw()
                terminal.type("\x13")  # Ctrl-S
                self.assert_answers(connection)
                terminal.signal(signal.SIGTERM)
                self.assertEqual(terminal.wait_end(3 * sv.SLOW), 143)

    def test_a_follower_that_is_not_read(self):
        process, connection = self.play()
        reader, writer = full_pipe()
        follower = self.start_on_pipe("status", "--follow", stdout=writer)
        self.assert_answers(connection)
        sv.wait_for(lambda: catches(follower.pid, signal.SIGTERM), "its handler")
        follower.terminate()
        self.assertEqual(follower.wait(SECOND), 143)
        os.close(reader)
        os.close(writer)
        self.assert_ends_at_once(process, connection)

    @unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
    def test_a_disk_that_takes_seconds(self):
        env = slow_disk(self.home)
        directory = self.home.path("state/stretchvoice")

        def files():
            return sorted(path.name for path in directory.glob("session-*"))
        for command in ("stop", None):
            with self.subTest(command):
                process, connection = self.play(env=env)
                self.assert_answers(connection)
                connection.go_to("first")
                sv.wait_for(lambda: any(name.endswith(".ini") for name in files()), "the state on disk")
                connection.go_to("second")  # while the disk is busy
                if command:
                    connection.ask(command)
                    self.assertEqual(process.wait(SECOND), 0)
                    time.sleep(STALL)
                    self.assertEqual(files(), [], "a late write")
                else:
                    self.assert_ends_at_once(process, connection)
                    [name] = files()
                    self.assertIn("step=second\n", (directory / name).read_text())


    def test_a_client_that_sends_8_MiB_of_mistakes(self):
        self.start("daemon")
        self.connect().close()
        self.sv(*self.play_words("--background"))
        connection = self.connect()
        connection.wait_playing()
        worst, flood, sent = 0, self.connect(), threading.Event()

        def send():
            try:
                for _ in range(8 << 10):
                    flood.send(64 * b"nosuch 89012345\n")
            except OSError:
                pass  # it has been thrown out: it reads no answer
            sent.set()
        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        begun = time.monotonic()
        while not sent.is_set() and time.monotonic() - begun < 10 * SECOND:
            begin = time.monotonic()
            connection.status()
            worst = max(worst, time.monotonic() - begin)
        self.assertLess(worst, ANSWER)
        self.assertEqual(connection.status()["state"], "playing")


class Files(control.TestCase):
    def state_path(self):
        process, connection = self.play()
        connection.go_to("second")
        directory = self.home.path("state/stretchvoice")
        path = sv.wait_for(lambda: next(iter(directory.glob("session-*.ini")), None), "the state on disk")
        process.kill()
        process.wait()
        return path

    @unittest.skipIf(sv.SANITIZED, "a sanitizer has to be the first that is preloaded")
    def test_a_session_that_ends_removes_what_an_earlier_one_left(self):
        """Also if it is over before the disk has anything of its own."""
        path = self.state_path()
        self.sv(*self.play_words(device="null:fast"), env=slow_disk(self.home))
        self.assertFalse(path.exists())

    def test_a_state_file_that_is_none(self):
        path = self.state_path()

        def directory():
            path.mkdir()

        def huge():
            with open(path, "wb") as file:
                file.truncate(4 << 30)
        for make in (lambda: os.mkfifo(path), directory, lambda: path.symlink_to("/dev/zero"), huge):
            with self.subTest(make):
                if path.is_dir():
                    path.rmdir()
                else:
                    path.unlink(missing_ok=True)
                make()
                process, connection = self.play("--resume")
                self.assertIn("no interrupted session", process.complained())
                process.terminate()
                self.assertEqual(process.wait(SECOND), 143)


class Shown(control.TestCase):
    def test_a_terminal_without_a_name_gets_lines(self):
        for name in ("", "dumb", None):
            self.home.env.pop("TERM", None)
            with self.subTest(name):
                terminal = term.Terminal(self.home, *self.play_words(device="null:fast"), env={"TERM": name} if name is not None else {})
                self.addCleanup(terminal.close)
                self.assertEqual(terminal.wait_end(30), 0)
                self.assertIn(b"First step", terminal.shown)
                self.assertNotIn(b"\x1b", terminal.shown)

    def test_a_locale_that_is_not_utf_8_gets_ascii(self):
        terminal = term.Terminal(self.home, *self.play_words(device="null:fast"), env={"LC_ALL": "C"})
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.wait_end(30), 0)
        self.assertIn(b"#", terminal.shown)
        self.assertTrue(terminal.shown.isascii())

    def test_ready_goes_on_where_nothing_can_steer(self):
        self.routine.write_text("[routine]\ntitle = Ready\n[a]\nsay = Sit.\nhold = ready\n[b]\nsay = Up.\nhold = 1s\n")
        for options, bus in ((("--set", "control.mpris=no"), ""), ((), f"unix:path={self.home.path('no-bus')},guid=0")):
            with self.subTest(bus=bus):
                run = self.home.run(*self.play_words(*options, device="null:fast"), timeout=30,
                                    env={"XDG_RUNTIME_DIR": "", "DBUS_SESSION_BUS_ADDRESS": bus})
                self.assertEqual(run.code, 0, run.err)


class Sent(control.TestCase):
    """What a client of the daemon has found counts."""

    def test_a_routine_that_only_the_client_finds(self):
        daemon = self.start("daemon")
        connection = self.connect()
        other = self.home.path("other")
        (other / "stretchvoice/routines").mkdir(parents=True)
        (other / "stretchvoice/routines/mine.ini").write_text(control.ROUTINE.replace("Steered", "Mine"))
        self.sv("play", "--background", "--voice", sv.TOP / "tests/voices/tone.ini", "--device", "null", "mine",
                env={"XDG_CONFIG_HOME": str(other)})
        connection.wait_playing()
        self.assertEqual(connection.status()["title"], "Mine")
        self.assertEqual((daemon.printed(), daemon.complained()), ("", ""))

    def test_a_command_line_is_not_for_the_socket(self):
        daemon = self.start("daemon")
        connection = self.connect()
        for command in ("play x --help", "play x --bogus", "play", "play resume", "part", "part nosuch QQ==", "part routine"):
            with self.subTest(command):
                answer = connection.ask(command)
                self.assertEqual(answer.code, 2, answer)
        self.assertEqual(connection.ask("part voice-path AA==").code, 2)
        self.assertEqual((daemon.printed(), daemon.complained()), ("", ""))

    def test_a_part_has_a_bound(self):
        self.start("daemon")
        connection = self.connect()
        line = "part voice-name " + 4000 * "A"
        codes = [connection.ask(line).code for _ in range(8)]
        self.assertIn(2, codes)

    def test_what_is_sent_is_checked(self):
        self.start("daemon")
        connection = self.connect()
        for part, text in (("routine", "W2JhZA=="), ("voice", "W2JhZA==")):
            self.assertEqual(connection.ask(f"part {part} {text}").code, 0)
        self.assertEqual(connection.ask("play background").code, 3)
        self.assertEqual(connection.ask("status").code, 5)


if __name__ == "__main__":
    unittest.main()
