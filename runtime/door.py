"""What every channel speaks to: open a conversation, accept an input once, watch the record. Masks before anything is stored."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa

from domain.clock import BusinessClock, to_micros
from domain.conversation import Answer, Ask, Language
from domain.errors import BadInput, Conflict, NotFound
from domain.frames import MAX_TEXT, Author, ChoiceIn, ConfirmIn, CustomerView, MessageIn, MessageOut, SecretIn
from domain.ids import Ids
from graphs.state import ConversationView
from persistence.database import Database
from runtime import requests
from runtime.hub import CLAIMED, Hub, Watcher
from runtime.sessions import AuthSession, Factor, SessionVerifier, load_session, renewed, save_session
from runtime.storage import conversations as store
from runtime.storage import record
from runtime.storage.record import Accepted, Incoming, Work
from runtime.typed import Mask, Overtaken, look

SECRET_SHOWN = "••••••"
CUSTOMER = Author(kind="customer", name="")
YES_NO: dict[Language, tuple[str, str]] = {"en": ("Yes", "No"), "hi": ("हाँ", "नहीं")}

VerifySecret = Callable[[AuthSession, str, Ask, str], Awaitable["Checked"]]
Profile = Callable[[AuthSession], Awaitable[CustomerView]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a secret's check at the bank; `assertion` is the bank's signed word for it."""

    answer: Answer
    assertion: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    conversation: str
    seq: int
    customer: CustomerView | None
    resume: str | None


