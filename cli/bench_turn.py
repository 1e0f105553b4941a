"""A balance at AL3, one customer, no model call: whole turn and stages, beside embedding alone and one durable commit alone."""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
import websockets
from websockets.asyncio.client import ClientConnection

from domain.errors import Broken
from models.client import ModelClient
from models.config import SOCKET_NAME
from persistence.database import Database
from runtime.bootstrap import ROOT
from runtime.clocks import MonotonicClock
from runtime.settings import child_environment

ROUNDS = 120
WARM_UP = 15
#: p95 of the turn against p95 of embedding plus p95 of one commit (docs: what good means).
LIMIT = 3.0
TEXT = "What is my account balance?"
CUSTOMER = "C002"
READY_S = 60.0


async def measure_turns(folder: Path) -> dict[str, Any]:
    """Start a service of its own and measure round by round: one turn, one embedding, one commit."""
    data_dir = folder / "data"
    process, base = await _start(data_dir)
    try:
        async with _client(base) as http, await _signed_in(base, http) as socket:
            return await _rounds(socket, data_dir, folder)
    finally:
        process.terminate()
        await process.wait()


async def _start(data_dir: Path) -> tuple[asyncio.subprocess.Process, str]:
    settings = {
        "TELLERGATE_DATA_DIR": str(data_dir),
        "TELLERGATE_PORT": "0",
        "TELLERGATE_MODEL": "none",
        "TELLERGATE_PHRASING": "false",
        "TELLERGATE_MESSAGES_PER_SECOND": "10000",
        "TELLERGATE_MESSAGE_BURST": "10000",
        "TELLERGATE_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "serve", cwd=ROOT, env=child_environment(**settings), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(READY_S):
        base = ""
        async for raw in process.stdout:
            line = raw.decode()
            if found := re.search(r"demo bank and chat\s+(http://\S+?)/?\s*$", line):
                base = found.group(1)
            if "full pipeline ready" in line:
                return process, base
    raise Broken("bench_not_started", "the service ended before it was ready")


def _client(base: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base, trust_env=False, timeout=30)


async def _signed_in(base: str, http: httpx.AsyncClient) -> ClientConnection:
    """A socket at AL3: signed in, one-time password given."""
    token = (await http.post("/demo/token", json={"customer": CUSTOMER})).json()["token"]
    socket = await websockets.connect(base.replace("http", "ws") + "/ws/chat", max_size=2**20)
    await socket.send(json.dumps({"type": "auth", "token": token}))
    await _ask(socket, "first")
    request = await _next(socket, "request")
    messages = (await http.get(f"/demo/phone/{CUSTOMER}")).json()["messages"]
    code = re.findall(r"\b\d{6}\b", " ".join(m["text"] for m in messages if m["channel"] == "sms"))[-1]
    await socket.send(json.dumps({"type": "secret", "id": "otp", "request": request["id"], "value": code}))
    await _reply(socket)
    return socket


async def _rounds(socket: ClientConnection, data_dir: Path, folder: Path) -> dict[str, Any]:
    clock, times = MonotonicClock(), defaultdict[str, list[float]](list)
    model, database = ModelClient(data_dir / SOCKET_NAME), _commits(folder / "commit.sqlite")
    for number in range(WARM_UP + ROUNDS):
        begun = clock.monotonic()
        await _ask(socket, f"m{number}")
        turn = clock.monotonic() - begun
        begun = clock.monotonic()
        await model.embed([f"{TEXT} {number}"])
        embedding = clock.monotonic() - begun
        begun = clock.monotonic()
        await database.write(lambda connection: connection.execute(sa.text("INSERT INTO one (text) VALUES ('a row of a turn')")))
        commit = clock.monotonic() - begun
        if number >= WARM_UP:
            for name, seconds in (("turn", turn), ("embedding", embedding), ("commit", commit)):
                times[name].append(seconds * 1000)
    await model.close()
    database.close()
    await asyncio.sleep(0.2)
    stages = _stages(data_dir / "service.sqlite")
    ratio = _p(times["turn"], 95) / (_p(times["embedding"], 95) + _p(times["commit"], 95))
    return {
        "ok": ratio <= LIMIT,
        "ratio_of_p95s": ratio,
        "limit": LIMIT,
        "rounds": ROUNDS,
        "cores": os.cpu_count(),
        **{f"{name}_ms": {"p50": _p(values, 50), "p95": _p(values, 95)} for name, values in times.items()},
        "stage_ms": {name: {"p50": _p(values, 50), "p95": _p(values, 95)} for name, values in stages.items()},
    }


async def _ask(socket: ClientConnection, frame_id: str) -> None:
    await socket.send(json.dumps({"type": "message", "id": frame_id, "text": TEXT}))
    await _reply(socket)


async def _reply(socket: ClientConnection) -> dict[str, Any]:
    while True:
        frame = await _next(socket, "message")
        if frame["author"]["kind"] != "customer":
            return frame


async def _next(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame


def _commits(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    database.write_now(lambda connection: connection.execute(sa.text("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")))
    return database


def _stages(path: Path) -> dict[str, list[float]]:
    """Milliseconds spent in each stage, from the recorded turns."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT record, started_us, ended_us FROM turn ORDER BY epoch")).all()[-ROUNDS:]
    engine.dispose()
    found = defaultdict[str, list[float]](list)
    for row in rows:
        marks = json.loads(row.record)["stages_ms"]
        ends = [at for _, at in marks[1:]] + [(row.ended_us - row.started_us) / 1000]
        for (name, at), end in zip(marks, ends, strict=True):
            found[name].append(max(0.0, end - at))
    return found


def _p(values: list[float], percentile: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percentile - 1]
