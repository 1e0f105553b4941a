"""The whole service inside the test's own loop: real doors, graphs, gate and bank; only reading and wording are twins.

`open_service(data_dir)` serves a data directory on a free port; `kill()` ends it as a power cut would, so that the same data
directory can be served again. The demo bank is seeded once a run and copied, which makes a start cheap.
"""

from __future__ import annotations

import asyncio
import atexit
import io
import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import sqlalchemy as sa
import structlog
import uvicorn
from fastapi import FastAPI

import server as composition
from bank.setup import OpenBank, open_bank
from persistence.database import Database
from policy.packs import Pack, load_pack
from runtime.bootstrap import PACK, Service
from runtime.datadir import DataDir
from runtime.settings import load_settings
from runtime.storage import content, sealing
from tests.acceptance.client import Chat
from tests.support.speech_twin import KeywordReader, SpeechTwin

#: Logging is one for all services of a process.
_LOG = io.StringIO()
#: Frames above this are cut off below the service, as `tellergate serve` has it.
WS_MAX_SIZE = 2 * 1024 * 1024


class _Quiet(uvicorn.Server):
    """Leaves the test run's own signal handlers alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class LiveService:
    """One served data directory."""

    data_dir: Path
    app: FastAPI
    speech: SpeechTwin
    port: int
    server: uvicorn.Server
    task: asyncio.Task[None]
    opened: _Opened
    log_from: int
    chats: list[Chat] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/chat"

    @property
    def service(self) -> Service:
        found: Service = self.app.state.service
        return found

    @property
    def reader(self) -> KeywordReader:
        return self.speech.understander

    @property
    def database(self) -> Database:
        return self.service.database

    def chat(self, customer: str | None = "C001", **given: Any) -> Chat:
        """A customer's client, closed with the service."""
        chat = Chat(self.base, customer, **given)
        self.chats.append(chat)
        return chat

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Rows of the service's database, read beside it."""
        return self.database.read_now(lambda connection: list(connection.execute(sa.text(query), values)))

    def change(self, statement: str, **values: Any) -> None:
        """Change the record behind the service's back."""
        self.database.write_now(lambda connection: connection.execute(sa.text(statement), values))

    def spoil(self, name: str, change: Callable[[Any], Any]) -> None:
        """Change a kind of sealed content (`table.column`) behind the service's back, as other code with the keys would."""
        place = next(each for each in content.PLACES if each.name == name)

        def job(connection: sa.Connection) -> None:
            for row in connection.execute(sa.select(place.table).where(place.table.c.tenant == "demo")).all():
                sealed, marks = getattr(row, place.column), [c == getattr(row, c.name) for c in place.table.primary_key]
                key = sealing.vault_of(connection).key("demo", sealed.split(".")[1])
                assert key is not None
                value = change(sealing.unseal(connection, "demo", name, place.row(row), sealed))
                again = sealing.seal(key, "demo", name, place.row(row), value)
                connection.execute(place.table.update().where(*marks).values({place.column: again}))

        self.database.write_now(job)

    def log(self) -> str:
        """What was logged since the service started."""
        return _LOG.getvalue()[self.log_from :]

    def stored_bytes(self) -> bytes:
        """Everything that the service and the bank wrote below the data directory, as it lies there and opened."""
        return self.raw_bytes() + self.opened_bytes()

    def raw_bytes(self) -> bytes:
        """Every file below the data directory."""
        return b"".join(path.read_bytes() for path in sorted(self.data_dir.rglob("*")) if path.is_file())

    def contents(self) -> list[tuple[str, str, Any]]:
        """All sealed content with its place and row, opened."""
        return self.database.read_now(lambda connection: list(content.everything(connection, "demo")))

    def opened_bytes(self) -> bytes:
        return json.dumps([value for _, _, value in self.contents()], ensure_ascii=False).encode()

    async def advance(self, seconds: float) -> None:
        """Move the bank's clock."""
        await self.call("POST", "/sandbox-bank/dev/clock", {"advance_s": seconds})

    async def export(self) -> dict[str, Any]:
        """The bank's business state."""
        state: dict[str, Any] = await self.call("GET", "/sandbox-bank/dev/export")
        return state

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with httpx.AsyncClient(base_url=self.base, trust_env=False, verify=False, timeout=10) as http:
            answer = await http.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json()

    @asynccontextmanager
    async def turn_held(self) -> AsyncIterator[None]:
        """Turns that read a message in this block do not end before the block does."""
        self.reader.hold = asyncio.Event()
        try:
            yield
        finally:
            self.reader.hold.set()
            self.reader.hold = None

    async def stop(self) -> None:
        """An orderly end."""
        await self.leave()
        self.server.should_exit = True
        await self.task

    async def kill(self) -> None:
        """An end as by SIGKILL: no turn finishes, nothing is stored any more, nobody is told."""
        self.service.database._closed = True
        for task in self._own_tasks():
            task.cancel()
        await asyncio.gather(*self._own_tasks(), return_exceptions=True)
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        for server in self.server.servers:
            server.close()
        for connection in list(self.server.server_state.connections):
            connection.transport.abort()  # type: ignore[union-attr]
        await self.leave()
        self.service.database._closed = False
        self.opened.close(self.service)

    def _own_tasks(self) -> list[asyncio.Task[None]]:
        service = self.service
        return [*service.runner._tasks, *service._ticker._tasks]

    async def leave(self) -> None:
        """Close every client."""
        chats, self.chats = self.chats, []
        await asyncio.gather(*(chat.close() for chat in chats), return_exceptions=True)


