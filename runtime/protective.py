"""Protective actions while the store is down: wished for on the local journal, done and on the trail once it is back.

A card block, a dispute, a complaint or a fraud report is never refused because our own record is out of reach (row A-03). What
cannot be recorded is journaled, told as being checked, and proposed again under the very same id when the store answers: the
row, the effect at the core and the audit entries come into being once, however often that is tried.
"""

from __future__ import annotations

import asyncio
from typing import Any

import sqlalchemy as sa
import structlog

from domain.actions import Action, Protective, parse_action
from domain.clock import to_micros
from domain.decisions import Declaration
from domain.errors import Conflict, Forbidden, Unavailable
from domain.ids import derived_id
from domain.proposals import Outcome, Proposal, consent_digest
from runtime.asker import Asker
from runtime.gate import BoundGate, GateParts
from runtime.journal import Journal
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit

#: From these an entry is run (again): what was sent is settled with the core first.
_RUNNABLE = frozenset({"decided", "executing", "unknown", "never_arrived"})
log = structlog.get_logger(__name__)


class ProtectedGate:
    """A gate (`domain.ports.Gate`) whose protective proposals outlive an outage of the store."""

    def __init__(self, gate: BoundGate, asker: Asker, parts: GateParts, journal: Journal) -> None:
        self._gate, self._asker, self._parts, self._journal = gate, asker, parts, journal
        self._journaled: dict[str, Outcome] = {}
        self._asked: dict[str, tuple[Action, str, int, tuple[Declaration, ...]]] = {}

    async def propose(self, action: Action, *, node: str, visit: int, declarations: tuple[Declaration, ...] = ()) -> Outcome:
        """As the gate does; a protective action that cannot be recorded is journaled and `unknown` until the store is back.

        Raises Unavailable `journal_unavailable` when that cannot be written either.
        """
        if action.arguments()["action"] not in Protective or self._asker.customer is None:
            return await self._gate.propose(action, node=node, visit=visit, declarations=declarations)
        try:
            outcome = await self._gate.propose(action, node=node, visit=visit, declarations=declarations)
        except (Unavailable, sa.exc.SQLAlchemyError) as error:
            if not _store_is_down(error):
                raise
            return await self._keep(action, node, visit, declarations)
        self._asked[outcome.proposal] = (action, node, visit, declarations)
        return outcome

    async def decide(self, proposal: str) -> Outcome:
        return self._journaled.get(proposal) or await self._gate.decide(proposal)

    async def consent(self, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        return await self._gate.consent(proposal, digest=digest, request=request, value=value)

    async def execute(self, proposal: str) -> Outcome:
        """As the gate does. One of this turn whose record went away before anything was sent is journaled to run later."""
        if proposal in self._journaled:
            return self._journaled[proposal]
        try:
            return await self._gate.execute(proposal)
        except (Unavailable, sa.exc.SQLAlchemyError) as error:
            if not _store_is_down(error) or proposal not in self._asked:
                raise
            return await self._keep(*self._asked[proposal])

    async def status(self, proposal: str) -> Outcome:
        return self._journaled.get(proposal) or await self._gate.status(proposal)

    async def _keep(self, action: Action, node: str, visit: int, declarations: tuple[Declaration, ...]) -> Outcome:
        asker = self._asker
        now = self._parts.tenants(asker.tenant).clock.now()
        entry = {
            "tenant": asker.tenant,
            "customer": asker.customer,
            "conversation": asker.conversation,
            "flow_instance": asker.flow_instance,
            "auth_session": asker.auth_session,
            "proposer": asker.proposer,
            "arguments": action.arguments(),
            "node": node,
            "visit": visit,
            "declarations": [each.model_dump(mode="json") for each in declarations],
            "at": to_micros(now),
        }
        await asyncio.to_thread(self._journal.append, entry)
        identifier = derived_id("prp", asker.flow_instance or "", node, str(visit))
        log.warning("protective_action_journaled", proposal=identifier, action=action.arguments()["action"])
        digest = consent_digest(asker.tenant, identifier, action.arguments(), asker.customer or "")
        self._journaled[identifier] = Outcome(proposal=identifier, state="unknown", decision=None, digest=digest)
        return self._journaled[identifier]


def _store_is_down(error: Exception) -> bool:
    return isinstance(error, sa.exc.SQLAlchemyError) or (isinstance(error, Unavailable) and error.code == "record_unavailable")


async def replay(parts: GateParts, journal: Journal) -> int:
    """Propose and run what was journaled, oldest first; returns how many entries are settled and forgotten.

    Stops at the first that the store, or the core, cannot take yet. A crash in between repeats an entry, and repeats nothing in
    the world: row, audit entries and the core's idempotency key carry its id.
    """
    if journal.is_empty():
        return 0
    done = 0
    for entry in await asyncio.to_thread(journal.entries):
        try:
            if not await _again(parts, entry):
                break
        except (Unavailable, sa.exc.SQLAlchemyError) as error:
            log.warning("journal_waits", kind=type(error).__name__)
            break
        done += 1
    if done:
        await asyncio.to_thread(journal.remove_first, done)
    return done


async def _again(parts: GateParts, entry: dict[str, Any]) -> bool:
    """Propose and run one entry; False while what came of it is not certain."""
    body = {"journaled_at": entry["at"], "action": entry["arguments"]["action"]}

    def chained(connection: sa.Connection, made: Proposal) -> None:
        append_audit(connection, made.tenant, "proposal.journaled", body, entry["at"], made.id)

    asker = Asker(
        tenant=entry["tenant"],
        customer=entry["customer"],
        conversation=entry["conversation"],
        flow_instance=entry["flow_instance"],
        auth_session=entry["auth_session"],
        proposer=entry["proposer"],
        on_frozen=chained,
    )
    gate, tenant = BoundGate(parts, asker), entry["tenant"]
    declarations = tuple(Declaration.model_validate(each) for each in entry["declarations"])
    action = parse_action(entry["arguments"])
    try:
        outcome = await gate.propose(action, node=entry["node"], visit=entry["visit"], declarations=declarations)
    except (Conflict, Forbidden) as error:
        # It can never be proposed as it was: a person has to see it.
        refused = body | {"code": error.code}
        await commit(parts.db, lambda c: append_audit(c, tenant, "alarm.journal_refused", refused, entry["at"]))
        return True
    if outcome.state in _RUNNABLE:
        outcome = await gate.execute(outcome.proposal)
    return outcome.state not in _RUNNABLE
