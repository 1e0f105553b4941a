"""Live fan-out inside this process: who watches which conversation. What is missed here is read from the record."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

#: Frames waiting for one slow socket; beyond that it is told to read the record again.
MAX_QUEUED = 256


@dataclass(eq=False, slots=True)
class Watcher:
    """One socket's inbox. `record` frames carry a seq; `passing` ones (thinking, delta) may be dropped."""

    conversation: str
    queue: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(MAX_QUEUED))

    def give(self, frame: dict[str, Any]) -> None:
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            return  # a gap in seq makes the socket read the record


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
        self.publish(conversation, [{"type": "nudge"}])
