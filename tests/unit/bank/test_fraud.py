"""Two scores as pure functions: each signal has its weight, nothing else counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bank import fraud
from bank.fraud import CLAIM_WEIGHTS, PAYMENT_WEIGHTS, Claimant, Payment

USUAL = Payment(
    amount_minor=-50_000,
    hour=12,
    known_device=True,
    location="Bengaluru",
    category="5411",
    counterparty_seen=True,
    authenticated=True,
    debits_last_hour=0,
    sim_changed_h=None,
    usual_minor=(40_000, 50_000, 60_000),
    places=frozenset({"Bengaluru"}),
)


def test_a_usual_payment_scores_nothing() -> None:
    assert fraud.score_payment(USUAL) == fraud.Score(0, ())


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("unknown_device", {"known_device": False}),
        ("unusual_location", {"location": "Surat"}),
        ("amount_far_above_usual", {"amount_minor": -500_000}),
        ("amount_above_usual", {"amount_minor": -200_000}),
        ("night_hours", {"hour": 4}),
        ("risky_category", {"category": "6051"}),
        ("rapid_sequence", {"debits_last_hour": 3}),
        ("sim_changed", {"sim_changed_h": 23}),
        ("new_counterparty", {"counterparty_seen": False}),
        ("not_authenticated", {"authenticated": False}),
    ],
)
def test_each_signal_alone_adds_its_own_weight(reason: str, changed: dict[str, object]) -> None:
    assert fraud.score_payment(replace(USUAL, **changed)) == fraud.Score(PAYMENT_WEIGHTS[reason], (reason,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"known_device": None},
        {"location": None},
        {"location": "Surat", "places": frozenset()},
        {"amount_minor": -499_999, "usual_minor": ()},
        {"amount_minor": -199_999},
        {"hour": 5},
        {"debits_last_hour": 2},
        {"sim_changed_h": 24},
        {"category": None},
    ],
)
def test_what_is_not_known_or_just_under_the_mark_does_not_count(changed: dict[str, object]) -> None:
    assert fraud.score_payment(replace(USUAL, **changed)).bp == 0  # type: ignore[arg-type]


def test_everything_together_is_certainty_and_no_more() -> None:
    worst = replace(
        USUAL,
        known_device=False,
        location="Surat",
        amount_minor=-(10**9),
        hour=3,
        category="7995",
        debits_last_hour=9,
        sim_changed_h=1,
        counterparty_seen=False,
        authenticated=False,
    )
    assert fraud.score_payment(worst).bp == fraud.MAX_BP


def test_reasons_come_heaviest_first() -> None:
    reasons = fraud.score_payment(replace(USUAL, known_device=False, hour=2, location="Surat")).reasons
    assert reasons == ("unknown_device", "unusual_location", "night_hours")


def test_every_reason_has_a_weight_and_every_weight_a_use() -> None:
    assert all(0 < weight <= fraud.MAX_BP for weight in [*PAYMENT_WEIGHTS.values(), *CLAIM_WEIGHTS.values()])


@pytest.mark.parametrize("kind", ["sim", "mobile", "device", "email", "pin"])
def test_a_change_within_a_day_speaks_against_who_asks(kind: str) -> None:
    assert fraud.score_claim(Claimant({kind: 23})).bp == CLAIM_WEIGHTS[f"{kind}_changed"]
    assert fraud.score_claim(Claimant({kind: 24})).bp == 0
    assert fraud.score_claim(Claimant({kind: None})).bp == 0


def test_failed_logins_and_many_claims_speak_against_who_asks() -> None:
    assert fraud.score_claim(Claimant({}, failed_logins=2)).bp == 0
    assert fraud.score_claim(Claimant({}, failed_logins=3)).reasons == ("failed_logins",)
    assert fraud.score_claim(Claimant({}, unknown_device_logins=1)).reasons == ("unknown_device_login",)
    assert fraud.score_claim(Claimant({}, claims_12m=2)).reasons == ("earlier_claim",)
    assert fraud.score_claim(Claimant({}, claims_12m=3)).reasons == ("many_claims",)
