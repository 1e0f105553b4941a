"""The three signed tokens, all EdDSA (Ed25519) compact JWS: customer session, subject, approval (RFC 7519, RFC 8037)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict

from domain.errors import Unauthenticated

ALGORITHM = "EdDSA"
APPROVAL_SECONDS = 60
SUBJECT_SECONDS = 60
SESSION_SECONDS = 900
MAX_TOKEN_CHARS = 8192


class Claims(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    iss: str
    aud: str
    jti: str
    iat: int
    exp: int


class SessionClaims(Claims):
    """What the bank's own app signs for a customer. `amr`: pwd (knowledge), hwk (registered device key), bio (inherence)."""

    tenant: str
    sub: str
    device: str
    amr: list[str]
    auth_time: int


class SubjectClaims(Claims):
    """Whom a bank call is about, and why; lives at most 60 s. `sub` is the customer."""

    tenant: str
    sub: str
    purpose: str
    level: int
    conversation: str | None = None


class ApprovalClaims(Claims):
    """Permission for exactly one call: `act` with the arguments whose digest is `args`, for customer `sub`, once."""

    tenant: str
    sub: str
    act: str
    args: str
    proposal: str
    effect: str
    consent: str | None = None
    assertion: str | None = None
    pack: str


def key_id(public: Ed25519PublicKey) -> str:
    """A stable name for a key: the first 16 characters of the base64url SHA-256 of its raw bytes."""
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).decode()[:16]


def sign(claims: Claims, key: Ed25519PrivateKey) -> str:
    """Compact JWS with `kid` and `alg` in its header."""
    return jwt.encode(claims.model_dump(mode="json"), key, algorithm=ALGORITHM, headers={"kid": key_id(key.public_key())})


C = TypeVar("C", bound=Claims)


def verify(token: str, model: type[C], keys: Mapping[str, Ed25519PublicKey], audience: str, now: float) -> C:
    """Check signature by a trusted key, audience and expiry against `now` (business time, epoch seconds).

    Raises Unauthenticated with `token_malformed`, `token_key_unknown`, `token_signature`, `token_audience` or `token_expired`.
    """
    if len(token) > MAX_TOKEN_CHARS:
        raise Unauthenticated("token_malformed")
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
    except jwt.PyJWTError as error:
        raise Unauthenticated("token_malformed") from error
    public = keys.get(kid)
    if public is None:
        raise Unauthenticated("token_key_unknown")
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
    try:
        payload: dict[str, Any] = jwt.decode(token, public, algorithms=[ALGORITHM], options=unchecked)  # type: ignore[arg-type]
        claims = model.model_validate(payload)
    except jwt.InvalidSignatureError as error:
        raise Unauthenticated("token_signature") from error
    except (jwt.PyJWTError, ValueError) as error:
        raise Unauthenticated("token_malformed") from error
    if claims.aud != audience:
        raise Unauthenticated("token_audience")
    if now >= claims.exp:
        raise Unauthenticated("token_expired")
    return claims