class Door:
    """The service as a channel sees it. Raises the tree of `domain.errors`; loses nothing it has acknowledged."""

    def __init__(
        self,
        *,
        tenant: str,
        database: Database,
        clock: BusinessClock,
        ids: Ids,
        hub: Hub,
        verifier: SessionVerifier,
        mask: Mask,
        verify_secret: VerifySecret,
        profile: Profile,
        wake: Callable[[Work], None],
        owner: str,
        lease_us: int,
        raw_key: bytes,
        bank_name: Callable[[], str],
    ) -> None:
        self._tenant, self._db, self._clock, self._ids, self._hub = tenant, database, clock, ids, hub
        self._verifier, self._mask, self._verify, self._profile = verifier, mask, verify_secret, profile
        self._wake, self._owner, self._lease_us, self._raw_key = wake, owner, lease_us, raw_key
        self.bank_name = bank_name
        self._secret_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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

    # ── what ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def message(self, conversation: str, session: AuthSession | None, frame: MessageIn) -> int:
        """Accept a text once; returns its seq. Raises BadInput `message_too_long` or `message_empty`."""
        if len(frame.text) > MAX_TEXT:
            raise BadInput("message_too_long", f"at most {MAX_TEXT} characters")
        if not frame.text.strip():
            raise BadInput("message_empty")
        while True:
            known = partial(
                look, tenant=self._tenant, conversation=conversation, client_id=frame.id, now=to_micros(self._clock.now())
            )
            typed = await self._db.read(known)
            if typed.seen is not None:
                return typed.seen
            masked = typed.masked(frame.text, self._mask)
            if typed.awaited is not None and masked.secret is not None:
                secret = SecretIn(type="secret", id=frame.id, request=typed.awaited.id, value=masked.secret)
                return await self.secret(conversation, session, secret)
            content = {"kind": "message", "text": masked.text, "flags": list(masked.flags)}
            before = partial(typed.store_earlier, tenant=self._tenant, conversation=conversation, masked=masked)
            with suppress(Overtaken):
                return await self._accept(conversation, session, frame.id, masked.text, content, frame.text, before=before)

    async def choice(self, conversation: str, session: AuthSession | None, frame: ChoiceIn) -> int:
        """Raises BadInput `choice_not_offered` besides what `requests.require_open` raises."""
        found = await self._open_request(conversation, frame.request, "choice", frame.id)
        if isinstance(found, int):
            return found
        title = next((option.title for option in found.ask.options if option.value == frame.value), None)
        if title is None:
            raise BadInput("choice_not_offered")
        content = {"kind": "choice", "request": found.id, "value": frame.value, "text": title}
        return await self._accept(conversation, session, frame.id, title, content, frame.value, closes=found.id)

    async def confirm(self, conversation: str, session: AuthSession | None, frame: ConfirmIn, delivered: bool) -> int:
        """A yes counts only with the digest shown, after the request reached this session. Raises Conflict `digest_mismatch`,
        `request_not_delivered`."""
        found = await self._open_request(conversation, frame.request, "confirm", frame.id)
        if isinstance(found, int):
            return found
        if not delivered:
            raise Conflict("request_not_delivered")
        if found.ask.digest is None or not hmac.compare_digest(found.ask.digest.encode(), frame.digest.encode()):
            raise Conflict("digest_mismatch")
        shown = YES_NO[await self._language(conversation)][0 if frame.value else 1]
        content = {"kind": "confirm", "request": found.id, "value": frame.value, "digest": frame.digest}
        return await self._accept(conversation, session, frame.id, shown, content, frame.digest, closes=found.id)

    async def secret(self, conversation: str, session: AuthSession | None, frame: SecretIn) -> int:
        """Check a secret at the bank in memory; store only the result. One check per client id."""
        lock = self._secret_locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            found = await self._open_request(conversation, frame.request, "secret", frame.id)
            if isinstance(found, int):
                return found
            if session is None:
                raise BadInput("request_unknown")
            await self._db.read(lambda connection: record.require_room(connection, self._tenant, conversation))
            checked = await self._verify(session, conversation, found.ask, frame.value)
            content = {"kind": "secret", "request": found.id, "answer": checked.answer.model_dump(mode="json")}
            factor = self._factor(found.ask, checked)
            return await self._accept(
                conversation, session, frame.id, SECRET_SHOWN, content, None, closes=found.id, factor=factor
            )

    def _factor(self, ask: Ask, checked: Checked) -> Factor | None:
        if checked.answer.result != "ok":
            return None
        kind = "otp" if ask.purpose == "otp" else "answers"
        return Factor(kind, self._clock.now(), ask.digest, checked.assertion)

    # ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self, conversation: str) -> Watcher:
        return self._hub.watch(conversation)

    def unwatch(self, watcher: Watcher) -> None:
        self._hub.unwatch(watcher)

    async def replay(self, conversation: str, session: AuthSession | None, after: int) -> list[dict[str, Any]]:
        """Frames after a seq. Raises NotFound `conversation_not_found` once somebody else has signed in to it."""

        def job(connection: sa.Connection) -> list[dict[str, Any]]:
            store.require_owner(connection, self._tenant, conversation, session.customer if session else None)
            return record.replay(connection, self._tenant, conversation, after)

        return await self._db.read(job)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open_request(self, conversation: str, request: str, kind: str, client_id: str) -> requests.OpenRequest | int:
        """The open request, or the seq under which this very frame was accepted before."""
        now = to_micros(self._clock.now())

        def job(connection: sa.Connection) -> requests.OpenRequest | int:
            seen = record.seq_of(connection, self._tenant, conversation, client_id)
            if seen is not None:
                return seen
            found = requests.find_request(connection, self._tenant, conversation, request)
            requests.require_open(found, kind, now)
            return found

        return await self._db.read(job)

    async def _language(self, conversation: str) -> Language:
        row = await self._db.read(lambda connection: store.find(connection, self._tenant, conversation))
        return "hi" if row.view.get("language") == "hi" else "en"

    async def _accept(
        self,
        conversation: str,
        session: AuthSession | None,
        client_id: str,
        shown: str,
        content: dict[str, Any],
        raw: str | None,
        *,
        before: Callable[[sa.Connection], None] | None = None,
        closes: str | None = None,
        factor: Factor | None = None,
    ) -> int:
        now = self._clock.now()
        frame = MessageOut(seq=0, id=client_id, author=CUSTOMER, text=shown, at=now).model_dump(mode="json")
        incoming = Incoming(
            client_id=client_id,
            frame=frame,
            input=content,
            raw_hmac=hmac.new(self._raw_key, raw.encode(), hashlib.sha256).hexdigest() if raw is not None else None,
            auth_session=session.id if session else None,
            at=to_micros(now),
        )

        def job(connection: sa.Connection) -> Accepted:
            store.lock(connection, self._tenant, conversation)
            store.require_owner(connection, self._tenant, conversation, session.customer if session else None)
            if before is not None:
                before(connection)
            accepted = record.accept(connection, self._tenant, conversation, incoming, self._owner, self._lease_us)
            if accepted.repeated:
                return accepted
            if closes is not None and not requests.close_request(connection, self._tenant, closes, "answered"):
                raise Conflict("request_closed")
            if factor is not None and session is not None:
                held = load_session(connection, self._tenant, session.id) or session
                save_session(connection, held.with_factor(factor))
            return accepted

        accepted = await self._db.write(job)
        if accepted.frame is not None:
            self._hub.publish(conversation, [accepted.frame])
        if accepted.work is not None:
            self._wake(accepted.work)
        return accepted.seq


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
