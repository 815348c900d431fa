"""The order of a session, told a second time from the description of routines and settings, to compare the program with.

A routine is a dict: its steps with their moves, texts with fields, ranges as pairs, a hold as ("seconds", 20, 30), ("breaths", 8, 10), ("times", 8, 12) or ("ready",); a breath or a tempo
a tuple of seconds. flow() gives what has to stand one behind the other on the timeline: sentences, gaps, spans and holds; what lies
inside holds is for rules.py.
"""
import dataclasses
import fractions
import re

import sv

def read_phrases(path):
    lines = path.read_text().split("[phrases]")[1].splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines if "=" in line)}


PHRASES = read_phrases(sv.TOP / "tests/voices/tone.ini")


def half_up(number):
    return (2 * fractions.Fraction(number) + 1) // 2


@dataclasses.dataclass
class Pace:
    """The settings that bear on the timeline, with their defaults."""
    level: int = 0
    speed: int = 100
    hold: int = 100
    prepare: float = 8
    gap: float = 0.6
    sentence: float = 1.2
    settle: float = 1.5
    change: float = 5
    rest: float = 20
    breath: float = 5
    tempo: float = 3
    words: str = "full"
    tick: int = 1
    announce: int = None  # auto
    halfway: int = 15
    countdown: int = 3
    rate: int = 48000
    wake: float = 1

    def options(self):
        """The same for the command line."""
        def every(seconds):
            return "auto" if seconds is None else f"{seconds}s" if seconds else "off"
        values = {
            "pace.level": self.level, "pace.speed": f"{self.speed}%", "pace.hold": f"{self.hold}%",
            "pace.prepare": f"{self.prepare}s", "pace.gap": f"{self.gap}s", "pace.sentence": f"{self.sentence}s", "pace.settle": f"{self.settle}s",
            "pace.change-sides": f"{self.change}s",
            "pace.rest": f"{self.rest}s", "pace.breath": f"{self.breath}s", "pace.tempo": f"{self.tempo}s", "pace.words": self.words,
            "count.tick": every(self.tick), "count.announce": every(self.announce),
            "count.halfway": every(self.halfway), "count.countdown": self.countdown,
            "sound.rate": self.rate, "sound.wake": f"{self.wake}s",
        }
        return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]

    def at(self, low_high):
        low, high = low_high
        return half_up(low + fractions.Fraction((high - low) * self.level, 100))

    def seconds(self, low_high):
        return max(1, half_up(fractions.Fraction(self.at(low_high) * self.hold, 100)))

    def frames(self, seconds, scaled=True):
        """Of a wait, which speed divides."""
        exact = fractions.Fraction(str(seconds)) * self.rate
        return half_up(exact * 100 / self.speed if scaled else exact)


@dataclasses.dataclass(frozen=True)
class Item:
    type: str
    frames: int = None  # None: whatever the clip or the sound has
    role: str = None
    text: str = None
    step: str = None
    move: str = None
    set: int = None
    rep: int = None
    side: str = None


# ---- texts ----

def sentences(text):
    return re.split(r"(?<=[.!?])\s+", text.strip())


def fill(text, side=None, **fields):
    if side:
        fields |= {"side": PHRASES[side], "other": PHRASES["left" if side == "right" else "right"]}
        text = re.sub(r"\{([^{}|]*)\|([^{}|]*)\}", r"\1" if side == "right" else r"\2", text)
    for name, value in fields.items():
        text = text.replace("{" + name + "}", str(value))
    return text.replace("{{", "{").replace("}}", "}")


def time(seconds):
    def counted(key, n):
        return fill(PHRASES[key + ("-one" if n == 1 else "")], n=n)
    if seconds <= 90 and seconds != 60:
        return counted("time-seconds", seconds)
    minutes, rest = divmod(seconds, 60)
    whole = counted("time-minutes", minutes)
    return fill(PHRASES["time-both"], minutes=whole, seconds=rest) if rest else whole


# ---- breaths and times ----

def rhythm(move, pace):
    """The phases of a breath or of one of a number of times: the cue that leads each, and seconds."""
    if move["hold"][0] == "breaths":
        names = ("in", "out") if len(move.get("breath", "..")) == 2 else ("in", "keep", "out", "keep")
        lengths = move.get("breath") or [fractions.Fraction(str(pace.breath)) * part / 10 for part in (4, 6)]
    elif move["hold"][0] == "times":
        lengths = move.get("tempo", (pace.tempo,))
        names = (None,) if len(lengths) == 1 else ("out", "keep", "in")
    else:
        return []
    return [(name, fractions.Fraction(str(seconds))) for name, seconds in zip(names, lengths)]


def rhythms(routine, pace):
    """All of a routine, by step and move."""
    return {(step["name"], move.get("name")): rhythm(move, pace) for step in routine["steps"] for move in step["moves"]}


