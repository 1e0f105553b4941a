"""open_bank(data_dir): the bank's database and keys under a data directory, made at first start.

Files in `keys/`: `service.credential` (shared with the service, made by whoever starts first), `bank_app.pem` (what the bank's
app signs sessions with; its public half beside it as `bank_app.pub.pem`), `bank_assertion.pem` (and `.pub.pem`), `bank_otp.key`;
and what the service writes there for the bank to trust: `authority.pub.pem` (approvals), `subject.pub.pem` (subject tokens).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from bank.app import create_bank_app
from bank.clock import BankClock
from bank.config import BankConfig
from bank.keys import TrustedKeys, private_key, secret_file, write_trusted
from domain.clock import BusinessClock
from domain.ids import Ids
from persistence.database import Database
from persistence.migrations import migrate

SCRIPTS = Path(__file__).parent / "migrations"
CREDENTIAL = "service.credential"
AUTHORITY_KEYS, SUBJECT_KEYS = "authority.pub.pem", "subject.pub.pem"
APP_KEY, ASSERTION_KEY, OTP_KEY = "bank_app.pem", "bank_assertion.pem", "bank_otp.key"


class WallClock:
    """The machine's time. The bank is a system of its own with a clock of its own; tests give another."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place where the bank reads the wall clock


class RandomIds:
    """Unguessable ids and codes from the operating system."""

    def new(self, prefix: str) -> str:
        return f"{prefix}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"

    def secret(self) -> str:
        return secrets.token_urlsafe(32)  # noqa: TID251 - the bank's own source of secrets

    def digits(self, count: int) -> str:
        return "".join(secrets.choice("0123456789") for _ in range(count))


@dataclass(frozen=True, slots=True)
class OpenBank:
    """A running bank. `close` ends its database."""

    app: FastAPI
    database: Database
    config: BankConfig

    def close(self) -> None:
        self.database.close()


def open_bank(
    data_dir: Path,
    url: str | None = None,
    sandbox: bool = True,
    *,
    clock: BusinessClock | None = None,
    ids: Ids | None = None,
) -> OpenBank:
    """Open (and at first start make) the bank under `data_dir`; `url` is another database than `bank.sqlite` there.

    Raises Broken `key_file_open`, `key_file_broken`, `schema_unknown`.
    """
    keys = data_dir / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = ids or RandomIds()
    where = url or f"sqlite:///{data_dir / 'bank.sqlite'}"
    migrate(where, SCRIPTS)
    credential = secret_file(keys / CREDENTIAL, lambda: source.secret().encode())
    database = Database(where)
    config = BankConfig(
        database=database,
        service_credential_hash=hashlib.sha256(credential.strip()).hexdigest(),
        approval_keys=TrustedKeys(keys / AUTHORITY_KEYS),
        subject_keys=TrustedKeys(keys / SUBJECT_KEYS),
        otp_key=secret_file(keys / OTP_KEY, lambda: secrets.token_bytes(32)),
        assertion_key=_own_key(keys / ASSERTION_KEY),
        app_key=_own_key(keys / APP_KEY),
        clock=BankClock(clock or WallClock()),
        ids=source,
        sandbox=sandbox,
    )
    return OpenBank(create_bank_app(config), database, config)


def _own_key(path: Path) -> Ed25519PrivateKey:
    """A key of the bank; its public half lies beside it for who has to trust it."""
    key = private_key(path)
    public = path.with_name(path.name.replace(".pem", ".pub.pem"))
    if not public.exists():
        write_trusted(public, key.public_key())
    return key
