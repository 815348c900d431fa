"""A media player on the bus that plays nothing and keeps to MPRIS 2.2. Its parts are small, so that a fault replaces one."""
import time

from gi.repository import Gio, GLib

ROOT, PATH, NO_TRACK = "org.mpris.MediaPlayer2", "/org/mpris/MediaPlayer2", "/org/mpris/MediaPlayer2/TrackList/NoTrack"
PLAYER, TRACK_LIST, PLAYLISTS = f"{ROOT}.Player", f"{ROOT}.TrackList", f"{ROOT}.Playlists"
PROPERTIES, INTROSPECTABLE = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.Introspectable"
SECOND = 1_000_000
LENGTH = 600 * SECOND

STANDARD = """<node><interface name="org.freedesktop.DBus.Properties">
<method name="Get"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<method name="GetAll"><arg type="s" direction="in"/><arg type="a{sv}" direction="out"/></method>
<method name="Set"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="in"/></method>
<signal name="PropertiesChanged"><arg type="s"/><arg type="a{sv}"/><arg type="as"/></signal></interface>
<interface name="org.freedesktop.DBus.Introspectable"><method name="Introspect"><arg type="s" direction="out"/></method></interface></node>"""
EMITS = '<annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="%s"/>'


def method(name, takes=(), gives=()):
    args = [f'<arg type="{kind}" direction="in"/>' for kind in takes] + [f'<arg type="{kind}" direction="out"/>' for kind in gives]
    return f'<method name="{name}">{"".join(args)}</method>'


def signal(name, *has):
    return f'<signal name="{name}">' + "".join(f'<arg type="{kind}"/>' for kind in has) + "</signal>"


def prop(name, kind, access="read", emits=""):
    return f'<property name="{name}" type="{kind}" access="{access}">{EMITS % emits if emits else ""}</property>'


INTERFACES = {
    ROOT: method("Raise") + method("Quit") + prop("CanQuit", "b") + prop("CanRaise", "b") + prop("HasTrackList", "b")
          + prop("Identity", "s") + prop("DesktopEntry", "s") + prop("SupportedUriSchemes", "as") + prop("SupportedMimeTypes", "as")
          + prop("Fullscreen", "b", "readwrite") + prop("CanSetFullscreen", "b"),
    PLAYER: "".join(map(method, ("Next", "Previous", "Pause", "PlayPause", "Stop", "Play"))) + method("Seek", "x")
            + method("SetPosition", "ox") + method("OpenUri", "s") + signal("Seeked", "x") + prop("PlaybackStatus", "s")
            + prop("LoopStatus", "s", "readwrite") + prop("Rate", "d", "readwrite") + prop("Shuffle", "b", "readwrite")
            + prop("Metadata", "a{sv}") + prop("Volume", "d", "readwrite") + prop("Position", "x", emits="false")
            + prop("MinimumRate", "d") + prop("MaximumRate", "d") + prop("CanGoNext", "b") + prop("CanGoPrevious", "b")
            + prop("CanPlay", "b") + prop("CanPause", "b") + prop("CanSeek", "b") + prop("CanControl", "b", emits="false"),
    TRACK_LIST: method("GetTracksMetadata", ["ao"], ["aa{sv}"]) + method("AddTrack", "sob") + method("RemoveTrack", "o")
                + method("GoTo", "o") + signal("TrackListReplaced", "ao", "o") + signal("TrackAdded", "a{sv}", "o")
                + signal("TrackRemoved", "o") + signal("TrackMetadataChanged", "o", "a{sv}")
                + prop("Tracks", "ao", emits="invalidates") + prop("CanEditTracks", "b"),
    PLAYLISTS: method("ActivatePlaylist", "o") + method("GetPlaylists", "uusb", ["a(oss)"]) + signal("PlaylistChanged", "(oss)")
               + prop("PlaylistCount", "u") + prop("Orderings", "as") + prop("ActivePlaylist", "(b(oss))"),
}
WRITABLE = ("Fullscreen", "LoopStatus", "Rate", "Shuffle", "Volume")
SILENT = ("Position", "CanControl", "Tracks")  # no PropertiesChanged has them
LISTS = [("/fake/list/1", "First", ""), ("/fake/list/2", "Second", "")]


class Error(Exception):
    """Becomes a D-Bus error."""


