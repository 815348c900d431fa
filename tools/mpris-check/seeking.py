"""Checks that steer: the position in the track."""
import spec
from check import STEERS, STOPS, check, expect, need
from player import Gone
from spec import section
from states import MICRO, can, do, pause, refuses, without_effect


def ready(player):
    """Paused, in a track with room to move: its length in microseconds."""
    need(can(player, "CanSeek"), "CanSeek is false")
    pause(player)
    length = player.length()
    need(length and length >= 8 * MICRO, "the length of the track is unknown, or less than 8 s")
    return length


def place(player, position):
    """Paused at this position; the other checks judge how exactly."""
    do(player, "SetPosition", "ox", player.track(), position)
    need(player.wait(lambda: near(player, position)), "SetPosition does not move it: see set-position")


def near(player, position):
    return abs(player.position() - position) <= player.timing.tolerance * MICRO


def identified(player):
    need(isinstance(player.track(), str), "the track has no identifier: see track-id")


def expect_at(player, position):
    expect(player.wait(lambda: near(player, position)),
           f"the position is {player.position() / MICRO:.2f} s, not {position / MICRO:.2f} s")


@check("set-position", STEERS, section("Method", "SetPosition"), "SetPosition sets the position, if CanSeek is true")
def set_position(player):
    length = ready(player)
    identified(player)
    for part in (4, 2):
        do(player, "SetPosition", "ox", player.track(), length // part)
        expect_at(player, length // part)


@check("seek", STEERS, section("Method", "Seek"), "Seek moves forward and back by its offset, if CanSeek is true")
def seek(player):
    length = ready(player)
    identified(player)
    place(player, length // 2)
    for offset in (length // 4, -length // 4):
        begin = player.position()
        do(player, "Seek", "x", offset)
        expect_at(player, begin + offset)


@check("seek-before-the-start", STEERS, section("Method", "Seek"), "Seek to before the start goes to 0, in the same track")
def seek_before_the_start(player):
    length = ready(player)
    identified(player)
    place(player, length // 2)
    track = player.track()
    do(player, "Seek", "x", -2 * length)
    expect_at(player, 0)
    expect(player.track() == track, "the track is another one")


def check_seeked(name, method, arguments):
    @check(name, STEERS, section("Signal", "Seeked"), f"after {method}, Seeked says the new position")
    def is_signalled(player):
        length = ready(player)
        identified(player)
        place(player, length // 4)
        player.settle()
        begun = len(player.signals)
        do(player, method, *arguments(player, length))
        expect(player.wait(lambda: player.seeked(begun)), "there is no Seeked")
        expect(player.wait(lambda: near(player, player.seeked(begun)[-1])),
               f"Seeked says {player.seeked(begun)[-1] / MICRO:.2f} s, and Position {player.position() / MICRO:.2f} s")


check_seeked("seek-is-signalled", "Seek", lambda player, length: ("x", length // 4))
check_seeked("set-position-is-signalled", "SetPosition", lambda player, length: ("ox", player.track(), length // 2))


def check_ignored(name, rule, arguments):
    @check(name, STEERS, section("Method", "SetPosition"), rule)
    def is_ignored(player):
        length = ready(player)
        identified(player)
        place(player, length // 4)
        player.settle()
        without_effect(player, lambda: player.attempt("SetPosition", "ox", *arguments(player.track(), length)), "SetPosition()")


check_ignored("set-position-stale", "SetPosition with the identifier of another track is ignored",
              lambda track, length: ("/mpris_check/another_track", length // 2))
check_ignored("set-position-no-track", "SetPosition with .../TrackList/NoTrack is ignored",
              lambda track, length: (spec.NO_TRACK, length // 2))
check_ignored("set-position-before-the-start", "SetPosition to less than 0 is ignored",
              lambda track, length: (track, -5 * MICRO))
check_ignored("set-position-beyond-the-end", "SetPosition to more than the length is ignored",
              lambda track, length: (track, length + 5 * MICRO))


@check("cannot-seek", STEERS, section("Method", "Seek"), "Seek has no effect if CanSeek is false")
def cannot_seek(player):
    need(not player.read("CanSeek"), "CanSeek is true")
    refuses(player, "Seek", "x", 5 * MICRO)


@check("cannot-set-position", STEERS, section("Method", "SetPosition"), "SetPosition has no effect if CanSeek is false")
def cannot_set_position(player):
    need(not player.read("CanSeek"), "CanSeek is true")
    identified(player)
    refuses(player, "SetPosition", "ox", player.track(), (player.length() or 60 * MICRO) // 2)


@check("seek-beyond-the-end", STOPS, section("Method", "Seek"), "Seek to beyond the end acts like Next")
def seek_beyond_the_end(player):
    length = ready(player)
    track, next_one = player.track(), can(player, "CanGoNext")
    need(next_one or player.read("LoopStatus") in (None, "None"), "there is no next track, and LoopStatus is not None")
    do(player, "Seek", "x", length + 5 * MICRO)
    try:
        if next_one:
            expect(player.wait(lambda: player.track() not in (None, track)), f"the track is still {track}")
        else:
            expect(player.wait_for_status("Stopped"), f"there is no next track, and PlaybackStatus is {player.status()}")
    except Gone:
        need(False, "the player leaves the bus at the end of the last track, which the specification does not forbid")
