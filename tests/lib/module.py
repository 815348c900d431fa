#!/usr/bin/python3 -IS
"""A stand-in for an output module of speech-dispatcher:  module.py KIND LOG

Speaks a tone of 20 ms for each letter at 16 kHz. KIND is the trouble that it makes at once ("refuse", "http", "bytes", "mute") or with the texts
that have "bad" in them."""
import math
import os
import sys
import time

RATE = 16000
kind, log = sys.argv[1:3]
out = sys.stdout.buffer


def say(line):
    out.write(line if isinstance(line, bytes) else line.encode() + b"\n")
    out.flush()


def until_dot():
    lines = []
    while (line := sys.stdin.readline().rstrip("\n")) != ".":
        if not line and sys.stdin.closed:
            sys.exit()
        lines.append(line)
    return "\n".join(lines)


def audio(data, rate=RATE, bits=16, channels=1):
    escaped = b"".join(bytes((0x7d, byte ^ 0x20)) if byte in (0x7d, 0x0a) else bytes((byte,)) for byte in data)
    for line in (f"705-bits={bits}", f"705-num_channels={channels}", f"705-sample_rate={rate}", f"705-num_samples={len(data) // 2}", "705-big_endian=0"):
        say(line)
    say(b"705-AUDIO\0" + escaped + b"\n")
    say("705 AUDIO")


def tone(text):
    frames = int(RATE * (0.04 + 0.02 * sum(map(str.isalnum, text))))
    return b"".join(int(9000 * math.sin(i * 0.2)).to_bytes(2, "little", signed=True) for i in range(frames))


def trouble(text):
    if kind == "rate":
        audio(tone(text), rate=2000000000)
    elif kind == "bits":
        audio(tone(text), bits=8)
    elif kind == "mono":
        audio(tone(text))
    elif kind == "stereo":
        data = tone(text)
        audio(b"".join(data[i:i + 2] * 2 for i in range(0, len(data), 2)), channels=2)
    elif kind == "escape":
        say("705-sample_rate=16000")
        say(b"705-AUDIO\0\x01\x02\x7d\n")
    elif kind == "flood":
        for _ in range(1000):
            audio(tone("x" * 50))
    elif kind == "dies":
        print("the module is on fire", file=sys.stderr, flush=True)
        os._exit(1)
    elif kind == "words":
        say(b"302 ERROR \xff\xfe \x1b[31mno\n")
        return True
    elif kind == "empty":
        say("705-AUDIO")
    elif kind == "endless":
        time.sleep(1000)


def speak(text):
    with open(log, "a") as file:
        file.write(text + "\n")
    say("200 OK SPEAKING")
    say("701 BEGIN")
    if "bad" in text:
        if trouble(text):
            return
    else:
        audio(tone(text))
    say("702 END")


if kind == "http":
    say("HTTP/1.1 400 Bad Request")
elif kind == "bytes":
    say(bytes(range(128, 256)) + b"\n")
elif kind == "mute":
    sys.exit()
for line in sys.stdin:
    command = line.strip()
    if command == "INIT" and kind == "refuse":
        say("399-no data files\n399 ERR CANT INIT MODULE")
    elif command == "INIT":
        say("299-ready\n299 OK LOADED SUCCESSFULLY")
    elif command == "AUDIO":
        say("207 OK RECEIVING AUDIO SETTINGS")
        until_dot()
        say("203 OK AUDIO INITIALIZED")
    elif command == "SET":
        say("203 OK RECEIVING SETTINGS")
        until_dot()
        say("203 OK SETTINGS RECEIVED")
    elif command == "SPEAK":
        say("202 OK RECEIVING MESSAGE")
        speak(until_dot().removeprefix("<speak>").removesuffix("</speak>"))
        say("200 OK unasked")  # an answer too many
