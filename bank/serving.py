"""How every route answers: one job in one transaction, the same 404 for all that a subject may not see, once per key for writes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import Response

from bank import approvals, audit, happenings, once
from bank.access import Access, Credentials, Subject, credentials_of
from bank.call import ZONE, Call
from bank.config import BankConfig
from bank.replies import Approved, Reply, answer, problem
from bank.tables import customers, tenants
from domain.actions import Action
from domain.canonical import digest_of
from domain.errors import BadInput, Conflict, NotFound, TellergateError

#: Longest word in the arguments of an action.
MAX_WORD = 128
log = logging.getLogger("bank")


@dataclass(frozen=True, slots=True)
class _Refused:
    error: TellergateError


class Desk:
    """Serves calls. Holds no state but the keys being worked on in this process."""

    def __init__(self, config: BankConfig) -> None:
        self.config = config
        self.access = Access(config)
        self._working: set[tuple[str, str]] = set()

    def call(self, connection: sa.Connection, tenant: str) -> Call:
        """Open a tenant's business in a transaction; its time is read now."""
        row = connection.execute(sa.select(tenants.c.offset_us, tenants.c.zone).where(tenants.c.tenant == tenant)).first()
        now = self.config.clock.at(tenant, row.offset_us if row else None)
        return Call(connection, tenant, now, row.zone if row else ZONE, self.config.ids)

    # --- reads -----------------------------------------------------------------------------------------------------

    async def read(
        self, request: Request, query: Callable[[Call, Subject], dict[str, Any] | None], *, latest: bool = False
    ) -> Response:
        """Answer with what `query` finds for the subject; with the one 404 when it finds None or the subject is nobody.

        All queries run in either case, so a miss costs the same whatever its reason. `latest` reads in line with the writes:
        what was committed before the answer is in it, also where a snapshot would be a moment older.
        """
        given = credentials_of(request)

        def job(connection: sa.Connection) -> tuple[dict[str, Any] | None, str]:
            call = self.call(connection, given.tenant)
            subject = self.access.subject(given, call.now)
            known = _known(call, subject)
            try:
                found = query(call, subject)
            except TellergateError:
                if known:
                    raise
                found = None
            return (found if known else None), subject.refusal or "not_owned"

        body, reason = await (self.config.database.write(job) if latest else self.config.database.read(job))
        if body is None:
            log.info("read refused", extra={"reason": reason, "path": request.scope["path"]})
            raise NotFound
        return answer(body)

    async def read_as_service(self, request: Request, query: Callable[[Call], dict[str, Any]]) -> Response:
        """Answer the service itself; anybody else reads 404."""
        given = credentials_of(request)

        def job(connection: sa.Connection) -> dict[str, Any]:
            return query(self.call(connection, given.tenant))

        body = await self.config.database.read(job)
        if not self.access.service(given):
            raise NotFound
        return answer(body)

    async def catch_up(self, request: Request) -> None:
        """Let time do what is due, if the service asks; writes only where there is something to do."""
        given = credentials_of(request)
        if not self.access.service(given):
            return
        if await self.config.database.read(lambda c: happenings.is_due(self.call(c, given.tenant))):
            await self.config.database.write(lambda c: happenings.catch_up(self.call(c, given.tenant)))

    def require_idle(self, call: Call, key: str) -> None:
        """Raise Conflict `idempotency_in_progress` while a write under this key is being worked on, here or elsewhere."""
        if (call.tenant, key) in self._working:
            raise Conflict("idempotency_in_progress")
        once.claim_key(call, key)

    async def is_known(self, request: Request) -> bool:
        """Whether the caller has proper credentials; malformed input of anybody else is answered 404."""
        given = credentials_of(request)

        def job(connection: sa.Connection) -> bool:
            call = self.call(connection, given.tenant)
            return _known(call, self.access.subject(given, call.now))

        return await self.config.database.read(job)

    # --- writes ----------------------------------------------------------------------------------------------------

    async def approved(self, request: Request, action: Action, work: Callable[[Call, Approved], Reply], *, path: str) -> Response:
        """Do `work` once under the idempotency key, if the approval fits; every refusal is audited.

        Raises the codes of `bank.approvals`, Conflict `idempotency_conflict` (same key, other inputs) and
        `idempotency_in_progress`, and whatever `work` refuses with.
        """
        given = credentials_of(request)
        arguments = action.arguments()

        def run(call: Call, subject: Subject) -> Reply:
            _require_plain(arguments)
            inputs = digest_of({"path": path, "arguments": arguments})
            claims = approvals.read(given.approval_token, self.config, call.tenant)
            first = once.first_result(call, given.idempotency_key, inputs, subject.customer)
            if first is not None:
                approvals.require_fit(claims, action, given.idempotency_key, subject)
                return first
            approvals.require_fresh(claims, call.now)
            approvals.require_unused(call, claims)
            approvals.require_fit(claims, action, given.idempotency_key, subject)
            approvals.require_assertion(call, claims, action, self.config)
            approvals.consume(call, claims, given.idempotency_key)
            reply = work(call, Approved(subject, action, given.idempotency_key, claims))
            approvals.require_fresh(claims, self.config.clock.now_in(call.connection, call.tenant))
            once.remember(call, given.idempotency_key, subject.customer, arguments["action"], inputs, reply)
            return reply

        return await self._once(request, given, arguments["action"], run)

    async def recorded(
        self, request: Request, kind: str, inputs: dict[str, Any], work: Callable[[Call, Subject], Reply]
    ) -> Response:
        """Do a RECORD or NOTICE once under the idempotency key; no approval, but an audit entry."""
        given = credentials_of(request)

        def run(call: Call, subject: Subject) -> Reply:
            digest = digest_of({"path": kind, "arguments": inputs})
            first = once.first_result(call, given.idempotency_key, digest, subject.customer)
            if first is not None:
                return first
            reply = work(call, subject)
            once.remember(call, given.idempotency_key, subject.customer, kind, digest, reply)
            return reply

        return await self._once(request, given, kind, run)

    async def unkeyed(self, request: Request, kind: str, work: Callable[[Call, Subject], Reply]) -> Response:
        """Do something about the subject that is not keyed (identity checks); refusals are audited too."""
        given = credentials_of(request)
        return self._reply(await self.config.database.write(lambda c: self._guarded(c, given, kind, work)))

    async def _once(self, request: Request, given: Credentials, kind: str, run: Callable[[Call, Subject], Reply]) -> Response:
        key = (given.tenant, given.idempotency_key)
        if not given.idempotency_key:
            return self._reply(await self.config.database.write(lambda c: self._guarded(c, given, kind, run, keyed=True)))

        def job(connection: sa.Connection) -> Reply | _Refused:
            return self._guarded(connection, given, kind, run, keyed=True)

        if key in self._working:
            return self._reply(await self.config.database.write(lambda c: self._guarded(c, given, kind, _in_progress)))
        self._working.add(key)
        try:
            return self._reply(await self.config.database.write(job))
        finally:
            self._working.discard(key)

    def _guarded(
        self,
        connection: sa.Connection,
        given: Credentials,
        kind: str,
        run: Callable[[Call, Subject], Reply],
        *,
        keyed: bool = False,
    ) -> Reply | _Refused:
        """Run work in a savepoint. A refusal undoes it and leaves an audit entry, in the same transaction."""
        call = self.call(connection, given.tenant)
        subject = self.access.subject(given, call.now)
        savepoint = connection.begin_nested()
        try:
            if not _known(call, subject):
                raise NotFound
            if keyed:
                once.require_key(given.idempotency_key)
                once.claim_key(call, given.idempotency_key)
            reply = run(call, subject)
            savepoint.commit()
            return reply
        except TellergateError as error:
            savepoint.rollback()
            audit.append(
                call,
                "refused",
                {
                    "what": kind,
                    "code": error.code,
                    "reason": subject.refusal,
                    "customer": subject.customer or None,
                    "key": given.idempotency_key if once.KEY.fullmatch(given.idempotency_key) else None,
                },
            )
            return _Refused(error)

    async def refuse_input(self, request: Request, what: str) -> None:
        """Audit a body that cannot be read on a route that needs an approval."""
        given = credentials_of(request)

        def run(_call: Call, _subject: Subject) -> Reply:
            raise BadInput

        await self.config.database.write(lambda c: self._guarded(c, given, what, run))

    @staticmethod
    def _reply(outcome: Reply | _Refused) -> Response:
        if isinstance(outcome, _Refused):
            return problem(outcome.error)
        return answer(outcome.body, outcome.status, outcome.headers)


def _known(call: Call, subject: Subject) -> bool:
    query = sa.select(customers.c.id).where(customers.c.tenant == call.tenant, customers.c.id == subject.customer)
    return call.first(query) is not None


def _require_plain(arguments: Mapping[str, Any]) -> None:
    """Words in arguments are short and printable: nothing that a database or a screen would choke on."""
    for name, value in arguments.items():
        if isinstance(value, str) and (len(value) > MAX_WORD or not value.isprintable()):
            raise BadInput("bad_input", f"body.{name}")


def _in_progress(_call: Call, _subject: Subject) -> Reply:
    raise Conflict("idempotency_in_progress")
