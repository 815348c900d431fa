"""Checks that steer: play, pause and the tracks."""
import time

from check import STEERS, STOPS, check, expect, need
from player import Gone
from spec import ROOT, section
from states import MICRO, can, do, drift, need_control, pause, play, refuses, without_effect


# ---- pause and play ----

@check("pause", STEERS, section("Method", "Pause"), "Pause pauses, if CanPause is true")
def pause_pauses(player):
    need(can(player, "CanPause"), "CanPause is false")
    play(player)
    do(player, "Pause")
    expect(player.wait_for_status("Paused"), f"PlaybackStatus is {player.status()}")


@check("pause-stands", STEERS, section("Signal", "Seeked"), "the position stands while playback is paused")
def pause_stands(player):
    pause(player)
    before = player.moment()
    player.settle()
    after = player.moment()
    expect(after.position == before.position, f"it went from {before.position} to {after.position}")


@check("pause-again", STEERS, section("Method", "Pause"), "Pause has no effect if playback is paused already")
def pause_again(player):
    pause(player)
    without_effect(player, lambda: do(player, "Pause"), "the second Pause()")


@check("play", STEERS, section("Method", "Play"), "Play starts or resumes playback, if CanPlay is true")
def play_plays(player):
    need(can(player, "CanPlay"), "CanPlay is false")
    if player.status() == "Playing":
        pause(player)
    do(player, "Play")
    expect(player.wait_for_status("Playing"), f"PlaybackStatus is {player.status()}")


@check("play-resumes", STEERS, section("Method", "Play"), "after a pause, playback resumes from the same position")
def play_resumes(player):
    need(can(player, "CanPlay"), "CanPlay is false")
    pause(player)
    before, track = player.moment(), player.track()
    do(player, "Play")
    expect(player.wait_for_status("Playing"), f"PlaybackStatus is {player.status()}")
    after = player.moment()
    gone, most = (after.position - before.position) / MICRO, (after.after - before.before) * before.rate
    expect(player.track() == track, "the track is another one")
    expect(-player.timing.tolerance <= gone <= most + player.timing.tolerance,
           f"it went from {before.position / MICRO:.2f} s to {after.position / MICRO:.2f} s")


@check("play-again", STEERS, section("Method", "Play"), "Play has no effect if a track plays already")
def play_again(player):
    play(player)
    without_effect(player, lambda: do(player, "Play"), "the second Play()")


@check("play-pause", STEERS, section("Method", "PlayPause"), "PlayPause pauses what plays, and resumes what is paused")
def play_pause(player):
    need(can(player, "CanPause"), "CanPause is false")
    play(player)
    for status in ("Paused", "Playing"):
        do(player, "PlayPause")
        expect(player.wait_for_status(status), f"PlaybackStatus is {player.status()}, not {status}")


@check("position-runs", STEERS, section("Property", "Position"),
       "while a track plays, the position runs as Rate says, or Seeked says where it has gone")
def position_runs(player):
    play(player)
    believed = player.moment()
    begun = len(player.signals)

    def off():
        nonlocal believed, begun
        if seeked := player.seeked(begun):  # a client takes the position from there
            begun = len(player.signals)
            now = player.moment()
            believed = now._replace(position=seeked[-1])
        return drift(player, believed, player.moment())

    end = time.monotonic() + 1.5 * player.timing.tolerance
    while time.monotonic() < end:
        player.settle()
        need(player.status() == "Playing", "the track ended meanwhile")
        expect(player.wait(lambda: off() <= player.timing.tolerance),
               f"after {player.moment().after - believed.after:.1f} s at the rate {believed.rate}, the position is off by {off():.1f} s")


def check_constant(name, prop):
    @check(name, STEERS, section("Property", prop), f"{prop} does not depend on whether playback is paused")
    def is_constant(player):
        need_control(player)
        pause(player)
        paused = player.read(prop)
        play(player)
        expect(player.wait(lambda: player.read(prop) == paused), f"{prop} is {paused} while paused, and {player.read(prop)} while playing")


check_constant("can-play-is-constant", "CanPlay")
check_constant("can-pause-is-constant", "CanPause")


@check("cannot-pause", STEERS, section("Method", "Pause"), "Pause has no effect if CanPause is false")
def cannot_pause(player):
    need(not player.read("CanPause"), "CanPause is true")
    refuses(player, "Pause")


