"""Music under the words, found again in rendered files: what is there with music and not without is the music."""
import array
import datetime
import math
import os
import random
import re
import signal
import subprocess
import unittest

import control
import rules
import sv
import tunes
import wav

RATE = 48000
FUZZED = int(os.environ.get("SV_FUZZED", 200))  # `tests/bench/run hostile` asks for more
AT_ONCE = 200

ROUTINE = """[routine]
title = Music
{head}
[alone]
title = Alone
say = Sit down, and breathe calmly for {{seconds}} seconds.
hold = {hold}s
"""
QUIET = ("--set", "sound.wake=0s", "--set", "count.tick=off", "--set", "pace.prepare=2s")


class Music(sv.TestCase):
    voice = "tone"

    def setUp(self):
        super().setUp()
        sv.need("ffmpeg")
        self.directory = self.home.path("music")
        self.directory.mkdir()

    def routine(self, head="", hold=30):
        return self.home.write("routine.ini", ROUTINE.format(head=head, hold=hold))

    def render(self, music, *options, head="", hold=30, code=0, name="out.wav"):
        """What was rendered, and the warnings."""
        arguments = ("--music", music) if music is not None else ()
        path = self.home.path(name)
        run = self.sv("render", *QUIET, *arguments, *options, self.routine(head, hold), path, code=code)
        warnings = [line for line in run.err.splitlines() if "measuring how loud" not in line]
        return wav.Wav(path) if code == 0 else None, warnings

    def stems(self, music, *options, **values):
        """The whole, its words, its music (each 16-bit stereo), and the plan of the words."""
        both, warnings = self.render(music, *options, **values)
        self.assertEqual(warnings, [])
        words, _ = self.render(None, *options, **values)
        self.assertEqual(both.frames, words.frames)
        alone = array.array("h", (a - b for a, b in zip(array.array("h", both.stereo), array.array("h", words.stereo))))
        plan = self.sv("plan", "--json", *QUIET, *options, self.routine(**values)).lines()[1:]
        return both, array.array("h", words.stereo), alone, [row for row in plan if row["type"] == "speech"]


def bridged(words, gap):
    """Begin and end of words, with shorter gaps between them closed."""
    parts = []
    for row in words:
        if parts and row["frame"] - parts[-1][1] < gap:
            parts[-1][1] = rules.end(row)
        else:
            parts.append([row["frame"], rules.end(row)])
    return parts


def cut(samples, parts):
    return b"".join(samples[2 * max(0, begin):2 * end].tobytes() for begin, end in parts)


