#!/usr/bin/python3 -IS
"""A stand-in for a speech program:  engine.py each|lines --log=LOG [TEXT FILE]

Speaks tones of 40 ms and 20 ms for each letter, and writes each text to LOG. A text may ask for trouble: "crash", "late", "awaits" (the file
LOG.go), "hang", "flood", "garbage", "silent", "half", "empty", "killed" in the middle of a file, a "fifo", "directory" or dangling "link" in
place of the file, "loud" on standard error, a "child" that stays, "float" (192 kHz, stereo). With SV_ENGINE_SECONDS each takes so long."""
import array
import json
import math
import os
import signal
import sys
import time
import wave

RATE = 16000


def tone(text):
    frames = int(RATE * (0.04 + 0.02 * sum(map(str.isalnum, text))))
    return array.array("h", (int(9000 * math.sin(i * 0.2)) for i in range(frames)))


def instead(path, text):
    """What is no sound file."""
    if "fifo" in text:
        os.mkfifo(path)
    elif "directory" in text:
        os.mkdir(path)
    elif "link" in text:
        os.symlink("/nowhere/sound.wav", path)
    elif "empty" in text:
        open(path, "w").close()
    elif "killed" in text:
        with open(path, "wb") as file:
            file.write(b"RIFF" + bytes(5000))
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        return False
    return True


def write(path, text):
    if instead(path, text):
        return
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((array.array("h", bytes(2000)) if "silent" in text else tone(text)).tobytes())
    if "half" in text:
        os.truncate(path, 30)
    if "garbage" in text:
        with open(path, "wb") as file:
            file.write(os.urandom(5000))
    if "float" in text:
        samples = array.array("f", (0.3 * math.sin(i / 30) for i in range(2 * 192000)))
        head = b"RIFF" + (36 + 4 * len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
        head += b"".join(value.to_bytes(size, "little") for value, size in ((3, 2), (2, 2), (192000, 4), (192000 * 8, 4), (8, 2), (32, 2)))
        with open(path, "wb") as file:
            file.write(head + b"data" + (4 * len(samples)).to_bytes(4, "little") + samples.tobytes())


def trouble(text, log):
    if "crash" in text:
        print("first line\nthe engine is on fire", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
    if "late" in text:
        time.sleep(4)
    if "awaits" in text:
        while not os.path.exists(log + ".go"):
            time.sleep(0.01)
    if "loud" in text:
        os.write(2, b"x" * 1000000 + b"\n")
    if "child" in text:
        if os.fork() == 0:
            open(log + ".children", "a").write(f"{os.getpid()}\n")
            time.sleep(1000)
    if "hang" in text:
        time.sleep(1000)
    if "flood" in text:
        while True:
            os.write(1, b"x" * 65536)


def speak(text, path, log):
    time.sleep(float(os.environ.get("SV_ENGINE_SECONDS", 0)))
    with open(log, "a") as file:
        file.write(text + "\n")
    trouble(text, log)
    write(path, text)


def main(mode, log, *rest):
    log = log.removeprefix("--log=")  # a file's own name in a command counts as a part of the voice
    with open(log + ".starts", "a") as file:
        file.write(f"{os.getpid()}\n")
    if mode == "each":
        text, path = rest if len(rest) == 2 else (sys.stdin.readline().rstrip("\n"), rest[0])
        speak(text, path, log)
        return
    before = "/etc/passwd"
    for line in sys.stdin:
        request = json.loads(line)
        print("loading a model, please wait", before, flush=True)
        for path in ("/etc/passwd", "..", "/dev/stdin", os.path.relpath(request["output_file"]), before):
            print(path, flush=True)  # none of these is the answer
        speak(request["text"], request["output_file"], log)
        print(request["output_file"], flush=True)
        before = request["output_file"]


main(*sys.argv[1:])
