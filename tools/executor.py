"""The only caller of anything that writes. Money and accounts need a frozen proposal and an approval; notes and notices a key.

executing, on record ─ mint ─ send once, keyed ─ compare the receipt ─ succeeded
                                    │                    └ differs ── frozen, alarm
                                    ├ refused ── failed
                                    └ silence ── unknown (reconciled by key, never sent again blindly)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from domain.errors import BadInput, Broken, Conflict, Forbidden, NotFound, OutcomeUnknown, TooFast, Unauthenticated, Unavailable
from domain.ports import Approval, Authority
from domain.proposals import Outcome, Proposal
from tools.bank_client import BankClient, Reply
from tools.receipts import OPERATIONS, differences

#: A write may be on its way only from these.
RUNNABLE = frozenset({"decided", "never_arrived"})
_REFUSED = (BadInput, Unauthenticated, Forbidden, NotFound, Conflict, TooFast)


class Records(Protocol):
    """What the executor needs on record; `runtime` keeps it, each call one durable commit with its audit entry."""

    async def load(self, tenant: str, proposal: str) -> Proposal:
        """Raises NotFound `proposal_not_found`."""
        ...

    async def outcome(self, tenant: str, proposal: str) -> Outcome: ...

    async def approvals(self, tenant: str, proposal: str) -> frozenset[str]:
        """Ids of all approvals minted for this proposal."""
        ...

    async def succeeded(self, tenant: str, proposal: str, receipt: dict[str, Any]) -> Outcome: ...

    async def failed(self, tenant: str, proposal: str, code: str) -> Outcome: ...

    async def unknown(self, tenant: str, proposal: str) -> Outcome: ...

    async def frozen(
        self, tenant: str, proposal: str, code: str, receipt: dict[str, Any] | None, fields: tuple[str, ...]
    ) -> Outcome:
        """Freeze the case and raise an alarm."""
        ...

    async def effect(self, tenant: str, kind: str, body: dict[str, Any]) -> None:
        """An audit entry for a note or notice, before it is sent."""
        ...


class Executor:
    """Runs approved proposals, and sends notes and notices. `bank` and `subject` give a tenant's core and a token for a customer."""

    def __init__(
        self,
        *,
        authority: Authority,
        records: Records,
        bank: Callable[[str], BankClient],
        subject: Callable[[str, str, str], str],
    ) -> None:
        self._authority = authority
        self._records = records
        self._bank = bank
        self._subject = subject

    async def execute(self, tenant: str, proposal: str) -> Outcome:
        """Run a frozen proposal once. What cannot run now (not approved any more, running already, done) is told as it stands.

        Raises NotFound `proposal_not_found`; Unavailable when facts or records are out of reach: then nothing was sent;
        OutcomeUnknown when it was sent and the records are out of reach.
        """
        row = await self._records.load(tenant, proposal)
        if row.state not in RUNNABLE:
            return await self._records.outcome(tenant, proposal)
        if row.action not in OPERATIONS:
            raise Broken("action_not_executable", f"{row.action} has no operation at the core")
        try:
            # One commit: decided afresh, limits reserved, approval and audit entry written, state executing. Only then it is sent.
            approval = await self._authority.mint(tenant, proposal)
        except Conflict:
            return await self._records.outcome(tenant, proposal)
        try:
            return await self._run(tenant, row, approval)
        except Unavailable as error:
            # It was sent and what came of it cannot be put on record: recovery asks the core.
            raise OutcomeUnknown("outcome_unknown", error.code) from error

    async def _run(self, tenant: str, row: Proposal, approval: Approval) -> Outcome:
        try:
            reply = await self._send(tenant, row, approval)
        except OutcomeUnknown:
            return await self._records.unknown(tenant, row.id)
        except Unavailable as error:
            return await self._records.failed(tenant, row.id, error.code)
        except _REFUSED as error:
            if error.code == "idempotency_conflict":
                # The core did something else under this very key.
                return await self._records.frozen(tenant, row.id, error.code, None, ())
            return await self._records.failed(tenant, row.id, error.code)
        return await self.settle(tenant, row, reply.body)

    async def settle(self, tenant: str, proposal: Proposal, receipt: dict[str, Any]) -> Outcome:
        """Compare a receipt with what was approved: succeeded, or frozen with an alarm."""
        fields = differences(proposal, receipt, await self._records.approvals(tenant, proposal.id))
        if fields:
            return await self._records.frozen(tenant, proposal.id, "receipt_differs", receipt, fields)
        return await self._records.succeeded(tenant, proposal.id, receipt)

    async def _send(self, tenant: str, row: Proposal, approval: Approval) -> Reply:
        """The one call. What is sent are the arguments that the approval was minted for."""
        path = OPERATIONS[row.action].path(approval.arguments)
        subject = self._subject(tenant, row.customer, "execute")
        return await self._bank(tenant).write(
            path, approval.arguments, key=approval.proposal, subject=subject, approval=approval.token
        )

    async def send(self, tenant: str, customer: str, key: str, path: str, body: dict[str, Any], kind: str) -> None:
        """A note or notice: keyed, on the audit trail before it goes, no approval. Repeating the key repeats nothing.

        Raises Unavailable or OutcomeUnknown; both are safe to repeat with the same key.
        """
        named = {name: body[name] for name in ("kind", "template", "reason", "transaction") if name in body}
        await self._records.effect(tenant, kind, {"key": key, "path": path} | named)
        await self._bank(tenant).write(path, body, key=key, subject=self._subject(tenant, customer, kind))
