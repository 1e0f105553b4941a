"""Facts for one proposal, gathered from the core, the stored session and our own switches, and what the rules say of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from domain.actions import Action, Protective, parse_action
from domain.canonical import digest_of
from domain.clock import from_micros
from domain.decisions import Decision, Declaration, Fact
from domain.errors import NotFound, Unavailable
from domain.proposals import Proposal
from persistence.database import Database
from policy.facts import SCHEMA, bank_needs, proposal_facts
from runtime.clock_guard import ClockGuard
from runtime.sessions import AuthSession, load_session
from runtime.storage.conversations import Standing, standing_of
from runtime.storage.limits import Brakes, Held, consumed_count, held_by_others, read_brakes
from runtime.storage.proposals import put_to_a_person_at
from runtime.subjects import SubjectMinter
from runtime.tenants import PERSON_LIFE, Rules, Tenants

log = structlog.get_logger(__name__)
#: The core counts what it has done; what approvals under way have reserved is added to these facts: first those that count, then
#: those that sum up amounts. They belong to the customer, so no new conversation or channel resets them.
COUNTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "provisional_credit": (("open_provisional_credits",), ("credits_12m_minor",)),
    "refund_fee": (("goodwill_refunds_12m",), ("refunds_90d_minor",)),
    "transfer": ((), ("transfers_24h_minor", "rail_24h_minor", "payee_24h_minor")),
    "raise_chargeback": (("chargebacks_30d", "chargebacks_pair_30d"), ()),
    "unlock_login": (("unlocks_7d",), ()),
    "send_reset_link": (("reset_links_24h",), ()),
}
#: States of a proposal that a person may have been asked about.
_AFTER_A_PERSON = frozenset({"awaiting_human", "decided", "never_arrived"})
#: Arguments that name something of the core: what its facts are asked about.
NAMED = (
    "account", "transaction", "original", "dispute", "card", "block", "lock", "contact", "fee", "limit_kind", "payee", "transfer_rail",
    "mandate", "category", "reference",
)  # fmt: skip
#: Where somebody without a session asks.
_CHANNEL = {"staff": "staff", "sop": "system", "job": "system", "assistant": "web"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts about one proposal at one time.

    Attributes:
        consumed: tells whether the counters among the facts are still the latest.
        assertion: the bank's signed word for a one-time code that was given for exactly this proposal, if there was one.
    """

    action: Action
    facts: Mapping[str, Fact]
    now: datetime
    consumed: int
    held: Held
    rules: Rules
    assertion: str | None = None
    person_life: timedelta = PERSON_LIFE

    @property
    def name(self) -> str:
        return str(self.action.arguments()["action"])

    def judge(self, held: Held | None = None) -> tuple[Decision, dict[str, Fact]]:
        """The verdict, and the facts it was given: with what others have reserved by now, where that is known better."""
        facts = self._counted(self.held if held is None else held)
        return self.rules(self.action, facts, self.now), facts

    def _counted(self, held: Held) -> dict[str, Fact]:
        facts = dict(self.facts)
        counts, sums = COUNTED.get(self.name, ((), ()))
        extras = dict.fromkeys(counts, held.count) | dict.fromkeys(sums, held.amount_minor)
        for name, extra in extras.items():
            if name in facts and extra:
                done = facts[name]
                facts[name] = done.model_copy(update={"value": int(done.value) + extra, "source": f"{done.source}+reserved"})
        return facts


@dataclass(frozen=True, slots=True)
class _Ours:
    session: AuthSession | None
    brakes: Brakes
    consumed: int
    held: Held
    standing: Standing
    put_to_a_person: datetime | None