# ---- the order ----

class Session:
    BRIEF = ("title", "side", "cue", "count", "caution", "release")

    def __init__(self, routine, pace):
        self.routine, self.pace, self.items = routine, pace, []

    def span(self, kind, frames, **place):
        if frames or kind == "ready":
            self.items.append(Item(kind, frames, **place))

    def say(self, role, text, settle=None, **place):
        """Settle is the silence behind a move's text."""
        if not text or (self.pace.words == "brief" and role not in self.BRIEF and text != PHRASES["ready"]):
            return
        gap, sentence = self.pace.frames(self.pace.gap), self.pace.frames(self.pace.sentence)
        inside = sentence if role in ("setup", "instruction", "release") else half_up(fractions.Fraction(gap, 2))
        after = settle if settle is not None else max(gap, sentence) if role in ("setup", "release") else gap
        *spoken, last = sentences(text)
        for said in spoken:
            self.items.append(Item("speech", None, role, said, **place))
            self.span("gap", inside, **place)
        self.items.append(Item("speech", None, role, last, **place))
        self.span("gap", after, **place)

    def chime(self, role, **place):
        self.items.append(Item("chime", role=role, **place))

    def timed(self, role, phrase, frames, **place):
        """A wait of 5 s or more is announced."""
        if frames >= 5 * self.pace.rate:
            self.say(role, fill(PHRASES[phrase], time=self.time(frames)), **place)

    def time(self, frames):
        return time(half_up(fractions.Fraction(frames, self.pace.rate)))

    def flow(self):
        routine, steps = self.routine, self.routine["steps"]
        self.span("wake", self.pace.frames(self.pace.wake, scaled=False))
        self.say("title", self.title())
        props = list(dict.fromkeys(step["prop"] for step in steps if step.get("prop")))
        if props:
            self.say("phrase", fill(PHRASES["props"], props=PHRASES["props-join"].strip('"').join(props)))
        self.say("caution", fill(routine.get("caution", ""), title=routine["title"]))
        for n, step in enumerate(steps, 1):
            self.step(n, step)
        self.say("closing", fill(routine.get("closing") or PHRASES["closing"], title=routine["title"]))
        self.chime("done")
        return self.items

    def title(self):
        """About how many minutes is the program's to say: a star."""
        n = len(self.routine["steps"])
        steps = fill(PHRASES["steps-one" if n == 1 else "steps"], n=n)
        return fill(PHRASES["session"], title=self.routine["title"], steps=steps, minutes=fill(PHRASES["minutes"], n="*"))

    def step(self, n, step):
        place = {"step": step["name"]}
        title = step.get("title") or step["name"].replace("-", " ")
        sides = step.get("sides") or [None]
        fields = {"title": title, "reps": self.pace.at(step.get("reps", (1, 1))), "sets": self.pace.at(step.get("sets", (1, 1)))}
        self.say("title", fill(PHRASES["step"], step=n, steps=len(self.routine["steps"])), **place)
        is_next = n > 1 and not self.routine["steps"][n - 2].get("after")
        self.say("title", fill(PHRASES["next-title" if is_next else "title"], title=title), **place)
        self.say("dose", self.dose(step, len(sides), fields["sets"], fields["reps"]), **place)
        self.say("setup", fill(step.get("setup", ""), side=sides[0], **fields), **place, side=sides[0])
        self.prepare(step, place)
        for set_ in range(1, fields["sets"] + 1):
            at = place | {"set": set_}
            if set_ > 1:
                self.rest(step, fields["sets"], at)
            if set_ > 1 and step.get("again"):
                self.say("setup", fill(step["again"], side=sides[0], set=set_, **fields), **at, side=sides[0])
                self.prepare(step, at)
            for index, side in enumerate(sides):
                self.side(step, fields | {"set": set_}, index, side)
        self.say("release", fill(step.get("release", ""), **fields), **place)
        self.chime("step", **place)
        self.after(step, place, self.routine["steps"][n] if n < len(self.routine["steps"]) else None)

    def dose(self, step, sides, sets, reps):
        """One phrase: sides, repetitions, and what is the same for each hold."""
        moves = [move for move in step["moves"] if move["hold"][0] != "ready"]
        kinds = list({(kind, self.pace.seconds(ends) if kind == "seconds" else max(1, self.pace.at(ends)))
                 for kind, *ends in (move["hold"] for move in moves)})
        of_moves = [len(move.get("sides") or "x") for move in moves]
        once = sides * sets * reps * sum(of_moves) == 1
        parts = [PHRASES["dose-both-sides"]] if moves and (sides == 2 or set(of_moves) == {2}) else []
        in_times = len(kinds) == 1 and kinds[0][0] == "times" and sum(of_moves) == 1 and reps == 1
        if in_times:
            (_, reps), = kinds
        if sets > 1:
            parts += [fill(PHRASES["dose-sets-of" if reps > 1 else "dose-sets"], sets=sets, reps=reps, n=sets)]
        elif reps > 1:
            parts += [fill(PHRASES["dose-times"], n=reps)]
        if len(kinds) == 1 and not in_times:
            (kind, length), = kinds
            said = time(length) if kind == "seconds" else fill(PHRASES[f"dose-{kind}-one" if length == 1 else f"dose-{kind}"], n=length)
            parts += [fill(PHRASES["dose-each"], length=said)] if not once else [said] if kind == "breaths" else []
        return fill(PHRASES["dose"], dose=PHRASES["dose-join"].strip('"').join(parts)) if parts else ""

    def prepare(self, step, place):
        if step.get("prepare") == "ready":
            self.ready(place)
            return
        frames = self.pace.frames(step.get("prepare", self.pace.prepare))
        self.timed("phrase", "prepare", frames, **place)
        self.span("prepare", frames, **place)

    def ready(self, place):
        self.say("phrase", PHRASES["ready"], **place)
        self.span("ready", self.pace.frames(self.pace.prepare), **place)

    def rest(self, step, sets, place):
        frames = self.pace.frames(step.get("rest", self.pace.rest))
        if frames:
            self.say("rest", fill(PHRASES["rest"], time=self.time(frames), set=place["set"], sets=sets), **place)
        self.span("rest", frames, **place)

    def after(self, what, place, following=None):
        if frames := self.pace.frames(what.get("after", 0)):
            self.timed("rest", "rest-after", frames, **place)
            if following:
                self.say("title", fill(PHRASES["next-title"], title=following.get("title") or following["name"].replace("-", " ")), **place)
            self.span("rest", frames, **place)

    def begin_side(self, index, side, **place):
        if side:
            self.say("side", PHRASES[f"now-{side}-side" if index else f"{side}-side"], **place, side=side)
        if index:
            self.span("change", self.pace.frames(self.pace.change), **place, side=side)

    def side(self, step, fields, index, side):
        place = {"step": step["name"], "set": fields["set"]}
        self.begin_side(index, side, **place)
        for rep in range(1, fields["reps"] + 1):
            at = place | {"rep": rep}
            if rep > 1:
                self.span("rest", self.pace.frames(step.get("between", 0)), **at, side=side)
                count = PHRASES["count-last" if rep == fields["reps"] else "count"]
                self.say("count", fill(count, n=rep, of=fields["reps"]), **at, side=side)
            for move in step["moves"]:
                for own, own_side in enumerate(move.get("sides") or [None]):
                    here = at | {"move": move.get("name")}
                    if own_side:
                        self.begin_side(own, own_side, **here)
                    first = fields["set"] == rep == 1 and not index and not own
                    self.move(move, fields, own_side or side, first, here)

    def move(self, move, fields, side, first, place):
        kind, *range_ = move["hold"]
        if kind == "seconds":
            fields = fields | {"seconds": self.pace.seconds(range_), "time": time(self.pace.seconds(range_))}
        elif kind != "ready":
            fields = fields | {kind: max(1, self.pace.at(range_))}
        place = place | {"side": side}
        cue = move.get("cue") or sentences(move["say"])[0]
        settle = self.pace.frames(self.pace.gap if kind == "ready" else move.get("settle", self.pace.settle))
        if place["set"] == place["rep"] == 1 and self.pace.words == "full":
            self.say("instruction", fill(move["say"], side, **fields), settle, **place)
        else:
            self.say("cue", fill(cue, side, **fields), settle, **place)
        self.hold(kind, fields, rhythm(move, self.pace), place)
        release = move.get("release", "")
        self.say("release", fill(release if first else sentences(release)[0], side, **fields), **place)
        self.after(move, place)

    def hold(self, kind, fields, phases, place):
        if kind == "ready":
            self.ready(place)
            return
        if kind == "seconds":
            frames = fields["seconds"] * self.pace.rate
        else:
            frames = self.pace.frames(fields[kind] * sum(seconds for _, seconds in phases))
        self.span("hold", frames, **place)
        self.items.append(Item("end", **place))


