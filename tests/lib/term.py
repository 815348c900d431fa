"""A terminal with a shell's job control, for one program at a time.

Between the test and the program stands a small process that does what a shell does: it leads the session, gives the terminal to the
program, waits for it, and takes the terminal back when it stops. It tells in lines what became of the program.
"""
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import termios
import time

import cells
import sv

KEYBOARD = (signal.SIGTTOU, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)


def open_terminal(slave, job):
    """In the shell's place. Never returns; what happens goes to `job.told`."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for ignored in KEYBOARD:
        signal.signal(ignored, signal.SIG_IGN)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpgrp())
        for ignored in (*KEYBOARD, signal.SIGPIPE):
            signal.signal(ignored, signal.SIG_DFL)
        os.execve(job.argv[0], job.argv, job.env)
    signal.signal(signal.SIGHUP, lambda *_: os.killpg(pid, signal.SIGHUP))
    job.tell(f"pid {pid}")
    watch(pid, job)


def watch(pid, job):
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        try:
            os.tcsetpgrp(0, os.getpgrp())
        except OSError:
            pass  # the terminal has gone
        job.tell("stopped")
        os.read(job.orders, 1)
        os.tcsetpgrp(0, pid)
        os.killpg(pid, signal.SIGCONT)
    code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    job.tell(f"code {code}")
    os._exit(0)


class Shell:
    """What the process in the middle knows."""

    def __init__(self, argv, env, told, orders):
        self.argv, self.env, self.told, self.orders = argv, env, told, orders

    def tell(self, line):
        os.write(self.told, (line + "\n").encode())


class Terminal:
    def __init__(self, home, *arguments, env=None, columns=80, rows=24):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""  # everything the program has written
        self.cells = cells.Cells(columns, rows)  # and what the terminal shows of it
        self.news = b""
        told_read, told_write = os.pipe()
        orders_read, self.orders = os.pipe()
        argv = [*home.inside, str(sv.PROGRAM), *map(str, arguments)]
        argv[0] = shutil.which(argv[0])
        self.shell = os.fork()
        if self.shell == 0:
            try:
                os.close(self.master)
                os.close(told_read)
                os.close(self.orders)
                os.chdir(home.directory)
                open_terminal(self.slave, Shell(argv, home.env | (env or {}), told_write, orders_read))
            finally:
                os._exit(99)
        os.close(told_write)
        os.close(orders_read)
        self.told = told_read
        self.pid = int(self.wait_news("pid").split()[1])

    # ---- what happens ----

    def pump(self, seconds):
        """Takes in what the program writes, and what becomes of it."""
        ready, _, _ = select.select([fd for fd in (self.master, self.told) if fd is not None], [], [], seconds)
        for fd in ready:
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b""  # the last process has closed the terminal
            if fd == self.told:
                self.news += data
            else:
                self.shown += data
                self.cells.feed(data)

    def wait(self, condition, what, seconds=10):
        deadline = time.monotonic() + seconds * sv.SLOW
        while not (result := condition()):
            if time.monotonic() > deadline or self.has_ended():
                raise AssertionError(f"waited in vain for {what}; shown: {self.shown[-2000:]!r}; news: {self.news!r}")
            self.pump(0.05)
        return result

    def has_ended(self):
        """The program's end is told, and all that it wrote has been read: waiting longer is in vain."""
        return b"code " in self.news and self.master and not select.select([self.master], [], [], 0)[0]

    def wait_news(self, word, seconds=10):
        def find():
            return next((line for line in self.news.decode().splitlines(True) if line.startswith(word) and line.endswith("\n")), None)
        line = self.wait(find, word, seconds)
        self.news = self.news.replace(line.encode(), b"", 1)
        return line.strip()

    def wait_shown(self, text, seconds=10):
        """Until this is shown, among what has been written since the last call of forget()."""
        return self.wait(lambda: text in self.shown.decode(errors="replace"), repr(text), seconds)

    def rows(self):
        """What is on the screen."""
        return self.cells.screen.lines()

    def wait_row(self, text, seconds=10):
        """Until this is in a row of the screen."""
        return self.wait(lambda: any(text in row for row in self.rows()), f"{text!r} in {self.rows()}", seconds)

    def wait_raw(self):
        """Until the program reads key by key."""
        self.wait(lambda: not self.is_restored(), "the terminal to be taken")

    def wait_end(self, seconds=10):
        """The exit code, as a shell has it; all that was written is then in `shown`."""
        code = int(self.wait_news("code", seconds).split()[1])
        while self.master and select.select([self.master], [], [], 0)[0]:
            before = len(self.shown)
            self.pump(0)
            if len(self.shown) == before:
                break
        return code

    # ---- what is done ----

    def resize(self, columns, rows):
        self.cells.resize(columns, rows)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def forget(self):
        self.shown = b""

    def type(self, keys):
        os.write(self.master, keys.encode())

    def signal(self, number):
        os.kill(self.pid, number)

    def go_on(self):
        """The shell's fg."""
        os.write(self.orders, b".")

    def hang_up(self):
        """The window is closed."""
        os.close(self.master)
        os.close(self.slave)
        self.master = self.slave = None

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        for pid in (self.pid, self.shell):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os.waitpid(self.shell, 0)
        for fd in (self.master, self.slave, self.told, self.orders):
            if fd is not None:
                os.close(fd)
