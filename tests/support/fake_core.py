"""A small stand-in for the core bank's contract: keeps what it did, checks approvals, and can go wrong on request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.canonical import digest_of
from domain.clock import BusinessClock
from domain.errors import Unauthenticated
from domain.tokens import ApprovalClaims, SubjectClaims, key_id, verify

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass
class FakeCore:
    """An ASGI app. `credits` is what moved; `facts` what it states; `fault` what goes wrong next.

    Faults: `fail` (503, nothing done), `silent` (done, never answered), `lost` (not done, never answered), `broken` (done, then
    the connection breaks), `differs` (done, the receipt names another amount), `garbage` (done, the answer is no JSON).
    """

    clock: BusinessClock
    authority: Ed25519PublicKey
    subjects: Ed25519PublicKey
    facts: dict[str, Any] = field(default_factory=dict)
    fault: str | None = None
    down: bool = False
    credits: list[dict[str, Any]] = field(default_factory=list)
    operations: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    approvals: list[tuple[str, ApprovalClaims]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["method"], scope["path"]))
        if self.down:
            raise ConnectionError("the core is down")
        fault, self.fault = (self.fault, None) if scope["method"] == "POST" else (None, self.fault)
        status, answer = (503, {"code": "unavailable"}) if fault == "fail" else self.serve(scope, headers, body, fault)
        if fault in ("silent", "lost"):
            await self.never.wait()
        if fault == "broken":
            raise ConnectionError("broke off")
        raw = b"<html>" if fault == "garbage" else json.dumps(answer).encode()
        kind = b"application/json" if status < 300 else b"application/problem+json"
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": raw})

    def serve(
        self, scope: MutableMapping[str, Any], headers: dict[str, str], body: bytes, fault: str | None
    ) -> tuple[int, dict[str, Any]]:
        now = self.clock.now()
        try:
            subject = verify(
                headers.get("x-subject-token", ""), SubjectClaims, self._keys(self.subjects), "bank", now.timestamp()
            )
        except Unauthenticated:
            return 404, {"code": "not_found"}
        path = scope["path"]
        if path == "/facts":
            query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
            stated = self.facts.get(subject.sub, {}).get(query["action"], {})
            return 200, {"facts": {n: {"value": v, "source": "core", "at": now.isoformat()} for n, v in stated.items()}}
        if path.startswith("/operations/"):
            done = self.operations.get(path.removeprefix("/operations/"))
            found = {"state": "found", "result": done[1]} if done else {"state": "not_found", "result": None}
            return 200, found | {"now": now.isoformat()}
        if fault == "lost":
            return 0, {}
        return self._write(path, headers, json.loads(body), subject, fault)

    def _write(
        self, path: str, headers: dict[str, str], body: dict[str, Any], subject: SubjectClaims, fault: str | None
    ) -> tuple[int, dict[str, Any]]:
        key = headers["idempotency-key"]
        if not headers.get("x-approval-token"):
            self.operations[key] = (digest_of(body), {"operation": key})
            return 201, {"operation": key}
        try:
            claims = verify(
                headers["x-approval-token"], ApprovalClaims, self._keys(self.authority), "bank", self.clock.now().timestamp()
            )
        except Unauthenticated as error:
            return 401, {"code": error.code.replace("token_", "approval_", 1)}
        self.approvals.append((headers["x-approval-token"], claims))
        if key in self.operations:
            first, result = self.operations[key]
            return (200, result) if first == digest_of(body) else (409, {"code": "idempotency_conflict"})
        if claims.jti in self.used:
            return 409, {"code": "approval_used"}
        if claims.args != digest_of(body) or claims.proposal != key or claims.act != body["action"]:
            return 403, {"code": "approval_arguments"}
        if claims.sub != subject.sub:
            return 403, {"code": "approval_customer"}
        self.used.add(claims.jti)
        if body["action"] == "provisional_credit":
            self.credits.append(body)
        receipt = self._receipt(key, claims, body)
        self.operations[key] = (digest_of(body), receipt)
        if fault == "differs":
            receipt["amount_minor"] = receipt["amount_minor"] + 1
        return 201, receipt

    def _receipt(self, key: str, claims: ApprovalClaims, body: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in body.items() if name not in ("dispute", "leg", "reason")}
        if body["action"] == "provisional_credit":
            fields |= {"type": "provisional_credit", "transaction": "TX-new", "posting": f"pst-{len(self.credits)}"}
            fields |= {"terms": {"disputed_transaction": body["transaction"], "dispute": body["dispute"]}}
        if body["action"] == "block_card":
            fields |= {"status": "blocked_own"}
        if body["action"] == "open_dispute":
            fields |= {"dispute": "DSP-1"}
        return {"operation": key, "effect": claims.effect, "approval_jti": claims.jti} | fields

    def _keys(self, public: Ed25519PublicKey) -> dict[str, Ed25519PublicKey]:
        return {key_id(public): public}
