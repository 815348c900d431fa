#!/usr/bin/python3
"""Media players on the bus, each with one fault:  faulty_players.py NAME...  |  --list

NAME is a fault, or a healthy player. Prints "ready" when all are on the bus, and goes on until it is killed. --list prints
for each, between tabs: its name, the checks to run, which of them must fail ("last", "all", or "none" if it is healthy), and
what those say.
"""
import re
import sys

from gi.repository import GLib

from fake_player import (INTERFACES, LENGTH, LISTS, NO_TRACK, PLAYER, PROPERTIES, ROOT, SECOND, TRACK_LIST, Error, Fake, prop)

players = {}  # name -> class
faults = {}  # name -> (checks to run, which of them must fail: "last" or "all", what those say)


# ---- healthy ones ----

def healthy(name, **changes):
    offers = Fake.offers | changes.pop("offers", {})
    players[name] = type(name, (Fake,), {"offers": offers, **changes})


healthy("full")
healthy("full-paused", status="Paused")
healthy("bare", offers={"lists": False, "options": False})
healthy("bare-no-seek", offers={"lists": False, "options": False, "seek": False})
healthy("no-pause", offers={"pause": False})
healthy("no-play", offers={"play": False}, status="Paused")
healthy("no-control", offers={"control": False})
healthy("one-track", tracks=1)
healthy("no-fullscreen", values={(ROOT, "CanSetFullscreen"): GLib.Variant("b", False)},
        set_fullscreen=lambda self, wanted: None)


# ---- faults of data ----

def fault(name, checks, message, base="full", **changes):
    """A player that differs from a healthy one in the attributes `changes`."""
    assert name not in players, name
    players[name] = type(name, (players[base],), changes)
    faults[name] = checks, "last", message


def field(name, checks, message, **fields):
    fault(name, checks, message, fields={key.replace("_", ":"): value for key, value in fields.items()})


def variant(kind, value):
    return GLib.Variant(kind, value)


def value(name, checks, message, key, found, base="full"):
    fault(name, checks, message, base, values={key: found})


def xml(name, checks, message, old, new, **changes):
    fault(name, checks, message, xml=[(old, new)], **changes)


PROPERTIES_OF = [(interface, *found) for interface, text in INTERFACES.items()
                 for found in re.findall('<property name="(.*?)" type=".*?" access="(.*?)">', text)]
OPTIONAL = ("Fullscreen", "CanSetFullscreen", "DesktopEntry", "LoopStatus", "Shuffle")
ASKED_FIRST = ("Tracks", "PlaylistCount")  # they show whether their interface is there
READ_ONLY = [name for interface, name, access in PROPERTIES_OF if access == "read" and interface in (ROOT, PLAYER)]


def takes_all(self, interface, name, wanted):
    """Until the next is written, so that what was written before does not matter."""
    self.values = {(interface, name): wanted}


def of_each(name, prefix, names, message, **changes):
    """A player that has the fault in each of these properties."""
    fault(name, ",".join(f"{prefix}-{one}" for one in names), message, **changes)
    faults[name] = faults[name][0], "all", message


of_each("other-types", "property", [name for _, name, _ in PROPERTIES_OF], "of the type t",
        values={(interface, name): variant("t", 7) for interface, name, _ in PROPERTIES_OF})
of_each("no-property", "property", [name for _, name, _ in PROPERTIES_OF if name not in OPTIONAL + ASKED_FIRST], "Get is refused",
        values={(interface, name): None for interface, name, _ in PROPERTIES_OF if name not in ASKED_FIRST})
of_each("writable", "read-only", READ_ONLY, "has an effect|takes what is written", set=takes_all)
of_each("swallows", "read-only", [name for name in READ_ONLY if name != "Position"], "is no error", set=lambda *_: None)

