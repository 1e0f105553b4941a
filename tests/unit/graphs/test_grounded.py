"""What a customer means among their own things: one, several or none, and never a pick among equals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.grounded import accounts_meant, card_kind, cards_meant

DIGITS = st.sampled_from(["1111", "2222", "3333"])
CARDS = st.lists(st.tuples(DIGITS, st.sampled_from(["debit", "credit", "prepaid"])), max_size=5).map(
    lambda rows: [{"id": f"K{place}", "number_masked": f"XX{last4}", "kind": kind} for place, (last4, kind) in enumerate(rows)]
)
SAID = st.fixed_dictionaries({}, optional={"last4": DIGITS})


def account(last4: str, kind: str) -> dict[str, Any]:
    return {"account": f"A-{last4}-{kind}", "number_masked": f"XX{last4}", "type": kind}


@given(CARDS, SAID, st.sampled_from(["", "my credit card", "debit card", "credit or debit card"]))
def test_what_is_meant_depends_on_what_was_said_and_not_on_the_order_of_things(
    cards: list[dict[str, Any]], claim: dict[str, str], words: str
) -> None:
    one_way, other_way = cards_meant(cards, claim, words), cards_meant(cards[::-1], claim, words)

    assert {thing["id"] for thing in one_way.things} == {thing["id"] for thing in other_way.things}


@given(CARDS, SAID)
def test_of_two_that_fit_equally_none_is_picked(cards: list[dict[str, Any]], claim: dict[str, str]) -> None:
    meant = cards_meant([*cards, *({**card, "id": card["id"] + "-twin"} for card in cards)], claim)

    assert meant.one is None


@given(CARDS, SAID)
def test_what_was_named_and_is_not_there_gives_nothing(cards: list[dict[str, Any]], claim: dict[str, str]) -> None:
    meant = cards_meant(cards, claim)

    assert all(thing["number_masked"] == f"XX{claim['last4']}" for thing in meant.things if claim)
    assert meant.missed == ("last4" if claim and not meant.things else "")


def test_digits_go_before_a_kind_that_contradicts_them() -> None:
    accounts = [account("1111", "savings"), account("2222", "current")]

    assert accounts_meant(accounts, {"last4": "2222", "account_type": "savings"}).things == (accounts[1],)


def test_a_kind_tells_two_accounts_with_the_same_digits_apart() -> None:
    accounts = [account("1111", "savings"), account("1111", "current")]

    assert accounts_meant(accounts, {"last4": "1111", "account_type": "current"}).one == accounts[1]


def test_a_kind_that_is_not_there_is_missed() -> None:
    assert accounts_meant([account("1111", "savings")], {"account_type": "current"}).missed == "kind"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("block my credit card", "credit"),
        ("mera debit card band karo", "debit"),
        ("मेरा क्रेडिट कार्ड बंद करो", "credit"),
        ("my ATM card is lost", "debit"),
        ("someone debited 500, block my card", ""),
        ("block my debit card and my credit card", ""),
        ("block it", ""),
    ],
)
def test_the_kind_of_a_card_is_read_from_plain_words_only(words: str, kind: str) -> None:
    assert card_kind(words) == kind
