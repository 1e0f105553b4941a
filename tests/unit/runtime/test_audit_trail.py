"""The audit trail shows every way in which somebody may have changed it, and an executed proposal that it does not mention."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.audit import GENESIS, chain_hash
from domain.canonical import canonical_json
from domain.errors import BadInput
from runtime.audit_export import verify_export, write_export
from runtime.audit_findings import Finding
from runtime.audit_trail import anchor_file, read_anchors, verify
from runtime.storage import audit
from runtime.storage import gate_tables as t
from tests.support.gate_house import TENANT, GateHouse

ENTRIES = 12


@pytest.fixture
async def anchors(house: GateHouse, tmp_path: Path) -> Path:
    """A linked trail of twelve entries, anchored at six and at twelve."""
    sequencer = house.sequencer(tmp_path / "anchor")
    for _ in range(2):
        for n in range(ENTRIES // 2):
            house.db.write_now(lambda c, n=n: audit.append_audit(c, TENANT, "test", {"n": n}, 1_000 + n))  # type: ignore[misc]
        assert await sequencer.run_once(TENANT, anchor=True) == ENTRIES // 2
    return anchor_file(tmp_path / "anchor", TENANT)


def found(house: GateHouse, anchors: Path) -> list[Finding]:
    return house.db.read_now(lambda c: verify(c, TENANT, read_anchors(anchors), house.audit_keys))[0]


def kinds(house: GateHouse, anchors: Path) -> set[tuple[str, int]]:
    return {(finding.kind, finding.n) for finding in found(house, anchors)}


def change(house: GateHouse, *statements: Any) -> None:
    house.db.write_now(lambda c: [c.execute(statement) for statement in statements])


def hashed(previous: str, n: int, moment: int, body: Any) -> str:
    return chain_hash(previous, TENANT, n, moment, "test", "", canonical_json(body).decode())


def at(n: int) -> sa.ColumnElement[bool]:
    return t.audit_entry.c.n == n


async def test_an_untouched_trail_holds(house: GateHouse, anchors: Path) -> None:
    assert found(house, anchors) == []


async def test_an_edited_entry_is_located(house: GateHouse, anchors: Path) -> None:
    change(house, t.audit_entry.update().where(at(4)).values(body={"n": 99}))
    assert kinds(house, anchors) == {("edited", 4)}


async def test_an_edited_time_is_located(house: GateHouse, anchors: Path) -> None:
    change(house, t.audit_entry.update().where(at(12)).values(at=77))
    assert ("edited", 12) in kinds(house, anchors)


async def test_an_edit_with_a_matching_hash_breaks_the_link_after_it(house: GateHouse, anchors: Path) -> None:
    previous = house.scalar(sa.select(t.audit_entry.c.previous).where(at(4)))
    mark = hashed(previous, 4, 1_003, {"forged": True})
    change(house, t.audit_entry.update().where(at(4)).values(body={"forged": True}, hash=mark))
    assert kinds(house, anchors) == {("edited", 4)}


async def test_a_deleted_entry_is_located(house: GateHouse, anchors: Path) -> None:
    change(house, t.audit_entry.delete().where(at(7)))
    assert kinds(house, anchors) == {("deleted", 7)}


async def test_a_deletion_that_was_closed_up_is_located(house: GateHouse, anchors: Path) -> None:
    change(house, t.audit_entry.delete().where(at(7)))
    for n in range(8, ENTRIES + 1):
        change(house, t.audit_entry.update().where(at(n)).values(n=n - 1))
    assert ("deleted", 7) in kinds(house, anchors)


async def test_an_inserted_entry_is_located(house: GateHouse, anchors: Path) -> None:
    for n in range(ENTRIES, 4, -1):
        change(house, t.audit_entry.update().where(at(n)).values(n=n + 1))
    forged = {
        "tenant": TENANT,
        "id": "forged",
        "at": 5,
        "kind": "test",
        "body": {},
        "n": 5,
        "previous": GENESIS,
        "hash": "f" * 64,
    }
    change(house, t.audit_entry.insert().values(**forged))
    assert ("inserted", 5) in kinds(house, anchors)


async def test_swapped_entries_are_located(house: GateHouse, anchors: Path) -> None:
    change(
        house,
        t.audit_entry.update().where(at(3)).values(n=1003),
        t.audit_entry.update().where(at(9)).values(n=3),
        t.audit_entry.update().where(at(1003)).values(n=9),
    )
    assert kinds(house, anchors) == {("reordered", 3), ("reordered", 9)}


async def test_a_cut_tail_is_known_to_head_and_anchor(house: GateHouse, anchors: Path) -> None:
    change(house, t.audit_entry.delete().where(t.audit_entry.c.n > 8))
    assert kinds(house, anchors) == {("truncated", 9)}
    change(house, t.audit_head.update().values(n=8, anchored_n=6))
    assert kinds(house, anchors) == {("truncated", 9)}
    anchors.unlink()
    assert kinds(house, anchors) == {("anchor_missing", 1), ("edited", 8)}
    change(house, t.audit_head.update().values(anchored_n=0, hash=house.scalar(sa.select(t.audit_entry.c.hash).where(at(8)))))
    assert found(house, anchors) == []  # without what lies outside the database nobody could tell


async def test_a_whole_rewrite_contradicts_the_anchors(house: GateHouse, anchors: Path) -> None:
    previous = GENESIS
    for n in range(1, ENTRIES + 1):
        mark = hashed(previous, n, 1, {"rewritten": n})
        values = {"at": 1, "body": {"rewritten": n}, "previous": previous, "hash": mark}
        change(house, t.audit_entry.update().where(at(n)).values(**values))
        previous = mark
    change(house, t.audit_head.update().values(hash=previous))
    assert kinds(house, anchors) == {("rewritten", 1)}


async def test_a_forged_anchor_is_no_anchor(house: GateHouse, anchors: Path) -> None:
    lines = anchors.read_text().splitlines()
    anchors.write_text("\n".join([lines[0].replace('"n":6', '"n":5'), lines[1]]) + "\n")
    assert kinds(house, anchors) == {("anchor_broken", 5), ("anchor_missing", 1)}


async def test_a_broken_anchor_file_is_named(anchors: Path) -> None:
    anchors.write_text("not json\n")
    with pytest.raises(BadInput, match="line 1"):
        read_anchors(anchors)


async def test_an_executed_proposal_that_the_trail_does_not_mention_is_found(house: GateHouse, anchors: Path) -> None:
    gate = house.gate()
    proposal = await house.ready_credit(gate)
    await gate.execute(proposal)
    assert found(house, anchors) == []
    e = t.audit_entry.c
    change(house, t.audit_entry.delete().where(e.subject == proposal, e.kind == "proposal.succeeded", e.n.is_(None)))
    assert [finding.kind for finding in found(house, anchors)] == ["unrecorded"]


async def test_the_trail_is_checked_from_an_export_alone(house: GateHouse, anchors: Path, tmp_path: Path) -> None:
    out = tmp_path / "trail.audit"
    with out.open("wb") as file:
        house.db.read_now(lambda c: write_export(file, c, TENANT, read_anchors(anchors), house.audit_keys))
    assert verify_export(out, house.audit_keys)[0] == []
    out.write_bytes(out.read_bytes().replace(b"\t1004\ttest", b"\t1004\tother"))
    assert {(f.kind, f.n) for f in verify_export(out, house.audit_keys)[0]} == {("edited", 5), ("edited", 11)}
    out.write_text("{}\n")
    with pytest.raises(BadInput, match="export_unreadable"):
        verify_export(out, house.audit_keys)


async def test_bytes_that_are_no_text_are_reported_and_not_stumbled_over(house: GateHouse, anchors: Path) -> None:
    if not house.db.is_sqlite:
        return  # PostgreSQL takes no such text
    change(house, sa.text("UPDATE audit_entry SET body = CAST(x'7bff7d' AS TEXT) WHERE n = 3"))
    change(house, sa.text("UPDATE audit_entry SET kind = x'00ff' WHERE n = 9"))
    assert kinds(house, anchors) == {("edited", 3), ("edited", 9)}


async def test_a_chain_changed_between_two_rounds_puts_an_alarm_into_it(house: GateHouse, tmp_path: Path) -> None:
    sequencer = house.sequencer(tmp_path / "a")
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 1))
    await sequencer.run_once(TENANT)
    change(house, t.audit_head.update().values(hash="e" * 64))
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 2))
    await sequencer.run_once(TENANT)
    assert "alarm.audit_head_changed" in house.kinds()


async def test_an_anchor_that_a_crash_left_half_written_is_written_anew(house: GateHouse, anchors: Path) -> None:
    with anchors.open("a") as file:
        file.write('{"tenant":"demo","seq":3,"n":1')
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 2))
    await house.sequencer(anchors.parent).run_once(TENANT, anchor=True)
    assert [anchor.seq for anchor in read_anchors(anchors)] == [1, 2, 3]
    assert found(house, anchors) == []


async def test_one_sequencer_at_a_time_links(house: GateHouse, tmp_path: Path) -> None:
    first, second = house.sequencer(tmp_path / "a", "srv_1"), house.sequencer(tmp_path / "a", "srv_2")
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 1))
    assert await first.run_once(TENANT, now_us=10_000_000) == 1
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 2))
    assert await second.run_once(TENANT, now_us=11_000_000) == 0
    assert await second.run_once(TENANT, now_us=16_000_000) == 1  # the lease of the first has run out


async def test_an_idle_sequencer_writes_nothing(house: GateHouse, tmp_path: Path) -> None:
    sequencer = house.sequencer(tmp_path / "a")
    house.db.write_now(lambda c: audit.append_audit(c, TENANT, "test", {}, 1))
    await sequencer.run_once(TENANT)
    before = house.db.writes
    assert await sequencer.run_once(TENANT) == 0
    assert house.db.writes == before


async def test_an_anchor_is_signed_every_minute_or_thousand_entries(house: GateHouse, tmp_path: Path) -> None:
    path = anchor_file(tmp_path / "anchors", TENANT)
    sequencer = house.sequencer(tmp_path / "anchors")

    def entries(count: int) -> None:
        house.db.write_now(lambda c: [audit.append_audit(c, TENANT, "test", {"n": n}, n) for n in range(count)])

    minute = 60_000_000
    entries(1)
    await sequencer.run_once(TENANT, now_us=minute)
    entries(1)
    await sequencer.run_once(TENANT, now_us=minute + 1)
    assert [anchor.n for anchor in read_anchors(path)] == [1]
    entries(1_000)
    await sequencer.run_once(TENANT, now_us=minute + 2)
    assert [anchor.n for anchor in read_anchors(path)] == [1, 1002]
    entries(1)
    await sequencer.run_once(TENANT, now_us=2 * minute + 2)
    assert [anchor.n for anchor in read_anchors(path)] == [1, 1002, 1003]
    assert oct(path.stat().st_mode & 0o777) == "0o600"
