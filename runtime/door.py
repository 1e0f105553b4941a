"""What every channel speaks to: open a conversation, accept an input once, watch the record. Masks before anything is stored."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.clock import BusinessClock, to_micros
from domain.conversation import Answer, Ask, Language
from domain.errors import BadInput, Conflict, NotFound, TellergateError
from domain.frames import MAX_TEXT, Author, ChoiceIn, ConfirmIn, CustomerView, MessageIn, MessageOut, SecretIn
from domain.ids import Ids
from graphs.state import ConversationView
from persistence.database import Database
from runtime import requests
from runtime.hub import Hub, Watcher
from runtime.sessions import AuthSession, Factor, SessionVerifier, renewed, save_session
from runtime.storage import conversations as store
from runtime.storage.conversations import Accepted, Incoming, Work

SECRET_SHOWN = "••••••"
YES_NO: dict[Language, tuple[str, str]] = {"en": ("Yes", "No"), "hi": ("हाँ", "नहीं")}
#: Last texts of a conversation that are looked at together, so that a number split over messages is still found.
RECENT = 4
#: Conversations whose last texts are kept in memory; the oldest are read again when they come back.
MAX_RECENT = 10_000


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text without secrets; `secret` is the answer to the open secret request when it was typed into the chat.

    `earlier` are the last stored texts without their part of a secret that was sent in pieces.
    """

    text: str
    secret: str | None
    flags: tuple[str, ...]
    earlier: tuple[str, ...] = ()


