"""The rules of the timeline, looked for in the rows of `plan --json`. Each gives what is wrong with them, a line a problem."""
import collections
import fractions
import itertools
import re

from model import half_up

TYPES = ("speech", "tick", "go", "end", "chime", "in", "keep", "out")
SPANS = ("wake", "prepare", "hold", "rest", "change", "gap", "ready")
ROLES = ("title", "setup", "instruction", "cue", "side", "count", "halfway", "left", "countdown", "rest", "release", "caution",
         "closing", "phrase", "dose")
CHIMES = ("step", "done", "attention", "change", "rest", "sentence")
COUNTED = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
ACTIONS = ("setup", "instruction", "cue", "release")  # that ask a listener to do something
PROMPTS = ("countdown", "halfway", "left")  # by rank
IN_AND_OUT = ("in", "keep", "out")
BREATHE = {"in": "In.", "keep": "Hold.", "out": "Out."}  # said with the first breaths
FIRST = {"type": str, "name": str, "title": str, "rate": int, "frames": int, "seconds": (int, float), "steps": int}
FIELDS = {"type": str, "frame": int, "frames": int, "text": str, "role": str, "step": str, "move": str, "set": int, "rep": int,
          "side": str}


def end(row):
    return row["frame"] + row["frames"]


def is_spoken(row):
    """Speech, or the chime that stands for it."""
    return "text" in row


def is_prompt(row):
    return is_spoken(row) and (row["role"] in PROMPTS or (row["role"] == "rest" and row["text"].startswith("Set ")))


def is_led(row):
    """A sound inside a span."""
    return row["type"] == "chime" and row.get("role") in ("attention", "change", "rest")


# ---- form ----

def form(first, rows):
    if [(key, True) for key in FIRST] != [(key, isinstance(value, FIRST.get(key, ()))) for key, value in first.items()]:
        yield f"first row: {first}"
    if abs(first["seconds"] - first["frames"] / first["rate"]) > 1e-6:
        yield "seconds are not frames / rate"
    for row in rows:
        if [key for key in FIELDS if key in row] != list(row) or list(row)[:3] != ["type", "frame", "frames"]:
            yield f"fields: {row}"
        elif not all(isinstance(value, FIELDS[key]) for key, value in row.items()):
            yield f"types: {row}"
        elif row["type"] not in TYPES + SPANS or row.get("role") not in roles_of(row):
            yield f"names: {row}"
        elif row.get("side", "left") not in ("right", "left"):
            yield f"side: {row}"
        elif is_spoken(row) != (row["type"] == "speech" or row.get("role") == "sentence"):
            yield f"text and role: {row}"
        elif row["frame"] < 0 or row["frames"] < (row["type"] != "ready") or end(row) > first["frames"]:
            yield f"outside the session: {row}"


def roles_of(row):
    return {"speech": ROLES, "chime": CHIMES}.get(row["type"], (None,))


def order(rows):
    for a, b in itertools.pairwise(rows):
        if a["frame"] > b["frame"]:
            yield f"order: {a} {b}"
        if a["frame"] == b["frame"] and a["type"] in TYPES and b["type"] in SPANS:
            yield f"a cue before the span that begins with it: {a} {b}"


# ---- rules 1, 2, 3, 5, 8, 11 ----

def no_overlap(rows):
    last = 0
    for row in filter(is_spoken, rows):
        if row["frame"] < last:
            yield f"speech over speech: {row}"
        last = end(row)


def seconds_hold(hold, inside, pace):
    rate, frames = pace.rate, hold["frames"]
    sounds = collections.defaultdict(list)
    for row in inside:
        sounds[row["type"]].append(row["frame"] - hold["frame"])
    if frames % rate:
        yield f"no whole seconds: {hold}"
    if sounds["go"] != [0] or sounds["end"] != [frames] or sounds["in"] or sounds["out"]:
        yield f"go {sounds['go']} and end {sounds['end']} of {hold}"
    ticks = list(range(pace.tick * rate, frames, pace.tick * rate)) if pace.tick else []
    if sounds["tick"] != ticks:
        yield f"ticks {sounds['tick']} of {hold}"


