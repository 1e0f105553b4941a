"""Proposals and what belongs to them, as plain jobs of a connection. States change here only, by compare-and-set, with their audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.clock import from_micros, to_micros
from domain.decisions import Decision, Declaration, Fact
from domain.errors import Conflict, NotFound
from domain.proposals import Outcome, Proposal, require_transition
from policy.gate import is_broken
from runtime.storage import gate_tables as t
from runtime.storage.audit import append_audit
from runtime.storage.sealing import record_key, record_key_of, seal, unseal
from runtime.storage.vault import DataKey


@dataclass(frozen=True, slots=True)
class Stored:
    """A proposal as it is stored: the shared part, and what only gate and reconciliation need. Times are UTC microseconds."""

    proposal: Proposal
    effect_class: str
    auth_session: str | None
    declarations: tuple[Declaration, ...]
    failure: str | None
    approval_expires_at: int | None
    sent_at: int | None
    heard_at: int | None
    next_ask_at: int | None
    asks: int

    def outcome(self) -> Outcome:
        """What a caller of the gate learns."""
        p = self.proposal
        return Outcome(
            proposal=p.id, state=p.state, decision=p.decision, digest=p.digest(), receipt=p.receipt, failure=self.failure
        )


#: Places of sealed values of a decision.
BODY, FACTS = "decision.body", "decision.facts"
#: Columns whose values are sealed with the customer's record key.
SEALED = ("arguments", "declarations", "decision", "receipt")


def as_stored(connection: sa.Connection, row: sa.Row[Any]) -> Stored:
    """A full row of the table as values. Erased ones read as empty: such a proposal can neither run nor be matched any more."""
    values = dict(row._mapping)
    for name in SEALED:
        values[name] = unseal(connection, row.tenant, f"proposal.{name}", row.id, values[name])
    proposal = Proposal(
        tenant=values["tenant"],
        id=values["id"],
        action=values["action"],
        arguments=values["arguments"] or {},
        effect_key=values["effect_key"],
        customer=values["customer"],
        conversation=values["conversation"],
        flow_instance=values["flow_instance"],
        proposer=values["proposer"],
        origin=values["origin"],
        state=values["state"],
        created_at=from_micros(values["created_at"]),
        expires_at=from_micros(values["expires_at"]),
        decision=None if values["decision"] is None else Decision.model_validate(values["decision"]),
        receipt=values["receipt"],
    )
    return Stored(
        proposal,
        values["effect_class"],
        values["auth_session"],
        tuple(Declaration.model_validate(each) for each in values["declarations"] or ()),
        values["failure"],
        values["approval_expires_at"],
        values["sent_at"],
        values["heard_at"],
        values["next_ask_at"],
        values["asks"],
    )


def fresh(proposal: Proposal, effect_class: str, auth_session: str | None, declarations: tuple[Declaration, ...]) -> Stored:
    """A proposal as it will be stored, before it is."""
    return Stored(proposal, effect_class, auth_session, declarations, None, None, None, None, None, 0)


def find(connection: sa.Connection, tenant: str, proposal: str, *, lock: bool = False) -> Stored | None:
    """The row with this id, or None. `lock` holds it until the transaction ends (PostgreSQL; SQLite has one writer)."""
    p = t.proposal.c
    query = sa.select(t.proposal).where(p.tenant == tenant, p.id == proposal)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else as_stored(connection, row)


def load(connection: sa.Connection, tenant: str, proposal: str, *, lock: bool = False) -> Stored:
    """The row with this id. Raises NotFound `proposal_not_found`."""
    stored = find(connection, tenant, proposal, lock=lock)
    if stored is None:
        raise NotFound("proposal_not_found")
    return stored


def holder(connection: sa.Connection, tenant: str, effect_key: str) -> Stored | None:
    """The open or succeeded proposal that holds this effect, or None."""
    p = t.proposal.c
    query = sa.select(t.proposal).where(
        p.tenant == tenant,
        p.effect_key == effect_key,
        p.effect_class != "READ",
        p.undone_at.is_(None),
        p.state.in_(t.HOLDING),
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else as_stored(connection, row)


def let_go(connection: sa.Connection, tenant: str, proposal: str, at: int) -> None:
    """A succeeded proposal whose effect was undone at the core holds it no longer; it stays as it was otherwise."""
    p = t.proposal.c
    done = connection.execute(
        t.proposal.update()
        .where(p.tenant == tenant, p.id == proposal, p.state == "succeeded", p.undone_at.is_(None))
        .values(undone_at=at)
    )
    if done.rowcount == 1:
        append_audit(connection, tenant, "proposal.undone", {}, at, proposal)


def insert(
    connection: sa.Connection,
    proposal: Proposal,
    effect_class: str,
    auth_session: str | None,
    declarations: tuple[Declaration, ...],
    facts: Mapping[str, Fact],
) -> bool:
    """Freeze a proposal together with its first decision and audit entry; its state is the one the decision gives.

    Returns False, and writes nothing, when the same id is there or another proposal holds the effect.
    """
    require_transition("proposed", proposal.state)
    if proposal.decision is None:
        raise ValueError("a proposal is stored with its first decision")
    at = to_micros(proposal.created_at)
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    # Doing nothing on conflict covers both keys: the id, and the effect among proposals that hold it.
    done = connection.execute(
        dialect.insert(t.proposal)
        .values(
            tenant=proposal.tenant,
            id=proposal.id,
            action=proposal.action,
            effect_class=effect_class,
            **_sealed(
                record_key(connection, proposal.tenant, proposal.customer),
                proposal,
                arguments=proposal.arguments,
                declarations=[each.model_dump(mode="json") for each in declarations],
                decision=proposal.decision.model_dump(mode="json"),
            ),
            effect_key=proposal.effect_key,
            customer=proposal.customer,
            conversation=proposal.conversation,
            flow_instance=proposal.flow_instance,
            auth_session=auth_session,
            proposer=proposal.proposer,
            origin=proposal.origin,
            state=proposal.state,
            created_at=at,
            expires_at=to_micros(proposal.expires_at),
            asks=0,
        )
        .on_conflict_do_nothing()
        .returning(t.proposal.c.id)
    )
    if done.first() is None:
        return False
    body = {
        "from": "proposed",
        "action": proposal.action,
        "effect": proposal.effect_key,
        "digest": proposal.digest(),
        "proposer": proposal.proposer,
        "origin": proposal.origin,
    }
    record_decision(connection, proposal.tenant, proposal.id, proposal.decision, facts, at, n=1)
    body |= decision_body(proposal.decision)
    append_audit(connection, proposal.tenant, f"proposal.{proposal.state}", body, at, proposal.id)
    return True


def _sealed(key: DataKey, proposal: Proposal, **values: Any) -> dict[str, Any]:
    """Column values, those with content sealed for this proposal's row; None stays none."""
    return {
        name: seal(key, proposal.tenant, f"proposal.{name}", proposal.id, value)
        if name in SEALED and value is not None
        else value
        for name, value in values.items()
    }


