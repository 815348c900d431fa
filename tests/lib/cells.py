"""What a terminal shows of the bytes that are written to it: cells with colours, on its main and its other screen."""
import itertools
import re
import unicodedata

SEQUENCE = re.compile(rb"\x1b\[([0-9;?]*)([A-Za-z])")
BEGINNING = re.compile(rb"\x1b(\[[0-9;?]*)?$")
STYLES = {"1": "bold", "2": "faint", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}
BLANK = (" ", "")


def width(letter):
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


class Screen:
    """A screen's cells: pairs of a letter and its style. The second cell of a wide letter is None."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [self.blank() for _ in range(rows)]
        self.x = self.y = 0
        self.gone = []  # rows that have left it at the top

    def blank(self):
        return [BLANK] * self.columns

    def resize(self, columns, rows):
        lines = [(line + [BLANK] * columns)[:columns] for line in self.cells]
        self.columns, self.rows = columns, rows
        self.cells = (lines + [self.blank() for _ in range(rows)])[:rows]
        self.x, self.y = min(self.x, columns - 1), min(self.y, rows - 1)

    def new_line(self):
        self.y += 1
        if self.y == self.rows:
            self.gone.append(self.cells.pop(0))
            self.cells.append(self.blank())
            self.y -= 1

    def put(self, letter, style):
        cells = width(letter)
        if cells == 0:
            before, its = self.cells[self.y][self.x - 1]
            self.cells[self.y][self.x - 1] = (before + letter, its)
            return
        if self.x + cells > self.columns:
            self.x = 0
            self.new_line()
        self.cells[self.y][self.x:self.x + cells] = [(letter, style)] + [None] * (cells - 1)
        self.x += cells

    def text(self, cells):
        return "".join(cell[0] for cell in cells if cell).rstrip()

    def lines(self):
        return [self.text(cells) for cells in self.cells]

    def picture(self):
        """The rows in a frame, without most of the empty ones, and below it the colours."""
        frame = "+" + "-" * self.columns + "+"
        bodies = ["".join(cell[0] for cell in cells if cell) for cells in self.cells]
        rows = []
        for text, group in itertools.groupby(bodies):
            n = len(list(group))
            rows += [f"|{text}|"] * n if text.strip() or n < 4 else [f": {n} empty rows"]
        return "\n".join([frame, *rows, frame, *self.colors()]) + "\n"

    def styles_in(self, cells):
        """The columns of each style. Blanks have none."""
        runs, before = [], ""
        for x, cell in enumerate(cells):
            if cell and not cell[0].strip():
                continue
            style = cell[1] if cell else before
            if style and style == before:
                runs[-1][1] = x + 1
            elif style:
                runs.append([x + 1, x + 1, style])
            before = style
        return ", ".join(f"{first}-{last} {style}" for first, last, style in runs)

    def colors(self):
        styles = [(y, self.styles_in(cells)) for y, cells in enumerate(self.cells, 1)]
        for style, group in itertools.groupby(styles, lambda row: row[1]):
            rows = [str(y) for y, _ in group]
            if style:
                yield f"row {rows[0]}" + (f" to {rows[-1]}" if len(rows) > 1 else "") + f": {style}"


class Cells:
    def __init__(self, columns, rows):
        self.main, self.other = Screen(columns, rows), None
        self.style, self.rest = "", b""
        self.cursor = True

    @property
    def screen(self):
        return self.other or self.main

    def resize(self, columns, rows):
        for screen in filter(None, (self.main, self.other)):
            screen.resize(columns, rows)

    def feed(self, data):
        data = self.rest + data
        at, self.rest = 0, b""
        while at < len(data):
            if data[at:at + 1] == b"\x1b":
                match = SEQUENCE.match(data, at)
                if not match and BEGINNING.match(data, at):
                    break
                assert match, f"an unknown sequence: {data[at:at + 20]!r}"
                self.control(match[1].decode(), match[2].decode())
                at = match.end()
            else:
                size = 1 if data[at] < 0xc0 else 2 if data[at] < 0xe0 else 3 if data[at] < 0xf0 else 4
                if at + size > len(data):
                    break
                self.letter(data[at:at + size].decode())
                at += size
        self.rest = data[at:]

    def letter(self, letter):
        screen = self.screen
        if letter == "\r":
            screen.x = 0
        elif letter == "\n":
            screen.new_line()
        else:
            assert letter >= " ", f"a control character: {letter!r}"
            screen.put(letter, self.style)

    def control(self, parameters, letter):
        screen = self.screen
        numbers = [int(n) for n in parameters.strip("?").split(";") if n]
        if letter == "H":
            screen.y, screen.x = [n - 1 for n in numbers + [1, 1]][:2] if numbers else (0, 0)
            screen.y, screen.x = min(screen.y, screen.rows - 1), min(screen.x, screen.columns - 1)
        elif letter == "G":
            screen.x = min(numbers[0], screen.columns) - 1
        elif letter == "K":
            screen.cells[screen.y][screen.x:] = [BLANK] * (screen.columns - screen.x)
        elif letter == "J":
            first = 0 if numbers == [2] else screen.y + 1
            if numbers != [2]:
                self.control("", "K")
            screen.cells[first:] = [screen.blank() for _ in range(first, screen.rows)]
        elif letter == "m":
            self.style = STYLES.get(parameters, "")
            assert parameters in ("0", *STYLES), f"an unknown colour: {parameters}"
        elif parameters == "?25":
            self.cursor = letter == "h"
        elif parameters == "?1049":
            self.other = Screen(self.main.columns, self.main.rows) if letter == "h" else None
        else:
            raise AssertionError(f"an unknown sequence: {parameters}{letter}")
