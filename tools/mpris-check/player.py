"""The player at the other end of the bus: its properties, methods and signals."""
import collections
import dataclasses
import time

from gi.repository import Gio, GLib

import spec

BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
PROPERTIES = f"{BUS}.Properties"
LEFT = (f"{BUS}.Error.ServiceUnknown", f"{BUS}.Error.NameHasNoOwner")
SILENT = (f"{BUS}.Error.NoReply", f"{BUS}.Error.Timeout", f"{BUS}.Error.TimedOut")
STATE = ("PlaybackStatus", "LoopStatus", "Rate", "Shuffle", "Volume")  # what a call without effect leaves as it is


class Refused(Exception):
    """The player answered with an error."""


class Silent(Exception):
    """The player did not answer in time."""


class Gone(Exception):
    """The player left the bus."""


@dataclasses.dataclass
class Timing:
    timeout: float = 5.0  # seconds for an answer, or for something to happen
    settle: float = 0.5  # seconds in which nothing must happen
    tolerance: float = 1.0  # seconds by which a position may be off


Signal = collections.namedtuple("Signal", "interface member arguments")
Moment = collections.namedtuple("Moment", "status rate position before after")


def connect():
    address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION)
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def names(connection):
    """Of all players on the bus."""
    reply = connection.call_sync(BUS, BUS_PATH, BUS, "ListNames", None, None, Gio.DBusCallFlags.NONE, -1)
    return sorted(name for name in reply.unpack()[0] if name.startswith(spec.PREFIX))


def entries(dictionary):
    """A variant a{sv}, as a dict of variants, which keep their types."""
    pairs = (dictionary.get_child_value(i) for i in range(dictionary.n_children()))
    return {pair.get_child_value(0).get_string(): pair.get_child_value(1).get_variant() for pair in pairs}


def show(value):
    """A variant as text, for a message."""
    if value is None:
        return "nothing"
    return repr(value.unpack()) if value.get_type_string() == "d" else value.print_(True)


