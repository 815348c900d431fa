"""Bringing a player into a state, and comparing states. What steering checks share."""
from check import Failed, expect, need
from player import Refused

MICRO = 1_000_000


def need_control(player):
    need(player.read("CanControl"), "CanControl is false")


def can(player, name):
    return bool(player.read("CanControl") and player.read(name))


def do(player, method, types="", *values):
    """Calls what must succeed."""
    try:
        player.call(method, types, *values)
    except Refused as refusal:
        raise Failed(f"{method} is refused: {refusal}") from None


def make_room(player):
    """Goes back in a track that ends soon, for it must not end while a check compares two moments."""
    length = player.length()
    if can(player, "CanSeek") and isinstance(player.track(), str) and length and player.position() > length - 30 * MICRO:
        player.attempt("SetPosition", "ox", player.track(), 0)
        player.settle()


def play(player):
    """Until it plays. Where it cannot be brought to, the check is skipped: others say why."""
    make_room(player)
    if player.status() != "Playing":
        need(can(player, "CanPlay"), "nothing plays, and CanPlay is false")
        player.attempt("Play")
        need(player.wait_for_status("Playing"), "Play does not start it: see play")


def stands(player):
    """Whether the position stands. A player may need a moment after a pause."""
    before = player.position()
    player.pause(0.1)
    return player.position() == before


def pause(player):
    """Until it is paused."""
    if player.status() != "Paused":
        need(can(player, "CanPause"), "CanPause is false")
        play(player)
        player.attempt("Pause")
        need(player.wait_for_status("Paused"), "Pause does not pause it: see pause")
    player.wait(lambda: stands(player))


def hold_still(player):
    """Paused if it can be, so that a change of position shows."""
    if player.status() == "Playing" and can(player, "CanPause"):
        player.attempt("Pause")
        if player.wait_for_status("Paused"):
            player.wait(lambda: stands(player))


def drift(player, before, after):
    """Seconds by which the position is not where it must be after `before`, for its rate."""
    moved = after.position - before.position
    if before.status != "Playing":
        return abs(moved) / MICRO
    least = (after.before - before.after) * before.rate * MICRO
    most = (after.after - before.before) * before.rate * MICRO
    return max(least - moved, moved - most, 0) / MICRO


def without_effect(player, act, what):
    """What act() returns, after a moment in which nothing may change."""
    state, moment = player.state(), player.moment()
    result = act()
    player.settle()
    now, later = player.state(), player.moment()
    changed = [f"{name} was {state[name]!r} and is {now.get(name)!r}" for name in state if state[name] != now.get(name)]
    expect(not changed, f"{what} has an effect: {', '.join(changed)}")
    expect(drift(player, moment, later) <= player.timing.tolerance,
           f"{what} has an effect: the position was {moment.position / MICRO:.2f} s and is {later.position / MICRO:.2f} s")
    return result


def refuses(player, method, types="", *values):
    """Calls what must have no effect, from a state in which that shows. Returns the error, or None."""
    hold_still(player)
    return without_effect(player, lambda: player.attempt(method, types, *values), f"{method}()")
