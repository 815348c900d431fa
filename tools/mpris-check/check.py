"""What a check is, and the list of all of them, in the order in which they run."""
import dataclasses
import typing

READS = "reads"  # changes nothing
STEERS = "steers"  # plays, pauses, jumps, sets the volume; most of this is undone
STOPS = "stops"  # skips to other tracks, or stops: the player may end
SEES = "sees"  # judges the signals that came while the checks before it ran
QUITS = "quits"  # ends the player
ORDER = (READS, STEERS, STOPS, SEES, QUITS)


class Failed(Exception):
    """The player breaks the rule; the text says how."""


class Skipped(Exception):
    """The rule does not apply to this player or its state; the text says why."""


@dataclasses.dataclass(frozen=True)
class Check:
    name: str
    kind: str
    section: str  # below spec.URL
    rule: str  # in one sentence
    run: typing.Callable


registered = []


def check(name, kind, section, rule):
    """Registers the function below. It takes a player, and returns if the player keeps the rule."""
    def register(function):
        registered.append(Check(name, kind, section, rule, function))
        return function
    return register


def in_order():
    return sorted(registered, key=lambda one: ORDER.index(one.kind))


def expect(condition, text):
    if not condition:
        raise Failed(text)


def need(condition, reason):
    if not condition:
        raise Skipped(reason)