class Levels(Music):
    voice = None  # real speech

    def test_words_stand_20_lu_over_music_and_it_comes_back_between_them(self):
        tune = tunes.make(self.directory / "noise.ogg", seconds=40)
        both, words, music, rows = self.stems(tune, "--set", "music.fade=1s")
        said = [(row["frame"], rules.end(row)) for row in rows if row["frame"] > RATE and rules.end(row) < both.frames - RATE]
        between = [(end + int(1.5 * RATE), begin - int(0.35 * RATE))
                   for (_, end), (begin, _) in zip(bridged(rows, 2 * RATE), bridged(rows, 2 * RATE)[1:])]
        over = tunes.lufs(cut(words, said)) - tunes.lufs(cut(music, said))
        self.assertGreaterEqual(over, 19, "words over music")
        self.assertLess(abs(tunes.lufs(cut(music, between)) - (-18 - 8)), 1)

    def test_no_click_and_no_steep_slope(self):
        """An even tone shows every step. Its own steepest sample-to-sample step is the measure."""
        tune = tunes.make(self.directory / "tone.flac", tunes.SINE, seconds=7)  # it begins anew several times, crossed with itself
        for duck in (12, 40):
            _, _, music, rows = self.stems(tune, "--set", f"music.duck={duck}", "--set", "music.fade=2s")
            left = music[0::2]
            peak = max(left)
            own = peak * 2 * math.pi * 1000 / RATE
            self.assertLessEqual(max(abs(a - b) for a, b in zip(left, left[1:])), own * math.sqrt(2) + 3)
            begin, end = bridged(rows, 2 * RATE)[1]  # away from both ends, and from where the file meets itself?
            part = RATE // 100
            levels = [20 * math.log10(max(left[at:at + part])) for at in range(begin - RATE, begin - RATE // 20, part)]
            slopes = [abs(a - b) * 100 for a, b in zip(levels, levels[1:])]
            self.assertLess(max(slopes), 80 + 8, "dB a second, and what a whole number of samples adds")

    def test_down_before_the_first_word_and_silent_at_both_ends(self):
        tune = tunes.make(self.directory / "tone.flac", tunes.SINE, seconds=100)
        both, _, music, rows = self.stems(tune)
        left = music[0::2]
        begin, _ = bridged(rows, 2 * RATE)[1]
        early = max(left[begin - RATE // 2:begin - RATE * 32 // 100])
        for frame in (begin - RATE // 20, begin, begin + RATE // 10):
            self.assertLess(abs(20 * math.log10(max(left[frame:frame + RATE // 50]) / early) + 12), 0.1)
        self.assertEqual((left[0], left[both.frames - 1]), (0, 0))
        self.assertLess(max(left[:RATE // 100]), 5)


def amplitude(samples, frequency):
    """Of one of several tones whose whole waves fit."""
    turn = 2 * math.pi * frequency / RATE
    return 2 * abs(sum(sample * complex(math.cos(n * turn), math.sin(n * turn)) for n, sample in enumerate(samples))) / len(samples)


class Crossfade(Music):
    def test_two_files_cross_for_as_long_as_a_fade_at_equal_power(self):
        """Each is a tone, so that its share is known in each millisecond."""
        low, high = 1000, 3000
        for number, frequency in enumerate((low, high)):
            tunes.make(self.directory / f"{number}.wav", f"sine=frequency={frequency}:sample_rate={{rate}}:duration={{seconds}}", seconds=4)
        _, _, music, _ = self.stems(self.directory, "--set", "music.duck=0", "--set", "music.fade=1s")
        ms = RATE // 1000
        shares = {}
        for frequency in (low, high):
            levels = [amplitude(music[2 * at:2 * (at + ms):2], frequency) for at in range(0, 20 * RATE, ms)]
            whole = max(levels)
            shares[frequency] = [level / whole for level in levels]
        for n, (falls, rises) in enumerate(((low, high), (high, low), (low, high), (high, low), (low, high))):
            begin = 3000 * (n + 1)  # ms: each file has 4 s, of which the last one is shared
            for at in range(-1000, 2000, 50) if n else range(-500, 2000, 50):
                part = min(max((at + 0.5) / 1000, 0), 1)
                self.assertAlmostEqual(shares[falls][begin + at], math.cos(math.pi / 2 * part), delta=0.02, msg=(n, at))
                self.assertAlmostEqual(shares[rises][begin + at], math.sin(math.pi / 2 * part), delta=0.02, msg=(n, at))


class Wake(Music):
    def test_faint_noise_only_without_music(self):
        """Also where the music is silent for a while."""
        tune = tunes.make(self.directory / "seldom.wav", tunes.NOISE, "-af", "apad=pad_dur=90", seconds=2)
        options = ("--set", "sound.wake=1s", "--set", "count.tick=off", "--set", "music.fade=0.1s", "--set", "count.announce=off")
        with_music, warnings = self.render(tune, *options)
        without, _ = self.render(None, *options, name="without.wav")
        self.assertEqual(warnings, [])
        rows = self.sv("plan", "--json", *QUIET, *options, self.routine()).lines()[1:]
        wakes = [row for row in rows if row["type"] == "wake" and row["frame"] > 3 * RATE]
        self.assertGreater(len(wakes), 0)
        for row in wakes:
            begin, end = row["frame"] + RATE // 100, rules.end(row) - RATE // 100
            power = sum(sample * sample for sample in without.mono[begin:end]) / (end - begin)
            self.assertLess(abs(10 * math.log10(power / 32768 ** 2) + 80), 1.5, row)
            self.assertTrue(with_music.is_silent(begin, end), row)
        self.assertFalse(without.is_silent(0, RATE // 2), "at the beginning")


class Recorded(Music):
    """Music makes way for recorded clips as for all words."""

    def test_down_for_a_clip(self):
        text = (sv.TOP / "tests/voices/tone.ini").read_text()
        self.voice = self.home.write("config/stretchvoice/voices/mine.ini", text.replace("[phrases]", "clips = mine\n[phrases]", 1))
        clips = self.home.path("config/stretchvoice/voices/mine")
        clips.mkdir()
        sentence = "Sit down, and breathe calmly for 30 seconds."
        [name] = [line["id"] for line in self.sv("script", self.routine(), "--voice", self.voice, "--json").lines() if line["text"] == sentence]
        tunes.make(clips / f"{name}.flac", "sine=frequency=441:sample_rate={rate}:duration={seconds}", seconds=2.5, rate=44100, channels=1)
        tune = tunes.make(self.directory / "tone.flac", tunes.SINE, seconds=100)
        _, _, music, rows = self.stems(tune, "--voice", self.voice, "--set", "music.fade=0.5s", "--set", "pace.prepare=9s")
        clip = next(row for row in rows if row["text"] == sentence)
        self.assertAlmostEqual(clip["frames"] / RATE, 2.5, delta=0.02)
        left = music[0::2]
        whole = max(left)
        for at in range(clip["frame"] - RATE // 20, rules.end(clip) + 2 * RATE // 5 - RATE // 50, RATE // 50):
            self.assertLess(abs(20 * math.log10(max(left[at:at + RATE // 50]) / whole) + 12), 0.1, at)
        self.assertEqual(max(left[rules.end(clip) + 3 * RATE // 2:rules.end(clip) + 2 * RATE]), whole)


class Files(Music):
    def test_every_format_and_rate(self):
        for number, (name, rate, channels) in enumerate((("a.wav", 8000, 1), ("b.flac", 96000, 2), ("c.ogg", 44100, 2), ("d.opus", 48000, 1),
                                                         ("e.mp3", 32000, 2), ("f.aiff", 48000, 6))):
            tune = tunes.make(self.directory / name, seconds=12, rate=rate, channels=channels, seed=number)
            both, warnings = self.render(tune)
            self.assertEqual(warnings, [], name)
            self.assertGreater(both.peak(15 * RATE, 25 * RATE), 300, name)

    def test_twice_the_same_bytes(self):
        """When its loudness is measured, and when it is known; at both rates."""
        tune = tunes.make(self.directory / "noise.mp3", seconds=7, rate=44100)
        for rate in (48000, 44100):
            first, again = (self.render(tune, "--set", f"sound.rate={rate}", name=f"{n}.wav")[0].stereo for n in (1, 2))
            self.assertEqual(first, again)
        self.assertEqual(len(list(self.home.path("cache/stretchvoice/loudness").iterdir())), 2)

    def test_a_changed_file_is_measured_again(self):
        tune = tunes.make(self.directory / "noise.wav", seconds=9)
        loud, _ = self.render(tune)
        tunes.make(tune, tunes.NOISE, "-af", "volume=-20dB", seconds=9)
        soft, _ = self.render(tune)
        self.assertLess(abs(loud.peak(20 * RATE, 30 * RATE) - soft.peak(20 * RATE, 30 * RATE)), 20)

    def heard(self, *options, frequencies=(300, 700, 1500)):
        """Which of the tones is heard in each second of a hold in which nothing is said."""
        both, warnings = self.render(self.directory, "--set", "music.fade=0.2s", "--set", "count.halfway=off", "--set", "count.announce=off", *options)
        self.assertEqual(warnings, [])
        order = []
        for at in range(15 * RATE, 35 * RATE, RATE // 2):
            part = both.mono[at:at + RATE // 10]
            power = {f: abs(sum(s * complex(math.cos(k * f), math.sin(k * f)) for s, k in zip(part, (2 * math.pi * n / RATE for n in range(len(part))))))
                     for f in frequencies}
            best = max(power, key=power.get)
            if not order or order[-1] != best:
                order.append(best)
        return order

    def test_a_directory_in_order_of_names_and_then_anew(self):
        for name, frequency in (("02.flac", 700), ("10.flac", 1500), ("01.flac", 300)):
            tunes.make(self.directory / name, f"sine=frequency={frequency}:duration={{seconds}}", seconds=3)
        tunes.make(self.directory / ".hidden.flac", seconds=3)
        order = self.heard()
        self.assertGreater(len(order), 4)
        begin = (300, 700, 1500).index(order[0])
        self.assertEqual(order, [(300, 700, 1500)[(begin + n) % 3] for n in range(len(order))])
        self.assertEqual(self.heard("--set", "music.shuffle=yes", "--seed", "1"), self.heard("--set", "music.shuffle=yes", "--seed", "1"))
        shuffled = {tuple(self.heard("--set", "music.shuffle=yes", "--seed", str(seed))[:3]) for seed in range(6)}
        self.assertGreater(len(shuffled), 1)

    def test_the_date_shuffles(self):
        for number in range(8):
            tunes.make(self.directory / f"{number}.wav", seconds=2, seed=number)
        options = ("--set", "music.shuffle=yes", "--set", "music.fade=0.2s")
        days = {datetime.date.today()}
        shuffled = self.render(self.directory, *options)[0].stereo
        days.add(datetime.date.today())
        self.assertIn(shuffled, [self.render(self.directory, *options, "--seed", f"{day:%Y%m%d}", name="day.wav")[0].stereo for day in days])

    def test_what_cannot_be_played_costs_one_warning(self):
        """The rest is played, around and around, and the words are those of a session without music."""
        tunes.make(self.directory / "5 right.ogg", seconds=3)
        broken = tunes.make(self.directory / "1 broken.flac", seconds=3)
        broken.write_bytes(broken.read_bytes()[:100])
        self.home.write("music/2 text.txt", "Not music.\n")
        os.mkfifo(self.directory / "3 fifo.ogg")
        (self.directory / "4 directory").mkdir()
        self.home.write("music/6 empty.mp3", "")
        (self.directory / "7 nowhere.ogg").symlink_to("nothing.ogg")
        tunes.make(self.directory / "8 short.wav", seconds=0.3)
        (self.directory / "9 silent.wav").write_bytes(tunes.make(self.home.path("silent.wav"), "anullsrc=duration={seconds}", seconds=3).read_bytes())
        both, warnings = self.render(self.directory)
        self.assertEqual(len(warnings), 8, "\n".join(warnings))
        for number in (1, 2, 3, 4, 6, 7, 8, 9):
            self.assertEqual(len([line for line in warnings if f"music/{number} " in line]), 1, warnings)
        for name, why in {"2 text.txt": "not a sound file that can be read", "6 empty.mp3": "not a sound file that can be read",
                          "3 fifo.ogg": "not a regular file (a FIFO)", "8 short.wav": "shorter than a second", "9 silent.wav": "nothing is heard in it"}.items():
            self.assertTrue([line for line in warnings if line.endswith(f"music/{name}: warning: not played as music: {why}")], (name, warnings))
        self.assertGreater(both.peak(15 * RATE, 25 * RATE), 300)

    def test_nothing_to_play_is_a_session_without_music(self):
        self.home.write("music/text.txt", "Not music.\n")
        both, warnings = self.render(self.directory)
        words, _ = self.render(None, name="words.wav")
        self.assertEqual(both.stereo, words.stereo)
        self.assertEqual(len(warnings), 1)
        (self.directory / "text.txt").unlink()
        _, warnings = self.render(self.directory)
        self.assertIn("there is no file in it", warnings[0])
        run = self.sv("render", "--music", self.home.path("nothing.ogg"), self.routine(), self.home.path("out.wav"), code=3)
        self.assertRegex(run.err, r"\A--music: no such music .*\n\Z")

    def test_no_music(self):
        tune = tunes.make(self.directory / "noise.wav", seconds=9)
        words, _ = self.render(None)
        none, _ = self.render("", "--set", f"music.file={tune}")
        self.assertEqual(none.stereo, words.stereo)
        run = self.sv("render", "--seed", "-1", "--music", tune, self.routine(), self.home.path("out.wav"), code=2)
        self.assertIn("--seed must be a whole number", run.err)

    def test_the_settings_file_names_it_from_its_own_directory(self):
        tunes.make(self.home.path("config/stretchvoice/tunes/noise.ogg"), seconds=9)
        self.home.write("config/stretchvoice/stretchvoice.ini", "[music]\nfile = tunes\n")
        both, warnings = self.render(None)
        self.assertEqual(warnings, [])
        self.assertGreater(both.peak(15 * RATE, 25 * RATE), 300)
        settings = self.home.write("gone.ini", "[music]\nfile = nothing.ogg\n")
        run = self.sv("check", settings)
        self.assertRegex(run.err, r"\A\S*gone\.ini:2: \[music\] file: warning: no such music .*nothing\.ogg.*\n\Z")


class Long(Music):
    def memory(self, hours):
        """In MB at most, of a render with music and without a file."""
        steps = "".join(f"[s{n}]\nsay = Sit.\nhold = 10m\n" for n in range(round(6 * hours)))
        routine = self.home.write("hours.ini", f"[routine]\ntitle = Hours\n{steps}")
        process = self.home.start("render", "--quiet", *QUIET, "--set", "count.announce=off", "--music", self.tune, routine, "-", stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss / 1024

    def test_an_hour_takes_no_more_memory_than_twenty_minutes(self):
        self.tune = tunes.make(self.directory / "noise.wav", seconds=60)
        self.memory(1 / 3)  # measures
        short, long = self.memory(1 / 3), self.memory(1)
        self.assertLess(long - short, 3)


class OwnMusic(Music):
    def test_beside_the_routine_and_below_it(self):
        tunes.make(self.home.path("own/noise.ogg"), seconds=9)
        (self.home.path("own/link.ogg")).symlink_to("noise.ogg")
        for name in ("own/noise.ogg", "own", "own/link.ogg", "./own/noise.ogg"):
            both, warnings = self.render(None, head=f"music = {name}")
            self.assertEqual(warnings, [])
            self.assertGreater(both.peak(15 * RATE, 25 * RATE), 300, name)

    def test_the_command_line_wins_and_then_the_routine(self):
        tunes.make(self.home.path("own.wav"), seconds=9)
        loud, _ = self.render(None, head="music = own.wav")
        none, _ = self.render("", head="music = own.wav", name="none.wav")
        words, _ = self.render(None, name="words.wav")
        self.assertEqual(none.stereo, words.stereo)
        self.assertNotEqual(loud.stereo, words.stereo)
        other = tunes.make(self.directory / "other.wav", seconds=9, seed=9)
        self.home.write("config/stretchvoice/stretchvoice.ini", f"[music]\nfile = {other}\n")
        self.assertEqual(self.render(None, head="music = own.wav")[0].stereo, loud.stereo)

    def test_nothing_outside(self):
        tune = tunes.make(self.home.path("outside/noise.ogg"), seconds=9)
        inside = self.home.path("inside")
        (inside / "tunes").mkdir(parents=True)
        (inside / "link.ogg").symlink_to(tune)
        (inside / "dir").symlink_to(self.home.path("outside"))
        (inside / "tunes/link.ogg").symlink_to(tune)
        (inside / "chain.ogg").symlink_to("link.ogg")
        for name in ("../outside/noise.ogg", str(tune), "link.ogg", "dir", "dir/noise.ogg", "tunes", "chain.ogg", "tunes/../../outside/noise.ogg",
                     "tunes/..", "..", "/"):
            routine = self.home.write("inside/routine.ini", ROUTINE.format(head=f"music = {name}", hold=5))
            for subcommand in (("render", routine, self.home.path("out.wav")), ("check", routine), ("play", "--device", "null:fast", routine)):
                run = self.sv(*subcommand, code=3)
                self.assertRegex(run.err, r"\A\S*routine\.ini:3: \[routine\] music: not .*directory.*\n\Z", name)
            self.assertFalse(self.home.path("out.wav").exists())

    def test_one_that_is_missing_is_a_warning(self):
        both, warnings = self.render(None, head="music = gone.ogg")
        self.assertEqual(len(warnings), 1)
        self.assertIn("no such music", warnings[0])
        self.assertEqual(both.stereo, self.render(None, name="words.wav")[0].stereo)


class Live(control.TestCase):
    """On the silent output, in real time."""

    def setUp(self):
        super().setUp()
        sv.need("ffmpeg")
        self.directory = self.home.path("music")
        self.tunes = [tunes.make(self.directory / f"{n}.ogg", seconds=2) for n in range(3)]
        self.routine = self.home.write("live.ini", ROUTINE.format(head="", hold=6))
        self.options = (*QUIET, "--set", "music.fade=0.1s", "--set", "pace.words=brief", "--music", self.directory)

    def players(self, process):
        return [pid for pid, name in control.children(process.pid).items() if name.startswith("stretchvoice-mu")]

    def loudness(self):
        directory = self.home.path("cache/stretchvoice/loudness")
        return len(list(directory.iterdir())) if directory.exists() else 0

    def play_measured(self):
        """A session whose music has been measured, so that a player plays."""
        self.sv("render", *self.options, "--voice", "tone", self.routine, self.home.path("measured.wav"))
        process, connection = self.play(*self.options)
        self.assertEqual(self.loudness(), 3)
        return process, connection

    def test_files_that_go_away_and_players_that_die(self):
        """Each costs one warning at most, and the session is played to its end."""
        process, _ = self.play_measured()
        sv.wait_for(lambda: self.players(process), "a file to be played")
        for tune in self.tunes[1:]:
            tune.unlink()
        for pid in self.players(process):
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(process.wait(60), 0)
        warnings = [line for line in process.complained().splitlines() if "warning" in line]
        self.assertEqual(len(warnings), len({line.split(": warning")[0] for line in warnings}), warnings)
        self.assertGreater(len(warnings), 0)
        self.assertEqual(control.children(process.pid), {})

    def test_a_player_that_hangs_holds_up_nothing(self):
        """Without frames the words go on alone."""
        process, _ = self.play_measured()
        for pid in sv.wait_for(lambda: self.players(process), "a file to be played"):
            os.kill(pid, signal.SIGSTOP)
        self.assertEqual(process.wait(60), 0)
        self.assertIn("the music stopped for a moment", process.complained())
        self.assertNotIn("the sound stopped for a moment", process.complained())

    def test_one_that_is_being_measured_holds_up_nothing(self):
        """The session has begun, and ends, without it."""
        tune = tunes.make(self.home.path("long.wav"), seconds=600, rate=8000, channels=1)
        process, connection = self.play(*QUIET, "--set", "pace.words=brief", "--music", tune)
        for pid in self.players(process):
            os.kill(pid, signal.SIGSTOP)
        self.assertEqual(self.loudness(), 0)
        self.assertEqual(process.wait(60), 0)
        complained = process.complained()  # on a busy machine it lasts long enough for the music to be given up
        self.assertEqual(complained.splitlines()[0], f"stretchvoice: measuring how loud the music is: {tune}")
        self.assertNotIn("stopped for a moment", complained)
        self.assertEqual(control.children(process.pid), {})

    def test_the_daemon_plays_what_the_client_found(self):
        self.start("daemon")
        self.connect()
        self.home.write("config/stretchvoice/stretchvoice.ini", "[music]\nfile = ../../music\n")
        run = self.sv(*self.play_words(*QUIET, "--plain", device="null:fast"))
        self.assertNotIn("warning", run.err)
        self.assertEqual(self.loudness(), 3)

    def test_a_menu_has_none(self):
        process = self.start("menu", "--device", "null", "--set", f"music.file={self.directory}")
        self.connect().wait_playing()
        self.assertEqual(self.players(process), [])


class Hostile(Music):
    def fuzzed(self, rand, sources):
        """Cut short, with random bytes, or of another file's header."""
        data = bytearray(rand.choice(sources))
        kind = rand.randrange(4)
        if kind == 0:
            return data[:rand.randrange(len(data))]
        if kind == 1:
            header = rand.choice(sources)[:rand.randrange(1, 200)]
            return header + data[len(header):]
        for _ in range(rand.choice((1, 10, 300))):
            data[rand.randrange(len(data) if kind == 2 else 200)] = rand.randrange(256)
        return data

    def test_fuzzed_files_harm_nothing(self):
        """However many are played, and whatever they sound like, the session is rendered to its end, twice the same."""
        sources = [tunes.make(self.home.path(f"source.{kind}"), seconds=1.3, rate=16000).read_bytes()
                   for kind in ("wav", "flac", "ogg", "opus", "mp3", "aiff", "au", "caf")]
        hold = 60 + AT_ONCE * 3 // 2  # a file that can still be played takes a second and more of the session
        words, _ = self.render(None, hold=hold, name="words.wav")
        for seed in range(FUZZED // AT_ONCE):
            rand = random.Random(seed)
            for number in range(AT_ONCE):
                (self.directory / f"{number:05}").write_bytes(self.fuzzed(rand, sources))
            first, warnings = self.render(self.directory, "--set", "music.fade=0.1s", hold=hold, name="first.wav")
            again, _ = self.render(self.directory, "--set", "music.fade=0.1s", hold=hold, name="again.wav")
            self.assertEqual(first.stereo, again.stereo)
            self.assertEqual(first.frames, words.frames)
            named = [re.search(r"music/(\d{5})", line)[1] for line in warnings]
            self.assertEqual(len(named), len(set(named)), "a file is named twice")
            self.assertGreater(len(named), AT_ONCE // 10)


if __name__ == "__main__":
    unittest.main()
