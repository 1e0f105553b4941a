"""Signed-in sessions: the only source of the authentication level. Factors are added by checks at the bank, never by text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.clock import BusinessClock, from_micros, to_micros
from domain.errors import Unauthenticated
from domain.tokens import SESSION_SECONDS, SessionClaims, verify
from runtime.storage import tables as t

Category = Literal["knowledge", "possession", "inherence"]
#: Factor type → category, and whether it is unique to one use (dynamic). Security answers are knowledge and never count for AL4.
FACTORS: dict[str, tuple[Category, bool]] = {
    "pwd": ("knowledge", False),
    "answers": ("knowledge", False),
    "bio": ("inherence", False),
    "hwk": ("possession", False),
    "otp": ("possession", True),
}
#: AL4: a bound dynamic factor no older than this.
FRESH = timedelta(minutes=5)
AUDIENCE = "tellergate"


@dataclass(frozen=True, slots=True)
class Factor:
    """Something proven: `bound` is the digest of the action it was given for, `assertion` the bank's signed word for it."""

    type: str
    at: datetime
    bound: str | None = None
    assertion: str | None = None


@dataclass(frozen=True, slots=True)
class AuthSession:
    """One customer signed in on one socket; `expires` is the token's."""

    tenant: str
    id: str
    customer: str
    channel: str
    device: str
    token_id: str
    factors: tuple[Factor, ...]
    expires: datetime

    def level(self, now: datetime, bound: str | None = None) -> int:
        """AL1 identified, AL2 one factor, AL3 two categories with one dynamic, AL4 that one fresh and bound to `bound`. 0 when expired."""
        if now >= self.expires:
            return 0
        known = [factor for factor in self.factors if factor.type in FACTORS]
        if not known:
            return 1
        categories = {FACTORS[factor.type][0] for factor in known}
        dynamic = [factor for factor in known if FACTORS[factor.type][1]]
        if len(categories) < 2 or not dynamic:
            return 2
        strong = {FACTORS[f.type][0] for f in known if f.type != "answers"}
        fresh = any(bound is not None and f.bound == bound and now - f.at <= FRESH for f in dynamic)
        return 4 if fresh and len(strong) >= 2 else 3

    def with_factor(self, factor: Factor) -> AuthSession:
        return replace(self, factors=(*(f for f in self.factors if f.type != factor.type), factor))


class SessionVerifier:
    """Turns the bank app's JWT into a session: pinned keys, our audience, at most 15 minutes, this tenant."""

    def __init__(self, tenant: str, keys: Mapping[str, Ed25519PublicKey], clock: BusinessClock) -> None:
        self._tenant = tenant
        self._keys = keys
        self._clock = clock

    def session(self, token: str, channel: str) -> AuthSession:
        """Raises Unauthenticated with a `token_…` code."""
        now = self._clock.now()
        claims = verify(token, SessionClaims, self._keys, AUDIENCE, now.timestamp())
        if claims.tenant != self._tenant:
            raise Unauthenticated("token_tenant")
        if claims.exp - claims.iat > SESSION_SECONDS or claims.iat > now.timestamp() + 60:
            raise Unauthenticated("token_lifetime")
        at = from_micros(claims.auth_time * 1_000_000)
        return AuthSession(
            tenant=self._tenant,
            id=f"ses_{claims.jti}",
            customer=claims.sub,
            channel=channel,
            device=claims.device,
            token_id=claims.jti,
            factors=tuple(Factor(kind, at) for kind in claims.amr if kind in FACTORS and kind != "otp"),
            expires=from_micros(claims.exp * 1_000_000),
        )


def renewed(old: AuthSession, new: AuthSession) -> AuthSession:
    """A renewed token of the same customer and device keeps the session's id and the factors proven in it."""
    if (old.tenant, old.customer, old.device) != (new.tenant, new.customer, new.device):
        return new
    kept = [factor for factor in old.factors if factor.type not in {f.type for f in new.factors}]
    return replace(new, id=old.id, factors=(*new.factors, *kept))


def save_session(connection: sa.Connection, session: AuthSession) -> None:
    """Insert or update the session's row."""
    s = t.auth_session.c
    values: dict[str, Any] = {
        "customer": session.customer,
        "channel": session.channel,
        "device": session.device,
        "token_id": session.token_id,
        "factors": [{"type": f.type, "at": to_micros(f.at), "bound": f.bound, "assertion": f.assertion} for f in session.factors],
        "expires_at": to_micros(session.expires),
    }
    done = connection.execute(t.auth_session.update().where(s.tenant == session.tenant, s.id == session.id).values(**values))
    if done.rowcount == 0:
        connection.execute(t.auth_session.insert().values(tenant=session.tenant, id=session.id, **values))


def load_session(connection: sa.Connection, tenant: str, session: str) -> AuthSession | None:
    s = t.auth_session.c
    row = connection.execute(sa.select(t.auth_session).where(s.tenant == tenant, s.id == session)).one_or_none()
    if row is None:
        return None
    return AuthSession(
        tenant=tenant,
        id=session,
        customer=row.customer,
        channel=row.channel,
        device=row.device,
        token_id=row.token_id,
        factors=tuple(Factor(f["type"], from_micros(f["at"]), f["bound"], f.get("assertion")) for f in row.factors),
        expires=from_micros(row.expires_at),
    )
