"""The ledger in its rows: whatever is done in whatever order, the books add up and nobody spends what is not there."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank import sandbox
from bank.call import Call
from bank.ledger import core, holds, posting
from bank.ledger.tables import accounts, entries, postings
from domain.errors import Broken, Conflict
from domain.money import Money
from tests.support.bank import Workbench

ACCOUNTS = ("A1", "A2", "A4")
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(1, 2_000_000)),
        st.tuples(st.just("hold"), st.sampled_from(ACCOUNTS), st.integers(1, 2_000_000), st.integers(1, 600)),
        st.tuples(st.just("settle"), st.integers(0, 5), st.sampled_from(["void", "post"]), st.integers(1, 100)),
        st.tuples(st.just("wait"), st.integers(1, 400)),
        st.tuples(st.just("undo"), st.integers(0, 5)),
    ),
    max_size=25,
)


class _Undone(Exception):
    """Ends an example's transaction without a trace."""


class _Play:
    """Plays moves against the ledger and remembers, in plain numbers, what must come of them."""

    def __init__(self, connection: sa.Connection, bench: Workbench) -> None:
        self.bench = bench
        self.call = Call(connection, "demo", bench.bank.config.clock.now_in(connection, "demo"), "UTC", bench.bank.config.ids)
        self.expected = {row["id"]: row["ledger_minor"] for row in self._accounts()}
        self.held: list[dict[str, Any]] = []
        self.posted: list[str] = []

    def _accounts(self) -> list[sa.RowMapping]:
        return self.call.rows(sa.select(accounts).where(accounts.c.tenant == "demo"))

    def move(self, source: str, target: str, amount: int) -> None:
        locked = posting.lock(self.call, (source, target))
        if source == target:
            with pytest.raises(Broken):
                core.move(source, target, Money(amount))
            return
        try:
            core.require_available(locked[source].position, Money(amount))
        except Conflict:
            assert amount > locked[source].position.available.minor
            return
        self._post(locked, core.move(source, target, Money(amount)))

    def _post(self, locked: dict[str, posting.Locked], legs: tuple[core.Entry, ...], of: str | None = None) -> str:
        done = posting.post(self.call, locked, legs, kind="test", value_date="2026-11-25", reversal_of=of)
        for leg in legs:
            self.expected[leg.account] = self.expected.get(leg.account, 0) + leg.amount.minor
        self.posted.append(done.id)
        return done.id

    def hold(self, account: str, amount: int, seconds: int) -> None:
        locked = posting.lock(self.call, (account,))
        if locked[account].position.available.minor >= amount:
            hold = holds.place(self.call, account, Money(amount), "Shop", seconds)
            until = self.call.now + seconds * 1_000_000
            self.held.append({"id": hold, "account": account, "amount": amount, "until": until, "open": True})

    def settle(self, which: int, how: str, percent: int) -> None:
        if which >= len(self.held):
            return
        hold = self.held[which]
        amount = Money(max(1, hold["amount"] * percent // 100))
        gl = posting.ensure_internal(self.call, "SETTLEMENT", "INR")
        locked = posting.lock(self.call, (hold["account"], gl))
        alive = hold["open"] and hold["until"] > self.call.now
        try:
            if how == "void":
                holds.void(self.call, hold["account"], hold["id"])
            else:
                holds.require_postable(self.call, hold["account"], hold["id"], amount)
                holds.mark_posted(self.call, hold["id"], self._post(locked, core.move(hold["account"], gl, amount)))
        except Conflict as refused:
            assert refused.code == "hold_state" and not alive
            return
        assert alive
        hold["open"] = False

    def wait(self, seconds: int) -> None:
        self.call = Call(self.call.connection, "demo", self.call.now + seconds * 1_000_000, "UTC", self.call.ids)

    def undo(self, which: int) -> None:
        if which >= len(self.posted):
            return
        legs = core.reverse(posting.legs_of(self.call, self.posted[which]))
        locked = posting.lock(self.call, [leg.account for leg in legs])
        taken = [leg for leg in legs if leg.amount.minor < 0 and locked[leg.account].kind == "customer"]
        done = sa.select(postings.c.id).where(postings.c.tenant == "demo", postings.c.reversal_of == self.posted[which])
        if self.call.first(done) is None and all(
            locked[leg.account].position.available.minor >= -leg.amount.minor for leg in taken
        ):
            self._post(locked, legs, of=self.posted[which])

    def check(self) -> None:
        state = sandbox.ledger_state(self.call)
        assert state["sum"] == {"INR": 0}
        assert state["unexplained_balances"] == []
        for row in self._accounts():
            assert row["ledger_minor"] == self.expected[row["id"]], row["id"]
        for account, locked in posting.lock(self.call, ACCOUNTS).items():
            open_holds = [hold for hold in self.held if hold["account"] == account and hold["open"]]
            held = sum(hold["amount"] for hold in open_holds if hold["until"] > self.call.now)
            seeded = {"A1": 250_000, "A2": 1_000}.get(account, 0)
            assert locked.position.held.minor == held + seeded
            assert locked.position.available.minor >= 0


@pytest.mark.process  # seconds; the long half has the time
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_after_any_moves_the_books_add_up_and_nothing_is_overdrawn(bench: Workbench, moves: list[tuple[Any, ...]]) -> None:
    def play(connection: sa.Connection) -> None:
        game = _Play(connection, bench)
        for name, *arguments in moves:
            getattr(game, name)(*arguments)
            game.check()
        raise _Undone

    with pytest.raises(_Undone):
        bench.bank.database.write_now(play)


def test_a_posting_writes_its_entries_balances_and_versions(either: Workbench) -> None:
    def work(connection: sa.Connection) -> tuple[posting.Posted, list[sa.RowMapping]]:
        call = Call(connection, "demo", 0, "UTC", either.bank.config.ids)
        locked = posting.lock(call, ("A2", "A1"))
        posted = posting.post(call, locked, core.move("A1", "A2", Money(100)), kind="test", value_date="2026-11-25")
        rows = sa.select(entries).where(entries.c.tenant == "demo", entries.c.posting == posted.id).order_by(entries.c.n)
        return posted, call.rows(rows)

    posted, rows = either.bank.database.write_now(work)
    assert [(row["account"], row["amount_minor"], row["balance_minor"]) for row in rows] == [
        ("A1", -100, 1_389_900),
        ("A2", 100, 2_968_000),
    ]
    assert posted.balances == {"A1": 1_389_900, "A2": 2_968_000}


def test_a_stale_version_writes_nothing(either: Workbench) -> None:
    """Two who read the same version: the second to write is refused, also where a lock was lost."""

    def work(connection: sa.Connection) -> None:
        call = Call(connection, "demo", 0, "UTC", either.bank.config.ids)
        locked = posting.lock(call, ("A1", "A2"))
        posting.post(call, locked, core.move("A1", "A2", Money(100)), kind="test", value_date="2026-11-25")
        posting.post(call, locked, core.move("A1", "A2", Money(100)), kind="test", value_date="2026-11-25")

    with pytest.raises(Conflict, match="version_conflict"):
        either.bank.database.write_now(work)
    state = either.bank.database.read_now(lambda c: sandbox.ledger_state(Call(c, "demo", 0, "UTC", either.bank.config.ids)))
    assert state["unexplained_balances"] == []


def test_a_posting_can_be_reversed_once(either: Workbench) -> None:
    def work(connection: sa.Connection) -> None:
        call = Call(connection, "demo", 0, "UTC", either.bank.config.ids)
        legs = core.move("A1", "A2", Money(100))
        first = posting.post(call, posting.lock(call, ("A1", "A2")), legs, kind="test", value_date="2026-11-25")
        for _ in range(2):
            locked = posting.lock(call, ("A1", "A2"))
            undone = core.reverse(legs)
            posting.post(call, locked, undone, kind="reversal", value_date="2026-11-25", reversal_of=first.id)

    with pytest.raises(sa.exc.IntegrityError):
        either.bank.database.write_now(work)