def frames(seconds, pace):
    return half_up(fractions.Fraction(seconds) * pace.rate * 100 / pace.speed)


def rounds_of(hold, rhythm, pace):
    """How many breaths or times, and where each phase of each begins: its cue, its frame, and its length, which is that of its sound."""
    length = sum(seconds for _, seconds in rhythm)
    n = half_up(fractions.Fraction(hold["frames"] * pace.speed, 100 * pace.rate) / length)
    phases = []
    for i in range(n):
        begin = i * length
        for cue, seconds in rhythm:
            if seconds:
                phases.append((cue, frames(begin, pace), frames(begin + seconds, pace) - frames(begin, pace)))
            begin += seconds
    return n, phases


def rounds_hold(hold, inside, rhythm, pace):
    n, phases = rounds_of(hold, rhythm, pace)
    if hold["frames"] != frames(n * sum(seconds for _, seconds in rhythm), pace):
        yield f"no whole rounds: {hold}"
    found = [(row["type"], row["frame"] - hold["frame"], row["frames"]) for row in inside if row["type"] in IN_AND_OUT]
    if found != [phase for phase in phases if phase[0]]:
        yield f"phases {found} of {hold}"
    if [row["frame"] for row in inside if row["type"] == "end"] != [end(hold)] or any(row["type"] == "go" for row in inside):
        yield f"no end, or a go, of {hold}"
    begins = {frames(i * sum(seconds for _, seconds in rhythm), pace) for i in range(n)}
    ticks = {row["frame"] - hold["frame"] for row in inside if row["type"] == "tick"}
    numbers = {row["frame"] - hold["frame"] for row in inside if row.get("role") == "count"}
    if ticks & numbers or not numbers <= begins or (ticks | numbers if is_counted(rhythm) else ticks) != (begins if is_counted(rhythm) else set()):
        yield f"ticks {ticks} and numbers {numbers} of {hold}"


def is_counted(rhythm):
    return rhythm[0][0] != "in"


def figure(row):
    """The number that a prompt says, in seconds; in breaths and times its text."""
    if row["role"] == "countdown":
        return 1 + COUNTED.index(row["text"].strip("."))
    if row["role"] == "left" and (number := re.search(r"\d+", row["text"])):
        return int(number[0]) * (60 if "minute" in row["text"] else 1)
    return row["text"] if row["role"] in ("left", "count", "cue") else None


def announced(seconds, pace):
    """How many seconds lie between two announcements of the time left; 0: there are none."""
    return pace.announce if pace.announce is not None else 10 if seconds < 60 else 20 if seconds < 180 else 60


def wanted_prompts(span, pace):
    """(role, figure, offset, room) of everything that has to be said if it can be, by rank; seconds left from the end."""
    rate, length = pace.rate, span["frames"]
    seconds = length // rate
    if span["type"] == "rest":
        if is_before_set(span, pace) and pace.words == "full":
            yield "rest", None, length - 5 * rate, length
        return
    if seconds >= 3 * pace.countdown:
        for n in range(pace.countdown, 0, -1):
            yield "countdown", n, length - n * rate, length
    if 0 < pace.halfway * rate <= length:
        yield "halfway", None, length // 2, length
    if (every := announced(seconds, pace)):
        for left in range(every, seconds, every):
            if left <= 60 or left % 60 == 0:
                yield "left", left, length - left * rate, length


def number_text(n):
    return f"{COUNTED[n - 1] if n <= len(COUNTED) else n}."


