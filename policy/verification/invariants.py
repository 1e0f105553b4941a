"""What has to hold of one decision, in every pack: levels, caps, ownership, brakes, protection, gaps, the layers of law and bank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import z3

from domain.actions import Protective
from policy.verification.claims import Claim, Invariant, Subject
from policy.verification.figures import BOUNDS, LEGAL_CAPS
from policy.verification.levels import LEVELS
from policy.verification.semantics import Outcome, Situation
from policy.verification.terms import Facts, Term

#: What says whose it is, for the actions that are decided on it.
OWNERSHIP = (
    "account_owned",
    "txn_owned",
    "txn_found",
    "card_owned",
    "fee_found",
    "mandate_owned",
    "contact_on_file",
    "login_locked",
)
#: Actions through which money of the account leaves it, or may leave it later.
MONEY_OUT = ("transfer", "debit_mandate", "provisional_credit", "close_account")
CERTAIN = z3.BoolVal(True)


def _never_approved(
    subject: Subject, actions: Iterable[str], about: str, when: Callable[[Facts], Term], *names: str
) -> Iterator[Claim]:
    for action in subject.knowing(actions, *names):
        situation = subject.situation(action)
        yield Claim(action, about, when(situation.facts), z3.Not(situation.outcome.approve), (situation,))


def _one_verdict(outcome: Outcome) -> Term:
    verdicts = [outcome.deny, outcome.human, outcome.step_up, outcome.approve]
    levels = list(outcome.levels.values())
    return z3.And(z3.PbEq([(v, 1) for v in verdicts], 1), z3.PbEq([(v, 1) for v in levels], 1) == outcome.step_up)


def _total(subject: Subject) -> Iterator[Claim]:
    """One verdict whatever the facts; and where everything is known, one that a rule gives with its reason, not the gate's own denial
    for want of rules. Packs of elsewhere rule what their law is about, and protection."""
    for action in subject.actions:
        situation = subject.situation(action)
        yield Claim(action, "exactly one verdict", CERTAIN, _one_verdict(situation.outcome), (situation,))
        if subject.pack.jurisdiction == "IN" or action in Protective or subject.pack.by_action[action]:
            known = z3.And(situation.facts.all_usable(), situation.facts.in_books())
            yield Claim(action, "a rule speaks when everything is known", known, situation.outcome.spoken, (situation,))


def _level(subject: Subject) -> Iterator[Claim]:
    for each in LEVELS:
        for action in subject.knowing([each.action]) if subject.pack.jurisdiction in each.jurisdictions else ():
            situation = subject.situation(action)
            premise = situation.outcome.approve
            if each.when is not None:
                premise = z3.And(premise, each.when(situation.facts))
            level = situation.facts.value("auth_level")
            enough = z3.And(situation.facts.usable("auth_level"), level >= each.level)
            about = f"AL{each.level} {each.about}".strip()
            yield Claim(
                action, about, each.when(situation.facts) if each.when else CERTAIN, z3.Implies(premise, enough), (situation,)
            )


def _bounds(subject: Subject) -> Iterator[Claim]:
    for bound in BOUNDS:
        for action in subject.knowing([bound.action]) if subject.pack.jurisdiction in bound.jurisdictions else ():
            situation = subject.situation(action)
            outside = z3.Not(bound.inside(situation.facts))
            yield Claim(action, bound.about, outside, z3.Not(situation.outcome.approve), (situation,))


def _legal_caps(subject: Subject) -> Iterator[Claim]:
    for cap in LEGAL_CAPS if subject.pack.jurisdiction == "IN" else ():
        for action in subject.knowing([cap.action]):
            situation = subject.situation(action)
            yield Claim(action, cap.about, cap.beyond(situation.facts), situation.outcome.deny, (situation,))


def _protected(subject: Subject) -> Iterator[Claim]:
    for action in sorted(Protective.intersection(subject.actions)):
        situation = subject.situation(action)
        yield Claim(action, "never denied", CERTAIN, z3.Not(situation.outcome.deny), (situation,))


def _block_card(subject: Subject) -> Iterator[Claim]:
    for action in {"block_card"}.intersection(subject.actions):
        situation = subject.situation(action)
        yield Claim(action, "approved even where nothing is known", CERTAIN, situation.outcome.approve, (situation,))


def _owned(subject: Subject) -> Iterator[Claim]:
    for action in subject.unprotective():
        for name in OWNERSHIP:
            for known in subject.knowing([action], name):
                situation = subject.situation(known)
                outcome = situation.outcome
                not_owned = z3.Not(situation.facts.known(name, True))
                yield Claim(known, name, not_owned, z3.Or(outcome.deny, outcome.human), (situation,))


def _kill_switch(subject: Subject) -> Iterator[Claim]:
    return _never_approved(subject, subject.unprotective(), "", lambda f: z3.Not(f.known("kill_switch", False)), "kill_switch")


def _duty_mode(subject: Subject) -> Iterator[Claim]:
    def limited(f: Facts) -> Term:
        return z3.Not(z3.Or(f.known("duty_mode", "normal"), f.known("duty_mode", "off_hours")))

    return _never_approved(subject, subject.unprotective(), "", limited, "duty_mode")


def _clock(subject: Subject) -> Iterator[Claim]:
    return _never_approved(subject, subject.acts(), "", lambda f: z3.Not(f.known("clock_ok", True)), "clock_ok")


def _frozen(subject: Subject) -> Iterator[Claim]:
    def ordered(f: Facts) -> Term:
        return z3.Or(f.known("account_freeze_kind", "court"), f.known("account_freeze_kind", "police"))

    return _never_approved(subject, MONEY_OUT, "", ordered, "account_freeze_kind")


def _credited_before(subject: Subject) -> Iterator[Claim]:
    def again(f: Facts) -> Term:
        return z3.Not(f.known("prior_credit_same_ref", False))

    return _never_approved(subject, ["provisional_credit"], "", again, "prior_credit_same_ref")


def _origin(subject: Subject) -> Iterator[Claim]:
    for action in subject.knowing(subject.acts(), "origin", "proposer"):
        situation = subject.situation(action)
        f = situation.facts
        by_itself = z3.And(f.known("origin", "text"), z3.Or(f.known("proposer", "sop"), f.known("proposer", "job")))
        yield Claim(action, "by itself", by_itself, z3.Not(situation.outcome.approve), (situation,))


def _dead(subject: Subject) -> Iterator[Claim]:
    def dead(f: Facts) -> Term:
        return z3.Not(f.known("customer_deceased", False))

    return _never_approved(subject, subject.unprotective(), "", dead, "customer_deceased")


def _law_floor(subject: Subject) -> Iterator[Claim]:
    """Where the law's own rules deny or ask for a person, the pack is at least that strict, whatever the bank changed."""
    for action in subject.actions:
        rules = [rule for rule in subject.law.by_action[action] if rule.text.layer == "law"]
        if not rules:
            continue
        whole = subject.situation(action)
        missing = {name for rule in rules for name in rule.names} - whole.facts.variables.keys()
        if missing:  # a rule of the law that the pack lost, with the facts it was decided on
            whole = Situation(subject.pack, action, over=Situation(subject.law, action).facts)
        law = Situation(subject.law, action, over=whole.facts, rules=rules).outcome
        strict = z3.And(law.spoken, z3.Or(law.deny, law.human))
        if any(
            rule.text.verdict in ("deny", "human") or (rule.names and rule.text.on_missing in ("deny", "human")) for rule in rules
        ):
            yield Claim(action, "", strict, whole.outcome.at_least_as_strict_as(law), (whole,))


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "total", "every action has one verdict for all facts, given by a rule when all are known", "3-policy; A-02", _total
    ),
    Invariant("level", "no approval below the level the action needs", "K, STEPUP", _level),
    Invariant("bounds", "no approval outside amounts, counts and conditions of the table", "K, APPROVE", _bounds),
    Invariant("legal_caps", "beyond the law's own cap: denied, and nobody may release it", "D-04 to D-07", _legal_caps),
    Invariant("protected", "a protective action is never denied", "A-03", _protected),
    Invariant("block_card", "a card block is approved whoever asks, at any hour and in any mode", "A-03, D-15", _block_card),
    Invariant("owned", "what is not the customer's, or not known to be: denied, or a person", "A-02, K", _owned),
    Invariant("kill_switch", "switch on or unknown: no approval of anything that is not protective", "F-14", _kill_switch),
    Invariant("duty_mode", "degraded, incident or unknown: no approval of anything that is not protective", "K", _duty_mode),
    Invariant("clock", "clock in doubt: no approval of money or account changes", "joints 4", _clock),
    Invariant("frozen", "an order of a court or the police: no money out", "section G", _frozen),
    Invariant("credited_before", "no second provisional credit for one payment", "A-05, K", _credited_before),
    Invariant("origin", "nothing that moves money or changes an account starts by itself from a text", "joints 29", _origin),
    Invariant("dead", "the owner died, or that is not known: nothing but protection is approved", "G-08", _dead),
    Invariant("law_floor", "bank policy is never softer than the law's denials and persons", "joints 24", _law_floor),
)
