"""Checks that read: interfaces, introspection, and the values of properties."""
import pathlib
import re
import xml.etree.ElementTree

from gi.repository import GLib

import spec
from check import READS, Failed, Skipped, check, expect, need
from player import Refused, show
from spec import PLAYER, PLAYLISTS, ROOT, TRACK_LIST, section

EMITS = "org.freedesktop.DBus.Property.EmitsChangedSignal"


# ---- interfaces ----

@check("interfaces", READS, spec.ENTRY, "the object /org/mpris/MediaPlayer2 has the interfaces MediaPlayer2 and MediaPlayer2.Player")
def interfaces(player):
    for interface in (ROOT, PLAYER):
        try:
            expect(player.get_all(interface), f"{interface} has no properties")
        except Refused as refusal:
            raise Failed(f"GetAll of {interface} is refused: {refusal}") from None


@check("track-list-declared", READS, section("Property", "HasTrackList", ROOT),
       "HasTrackList says whether the object has the interface MediaPlayer2.TrackList")
def track_list_declared(player):
    declared, there = player.read("HasTrackList", ROOT), player.implements(TRACK_LIST)
    expect(declared == there, f"HasTrackList is {declared}, but the interface is {'there' if there else 'not there'}")


# ---- introspection ----

def introspected(player):
    """The interfaces of the object: name -> XML element."""
    try:
        text = player.introspect()
    except Refused as refusal:
        raise Failed(f"Introspect is refused: {refusal}") from None
    try:
        root = xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as error:
        raise Failed(f"Introspect answers with invalid XML: {error}") from None
    return {element.get("name"): element for element in root.findall("interface")}


def described(player):
    """As introspected(), of the specification's interfaces alone."""
    found = {name: element for name, element in introspected(player).items() if name in spec.PAGES}
    need(found, "Introspect describes no MPRIS interface: see introspection")
    return found


def types(element, direction):
    """Of the arguments; those of methods have a direction, which is "in" if it is left out."""
    return "".join(arg.get("type", "") for arg in element.findall("arg") if arg.get("direction", "in") == direction)


def complain(found):
    expect(not found, "\n".join(found))


@check("introspection", READS, spec.ENTRY, "Introspect describes both interfaces, and the optional ones if they are there")
def introspection(player):
    found = introspected(player)
    complain([f"{interface} is missing" for interface in (ROOT, PLAYER) if interface not in found]
             + [f"{interface} is {'there, but missing' if there else 'described, but not there'}"
                for interface in (TRACK_LIST, PLAYLISTS) if (there := player.implements(interface)) != (interface in found)])


@check("introspected-methods", READS, "Player_Interface.html", "Introspect describes every method, with the types of its arguments")
def introspected_methods(player):
    wrong = []
    opens = player.read("SupportedUriSchemes", ROOT)  # without schemes, OpenUri may be missing
    for interface, element in described(player).items():
        there = {method.get("name"): (types(method, "in"), types(method, "out")) for method in element.findall("method")}
        for name, expected in spec.METHODS[interface].items():
            if name not in there:
                wrong += [] if name == "OpenUri" and not opens else [f"{interface}.{name} is missing"]
            elif there[name] != expected:
                wrong.append(f"{interface}.{name} takes ({there[name][0]}) and returns ({there[name][1]}), "
                             f"not ({expected[0]}) and ({expected[1]})")
    complain(wrong)


@check("introspected-signals", READS, section("Signal", "Seeked"), "Introspect describes every signal, with the types of its arguments")
def introspected_signals(player):
    wrong = []
    for interface, element in described(player).items():
        there = {signal.get("name"): "".join(arg.get("type", "") for arg in signal.findall("arg"))
                 for signal in element.findall("signal")}
        wrong += [f"{interface}.{name} has ({there.get(name, 'nothing')}), not ({expected})"
                  for name, expected in spec.SIGNALS[interface].items() if there.get(name) != expected]
    complain(wrong)


@check("introspected-properties", READS, "Player_Interface.html",
       "Introspect describes every property that is there, with its type and access")
