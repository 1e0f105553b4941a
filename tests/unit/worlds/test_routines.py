"""A routine stands for the transactions of a habit."""

from __future__ import annotations

from bank.worlds.loader import parse_world
from bank.worlds.models import Transaction
from tests.unit.worlds.small import SMALL


def happened(rhythm: str, account_opened: str = '"2020-01-01"') -> list[Transaction]:
    text = SMALL.replace("monthly: 1}", rhythm + "}").replace('opened: "2020-01-01"', f"opened: {account_opened}", 1)
    return [item for item in parse_world(text).transactions if item.id.startswith("R1-")]


def days(found: list[Transaction]) -> list[str]:
    return [item.id.removeprefix("R1-") for item in found]


def test_monthly_falls_on_its_day() -> None:
    assert days(happened("monthly: 1")) == ["20260901", "20261001", "20261101"]


def test_weekly_falls_on_its_weekday() -> None:
    assert days(happened("weekly: mon, days: 20")) == ["20261109", "20261116", "20261123"]


def test_every_few_days_counts_from_the_oldest_day() -> None:
    assert days(happened("every_days: 4, days: 12")) == ["20261113", "20261117", "20261121", "20261125"]


def test_what_lies_later_today_has_not_happened() -> None:
    text = SMALL.replace('time: "09:00", monthly: 1}', 'time: "11:30", every_days: 1, days: 1}')
    assert [item.id for item in parse_world(text).transactions if item.id.startswith("R1-")] == ["R1-20261124"]


def test_a_habit_that_stopped_leaves_out_the_latest_days() -> None:
    assert days(happened("every_days: 4, days: 12, until_days: 5")) == ["20261113", "20261117"]


def test_nothing_happens_before_the_account_is_opened() -> None:
    assert days(happened("every_days: 4, days: 12", "-9d")) == ["20261117", "20261121", "20261125"]


def test_amounts_are_used_in_turn() -> None:
    assert [item.amount.minor for item in happened("every_days: 4, days: 12")] == [1000, 2000, 1000, 2000]


def test_a_neft_reference_has_the_form_of_a_utr_and_upi_one_of_an_rrn() -> None:
    assert {item.reference[:4] for item in happened("monthly: 1")} == {"DEMO"}
    plain = [item for item in parse_world(SMALL).transactions if item.rail == "upi"]
    assert all(item.reference.isdecimal() and len(item.reference) == 12 for item in plain)
