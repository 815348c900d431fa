"""Checks that read the metadata of the current track."""
import re

import spec
from check import READS, check, expect, need
from player import show
from spec import section

DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*")


def fields(player):
    metadata = player.metadata()
    need(metadata, "there is no metadata")
    return metadata


def complain(wrong):
    expect(not wrong, "\n".join(wrong))


@check("track-id", READS, section("Property", "Metadata"),
       "while there is a current track, mpris:trackid is there, with the type o")
def track_id(player):
    metadata, status = player.metadata(), player.status()
    need(metadata or status != "Stopped", "there is no current track")
    identifier = metadata.get("mpris:trackid")
    expect(identifier is not None, f"it is missing while PlaybackStatus is {status}")
    expect(identifier.get_type_string() == "o", f"it is {show(identifier)}, of the type {identifier.get_type_string()}")


@check("track-id-path", READS, spec.TRACK_ID,
       "mpris:trackid does not begin with /org/mpris, unless it is .../TrackList/NoTrack, when there is no track")
def track_id_path(player):
    identifier = fields(player).get("mpris:trackid")
    need(identifier is not None and identifier.get_type_string() in "os", "see track-id")
    path, status = identifier.unpack(), player.status()
    expect(path == spec.NO_TRACK or not re.match("/org/mpris(/|$)", path), f"it is {path}")
    expect(path != spec.NO_TRACK or status == "Stopped", f"it is NoTrack while PlaybackStatus is {status}")


@check("length", READS, spec.METADATA, "mpris:length, if it is there, is 0 or more microseconds, with the type x")
def length(player):
    found = fields(player).get("mpris:length")
    need(found is not None, "the player has none")
    expect(found.get_type_string() == "x", f"it is {show(found)}, of the type {found.get_type_string()}")
    expect(found.unpack() >= 0, f"it is {found.unpack()}")


@check("metadata-types", READS, spec.METADATA,
       "the fields have the types of the metadata guidelines; lists of strings are lists, also with one string")
def metadata_types(player):
    complain([f"{name} is {show(value)}, of the type {value.get_type_string()}, not {spec.FIELDS[name]}"
              for name, value in fields(player).items()
              if name in spec.FIELDS and name not in ("mpris:trackid", "mpris:length") and value.get_type_string() != spec.FIELDS[name]])


@check("metadata-names", READS, spec.METADATA,
       "names of fields have a prefix; only those of the specification begin with \"mpris:\"")
def metadata_names(player):
    complain([f"{name!r} has no prefix" for name in fields(player) if not re.fullmatch(r"[^:]+:.+", name)]
             + [f"{name} is not in the specification" for name in fields(player) if name.startswith("mpris:") and name not in spec.FIELDS])


@check("metadata-uris", READS, spec.METADATA, "mpris:artUrl and xesam:url are URIs; files begin with \"file://\"")
def metadata_uris(player):
    found = {name: value.unpack() for name, value in fields(player).items() if name in ("mpris:artUrl", "xesam:url")}
    need(found, "the player has none")
    complain([f"{name} is {uri!r}" for name, uri in found.items()
              if not URI.fullmatch(str(uri)) or re.match("file:(?!//)", str(uri))])


@check("metadata-dates", READS, spec.METADATA, "dates have the ISO 8601 extended format, such as 2007-04-29T14:35:51+02:00")
def metadata_dates(player):
    found = {name: value.unpack() for name, value in fields(player).items() if name in spec.DATES}
    need(found, "the player has none")
    complain([f"{name} is {date!r}" for name, date in found.items() if not DATE.fullmatch(str(date))])


@check("metadata-ratings", READS, spec.METADATA, "ratings are between 0.0 and 1.0")
def metadata_ratings(player):
    found = {name: value.unpack() for name, value in fields(player).items() if name in spec.RATINGS}
    need(found, "the player has none")
    complain([f"{name} is {rating}" for name, rating in found.items() if not 0 <= rating <= 1])