value("lower-case-status", "playback-status", "'playing'", (PLAYER, "PlaybackStatus"), variant("s", "playing"))
value("loops-all", "loop-status", "'All'", (PLAYER, "LoopStatus"), variant("s", "All"))
value("rate-0", "rate-range", "it is 0", (PLAYER, "Rate"), variant("d", 0.0))
value("rate-5", "rate-range", "the range 0.5 to 2", (PLAYER, "Rate"), variant("d", 5.0))
value("minimum-above-1", "minimum-rate", "1.5", (PLAYER, "MinimumRate"), variant("d", 1.5))
value("maximum-below-1", "maximum-rate", "0.7", (PLAYER, "MaximumRate"), variant("d", 0.7))
value("negative-volume", "volume", "-0.5", (PLAYER, "Volume"), variant("d", -0.5))
value("endless-volume", "volume", "inf", (PLAYER, "Volume"), variant("d", float("inf")))
value("negative-position", "position-range", "-5", (PLAYER, "Position"), variant("x", -5))
value("position-after-the-end", "position-range", "and the length", (PLAYER, "Position"), variant("x", LENGTH + 1))
value("plays-and-cannot", "can-play-while-playing", "false", (PLAYER, "CanPlay"), variant("b", False))
value("pauses-and-cannot", "can-pause-while-paused", "false", (PLAYER, "CanPause"), variant("b", False), "full-paused")
value("half-controlled", "cannot-control", "true: CanSeek", (PLAYER, "CanSeek"), variant("b", True), "no-control")
value("nameless", "identity", "empty", (ROOT, "Identity"), variant("s", " "))
value("entry-with-extension", "desktop-entry", "extension", (ROOT, "DesktopEntry"), variant("s", "fake.desktop"))
value("entry-with-directory", "desktop-entry", "directory", (ROOT, "DesktopEntry"), variant("s", "/usr/share/applications/fake"))
value("entry-not-installed", "desktop-entry", "is not in applications", (ROOT, "DesktopEntry"), variant("s", "fake-that-is-nowhere"))
value("upper-case-scheme", "uri-schemes", "File", (ROOT, "SupportedUriSchemes"), variant("as", ["http", "File"]))
value("scheme-with-slashes", "uri-schemes", "file://", (ROOT, "SupportedUriSchemes"), variant("as", ["file://"]))
value("mime-type-in-one-part", "mime-types", "'audio'", (ROOT, "SupportedMimeTypes"), variant("as", ["audio"]))
value("sets-no-fullscreen", "fullscreen-declared", "missing", (ROOT, "Fullscreen"), None)
value("track-list-denied", "track-list-declared", "is False, but the interface is there", (ROOT, "HasTrackList"), variant("b", False))
value("track-list-promised", "track-list-declared", "is True, but the interface is not there", (ROOT, "HasTrackList"), variant("b", True), "bare")

field("no-track-id", "track-id", "missing while PlaybackStatus is Playing", mpris_trackid=None)
field("track-id-is-text", "track-id", "of the type s", mpris_trackid=variant("s", "/fake/track/1"))
field("track-id-of-mpris", "track-id-path", "/org/mpris/fake", mpris_trackid=variant("o", "/org/mpris/fake"))
field("no-track-while-playing", "track-id-path", "NoTrack while", mpris_trackid=variant("o", NO_TRACK))
field("unsigned-length", "length", "of the type t", mpris_length=variant("t", LENGTH))
field("negative-length", "length", "-1", mpris_length=variant("x", -1))
field("artist-is-text", "metadata-types", "xesam:artist is 'Fake'", xesam_artist=variant("s", "Fake"))
field("track-number-is-text", "metadata-types", "xesam:trackNumber", xesam_trackNumber=variant("s", "1"))
field("field-without-prefix", "metadata-names", "'title' has no prefix", title=variant("s", "Fake"))
field("field-of-mpris", "metadata-names", "mpris:title is not", mpris_title=variant("s", "Fake"))
field("art-is-a-path", "metadata-uris", "/fake/cover.png", mpris_artUrl=variant("s", "/fake/cover.png"))
field("file-with-one-slash", "metadata-uris", "file:/fake", xesam_url=variant("s", "file:/fake"))
field("german-date", "metadata-dates", "29.4.2007", xesam_contentCreated=variant("s", "29.4.2007"))
field("five-stars", "metadata-ratings", "5.0", xesam_userRating=variant("d", 5.0))


# ---- faults of the interfaces ----

def refuse(*_):
    raise Error("refused")


