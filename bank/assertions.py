"""The bank's signed word that a customer met a challenge; the service shows it as a factor, the bank recognises its own."""

from __future__ import annotations

from typing import Literal

from domain.tokens import Claims

ASSERTION_ISSUER = "bank"
#: How long a met challenge may count as a factor elsewhere.
ASSERTION_SECONDS = 900

Factor = Literal["sms_otp", "security_answer"]


class AssertionClaims(Claims):
    """`binding` is the hex digest of what the challenge was sent for; `factor` how it was met."""

    tenant: str
    sub: str
    challenge: str
    factor: Factor
    purpose: str
    binding: str
