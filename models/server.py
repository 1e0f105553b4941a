"""The model server: one per machine and data folder. It answers on a Unix socket and keeps the two workers alive.

It holds no state that matters: killed at any instant, the next one serves the next call. A lock file makes it the only one; whoever
comes second leaves at once with `model_server_running`.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import structlog

from domain.errors import Conflict, TellergateError, Unavailable
from models.config import ModelConfig
from models.framing import Frame, FrameError, pack, read_frame
from models.socket_path import short_name
from models.supervisor import Supervisor
from models.wire import checked_request

log = structlog.get_logger(__name__)

#: Calls that one connection may have open.
CLIENT_CALLS = 128
#: Bytes that a client may leave unread before it is cut off.
CLIENT_BACKLOG_BYTES = 8 * 1024 * 1024


class Connection:
    """One client: its open calls and the way back to it."""

    def __init__(self, server: ModelServer, writer: asyncio.StreamWriter) -> None:
        self._server, self._writer = server, writer
        #: call id of the client → the worker and the id there, or a task of ours
        self._open: dict[int, tuple[Supervisor, int] | asyncio.Task[None]] = {}

    async def serve(self, reader: asyncio.StreamReader) -> None:
        try:
            while (frame := await read_frame(reader)) is not None:
                self._take(frame)
        except FrameError:
            log.warning("model_client_bad_frame")
        finally:
            for call_id in list(self._open):
                self._cancel(call_id)
            self._writer.close()

    def _take(self, frame: Frame) -> None:
        try:
            request = checked_request(frame)
            call_id = request["id"]
            if request["op"] == "cancel":
                self._cancel(call_id)
            elif request["op"] == "health":
                self._reply(call_id, {"event": "done", "health": self._server.health()})
            elif call_id in self._open or len(self._open) >= CLIENT_CALLS:
                raise Unavailable("model_busy")
            elif request["op"] == "ready":
                self._open[call_id] = asyncio.create_task(self._ready(request))
            else:
                self._submit(request)
        except TellergateError as error:
            self._reply(frame.get("id"), {"event": "error", "code": error.code, "detail": error.detail})

    def _submit(self, request: Frame) -> None:
        call_id = request["id"]
        worker = self._server.worker("llama" if request["op"] == "complete" else "encoder")

        def pass_on(frame: Frame) -> None:
            self._reply(call_id, frame if frame["event"] == "text" else frame | worker.identity)

        self._open[call_id] = (worker, worker.submit(request, pass_on, weight=len(request.get("texts", "1"))))

    async def _ready(self, request: Frame) -> None:
        worker = self._server.worker(request["worker"])
        try:
            async with asyncio.timeout(request["deadline_s"]):
                await worker.ready.wait()
            self._reply(request["id"], {"event": "done", **worker.identity})
        except TimeoutError:
            self._reply(request["id"], {"event": "error", "code": "model_unavailable", "detail": worker.code or ""})

    def _reply(self, call_id: object, frame: Frame) -> None:
        if frame["event"] != "text" and isinstance(call_id, int):
            self._open.pop(call_id, None)
        transport = self._writer.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > CLIENT_BACKLOG_BYTES:
            log.warning("model_client_does_not_read")
            transport.abort()
            return
        self._writer.write(pack(frame | {"id": call_id}))

    def _cancel(self, call_id: int) -> None:
        match self._open.pop(call_id, None):
            case asyncio.Task() as task:
                task.cancel()
            case (worker, there):
                worker.cancel(there)


class ModelServer:
    """The supervisors and the socket."""

    def __init__(self, config: ModelConfig) -> None:
        self._config = config
        self._workers: dict[str, Supervisor] = {}
        if config.llama:
            self._workers["llama"] = Supervisor("llama", config, limit=config.sequences + config.queue)
        if config.encoder:
            self._workers["encoder"] = Supervisor("encoder", config, limit=config.encoder_queue)
        self._connections: set[asyncio.Task[Any]] = set()

    def worker(self, name: str) -> Supervisor:
        """Raises Unavailable `model_unavailable` for a worker that this server does not run."""
        if name not in self._workers:
            raise Unavailable("model_unavailable", f"{name} is switched off")
        return self._workers[name]

    def health(self) -> dict[str, Any]:
        return {"pid": os.getpid(), "workers": {name: worker.health() for name, worker in self._workers.items()}}

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set. Raises Conflict `model_server_running`."""
        with _alone(self._config), _listening(self._config) as listener:
            keepers = [asyncio.create_task(worker.run()) for worker in self._workers.values()]
            server = await asyncio.start_unix_server(self._connected, sock=listener)
            log.info("model_server_listening", pid=os.getpid())
            try:
                await stop.wait()
            finally:
                server.close()
                tasks = [*keepers, *self._connections]
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await Connection(self, writer).serve(reader)
        except asyncio.CancelledError:
            pass  # the server stops; asyncio of 3.11 writes a traceback for a connection's task that ends cancelled
        finally:
            self._connections.discard(task)


@contextlib.contextmanager
def _alone(config: ModelConfig) -> Iterator[None]:
    """Hold the lock of the data folder, which ends with the process whatever happens to it."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(config.lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Conflict("model_server_running") from error
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _listening(config: ModelConfig) -> Iterator[socket.socket]:
    """A bound socket that only our own user may connect to. A name left by a dead server is taken over; we hold the lock."""
    config.socket_path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        with short_name(config.socket_path) as name:
            listener.bind(name)
    finally:
        os.umask(mask)
    listener.setblocking(False)
    try:
        yield listener
    finally:
        listener.close()
        config.socket_path.unlink(missing_ok=True)


async def _serve(config: ModelConfig, *, lifeline: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if lifeline:
        # Our standard input is a pipe that only the parent holds: its end is the parent's end.
        loop.add_reader(sys.stdin.fileno(), stop.set)
    await ModelServer(config).serve(stop)


def run_model_server(config: ModelConfig, *, lifeline: bool = False) -> None:
    """Serve until a signal, or with `lifeline` until standard input ends. Raises Conflict `model_server_running`."""
    asyncio.run(_serve(config, lifeline=lifeline))
