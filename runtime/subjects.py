"""Subject tokens: who a bank call is about, minted from a signed-in session for at most a minute."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.clock import BusinessClock
from domain.errors import Unauthenticated
from domain.ids import Ids
from domain.tokens import SUBJECT_SECONDS, SubjectClaims, sign
from runtime.sessions import AuthSession

ISSUER = "tellergate"
BANK = "bank"
#: A token is used this long, so that it never runs out on its way.
REUSE_SECONDS = 30
#: Tokens kept for reuse; past it all are forgotten and minted again as they are needed.
MAX_KEPT = 4_096


class SubjectMinter:
    """Signs subject tokens with the minter's own key, by the business clock of each tenant."""

    def __init__(self, key: Ed25519PrivateKey, ids: Ids, clock: Callable[[str], BusinessClock]) -> None:
        self._key = key
        self._ids = ids
        self._clock = clock
        self._kept: dict[tuple[str, str, str, int, str | None], tuple[int, str]] = {}

    def token(self, tenant: str, customer: str, purpose: str, *, level: int = 0, conversation: str | None = None) -> str:
        """A token about this customer, at most `REUSE_SECONDS` old. For our own parts, which hold the customer on record."""
        now = int(self._clock(tenant).now().timestamp())
        key = (tenant, customer, purpose, level, conversation)
        kept = self._kept.get(key)
        if kept is not None and 0 <= now - kept[0] < REUSE_SECONDS:
            return kept[1]
        claims = SubjectClaims(
            iss=ISSUER,
            aud=BANK,
            jti=self._ids.new("sub"),
            iat=now,
            exp=now + SUBJECT_SECONDS,
            tenant=tenant,
            sub=customer,
            purpose=purpose,
            level=level,
            conversation=conversation,
        )
        token = sign(claims, self._key)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (now, token)
        return token

    def for_session(self, session: AuthSession, conversation: str | None = None) -> Callable[[str], str]:
        """Purpose → token for what a signed-in session may see, at the level it has when the token is asked for.

        The token source raises Unauthenticated `session_expired` once the session's own token has run out.
        """

        def token(purpose: str) -> str:
            now = self._clock(session.tenant).now()
            if now >= session.expires:
                raise Unauthenticated("session_expired")
            level = session.level(now)
            return self.token(session.tenant, session.customer, purpose, level=level, conversation=conversation)

        return token