Mask = Callable[[str, str | None, Sequence[str]], MaskedText]
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
        self._recent: OrderedDict[str, deque[tuple[int, str]]] = OrderedDict()
        self._secret_locks: dict[str, asyncio.Lock] = {}

    # ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def sign_in(self, token: str, channel: str, before: AuthSession | None = None) -> AuthSession:
        """A session from the bank app's token, stored. Raises Unauthenticated `token_…`."""
        session = self._verifier.session(token, channel)
        if before is not None:
            session = renewed(before, session)
        await self._db.write(lambda connection: save_session(connection, session))
        return session

    async def open(self, channel: str, session: AuthSession | None, conversation: str | None, resume: str | None) -> Opened:
        """Start a conversation, or come back to one. Somebody else's is `conversation_not_found`, as is none at all."""
        customer = await self._profile(session) if session is not None else None
        if conversation is None:
            return await self._create(channel, session, customer)
        return await self._db.write(lambda connection: self._come_back(connection, conversation, session, customer, resume))

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

    def _come_back(
        self,
        connection: sa.Connection,
        conversation: str,
        session: AuthSession | None,
        customer: CustomerView | None,
        resume: str | None,
    ) -> Opened:
        row = store.find(connection, self._tenant, conversation)
        if row.customer is None:
            if resume is None or row.resume_hash is None or not hmac.compare_digest(_hash(resume), row.resume_hash):
                raise NotFound("conversation_not_found")
            if session is not None and customer is not None:
                store.claim_for_customer(
                    connection, self._tenant, conversation, session.customer, customer.name, customer.language
                )
        elif session is None or row.customer != session.customer:
            raise NotFound("conversation_not_found")
        return Opened(conversation, row.last_seq, customer, None)

    # ── what ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def message(self, conversation: str, session: AuthSession | None, frame: MessageIn) -> int:
        """Accept a text once; returns its seq. Raises BadInput `message_too_long` or `message_empty`."""
        if len(frame.text) > MAX_TEXT:
            raise BadInput("message_too_long", f"at most {MAX_TEXT} characters")
        if not frame.text.strip():
            raise BadInput("message_empty")
        awaited = await self._awaited_secret(conversation)
        recent = await self._recent_texts(conversation)
        masked = self._mask(frame.text, awaited.ask.purpose if awaited else None, tuple(text for _, text in recent))
        await self._remask(conversation, recent, masked.earlier)
        if awaited is not None and masked.secret is not None:
            secret = SecretIn(type="secret", id=frame.id, request=awaited.id, value=masked.secret)
            return await self.secret(conversation, session, secret)
        flags = list(masked.flags)
        content = {"kind": "message", "text": masked.text, "flags": flags}
        seq = await self._accept(conversation, session, frame.id, masked.text, content, frame.text)
        if not recent or recent[-1][0] < seq:
            recent.append((seq, masked.text))
        return seq

    async def _recent_texts(self, conversation: str) -> deque[tuple[int, str]]:
        """The customer's last messages as stored, with their seqs; read once a process, then kept."""
        recent = self._recent.get(conversation)
        if recent is None:
            rows = await self._db.read(lambda c: store.recent_texts(c, self._tenant, conversation, RECENT))
            recent = self._recent[conversation] = deque(rows, maxlen=RECENT)
            if len(self._recent) > MAX_RECENT:
                self._recent.popitem(last=False)
        return recent

    async def _remask(self, conversation: str, recent: deque[tuple[int, str]], earlier: tuple[str, ...]) -> None:
        """A secret sent in pieces is taken out of the messages that carried its first parts as well."""
        tail = list(recent)[len(recent) - len(earlier) :]
        changed = {seq: text for (seq, before), text in zip(tail, earlier, strict=True) if before != text}
        if not changed:
            return
        await self._db.write(lambda c: store.rewrite_texts(c, self._tenant, conversation, changed))
        for index, (seq, text) in enumerate(recent):
            recent[index] = (seq, changed.get(seq, text))

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
        if found.ask.digest is None or not hmac.compare_digest(found.ask.digest, frame.digest):
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
            checked = await self._verify(session, conversation, found.ask, frame.value)
            proven = self._proven(session, found.ask, checked)
            content = {"kind": "secret", "request": found.id, "answer": checked.answer.model_dump(mode="json")}
            return await self._accept(
                conversation, session, frame.id, SECRET_SHOWN, content, None, closes=found.id, proven=proven
            )

    def _proven(self, session: AuthSession, ask: Ask, checked: Checked) -> AuthSession | None:
        if checked.answer.result != "ok":
            return None
        kind = "otp" if ask.purpose == "otp" else "answers"
        return session.with_factor(Factor(kind, self._clock.now(), ask.digest, checked.assertion))

    # ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self, conversation: str) -> Watcher:
        return self._hub.watch(conversation)

    def unwatch(self, watcher: Watcher) -> None:
        self._hub.unwatch(watcher)

    async def replay(self, conversation: str, after: int) -> list[dict[str, Any]]:
        return await self._db.read(lambda connection: store.replay(connection, self._tenant, conversation, after))

    # ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open_request(self, conversation: str, request: str, kind: str, client_id: str) -> requests.OpenRequest | int:
        """The open request, or the seq under which this very frame was accepted before."""
        now = to_micros(self._clock.now())

        def job(connection: sa.Connection) -> requests.OpenRequest | int:
            seen = store.seq_of(connection, self._tenant, conversation, client_id)
            if seen is not None:
                return seen
            found = requests.find_request(connection, self._tenant, conversation, request)
            requests.require_open(found, kind, now)
            return found

        return await self._db.read(job)

    async def _awaited_secret(self, conversation: str) -> requests.OpenRequest | None:
        now = to_micros(self._clock.now())
        rows = await self._db.read(lambda connection: requests.open_requests(connection, self._tenant, conversation))
        return next((row for row in rows if row.ask.kind == "secret" and row.expires_at > now), None)

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
        closes: str | None = None,
        proven: AuthSession | None = None,
    ) -> int:
        now = self._clock.now()
        author = Author(kind="customer", name="")
        frame = MessageOut(seq=0, id=client_id, author=author, text=shown, at=now).model_dump(mode="json")
        incoming = Incoming(
            client_id=client_id,
            frame=frame,
            input=content,
            raw_hmac=hmac.new(self._raw_key, raw.encode(), hashlib.sha256).hexdigest() if raw is not None else None,
            auth_session=session.id if session else None,
            at=to_micros(now),
        )

        def job(connection: sa.Connection) -> Accepted:
            accepted = store.accept(connection, self._tenant, conversation, incoming, self._owner, self._lease_us)
            if accepted.repeated:
                return accepted
            if closes is not None and not requests.close_request(connection, self._tenant, closes, "answered"):
                raise Conflict("request_closed")
            if proven is not None:
                save_session(connection, proven)
            return accepted

        accepted = await self._db.write(job)
        if accepted.frame is not None:
            self._hub.publish(conversation, [accepted.frame])
        if accepted.work is not None:
            self._wake(accepted.work)
        return accepted.seq


def error_of(error: TellergateError) -> tuple[str, float | None]:
    """Code and retry_after of an error, for a channel to render; never its text."""
    wait = error.extra.get("retry_after")
    return error.code, float(wait) if wait is not None else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
