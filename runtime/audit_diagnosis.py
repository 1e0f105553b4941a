"""What happened to a chain that does not hold, and where: edits, deletions, insertions and moves told apart.

An entry's hash covers its number, so an entry that stands elsewhere tells by itself where it belongs, and its neighbours tell what
stood where nothing fits. Read only when the quick pass has stopped; keeps the whole chain in memory.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from domain.audit import GENESIS
from runtime.audit_findings import Finding

_GENESIS = GENESIS.encode()
FIELDS = 9
#: Where no neighbour tells an entry's number, so many numbers around its own are tried, for so many such entries.
WINDOW, LOOKED_AROUND = 64, 64


@dataclass(slots=True)
class Diagnosis:
    """What was found, the last number that belongs to the chain, and the hashes of the entries that are genuine."""

    findings: list[Finding]
    last: int
    end: bytes
    hashes: dict[int, bytes]
    recorded: set[tuple[bytes, bytes]]


@dataclass(slots=True, eq=False)
class _Row:
    """One stored entry; `stored` is its number in storage, `true` the number that its content and hash were made for."""

    place: int
    stored: int | None
    hash: bytes
    previous: bytes
    rest: bytes
    kind: bytes
    subject: bytes
    intact: bool
    true: int | None = None

    @property
    def n(self) -> int:
        return self.place if self.stored is None else self.stored

    def digest(self, tenant: bytes, n: int, previous: bytes | None = None) -> bytes:
        text = b"%b\t%b\t%d\t%b" % (self.previous if previous is None else previous, tenant, n, self.rest)
        return sha256(text).hexdigest().encode()


def _parsed(place: int, line: bytes, tenant: bytes, masked: bool) -> _Row:
    parts = line.split(b"\t", FIELDS - 1)
    if len(parts) < FIELDS:
        return _Row(place, None, parts[0], b"", b"", b"", b"", False)
    own, previous, owner, number, at, kind, subject, digest, body = parts
    intact = owner == tenant and (masked or sha256(body).hexdigest().encode() == digest)
    stored = int(number) if number.isdigit() and len(number) < 19 else None
    return _Row(place, stored, own, previous, b"\t".join((at, kind, subject, digest)), kind, subject, intact)


@dataclass(slots=True)
class _Chain:
    """The rows under examination."""

    tenant: bytes
    rows: list[_Row]
    findings: list[Finding] = field(default_factory=list)
    genuine: dict[int, _Row] = field(default_factory=dict)
    inserted: list[_Row] = field(default_factory=list)

    def fits(self, row: _Row, n: int) -> bool:
        return row.intact and n >= 1 and row.digest(self.tenant, n) == row.hash


def diagnose(lines: Iterable[bytes], tenant: str, trusted: Mapping[int, bytes], known: int, *, masked: bool = False) -> Diagnosis:
    """Locate what is wrong. `trusted` are signed hashes by number; `known` is how many entries head or anchors speak of."""
    chain = _Chain(tenant.encode(), [_parsed(place, line, tenant.encode(), masked) for place, line in enumerate(lines, start=1)])
    _number(chain, {mark: n for n, mark in trusted.items()})
    _choose(chain, trusted)
    last, missing = _missing(chain, known)
    _strangers(chain, missing)
    chain.findings += [Finding(kind="deleted", n=first, last=end if end > first else None) for first, end in _ranges(missing)]
    _links(chain)
    _moves(chain, missing)
    end = chain.genuine[last].hash if last in chain.genuine else b""
    recorded = {(row.subject, row.kind) for row in chain.genuine.values()}
    return Diagnosis(chain.findings, last, end, {n: row.hash for n, row in chain.genuine.items()}, recorded)


def _number(chain: _Chain, signed: Mapping[bytes, int]) -> None:
    """Give each entry the number it was made for: its own, a signed one, or the one its neighbours in the chain lead to."""
    followers: dict[bytes, list[_Row]] = defaultdict(list)
    owners: dict[bytes, list[_Row]] = defaultdict(list)
    for row in chain.rows:
        followers[row.previous].append(row)
        owners[row.hash].append(row)
        if row.stored is not None and chain.fits(row, row.stored):
            row.true = row.stored
        elif (n := signed.get(row.hash, 1)) and chain.fits(row, n):
            row.true = n
    waiting = deque(row for row in chain.rows if row.true is not None)
    shifts: dict[int, None] = {}
    while True:
        while waiting:
            row = waiting.popleft()
            assert row.true is not None
            shifts[row.n - row.true] = None
            near = [(each, row.true + 1) for each in followers[row.hash]] + [
                (each, row.true - 1) for each in owners[row.previous]
            ]
            for other, n in near:
                if other.true is None and chain.fits(other, n):
                    other.true = n
                    waiting.append(other)
        lost = [row for row in chain.rows if row.true is None and row.stored is not None]
        for tried, row in enumerate(lost):
            nearby = shifts if tried >= LOOKED_AROUND else [*shifts, *range(-WINDOW, WINDOW + 1)]
            row.true = next((row.n - shift for shift in nearby if chain.fits(row, row.n - shift)), None)
            if row.true is not None:
                waiting.append(row)
                break
        else:
            return


def _choose(chain: _Chain, trusted: Mapping[int, bytes]) -> None:
    """One genuine entry a number: the anchored one, else the one that the rest of the chain continues from."""
    claims: dict[int, list[_Row]] = defaultdict(list)
    for row in chain.rows:
        if row.true is not None:
            claims[row.true].append(row)
    for n in sorted(claims, reverse=True):
        after = chain.genuine.get(n + 1)

        def worth(row: _Row, n: int = n, after: _Row | None = after) -> tuple[bool, bool, int]:
            return (trusted.get(n) == row.hash, after is not None and after.previous == row.hash, -row.place)

        best, *others = sorted(claims[n], key=worth, reverse=True)
        chain.genuine[n] = best
        chain.inserted += others
        chain.findings += [Finding(kind="inserted", n=row.n, detail=f"a second entry for number {n}") for row in others]


def _missing(chain: _Chain, known: int) -> tuple[int, set[int]]:
    """The last number that the chain has, and those up to it that no entry fits."""
    last = max(chain.genuine, default=0)
    for n in sorted(row.stored for row in chain.rows if row.true is None and row.stored is not None):
        if n == last + 1 or last < n <= known:
            last = n
    return last, {n for n in range(1, last + 1) if n not in chain.genuine}


def _strangers(chain: _Chain, missing: set[int]) -> None:
    """Entries that fit no number: edits where their number is missing otherwise, insertions where it is not."""
    by_hash = {row.hash: n for n, row in chain.genuine.items()}
    by_previous = {row.previous: n for n, row in chain.genuine.items()}
    strangers = [row for row in chain.rows if row.true is None]
    taken: set[int] = set()
    # What its neighbours in the chain vouch for is placed first; then what stands at a missing number.
    for vouched in (True, False):
        for row in strangers:
            if row.place in taken:
                continue
            candidates = [by_hash.get(row.previous, -1) + 1, by_previous.get(row.hash, 0) - 1] if vouched else [row.stored or 0]
            n = next((each for each in candidates if each in missing), None)
            if n is not None:
                missing.discard(n)
                taken.add(row.place)
                chain.findings.append(Finding(kind="edited", n=row.n, detail=_what(chain, row, n)))
    for row in strangers:
        if row.place not in taken:
            chain.inserted.append(row)
            chain.findings.append(Finding(kind="inserted", n=row.n, detail="fits no place in the chain"))


def _what(chain: _Chain, row: _Row, n: int) -> str:
    """Which part of an edited entry does not fit, told by its neighbours."""
    after = chain.genuine.get(n + 1)
    before = _GENESIS if n == 1 else chain.genuine[n - 1].hash if n - 1 in chain.genuine else None
    if row.intact and before is not None and row.digest(chain.tenant, n, before) == row.hash:
        return "its previous hash was changed"
    if row.intact and after is not None and row.digest(chain.tenant, n) == after.previous:
        return "its hash was changed"
    return "body, time, kind or subject is not what was hashed"


def _links(chain: _Chain) -> None:
    """Entries whose successor does not continue from them: replaced, and their hash made to fit again."""
    for n, row in sorted(chain.genuine.items()):
        before = _GENESIS if n == 1 else chain.genuine[n - 1].hash if n - 1 in chain.genuine else None
        if before is not None and row.previous != before:
            detail = f"entry {n} continues from another hash" if n > 1 else "the first entry continues from something"
            chain.findings.append(Finding(kind="edited", n=max(n - 1, 1), detail=detail))


def _moves(chain: _Chain, missing: set[int]) -> None:
    """Genuine entries at another number, unless the insertions and deletions before them explain the shift."""
    gone = sorted(missing)
    extra = sorted(row.n for row in chain.inserted)
    order = sorted(chain.genuine.values(), key=lambda row: (row.n, row.place))
    steady = _longest_rise([row.true or 0 for row in order])
    for place, row in enumerate(order):
        assert row.true is not None
        shift = row.n - row.true
        explained = -bisect_left(gone, row.true) <= shift <= bisect_left(extra, row.n)
        if shift and (not explained or place not in steady):
            chain.findings.append(Finding(kind="reordered", n=row.n, detail=f"this is entry {row.true}"))
            row.place = 0  # told
    stored = [row for row in sorted(chain.genuine.values(), key=lambda row: row.place) if row.place]
    steady = _longest_rise([row.true or 0 for row in stored])
    for place, row in enumerate(stored):
        if place not in steady and row.n == row.true:
            chain.findings.append(Finding(kind="reordered", n=row.n, detail=f"it stands at place {row.place}"))


def _longest_rise(numbers: list[int]) -> set[int]:
    """Places of a longest strictly rising subsequence: what is outside it has been moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(number)
            ends.append(place)
        else:
            tails[at], ends[at] = number, place
    kept: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept


def _ranges(numbers: set[int]) -> list[tuple[int, int]]:
    """Stretches of consecutive numbers."""
    found: list[tuple[int, int]] = []
    for n in sorted(numbers):
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found
