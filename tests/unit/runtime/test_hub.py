"""Fan-out: nobody waits for a slow watcher, and no watcher is left behind without knowing it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from runtime import hub as module
from runtime.hub import CLAIMED, NUDGE, Hub, Watcher


def message(seq: int) -> dict[str, Any]:
    return {"type": "message", "seq": seq}


async def taken(watcher: Watcher, count: int) -> list[dict[str, Any]]:
    return [await asyncio.wait_for(watcher.take(), 1) for _ in range(count)]


async def test_everybody_who_watches_a_conversation_gets_its_frames_in_order_and_nobody_else_does() -> None:
    hub = Hub()
    first, second, other = hub.watch("a"), hub.watch("a"), hub.watch("b")

    hub.publish("a", [message(1), message(2)])

    assert await taken(first, 2) == await taken(second, 2) == [message(1), message(2)]
    assert other.queue.empty()


async def test_a_full_inbox_holds_no_more_and_says_afterwards_that_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_QUEUED", 2)
    hub = Hub()
    watcher = hub.watch("a")

    hub.publish("a", [message(seq) for seq in range(1, 6)])

    assert watcher.queue.qsize() == 2
    assert await taken(watcher, 3) == [message(1), message(2), {"type": NUDGE}]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watcher.take(), 0.01)


@pytest.mark.parametrize(("kind", "missed"), [("thinking", False), ("delta", False), (NUDGE, True), (CLAIMED, True)])
async def test_only_what_matters_is_missed(monkeypatch: pytest.MonkeyPatch, kind: str, missed: bool) -> None:
    monkeypatch.setattr(module, "MAX_QUEUED", 1)
    hub = Hub()
    watcher = hub.watch("a")

    hub.publish("a", [message(1), {"type": kind}])

    assert watcher.behind is missed


async def test_what_comes_while_the_gap_is_still_to_be_read_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_QUEUED", 1)
    hub = Hub()
    watcher = hub.watch("a")

    hub.publish("a", [message(1), message(2)])
    first = await watcher.take()
    hub.publish("a", [message(3)])

    assert [first, *await taken(watcher, 2)] == [message(1), message(3), {"type": NUDGE}], "a gap in seq is read as well"


async def test_who_left_gets_nothing_and_leaves_nothing_behind() -> None:
    hub = Hub()
    watcher = hub.watch("a")

    hub.unwatch(watcher)
    hub.unwatch(watcher)
    hub.publish("a", [message(1)])

    assert watcher.queue.empty()
    assert hub.watched() == []