def introspected_properties(player):
    wrong = []
    for interface, element in described(player).items():
        there = {prop.get("name"): (prop.get("type"), prop.get("access")) for prop in element.findall("property")}
        for prop in spec.properties(interface):
            if prop.name not in there:
                wrong += [] if prop.optional and player.read(prop.name, interface) is None else [f"{interface}.{prop.name} is missing"]
            elif there[prop.name] != (prop.type, prop.access):
                wrong.append(f"{interface}.{prop.name} is {' '.join(map(str, there[prop.name]))}, not {prop.type} {prop.access}")
    complain(wrong)


def emits(element, default):
    annotation = element.find(f"annotation[@name='{EMITS}']")
    return default if annotation is None else annotation.get("value")


@check("introspected-changes", READS, spec.CHANGES,
       "the annotation EmitsChangedSignal is false for Position and CanControl, and for no other property of the player")
def introspected_changes(player):
    wrong = []
    for interface, element in described(player).items():
        default = emits(element, "true")
        for prop in element.findall("property"):
            wanted = spec.find(interface, prop.get("name"))
            if wanted and (said := emits(prop, default)) != wanted.announces:
                wrong.append(f"{interface}.{wanted.name}: {said}, not {wanted.announces}")
    complain(wrong)


# ---- every property ----

def check_property(prop):
    rule = f"{prop.name} {'(optional) ' if prop.optional else ''}has the type {prop.type}, from Get and from GetAll"

    @check(f"property-{prop.name}", READS, section("Property", prop.name, prop.interface), rule)
    def is_there(player):
        if prop.interface in (TRACK_LIST, PLAYLISTS):
            need(player.implements(prop.interface), "the player does not have this optional interface")
        listed = player.get_all(prop.interface).get(prop.name)
        try:
            got = player.get(prop.name, prop.interface)
        except Refused as refusal:
            need(not (prop.optional and listed is None), "the player does not have this optional property")
            raise Failed(f"Get is refused: {refusal}") from None
        expect(listed is not None, "Get has it, and GetAll does not")
        for source, value in (("Get", got), ("GetAll", listed)):
            expect(value.get_type_string() == prop.type, f"{source} has {show(value)}, of the type {value.get_type_string()}")


for one in spec.PROPERTIES:
    check_property(one)


@check("get-and-get-all-agree", READS, spec.CHANGES, "Get and GetAll have the same values")
def get_and_get_all_agree(player):
    def different():
        listed = {(interface, name): value for interface in (ROOT, PLAYER) for name, value in player.get_all(interface).items()}
        return [f"{name}: GetAll has {show(value)}, Get has {show(got)}" for (interface, name), value in listed.items()
                if spec.find(interface, name) and name != "Position"
                and not value.equal(got := player.get(name, interface))]
    player.wait(lambda: not different())  # a value may change in between
    complain(different())


@check("unknown-property", READS, "Player_Interface.html", "reading a property that does not exist is an error")
def unknown_property(player):
    for interface in (ROOT, PLAYER):
        try:
            value = player.get("MprisCheck", interface)
        except Refused:
            continue
        raise Failed(f"{interface}.MprisCheck is {show(value)}")


@check("unknown-method", READS, "Player_Interface.html", "calling a method that does not exist is an error")
def unknown_method(player):
    for interface in (ROOT, PLAYER):
        expect(player.attempt("MprisCheck", interface=interface), f"{interface}.MprisCheck() succeeds")


# ---- the values of the player ----

def value(player, name, interface=PLAYER):
    """Skips the check if the property is missing or has another type: another check says that."""
    prop = spec.find(interface, name)
    try:
        found = player.get(name, interface)
    except Refused:
        raise Skipped(f"the player does not have {name}") from None
    need(found.get_type_string() == prop.type, f"see property-{name}")
    return found.unpack()


def check_choice(name, prop, choices):
    @check(name, READS, section("Property", prop), f"{prop} is one of {', '.join(choices)}")
    def is_one_of(player):
        found = value(player, prop)
        expect(found in choices, f"it is {found!r}")


check_choice("playback-status", "PlaybackStatus", spec.STATUSES)
check_choice("loop-status", "LoopStatus", spec.LOOPS)


@check("rate-range", READS, section("Property", "Rate"), "Rate is between MinimumRate and MaximumRate, and never 0")
def rate_range(player):
    rate, least, most = (value(player, name) for name in ("Rate", "MinimumRate", "MaximumRate"))
    expect(rate != 0, "it is 0")
    expect(least <= rate <= most, f"it is {rate}, and the range {least} to {most}")


