"""What waits for a person, and their word on it. A person can turn `human` into approve, within their role; a deny never.

shown, on fresh facts ─ digest ─ sign-off: role, limit, not one's own, fresh second factor, gate asked again
                                     ├ refuse ── cancelled
                                     ├ the gate says deny ── refused, for everybody
                                     ├ four eyes, the first of two ── waits on
                                     └ complete ── decided ── the ordinary executor, which asks the gate once more
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from domain.clock import to_micros
from domain.decisions import Decision, Fact
from domain.errors import Conflict, Forbidden, NotFound, OutcomeUnknown, TellergateError, Unavailable
from domain.proposals import Outcome, Proposal
from domain.staff import Person, RoleLimits
from runtime.gate import GateParts
from runtime.staff.identity import StaffIdentity
from runtime.staff.sheets import reason_digest, sheet, shown_digest
from runtime.storage import gate_tables as g
from runtime.storage import lapsing, proposals, sign_offs
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look
from runtime.storage.proposals import FACTS, Stored, as_stored, decision_row
from runtime.storage.sealing import unseal
from runtime.storage.sign_offs import SignOff, role_of
from runtime.storage.staff import had_a_part
from runtime.verdicts import consent_when_put_to_a_person, needs_consent
from runtime.weighing import Gathered

log = structlog.get_logger(__name__)
#: Proposals told in one list; the oldest first.
LISTED = 100
#: An amount that nobody may release: money moves, and how much is not known.
NO_LIMIT = 2**63


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says about a proposal: `value` approve or refuse, `digest` of what they were shown."""

    value: str
    digest: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Refused:
    """Committed instead of a sign-off: why there is none."""

    code: str
    detail: str = ""