def wanted_in_rounds(hold, rhythm, pace):
    """The same of a hold in breaths or times."""
    n, phases = rounds_of(hold, rhythm, pace)
    per_round = len(phases) // n
    begins = [phases[i * per_round][1] for i in range(n)] + [hold["frames"]]
    said = [i for i in range(n) if i < 100 or i % 10 == 9] if is_counted(rhythm) else range(3, n - 2, 4) if pace.countdown or pace.announce != 0 else []
    for i in said:
        yield "count", number_text(i + 1), begins[i], (begins[i + 1] - begins[i]) // 2
    half = (n + 1) // 2
    if not is_counted(rhythm) and 0 < pace.halfway * pace.rate <= hold["frames"] and half < n - (3 if pace.countdown or pace.announce != 0 else 1):
        offset = phases[half * per_round + 1][1]
        yield "halfway", None, offset, begins[half + 1] - offset
    if pace.countdown or pace.announce != 0:
        for left, text in ((1, "Last one."),) if is_counted(rhythm) else ((1, "Last one."), (2, "Two more breaths.")):
            if n > left:
                cue, begin, _ = phases[(n - left) * per_round - 1]
                room = begins[n - left] - begin
                words, calm = (half_up(fractions.Fraction(tenths * pace.rate, 10)) for tenths in (15, 25))
                offset = begin + (max(0, room - words) if cue else max(room // 2, room - calm))
                yield "left", text, offset, begins[n - left] - offset
    for cue, begin, length in [] if is_counted(rhythm) else phases[:2 * per_round]:
        yield "cue", BREATHE[cue], begin, length


def meets(role, begin, end, taken, calm):
    """A prompt and one that is said meet, or there are less than 5 s between one of the seconds left and any other."""
    other, a, b = taken
    calm = calm if "left" in (role, other) else 0
    return begin < b + calm and a < end + calm


def prompts(span, inside, pace, lengths, rhythm):
    """What is said must be exactly what has room, by rank; but a countdown is whole or not there."""
    spoken = [row for row in inside if is_spoken(row) and row["frame"] < end(span)]
    known = [row for row in spoken if is_prompt(row) or (rhythm and row["role"] in ("count", "cue"))]
    said = {(row["role"], figure(row), row["frame"] - span["frame"]): row for row in known}
    is_calm = pace.announce is None and 15 * pace.rate <= span["frames"] <= 60 * pace.rate and not rhythm
    calm = 0 if rhythm else 5 * pace.rate
    taken = []
    for role, number, offset, room in wanted_in_rounds(span, rhythm, pace) if rhythm else wanted_prompts(span, pace):
        length = lengths.get((role, number))
        if length is None:
            continue  # said nowhere in this session: nobody knows how long it is
        before = {role if role != "left" else n for n, (role, *_) in enumerate(taken)}
        has_room = length <= room and offset + length <= span["frames"] and not any(meets(role, offset, offset + length, one, calm) for one in taken)
        if role == "left" and not rhythm:
            has_room = has_room and offset > calm and not (is_calm and len(before) >= 4)
        is_said = said.pop((role, number, offset), None) is not None
        if has_room != is_said:
            yield f"{role} {number or ''} at {offset} is {'said' if is_said else 'not said'} in {span}"
        if is_said:
            taken.append((role, offset, offset + length))
    if said:
        yield f"not to be said there: {list(said.values())} in {span}"
    if wrong := [row for row in spoken if row not in known]:
        yield f"speech inside {span}: {wrong}"


def sides_are_equal(rows, pace):
    sides = collections.defaultdict(dict)
    for span, inside, _ in spans_with_prompts(rows):
        if "side" in span and span["type"] != "change":
            offsets = [(row["role"], row["frame"] - span["frame"]) for row in inside if is_prompt(row)]
            key = tuple(span.get(name) for name in ("step", "set", "rep", "move"))
            sides[key][span["side"]] = (span["frames"], offsets)
    for key, found in sides.items():
        if len({str(value) for value in found.values()}) > 1:
            yield f"the sides differ: {key} {found}"


def spans_with_prompts(rows):
    """Each hold and rest, what lies inside it, and how long each prompt of the session is."""
    lengths = {(row["role"], figure(row)): row["frames"] for row in rows if is_prompt(row) or row.get("role") in ("count", "cue")}
    for i, row in enumerate(rows):
        if row["type"] in ("hold", "rest"):
            near = itertools.takewhile(lambda r, last=end(row): r["frame"] <= last, rows[max(0, i - 4):])
            yield row, [r for r in near if r is not row and r["frame"] >= row["frame"]], lengths


def held(rows, pace, rhythms):
    """`rhythms`: the phases of a breath or a time, by step and move; without them, breaths go by pace.breath."""
    breath = [("in", fractions.Fraction(str(pace.breath)) * 4 / 10), ("out", fractions.Fraction(str(pace.breath)) * 6 / 10)]
    for span, inside, lengths in spans_with_prompts(rows):
        usual = breath if any(r["type"] == "in" for r in inside) else []
        is_hold = span["type"] == "hold"
        rhythm = rhythms.get((span["step"], span.get("move")), usual) if is_hold else []
        yield from prompts(span, inside, pace, lengths, rhythm)
        if is_hold:
            yield from rounds_hold(span, inside, rhythm, pace) if rhythm else seconds_hold(span, inside, pace)


def is_before_set(span, pace):
    """A rest whose end is announced."""
    return span["type"] == "rest" and "rep" not in span and span.get("set", 0) > 1 and span["frames"] >= 10 * pace.rate


def led(rows, pace):
    """A soft note leads the end of a prepare of 5 s or more by a second, and stands for the words of a rest's end if these are brief. Rests and
    changes of side begin with a sound."""
    wanted = [("attention", end(row) - pace.rate) for row in rows if row["type"] == "prepare" and row["frames"] >= 5 * pace.rate]
    wanted += [(row["type"], row["frame"]) for row in rows if row["type"] in ("change", "rest")]
    if pace.words == "brief":
        wanted += [("attention", end(row) - 5 * pace.rate) for row in rows if is_before_set(row, pace)]
    if (found := [(row["role"], row["frame"]) for row in rows if is_led(row)]) != sorted(wanted, key=lambda one: one[1]):
        yield f"led at {found}, not at {wanted}"


def waking(rows, pace):
    """The last sound.wake of every silence over 4 s, and the session's first."""
    wake = int(pace.wake * pace.rate)
    expected, quiet = ([0] if wake else []), wake
    for row in rows:
        if row["type"] in TYPES:
            if wake and row["frame"] - quiet > 4 * pace.rate:
                expected.append(max(quiet, row["frame"] - wake))
            quiet = max(quiet, end(row))
    found = [row["frame"] for row in rows if row["type"] == "wake"]
    if found != expected:
        yield f"wakes: {sorted(set(found) ^ set(expected))} are there or missing"


# ---- one thing behind the other ----

def flow(rows):
    """What stands end to end: everything but the sounds and prompts inside spans, and the wakes inside silences."""
    hold_end = 0
    for row in rows:
        if row["type"] == "hold":
            hold_end = end(row)
        is_number = row.get("role") in ("count", "cue") and row["frame"] < hold_end
        if row["type"] in ("tick", "go", *IN_AND_OUT) or is_prompt(row) or is_number or is_led(row) or (row["type"] == "wake" and row["frame"] > 0):
            continue
        yield row


def contiguous(first, rows):
    position = 0
    for row in flow(rows):
        if row["frame"] != position:
            yield f"begins {row['frame'] - position} frames after what is before it: {row}"
        position = end(row)
    if position != first["frames"]:
        yield f"the session has {first['frames']} frames, what is in it {position}"


def problems(first, rows, pace, rhythms={}):
    yield from form(first, rows)
    yield from order(rows)
    yield from no_overlap(rows)
    yield from held(rows, pace, rhythms)
    yield from sides_are_equal(rows, pace)
    yield from led(rows, pace)
    yield from waking(rows, pace)
    yield from contiguous(first, rows)
