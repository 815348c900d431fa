"""The shape of the source, read from the text of src and include: its layers, its sizes, and its words."""
import collections
import re
import unittest

import sv

CORE = ("base", "config", "routine", "plan", "mix", "report", "player")
EDGES = ("speech", "sound", "music", "file", "control", "ui")

# A directory may include its own headers and those of these. What serves it alone lies beside its .c files, and is
# included by its bare name.
MAY_INCLUDE = {
    "base": (),
    "ipc": ("base",),
    "history": ("base",),
    "config": ("base",),
    "routine": ("base",),
    "plan": ("base", "config", "routine"),
    "mix": ("base", "config", "routine", "plan"),
    "report": ("base", "config", "routine", "plan"),
    "player": ("base", "config", "routine", "plan", "mix", "report"),
    "live": CORE + EDGES + ("ipc", "history"),
    "app": CORE + EDGES + ("ipc", "history", "live"),
    "speech-helper": ("base", "ipc"),
    "voice-helper": ("base", "ipc"),
    "music-helper": ("base", "ipc", "mix"),
    "sound-helper": ("base", "ipc"),
    "history-helper": ("base", "ipc", "history"),
    "cover-helper": (),
    "others-helper": ("base", "ipc"),
    "ear-helper": ("base", "ipc"),
} | {edge: CORE + ("ipc",) for edge in EDGES}

# What comes with the compiler, the C library, the kernel and GLib (with json-glib, which is of its family). Everything else is a third party's.
SYSTEM = re.compile(r"(aio|assert|ctype|dirent|errno|fcntl|float|glob|inttypes|langinfo|limits|locale|math|poll|pwd|sched|semaphore"
                    r"|signal|spawn|std\w+|string|strings|termios|time|unistd|wchar|wctype|glib|glib-unix|glib-object)\.h"
                    r"|(sys|linux|netinet|arpa|gio|glib|json-glib)/.*")

FORBIDDEN = {
    r"\bpthread_|\bthrd_|\bg_thread_|\bg_task_run_in_thread|\bGThreadPool": "our code starts no thread",
    r"\bg_(mutex|rec_mutex|rw_lock|cond)_|\bmtx_|\bGMutex\b|\bG_LOCK": "our code takes no lock",
    r"\b(system|popen|g_spawn_command_line_\w+)\s*\(|\"(/bin/)?(ba|da)?sh\"": "no shell is ever started",
    r"\bespeakSSML\b": "nothing in a text is markup",
    r"\btypedef\s+struct\b": "structs have no typedef",
    r"\b(g_)?alloca\s*\(|\bg_newa0?\s*\(|\bstrcpy\s*\(|\bstrcat\s*\(|\bsprintf\s*\(|\bgets\s*\(": "sizes are bounded",
}

# Words that have a plainer one: see CONTRIBUTING.md.
DIALECT = re.compile(r"\b(whoever|nobody|somebody|is told|as a rule|folders?|stands twice)\b", re.IGNORECASE)

FILE_LIMIT = 650  # lines
FUNCTION_LIMIT = 40