xml("describes-no-player", "introspection", "Player is missing", PLAYER + '"', 'org.fake.Player"')
xml("hides-track-list", "introspection", "TrackList is there, but missing", TRACK_LIST, "org.fake.TrackList")
fault("invalid-xml", "introspection", "invalid XML", answer=lambda self, interface, name, arguments:
      variant("(s)", ("<node>",)) if name == "Introspect" else Fake.answer(self, interface, name, arguments))
fault("introspects-not", "introspection", "Introspect is refused", answer=lambda self, interface, name, arguments:
      refuse() if name == "Introspect" else Fake.answer(self, interface, name, arguments))
xml("no-stop", "introspected-methods", "Stop is missing", '<method name="Stop"></method>', "")
xml("seek-takes-an-int", "introspected-methods", r"takes \(i\)", '<method name="Seek"><arg type="x"', '<method name="Seek"><arg type="i"')
xml("no-seeked", "introspected-signals", r"Seeked has \(nothing\)", '<signal name="Seeked"><arg type="x"/></signal>', "")
xml("seeked-is-text", "introspected-signals", r"Seeked has \(s\)", '<signal name="Seeked"><arg type="x"', '<signal name="Seeked"><arg type="s"')
xml("describes-volume-as-int", "introspected-properties", "Volume is i readwrite", prop("Volume", "d", "readwrite"), prop("Volume", "i", "readwrite"))
xml("describes-rate-as-read-only", "introspected-properties", "Rate is d read", prop("Rate", "d", "readwrite"), prop("Rate", "d"))
xml("describes-no-shuffle", "introspected-properties", "Shuffle is missing", prop("Shuffle", "b", "readwrite"), "")
xml("position-emits", "introspected-changes", "Position: true, not false", prop("Position", "x", emits="false"), prop("Position", "x"))
xml("volume-emits-not", "introspected-changes", "Volume: false, not true", prop("Volume", "d", "readwrite"), prop("Volume", "d", "readwrite", "false"))
xml("has-any-method", "unknown-method", r"Player.MprisCheck\(\) succeeds", '<method name="Next"></method>',
    '<method name="Next"></method><method name="MprisCheck"></method>', mprischeck=lambda self: None)
xml("seek-takes-text", "wrong-arguments", "Seek takes a string", '<method name="Seek"><arg type="x"', '<method name="Seek"><arg type="s"',
    seek=lambda self, text: None)
fault("no-interface", "interfaces", "GetAll of .*Player is refused",
      get_all=lambda self, interface: refuse() if interface == PLAYER else Fake.get_all(self, interface))
fault("no-properties", "interfaces", "has no properties", get_all=lambda self, interface: {})
fault("lists-too-little", "property-Rate", "Get has it, and GetAll does not", get_all=lambda self, interface:
      {name: found for name, found in Fake.get_all(self, interface).items() if name != "Rate"})
fault("two-volumes", "get-and-get-all-agree", "Volume: GetAll has 0.6, Get has 0.1", get=lambda self, interface, name:
      variant("d", 0.1) if name == "Volume" else Fake.get(self, interface, name))
fault("has-any-property", "unknown-property", "MprisCheck is", get=lambda self, interface, name:
      variant("i", 0) if name == "MprisCheck" else Fake.get(self, interface, name))


# ---- faults while it plays ----

def nothing(*_):
    """Has no effect."""


def toggle(self):
    self.become("Paused" if self.status == "Playing" else "Playing")


fault("pauses-not", "pause", "PlaybackStatus is Playing", pause=nothing)
fault("refuses-pause", "pause", "Pause is refused", pause=refuse)
fault("quits-on-pause", "pause", "left the bus", pause=Fake.leave)
fault("runs-while-paused", "pause-stands", "it went from", position=lambda self:
      Fake.position(self) + int(GLib.get_monotonic_time() - self.since * SECOND) * (self.status == "Paused"))
