"""Check an audit chain as an auditor does: from its lines, its signed anchors and a public key, and nothing else.

A line is one entry as bytes: `hash, previous, tenant, n, at, kind, subject, digest of the body, body`, with tabs between. The text
under the hash is the line from `previous` to the digest. An untouched chain is passed in one go; one that is not is read again by
`audit_diagnosis`, which says what happened where.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from domain.audit import GENESIS
from domain.canonical import canonical_json
from runtime.audit_diagnosis import diagnose
from runtime.audit_findings import Finding

#: An anchor is signed after this many entries or this long after the last one, whatever comes first.
ANCHOR_ENTRIES = 1_000
ANCHOR_US = 60_000_000
#: More entries than this never stand after the last anchor: one batch is linked at a time before the next anchor is due.
LONGEST_TAIL = 2 * ANCHOR_ENTRIES
Lines = Callable[[], Iterable[bytes]]


class Anchor(BaseModel):
    """One signed checkpoint, kept outside the database: entry `n` had hash `head`. `at` is wall time in microseconds; `seq` counts
    the tenant's anchors from 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str
    seq: int
    n: int
    head: str
    at: int
    kid: str
    signature: str

    def signed(self) -> bytes:
        """The bytes under the signature: RFC 8785 JSON of everything but the signature."""
        return canonical_json(self.model_dump(exclude={"signature"}))


@dataclass(frozen=True, slots=True)
class Head:
    """What the database says of its chain's end; `anchored_n` is what its last anchor covered."""

    n: int
    hash: str
    anchored_n: int


@dataclass(slots=True)
class Passed:
    """What one pass over the lines found: how many hold from the start, the hashes at wanted numbers, and executions recorded."""

    count: int = 0
    last: bytes = GENESIS.encode()
    whole: bool = True
    hashes: dict[int, bytes] = field(default_factory=dict)
    recorded: set[tuple[bytes, bytes]] = field(default_factory=set)


def pass_lines(lines: Iterable[bytes], tenant: str, wanted: frozenset[int], subjects: bool, *, masked: bool = False) -> Passed:
    """Follow the chain until its end or the first line that does not fit. One pass, constant memory."""
    found, last, n, owner = Passed(), b"\t" + GENESIS.encode(), 0, tenant.encode()
    for line in lines:
        head, _, body = line.rpartition(b"\t")
        if (
            head[64:129] != last
            or sha256(head[65:]).hexdigest().encode() != head[:64]
            or not (masked or sha256(body).hexdigest().encode() == head[-64:])
            or not head.startswith(b"\t%b\t%d\t" % (owner, n + 1), 129)
        ):
            found.whole = False
            break
        n += 1
        last = b"\t" + head[:64]
        if n in wanted:
            found.hashes[n] = head[:64]
        if subjects and b"\tproposal." in head:
            _, kind, subject, _ = head.rsplit(b"\t", 3)
            found.recorded.add((subject, kind))
    found.count, found.last = n, last[1:]
    return found


def check(
    lines: Lines,
    tenant: str,
    anchors: Iterable[Anchor],
    keys: Mapping[str, Ed25519PublicKey],
    *,
    head: Head | None = None,
    executed: Mapping[str, str] | None = None,
    masked: bool = False,
) -> tuple[list[Finding], int]:
    """Everything that is wrong, and how many entries there are.

    `lines` gives the entries in stored order, as often as asked. `executed` are proposals that were executed, with the kind of
    entry each must have.
    """
    mine = [anchor for anchor in anchors if anchor.tenant == tenant]
    findings, trusted = check_anchors(mine, keys)
    known = max([head.n if head else 0, *trusted], default=0)
    passed = pass_lines(lines(), tenant, frozenset(trusted), bool(executed), masked=masked)
    count, end, hashes, recorded = passed.count, passed.last, passed.hashes, passed.recorded
    if not passed.whole:
        told = diagnose(lines(), tenant, trusted, known, masked=masked)
        unclear = Finding(kind="edited", n=passed.count + 1, detail="does not continue from the entry before")
        findings += told.findings or [unclear]
        count, end, hashes, recorded = told.last, told.end, told.hashes, told.recorded
    findings += against_anchors(hashes, trusted, count)
    findings += _against_head(head, count, end, findings, trusted)
    missing = [(each, kind) for each, kind in (executed or {}).items() if (each.encode(), kind.encode()) not in recorded]
    findings += [Finding(kind="unrecorded", n=0, detail=f"{proposal} lacks {kind}") for proposal, kind in sorted(missing)]
    return sorted(findings, key=lambda finding: (finding.n, finding.kind)), count


