"""The record of a conversation: accepted once, one writer, answered by exactly one turn. On SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import Conflict, NotFound, TooFast
from graphs.state import ConversationView
from persistence.database import Database
from runtime.storage import conversations as store
from runtime.storage import gate_tables, leases, record, tables  # noqa: F401 - registers the tables
from runtime.storage.metadata import metadata
from runtime.storage.record import MAX_WAITING, Incoming
from tests.support.keys import bound
from tests.support.tenancy import TenantGuard

T = "demo"
LEASE = 5_000_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/service.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    database = Database(url, bound=bound())
    database.write_now(lambda c: store.create(c, T, ConversationView(tenant=T, id="cnv", customer="C001"), "web", None, 1))
    with TenantGuard(metadata).watching(database):
        yield database
    database.close()


def incoming(client_id: str, text: str = "hello") -> Incoming:
    frame = {"type": "message", "id": client_id, "text": text}
    return Incoming(client_id, frame, {"kind": "message", "text": text}, None, None, 1)


def accept(db: Database, client_id: str, owner: str = "p1") -> record.Accepted:
    return db.write_now(lambda c: record.accept(c, T, "cnv", incoming(client_id), owner, LEASE))


def test_the_same_client_id_is_accepted_once_and_answered_with_the_same_seq(db: Database) -> None:
    first, again = accept(db, "a"), accept(db, "a")

    assert (first.seq, first.repeated) == (1, False)
    assert (again.seq, again.repeated) == (1, True)
    assert len(db.read_now(lambda c: record.replay(c, T, "cnv", 0))) == 1


def test_many_senders_at_once_get_every_seq_once_and_without_a_gap(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = sorted(accepted.seq for accepted in pool.map(lambda n: accept(db, f"m{n}"), range(40)))

    assert seqs == list(range(1, 41))


def test_the_same_client_id_sent_by_many_at_once_is_one_message(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        seqs = {accepted.seq for accepted in pool.map(lambda _: accept(db, "same"), range(16))}

    assert seqs == {1}


def test_only_the_first_input_claims_the_turn_and_the_next_ones_wait_for_it(db: Database) -> None:
    first, second = accept(db, "a"), accept(db, "b", owner="p2")

    assert first.work is not None and [item.seq for item in first.work.inputs] == [1]
    assert second.work is None


def test_a_turn_that_lost_its_lease_can_store_nothing(db: Database) -> None:
    work = accept(db, "a").work
    assert work is not None
    db.write_now(lambda c: leases.free_leases(c, T))
    taken = db.write_now(lambda c: leases.take_lease(c, T, "cnv", "p2", LEASE))

    assert taken is not None and taken.epoch == work.claim.epoch + 1
    with pytest.raises(Conflict, match="turn_lease_lost"):
        db.write_now(lambda c: leases.require_lease(c, work.claim))


def test_a_lease_that_ran_out_is_taken_over_and_a_live_one_is_not(db: Database) -> None:
    assert db.write_now(lambda c: leases.take_lease(c, T, "cnv", "p1", -1)) is not None
    assert db.write_now(lambda c: leases.take_lease(c, T, "cnv", "p2", LEASE)) is not None
    assert db.write_now(lambda c: leases.take_lease(c, T, "cnv", "p3", LEASE)) is None


def test_inputs_without_an_answer_are_found_again_after_a_crash(db: Database) -> None:
    accept(db, "a")
    assert db.read_now(lambda c: record.unanswered(c, T)) == []

    db.write_now(lambda c: leases.free_leases(c, T))

    assert db.read_now(lambda c: record.unanswered(c, T)) == ["cnv"]


def test_answered_inputs_are_not_driven_again(db: Database) -> None:
    work = accept(db, "a").work
    assert work is not None

    def finish(connection: sa.Connection) -> record.Work | None:
        record.mark_answered(connection, work.claim, [1], "trn_1")
        return record.load_work(connection, leases.next_epoch(connection, work.claim))

    assert db.write_now(finish) is None
    assert db.read_now(lambda c: record.unanswered(c, T)) == []
    assert accept(db, "b").work is not None, "the lease was released with the last answer"


def test_too_many_waiting_inputs_are_refused_and_none_is_dropped(db: Database) -> None:
    for n in range(MAX_WAITING):
        accept(db, f"m{n}")

    with pytest.raises(TooFast, match="inbox_full"):
        accept(db, "one too many")
    assert len(db.read_now(lambda c: record.replay(c, T, "cnv", 0))) == MAX_WAITING


def test_another_tenant_sees_no_conversation(db: Database) -> None:
    with pytest.raises(NotFound, match="conversation_not_found"):
        db.read_now(lambda c: store.find(c, "other", "cnv"))
    assert db.read_now(lambda c: record.replay(c, "other", "cnv", 0)) == []
    assert db.write_now(lambda c: leases.take_lease(c, "other", "cnv", "p", LEASE)) is None


def test_the_guard_finds_a_query_without_its_tenant(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/guarded.sqlite", bound=bound())
    database.write_now(metadata.create_all)
    careless = sa.select(tables.message.c.seq).where(tables.message.c.conversation == "cnv")

    with pytest.raises(AssertionError, match="without their tenant"), TenantGuard(metadata).watching(database):
        database.read_now(lambda connection: connection.execute(careless).all())
    database.close()
