"""MPRIS 2.2 as tables: interfaces, properties, methods, signals, and the fields of the metadata."""
import dataclasses

URL = "https://specifications.freedesktop.org/mpris-spec/latest/"

PATH = "/org/mpris/MediaPlayer2"
PREFIX = "org.mpris.MediaPlayer2."
ROOT = "org.mpris.MediaPlayer2"
PLAYER = f"{ROOT}.Player"
TRACK_LIST = f"{ROOT}.TrackList"
PLAYLISTS = f"{ROOT}.Playlists"
NO_TRACK = f"{PATH}/TrackList/NoTrack"

PAGES = {ROOT: "Media_Player.html", PLAYER: "Player_Interface.html", TRACK_LIST: "Track_List_Interface.html",
         PLAYLISTS: "Playlists_Interface.html"}

NAMES = "#Bus-Name-Policy"
ENTRY = "#Entry-point"
CHANGES = "#The-PropertiesChanged-signal"
METADATA = f"{PAGES[TRACK_LIST]}#Mapping:Metadata_Map"
TRACK_ID = f"{PAGES[PLAYER]}#Simple-Type:Track_Id"


def section(kind, name, interface=PLAYER):
    """Of a "Property", "Method" or "Signal": its page and anchor below URL."""
    return f"{PAGES[interface]}#{kind}:{name}"


@dataclasses.dataclass(frozen=True)
class Property:
    interface: str
    name: str
    type: str
    access: str = "read"
    optional: bool = False
    announces: str = "true"  # the annotation EmitsChangedSignal: true, invalidates or false

    @property
    def key(self):
        return self.interface, self.name


PROPERTIES = [
    Property(ROOT, "CanQuit", "b"),
    Property(ROOT, "Fullscreen", "b", "readwrite", optional=True),
    Property(ROOT, "CanSetFullscreen", "b", optional=True),
    Property(ROOT, "CanRaise", "b"),
    Property(ROOT, "HasTrackList", "b"),
    Property(ROOT, "Identity", "s"),
    Property(ROOT, "DesktopEntry", "s", optional=True),
    Property(ROOT, "SupportedUriSchemes", "as"),
    Property(ROOT, "SupportedMimeTypes", "as"),
    Property(PLAYER, "PlaybackStatus", "s"),
    Property(PLAYER, "LoopStatus", "s", "readwrite", optional=True),
    Property(PLAYER, "Rate", "d", "readwrite"),
    Property(PLAYER, "Shuffle", "b", "readwrite", optional=True),
    Property(PLAYER, "Metadata", "a{sv}"),
    Property(PLAYER, "Volume", "d", "readwrite"),
    Property(PLAYER, "Position", "x", announces="false"),
    Property(PLAYER, "MinimumRate", "d"),
    Property(PLAYER, "MaximumRate", "d"),
    Property(PLAYER, "CanGoNext", "b"),
    Property(PLAYER, "CanGoPrevious", "b"),
    Property(PLAYER, "CanPlay", "b"),
    Property(PLAYER, "CanPause", "b"),
    Property(PLAYER, "CanSeek", "b"),
    Property(PLAYER, "CanControl", "b", announces="false"),
    Property(TRACK_LIST, "Tracks", "ao", announces="invalidates"),
    Property(TRACK_LIST, "CanEditTracks", "b"),
    Property(PLAYLISTS, "PlaylistCount", "u"),
    Property(PLAYLISTS, "Orderings", "as"),
    Property(PLAYLISTS, "ActivePlaylist", "(b(oss))"),
]

METHODS = {  # name: the types of its arguments, and of its results
    ROOT: {"Raise": ("", ""), "Quit": ("", "")},
    PLAYER: {"Next": ("", ""), "Previous": ("", ""), "Pause": ("", ""), "PlayPause": ("", ""), "Stop": ("", ""), "Play": ("", ""),
             "Seek": ("x", ""), "SetPosition": ("ox", ""), "OpenUri": ("s", "")},
    TRACK_LIST: {"GetTracksMetadata": ("ao", "aa{sv}"), "AddTrack": ("sob", ""), "RemoveTrack": ("o", ""), "GoTo": ("o", "")},
    PLAYLISTS: {"ActivatePlaylist": ("o", ""), "GetPlaylists": ("uusb", "a(oss)")},
}

SIGNALS = {
    ROOT: {},
    PLAYER: {"Seeked": "x"},
    TRACK_LIST: {"TrackListReplaced": "aoo", "TrackAdded": "a{sv}o", "TrackRemoved": "o", "TrackMetadataChanged": "oa{sv}"},
    PLAYLISTS: {"PlaylistChanged": "(oss)"},
}

STATUSES = ("Playing", "Paused", "Stopped")
LOOPS = ("None", "Track", "Playlist")
ORDERINGS = ("Alphabetical", "Created", "Modified", "Played", "User")

FIELDS = {  # of the metadata, and their types
    "mpris:trackid": "o", "mpris:length": "x", "mpris:artUrl": "s", "xesam:album": "s", "xesam:albumArtist": "as",
    "xesam:artist": "as", "xesam:asText": "s", "xesam:audioBPM": "i", "xesam:autoRating": "d", "xesam:comment": "as",
    "xesam:composer": "as", "xesam:contentCreated": "s", "xesam:discNumber": "i", "xesam:firstUsed": "s", "xesam:genre": "as",
    "xesam:lastUsed": "s", "xesam:lyricist": "as", "xesam:title": "s", "xesam:trackNumber": "i", "xesam:url": "s",
    "xesam:useCount": "i", "xesam:userRating": "d",
}
DATES = ("xesam:contentCreated", "xesam:firstUsed", "xesam:lastUsed")
RATINGS = ("xesam:autoRating", "xesam:userRating")


def properties(*interfaces):
    return [prop for prop in PROPERTIES if prop.interface in interfaces]


def find(interface, name):
    """The property; None if the specification has none of this name."""
    return next((prop for prop in PROPERTIES if prop.key == (interface, name)), None)
