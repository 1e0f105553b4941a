"""The record of one fake conversation: frames with a growing seq, sent to whoever listens, replayed to whoever comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.frames import Frame

Sender = Callable[[dict[str, Any]], None]


def on_the_wire(frame: Frame) -> dict[str, Any]:
    return frame.model_dump(mode="json", exclude_none=True)


@dataclass
class Conversation:
    id: str
    resume: str | None
    customer: str | None = None
    record: list[Frame] = field(default_factory=list)
    #: ids of the customer's frames with the seq each was acknowledged with
    taken: dict[str, int] = field(default_factory=dict)
    listeners: list[Sender] = field(default_factory=list)
    seq: int = 0

    def next(self) -> int:
        self.seq += 1
        return self.seq

    def add(self, make: Callable[[int], Frame]) -> None:
        """Something of the record: kept, and sent to everyone who is here."""
        frame = make(self.next())
        self.record.append(frame)
        self.passing(frame)

    def keep(self, frame: Frame) -> None:
        """Something the customer sent: replayed later, acknowledged now."""
        self.record.append(frame)

    def passing(self, frame: Frame) -> None:
        """Something for those who are here, not for the record."""
        for send in list(self.listeners):
            send(on_the_wire(frame))

    def missed(self, after: int) -> list[Frame]:
        return [frame for frame in self.record if frame.seq > after]  # type: ignore[attr-defined]

    def request(self, request_id: str) -> Any:
        """The open request of that id, or None."""
        closed = {f.id for f in self.record if f.type == "request_closed"}  # type: ignore[attr-defined]
        return next((f for f in self.record if f.type == "request" and f.id == request_id and f.id not in closed), None)  # type: ignore[attr-defined]
