"""The samples of a rendered file. Sums and searches are left to what runs at the speed of C."""
import array
import io
import sys
import wave


class Wav:
    """16-bit stereo whose two channels are the same; `mono` is one of them, `data` the same as bytes."""

    def __init__(self, path_or_bytes):
        source = io.BytesIO(path_or_bytes) if isinstance(path_or_bytes, bytes) else str(path_or_bytes)
        with wave.open(source) as file:
            self.channels, self.width, self.rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            self.frames = file.getnframes()
            self.stereo = file.readframes(self.frames)
        samples = array.array("h", self.stereo)
        if sys.byteorder == "big":
            samples.byteswap()
        self.mono, self.right = samples[0::2], samples[1::2]
        self.data = self.mono.tobytes()

    def cut(self, frame, frames):
        return self.data[2 * frame:2 * (frame + frames)]

    def is_silent(self, begin, end):
        return self.cut(begin, end - begin) == bytes(2 * (end - begin))

    def peak(self, begin, end):
        part = self.mono[begin:end]
        return max(max(part), -min(part))

    def first_above(self, level, begin, end):
        """The first frame whose sample is further from zero than the level; None if there is none."""
        return next((begin + i for i, sample in enumerate(self.mono[begin:end]) if abs(sample) > level), None)

    def find_all(self, part):
        """The frames at which exactly these samples begin."""
        found, at = [], self.data.find(part)
        while at >= 0:
            if at % 2 == 0:
                found.append(at // 2)
            at = self.data.find(part, at + 1)
        return found