@check("cannot-play-pause", STEERS, section("Method", "PlayPause"), "PlayPause has no effect and is an error if CanPause is false")
def cannot_play_pause(player):
    need(not player.read("CanPause"), "CanPause is true")
    expect(refuses(player, "PlayPause"), "PlayPause() is no error")


@check("cannot-play", STEERS, section("Method", "Play"), "Play has no effect if CanPlay is false")
def cannot_play(player):
    need(not player.read("CanPlay"), "CanPlay is true")
    refuses(player, "Play")


# ---- tracks ----

def skip(player, method):
    """To another track, and returns its predecessor's identifier."""
    track = player.track()
    need(track is not None, "there is no current track")
    do(player, method)
    expect(player.wait(lambda: player.track() not in (None, track)), f"the track is still {track}")


def check_skip(method, can_name):
    name = method.lower()
    rule = f"{method} changes the track, if {can_name} is true"

    @check(name, STOPS, section("Method", method), rule)
    def skips(player):
        need(can(player, can_name), f"{can_name} is false")
        play(player)
        skip(player, method)

    @check(f"{name}-keeps-pause", STOPS, section("Method", method), f"playback that is paused stays so after {method}")
    def keeps_pause(player):
        need(can(player, can_name), f"{can_name} is false")
        pause(player)
        skip(player, method)
        player.settle()
        expect(player.status() == "Paused", f"PlaybackStatus is {player.status()}")

    @check(f"cannot-go-{name}", STEERS, section("Method", method), f"{method} has no effect if {can_name} is false")
    def has_no_effect(player):
        need(not player.read(can_name), f"{can_name} is true")
        refuses(player, method)


check_skip("Next", "CanGoNext")
check_skip("Previous", "CanGoPrevious")


@check("track-begins", STOPS, section("Signal", "Seeked"), "a new track begins at 0, or Seeked says where")
def track_begins(player):
    need(can(player, "CanGoNext"), "CanGoNext is false")
    pause(player)
    begun = len(player.signals)
    skip(player, "Next")
    player.settle()
    known = player.seeked(begun)[-1:] or [0]
    position = player.position()
    expect(abs(position - known[0]) <= player.timing.tolerance * MICRO, f"it begins at {position / MICRO:.2f} s")


# ---- the end ----

def stop(player):
    """Whether the player is still there."""
    if player.status() != "Stopped":
        do(player, "Stop")
    try:
        return player.wait_for_status("Stopped")
    except Gone:
        return False


@check("stop", STOPS, section("Method", "Stop"), "Stop stops playback, if CanControl is true")
def stop_stops(player):
    need_control(player)
    play(player)
    try:
        do(player, "Stop")
        expect(player.wait_for_status("Stopped"), f"PlaybackStatus is {player.status()}")
    except Gone:
        need(False, "the player leaves the bus when it is stopped, which the specification does not forbid")


@check("stop-again", STOPS, section("Method", "Stop"), "Stop has no effect if playback is stopped already")
def stop_again(player):
    need_control(player)
    need(stop(player), "Stop does not stop it: see stop")
    without_effect(player, lambda: do(player, "Stop"), "the second Stop()")


def check_start(name, method, rule):
    @check(name, STOPS, section("Method", method), rule)
    def starts(player):
        need_control(player)
        need(stop(player), "Stop does not stop it: see stop")
        for needed in ("CanPlay",) if method == "Play" else ("CanPlay", "CanPause"):
            need(can(player, needed), f"{needed} is false after Stop")
        begun = len(player.signals)
        do(player, method)
        expect(player.wait_for_status("Playing"), f"PlaybackStatus is {player.status()}")
        position = player.position()
        expect(position <= (player.timing.tolerance + player.timing.settle) * MICRO or player.seeked(begun),
               f"the track begins at {position / MICRO:.2f} s")


check_start("play-after-stop", "Play", "after Stop, Play begins at the start of the track")
check_start("play-pause-after-stop", "PlayPause", "after Stop, PlayPause starts playback")


@check("open-unsupported-uri", STOPS, section("Method", "OpenUri"), "OpenUri does nothing with a scheme that is not supported")
def open_unsupported_uri(player):
    need(player.read("SupportedUriSchemes", ROOT), "the player supports no scheme: see cannot-open-uri")
    refuses(player, "OpenUri", "s", "x-mpris-check:nothing")
