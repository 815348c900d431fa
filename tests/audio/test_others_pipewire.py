"""Other programs are lowered under words, on PipeWire."""
import unittest

import others
import pipewire


class OnPipeWire(others.Lowered, others.Case):
    server = pipewire.PipeWire


if __name__ == "__main__":
    unittest.main()
