"""Checks that steer: writing properties, and what must be refused."""
import spec
from check import QUITS, STEERS, check, expect, need
from player import Gone
from spec import PLAYER, ROOT, section
from states import can, hold_still, need_control, play, refuses, without_effect


class Restored:
    """Within it a property may be set; at the end it is as before."""

    def __init__(self, player, name, interface=PLAYER):
        self.player = player
        self.prop = spec.find(interface, name)
        self.value = player.read(name, interface)

    def __enter__(self):
        need(self.value is not None, f"the player does not have {self.prop.name}")

    def __exit__(self, *error):
        if not self.player.gone:
            self.player.set(self.prop.name, self.prop.type, self.value, self.prop.interface)


# ---- volume ----

def volume_becomes(player, wanted, expected):
    expect(not (refusal := player.set("Volume", "d", wanted)), f"{wanted} is refused: {refusal}")
    expect(player.wait(lambda: abs(player.read("Volume") - expected) < 0.05), f"set to {wanted}, it is {player.read('Volume')}")


@check("set-volume", STEERS, section("Property", "Volume"), "Volume can be set, if CanControl is true")
def set_volume(player):
    need_control(player)
    with Restored(player, "Volume"):
        for volume in (0.25, 0.75):
            volume_becomes(player, volume, volume)


@check("set-volume-below-0", STEERS, section("Property", "Volume"), "a negative Volume is taken as 0.0")
def set_volume_below_0(player):
    need_control(player)
    with Restored(player, "Volume"):
        player.set("Volume", "d", 0.5)
        player.settle()
        volume_becomes(player, -1.0, 0)


# ---- rate ----

@check("set-rate-to-0", STEERS, section("Property", "Rate"), "setting Rate to 0 acts like Pause, and Rate does not become 0")
def set_rate_to_0(player):
    need(can(player, "CanPause"), "CanPause is false")
    play(player)
    with Restored(player, "Rate"):
        player.set("Rate", "d", 0.0)
        expect(player.wait_for_status("Paused"), f"PlaybackStatus is {player.status()}")
        expect(player.read("Rate") != 0, "Rate is 0")


@check("set-rate", STEERS, section("Property", "Rate"), "Rate stays between MinimumRate and MaximumRate, whatever it is set to")
def set_rate(player):
    need_control(player)
    least, most = player.read("MinimumRate"), player.read("MaximumRate")
    with Restored(player, "Rate"):
        for rate in (least / 2 if least > 0 else least - 1, most + 1, (least + most) / 2 or 1.0):
            player.set("Rate", "d", rate)
            player.settle()
            found = player.read("Rate")
            expect(least <= found <= most and found != 0, f"set to {rate}, Rate is {found}, and the range {least} to {most}")


# ---- properties with choices ----

def check_choices(name, prop, interface, choices, bad=None):
    kind = spec.find(interface, prop).type

    @check(name, STEERS, section("Property", prop, interface), f"{prop} becomes what it is set to, or setting it is an error")
    def becomes(player):
        need_control(player)
        need(prop != "Fullscreen" or player.read("CanSetFullscreen", ROOT), "CanSetFullscreen is false")
        with Restored(player, prop, interface):
            for choice in choices:
                if not player.set(prop, kind, choice, interface):
                    expect(player.wait(lambda wanted=choice: player.read(prop, interface) == wanted),
                           f"set to {choice}, it is {player.read(prop, interface)}")
            if bad:
                player.set(prop, kind, bad, interface)
                player.settle()
                expect(player.read(prop, interface) in choices, f"set to {bad!r}, it is {player.read(prop, interface)!r}")


check_choices("set-loop-status", "LoopStatus", PLAYER, spec.LOOPS, "MprisCheck")
check_choices("set-shuffle", "Shuffle", PLAYER, (True, False))


@check("set-fullscreen", STEERS, section("Property", "CanSetFullscreen", ROOT),
       "setting Fullscreen is no error if CanSetFullscreen is true")
def set_fullscreen(player):
    need(player.read("CanSetFullscreen", ROOT), "CanSetFullscreen is not true")
    with Restored(player, "Fullscreen", ROOT):
        for wanted in (True, False):
            refusal = player.set("Fullscreen", "b", wanted, ROOT)
            expect(not refusal, f"{wanted} is refused: {refusal}")


@check("cannot-set-fullscreen", STEERS, section("Property", "CanSetFullscreen", ROOT),
       "setting Fullscreen has no effect if CanSetFullscreen is false")
def cannot_set_fullscreen(player):
    before = player.read("Fullscreen", ROOT)
    need(before is not None, "the player does not have Fullscreen")
    need(not player.read("CanSetFullscreen", ROOT), "CanSetFullscreen is true")
    with Restored(player, "Fullscreen", ROOT):
        player.set("Fullscreen", "b", not before, ROOT)
        player.settle()
        expect(player.read("Fullscreen", ROOT) == before, f"set to {not before}, it is so")


# ---- what must be refused ----

