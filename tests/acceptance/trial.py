"""One trial: a customer disputes a payment, the server is killed at a drawn instant, starts again, and the customer goes on."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import websockets

from tests.acceptance.client import Chat, Refused
from tests.acceptance.disputes_world import AMOUNT_MINOR, ANSWERS, WORDS, customer
from tests.acceptance.killable import MONEY, STAGES, arm, disarm, stage_at_death
from tests.acceptance.process import ROOT, Server
from tests.acceptance.state import books_add_up, credits_for, disputes_of

#: Longest delay after a stage began, in milliseconds: about as long as the stage lasts, so that it is hit itself as well as what
#: follows it. The instant is uniform in it.
LASTS_MS = {"understand": 0.3, "decide": 0.2, "compose": 0.2, "run_flow": 8.0}
MONEY_MS = 1.5


@dataclass
class KillableServer(Server):
    """A server that a marker file can arm; the stage it died in stays there."""

    @property
    def marker(self) -> Path:
        return self.data_dir.parent / "marker"

    def command(self) -> list[str]:
        disarm(self.marker)
        return [sys.executable, "-m", "tests.acceptance.killable", str(self.marker), "--", "serve", *self.arguments]

    def wait_dead(self, timeout: float = 2.0) -> bool:
        assert self.process is not None
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True


class Nursery:
    """Holds the process that forks servers; one for many trials."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.acceptance.nursery"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, order: dict[str, Any]) -> Forked:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Forked(int(json.loads(self._process.stdout.readline())["pid"]))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


class Forked:
    """A forked server, with the few methods of Popen that a `Server` uses. It is reaped by the nursery."""

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode = pid, -9

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return self.returncode
        return None

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (timeout if timeout is not None else 60.0)
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("server", timeout or 60.0)
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass
class ForkedServer(KillableServer):
    """A killable server that a nursery forks."""

    nursery: Nursery | None = None

    def launch(self, environment: dict[str, str]) -> Any:
        assert self.nursery is not None
        disarm(self.marker)
        return self.nursery.start(
            {
                "argv": ["serve", *self.arguments],
                "environment": environment,
                "log": str(self.data_dir / "server.log"),
                "marker": str(self.marker),
            }
        )


@dataclass
class Draw:
    """A seeded instant: which stage arms the trigger, at its how-manieth customer step, and how long after."""

    seed: int
    target: str
    delay_ms: float


def draw(seed: int) -> Draw:
    """Two thirds of the instants lie between proposal and receipt, where the money is; every stage has its turn."""
    source = random.Random(seed)
    money = seed % 3 != 0
    stages = MONEY if money else tuple(stage for stage in STAGES if stage not in MONEY)
    target = stages[(seed // 3) % len(stages)] if not money else stages[(seed - seed // 3) % len(stages)]
    return Draw(seed, target, source.uniform(0.0, LASTS_MS.get(target, MONEY_MS)))


def missed(died: Counter[str], seed: int) -> list[Draw]:
    """For each stage that no drawn instant fell into, one at its very beginning: the short ones are often over before the signal."""
    stages = [stage for stage in STAGES if not died[stage]]
    return [Draw(seed + place, stage, 0.0) for place, stage in enumerate(stages)]


async def talk_until_dead(server: KillableServer, chat: Chat) -> None:
    """Go through the dispute; the connection breaks somewhere."""
    try:
        await chat.connect()
        await chat.go_through(WORDS, answers=ANSWERS)
    except (TimeoutError, OSError, httpx.HTTPError, websockets.WebSocketException, StopIteration, IndexError, Refused):
        pass
    finally:
        await chat.close()


async def go_on(server: Server, chat: Chat) -> None:
    """Come back, send again what was not acknowledged, and finish the dispute."""
    unsent = {f["id"]: f for f in chat.sent_frames if f["id"] not in chat.acks}
    await chat.connect()
    for frame in unsent.values():
        await chat.send(frame)
        await chat.until(lambda frame=frame: frame["id"] in chat.acks or frame["id"] in refused(chat))
    await chat.until(lambda: all(chat.reply_to(seq) for seq in chat.acks.values()), timeout=30)
    for _ in range(14):
        if not await chat.settled():
            with suppress(Refused):  # answered by what was sent again
                await chat.answer_open_request(ANSWERS, ("unauthorised",))
        elif "DSP-" in chat.said():
            return
        else:
            await chat.say(WORDS)
    raise AssertionError(f"the dispute did not end: {chat.said()[-500:]}")


def refused(chat: Chat) -> set[str]:
    return {frame["id"] for frame in chat.frames if frame["type"] == "error" and frame.get("id")}


def check(state: dict[str, Any], chat: Chat, replayed: list[dict[str, Any]]) -> None:
    """Nothing acknowledged is lost, nothing is doubled, exactly one dispute and one credit."""
    who = chat.customer
    by_id = {f["id"]: f for f in replayed if f["type"] == "message" and f["author"]["kind"] == "customer"}
    for frame_id, seq in chat.acks.items():
        assert by_id[frame_id]["seq"] == seq, f"{who}: acknowledged {frame_id} is not where it was"
    seqs = [f["seq"] for f in replayed]
    assert seqs == sorted(set(seqs)), f"{who}: the record has doubles or disorder"
    answered = [s for f in replayed if f["type"] == "message" for s in f["answers"]]
    assert len(answered) == len(set(answered)), f"{who}: an input was answered twice"
    disputes = disputes_of(state, str(who))
    assert len(disputes) == 1, f"{who}: {len(disputes)} disputes"
    (dispute,) = disputes.values()
    credits = credits_for(state, dispute["transaction"])
    assert [receipt["amount_minor"] for receipt in credits] == [AMOUNT_MINOR], f"{who}: {len(credits)} credits"
    assert books_add_up(state)


async def replay_of(server: Server, chat: Chat) -> list[dict[str, Any]]:
    fresh = Chat(server.base, chat.customer, conversation=chat.conversation)
    await fresh.connect()
    await fresh.until(lambda: fresh.seq >= chat.seq)
    await fresh.close()
    return [frame for frame in fresh.frames if "seq" in frame and frame["type"] != "ready" and frame["type"] != "ack"]


async def trial(server: KillableServer, number: int, drawn: Draw) -> str:
    """Run one trial on a running server, which runs again afterwards; returns the stage it died in, or `survived`."""
    chat = Chat(server.base, customer(number), name=f"t{drawn.seed}")
    arm(server.marker, drawn.target, drawn.delay_ms)
    await talk_until_dead(server, chat)
    died = "survived"
    if await asyncio.to_thread(server.wait_dead):
        died = stage_at_death(server.marker)
        await asyncio.to_thread(server.start)
    else:
        disarm(server.marker)
    await go_on(server, chat)
    await chat.close()
    check(server.export(), chat, await replay_of(server, chat))
    return died
