"""Rendered files, as other programs read them."""
import json
import struct
import subprocess

import sv

ROUTINE = """[routine]
title = Take along
about = For the train
author = Ada
album = Trains
language = en-us
caution = Go easy.
[first]
title = Sit tall
hold = 1s
say = Sit.
[both]
title = Lean
sides = right, left
[both.over]
say = Over.
hold = 1s
[both.back-up]
say = Back.
hold = 1s
[last]
hold = 1s
say = Rest.
"""


def probe(path):
    run = subprocess.run(["ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", path],
                         capture_output=True, check=True)
    return json.loads(run.stdout)


def chapters(path):
    return [(float(chapter["start_time"]), chapter["tags"]["title"]) for chapter in probe(path)["chapters"]]


def tags(path):
    """Those of the file or of its stream: Ogg has them there."""
    found = probe(path)
    both = found["streams"][0].get("tags", {}) | found["format"].get("tags", {})
    return {name.lower(): text for name, text in both.items()}


def chunks(data):
    """Of a RIFF file."""
    at = 12
    while at + 8 <= len(data):
        size, = struct.unpack_from("<I", data, at + 4)
        yield data[at:at + 4], data[at + 8:at + 8 + size]
        at += 8 + size + size % 2


class Files(sv.TestCase):
    def setUp(self):
        super().setUp()
        sv.need("ffmpeg", "ffprobe")
        self.routine = self.home.write("along.ini", ROUTINE)

    def render(self, *options, routine=None, name="out.mp3", **more):
        path = self.home.path(name)
        self.sv("render", "--quiet", *options, routine or self.routine, path, **more)
        return path
