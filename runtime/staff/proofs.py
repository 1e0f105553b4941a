"""What a member of staff proves with: a password kept as an Argon2id hash, and time-based codes whose secret is kept encrypted.

Argon2id with the second recommended parameters of RFC 9106 (64 MiB, 3 passes); codes after RFC 6238 (SHA-1, 6 digits, 30 s).
"""

from __future__ import annotations

import base64
import hmac
import os
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.errors import BadInput, Broken

STEP_S = 30
#: A code counts one step before and after its own: clocks differ, typing takes time.
WINDOW = (-1, 0, 1)
ISSUER = "Tellergate"
SHORTEST, LONGEST = 12, 128
_NONCE = 12


def fresh_key() -> bytes:
    """A new key for `SecretBox`."""
    return base64.b64encode(AESGCM.generate_key(256))


class SecretBox:
    """Encrypts secrets for the database with a key that lies outside it; each is bound to its owner."""

    def __init__(self, key: bytes) -> None:
        """`key` as `fresh_key` makes it. Raises Broken `key_file_broken`."""
        try:
            self._aead = AESGCM(base64.b64decode(key.strip(), validate=True))
        except ValueError as error:
            raise Broken("key_file_broken", "the staff key is not one") from error

    def wrap(self, secret: str, owner: str) -> str:
        nonce = os.urandom(_NONCE)
        return base64.b64encode(nonce + self._aead.encrypt(nonce, secret.encode(), owner.encode())).decode()

    def unwrap(self, wrapped: str, owner: str) -> str:
        """Raises Broken `staff_secret_broken` for another key, another owner or a changed row."""
        raw = base64.b64decode(wrapped)
        try:
            return self._aead.decrypt(raw[:_NONCE], raw[_NONCE:], owner.encode()).decode()
        except InvalidTag as error:
            raise Broken("staff_secret_broken", "a second factor was made under another key") from error


class Passwords:
    """Hashes and checks passwords. Checking costs the same whether or not there is a user to check against."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
        # No password has this hash; checking against it costs what the hasher's own hashes cost.
        cost = f"m={self._hasher.memory_cost},t={self._hasher.time_cost},p={self._hasher.parallelism}"
        salt, digest = (base64.b64encode(bytes(length)).decode().rstrip("=") for length in (16, 32))
        self._nobody = f"$argon2id$v=19${cost}${salt}${digest}"

    def hash(self, password: str, name: str) -> str:
        """Raises BadInput `password_weak`: shorter than 12 characters, longer than 128, or holding the user's name."""
        if not SHORTEST <= len(password) <= LONGEST or name.lower() in password.lower():
            raise BadInput("password_weak", f"{SHORTEST} to {LONGEST} characters, without the user's name")
        return self._hasher.hash(password)

    def holds(self, stored: str | None, password: str) -> bool:
        """Whether this is the password of the stored hash; without one the same work is done in vain."""
        try:
            return self._hasher.verify(stored or self._nobody, password[:LONGEST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def new_totp_secret() -> str:
    return pyotp.random_base32()


def enrolment_uri(secret: str, name: str, tenant: str) -> str:
    """What an authenticator app takes, as text or as a picture. Shown once."""
    return pyotp.TOTP(secret).provisioning_uri(name=f"{name}@{tenant}", issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, or None. All steps of the window are compared whatever the first one says."""
    totp = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP_S
    given = code.encode("ascii", "replace")
    steps = [now + drift for drift in WINDOW]
    hits = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    return hits[-1] if hits else None
