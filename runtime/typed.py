"""What was typed, made storable: secrets taken out with what is known of the conversation, its last messages included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.requests import OpenRequest, open_requests
from runtime.storage import leases, record

#: Last texts of a conversation that are looked at together, so that a number split over messages is still found.
RECENT = 4
#: A one-time password has this many digits.
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text without secrets; `secret` is the answer to the open secret request when it was typed into the chat.

    `earlier` are the last stored texts without their part of a secret that was sent in pieces.
    """

    text: str
    secret: str | None
    flags: tuple[str, ...]
    earlier: tuple[str, ...] = ()


Mask = Callable[[str, str | None, Sequence[str]], MaskedText]


class Overtaken(Exception):
    """Another message came in between reading the last ones and storing this one: read them again."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A conversation as it stood when a text came in. Read from the record each time: other sockets and processes write to it.

    `seen` is the seq under which this very message was accepted before.
    """

    seen: int | None
    awaited: OpenRequest | None
    turn_runs: bool
    recent: tuple[tuple[int, str], ...]

    def masked(self, text: str, mask: Mask) -> MaskedText:
        return mask(text, self._purpose(text), tuple(stored for _, stored in self.recent))

    def _purpose(self, text: str) -> str | None:
        """What a secret in the text would be for. While a turn runs, a code may have been sent whose question is still to come."""
        if self.awaited is not None:
            return self.awaited.ask.purpose
        bare = sum(char.isdecimal() for char in text) == CODE_DIGITS and not any(char.isalpha() for char in text)
        return "otp" if self.turn_runs and bare else None

    def store_earlier(self, connection: sa.Connection, tenant: str, conversation: str, masked: MaskedText) -> None:
        """Take the first parts of a secret that was sent in pieces out of the messages that carried them.

        Raises Overtaken when the last messages are no longer those that this text was masked with.
        """
        if tuple(record.recent_texts(connection, tenant, conversation, RECENT)) != self.recent:
            raise Overtaken
        tail = self.recent[len(self.recent) - len(masked.earlier) :]
        changed = {seq: text for (seq, before), text in zip(tail, masked.earlier, strict=True) if before != text}
        if changed:
            record.rewrite_texts(connection, tenant, conversation, changed)


def look(connection: sa.Connection, tenant: str, conversation: str, client_id: str, now: int) -> Typed:
    """Read what a text has to be masked with, in one snapshot."""
    seen = record.seq_of(connection, tenant, conversation, client_id)
    secrets = [
        row for row in open_requests(connection, tenant, conversation) if row.ask.kind == "secret" and row.expires_at > now
    ]
    return Typed(
        seen=seen,
        awaited=max(secrets, key=lambda row: row.expires_at, default=None),
        turn_runs=leases.turn_runs(connection, tenant, conversation),
        recent=tuple(record.recent_texts(connection, tenant, conversation, RECENT)),
    )
