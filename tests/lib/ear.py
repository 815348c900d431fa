"""Finds words, and the sounds that go with them, in what was recorded of a session: the clips are those that the program renders."""
import heard

RATE = heard.RATE
BESIDE = 2 * heard.ACK  # frames of a clip that an acknowledging sound may cover
AFTER = RATE // 100  # frames of silence that follow each word
SOUNDS = ("go", "end")


class Clips:
    """Of these sentences and of SOUNDS, as the session of a test case says them."""

    def __init__(self, case, *texts):
        steps = "".join(f"[s{n}]\nsay = {text}\nhold = 1s\n" for n, text in enumerate(texts))
        self.file, rows = case.rendered(f"[routine]\ntitle = Clips\n{steps}")
        self.places = {}
        for row in rows:
            name = row.get("text", row["type"])
            if name in texts or name in SOUNDS:
                self.places.setdefault(name, (row["frame"], row["frame"] + row["frames"]))
        lacking = set(texts) - set(self.places)
        assert not lacking, f"the clips of {lacking} are not rendered"


class Ear:
    """Frames are those of the recording so far."""

    def __init__(self, case, clips):
        self.clips = clips
        self.sound = case.heard(self.clips.file)

    def find(self, name, start=0, end=None, beside=BESIDE):
        """Where it is first heard: its begin and its end. None: it does not begin from `start` to `end`. Another sound may lie over so many
        frames of a word, but not over its second half."""
        first, last = self.clips.places[name]
        word = name not in SOUNDS
        beside = min(beside, (last - first) // 2) if word else 0
        begin, over = self.sound.place(first + beside, last + AFTER * word, start)
        if begin is None or (end is not None and begin - beside > end):
            return None
        return begin - beside, over - AFTER * word

    def hear(self, name, start, end=None):
        """The same; it has to be heard."""
        found = self.find(name, start, end)
        assert found, f"'{name}' is not heard from {start / RATE:.2f} s to {'the end' if end is None else f'{end / RATE:.2f} s'}; {self.all(start)}"
        return found

    def in_order(self, start, *names):
        """Where each is heard, after the one before."""
        places = []
        for name in names:
            places.append(self.hear(name, start))
            start = places[-1][1] - AFTER
        return places

    def first_of(self, names, start, end=None):
        """The one that is heard first, and where."""
        found = [(place, name) for name in names if (place := self.find(name, start, end))]
        assert found, f"none of {names} is heard; {self.all(start)}"
        place, name = min(found)
        return name, place

    def count(self, name, start, end):
        n = 0
        while found := self.find(name, start, end):
            n, start = n + 1, found[1]
        return n

    def all(self, start=0):
        """What is heard from there on, for a message."""
        found = sorted((place[0], name) for name in self.clips.places if (place := self.find(name, start)))
        return ", ".join(f"{begin / RATE:.2f} {name}" for begin, name in found)