fault("pause-toggles", "pause-again", "PlaybackStatus was 'Paused' and is 'Playing'", pause=toggle)
fault("plays-not", "play", "PlaybackStatus is Paused", play=nothing)
fault("resumes-at-0", "play-resumes", "to 0.0", play=lambda self: (self.become("Playing"), self.jump(0)))
fault("resumes-another", "play-resumes", "another", play=lambda self: (self.become("Playing"), self.go(1), self.jump(20 * SECOND)))
fault("play-toggles", "play-again", "PlaybackStatus was 'Playing' and is 'Paused'", play=toggle)
fault("play-begins-anew", "play-again", "the position was", play=lambda self: (self.become("Playing"), self.jump(0)))
fault("play-pause-pauses", "play-pause", "not Playing", playpause=Fake.pause)
fault("runs-fast", "position-runs", "off by", position=lambda self: Fake.position(self) + int(GLib.get_monotonic_time()) % LENGTH * 50 % LENGTH)
fault("stands-while-playing", "position-runs", "off by", position=lambda self: 5 * SECOND)
fault("can-play-if-paused", "can-play-is-constant", "CanPlay is True while paused, and False while playing",
      can=lambda self, what: self.status != "Playing" if what == "play" else True)
fault("can-pause-if-playing", "can-pause-is-constant", "CanPause is False while paused, and True while playing",
      can=lambda self, what: self.status == "Playing" if what == "pause" else True)
fault("pauses-though-it-cannot", "cannot-pause", "PlaybackStatus was 'Playing'", "no-pause", pause=lambda self: self.become("Paused"))
fault("toggles-though-it-cannot", "cannot-play-pause", "PlaybackStatus was 'Playing'", "no-pause", playpause=toggle)
fault("toggles-without-error", "cannot-play-pause", "is no error", "no-pause", playpause=nothing)
fault("plays-though-it-cannot", "cannot-play", "PlaybackStatus was 'Paused'", "no-play", play=lambda self: self.become("Playing"))

fault("no-next", "next", "the track is still", next=nothing)
fault("next-plays", "next-keeps-pause", "PlaybackStatus is Playing", next=lambda self: (self.go(1), self.become("Playing")))
fault("next-of-one", "cannot-go-next", "the position was", "one-track", next=lambda self: self.move(0))
fault("next-begins-late", "track-begins", "it begins at 30.0", next=lambda self: (self.go(1), self.move(30 * SECOND)))
fault("no-previous", "next,previous", "the track is still", previous=nothing)
fault("previous-plays", "next,previous-keeps-pause", "PlaybackStatus is Playing", previous=lambda self: (self.go(-1), self.become("Playing")))
fault("previous-of-one", "cannot-go-previous", "the position was", "one-track", previous=lambda self: self.move(0))
fault("stops-not", "stop", "PlaybackStatus is Playing", stop=nothing)
fault("stop-toggles", "stop-again", "PlaybackStatus was 'Stopped'", stop=lambda self:
      self.become("Playing" if self.status == "Stopped" else "Stopped"))
fault("stop-pauses", "play-after-stop", "the track begins at", stop=lambda self: self.become("Stopped"))
fault("starts-not", "play-pause-after-stop", "PlaybackStatus is Stopped", playpause=lambda self:
      nothing() if self.status == "Stopped" else Fake.playpause(self))
fault("opens-anything", "open-unsupported-uri", "track was", openuri=lambda self, uri: self.go(1))
fault("opens-though-it-cannot", "cannot-open-uri", "track was", "bare", openuri=lambda self, uri: self.go(1))


# ---- faults of the position ----

fault("sets-no-position", "set-position", "the position is", setposition=nothing)
fault("seeks-not", "seek", "the position is 30", seek=nothing)
fault("seeks-to", "seek", "the position is 15", seek=lambda self, offset: self.jump(max(0, offset)))
fault("seeks-before-the-start-not", "seek-before-the-start", "not 0.00 s", seek=lambda self, offset:
      self.jump(self.position() + offset) if self.position() + offset >= 0 else None)
fault("seeks-into-the-previous", "seek-before-the-start", "another", first=3, seek=lambda self, offset: (self.go(-1), self.jump(0)))
fault("seek-is-silent", "seek-is-signalled", "there is no Seeked", seek=lambda self, offset: self.move(self.position() + offset))
fault("seeked-has-the-offset", "seek-is-signalled", "Seeked says 45", seek=lambda self, offset:
      (self.move(self.position() + offset), self.emit(PLAYER, "Seeked", variant("(x)", (offset * 3,)))))
fault("set-position-is-silent", "set-position-is-signalled", "there is no Seeked", setposition=lambda self, track, position: self.move(position))
fault("seeks-in-any-track", "set-position-stale", "the position was", setposition=lambda self, track, position: self.jump(position))
fault("seeks-in-no-track", "set-position-no-track", "the position was", setposition=lambda self, track, position:
      self.jump(position) if track in (NO_TRACK, self.identifier()) else None)
