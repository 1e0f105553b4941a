"""Controls, each with a way to switch it off in a test, and the cells that must then break.

A control that another one backs is switched off together with its backing (`backed_by` says which): alone its loss would not show
at the end, and that is the point of having both. A control whose loss no cell notices would be a cell that is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import jwt
import pytest

from bank import approvals as at_bank
from bank import people
from domain.decisions import Fact
from domain.proposals import Outcome
from domain.tokens import ApprovalClaims
from runtime import authority, execution, gate, reconcile, verdicts, weighing
from runtime.clock_guard import ClockGuard
from runtime.staff import approvals as desk
from runtime.staff.identity import StaffIdentity
from runtime.storage import consents, limits, proposals, sign_offs
from tests.matrix.ground import Ground
from tools import executor

Patch = pytest.MonkeyPatch
#: invariant × hazard, or `the_end` × hazard: the hazard's own finding
Cell = tuple[str, str]


@dataclass(frozen=True)
class Control:
    """`seeds`: tried until each of `cells` has broken. `schema`: it changes the database, so it gets one of its own."""

    name: str
    off: Callable[[Patch, Ground], None]
    cells: tuple[Cell, ...]
    backed_by: str = ""
    seeds: range = field(default_factory=lambda: range(6))
    schema: bool = False


# --- the service ---------------------------------------------------------------------------------------------------------


def _no_effect_index(patch: Patch, ground: Ground) -> None:
    ground.database.write_now(lambda c: c.exec_driver_sql("DROP INDEX uq_proposal_effect"))
    patch.setattr(proposals, "holder", lambda *_: None)


def _no_consent_needed(patch: Patch, _: Ground) -> None:
    for module in (authority, verdicts):
        patch.setattr(module, "needs_consent", lambda _proposal: False)


def _consent_without_digest(patch: Patch, _: Ground) -> None:
    """A yes counts for its proposal, whatever its arguments are by now."""
    original = consents.valid_consent

    def valid(connection: Any, proposal: Any, at: int) -> Any:
        agreed = [row for row in _answers(connection, proposal) if row.value and row.expires_at > at]
        if not agreed:
            return original(connection, proposal, at)
        return consents.Consent(agreed[-1].id, agreed[-1].digest, True, agreed[-1].expires_at)

    patch.setattr(consents, "valid_consent", valid)
    patch.setattr(verdicts, "valid_consent", valid)


def _answers(connection: Any, proposal: Any) -> list[Any]:
    import sqlalchemy as sa

    from runtime.storage.gate_tables import consent

    query = sa.select(consent).where(consent.c.tenant == proposal.tenant, consent.c.proposal == proposal.id)
    return list(connection.execute(query.order_by(consent.c.at)).all())


def _any_yes_will_do(patch: Patch, _: Ground) -> None:
    """The gate takes a yes to whatever digest as one to what it has."""
    original = gate.BoundGate.consent

    async def consent(self: Any, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        mine = (await self._mine(proposal)).proposal.digest()
        return await original(self, proposal, digest=mine, request=request, value=value)

    patch.setattr(gate.BoundGate, "consent", consent)


def _consent_for_ever(patch: Patch, _: Ground) -> None:
    patch.setattr(gate, "CONSENT_LIFE", gate.CONSENT_LIFE * 1000)


def _proposal_for_ever(patch: Patch, _: Ground) -> None:
    patch.setattr(gate, "PROPOSAL_LIFE", gate.PROPOSAL_LIFE * 1000)


def _first_decision_stands(patch: Patch, _: Ground) -> None:
    """Minting goes by what was decided when it was proposed."""
    original, first = weighing.Weighing.gather, {}

    async def gather(self: Any, proposal: Any, *rest: Any) -> Any:
        gathered = await original(self, proposal, *rest)
        decided = first.setdefault((proposal.tenant, proposal.id), gathered.judge()[0])
        return replace(gathered, rules=lambda _action, _facts, now: decided.model_copy(update={"decided_at": now}))

    patch.setattr(weighing.Weighing, "gather", gather)


def _no_reservations(patch: Patch, _: Ground) -> None:
    patch.setattr(limits, "held_by_others", lambda *_: limits.Held(0, 0))
    patch.setattr(weighing, "held_by_others", lambda *_: limits.Held(0, 0))


def _anybodys_proposal(patch: Patch, _: Ground) -> None:
    def load(self: Any, connection: Any, proposal: str, *, lock: bool = False) -> Any:
        return proposals.load(connection, self._asker.tenant, proposal, lock=lock)

    patch.setattr(gate.BoundGate, "_load", load)


def _no_brakes(patch: Patch, _: Ground) -> None:
    patch.setattr(weighing, "read_brakes", lambda *_: limits.Brakes("normal", False))


def _any_clock(patch: Patch, _: Ground) -> None:
    patch.setattr(ClockGuard, "believable", lambda *_: True)


def _any_receipt(patch: Patch, _: Ground) -> None:
    patch.setattr(executor, "differences", lambda *_: ())


def _silence_is_failure(patch: Patch, _: Ground) -> None:
    async def unknown(self: Any, tenant: str, proposal: str) -> Outcome:
        return await execution.ExecutionRecords.failed(self, tenant, proposal, "outcome_unknown")

    patch.setattr(execution.ExecutionRecords, "unknown", unknown)


def _silence_is_never_arrived(patch: Patch, _: Ground) -> None:
    """What was not answered is taken for lost and approved anew, without asking."""

    async def ask(self: Any, stored: Any, _at: int) -> Outcome:
        return await self._records.never_arrived(stored.proposal.tenant, stored.proposal.id)

    patch.setattr(reconcile.Reconciler, "_ask", ask)


def _not_found_is_never_arrived(patch: Patch, _: Ground) -> None:
    """`not_found` is believed although the approval may still be on its way."""
    patch.setattr(reconcile, "GRACE_US", -(10**12))


def _audit_when_it_can(patch: Patch, _: Ground) -> None:
    """An entry that cannot be written is left out."""
    original = proposals.append_audit

    def append(connection: Any, *rest: Any) -> None:
        savepoint = connection.begin_nested()
        try:
            original(connection, *rest)
            savepoint.commit()
        except Exception:  # noqa: BLE001 - this is the fault that the test puts in
            savepoint.rollback()

    for module in (proposals, consents):
        patch.setattr(module, "append_audit", append)


# --- persons -------------------------------------------------------------------------------------------------------------


def _own_signature(patch: Patch, _: Ground) -> None:
    patch.setattr(desk, "had_a_part", lambda *_: False)


def _old_factor(patch: Patch, _: Ground) -> None:
    patch.setattr(StaffIdentity, "require_fresh", lambda *_: None)


def _any_role(patch: Patch, _: Ground) -> None:
    patch.setattr(desk.ApprovalDesk, "_objection", lambda *_: None)


def _no_signature_needed(patch: Patch, _: Ground) -> None:
    patch.setattr(sign_offs, "covering", lambda *_: ["nobody"])
    patch.setattr(authority, "RUNNABLE", authority.RUNNABLE | {"awaiting_human"})
    patch.setattr(executor, "RUNNABLE", executor.RUNNABLE | {"awaiting_human"})
    from domain.proposals import TRANSITIONS

    patch.setitem(TRANSITIONS, "awaiting_human", TRANSITIONS["awaiting_human"] | {"executing"})


# --- the bank ------------------------------------------------------------------------------------------------------------


def _no_effects_at_bank(patch: Patch, _: Ground) -> None:
    def consume(call: Any, claims: Any, operation: str) -> None:
        call.insert_new(at_bank.approval_uses, jti=claims.jti, operation=operation, at_us=call.now)

    patch.setattr(at_bank, "consume", consume)


def _fits(patch: Patch, *but: str) -> None:
    """The bank checks whether a token fits the call, but for these claims."""
    original = at_bank.require_fit

    def require_fit(claims: Any, action: Any, key: str, subject: Any) -> None:
        right = {
            "proposal": key,
            "args": at_bank.digest_of(action.arguments()),
            "effect": action.effect_for(subject.customer),
            "sub": subject.customer,
        }
        original(claims.model_copy(update={name: right[name] for name in but}), action, key, subject)

    patch.setattr(at_bank, "require_fit", require_fit)


def _any_arguments(patch: Patch, _: Ground) -> None:
    _fits(patch, "args")


def _used_again(patch: Patch, ground: Ground) -> None:
    """An approval may be used again, under another key too, and an effect be had again."""
    patch.setattr(at_bank, "require_unused", lambda *_: None)
    patch.setattr(at_bank, "consume", lambda *_: None)
    _fits(patch, "proposal")


def _never_stale(patch: Patch, _: Ground) -> None:
    patch.setattr(at_bank, "require_fresh", lambda *_: None)


def _any_tenant(patch: Patch, _: Ground) -> None:
    original = at_bank.read

    def read(token: str, config: Any, tenant: str) -> Any:
        if not token:
            return original(token, config, tenant)
        said = jwt.decode(token, options={"verify_signature": False})["tenant"] if token.count(".") == 2 else tenant
        return original(token, config, said)

    patch.setattr(at_bank, "read", read)


def _any_signature(patch: Patch, _: Ground) -> None:
    def verify(token: str, model: Any, *_: Any) -> Any:
        return model.model_validate(jwt.decode(token, options={"verify_signature": False}))

    original = at_bank.verify
    patch.setattr(
        at_bank, "verify", lambda token, model, *rest: (verify if model is ApprovalClaims else original)(token, model, *rest)
    )


def _any_assertion(patch: Patch, _: Ground) -> None:
    patch.setattr(at_bank, "require_assertion", lambda *_: None)


def _anybodys_card(patch: Patch, _: Ground) -> None:
    """Neither our facts nor the bank's own look at who owns a card."""
    stated = weighing._stated

    def owned(answer: Any, needed: Any) -> dict[str, Fact]:
        facts = stated(answer, needed)
        if "card_owned" in facts:
            facts["card_owned"] = facts["card_owned"].model_copy(update={"value": True})
            facts.setdefault("card_status", facts["card_owned"].model_copy(update={"name": "card_status", "value": "active"}))
        return facts

    patch.setattr(weighing, "_stated", owned)
    original = people.card_row

    def card_row(call: Any, subject: Any, card: str, **given: Any) -> Any:
        return original(call, replace(subject, customer="C1"), card, **given)

    patch.setattr(people, "card_row", card_row)


