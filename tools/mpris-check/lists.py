"""Checks of the optional interfaces: the list of tracks, and the playlists."""
import re

from gi.repository import GLib

import spec
from check import READS, STEERS, STOPS, check, expect, need
from player import entries
from spec import PLAYLISTS, TRACK_LIST, section


def tracks(player):
    need(player.implements(TRACK_LIST), "the player has no list of tracks")
    return player.read("Tracks", TRACK_LIST)


@check("tracks-differ", READS, section("Property", "Tracks", TRACK_LIST),
       "each entry of Tracks has an identifier of its own, which does not begin with /org/mpris")
def tracks_differ(player):
    found = tracks(player)
    expect(len(set(found)) == len(found), "two entries have the same identifier")
    expect(not (own := [track for track in found if re.match("/org/mpris(/|$)", track)]), f"{own}")


@check("tracks-have-the-current", READS, "Track_List_Interface.html", "the current track is in Tracks")
def tracks_have_the_current(player):
    found, current = tracks(player), player.track()
    need(current is not None, "there is no current track")
    expect(current in found, f"{current} is not in it")


@check("tracks-metadata", READS, section("Method", "GetTracksMetadata", TRACK_LIST),
       "GetTracksMetadata gives each track's metadata, with its mpris:trackid")
def tracks_metadata(player):
    asked = tracks(player)[:20]
    need(asked, "the list is empty")
    reply = player.call("GetTracksMetadata", "ao", asked, interface=TRACK_LIST).get_child_value(0)
    given = [entries(reply.get_child_value(i)).get("mpris:trackid") for i in range(reply.n_children())]
    expect(sorted(one.unpack() if one else "nothing" for one in given) == sorted(asked),
           f"asked for {asked}, it has {[one.unpack() if one else 'nothing' for one in given]}")


@check("cannot-edit-tracks", STEERS, section("Property", "CanEditTracks", TRACK_LIST),
       "AddTrack and RemoveTrack have no effect if CanEditTracks is false")
def cannot_edit_tracks(player):
    before = tracks(player)
    need(not player.read("CanEditTracks", TRACK_LIST), "CanEditTracks is true")
    need(before, "the list is empty")
    player.attempt("AddTrack", "sob", "file:///dev/null", spec.NO_TRACK, False, interface=TRACK_LIST)
    player.attempt("RemoveTrack", "o", before[-1], interface=TRACK_LIST)
    player.settle()
    expect(tracks(player) == before, f"Tracks was {before} and is {tracks(player)}")


@check("remove-unknown-track", STEERS, section("Method", "RemoveTrack", TRACK_LIST),
       "RemoveTrack has no effect with a track that is not in the list")
def remove_unknown_track(player):
    before = tracks(player)
    for track in ("/mpris_check/another_track", spec.NO_TRACK):
        player.attempt("RemoveTrack", "o", track, interface=TRACK_LIST)
    player.settle()
    expect(tracks(player) == before, f"Tracks was {before} and is {tracks(player)}")


@check("go-to-unknown-track", STEERS, section("Method", "GoTo", TRACK_LIST),
       "GoTo has no effect with a track that is not in the list")
def go_to_unknown_track(player):
    tracks(player)
    before = player.track()
    player.attempt("GoTo", "o", "/mpris_check/another_track", interface=TRACK_LIST)
    player.settle()
    expect(player.track() == before, f"the track was {before} and is {player.track()}")


@check("go-to", STOPS, section("Method", "GoTo", TRACK_LIST), "GoTo skips to a track of the list")
def go_to(player):
    others = [track for track in tracks(player) if track != player.track()]
    need(others and player.read("CanControl"), "there is no other track, or CanControl is false")
    refusal = player.attempt("GoTo", "o", others[0], interface=TRACK_LIST)
    expect(not refusal, f"GoTo is refused: {refusal}")
    expect(player.wait(lambda: player.track() == others[0]), f"the track is {player.track()}, not {others[0]}")


def orderings(player):
    need(player.implements(PLAYLISTS), "the player has no playlists")
    return player.read("Orderings", PLAYLISTS)


@check("playlist-orderings", READS, section("Property", "Orderings", PLAYLISTS),
       "Orderings has at least one entry, and only those of the specification")
def playlist_orderings(player):
    found = orderings(player)
    expect(found, "it is empty")
    expect(not (unknown := set(found) - set(spec.ORDERINGS)), f"unknown: {', '.join(unknown)}")


@check("playlists", READS, section("Method", "GetPlaylists", PLAYLISTS),
       "GetPlaylists gives at most as many playlists as asked for, and PlaylistCount says how many there are")
def playlists(player):
    order, count = orderings(player)[0], player.read("PlaylistCount", PLAYLISTS)
    for most in (1, count + 1):
        found = player.call_any(PLAYLISTS, "GetPlaylists", GLib.Variant("(uusb)", (0, most, order, False))).unpack()[0]
        expect(len(found) == min(most, count), f"of {count}, it gives {len(found)} when asked for {most}")
