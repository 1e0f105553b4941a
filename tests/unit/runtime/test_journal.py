"""With the store down a protective action is journaled, not refused, and comes into being once when the store is back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Broken, Unavailable
from runtime.asker import Asker
from runtime.gate import BoundGate
from runtime.journal import Journal
from runtime.protective import ProtectedGate, replay
from tests.support.gate_house import ASHA, BLOCK, CREDIT, DISPUTE, TENANT, Crash, GateHouse

KEY = bytes(range(32))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal" / "protective.journal", KEY)


def gate_of(house: GateHouse, journal: Journal) -> ProtectedGate:
    asker = Asker(TENANT, ASHA, "cnv_1", "flw_1", "ses_1")
    return ProtectedGate(BoundGate(house.parts, asker), asker, house.parts, journal)


class Outage:
    """The store refuses every read and write until `over()`."""

    def __init__(self, house: GateHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refused(_job: Any) -> Any:
            raise sa.exc.OperationalError("", {}, Exception("disk I/O error"))

        self._patch = monkeypatch
        monkeypatch.setattr(house.db, "write", refused)
        monkeypatch.setattr(house.db, "read", refused)

    def over(self) -> None:
        self._patch.undo()


async def test_a_card_is_blocked_once_although_the_store_was_down(
    house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, outage = gate_of(house, journal), Outage(house, monkeypatch)
    outcome = await gate.propose(BLOCK, node="block", visit=0)
    assert outcome.state == "unknown" and (await gate.execute(outcome.proposal)).state == "unknown"
    assert await replay(house.parts, journal) == 0, "still down"
    outage.over()
    assert await replay(house.parts, journal) == 1
    assert house.state(outcome.proposal) == "succeeded"
    assert len(house.core.approvals) == 1
    kinds = house.kinds(outcome.proposal)
    assert kinds.count("proposal.executing") == kinds.count("proposal.succeeded") == kinds.count("proposal.journaled") == 1
    assert await replay(house.parts, journal) == 0 and len(house.core.approvals) == 1


async def test_the_turn_that_is_driven_again_finds_what_the_journal_did(
    house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage(house, monkeypatch)
    first = await gate_of(house, journal).propose(BLOCK, node="block", visit=0)
    outage.over()
    again = gate_of(house, journal)
    outcome = await again.propose(BLOCK, node="block", visit=0)
    assert outcome.proposal == first.proposal
    assert (await again.execute(outcome.proposal)).state == "succeeded"
    assert await replay(house.parts, journal) == 1
    assert len(house.core.approvals) == 1


async def test_a_crash_in_the_middle_of_a_replay_repeats_nothing_in_the_world(
    house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage(house, monkeypatch)
    outcome = await gate_of(house, journal).propose(BLOCK, node="block", visit=0)
    outage.over()
    for crash_after in range(1, 6):
        house.db.writes, house.db.crash_after = 0, crash_after
        try:
            await replay(house.parts, journal)
        except Crash:
            pass
        finally:
            house.db.crash_after = None
        await house.reconciler.recover(TENANT, house.clock.now(), alone=True)
        house.clock.advance(30)
    await house.tick(60)
    await replay(house.parts, journal)
    assert house.state(outcome.proposal) == "succeeded"
    assert len(set(house.core.operations)) == 1


async def test_what_moves_money_is_refused_as_ever(house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    Outage(house, monkeypatch)
    with pytest.raises(Unavailable, match="record_unavailable"):
        await gate_of(house, journal).propose(CREDIT, node="credit", visit=0)
    assert journal.is_empty()


async def test_a_store_that_fails_between_proposal_and_execution_loses_nothing(
    house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = gate_of(house, journal)
    outcome = await gate.propose(BLOCK, node="block", visit=0)
    assert outcome.state == "decided"
    outage = Outage(house, monkeypatch)
    assert (await gate.execute(outcome.proposal)).state == "unknown"
    outage.over()
    await replay(house.parts, journal)
    assert house.state(outcome.proposal) == "succeeded" and len(house.core.approvals) == 1


async def test_a_proposal_that_needs_a_yes_waits_for_it_after_the_replay(
    house: GateHouse, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage(house, monkeypatch)
    outcome = await gate_of(house, journal).propose(DISPUTE, node="dispute", visit=0)
    outage.over()
    assert await replay(house.parts, journal) == 1
    assert house.state(outcome.proposal) == "awaiting_consent" and house.core.approvals == []


def test_no_word_of_an_entry_is_in_the_file(journal: Journal, tmp_path: Path) -> None:
    journal.append({"card": "4532015112830366"})
    assert journal.entries() == [{"card": "4532015112830366"}]
    path = tmp_path / "journal" / "protective.journal"
    assert b"4532" not in path.read_bytes() and oct(path.stat().st_mode & 0o777) == "0o600"
    with pytest.raises(Broken, match="journal_broken"):
        Journal(path, bytes(32)).entries()


@given(count=st.integers(1, 4), cut=st.integers(0, 200), junk=st.binary(max_size=20))
def test_a_torn_tail_costs_only_what_was_never_acknowledged(
    tmp_path_factory: pytest.TempPathFactory, count: int, cut: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("torn") / "j"
    journal = Journal(path, KEY)
    sizes = [0]
    for n in range(count):
        journal.append({"n": n})
        sizes.append(path.stat().st_size)
    written = path.read_bytes()
    torn = written[: max(sizes[-1] - cut, 0)] + junk
    path.write_bytes(torn)
    whole = sum(torn[:size] == written[:size] for size in sizes) - 1  # junk may happen to be just what was cut off
    assert [entry["n"] for entry in journal.entries()] == list(range(whole))
    journal.append({"n": "next"})
    assert [entry["n"] for entry in journal.entries()] == [*range(whole), "next"]
    journal.remove_first(whole)
    assert [entry["n"] for entry in journal.entries()] == ["next"]


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="journal_unavailable"):
        Journal(tmp_path / "file" / "j", KEY).append({})