class Player:
    def __init__(self, connection, name, timing):
        self.connection = connection
        self.name = name
        self.timing = timing
        self.gone = False
        self.signals = []
        self.believed = {}  # by a client that believes every PropertiesChanged: (interface, name) -> variant
        self.could_control = None  # CanControl at first
        self.lies = {}  # (interface, name) -> how the belief was wrong
        self.owner = self.bus("GetNameOwner", name).unpack()[0]
        connection.signal_subscribe(self.owner, None, None, None, None, Gio.DBusSignalFlags.NONE, self.on_signal)
        connection.signal_subscribe(BUS, BUS, "NameOwnerChanged", BUS_PATH, self.owner, Gio.DBusSignalFlags.NONE, self.on_owner)
        self.could_control = self.read("CanControl")

    # ---- calls ----

    def bus(self, method, *names_):
        return self.connection.call_sync(BUS, BUS_PATH, BUS, method, GLib.Variant(f"({'s' * len(names_)})", names_), None,
                                         Gio.DBusCallFlags.NONE, -1)

    def call_any(self, interface, method, arguments=None):
        """The reply, a tuple. Raises Refused, Silent or Gone."""
        if self.gone:
            raise Gone
        try:
            return self.connection.call_sync(self.owner, spec.PATH, interface, method, arguments, None,
                                             Gio.DBusCallFlags.NO_AUTO_START, int(self.timing.timeout * 1000))
        except GLib.Error as error:
            name = Gio.DBusError.get_remote_error(error) or ""
            self.dispatch()
            if self.gone or name in LEFT:
                self.gone = True
                raise Gone from None
            if name in SILENT or error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
                raise Silent(f"{method} got no answer in {self.timing.timeout:g} s") from None
            raise Refused(error.message.removeprefix("GDBus.Error:")) from None

    def call(self, method, types="", *values, interface=spec.PLAYER):
        return self.call_any(interface, method, GLib.Variant(f"({types})", values) if types else None)

    def attempt(self, method, types="", *values, interface=spec.PLAYER):
        """As call(); the error of a refusal, or None."""
        try:
            self.call(method, types, *values, interface=interface)
        except Refused as refusal:
            return refusal
        return None

    def introspect(self):
        return self.call_any(f"{BUS}.Introspectable", "Introspect").unpack()[0]

    # ---- properties ----

    def get(self, name, interface=spec.PLAYER):
        return self.call_any(PROPERTIES, "Get", GLib.Variant("(ss)", (interface, name))).get_child_value(0).get_variant()

    def get_all(self, interface=spec.PLAYER):
        return entries(self.call_any(PROPERTIES, "GetAll", GLib.Variant("(s)", (interface,))).get_child_value(0))

    def set(self, name, types, value, interface=spec.PLAYER):
        """The error of a refusal, or None."""
        try:
            self.call_any(PROPERTIES, "Set", GLib.Variant("(ssv)", (interface, name, GLib.Variant(types, value))))
        except Refused as refusal:
            return refusal
        return None

    def read(self, name, interface=spec.PLAYER):
        """The value; None if there is no such property."""
        try:
            return self.get(name, interface).unpack()
        except Refused:
            return None

    def implements(self, interface):
        """As the specification advises: whether its first property can be read."""
        return self.read(spec.properties(interface)[0].name, interface) is not None

    def status(self):
        return self.read("PlaybackStatus")

    def metadata(self):
        """A dict of variants."""
        try:
            value = self.get("Metadata")
        except Refused:
            return {}
        return entries(value) if value.get_type_string() == "a{sv}" else {}

    def track(self):
        """Its identifier, or the rest of the metadata where a player has none; None: no track."""
        metadata = self.metadata()
        identifier = metadata.get("mpris:trackid")
        if identifier is not None:  # a variant is false if its value is
            return None if identifier.unpack() == spec.NO_TRACK else identifier.unpack()
        return {key: value.unpack() for key, value in metadata.items()} or None

    def length(self):
        """Microseconds; None if it is not known."""
        length = self.metadata().get("mpris:length")
        is_number = length is not None and length.get_type_string() in ("x", "t", "i", "u")
        return length.unpack() if is_number and length.unpack() > 0 else None

    def position(self):
        return self.read("Position") or 0

    def moment(self):
        """The position, and between which two times it was so."""
        status, rate = self.status(), self.read("Rate") or 1.0
        before = time.monotonic()
        position = self.position()
        return Moment(status, rate, position, before, time.monotonic())

    def state(self):
        """What a call without effect leaves as it is, apart from the position."""
        try:
            known = self.get_all()
        except Refused:
            known = {}
        state = {name: known[name].unpack() for name in STATE if name in known}
        return state | {"track": self.track()}

    # ---- signals and time ----

    def on_signal(self, _connection, _sender, _path, interface, member, arguments):
        if _path != spec.PATH:
            return
        self.signals.append(Signal(interface, member, arguments))
        if member == "PropertiesChanged" and arguments.get_type_string() == "(sa{sv}as)":
            changed_interface = arguments.get_child_value(0).get_string()
            for name, value in entries(arguments.get_child_value(1)).items():
                self.believed[changed_interface, name] = value
            for name in arguments.get_child_value(2).unpack():
                self.believed.pop((changed_interface, name), None)

    def on_owner(self, _connection, _sender, _path, _interface, _member, arguments):
        self.gone = arguments.unpack()[2] == ""

    def dispatch(self):
        """Takes in the signals that have come."""
        while GLib.MainContext.default().iteration(False):
            pass

    def pause(self, seconds):
        over = []
        GLib.timeout_add(max(1, int(seconds * 1000)), lambda: over.append(True))
        while not over:
            GLib.MainContext.default().iteration(True)

    def settle(self):
        self.pause(self.timing.settle)

    def wait(self, condition, seconds=None):
        """Until the condition is true, and returns it; None if it does not become so in time."""
        deadline = time.monotonic() + (self.timing.timeout if seconds is None else seconds)
        while True:
            self.dispatch()
            if result := condition():
                return result
            if time.monotonic() > deadline:
                return None
            self.pause(0.02)

    def wait_for_status(self, *statuses):
        return self.wait(lambda: self.status() in statuses)

    def seeked(self, since):
        """The positions of the signals Seeked, after so many signals of any kind."""
        self.dispatch()
        return [signal.arguments.unpack()[0] for signal in self.signals[since:]
                if (signal.interface, signal.member) == (spec.PLAYER, "Seeked") and signal.arguments.get_type_string() == "(x)"]

    def changes(self):
        """Of every PropertiesChanged: interface, dict of variants, names that were only invalidated."""
        for signal in self.signals:
            if (signal.interface, signal.member) == (PROPERTIES, "PropertiesChanged") \
                    and signal.arguments.get_type_string() == "(sa{sv}as)":
                interface, values, invalidated = (signal.arguments.get_child_value(i) for i in range(3))
                yield interface.get_string(), entries(values), invalidated.unpack()

    # ---- does a client that believes the signals know the truth? ----

    def announced(self):
        """The properties whose changes are announced, as they are now: (interface, name) -> variant."""
        known = {}
        for interface in (spec.ROOT, spec.PLAYER):
            try:
                values = self.get_all(interface)
            except Refused:
                continue
            known |= {(interface, name): value for name, value in values.items()
                      if (prop := spec.find(interface, name)) and prop.announces == "true"}
        return known

    def differences(self):
        """Empty if everything that has changed has been announced. What has only been invalidated is read anew."""
        now = self.announced()
        self.dispatch()
        for key in now.keys() - self.believed.keys():
            self.believed[key] = now[key]
        return {key: (self.believed[key], now[key]) for key in now if not self.believed[key].equal(now[key])}

    def compare(self, after):
        """Notes which changes have not been announced in time. `after` says after what."""
        if self.gone or self.wait(lambda: not self.differences()):
            return
        for key, (believed, now) in self.differences().items():
            self.lies.setdefault(key, f"{key[1]} is {show(now)}; the last value announced is {show(believed)} (after {after})")
            self.believed[key] = now