def decision_body(decision: Decision) -> dict[str, Any]:
    """What the audit trail keeps of a decision."""
    return {
        "verdict": decision.verdict,
        "rules": list(decision.rules),
        "facts": decision.facts_digest,
        "pack": decision.pack,
        "pack_digest": decision.pack_digest,
    }


def decision_row(proposal: str, n: int) -> str:
    """How sealed values name a decision."""
    return f"{proposal}:{n}"


def record_decision(
    connection: sa.Connection,
    tenant: str,
    proposal: str,
    decision: Decision,
    facts: Mapping[str, Fact],
    at: int,
    n: int | None = None,
) -> None:
    """Keep the `n`-th decision (by default the next) with its facts; raise an alarm when a rule could not be evaluated."""
    d = t.decision.c
    if n is None:
        highest = sa.select(sa.func.coalesce(sa.func.max(d.n), 0)).where(d.tenant == tenant, d.proposal == proposal)
        n = int(connection.execute(highest).scalar_one()) + 1
    key, row = record_key_of(connection, tenant, proposal), decision_row(proposal, n)
    stated = [fact.model_dump(mode="json") for _, fact in sorted(facts.items())]
    connection.execute(
        t.decision.insert().values(
            tenant=tenant,
            proposal=proposal,
            n=n,
            at=at,
            verdict=decision.verdict,
            body=seal(key, tenant, BODY, row, decision.model_dump(mode="json")),
            facts=seal(key, tenant, FACTS, row, stated),
        )
    )
    if is_broken(decision):
        append_audit(connection, tenant, "alarm.rule_broken", {"rules": list(decision.rules)}, at, proposal)


def redecide(
    connection: sa.Connection,
    stored: Stored,
    target: str,
    decision: Decision,
    facts: Mapping[str, Fact],
    at: int,
    *,
    person_until: datetime | None = None,
    body: Mapping[str, Any] | None = None,
) -> None:
    """Store a later decision and move the proposal where it leads; staying in the same state is allowed.

    `person_until`: how long it may then wait for a person, where that is where it leads. `body` adds to the audit entry.
    """
    p = stored.proposal
    record_decision(connection, p.tenant, p.id, decision, facts, at)
    dump = decision.model_dump(mode="json")
    if target == p.state:
        c = t.proposal.c
        done = connection.execute(
            t.proposal.update()
            .where(c.tenant == p.tenant, c.id == p.id, c.state == p.state)
            .values(**_sealed(record_key(connection, p.tenant, p.customer), p, decision=dump))
        )
        if done.rowcount != 1:
            raise Conflict("proposal_state", "changed by somebody else meanwhile")
        append_audit(connection, p.tenant, "proposal.decided_again", decision_body(decision), at, p.id)
        return
    values = {"expires_at": to_micros(person_until)} if target == "awaiting_human" and person_until is not None else {}
    move(connection, stored, target, at, decision_body(decision) | dict(body or {}), decision=dump, **values)


def go_on_in(connection: sa.Connection, stored: Stored, session: str | None) -> None:
    """The customer goes on in another session, after a lost connection for example: its proofs count from here on, and only its."""
    p, c = stored.proposal, t.proposal.c
    connection.execute(t.proposal.update().where(c.tenant == p.tenant, c.id == p.id).values(auth_session=session))


def move(connection: sa.Connection, stored: Stored, target: str, at: int, body: dict[str, Any], **values: Any) -> None:
    """Bring a proposal from the state it was read in to `target`, with its audit entry, or not at all.

    Raises Conflict `proposal_state` when the step is not legal or somebody else made one meanwhile.
    """
    p, c = stored.proposal, t.proposal.c
    require_transition(p.state, target)
    done = connection.execute(
        t.proposal.update()
        .where(c.tenant == p.tenant, c.id == p.id, c.state == p.state)
        .values(state=target, **_sealed(record_key(connection, p.tenant, p.customer), p, **values))
    )
    if done.rowcount != 1:
        raise Conflict("proposal_state", "changed by somebody else meanwhile")
    append_audit(connection, p.tenant, f"proposal.{target}", {"from": p.state} | body, at, p.id)


def put_to_a_person_at(connection: sa.Connection, tenant: str, proposal: str) -> int | None:
    """When the gate first said that a person decides: what the customer had proven and agreed to by then is what counts."""
    d = t.decision.c
    query = sa.select(sa.func.min(d.at)).where(d.tenant == tenant, d.proposal == proposal, d.verdict == "human")
    return connection.execute(query).scalar_one_or_none()
