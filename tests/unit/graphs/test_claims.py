"""Which payments fit what a customer said. Each row of a table names its reason."""

from __future__ import annotations

from datetime import date

import pytest

from graphs import claims
from tests.support.flow_twins import ZONE, payment

TODAY = date(2026, 11, 22)
MEGA = payment("T1", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=1)
BOOKS = payment("T2", 200_000, "Book Shop Demo", days_ago=2)
SALARY = payment("T3", -9_000_000, "EMPLOYER DEMO", days_ago=3)
BACK = payment("T4", 500_000, "MEGAMART RETAIL PVT LTD", days_ago=1, reversal_of="T0")
ALL = [MEGA, BOOKS, SALARY, BACK]

FITS = [
    ({"amount_minor": 500_000}, ["T1"], 1, "the amount alone"),
    ({"amount_minor": -500_000}, ["T1"], 1, "a sign said does not matter"),
    ({"merchant": "MegaMart"}, ["T1"], 1, "a part of the name, other spelling"),
    ({"merchant": "bookshop"}, ["T2"], 1, "other spacing"),
    ({"merchant": "Mega Mart", "date": "2026-11-21"}, ["T1"], 2, "two facts"),
    ({"merchant": "Zed"}, [], 1, "nobody of that name"),
    ({"amount_minor": 500_000, "merchant": "Book Shop"}, [], 2, "each fits another one, so none fits"),
    ({"amount_minor": 500_000, "date": "2026-11-20"}, ["T1"], 1, "a day off by one still finds it, but is no fact that fits"),
    ({"amount_minor": 500_000, "date": "2026-11-01"}, [], 1, "a day off by weeks does not"),
    ({"date": "2026-11-15"}, [], 0, "a wrong day alone finds nothing"),
    ({"last4": "4455"}, ["T1", "T2"], 1, "the card, newest first"),
    ({"reference": "rrnt2"}, ["T2"], 1, "the reference in any case"),
    ({"dispute_type": "duplicate"}, [], 0, "nothing that singles out a payment"),
    ({"amount_minor": 9_000_000}, [], 1, "money that came in is never disputed"),
]


@pytest.mark.parametrize(("claim", "found", "facts", "why"), FITS, ids=[row[3] for row in FITS])
def test_payments_that_fit(claim: claims.Claim, found: list[str], facts: int, why: str) -> None:
    fit = claims.fitting(claim, ALL, ZONE)

    assert [each["id"] for each in fit.payments] == found
    assert fit.facts == facts


def test_a_rejected_payment_does_not_fit_again() -> None:
    assert claims.fitting({"amount_minor": 500_000}, ALL, ZONE, rejected=("T1",)).payments == ()


def test_the_day_is_the_customers_own() -> None:
    late = payment("T9", 100, "NIGHT SHOP") | {"at": "2026-11-20T20:00:00+00:00", "value_date": "2026-11-20"}

    assert claims.fitting({"date": "2026-11-21"}, [late], ZONE).payments, "20:00 UTC is the next day in India"


WINDOWS = [
    ({"date": "2026-11-21"}, date(2026, 11, 18), date(2026, 11, 24), "around the day said"),
    ({"date_from": "2026-10-01", "date_to": "2026-10-31"}, date(2026, 10, 1), date(2026, 10, 31), "the period said"),
    ({"date_from": "2026-10-01"}, date(2026, 10, 1), TODAY, "an open period ends today"),
    ({}, date(2026, 7, 25), TODAY, "else the last months"),
]


@pytest.mark.parametrize(("claim", "since", "until", "why"), WINDOWS, ids=[row[3] for row in WINDOWS])
def test_the_days_looked_at(claim: claims.Claim, since: date, until: date, why: str) -> None:
    assert claims.window(claim, TODAY) == (since, until)


def test_only_known_slots_become_part_of_a_claim() -> None:
    slots = {"amount_minor": 5, "confirmed": "T1", "transaction": "T1", "level": 4, "merchant": ""}

    assert claims.claim_from(slots) == {"amount_minor": 5}


def test_own_words_hold_only_what_was_said() -> None:
    assert claims.in_own_words({"merchant": "MegaMart", "date": "2026-11-21"}, "en") == "“MegaMart”, 21 November 2026"
    assert claims.in_own_words({"amount_minor": 500_000}, "hi") == "₹5,000.00"


def test_a_merchants_words_are_left_out_where_amount_and_day_suffice() -> None:
    twin = payment("T5", 500_000, "OTHER DEMO", days_ago=1)

    assert claims.described(MEGA, (MEGA, BOOKS), ZONE, "en") == ("₹5,000.00 · 21 November 2026", "")
    assert claims.described(MEGA, (MEGA, twin), ZONE, "en")[1] == "“MEGAMART RETAIL PVT LTD”"


def test_a_name_in_the_words_is_given_back_as_the_customer_wrote_it() -> None:
    assert claims.named_in("what is this megamart thing?", ALL) == "megamart"
    assert claims.named_in("what is this demo thing?", [payment("T", 1, "X SHOP")]) is None
