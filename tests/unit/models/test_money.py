"""Amounts as customers write them."""

from __future__ import annotations

import pytest

from domain.money import Money
from models.parsers.money import amounts
from models.parsers.text import fold


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("₹5,000", 500_000),  # symbol and grouping
        ("₹ 5000.50", 500_050),  # paise
        ("Rs 5000", 500_000),
        ("Rs.5000", 500_000),  # no space after the dot
        ("rs5000 gone", 500_000),  # no space at all
        ("INR 1,23,456.75", 12_345_675),  # Indian grouping
        ("1,234,567 rupees", 123_456_700),  # western grouping
        ("5000/-", 500_000),  # as on a cheque
        ("5000 rupaye", 500_000),
        ("५००० रुपये", 500_000),  # Devanagari digits
        ("5k", 500_000),
        ("5.5k", 550_000),
        ("5 lakh", 50_000_000),
        ("5l", 50_000_000),
        ("1.25 lakh", 12_500_000),
        ("1.2 cr", 1_200_000_000),
        ("2 crore 5 lakh", 2_050_000_000),
        ("5 lakh 20 thousand", 52_000_000),
        ("five thousand rupees", 500_000),
        ("five thousand two hundred and fifty", 525_000),
        ("twenty five hundred", 250_000),
        ("hundred rupees", 10_000),  # a scale alone, beside its currency
        ("paanch hazaar", 500_000),
        ("do hazaar paanch sau", 250_000),
        ("पाँच हज़ार", 500_000),
        ("दो हजार पांच सौ", 250_000),  # without the dot below and the moon above
        ("dhai lakh", 25_000_000),  # two and a half
        ("dedh hazaar", 150_000),  # one and a half
        ("sadhe teen hazaar", 350_000),  # half more than three
        ("sava do lakh", 22_500_000),  # a quarter more than two
        ("paune do lakh", 17_500_000),  # a quarter less than two
        ("the 5000 one", 500_000),  # bare
    ],
)
def test_that_an_amount_of_rupees_is_read(text: str, minor: int) -> None:
    assert [amount.money for amount in amounts(fold(text))] == [Money(minor)]


@pytest.mark.parametrize(
    ("text", "money"),
    [("$20.50", Money(2050, "USD")), ("20 dollars", Money(2000, "USD")), ("€5", Money(500, "EUR")), ("£10", Money(1000, "GBP"))],
)
def test_that_another_currency_is_kept(text: str, money: Money) -> None:
    assert [amount.money for amount in amounts(fold(text))] == [money]


@pytest.mark.parametrize(
    "text",
    [
        "5.000",  # five, or five thousand: nobody knows
        "5,00",  # no way to group
        "12,34,56",
        "100%",
        "10:30",
        "do you know",  # Hindi two is also English
        "ek baat batao",  # one thing
        "lakh koshish ki",  # a hundred thousand attempts
        "a thousand times",
        "2 payments",
        "9876543210",  # a phone number
        "order 404-1234567",
        "v2.5.1",
        "5000cr",  # a credit, on statements
        "50 paise",
        "0",
        "₹0",
        "-",
        "",
    ],
)
def test_that_what_is_no_amount_gives_none(text: str) -> None:
    assert amounts(fold(text)) == []


def test_that_several_amounts_come_in_order() -> None:
    read = amounts(fold("₹300 yesterday, then 5k and 700"))
    assert [(amount.money.minor, amount.explicit) for amount in read] == [(30_000, True), (500_000, True), (70_000, False)]
