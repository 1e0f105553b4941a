"""Sign-in tokens and the authentication level: only proven factors raise it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.errors import Unauthenticated
from domain.tokens import SessionClaims, key_id, sign
from runtime.sessions import AuthSession, Factor, SessionVerifier, renewed

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()


class Still:
    def now(self) -> datetime:
        return NOW


def claims(**changes: object) -> SessionClaims:
    at = int(NOW.timestamp())
    base: dict[str, object] = {
        "iss": "bank-app", "aud": "tellergate", "jti": "j1", "iat": at, "exp": at + 900, "tenant": "demo", "sub": "C001", "device": "D1",
        "amr": ["pwd"], "auth_time": at,
    }  # fmt: skip
    return SessionClaims.model_validate(base | changes)


def verifier() -> SessionVerifier:
    return SessionVerifier("demo", {key_id(KEY.public_key()): KEY.public_key()}, Still())


def session(*factors: Factor) -> AuthSession:
    return AuthSession("demo", "s", "C001", "web", "D1", "j1", factors, NOW + timedelta(minutes=15))


def test_a_signed_token_becomes_a_session_with_its_factors() -> None:
    found = verifier().session(sign(claims(amr=["pwd", "hwk"]), KEY), "web")

    assert found.customer == "C001"
    assert [factor.type for factor in found.factors] == ["pwd", "hwk"]


@pytest.mark.parametrize(
    ("changes", "key", "code", "reason"),
    [
        ({}, Ed25519PrivateKey.generate(), "token_key_unknown", "signed by somebody else"),
        ({"aud": "bank"}, KEY, "token_audience", "meant for another service"),
        ({"exp": int(NOW.timestamp())}, KEY, "token_expired", "expired this very second"),
        ({"tenant": "other"}, KEY, "token_tenant", "another bank's customer"),
        ({"exp": int(NOW.timestamp()) + 3600}, KEY, "token_lifetime", "lives longer than 15 minutes"),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(
    changes: dict[str, object], key: Ed25519PrivateKey, code: str, reason: str
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        verifier().session(sign(claims(**changes), key), "web")
    assert caught.value.code == code, reason


def test_a_token_that_claims_an_otp_does_not_bring_one() -> None:
    found = verifier().session(sign(claims(amr=["pwd", "otp"]), KEY), "web")

    assert found.level(NOW) == 2


@pytest.mark.parametrize(
    ("factors", "level", "reason"),
    [
        ((), 1, "a signed session identifies"),
        (("pwd",), 2, "one factor"),
        (("pwd", "hwk"), 2, "two categories, none unique to this use"),
        (("pwd", "answers"), 2, "two of one category are one"),
        (("otp",), 2, "one factor, though dynamic"),
        (("pwd", "otp"), 3, "knowledge and possession, one dynamic"),
        (("answers", "otp"), 3, "answers are knowledge"),
        (("hwk", "otp"), 2, "possession twice is one category"),
        (("bio", "otp"), 3, "inherence and possession"),
    ],
)
def test_the_level_counts_categories_and_asks_for_a_dynamic_one(factors: tuple[str, ...], level: int, reason: str) -> None:
    assert session(*(Factor(kind, NOW) for kind in factors)).level(NOW) == level, reason


def test_level_four_needs_a_fresh_otp_bound_to_this_very_action() -> None:
    bound = session(Factor("pwd", NOW), Factor("otp", NOW, bound="digest"))

    assert bound.level(NOW, "digest") == 4
    assert bound.level(NOW, "another") == 3
    assert bound.level(NOW + timedelta(minutes=6), "digest") == 3
    assert session(Factor("answers", NOW), Factor("otp", NOW, bound="digest")).level(NOW, "digest") == 3


def test_an_expired_session_is_nobody() -> None:
    assert session(Factor("pwd", NOW)).level(NOW + timedelta(minutes=15)) == 0


def test_renewing_keeps_what_was_proven_on_this_device_only() -> None:
    proven = session(Factor("pwd", NOW), Factor("otp", NOW))
    fresh = verifier().session(sign(claims(jti="j2"), KEY), "web")
    elsewhere = verifier().session(sign(claims(jti="j3", device="D2"), KEY), "web")

    assert renewed(proven, fresh).level(NOW) == 3
    assert renewed(proven, elsewhere).level(NOW) == 2