CONTROLS = (
    Control(
        "one holder of an effect (service)", _no_effect_index, (("doubt_stops", "two_proposals_one_effect"),),
        backed_by="the bank's unique effects: no double spend, but calls that should not have gone out", schema=True,
    ),
    Control("a yes is needed", _no_consent_needed, (("nothing_unauthorised", "no_yes_at_all"), ("nothing_unauthorised", "expired_yes"))),
    Control("a yes is to exact arguments", _consent_without_digest, (("exactly_the_confirmed", "changed_arguments"),), seeds=range(12)),
    Control("a yes names what was shown", _any_yes_will_do, (("no_double_spend", "yes_to_something_else"),)),
    Control("a yes runs out", _consent_for_ever, (("nothing_unauthorised", "expired_yes"),)),
    Control("a proposal runs out", _proposal_for_ever, (("nothing_unauthorised", "expired_proposal"),)),
    Control(
        "decided again when minted", _first_decision_stands,
        tuple(("nothing_unauthorised", hazard) for hazard in ("stricter_pack", "switched_off", "changed_facts", "session_ended")),
    ),
    Control("reservations of limits", _no_reservations, (("the_end", "limits_race"),)),
    Control("a proposal is its customer's", _anybodys_proposal, (("nothing_unauthorised", "anothers_errand"),)),
    Control("the brakes are read", _no_brakes, (("nothing_unauthorised", "switched_off"),)),
    Control("the clock only goes forwards", _any_clock, (("nothing_unauthorised", "clock_backward"),), seeds=range(10)),
    Control("receipts are compared", _any_receipt, (("the_end", "receipt_differs"),)),
    Control("silence is doubt", _silence_is_failure, (("unknown_asks_the_bank", "timeout_after_the_bank_acted"),)),
    Control(
        "doubt asks before it acts", _silence_is_never_arrived,
        (("doubt_stops", "timeout_after_the_bank_acted"), ("doubt_stops", "timeout_before_the_bank_acted")),
    ),
    Control("not found counts after expiry", _not_found_is_never_arrived, (("doubt_stops", "late_arrival"),), seeds=range(10)),
    Control("no entry, no step", _audit_when_it_can, (("the_end", "audit_down"), ("all_on_the_trail", "audit_down"))),
    Control("nobody signs his own", _own_signature, (("nothing_unauthorised", "staff_alone"),), seeds=range(16)),
    Control("a fresh second factor", _old_factor, (("nothing_unauthorised", "staff_alone"),), seeds=range(16)),
    Control("the role that decides", _any_role, (("nothing_unauthorised", "staff_alone"),), seeds=range(16)),
    Control("a person's signature", _no_signature_needed, (("nothing_unauthorised", "staff_alone"),), seeds=range(16)),
    Control("one effect (bank)", _no_effects_at_bank, (("no_double_spend", "split_brain"),), seeds=range(10),
            backed_by="for credits and disputes the dispute's own row; for a card the operation happens twice"),
    Control("an approval's arguments (bank)", _any_arguments, (("exactly_the_confirmed", "borrowed_token"),)),
    Control("single use (bank)", _used_again, (("no_double_spend", "approval_used_twice"),), seeds=range(10),
            backed_by="the key an approval is for, and the unique effects: off together"),
    Control("an approval runs out (bank)", _never_stale, (("nothing_unauthorised", "expired_approval"),)),
    Control("an approval's tenant (bank)", _any_tenant, (("nothing_unauthorised", "token_of_another_bank"),)),
    Control("an approval's signature (bank)", _any_signature, (("the_end", "borrowed_token"),)),
    Control("a code is for these arguments (bank)", _any_assertion, (("nothing_unauthorised", "code_for_something_else"),)),
    Control("what one owns (bank)", _anybodys_card, (("exactly_the_confirmed", "anothers_errand"),),
            backed_by="the facts of ownership in every rule: off together"),
)  # fmt: skip
