"""Files of music for tests, made by ffmpeg, and how loud sound is to it."""
import re
import subprocess

NOISE = "anoisesrc=color=pink:amplitude=0.4:sample_rate={rate}:seed={seed}:duration={seconds}"
SINE = "sine=frequency=1000:sample_rate={rate}:duration={seconds}"


def make(path, source=NOISE, *options, seconds=20, rate=48000, seed=1, channels=2):
    """The extension of the path names the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source.format(seconds=seconds, rate=rate, seed=seed), "-ac", str(channels),
                    *options, str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


def lufs(stereo, rate=48000):
    """Integrated loudness of 16-bit stereo, as ffmpeg measures it."""
    run = subprocess.run(["ffmpeg", "-v", "info", "-nostats", "-f", "s16le", "-ar", str(rate), "-ac", "2", "-i", "-", "-af", "ebur128=framelog=verbose",
                          "-f", "null", "-"], input=stereo, capture_output=True, check=True)
    return float(re.findall(r"I:\s+(-?[\d.]+|-?inf) LUFS", run.stderr.decode())[-1])
