"""What a bank needs to run: its database, its own keys, whom it trusts, its clock."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.clock import BankClock
from bank.keys import TrustedKeys
from domain.ids import Ids
from persistence.database import Database

#: Who may mint subject tokens and approvals, and what the bank is called in theirs.
SERVICE_ISSUER = "tellergate"
AUDIENCE = "bank"


@dataclass(frozen=True, slots=True)
class BankConfig:
    """`service_credential_hash` is the hex SHA-256 of the one service credential; `app_key` signs what the bank's own app would.

    `otp_key` is outside the database: codes and answers are stored as HMACs under it. `sandbox` adds the /dev routes.
    """

    database: Database
    service_credential_hash: str
    approval_keys: TrustedKeys
    subject_keys: TrustedKeys
    otp_key: bytes
    assertion_key: Ed25519PrivateKey
    app_key: Ed25519PrivateKey
    clock: BankClock
    ids: Ids
    sandbox: bool = True