def without_comments(text):
    """Line numbers stay."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)


def sources():
    for top in ("src", "include"):
        for path in sorted((sv.TOP / top).rglob("*.[ch]")):
            yield path.relative_to(sv.TOP), without_comments(path.read_text())


def includes(text, form):
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(form, line):
            yield number, match[1]


class Layers(unittest.TestCase):
    def setUp(self):
        self.sources = list(sources())
        self.assertGreater(len(self.sources), 20)

    def assertNone(self, found):
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_directories_include_only_what_lies_below_them(self):
        wrong = []
        for path, text in self.sources:
            directory = path.parts[1]
            for line, header in includes(text, r'\s*#\s*include\s*"([^"]+)"'):
                other = header.split("/")[0]
                if "/" not in header:
                    if not (sv.TOP / path.parent / header).exists():
                        wrong.append(f"{path}:{line}: {header} does not lie beside it")
                elif not (sv.TOP / "include" / header).exists():
                    wrong.append(f"{path}:{line}: {header} is not written as it lies in include")
                elif other != directory and other not in MAY_INCLUDE[directory]:
                    wrong.append(f"{path}:{line}: {directory} may not include {header}")
        self.assertNone(wrong)

    def test_a_third_partys_header_is_in_one_c_file_of_a_program(self):
        users = collections.defaultdict(list)
        for path, text in self.sources:
            for _, header in includes(text, r"\s*#\s*include\s*<([^>]+)>"):
                if not SYSTEM.fullmatch(header):
                    program = path.parts[1] if path.parts[1].endswith("-helper") else "main"
                    users[header, program].append(str(path))
        self.assertIn(("sndfile.h", "main"), users)
        self.assertNone([f"<{header}>: {', '.join(files)}" for (header, _), files in users.items()
                         if len(files) > 1 or files[0].endswith(".h")])

    def test_what_must_not_be_there_is_not(self):
        wrong = []
        for path, text in self.sources:
            for form, rule in FORBIDDEN.items():
                for match in re.finditer(form, text):
                    line = text.count("\n", 0, match.start()) + 1
                    wrong.append(f"{path}:{line}: {match[0]} ({rule})")
        self.assertNone(wrong)

    def test_functions_fit_on_a_screen(self):
        long = []
        for path, text in self.sources:
            begin = None
            for number, line in enumerate(text.splitlines(), 1):
                if line == "{":
                    begin = number
                elif line == "}" and begin:
                    if number - begin - 1 > FUNCTION_LIMIT:
                        long.append(f"{path}:{begin}: a function of {number - begin - 1} lines")
                    begin = None
        self.assertNone(long)

    def test_no_header_includes_itself_through_others(self):
        headers = {}
        for path, text in self.sources:
            if path.suffix == ".h":
                name = "/".join(path.parts[1:])
                headers[name] = [header if "/" in header else f"{path.parts[1]}/{header}"
                                 for _, header in includes(text, r'\s*#\s*include\s*"([^"]+)"')]

        def circle(name, way):
            if name in way:
                return " -> ".join([*way, name])
            return next(filter(None, (circle(other, [*way, name]) for other in headers.get(name, ()))), None)

        self.assertNone(list(filter(None, (circle(name, []) for name in headers))))

    def test_a_public_header_serves_two_directories(self):
        users = collections.defaultdict(set)
        paths = [path for top in ("src", "include", "tools") for path in (sv.TOP / top).rglob("*.[ch]")]
        for path in paths:
            parts = path.relative_to(sv.TOP).parts
            for _, header in includes(path.read_text(), r'\s*#\s*include\s*"([^"]+/[^"]+)"'):
                users[header].add("/".join(parts[1:]) if parts[0] == "include" else parts[-2])

        def directories(header):
            """Who includes a header that includes this one needs this one too."""
            return {header.split("/")[0]}.union(*(directories(user) if "/" in user else {user} for user in users[header]))

        self.assertNone([f"include/{header} serves its own directory alone" for header in sorted(users)
                         if (sv.TOP / "include" / header).exists() and len(directories(header)) == 1])

    def test_words_are_plain(self):
        wrong = []
        for top in ("src", "include"):
            for path in sorted((sv.TOP / top).rglob("*.[ch]")):
                wrong += [f"{path.relative_to(sv.TOP)}:{number}: {match[0]}"
                          for number, line in enumerate(path.read_text().splitlines(), 1)
                          for match in DIALECT.finditer(line)]
        self.assertNone(wrong)

    def test_files_can_be_read_in_one_sitting(self):
        self.assertNone([f"{path}: {text.count(chr(10))} lines" for path, text in self.sources
                         if text.count("\n") > FILE_LIMIT])

    def test_headers_mirror_the_sources(self):
        directories = {path.parts[1] for path, _ in self.sources}
        self.assertLessEqual(directories, set(MAY_INCLUDE))
