"""The real server as a process of its own: started, killed, started again on the same data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
MODEL_FREE = {"TELLERGATE_MODEL": "none", "TELLERGATE_ENCODER": "lexical"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`tellergate serve` on a data directory. `environment` adds settings; model-free unless told otherwise."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(MODEL_FREE))
    arguments: list[str] = field(default_factory=list)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, timeout: float = 30.0) -> float:
        """Start and wait until the full pipeline answers; returns the seconds it took."""
        self.port = self.port or free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TELLERGATE_")} | self.environment
        environment |= {
            "TELLERGATE_DATA_DIR": str(self.data_dir),
            "TELLERGATE_PORT": str(self.port),
            "TELLERGATE_LOG_FORMAT": "json",
        }
        self.data_dir.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        self.process = self.launch(environment)
        self.wait_ready(timeout)
        return time.monotonic() - began

    def launch(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with open(self.data_dir / "server.log", "ab") as log:
            return subprocess.Popen(self.command(), cwd=ROOT, env=environment, stdout=log, stderr=log)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "cli", "serve", *self.arguments]

    def wait_ready(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log()[-3000:]}")
            try:
                if httpx.get(f"{self.base}/health/ready", trust_env=False, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"not ready within {timeout} s:\n{self.log()[-3000:]}")

    def ready(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{self.base}/health/ready", trust_env=False).json()
        return answer

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        path = self.data_dir / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def export(self) -> dict[str, Any]:
        """The bank's business state, from its sandbox aid."""
        answer = httpx.get(f"{self.base}/sandbox-bank/dev/export", trust_env=False, timeout=30)
        answer.raise_for_status()
        state: dict[str, Any] = answer.json()
        return state
