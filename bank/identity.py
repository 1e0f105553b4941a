"""One-time passwords and security questions: kept as HMACs under a key outside the database, few tries, few sends.

A code is sent to the mobile on file; not while SIM or number are fresh (the SMS might reach somebody else). A new code replaces
the one before it. What a right answer gives is the bank's signed word: who, which challenge, by which factor, for what.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from typing import Any

import sqlalchemy as sa

from bank import audit, messages, people
from bank.access import Subject
from bank.assertions import ASSERTION_ISSUER, ASSERTION_SECONDS, AssertionClaims, Factor
from bank.call import Call, rfc3339
from bank.config import SERVICE_ISSUER, BankConfig
from bank.tables import challenges, customers, security_answers
from domain.canonical import digest_of
from domain.errors import BadInput, Conflict, NotFound, TooFast
from domain.tokens import sign

OTP_DIGITS = 6
OTP_SECONDS = 300
QUESTION_SECONDS = 300
TRIES = 3
SENDS = 3
SENDS_WINDOW_S = 1800
COOLING_H = 24
_SECOND = 1_000_000


def send_otp(call: Call, subject: Subject, purpose: str, binding: dict[str, str], config: BankConfig) -> dict[str, Any]:
    """Send a code that names what it is for.

    Raises Conflict `otp_factor_cooling` (SIM or mobile changed under 24 h), `otp_no_mobile`; TooFast `otp_sends_used`.
    """
    if not all(word.isprintable() for pair in binding.items() for word in pair):
        raise BadInput("bad_input", "body.binding")
    row = _locked_customer(call, subject)
    if not row["mobile"]:
        raise Conflict("otp_no_mobile")
    fresh = call.now - COOLING_H * 3600 * _SECOND
    if any(row[name] is not None and row[name] > fresh for name in ("sim_changed_us", "mobile_changed_us")):
        raise Conflict("otp_factor_cooling")
    _require_sends(call, subject, "otp")
    code = call.ids.digits(OTP_DIGITS)
    challenge = call.ids.new("otp")
    _open(call, subject, challenge, "otp", purpose, binding, _mac(config, call.tenant, challenge, code), OTP_SECONDS)
    messages.deliver(call, row, "otp", messages.named_in(binding) | {"code": code, "purpose": purpose})
    audit.append(call, "otp_sent", {"customer": subject.customer, "challenge": challenge, "purpose": purpose})
    return {
        "challenge": challenge,
        "expires_at": rfc3339(call.now + OTP_SECONDS * _SECOND),
        "sent_to": people.masked_mobile(row["mobile"]),
    }


def ask_question(call: Call, subject: Subject) -> dict[str, Any]:
    """Put one of the customer's security questions, in turn.

    Raises Conflict `no_security_questions`, TooFast `questions_used`.
    """
    _locked_customer(call, subject)
    query = sa.select(security_answers).where(
        security_answers.c.tenant == call.tenant, security_answers.c.customer == subject.customer
    )
    known = call.rows(query.order_by(security_answers.c.id))
    if not known:
        raise Conflict("no_security_questions")
    asked = _require_sends(call, subject, "question")
    chosen = known[asked % len(known)]
    challenge = call.ids.new("qst")
    _open(call, subject, challenge, "question", "security_question", {}, chosen["answer_hmac"], QUESTION_SECONDS, chosen["id"])
    audit.append(call, "question_asked", {"customer": subject.customer, "challenge": challenge})
    return {
        "challenge": challenge,
        "question": chosen["question"],
        "expires_at": rfc3339(call.now + QUESTION_SECONDS * _SECOND),
    }


def verify_otp(call: Call, subject: Subject, challenge: str, code: str, config: BankConfig) -> dict[str, Any]:
    """Check a typed code; see `_verify`."""
    plain = unicodedata.normalize("NFKC", code).strip()
    return _verify(call, subject, challenge, "otp", lambda row: _mac(config, call.tenant, row["id"], plain), config)


def verify_answer(call: Call, subject: Subject, challenge: str, answer: str, config: BankConfig) -> dict[str, Any]:
    """Check a typed answer; see `_verify`. Case, accents of width and spaces do not matter."""
    return _verify(
        call,
        subject,
        challenge,
        "question",
        lambda row: answer_mac(config.otp_key, call.tenant, subject.customer, row["question"], answer),
        config,
    )


def answer_mac(key: bytes, tenant: str, customer: str, question: str, answer: str) -> str:
    """How an answer is kept: an HMAC over customer, question and the folded answer."""
    folded = " ".join(unicodedata.normalize("NFKC", answer).casefold().split())
    return _hmac(key, "answer", tenant, customer, question, folded)


def _verify(call: Call, subject: Subject, challenge: str, kind: str, expected: Any, config: BankConfig) -> dict[str, Any]:
    """Result ok (with assertion), wrong, locked or expired. Raises NotFound for another's or an unknown challenge.

    A wrong secret uses up a try, at none left the challenge is locked; a right one works once.
    """
    query = sa.select(challenges).where(
        challenges.c.tenant == call.tenant,
        challenges.c.id == challenge,
        challenges.c.customer == subject.customer,
        challenges.c.kind == kind,
    )
    row = call.first(query.with_for_update())
    if row is None:
        raise NotFound
    state, tries = row["state"], row["tries_left"]
    if state == "open" and row["expires_us"] <= call.now:
        state = "expired"
    if state == "open":
        if hmac.compare_digest(row["secret_hmac"], expected(row)):
            state = "verified"
        else:
            tries -= 1
            state = "open" if tries else "locked"
        result = {"verified": "ok", "open": "wrong", "locked": "locked"}[state]
    else:
        result = "locked" if state == "locked" else "expired"
    call.connection.execute(
        challenges.update()
        .where(challenges.c.tenant == call.tenant, challenges.c.id == challenge)
        .values(state=state, tries_left=tries)
    )
    audit.append(
        call, f"{kind}_checked", {"customer": subject.customer, "challenge": challenge, "result": result, "tries_left": tries}
    )
    assertion = _assert(call, subject, row, kind, config) if result == "ok" else None
    return {"result": result, "tries_left": tries if result == "wrong" else 0, "assertion": assertion}


def _assert(call: Call, subject: Subject, row: sa.RowMapping, kind: str, config: BankConfig) -> str:
    seconds = call.now // _SECOND
    factor: Factor = "sms_otp" if kind == "otp" else "security_answer"
    claims = AssertionClaims(
        iss=ASSERTION_ISSUER,
        aud=SERVICE_ISSUER,
        jti=call.ids.new("ast"),
        iat=seconds,
        exp=seconds + ASSERTION_SECONDS,
        tenant=call.tenant,
        sub=subject.customer,
        challenge=row["id"],
        factor=factor,
        purpose=row["purpose"],
        binding=row["binding"],
    )
    return sign(claims, config.assertion_key)


def _open(
    call: Call,
    subject: Subject,
    challenge: str,
    kind: str,
    purpose: str,
    binding: dict[str, str],
    mac: str,
    seconds: int,
    question: str | None = None,
) -> None:
    mine = (challenges.c.tenant == call.tenant, challenges.c.customer == subject.customer, challenges.c.kind == kind)
    call.connection.execute(challenges.update().where(*mine, challenges.c.state == "open").values(state="replaced"))
    call.insert(
        challenges,
        id=challenge,
        customer=subject.customer,
        kind=kind,
        purpose=purpose,
        binding=digest_of(binding),
        arguments=binding.get("digest"),
        question=question,
        secret_hmac=mac,
        created_us=call.now,
        expires_us=call.now + seconds * _SECOND,
        tries_left=TRIES,
        state="open",
    )


def _require_sends(call: Call, subject: Subject, kind: str) -> int:
    """How many challenges of this kind there ever were. Raises TooFast when the window is full."""
    since = call.now - SENDS_WINDOW_S * _SECOND
    mine = (challenges.c.tenant == call.tenant, challenges.c.customer == subject.customer, challenges.c.kind == kind)
    recent = sa.select(challenges.c.created_us).where(*mine, challenges.c.created_us > since)
    times = [row["created_us"] for row in call.rows(recent.order_by(challenges.c.created_us))]
    if len(times) >= SENDS:
        wait = (times[-SENDS] - since) // _SECOND + 1
        raise TooFast("otp_sends_used" if kind == "otp" else "questions_used", retry_after=wait)
    total = sa.select(sa.func.count()).select_from(challenges).where(*mine)
    asked: int = call.connection.execute(total).scalar_one()
    return asked


def _locked_customer(call: Call, subject: Subject) -> sa.RowMapping:
    query = sa.select(customers).where(customers.c.tenant == call.tenant, customers.c.id == subject.customer)
    row = call.first(query.with_for_update())
    if row is None:
        raise NotFound
    return row


def _mac(config: BankConfig, tenant: str, challenge: str, code: str) -> str:
    return _hmac(config.otp_key, "otp", tenant, challenge, code)


def _hmac(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