@asynccontextmanager
async def open_service(data_dir: Path, speech: SpeechTwin | None = None, **settings: Any) -> AsyncIterator[LiveService]:
    """Serve `data_dir` until the block ends. `settings` override; a fresh directory gets a copy of the seeded demo bank."""
    live = await start_service(data_dir, speech, **settings)
    try:
        yield live
    finally:
        if not live.task.done():
            await live.stop()


async def start_service(data_dir: Path, speech: SpeechTwin | None = None, **settings: Any) -> LiveService:
    """Serve `data_dir`; whoever calls ends it."""
    if not data_dir.exists() and "bank_database_url" not in settings:
        shutil.copytree(_seeded(), data_dir)
    twin, log_from = speech or SpeechTwin(), len(_LOG.getvalue())
    app, opened = _create(data_dir, twin, settings)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, log_level="error", access_log=False, lifespan="on", ws="websockets-sansio", ws_max_size=WS_MAX_SIZE,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    running = _Quiet(config)
    task = asyncio.get_running_loop().create_task(running.serve(sockets=[listener]))
    while not running.started and not task.done():
        await asyncio.sleep(0.005)
    if task.done():
        task.result()
        raise AssertionError("the service did not start")
    return LiveService(data_dir, app, twin, listener.getsockname()[1], running, task, opened, log_from)


@dataclass
class _Opened:
    """What `create_app` opens and only an orderly end closes."""

    directory: DataDir
    bank: OpenBank

    def close(self, service: Service) -> None:
        service.database.close()
        service.vault.close()
        self.bank.close()
        self.directory.release()


def _create(data_dir: Path, speech: SpeechTwin, settings: dict[str, Any]) -> tuple[FastAPI, _Opened]:
    directories: list[DataDir] = []
    banks: list[OpenBank] = []

    def directory(path: Path) -> DataDir:
        directories.append(DataDir(path))
        return directories[-1]

    def bank(*args: Any, **given: Any) -> OpenBank:
        banks.append(open_bank(*args, **given))
        return banks[-1]

    chosen = load_settings(data_dir=data_dir, log_level="info", log_format="json", **settings)
    with mock.patch.object(composition, "DataDir", directory), mock.patch.object(composition, "open_bank", bank):
        app = composition.create_app(chosen, parts={"speech": speech, "pack": _pack()})
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(_LOG))
    return app, _Opened(directories[0], banks[0])


@cache
def _pack() -> Pack:
    """The shipped rules, read and checked once a run."""
    return load_pack(PACK)


@cache
def _seeded() -> Path:
    """A data directory with keys, both schemas and the demo bank, made once a run."""
    path = Path(tempfile.mkdtemp(prefix="tellergate-seeded-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    app, opened = _create(path / "data", SpeechTwin(), {})
    opened.close(app.state.service)
    return path / "data"