OTHERS = {"b": lambda old: not old, "s": lambda old: "Stopped" if old == "Playing" else "Playing" if old == "Paused" else "MprisCheck",
          "d": lambda old: old / 2 or 0.5, "x": lambda old: old + 5_000_000, "as": lambda old: [*old, "x-mpris-check"]}


def check_read_only(prop):
    @check(f"read-only-{prop.name}", STEERS, section("Property", prop.name, prop.interface), f"{prop.name} cannot be written")
    def is_read_only(player):
        hold_still(player)
        before = player.read(prop.name, prop.interface)
        need(before is not None, f"the player does not have {prop.name}")
        other = {} if prop.name == "Metadata" else OTHERS[prop.type](before)
        refusal = without_effect(player, lambda: player.set(prop.name, prop.type, other, prop.interface), f"writing {prop.name}")
        expect(prop.name == "Position" or player.read(prop.name, prop.interface) == before, f"{prop.name} takes what is written")
        expect(prop.name == "Position" or refusal, f"writing {prop.name} is no error")  # Position alone may ignore it


for one in spec.properties(ROOT, PLAYER):
    if one.access == "read":
        check_read_only(one)


@check("cannot-open-uri", STEERS, section("Method", "OpenUri"), "OpenUri does nothing if SupportedUriSchemes is empty")
def cannot_open_uri(player):
    need(not player.read("SupportedUriSchemes", ROOT), "the player supports some schemes")
    refuses(player, "OpenUri", "s", "file:///dev/null")


def check_refused(name, method, can_name):
    @check(name, STEERS, section("Method", method, ROOT), f"{method} does nothing if {can_name} is false")
    def is_refused(player):
        need(not player.read(can_name, ROOT), f"{can_name} is true")
        hold_still(player)
        try:
            without_effect(player, lambda: player.attempt(method, interface=ROOT), f"{method}()")
        except Gone:
            expect(False, "the player leaves the bus")


check_refused("cannot-raise", "Raise", "CanRaise")
check_refused("cannot-quit", "Quit", "CanQuit")


@check("raise", STEERS, section("Method", "Raise", ROOT), "Raise is no error if CanRaise is true")
def raise_(player):
    need(player.read("CanRaise", ROOT), "CanRaise is false")
    refusal = player.attempt("Raise", interface=ROOT)
    expect(not refusal, f"Raise is refused: {refusal}")


# ---- a player that cannot be controlled ----

@check("cannot-control-methods", STEERS, section("Property", "CanControl"),
       "if CanControl is false, no method has an effect, and Stop and PlayPause are errors")
def cannot_control_methods(player):
    need(not player.read("CanControl"), "CanControl is true")
    for method, types, values in (("Next", "", ()), ("Previous", "", ()), ("Pause", "", ()), ("PlayPause", "", ()), ("Stop", "", ()),
                                  ("Play", "", ()), ("Seek", "x", (5_000_000,))):
        refusal = refuses(player, method, types, *values)
        expect(refusal or method not in ("Stop", "PlayPause"), f"{method}() is no error")


@check("cannot-control-properties", STEERS, section("Property", "CanControl"),
       "if CanControl is false, writing a property has no effect and is an error")
def cannot_control_properties(player):
    need(not player.read("CanControl"), "CanControl is true")
    for prop in spec.properties(PLAYER):
        before = player.read(prop.name)
        if prop.access == "readwrite" and before is not None:
            other = OTHERS[prop.type](before) if prop.name != "LoopStatus" else "None" if before == "Track" else "Track"
            refusal = without_effect(player, lambda prop=prop, other=other: player.set(prop.name, prop.type, other),
                                     f"writing {prop.name}")
            expect(refusal, f"writing {prop.name} is no error")


# ---- what may be too much for a player, and therefore comes late ----

@check("wrong-types", STEERS, "Player_Interface.html", "a value of a wrong type is refused, and changes nothing")
def wrong_types(player):
    hold_still(player)
    for name in ("Volume", "Rate", "LoopStatus", "Shuffle"):
        if player.read(name) is not None:
            refusal = without_effect(player, lambda name=name: player.set(name, "as", ["MprisCheck"]), f"writing a list to {name}")
            expect(refusal, f"{name} takes a list of strings without an error")


@check("wrong-arguments", STEERS, "Player_Interface.html", "arguments of a wrong type are refused, and change nothing")
def wrong_arguments(player):
    expect(refuses(player, "Seek", "s", "MprisCheck"), "Seek takes a string without an error")
    expect(refuses(player, "SetPosition", "x", 5_000_000), "SetPosition takes a position without a track, and no error")


# ---- the end ----

@check("quit", QUITS, section("Method", "Quit", ROOT), "Quit ends the player, if CanQuit is true")
def quit_(player):
    need(player.read("CanQuit", ROOT), "CanQuit is false")
    try:
        refusal = player.attempt("Quit", interface=ROOT)
        expect(not refusal, f"Quit is refused: {refusal}")
        player.wait(lambda: player.gone)
    except Gone:
        pass
    expect(player.gone, f"it is still on the bus after {player.timing.timeout:g} s")
