"""The gate as a flow sees it: propose, decide, consent, execute, status, bound to one customer in one conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from domain.actions import Action
from domain.clock import to_micros
from domain.decisions import Decision, Declaration, Fact
from domain.errors import Conflict, Forbidden, NotFound, OutcomeUnknown
from domain.ids import derived_id
from domain.ports import Authority
from domain.proposals import Outcome, Proposal
from persistence.database import Database
from runtime.asker import Asker
from runtime.reconcile import Reconciler
from runtime.storage import consents, lapsing, proposals
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look
from runtime.storage.consents import Answer
from runtime.storage.proposals import Stored
from runtime.tenants import Tenants
from runtime.verdicts import can_be_undone, effect_is_undone, placed, target_state
from runtime.weighing import Weighing
from tools.executor import Executor

#: How long a proposal may wait for a yes, a step-up or its execution.
PROPOSAL_LIFE = timedelta(minutes=30)
#: How long a yes counts.
CONSENT_LIFE = timedelta(minutes=10)
_ANSWERABLE = frozenset({"awaiting_consent", "decided"})
Job = Callable[[sa.Connection], None]


@dataclass(frozen=True, slots=True)
class GateParts:
    """What every gate of this process shares."""

    db: Database
    tenants: Tenants
    weighing: Weighing
    authority: Authority
    executor: Executor
    reconciler: Reconciler


class BoundGate:
    """Implements `domain.ports.Gate`.

    What only discloses (READ) is recorded through `stage`, when given: its rows go into the turn's own commit, so the record is
    durable exactly when the reply is. Everything that acts is committed at once, before the method returns.
    """

    def __init__(self, parts: GateParts, asker: Asker, *, stage: Callable[[Job], None] | None = None) -> None:
        self._parts = parts
        self._asker = asker
        self._stage = stage
        self._staged: dict[str, Stored] = {}

    async def propose(self, action: Action, *, node: str, visit: int, declarations: tuple[Declaration, ...] = ()) -> Outcome:
        """Freeze a proposal and decide on fresh facts. The same node and visit give the same row, whatever happened meanwhile.

        Somebody who asks for an effect that is under way or done gets that proposal's outcome. Raises Forbidden
        `customer_unknown`, Conflict `proposal_changed` (same node and visit, other arguments), Unavailable.
        """
        customer = self._asker.customer
        if customer is None:
            raise Forbidden("customer_unknown", "nobody is signed in")
        identifier = derived_id("prp", self._asker.flow_instance or "", node, str(visit))
        draft = self._draft(identifier, action, customer)
        if action.effect == "READ":
            return await self._propose_read(draft, action, declarations)
        first = await self._first(draft, action)
        if isinstance(first, Outcome):
            return first
        gathered = await self._parts.weighing.gather(draft, self._asker.auth_session, declarations)
        decision, facts = gathered.judge()
        proposal = draft.model_copy(update={"decision": decision, "created_at": gathered.now})
        undone = first if first is not None and effect_is_undone(action, facts) else None
        return await commit(self._parts.db, lambda c: self._freeze(c, proposal, decision, action, declarations, facts, undone))

    async def decide(self, proposal: str) -> Outcome:
        """Decide again on fresh facts, after a step-up or some time. What is past deciding keeps its state."""
        stored = await self._mine(proposal)
        if stored.effect_class != "READ":
            if (session := self._asker.auth_session) not in (None, stored.auth_session):
                await commit(self._parts.db, lambda c: proposals.go_on_in(c, self._load(c, proposal, lock=True), session))
            await self._parts.authority.decide(self._asker.tenant, proposal)
            return (await self._mine(proposal)).outcome()
        if stored.proposal.state not in ("decided", "awaiting_step_up"):
            return stored.outcome()
        gathered = await self._parts.weighing.gather(stored.proposal, self._asker.auth_session, stored.declarations)
        decision, facts = gathered.judge()
        target = target_state(None, stored.proposal, decision)
        at = to_micros(gathered.now)

        def job(connection: sa.Connection) -> None:
            proposals.redecide(connection, self._load(connection, proposal), target, decision, facts, at)

        return await self._later(stored, job, {"state": target, "decision": decision})

    async def consent(self, proposal: str, *, digest: str, request: str, value: bool) -> Outcome:
        """Record a yes or no to exactly this digest. The same answer again changes nothing.

        Raises Conflict `consent_digest`, `consent_repeated`, `proposal_expired`, or `proposal_state` when no answer is due.
        """
        stored = await self._mine(proposal)
        now = self._now()
        at = to_micros(now)
        if digest != stored.proposal.digest():
            tenant, body = self._asker.tenant, {"given": digest, "request": request}
            await commit(self._parts.db, lambda c: append_audit(c, tenant, "consent.refused", body, at, proposal))
            raise Conflict("consent_digest", "the answer is to something else")

        def job(connection: sa.Connection) -> Outcome:
            current = self._load(connection, proposal, lock=True)
            state = current.proposal.state
            answer = Answer(digest, request, value, self._asker.auth_session, at, to_micros(now + CONSENT_LIFE))
            if consents.answered(connection, current.proposal, request):
                consents.record_consent(connection, current, answer)
                return current.outcome()
            if state not in _ANSWERABLE:
                raise Conflict("proposal_state", f"{state} takes no answer")
            if at >= to_micros(current.proposal.expires_at):
                raise Conflict("proposal_expired")
            given = consents.record_consent(connection, current, answer)
            if not value:
                proposals.move(connection, current, "cancelled", at, {"consent": given.id}, failure="customer_declined")
            elif state == "awaiting_consent":
                proposals.move(connection, current, "decided", at, {"consent": given.id})
            return self._load(connection, proposal).outcome()

        return await commit(self._parts.db, job)

    async def execute(self, proposal: str) -> Outcome:
        """Run a decided proposal once. A disclosure has nothing to run: it becomes `succeeded`, on record with the turn.

        One that was sent before, by a turn whose process died, is settled first: what never arrived runs now. Any end is an
        outcome, UNKNOWN too. Raises Unavailable when facts or record are out of reach: nothing was sent then.
        """
        stored = await self._mine(proposal)
        if stored.effect_class == "READ":
            return await self._disclosed(stored)
        if stored.proposal.state in ("executing", "unknown"):
            settled = await self._parts.reconciler.settle(self._asker.tenant, proposal)
            if settled.state != "never_arrived":
                return settled
        try:
            return await self._parts.executor.execute(self._asker.tenant, proposal)
        except OutcomeUnknown:
            return stored.outcome().model_copy(update={"state": "unknown"})

    async def status(self, proposal: str) -> Outcome:
        """How the proposal stands. Raises NotFound `proposal_not_found`, also for somebody else's."""
        return (await self._mine(proposal)).outcome()

    async def _first(self, draft: Proposal, action: Action) -> Outcome | str | None:
        """The outcome that is there already: of this very row, or of the holder of the same effect for this customer.

        A holder's id, where it has succeeded with an effect that can be undone: fresh facts tell whether it still holds.
        """
        tenant, at = draft.tenant, to_micros(self._now())
        own = self._staged.get(draft.id) or await look(self._parts.db, lambda c: proposals.find(c, tenant, draft.id))
        if own is not None:
            if own.proposal.customer != draft.customer or own.proposal.arguments != draft.arguments:
                raise Conflict("proposal_changed", "this node and visit proposed something else")
            return own.outcome()
        if action.effect == "READ":
            return None
        other = await look(self._parts.db, lambda c: proposals.holder(c, tenant, draft.effect_key))
        if other is None or other.proposal.customer != draft.customer:
            return None
        if lapsing.has_lapsed(other, at) or other.proposal.state == "never_arrived":
            # Nothing of it is under way, and nothing happened: who asks anew starts anew.
            await commit(self._parts.db, lambda c: lapsing.let_lapse(c, tenant, other.proposal.id, at))
            return None
        if other.proposal.state == "succeeded" and can_be_undone(action):
            return other.proposal.id
        return other.outcome()

    def _draft(self, identifier: str, action: Action, customer: str) -> Proposal:
        now = self._now()
        return Proposal(
            tenant=self._asker.tenant,
            id=identifier,
            action=action.arguments()["action"],
            arguments=action.arguments(),
            effect_key=action.effect_for(customer),
            customer=customer,
            conversation=self._asker.conversation,
            flow_instance=self._asker.flow_instance,
            proposer=self._asker.proposer,
            origin=self._asker.origin(),
            state="proposed",
            created_at=now,
            expires_at=now + PROPOSAL_LIFE,
        )

    def _freeze(
        self,
        connection: sa.Connection,
        proposal: Proposal,
        decision: Decision,
        action: Action,
        declarations: tuple[Declaration, ...],
        facts: Mapping[str, Fact],
        undone: str | None,
    ) -> Outcome:
        session = self._asker.auth_session
        if undone is not None:
            proposals.let_go(connection, proposal.tenant, undone, to_micros(proposal.created_at))
        row = placed(connection, proposal, action.effect, decision, self._parts.tenants(proposal.tenant).person_life)
        if proposals.insert(connection, row, action.effect, session, declarations, facts):
            if self._asker.on_frozen is not None:
                self._asker.on_frozen(connection, row)
            return self._load(connection, proposal.id).outcome()
        own = proposals.find(connection, proposal.tenant, proposal.id)
        if own is not None:
            return own.outcome()
        other = proposals.holder(connection, proposal.tenant, proposal.effect_key)
        if other is None:
            raise Conflict("proposal_state", "the effect was held and is free again")
        if other.proposal.customer == proposal.customer:
            return other.outcome()
        # A co-owner asked first: who may have the effect (a refused proposal holds none) learns only that it is under way.
        return other.outcome().model_copy(update={"receipt": None, "decision": decision})

    async def _propose_read(self, draft: Proposal, action: Action, declarations: tuple[Declaration, ...]) -> Outcome:
        """A disclosure holds no effect, so looking for its row and gathering facts can go on at the same time."""
        session = self._asker.auth_session
        gathering = asyncio.ensure_future(self._parts.weighing.gather(draft, session, declarations))
        gathering.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also where it is not needed
        try:
            first = await self._first(draft, action)
            if isinstance(first, Outcome):
                return first
            gathered = await gathering
        finally:
            gathering.cancel()
        decision, facts = gathered.judge()
        change = {"state": target_state(None, draft, decision), "decision": decision, "created_at": gathered.now}
        proposal = draft.model_copy(update=change)

        def job(connection: sa.Connection) -> None:
            proposals.insert(connection, proposal, "READ", session, declarations, facts)

        return await self._later(proposals.fresh(proposal, "READ", session, declarations), job, {})

    async def _disclosed(self, stored: Stored) -> Outcome:
        if stored.proposal.state != "decided":
            return stored.outcome()
        at, identifier = to_micros(self._now()), stored.proposal.id

        def job(connection: sa.Connection) -> None:
            proposals.move(connection, self._load(connection, identifier), "succeeded", at, {})

        return await self._later(stored, job, {"state": "succeeded"})

    async def _later(self, stored: Stored, job: Job, change: dict[str, str | Decision]) -> Outcome:
        """Put a job of a disclosure into the turn's commit, and tell the outcome that it will have; without a turn commit it now."""
        after = replace(stored, proposal=stored.proposal.model_copy(update=change))
        if self._stage is None:
            await commit(self._parts.db, job)
        else:
            self._stage(job)
            self._staged[stored.proposal.id] = after
        return after.outcome()

    async def _mine(self, proposal: str) -> Stored:
        if proposal in self._staged:
            return self._staged[proposal]
        return await look(self._parts.db, lambda connection: self._load(connection, proposal))

    def _load(self, connection: sa.Connection, proposal: str, *, lock: bool = False) -> Stored:
        stored = proposals.load(connection, self._asker.tenant, proposal, lock=lock)
        if stored.proposal.customer != self._asker.customer:
            raise NotFound("proposal_not_found")
        return stored

    def _now(self) -> datetime:
        return self._parts.tenants(self._asker.tenant).clock.now()