class ApprovalDesk:
    """Lists, shows and signs proposals of one tenant. Every step is an audit entry in the commit of what it changes."""

    def __init__(
        self, parts: GateParts, tenant: str, identity: StaffIdentity, limits: RoleLimits, home_currency: Callable[[], str]
    ) -> None:
        """`home_currency`: of amounts that name none."""
        self._parts, self._tenant, self._identity, self._limits = parts, tenant, identity, limits
        self._home_currency = home_currency

    async def waiting(self, person: Person) -> list[dict[str, Any]]:
        """Proposals that wait for one of the person's roles, as decided last; all of them for who may read all."""
        at = to_micros(self._now())

        def job(connection: sa.Connection) -> list[dict[str, Any]]:
            p = g.proposal.c
            query = sa.select(g.proposal).where(
                p.tenant == self._tenant, p.state == "awaiting_human", p.effect_class != "READ", p.expires_at > at
            )
            rows = [as_stored(connection, row).proposal for row in connection.execute(query.order_by(p.created_at, p.id))]
            mine = [row for row in rows if self._may_see(connection, person, row)]
            return [sheet(row, row.decision, sign_offs.signed(connection, row)) for row in mine[:LISTED]]

        return await look(self._parts.db, job)

    async def show(self, person: Person, proposal: str) -> dict[str, Any]:
        """One proposal on fresh facts, with what differs from the last decision, and the digest that a sign-off has to name.

        Raises NotFound `proposal_not_found`, Unavailable.
        """
        stored = await self._visible(person, proposal)
        if stored.proposal.state != "awaiting_human":
            return await look(self._parts.db, lambda c: self._told(c, stored))
        gathered = await self._gather(stored)
        decision, facts = gathered.judge()

        def job(connection: sa.Connection) -> dict[str, Any]:
            row = stored.proposal
            told = sheet(
                row, decision, sign_offs.signed(connection, row), facts=facts, before=self._last_facts(connection, proposal)
            )
            refused = self._objection(connection, person, stored, decision, facts)
            return told | {
                "digest": shown_digest(row, decision),
                "may_sign": refused is None,
                "why_not": refused and refused.code,
            }

        return await look(self._parts.db, job)

    async def sign_off(self, person: Person, proposal: str, word: Word) -> dict[str, Any]:
        """Sign or refuse. The same word again is told as it stands, and runs what was left unrun.

        Raises Forbidden `second_factor_stale`, `sign_off_role`, `sign_off_own`, `sign_off_limit`; Conflict `proposal_state`,
        `proposal_expired`, `sign_off_repeated`, `sign_off_digest`, `sign_off_denied`, `sign_off_step_up`, `consent_missing`;
        NotFound, Unavailable. After any of them nothing was signed.
        """
        self._identity.require_fresh(person)
        stored = await self._visible(person, proposal)
        if not await look(self._parts.db, lambda c: self._said_before(c, stored.proposal, person, word.value)):
            gathered = await self._gather(stored) if stored.proposal.state == "awaiting_human" else None
            refused = await commit(self._parts.db, lambda c: self._sign(c, person, proposal, word, gathered))
            if refused is not None:
                raise (Forbidden if refused.code in _FORBIDDEN else Conflict)(refused.code, refused.detail)
        await self.run(proposal)
        return await look(self._parts.db, lambda c: self._told(c, proposals.load(c, self._tenant, proposal)))

    async def run(self, proposal: str) -> Outcome | None:
        """Run what persons have released, through the ordinary executor: once, whoever else does the same."""
        stored = await look(self._parts.db, lambda c: proposals.load(c, self._tenant, proposal))
        if stored.proposal.state not in ("decided", "never_arrived"):
            return None
        try:
            return await self._parts.executor.execute(self._tenant, proposal)
        except (Unavailable, OutcomeUnknown) as error:
            log.warning("released_not_run", proposal=proposal, code=error.code)  # the tick tries again, or asks the core
            return None

    async def run_released(self) -> None:
        """A chore: run what was released by persons and left unrun by a process that died."""
        at = to_micros(self._now())
        for proposal in await look(self._parts.db, lambda c: sign_offs.runnable(c, self._tenant, at)):
            try:
                await self.run(proposal)
            except TellergateError as error:
                log.warning("released_not_run", proposal=proposal, code=error.code)

    def _sign(
        self, connection: sa.Connection, person: Person, proposal: str, word: Word, gathered: Gathered | None
    ) -> _Refused | None:
        stored = proposals.load(connection, self._tenant, proposal, lock=True)
        row, at = stored.proposal, to_micros(self._now())
        if row.state != "awaiting_human" or gathered is None:
            return _Refused("proposal_state", f"{row.state} waits for no person")
        if at >= to_micros(row.expires_at):
            lapsing.let_lapse(connection, self._tenant, proposal, at)
            return _Refused("proposal_expired")
        decision, facts = gathered.judge()
        refused = self._refusal(connection, person, stored, word, decision, facts)
        if refused is not None:
            body = {"by": person.name, "code": refused.code, "value": word.value}
            append_audit(connection, self._tenant, "proposal.sign_off_refused", body, at, proposal)
            if refused.code == "sign_off_denied":
                proposals.redecide(connection, stored, "refused", decision, facts, at)
            return refused
        role, proven = self._role(connection, row, decision) or "", to_micros(person.second_factor_at)
        given = SignOff(person.name, role, word.value, row.digest(), word.digest, word.reason, proven, at)
        sign_offs.record(connection, row, given, reason_digest(word.reason))
        if word.value == "refuse":
            body = {"failure": "sign_off_refused", "by": person.name}
            proposals.move(connection, stored, "cancelled", at, body, failure="sign_off_refused")
            return None
        signers = sign_offs.covering(connection, row, decision)
        target = "decided" if signers or decision.verdict == "approve" else "awaiting_human"
        proposals.redecide(connection, stored, target, decision, facts, at, body={"signed_by": signers})
        return None

    def _refusal(
        self, connection: sa.Connection, person: Person, stored: Stored, word: Word, decision: Decision, facts: dict[str, Fact]
    ) -> _Refused | None:
        """Why this word does not count; a refusal of a proposal needs less than an approval of it."""
        if decision.verdict == "deny":
            return _Refused("sign_off_denied", "the rules now refuse it, and nobody can overturn that")
        if word.digest != shown_digest(stored.proposal, decision):
            return _Refused("sign_off_digest", "what was shown is not what holds now; look again")
        refused = self._objection(connection, person, stored, decision, facts)
        milder = {"sign_off_limit", "consent_missing", "sign_off_step_up"}
        return None if refused and word.value == "refuse" and refused.code in milder else refused

    def _objection(
        self, connection: sa.Connection, person: Person, stored: Stored, decision: Decision, facts: dict[str, Fact]
    ) -> _Refused | None:
        """Why this person may not approve it as the gate sees it now, or None."""
        row = stored.proposal
        if decision.verdict == "deny":
            return _Refused("sign_off_denied")
        role = self._role(connection, row, decision)
        if role is None or not person.may("approvals.sign") or role not in person.roles:
            return _Refused("sign_off_role", f"{role} decides this")
        if had_a_part(connection, self._tenant, person.name, row.id, row.conversation):
            return _Refused("sign_off_own", "somebody else has to sign what one has proposed, edited or talked about")
        if decision.verdict == "step_up":
            return _Refused("sign_off_step_up", "the customer has to prove more first; no signature stands in for that")
        if any((each.staff, each.role) == (person.name, role) for each in sign_offs.signed(connection, row)):
            return _Refused("sign_off_repeated", "already signed; somebody else has to")
        if not self._within_limit(person, stored, role, facts):
            return _Refused("sign_off_limit", "the amount is above the limit of this role")
        if needs_consent(row) and consent_when_put_to_a_person(connection, row) is None:
            return _Refused("consent_missing", "the customer has not said yes to it")
        return None

    def _role(self, connection: sa.Connection, row: Proposal, decision: Decision) -> str | None:
        """Who decides: as the gate says now, or, where it now asks for nobody, whom it asked last."""
        return role_of(decision) if decision.verdict == "human" else sign_offs.deciding_role(connection, row)

    def _within_limit(self, person: Person, stored: Stored, role: str, facts: dict[str, Fact]) -> bool:
        """Money that moves, or would be allowed to move, is measured; what names no amount moves none."""
        arguments = stored.proposal.arguments
        named = [arguments[name] for name in ("amount_minor", "limit_new_minor") if arguments.get(name) is not None]
        if not named and stored.effect_class == "MONEY":
            named = [facts["txn_amount_minor"].value] if "txn_amount_minor" in facts else [NO_LIMIT]
        currency = arguments.get("currency") or (
            facts["txn_currency"].value if "txn_currency" in facts else self._home_currency()
        )
        return max(map(int, named), default=0) <= self._limits.of(person.roles, role, str(currency)) if named else True

    def _said_before(self, connection: sa.Connection, row: Proposal, person: Person, value: str) -> bool:
        given = [each for each in sign_offs.signed(connection, row) if each.staff == person.name]
        return bool(given) and row.state != "awaiting_human" and given[-1].value == value

    def _last_facts(self, connection: sa.Connection, proposal: str) -> dict[str, Any]:
        d = g.decision.c
        query = sa.select(d.n, d.facts).where(d.tenant == self._tenant, d.proposal == proposal).order_by(d.n.desc()).limit(1)
        row = connection.execute(query).one_or_none()
        stated = None if row is None else unseal(connection, self._tenant, FACTS, decision_row(proposal, row.n), row.facts)
        return {fact["name"]: fact["value"] for fact in stated or []}

    def _told(self, connection: sa.Connection, stored: Stored) -> dict[str, Any]:
        row = stored.proposal
        return sheet(row, row.decision, sign_offs.signed(connection, row)) | {"failure": stored.failure, "receipt": row.receipt}

    async def _visible(self, person: Person, proposal: str) -> Stored:
        def job(connection: sa.Connection) -> Stored:
            stored = proposals.load(connection, self._tenant, proposal)
            if stored.effect_class == "READ" or not self._may_see(connection, person, stored.proposal):
                raise NotFound("proposal_not_found")
            return stored

        return await look(self._parts.db, job)

    def _may_see(self, connection: sa.Connection, person: Person, row: Proposal) -> bool:
        role = sign_offs.deciding_role(connection, row)
        return role is not None and (person.may("approvals.read_all") or role in person.roles)

    async def _gather(self, stored: Stored) -> Gathered:
        return await self._parts.weighing.gather(stored.proposal, stored.auth_session, stored.declarations)

    def _now(self) -> Any:
        return self._parts.tenants(self._tenant).clock.now()


_FORBIDDEN = frozenset({"sign_off_role", "sign_off_own", "sign_off_limit"})
