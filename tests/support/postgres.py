"""A PostgreSQL server of the test run's own: fresh, on a free port, gone with the process. `postgres_url` is a fresh database each.

The binaries are those beside `pg_config --bindir`. The server does not run as root: then it takes the user `postgres`, or `nobody`.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_numbers = count(1)
_PR_SET_PDEATHSIG = 1


class PostgresServer:
    """One running server. Databases are made from templates, which is quicker than migrating each."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="tellergate-pg-"))
        self._as = _unprivileged()
        if "user" in self._as:
            os.chown(self.directory, self._as["user"], self._as["group"])
        self.port = _free_port()
        data = self.directory / "data"
        subprocess.run(
            [_binary("initdb"), "-D", data, "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=self.directory,
            **self._as,
        )
        options = ("fsync=off", "full_page_writes=off", "max_connections=60", f"unix_socket_directories={self.directory}")
        command = [_binary("postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(self.port)]
        with open(self.directory / "log", "wb") as log:
            self.process = subprocess.Popen(
                [*command, *(part for option in options for part in ("-c", option))],
                stdout=log,
                stderr=log,
                cwd=self.directory,
                preexec_fn=_die_with_parent,
                **self._as,
            )
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{name}"

    def create(self, *, template: str = "template0") -> str:
        """A fresh database; returns its name."""
        name = f"t{next(_numbers)}"
        with self._admin() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        with self._admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=20)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(f"postgresql://tester@127.0.0.1:{self.port}/postgres", autocommit=True)

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                self._admin().close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.directory / "log").read_text()) from None
                time.sleep(0.05)


@cache
def running_server() -> PostgresServer:
    """The server of this test run, started when the first test asks."""
    server = PostgresServer()
    atexit.register(server.stop)
    return server


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database that only this test has. Mark the test `postgres`."""
    server = running_server()
    name = server.create()
    yield server.url(name)
    server.drop(name)


def _binary(name: str) -> str:
    if (config := shutil.which("pg_config")) is not None:
        beside = subprocess.run([config, "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        if (Path(beside) / name).exists():
            return str(Path(beside) / name)
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(packaged[-1]) if packaged else shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def _unprivileged() -> dict[str, Any]:
    """The server refuses to run as root: arguments of subprocess that make it somebody else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no ordinary user to run PostgreSQL as")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
