"""Live fan-out inside this process: who watches which conversation. What is missed here is read from the record."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

#: Frames waiting for one slow socket; beyond that it reads the record when it has caught up with these.
MAX_QUEUED = 256
#: Not frames for customers, but words to sockets: the record grew elsewhere; the conversation has become a customer's.
NUDGE, CLAIMED = "nudge", "claimed"


@dataclass(eq=False, slots=True)
class Watcher:
    """One socket's inbox. What is part of the record is never lost: what finds no room is read from storage afterwards.

    Passing frames (thinking, delta) that find no room are gone.
    """

    conversation: str
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(MAX_QUEUED))
    behind: bool = False

    def give(self, frame: dict[str, Any]) -> None:
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.behind = self.behind or "seq" in frame or frame["type"] in (NUDGE, CLAIMED)

    async def take(self) -> dict[str, Any]:
        """The next frame, or a nudge when some found no room and all that did are taken."""
        if self.behind and self.queue.empty():
            self.behind = False
            return {"type": NUDGE}
        return await self.queue.get()


class Hub:
    """Conversation → watchers, in this process."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = defaultdict(set)

    def watch(self, conversation: str) -> Watcher:
        watcher = Watcher(conversation)
        self._watchers[conversation].add(watcher)
        return watcher

    def unwatch(self, watcher: Watcher) -> None:
        watchers = self._watchers.get(watcher.conversation)
        if watchers is None:
            return
        watchers.discard(watcher)
        if not watchers:
            del self._watchers[watcher.conversation]

    def publish(self, conversation: str, frames: list[dict[str, Any]]) -> None:
        """Hand frames to everybody who watches; never waits."""
        for watcher in tuple(self._watchers.get(conversation, ())):
            for frame in frames:
                watcher.give(frame)

    def watched(self) -> list[str]:
        return list(self._watchers)

    def nudge(self, conversation: str) -> None:
        """Say that the record grew elsewhere: watchers compare and read."""
        self.publish(conversation, [{"type": NUDGE}])
