"""What every channel speaks to: open a conversation, accept an input once, watch the record. Masks before anything is stored."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import sqlalchemy as sa

from domain.clock import BusinessClock, to_micros
from domain.conversation import Answer, Ask, Language
from domain.errors import BadInput, Conflict
from domain.frames import MAX_TEXT, Author, ChoiceIn, ConfirmIn, MessageIn, MessageOut, SecretIn
from domain.ids import Ids
from persistence.database import Database
from runtime import requests
from runtime.entrance import Entrance, Profile
from runtime.hub import Hub, Watcher
from runtime.sessions import AuthSession, Factor, SessionVerifier, load_session, save_session
from runtime.storage import conversations as store
from runtime.storage import record
from runtime.storage.record import Accepted, Incoming, Work
from runtime.typed import Mask, Overtaken, look

SECRET_SHOWN = "••••••"
CUSTOMER = Author(kind="customer", name="")
YES_NO: dict[Language, tuple[str, str]] = {"en": ("Yes", "No"), "hi": ("हाँ", "नहीं")}

VerifySecret = Callable[[AuthSession, str, Ask, str], Awaitable["Checked"]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a secret's check at the bank; `assertion` is the bank's signed word for it."""

    answer: Answer
    assertion: str | None = None


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
        self.entrance = Entrance(
            tenant=tenant, database=database, clock=clock, ids=ids, hub=hub, verifier=verifier, profile=profile
        )
        self._tenant, self._db, self._clock, self._hub = tenant, database, clock, hub
        self._mask, self._verify = mask, verify_secret
        self._wake, self._owner, self._lease_us, self._raw_key = wake, owner, lease_us, raw_key
        self.bank_name = bank_name
        self._typing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._proving: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # ── what ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def message(self, conversation: str, session: AuthSession | None, frame: MessageIn) -> int:
        """Accept a text once; returns its seq. Raises BadInput `message_too_long` or `message_empty`."""
        if len(frame.text) > MAX_TEXT:
            raise BadInput("message_too_long", f"at most {MAX_TEXT} characters")
        if not frame.text.strip():
            raise BadInput("message_empty")
        async with self._typing.setdefault(conversation, asyncio.Lock()):
            taken = await self._take_text(conversation, session, frame)
        return taken if isinstance(taken, int) else await self.secret(conversation, session, taken)

    async def _take_text(self, conversation: str, session: AuthSession | None, frame: MessageIn) -> int | SecretIn:
        """The seq of an accepted text, or the secret that it turned out to be."""
        look_now = partial(look, tenant=self._tenant, conversation=conversation, client_id=frame.id)
        while True:
            typed = await self._db.read(partial(look_now, now=to_micros(self._clock.now())))
            if typed.seen is not None:
                return typed.seen
            masked = typed.masked(frame.text, self._mask)
            if typed.awaited is not None and masked.secret is not None:
                return SecretIn(type="secret", id=frame.id, request=typed.awaited.id, value=masked.secret)
            content = {"kind": "message", "text": masked.text, "flags": list(masked.flags)}
            before = partial(typed.store_earlier, tenant=self._tenant, conversation=conversation, masked=masked)
            with suppress(Overtaken):  # by another process
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
        async with self._proving.setdefault(conversation, asyncio.Lock()):
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
        def job(connection: sa.Connection) -> dict[str, Any]:
            return store.stored_view(connection, store.find(connection, self._tenant, conversation))

        return "hi" if (await self._db.read(job)).get("language") == "hi" else "en"

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
