"""What has to hold of two decisions that differ in one thing: more money, more risk, less proof, a fact missing never soften an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import z3

from policy.facts import SCHEMA
from policy.verification.claims import Claim, Invariant, Subject, twin
from policy.verification.semantics import Situation
from policy.verification.terms import Term

#: Amounts and counts of which more is never safer.
AMOUNTS = ("amount_minor", "credits_12m_minor", "refunds_90d_minor", "transfers_24h_minor", "rail_24h_minor", "payee_24h_minor")
COUNTS = (
    "open_provisional_credits",
    "goodwill_refunds_12m",
    "unlocks_7d",
    "reset_links_24h",
    "chargebacks_30d",
    "chargebacks_pair_30d",
)
RISK = ("risk_bp", "risk_age_s")
#: Hours since a change: the fresher, the less a proof is worth.
FRESHNESS = ("sim_changed_h", "device_changed_h", "mobile_changed_h", "email_changed_h", "pin_changed_h", "contact_changed_h")
#: The amount of these is reckoned by the rules themselves; another one is wrong whether more or less.
RECKONED = frozenset({"pay_tat_compensation", "pay_fraud_compensation", "reverse_duplicate_debit"})


def _moved(subject: Subject, names: Sequence[str], *, up: bool, skip: frozenset[str] = frozenset()) -> Iterator[Claim]:
    """With the fact moved to the worse side, the answer is at least as strict."""
    for action in (each for each in subject.unprotective() if each not in skip):
        for name in (each for each in names if subject.knowing([action], each)):
            before = subject.situation(action)
            after = twin(before, values=[name])
            low, high = before.facts.value(name), after.facts.value(name)
            worse = high > low if up else high < low
            premise = z3.And(worse, before.facts.in_books(), *_apart_from(action, name, before))
            yield Claim(action, name, premise, after.outcome.at_least_as_strict_as(before.outcome), (before, after))


def _apart_from(action: str, name: str, situation: Situation) -> list[Term]:
    """RTGS has a least amount (D-07): there more can be better."""
    if action == "transfer" and name == "amount_minor" and situation.pack.jurisdiction == "IN":
        return [z3.Not(situation.facts.known("transfer_rail", "rtgs"))]
    return []


def _amounts(subject: Subject) -> Iterator[Claim]:
    yield from _moved(subject, AMOUNTS, up=True, skip=RECKONED)
    yield from _moved(subject, COUNTS, up=True)


def _risk(subject: Subject) -> Iterator[Claim]:
    return _moved(subject, RISK, up=True)


def _fresh_changes(subject: Subject) -> Iterator[Claim]:
    """A reset link apart: to a contact that is too fresh it is denied, since another may do; with all of them fresh a person helps (K)."""
    return _moved(subject, FRESHNESS, up=False, skip=frozenset({"send_reset_link"}))


def _less_proof(subject: Subject) -> Iterator[Claim]:
    return _moved(subject, ["auth_level"], up=False)


def _missing(subject: Subject) -> Iterator[Claim]:
    """Protective actions apart: what would harden them may be skipped when nothing is known (joints 25)."""
    for action in subject.knowing(subject.unprotective()):
        known = subject.situation(action)
        less = twin(known, usable=True)
        pairs = [(known.facts.usable(name), less.facts.usable(name)) for name in known.facts.variables]
        fewer = z3.And(
            *(z3.Implies(after, before) for before, after in pairs),
            z3.Or(*(before != after for before, after in pairs)),
            known.facts.in_books(),
        )
        yield Claim(action, "", fewer, z3.Implies(less.outcome.approve, known.outcome.approve), (known, less))


def _declared(subject: Subject) -> Iterator[Claim]:
    """Declared facts may only harden: without the rules that name one, no answer is stricter than with them.

    Said of rules and not of values, since a value that hardens can be declared otherwise: that the customer asks for a person sends
    to one, and not asking for one must not count as softening.
    """
    for action in subject.knowing(subject.unprotective()):
        situation = subject.situation(action)
        naming = [rule.id for rule in situation.rules if any(SCHEMA[name].declared for name in rule.names)]
        if naming:
            undeclared = situation.without(*naming)
            premise = z3.Or(situation.outcome.approve, situation.outcome.step_up)
            softer_or_same = situation.outcome.at_least_as_strict_as(undeclared)
            yield Claim(action, f"{len(naming)} rules", premise, softer_or_same, (situation,))


COMPARISONS: tuple[Invariant, ...] = (
    Invariant("more_money", "raising an amount, a total or a count never softens", "3-policy", _amounts),
    Invariant("more_risk", "a higher or older risk score never softens", "3-policy; P-RISK", _risk),
    Invariant(
        "fresh_changes", "a later change of SIM, device, number, e-mail or PIN never softens", "P-COOL, G-03", _fresh_changes
    ),
    Invariant("less_proof", "a lower level of authentication never softens", "3-policy", _less_proof),
    Invariant("missing", "a missing fact never turns anything into an approval", "A-01", _missing),
    Invariant(
        "declared", "what a customer declares never turns anything into an approval or a lower step-up", "joints 22", _declared
    ),
)
