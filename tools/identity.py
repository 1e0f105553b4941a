"""Identity checks at the bank for one signed-in session: one-time passwords and security questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from domain.errors import NotFound, Unavailable
from domain.ports import Challenge
from tools.bank_client import BankClient
from tools.reads import Subject

Purpose = Literal["otp", "security_answer"]
Result = Literal["ok", "wrong", "locked", "expired", "unavailable"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check. `assertion` is the bank's signed word that this challenge was met, for the session's factors."""

    result: Result
    tries_left: int | None = None
    assertion: str | None = None


class SubjectIdentity:
    """Implements `domain.ports.Identity`, and `verify` for the door. Secrets pass through memory only and are never logged."""

    def __init__(self, bank: BankClient, subject: Subject) -> None:
        self._bank = bank
        self._subject = subject

    async def send_otp(self, purpose: str, binding: dict[str, str]) -> Challenge:
        """Have the bank send a one-time password that names what it is for.

        Raises TooFast `otp_sends_used`, Conflict `otp_factor_cooling`, Unavailable `bank_unavailable`.
        """
        body = {"purpose": purpose, "binding": binding}
        answer = await self._bank.challenge("/identity/otp", body, subject=self._subject("identity"))
        return Challenge(answer["challenge"], "otp", _time(answer["expires_at"]), sent_to=answer.get("sent_to"))

    async def ask_security_question(self) -> Challenge:
        """Have the bank choose one of the customer's security questions."""
        answer = await self._bank.challenge("/identity/questions", {}, subject=self._subject("identity"))
        return Challenge(answer["challenge"], "security_answer", _time(answer["expires_at"]), question=answer["question"])

    async def verify(self, challenge: str, value: str, purpose: Purpose = "otp") -> Verified:
        """Put a typed secret to the bank. Silence is the result `unavailable`; a challenge the bank does not know has `expired`."""
        kind, field = ("otp", "code") if purpose == "otp" else ("questions", "answer")
        path = f"/identity/{kind}/{quote(challenge, safe='')}/verify"
        try:
            answer: dict[str, Any] = await self._bank.challenge(path, {field: value}, subject=self._subject("identity"))
        except Unavailable:
            return Verified("unavailable")
        except NotFound:
            return Verified("expired")
        return Verified(answer["result"], answer.get("tries_left"), answer.get("assertion"))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
