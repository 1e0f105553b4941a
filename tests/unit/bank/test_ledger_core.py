"""Double-entry arithmetic as pure values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ledger import core
from bank.ledger.core import Entry, Position
from domain.errors import Broken, Conflict
from domain.money import Money

AMOUNTS = st.integers(1, 10**14)
NAMES = st.sampled_from("ABCDEF")


def inr(minor: int) -> Money:
    return Money(minor, "INR")


@pytest.mark.parametrize(
    ("why", "entries"),
    [
        ("nothing", []),
        ("one leg", [Entry("A", inr(1))]),
        ("not zero together", [Entry("A", inr(1)), Entry("B", inr(-2))]),
        ("a leg of zero", [Entry("A", inr(0)), Entry("B", inr(0))]),
        ("one account twice", [Entry("A", inr(1)), Entry("A", inr(-1))]),
        ("zero only across currencies", [Entry("A", inr(1)), Entry("B", Money(-1, "USD"))]),
    ],
)
def test_what_does_not_balance_is_no_posting(why: str, entries: list[Entry]) -> None:
    with pytest.raises(Broken, match="posting_unbalanced"):
        core.require_balanced(entries)


@given(st.lists(st.tuples(NAMES, NAMES, AMOUNTS).filter(lambda move: move[0] != move[1]), max_size=40))
def test_whatever_moves_the_sum_of_all_accounts_stays_zero_and_reversing_restores(moves: list[tuple[str, str, int]]) -> None:
    start = {name: inr(0) for name in "ABCDEF"}
    balances, done = dict(start), []
    for source, target, amount in moves:
        legs = core.move(source, target, inr(amount))
        balances |= core.apply(balances, legs)
        done.append(legs)
        assert sum(money.minor for money in balances.values()) == 0
    for legs in reversed(done):
        balances |= core.apply(balances, core.reverse(legs))
    assert balances == start


@given(AMOUNTS, AMOUNTS)
def test_reversing_twice_is_the_posting_itself(one: int, two: int) -> None:
    legs = core.require_balanced([Entry("A", inr(one)), Entry("B", inr(two)), Entry("C", inr(-one - two))])
    assert core.reverse(core.reverse(legs)) == legs


@pytest.mark.parametrize("amount", [0, -1])
def test_only_a_positive_amount_can_be_moved(amount: int) -> None:
    with pytest.raises(Broken):
        core.move("A", "B", inr(amount))


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.integers(0, 10**14), AMOUNTS)
def test_available_is_what_can_be_taken_and_not_one_unit_more(ledger: int, held: int, lien: int, limit: int, asked: int) -> None:
    position = Position(inr(ledger), inr(held), inr(lien), inr(limit))
    assert position.available.minor == ledger + limit - held - lien
    if asked <= position.available.minor:
        core.require_available(position, inr(asked))
    else:
        with pytest.raises(Conflict, match="insufficient_funds"):
            core.require_available(position, inr(asked))


def test_a_hold_leaves_pending_once() -> None:
    for target in ("posted", "voided", "expired"):
        core.require_hold_transition("pending", target)  # type: ignore[arg-type]
        for current in ("posted", "voided", "expired"):
            with pytest.raises(Conflict, match="hold_state"):
                core.require_hold_transition(current, target)  # type: ignore[arg-type]
