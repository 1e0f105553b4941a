"""Whose call is this? A service credential and a subject token, checked so that every refusal costs the same and says nothing.

Nothing here raises: a call without proper credentials goes on as a subject that owns nothing, does the same queries as any
other, and finds nothing. The reason is for the bank's own log and audit.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request

from bank.config import AUDIENCE, SERVICE_ISSUER, BankConfig
from domain.errors import Unauthenticated
from domain.ids import DEFAULT_TENANT
from domain.tokens import SUBJECT_SECONDS, SubjectClaims, key_id, sign, verify

#: No customer can have this id.
NOBODY = ""
#: How far the minter's clock may run ahead of the bank's.
LEEWAY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brought along, not checked yet."""

    tenant: str
    bearer: str
    subject_token: str
    approval_token: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a call is about. `refusal` says for the log why it is nobody; then `customer` is `NOBODY`."""

    customer: str
    purpose: str = ""
    level: int = 0
    conversation: str | None = None
    refusal: str | None = None


def credentials_of(request: Request) -> Credentials:
    headers = request.headers
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    return Credentials(
        tenant=request.scope.get("tenant", DEFAULT_TENANT),
        bearer=bearer if scheme.lower() == "bearer" else "",
        subject_token=headers.get("x-subject-token", ""),
        approval_token=headers.get("x-approval-token", ""),
        idempotency_key=headers.get("idempotency-key", ""),
    )


class Access:
    """Checks credentials against what the bank knows."""

    def __init__(self, config: BankConfig) -> None:
        self._config = config
        decoy = Ed25519PrivateKey.generate()
        claims = SubjectClaims(iss="", aud="", jti="", iat=0, exp=0, tenant="", sub="", purpose="", level=0)
        self._decoy_token, self._decoy_keys = sign(claims, decoy), {key_id(decoy.public_key()): decoy.public_key()}

    def service(self, credentials: Credentials) -> bool:
        """Whether the caller is the service; constant time."""
        given = hashlib.sha256(credentials.bearer.encode()).hexdigest()
        return hmac.compare_digest(given, self._config.service_credential_hash)

    def subject(self, credentials: Credentials, now: int) -> Subject:
        """The customer this call is about, at business time `now` (microseconds). One signature is checked in any case."""
        is_service = self.service(credentials)
        try:
            claims = verify(
                credentials.subject_token, SubjectClaims, self._config.subject_keys.current(), AUDIENCE, now / 1_000_000
            )
        except Unauthenticated as error:
            if error.code in ("token_malformed", "token_key_unknown"):
                self._same_work()
            return Subject(NOBODY, refusal="service_credential" if not is_service else error.code)
        refusal = self._refusal(credentials, claims, is_service, now)
        if refusal:
            return Subject(NOBODY, refusal=refusal)
        return Subject(claims.sub, claims.purpose, claims.level, claims.conversation)

    def _refusal(self, credentials: Credentials, claims: SubjectClaims, is_service: bool, now: int) -> str | None:
        if not is_service:
            return "service_credential"
        if claims.iss != SERVICE_ISSUER:
            return "token_issuer"
        if claims.tenant != credentials.tenant:
            return "token_tenant"
        if claims.exp - claims.iat > SUBJECT_SECONDS or claims.iat > now / 1_000_000 + LEEWAY_SECONDS:
            return "token_lifetime"
        return None

    def _same_work(self) -> None:
        try:
            verify(self._decoy_token, SubjectClaims, self._decoy_keys, AUDIENCE, 0.0)
        except Unauthenticated:
            return