class Fake:
    """A healthy one. `offers` says what it can do."""

    offers = {"control": True, "pause": True, "play": True, "seek": True, "lists": True, "options": True, "edit": False}
    tracks, first = 9, 0
    status = "Playing"
    values = {}  # (interface, name) -> the variant that is read instead; None: no such property
    fields = {}  # of the metadata, likewise
    xml = ()  # (old, new): texts replaced in the introspection

    def __init__(self, name):
        self.name = name
        self.index, self.base, self.since = self.first, 20 * SECOND, time.monotonic()
        self.rate, self.volume, self.loop, self.shuffle, self.fullscreen = 1.0, 0.6, "None", False, False
        self.connection = Gio.DBusConnection.new_for_address_sync(
            Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION),
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.last = self.readable()
        for node in (STANDARD, self.introspection()):
            for interface in Gio.DBusNodeInfo.new_for_xml(node).interfaces:
                self.connection.register_object(PATH, interface, self.on_call, None, None)
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                  GLib.Variant("(su)", (f"{ROOT}.{name}", 4)), None, Gio.DBusCallFlags.NONE, -1)

    # ---- properties ----

    def is_there(self, interface):
        return interface in (ROOT, PLAYER) or self.offers["lists"] and interface in INTERFACES

    def introspection(self):
        text = "".join(f'<interface name="{name}">{members}</interface>' for name, members in INTERFACES.items() if self.is_there(name))
        for old, new in self.xml:
            assert old in text, f"{self.name}: {old} is not in the introspection"
            text = text.replace(old, new)
        return f"<node>{text}</node>"

    def identifier(self, index=None):
        return f"/fake/track/{self.index if index is None else index}"

    def metadata(self):
        """Of the current track."""
        fields = {"mpris:trackid": GLib.Variant("o", self.identifier()), "mpris:length": GLib.Variant("x", LENGTH),
                  "mpris:artUrl": GLib.Variant("s", "file:///fake/cover.png"), "xesam:title": GLib.Variant("s", f"Track {self.index}"),
                  "xesam:artist": GLib.Variant("as", ["Fake"]), "xesam:contentCreated": GLib.Variant("s", "2007-04-29T14:35:51+02:00"),
                  "xesam:userRating": GLib.Variant("d", 0.5)} | self.fields
        return {name: value for name, value in fields.items() if value is not None}

    def position(self):
        if self.status == "Playing":
            return min(LENGTH, self.base + int((time.monotonic() - self.since) * self.rate * SECOND))
        return self.base

    def can(self, what):
        return self.offers["control"] and self.offers[what]

    def can_go(self, step):
        return self.offers["control"] and 0 <= self.index + step < self.tracks

    def of_root(self):
        options = self.offers["options"]
        values = {"CanQuit": ("b", options), "CanRaise": ("b", options), "HasTrackList": ("b", self.offers["lists"]),
                  "Identity": ("s", "Fake"), "SupportedUriSchemes": ("as", ["file"] if options else []),
                  "SupportedMimeTypes": ("as", ["audio/flac"] if options else [])}
        if options:
            values |= {"DesktopEntry": ("s", "fake"), "Fullscreen": ("b", self.fullscreen), "CanSetFullscreen": ("b", True)}
        return values

    def of_player(self):
        values = {"PlaybackStatus": ("s", self.status), "Rate": ("d", self.rate), "Metadata": ("a{sv}", self.metadata()),
                  "Volume": ("d", self.volume), "Position": ("x", self.position()), "MinimumRate": ("d", 0.5), "MaximumRate": ("d", 2.0),
                  "CanGoNext": ("b", self.can_go(1)), "CanGoPrevious": ("b", self.can_go(-1)), "CanPlay": ("b", self.can("play")),
                  "CanPause": ("b", self.can("pause")), "CanSeek": ("b", self.can("seek")), "CanControl": ("b", self.offers["control"])}
        if self.offers["options"]:
            values |= {"LoopStatus": ("s", self.loop), "Shuffle": ("b", self.shuffle)}
        return values

    def of_lists(self):
        return {"Tracks": ("ao", [self.identifier(i) for i in range(self.tracks)]), "CanEditTracks": ("b", self.offers["edit"])}

    def of_playlists(self):
        return {"PlaylistCount": ("u", len(LISTS)), "Orderings": ("as", ["Alphabetical", "User"]),
                "ActivePlaylist": ("(b(oss))", (False, ("/", "", "")))}

    def readable(self):
        """(interface, name) -> variant."""
        groups = {ROOT: self.of_root, PLAYER: self.of_player, TRACK_LIST: self.of_lists, PLAYLISTS: self.of_playlists}
        values = {(interface, name): GLib.Variant(*value) for interface, group in groups.items() if self.is_there(interface)
                  for name, value in group().items()} | self.values
        return {key: value for key, value in values.items() if value is not None}

    def get(self, interface, name):
        values = self.readable()
        if (interface, name) not in values:
            raise Error("no such property")
        return values[interface, name]

    def get_all(self, interface):
        if not self.is_there(interface):
            raise Error("no such interface")
        return {name: value for (its, name), value in self.readable().items() if its == interface}

    def set(self, interface, name, value):
        current = self.get(interface, name)
        if name not in WRITABLE or not self.offers["control"] and interface == PLAYER:
            raise Error("it cannot be written")
        if value.get_type_string() != current.get_type_string():
            raise Error("it has another type")
        getattr(self, f"set_{name.lower()}")(value.unpack())

    def set_fullscreen(self, wanted):
        self.fullscreen = wanted

    def set_shuffle(self, wanted):
        self.shuffle = wanted

    def set_loopstatus(self, wanted):
        if wanted not in ("None", "Track", "Playlist"):
            raise Error("no such loop")
        self.loop = wanted

    def set_volume(self, wanted):
        self.volume = max(0.0, wanted)

    def set_rate(self, wanted):
        if wanted == 0:
            self.pause()
        else:
            self.move(self.position())
            self.rate = min(max(wanted, 0.5), 2.0)

    # ---- signals ----

    def emit(self, interface, name, value):
        self.connection.emit_signal(None, PATH, interface, name, value)

    def changed(self, interface, values):
        self.emit(PROPERTIES, "PropertiesChanged", GLib.Variant("(sa{sv}as)", (interface, values, [])))

    def announce(self):
        """What has changed since the last time."""
        now = self.readable()
        for interface in INTERFACES:
            values = {name: value for (its, name), value in now.items()
                      if its == interface and name not in SILENT and not value.equal(self.last.get((its, name), GLib.Variant("()", ())))}
            if values:
                self.changed(interface, values)
        self.last = now

    def seeked(self):
        self.emit(PLAYER, "Seeked", GLib.Variant("(x)", (self.position(),)))

    # ---- methods ----

    def move(self, position):
        self.base, self.since = position, time.monotonic()

    def jump(self, position):
        self.move(position)
        self.seeked()

    def become(self, status):
        self.move(self.position())
        self.status = status

    def pause(self):
        if self.can("pause") and self.status == "Playing":
            self.become("Paused")

    def play(self):
        if self.can("play"):
            self.become("Playing")

    def playpause(self):
        if not self.can("pause"):
            raise Error("it cannot pause")
        (self.pause if self.status == "Playing" else self.play)()

    def stop(self):
        if not self.offers["control"]:
            raise Error("it cannot be controlled")
        self.become("Stopped")
        self.move(0)

    def go(self, step):
        if self.can_go(step):
            self.index += step
            self.move(0)

    def next(self):
        self.go(1)

    def previous(self):
        self.go(-1)

    def seek(self, offset):
        if not self.can("seek"):
            return
        goal = self.position() + offset
        if goal <= LENGTH:
            self.jump(max(0, goal))
        elif self.can_go(1):
            self.next()
        else:
            self.stop()

    def setposition(self, track, position):
        if self.can("seek") and track == self.identifier() and 0 <= position <= LENGTH:
            self.jump(position)

    def openuri(self, uri):
        raise Error(f"{uri} is not supported")

    def raise_(self):
        """There is no window."""

    def quit(self):
        if self.offers["options"]:
            self.leave()

    def leave(self):
        GLib.timeout_add(1, lambda: self.connection.close_sync(None) and False)  # after the reply

    # ---- lists ----

    def gettracksmetadata(self, tracks):
        return GLib.Variant("(aa{sv})", ([{"mpris:trackid": GLib.Variant("o", track)} for track in tracks],))

    def addtrack(self, *_):
        """Has no effect, as CanEditTracks says."""

    def removetrack(self, _):
        """Likewise."""

    def goto(self, track):
        for index in range(self.tracks):
            if track == self.identifier(index):
                self.index = index
                self.move(0)

    def activateplaylist(self, _):
        """Both have the same tracks."""

    def getplaylists(self, first, most, _order, _reverse):
        return GLib.Variant("(a(oss))", (LISTS[first:first + most],))

    # ---- calls ----

    def answer(self, interface, name, arguments):
        """The reply; None is an empty one."""
        if interface == INTROSPECTABLE:
            return GLib.Variant("(s)", (self.introspection(),))
        if interface != PROPERTIES:
            reply = getattr(self, "raise_" if name == "Raise" else name.lower())(*arguments.unpack())
            return reply if isinstance(reply, GLib.Variant) else None
        if name == "GetAll":
            return GLib.Variant("(a{sv})", (self.get_all(*arguments.unpack()),))
        interface, prop_name = arguments.unpack()[:2]
        if name == "Get":
            return GLib.Variant("(v)", (self.get(interface, prop_name),))
        self.set(interface, prop_name, arguments.get_child_value(2).get_variant())
        return None

    def on_call(self, _connection, _sender, _path, interface, name, arguments, invocation):
        try:
            reply = self.answer(interface, name, arguments)
        except Error as error:
            invocation.return_dbus_error("org.freedesktop.DBus.Error.NotSupported", str(error))
            return
        self.announce()
        invocation.return_value(reply)
