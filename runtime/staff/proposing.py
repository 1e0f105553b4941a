"""Staff as proposers: the same gate, the same rules, the same executor; what they propose somebody else has to sign."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from domain.actions import Action
from domain.canonical import digest_of
from domain.clock import to_micros
from domain.errors import Forbidden
from domain.proposals import Outcome, Proposal
from domain.staff import Person
from runtime.asker import Asker
from runtime.gate import BoundGate, GateParts
from runtime.staff.identity import StaffIdentity
from runtime.staff.sheets import reason_digest
from runtime.storage.audit import append_audit
from runtime.storage.staff import note_part


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for on behalf of a customer. `key` makes a repeated request the same proposal."""

    action: Action
    customer: str
    reason: str
    key: str


class StaffProposals:
    """Puts actions of staff before the gate, with who asked and why in the same commit."""

    def __init__(self, parts: GateParts, tenant: str, identity: StaffIdentity) -> None:
        self._parts, self._tenant, self._identity = parts, tenant, identity

    async def propose(self, person: Person, wish: Wish) -> Outcome:
        """Freeze and decide; what the rules approve is executed at once, what they send to a person waits for another one.

        Raises Forbidden `second_factor_stale`, `action_not_for_staff` (reading goes over other ways), Conflict `proposal_changed`
        (the key was used for something else), Unavailable.
        """
        self._identity.require_fresh(person)
        if wish.action.effect == "READ":
            raise Forbidden("action_not_for_staff", "a disclosure to a customer is the customer's to ask for")

        def noted(connection: sa.Connection, row: Proposal) -> None:
            at = to_micros(row.created_at)
            note_part(connection, row.tenant, row.id, person.name, "proposed", at, wish.reason)
            body = {"by": person.name, "reason": reason_digest(wish.reason)}
            append_audit(connection, row.tenant, "proposal.by_staff", body, at, row.id)

        flow = f"staff:{person.name}"
        gate = BoundGate(self._parts, Asker(self._tenant, wish.customer, None, flow, None, "staff", noted))
        node = digest_of({"key": wish.key, "customer": wish.customer})
        outcome = await gate.propose(wish.action, node=node, visit=0)
        return await gate.execute(outcome.proposal) if outcome.state == "decided" else outcome
