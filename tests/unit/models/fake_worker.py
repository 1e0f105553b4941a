"""A worker process without a model: it does what the text of a call tells it, so that its keeper can be tested.

Started as `python -m tests.unit.models.fake_worker <name> <descriptor> <config JSON>`.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from time import sleep

from models.framing import Frame, FrameSocket


def obey(line: FrameSocket, frame: Frame) -> None:
    order = frame["texts"][0]
    if order == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif order == "hang":
        sleep(60)
    elif order == "garbage":
        os.write(line._sock.fileno(), b"\x00\x00\x00\x02{]")
    elif order != "silence":
        line.send({"id": frame["id"], "event": "done", "answer": order})


def main(arguments: list[str]) -> None:
    name, descriptor = arguments[1], int(arguments[2])
    line = FrameSocket(socket.socket(fileno=descriptor))
    if name == "stillborn":
        line.send({"event": "failed", "code": "weights_missing", "detail": "no such file"})
        sys.exit(3)
    line.send({"event": "ready", "model": "fake", "sha256": "00", "load_s": 0.0})
    while not line.closed:
        for frame in line.receive(None):
            if frame["op"] != "cancel":
                obey(line, frame)


if __name__ == "__main__":
    main(sys.argv)
