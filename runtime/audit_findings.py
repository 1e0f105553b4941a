"""What can be wrong with an audit trail, in words that never change: they stand in reports and in `docs/audit.md`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal[
    "edited",  # content, hash, previous hash, time or kind is not what was linked
    "deleted",  # a number is missing inside the chain
    "inserted",  # an entry that belongs nowhere in the chain
    "reordered",  # a genuine entry stands at another number than its own
    "truncated",  # head, anchor or end mark knows entries that are gone
    "rewritten",  # the chain holds in itself and differs from what an anchor signed
    "anchor_broken",  # an anchor's own signature or order does not hold
    "anchor_missing",  # an anchor is known to have been signed and is not there
    "unrecorded",  # a proposal was executed and the trail does not say so
]


class Finding(BaseModel):
    """One thing wrong: what, and where: the stored number (or the missing one), up to `last` where it is a stretch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    n: int
    last: int | None = None
    detail: str = ""