def check_anchors(anchors: Iterable[Anchor], keys: Mapping[str, Ed25519PublicKey]) -> tuple[list[Finding], dict[int, bytes]]:
    """Which anchors hold: what is wrong with the others, and the signed hash of each number that is anchored."""
    findings: list[Finding] = []
    trusted: dict[int, bytes] = {}
    seq, n = 0, 0
    for anchor in anchors:
        if not signature_holds(anchor, keys):
            findings.append(Finding(kind="anchor_broken", n=anchor.n, detail=f"the signature does not hold for key {anchor.kid}"))
            continue
        if anchor.seq <= seq or anchor.n < n:
            findings.append(Finding(kind="anchor_broken", n=anchor.n, detail=f"anchor {anchor.seq} after anchor {seq}"))
            continue
        if anchor.seq > seq + 1:
            gone = f"anchor {seq + 1}" if anchor.seq == seq + 2 else f"anchors {seq + 1} to {anchor.seq - 1}"
            findings.append(Finding(kind="anchor_missing", n=n + 1, last=anchor.n, detail=gone))
        seq, n = anchor.seq, anchor.n
        trusted[n] = anchor.head.encode()
    return findings, trusted


def against_anchors(hashes: Mapping[int, bytes], trusted: Mapping[int, bytes], count: int) -> list[Finding]:
    """Cut tails and whole rewrites: what was signed outside the database against what the chain says."""
    findings = []
    signed = sorted(trusted)
    differs = [n for n in signed if n in hashes and hashes[n] != trusted[n]]
    if differs:
        good = max((n for n in signed if n < differs[0] and hashes.get(n) == trusted[n]), default=0)
        detail = f"{len(differs)} of {len(signed)} anchors contradict the chain; entry {good} is the last one confirmed"
        findings.append(Finding(kind="rewritten", n=good + 1, last=differs[0], detail=detail))
    if signed and signed[-1] > count:
        findings.append(Finding(kind="truncated", n=count + 1, last=signed[-1], detail=f"an anchor knows {signed[-1]} entries"))
    return findings


def _against_head(
    head: Head | None, count: int, end: bytes, others: list[Finding], trusted: Mapping[int, bytes]
) -> list[Finding]:
    findings = []
    anchored = max(trusted, default=0)
    if head is not None:
        if head.n > count and not any(each.kind == "truncated" for each in others):
            findings.append(Finding(kind="truncated", n=count + 1, last=head.n, detail=f"the head knows {head.n} entries"))
        elif head.n < count:
            findings.append(Finding(kind="inserted", n=head.n + 1, last=count, detail="after the head"))
        elif head.n == count and head.hash.encode() != end and not others:
            findings.append(Finding(kind="edited", n=count, detail="the head has another hash"))
        if head.anchored_n > anchored:
            detail = f"the database knows of an anchor at {head.anchored_n}"
            findings.append(Finding(kind="anchor_missing", n=anchored + 1, last=head.anchored_n, detail=detail))
    if count - anchored > LONGEST_TAIL and not findings:
        detail = f"{count - anchored} entries after the last anchor"
        findings.append(Finding(kind="anchor_missing", n=anchored + 1, last=count, detail=detail))
    return findings


def signature_holds(anchor: Anchor, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Whether one of our keys signed this anchor."""
    key = keys.get(anchor.kid)
    if key is None:
        return False
    try:
        key.verify(base64.urlsafe_b64decode(anchor.signature), anchor.signed())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