# ---- the same routine as a file ----

def range_text(low_high, unit=""):
    low, high = low_high
    return f"{low}{unit}" if low == high else f"{low}-{high}{unit}"


def hold_text(kind, *low_high):
    return "ready" if kind == "ready" else range_text(low_high, {"seconds": "s", "breaths": " breaths", "times": " times"}[kind])


def phases_text(seconds):
    return f"{seconds[0]}s" if len(seconds) == 1 else "-".join(map(str, seconds))


def seconds(wait):
    return wait if wait == "ready" else f"{wait}s"


def ini(routine):
    lines = ["[routine]"] + [f"{key} = {routine[key]}" for key in ("title", "caution", "closing") if routine.get(key)]
    for step in routine["steps"]:
        lines += [f"[{step['name']}]"] + [f"{key} = {step[key]}" for key in ("title", "prop", "setup", "again", "release") if step.get(key)]
        lines += [f"{key} = {range_text(step[key])}" for key in ("sets", "reps") if key in step]
        lines += [f"{key} = {seconds(step[key])}" for key in ("rest", "between", "prepare", "after") if key in step]
        lines += [f"sides = {', '.join(step['sides'])}"] if step.get("sides") else []
        for move in step["moves"]:
            lines += [f"[{step['name']}.{move['name']}]"] if move.get("name") else []
            lines += [f"{key} = {move[key]}" for key in ("say", "cue", "release") if move.get(key)]
            lines += [f"hold = {hold_text(*move['hold'])}"]
            lines += [f"{key} = {phases_text(move[key])}" for key in ("breath", "tempo") if key in move]
            lines += [f"{key} = {move[key]}s" for key in ("settle", "after") if key in move]
            lines += [f"sides = {', '.join(move['sides'])}"] if move.get("sides") else []
    return "\n".join(lines) + "\n"


