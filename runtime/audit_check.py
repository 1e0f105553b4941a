"""Check an audit chain as an auditor does: from its entries, its signed anchors and the public keys, and nothing else."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from domain.audit import GENESIS, Entry, link
from domain.canonical import canonical_json

#: How far from its stored number an entry's true number is looked for.
WINDOW = 256
Kind = Literal[
    "edited",  # the content does not give the stored hash
    "deleted",  # a number is missing inside the chain
    "inserted",  # an entry that belongs nowhere in the chain
    "reordered",  # a genuine entry stands at another number than its own
    "truncated",  # the head or an anchor knows entries that are gone
    "rewritten",  # the chain differs from what an anchor signed
    "anchor_broken",  # an anchor's own signature or order does not hold
    "unrecorded",  # a proposal was executed and the trail does not say so
]


class Anchor(BaseModel):
    """One signed checkpoint, kept outside the database: entry `n` had hash `head`. `at` is wall time in microseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str
    n: int
    head: str
    at: int
    kid: str
    signature: str

    def signed(self) -> bytes:
        """The bytes under the signature."""
        return canonical_json({"tenant": self.tenant, "n": self.n, "head": self.head, "at": self.at, "kid": self.kid})


class Finding(BaseModel):
    """One thing wrong: where (the stored number, or the missing one) and what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    n: int
    detail: str = ""


def true_number(entry: Entry) -> int | None:
    """The number that this entry's content and hash were made for: its own, one nearby, or None when none fits."""

    def fits(n: int) -> bool:
        return n >= 1 and link(entry.previous, entry.tenant, n, entry.at_micros, entry.kind, entry.body) == entry.hash

    if fits(entry.n):
        return entry.n
    for distance in range(1, WINDOW):
        for n in (entry.n - distance, entry.n + distance):
            if fits(n):
                return n
    return None


def check_chain(entries: Iterable[Entry]) -> tuple[list[Finding], dict[int, str]]:
    """Find what was edited, deleted, inserted or reordered. Also returns the hash of each number that is genuine so far.

    `entries` come in stored order. Entries whose content fits no number are edits where their number is otherwise missing,
    insertions where it is not.
    """
    hashes: dict[int, str] = {}
    links: dict[int, str] = {}
    stored: dict[int, int] = {}
    strangers: list[int] = []
    findings: list[Finding] = []
    for entry in entries:
        n = true_number(entry)
        if n is None:
            strangers.append(entry.n)
        elif n in hashes:
            findings.append(Finding(kind="inserted", n=entry.n, detail="a second entry for this number"))
        else:
            hashes[n], links[n], stored[n] = entry.hash, entry.previous, entry.n
    last = max(hashes, default=0)
    missing = {n for n in range(1, last + 1) if n not in hashes}
    if strangers and last < max(strangers):
        missing |= set(range(last + 1, max(strangers) + 1))
    findings += _strangers(strangers, missing)
    findings += [Finding(kind="deleted", n=n) for n in sorted(missing)]
    findings += _links(hashes, links)
    findings += _moves(stored, findings)
    return sorted(findings, key=lambda finding: (finding.n, finding.kind)), hashes


def _strangers(strangers: list[int], missing: set[int]) -> list[Finding]:
    findings = []
    for n in strangers:
        if n in missing:
            missing.discard(n)
            findings.append(Finding(kind="edited", n=n, detail="content and hash differ"))
        else:
            findings.append(Finding(kind="inserted", n=n, detail="fits no place in the chain"))
    return findings


def _links(hashes: dict[int, str], links: dict[int, str]) -> list[Finding]:
    """Entries whose successor does not continue from them: edited, and their hash made to fit again."""
    findings = []
    for n in sorted(links):
        before = GENESIS if n == 1 else hashes.get(n - 1)
        if before is not None and links[n] != before:
            findings.append(Finding(kind="edited", n=max(n - 1, 1), detail=f"entry {n} continues from another hash"))
    return findings


def _moves(stored: dict[int, int], others: list[Finding]) -> list[Finding]:
    """Genuine entries at another number, unless the insertions and deletions before them explain the shift."""
    shifts = Counter(number - own for own, number in stored.items())
    explained = {0}
    inserted = sum(1 for each in others if each.kind == "inserted")
    deleted = sum(1 for each in others if each.kind == "deleted")
    explained |= set(range(-deleted, inserted + 1))
    findings = []
    for own, number in sorted(stored.items()):
        shift = number - own
        if shift and (shift not in explained or not (inserted or deleted)):
            findings.append(Finding(kind="reordered", n=number, detail=f"this is entry {own}; {shifts[shift]} moved by {shift}"))
    return findings


def check_anchors(
    anchors: Iterable[Anchor], hashes: Mapping[int, str], keys: Mapping[str, Ed25519PublicKey], tenant: str
) -> list[Finding]:
    """Hold the chain against what was signed outside the database: cut tails and whole rewrites show here."""
    findings: list[Finding] = []
    before = 0
    for anchor in anchors:
        if anchor.tenant != tenant:
            continue
        if not _signature_holds(anchor, keys) or anchor.n < before:
            findings.append(Finding(kind="anchor_broken", n=anchor.n, detail=f"key {anchor.kid}"))
            continue
        before = anchor.n
        if anchor.n and anchor.n > max(hashes, default=0):
            findings.append(Finding(kind="truncated", n=max(hashes, default=0) + 1, detail=f"an anchor knows {anchor.n} entries"))
        elif anchor.n and hashes.get(anchor.n, anchor.head) != anchor.head:
            findings.append(Finding(kind="rewritten", n=anchor.n, detail="differs from the anchored hash"))
    return findings


def _signature_holds(anchor: Anchor, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    key = keys.get(anchor.kid)
    if key is None:
        return False
    try:
        key.verify(base64.urlsafe_b64decode(anchor.signature), anchor.signed())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
