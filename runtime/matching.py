"""Nightly matching: what we say was executed against what the core says approvals were used for, both ways.

The last line of defence: whatever went wrong between the two systems, or was done to either, shows the next morning at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
import structlog

from domain.clock import to_micros
from domain.errors import Unavailable
from persistence.database import Database
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit
from runtime.storage.matching import Executed, due_since, executed_since, matched_until
from runtime.tenants import Tenants

log = structlog.get_logger(__name__)
#: An execution younger than this may still be on its way to one of the two records.
SETTLING = timedelta(minutes=30)
#: How often the two are held against each other.
PERIOD = timedelta(hours=24)
Kind = Literal[
    "unknown_execution",  # the core used an approval for a proposal that we do not have, or that did not get that far here
    "unknown_approval",  # the core used an approval that we never minted for that proposal
    "repeated",  # the core used more than one approval for one proposal
    "missing_at_core",  # we say it succeeded, the core knows of no use of its approval
    "differs",  # both have it, with another amount, account, currency or action
]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing on which the two records do not agree."""

    kind: Kind
    proposal: str
    fields: tuple[str, ...] = ()


def compare(ours: Mapping[str, Executed], used: Iterable[Mapping[str, Any]]) -> list[Mismatch]:
    """Every disagreement, by proposal. `used` is what the core tells of the same stretch of time."""
    found: list[Mismatch] = []
    seen: dict[str, int] = {}
    for use in used:
        name = str(use["proposal"])
        seen[name] = seen.get(name, 0) + 1
        mine = ours.get(name)
        if mine is None or mine.state not in ("succeeded", "executing", "unknown", "frozen"):
            found.append(Mismatch("unknown_execution", name))
        elif use["approval"] not in mine.approvals:
            found.append(Mismatch("unknown_approval", name))
        elif fields := _differences(mine, use):
            found.append(Mismatch("differs", name, fields))
    found += [Mismatch("repeated", name) for name, times in seen.items() if times > 1]
    found += [Mismatch("missing_at_core", name) for name, mine in ours.items() if mine.state == "succeeded" and name not in seen]
    return sorted(found, key=lambda each: (each.proposal, each.kind))


def _differences(mine: Executed, use: Mapping[str, Any]) -> tuple[str, ...]:
    fields = [] if use["action"] in (None, mine.action) else ["action"]
    for name in ("account", "amount_minor", "currency"):
        if use[name] is not None and name in mine.arguments and mine.arguments[name] != use[name]:
            fields.append(name)
    return tuple(fields)


class Matcher:
    """Holds the two records against each other once a day, and whenever somebody asks."""

    def __init__(self, db: Database, tenants: Tenants) -> None:
        self._db = db
        self._tenants = tenants

    async def run_if_due(self, tenant: str) -> list[Mismatch]:
        """For the tick: does nothing before a day has gone by since the last time."""
        now = to_micros(self._tenants(tenant).clock.now())
        since = await self._db.read(lambda c: due_since(c, tenant, now, int(PERIOD.total_seconds() * 1_000_000)))
        return [] if since is None else await self.run(tenant)

    async def run(self, tenant: str) -> list[Mismatch]:
        """Match everything that has settled since the last time; each mismatch is an alarm on record and in the log.

        Raises Unavailable `bank_unavailable` when the core does not answer; the stretch is matched the next time then.
        """
        parts = self._tenants(tenant)
        until = to_micros(parts.clock.now() - SETTLING)
        since = await self._db.read(lambda c: matched_until(c, tenant))
        used = [use for use in await self._uses(tenant, since) if _micros(use["at"]) < until]
        named = [str(use["proposal"]) for use in used]
        ours = await self._db.read(lambda c: executed_since(c, tenant, since, until, named))
        found = compare(ours, used)
        at = to_micros(parts.clock.now())

        def job(connection: sa.Connection) -> None:
            for each in found:
                body = {"kind": each.kind, "fields": list(each.fields)}
                append_audit(connection, tenant, "alarm.unmatched", body, at, each.proposal)
            matched_until(connection, tenant, set_to=until)
            append_audit(connection, tenant, "matching.done", {"used": len(used), "ours": len(ours), "unmatched": len(found)}, at)

        await commit(self._db, job)
        for each in found:
            log.error("unmatched", tenant=tenant, proposal=each.proposal, kind=each.kind)
        return found

    async def _uses(self, tenant: str, since: int) -> list[dict[str, Any]]:
        uses: list[dict[str, Any]] = []
        after = ""
        while True:
            answer = await self._tenants(tenant).bank.read("/executions", params={"since_us": since, "after": after or None})
            try:
                uses += answer["executions"]
                following = answer["next"]
            except (KeyError, TypeError) as error:
                raise Unavailable("bank_unavailable", "the core's answer cannot be read") from error
            if following is None:
                return uses
            after = str(following)


def _micros(text: str) -> int:
    return to_micros(datetime.fromisoformat(text))
