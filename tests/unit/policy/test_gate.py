"""The gate on small packs: the strictest answer wins, what is missing is named, what is owed is computed, nothing is raised."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from domain.calendars import INDIA
from domain.decisions import Decision, Fact, FactValue
from policy.facts import as_facts
from policy.gate import CLOCK_SKEW, RULE_BROKEN, decide, facts_digest, is_broken
from policy.packs import InForce, Pack, Timeline, load_pack
from policy.rules import Rule
from tests.support.rule_files import rule, write_pack

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday, 11:30 in India
GOOD: dict[str, FactValue] = {"account_owned": True, "auth_level": 3, "kill_switch": False, "channel": "web"}


def says(verdict: str, name: str, when: str, **change: Any) -> dict[str, Any]:
    """A rule with another verdict; its customer reason tells it apart."""
    extra: dict[str, Any] = {"step_up": {"level": 3}, "human": {"role": "operations"}}.get(verdict, {})
    reason = {"step_up": "stronger_sign_in", "human": "person_checks", "deny": "not_yours", "approve": "approved"}[verdict]
    return rule(id=name, when=when, verdict=verdict, reasons={"staff": f"{name} speaks.", "customer": reason}, **(extra | change))


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def asked(
        *rules: dict[str, Any], facts: dict[str, Any] | None = None, at: datetime = NOW, action: str = "disclose_balance"
    ) -> Decision:
        given = as_facts(GOOD if facts is None else facts, at, "a test")
        return decide(action, given, load_pack(write_pack(tmp_path, *rules)), at, INDIA)

    return asked


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        (["approve"], "approve"),
        (["approve", "step_up"], "step_up"),
        (["step_up", "approve"], "step_up"),
        (["approve", "step_up", "human"], "human"),
        (["human", "deny", "step_up", "approve"], "deny"),
        (["step_up"], "step_up"),  # even where nothing approves
    ],
)
def test_the_strictest_answer_wins_in_whatever_order_the_rules_stand(ask: Any, verdicts: list[str], verdict: str) -> None:
    decision = ask(*[says(each, f"R-{number}", "account_owned") for number, each in enumerate(verdicts)])
    assert decision.verdict == verdict
    assert len(decision.rules) == len(verdicts)
    assert (decision.level, decision.role) == ({"step_up": 3}.get(verdict), {"human": "operations"}.get(verdict))


def test_no_rule_that_holds_means_deny(ask: Any) -> None:
    decision = ask(says("approve", "R-1", "auth_level == 4"), says("deny", "R-2", "kill_switch"))
    assert (decision.verdict, decision.customer_reason, decision.rules) == ("deny", "not_allowed", ())
    assert decision.reasons == ("no rule of small@3 allows disclose_balance",)


@pytest.mark.parametrize("action", ["disclose_transactions", "launch_rocket", ""])
def test_an_action_without_rules_is_denied(ask: Any, action: str) -> None:
    assert ask(rule(), action=action).verdict == "deny"


def test_of_two_step_ups_the_higher_level_counts(ask: Any) -> None:
    rules = [says("step_up", "R-1", "account_owned", level=2), says("step_up", "R-2", "account_owned", level=4), rule()]
    assert ask(*rules).level == 4
    assert ask(*reversed(rules)).level == 4


def test_four_eyes_are_kept_when_any_rule_for_a_person_asks_for_them(ask: Any) -> None:
    rules = [says("human", "R-1", "account_owned"), says("human", "R-2", "account_owned", role="fraud_team", four_eyes=True)]
    decision = ask(*rules)
    assert decision.four_eyes
    assert decision.role == "operations"  # the first in order of precedence


def test_the_customer_is_given_the_reason_that_comes_first_in_the_order_of_precedence(ask: Any) -> None:
    risk = rule(id="R-1", verdict="deny", concern="risk", reasons={"staff": "x", "customer": "over_limit"}, when="account_owned")
    legal = rule(
        id="R-2", verdict="deny", concern="legal", reasons={"staff": "x", "customer": "under_review"}, when="account_owned"
    )
    decision = ask(risk, legal)
    assert (decision.customer_reason, decision.rules) == ("under_review", ("R-2", "R-1"))


def test_staff_read_which_rule_on_which_values(ask: Any) -> None:
    decision = ask(says("deny", "R-1", "auth_level < 4 && channel == 'web'"))
    assert decision.reasons == ("R-1 [bank P] R-1 speaks. (auth_level=3, channel=web)",)


def test_a_percent_sign_in_a_reason_is_only_a_percent_sign(ask: Any) -> None:
    decision = ask(rule(reasons={"staff": "85% of 100%s", "customer": "approved"}))
    assert "85% of 100%s" in decision.reasons[0]


# --- facts that cannot be used ----------------------------------------------------------------------------------------


def fact(value: FactValue, *, age: float = 0, declared: bool = False, name: str = "auth_level") -> Fact:
    return Fact(name=name, value=value, source="a test", at=NOW - timedelta(seconds=age), declared=declared)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (None, "missing"),
        (fact(3, age=61), "stale"),
        (fact(3, age=-CLOCK_SKEW.total_seconds() - 1), "without a believable time"),  # a clock went backwards
        (Fact(name="auth_level", value=3, source="x", at=datetime(2026, 11, 23)), "without a believable time"),  # noqa: DTZ001
        (fact(5), "not a value of this fact"),
        (fact(-1), "not a value of this fact"),
        (fact("3"), "not a value of this fact"),
        (fact(True), "not a value of this fact"),
        (fact(3, declared=True), "declared where a system has to say it"),
    ],
)
def test_a_fact_that_cannot_be_used_denies_and_is_named(tmp_path: Path, given: Fact | None, why: str) -> None:
    facts = as_facts(GOOD, NOW, "a test") | ({} if given is None else {"auth_level": given})
    if given is None:
        del facts["auth_level"]
    decision = decide("disclose_balance", facts, load_pack(write_pack(tmp_path, rule())), NOW, INDIA)
    assert (decision.verdict, decision.customer_reason) == ("deny", "missing_fact")
    assert decision.reasons == (f"missing_fact auth_level ({why}): OWNER-TOLD",)


@pytest.mark.parametrize("age", [0, 60, -5])
def test_a_fact_as_old_as_it_may_be_is_used(tmp_path: Path, age: float) -> None:
    facts = as_facts(GOOD, NOW, "a test") | {"auth_level": fact(3, age=age)}
    assert decide("disclose_balance", facts, load_pack(write_pack(tmp_path, rule())), NOW, INDIA).verdict == "approve"


def test_a_missing_fact_leads_to_a_person_where_the_rule_says_so(ask: Any) -> None:
    decision = ask(rule(on_missing="human", role="fraud_team"), facts={"account_owned": True})
    assert (decision.verdict, decision.role) == ("human", "fraud_team")


def test_all_facts_of_a_rule_have_to_be_there_even_where_one_would_decide_alone(ask: Any) -> None:
    assert ask(rule(when="account_owned || auth_level >= 3"), facts={"account_owned": True}).verdict == "deny"


def test_a_rule_that_holds_gives_the_reason_before_one_that_lacks_facts(ask: Any) -> None:
    lacking = rule(id="R-1", concern="legal", when="customer_deceased")
    decision = ask(lacking, says("deny", "R-2", "account_owned"))
    assert (decision.verdict, decision.customer_reason) == ("deny", "not_yours")


def test_a_fact_that_only_rules_out_of_force_name_is_not_missed(ask: Any) -> None:
    future = rule(id="R-1", when="customer_deceased", valid_from="2030-01-01")
    assert ask(rule(), future).verdict == "approve"


# --- validity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-10-31T18:29:59Z", "deny"),  # 23:59:59 on 31 October in India
        ("2026-10-31T18:30:00Z", "approve"),  # midnight of the first day
        ("2026-11-30T18:29:59Z", "approve"),
        ("2026-11-30T18:30:00Z", "deny"),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day_in_the_branch_zone(ask: Any, at: str, verdict: str) -> None:
    decision = ask(rule(valid_from="2026-11-01", valid_to="2026-11-30"), at=datetime.fromisoformat(at))
    assert decision.verdict == verdict


@pytest.mark.parametrize(("day", "regime"), [("2026-12-31", "R-OLD"), ("2027-01-01", "R-NEW")])
def test_the_day_of_the_payment_selects_the_regime_not_the_day_of_the_decision(ask: Any, day: str, regime: str) -> None:
    dated = {"actions": ["provisional_credit"], "clock": "txn_date", "when": "account_owned"}
    rules = [rule(id="R-OLD", valid_to="2026-12-31", **dated), rule(id="R-NEW", **(dated | {"valid_from": "2027-01-01"}))]
    for at in (NOW, NOW + timedelta(days=200)):
        decision = ask(*rules, facts={"account_owned": True, "txn_date": day}, at=at, action="provisional_credit")
        assert decision.rules == (regime,)


def test_without_the_day_that_selects_it_a_rule_counts_as_lacking_a_fact(ask: Any) -> None:
    dated = rule(actions=["provisional_credit"], clock="txn_date", when="account_owned")
    for facts in ({"account_owned": True}, {"account_owned": True, "txn_date": "2026-02-30"}):
        decision = ask(dated, facts=facts, action="provisional_credit")
        assert decision.verdict == "deny"
        assert "txn_date" in decision.reasons[0]


# --- what is owed -----------------------------------------------------------------------------------------------------

OWED = {
    "actions": ["provisional_credit"],
    "when": "account_owned",
    "verdict": None,
    "on_missing": "skip",
    "reasons": {"staff": "It is owed."},
}
PAYMENT: dict[str, FactValue] = {
    "account_owned": True,
    "reported_date": "2026-11-20",
    "txn_amount_minor": -750_000,
    "txn_currency": "INR",
    "amount_minor": 400_000,
    "currency": "INR",
}


def owes(*obligations: dict[str, Any]) -> dict[str, Any]:
    return rule(id="R-OWED", **(OWED | {"obligations": list(obligations)}))


def test_a_deadline_is_a_date_with_its_derivation_and_an_amount_with_its_own(ask: Any) -> None:
    due = {"days": 10, "unit": "working", "start": "reported_date"}
    rules = owes({"kind": "shadow_reversal", "to": "customer", "due": due, "amount": {"of": "transaction"}})
    owed = ask(rules, facts=PAYMENT, action="provisional_credit").obligations[0]
    assert (owed.kind, owed.to, owed.rule) == ("shadow_reversal", "customer", "R-OWED")
    assert owed.due == datetime(2026, 12, 3, 18, 29, 59, tzinfo=UTC)
    assert (owed.amount_minor, owed.currency) == (750_000, "INR")
    assert owed.derivation[0] == "from 2026-11-20 (Friday), not counted"
    assert owed.derivation[-2:] == ("10 working days: 2026-12-03 (Thursday)", "transaction amount 750000 INR minor units")


def test_a_period_from_now_starts_on_the_branch_day_of_the_decision(ask: Any) -> None:
    rules = owes({"kind": "decide_liability", "to": "customer", "due": {"days": 1, "unit": "calendar", "start": "now"}})
    late = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)  # already the 24th in India
    owed = ask(rules, facts=PAYMENT, action="provisional_credit", at=late).obligations[0]
    assert owed.due == datetime(2026, 11, 25, 18, 29, 59, tzinfo=UTC)


@pytest.mark.parametrize(("taken", "liable"), [(-750_000, 500_000), (-300_000, 300_000)])
def test_a_capped_amount_is_the_smaller_of_the_two(ask: Any, taken: int, liable: int) -> None:
    rules = owes({"kind": "customer_liability", "to": "case", "amount": {"of": "transaction", "at_most_minor": 500_000}})
    owed = ask(rules, facts=PAYMENT | {"txn_amount_minor": taken}, action="provisional_credit").obligations[0]
    assert (owed.amount_minor, owed.due) == (liable, None)
    assert owed.derivation[-1] == f"at most 500000: {liable}"


@pytest.mark.parametrize(("earlier", "owed_minor"), [(0, 100_000), (350_000, 450_000), (450_000, 500_000)])
def test_amounts_are_added_each_under_its_own_cap_and_the_sum_under_another(ask: Any, earlier: int, owed_minor: int) -> None:
    part = {"of": "proposal", "at_most_minor": 100_000}
    rules = owes(
        {
            "kind": "customer_liability",
            "to": "case",
            "amount": {"of": "credits_12m_minor", "plus": part, "at_most_minor": 500_000},
        }
    )
    owed = ask(rules, facts=PAYMENT | {"credits_12m_minor": earlier}, action="provisional_credit").obligations[0]
    assert (owed.amount_minor, owed.currency) == (owed_minor, "INR")
    assert owed.derivation == (
        f"credits_12m_minor amount {earlier} INR minor units",
        "proposal amount 400000 INR minor units",
        "at most 100000: 100000",
        f"together: {earlier + 100_000}",
        f"at most 500000: {owed_minor}",
    )


def test_amounts_of_two_currencies_are_never_added(ask: Any) -> None:
    amount = {"of": "credits_12m_minor", "plus": {"of": "transaction"}}
    rules = owes({"kind": "customer_liability", "to": "case", "amount": amount})
    decision = ask(rules, facts=PAYMENT | {"credits_12m_minor": 1, "txn_currency": "USD"}, action="provisional_credit")
    assert decision.obligations == ()
    assert is_broken(decision)


def test_what_is_owed_at_once_is_due_now_and_the_proposal_may_give_the_amount(ask: Any) -> None:
    rules = owes({"kind": "acknowledge", "to": "customer", "due": "at_once", "amount": {"of": "proposal"}})
    owed = ask(rules, facts=PAYMENT, action="provisional_credit").obligations[0]
    assert (owed.due, owed.amount_minor) == (NOW, 400_000)


def test_a_deadline_runs_whatever_the_verdict(ask: Any) -> None:
    rules = owes(
        {"kind": "decide_liability", "to": "customer", "due": {"days": 90, "unit": "calendar", "start": "reported_date"}}
    )
    for verdict in ("approve", "human", "deny"):
        stands = says(verdict, "R-1", "account_owned", actions=["provisional_credit"])
        decision = ask(rules, stands, facts=PAYMENT, action="provisional_credit")
        assert decision.verdict == verdict
        assert [owed.kind for owed in decision.obligations] == ["decide_liability"]


def test_an_obligation_whose_facts_are_missing_is_left_out_and_said_so(ask: Any) -> None:
    due = {"days": 10, "unit": "working", "start": "reported_date"}
    rules = owes({"kind": "shadow_reversal", "to": "customer", "due": due})
    approve = rule(actions=["provisional_credit"], when="account_owned")
    decision = ask(rules, approve, facts={"account_owned": True}, action="provisional_credit")
    assert (decision.verdict, decision.obligations) == ("approve", ())
    assert "missing_fact reported_date (missing): R-OWED" in decision.reasons


# --- when something is broken -----------------------------------------------------------------------------------------


def broken(pack: Pack, name: str) -> Pack:
    """The pack with one rule whose condition cannot be evaluated."""

    def fails(_: object) -> Any:
        raise ZeroDivisionError

    def spoilt(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(dataclasses.replace(each, test=fails) if each.id == name else each for each in rules)

    timelines = {
        action: Timeline(line.starts, tuple(InForce(spoilt(stretch.rules), fails) for stretch in line.stretches))
        for action, line in pack.timelines.items()
    }
    return dataclasses.replace(pack, timelines=timelines)


def test_a_rule_that_cannot_be_evaluated_denies_and_marks_the_decision_for_an_alarm(tmp_path: Path) -> None:
    pack = broken(load_pack(write_pack(tmp_path, rule(), rule(id="R-BROKEN", when="kill_switch"))), "R-BROKEN")
    decision = decide("disclose_balance", as_facts(GOOD, NOW, "a test"), pack, NOW, INDIA)
    assert decision.verdict == "deny"
    assert is_broken(decision)
    assert f"{RULE_BROKEN} R-BROKEN: ZeroDivisionError" in decision.reasons


def test_a_protective_action_goes_to_a_person_when_a_rule_is_broken(tmp_path: Path) -> None:
    opens = rule(actions=["block_card"], when="true", on_missing="human", role="operations")
    pack = broken(load_pack(write_pack(tmp_path, opens)), "OWNER-TOLD")
    decision = decide("block_card", {}, pack, NOW, INDIA)
    assert (decision.verdict, decision.role) == ("human", "operations")
    assert is_broken(decision)


def test_a_cap_in_another_currency_is_a_broken_rule_not_a_wrong_amount(ask: Any) -> None:
    rules = owes({"kind": "customer_liability", "to": "case", "amount": {"of": "transaction", "at_most_minor": 500_000}})
    decision = ask(rules, facts=PAYMENT | {"txn_currency": "USD"}, action="provisional_credit")
    assert (decision.verdict, decision.obligations) == ("deny", ())
    assert is_broken(decision)


def test_a_sound_decision_is_not_marked_as_broken(ask: Any) -> None:
    assert not is_broken(ask(rule()))


# --- purity and digests -----------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_decision_and_leave_the_facts_alone(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, rule()))
    facts = as_facts(GOOD, NOW, "a test")
    before = dict(facts)
    first = decide("disclose_balance", facts, pack, NOW, INDIA)
    assert decide("disclose_balance", dict(reversed(facts.items())), pack, NOW, INDIA) == first
    assert facts == before
    assert (first.pack, first.pack_digest, first.decided_at) == ("small@3", pack.digest, NOW)


@pytest.mark.parametrize(
    "change", [{"value": 4}, {"source": "else"}, {"declared": True}, {"at": NOW - timedelta(microseconds=1)}]
)
def test_the_digest_of_the_facts_changes_with_anything_said_of_a_fact(change: dict[str, Any]) -> None:
    facts = as_facts(GOOD, NOW, "a test")
    changed = facts | {"auth_level": facts["auth_level"].model_copy(update=change)}
    assert facts_digest(facts) != facts_digest(changed)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (10**30, NOW),
        (1, datetime(2026, 1, 1)),  # noqa: DTZ001
        (1, datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))),
        (1, datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))),
    ],
)
def test_a_fact_that_no_canonical_form_can_hold_denies_and_raises_nothing(tmp_path: Path, value: int, at: datetime) -> None:
    facts = as_facts(GOOD, NOW, "a test") | {"auth_level": Fact(name="auth_level", value=value, source="x", at=at)}
    decision = decide("disclose_balance", facts, load_pack(write_pack(tmp_path, rule())), NOW, INDIA)
    assert decision.verdict == "deny"
    assert len(decision.facts_digest) == 64


def test_a_naive_now_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="naive"):
        decide("disclose_balance", {}, load_pack(write_pack(tmp_path, rule())), datetime(2026, 1, 1), INDIA)  # noqa: DTZ001
