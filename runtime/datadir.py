"""The one directory a service writes below: made at first start, held by one process while SQLite is used."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from domain.errors import Conflict


class DataDir:
    """Paths below the data directory. `hold` takes the lock that makes SQLite mean exactly one server process."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        for directory in (self.path, self.path / "keys", self.path / "journal"):
            directory.mkdir(parents=True, exist_ok=True)
            os.chmod(directory, 0o700)
        self._lock: IO[str] | None = None

    def hold(self) -> None:
        """Raises Conflict `data_dir_in_use` when another server process serves from here."""
        lock = open(self.path / "server.lock", "a+", encoding="ascii")  # noqa: SIM115 - held until the process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise Conflict("data_dir_in_use", f"{self.path}: another server runs on this data directory") from error
        self._lock = lock

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
