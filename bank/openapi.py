"""The OpenAPI document of the core bank's contract: `python -m bank.openapi` writes it to docs/openapi-bank.json."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.app import create_bank_app
from bank.clock import BankClock
from bank.config import BankConfig
from bank.keys import TrustedKeys
from bank.setup import RandomIds
from persistence.database import Database

COMMITTED = Path(__file__).parent.parent / "docs" / "openapi-bank.json"


class _Epoch:
    def now(self) -> datetime:
        return datetime.fromtimestamp(0, UTC)


def document() -> dict[str, Any]:
    """The document as the sandbox serves it; made from the routes, no bank has to be open."""
    database = Database("sqlite://")
    nobody = TrustedKeys(Path("/nonexistent"))
    key = Ed25519PrivateKey.generate()
    config = BankConfig(database, "", nobody, nobody, b"", key, key, BankClock(_Epoch()), RandomIds(), sandbox=True)
    try:
        described: dict[str, Any] = create_bank_app(config).openapi()
        return described
    finally:
        database.close()


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write the committed file, or the one named."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else COMMITTED
    target.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
