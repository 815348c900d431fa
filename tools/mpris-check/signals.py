"""Checks that judge the signals which came while the other checks ran."""
import spec
from check import SEES, check, expect, need
from player import PROPERTIES, show
from spec import PLAYER, section


def changes(player):
    found = list(player.changes())
    need(found, "no PropertiesChanged came")
    return found


@check("position-is-silent", SEES, section("Property", "Position"), "Position is never in PropertiesChanged")
def position_is_silent(player):
    expect(not any(interface == PLAYER and ("Position" in values or "Position" in invalidated)
                   for interface, values, invalidated in changes(player)), "it is")


@check("changes-are-announced", SEES, spec.CHANGES,
       "PropertiesChanged has each change, with the value that Get returns: a client that reads once and then listens is right")
def changes_are_announced(player):
    need(player.signals or player.lies, "nothing has changed")
    expect(not player.lies, "\n".join(player.lies.values()))


@check("changes-are-well-formed", SEES, spec.CHANGES, "PropertiesChanged has the types (sa{sv}as), and in it each property has its type")
def changes_are_well_formed(player):
    wrong = [f"PropertiesChanged has the type {signal.arguments.get_type_string()}" for signal in player.signals
             if (signal.interface, signal.member) == (PROPERTIES, "PropertiesChanged")
             and signal.arguments.get_type_string() != "(sa{sv}as)"]
    for interface, values, _ in player.changes():
        wrong += [f"{name} is {show(value)}, not of the type {prop.type}" for name, value in values.items()
                  if (prop := spec.find(interface, name)) and value.get_type_string() != prop.type]
    need(player.signals, "no signal came")
    expect(not wrong, "\n".join(dict.fromkeys(wrong)))


@check("changes-have-an-interface", SEES, spec.CHANGES, "PropertiesChanged names the interface that has the property")
def changes_have_an_interface(player):
    known = {prop.name: prop.interface for prop in spec.PROPERTIES}
    wrong = [f"{name} is announced as one of {interface}" for interface, values, invalidated in changes(player)
             for name in (*values, *invalidated) if name in known and interface != known[name]]
    expect(not wrong, "\n".join(dict.fromkeys(wrong)))


@check("can-control-is-constant", SEES, section("Property", "CanControl"), "CanControl does not change")
def can_control_is_constant(player):
    expect(not any("CanControl" in values or "CanControl" in invalidated for _, values, invalidated in player.changes()),
           "PropertiesChanged announces it")
    if not player.gone:
        expect(player.read("CanControl") == player.could_control, f"it was {player.could_control} at first")


@check("seeked-is-well-formed", SEES, section("Signal", "Seeked"), "Seeked has one position with the type x, of 0 or more")
def seeked_is_well_formed(player):
    found = [signal.arguments for signal in player.signals if (signal.interface, signal.member) == (PLAYER, "Seeked")]
    need(found, "no Seeked came")
    wrong = [f"it has {show(arguments)}" for arguments in found if arguments.get_type_string() != "(x)" or arguments.unpack()[0] < 0]
    expect(not wrong, "\n".join(dict.fromkeys(wrong)))
