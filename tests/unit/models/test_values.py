"""All values of one message together, and that reading them takes bounded time."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.parsers.answers import read_answer
from models.parsers.values import Values, read_values

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def read(text: str) -> Values:
    return read_values(text, now=NOW, zone="Asia/Kolkata")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("the 5000 one at MegaMart yesterday", {"amount_minor": 500_000, "currency": "INR", "date": "2026-11-21"}),
        ("12/11 ko 500 rs kata", {"amount_minor": 50_000, "currency": "INR", "date": "2026-11-12"}),
        ("12 nov 2020 rs", {"amount_minor": 202_000, "currency": "INR", "date": "2026-11-12"}),  # not the year 2020
        ("xx4321 se 2000 gaya", {"amount_minor": 200_000, "currency": "INR", "last4": "4321"}),
        ("card ending in 4321", {"last4": "4321"}),
        ("4321 wala card", {"last4": "4321"}),
        ("कार्ड ४३२१", {"last4": "4321"}),
        ("the last four digits are 4321", {"last4": "4321"}),
        ("status of DSP-261122-123456?", {"reference": "DSP-261122-123456"}),
        ("RRN 412345678901, ₹250", {"reference": "412345678901", "amount_minor": 25_000, "currency": "INR"}),
        ("UTR SBIN0012345678901", {"reference": "SBIN0012345678901"}),
        ("ref no: AB12CD34", {"reference": "AB12CD34"}),
        ("iphone 15 for 79999", {"amount_minor": 7_999_900, "currency": "INR"}),  # a small bare number beside a large one
        ("last week, ₹300 or ₹400", {"date_from": "2026-11-09", "date_to": "2026-11-15"}),  # of two amounts neither
        ("₹300 and also 2 things", {"amount_minor": 30_000, "currency": "INR"}),
        ("account mein 10000 hai kya", {"amount_minor": 1_000_000, "currency": "INR"}),
        ("hello", {}),
        ("", {}),
    ],
)
def test_that_clear_values_become_slots(text: str, slots: dict[str, str | int]) -> None:
    assert read(text).slots() == slots


@pytest.mark.parametrize(
    "hostile",
    [
        "5",
        "5,",
        "5 ",
        "do hazaar ",
        "12/11/",
        "last ",
        "rs ",
        "-",
        "a-",
        "1 lakh ",
        "card ",
        "ref ",
        "no, ",
        "और ",
        "x",
        "12 nov to ",
        "1.",
        "x" * 15 + "1",
    ],
)
def test_that_no_text_makes_reading_slow(hostile: str) -> None:
    text = (hostile * 8000)[:8000]
    began = process_time()
    read(text)
    read_answer(text)
    assert process_time() - began < 0.5


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789,.-/₹ रुकलnovkdsxt")), max_size=120))
def test_that_any_text_is_read_without_a_fault(text: str) -> None:
    values = read(text)
    assert all(amount.money.minor > 0 for amount in values.amounts)
    assert all(period.first <= period.last for period in values.periods)
    read_answer(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=1, max_value=9_999_999))
def test_that_every_amount_is_read_back_as_it_is_written(rupees: int) -> None:
    from domain.money import Money, format_money

    assert [amount.money for amount in read(format_money(Money(rupees * 100))).amounts] == [Money(rupees * 100)]
