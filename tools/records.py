"""Notes for the case file, notices to the customer, fraud alerts: through the executor, keyed, without free text."""

from __future__ import annotations

from tools.executor import Executor


class SubjectRecords:
    """Implements `domain.ports.Records` for one customer. The bank renders its own templates and finds the recipient itself."""

    def __init__(self, executor: Executor, tenant: str, customer: str) -> None:
        self._executor = executor
        self._tenant = tenant
        self._customer = customer

    async def note(self, key: str, kind: str, fields: dict[str, str]) -> None:
        """A note in the CRM. Raises Unavailable or OutcomeUnknown; repeat with the same key."""
        await self._executor.send(self._tenant, self._customer, key, "/crm/notes", {"kind": kind, "fields": fields}, "note")

    async def notify(self, key: str, template: str, fields: dict[str, str]) -> None:
        """A message to the contacts on file. Raises Unavailable or OutcomeUnknown; repeat with the same key."""
        body = {"template": template, "fields": fields}
        await self._executor.send(self._tenant, self._customer, key, "/notifications", body, "notice")

    async def alert_fraud(self, key: str, transaction: str, reason: str) -> None:
        """Tell the fraud team about a payment. Raises Unavailable or OutcomeUnknown; repeat with the same key."""
        body = {"transaction": transaction, "reason": reason}
        await self._executor.send(self._tenant, self._customer, key, "/fraud/alerts", body, "fraud_alert")