@check("minimum-rate", READS, section("Property", "MinimumRate"), "MinimumRate is 1.0 or less")
def minimum_rate(player):
    least = value(player, "MinimumRate")
    expect(least <= 1, f"it is {least}")


@check("maximum-rate", READS, section("Property", "MaximumRate"), "MaximumRate is 1.0 or more")
def maximum_rate(player):
    most = value(player, "MaximumRate")
    expect(most >= 1, f"it is {most}")


@check("volume", READS, section("Property", "Volume"), "Volume is 0.0 or more")
def volume(player):
    found = value(player, "Volume")
    expect(0 <= found < float("inf"), f"it is {found}")


@check("position-range", READS, section("Property", "Position"), "Position is between 0 and mpris:length")
def position_range(player):
    position, length = value(player, "Position"), player.length()
    expect(position >= 0, f"it is {position}")
    expect(length is None or position <= length, f"it is {position}, and the length {length}")


@check("can-play-while-playing", READS, section("Property", "CanPlay"), "CanPlay is true while a track plays, if CanControl is")
def can_play_while_playing(player):
    need(value(player, "CanControl"), "CanControl is false")
    need(player.status() == "Playing", "nothing plays")
    expect(value(player, "CanPlay"), "it is false")


@check("can-pause-while-paused", READS, section("Property", "CanPause"), "CanPause is true while a track is paused, if CanControl is")
def can_pause_while_paused(player):
    need(value(player, "CanControl"), "CanControl is false")
    need(player.status() == "Paused", "nothing is paused")
    expect(value(player, "CanPause"), "it is false")


@check("cannot-control", READS, section("Property", "CanControl"), "if CanControl is false, the other Can properties of the player are too")
def cannot_control(player):
    need(not value(player, "CanControl"), "CanControl is true")
    true = [prop.name for prop in spec.properties(PLAYER) if prop.name.startswith("Can") and player.read(prop.name)]
    expect(not true, f"true: {', '.join(true)}")


# ---- the values of the root ----

@check("identity", READS, section("Property", "Identity", ROOT), "Identity is a name that people can read")
def identity(player):
    expect(value(player, "Identity", ROOT).strip(), "it is empty")


def is_installed(entry):
    """A file in a subdirectory has a "-" for each "/" in its identifier."""
    directories = [GLib.get_user_data_dir(), *GLib.get_system_data_dirs()]
    for applications in (pathlib.Path(directory) / "applications" for directory in directories):
        if any("-".join(path.relative_to(applications).parts) == f"{entry}.desktop" for path in applications.rglob("*.desktop")):
            return True
    return False


@check("desktop-entry", READS, section("Property", "DesktopEntry", ROOT),
       "DesktopEntry is the name of an installed .desktop file, without directory and extension")
def desktop_entry(player):
    entry = value(player, "DesktopEntry", ROOT)
    need(entry, "it is empty, which clients read as none; leaving it out would be clearer")
    expect("/" not in entry, f"it has a directory: {entry!r}")
    expect(not entry.endswith(".desktop"), f"it has the extension: {entry!r}")
    expect(is_installed(entry), f"{entry}.desktop is not in applications/ below XDG_DATA_HOME or XDG_DATA_DIRS")


def check_syntax(name, prop, form, rule):
    @check(name, READS, section("Property", prop, ROOT), rule)
    def is_well_formed(player):
        wrong = [item for item in value(player, prop, ROOT) if not re.fullmatch(form, item)]
        expect(not wrong, f"not so: {wrong}")


check_syntax("uri-schemes", "SupportedUriSchemes", r"[a-z][a-z0-9+.-]*", "SupportedUriSchemes are schemes in lower case, without \"://\"")
check_syntax("mime-types", "SupportedMimeTypes", r"[\w!#$&^.+-]+/([\w!#$&^.+-]+|\*)", "SupportedMimeTypes have the form type/subtype")


@check("fullscreen-declared", READS, section("Property", "CanSetFullscreen", ROOT), "a player that can set Fullscreen has Fullscreen")
def fullscreen_declared(player):
    need(player.read("CanSetFullscreen", ROOT), "the player cannot set Fullscreen")
    expect(player.read("Fullscreen", ROOT) is not None, "CanSetFullscreen is true, and Fullscreen is missing")