class Weighing:
    """Gathers facts itself, whoever asks: nothing in a proposal but its frozen arguments becomes a fact."""

    def __init__(self, db: Database, tenants: Tenants, subjects: SubjectMinter, clock_guard: ClockGuard) -> None:
        self._db = db
        self._tenants = tenants
        self._subjects = subjects
        self._clock_guard = clock_guard

    async def gather(self, proposal: Proposal, auth_session: str | None, declarations: tuple[Declaration, ...] = ()) -> Gathered:
        """All facts that the rules for this action may name.

        Raises Unavailable `bank_unavailable` when the core does not answer; for a protective action its facts are then
        missing instead, since those are never refused for want of facts.
        """
        parts = self._tenants(proposal.tenant)
        action = parse_action(proposal.arguments)
        ours_now = self._db.read(lambda connection: self._read(connection, proposal, auth_session))
        if proposal.action in COUNTED:
            # Our own part first: a reservation that is consumed after it shows as a change when the approval is minted.
            ours = await ours_now
            stated = await self._from_bank(proposal)
        else:
            ours, stated = await asyncio.gather(ours_now, self._from_bank(proposal))
        now = parts.clock.now()
        facts = proposal_facts(action, now) | _declared(declarations) | stated | self._runtime_facts(proposal, ours, now)
        assertion = _assertion(proposal, ours.session)
        return Gathered(action, facts, now, ours.consumed, ours.held, parts.rules, assertion, parts.person_life)

    def _read(self, connection: sa.Connection, proposal: Proposal, auth_session: str | None) -> _Ours:
        tenant, customer, action = proposal.tenant, proposal.customer, proposal.action
        session = None if auth_session is None else load_session(connection, tenant, auth_session)
        if session is not None and session.customer != customer:
            session = None  # somebody else's session lends no level
        waited = put_to_a_person_at(connection, tenant, proposal.id) if proposal.state in _AFTER_A_PERSON else None
        return _Ours(
            session,
            read_brakes(connection, tenant, action),
            consumed_count(connection, tenant, customer),
            held_by_others(connection, tenant, customer, action, proposal.id),
            standing_of(connection, tenant, proposal.conversation),
            None if waited is None else from_micros(waited),
        )

    def _runtime_facts(self, proposal: Proposal, ours: _Ours, now: datetime) -> dict[str, Fact]:
        """What a customer had proven when the gate sent their wish to a person still counts when that person decides, days later."""
        session, proven_at = ours.session, ours.put_to_a_person or now
        level = 0 if session is None else max(session.level(proven_at, bound=each) for each in _bindings(proposal))
        values: dict[str, int | str | bool] = {
            "auth_level": level,
            "channel": _CHANNEL[proposal.proposer] if session is None else session.channel,
            "duty_mode": ours.brakes.duty_mode,
            "kill_switch": ours.brakes.kill_switch,
            "clock_ok": self._clock_guard.believable(proposal.tenant, now),
            "proposer": proposal.proposer,
            "origin": proposal.origin,
            "human_requested": ours.standing.with_a_person and proposal.proposer == "assistant",
            "coercion_signs": ours.standing.distress,
        }
        declared = ("human_requested", "coercion_signs")
        return {
            name: Fact(name=name, value=value, source="runtime", at=now, declared=name in declared)
            for name, value in values.items()
        }

    async def _from_bank(self, proposal: Proposal) -> dict[str, Fact]:
        parts = self._tenants(proposal.tenant)
        needed = frozenset(bank_needs(proposal.action, parts.jurisdiction()))
        if not needed:
            return {}
        token = self._subjects.token(proposal.tenant, proposal.customer, "authority", conversation=proposal.conversation)
        try:
            answer = await parts.bank.read("/facts", subject=token, params=_query(proposal))
        except NotFound:
            return {}  # nothing about this customer: what the rules need is missing, and they say what then
        except Unavailable:
            if proposal.action in Protective:
                return {}
            raise
        return _stated(answer, needed)


def _query(proposal: Proposal) -> dict[str, Any]:
    query = {name: proposal.arguments[name] for name in NAMED if proposal.arguments.get(name) is not None}
    if accounts := proposal.arguments.get("accounts"):
        query["account"] = ",".join(accounts)
    return {"action": proposal.action} | query


def _stated(answer: Any, needed: frozenset[str]) -> dict[str, Fact]:
    """The core's facts in our form. One that cannot be read counts as missing; names it has no say in are left out."""
    facts: dict[str, Fact] = {}
    stated = answer.get("facts") if isinstance(answer, dict) else None
    for name, given in (stated if isinstance(stated, dict) else {}).items():
        if name not in needed:
            continue
        try:
            facts[name] = Fact.model_validate({"name": name, "declared": name == "dispute_type"} | given)
        except (TypeError, ValueError):
            log.warning("fact_unreadable", name=name)
    return facts


def _bindings(proposal: Proposal) -> tuple[str, str]:
    """What a one-time code for this proposal may be bound to: its arguments, or the digest that the customer is shown."""
    return digest_of(proposal.arguments), proposal.digest()


def _assertion(proposal: Proposal, session: AuthSession | None) -> str | None:
    factors = () if session is None else session.factors
    return next((each.assertion for each in factors if each.assertion and each.bound in _bindings(proposal)), None)


def _declared(declarations: tuple[Declaration, ...]) -> dict[str, Fact]:
    """Answers to fixed questions. An answer never stands in for a fact that a core system has to state."""
    return {
        each.question: Fact(
            name=each.question, value=each.option, source=f"declared:{each.auth_session}", at=each.at, declared=True
        )
        for each in declarations
        if each.question not in SCHEMA or SCHEMA[each.question].declared
    }
