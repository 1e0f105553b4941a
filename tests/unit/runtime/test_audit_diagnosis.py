"""Any chain, any tampering: what was done is named, at the place where it was done. By somebody without the signing key."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from domain.audit import GENESIS, body_digest, chain_hash, preimage
from domain.tokens import key_id
from runtime.audit_check import Anchor, Head, check
from runtime.audit_findings import Finding

TENANT = "demo"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {key_id(KEY.public_key()): KEY.public_key()}


@dataclass(frozen=True)
class Row:
    n: int
    at: int
    kind: str
    subject: str
    body: str
    previous: str = ""
    hash: str = ""

    def linked(self, previous: str) -> Row:
        return replace(self, previous=previous, hash=self.own(previous))

    def own(self, previous: str) -> str:
        return chain_hash(previous, TENANT, self.n, self.at, self.kind, self.subject, self.body)

    def line(self) -> bytes:
        rest = preimage(self.previous, TENANT, self.n, self.at, self.kind, self.subject, body_digest(self.body))
        return f"{self.hash}\t{rest}\t{self.body}".encode()


def relinked(rows: list[Row], previous: str = GENESIS) -> list[Row]:
    """The rows as a chain that holds in itself."""
    chain = []
    for row in rows:
        chain.append(row.linked(previous))
        previous = chain[-1].hash
    return chain


def renumbered(rows: list[Row]) -> list[Row]:
    return [replace(row, n=n) for n, row in enumerate(rows, start=1)]


@dataclass
class Trail:
    """A chain with its anchors and head as they were before anybody touched it."""

    rows: list[Row]
    every: int
    anchors: list[Anchor] = field(default_factory=list)

    def __post_init__(self) -> None:
        ends = [*range(self.every, len(self.rows), self.every), len(self.rows)]
        self.anchors = [self._anchor(seq, n) for seq, n in enumerate(ends, start=1)]
        self.head = Head(len(self.rows), self.rows[-1].hash, len(self.rows))

    def _anchor(self, seq: int, n: int) -> Anchor:
        bare = Anchor(tenant=TENANT, seq=seq, n=n, head=self.rows[n - 1].hash, at=n, kid=next(iter(KEYS)), signature="")
        return bare.model_copy(update={"signature": base64.urlsafe_b64encode(KEY.sign(bare.signed())).decode()})

    def check(self, rows: list[Row], *, head: Head | None = None, **given: Any) -> list[Finding]:
        stored = [row.line() for row in sorted(rows, key=lambda row: row.n)]
        return check(lambda: stored, TENANT, self.anchors, KEYS, head=head or self.head, **given)[0]

    def kinds(self, rows: list[Row], **given: Any) -> set[tuple[str, int]]:
        return {(finding.kind, finding.n) for finding in self.check(rows, **given)}


@st.composite
def trails(draw: st.DrawFn, least: int = 3) -> Trail:
    count = draw(st.integers(least, 40))
    kinds = draw(st.lists(st.sampled_from(["turn", "proposal.decided", "record.note"]), min_size=count, max_size=count))
    # Equal content at several places is the hard case: only number and previous hash tell such entries apart.
    rows = [Row(n, 1_000 + n // 3, kind, "", f'{{"of":{n % 4}}}') for n, kind in enumerate(kinds, start=1)]
    return Trail(relinked(rows), draw(st.integers(2, 15)))


def place(data: st.DataObject, trail: Trail, first: int = 1, last: int | None = None) -> int:
    return data.draw(st.integers(first, len(trail.rows) if last is None else last), label="place")


@given(trails())
def test_an_untouched_chain_holds(trail: Trail) -> None:
    assert trail.check(trail.rows) == []


@given(trails(), st.data())
def test_a_flipped_byte_is_an_edit_at_its_place(trail: Trail, data: st.DataObject) -> None:
    n = place(data, trail)
    row = trail.rows[n - 1]
    name = data.draw(st.sampled_from(["at", "kind", "subject", "body", "previous", "hash"]))
    value = getattr(row, name)
    changed: Any
    if isinstance(value, int):
        changed = value ^ 1
    else:
        at = data.draw(st.integers(0, max(len(value) - 1, 0)))
        changed = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] if value else "x"
    rows = [replace(row, **{name: changed}) if each.n == n else each for each in trail.rows]
    found = trail.check(rows)
    assert {(f.kind, f.n) for f in found} == {("edited", n)}, name
    if n < len(rows) and name in ("previous", "hash"):
        assert name in found[0].detail


@given(trails(), st.data())
def test_deleted_rows_are_located_even_if_the_gap_is_closed_up(trail: Trail, data: st.DataObject) -> None:
    n = place(data, trail, 1, len(trail.rows) - 1)
    count = data.draw(st.integers(1, min(3, len(trail.rows) - n)))
    left = [row for row in trail.rows if not n <= row.n < n + count]
    for rows in (left, renumbered(left)):
        found = trail.check(rows)
        assert [(f.kind, f.n, f.last or f.n) for f in found] == [("deleted", n, n + count - 1)] or (
            n + count > len(trail.rows) and [(f.kind, f.n) for f in found] == [("truncated", n)]
        )


@given(trails(), st.data())
def test_swapped_rows_are_located_both(trail: Trail, data: st.DataObject) -> None:
    one = place(data, trail, 1, len(trail.rows) - 1)
    other = place(data, trail, one + 1)
    numbers = {one: other, other: one}
    rows = [replace(row, n=numbers.get(row.n, row.n)) for row in trail.rows]
    assert trail.kinds(rows) == {("reordered", one), ("reordered", other)}


@given(trails(), st.data(), st.booleans(), st.booleans())
def test_an_inserted_row_is_located_well_made_hash_or_not(
    trail: Trail, data: st.DataObject, well_made: bool, shift: bool
) -> None:
    n = place(data, trail)
    forged = Row(n, 999, "turn", "", '{"forged":true}', "a" * 64, "b" * 64)
    if well_made:
        forged = forged.linked(trail.rows[n - 2].hash if n > 1 else GENESIS)
    before, after = trail.rows[: n - 1], trail.rows[n - 1 :]
    rows = [*before, forged, *([replace(row, n=row.n + 1) for row in after] if shift else after)]
    found = trail.kinds(rows)
    assert found == {("inserted", n)}


@given(trails(), st.data())
def test_a_row_appended_behind_the_head_is_located(trail: Trail, data: st.DataObject) -> None:
    end = len(trail.rows)
    forged = Row(end + 1, 999, "turn", "", '{"forged":true}').linked(trail.rows[-1].hash)
    assert trail.kinds([*trail.rows, forged]) == {("inserted", end + 1)}


@given(trails(), st.data())
def test_a_cut_tail_is_located_with_the_head_adjusted_too(trail: Trail, data: st.DataObject) -> None:
    n = place(data, trail, 1, len(trail.rows) - 1)
    rows = trail.rows[:n]
    assert trail.kinds(rows) == {("truncated", n + 1)}
    adjusted = Head(n, rows[-1].hash, max((anchor.n for anchor in trail.anchors if anchor.n <= n), default=0))
    assert trail.kinds(rows, head=adjusted) == {("truncated", n + 1)}


@given(trails(), st.data())
@example(Trail(relinked([Row(n, 1, "turn", "", "{}") for n in range(1, 7)]), 2), None)  # type: ignore[arg-type]
def test_a_rewrite_without_the_signing_key_is_located_between_two_anchors(trail: Trail, data: st.DataObject | None) -> None:
    n = 3 if data is None else place(data, trail)
    rows = relinked([replace(row, body='{"forged":true}') if row.n == n else row for row in trail.rows])
    found = trail.check(rows, head=Head(len(rows), rows[-1].hash, len(rows)))
    signed = [0, *(anchor.n for anchor in trail.anchors)]
    good, bad = max(each for each in signed if each < n), min(each for each in signed if each >= n)
    assert [(f.kind, f.n, f.last) for f in found] == [("rewritten", good + 1, bad)]


@given(trails(), st.data())
def test_an_entry_replaced_with_a_well_made_hash_breaks_the_next_link(trail: Trail, data: st.DataObject) -> None:
    n = place(data, trail, 1, len(trail.rows) - 1)
    previous = trail.rows[n - 2].hash if n > 1 else GENESIS
    forged = replace(trail.rows[n - 1], body='{"forged":true}').linked(previous)
    rows = [forged if row.n == n else row for row in trail.rows]
    assert ("edited", n) in trail.kinds(rows)
    assert {where for kind, where in trail.kinds(rows) if kind == "edited"} == {n}


@given(trails(least=12), st.data())
def test_two_things_at_once_are_both_told(trail: Trail, data: st.DataObject) -> None:
    gone = place(data, trail, 2, len(trail.rows) // 2 - 2)
    edited = place(data, trail, len(trail.rows) // 2 + 1, len(trail.rows) - 1)
    rows = [replace(row, body="{}x") if row.n == edited else row for row in trail.rows if row.n != gone]
    assert trail.kinds(rows) == {("deleted", gone), ("edited", edited)}


@given(trails(), st.data())
def test_an_anchor_taken_away_is_missed_and_a_forged_one_is_none(trail: Trail, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(trail.anchors) - 1))
    whole = list(trail.anchors)
    trail.anchors = [anchor for anchor in whole if anchor is not whole[at]]
    assert {f.kind for f in trail.check(trail.rows)} == {"anchor_missing"}
    trail.anchors = [anchor.model_copy(update={"head": "0" * 64}) if anchor is whole[at] else anchor for anchor in whole]
    assert ("anchor_broken", whole[at].n) in trail.kinds(trail.rows)


@given(trails(), st.data())
def test_an_executed_proposal_without_its_entry_is_told(trail: Trail, data: st.DataObject) -> None:
    n = place(data, trail)
    rows = relinked([replace(row, kind="proposal.succeeded", subject="prp_1") if row.n == n else row for row in trail.rows])
    kept = Trail(rows, trail.every)
    assert kept.check(rows, executed={"prp_1": "proposal.succeeded"}) == []
    found = kept.check(rows, executed={"prp_1": "proposal.succeeded", "prp_2": "proposal.executing"})
    assert [(f.kind, f.detail) for f in found] == [("unrecorded", "prp_2 lacks proposal.executing")]
