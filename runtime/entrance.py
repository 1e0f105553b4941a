"""Who comes in: sign-in and renewal, conversations opened, come back to, and claimed by the customer who signs in."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from domain.clock import BusinessClock, to_micros
from domain.errors import NotFound
from domain.frames import CustomerView
from domain.ids import Ids
from graphs.state import ConversationView
from persistence.database import Database
from runtime.hub import CLAIMED, Hub
from runtime.sessions import AuthSession, SessionVerifier, load_session, renewed, save_session
from runtime.storage import conversations as store

Profile = Callable[[AuthSession], Awaitable[CustomerView]]


@dataclass(frozen=True, slots=True)
class Opened:
    conversation: str
    seq: int
    customer: CustomerView | None
    resume: str | None


class Entrance:
    """One for all channels. A conversation belongs to one customer, or to whoever holds its secret until one signs in."""

    def __init__(
        self,
        *,
        tenant: str,
        database: Database,
        clock: BusinessClock,
        ids: Ids,
        hub: Hub,
        verifier: SessionVerifier,
        profile: Profile,
    ) -> None:
        self._tenant, self._db, self._clock, self._ids, self._hub = tenant, database, clock, ids, hub
        self._verifier, self._profile = verifier, profile

    async def sign_in(self, token: str, channel: str, before: AuthSession | None = None) -> AuthSession:
        """A session of this socket from the bank app's token, stored. Raises Unauthenticated `token_…`.

        `before` is the socket's session so far: what was proven in it since is on record and stays.
        """
        fresh = replace(self._verifier.session(token, channel), id=self._ids.new("ses"))

        def job(connection: sa.Connection) -> AuthSession:
            held = load_session(connection, self._tenant, before.id) if before is not None else None
            session = renewed(held or before, fresh) if before is not None else fresh
            save_session(connection, session)
            return session

        return await self._db.write(job)

    async def open(
        self, channel: str, session: AuthSession | None, conversation: str | None, resume: str | None, *, held: bool = False
    ) -> Opened:
        """Start a conversation, or come back to one. Somebody else's is `conversation_not_found`, as is none at all.

        `held`: this very socket has it already, so the resume secret need not be shown again.
        """
        customer = await self._profile(session) if session is not None else None
        if conversation is None:
            return await self._create(channel, session, customer)

        def job(connection: sa.Connection) -> Opened:
            row = store.find(connection, self._tenant, conversation)
            if row.customer is None and not held:
                self._require_resume(row.resume_hash, resume)
            if session is not None and customer is not None and row.customer is None:
                store.claim_for_customer(
                    connection, self._tenant, conversation, session.customer, customer.name, customer.language
                )
            store.require_owner(connection, self._tenant, conversation, session.customer if session else None)
            return Opened(conversation, row.last_seq, customer, None)

        opened = await self._db.write(job)
        if session is not None:
            self._hub.publish(conversation, [{"type": CLAIMED}])
        return opened

    def _require_resume(self, kept: str | None, given: str | None) -> None:
        if given is None or kept is None or not hmac.compare_digest(_hash(given), kept):
            raise NotFound("conversation_not_found")

    async def _create(self, channel: str, session: AuthSession | None, customer: CustomerView | None) -> Opened:
        view = ConversationView(
            tenant=self._tenant,
            id=self._ids.new("cnv"),
            customer=session.customer if session else None,
            name=customer.name if customer else None,
            language="hi" if customer and customer.language == "hi" else "en",
        )
        secret = self._ids.secret() if session is None else None
        now = to_micros(self._clock.now())
        await self._db.write(
            lambda connection: store.create(connection, self._tenant, view, channel, _hash(secret) if secret else None, now)
        )
        return Opened(view.id, 0, customer, secret)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