fault("position-below-0-is-0", "set-position-before-the-start", "is 0.00 s", setposition=lambda self, track, position: self.jump(max(0, position)))
fault("position-beyond-is-the-end", "set-position-beyond-the-end", "is 600.00 s",
      setposition=lambda self, track, position: self.jump(min(LENGTH, position)))
fault("seeks-though-it-cannot", "cannot-seek", "the position was", "bare-no-seek", seek=lambda self, offset: self.jump(self.position() + offset))
fault("sets-though-it-cannot", "cannot-set-position", "the position was", "bare-no-seek", setposition=lambda self, track, position: self.jump(position))
fault("seeks-to-the-end", "seek-beyond-the-end", "the track is still", seek=lambda self, offset: self.jump(min(LENGTH, self.position() + offset)))
fault("seeks-to-the-last-end", "seek-beyond-the-end", "there is no next track", "one-track",
      seek=lambda self, offset: self.jump(min(LENGTH, self.position() + offset)))


# ---- faults of what can be set ----

fault("fixed-volume", "set-volume", "set to 0.25, it is 0.6", set_volume=nothing)
fault("refuses-volume", "set-volume", "0.25 is refused", set_volume=refuse)
fault("ignores-negative-volume", "set-volume-below-0", "set to -1.0, it is 0.5",
      set_volume=lambda self, wanted: Fake.set_volume(self, wanted) if wanted >= 0 else None)
fault("rate-0-is-nothing", "set-rate-to-0", "PlaybackStatus is Playing", set_rate=nothing)
fault("rate-becomes-0", "set-rate-to-0", "Rate is 0", set_rate=lambda self, wanted: (self.pause(), setattr(self, "rate", wanted)))
fault("any-rate", "set-rate", "Rate is 3", set_rate=lambda self, wanted: setattr(self, "rate", max(0.5, wanted)))
fault("ignores-loop", "set-loop-status", "set to Track, it is None", set_loopstatus=nothing)
fault("takes-any-loop", "set-loop-status", "set to 'MprisCheck'", set_loopstatus=lambda self, wanted: setattr(self, "loop", wanted))
fault("ignores-shuffle", "set-shuffle", "set to True, it is False", set_shuffle=nothing)
fault("refuses-fullscreen", "set-fullscreen", "refused", set_fullscreen=refuse)
fault("fullscreen-though-it-cannot", "cannot-set-fullscreen", "it is so", "no-fullscreen", set_fullscreen=Fake.set_fullscreen)
fault("any-type", "wrong-types", "without an error", set=nothing)
fault("raises-not", "raise", "refused", raise_=refuse)
fault("raises-and-pauses", "cannot-raise", "PlaybackStatus was", "no-pause", offers=Fake.offers | {"options": False, "pause": False},
      raise_=lambda self: self.become("Paused"))
fault("quits-though-it-cannot", "cannot-quit", "leaves the bus", "bare", quit=Fake.leave)
fault("quits-not", "quit", "still on the bus", quit=nothing)
fault("refuses-quit", "quit", "Quit is refused", quit=refuse)
fault("pauses-uncontrolled", "cannot-control-methods", "Pause.. has an effect", "no-control", pause=lambda self: self.become("Paused"))
fault("stops-without-error", "cannot-control-methods", "Stop.. is no error", "no-control", stop=nothing)
fault("volume-uncontrolled", "cannot-control-properties", "Volume was", "no-control",
      set=lambda self, interface, name, wanted: setattr(self, "volume", wanted.unpack()) if name == "Volume" else refuse())
fault("writes-without-error", "cannot-control-properties", "is no error", "no-control", set=nothing)


# ---- faults of the lists ----

fault("tracks-twice", "tracks-differ", "the same identifier", of_lists=lambda self:
      Fake.of_lists(self) | {"Tracks": ("ao", [self.identifier(), self.identifier()])})
fault("tracks-of-mpris", "tracks-differ", "/org/mpris/1", of_lists=lambda self:
      Fake.of_lists(self) | {"Tracks": ("ao", [self.identifier(), "/org/mpris/1"])})
