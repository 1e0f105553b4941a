"""What both worker processes do first: tie their life to the server's, leave no core file, find the line to it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys

from domain.errors import TellergateError
from models.config import ModelConfig
from models.framing import FrameSocket

PR_SET_PDEATHSIG = 1
EXIT_FAILED = 3


def adopt(descriptor: int, config: str) -> tuple[FrameSocket, ModelConfig]:
    """Become a worker: returns the line to the server and the config."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent or parent == 1:
        sys.exit(EXIT_FAILED)  # the server was gone before we asked to go with it
    # A core file would hold customers' words, and writing it delays the restart.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    return FrameSocket(socket.socket(fileno=descriptor)), ModelConfig.from_json(config)


def silence_native_stderr() -> None:
    """Keep stderr for Python alone: llama.cpp writes whole grammars there, and might write more."""
    kept = os.dup(2)
    sys.stderr = os.fdopen(kept, "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def refuse(line: FrameSocket, error: TellergateError) -> None:
    """Tell the server why this worker cannot work, and end."""
    line.send({"event": "failed", "code": error.code, "detail": error.detail})
    sys.exit(EXIT_FAILED)
