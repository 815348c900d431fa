"""A JACK client that writes what its server plays: for each period 32-bit floats, left, then right.

JACK's own recorder writes the same, but every distribution has it in another package. The server waits for this one, too, and nothing is lost.
"""
import ctypes
import os
import signal

NO_START_SERVER, IS_INPUT = 1, ctypes.c_ulong(1)
AUDIO = b"32 bit float mono audio"
FLOAT = 4  # bytes

jack = ctypes.CDLL("libjack.so.0")
for function in (jack.jack_client_open, jack.jack_port_register, jack.jack_port_get_buffer):
    function.restype = ctypes.c_void_p
jack.jack_port_name.restype = ctypes.c_char_p


def connect(client, port, source):
    if jack.jack_connect(client, source, jack.jack_port_name(port)) != 0:
        raise SystemExit(f"{source} cannot be recorded")


def main():
    client = ctypes.c_void_p(jack.jack_client_open(b"recorder", NO_START_SERVER, None))
    if not client:
        raise SystemExit("there is no JACK server")
    ports = [ctypes.c_void_p(jack.jack_port_register(client, name, AUDIO, IS_INPUT, ctypes.c_ulong(0))) for name in (b"left", b"right")]

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)
    def process(frames, _):
        os.write(1, b"".join(ctypes.string_at(jack.jack_port_get_buffer(port, frames), FLOAT * frames) for port in ports))
        return 0

    jack.jack_set_process_callback(client, process, None)
    jack.jack_activate(client)
    for port, source in zip(ports, (b"system:monitor_1", b"system:monitor_2")):
        connect(client, port, source)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
