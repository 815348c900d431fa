"""The rules of the timeline, looked for in the rows of `plan --json`. Each gives what is wrong with them, a line a problem."""
import collections
import itertools
import re

TYPES = ("speech", "tick", "go", "end", "chime", "in", "out")
SPANS = ("wake", "prepare", "hold", "rest", "change", "gap", "ready")
ROLES = ("title", "setup", "instruction", "cue", "side", "count", "halfway", "left", "countdown", "rest", "release", "caution",
         "closing", "phrase", "dose")
CHIMES = ("step", "done", "attention", "change", "rest", "sentence")
COUNTED = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
PROMPTS = ("countdown", "halfway", "left")  # by rank
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
    return row["type"] == "chime" and row.get("role") in ("attention", "rest")


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


def breaths_hold(hold, inside, pace):
    ins, outs = ([r["frame"] - hold["frame"] for r in inside if r["type"] == kind] for kind in ("in", "out"))
    breath = pace.breath * pace.rate * 100 / pace.speed
    if ins[:1] != [0] or len(ins) != len(outs) or abs(len(ins) * breath - hold["frames"]) > 1:
        yield f"breaths in {ins}, out {outs} of {hold}"
    for n, (in_, out) in enumerate(zip(ins, outs)):
        if abs(in_ - n * breath) > 1 or abs(out - (n + 0.4) * breath) > 1:
            yield f"breath {n}: in {in_} out {out} of {hold}"
    if [r["frame"] for r in inside if r["type"] == "end"] != [end(hold)]:
        yield f"no end of {hold}"
    if wrong := [r for r in inside if r["type"] in ("go", "tick") or r.get("role") in ("left", "countdown")]:
        yield f"no such thing in a hold in breaths: {wrong}"


def figure(row):
    """The number that a prompt says, in seconds."""
    if row["role"] == "countdown":
        return 1 + COUNTED.index(row["text"].strip("."))
    if row["role"] == "left":
        return int(re.search(r"\d+", row["text"])[0]) * (60 if "minute" in row["text"] else 1)
    return None


def announced(seconds, pace):
    """How many seconds lie between two announcements of the time left; 0: there are none."""
    return pace.announce if pace.announce is not None else 10 if seconds < 60 else 20 if seconds < 180 else 60


def wanted_prompts(span, is_breaths, pace):
    """(role, figure, offset) of everything that has to be said if it can be, by rank; seconds left from the end."""
    rate, frames = pace.rate, span["frames"]
    seconds = frames // rate
    if span["type"] == "rest":
        if is_before_set(span, pace) and pace.words == "full":
            yield "rest", None, frames - 5 * rate
        return
    if not is_breaths and seconds >= 3 * pace.countdown:
        for n in range(pace.countdown, 0, -1):
            yield "countdown", n, frames - n * rate
    if 0 < pace.halfway * rate <= frames:
        breaths = round(frames / (pace.breath * rate * 100 / pace.speed))
        if not is_breaths or breaths % 2 == 0:
            yield "halfway", None, frames // 2
    if not is_breaths and (every := announced(seconds, pace)):
        for left in range(every, seconds, every):
            if left <= 60 or left % 60 == 0:
                yield "left", left, frames - left * rate


def meets(role, begin, end, taken, pace):
    """A prompt and one that is said meet, or there are less than 5 s between one of the seconds left and any other."""
    other, a, b = taken
    calm = 5 * pace.rate if "left" in (role, other) else 0
    return begin < b + calm and a < end + calm


def prompts(span, inside, pace, lengths):
    """What is said must be exactly what has room, by rank; but a countdown is whole or not there."""
    said = {(row["role"], figure(row), row["frame"] - span["frame"]): row for row in inside if is_prompt(row)}
    is_breaths = any(row["type"] == "in" for row in inside)
    is_calm = pace.announce is None and 15 * pace.rate <= span["frames"] <= 60 * pace.rate
    taken = []
    for role, number, offset in wanted_prompts(span, is_breaths, pace):
        length = lengths.get((role, number))
        if length is None:
            continue  # said nowhere in this session: nobody knows how long it is
        before = {role if role != "left" else n for n, (role, *_) in enumerate(taken)}
        has_room = offset + length <= span["frames"] and not any(meets(role, offset, offset + length, one, pace) for one in taken)
        if role == "left":
            has_room = has_room and offset > 5 * pace.rate and not (is_calm and len(before) >= 4)
        is_said = said.pop((role, number, offset), None) is not None
        if has_room != is_said:
            yield f"{role} {number or ''} at {offset} is {'said' if is_said else 'not said'} in {span}"
        if is_said:
            taken.append((role, offset, offset + length))
    if said:
        yield f"not to be said there: {list(said.values())} in {span}"
    if wrong := [row for row in inside if is_spoken(row) and not is_prompt(row) and row["frame"] < end(span)]:
        yield f"speech inside {span}: {wrong}"


def sides_are_equal(rows, pace):
    sides = collections.defaultdict(dict)
    for span, inside, _ in spans_with_prompts(rows):
        if "side" in span:
            offsets = [(row["role"], row["frame"] - span["frame"]) for row in inside if is_prompt(row)]
            key = tuple(span.get(name) for name in ("step", "set", "rep", "move"))
            sides[key][span["side"]] = (span["frames"], offsets)
    for key, found in sides.items():
        if len({str(value) for value in found.values()}) > 1:
            yield f"the sides differ: {key} {found}"


def spans_with_prompts(rows):
    """Each hold and rest, what lies inside it, and how long each prompt of the session is."""
    lengths = {(row["role"], figure(row)): row["frames"] for row in rows if is_prompt(row)}
    for i, row in enumerate(rows):
        if row["type"] in ("hold", "rest"):
            near = itertools.takewhile(lambda r, last=end(row): r["frame"] <= last, rows[max(0, i - 4):])
            yield row, [r for r in near if r is not row and r["frame"] >= row["frame"]], lengths


def held(rows, pace):
    for span, inside, lengths in spans_with_prompts(rows):
        yield from prompts(span, inside, pace, lengths)
        if span["type"] == "hold":
            breaths = any(r["type"] == "in" for r in inside)
            yield from breaths_hold(span, inside, pace) if breaths else seconds_hold(span, inside, pace)


def is_before_set(span, pace):
    """A rest whose end is announced."""
    return span["type"] == "rest" and "rep" not in span and span.get("set", 0) > 1 and span["frames"] >= 10 * pace.rate


def led(rows, pace):
    """A soft note leads the end of a prepare of 5 s or more by a second, and stands for the words of a rest's end if these are brief."""
    wanted = [("attention", end(row) - pace.rate) for row in rows if row["type"] == "prepare" and row["frames"] >= 5 * pace.rate]
    if pace.words == "brief":
        wanted += [("rest", end(row) - 5 * pace.rate) for row in rows if is_before_set(row, pace)]
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
    for row in rows:
        if row["type"] in ("tick", "go", "in", "out") or is_prompt(row) or is_led(row) or (row["type"] == "wake" and row["frame"] > 0):
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


def problems(first, rows, pace):
    yield from form(first, rows)
    yield from order(rows)
    yield from no_overlap(rows)
    yield from held(rows, pace)
    yield from sides_are_equal(rows, pace)
    yield from led(rows, pace)
    yield from waking(rows, pace)
    yield from contiguous(first, rows)