fault("tracks-without-the-current", "tracks-have-the-current", "is not in it", of_lists=lambda self:
      Fake.of_lists(self) | {"Tracks": ("ao", [self.identifier(7)])})
fault("metadata-of-some", "tracks-metadata", "asked for", gettracksmetadata=lambda self, tracks: Fake.gettracksmetadata(self, tracks[1:]))
fault("removes-though-it-cannot", "cannot-edit-tracks", "Tracks was", removetrack=lambda self, track: setattr(self, "tracks", self.tracks - 1))
fault("removes-any", "remove-unknown-track", "Tracks was", removetrack=lambda self, track: setattr(self, "tracks", self.tracks - 1))
fault("goes-anywhere", "go-to-unknown-track", "the track was", goto=lambda self, track: self.go(1))
fault("goes-nowhere", "go-to", "the track is", goto=nothing)
fault("no-orderings", "playlist-orderings", "empty", of_playlists=lambda self: Fake.of_playlists(self) | {"Orderings": ("as", [])})
fault("random-order", "playlist-orderings", "Random", of_playlists=lambda self: Fake.of_playlists(self) | {"Orderings": ("as", ["Random"])})
fault("all-playlists", "playlists", "it gives 2 when asked for 1", getplaylists=lambda self, *_: variant("(a(oss))", (LISTS,)))


# ---- faults of the signals ----

def also(interface, name, found):
    """A function that announces this too."""
    def changed(self, its, values):
        Fake.changed(self, its, values)
        Fake.changed(self, interface, {name: found})
    return changed


def silent(hidden):
    return lambda self, interface, values: Fake.changed(self, interface, {name: found for name, found in values.items() if name != hidden})


fault("announces-position", "pause,position-is-silent", "it is", changed=also(PLAYER, "Position", variant("x", 1)))
fault("silent-status", "pause,changes-are-announced", "PlaybackStatus is 'Paused'; the last value announced is 'Playing'", changed=silent("PlaybackStatus"))
fault("silent-volume", "set-volume,changes-are-announced", "Volume is .*after set-volume", changed=silent("Volume"), set_volume=lambda self, wanted:
      setattr(self, "volume", wanted + (0.01 if wanted == 0.6 else 0)))
fault("silent-track", "next,changes-are-announced", "Metadata is", changed=silent("Metadata"))
fault("silent-can", "next,changes-are-announced", "CanGoPrevious is true; the last value announced is false", changed=silent("CanGoPrevious"))
fault("announces-the-old", "pause,changes-are-announced", "the last value announced is 'Stopped'",
      changed=also(PLAYER, "PlaybackStatus", variant("s", "Stopped")))
fault("announces-another-type", "pause,changes-are-well-formed", "Rate is 1, not of the type d", changed=also(PLAYER, "Rate", variant("i", 1)))
fault("announces-less", "pause,changes-are-well-formed", r"has the type \(sa\{sv\}\)", changed=lambda self, interface, values:
      self.emit(PROPERTIES, "PropertiesChanged", variant("(sa{sv})", (interface, values))))
fault("announces-of-the-root", "pause,changes-have-an-interface", "Volume is announced as one of", changed=also(ROOT, "Volume", variant("d", 1.0)))
fault("control-comes-and-goes", "pause,can-control-is-constant", "it was True at first", of_player=lambda self:
      Fake.of_player(self) | {"CanControl": ("b", self.status == "Playing")})
fault("announces-control", "pause,can-control-is-constant", "announces it", changed=also(PLAYER, "CanControl", variant("b", True)))
fault("seeked-has-an-int", "pause,seeked-is-well-formed", r"it has \(1,\)", changed=lambda self, interface, values:
      (Fake.changed(self, interface, values), self.emit(PLAYER, "Seeked", variant("(i)", (1,)))))
fault("seeked-is-negative", "pause,seeked-is-well-formed", "-1", changed=lambda self, interface, values:
      (Fake.changed(self, interface, values), self.emit(PLAYER, "Seeked", variant("(x)", (-1,)))))


def main(names):
    if names == ["--list"]:
        for name in players:
            print("\t".join((name, *faults.get(name, ("", "none", "")))))
        return
    here = [players[name](name) for name in names]
    print("ready", len(here), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(sys.argv[1:])
