"""How loud a sound is to the ear: ITU-R BS.1770 at 48,000 Hz, a short one without its gates."""
import math
import re
import subprocess

import wav

FULL = 1 << 15
WINDOW = 4800  # frames: 100 ms
SHELF = (1.53512485958697, -2.69169619940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585)
HIGH_PASS = (1, -2, 1), (-1.99004745483398, 0.99007225036621)


def filtered(samples, b, a):
    x1 = x2 = y1 = y2 = 0.0
    for x in samples:
        y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
        x1, x2, y1, y2 = x, x1, y, y1
        yield y


def loudest(samples):
    """Of its loudest 100 ms, in LUFS; the same is heard on both channels."""
    weighted = [value * value for value in filtered(filtered([sample / FULL for sample in samples] + [0.0] * WINDOW, *SHELF), *HIGH_PASS)]
    power = most = sum(weighted[:WINDOW])
    for old, new in zip(weighted, weighted[WINDOW:]):
        power += new - old
        most = max(most, power)
    return -0.691 + 10 * math.log10(2 * most / WINDOW)


def of_speech(path, rows):
    """Of all speech in a wav file, without its cues, in LUFS as ffmpeg measures it; `rows` is the plan of the same session."""
    sound = wav.Wav(path).stereo
    speech = b"".join(sound[4 * row["frame"]:4 * (row["frame"] + row["frames"])] for row in rows if row["type"] == "speech")
    command = ["ffmpeg", "-nostats", "-f", "s16le", "-ar", "48000", "-ac", "2", "-i", "-", "-af", "ebur128", "-f", "null", "-"]
    measured = subprocess.run(command, input=speech, capture_output=True, check=True).stderr.decode()
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", measured)[-1])