def random_routine(random):
    """Anything that the description allows, but short; of texts, words that say where they stand."""
    def maybe(chance, make):
        return make() if random.random() < chance else None

    def words(fields):
        end = random.choice([f" {{{field}}}." for field in fields] + ["."])
        return " ".join(random.choice(("Sit", "Bend", "Breathe", "Turn slowly", "Your {{arm}}")) + end
                        for _ in range(random.randint(1, 3)))

    def pair(low, high):
        first = random.randint(low, high)
        return first, random.randint(first, high)

    def sides():
        return random.sample(["right", "left"], random.randint(1, 2))

    def hold():
        return random.choice((("seconds", *pair(1, 75)), ("seconds", *pair(1, 75)), ("breaths", *pair(1, 6)), ("times", *pair(1, 12)),
                              ("ready",)))

    def move(name, sided):
        held = hold()
        own = None if sided or not name else maybe(0.3, sides)
        fields = ["title", "reps", "sets", "set"] + (["side", "other", "a|b"] if sided or own else [])
        fields += {"seconds": ["seconds", "time"], "breaths": ["breaths"], "times": ["times"], "ready": []}[held[0]]
        made = {"name": name, "hold": held, "say": words(fields), "cue": maybe(0.6, lambda: words(fields)), "sides": own,
                "release": name and maybe(0.6, lambda: words(fields)), "settle": maybe(0.3, lambda: random.choice((0, 1, 12))),
                "after": name and maybe(0.3, lambda: random.choice((0, 2, 15))),
                "breath": maybe(0.4, lambda: random.choice(((4, 6), (4, 7, 8), (4, 4, 4, 4), (2.5, 0, 3.5), (1, 1)))),
                "tempo": maybe(0.5, lambda: random.choice(((1,), (1.5,), (6,), (2, 1, 3), (1, 0, 1))))}
        return {key: value for key, value in made.items() if value is not None and value != ""}

    def step(n):
        sided = maybe(0.4, sides)
        made = {"name": f"step-{n}", "title": maybe(0.7, lambda: f"Step {n}"), "prop": maybe(0.3, lambda: random.choice(("a mat", "a roll"))),
                "sides": sided, "setup": maybe(0.7, lambda: words(["title", "reps", "sets"] + (["side", "other"] if sided else []))),
                "release": maybe(0.5, lambda: words(["title", "reps"])), "sets": maybe(0.5, lambda: pair(1, 3)),
                "reps": maybe(0.6, lambda: pair(1, 3)), "rest": maybe(0.4, lambda: random.choice((0, 1, 9, 10, 30))),
                "between": maybe(0.3, lambda: random.choice((0, 2, 6))), "after": maybe(0.3, lambda: random.choice((0, 2, 15))),
                "prepare": maybe(0.4, lambda: random.choice((0, 4, 20, "ready"))),
                "again": maybe(0.4, lambda: words(["title", "set", "sets"] + (["side", "other"] if sided else [])))}
        if random.random() < 0.5:
            made["moves"] = [move(None, sided)]
        else:
            made["moves"] = [move(f"move-{m}", sided) for m in range(random.randint(1, 3))]
        return {key: value for key, value in made.items() if value is not None}

    made = {"title": "Random", "caution": maybe(0.5, lambda: words([])), "closing": maybe(0.5, lambda: words([])),
            "steps": [step(n) for n in range(random.randint(1, 3))]}
    return {key: value for key, value in made.items() if value}
